/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The queue of one process: from a row to a file, and what users do meanwhile. */
#include "config.h"

#include "gan-test-queue.h"

#include "gan-error.h"
#include "gan-limits.h"
#include "gan-queue-private.h"
#include "gan-test-file.h"
#include "gan-test-store.h"

#include <glib/gstdio.h>

static void
test_one (GanTestQueue *self, gconstpointer data)
{
  g_autoptr (GanJob) job = gan_test_queue_add (self, "/file/a.mp4?size=100000&seed=3");
  GanLibraryRow *row = NULL;

  g_assert_true (gan_queue_is_owner (self->queue));
  gan_test_queue_wait_idle (self);
  gan_test_queue_wait_length (self, 0);
  gan_test_queue_close (self);
  g_assert_finalize_object (g_steal_pointer (&job));
  gan_test_queue_assert_films (self, "a.mp4");
  gan_test_queue_assert_film (self, "a.mp4", 100000, 3);
  g_assert_cmpuint (self->files->len, ==, 1);
  row = self->files->pdata[0];
  g_assert_cmpstr (gan_library_row_get_title (row), ==, "a");
  g_assert_cmpint (gan_library_row_get_size (row), ==, 100000);
}

/* Takes a few seconds when it is let go on. */
#define SLOW "/file/slow.mp4?size=1200000&seed=5&rate=800000"

static gboolean
is_resumed (GanTestServer *server)
{
  g_autoptr (GPtrArray) requests = gan_test_server_dup_requests (server, NULL);
  const GanTestRequest *last = requests->pdata[requests->len - 1];

  return g_hash_table_contains (last->headers, "range");
}

/* How often something was told, and how long it was between two times at least. */
typedef struct
{
  gint64 last;
  gint64 shortest;
  guint n;
} Beat;

static void
beat (Beat *self)
{
  gint64 now = g_get_monotonic_time ();

  if (self->n++ > 0)
    self->shortest = MIN (self->shortest, now - self->last);
  self->last = now;
}

static void
progress_cb (GObject *job, GParamSpec *pspec, gpointer user_data)
{
  beat (user_data);
}

static void
totals_cb (GanQueue *queue, gpointer user_data)
{
  beat (user_data);
}

/* Four times a second at most, for the job as for the sums; and what is told is true. */
static void
test_progress (GanTestQueue *self, gconstpointer data)
{
  Beat progress = { .shortest = G_MAXINT64 };
  Beat totals = { .shortest = G_MAXINT64 };
  g_autoptr (GanJob) job = NULL;

  g_signal_connect (self->queue, "totals-changed", G_CALLBACK (totals_cb), &totals);
  job = gan_test_queue_add (self, SLOW);
  gan_test_queue_wait_bytes (job);
  g_signal_connect (job, "notify::downloaded", G_CALLBACK (progress_cb), &progress);
  g_assert_cmpint (gan_job_get_total (job), ==, 1200000);
  g_assert_cmpint (gan_queue_get_totals (self->queue)->downloaded,
                   ==,
                   gan_job_get_downloaded (job));
  g_assert_cmpint (gan_queue_get_totals (self->queue)->total, ==, 1200000);
  g_assert_cmpuint (gan_queue_get_totals (self->queue)->n_active, ==, 1);
  g_assert_true (gan_job_is_active (job));
  gan_test_queue_wait_length (self, 0);
  gan_test_queue_wait_idle (self);
  g_signal_handlers_disconnect_by_data (self->queue, &totals);
  g_signal_handlers_disconnect_by_data (job, &progress);
  g_test_message ("%u and %u times", progress.n, totals.n);
  g_assert_cmpuint (progress.n, >, 1);
  g_assert_cmpuint (progress.n, <, 14);
  g_assert_cmpuint (totals.n, >, 1);
  g_assert_cmpint (totals.shortest, >, 200 * 1000);
}

