/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-test-ui.h"

#include "gan-net.h"
#include "gan-platform-table.h"

#include <stdio.h>
#include <stdlib.h>

#define PATIENCE_SECONDS 20
#define EXIT_SKIP 77

/**
 * gan_test_ui_init:
 * @argc: of main()
 * @argv: of main()
 *
 * Prepares the test program and the display. Without one the program ends as skipped.
 */
void
gan_test_ui_init (int *argc, char ***argv)
{
  gan_net_init ();
  g_test_init (argc, argv, NULL);
  if (!gtk_init_check ())
    {
      puts ("1..0 # SKIP no display");
      exit (EXIT_SKIP);
    }
  adw_init ();
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
}

static gboolean
set_flag_cb (gpointer user_data)
{
  gboolean *flag = user_data;

  *flag = TRUE;
  return G_SOURCE_REMOVE;
}

/**
 * gan_test_ui_wait:
 * @condition: what is waited for
 * @user_data: of @condition
 *
 * Lets the main loop run until the condition holds; fails the test if it does not within 20 s.
 */
void
gan_test_ui_wait (GanTestCondition condition, gpointer user_data)
{
  gboolean late = FALSE;
  guint timer = g_timeout_add_seconds (PATIENCE_SECONDS, set_flag_cb, &late);

  while (!condition (user_data) && !late)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (late);
  g_source_remove (timer);
}

static gboolean
is_mapped (gpointer widget)
{
  return gtk_widget_get_mapped (widget) && gtk_widget_get_width (widget) > 0;
}

/**
 * gan_test_ui_wait_mapped:
 * @widget: a widget
 *
 * Waits until the widget can be seen.
 */
void
gan_test_ui_wait_mapped (gpointer widget)
{
  gan_test_ui_wait (is_mapped, widget);
}

typedef struct
{
  GType type;
  const char *text; /* of a label, or accessible name of a button; NULL: any */
  GtkWidget *found; /* the first one */
  guint n;
} Search;

static const char *
get_name (GtkWidget *widget)
{
  if (GTK_IS_LABEL (widget))
    return gtk_label_get_text (GTK_LABEL (widget));
  if (GTK_IS_BUTTON (widget) && gtk_button_get_label (GTK_BUTTON (widget)) != NULL)
    return gtk_button_get_label (GTK_BUTTON (widget));
  return gtk_widget_get_tooltip_text (widget);
}

static void
search (GtkWidget *widget, Search *self)
{
  if (!gtk_widget_get_child_visible (widget) || !gtk_widget_get_visible (widget))
    return;
  if (g_type_is_a (G_OBJECT_TYPE (widget), self->type)
      && (self->text == NULL || g_strcmp0 (get_name (widget), self->text) == 0))
    {
      self->found = self->found != NULL ? self->found : widget;
      self->n++;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    search (child, self);
}

/**
 * gan_test_ui_find:
 * @widget: where to look
 * @type: of what is looked for
 * @name: (nullable): its text or tooltip
 *
 * Returns: (transfer none) (nullable): the first visible widget of that type and name
 */
gpointer
gan_test_ui_find (gpointer widget, GType type, const char *name)
{
  Search self = { .type = type, .text = name };

  search (widget, &self);
  return self.found;
}

/**
 * gan_test_ui_count:
 * @widget: where to look
 * @type: of what is counted
 *
 * Returns: how many visible widgets of that type there are
 */
guint
gan_test_ui_count (gpointer widget, GType type)
{
  Search self = { .type = type };

  search (widget, &self);
  return self.n;
}

/**
 * gan_test_ui_count_children:
 * @widget: a widget
 *
 * Returns: how many children it has, seen or not
 */
guint
gan_test_ui_count_children (gpointer widget)
{
  g_autoptr (GListModel) children = gtk_widget_observe_children (widget);

  return g_list_model_get_n_items (children);
}

/**
 * gan_test_ui_shows:
 * @widget: where to look
 * @text: all that a label says
 *
 * Returns: whether there is a visible label with that text
 */
gboolean
gan_test_ui_shows (gpointer widget, const char *text)
{
  return gan_test_ui_find (widget, GTK_TYPE_LABEL, text) != NULL;
}

typedef struct
{
  gpointer widget;
  const char *text;
} Shown;

static gboolean
is_shown (gpointer user_data)
{
  Shown *shown = user_data;

  return gan_test_ui_shows (shown->widget, shown->text);
}

static gboolean
is_hidden (gpointer user_data)
{
  return !is_shown (user_data);
}

/**
 * gan_test_ui_wait_shown:
 * @widget: where to look
 * @text: all that a label says
 *
 * Waits until gan_test_ui_shows().
 */
void
gan_test_ui_wait_shown (gpointer widget, const char *text)
{
  Shown shown = { widget, text };

  g_test_message ("waiting for “%s”", text);
  gan_test_ui_wait (is_shown, &shown);
}

/**
 * gan_test_ui_wait_hidden:
 * @widget: where to look
 * @text: all that a label says
 *
 * Waits until gan_test_ui_shows() no longer.
 */
void
gan_test_ui_wait_hidden (gpointer widget, const char *text)
{
  Shown shown = { widget, text };

  g_test_message ("waiting for “%s” to go", text);
  gan_test_ui_wait (is_hidden, &shown);
}

/**
 * gan_test_ui_find_dialog:
 *
 * Returns: (transfer none) (nullable): the question that is on the screen
 */
AdwMessageDialog *
gan_test_ui_find_dialog (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);

      if (ADW_IS_MESSAGE_DIALOG (window))
        return ADW_MESSAGE_DIALOG (window);
    }
  return NULL;
}

