/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-window.h"

#include "gan-add-window.h"
#include "gan-downloads-view.h"
#include "gan-error-words.h"
#include "gan-library-view.h"
#include "gan-link-reader.h"
#include "gan-message.h"
#include "gan-notice.h"
#include "gan-open.h"

#include <glib/gi18n.h>

/* Taking the queue over from another program takes as long as that needs to
 * stop; only what takes longer than this is worth words. */
#define OWNER_PATIENCE_MS 1500

struct _GanWindow
{
  AdwApplicationWindow parent_instance;

  AdwViewSwitcherTitle *switcher_title;
  GtkWidget *add_label;
  AdwToastOverlay *toasts;
  AdwViewStack *stack;
  AdwViewStackPage *library_page;
  GanDownloadsView *downloads;
  GanLibraryView *library;
  GtkWidget *search_button;
  GtkWidget *content;
  GtkRevealer *drop_zone;
  GanNotice *failure_notice;
  GanNotice *condition_notice;
  GanNotice *owner_notice;

  GanSession *session;
  GanLinks *links;            /* waiting for the session */
  GCancellable *reading;      /* of clipboard or drop */
  GdkContentFormats *formats; /* that are links, or may be */
  guint owner_patience;
  guint narrowing;
};

G_DEFINE_FINAL_TYPE (GanWindow, gan_window, ADW_TYPE_APPLICATION_WINDOW)

/* Ways in */

/**
 * gan_window_toast:
 * @self: the window
 * @text: what to say; not markup
 */
void
gan_window_toast (GanWindow *self, const char *text)
{
  g_autofree char *markup = g_markup_escape_text (text, -1);

  g_return_if_fail (GAN_IS_WINDOW (self));

  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (markup));
}

static void
toast_cb (GanWindow *self, AdwToast *toast)
{
  adw_toast_overlay_add_toast (self->toasts, g_object_ref (toast));
}

static void
queued_cb (GanWindow *self, guint n)
{
  g_autofree char *text
      = g_strdup_printf (ngettext ("%u download added", "%u downloads added", n), n);

  adw_view_stack_set_visible_child_name (self->stack, "downloads");
  gan_window_toast (self, text);
}

static void
open_add_window (GanWindow *self, GanLinks *links)
{
  GanAddWindow *add = gan_add_window_new (self->session, gan_links_get (links));

  gtk_window_set_transient_for (GTK_WINDOW (add), GTK_WINDOW (self));
  g_signal_connect_object (add, "queued", G_CALLBACK (queued_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (add));
}

/* What was left out of the links, in one sentence. */
static void
tell_left_out (GanWindow *self, GanLinks *links)
{
  guint n = gan_links_get_n_refused (links);
  g_autofree char *text = NULL;

  if (gan_links_is_truncated (links))
    text = g_strdup_printf (ngettext ("That was too much: only the first link was taken",
                                      "That was too much: only the first %u links were taken",
                                      gan_links_get_n (links)),
                            gan_links_get_n (links));
  else if (n > 0)
    text = g_strdup_printf (ngettext ("%u link was left out: it does not lead to the web",
                                      "%u links were left out: they do not lead to the web",
                                      n),
                            n);
  if (text != NULL)
    gan_window_toast (self, text);
}

/**
 * gan_window_add_links:
 * @self: the window
 * @links: (transfer full): links; may be none
 *
 * Opens the add view with them, as soon as there is a session.
 */
void
gan_window_add_links (GanWindow *self, GanLinks *links)
{
  g_return_if_fail (GAN_IS_WINDOW (self));
  g_return_if_fail (links != NULL);

  tell_left_out (self, links);
  if (self->session != NULL)
    open_add_window (self, links);
  g_clear_pointer (&self->links, gan_links_free);
  if (self->session != NULL)
    gan_links_free (links);
  else
    self->links = links;
}

static void
take_links (GanWindow *self, GanLinks *links, const char *none)
{
  if (gan_links_get_n (links) > 0)
    gan_window_add_links (self, links);
  else
    {
      if (gan_links_get_n_refused (links) > 0)
        tell_left_out (self, links);
      else
        gan_window_toast (self, none);
      gan_links_free (links);
    }
}

static void
pasted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GanWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  GanLinks *links = gan_link_reader_read_finish (result, &error);

  if (links != NULL)
    take_links (self, links, _ ("There is no link in the clipboard"));
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    gan_window_toast (self, _ ("There is no link in the clipboard"));
}

