/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-error.h"
#include "gan-library.h"
#include "gan-test-fixture.h"
#include "gan-test-platform.h"

#include <glib/gstdio.h>
#include <string.h>

#define MANY 10000
#define PATIENCE 20

typedef struct
{
  GanTestFolder *folder;
  GanApp *app;
  GanStore *other; /* another process, as far as the library can tell */
  GanLibrary *library;
  guint n_changes; /* calls of items-changed */
  guint n_removed;
  guint n_added;
} Fixture;

static void
changed_cb (GListModel *model, guint position, guint removed, guint added, gpointer user_data)
{
  Fixture *self = user_data;

  self->n_changes++;
  self->n_removed += removed;
  self->n_added += added;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autofree char *path = NULL;
  g_autofree char *slots = NULL;
  g_autoptr (GError) error = NULL;
  GanConfig config = { 0 };

  self->folder = gan_test_folder_new ();
  slots = gan_test_folder_dup_path (self->folder, "slots");
  path = gan_test_folder_dup_path (self->folder, "gannet.db");
  config.data_dir = self->folder->path;
  config.slots_path = slots;
  self->app = gan_app_new (&config, gan_test_platform_table, gan_test_platform_table_size, &error);
  g_assert_no_error (error);
  self->other = gan_store_new (path);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  if (self->library != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->library, self);
      g_assert_finalize_object (self->library);
    }
  g_assert_finalize_object (self->other);
  gan_app_free (self->app);
  gan_test_folder_free (self->folder);
}

static void
add (Fixture *self, guint number)
{
  g_autofree char *name = g_strdup_printf ("film-%05u.mp4", number);
  g_autofree char *file = gan_test_folder_dup_path (self->folder, name);
  g_autofree char *title
      = g_strdup_printf ("Film %u about %s", number, number % 2 ? "sea" : "land");
  g_autoptr (GanLibraryRow) row = gan_library_row_new (file);
  g_autoptr (GError) error = NULL;

  gan_library_row_set_title (row, title);
  gan_library_row_set_platform (row, number % 2 ? "vimeo" : "reddit");
  gan_library_row_set_content_type (row, number % 3 ? "video" : "audio");
  gan_library_row_set_finished_at (row, 100000 + number / 2);
  g_assert_true (gan_store_add_file_sync (self->other, row, &error));
  g_assert_no_error (error);
}

/* As many rows as in a real library after years. */
static void
add_many (Fixture *self, guint n)
{
  g_autoptr (GanJobRow) job = gan_job_row_new ("https://example.org/");
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);

  gan_job_row_set_id (job, "none");
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *file = g_strdup_printf ("/srv/films/film-%05u.mp4", i);
      GanLibraryRow *row = gan_library_row_new (file);

      gan_library_row_set_title (row, file);
      gan_library_row_set_creator (row, "somebody");
      gan_library_row_set_url (row, "https://example.org/");
      gan_library_row_set_finished_at (row, 100000 + i / 2);
      g_ptr_array_add (rows, row);
    }
  g_assert_true (gan_store_finish_job_sync (self->other, job, rows, NULL));
}

static void
begin (Fixture *self)
{
  self->library = gan_library_new (self->app);
  g_signal_connect (self->library, "items-changed", G_CALLBACK (changed_cb), self);
}

