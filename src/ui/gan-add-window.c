/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-add-window.h"

#include "gan-add-list.h"
#include "gan-add-row.h"
#include "gan-error-words.h"
#include "gan-folder-row.h"
#include "gan-links.h"
#include "gan-message.h"
#include "gan-quality.h"

#include <glib/gi18n.h>
#include <string.h>

/* So long nobody types: then what stands there is taken for whole. */
#define TYPING_MILLISECONDS 500

#define NARROW_WIDTH 440

struct _GanAddWindow
{
  AdwWindow parent_instance;

  GanSession *session;
  GanAddList *list;
  GString *pasted; /* links that do not stand in the entry, one a line */
  guint typing_id;
  GanMedia *quality_media; /* whose qualities are on offer, NULL: the wishes */
  char *chosen_wish;       /* NULL: what is remembered */
  gboolean folder_chosen;  /* by a person, so that it is remembered */
  GanAddRowLook look;
  gboolean filling; /* the qualities change, and nobody has chosen */
  GCancellable *cancellable;

  AdwWindowTitle *heading;
  AdwToastOverlay *toasts;
  GtkWidget *entry_clamp;
  GtkEntry *entry;
  GtkStack *stack;
  GtkListView *list_view;
  AdwComboRow *quality_row;
  GanFolderRow *folder_row;
  GtkButton *download;
};

enum
{
  SIGNAL_QUEUED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (GanAddWindow, gan_add_window, ADW_TYPE_WINDOW)

/* What somebody has chosen here, else what options, environment and settings come to. */
static const char *
get_wish (GanAddWindow *self)
{
  const char *wish = gan_session_get_config (self->session)->wish;

  if (self->chosen_wish != NULL)
    return self->chosen_wish;
  return wish != NULL ? wish : gan_settings_get_wish (gan_session_get_settings (self->session));
}

static const char *
get_folder (GanAddWindow *self)
{
  const char *folder = gan_session_get_config (self->session)->download_dir;

  return folder != NULL
             ? folder
             : gan_settings_get_download_folder (gan_session_get_settings (self->session));
}

static void
update_quality (GanAddWindow *self)
{
  const char *wish = NULL;
  GanMedia *media = NULL;
  g_autoptr (GListModel) qualities = NULL;

  if (gan_add_list_get_n (self->list) == 1)
    media = gan_add_item_get_media (gan_add_list_get_item (self->list, 0));
  if (media == self->quality_media && adw_combo_row_get_model (self->quality_row) != NULL)
    return;
  g_set_object (&self->quality_media, media);
  if (self->chosen_wish != NULL && gan_quality_is_one_format (self->chosen_wish))
    g_clear_pointer (&self->chosen_wish, g_free);
  wish = get_wish (self);
  qualities = media != NULL ? gan_quality_list_for_media (media) : gan_quality_list_wishes ();
  self->filling = TRUE;
  adw_combo_row_set_model (self->quality_row, qualities);
  adw_combo_row_set_selected (self->quality_row,
                              media != NULL ? gan_quality_find_for_media (qualities, media, wish)
                                            : gan_quality_find_wish (qualities, wish));
  self->filling = FALSE;
}

static void
quality_selected_cb (GanAddWindow *self)
{
  GanQuality *quality = adw_combo_row_get_selected_item (self->quality_row);

  if (self->filling || quality == NULL)
    return;
  g_free (self->chosen_wish);
  self->chosen_wish = g_strdup (gan_quality_get_wish (quality));
}

static void
folder_chosen_cb (GanAddWindow *self)
{
  self->folder_chosen = TRUE;
}

static char *
dup_summary (GanAddWindow *self)
{
  guint n = gan_add_list_get_n (self->list);
  guint n_failed = gan_add_list_count (self->list, GAN_ADD_FAILED);
  guint n_ready = gan_add_list_count (self->list, GAN_ADD_READY);
  g_autofree char *links = NULL;
  g_autofree char *rest = NULL;

  if (n < 2)
    return g_strdup ("");
  links = g_strdup_printf (ngettext ("%u link", "%u links", n), n);
  if (n_ready + n_failed < n)
    rest = g_strdup_printf (ngettext ("%u ready", "%u ready", n_ready), n_ready);
  else if (n_failed > 0)
    rest = g_strdup_printf (ngettext ("%u failed", "%u failed", n_failed), n_failed);
  return rest != NULL ? g_strdup_printf ("%s · %s", links, rest) : g_steal_pointer (&links);
}

static void
update_download (GanAddWindow *self)
{
  guint n = gan_add_list_get_n (self->list);
  guint n_usable = gan_add_list_count_usable (self->list);
  g_autofree char *label = NULL;

  if (n > 1 && n_usable > 0)
    /* Translators: on the button, with the number of links. */
    label = g_strdup_printf (_ ("_Download %u"), n_usable);
  gtk_button_set_label (self->download, label != NULL ? label : _ ("_Download"));
  gtk_widget_set_sensitive (GTK_WIDGET (self->download), n_usable > 0);
}

/* All rows are made anew where they look otherwise. */
static void
update_look (GanAddWindow *self)
{
  GanAddRowLook look = GAN_ADD_ROW_WIDE;
  g_autoptr (GtkSelectionModel) model = NULL;
  int width = 0;
  int height = 0;

  gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  if (gan_add_list_get_n (self->list) == 1)
    look = GAN_ADD_ROW_ALONE;
  else if (width < NARROW_WIDTH)
    look = GAN_ADD_ROW_NARROW;
  if (look == self->look)
    return;
  self->look = look;
  model = g_object_ref (gtk_list_view_get_model (self->list_view));
  gtk_list_view_set_model (self->list_view, NULL);
  gtk_list_view_set_model (self->list_view, model);
}

static void
width_changed_cb (GanAddWindow *self)
{
  if (self->list != NULL)
    update_look (self);
}

static void
list_changed_cb (GanAddWindow *self)
{
  g_autofree char *summary = dup_summary (self);

  adw_window_title_set_subtitle (self->heading, summary);
  gtk_stack_set_visible_child_name (self->stack,
                                    gan_add_list_get_n (self->list) > 0 ? "links" : "empty");
  update_look (self);
  update_quality (self);
  update_download (self);
}

/* What was pasted in lots, then what stands in the entry. */
static void
take_links (GanAddWindow *self)
{
  g_autoptr (GanLinks) links = gan_links_new ();
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->entry));

  g_clear_handle_id (&self->typing_id, g_source_remove);
  gan_links_add_data (links, self->pasted->str, self->pasted->len, GAN_LINKS_TEXT);
  gan_links_add_data (links, text, strlen (text), GAN_LINKS_TEXT);
  gan_add_list_set_links (self->list, gan_links_get (links));
}