static void
paste_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  GanWindow *self = GAN_WINDOW (widget);

  gan_link_reader_read_clipboard_async (gtk_widget_get_clipboard (widget),
                                        self->reading,
                                        pasted_cb,
                                        g_object_ref (self));
}

/* In the bubble phase and not as an accelerator: an entry that has the focus
 * pastes for itself. */
static void
add_paste_keys (GanWindow *self)
{
  GtkEventController *keys = gtk_shortcut_controller_new ();

  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_BUBBLE);
  gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (keys),
      gtk_shortcut_new (gtk_shortcut_trigger_parse_string ("<Control>v|<Shift>Insert|Paste"),
                        gtk_named_action_new ("win.paste")));
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
}

/* Drag and drop */

static void
dropped_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GanWindow) self = user_data;
  GanLinks *links = gan_link_reader_read_finish (result, NULL);

  gdk_drop_finish (GDK_DROP (source), links != NULL ? GDK_ACTION_COPY : 0);
  if (links != NULL)
    take_links (self, links, _ ("There is no link in what was dropped"));
  else
    gan_window_toast (self, _ ("What was dropped could not be read"));
}

static gboolean
drop_cb (GtkDropTargetAsync *target, GdkDrop *drop, double x, double y, gpointer user_data)
{
  GanWindow *self = user_data;

  gtk_revealer_set_reveal_child (self->drop_zone, FALSE);
  gan_link_reader_read_drop_async (drop, self->reading, dropped_cb, g_object_ref (self));
  return TRUE;
}

static GdkDragAction
drag_enter_cb (GtkDropTargetAsync *target, GdkDrop *drop, double x, double y, gpointer user_data)
{
  GanWindow *self = user_data;

  gtk_revealer_set_reveal_child (self->drop_zone, TRUE);
  return GDK_ACTION_COPY;
}

static void
drag_leave_cb (GtkDropTargetAsync *target, GdkDrop *drop, gpointer user_data)
{
  GanWindow *self = user_data;

  gtk_revealer_set_reveal_child (self->drop_zone, FALSE);
}

/* Of what comes from this program itself nothing is a new link. */
static gboolean
accept_cb (GtkDropTargetAsync *target, GdkDrop *drop, gpointer user_data)
{
  GanWindow *self = user_data;

  return gdk_drop_get_drag (drop) == NULL
         && gdk_content_formats_match (gdk_drop_get_formats (drop), self->formats);
}

static void
add_drop_target (GanWindow *self)
{
  GtkDropTargetAsync *target = NULL;

  self->formats = gan_link_reader_make_formats ();
  target = gtk_drop_target_async_new (gdk_content_formats_ref (self->formats),
                                      GDK_ACTION_COPY | GDK_ACTION_LINK);
  g_signal_connect_object (target, "accept", G_CALLBACK (accept_cb), self, 0);
  g_signal_connect_object (target, "drag-enter", G_CALLBACK (drag_enter_cb), self, 0);
  g_signal_connect_object (target, "drag-leave", G_CALLBACK (drag_leave_cb), self, 0);
  g_signal_connect_object (target, "drop", G_CALLBACK (drop_cb), self, 0);
  gtk_widget_add_controller (self->content, GTK_EVENT_CONTROLLER (target));
}

/* What lasts */

static gboolean
owner_patience_cb (gpointer user_data)
{
  GanWindow *self = user_data;

  self->owner_patience = 0;
  gan_notice_show (self->owner_notice,
                   _ ("Another Gannet is downloading. This window takes over as "
                      "soon as that has "
                      "stopped."),
                   NULL,
                   FALSE);
  return G_SOURCE_REMOVE;
}