/* The part file stays, also over a restart, and is gone on with. */
static void
test_pause (GanTestQueue *self, gconstpointer data)
{
  g_autoptr (GanJob) job = gan_test_queue_add (self, SLOW);
  g_autofree char *id = g_strdup (gan_job_get_id (job));

  gan_test_queue_wait_bytes (job);
  gan_test_queue_want (self, job, GAN_JOB_WANT_PAUSE);
  gan_test_queue_wait_state (job, GAN_JOB_PAUSED);
  gan_test_queue_assert_films (self, "slow.mp4.part slow.mp4.part.json");
  g_assert_cmpint (gan_job_row_get_downloaded (gan_job_get_row (job)), >, 50000);
  g_assert_cmpint (gan_job_row_get_total (gan_job_get_row (job)), ==, 1200000);
  gan_test_queue_wait_idle (self);
  g_clear_object (&job);
  gan_test_queue_reopen (self);
  job = g_object_ref (gan_queue_find (self->queue, id));
  g_assert_cmpstr (gan_job_get_state (job), ==, GAN_JOB_PAUSED);
  gan_test_queue_want (self, job, GAN_JOB_WANT_RUN);
  gan_test_queue_wait_length (self, 0);
  g_assert_true (is_resumed (self->server));
  gan_test_queue_close (self);
  gan_test_queue_assert_films (self, "slow.mp4");
  gan_test_queue_assert_film (self, "slow.mp4", 1200000, 5);
}

/* Quitting says "waiting", and the next start goes on by itself. */
static void
test_quit (GanTestQueue *self, gconstpointer data)
{
  g_autoptr (GanJob) job = gan_test_queue_add (self, SLOW);
  g_autofree char *id = g_strdup (gan_job_get_id (job));
  g_autoptr (GPtrArray) rows = NULL;
  gint64 began = 0;

  gan_test_queue_wait_bytes (job);
  g_clear_object (&job);
  began = g_get_monotonic_time ();
  gan_test_queue_close (self);
  g_assert_cmpint (g_get_monotonic_time () - began, <, 2 * G_USEC_PER_SEC);
  rows = gan_store_load_jobs_sync (gan_app_get_store (self->app), NULL);
  g_assert_cmpuint (rows->len, ==, 1);
  g_assert_cmpstr (gan_job_row_get_state (rows->pdata[0]), ==, GAN_JOB_WAITING);
  g_assert_cmpstr (gan_job_row_get_wanted (rows->pdata[0]), ==, GAN_JOB_WANT_RUN);
  gan_test_queue_open (self);
  gan_test_queue_wait_length (self, 0);
  g_assert_true (is_resumed (self->server));
  gan_test_queue_close (self);
  gan_test_queue_assert_films (self, "slow.mp4");
  gan_test_queue_assert_film (self, "slow.mp4", 1200000, 5);
}

/* A server that says nothing keeps nobody from quitting. */
static void
test_quit_silent (GanTestQueue *self, gconstpointer data)
{
  gint64 began = 0;

  gan_test_queue_set_limits (self, 8, 8, 0);
  gan_test_queue_add_many (self, "/hold/a", 4);
  gan_test_queue_wait_held (self, 4);
  began = g_get_monotonic_time ();
  gan_test_queue_close (self);
  g_assert_cmpint (g_get_monotonic_time () - began, <, 2 * G_USEC_PER_SEC);
  gan_test_queue_assert_films (self, "");
}

static gboolean
are_paused (gpointer data)
{
  return gan_queue_get_totals (data)->n_paused == 3;
}

/* Of all jobs those that it makes sense for. */
static void
test_all (GanTestQueue *self, gconstpointer data)
{
  g_autoptr (GanJob) cancelled = NULL;

  gan_test_queue_set_limits (self, 1, 1, 0);
  gan_test_queue_add_many (self, "/hold/a", 3);
  gan_test_queue_wait_held (self, 1);
  cancelled = gan_test_queue_add (self, "/file/b.mp4?size=100");
  gan_test_queue_want (self, cancelled, GAN_JOB_WANT_CANCEL);
  gan_test_queue_wait_state (cancelled, GAN_JOB_CANCELLED);
  gan_test_queue_want_all (self, GAN_JOB_WANT_PAUSE);
  g_assert_true (gan_test_queue_wait (are_paused, self->queue, GAN_TEST_PATIENCE));
  g_assert_cmpstr (gan_job_row_get_wanted (gan_job_get_row (cancelled)), ==, GAN_JOB_WANT_CANCEL);
  gan_test_queue_release (self);
  gan_test_queue_want_all (self, GAN_JOB_WANT_RUN);
  gan_test_queue_wait_length (self, 1);
  g_assert_cmpuint (self->files->len, ==, 3);
  gan_test_queue_want (self, cancelled, GAN_JOB_WANT_RUN);
  gan_test_queue_wait_length (self, 0);
  g_assert_cmpuint (self->files->len, ==, 4);
}

