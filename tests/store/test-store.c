/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The store as its callers see it. */
#include "config.h"

#include "gan-error.h"
#include "gan-test-store.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#define MANY 10000

typedef GanTestStoreOpen Fixture;

/* A record with a value of its own in every field. */
static void
fill (GanRecord *record)
{
  GanRecordClass *klass = GAN_RECORD_GET_CLASS (record);

  for (guint i = 0; i < klass->n_fields; i++)
    {
      g_auto (GValue) value = G_VALUE_INIT;
      g_autoptr (GError) error = NULL;

      if (klass->fields[i].type == GAN_FIELD_STRING)
        {
          g_value_init (&value, G_TYPE_STRING);
          g_value_take_string (&value, g_strdup_printf ("value %u – ünï", i));
        }
      else if (klass->fields[i].type == GAN_FIELD_DOUBLE)
        {
          g_value_init (&value, G_TYPE_DOUBLE);
          g_value_set_double (&value, 100.5 + i);
        }
      else
        {
          g_value_init (&value, G_TYPE_INT64);
          g_value_set_int64 (&value, 1000 + i);
        }
      gan_record_set_by_name (record, klass->fields[i].name, &value, &error);
      g_assert_no_error (error);
    }
}

static GPtrArray *
load (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *rows = gan_store_load_jobs_sync (self->store, &error);

  g_assert_no_error (error);
  return rows;
}

static void
assert_order (Fixture *self, const char *expected)
{
  g_autoptr (GPtrArray) rows = load (self);
  g_autofree char *urls = gan_test_store_dup_urls (rows);

  g_assert_cmpstr (urls, ==, expected);
}

static void
test_all_fields (Fixture *self, gconstpointer data)
{
  g_autoptr (GanJobRow) row = gan_job_row_new (NULL);
  g_autoptr (GanJobRow) unknown = gan_job_row_new ("https://example.org/b");
  g_autoptr (GPtrArray) rows = g_ptr_array_new ();
  g_autoptr (GPtrArray) stored = NULL;
  g_autoptr (GPtrArray) loaded = NULL;
  g_autoptr (GError) error = NULL;

  fill (GAN_RECORD (row));
  g_ptr_array_add (rows, row);
  g_ptr_array_add (rows, unknown);
  stored = gan_store_add_jobs_sync (self->store, rows, &error);
  g_assert_no_error (error);
  g_assert_false (gan_record_is_sealed (GAN_RECORD (row)));
  loaded = load (self);
  g_assert_cmpuint (loaded->len, ==, 2);
  /* Only the time of the change is the store's. */
  gan_job_row_set_changed_at (row, gan_job_row_get_changed_at (loaded->pdata[0]));
  gan_test_store_assert_same (row, loaded->pdata[0]);
  for (guint i = 0; i < loaded->len; i++)
    {
      gan_test_store_assert_same (stored->pdata[i], loaded->pdata[i]);
      g_assert_true (gan_record_is_sealed (loaded->pdata[i]));
    }
  g_assert_nonnull (gan_job_row_get_id (loaded->pdata[1]));
  g_assert_cmpint (gan_job_row_get_position (loaded->pdata[1]), ==, 1002);
  g_assert_cmpstr (gan_job_row_get_title (loaded->pdata[1]), ==, NULL);
  g_assert_cmpfloat (gan_job_row_get_duration (loaded->pdata[1]), ==, GAN_UNKNOWN);
  g_assert_cmpint (gan_job_row_get_retry_at (loaded->pdata[1]), ==, GAN_UNKNOWN_TIME);
  g_assert_cmpint (gan_job_row_get_added_at (loaded->pdata[1]), >, 1700000000);
}

static void
test_library_fields (Fixture *self, gconstpointer data)
{
  g_autoptr (GanLibraryRow) row = gan_library_row_new (NULL);
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (GError) error = NULL;

  fill (GAN_RECORD (row));
  g_assert_true (gan_store_add_file_sync (self->store, row, &error));
  found = gan_test_store_find (self, NULL);
  g_assert_cmpuint (found->len, ==, 1);
  gan_test_store_assert_same (row, found->pdata[0]);
}