static gboolean
give_up_cb (gpointer user_data)
{
  g_test_fail_printf ("it takes longer than %d s", PATIENCE);
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

static void
wait_loaded (Fixture *self)
{
  gboolean is_late = FALSE;
  guint timeout = g_timeout_add_seconds (PATIENCE, give_up_cb, &is_late);

  while (gan_library_is_loading (self->library) && !is_late)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (is_late);
  g_source_remove (timeout);
}

static void
open_library (Fixture *self)
{
  begin (self);
  wait_loaded (self);
  self->n_changes = self->n_removed = self->n_added = 0;
}

static GanLibraryRow *
get (Fixture *self, guint position)
{
  return g_list_model_get_item (G_LIST_MODEL (self->library), position);
}

static guint
count (Fixture *self)
{
  return g_list_model_get_n_items (G_LIST_MODEL (self->library));
}

/* The list is what a walk over the whole store finds. */
static void
assert_same_as_store (Fixture *self)
{
  g_autoptr (GPtrArray) rows = gan_store_find_files_sync (self->other, NULL, NULL);

  g_assert_cmpuint (rows->len, ==, count (self));
  for (guint i = 0; i < rows->len; i++)
    {
      g_autoptr (GanLibraryRow) row = get (self, i);
      g_autofree char *difference = gan_record_dup_difference (rows->pdata[i], GAN_RECORD (row));

      g_assert_cmpstr (difference, ==, NULL);
    }
}

static void
test_empty (Fixture *self, gconstpointer data)
{
  open_library (self);
  g_assert_cmpuint (count (self), ==, 0);
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (self->library), 0));
  g_assert_true (g_list_model_get_item_type (G_LIST_MODEL (self->library)) == GAN_TYPE_LIBRARY_ROW);
  add (self, 1);
  gan_library_refresh (self->library);
  wait_loaded (self);
  g_assert_cmpuint (count (self), ==, 1);
}

/* Page by page, newest first, each row once, and a page is there before all are. */
static void
test_pages (Fixture *self, gconstpointer data)
{
  add_many (self, 1001);
  begin (self);
  g_assert_true (gan_library_is_loading (self->library));
  while (count (self) == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (count (self), ==, 200);
  g_assert_true (gan_library_is_loading (self->library));
  wait_loaded (self);
  g_assert_cmpuint (self->n_changes, ==, 6);
  g_assert_cmpuint (self->n_added, ==, 1001);
  g_assert_cmpuint (self->n_removed, ==, 0);
  assert_same_as_store (self);
}

/* New rows come to the top, nothing else is touched. */
static void
test_refresh_added (Fixture *self, gconstpointer data)
{
  add_many (self, 500);
  open_library (self);
  add (self, 1000);
  add (self, 1001);
  gan_library_refresh (self->library);
  wait_loaded (self);
  g_assert_cmpuint (self->n_added, ==, 2);
  g_assert_cmpuint (self->n_removed, ==, 0);
  assert_same_as_store (self);
  self->n_changes = 0;
  gan_library_refresh (self->library);
  wait_loaded (self);
  g_assert_cmpuint (self->n_changes, ==, 0);
}

/* What others took away, put back or replaced is found, and only that is told. */
static void
test_refresh_removed (Fixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) gone = g_ptr_array_new_with_free_func (g_object_unref);
  gint64 ids[4] = { 0 };
  const guint positions[] = { 0, 7, 8, 499 };

  add_many (self, 500);
  open_library (self);
  for (guint i = 0; i < G_N_ELEMENTS (positions); i++)
    {
      g_ptr_array_add (gone, get (self, positions[i]));
      ids[i] = gan_library_row_get_id (gone->pdata[i]);
    }
  g_assert_true (gan_store_forget_files_sync (self->other, ids, G_N_ELEMENTS (ids), NULL));
  gan_library_refresh (self->library);
  wait_loaded (self);
  g_assert_cmpuint (self->n_removed, ==, 4);
  g_assert_cmpuint (self->n_added, ==, 0);
  g_assert_cmpuint (self->n_changes, ==, 3);
  assert_same_as_store (self);

  g_assert_true (gan_store_restore_files_sync (self->other, gone, NULL));
  add (self, 3000);
  gan_library_refresh (self->library);
  wait_loaded (self);
  g_assert_cmpuint (self->n_removed, ==, 4);
  g_assert_cmpuint (self->n_added, ==, 5);
  assert_same_as_store (self);

  /* The same path again: the old row went, a new one came. */
  add (self, 3000);
  gan_library_refresh (self->library);
  wait_loaded (self);
  assert_same_as_store (self);
}

