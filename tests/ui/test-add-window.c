/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "gan-add-list.h"
#include "gan-add-row.h"
#include "gan-add-window.h"
#include "gan-folder-row.h"
#include "gan-test-exchange.h"
#include "gan-test-ui.h"

#include <string.h>

#define MANY 1000

static const char page[]
    = "<html><head><title>Page</title>"
      "<meta property=\"og:title\" content=\"Gulls &lt;b&gt; over %s the sea\">"
      "<meta property=\"og:site_name\" content=\"Films\">"
      "<meta property=\"og:video\" content=\"/file/gulls.mp4?size=4096&amp;seed=3\">"
      "<meta property=\"og:video:type\" content=\"video/mp4\">"
      "</head><body></body></html>";

static void
answer_page (GanTestExchange *exchange, gpointer user_data)
{
  gan_test_exchange_reply (exchange, 200, "text/html", page);
}

static void
answer_when_mended (GanTestExchange *exchange, gpointer user_data)
{
  if (gan_test_server_get_phase (gan_test_exchange_get_server (exchange)) == 0)
    gan_test_exchange_reply (exchange, 404, "text/plain", "gone");
  else
    gan_test_exchange_reply (exchange, 200, "text/html", page);
}

/* Of those that were never answered; connections outlive a test. */
static int n_gone;

/* Says nothing until the client has gone. */
static void
answer_never (GanTestExchange *exchange, gpointer user_data)
{
  gboolean gone = gan_test_exchange_wait_gone (exchange, 20000);

  g_assert_true (gone);
  g_atomic_int_inc (&n_gone);
}

#define TITLE "Gulls <b> over %s the sea"

static void
set_up (GanTestUi *self, gconstpointer data)
{
  gan_test_ui_set_up (self, data);
  gan_test_server_add (self->server, "page", answer_page, NULL);
  gan_test_server_add (self->server, "mended", answer_when_mended, NULL);
  gan_test_server_add (self->server, "never", answer_never, NULL);
  g_atomic_int_set (&n_gone, 0);
}

static GanAddWindow *
open_window (GanTestUi *self, const char *const *links)
{
  GanAddWindow *window = gan_add_window_new (self->session, links);

  gtk_window_present (GTK_WINDOW (window));
  gan_test_ui_wait_mapped (window);
  return window;
}

/* What was queued, seen before anything of it can be done. */
typedef struct
{
  GanQueue *queue;
  guint n;
  GanJobRow *row; /* the last one */
} Queued;

static void
queued_clear (Queued *self)
{
  g_clear_object (&self->row);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Queued, queued_clear)

static void
queued_cb (GanAddWindow *window, guint n, Queued *self)
{
  guint n_jobs = g_list_model_get_n_items (G_LIST_MODEL (self->queue));
  g_autoptr (GanJob) job = NULL;

  self->n += n;
  g_assert_cmpuint (n_jobs, >, 0);
  job = g_list_model_get_item (G_LIST_MODEL (self->queue), n_jobs - 1);
  g_set_object (&self->row, gan_job_get_row (job));
}

static gboolean
is_queued (gpointer user_data)
{
  return ((Queued *) user_data)->n > 0;
}

static gboolean
is_null (gpointer user_data)
{
  return *(gpointer *) user_data == NULL;
}

/* Presses the button, after which the window goes. */
static void
download (GanTestUi *self, GanAddWindow *window, const char *button, Queued *queued)
{
  queued->queue = gan_session_get_queue (self->session);
  g_signal_connect (window, "queued", G_CALLBACK (queued_cb), queued);
  g_object_add_weak_pointer (G_OBJECT (window), (gpointer *) &window);
  gan_test_ui_click (window, button);
  gan_test_ui_wait (is_queued, queued);
  gan_test_ui_wait (is_null, &window);
}

/* A link comes with the window, is looked up, and goes into the queue with what is known of it. The
 * wish that is remembered is not on offer. */
static void
test_link (GanTestUi *self, gconstpointer data)
{
  g_autofree char *link = gan_test_server_dup_url (self->server, "/page/gulls");
  const char *links[] = { link, NULL };
  GanAddWindow *window = open_window (self, links);
  g_auto (Queued) queued = { NULL };

  gan_settings_set_wish (gan_session_get_settings (self->session), "audio");
  gan_test_ui_wait_shown (window, TITLE);
  g_assert_true (gan_test_ui_shows (window, "127.0.0.1"));
  download (self, window, "_Download", &queued);
  g_assert_cmpuint (queued.n, ==, 1);
  g_assert_cmpstr (gan_job_row_get_url (queued.row), ==, link);
  g_assert_cmpstr (gan_job_row_get_title (queued.row), ==, TITLE);
  g_assert_cmpstr (gan_job_row_get_wish (queued.row), ==, "best");
  g_assert_cmpstr (gan_job_row_get_platform (queued.row), ==, "generic");
  g_assert_true (g_str_has_suffix (gan_job_row_get_folder (queued.row), "/downloads"));
}