static void
test_positions (Fixture *self, gconstpointer data)
{
  g_autoptr (GanJobRow) a = gan_test_store_add (self->store, "a");
  g_autoptr (GanJobRow) b = gan_test_store_add (self->store, "b");
  g_autoptr (GanJobRow) c = gan_test_store_add (self->store, "c");
  const char *const only_b[] = { gan_job_row_get_id (b), NULL };
  g_autoptr (GPtrArray) back = g_ptr_array_new ();
  g_autoptr (GPtrArray) stored = NULL;
  g_autoptr (GError) error = NULL;

  assert_order (self, "a b c");
  g_assert_true (
      gan_store_move_job_sync (self->store, gan_job_row_get_id (c), gan_job_row_get_id (a), NULL));
  assert_order (self, "c a b");
  g_assert_true (gan_store_move_job_sync (self->store, gan_job_row_get_id (a), NULL, NULL));
  assert_order (self, "c b a");
  g_assert_true (
      gan_store_move_job_sync (self->store, gan_job_row_get_id (b), gan_job_row_get_id (b), NULL));
  assert_order (self, "c b a");
  /* Removed, and put back where it was. */
  g_ptr_array_add (back, load (self));
  g_assert_true (gan_store_remove_jobs_sync (self->store, only_b, NULL));
  assert_order (self, "c a");
  {
    g_autoptr (GPtrArray) before = g_steal_pointer (&back->pdata[0]);
    g_autoptr (GPtrArray) one = g_ptr_array_new ();

    g_ptr_array_add (one, before->pdata[1]);
    stored = gan_store_add_jobs_sync (self->store, one, &error);
    g_assert_no_error (error);
  }
  assert_order (self, "c b a");
  g_assert_false (gan_store_move_job_sync (self->store, "no such", NULL, &error));
  g_assert_error (error, GAN_ERROR, GAN_ERROR_NOT_FOUND);
  g_assert_cmpstr (gan_error_get_reason (error), ==, "removed");
}

static void
assert_state (Fixture *self, const char *wanted, const char *state)
{
  g_autoptr (GPtrArray) rows = load (self);

  g_assert_cmpstr (gan_job_row_get_wanted (rows->pdata[0]), ==, wanted);
  g_assert_cmpstr (gan_job_row_get_state (rows->pdata[0]), ==, state);
}

/* What nobody has to do anything for is so at once; what runs has to be ended first. */
static void
test_pause (Fixture *self, gconstpointer data)
{
  g_autoptr (GanJobRow) job = gan_test_store_add (self->store, "https://example.org/a");
  const char *const ids[] = { gan_job_row_get_id (job), NULL };
  g_autoptr (GanJobRow) running = gan_job_row_copy (job);
  g_autoptr (GPtrArray) found = NULL;

  g_assert_true (gan_store_want_sync (self->store, ids, GAN_JOB_WANT_PAUSE, NULL));
  assert_state (self, GAN_JOB_WANT_PAUSE, GAN_JOB_PAUSED);
  g_assert_true (gan_store_want_sync (self->store, ids, GAN_JOB_WANT_RUN, NULL));
  assert_state (self, GAN_JOB_WANT_RUN, GAN_JOB_WAITING);
  gan_job_row_set_state (running, GAN_JOB_RUNNING);
  g_assert_true (gan_store_save_job_sync (self->store, running, NULL));
  g_assert_true (gan_store_want_sync (self->store, ids, GAN_JOB_WANT_PAUSE, NULL));
  assert_state (self, GAN_JOB_WANT_PAUSE, GAN_JOB_RUNNING);
  g_assert_true (gan_store_want_sync (self->store, ids, GAN_JOB_WANT_RUN, NULL));
  assert_state (self, GAN_JOB_WANT_RUN, GAN_JOB_RUNNING);
  found = gan_store_find_jobs_sync (self->store, ids, NULL);
  g_assert_cmpuint (found->len, ==, 1);
  g_assert_cmpstr (gan_job_row_get_id (found->pdata[0]), ==, ids[0]);
}