/* While it runs, while it is paused, and after a restart, when nobody remembers a plan. */
static void
test_cancel (GanTestQueue *self, gconstpointer data)
{
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (GanJob) job = gan_test_queue_add (self, SLOW);
      g_autofree char *id = g_strdup (gan_job_get_id (job));

      gan_test_queue_wait_bytes (job);
      if (i > 0)
        {
          gan_test_queue_want (self, job, GAN_JOB_WANT_PAUSE);
          gan_test_queue_wait_state (job, GAN_JOB_PAUSED);
          gan_test_queue_wait_idle (self);
        }
      if (i > 1)
        {
          g_clear_object (&job);
          gan_test_queue_reopen (self);
          job = g_object_ref (gan_queue_find (self->queue, id));
        }
      gan_test_queue_want (self, job, GAN_JOB_WANT_CANCEL);
      gan_test_queue_wait_state (job, GAN_JOB_CANCELLED);
      gan_test_queue_wait_idle (self);
      gan_test_queue_assert_films (self, "");
      gan_test_queue_remove (self, job);
    }
}

static void
test_remove (GanTestQueue *self, gconstpointer data)
{
  g_autoptr (GanJob) running = gan_test_queue_add (self, SLOW);
  g_autoptr (GanJob) paused = gan_test_queue_add (self, SLOW "&two");

  gan_test_queue_wait_bytes (running);
  gan_test_queue_wait_bytes (paused);
  gan_test_queue_want (self, paused, GAN_JOB_WANT_PAUSE);
  gan_test_queue_wait_state (paused, GAN_JOB_PAUSED);
  gan_test_queue_remove (self, running);
  gan_test_queue_remove (self, paused);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (self->queue)), ==, 0);
  gan_test_queue_close (self);
  gan_test_queue_assert_films (self, "");
}

/* All that is known of a file is in the library, and in no other place. */
static void
test_library (GanTestQueue *self, gconstpointer data)
{
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GArray) stats = NULL;
  g_autofree char *file = g_build_filename (self->films, "a.mp4", NULL);
  GanLibraryRow *row = NULL;
  struct stat info;

  g_object_unref (gan_test_queue_add (self, "/file/a.mp4?size=100000&token=hunter2"));
  gan_test_queue_wait_length (self, 0);
  gan_test_queue_close (self);
  rows = gan_store_find_files_sync (gan_app_get_store (self->app), NULL, NULL);
  g_assert_cmpuint (rows->len, ==, 1);
  row = rows->pdata[0];
  g_assert_cmpint (g_stat (file, &info), ==, 0);
  g_assert_cmpstr (gan_library_row_get_file (row), ==, file);
  g_assert_cmpint (gan_library_row_get_size (row), ==, 100000);
  g_assert_cmpint (gan_library_row_get_inode (row), ==, info.st_ino);
  g_assert_cmpstr (gan_library_row_get_platform (row), ==, "generic");
  g_assert_cmpstr (gan_library_row_get_title (row), ==, "a");
  g_assert_cmpstr (gan_library_row_get_creator (row), ==, "A studio");
  g_assert_cmpfloat (gan_library_row_get_duration (row), ==, 12);
  g_assert_cmpstr (gan_library_row_get_content_type (row), ==, "video");
  g_assert_cmpstr (gan_library_row_get_format_id (row), ==, "web");
  g_assert_cmpstr (gan_library_row_get_verified (row), ==, "length");
  g_assert_nonnull (strstr (gan_library_row_get_url (row), "/file/a.mp4"));
  g_assert_null (strstr (gan_library_row_get_url (row), "hunter2"));
  g_assert_cmpint (gan_library_row_get_finished_at (row), >, 1600000000);
  stats = gan_store_load_stats_sync (gan_app_get_store (self->app), NULL);
  g_assert_cmpint (g_array_index (stats, GanSiteStats, 0).finished, ==, 1);
  g_assert_cmpint (g_array_index (stats, GanSiteStats, 0).bytes, ==, 100000);
}

