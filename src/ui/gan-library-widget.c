/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-library-widget.h"

#include "gan-caption.h"
#include "gan-row-name.h"
#include "gan-text.h"
#include "gan-thumbnail.h"

#include <glib/gi18n.h>

#define WIDE_THUMBNAIL 112
#define NARROW_THUMBNAIL 80

struct _GanLibraryWidget
{
  AdwBin parent_instance;

  GanRegistry *registry;
  GanThumbnails *thumbnails;
  GanLibraryRow *row;    /* NULL: shows nothing */
  GCancellable *looking; /* whether the file is there */
  gboolean is_gone;
  gboolean is_narrow;

  GtkWidget *box;
  GanThumbnail *thumbnail;
  GtkLabel *badge;
  GtkLabel *title;
  GtkLabel *subtitle;
  GtkWidget *gone;
  GtkWidget *again;
  GtkWidget *show;
  GtkMenuButton *menu_button;
};

enum
{
  SIGNAL_ACTION,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (GanLibraryWidget, gan_library_widget, ADW_TYPE_BIN)

static void
set_gone (GanLibraryWidget *self, gboolean is_gone)
{
  self->is_gone = is_gone;
  gtk_widget_set_visible (self->gone, is_gone);
  gtk_widget_set_visible (self->again, is_gone);
  gtk_widget_set_visible (self->show, !is_gone && !self->is_narrow);
  gtk_widget_set_opacity (GTK_WIDGET (self->thumbnail), is_gone ? 0.5 : 1.0);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "file.open", !is_gone);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "file.show-in-folder", !is_gone);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "file.trash", !is_gone);
  if (is_gone)
    gtk_widget_add_css_class (GTK_WIDGET (self->title), "dim-label");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->title), "dim-label");
}

static void
looked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GanLibraryWidget) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GFileInfo) info = g_file_query_info_finish (G_FILE (source), result, &error);

  if (self->looking == NULL || g_task_get_cancellable (G_TASK (result)) != self->looking)
    return;
  g_clear_object (&self->looking);
  set_gone (self, info == NULL && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND));
}

/* When it can be seen, for a list has many rows beside those; and not in this thread: the folder
 * may be on a disk that sleeps. */
static void
look (GanLibraryWidget *self)
{
  g_autoptr (GFile) file = NULL;

  if (self->row == NULL || self->looking != NULL || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  file = g_file_new_for_path (gan_library_row_get_file (self->row));
  self->looking = g_cancellable_new ();
  g_file_query_info_async (file,
                           G_FILE_ATTRIBUTE_STANDARD_TYPE,
                           G_FILE_QUERY_INFO_NONE,
                           G_PRIORITY_DEFAULT_IDLE,
                           self->looking,
                           looked_cb,
                           g_object_ref (self));
}

static const char *
get_site (GanLibraryWidget *self)
{
  const char *platform = gan_library_row_get_platform (self->row);
  GanRules *rules = NULL;

  if (platform != NULL && !g_str_equal (platform, "generic"))
    rules = gan_registry_get_rules (self->registry, platform);
  return rules != NULL ? gan_rules_get_name (rules) : NULL;
}

/**
 * gan_library_widget_dup_title:
 * @row: a finished file
 *
 * Returns: (transfer full): its title as one bounded line, or else the name of the file
 */
char *
gan_library_widget_dup_title (GanLibraryRow *row)
{
  g_autofree char *title = gan_caption_dup_line (gan_library_row_get_title (row));
  g_autofree char *name = NULL;

  if (title != NULL)
    return g_steal_pointer (&title);
  name = g_filename_display_basename (gan_library_row_get_file (row));
  return gan_caption_dup_line (name);
}

static char *
dup_subtitle (GanLibraryWidget *self)
{
  gint64 size = gan_library_row_get_size (self->row);
  g_autofree char *amount = size >= 0 ? g_format_size ((guint64) size) : NULL;
  g_autofree char *date = gan_caption_dup_date (gan_library_row_get_finished_at (self->row));
  const char *parts[] = {
    gan_library_row_get_creator (self->row),
    get_site (self),
    amount,
    date,
  };

  return gan_caption_dup_joined (parts, G_N_ELEMENTS (parts));
}

static void
emit_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  GanLibraryWidget *self = GAN_LIBRARY_WIDGET (widget);
  g_autoptr (GanLibraryRow) row = self->row != NULL ? g_object_ref (self->row) : NULL;

  if (row != NULL)
    g_signal_emit (self, signals[SIGNAL_ACTION], 0, action_name, row);
}

