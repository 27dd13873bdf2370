/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-library-view.h"

#include "gan-caption.h"
#include "gan-error-words.h"
#include "gan-library-widget.h"
#include "gan-message.h"
#include "gan-open.h"

#include <glib/gi18n.h>

struct _GanLibraryView
{
  AdwBin parent_instance;

  GanSession *session;
  GanLibrary *library; /* of the session, NULL until the view is seen for the first time */

  gboolean narrow;

  GtkSearchBar *search_bar;
  GtkSearchEntry *search_entry;
  GtkWidget *filters;
  GtkBox *filter_box;
  GtkStack *stack;
  GtkListView *list_view;
};

enum
{
  PROP_SESSION = 1,
  PROP_SEARCH_MODE,
  PROP_NARROW,
};

enum
{
  SIGNAL_TOAST,
  N_SIGNALS,
};

static GParamSpec *properties[PROP_NARROW + 1];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (GanLibraryView, gan_library_view, ADW_TYPE_BIN)

/* What a call on files is about, until it is done. */
typedef struct
{
  GanLibraryView *self;
  GPtrArray *rows;
} Change;

static Change *
change_new (GanLibraryView *self, GPtrArray *rows)
{
  Change *change = g_new0 (Change, 1);

  change->self = g_object_ref (self);
  change->rows = g_ptr_array_ref (rows);
  return change;
}

static void
change_free (Change *change)
{
  g_object_unref (change->self);
  g_ptr_array_unref (change->rows);
  g_free (change);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Change, change_free)

/* title: text, not markup; toast: (transfer full) */
static void
say (GanLibraryView *self, AdwToast *toast)
{
  g_autoptr (AdwToast) owned = toast;

  g_signal_emit (self, signals[SIGNAL_TOAST], 0, owned);
}

static AdwToast *
make_toast (const char *text)
{
  g_autofree char *markup = g_markup_escape_text (text, -1);

  return adw_toast_new (markup);
}

static void
say_error (GanLibraryView *self, const GError *error)
{
  const char *reason = NULL;
  GanErrorCode code = gan_error_words_get_code (error, &reason);
  g_autofree char *title = gan_error_words_dup_title (code, reason);

  g_debug ("library: %s", error->message);
  say (self, make_toast (title));
}

static void
restored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GanLibraryView) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!gan_library_restore_finish (GAN_LIBRARY (source), result, &error))
    say_error (self, error);
}

static void
undo_cb (AdwToast *toast, Change *change)
{
  gan_library_restore_async (change->self->library,
                             change->rows,
                             NULL,
                             restored_cb,
                             g_object_ref (change->self));
}

static void
change_free_closure (gpointer data, GClosure *closure)
{
  change_free (data);
}

static void
forgotten_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Change *change = user_data;
  g_autoptr (GanLibraryView) self = g_object_ref (change->self);
  g_autoptr (GError) error = NULL;
  g_autofree char *name = gan_library_widget_dup_title (g_ptr_array_index (change->rows, 0));
  g_autofree char *text = NULL;
  AdwToast *toast = NULL;

  if (!gan_library_forget_finish (GAN_LIBRARY (source), result, &error))
    {
      change_free (change);
      say_error (self, error);
      return;
    }
  text = g_strdup_printf (_ ("“%s” removed from the list"), name);
  toast = make_toast (text);
  adw_toast_set_button_label (toast, _ ("_Undo"));
  g_signal_connect_data (toast,
                         "button-clicked",
                         G_CALLBACK (undo_cb),
                         change,
                         change_free_closure,
                         0);
  say (self, toast);
}

static GPtrArray *
list_one (GanLibraryRow *row)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func (g_object_unref);

  g_ptr_array_add (rows, g_object_ref (row));
  return rows;
}

static void
forget (GanLibraryView *self, GanLibraryRow *row)
{
  g_autoptr (GPtrArray) rows = list_one (row);

  gan_library_forget_async (self->library, rows, NULL, forgotten_cb, change_new (self, rows));
}

static void
trashed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GanLibraryView) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!gan_library_trash_finish (GAN_LIBRARY (source), result, &error))
    say_error (self, error);
  else
    say (self, adw_toast_new (_ ("File moved to the trash")));
}

