/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "gan-caption.h"
#include "gan-library-view.h"
#include "gan-library-widget.h"
#include "gan-test-ui.h"

#include <glib/gstdio.h>

#define MANY 3000

typedef struct
{
  GtkWidget *window;
  GanLibraryView *view;
  AdwToast *toast; /* the last one */
} Shown;

static void
toast_cb (GanLibraryView *view, AdwToast *toast, Shown *shown)
{
  g_set_object (&shown->toast, toast);
}

static void
show_library (GanTestUi *self, Shown *shown)
{
  gan_library_refresh (gan_session_get_library (self->session));
  shown->window = gtk_window_new ();
  shown->view = gan_library_view_new (self->session);
  shown->toast = NULL;
  g_signal_connect (shown->view, "toast", G_CALLBACK (toast_cb), shown);
  gtk_window_set_default_size (GTK_WINDOW (shown->window), 700, 600);
  gtk_window_set_child (GTK_WINDOW (shown->window), GTK_WIDGET (shown->view));
  gtk_window_present (GTK_WINDOW (shown->window));
  gan_test_ui_wait_mapped (shown->view);
}

static void
hide (Shown *shown)
{
  g_clear_object (&shown->toast);
  gan_test_ui_destroy (shown->window);
}

static gboolean
has_toast (gpointer user_data)
{
  return ((Shown *) user_data)->toast != NULL;
}

static void
test_empty (GanTestUi *self, gconstpointer data)
{
  Shown shown;

  show_library (self, &shown);
  gan_test_ui_wait_shown (shown.window, "Nothing Here Yet");
  g_assert_false (gan_test_ui_shows (shown.window, "Video"));
  hide (&shown);
}

/* Foreign text is shown as it is, figures in people's units. */
static void
test_row (GanTestUi *self, gconstpointer data)
{
  g_autoptr (GanLibraryRow) row = gan_test_ui_add_file (self, "a.mp4", "Waves <i>&amp; %s</i>");
  g_autofree char *wrong = NULL;
  GtkWidget *item = NULL;
  Shown shown;

  show_library (self, &shown);
  gan_test_ui_wait_shown (shown.window, "Waves <i>&amp; %s</i>");
  g_assert_true (gan_test_ui_shows (shown.window, "Some Creator · 12.3 MB · Today"));
  g_assert_true (gan_test_ui_shows (shown.window, "3:33"));
  item = gtk_widget_get_parent (gan_test_ui_find (shown.window, GAN_TYPE_LIBRARY_WIDGET, NULL));
  wrong = gtk_test_accessible_check_property (GTK_ACCESSIBLE (item),
                                              GTK_ACCESSIBLE_PROPERTY_LABEL,
                                              "Waves <i>&amp; %s</i>");
  g_assert_cmpstr (wrong, ==, NULL);
  g_assert_nonnull (gan_test_ui_find (shown.window, GTK_TYPE_BUTTON, "Show in Folder"));
  g_assert_false (gan_test_ui_shows (shown.window, "File is gone"));
  hide (&shown);
}

#define MAX_ROW_HEIGHT 120

/* Literal, in one row of bounded height, whatever it is. */
static void
check_title (GanTestUi *self, const char *title, const char *shown_as)
{
  g_autoptr (GanLibraryRow) row = gan_test_ui_add_file (self, "h08.mp4", title);
  GtkWidget *widget = NULL;
  GtkLabel *label = NULL;
  Shown shown;

  show_library (self, &shown);
  gan_test_ui_wait_shown (shown.window, shown_as);
  widget = gan_test_ui_find (shown.window, GAN_TYPE_LIBRARY_WIDGET, NULL);
  label = gan_test_ui_get_child (widget, "title");
  g_assert_false (gtk_label_get_use_markup (label));
  g_assert_cmpstr (gtk_label_get_text (label), ==, shown_as);
  gan_test_ui_wait_mapped (label);
  g_assert_cmpint (gtk_widget_get_height (widget), <=, MAX_ROW_HEIGHT);
  hide (&shown);
}