/* The same link twice at once: two files, neither of which has a byte of the other. */
static void
test_same (GanTestQueue *self, gconstpointer data)
{
  g_autoptr (GanJob) one = gan_test_queue_add (self, "/file/a.mp4?size=900000&seed=4&rate=400000");
  g_autoptr (GanJob) two = gan_test_queue_add (self, "/file/a.mp4?size=900000&seed=4&rate=400000");

  gan_test_queue_wait_bytes (one);
  gan_test_queue_wait_bytes (two);
  gan_test_queue_want (self, two, GAN_JOB_WANT_CANCEL);
  gan_test_queue_wait_state (two, GAN_JOB_CANCELLED);
  gan_test_queue_want (self, two, GAN_JOB_WANT_RUN);
  gan_test_queue_wait_length (self, 0);
  gan_test_queue_close (self);
  gan_test_queue_assert_films (self, "a (1).mp4 a.mp4");
  gan_test_queue_assert_film (self, "a.mp4", 900000, 4);
  gan_test_queue_assert_film (self, "a (1).mp4", 900000, 4);
}

/* The second does not go on with what the first, which is only paused, has begun. */
static void
test_same_paused (GanTestQueue *self, gconstpointer data)
{
  static const char target[] = "/file/a.mp4?size=900000&seed=4&rate=600000";
  g_autoptr (GanJob) one = gan_test_queue_add (self, target);

  gan_test_queue_wait_bytes (one);
  gan_test_queue_want (self, one, GAN_JOB_WANT_PAUSE);
  gan_test_queue_wait_state (one, GAN_JOB_PAUSED);
  g_object_unref (gan_test_queue_add (self, target));
  gan_test_queue_wait_length (self, 1);
  gan_test_queue_wait_idle (self);
  gan_test_queue_assert_films (self, "a (1).mp4 a.mp4.part a.mp4.part.json");
  gan_test_queue_want (self, one, GAN_JOB_WANT_RUN);
  gan_test_queue_wait_length (self, 0);
  gan_test_queue_close (self);
  gan_test_queue_assert_films (self, "a (1).mp4 a.mp4");
  gan_test_queue_assert_film (self, "a.mp4", 900000, 4);
  gan_test_queue_assert_film (self, "a (1).mp4", 900000, 4);
}

/* The queue was lost, and somebody asks for the same again: what is here is gone on with. */
static void
test_lost (GanTestQueue *self, gconstpointer data)
{
  static const char target[] = "/file/a.mp4?size=900000&seed=4&rate=600000";
  g_autofree char *path = g_build_filename (self->data, "gannet.db", NULL);
  GanTestStore store = { self->folder, path };
  g_autoptr (GanJob) job = gan_test_queue_add (self, target);

  gan_test_queue_wait_bytes (job);
  g_clear_object (&job);
  gan_test_queue_close (self);
  gan_test_store_sql (&store, "DELETE FROM jobs");
  gan_test_queue_assert_films (self, "a.mp4.part a.mp4.part.json");
  gan_test_queue_open (self);
  g_object_unref (gan_test_queue_add (self, target));
  gan_test_queue_wait_length (self, 0);
  g_assert_true (is_resumed (self->server));
  gan_test_queue_close (self);
  gan_test_queue_assert_films (self, "a.mp4");
  gan_test_queue_assert_film (self, "a.mp4", 900000, 4);
}

static void
serve_later (GanTestExchange *exchange, gpointer user_data)
{
  g_auto (GanTestFile) file = { NULL };

  if (gan_test_server_get_phase (gan_test_exchange_get_server (exchange)) == 0)
    {
      gan_test_exchange_reply (exchange, 404, "text/plain", "no\n");
      return;
    }
  gan_test_file_init (&file, exchange);
  gan_test_file_serve (&file, exchange);
}

/* The first film of a post is kept though the second one fails, and not fetched again when the
 * second one is. */