static void
test_failure_and_retry (GanTestUi *self, gconstpointer data)
{
  g_autofree char *link = gan_test_server_dup_url (self->server, "/mended/gulls");
  const char *links[] = { link, NULL };
  GanAddWindow *window = open_window (self, links);
  GtkWidget *download = gan_test_ui_get_child (window, "download");

  gan_test_ui_wait_shown (window, "There is nothing at this link");
  g_assert_false (gtk_widget_get_sensitive (download));
  gan_test_server_set_phase (self->server, 1);
  gan_test_ui_click (window, "Try Again");
  gan_test_ui_wait_shown (window, TITLE);
  g_assert_true (gtk_widget_get_sensitive (download));
  gan_test_ui_destroy (window);
}

/* Without links there is an entry; what is typed is looked up when nobody types any more. */
static void
test_typed (GanTestUi *self, gconstpointer data)
{
  g_autofree char *first = gan_test_server_dup_url (self->server, "/page/1");
  g_autofree char *second = gan_test_server_dup_url (self->server, "/page/2");
  g_autofree char *both = g_strdup_printf ("%s  %s %s", first, second, first);
  GanAddWindow *window = open_window (self, NULL);
  GtkEditable *entry = gan_test_ui_get_child (window, "entry");

  g_assert_false (gtk_widget_get_sensitive (gan_test_ui_get_child (window, "download")));
  g_assert_true (gan_test_ui_shows (window, "Paste a Link"));
  g_assert_true (
      gtk_widget_is_ancestor (gtk_window_get_focus (GTK_WINDOW (window)), GTK_WIDGET (entry)));
  gtk_editable_set_text (entry, first);
  gan_test_ui_wait_shown (window, TITLE);
  g_assert_cmpuint (gan_test_ui_count (window, GAN_TYPE_ADD_ROW), ==, 1);
  gtk_editable_set_text (entry, both);
  gan_test_ui_wait_shown (window, "2 links");
  g_assert_cmpuint (gan_test_ui_count (window, GAN_TYPE_ADD_ROW), ==, 2);
  g_assert_nonnull (gan_test_ui_find (window, GTK_TYPE_BUTTON, "_Download 2"));
  g_assert_cmpuint (gan_test_server_count (self->server, "page"), ==, 2);
  gtk_editable_set_text (entry, "no link at all");
  gan_test_ui_wait_shown (window, "Paste a Link");
  gan_test_ui_destroy (window);
}

/* What is being looked up can be queued; and the wish is the one that is remembered. */
static void
test_before_it_is_known (GanTestUi *self, gconstpointer data)
{
  g_autofree char *link = gan_test_server_dup_url (self->server, "/never/1");
  const char *links[] = { link, NULL };
  GanAddWindow *window = NULL;
  g_auto (Queued) queued = { NULL };

  gan_settings_set_wish (gan_session_get_settings (self->session), "720p");
  window = open_window (self, links);
  gan_test_ui_wait_shown (window, "127.0.0.1 · Looking at the link…");
  g_assert_true (gan_test_ui_shows (window, "Up to 720p"));
  download (self, window, "_Download", &queued);
  g_assert_cmpstr (gan_job_row_get_wish (queued.row), ==, "720p");
  g_assert_null (gan_job_row_get_title (queued.row));
}

static gboolean
has_asked_four (gpointer user_data)
{
  return gan_test_server_count (user_data, "never") == 4;
}

static gboolean
are_all_gone (gpointer user_data)
{
  return g_atomic_int_get (&n_gone) == 4;
}

/* Closing ends what is under way; of a thousand links four are asked for at a time, and only rows
 * that can be seen exist. */
static void
test_many (GanTestUi *self, gconstpointer data)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) links = NULL;
  GanAddWindow *window = NULL;
  guint n_rows = 0;

  for (guint i = 0; i < MANY; i++)
    {
      g_autofree char *path = g_strdup_printf ("/never/%u", i);
      g_autofree char *link = gan_test_server_dup_url (self->server, path);

      g_strv_builder_add (builder, link);
    }
  links = g_strv_builder_end (builder);
  window = open_window (self, (const char *const *) links);
  gan_test_ui_wait (has_asked_four, self->server);
  g_assert_nonnull (gan_test_ui_find (window, GTK_TYPE_BUTTON, "_Download 1000"));
  n_rows = gan_test_ui_count_children (gan_test_ui_get_child (window, "list_view"));
  g_assert_cmpuint (n_rows, >, 0);
  g_assert_cmpuint (n_rows, <, 250);
  gan_test_ui_destroy (window);
  gan_test_ui_wait (are_all_gone, NULL);
  g_assert_cmpuint (gan_test_server_count (self->server, "never"), ==, 4);
}

