/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-error.h"
#include "gan-stats.h"
#include "gan-test-fixture.h"
#include "gan-test-platform.h"

#include <glib/gstdio.h>

static GanApp *
make_app (GanTestFolder *folder)
{
  g_autofree char *slots = gan_test_folder_dup_path (folder, "slots");
  GanConfig config = { .data_dir = folder->path, .slots_path = slots };
  g_autoptr (GError) error = NULL;
  GanApp *app
      = gan_app_new (&config, gan_test_platform_table, gan_test_platform_table_size, &error);

  g_assert_no_error (error);
  return app;
}

static void
add (GanApp *app, const char *platform, const char *file, gint64 size)
{
  g_autoptr (GanLibraryRow) row = gan_library_row_new (file);

  gan_library_row_set_platform (row, platform);
  gan_library_row_set_size (row, size);
  g_assert_true (gan_store_add_file_sync (gan_app_get_store (app), row, NULL));
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_assert_null (source);
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static GanStats *
load (GanApp *app, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  gan_stats_load_async (app, NULL, loaded_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return gan_stats_load_finish (result, error);
}

static void
test_load (void)
{
  g_autoptr (GanTestFolder) folder = gan_test_folder_new ();
  g_autoptr (GanApp) app = make_app (folder);
  g_autoptr (GanStats) none = NULL;
  g_autoptr (GanStats) stats = NULL;
  g_autoptr (GError) error = NULL;
  const GanStat *first = NULL;
  const GanStat *second = NULL;

  none = load (app, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (none->sites->len, ==, 0);
  g_assert_cmpint (none->total.finished, ==, 0);

  add (app, "elsewhere", "/srv/a.mp4", 10);
  add (app, "mock", "/srv/b.mp4", 200);
  add (app, "mock", "/srv/c.mp4", 3000);
  g_assert_true (gan_store_count_failure_sync (gan_app_get_store (app), "elsewhere", NULL));
  stats = load (app, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (stats->sites->len, ==, 2);
  first = stats->sites->pdata[0];
  second = stats->sites->pdata[1];
  g_assert_cmpstr (first->platform, ==, "mock");
  g_assert_cmpstr (first->name, !=, "mock");
  g_assert_cmpint (first->finished, ==, 2);
  g_assert_cmpint (first->failed, ==, 0);
  g_assert_cmpint (first->bytes, ==, 3200);
  g_assert_cmpstr (second->name, ==, "elsewhere");
  g_assert_cmpint (second->failed, ==, 1);
  g_assert_cmpint (stats->total.finished, ==, 3);
  g_assert_cmpint (stats->total.failed, ==, 1);
  g_assert_cmpint (stats->total.bytes, ==, 3210);
}

static void
test_failed (void)
{
  g_autoptr (GanTestFolder) folder = gan_test_folder_new ();
  g_autofree char *path = gan_test_folder_dup_path (folder, "gannet.db");
  g_autoptr (GanApp) app = make_app (folder);
  g_autoptr (GanStats) stats = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  stats = load (app, &error);
  g_assert_null (stats);
  g_assert_error (error, GAN_ERROR, GAN_ERROR_DISK);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stats/load", test_load);
  g_test_add_func ("/stats/failed", test_failed);
  return g_test_run ();
}