static void
test_half_a_post (GanTestQueue *self, gconstpointer data)
{
  g_autoptr (GanJob) job = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GArray) stats = NULL;

  gan_test_server_add (self->server, "later", serve_later, NULL);
  job = gan_test_queue_add (self,
                            "/file/a.mp4?size=100&seed=1&and=/later/b.mp4%3Fsize=200%26seed=2");
  gan_test_queue_wait_state (job, GAN_JOB_FAILED);
  gan_test_queue_wait_idle (self);
  g_assert_cmpstr (gan_job_row_get_error_code (gan_job_get_row (job)), ==, "not-found");
  gan_test_queue_reopen (self);
  rows = gan_store_find_files_sync (gan_app_get_store (self->app), NULL, NULL);
  g_assert_cmpuint (rows->len, ==, 1);
  gan_test_server_set_phase (self->server, 1);
  g_clear_object (&job);
  job = g_list_model_get_item (G_LIST_MODEL (self->queue), 0);
  gan_test_queue_want (self, job, GAN_JOB_WANT_RUN);
  gan_test_queue_wait_length (self, 0);
  gan_test_queue_close (self);
  gan_test_queue_assert_films (self, "a.mp4 b.mp4");
  gan_test_queue_assert_film (self, "b.mp4", 200, 2);
  g_assert_cmpuint (gan_test_server_count (self->server, "file"), ==, 1);
  stats = gan_store_load_stats_sync (gan_app_get_store (self->app), NULL);
  g_assert_cmpint (g_array_index (stats, GanSiteStats, 0).finished, ==, 2);
  g_assert_cmpint (g_array_index (stats, GanSiteStats, 0).bytes, ==, 300);
}

/* Rows that cannot become jobs are refused, and none of the others comes in. */
static void
test_refused (GanTestQueue *self, gconstpointer data)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (rows, gan_test_queue_new_row (self, "/file/a.mp4?size=100"));
  g_ptr_array_add (rows, gan_job_row_new ("https://a.example/"));
  g_assert_null (gan_test_queue_add_rows (self, rows, &error));
  g_assert_true (gan_error_matches (error, GAN_ERROR_INVALID_DATA));
  g_clear_error (&error);
  gan_job_row_set_folder (rows->pdata[1], "films");
  g_assert_null (gan_test_queue_add_rows (self, rows, &error));
  g_assert_true (gan_error_matches (error, GAN_ERROR_INVALID_DATA));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (self->queue)), ==, 0);
}

/* What is stored by somebody else may be any nonsense; it fails, and the others go on. */
static void
test_nonsense (GanTestQueue *self, gconstpointer data)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) stored = NULL;
  guint n = 0;

  gan_test_queue_close (self);
  g_ptr_array_add (rows, gan_job_row_new ("https://a.example/no-folder"));
  g_ptr_array_add (rows, gan_test_queue_new_row (self, "not a link at all"));
  g_ptr_array_add (rows, gan_test_queue_new_row (self, "/file/c.mp4?size=100"));
  gan_job_row_set_wish (rows->pdata[2], "worst");
  g_ptr_array_add (rows, gan_test_queue_new_row (self, "/file/d.mp4?size=100"));
  gan_job_row_set_name (rows->pdata[3], "../d.mp4");
  g_ptr_array_add (rows, gan_test_queue_new_row (self, "/file/e.mp4?size=100"));
  gan_job_row_set_state (rows->pdata[4], "dancing");
  g_ptr_array_add (rows, gan_test_queue_new_row (self, "/file/f.mp4?size=100"));
  gan_job_row_set_state (rows->pdata[5], GAN_JOB_RUNNING);
  stored = gan_store_add_jobs_sync (gan_app_get_store (self->app), rows, NULL);
  g_assert_nonnull (stored);
  gan_test_queue_open (self);
  gan_test_queue_wait_idle (self);
  g_assert_cmpuint (self->n_failed, ==, 4);
  g_assert_cmpuint (self->files->len, ==, 1);
  n = g_list_model_get_n_items (G_LIST_MODEL (self->queue));
  g_assert_cmpuint (n, ==, 5);
  gan_test_queue_assert_films (self, "f.mp4");
}

/* A database that cannot be written to: it is shown, every change is refused with its reason, and
 * the list stays what is stored. */
