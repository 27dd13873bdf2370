/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page of downloads over a real queue: what it shows, what can be brought back, and what stays
 * when something is finished. */
#include "config.h"

#include "gan-downloads-view.h"
#include "gan-test-ui.h"

/* Goes on for as long as a test does. */
#define SLOW "/slow/clip.mp4?size=50000000&seed=1&rate=200000"

typedef struct
{
  GanTestUi *ui;
  GtkWidget *window;
  AdwToastOverlay *toasts;
  GanDownloadsView *view;
  AdwToast *toast; /* the last one */
} Shown;

static void
toast_cb (GanDownloadsView *view, AdwToast *toast, Shown *shown)
{
  g_set_object (&shown->toast, toast);
  adw_toast_overlay_add_toast (shown->toasts, g_object_ref (toast));
}

static void
show (GanTestUi *ui, Shown *shown)
{
  shown->ui = ui;
  shown->toast = NULL;
  shown->window = gtk_window_new ();
  shown->view = g_object_new (GAN_TYPE_DOWNLOADS_VIEW, NULL);
  g_signal_connect (shown->view, "toast", G_CALLBACK (toast_cb), shown);
  gtk_window_set_default_size (GTK_WINDOW (shown->window), 700, 600);
  shown->toasts = ADW_TOAST_OVERLAY (adw_toast_overlay_new ());
  adw_toast_overlay_set_child (shown->toasts, GTK_WIDGET (shown->view));
  gtk_window_set_child (GTK_WINDOW (shown->window), GTK_WIDGET (shown->toasts));
  gtk_window_present (GTK_WINDOW (shown->window));
  gan_test_ui_wait_mapped (shown->view);
  g_object_set (shown->view, "session", ui->session, "ready", TRUE, NULL);
}

static void
hide (Shown *shown)
{
  g_clear_object (&shown->toast);
  gan_test_ui_destroy (shown->window);
}

static GanQueue *
get_queue (Shown *shown)
{
  return gan_session_get_queue (shown->ui->session);
}

typedef struct
{
  GPtrArray *rows;
  gboolean done;
} Added;

static gboolean
is_added (gpointer data)
{
  return ((Added *) data)->done;
}

static void
added_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  Added *added = user_data;

  added->rows = gan_queue_add_finish (GAN_QUEUE (source), result, &error);
  g_assert_no_error (error);
  added->done = TRUE;
}

/* Returns: (transfer full): the id of the new job */
static char *
add (Shown *shown, const char *path)
{
  g_autofree char *link = gan_test_server_dup_url (shown->ui->server, path);
  g_autofree char *folder = gan_test_folder_dup_path (shown->ui->folder, "downloads");
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  GanJobRow *row = gan_job_row_new (link);
  Added added = { NULL, FALSE };
  char *id = NULL;

  gan_job_row_set_folder (row, folder);
  gan_job_row_set_wish (row, "best");
  g_ptr_array_add (rows, row);
  gan_queue_add_async (get_queue (shown), rows, NULL, added_cb, &added);
  gan_test_ui_wait (is_added, &added);
  id = g_strdup (gan_job_row_get_id (g_ptr_array_index (added.rows, 0)));
  g_ptr_array_unref (added.rows);
  return id;
}

static const char *
get_page (Shown *shown)
{
  return gtk_stack_get_visible_child_name (gan_test_ui_get_child (shown->view, "stack"));
}

static guint
count_rows (Shown *shown)
{
  return g_list_model_get_n_items (gan_downloads_view_get_model (shown->view));
}

typedef struct
{
  Shown *shown;
  const char *id;
} Subject;

static gboolean
is_running (gpointer data)
{
  Subject *subject = data;
  GanJob *job = gan_queue_find (get_queue (subject->shown), subject->id);

  return job != NULL && g_strcmp0 (gan_job_get_state (job), GAN_JOB_RUNNING) == 0
         && gan_job_get_downloaded (job) > 0;
}

static gboolean
is_paused (gpointer data)
{
  Subject *subject = data;
  GanJob *job = gan_queue_find (get_queue (subject->shown), subject->id);

  return g_strcmp0 (gan_job_get_state (job), GAN_JOB_PAUSED) == 0;
}

static gboolean
is_gone (gpointer data)
{
  Subject *subject = data;

  return gan_queue_find (get_queue (subject->shown), subject->id) == NULL;
}

static gboolean
has_part (Shown *shown)
{
  g_auto (GStrv) names = gan_test_folder_list (shown->ui->folder);
  g_autofree char *downloads = gan_test_folder_dup_path (shown->ui->folder, "downloads");
  g_autoptr (GDir) folder = g_dir_open (downloads, 0, NULL);

  for (const char *name = g_dir_read_name (folder); name != NULL; name = g_dir_read_name (folder))
    {
      if (g_str_has_suffix (name, ".part"))
        return TRUE;
    }
  return FALSE;
}

static gboolean
has_no_part (gpointer data)
{
  return !has_part (data);
}

static void
test_empty (GanTestUi *ui, gconstpointer data)
{
  Shown shown;

  show (ui, &shown);
  g_assert_cmpstr (get_page (&shown), ==, "empty");
  gan_test_ui_wait_shown (shown.view, "Drop Links Here");
  hide (&shown);
}

/* A running job is taken off the list: it is gone from sight at once, but nothing is lost before
 * the toast goes. */