static void
test_titles (GanTestUi *self, gconstpointer data)
{
  g_autofree char *huge = g_strnfill (1024 * 1024, 'W');
  g_autofree char *cut = g_strndup (huge, 400);
  g_autofree char *few = NULL;
  g_autoptr (GString) marks = g_string_new ("e");

  check_title (self, "<b", "<b");
  check_title (self, "<span size='9999999'>&bogus; &amp;", "<span size='9999999'>&bogus; &amp;");
  check_title (self, "%s%n%1000000d", "%s%n%1000000d");
  check_title (self, "one\ntwo\r\n\nthree", "one two three");
  check_title (self, huge, cut);
  for (guint i = 0; i < 10000; i++)
    g_string_append (marks, "\314\200");
  few = gan_caption_dup_line (marks->str);
  check_title (self, marks->str, few);
}

static void
test_search_and_kinds (GanTestUi *self, gconstpointer data)
{
  g_autoptr (GanLibraryRow) waves = gan_test_ui_add_file (self, "a.mp4", "Waves");
  g_autoptr (GanLibraryRow) gulls = gan_test_ui_add_file (self, "b.mp4", "Gulls");
  GtkEditable *entry = NULL;
  Shown shown;

  show_library (self, &shown);
  gan_test_ui_wait_shown (shown.window, "Waves");
  gan_test_ui_wait_shown (shown.window, "Gulls");
  entry = gan_test_ui_get_child (shown.view, "search_entry");
  gan_library_view_set_search_mode (shown.view, TRUE);
  g_assert_true (gan_library_view_get_search_mode (shown.view));
  gtk_editable_set_text (entry, "wav");
  gan_test_ui_wait_hidden (shown.window, "Gulls");
  g_assert_true (gan_test_ui_shows (shown.window, "Waves"));
  gtk_editable_set_text (entry, "nowhere");
  gan_test_ui_wait_shown (shown.window, "Nothing Found");
  gan_library_view_set_search_mode (shown.view, FALSE);
  gan_test_ui_wait_shown (shown.window, "Gulls");
  gtk_toggle_button_set_active (gan_test_ui_find (shown.window, GTK_TYPE_TOGGLE_BUTTON, "Audio"),
                                TRUE);
  gan_test_ui_wait_shown (shown.window, "Nothing Found");
  gtk_toggle_button_set_active (gan_test_ui_find (shown.window, GTK_TYPE_TOGGLE_BUTTON, "Video"),
                                TRUE);
  gan_test_ui_wait_shown (shown.window, "Waves");
  hide (&shown);
}

/* Taken off the list the file stays, and comes back when people think better of it. */
static void
test_remove_and_undo (GanTestUi *self, gconstpointer data)
{
  g_autoptr (GanLibraryRow) row = gan_test_ui_add_file (self, "a.mp4", "Waves");
  Shown shown;

  show_library (self, &shown);
  gan_test_ui_wait_shown (shown.window, "Waves");
  gtk_widget_activate_action (gan_test_ui_find (shown.window, GAN_TYPE_LIBRARY_WIDGET, NULL),
                              "file.remove",
                              NULL);
  gan_test_ui_wait_hidden (shown.window, "Waves");
  gan_test_ui_wait (has_toast, &shown);
  g_assert_cmpstr (adw_toast_get_title (shown.toast), ==, "“Waves” removed from the list");
  g_assert_true (g_file_test (gan_library_row_get_file (row), G_FILE_TEST_EXISTS));
  g_signal_emit_by_name (shown.toast, "button-clicked");
  gan_test_ui_wait_shown (shown.window, "Waves");
  hide (&shown);
}

static gboolean
has_no_dialog (gpointer user_data)
{
  return gan_test_ui_find_dialog () == NULL;
}

/* Asks for the trash, and answers the question that follows. */
static void
answer_trash (Shown *shown, const char *button)
{
  gtk_widget_activate_action (gan_test_ui_find (shown->window, GAN_TYPE_LIBRARY_WIDGET, NULL),
                              "file.trash",
                              NULL);
  g_assert_nonnull (gan_test_ui_find_dialog ());
  gan_test_ui_wait_mapped (gan_test_ui_find_dialog ());
  g_assert_true (
      gan_test_ui_shows (gan_test_ui_find_dialog (), "“a.mp4” will also leave the library."));
  gan_test_ui_click (gan_test_ui_find_dialog (), button);
  gan_test_ui_wait (has_no_dialog, NULL);
}