/* The owner stores what has become of a job while somebody else says what shall. */
static void
test_save_and_want (Fixture *self, gconstpointer data)
{
  g_autoptr (GanJobRow) job = gan_test_store_add (self->store, "https://example.org/a");
  const char *const ids[] = { gan_job_row_get_id (job), "no such", NULL };
  g_autoptr (GanJobRow) running = gan_job_row_copy (job);
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (gan_store_want_sync (self->store, ids, GAN_JOB_WANT_PAUSE, NULL));
  gan_job_row_set_state (running, GAN_JOB_FAILED);
  gan_job_row_set_title (running, "A title");
  gan_job_row_set_tries (running, 3);
  gan_job_row_set_error_code (running, "network");
  g_assert_true (gan_store_save_job_sync (self->store, running, NULL));
  rows = load (self);
  g_assert_cmpstr (gan_job_row_get_wanted (rows->pdata[0]), ==, GAN_JOB_WANT_PAUSE);
  g_assert_cmpstr (gan_job_row_get_state (rows->pdata[0]), ==, GAN_JOB_FAILED);
  g_assert_cmpstr (gan_job_row_get_title (rows->pdata[0]), ==, "A title");
  g_assert_cmpstr (gan_job_row_get_url (rows->pdata[0]), ==, "https://example.org/a");
  g_clear_pointer (&rows, g_ptr_array_unref);
  /* Again. */
  g_assert_true (gan_store_want_sync (self->store, ids, GAN_JOB_WANT_RUN, NULL));
  rows = load (self);
  g_assert_cmpstr (gan_job_row_get_wanted (rows->pdata[0]), ==, GAN_JOB_WANT_RUN);
  g_assert_cmpstr (gan_job_row_get_state (rows->pdata[0]), ==, GAN_JOB_WAITING);
  g_assert_cmpint (gan_job_row_get_tries (rows->pdata[0]), ==, 0);
  g_assert_cmpstr (gan_job_row_get_error_code (rows->pdata[0]), ==, NULL);
  /* Gone. */
  g_assert_true (gan_store_remove_jobs_sync (self->store, ids, NULL));
  g_assert_false (gan_store_save_job_sync (self->store, running, &error));
  g_assert_error (error, GAN_ERROR, GAN_ERROR_NOT_FOUND);
}

static void
test_finish (Fixture *self, gconstpointer data)
{
  g_autoptr (GanJobRow) job = gan_test_store_add (self->store, "https://example.org/a");
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) found = NULL;

  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *name = g_strdup_printf ("/videos/%u.mp4", i);
      GanLibraryRow *row = gan_library_row_new (name);

      gan_library_row_set_platform (row, "vimeo");
      gan_library_row_set_size (row, 500);
      g_ptr_array_add (files, row);
    }
  g_assert_true (gan_store_count_failure_sync (self->store, "vimeo", NULL));
  /* The second time is after an answer that nobody saw. */
  for (guint i = 0; i < 2; i++)
    {
      g_assert_true (gan_store_finish_job_sync (self->store, job, files, NULL));
      assert_order (self, "");
      g_assert_cmpuint (gan_test_store_count_found (self, NULL), ==, 2);
      gan_test_store_assert_stats (self, 2, 1, 1000);
    }
}

/* One file that the table refuses: the job stays, and so does the library. */
static void
test_finish_is_whole (Fixture *self, gconstpointer data)
{
  g_autoptr (GanJobRow) job = gan_test_store_add (self->store, "https://example.org/a");
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (files, gan_library_row_new ("/videos/a.mp4"));
  g_ptr_array_add (files, gan_library_row_new (NULL));
  g_assert_false (gan_store_finish_job_sync (self->store, job, files, &error));
  g_assert_error (error, GAN_ERROR, GAN_ERROR_INVALID_DATA);
  assert_order (self, "https://example.org/a");
  g_assert_cmpuint (gan_test_store_count_found (self, NULL), ==, 0);
}