static void
test_undo (GanTestUi *ui, gconstpointer data)
{
  Shown shown;
  g_autofree char *id = NULL;
  Subject subject = { &shown, NULL };

  show (ui, &shown);
  subject.id = id = add (&shown, SLOW);
  gan_test_ui_wait (is_running, &subject);
  g_assert_cmpstr (get_page (&shown), ==, "list");
  g_assert_cmpuint (count_rows (&shown), ==, 1);

  gan_test_ui_click (shown.view, "Cancel");
  g_assert_cmpuint (count_rows (&shown), ==, 0);
  g_assert_nonnull (shown.toast);
  g_assert_cmpstr (adw_toast_get_title (shown.toast), ==, "“clip.mp4” cancelled");
  gan_test_ui_wait (is_paused, &subject);
  g_assert_true (has_part (&shown));

  gan_test_ui_click (shown.toasts, "_Undo");
  g_assert_cmpuint (count_rows (&shown), ==, 1);
  gan_test_ui_wait (is_running, &subject);
  hide (&shown);
}

static void
test_remove (GanTestUi *ui, gconstpointer data)
{
  Shown shown;
  g_autofree char *id = NULL;
  Subject subject = { &shown, NULL };

  show (ui, &shown);
  subject.id = id = add (&shown, SLOW);
  gan_test_ui_wait (is_running, &subject);
  gan_test_ui_click (shown.view, "Cancel");
  g_assert_nonnull (gan_queue_find (get_queue (&shown), id));
  adw_toast_dismiss (shown.toast);
  gan_test_ui_wait (is_gone, &subject);
  gan_test_ui_wait (has_no_part, &shown);
  g_assert_cmpstr (get_page (&shown), ==, "empty");
  hide (&shown);
}

/* Only the last removal can be undone: the one before is done when the next begins. */
static void
test_commit (GanTestUi *ui, gconstpointer data)
{
  Shown shown;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  Subject subject = { &shown, NULL };

  show (ui, &shown);
  subject.id = first = add (&shown, SLOW);
  second = add (&shown, SLOW "&n=2");
  gan_test_ui_wait (is_running, &subject);
  gtk_widget_activate_action (GTK_WIDGET (shown.view), "downloads.dismiss", "s", first);
  gtk_widget_activate_action (GTK_WIDGET (shown.view), "downloads.dismiss", "s", second);
  gan_test_ui_wait (is_gone, &subject);
  g_assert_nonnull (gan_queue_find (get_queue (&shown), second));
  gan_downloads_view_commit (shown.view);
  subject.id = second;
  gan_test_ui_wait (is_gone, &subject);
  hide (&shown);
}

static gboolean
is_finished (gpointer data)
{
  Subject *subject = data;

  return gan_downloads_view_find_finished (subject->shown->view, subject->id) != NULL;
}

/* What is finished stays below until it is cleared. */
static void
test_finished (GanTestUi *ui, gconstpointer data)
{
  Shown shown;
  g_autofree char *id = NULL;
  Subject subject = { &shown, NULL };
  GanFinished *finished = NULL;

  show (ui, &shown);
  subject.id = id = add (&shown, "/file/done.mp4?size=100000&seed=2");
  gan_test_ui_wait (is_finished, &subject);
  finished = gan_downloads_view_find_finished (shown.view, id);
  g_assert_true (g_file_test (gan_finished_get_file (finished), G_FILE_TEST_IS_REGULAR));
  g_assert_cmpint (gan_finished_get_size (finished), ==, 100000);
  g_assert_cmpuint (count_rows (&shown), ==, 1);
  gan_test_ui_wait_shown (shown.view, "done.mp4");
  gan_test_ui_wait_shown (shown.view, "1 finished");
  g_assert_nonnull (gan_test_ui_find (shown.view, GTK_TYPE_BUTTON, "Open"));

  gan_test_ui_click (shown.view, "Clear Finished");
  g_assert_cmpstr (get_page (&shown), ==, "empty");
  hide (&shown);
}

/* A failure says what happened and what to do. */
static void
test_failed (GanTestUi *ui, gconstpointer data)
{
  Shown shown;
  g_autofree char *id = NULL;

  show (ui, &shown);
  id = add (&shown, "/no-such-thing/a.mp4");
  gan_test_ui_wait_shown (shown.view, "There is nothing at this link");
  gan_test_ui_wait_shown (shown.view, "1 failed");
  g_assert_nonnull (gan_test_ui_find (shown.view, GTK_TYPE_BUTTON, "Try Again"));
  gan_test_ui_click (shown.view, "Remove From List");
  g_assert_cmpstr (adw_toast_get_title (shown.toast), !=, NULL);
  g_assert_true (g_str_has_suffix (adw_toast_get_title (shown.toast), "removed"));
  hide (&shown);
}

int
main (int argc, char **argv)
{
  gan_test_ui_init (&argc, &argv);
#define ADD(name, test)                                                                            \
  g_test_add ("/downloads-view/" name,                                                             \
              GanTestUi,                                                                           \
              NULL,                                                                                \
              gan_test_ui_set_up,                                                                  \
              test,                                                                                \
              gan_test_ui_tear_down)
  ADD ("empty", test_empty);
  ADD ("undo", test_undo);
  ADD ("remove", test_remove);
  ADD ("commit", test_commit);
  ADD ("finished", test_finished);
  ADD ("failed", test_failed);
  return g_test_run ();
}