static void
test_trash (GanTestUi *self, gconstpointer data)
{
  g_autoptr (GanLibraryRow) row = gan_test_ui_add_file (self, "a.mp4", "Waves");
  Shown shown;

  show_library (self, &shown);
  gan_test_ui_wait_shown (shown.window, "Waves");
  answer_trash (&shown, "_Cancel");
  g_assert_true (gan_test_ui_shows (shown.window, "Waves"));
  g_assert_true (g_file_test (gan_library_row_get_file (row), G_FILE_TEST_EXISTS));
  answer_trash (&shown, "_Move to Trash");
  gan_test_ui_wait_hidden (shown.window, "Waves");
  gan_test_ui_wait (has_toast, &shown);
  g_assert_cmpstr (adw_toast_get_title (shown.toast), ==, "File moved to the trash");
  g_assert_false (g_file_test (gan_library_row_get_file (row), G_FILE_TEST_EXISTS));
  hide (&shown);
}

static gboolean
has_job (gpointer user_data)
{
  return g_list_model_get_n_items (user_data) == 1;
}

static void
test_gone (GanTestUi *self, gconstpointer data)
{
  g_autoptr (GanLibraryRow) row = gan_test_ui_add_file (self, "a.mp4", "Waves");
  GanQueue *queue = gan_session_get_queue (self->session);
  g_autoptr (GanJob) job = NULL;
  Shown shown;

  g_assert_cmpint (g_unlink (gan_library_row_get_file (row)), ==, 0);
  show_library (self, &shown);
  gan_test_ui_wait_shown (shown.window, "File is gone");
  g_assert_null (gan_test_ui_find (shown.window, GTK_TYPE_BUTTON, "Show in Folder"));
  gan_test_ui_click (shown.window, "Download Again");
  gan_test_ui_wait (has_job, queue);
  job = g_list_model_get_item (G_LIST_MODEL (queue), 0);
  g_assert_cmpstr (gan_job_row_get_url (gan_job_get_row (job)), ==, "https://films.example/watch");
  g_assert_cmpstr (gan_job_row_get_folder (gan_job_get_row (job)), ==, self->folder->path);
  g_assert_cmpstr (gan_job_row_get_title (gan_job_get_row (job)), ==, "Waves");
  hide (&shown);
}

static gboolean
has_all (gpointer user_data)
{
  return g_list_model_get_n_items (user_data) == MANY;
}

/* However many files there are, only rows that can be seen exist. */
static void
test_many (GanTestUi *self, gconstpointer data)
{
  GanStore *store = gan_app_get_store (gan_session_get_app (self->session));
  guint n_rows = 0;
  Shown shown;

  for (guint i = 0; i < MANY; i++)
    {
      g_autofree char *file = g_strdup_printf ("/nowhere/%u.mp4", i);
      g_autoptr (GanLibraryRow) row = gan_library_row_new (file);

      gan_store_add_file_async (store, row, NULL, NULL, NULL);
    }
  show_library (self, &shown);
  gan_test_ui_wait (has_all, gan_session_get_library (self->session));
  n_rows = gan_test_ui_count_children (gan_test_ui_get_child (shown.view, "list_view"));
  g_assert_cmpuint (n_rows, >, 0);
  g_assert_cmpuint (n_rows, <, 250);
  hide (&shown);
}

int
main (int argc, char **argv)
{
  g_autoptr (GanTestFolder) home = gan_test_folder_new ();

  /* The trash is that of the disk's user. */
  g_setenv ("HOME", home->path, TRUE);
  g_setenv ("XDG_DATA_HOME", home->path, TRUE);
  gan_test_ui_init (&argc, &argv);
#define ADD(path, func)                                                                            \
  g_test_add (path, GanTestUi, NULL, gan_test_ui_set_up, func, gan_test_ui_tear_down)
  ADD ("/library-view/empty", test_empty);
  ADD ("/library-view/row", test_row);
  ADD ("/library-view/H08-titles", test_titles);
  ADD ("/library-view/search-and-kinds", test_search_and_kinds);
  ADD ("/library-view/remove-and-undo", test_remove_and_undo);
  ADD ("/library-view/trash", test_trash);
  ADD ("/library-view/gone", test_gone);
  ADD ("/library-view/many", test_many);
  return g_test_run ();
}