static void
test_secrets (Fixture *self, gconstpointer data)
{
  g_autoptr (GanJobRow) job
      = gan_test_store_add (self->store, "https://user:hunter2@example.org/a?v=1&token=t0ps3cret");
  g_autoptr (GanJobRow) failed = gan_job_row_copy (job);
  g_autoptr (GanLibraryRow) row = gan_library_row_new ("/videos/a.mp4");
  g_autoptr (GPtrArray) files = g_ptr_array_new ();
  const char *const ids[] = { gan_job_row_get_id (job), NULL };

  g_assert_cmpstr (gan_job_row_get_url (job), ==, "https://example.org/a?v=1&token=t0ps3cret");
  gan_job_row_set_error_message (failed, "no answer from https://example.org/?token=m0res3cret");
  gan_job_row_set_thumbnail_url (failed, "https://bob:wordpass@example.org/t.jpg");
  g_assert_true (gan_store_save_job_sync (self->store, failed, NULL));
  gan_library_row_set_url (row, gan_job_row_get_url (job));
  gan_library_row_set_thumbnail_url (row, "https://example.org/t.jpg?sig=s1gnature");
  g_ptr_array_add (files, row);
  g_assert_true (gan_store_finish_job_sync (self->store, job, files, NULL));
  g_assert_true (gan_test_store_has_bytes (&self->base, "example.org"));
  g_assert_false (gan_test_store_has_bytes (&self->base, "hunter2"));
  g_assert_false (gan_test_store_has_bytes (&self->base, "wordpass"));
  g_assert_false (gan_test_store_has_bytes (&self->base, "m0res3cret"));
  g_assert_false (gan_test_store_has_bytes (&self->base, "s1gnature"));
  /* The link of a job has to work; it goes with the job. */
  g_assert_true (gan_test_store_has_bytes (&self->base, "t0ps3cret"));
  g_assert_true (gan_store_remove_jobs_sync (self->store, ids, NULL));
  g_assert_false (gan_test_store_has_bytes (&self->base, "t0ps3cret"));
}

/* What was forgotten stands in no file any more. */
static void
test_erased (Fixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) found = NULL;
  gint64 id = 0;

  gan_test_store_add_file (self, "/videos/1.mp4", "unforgettable", NULL);
  gan_test_store_add_file (self, "/videos/2.mp4", "stays", NULL);
  g_assert_true (gan_test_store_has_bytes (&self->base, "unforgettable"));
  found = gan_test_store_find (self, "unforgettable");
  id = gan_library_row_get_id (found->pdata[0]);
  g_assert_true (gan_store_forget_files_sync (self->store, &id, 1, NULL));
  g_assert_false (gan_test_store_has_bytes (&self->base, "unforgettable"));
  g_assert_true (gan_test_store_has_bytes (&self->base, "stays"));
}

static void
test_modes (Fixture *self, gconstpointer data)
{
  g_autofree char *deep = gan_test_folder_dup_path (self->base.folder, "gannet");
  g_autofree char *path = g_build_filename (deep, "queue.db", NULL);
  g_autoptr (GanStore) store = gan_store_new (path);
  g_autoptr (GanJobRow) job = NULL;
  g_autoptr (GDir) dir = NULL;
  mode_t before = umask (0);
  const char *name = NULL;
  struct stat info;

  job = gan_test_store_add (store, "https://example.org/a");
  umask (before);
  g_assert_cmpint (stat (deep, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 0777, ==, 0700);
  dir = g_dir_open (deep, 0, NULL);
  for (guint n = 0; (name = g_dir_read_name (dir)) != NULL || n < 3; n++)
    {
      g_autofree char *file = NULL;

      g_assert_nonnull (name);
      file = g_build_filename (deep, name, NULL);
      g_assert_cmpint (stat (file, &info), ==, 0);
      g_test_message ("%s %o", name, info.st_mode & 0777);
      g_assert_cmpuint (info.st_mode & 0777, ==, 0600);
    }
  g_dir_rewind (dir);
  gan_store_close_sync (store);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *file = g_build_filename (deep, name, NULL);

      g_remove (file);
    }
  g_rmdir (deep);
  assert_order (self, "");
}