/* A refresh in the middle of a load is not lost. */
static void
test_refresh_while_loading (Fixture *self, gconstpointer data)
{
  add_many (self, 600);
  begin (self);
  while (count (self) == 0)
    g_main_context_iteration (NULL, TRUE);
  add (self, 5000);
  gan_library_refresh (self->library);
  wait_loaded (self);
  g_assert_cmpuint (count (self), ==, 601);
  assert_same_as_store (self);
}

/* Only what others have done is looked for. */
static void
test_follow (Fixture *self, gconstpointer data)
{
  gint64 id = 0;
  g_autoptr (GanLibraryRow) first = NULL;

  add_many (self, 10);
  open_library (self);
  add (self, 5000);
  gan_library_follow (self->library);
  while (count (self) == 10)
    g_main_context_iteration (NULL, TRUE);
  wait_loaded (self);
  assert_same_as_store (self);

  first = get (self, 0);
  id = gan_library_row_get_id (first);
  g_assert_true (gan_store_forget_files_sync (gan_app_get_store (self->app), &id, 1, NULL));
  gan_library_follow (self->library);
  while (g_main_context_iteration (NULL, FALSE))
    g_assert_false (gan_library_is_loading (self->library));
  g_assert_cmpuint (count (self), ==, 11);
  gan_library_refresh (self->library);
  wait_loaded (self);
  assert_same_as_store (self);
}

static void
test_search (Fixture *self, gconstpointer data)
{
  g_autoptr (GanLibraryRow) first = NULL;

  for (guint i = 0; i < 20; i++)
    add (self, i);
  open_library (self);
  g_assert_cmpuint (count (self), ==, 20);
  gan_library_set_search (self->library, "SEA film");
  g_assert_cmpuint (count (self), ==, 20);
  wait_loaded (self);
  g_assert_cmpuint (count (self), ==, 10);
  gan_library_set_content_type (self->library, "audio");
  wait_loaded (self);
  g_assert_cmpuint (count (self), ==, 3);
  gan_library_set_platform (self->library, "reddit");
  wait_loaded (self);
  g_assert_cmpuint (count (self), ==, 0);
  gan_library_set_search (self->library, "");
  gan_library_set_content_type (self->library, NULL);
  wait_loaded (self);
  g_assert_cmpuint (count (self), ==, 10);
  first = get (self, 0);
  g_assert_cmpstr (gan_library_row_get_platform (first), ==, "reddit");
  /* Rows that do not match do not come in by the back door. */
  add (self, 101);
  add (self, 102);
  gan_library_refresh (self->library);
  wait_loaded (self);
  g_assert_cmpuint (count (self), ==, 11);
}

static void
loading_cb (GObject *object, GParamSpec *pspec, gpointer user_data)
{
  guint *n = user_data;

  (*n)++;
}

/* For every key a search: only the last one's rows are shown. */
static void
test_typing (Fixture *self, gconstpointer data)
{
  static const char word[] = "film-00077";
  guint n_loading = 0;

  add_many (self, 2000);
  open_library (self);
  g_signal_connect (self->library, "notify::loading", G_CALLBACK (loading_cb), &n_loading);
  for (gsize i = 1; i <= strlen (word); i++)
    {
      g_autofree char *typed = g_strndup (word, i);

      gan_library_set_search (self->library, typed);
    }
  wait_loaded (self);
  g_assert_cmpuint (count (self), ==, 1);
  g_assert_cmpuint (self->n_changes, ==, 1);
  g_assert_cmpuint (n_loading, ==, 2);
}

/* Let go of in the middle of a load. */
static void
test_let_go (Fixture *self, gconstpointer data)
{
  add_many (self, 1000);
  begin (self);
  while (count (self) == 0)
    g_main_context_iteration (NULL, TRUE);
  g_signal_handlers_disconnect_by_data (self->library, self);
  g_assert_finalize_object (g_steal_pointer (&self->library));
}

typedef struct
{
  gboolean is_done;
  gboolean ok;
  GPtrArray *gone;
  GError *error;
} Outcome;