static void
trash_response_cb (AdwMessageDialog *dialog, const char *response, Change *change)
{
  if (g_strcmp0 (response, "trash") == 0)
    gan_library_trash_async (change->self->library,
                             change->rows,
                             NULL,
                             trashed_cb,
                             g_object_ref (change->self));
}

static void
trash (GanLibraryView *self, GanLibraryRow *row)
{
  g_autoptr (GPtrArray) rows = list_one (row);
  g_autofree char *name = g_filename_display_basename (gan_library_row_get_file (row));
  g_autofree char *line = gan_caption_dup_line (name);
  g_autofree char *text = g_strdup_printf (_ ("“%s” will also leave the library."), line);
  AdwMessageDialog *dialog = gan_message_new (GTK_WIDGET (self), _ ("Move File to Trash?"), text);

  adw_message_dialog_add_responses (dialog,
                                    "cancel",
                                    _ ("_Cancel"),
                                    "trash",
                                    _ ("_Move to Trash"),
                                    NULL);
  adw_message_dialog_set_response_appearance (dialog, "trash", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (dialog, "cancel");
  adw_message_dialog_set_close_response (dialog, "cancel");
  g_signal_connect_data (dialog,
                         "response",
                         G_CALLBACK (trash_response_cb),
                         change_new (self, rows),
                         change_free_closure,
                         0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
queued_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GanLibraryView) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = gan_queue_add_finish (GAN_QUEUE (source), result, &error);

  if (rows == NULL)
    say_error (self, error);
  else
    say (self, adw_toast_new (_ ("Added to the downloads")));
}

/* Into the folder where it was. */
static void
download_again (GanLibraryView *self, GanLibraryRow *row)
{
  g_autoptr (GPtrArray) jobs = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *folder = g_path_get_dirname (gan_library_row_get_file (row));
  GanJobRow *job = gan_job_row_new (gan_library_row_get_url (row));

  g_ptr_array_add (jobs, job);
  gan_job_row_set_folder (job, folder);
  gan_job_row_set_wish (job, gan_settings_get_wish (gan_session_get_settings (self->session)));
  gan_job_row_set_title (job, gan_library_row_get_title (row));
  gan_job_row_set_creator (job, gan_library_row_get_creator (row));
  gan_job_row_set_thumbnail_url (job, gan_library_row_get_thumbnail_url (row));
  gan_job_row_set_duration (job, gan_library_row_get_duration (row));
  gan_job_row_set_platform (job, gan_library_row_get_platform (row));
  gan_job_row_set_platform_id (job, gan_library_row_get_platform_id (row));
  gan_queue_add_async (gan_session_get_queue (self->session),
                       jobs,
                       NULL,
                       queued_cb,
                       g_object_ref (self));
}

static void
open_file (GanLibraryView *self, GanLibraryRow *row)
{
  gan_open_file (GTK_WIDGET (self), gan_library_row_get_file (row));
}

static void
show_in_folder (GanLibraryView *self, GanLibraryRow *row)
{
  gan_open_folder_of (GTK_WIDGET (self), gan_library_row_get_file (row));
}

static void
copy_link (GanLibraryView *self, GanLibraryRow *row)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)),
                          gan_library_row_get_url (row));
  say (self, adw_toast_new (_ ("Link copied")));
}

static void
action_cb (GanLibraryWidget *widget, const char *name, GanLibraryRow *row, GanLibraryView *self)
{
  static const struct
  {
    const char *name;
    void (*act) (GanLibraryView *self, GanLibraryRow *row);
  } actions[] = {
    { "file.open", open_file },      { "file.show-in-folder", show_in_folder },
    { "file.copy-link", copy_link }, { "file.download-again", download_again },
    { "file.remove", forget },       { "file.trash", trash },
  };

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      if (g_str_equal (actions[i].name, name))
        actions[i].act (self, row);
    }
}

static void
row_activated_cb (GanLibraryView *self, guint position)
{
  g_autoptr (GanLibraryRow) row
      = g_list_model_get_item (G_LIST_MODEL (gtk_list_view_get_model (self->list_view)), position);

  if (row != NULL)
    open_file (self, row);
}