/* The same link a second time is pointed out, and one link of several can be taken off. */
static void
test_duplicates_and_removal (GanTestUi *self, gconstpointer data)
{
  g_autofree char *first = gan_test_server_dup_url (self->server, "/never/1");
  g_autofree char *second = gan_test_server_dup_url (self->server, "/page/2");
  const char *once[] = { first, NULL };
  const char *links[] = { first, second, first, NULL };
  g_auto (Queued) queued = { NULL };
  GanAddWindow *window = NULL;

  window = open_window (self, once);
  g_assert_false (gan_test_ui_shows (window, "Already in the queue"));
  download (self, window, "_Download", &queued);
  window = open_window (self, links);
  g_assert_cmpuint (gan_test_ui_count (window, GAN_TYPE_ADD_ROW), ==, 2);
  gan_test_ui_wait_shown (window, "Already in the queue");
  gan_test_ui_click (window, "Take Off the List");
  gan_test_ui_wait_hidden (window, "Already in the queue");
  g_assert_cmpuint (gan_test_ui_count (window, GAN_TYPE_ADD_ROW), ==, 1);
  gan_test_ui_destroy (window);
}

static void
paste (GanAddWindow *window, const char *text)
{
  GtkEditable *entry = gan_test_ui_get_child (window, "entry");

  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (window)), text);
  g_signal_emit_by_name (gtk_editable_get_delegate (entry), "paste-clipboard");
}

static gboolean
has_text (gpointer user_data)
{
  return *gtk_editable_get_text (user_data) != '\0';
}

typedef struct
{
  GanAddWindow *window;
  guint n_rows;
} Rows;

static gboolean
has_rows (gpointer user_data)
{
  Rows *rows = user_data;

  return gan_test_ui_count (rows->window, GAN_TYPE_ADD_ROW) == rows->n_rows;
}

/* One link goes into the entry, apart from what stands there; several go into the list. */
static void
test_pasted (GanTestUi *self, gconstpointer data)
{
  g_autofree char *first = gan_test_server_dup_url (self->server, "/page/1");
  g_autofree char *second = gan_test_server_dup_url (self->server, "/page/2");
  g_autofree char *third = gan_test_server_dup_url (self->server, "/page/3");
  g_autofree char *line = g_strdup_printf ("  %s\n", first);
  g_autofree char *both = g_strdup_printf ("%s %s", first, second);
  g_autofree char *words = g_strdup_printf ("see %s and\n<%s>.\n\n", second, third);
  GanAddWindow *window = open_window (self, NULL);
  GtkEditable *entry = gan_test_ui_get_child (window, "entry");
  Rows rows = { window, 1 };

  paste (window, line);
  gan_test_ui_wait (has_text, entry);
  g_assert_cmpstr (gtk_editable_get_text (entry), ==, first);
  gan_test_ui_wait (has_rows, &rows);
  paste (window, second);
  rows.n_rows = 2;
  gan_test_ui_wait (has_rows, &rows);
  g_assert_cmpstr (gtk_editable_get_text (entry), ==, both);
  gtk_editable_set_text (entry, "");
  rows.n_rows = 0;
  gan_test_ui_wait (has_rows, &rows);
  paste (window, words);
  rows.n_rows = 2;
  gan_test_ui_wait (has_rows, &rows);
  g_assert_cmpstr (gtk_editable_get_text (entry), ==, "");
  gan_test_ui_destroy (window);
}

/* Where the links came with the window, another one joins them. */
static void
test_pasted_without_entry (GanTestUi *self, gconstpointer data)
{
  g_autofree char *first = gan_test_server_dup_url (self->server, "/page/1");
  g_autofree char *second = gan_test_server_dup_url (self->server, "/page/2");
  const char *links[] = { first, NULL };
  GanAddWindow *window = open_window (self, links);
  Rows rows = { window, 2 };

  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (window)), second);
  gtk_widget_activate_action (GTK_WIDGET (window), "add.paste", NULL);
  gan_test_ui_wait (has_rows, &rows);
  gan_test_ui_destroy (window);
}