static void
update_owner (GanWindow *self)
{
  GanQueue *queue = gan_session_get_queue (self->session);

  g_clear_handle_id (&self->owner_patience, g_source_remove);
  if (gan_queue_is_owner (queue))
    gan_notice_hide (self->owner_notice);
  else
    self->owner_patience = g_timeout_add (OWNER_PATIENCE_MS, owner_patience_cb, self);
}

/**
 * gan_window_show_condition:
 * @self: the window, whose session is open now
 * @condition: what opening the database came to
 */
void
gan_window_show_condition (GanWindow *self, GanDatabaseCondition condition)
{
  g_return_if_fail (GAN_IS_WINDOW (self));

  g_object_set (self->downloads, "ready", TRUE, NULL);
  update_owner (self);
  switch (condition)
    {
    case GAN_DATABASE_READ_ONLY:
      gan_notice_show (self->condition_notice,
                       _ ("A newer Gannet wrote the list of downloads. It can be "
                          "looked at here, "
                          "but not changed: start the newer one for that."),
                       NULL,
                       FALSE);
      break;
    case GAN_DATABASE_SAVED:
      gan_notice_show (self->condition_notice,
                       _ ("The list of downloads was damaged. What could be read was saved, "
                          "and "
                          "the damaged file was kept. Finished files are not affected."),
                       _ ("_Show File"),
                       TRUE);
      break;
    case GAN_DATABASE_FINE:
    case GAN_DATABASE_MIGRATED:
      gan_notice_hide (self->condition_notice);
      break;
    default:
      g_return_if_reached ();
    }
}

static void
condition_clicked_cb (GanWindow *self)
{
  g_autofree char *file = NULL;

  if (self->session == NULL)
    return;
  file = g_build_filename (gan_app_get_data_dir (gan_session_get_app (self->session)),
                           "gannet.db",
                           NULL);
  gan_open_folder_of (GTK_WIDGET (self), file);
}

/**
 * gan_window_show_failure:
 * @self: the window
 * @error: (nullable): why nothing can be downloaded, or %NULL when that is over
 */
void
gan_window_show_failure (GanWindow *self, const GError *error)
{
  const char *reason = NULL;
  g_autofree char *title = NULL;
  g_autofree char *advice = NULL;
  g_autofree char *text = NULL;
  GanErrorCode code = GAN_ERROR_INTERNAL;

  g_return_if_fail (GAN_IS_WINDOW (self));

  if (error == NULL)
    {
      gan_notice_hide (self->failure_notice);
      return;
    }
  g_object_set (self->downloads, "ready", TRUE, NULL);
  code = gan_error_words_get_code (error, &reason);
  title = gan_error_words_dup_title (code, reason);
  advice = gan_error_words_dup_advice (code, reason);
  text = g_strdup_printf (_ ("The list of downloads could not be opened. %s. %s"), title, advice);
  gan_notice_show (self->failure_notice, text, _ ("_Try Again"), FALSE);
}

static void
failure_clicked_cb (GanWindow *self)
{
  gan_notice_hide (self->failure_notice);
  gtk_widget_activate_action (GTK_WIDGET (self), "app.open-session", NULL);
}

/* Room */

static gboolean
update_narrow_cb (gpointer user_data)
{
  GanWindow *self = user_data;
  gboolean narrow = adw_view_switcher_title_get_title_visible (self->switcher_title);

  self->narrowing = 0;
  gtk_widget_set_visible (self->add_label, !narrow);
  g_object_set (self->downloads, "narrow", narrow, NULL);
  return G_SOURCE_REMOVE;
}

/* The title finds out how narrow it is while it is given its place: what follows from that must not
 * change the layout before that is done. */
static void
narrow_cb (GanWindow *self)
{
  if (self->narrowing == 0)
    self->narrowing = g_idle_add_full (G_PRIORITY_HIGH_IDLE, update_narrow_cb, self, NULL);
}

/* Pages */

static void
update_page (GanWindow *self)
{
  gboolean is_library = FALSE;

  /* The stack shows its first page before the template is done. */
  if (self->stack == NULL)
    return;
  is_library = g_strcmp0 (adw_view_stack_get_visible_child_name (self->stack), "library") == 0;
  gtk_widget_set_visible (self->search_button, is_library);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.search", is_library);
  if (is_library)
    adw_view_stack_page_set_needs_attention (self->library_page, FALSE);
}