static gboolean
is_narrowed (GanLibraryView *self)
{
  g_autofree char *search = NULL;
  g_autofree char *kind = NULL;

  g_object_get (self->library, "search", &search, "content-type", &kind, NULL);
  return (search != NULL && *search != '\0') || kind != NULL;
}

static void
update_page (GanLibraryView *self)
{
  gboolean has_files = g_list_model_get_n_items (G_LIST_MODEL (self->library)) > 0;
  gboolean narrowed = is_narrowed (self);

  gtk_widget_set_visible (self->filters, has_files || narrowed);
  if (has_files)
    gtk_stack_set_visible_child_name (self->stack, "files");
  else if (gan_library_is_loading (self->library))
    gtk_stack_set_visible_child_name (self->stack, narrowed ? "files" : "loading");
  else
    gtk_stack_set_visible_child_name (self->stack, narrowed ? "not-found" : "empty");
}

static void
search_changed_cb (GanLibraryView *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->search_entry));

  if (self->library != NULL)
    gan_library_set_search (self->library, *text != '\0' ? text : NULL);
}

static void
search_mode_changed_cb (GanLibraryView *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SEARCH_MODE]);
}

static void
filter_toggled_cb (GtkToggleButton *button, GanLibraryView *self)
{
  if (self->library != NULL && gtk_toggle_button_get_active (button))
    gan_library_set_content_type (self->library, g_object_get_data (G_OBJECT (button), "kind"));
}

static void
add_filters (GanLibraryView *self)
{
  static const struct
  {
    const char *kind;
    const char *label;
  } filters[] = {
    { NULL, N_ ("All") },       { "video", N_ ("Video") }, { "audio", N_ ("Audio") },
    { "image", N_ ("Images") }, { "file", N_ ("Files") },
  };
  GtkWidget *first = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (filters); i++)
    {
      GtkWidget *button
          = gtk_toggle_button_new_with_label (dgettext (GAN_GETTEXT_DOMAIN, filters[i].label));

      gtk_widget_add_css_class (button, "filter");
      g_object_set_data (G_OBJECT (button), "kind", (gpointer) filters[i].kind);
      gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (button),
                                   first != NULL ? GTK_TOGGLE_BUTTON (first) : NULL);
      gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), first == NULL);
      g_signal_connect_object (button, "toggled", G_CALLBACK (filter_toggled_cb), self, 0);
      gtk_box_append (self->filter_box, button);
      first = first != NULL ? first : button;
    }
}

/* The row that the keyboard is at. */
static GtkWidget *
find_focused (GanLibraryView *self)
{
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (GTK_WIDGET (self)));
  GtkWidget *child = focus != NULL ? gtk_widget_get_first_child (focus) : NULL;

  if (focus == NULL || !gtk_widget_is_ancestor (focus, GTK_WIDGET (self->list_view)))
    return NULL;
  return GAN_IS_LIBRARY_WIDGET (child) ? child
                                       : gtk_widget_get_ancestor (focus, GAN_TYPE_LIBRARY_WIDGET);
}

static gboolean
act_on_focused (GtkWidget *widget, GVariant *name, gpointer user_data)
{
  GtkWidget *focused = find_focused (user_data);

  return focused != NULL
         && gtk_widget_activate_action (focused, g_variant_get_string (name, NULL), NULL);
}

static void
add_keys (GanLibraryView *self)
{
  static const struct
  {
    const char *trigger;
    const char *action;
  } keys[] = {
    { "Delete|KP_Delete", "file.remove" },
    { "<Control>c", "file.copy-link" },
    { "Menu|<Shift>F10", "file.menu" },
  };
  GtkEventController *controller = gtk_shortcut_controller_new ();

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_shortcut_controller_add_shortcut (
        GTK_SHORTCUT_CONTROLLER (controller),
        gtk_shortcut_new_with_arguments (gtk_shortcut_trigger_parse_string (keys[i].trigger),
                                         gtk_callback_action_new (act_on_focused, self, NULL),
                                         "s",
                                         keys[i].action));
  gtk_widget_add_controller (GTK_WIDGET (self->list_view), controller);
}