/* What somebody chooses for several links counts for all, and is remembered. */
static void
test_choice (GanTestUi *self, gconstpointer data)
{
  GanSettings *settings = gan_session_get_settings (self->session);
  g_autofree char *first = gan_test_server_dup_url (self->server, "/never/1");
  g_autofree char *second = gan_test_server_dup_url (self->server, "/never/2");
  const char *links[] = { first, second, NULL };
  GanAddWindow *window = open_window (self, links);
  AdwComboRow *quality = gan_test_ui_get_child (window, "quality_row");
  GanFolderRow *folder = gan_test_ui_get_child (window, "folder_row");
  g_auto (Queued) queued = { NULL };

  g_assert_cmpstr (gan_settings_get_wish (settings), ==, "best");
  adw_combo_row_set_selected (quality, 4);
  g_assert_true (gan_test_ui_shows (window, "Up to 720p"));
  gan_folder_row_set_folder (folder, self->folder->path);
  g_signal_emit_by_name (folder, "chosen");
  download (self, window, "_Download 2", &queued);
  g_assert_cmpuint (queued.n, ==, 2);
  g_assert_cmpstr (gan_job_row_get_url (queued.row), ==, second);
  g_assert_cmpstr (gan_job_row_get_wish (queued.row), ==, "720p");
  g_assert_cmpstr (gan_job_row_get_folder (queued.row), ==, self->folder->path);
  g_assert_cmpstr (gan_settings_get_wish (settings), ==, "720p");
  g_assert_cmpstr (gan_settings_get_download_folder (settings), ==, self->folder->path);
}

/* Where an SQLite file says which version of the tables it holds (https://www.sqlite.org/
 * fileformat2.html, 1.3). */
#define USER_VERSION_OFFSET 60

/* As a Gannet of the future has left it. */
static void
make_database_newer (GanTestUi *self)
{
  g_autoptr (GBytes) bytes = gan_test_folder_load (self->folder, "data/gannet.db");
  g_autofree guint8 *data = g_memdup2 (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));

  data[USER_VERSION_OFFSET] = 1;
  gan_test_folder_write (self->folder, "data/gannet.db", data, (gssize) g_bytes_get_size (bytes));
}

static gboolean
has_dialog (gpointer user_data)
{
  return gan_test_ui_find_dialog () != NULL;
}

static gboolean
has_no_dialog (gpointer user_data)
{
  return gan_test_ui_find_dialog () == NULL;
}

/* What cannot be stored is said, and nothing that was entered is lost. */
static void
test_not_stored (GanTestUi *self, gconstpointer data)
{
  g_autofree char *link = gan_test_server_dup_url (self->server, "/page/1");
  const char *links[] = { link, NULL };
  GanAddWindow *window = NULL;
  g_auto (Queued) queued = { NULL };

  gan_test_ui_close (self);
  make_database_newer (self);
  gan_test_ui_open (self);
  window = open_window (self, links);
  g_signal_connect (window, "queued", G_CALLBACK (queued_cb), &queued);
  gan_test_ui_wait_shown (window, TITLE);
  gan_test_ui_click (window, "_Download");
  gan_test_ui_wait (has_dialog, NULL);
  gan_test_ui_wait_mapped (gan_test_ui_find_dialog ());
  g_assert_true (gan_test_ui_shows (gan_test_ui_find_dialog (), "Nothing Was Added"));
  gan_test_ui_click (gan_test_ui_find_dialog (), "_Close");
  gan_test_ui_wait (has_no_dialog, NULL);
  g_assert_cmpuint (queued.n, ==, 0);
  g_assert_true (gan_test_ui_shows (window, TITLE));
  g_assert_true (gtk_widget_is_sensitive (gan_test_ui_get_child (window, "download")));
  gan_test_ui_destroy (window);
}

int
main (int argc, char **argv)
{
  gan_test_ui_init (&argc, &argv);
#define ADD(path, func) g_test_add (path, GanTestUi, NULL, set_up, func, gan_test_ui_tear_down)
  ADD ("/add-window/link", test_link);
  ADD ("/add-window/failure-and-retry", test_failure_and_retry);
  ADD ("/add-window/typed", test_typed);
  ADD ("/add-window/pasted", test_pasted);
  ADD ("/add-window/pasted-without-entry", test_pasted_without_entry);
  ADD ("/add-window/choice", test_choice);
  ADD ("/add-window/not-stored", test_not_stored);
  ADD ("/add-window/before-it-is-known", test_before_it_is_known);
  ADD ("/add-window/many", test_many);
  ADD ("/add-window/duplicates-and-removal", test_duplicates_and_removal);
  return g_test_run ();
}