static void
test_read_only (GanTestQueue *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->data, "gannet.db", NULL);
  GanTestStore store = { self->folder, path };
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GanJob) job = NULL;
  g_autoptr (GanJob) other = NULL;
  g_autoptr (GError) error = NULL;

  gan_test_queue_close (self);
  gan_test_queue_store (self, "/file/a.mp4?size=100");
  gan_test_queue_store (self, "/file/b.mp4?size=100");
  gan_store_close_sync (gan_app_get_store (self->app));
  gan_test_store_sql (&store, "PRAGMA user_version = 99");
  gan_test_queue_open (self);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (self->queue)), ==, 2);
  g_ptr_array_add (rows, gan_test_queue_new_row (self, "/file/c.mp4?size=100"));
  g_assert_null (gan_test_queue_add_rows (self, rows, &error));
  g_assert_true (gan_error_matches (error, GAN_ERROR_DISK));
  g_assert_cmpstr (gan_error_get_reason (error), ==, "newer-version");
  g_clear_error (&error);
  job = g_list_model_get_item (G_LIST_MODEL (self->queue), 0);
  other = g_list_model_get_item (G_LIST_MODEL (self->queue), 1);
  g_assert_false (gan_test_queue_move (self, other, job, &error));
  g_assert_true (gan_error_matches (error, GAN_ERROR_DISK));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (self->queue)), ==, 2);
  g_assert_cmpstr (gan_job_get_state (job), ==, GAN_JOB_WAITING);
  g_assert_cmpuint (gan_test_server_count (self->server, NULL), ==, 0);
  g_clear_object (&job);
  g_clear_object (&other);
}

static void
store_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static gboolean
has_result (gpointer data)
{
  return *(GAsyncResult **) data != NULL;
}

/* Where there is no place for it, opening says so, and nothing else is harmed. */
static void
test_no_place (GanTestQueue *self, gconstpointer data)
{
  g_autofree char *file = gan_test_folder_dup_path (self->folder, "file");
  GanQueue *queue = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  gan_test_queue_close (self);
  gan_test_folder_write (self->folder, "file", "", 0);
  g_clear_pointer (&self->app, gan_app_free);
  self->app = gan_test_queue_new_app (file);
  queue = gan_queue_new (self->app, &self->options);
  gan_queue_open_async (queue, NULL, store_result, &result);
  g_assert_true (gan_test_queue_wait (has_result, &result, GAN_TEST_PATIENCE));
  g_assert_false (gan_queue_open_finish (queue, result, &error));
  g_assert_true (gan_error_matches (error, GAN_ERROR_DISK));
  g_assert_false (gan_queue_is_owner (queue));
  g_clear_object (&result);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_assert_finalize_object (queue);
}

#define MANY 10000

static void
store_many (GanTestQueue *self, const char *wanted)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) stored = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < MANY; i++)
    {
      g_autofree char *url = g_strdup_printf ("https://many.example/%u", i);
      GanJobRow *row = gan_job_row_new (url);

      gan_job_row_set_folder (row, self->films);
      gan_job_row_set_title (row, "A film with a title of some length");
      gan_job_row_set_wanted (row, wanted);
      gan_job_row_set_state (row, GAN_JOB_PAUSED);
      g_ptr_array_add (rows, row);
    }
  stored = gan_store_add_jobs_sync (gan_app_get_store (self->app), rows, &error);
  g_assert_no_error (error);
}

typedef struct
{
  guint n_changes;
  guint n_notified;
} Told;

static void
changed_cb (GListModel *model, guint position, guint removed, guint added, Told *told)
{
  told->n_changes++;
}

static void
notified_cb (GObject *job, GParamSpec *pspec, Told *told)
{
  told->n_notified++;
}

/* A long queue is there soon, and one row of it is changed without a look at the others. */
static void
test_many (GanTestQueue *self, gconstpointer data)
{
  g_autoptr (GanJob) job = NULL;
  Told told = { 0 };
  gint64 began = 0;
  double seconds = 0;

  gan_test_queue_close (self);
  store_many (self, GAN_JOB_WANT_PAUSE);
  began = g_get_monotonic_time ();
  gan_test_queue_open (self);
  seconds = (double) (g_get_monotonic_time () - began) / G_USEC_PER_SEC;
  g_test_message ("%u rows in %.3f s", MANY, seconds);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (self->queue)), ==, MANY);
  g_assert_cmpfloat (seconds, <, 3);
  gan_test_queue_wait_idle (self);

  job = g_list_model_get_item (G_LIST_MODEL (self->queue), MANY / 2);
  g_signal_connect (self->queue, "items-changed", G_CALLBACK (changed_cb), &told);
  g_signal_connect (job, "notify::row", G_CALLBACK (notified_cb), &told);
  began = g_get_monotonic_time ();
  for (guint i = 0; i < MANY; i++)
    {
      g_autoptr (GanJobRow) row = gan_job_row_copy (gan_job_get_row (job));

      gan_job_row_set_downloaded (row, i);
      gan_queue_rows_set (self->queue, job, row);
    }
  seconds = (double) (g_get_monotonic_time () - began) / G_USEC_PER_SEC;
  g_test_message ("%u updates of a row in %.3f s", MANY, seconds);
  g_assert_cmpfloat (seconds, <, 3);
  g_assert_cmpuint (told.n_changes, ==, 0);
  g_assert_cmpuint (told.n_notified, ==, MANY);
  g_signal_handlers_disconnect_by_data (self->queue, &told);
  g_signal_handlers_disconnect_by_data (job, &told);
}