static void
job_finished_cb (GanWindow *self)
{
  if (g_strcmp0 (adw_view_stack_get_visible_child_name (self->stack), "library") != 0)
    adw_view_stack_page_set_needs_attention (self->library_page, TRUE);
}

static void
search_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  GanWindow *self = GAN_WINDOW (widget);

  gan_library_view_set_search_mode (self->library, TRUE);
}

/**
 * gan_window_show_page:
 * @self: the window
 * @page: "downloads" or "library"
 */
void
gan_window_show_page (GanWindow *self, const char *page)
{
  g_return_if_fail (GAN_IS_WINDOW (self));

  adw_view_stack_set_visible_child_name (self->stack, page);
}

/**
 * gan_window_open_job:
 * @self: the window
 * @id: of a job that has finished while the window was open
 *
 * Returns: whether there is such a job; its file is then being opened
 */
gboolean
gan_window_open_job (GanWindow *self, const char *id)
{
  GanFinished *finished = NULL;

  g_return_val_if_fail (GAN_IS_WINDOW (self), FALSE);

  finished = gan_downloads_view_find_finished (self->downloads, id);
  if (finished == NULL)
    return FALSE;
  gan_open_file (GTK_WIDGET (self), gan_finished_get_file (finished));
  return TRUE;
}

/* The session */

/**
 * gan_window_restore_size:
 * @self: a window that is not to be seen yet
 * @settings: where its last size is kept
 */
void
gan_window_restore_size (GanWindow *self, GanSettings *settings)
{
  int width = 0;
  int height = 0;
  gboolean maximized = FALSE;

  g_return_if_fail (GAN_IS_WINDOW (self));

  gan_settings_get_window (settings, &width, &height, &maximized);
  if (width > 0 && height > 0)
    gtk_window_set_default_size (GTK_WINDOW (self), width, height);
  if (maximized)
    gtk_window_maximize (GTK_WINDOW (self));
}

/**
 * gan_window_prepare_to_close:
 * @self: the window
 */
void
gan_window_prepare_to_close (GanWindow *self)
{
  int width = 0;
  int height = 0;

  g_return_if_fail (GAN_IS_WINDOW (self));

  g_cancellable_cancel (self->reading);
  gan_downloads_view_commit (self->downloads);
  if (self->session == NULL)
    return;
  gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  gan_settings_set_window (gan_session_get_settings (self->session),
                           width,
                           height,
                           gtk_window_is_maximized (GTK_WINDOW (self)));
}

static void
let_session_go (GanWindow *self)
{
  g_clear_handle_id (&self->owner_patience, g_source_remove);
  if (self->session == NULL)
    return;
  g_signal_handlers_disconnect_by_data (gan_session_get_queue (self->session), self);
  g_clear_object (&self->session);
}

/**
 * gan_window_set_session:
 * @self: the window
 * @session: (nullable): what to show
 */
void
gan_window_set_session (GanWindow *self, GanSession *session)
{
  g_return_if_fail (GAN_IS_WINDOW (self));

  if (self->session == session)
    return;
  let_session_go (self);
  if (session != NULL)
    {
      GanQueue *queue = gan_session_get_queue (session);

      self->session = g_object_ref (session);
      g_signal_connect_swapped (queue, "job-finished", G_CALLBACK (job_finished_cb), self);
      g_signal_connect_swapped (queue, "notify::is-owner", G_CALLBACK (update_owner), self);
    }
  g_object_set (self->downloads, "session", session, NULL);
  gan_library_view_set_session (self->library, session);
  if (session != NULL && self->links != NULL)
    gan_window_add_links (self, g_steal_pointer (&self->links));
}

/* Closing */

static void
close_answered_cb (GanWindow *self, const char *response)
{
  if (g_str_equal (response, "quit"))
    gtk_widget_activate_action (GTK_WIDGET (self), "app.quit", NULL);
}

