/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-folder-row.h"

#include "gan-caption.h"

#include <glib/gi18n.h>

struct _GanFolderRow
{
  AdwActionRow parent_instance;

  char *folder;
  GtkFileChooserNative *chooser; /* while it is open */
};

enum
{
  PROP_FOLDER = 1,
};

enum
{
  SIGNAL_CHOSEN,
  N_SIGNALS,
};

static GParamSpec *properties[PROP_FOLDER + 1];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (GanFolderRow, gan_folder_row, ADW_TYPE_ACTION_ROW)

static void
close_chooser (GanFolderRow *self)
{
  if (self->chooser != NULL)
    gtk_native_dialog_destroy (GTK_NATIVE_DIALOG (self->chooser));
  g_clear_object (&self->chooser);
}

static void
response_cb (GtkNativeDialog *dialog, int response, GanFolderRow *self)
{
  g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  g_autofree char *path = file != NULL ? g_file_get_path (file) : NULL;

  if (response == GTK_RESPONSE_ACCEPT && path != NULL)
    {
      gan_folder_row_set_folder (self, path);
      g_signal_emit (self, signals[SIGNAL_CHOSEN], 0);
    }
  close_chooser (self);
}

static void
gan_folder_row_activate (AdwActionRow *row)
{
  GanFolderRow *self = GAN_FOLDER_ROW (row);
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  g_autoptr (GFile) current = NULL;

  if (self->chooser != NULL)
    return;
  self->chooser = gtk_file_chooser_native_new (_ ("Download Folder"),
                                               GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL,
                                               GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER,
                                               _ ("_Select"),
                                               NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  if (self->folder != NULL)
    {
      current = g_file_new_for_path (self->folder);
      gtk_file_chooser_set_current_folder (GTK_FILE_CHOOSER (self->chooser), current, NULL);
    }
  g_signal_connect (self->chooser, "response", G_CALLBACK (response_cb), self);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
gan_folder_row_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_FOLDER)
    g_value_set_string (value, GAN_FOLDER_ROW (object)->folder);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
gan_folder_row_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_FOLDER)
    gan_folder_row_set_folder (GAN_FOLDER_ROW (object), g_value_get_string (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
gan_folder_row_dispose (GObject *object)
{
  close_chooser (GAN_FOLDER_ROW (object));
  G_OBJECT_CLASS (gan_folder_row_parent_class)->dispose (object);
}

static void
gan_folder_row_finalize (GObject *object)
{
  g_free (GAN_FOLDER_ROW (object)->folder);
  G_OBJECT_CLASS (gan_folder_row_parent_class)->finalize (object);
}

static void
gan_folder_row_class_init (GanFolderRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = gan_folder_row_get_property;
  object_class->set_property = gan_folder_row_set_property;
  object_class->dispose = gan_folder_row_dispose;
  object_class->finalize = gan_folder_row_finalize;
  ADW_ACTION_ROW_CLASS (klass)->activate = gan_folder_row_activate;

  properties[PROP_FOLDER]
      = g_param_spec_string ("folder",
                             NULL,
                             NULL,
                             NULL,
                             G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
  signals[SIGNAL_CHOSEN] = g_signal_new ("chosen",
                                         GAN_TYPE_FOLDER_ROW,
                                         G_SIGNAL_RUN_LAST,
                                         0,
                                         NULL,
                                         NULL,
                                         NULL,
                                         G_TYPE_NONE,
                                         0);
}

static void
gan_folder_row_init (GanFolderRow *self)
{
  GtkWidget *icon = gtk_image_new_from_icon_name ("folder-open-symbolic");

  gtk_accessible_update_state (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), icon);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (self), 1);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), TRUE);
}

/**
 * gan_folder_row_get_folder:
 * @self: a row
 *
 * Returns: (transfer none) (nullable): the path of the folder
 */
const char *
gan_folder_row_get_folder (GanFolderRow *self)
{
  g_return_val_if_fail (GAN_IS_FOLDER_ROW (self), NULL);

  return self->folder;
}

/**
 * gan_folder_row_set_folder:
 * @self: a row
 * @folder: (nullable): a path
 *
 * Shows another folder.
 */
void
gan_folder_row_set_folder (GanFolderRow *self, const char *folder)
{
  g_autofree char *shown = NULL;

  g_return_if_fail (GAN_IS_FOLDER_ROW (self));

  if (g_strcmp0 (folder, self->folder) == 0)
    return;
  g_free (self->folder);
  self->folder = g_strdup (folder);
  shown = folder != NULL ? gan_caption_dup_path (folder) : NULL;
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), shown);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), shown);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FOLDER]);
}