static gboolean
typing_ended_cb (gpointer user_data)
{
  GanAddWindow *self = user_data;

  self->typing_id = 0;
  take_links (self);
  return G_SOURCE_REMOVE;
}

static void
entry_changed_cb (GanAddWindow *self)
{
  gboolean empty = gtk_entry_get_text_length (self->entry) == 0;

  gtk_entry_set_icon_from_icon_name (self->entry,
                                     GTK_ENTRY_ICON_SECONDARY,
                                     empty ? "edit-paste-symbolic" : "edit-clear-symbolic");
  gtk_entry_set_icon_tooltip_text (self->entry,
                                   GTK_ENTRY_ICON_SECONDARY,
                                   empty ? _ ("Paste") : _ ("Clear"));
  g_clear_handle_id (&self->typing_id, g_source_remove);
  self->typing_id = g_timeout_add (TYPING_MILLISECONDS, typing_ended_cb, self);
}

/* Where the cursor is, and apart from what stands before it. */
static void
paste_at_cursor (GanAddWindow *self, const char *text)
{
  GtkEditable *editable = GTK_EDITABLE (self->entry);
  g_autofree char *before = NULL;
  g_autofree char *line = g_strdelimit (g_strdup (text), "\r\n", ' ');
  int position = 0;

  gtk_editable_delete_selection (editable);
  position = gtk_editable_get_position (editable);
  before = gtk_editable_get_chars (editable, 0, position);
  if (strstr (line, "://") != NULL && *before != '\0' && !g_str_has_suffix (before, " "))
    gtk_editable_insert_text (editable, " ", 1, &position);
  gtk_editable_insert_text (editable, line, -1, &position);
  gtk_editable_set_position (editable, position);
}