/* Made when somebody opens it: a list has many rows, and hardly a menu is ever seen. */
static void
make_menu (GtkMenuButton *button, gpointer user_data)
{
  g_autoptr (GMenu) menu = g_menu_new ();
  g_autoptr (GMenu) file = g_menu_new ();
  g_autoptr (GMenu) link = g_menu_new ();
  g_autoptr (GMenu) away = g_menu_new ();

  if (gtk_menu_button_get_menu_model (button) != NULL)
    return;
  g_menu_append (file, _ ("_Open"), "file.open");
  g_menu_append (file, _ ("Show in _Folder"), "file.show-in-folder");
  g_menu_append (link, _ ("_Copy Link"), "file.copy-link");
  g_menu_append (link, _ ("_Download Again"), "file.download-again");
  g_menu_append (away, _ ("_Remove From List"), "file.remove");
  g_menu_append (away, _ ("Move File to _Trash…"), "file.trash");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (file));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (link));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (away));
  gtk_menu_button_set_menu_model (button, G_MENU_MODEL (menu));
}

static void
pressed_cb (GtkGestureClick *gesture, int n_press, double x, double y, GanLibraryWidget *self)
{
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  gtk_widget_activate_action (GTK_WIDGET (self), "file.menu", NULL);
}

static GdkContentProvider *
drag_prepare_cb (GtkDragSource *source, double x, double y, GanLibraryWidget *self)
{
  g_autoptr (GFile) file = NULL;
  GdkFileList *list = NULL;
  GdkContentProvider *content = NULL;

  if (self->row == NULL || self->is_gone)
    return NULL;
  file = g_file_new_for_path (gan_library_row_get_file (self->row));
  list = gdk_file_list_new_from_array (&file, 1);
  content = gdk_content_provider_new_typed (GDK_TYPE_FILE_LIST, list);
  g_boxed_free (GDK_TYPE_FILE_LIST, list);
  return content;
}

static void
gan_library_widget_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (gan_library_widget_parent_class)->map (widget);
  look (GAN_LIBRARY_WIDGET (widget));
}

static void
gan_library_widget_dispose (GObject *object)
{
  GanLibraryWidget *self = GAN_LIBRARY_WIDGET (object);

  if (self->thumbnail != NULL)
    gan_library_widget_unbind (self);
  g_clear_object (&self->registry);
  g_clear_object (&self->thumbnails);
  G_OBJECT_CLASS (gan_library_widget_parent_class)->dispose (object);
}

static void
menu_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  gtk_menu_button_popup (GAN_LIBRARY_WIDGET (widget)->menu_button);
}

static void
install_actions (GtkWidgetClass *widget_class)
{
  static const char *const names[]
      = { "file.open",           "file.show-in-folder", "file.copy-link",
          "file.download-again", "file.remove",         "file.trash" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    gtk_widget_class_install_action (widget_class, names[i], NULL, emit_action);
  gtk_widget_class_install_action (widget_class, "file.menu", NULL, menu_action);
}

static void
gan_library_widget_class_init (GanLibraryWidgetClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = gan_library_widget_dispose;
  widget_class->map = gan_library_widget_map;
  signals[SIGNAL_ACTION] = g_signal_new ("action",
                                         GAN_TYPE_LIBRARY_WIDGET,
                                         G_SIGNAL_RUN_LAST,
                                         0,
                                         NULL,
                                         NULL,
                                         NULL,
                                         G_TYPE_NONE,
                                         2,
                                         G_TYPE_STRING,
                                         GAN_TYPE_LIBRARY_ROW);
  install_actions (widget_class);

  g_type_ensure (GAN_TYPE_THUMBNAIL);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               GAN_RESOURCE_PATH "/gan-library-widget.ui");
  gtk_widget_class_bind_template_child (widget_class, GanLibraryWidget, box);
  gtk_widget_class_bind_template_child (widget_class, GanLibraryWidget, thumbnail);
  gtk_widget_class_bind_template_child (widget_class, GanLibraryWidget, badge);
  gtk_widget_class_bind_template_child (widget_class, GanLibraryWidget, title);
  gtk_widget_class_bind_template_child (widget_class, GanLibraryWidget, subtitle);
  gtk_widget_class_bind_template_child (widget_class, GanLibraryWidget, gone);
  gtk_widget_class_bind_template_child (widget_class, GanLibraryWidget, again);
  gtk_widget_class_bind_template_child (widget_class, GanLibraryWidget, show);
  gtk_widget_class_bind_template_child (widget_class, GanLibraryWidget, menu_button);
  gtk_widget_class_bind_template_callback (widget_class, pressed_cb);
  gtk_widget_class_bind_template_callback (widget_class, drag_prepare_cb);
}

