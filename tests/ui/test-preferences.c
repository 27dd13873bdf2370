/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "gan-folder-row.h"
#include "gan-preferences-window.h"
#include "gan-test-ui.h"

static GanPreferencesWindow *
open_window (GanTestUi *self)
{
  GanPreferencesWindow *window = gan_preferences_window_new (self->session);

  gtk_window_present (GTK_WINDOW (window));
  gan_test_ui_wait_mapped (window);
  return window;
}

/* What people change is set at once. */
static void
test_to_settings (GanTestUi *self, gconstpointer data)
{
  GanSettings *settings = gan_session_get_settings (self->session);
  GanPreferencesWindow *window = open_window (self);

  gtk_adjustment_set_value (gan_test_ui_get_child (window, "max_jobs"), 7);
  g_assert_cmpuint (gan_settings_get_max_jobs (settings), ==, 7);
  gtk_adjustment_set_value (gan_test_ui_get_child (window, "max_jobs_per_host"), 4);
  g_assert_cmpuint (gan_settings_get_max_jobs_per_host (settings), ==, 4);
  gtk_switch_set_active (gan_test_ui_get_child (window, "notify_switch"), FALSE);
  g_assert_false (gan_settings_get_notify (settings));
  adw_combo_row_set_selected (gan_test_ui_get_child (window, "wish_row"), 3);
  g_assert_cmpstr (gan_settings_get_wish (settings), ==, "1080p");
  adw_combo_row_set_selected (gan_test_ui_get_child (window, "scheme_row"), 2);
  g_assert_cmpstr (gan_settings_get_color_scheme (settings), ==, "dark");
  gan_folder_row_set_folder (gan_test_ui_get_child (window, "folder_row"), self->folder->path);
  g_assert_cmpstr (gan_settings_get_download_folder (settings), ==, self->folder->path);
  gan_test_ui_destroy (window);
}

static void
test_speed_limit (GanTestUi *self, gconstpointer data)
{
  GanSettings *settings = gan_session_get_settings (self->session);
  GanPreferencesWindow *window = open_window (self);
  AdwExpanderRow *limit = gan_test_ui_get_child (window, "limit_row");
  GtkAdjustment *rate = gan_test_ui_get_child (window, "rate");
  GtkDropDown *unit = gan_test_ui_get_child (window, "rate_unit");

  g_assert_cmpint (gan_settings_get_limit_rate (settings), ==, 0);
  g_assert_false (adw_expander_row_get_enable_expansion (limit));
  adw_expander_row_set_enable_expansion (limit, TRUE);
  g_assert_cmpint (gan_settings_get_limit_rate (settings), ==, 1000000);
  gtk_adjustment_set_value (rate, 2.5);
  g_assert_cmpint (gan_settings_get_limit_rate (settings), ==, 2500000);
  gtk_drop_down_set_selected (unit, 0);
  g_assert_cmpint (gan_settings_get_limit_rate (settings), ==, 2500);
  adw_expander_row_set_enable_expansion (limit, FALSE);
  g_assert_cmpint (gan_settings_get_limit_rate (settings), ==, 0);
  gan_test_ui_destroy (window);
}

/* What changes elsewhere is shown. */
static void
test_from_settings (GanTestUi *self, gconstpointer data)
{
  GanSettings *settings = gan_session_get_settings (self->session);
  GanPreferencesWindow *window = NULL;

  gan_settings_set_limit_rate (settings, 512000);
  gan_settings_set_wish (settings, "audio");
  window = open_window (self);
  g_assert_true (
      adw_expander_row_get_enable_expansion (gan_test_ui_get_child (window, "limit_row")));
  g_assert_cmpfloat (gtk_adjustment_get_value (gan_test_ui_get_child (window, "rate")), ==, 512);
  g_assert_cmpuint (gtk_drop_down_get_selected (gan_test_ui_get_child (window, "rate_unit")),
                    ==,
                    0);
  g_assert_true (gan_test_ui_shows (window, "Audio only"));
  gan_settings_set_max_jobs (settings, 2);
  g_assert_cmpfloat (gtk_adjustment_get_value (gan_test_ui_get_child (window, "max_jobs")), ==, 2);
  gan_settings_set_limit_rate (settings, 3000000);
  g_assert_cmpfloat (gtk_adjustment_get_value (gan_test_ui_get_child (window, "rate")), ==, 3);
  g_assert_cmpint (gan_settings_get_limit_rate (settings), ==, 3000000);
  g_assert_cmpstr (gan_settings_get_wish (settings), ==, "audio");
  gan_test_ui_destroy (window);
}

int
main (int argc, char **argv)
{
  gan_test_ui_init (&argc, &argv);
#define ADD(path, func)                                                                            \
  g_test_add (path, GanTestUi, NULL, gan_test_ui_set_up, func, gan_test_ui_tear_down)
  ADD ("/preferences/to-settings", test_to_settings);
  ADD ("/preferences/speed-limit", test_speed_limit);
  ADD ("/preferences/from-settings", test_from_settings);
  return g_test_run ();
}