static char *
dup_list (GanTestQueue *self)
{
  g_autoptr (GString) names = g_string_new (NULL);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->queue));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GanJob) job = g_list_model_get_item (G_LIST_MODEL (self->queue), i);

      g_string_append (names, gan_job_row_get_title (gan_job_get_row (job)));
    }
  return g_string_free (g_steal_pointer (&names), FALSE);
}

/* A list that is kept by what "items-changed" says. */
static void
mirror_cb (GListModel *model, guint position, guint removed, guint added, GPtrArray *mirror)
{
  if (removed > 0)
    g_ptr_array_remove_range (mirror, position, removed);
  for (guint i = 0; i < added; i++)
    g_ptr_array_insert (mirror, (int) (position + i), g_list_model_get_item (model, position + i));
}

static gboolean
is_list (gpointer data)
{
  gpointer *wanted = data;
  g_autofree char *list = dup_list (wanted[0]);

  return g_str_equal (list, wanted[1]);
}

/* Other processes change everything at once, by SQL alone; the list follows with jobs that stay who
 * they are, and every change of it is told. */
static void
test_follow (GanTestQueue *self, gconstpointer data)
{
  static const char *const steps[][2] = {
    { "UPDATE jobs SET position = position * 10", "abcdefgh" },
    { "UPDATE jobs SET position = 65 WHERE title = 'b'", "acdefgbh" },
    { "UPDATE jobs SET position = 5 WHERE title = 'h'", "ahcdefgb" },
    { "DELETE FROM jobs WHERE title IN ('c', 'd', 'a')", "hefgb" },
    { "UPDATE jobs SET position = -position", "bgfeh" },
    { "UPDATE jobs SET title = 'x' WHERE title = 'f'", "bgxeh" },
    { "DELETE FROM jobs", "" },
  };
  g_autofree char *path = g_build_filename (self->data, "gannet.db", NULL);
  GanTestStore store = { self->folder, path };
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) stored = NULL;
  g_autoptr (GPtrArray) mirror = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GHashTable) jobs = g_hash_table_new (NULL, NULL);

  for (char name = 'a'; name <= 'h'; name++)
    {
      const char title[] = { name, '\0' };
      GanJobRow *row = gan_test_queue_new_row (self, "/file/a.mp4?size=100");

      gan_job_row_set_title (row, title);
      gan_job_row_set_wanted (row, GAN_JOB_WANT_PAUSE);
      gan_job_row_set_state (row, GAN_JOB_PAUSED);
      g_ptr_array_add (rows, row);
    }
  g_signal_connect (self->queue, "items-changed", G_CALLBACK (mirror_cb), mirror);
  stored = gan_test_queue_add_rows (self, rows, NULL);
  g_assert_cmpuint (mirror->len, ==, 8);
  for (guint i = 0; i < mirror->len; i++)
    g_hash_table_add (jobs, mirror->pdata[i]);
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      gpointer wanted[] = { self, (gpointer) steps[i][1] };
      g_autofree char *list = NULL;

      gan_test_store_sql (&store, steps[i][0]);
      g_assert_true (gan_owner_wake (self->data, NULL));
      gan_test_queue_wait (is_list, wanted, GAN_TEST_PATIENCE);
      list = dup_list (self);
      g_assert_cmpstr (list, ==, steps[i][1]);
      g_assert_cmpuint (mirror->len, ==, g_list_model_get_n_items (G_LIST_MODEL (self->queue)));
      for (guint k = 0; k < mirror->len; k++)
        {
          g_autoptr (GanJob) job = g_list_model_get_item (G_LIST_MODEL (self->queue), k);

          g_assert_true (job == mirror->pdata[k] && g_hash_table_contains (jobs, job));
        }
    }
  g_signal_handlers_disconnect_by_data (self->queue, mirror);
}