static void
gan_library_widget_init (GanLibraryWidget *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_menu_button_set_create_popup_func (self->menu_button, make_menu, NULL, NULL);
}

/**
 * gan_library_widget_new:
 * @registry: who knows the names of sites
 * @thumbnails: (nullable): who fetches pictures
 *
 * Returns: (transfer full): a row that shows nothing yet
 */
GtkWidget *
gan_library_widget_new (GanRegistry *registry, GanThumbnails *thumbnails)
{
  GanLibraryWidget *self = g_object_new (GAN_TYPE_LIBRARY_WIDGET, NULL);

  self->registry = g_object_ref (registry);
  g_set_object (&self->thumbnails, thumbnails);
  return GTK_WIDGET (self);
}

/**
 * gan_library_widget_bind:
 * @self: a row
 * @row: a file of the library
 *
 * Shows the file, and looks whether it is still there.
 */
void
gan_library_widget_bind (GanLibraryWidget *self, GanLibraryRow *row)
{
  g_autofree char *title = NULL;
  g_autofree char *subtitle = NULL;
  g_autofree char *duration = NULL;

  g_return_if_fail (GAN_IS_LIBRARY_WIDGET (self));
  g_return_if_fail (GAN_IS_LIBRARY_ROW (row));

  gan_library_widget_unbind (self);
  self->row = g_object_ref (row);
  title = gan_library_widget_dup_title (row);
  subtitle = dup_subtitle (self);
  duration = gan_text_from_duration (gan_library_row_get_duration (row));
  gtk_label_set_text (self->title, title != NULL ? title : "");
  gtk_label_set_text (self->subtitle, subtitle);
  gtk_label_set_text (self->badge, duration != NULL ? duration : "");
  gtk_widget_set_visible (GTK_WIDGET (self->badge), duration != NULL);
  gan_thumbnail_set_url (self->thumbnail,
                         self->thumbnails,
                         gan_library_row_get_thumbnail_url (row),
                         gan_library_row_get_content_type (row));
  gtk_widget_action_set_enabled (GTK_WIDGET (self),
                                 "file.copy-link",
                                 gan_library_row_get_url (row) != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self),
                                 "file.download-again",
                                 gan_library_row_get_url (row) != NULL);
  gan_row_name_set (GTK_WIDGET (self), title != NULL ? title : "");
  set_gone (self, FALSE);
  look (self);
}

/**
 * gan_library_widget_set_narrow:
 * @self: a row
 * @narrow: whether there is little room
 *
 * A narrow row has a smaller picture, and leaves to the menu what is there as well.
 */
void
gan_library_widget_set_narrow (GanLibraryWidget *self, gboolean narrow)
{
  g_return_if_fail (GAN_IS_LIBRARY_WIDGET (self));

  self->is_narrow = narrow;
  g_object_set (self->thumbnail, "width", narrow ? NARROW_THUMBNAIL : WIDE_THUMBNAIL, NULL);
  gtk_widget_set_visible (self->show, !self->is_gone && !narrow);
}

/**
 * gan_library_widget_unbind:
 * @self: a row
 *
 * Shows nothing any more.
 */
void
gan_library_widget_unbind (GanLibraryWidget *self)
{
  g_return_if_fail (GAN_IS_LIBRARY_WIDGET (self));

  if (self->looking != NULL)
    g_cancellable_cancel (self->looking);
  g_clear_object (&self->looking);
  g_clear_object (&self->row);
  gan_thumbnail_set_url (self->thumbnail, self->thumbnails, NULL, NULL);
}
