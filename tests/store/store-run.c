/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A program with nothing but the store in it, for tests that kill it or run two at once:
 *
 *   store-run PATH add PREFIX COUNT    adds PREFIX0, PREFIX1 …, each by a call of its own
 *   store-run PATH save COUNT          stores the progress of the first job, COUNT times
 *   store-run PATH finish              moves the first job to the library
 *   store-run PATH open                opens the file
 *   store-run PATH migrate             takes two steps that are still to come
 *
 * After each call that has ended it says what is certain now. */
#include "config.h"

#include "gan-error.h"
#include "gan-schema.h"
#include "gan-store.h"

static gboolean
add (GanStore *store, const char *prefix, guint count, GError **error)
{
  for (guint i = 0; i < count; i++)
    {
      g_autofree char *url = g_strdup_printf ("%s%u", prefix, i);
      g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
      g_autoptr (GPtrArray) stored = NULL;

      g_ptr_array_add (rows, gan_job_row_new (url));
      stored = gan_store_add_jobs_sync (store, rows, error);
      if (stored == NULL)
        return FALSE;
      g_print ("added %s\n", url);
    }
  return TRUE;
}

static GanJobRow *
load_first (GanStore *store, GError **error)
{
  g_autoptr (GPtrArray) rows = gan_store_load_jobs_sync (store, error);

  return rows != NULL && rows->len > 0 ? gan_job_row_copy (rows->pdata[0]) : NULL;
}

static gboolean
save (GanStore *store, guint count, GError **error)
{
  g_autoptr (GanJobRow) row = load_first (store, error);

  for (guint i = 1; row != NULL && i <= count; i++)
    {
      gan_job_row_set_downloaded (row, i);
      if (!gan_store_save_job_sync (store, row, error))
        return FALSE;
      g_print ("saved %u\n", i);
    }
  return row != NULL;
}

static gboolean
finish (GanStore *store, GError **error)
{
  g_autoptr (GanJobRow) row = load_first (store, error);
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_object_unref);

  if (row == NULL)
    return FALSE;
  g_ptr_array_add (files, gan_library_row_new ("/videos/a.mp4"));
  gan_library_row_set_platform (files->pdata[0], "vimeo");
  if (!gan_store_finish_job_sync (store, row, files, error))
    return FALSE;
  g_print ("finished\n");
  return TRUE;
}

static gboolean
migrate (const char *path, GError **error)
{
  static const char *const steps[]
      = { NULL, "ALTER TABLE jobs ADD COLUMN colour TEXT;", "UPDATE jobs SET colour = 'blue';" };
  g_autoptr (GanDatabase) database = gan_database_open (path, NULL, error);

  return database != NULL
         && gan_schema_migrate (database, path, steps, G_N_ELEMENTS (steps), error);
}

static gboolean
run (GanStore *store, int argc, char **argv, GError **error)
{
  GanDatabaseCondition condition = GAN_DATABASE_FINE;

  if (argc == 5 && g_str_equal (argv[2], "add"))
    return add (store, argv[3], (guint) g_ascii_strtoull (argv[4], NULL, 10), error);
  if (argc == 4 && g_str_equal (argv[2], "save"))
    return save (store, (guint) g_ascii_strtoull (argv[3], NULL, 10), error);
  if (argc == 3 && g_str_equal (argv[2], "finish"))
    return finish (store, error);
  if (argc == 3 && g_str_equal (argv[2], "migrate"))
    return migrate (argv[1], error);
  if (!gan_store_open_sync (store, &condition, error))
    return FALSE;
  g_print ("opened %d\n", (int) condition);
  return TRUE;
}

int
main (int argc, char **argv)
{
  g_autoptr (GanStore) store = NULL;
  g_autoptr (GError) error = NULL;

  if (argc < 3)
    return 2;
  store = gan_store_new (argv[1]);
  if (run (store, argc, argv, &error))
    return 0;
  g_print ("error %s %s\n",
           error == NULL                ? "none"
           : error->domain == GAN_ERROR ? gan_error_code_to_string ((GanErrorCode) error->code)
                                        : "foreign",
           error != NULL && gan_error_get_reason (error) != NULL ? gan_error_get_reason (error)
                                                                 : "-");
  return 1;
}
