/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A row of the downloads: what it offers in every state, hostile text, and when it wakes up. */
#include "config.h"

#include "gan-job-widget.h"

#include "gan-clock.h"
#include "gan-test-ui.h"

static const GanJobNumbers half = { 5000000, 10000000, 1000000, 5 };

static GanJobRow *
make_row (const char *state)
{
  GanJobRow *row = gan_job_row_new ("https://a.example/v/1");

  gan_job_row_set_id (row, "job-1");
  gan_job_row_set_title (row, "A clip");
  gan_job_row_set_state (row, state);
  return row;
}

/* The names of the buttons that are to be seen, with a bar between them. */
static char *
dup_buttons (GtkWidget *widget)
{
  GtkWidget *box = gtk_widget_get_parent (gan_test_ui_get_child (widget, "first"));
  g_autoptr (GString) names = g_string_new (NULL);

  for (GtkWidget *button = gtk_widget_get_first_child (box); button != NULL;
       button = gtk_widget_get_next_sibling (button))
    {
      if (!gtk_widget_get_visible (button))
        continue;
      if (names->len > 0)
        g_string_append (names, " | ");
      g_string_append (names, gtk_widget_get_tooltip_text (button));
    }
  return g_strdup (names->str);
}

typedef struct
{
  const char *state;
  const char *buttons;
  gboolean progress;
} Case;

static const Case cases[] = {
  { GAN_JOB_WAITING, "Pause | Cancel", FALSE },
  { GAN_JOB_RESOLVING, "Pause | Cancel", FALSE },
  { GAN_JOB_RUNNING, "Pause | Cancel", TRUE },
  { GAN_JOB_VERIFYING, "Cancel", TRUE },
  { GAN_JOB_RETRYING, "Try Again | Cancel", TRUE },
  { GAN_JOB_PAUSED, "Resume | Cancel", TRUE },
  { GAN_JOB_FAILED, "Try Again | Remove From List", FALSE },
  { GAN_JOB_CANCELLED, "Try Again | Remove From List", FALSE },
  { GAN_JOB_DONE, "Open | Show in Folder", FALSE },
};

static void
test_state (gconstpointer data)
{
  const Case *wanted = data;
  GtkWidget *widget = g_object_ref_sink (gan_job_widget_new ());
  g_autoptr (GanJobRow) row = make_row (wanted->state);
  GtkWidget *progress = gan_test_ui_get_child (widget, "progress");
  g_autofree char *buttons = NULL;

  gan_job_widget_show (GAN_JOB_WIDGET (widget), row, &half);
  buttons = dup_buttons (widget);
  g_assert_cmpstr (buttons, ==, wanted->buttons);
  g_assert_cmpint (gtk_widget_get_visible (progress), ==, wanted->progress);
  g_assert_cmpfloat (gtk_progress_bar_get_fraction (GTK_PROGRESS_BAR (progress)), ==, 0.5);
  g_assert_finalize_object (widget);
}

/* Every button knows the job and says what it does, to a screen reader too. */
static void
test_buttons (void)
{
  GtkWidget *widget = g_object_ref_sink (gan_job_widget_new ());
  g_autoptr (GanJobRow) row = make_row (GAN_JOB_RUNNING);
  GtkWidget *box = gtk_widget_get_parent (gan_test_ui_get_child (widget, "first"));

  gan_job_widget_show (GAN_JOB_WIDGET (widget), row, &half);
  for (GtkWidget *button = gtk_widget_get_first_child (box); button != NULL;
       button = gtk_widget_get_next_sibling (button))
    {
      GVariant *target = gtk_actionable_get_action_target_value (GTK_ACTIONABLE (button));

      g_assert_cmpstr (g_variant_get_string (target, NULL), ==, "job-1");
      g_assert_nonnull (gtk_widget_get_tooltip_text (button));
      gtk_test_accessible_assert_property (GTK_ACCESSIBLE (button),
                                           GTK_ACCESSIBLE_PROPERTY_LABEL,
                                           gtk_widget_get_tooltip_text (button));
    }
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (widget),
                                       GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "A clip");
  g_assert_finalize_object (widget);
}

static int
measure (GtkWidget *widget)
{
  int natural = 0;

  gtk_widget_measure (widget, GTK_ORIENTATION_VERTICAL, 600, NULL, &natural, NULL, NULL);
  return natural;
}