static gboolean
is_shorter (gpointer data)
{
  return g_list_model_get_n_items (data) <= 1950;
}

/* A queue of thousands for one host: few run, few descriptors are open. */
static void
test_one_host (GanTestQueue *self, gconstpointer data)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) stored = NULL;

  for (guint i = 0; i < 2000; i++)
    {
      g_autofree char *target = g_strdup_printf ("/hold/%u.mp4?size=100", i);

      g_ptr_array_add (rows, gan_test_queue_new_row (self, target));
    }
  stored = gan_test_queue_add_rows (self, rows, NULL);
  g_assert_nonnull (stored);
  gan_test_queue_wait_held (self, GAN_LIMIT_JOBS_PER_HOST);
  g_assert_false (gan_test_queue_holds_more (self, GAN_LIMIT_JOBS_PER_HOST, 200));
  g_assert_cmpuint (gan_test_count_descriptors (), <, 64);
  gan_test_queue_release (self);
  g_assert_true (gan_test_queue_wait (is_shorter, self->queue, GAN_TEST_PATIENCE));
  g_assert_cmpuint (gan_test_queue_get_most_held (self), ==, GAN_LIMIT_JOBS_PER_HOST);
  g_assert_cmpuint (gan_test_count_descriptors (), <, 64);
}

static gboolean
over_cb (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

/* How often the main context had something to do. */
static guint
count_turns (guint milliseconds)
{
  gboolean is_over = FALSE;
  guint n_turns = 0;

  g_timeout_add (milliseconds, over_cb, &is_over);
  for (; !is_over; n_turns++)
    g_main_context_iteration (NULL, TRUE);
  return n_turns;
}

/* A queue with nothing to do does nothing: no timer of its own ever fires. That something changes
 * in the machine's network meanwhile is not likely three times in a row. */
static void
test_idle (GanTestQueue *self, gconstpointer data)
{
  guint fewest = G_MAXUINT;

  g_object_unref (gan_test_queue_add (self, "/file/a.mp4?size=100"));
  gan_test_queue_wait_length (self, 0);
  gan_test_queue_wait_idle (self);
  /* The last sums and the last word to others are a quarter of a second late at most. */
  count_turns (600);
  for (guint i = 0; i < 3 && fewest > 1; i++)
    fewest = MIN (fewest, count_turns (500));
  g_assert_cmpuint (fewest, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  GAN_TEST_QUEUE_ADD ("/queue/one", test_one);
  GAN_TEST_QUEUE_ADD ("/queue/progress", test_progress);
  GAN_TEST_QUEUE_ADD ("/queue/pause", test_pause);
  GAN_TEST_QUEUE_ADD ("/queue/K19-quit", test_quit);
  GAN_TEST_QUEUE_ADD ("/queue/K19-quit-silent", test_quit_silent);
  GAN_TEST_QUEUE_ADD ("/queue/all", test_all);
  GAN_TEST_QUEUE_ADD ("/queue/cancel", test_cancel);
  GAN_TEST_QUEUE_ADD ("/queue/remove", test_remove);
  GAN_TEST_QUEUE_ADD ("/queue/library", test_library);
  GAN_TEST_QUEUE_ADD ("/queue/D08-same", test_same);
  GAN_TEST_QUEUE_ADD ("/queue/D08-same-paused", test_same_paused);
  GAN_TEST_QUEUE_ADD ("/queue/lost", test_lost);
  GAN_TEST_QUEUE_ADD ("/queue/half-a-post", test_half_a_post);
  GAN_TEST_QUEUE_ADD ("/queue/refused", test_refused);
  GAN_TEST_QUEUE_ADD ("/queue/nonsense", test_nonsense);
  GAN_TEST_QUEUE_ADD ("/queue/D03-read-only", test_read_only);
  GAN_TEST_QUEUE_ADD ("/queue/no-place", test_no_place);
  GAN_TEST_QUEUE_ADD ("/queue/U07-many", test_many);
  GAN_TEST_QUEUE_ADD ("/queue/follow", test_follow);
  GAN_TEST_QUEUE_ADD ("/queue/N11-one-host", test_one_host);
  GAN_TEST_QUEUE_ADD ("/queue/idle", test_idle);
  return g_test_run ();
}
