/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Settings, queue and library together, as the window has them. */
#include "config.h"

#include "gan-error.h"
#include "gan-session.h"
#include "gan-test-platform.h"
#include "gan-test-queue.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct
{
  GanTestQueue base; /* folder and server; its own queue is not opened */
  GanConfig *config;
  GanSession *session;
} Fixture;

static void
make_session (Fixture *self)
{
  g_autoptr (GError) error = NULL;

  self->session = gan_session_new (self->config,
                                   GAN_OWNER_CLAIMS,
                                   gan_test_platform_table,
                                   gan_test_platform_table_size,
                                   &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  gan_test_queue_set_up (&self->base, data);
  self->config = gan_config_new (TRUE, &error);
  g_assert_no_error (error);
  g_free (self->config->data_dir);
  self->config->data_dir = g_strdup (self->base.data);
  g_free (self->config->slots_path);
  self->config->slots_path = g_build_filename (self->base.data, "slots", NULL);
  make_session (self);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_assert_finalize_object (self->session);
  gan_config_free (self->config);
  gan_test_queue_tear_down (&self->base, data);
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

static gboolean
open_session (Fixture *self, GanDatabaseCondition *condition, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  gan_session_open_async (self->session, NULL, store_result, &result);
  g_assert_true (gan_test_queue_wait (has_result, &result, GAN_TEST_PATIENCE));
  return gan_session_open_finish (self->session, result, condition, error);
}

static void
close_session (Fixture *self)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  gan_session_close_async (self->session, store_result, &result);
  g_assert_true (gan_test_queue_wait (has_result, &result, GAN_TEST_PATIENCE));
  g_assert_true (gan_session_close_finish (self->session, result, &error));
  g_assert_no_error (error);
  g_clear_object (&result);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
}

static gboolean
has_file (gpointer data)
{
  return g_list_model_get_n_items (data) == 1;
}

/* From a link to a row of the library, which hears of it by itself. */
static void
test_download (Fixture *self, gconstpointer data)
{
  GanDatabaseCondition condition = GAN_DATABASE_SAVED;
  GListModel *library = G_LIST_MODEL (gan_session_get_library (self->session));
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) stored = NULL;
  g_autoptr (GanLibraryRow) row = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (open_session (self, &condition, &error));
  g_assert_no_error (error);
  g_assert_cmpint (condition, ==, GAN_DATABASE_FINE);
  g_assert_true (gan_queue_is_owner (gan_session_get_queue (self->session)));
  g_ptr_array_add (rows, gan_test_queue_new_row (&self->base, "/file/a.mp4?size=100000&seed=3"));
  gan_queue_add_async (gan_session_get_queue (self->session), rows, NULL, store_result, &result);
  g_assert_true (gan_test_queue_wait (has_result, &result, GAN_TEST_PATIENCE));
  stored = gan_queue_add_finish (gan_session_get_queue (self->session), result, &error);
  g_assert_no_error (error);
  g_assert_true (gan_test_queue_wait (has_file, library, GAN_TEST_PATIENCE));
  row = g_list_model_get_item (library, 0);
  g_assert_cmpstr (gan_library_row_get_title (row), ==, "a");
  close_session (self);
  gan_test_queue_assert_film (&self->base, "a.mp4", 100000, 3);
}

/* A file that another program has downloaded is heard of. */
static void
test_other_program (Fixture *self, gconstpointer data)
{
  GListModel *library = G_LIST_MODEL (gan_session_get_library (self->session));
  g_autofree char *path = g_build_filename (self->base.data, "gannet.db", NULL);
  g_autoptr (GanLibraryRow) row = gan_library_row_new ("/srv/films/a.mp4");
  g_autoptr (GanStore) other = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (open_session (self, NULL, &error));
  while (gan_library_is_loading (GAN_LIBRARY (library)))
    g_main_context_iteration (NULL, TRUE);
  other = gan_store_new (path);
  g_assert_true (gan_store_add_file_sync (other, row, &error));
  g_assert_true (gan_owner_wake (self->base.data, &error));
  g_assert_true (gan_test_queue_wait (has_file, library, GAN_TEST_PATIENCE));
  close_session (self);
}

/* What is set while it runs counts at once, but not against an option. */
static void
test_settings (Fixture *self, gconstpointer data)
{
  GanSettings *settings = gan_session_get_settings (self->session);
  const GanConfig *config = gan_session_get_config (self->session);

  g_assert_true (config == self->config);
  g_assert_cmpstr (config->wish, ==, "best");
  gan_settings_set_wish (settings, "720p");
  gan_settings_set_limit_rate (settings, 50000);
  gan_settings_set_download_folder (settings, "/srv/films");
  g_assert_cmpstr (config->wish, ==, "720p");
  g_assert_cmpint (config->limit_rate, ==, 50000);
  g_assert_cmpstr (config->download_dir, ==, "/srv/films");
  g_assert_true (open_session (self, NULL, NULL));
  close_session (self);
}

static void
test_damaged (Fixture *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->base.data, "gannet.db", NULL);
  g_autofree char *garbage = g_strnfill (40000, 'x');
  GanDatabaseCondition condition = GAN_DATABASE_FINE;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (self->base.data, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, garbage, -1, NULL));
  g_assert_true (open_session (self, &condition, &error));
  g_assert_no_error (error);
  g_assert_cmpint (condition, ==, GAN_DATABASE_SAVED);
  close_session (self);
}

/* One that cannot be opened can be let go all the same. */
static void
test_failed (Fixture *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->base.data, "gannet.db", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (path, 0700), ==, 0);
  g_assert_false (open_session (self, NULL, &error));
  g_assert_error (error, GAN_ERROR, GAN_ERROR_DISK);
}

static gboolean
is_left_alone (gpointer data)
{
  Fixture *self = data;

  return !gan_owner_is_there (self->base.data);
}

/* Closed while it is opened, at each turn of the main loop on the way: both calls end, and nobody
 * has the queue. */
static void
test_close_while_opening (Fixture *self, gconstpointer data)
{
  gboolean was_open = FALSE;

  for (guint turns = 0; !was_open; turns++)
    {
      g_autoptr (GAsyncResult) opened = NULL;
      g_autoptr (GError) error = NULL;

      g_assert_cmpuint (turns, <, 1000);
      gan_session_open_async (self->session, NULL, store_result, &opened);
      for (guint i = 0; i < turns && opened == NULL; i++)
        g_main_context_iteration (NULL, TRUE);
      close_session (self);
      g_assert_true (gan_test_queue_wait (has_result, &opened, GAN_TEST_PATIENCE));
      was_open = gan_session_open_finish (self->session, opened, NULL, &error);
      if (!was_open)
        g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_assert_true (gan_test_queue_wait (is_left_alone, self, GAN_TEST_PATIENCE));
      g_clear_object (&opened);
      g_assert_finalize_object (g_steal_pointer (&self->session));
      make_session (self);
    }
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_autoptr (GanTestFolder) home = gan_test_folder_new ();

  /* The settings are those of this run. */
  g_setenv ("XDG_CONFIG_HOME", home->path, TRUE);
  g_unsetenv ("GANNET_DOWNLOAD_DIR");
  g_test_init (&argc, &argv, NULL);
  ADD ("/session/download", test_download);
  ADD ("/session/other-program", test_other_program);
  ADD ("/session/settings", test_settings);
  ADD ("/session/damaged", test_damaged);
  ADD ("/session/failed", test_failed);
  ADD ("/session/close-while-opening", test_close_while_opening);
  return g_test_run ();
}