static void
outcome_clear (Outcome *outcome)
{
  g_clear_pointer (&outcome->gone, g_ptr_array_unref);
  g_clear_error (&outcome->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Outcome, outcome_clear)

static void
forget_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Outcome *outcome = user_data;

  outcome->ok = gan_library_forget_finish (GAN_LIBRARY (source), result, &outcome->error);
  outcome->is_done = TRUE;
}

static void
restore_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Outcome *outcome = user_data;

  outcome->ok = gan_library_restore_finish (GAN_LIBRARY (source), result, &outcome->error);
  outcome->is_done = TRUE;
}

static void
trash_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Outcome *outcome = user_data;

  outcome->ok = gan_library_trash_finish (GAN_LIBRARY (source), result, &outcome->error);
  outcome->is_done = TRUE;
}

static void
check_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Outcome *outcome = user_data;

  outcome->gone = gan_library_check_finish (GAN_LIBRARY (source), result, &outcome->error);
  outcome->is_done = TRUE;
}

static void
wait_for (Outcome *outcome)
{
  gboolean is_late = FALSE;
  guint timeout = g_timeout_add_seconds (PATIENCE, give_up_cb, &is_late);

  while (!outcome->is_done && !is_late)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (is_late);
  g_source_remove (timeout);
}

static GPtrArray *
take (Fixture *self, guint first, guint n)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (rows, get (self, first + i));
  return rows;
}

static void
test_forget_and_restore (Fixture *self, gconstpointer data)
{
  g_auto (Outcome) forgotten = { FALSE };
  g_auto (Outcome) restored = { FALSE };
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GanLibraryRow) row = NULL;

  for (guint i = 0; i < 10; i++)
    add (self, i);
  open_library (self);
  rows = take (self, 3, 2);
  row = g_object_ref (rows->pdata[0]);
  gan_library_forget_async (self->library, rows, NULL, forget_cb, &forgotten);
  wait_for (&forgotten);
  g_assert_no_error (forgotten.error);
  g_assert_true (forgotten.ok);
  g_assert_cmpuint (count (self), ==, 8);
  g_assert_cmpuint (self->n_removed, ==, 2);
  assert_same_as_store (self);
  gan_library_restore_async (self->library, rows, NULL, restore_cb, &restored);
  wait_for (&restored);
  g_assert_no_error (restored.error);
  wait_loaded (self);
  g_assert_cmpuint (count (self), ==, 10);
  g_assert_cmpuint (self->n_added, ==, 2);
  assert_same_as_store (self);
}

/* Files that are there go to the wastebasket, those that are not are forgotten, a folder that
 * cannot be changed keeps its row. */