static void
ask_to_close (GanWindow *self, guint n)
{
  g_autofree char *heading
      = g_strdup_printf (ngettext ("%u Download Is Running", "%u Downloads Are Running", n), n);
  AdwMessageDialog *dialog
      = gan_message_new (GTK_WIDGET (self),
                         heading,
                         _ ("What is here so far is kept. Everything goes on from there when "
                            "Gannet is started again."));

  adw_message_dialog_add_responses (dialog,
                                    "keep",
                                    _ ("_Keep Downloading"),
                                    "quit",
                                    _ ("_Quit"),
                                    NULL);
  adw_message_dialog_set_close_response (dialog, "keep");
  adw_message_dialog_set_default_response (dialog, "keep");
  g_signal_connect_object (dialog,
                           "response",
                           G_CALLBACK (close_answered_cb),
                           self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static gboolean
gan_window_close_request (GtkWindow *window)
{
  GanWindow *self = GAN_WINDOW (window);
  guint n = 0;

  if (self->session != NULL)
    n = gan_queue_get_totals (gan_session_get_queue (self->session))->n_active;
  if (n > 0)
    ask_to_close (self, n);
  else
    gtk_widget_activate_action (GTK_WIDGET (self), "app.quit", NULL);
  return TRUE;
}

/* The class */

static void
gan_window_dispose (GObject *object)
{
  GanWindow *self = GAN_WINDOW (object);

  if (self->reading != NULL)
    g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  g_clear_handle_id (&self->narrowing, g_source_remove);
  let_session_go (self);
  G_OBJECT_CLASS (gan_window_parent_class)->dispose (object);
}

static void
gan_window_finalize (GObject *object)
{
  GanWindow *self = GAN_WINDOW (object);

  gan_links_free (self->links);
  gdk_content_formats_unref (self->formats);
  G_OBJECT_CLASS (gan_window_parent_class)->finalize (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, GanWindow, switcher_title);
  gtk_widget_class_bind_template_child (widget_class, GanWindow, add_label);
  gtk_widget_class_bind_template_child (widget_class, GanWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, GanWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, GanWindow, library_page);
  gtk_widget_class_bind_template_child (widget_class, GanWindow, downloads);
  gtk_widget_class_bind_template_child (widget_class, GanWindow, library);
  gtk_widget_class_bind_template_child (widget_class, GanWindow, search_button);
  gtk_widget_class_bind_template_child (widget_class, GanWindow, content);
  gtk_widget_class_bind_template_child (widget_class, GanWindow, drop_zone);
  gtk_widget_class_bind_template_child (widget_class, GanWindow, failure_notice);
  gtk_widget_class_bind_template_child (widget_class, GanWindow, condition_notice);
  gtk_widget_class_bind_template_child (widget_class, GanWindow, owner_notice);
  gtk_widget_class_bind_template_callback (widget_class, toast_cb);
  gtk_widget_class_bind_template_callback (widget_class, narrow_cb);
  gtk_widget_class_bind_template_callback (widget_class, update_page);
  gtk_widget_class_bind_template_callback (widget_class, failure_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, condition_clicked_cb);
}

static void
gan_window_class_init (GanWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = gan_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = gan_window_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = gan_window_close_request;

  g_type_ensure (GAN_TYPE_DOWNLOADS_VIEW);
  g_type_ensure (GAN_TYPE_LIBRARY_VIEW);
  g_type_ensure (GAN_TYPE_NOTICE);
  gtk_widget_class_install_action (widget_class, "win.paste", NULL, paste_action);
  gtk_widget_class_install_action (widget_class, "win.search", NULL, search_action);
  gtk_widget_class_set_template_from_resource (widget_class, GAN_RESOURCE_PATH "/gan-window.ui");
  bind_children (widget_class);
}

static void
gan_window_init (GanWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->reading = g_cancellable_new ();
  add_paste_keys (self);
  add_drop_target (self);
  update_page (self);
}

/**
 * gan_window_new:
 * @application: whose window it is
 *
 * Returns: (transfer none): a window that is not shown yet; GTK keeps it until
 * it is destroyed
 */
GanWindow *
gan_window_new (GtkApplication *application)
{
  return g_object_new (GAN_TYPE_WINDOW, "application", application, NULL);
}