static void
test_change_count (Fixture *self, gconstpointer data)
{
  g_autoptr (GanStore) other = gan_store_new (self->base.path);
  g_autoptr (GanJobRow) mine = gan_test_store_add (self->store, "https://example.org/a");
  g_autoptr (GanJobRow) theirs = NULL;
  gint64 first = gan_store_get_change_count_sync (self->store, NULL);
  g_autoptr (GanJobRow) mine_again = gan_test_store_add (self->store, "https://example.org/b");

  g_assert_cmpint (first, >, 0);
  g_assert_cmpint (gan_store_get_change_count_sync (self->store, NULL), ==, first);
  theirs = gan_test_store_add (other, "https://example.org/c");
  g_assert_cmpint (gan_store_get_change_count_sync (self->store, NULL), !=, first);
  assert_order (self, "https://example.org/a https://example.org/b https://example.org/c");
}

typedef struct
{
  GString *order;
  guint n_left;
} Story;

static void
added_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Story *story = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) stored = gan_store_add_jobs_finish (GAN_STORE (source), result, &error);

  g_assert_no_error (error);
  g_string_append_printf (story->order, "%s ", gan_job_row_get_url (stored->pdata[0]));
  story->n_left--;
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Story *story = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = gan_store_load_jobs_finish (GAN_STORE (source), result, &error);

  g_assert_no_error (error);
  g_string_append_printf (story->order, "%u ", rows->len);
  story->n_left--;
}

static void
cancelled_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Story *story = user_data;
  g_autoptr (GError) error = NULL;

  g_assert_null (gan_store_add_jobs_finish (GAN_STORE (source), result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  story->n_left--;
}

static void
add_async (Fixture *self,
           Story *story,
           const char *url,
           GCancellable *cancellable,
           GAsyncReadyCallback callback)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);

  g_ptr_array_add (rows, gan_job_row_new (url));
  story->n_left++;
  gan_store_add_jobs_async (self->store, rows, cancellable, callback, story);
}