static void
test_trash (Fixture *self, gconstpointer data)
{
  g_auto (Outcome) trashed = { FALSE };
  g_auto (Outcome) again = { FALSE };
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GanLibraryRow) row = NULL;
  g_autoptr (GPtrArray) bad = NULL;
  g_autofree char *path = NULL;
  g_autofree char *kept = NULL;

  for (guint i = 0; i < 3; i++)
    add (self, i);
  gan_test_folder_write (self->folder, "film-00001.mp4", "film", -1);
  open_library (self);
  rows = take (self, 0, 2);
  path = gan_test_folder_dup_path (self->folder, "film-00001.mp4");
  gan_library_trash_async (self->library, rows, NULL, trash_cb, &trashed);
  wait_for (&trashed);
  g_assert_no_error (trashed.error);
  g_assert_true (trashed.ok);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  kept = g_build_filename (g_get_user_data_dir (), "Trash", "files", "film-00001.mp4", NULL);
  g_assert_true (g_file_test (kept, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (count (self), ==, 1);

  /* Not of this disk, and not to be moved. */
  row = gan_library_row_new ("/proc/version");
  g_assert_true (gan_store_add_file_sync (self->other, row, NULL));
  gan_library_refresh (self->library);
  wait_loaded (self);
  bad = take (self, 0, 1);
  gan_library_trash_async (self->library, bad, NULL, trash_cb, &again);
  wait_for (&again);
  g_assert_false (again.ok);
  g_assert_true (again.error->domain == GAN_ERROR);
  g_assert_cmpuint (count (self), ==, 2);
  assert_same_as_store (self);
}

static void
test_check (Fixture *self, gconstpointer data)
{
  g_auto (Outcome) checked = { FALSE };
  g_autoptr (GPtrArray) rows = NULL;

  for (guint i = 0; i < 3; i++)
    add (self, i);
  gan_test_folder_write (self->folder, "film-00001.mp4", "film", -1);
  open_library (self);
  rows = take (self, 0, 3);
  gan_library_check_async (self->library, rows, NULL, check_cb, &checked);
  wait_for (&checked);
  g_assert_no_error (checked.error);
  g_assert_cmpuint (checked.gone->len, ==, 2);
  g_assert_cmpstr (gan_library_row_get_title (checked.gone->pdata[0]), ==, "Film 2 about land");
  g_assert_cmpstr (gan_library_row_get_title (checked.gone->pdata[1]), ==, "Film 0 about land");
}

static void
failed_cb (GanLibrary *library, GError *error, gpointer user_data)
{
  GError **kept = user_data;

  g_assert_null (*kept);
  *kept = g_error_copy (error);
}

/* A database that cannot be opened is told, and is no end of the program. */
static void
test_failed (Fixture *self, gconstpointer data)
{
  g_autofree char *path = gan_test_folder_dup_path (self->folder, "gannet.db");
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  begin (self);
  g_signal_connect (self->library, "failed", G_CALLBACK (failed_cb), &error);
  wait_loaded (self);
  g_assert_error (error, GAN_ERROR, GAN_ERROR_DISK);
  g_assert_cmpuint (count (self), ==, 0);
  g_signal_handlers_disconnect_by_data (self->library, &error);
}

/* First rows at once, all of them in half a second, and never long in the way of drawing. */
static void
test_many (Fixture *self, gconstpointer data)
{
  gint64 start = 0;
  gint64 first = 0;
  gint64 all = 0;
  gint64 longest = 0;

  add_many (self, MANY);
  start = g_get_monotonic_time ();
  begin (self);
  while (gan_library_is_loading (self->library))
    {
      gint64 before = 0;

      while (!g_main_context_pending (NULL) && gan_library_is_loading (self->library))
        g_thread_yield ();
      before = g_get_monotonic_time ();
      g_main_context_iteration (NULL, FALSE);
      longest = MAX (longest, g_get_monotonic_time () - before);
      if (first == 0 && count (self) > 0)
        first = g_get_monotonic_time () - start;
    }
  all = g_get_monotonic_time () - start;
  g_test_message ("%u rows: first %.1f ms, all %.1f ms, longest step %.2f ms",
                  count (self),
                  (double) first / 1000,
                  (double) all / 1000,
                  (double) longest / 1000);
  g_assert_cmpuint (count (self), ==, MANY);
  g_assert_cmpint (first, <, all);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_autoptr (GanTestFolder) home = gan_test_folder_new ();

  /* The wastebasket is that of the disk's user. */
  g_setenv ("HOME", home->path, TRUE);
  g_setenv ("XDG_DATA_HOME", home->path, TRUE);
  g_test_init (&argc, &argv, NULL);
  ADD ("/library/empty", test_empty);
  ADD ("/library/pages", test_pages);
  ADD ("/library/refresh-added", test_refresh_added);
  ADD ("/library/refresh-removed", test_refresh_removed);
  ADD ("/library/refresh-while-loading", test_refresh_while_loading);
  ADD ("/library/follow", test_follow);
  ADD ("/library/search", test_search);
  ADD ("/library/typing", test_typing);
  ADD ("/library/let-go", test_let_go);
  ADD ("/library/forget-and-restore", test_forget_and_restore);
  ADD ("/library/trash", test_trash);
  ADD ("/library/check", test_check);
  ADD ("/library/failed", test_failed);
  ADD ("/library/U07-many", test_many);
  return g_test_run ();
}
