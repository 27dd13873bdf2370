/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-add-row.h"

#include "gan-caption.h"
#include "gan-error-words.h"
#include "gan-row-name.h"
#include "gan-text.h"
#include "gan-thumbnail.h"

#include <glib/gi18n.h>
#include <string.h>

struct _GanAddRow
{
  AdwBin parent_instance;

  GanThumbnails *thumbnails;
  GListModel *queue;
  GanAddItem *item; /* NULL: shows nothing */
  gulong changed_id;
  GanAddRowLook look;

  GtkWidget *box;
  GtkWidget *frame;
  GanThumbnail *thumbnail;
  GtkSpinner *spinner;
  GtkLabel *badge;
  GtkLabel *title;
  GtkLabel *subtitle;
  GtkLabel *note;
  GtkWidget *retry;
  GtkWidget *remove;
};

enum
{
  SIGNAL_REMOVE,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (GanAddRow, gan_add_row, ADW_TYPE_BIN)

static void
set_text (GtkLabel *label, const char *text)
{
  gtk_label_set_text (label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL && *text != '\0');
}

static void
set_class (gpointer widget, const char *name, gboolean on)
{
  if (on)
    gtk_widget_add_css_class (GTK_WIDGET (widget), name);
  else
    gtk_widget_remove_css_class (GTK_WIDGET (widget), name);
}

static char *
dup_count (guint n_files)
{
  if (n_files < 2)
    return NULL;
  return g_strdup_printf (ngettext ("%u file", "%u files", n_files), n_files);
}

static void
show_error (GanAddRow *self)
{
  const char *reason = NULL;
  GanErrorCode code = gan_error_words_get_code (gan_add_item_get_error (self->item), &reason);
  g_autofree char *title = gan_error_words_dup_title (code, reason);
  g_autofree char *advice = gan_error_words_dup_advice (code, reason);

  set_text (self->subtitle, title);
  set_text (self->note, advice);
}

static void
show_facts (GanAddRow *self)
{
  GanMedia *media = gan_add_item_get_media (self->item);
  gboolean looking = media == NULL;
  g_autofree char *count = dup_count (gan_add_item_get_n_files (self->item));
  const char *parts[] = {
    looking ? NULL : gan_media_get_creator (media),
    gan_add_item_get_site (self->item),
    looking ? _ ("Looking at the link…") : count,
  };
  g_autofree char *subtitle = gan_caption_dup_joined (parts, G_N_ELEMENTS (parts));

  set_text (self->subtitle, subtitle);
  set_text (self->note,
            gan_add_item_is_queued (self->item, self->queue) ? _ ("Already in the queue") : NULL);
}

static void
show_thumbnail (GanAddRow *self)
{
  GanMedia *media = gan_add_item_get_media (self->item);
  gboolean resolving = gan_add_item_get_state (self->item) == GAN_ADD_RESOLVING;
  g_autofree char *duration
      = media != NULL ? gan_text_from_duration (gan_media_get_duration (media)) : NULL;

  gan_thumbnail_set_url (self->thumbnail,
                         self->thumbnails,
                         media != NULL ? gan_media_get_thumbnail_url (media) : NULL,
                         gan_add_item_get_kind (self->item));
  set_class (self->thumbnail, "busy", resolving);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), resolving);
  gtk_spinner_set_spinning (self->spinner, resolving);
  set_text (self->badge, duration);
}

/* The scheme of a link tells nobody anything. */
static char *
dup_title (GanAddItem *item)
{
  const char *title = gan_add_item_get_title (item);
  const char *rest = strstr (title, "://");

  if (title == gan_add_item_get_link (item) && rest != NULL)
    title = rest + strlen ("://");
  return gan_caption_dup_line (title);
}

static void
show_item (GanAddRow *self)
{
  gboolean failed = gan_add_item_get_state (self->item) == GAN_ADD_FAILED;
  gboolean ready = gan_add_item_get_state (self->item) == GAN_ADD_READY;
  g_autofree char *title = dup_title (self->item);

  set_text (self->title, title);
  set_class (self->title, "dim-label", !ready);
  if (failed)
    show_error (self);
  else
    show_facts (self);
  gtk_widget_set_visible (self->frame, !failed || self->look == GAN_ADD_ROW_WIDE);
  gtk_label_set_lines (self->subtitle, failed ? 3 : 1);
  set_class (self->subtitle, "error", failed);
  set_class (self->subtitle, "dim-label", !failed);
  set_class (self->note, "warning", !failed);
  set_class (self->note, "dim-label", failed);
  show_thumbnail (self);
  gtk_widget_set_visible (self->retry, failed && gan_add_item_can_retry (self->item));
  gan_row_name_set (GTK_WIDGET (self), title != NULL ? title : "");
}

static void
retry_clicked_cb (GanAddRow *self)
{
  if (self->item != NULL)
    gan_add_item_retry (self->item);
}

static void
remove_clicked_cb (GanAddRow *self)
{
  if (self->item != NULL)
    g_signal_emit (self, signals[SIGNAL_REMOVE], 0, self->item);
}