/* Several links go straight into the list: an entry holds 64 KiB. So does one where there is no
 * entry. */
static void
paste (GanAddWindow *self, const char *text)
{
  gboolean has_entry = gtk_widget_get_visible (self->entry_clamp);
  g_autoptr (GanLinks) links = gan_links_new ();
  const char *const *found = NULL;
  guint n = 0;

  gan_links_add_data (links, text, strlen (text), GAN_LINKS_TEXT);
  found = gan_links_get (links);
  n = gan_links_get_n (links);
  if (has_entry && n < 2)
    paste_at_cursor (self, n == 1 ? found[0] : text);
  for (guint i = 0; (!has_entry || n > 1) && i < n; i++)
    g_string_append_printf (self->pasted, "%s\n", found[i]);
  take_links (self);
}

static void
clipboard_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GanAddWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, &error);

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (text != NULL && *text != '\0')
    paste (self, text);
  else
    gtk_widget_error_bell (GTK_WIDGET (self->entry));
}

static void
read_clipboard (GanAddWindow *self)
{
  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (GTK_WIDGET (self)),
                                 self->cancellable,
                                 clipboard_read_cb,
                                 g_object_ref (self));
}

static void
paste_clipboard_cb (GtkText *text, GanAddWindow *self)
{
  g_signal_stop_emission_by_name (text, "paste-clipboard");
  read_clipboard (self);
}

/* Only where no entry has pasted for itself. */
static void
paste_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  read_clipboard (GAN_ADD_WINDOW (widget));
}

static void
entry_icon_press_cb (GanAddWindow *self)
{
  if (gtk_entry_get_text_length (self->entry) == 0)
    read_clipboard (self);
  else
    gtk_editable_set_text (GTK_EDITABLE (self->entry), "");
}

/* What one wishes for need not be on offer. A wish that is only remembered then gives way, and one
 * for sound alone does where there is no video to take it from. */
static const char *
get_wish_for (GanAddWindow *self, GanAddItem *item, const char *wish)
{
  GanMedia *media = gan_add_item_get_media (item);

  if (media == NULL || gan_quality_is_on_offer (media, wish))
    return wish;
  return self->chosen_wish == NULL || !gan_quality_has_video (media) ? "best" : wish;
}

static GPtrArray *
make_rows (GanAddWindow *self)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func (g_object_unref);
  const char *folder = gan_folder_row_get_folder (self->folder_row);
  const char *wish = get_wish (self);

  for (guint i = 0; i < gan_add_list_get_n (self->list); i++)
    {
      GanAddItem *item = gan_add_list_get_item (self->list, i);

      if (gan_add_item_get_state (item) != GAN_ADD_FAILED)
        g_ptr_array_add (rows,
                         gan_add_item_make_row (item, folder, get_wish_for (self, item, wish)));
    }
  return rows;
}

static void
remember (GanAddWindow *self)
{
  GanSettings *settings = gan_session_get_settings (self->session);

  if (self->chosen_wish != NULL && !gan_quality_is_one_format (self->chosen_wish))
    gan_settings_set_wish (settings, self->chosen_wish);
  if (self->folder_chosen)
    gan_settings_set_download_folder (settings, gan_folder_row_get_folder (self->folder_row));
}