static void
test_hostile (void)
{
  g_autofree char *megabyte = g_strnfill (1024 * 1024, 'W');
  g_autoptr (GString) accents = g_string_new ("Z");
  GtkWidget *widget = g_object_ref_sink (gan_job_widget_new ());
  GtkLabel *title = GTK_LABEL (gan_test_ui_get_child (widget, "title"));
  g_autoptr (GanJobRow) plain = make_row (GAN_JOB_RUNNING);
  const char *titles[] = { "<b>Bold", "&amp;", "%s%n%d", "a\nb\nc\ne", megabyte, NULL };
  int height = 0;

  for (guint i = 0; i < 10000; i++)
    g_string_append (accents, "\xcc\x81");
  titles[G_N_ELEMENTS (titles) - 1] = accents->str;
  gan_job_widget_show (GAN_JOB_WIDGET (widget), plain, &half);
  height = measure (widget);
  for (gsize i = 0; i < G_N_ELEMENTS (titles); i++)
    {
      g_autoptr (GanJobRow) row = make_row (GAN_JOB_RUNNING);

      gan_job_row_set_title (row, titles[i]);
      gan_job_row_set_creator (row, titles[i]);
      gan_job_widget_show (GAN_JOB_WIDGET (widget), row, &half);
      g_assert_false (gtk_label_get_use_markup (title));
      if (i < 3)
        g_assert_cmpstr (gtk_label_get_text (title), ==, titles[i]);
      g_assert_cmpint (measure (widget), <=, height + 12);
    }
  g_assert_finalize_object (widget);
}

/* Sources that wake up for @widget. */
static gboolean
has_timer (GtkWidget *widget)
{
  return g_main_context_find_source_by_user_data (NULL, widget) != NULL;
}

static gboolean
says_less (gpointer data)
{
  return g_str_has_suffix (gtk_label_get_text (data), "in 98 s");
}

static void
test_countdown (void)
{
  GtkWidget *window = gtk_window_new ();
  GtkWidget *widget = gan_job_widget_new ();
  g_autoptr (GanJobRow) row = make_row (GAN_JOB_RETRYING);
  g_autoptr (GanJobRow) running = make_row (GAN_JOB_RUNNING);
  GtkWidget *status = gan_test_ui_get_child (widget, "status");

  gan_job_row_set_error_code (row, "network");
  gan_job_row_set_retry_at (row, gan_clock_get_wall (gan_clock_get_system ()) + 100);
  gtk_window_set_child (GTK_WINDOW (window), widget);
  gan_job_widget_show (GAN_JOB_WIDGET (widget), row, &half);
  g_assert_false (has_timer (widget));

  gtk_window_present (GTK_WINDOW (window));
  gan_test_ui_wait_mapped (widget);
  g_assert_true (has_timer (widget));
  gan_test_ui_wait (says_less, status);

  gan_job_widget_show (GAN_JOB_WIDGET (widget), running, &half);
  g_assert_false (has_timer (widget));
  gan_job_widget_show (GAN_JOB_WIDGET (widget), row, &half);
  g_assert_true (has_timer (widget));
  gtk_widget_set_visible (window, FALSE);
  g_assert_false (has_timer (widget));
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_narrow (void)
{
  GtkWidget *widget = g_object_ref_sink (gan_job_widget_new ());
  GtkWidget *origin = gan_test_ui_get_child (widget, "origin");
  g_autoptr (GanJobRow) row = make_row (GAN_JOB_FAILED);
  int minimum = 0;

  gan_job_row_set_error_code (row, "geo-blocked");
  gan_job_widget_show (GAN_JOB_WIDGET (widget), row, &half);
  g_assert_true (gtk_widget_get_visible (origin));
  gan_job_widget_set_narrow (GAN_JOB_WIDGET (widget), TRUE);
  g_assert_false (gtk_widget_get_visible (origin));
  gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  g_assert_cmpint (minimum, <=, 360 - 48);
  g_assert_finalize_object (widget);
}

int
main (int argc, char **argv)
{
  gan_test_ui_init (&argc, &argv);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/job-widget/state/", cases[i].state, NULL);

      g_test_add_data_func (path, &cases[i], test_state);
    }
  g_test_add_func ("/job-widget/buttons", test_buttons);
  g_test_add_func ("/job-widget/H08-hostile", test_hostile);
  g_test_add_func ("/job-widget/countdown", test_countdown);
  g_test_add_func ("/job-widget/narrow", test_narrow);
  return g_test_run ();
}