static void
setup_row_cb (GtkListItemFactory *factory, GtkListItem *list_item, GanLibraryView *self)
{
  GtkWidget *row
      = gan_library_widget_new (gan_app_get_registry (gan_session_get_app (self->session)),
                                gan_session_get_thumbnails (self->session));

  g_signal_connect_object (row, "action", G_CALLBACK (action_cb), self, 0);
  gtk_list_item_set_child (list_item, row);
}

static void
bind_row_cb (GtkListItemFactory *factory, GtkListItem *list_item, GanLibraryView *self)
{
  GanLibraryWidget *row = GAN_LIBRARY_WIDGET (gtk_list_item_get_child (list_item));

  gan_library_widget_set_narrow (row, self->narrow);
  gan_library_widget_bind (row, gtk_list_item_get_item (list_item));
}

static void
unbind_row_cb (GtkListItemFactory *factory, GtkListItem *list_item, GanLibraryView *self)
{
  gan_library_widget_unbind (GAN_LIBRARY_WIDGET (gtk_list_item_get_child (list_item)));
}

static void
failed_cb (GanLibrary *library, const GError *error, GanLibraryView *self)
{
  say_error (self, error);
}

static void
fill (GanLibraryView *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkNoSelection) selection
      = gtk_no_selection_new (g_object_ref (G_LIST_MODEL (self->library)));

  g_signal_connect_object (factory, "setup", G_CALLBACK (setup_row_cb), self, 0);
  g_signal_connect_object (factory, "bind", G_CALLBACK (bind_row_cb), self, 0);
  g_signal_connect_object (factory, "unbind", G_CALLBACK (unbind_row_cb), self, 0);
  gtk_list_view_set_factory (self->list_view, factory);
  gtk_list_view_set_model (self->list_view, GTK_SELECTION_MODEL (selection));
}

static void
let_go (GanLibraryView *self)
{
  if (self->library != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->library, self);
      gtk_list_view_set_model (self->list_view, NULL);
      gtk_list_view_set_factory (self->list_view, NULL);
    }
  g_clear_object (&self->library);
  g_clear_object (&self->session);
}

/* What nobody looks at is not loaded. */
static void
show_library (GanLibraryView *self)
{
  if (self->library != NULL || self->session == NULL)
    return;
  self->library = g_object_ref (gan_session_get_library (self->session));
  g_signal_connect_swapped (self->library, "items-changed", G_CALLBACK (update_page), self);
  g_signal_connect_swapped (self->library, "notify::loading", G_CALLBACK (update_page), self);
  g_signal_connect (self->library, "failed", G_CALLBACK (failed_cb), self);
  fill (self);
  update_page (self);
}

/* Only the visible page listens to what is typed into the window. */
static void
gan_library_view_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (gan_library_view_parent_class)->map (widget);
  show_library (GAN_LIBRARY_VIEW (widget));
  gtk_search_bar_set_key_capture_widget (GAN_LIBRARY_VIEW (widget)->search_bar,
                                         GTK_WIDGET (gtk_widget_get_root (widget)));
}

static void
gan_library_view_unmap (GtkWidget *widget)
{
  gtk_search_bar_set_key_capture_widget (GAN_LIBRARY_VIEW (widget)->search_bar, NULL);
  GTK_WIDGET_CLASS (gan_library_view_parent_class)->unmap (widget);
}

static void
set_narrow (GanLibraryView *self, gboolean narrow)
{
  if (narrow == self->narrow)
    return;
  self->narrow = narrow;
  for (GtkWidget *item = gtk_widget_get_first_child (GTK_WIDGET (self->list_view)); item != NULL;
       item = gtk_widget_get_next_sibling (item))
    {
      GtkWidget *row = gtk_widget_get_first_child (item);

      if (GAN_IS_LIBRARY_WIDGET (row))
        gan_library_widget_set_narrow (GAN_LIBRARY_WIDGET (row), narrow);
    }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NARROW]);
}

static void
gan_library_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  GanLibraryView *self = GAN_LIBRARY_VIEW (object);

  if (id == PROP_SESSION)
    g_value_set_object (value, self->session);
  else if (id == PROP_SEARCH_MODE)
    g_value_set_boolean (value, gan_library_view_get_search_mode (self));
  else if (id == PROP_NARROW)
    g_value_set_boolean (value, self->narrow);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