static void
gan_add_row_dispose (GObject *object)
{
  GanAddRow *self = GAN_ADD_ROW (object);

  gan_add_row_unbind (self);
  g_clear_object (&self->thumbnails);
  g_clear_object (&self->queue);
  G_OBJECT_CLASS (gan_add_row_parent_class)->dispose (object);
}

static void
gan_add_row_class_init (GanAddRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = gan_add_row_dispose;
  signals[SIGNAL_REMOVE] = g_signal_new ("remove",
                                         GAN_TYPE_ADD_ROW,
                                         G_SIGNAL_RUN_LAST,
                                         0,
                                         NULL,
                                         NULL,
                                         NULL,
                                         G_TYPE_NONE,
                                         1,
                                         GAN_TYPE_ADD_ITEM);

  g_type_ensure (GAN_TYPE_THUMBNAIL);
  gtk_widget_class_set_template_from_resource (widget_class, GAN_RESOURCE_PATH "/gan-add-row.ui");
  gtk_widget_class_bind_template_child (widget_class, GanAddRow, box);
  gtk_widget_class_bind_template_child (widget_class, GanAddRow, frame);
  gtk_widget_class_bind_template_child (widget_class, GanAddRow, thumbnail);
  gtk_widget_class_bind_template_child (widget_class, GanAddRow, spinner);
  gtk_widget_class_bind_template_child (widget_class, GanAddRow, badge);
  gtk_widget_class_bind_template_child (widget_class, GanAddRow, title);
  gtk_widget_class_bind_template_child (widget_class, GanAddRow, subtitle);
  gtk_widget_class_bind_template_child (widget_class, GanAddRow, note);
  gtk_widget_class_bind_template_child (widget_class, GanAddRow, retry);
  gtk_widget_class_bind_template_child (widget_class, GanAddRow, remove);
  gtk_widget_class_bind_template_callback (widget_class, retry_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, remove_clicked_cb);
}

static void
gan_add_row_init (GanAddRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * gan_add_row_new:
 * @thumbnails: (nullable): who fetches pictures
 * @queue: a model of #GanJob: what is in it already is pointed out
 *
 * Returns: (transfer full): a row that shows nothing yet
 */
GtkWidget *
gan_add_row_new (GanThumbnails *thumbnails, GListModel *queue)
{
  GanAddRow *self = g_object_new (GAN_TYPE_ADD_ROW, NULL);

  g_set_object (&self->thumbnails, thumbnails);
  self->queue = g_object_ref (queue);
  return GTK_WIDGET (self);
}

/**
 * gan_add_row_bind:
 * @self: a row
 * @item: a link
 *
 * Shows the link, and follows it.
 */
void
gan_add_row_bind (GanAddRow *self, GanAddItem *item)
{
  g_return_if_fail (GAN_IS_ADD_ROW (self));
  g_return_if_fail (GAN_IS_ADD_ITEM (item));

  gan_add_row_unbind (self);
  self->item = g_object_ref (item);
  self->changed_id = g_signal_connect_swapped (item, "changed", G_CALLBACK (show_item), self);
  show_item (self);
}

/**
 * gan_add_row_unbind:
 * @self: a row
 *
 * Shows nothing any more.
 */
void
gan_add_row_unbind (GanAddRow *self)
{
  g_return_if_fail (GAN_IS_ADD_ROW (self));

  if (self->item == NULL)
    return;
  g_clear_signal_handler (&self->changed_id, self->item);
  g_clear_object (&self->item);
  gan_thumbnail_set_url (self->thumbnail, self->thumbnails, NULL, NULL);
  gtk_spinner_set_spinning (self->spinner, FALSE);
}

static void
set_center (GtkLabel *label, gboolean center)
{
  gtk_label_set_xalign (label, center ? 0.5f : 0);
  gtk_label_set_justify (label, center ? GTK_JUSTIFY_CENTER : GTK_JUSTIFY_LEFT);
}

/**
 * gan_add_row_set_look:
 * @self: a row
 * @look: how much room there is
 *
 * A link that stands alone cannot be taken off the list.
 */
void
gan_add_row_set_look (GanAddRow *self, GanAddRowLook look)
{
  static const int widths[] = {
    [GAN_ADD_ROW_ALONE] = 304,
    [GAN_ADD_ROW_WIDE] = 112,
    [GAN_ADD_ROW_NARROW] = 80,
  };
  gboolean alone = look == GAN_ADD_ROW_ALONE;

  g_return_if_fail (GAN_IS_ADD_ROW (self));

  self->look = look;
  g_object_set (self->thumbnail, "width", widths[look], NULL);
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->box),
                                  alone ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
  gtk_widget_set_halign (self->frame, alone ? GTK_ALIGN_CENTER : GTK_ALIGN_START);
  set_center (self->title, alone);
  set_center (self->subtitle, alone);
  set_center (self->note, alone);
  gtk_widget_set_halign (self->retry, alone ? GTK_ALIGN_CENTER : GTK_ALIGN_FILL);
  gtk_widget_set_visible (self->remove, !alone);
}