static void
show_failure (GanAddWindow *self, const GError *error)
{
  const char *reason = NULL;
  GanErrorCode code = gan_error_words_get_code (error, &reason);
  g_autofree char *title = gan_error_words_dup_title (code, reason);
  g_autofree char *advice = gan_error_words_dup_advice (code, reason);
  g_autofree char *text = g_strdup_printf ("%s. %s", title, advice);
  AdwMessageDialog *dialog = gan_message_new (GTK_WIDGET (self), _ ("Nothing Was Added"), text);

  adw_message_dialog_add_response (dialog, "close", _ ("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
added_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GanAddWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = gan_queue_add_finish (GAN_QUEUE (source), result, &error);

  gtk_widget_set_sensitive (GTK_WIDGET (self->toasts), TRUE);
  if (rows == NULL)
    {
      g_debug ("adding: %s", error->message);
      update_download (self);
      show_failure (self, error);
      return;
    }
  remember (self);
  g_signal_emit (self, signals[SIGNAL_QUEUED], 0, rows->len);
  gtk_window_close (GTK_WINDOW (self));
}

static void
download_clicked_cb (GanAddWindow *self)
{
  g_autoptr (GPtrArray) rows = NULL;

  take_links (self);
  rows = make_rows (self);
  if (rows->len == 0)
    return;
  gtk_widget_set_sensitive (GTK_WIDGET (self->toasts), FALSE);
  gtk_widget_set_sensitive (GTK_WIDGET (self->download), FALSE);
  gan_queue_add_async (gan_session_get_queue (self->session),
                       rows,
                       NULL,
                       added_cb,
                       g_object_ref (self));
}

/* The first Enter looks the links up, the next one downloads. */
static void
entry_activate_cb (GanAddWindow *self)
{
  if (self->typing_id != 0)
    take_links (self);
  else
    gtk_widget_activate (GTK_WIDGET (self->download));
}

static void
remove_cb (GanAddRow *row, GanAddItem *item, GanAddWindow *self)
{
  gan_add_list_remove (self->list, item);
  g_string_truncate (self->pasted, 0);
  for (guint i = 0; i < gan_add_list_get_n (self->list); i++)
    g_string_append_printf (self->pasted,
                            "%s\n",
                            gan_add_item_get_link (gan_add_list_get_item (self->list, i)));
  gtk_editable_set_text (GTK_EDITABLE (self->entry), "");
  if (gan_add_list_get_n (self->list) == 0)
    gtk_widget_set_visible (self->entry_clamp, TRUE);
}

static void
setup_row_cb (GtkListItemFactory *factory, GtkListItem *list_item, GanAddWindow *self)
{
  GtkWidget *row = gan_add_row_new (gan_session_get_thumbnails (self->session),
                                    G_LIST_MODEL (gan_session_get_queue (self->session)));

  gtk_list_item_set_activatable (list_item, FALSE);
  g_signal_connect_object (row, "remove", G_CALLBACK (remove_cb), self, 0);
  gtk_list_item_set_child (list_item, row);
}

static void
bind_row_cb (GtkListItemFactory *factory, GtkListItem *list_item, GanAddWindow *self)
{
  GanAddRow *row = GAN_ADD_ROW (gtk_list_item_get_child (list_item));

  gan_add_row_set_look (row, self->look);
  gan_add_row_bind (row, gtk_list_item_get_item (list_item));
}

static void
unbind_row_cb (GtkListItemFactory *factory, GtkListItem *list_item, GanAddWindow *self)
{
  gan_add_row_unbind (GAN_ADD_ROW (gtk_list_item_get_child (list_item)));
}

static void
gan_add_window_dispose (GObject *object)
{
  GanAddWindow *self = GAN_ADD_WINDOW (object);

  g_clear_handle_id (&self->typing_id, g_source_remove);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  if (self->list != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->list, self);
      gan_add_list_cancel (self->list);
    }
  g_clear_object (&self->list);
  g_clear_object (&self->quality_media);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (gan_add_window_parent_class)->dispose (object);
}

static void
gan_add_window_finalize (GObject *object)
{
  GanAddWindow *self = GAN_ADD_WINDOW (object);

  g_clear_object (&self->cancellable);
  g_string_free (self->pasted, TRUE);
  g_free (self->chosen_wish);
  G_OBJECT_CLASS (gan_add_window_parent_class)->finalize (object);
}

static void
gan_add_window_class_init (GanAddWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = gan_add_window_dispose;
  object_class->finalize = gan_add_window_finalize;
  signals[SIGNAL_QUEUED] = g_signal_new ("queued",
                                         GAN_TYPE_ADD_WINDOW,
                                         G_SIGNAL_RUN_LAST,
                                         0,
                                         NULL,
                                         NULL,
                                         NULL,
                                         G_TYPE_NONE,
                                         1,
                                         G_TYPE_UINT);

  gtk_widget_class_install_action (widget_class, "add.paste", NULL, paste_action);
  g_type_ensure (GAN_TYPE_FOLDER_ROW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               GAN_RESOURCE_PATH "/gan-add-window.ui");
  gtk_widget_class_bind_template_child (widget_class, GanAddWindow, heading);
  gtk_widget_class_bind_template_child (widget_class, GanAddWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, GanAddWindow, entry_clamp);
  gtk_widget_class_bind_template_child (widget_class, GanAddWindow, entry);
  gtk_widget_class_bind_template_child (widget_class, GanAddWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, GanAddWindow, list_view);
  gtk_widget_class_bind_template_child (widget_class, GanAddWindow, quality_row);
  gtk_widget_class_bind_template_child (widget_class, GanAddWindow, folder_row);
  gtk_widget_class_bind_template_child (widget_class, GanAddWindow, download);
  gtk_widget_class_bind_template_callback (widget_class, entry_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, entry_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, entry_icon_press_cb);
  gtk_widget_class_bind_template_callback (widget_class, quality_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, download_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, folder_chosen_cb);
}

static void
gan_add_window_init (GanAddWindow *self)
{
  g_autoptr (GtkExpression) label = gtk_property_expression_new (GAN_TYPE_QUALITY, NULL, "label");

  self->cancellable = g_cancellable_new ();
  self->pasted = g_string_new (NULL);
  self->look = GAN_ADD_ROW_WIDE;
  gtk_widget_init_template (GTK_WIDGET (self));
  adw_combo_row_set_expression (self->quality_row, label);
  g_signal_connect (self, "notify::default-width", G_CALLBACK (width_changed_cb), NULL);
  g_signal_connect_object (gtk_editable_get_delegate (GTK_EDITABLE (self->entry)),
                           "paste-clipboard",
                           G_CALLBACK (paste_clipboard_cb),
                           self,
                           0);
}

static void
fill (GanAddWindow *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkNoSelection *selection
      = gtk_no_selection_new (G_LIST_MODEL (g_object_ref (G_OBJECT (self->list))));

  g_signal_connect_object (factory, "setup", G_CALLBACK (setup_row_cb), self, 0);
  g_signal_connect_object (factory, "bind", G_CALLBACK (bind_row_cb), self, 0);
  g_signal_connect_object (factory, "unbind", G_CALLBACK (unbind_row_cb), self, 0);
  gtk_list_view_set_factory (self->list_view, factory);
  gtk_list_view_set_model (self->list_view, GTK_SELECTION_MODEL (selection));
  g_object_unref (factory);
  g_object_unref (selection);
}

/**
 * gan_add_window_new:
 * @session: whose queue, settings and sites are used; its library need not be loaded
 * @links: (nullable) (array zero-terminated=1): links to begin with; without any there is an entry
 *   for them
 *
 * Returns: (transfer none): a window that is not shown yet; GTK keeps it until it is closed
 */
GanAddWindow *
gan_add_window_new (GanSession *session, const char *const *links)
{
  GanAddWindow *self = NULL;

  g_return_val_if_fail (GAN_IS_SESSION (session), NULL);

  self = g_object_new (GAN_TYPE_ADD_WINDOW, NULL);
  self->session = g_object_ref (session);
  self->list = gan_add_list_new (gan_app_get_registry (gan_session_get_app (session)));
  gan_folder_row_set_folder (self->folder_row, get_folder (self));
  fill (self);
  g_signal_connect_swapped (self->list, "changed", G_CALLBACK (list_changed_cb), self);
  for (guint i = 0; links != NULL && links[i] != NULL; i++)
    g_string_append_printf (self->pasted, "%s\n", links[i]);
  gtk_widget_set_visible (self->entry_clamp, self->pasted->len == 0);
  take_links (self);
  gtk_window_set_focus (GTK_WINDOW (self),
                        self->pasted->len == 0 ? GTK_WIDGET (self->entry)
                                               : GTK_WIDGET (self->download));
  return self;
}