gan_library_view_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  GanLibraryView *self = GAN_LIBRARY_VIEW (object);

  if (id == PROP_SESSION)
    gan_library_view_set_session (self, g_value_get_object (value));
  else if (id == PROP_SEARCH_MODE)
    gan_library_view_set_search_mode (self, g_value_get_boolean (value));
  else if (id == PROP_NARROW)
    set_narrow (self, g_value_get_boolean (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
gan_library_view_dispose (GObject *object)
{
  GanLibraryView *self = GAN_LIBRARY_VIEW (object);

  let_go (self);
  G_OBJECT_CLASS (gan_library_view_parent_class)->dispose (object);
}

static void
install_properties (GObjectClass *object_class)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  properties[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, GAN_TYPE_SESSION, flags);
  properties[PROP_SEARCH_MODE] = g_param_spec_boolean ("search-mode", NULL, NULL, FALSE, flags);
  properties[PROP_NARROW] = g_param_spec_boolean ("narrow", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
gan_library_view_class_init (GanLibraryViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = gan_library_view_get_property;
  object_class->set_property = gan_library_view_set_property;
  object_class->dispose = gan_library_view_dispose;
  widget_class->map = gan_library_view_map;
  widget_class->unmap = gan_library_view_unmap;
  install_properties (object_class);
  signals[SIGNAL_TOAST] = g_signal_new ("toast",
                                        GAN_TYPE_LIBRARY_VIEW,
                                        G_SIGNAL_RUN_LAST,
                                        0,
                                        NULL,
                                        NULL,
                                        NULL,
                                        G_TYPE_NONE,
                                        1,
                                        ADW_TYPE_TOAST);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               GAN_RESOURCE_PATH "/gan-library-view.ui");
  gtk_widget_class_bind_template_child (widget_class, GanLibraryView, search_bar);
  gtk_widget_class_bind_template_child (widget_class, GanLibraryView, search_entry);
  gtk_widget_class_bind_template_child (widget_class, GanLibraryView, filters);
  gtk_widget_class_bind_template_child (widget_class, GanLibraryView, filter_box);
  gtk_widget_class_bind_template_child (widget_class, GanLibraryView, stack);
  gtk_widget_class_bind_template_child (widget_class, GanLibraryView, list_view);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_mode_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
}

static void
gan_library_view_init (GanLibraryView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_search_bar_connect_entry (self->search_bar, GTK_EDITABLE (self->search_entry));
  add_filters (self);
  add_keys (self);
  gtk_widget_set_visible (self->filters, FALSE);
}

/**
 * gan_library_view_new:
 * @session: (nullable): whose library is shown; may come later
 *
 * Returns: (transfer floating): the view
 */
GanLibraryView *
gan_library_view_new (GanSession *session)
{
  return g_object_new (GAN_TYPE_LIBRARY_VIEW, "session", session, NULL);
}

/**
 * gan_library_view_set_session:
 * @self: a view
 * @session: (nullable): a session that is open
 *
 * Shows its library, which is loaded when the view is seen.
 */
void
gan_library_view_set_session (GanLibraryView *self, GanSession *session)
{
  g_return_if_fail (GAN_IS_LIBRARY_VIEW (self));

  if (session == self->session)
    return;
  let_go (self);
  g_set_object (&self->session, session);
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    show_library (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SESSION]);
}

/**
 * gan_library_view_set_search_mode:
 * @self: a view
 * @search_mode: whether the search is open
 *
 * Opens or closes the search; closing it shows everything again.
 */
void
gan_library_view_set_search_mode (GanLibraryView *self, gboolean search_mode)
{
  g_return_if_fail (GAN_IS_LIBRARY_VIEW (self));

  gtk_search_bar_set_search_mode (self->search_bar, search_mode);
}

/**
 * gan_library_view_get_search_mode:
 * @self: a view
 *
 * Returns: whether the search is open
 */
gboolean
gan_library_view_get_search_mode (GanLibraryView *self)
{
  g_return_val_if_fail (GAN_IS_LIBRARY_VIEW (self), FALSE);

  return gtk_search_bar_get_search_mode (self->search_bar);
}