static void
finish_story (Story *story)
{
  while (story->n_left > 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_async (Fixture *self, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Story story = { g_string_new (NULL), 0 };

  g_cancellable_cancel (cancellable);
  add_async (self, &story, "a", NULL, added_cb);
  add_async (self, &story, "b", NULL, added_cb);
  add_async (self, &story, "x", cancellable, cancelled_cb);
  story.n_left++;
  gan_store_load_jobs_async (self->store, NULL, loaded_cb, &story);
  add_async (self, &story, "c", NULL, added_cb);
  finish_story (&story);
  g_assert_cmpstr (story.order->str, ==, "a b 2 c ");
  assert_order (self, "a b c");
  g_string_free (story.order, TRUE);
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Story *story = user_data;
  g_autoptr (GError) error = NULL;

  if (gan_store_save_job_finish (GAN_STORE (source), result, &error))
    g_string_append_c (story->order, 's');
  else
    g_string_append_c (story->order, gan_error_matches (error, GAN_ERROR_NOT_FOUND) ? 'n' : '?');
  story->n_left--;
}

/* Of changes that are committed together, one that fails takes back no other. */
static void
test_group (Fixture *self, gconstpointer data)
{
  g_autoptr (GanJobRow) job = gan_test_store_add (self->store, "https://example.org/a");
  g_autoptr (GanJobRow) gone = gan_job_row_new ("https://example.org/b");
  Story story = { g_string_new (NULL), 0 };
  g_autoptr (GPtrArray) rows = NULL;

  gan_job_row_set_id (gone, "no such");
  for (guint i = 0; i < 200; i++)
    {
      g_autoptr (GanJobRow) row = gan_job_row_copy (i % 2 == 0 ? job : gone);

      gan_job_row_set_downloaded (row, i);
      story.n_left++;
      gan_store_save_job_async (self->store, row, NULL, saved_cb, &story);
    }
  finish_story (&story);
  g_assert_cmpuint (story.order->len, ==, 200);
  for (guint i = 0; i < 200; i++)
    g_assert_cmpint (story.order->str[i], ==, i % 2 == 0 ? 's' : 'n');
  rows = load (self);
  g_assert_cmpint (gan_job_row_get_downloaded (rows->pdata[0]), ==, 198);
  g_string_free (story.order, TRUE);
}

/* Letting go of the store waits for what was asked. */
static void
test_let_go (Fixture *self, gconstpointer data)
{
  GanStore *store = gan_store_new (self->base.path);
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  Story story = { g_string_new (NULL), 1 };

  g_ptr_array_add (rows, gan_job_row_new ("https://example.org/a"));
  gan_store_add_jobs_async (store, rows, NULL, added_cb, &story);
  g_object_unref (store);
  finish_story (&story);
  assert_order (self, "https://example.org/a");
  g_string_free (story.order, TRUE);
}

static void
test_close (Fixture *self, gconstpointer data)
{
  g_autoptr (GanJobRow) job = gan_test_store_add (self->store, "https://example.org/a");
  g_auto (GStrv) names = NULL;
  g_autofree char *joined = NULL;
  GanDatabaseCondition condition = GAN_DATABASE_SAVED;

  gan_store_close_sync (self->store);
  names = gan_test_folder_list (self->base.folder);
  joined = g_strjoinv (" ", names);
  g_assert_cmpstr (joined, ==, "queue.db queue.db.lock");
  g_assert_true (gan_store_open_sync (self->store, &condition, NULL));
  g_assert_cmpint (condition, ==, GAN_DATABASE_FINE);
  assert_order (self, "https://example.org/a");
}

/* The file is there already, and no database; or its folder is a file. */
static void
test_no_place (Fixture *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->base.path, "queue.db", NULL);
  g_autoptr (GanStore) store = gan_store_new (path);
  g_autoptr (GanJobRow) job = gan_test_store_add (self->store, "https://example.org/a");
  g_autoptr (GError) error = NULL;

  g_assert_false (gan_store_open_sync (store, NULL, &error));
  g_assert_error (error, GAN_ERROR, GAN_ERROR_DISK);
}

static void
add_many (Fixture *self)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) stored = NULL;

  for (guint i = 0; i < MANY; i++)
    {
      g_autofree char *url = g_strdup_printf ("https://example.org/watch?v=%u", i);
      g_autofree char *title = g_strdup_printf ("Œuvre complète à écouter, partie %u", i);
      GanJobRow *row = gan_job_row_new (url);

      gan_job_row_set_title (row, title);
      gan_job_row_set_creator (row, "somebody");
      gan_job_row_set_folder (row, "/videos");
      gan_job_row_set_thumbnail_url (row, "https://example.org/thumbnail.jpg");
      g_ptr_array_add (rows, row);
    }
  stored = gan_store_add_jobs_sync (self->store, rows, NULL);
  g_assert_cmpuint (stored->len, ==, MANY);
}

static void
add_many_files (Fixture *self)
{
  g_autoptr (GanJobRow) job = gan_test_store_add (self->store, "https://example.org/a");
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < MANY; i++)
    {
      g_autofree char *file = g_strdup_printf ("/videos/Œuvre complète à écouter %u.mp4", i);
      GanLibraryRow *row = gan_library_row_new (file);

      gan_library_row_set_title (row, file + strlen ("/videos/"));
      gan_library_row_set_creator (row, "somebody");
      gan_library_row_set_finished_at (row, 1700000000 + i);
      g_ptr_array_add (files, row);
    }
  g_assert_true (gan_store_finish_job_sync (self->store, job, files, NULL));
}

