/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fill-store DATABASE JOBS FILES URL: a queue and a library as a busy year leaves them. Jobs are
 * paused, with URL and a number as link; files of the library are named, not there. */
#include "config.h"

#include "gan-store.h"

static gboolean
add_jobs (GanStore *store, guint count, const char *url, GError **error)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) stored = NULL;

  for (guint i = 0; i < count; i++)
    {
      g_autofree char *link = g_strdup_printf ("%s%u", url, i);
      g_autofree char *title = g_strdup_printf ("Part %u of a long series about the sea", i);
      GanJobRow *row = gan_job_row_new (link);

      gan_job_row_set_title (row, title);
      gan_job_row_set_wanted (row, GAN_JOB_WANT_PAUSE);
      gan_job_row_set_state (row, GAN_JOB_PAUSED);
      gan_job_row_set_total (row, 700000000);
      gan_job_row_set_downloaded (row, 13000000 * (gint64) i);
      g_ptr_array_add (rows, row);
    }
  stored = gan_store_add_jobs_sync (store, rows, error);
  return stored != NULL;
}

static gboolean
add_files (GanStore *store, guint count, GError **error)
{
  for (guint i = 0; i < count; i++)
    {
      g_autofree char *file = g_strdup_printf ("/videos/series/part-%u.mp4", i);
      g_autofree char *title = g_strdup_printf ("Part %u of another series about birds", i);
      g_autoptr (GanLibraryRow) row = gan_library_row_new (file);

      gan_library_row_set_title (row, title);
      gan_library_row_set_creator (row, "The bench");
      gan_library_row_set_platform (row, "generic");
      gan_library_row_set_content_type (row, "video");
      gan_library_row_set_size (row, 400000000);
      gan_library_row_set_duration (row, 1200);
      gan_library_row_set_verified (row, "length");
      gan_library_row_set_finished_at (row, 1767225600 + 600 * (gint64) i);
      if (!gan_store_add_file_sync (store, row, error))
        return FALSE;
    }
  return TRUE;
}

int
main (int argc, char **argv)
{
  g_autoptr (GanStore) store = NULL;
  g_autoptr (GError) error = NULL;
  GanDatabaseCondition condition;

  if (argc != 5)
    {
      g_printerr ("usage: fill-store DATABASE JOBS FILES URL\n");
      return 2;
    }
  store = gan_store_new (argv[1]);
  if (gan_store_open_sync (store, &condition, &error)
      && add_jobs (store, g_ascii_strtoull (argv[2], NULL, 10), argv[4], &error))
    add_files (store, g_ascii_strtoull (argv[3], NULL, 10), &error);
  gan_store_close_sync (store);
  if (error != NULL)
    g_printerr ("fill-store: %s\n", error->message);
  return error == NULL ? 0 : 1;
}
