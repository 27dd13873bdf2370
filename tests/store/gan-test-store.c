/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-test-store.h"

#include <sqlite3.h>
#include <string.h>

void
gan_test_store_set_up (GanTestStore *self, gconstpointer data)
{
  self->folder = gan_test_folder_new ();
  self->path = gan_test_folder_dup_path (self->folder, "queue.db");
}

void
gan_test_store_tear_down (GanTestStore *self, gconstpointer data)
{
  g_free (self->path);
  gan_test_folder_free (self->folder);
}

/* Runs @sql with SQLite alone, as another program would. */
void
gan_test_store_sql (GanTestStore *self, const char *sql)
{
  sqlite3 *handle = NULL;
  g_autofree char *text = NULL;
  char *message = NULL;

  g_assert_cmpint (sqlite3_open (self->path, &handle), ==, SQLITE_OK);
  sqlite3_exec (handle, sql, NULL, NULL, &message);
  text = g_strdup (message);
  sqlite3_free (message);
  sqlite3_close (handle);
  g_assert_cmpstr (text, ==, NULL);
}

/* The first column of the first row, as text. */
char *
gan_test_store_dup (GanTestStore *self, const char *sql)
{
  sqlite3 *handle = NULL;
  sqlite3_stmt *statement = NULL;
  char *text = NULL;

  g_assert_cmpint (sqlite3_open_v2 (self->path, &handle, SQLITE_OPEN_READWRITE, NULL),
                   ==,
                   SQLITE_OK);
  g_assert_cmpint (sqlite3_prepare_v2 (handle, sql, -1, &statement, NULL), ==, SQLITE_OK);
  if (sqlite3_step (statement) == SQLITE_ROW)
    text = g_strdup ((const char *) sqlite3_column_text (statement, 0));
  sqlite3_finalize (statement);
  sqlite3_close (handle);
  return text;
}

void
gan_test_store_assert_sound (GanTestStore *self)
{
  g_autofree char *found = gan_test_store_dup (self, "PRAGMA integrity_check");

  g_assert_cmpstr (found, ==, "ok");
}

/* Whether @text stands in any file of the folder. */
gboolean
gan_test_store_has_bytes (GanTestStore *self, const char *text)
{
  g_auto (GStrv) names = gan_test_folder_list (self->folder);

  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autoptr (GBytes) bytes = gan_test_folder_load (self->folder, names[i]);
      gsize size = 0;
      const void *data = g_bytes_get_data (bytes, &size);

      if (data != NULL && memmem (data, size, text, strlen (text)) != NULL)
        return TRUE;
    }
  return FALSE;
}

GanJobRow *
gan_test_store_add (GanStore *store, const char *url)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) stored = NULL;
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (rows, gan_job_row_new (url));
  stored = gan_store_add_jobs_sync (store, rows, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (stored->len, ==, 1);
  return g_object_ref (stored->pdata[0]);
}

/* Their links, with a space between. */
char *
gan_test_store_dup_urls (GPtrArray *rows)
{
  g_autoptr (GString) urls = g_string_new (NULL);

  for (guint i = 0; i < rows->len; i++)
    g_string_append_printf (urls, "%s%s", i > 0 ? " " : "", gan_job_row_get_url (rows->pdata[i]));
  return g_string_free (g_steal_pointer (&urls), FALSE);
}

void
gan_test_store_open_set_up (GanTestStoreOpen *self, gconstpointer data)
{
  gan_test_store_set_up (&self->base, data);
  self->store = gan_store_new (self->base.path);
}

void
gan_test_store_open_tear_down (GanTestStoreOpen *self, gconstpointer data)
{
  g_assert_finalize_object (self->store);
  gan_test_store_assert_sound (&self->base);
  gan_test_store_tear_down (&self->base, data);
}

GPtrArray *
gan_test_store_find (GanTestStoreOpen *self, const char *text)
{
  GanLibraryFilter filter = { .text = text };
  g_autoptr (GError) error = NULL;
  GPtrArray *rows = gan_store_find_files_sync (self->store, &filter, &error);

  g_assert_no_error (error);
  return rows;
}

guint
gan_test_store_count_found (GanTestStoreOpen *self, const char *text)
{
  g_autoptr (GPtrArray) rows = gan_test_store_find (self, text);

  return rows->len;
}

void
gan_test_store_add_file (GanTestStoreOpen *self,
                         const char *file,
                         const char *title,
                         const char *creator)
{
  g_autoptr (GanLibraryRow) row = gan_library_row_new (file);
  g_autoptr (GError) error = NULL;

  gan_library_row_set_title (row, title);
  gan_library_row_set_creator (row, creator);
  gan_library_row_set_platform (row, "vimeo");
  gan_library_row_set_size (row, 1000);
  gan_store_add_file_sync (self->store, row, &error);
  g_assert_no_error (error);
}

void
gan_test_store_assert_same (gpointer expected, gpointer actual)
{
  g_autofree char *difference = gan_record_dup_difference (expected, actual);

  g_assert_cmpstr (difference, ==, NULL);
}

void
gan_test_store_assert_stats (GanTestStoreOpen *self, gint64 finished, gint64 failed, gint64 bytes)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) all = gan_store_load_stats_sync (self->store, &error);
  GanSiteStats *stats = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (all->len, ==, 1);
  stats = &g_array_index (all, GanSiteStats, 0);
  g_assert_cmpstr (stats->platform, ==, "vimeo");
  g_assert_cmpint (stats->finished, ==, finished);
  g_assert_cmpint (stats->failed, ==, failed);
  g_assert_cmpint (stats->bytes, ==, bytes);
}