/* Seconds since @start, told by name. */
static double
tell (const char *what, gint64 *start)
{
  double seconds = (double) (g_get_monotonic_time () - *start) / G_USEC_PER_SEC;

  g_test_message ("%s: %.1f ms", what, seconds * 1000);
  *start = g_get_monotonic_time ();
  return seconds;
}

static void
test_many (Fixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) rows = NULL;
  gint64 start = g_get_monotonic_time ();

  add_many (self);
  tell ("10,000 jobs added", &start);
  rows = load (self);
  /* Half a second is promised; a sanitizer on a busy machine may take four times that. */
  g_assert_cmpfloat (tell ("10,000 jobs loaded", &start), <, 2);
  g_assert_cmpuint (rows->len, ==, MANY);
  g_assert_true (gan_store_move_job_sync (self->store,
                                          gan_job_row_get_id (rows->pdata[MANY - 1]),
                                          gan_job_row_get_id (rows->pdata[0]),
                                          NULL));
  tell ("last of 10,000 jobs moved to the front", &start);
  add_many_files (self);
  tell ("10,000 files added", &start);
  g_assert_cmpuint (gan_test_store_count_found (self, "ŒUVRE écouter 9999"), ==, 1);
  g_assert_cmpfloat (tell ("one of 10,000 files found", &start), <, 1);
  g_assert_cmpuint (gan_test_store_count_found (self, NULL), ==, MANY);
  tell ("10,000 files listed", &start);
  gan_store_close_sync (self->store);
  start = g_get_monotonic_time ();
  g_assert_true (gan_store_open_sync (self->store, NULL, NULL));
  g_assert_cmpfloat (tell ("opened again", &start), <, 2);
}

/* A long life in short: thousands of updates leave no more descriptors and no longer files. */
static void
test_updates (Fixture *self, gconstpointer data)
{
  g_autoptr (GanJobRow) job = gan_test_store_add (self->store, "https://example.org/a");
  guint n_descriptors = gan_test_count_descriptors ();
  Story story = { g_string_new (NULL), 0 };
  g_auto (GStrv) names = NULL;

  for (guint i = 0; i < MANY; i++)
    {
      g_autoptr (GanJobRow) row = gan_job_row_copy (job);

      gan_job_row_set_downloaded (row, i);
      story.n_left++;
      gan_store_save_job_async (self->store, row, NULL, saved_cb, &story);
    }
  finish_story (&story);
  g_assert_cmpuint (gan_test_count_descriptors (), ==, n_descriptors);
  names = gan_test_folder_list (self->base.folder);
  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autofree char *path = gan_test_folder_dup_path (self->base.folder, names[i]);
      struct stat info;

      g_assert_cmpint (stat (path, &info), ==, 0);
      g_assert_cmpint (info.st_size, <, 8 * 1024 * 1024);
    }
  g_string_free (story.order, TRUE);
}

#define ADD(path, func)                                                                            \
  g_test_add (path, Fixture, NULL, gan_test_store_open_set_up, func, gan_test_store_open_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("/store/job-fields", test_all_fields);
  ADD ("/store/library-fields", test_library_fields);
  ADD ("/store/positions", test_positions);
  ADD ("/store/pause", test_pause);
  ADD ("/store/save-and-want", test_save_and_want);
  ADD ("/store/finish", test_finish);
  ADD ("/store/finish-is-whole", test_finish_is_whole);
  ADD ("/store/P04-secrets", test_secrets);
  ADD ("/store/P10-erased", test_erased);
  ADD ("/store/P06-modes", test_modes);
  ADD ("/store/change-count", test_change_count);
  ADD ("/store/async", test_async);
  ADD ("/store/group", test_group);
  ADD ("/store/let-go", test_let_go);
  ADD ("/store/close", test_close);
  ADD ("/store/no-place", test_no_place);
  ADD ("/store/U07-many", test_many);
  ADD ("/store/U07-updates", test_updates);
  return g_test_run ();
}