/**
 * gan_test_ui_get_child:
 * @widget: made from a template
 * @name: of a child that the template binds
 *
 * Returns: (transfer none): the child
 */
gpointer
gan_test_ui_get_child (gpointer widget, const char *name)
{
  GObject *child = gtk_widget_get_template_child (widget, G_OBJECT_TYPE (widget), name);

  g_assert_nonnull (child);
  return child;
}

/**
 * gan_test_ui_click:
 * @widget: where to look
 * @name: text or tooltip of a button
 *
 * Presses the button, which has to be visible and sensitive.
 */
void
gan_test_ui_click (gpointer widget, const char *name)
{
  GtkWidget *button = gan_test_ui_find (widget, GTK_TYPE_BUTTON, name);

  g_test_message ("pressing “%s”", name);
  g_assert_nonnull (button);
  g_assert_true (gtk_widget_is_sensitive (button));
  g_signal_emit_by_name (button, "clicked");
}

static gboolean
is_null (gpointer user_data)
{
  return *(gpointer *) user_data == NULL;
}

/**
 * gan_test_ui_destroy:
 * @window: a window that nobody else holds
 *
 * Destroys the window, and waits until nothing is left of it.
 */
void
gan_test_ui_destroy (gpointer window)
{
  g_object_add_weak_pointer (window, &window);
  gtk_window_destroy (window);
  gan_test_ui_wait (is_null, &window);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GanDatabaseCondition condition = GAN_DATABASE_FINE;
  g_autoptr (GError) error = NULL;

  g_assert_true (gan_session_open_finish (GAN_SESSION (source), result, &condition, &error));
  g_assert_no_error (error);
  set_flag_cb (user_data);
}

static void
closed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (gan_session_close_finish (GAN_SESSION (source), result, &error));
  g_assert_no_error (error);
  set_flag_cb (user_data);
}

static gboolean
is_set (gpointer user_data)
{
  return *(gboolean *) user_data;
}

static void
set_folder (char **member, GanTestUi *self, const char *name)
{
  g_free (*member);
  *member = gan_test_folder_dup_path (self->folder, name);
}

/**
 * gan_test_ui_open:
 * @self: a fixture
 *
 * Opens a session on the fixture's folder.
 */
void
gan_test_ui_open (GanTestUi *self)
{
  g_autofree char *downloads = NULL;
  g_autoptr (GError) error = NULL;
  gboolean opened = FALSE;

  self->config = gan_config_new (FALSE, &error);
  g_assert_no_error (error);
  set_folder (&self->config->data_dir, self, "data");
  set_folder (&self->config->cache_dir, self, "cache");
  set_folder (&self->config->slots_path, self, "slots");
  g_free (self->config->media_program);
  self->config->media_program = gan_test_program_dup_path ("src/media/gannet-media");
  self->session = gan_session_new (self->config,
                                   GAN_OWNER_CLAIMS,
                                   gan_platform_table,
                                   gan_platform_table_size,
                                   &error);
  g_assert_no_error (error);
  downloads = gan_test_folder_dup_path (self->folder, "downloads");
  gan_settings_set_download_folder (gan_session_get_settings (self->session), downloads);
  gan_session_open_async (self->session, NULL, opened_cb, &opened);
  gan_test_ui_wait (is_set, &opened);
}

/**
 * gan_test_ui_close:
 * @self: a fixture
 *
 * Closes the session, of which nothing may be left.
 */
void
gan_test_ui_close (GanTestUi *self)
{
  gboolean closed = FALSE;

  gan_session_close_async (self->session, closed_cb, &closed);
  gan_test_ui_wait (is_set, &closed);
  g_object_add_weak_pointer (G_OBJECT (self->session), (gpointer *) &self->session);
  g_object_unref (self->session);
  gan_test_ui_wait (is_null, &self->session);
  g_clear_pointer (&self->config, gan_config_free);
}

/**
 * gan_test_ui_set_up:
 * @self: a fixture
 * @data: unused
 *
 * Starts a server and opens a session in a new folder.
 */
void
gan_test_ui_set_up (GanTestUi *self, gconstpointer data)
{
  self->folder = gan_test_folder_new ();
  self->server = gan_test_server_new (FALSE);
  gan_test_ui_open (self);
}

/**
 * gan_test_ui_tear_down:
 * @self: a fixture
 * @data: unused
 *
 * Ends what gan_test_ui_set_up() began.
 */
void
gan_test_ui_tear_down (GanTestUi *self, gconstpointer data)
{
  gan_test_ui_close (self);
  g_assert_finalize_object (self->server);
  gan_test_folder_free (self->folder);
}

/**
 * gan_test_ui_add_file:
 * @self: a fixture
 * @name: of a file to write
 * @title: of its row in the library
 *
 * Writes a file, and puts it into the library as another process would.
 *
 * Returns: (transfer full): the row
 */
GanLibraryRow *
gan_test_ui_add_file (GanTestUi *self, const char *name, const char *title)
{
  GanStore *store = gan_app_get_store (gan_session_get_app (self->session));
  g_autofree char *file = gan_test_folder_dup_path (self->folder, name);
  GanLibraryRow *row = gan_library_row_new (file);
  g_autoptr (GError) error = NULL;

  gan_test_folder_write (self->folder, name, title, -1);
  gan_library_row_set_title (row, title);
  gan_library_row_set_creator (row, "Some Creator");
  gan_library_row_set_url (row, "https://films.example/watch");
  gan_library_row_set_size (row, 12345678);
  gan_library_row_set_content_type (row, "video");
  gan_library_row_set_duration (row, 213);
  g_assert_true (gan_store_add_file_sync (store, row, &error));
  g_assert_no_error (error);
  return row;
}
