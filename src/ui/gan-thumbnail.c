/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-thumbnail.h"

#include "gan-media-helper.h"

#define DEFAULT_WIDTH 112
#define MAX_WIDTH 640
#define ICON_SHARE 4 /* of the width */
#define BYTES_PER_PIXEL 4
/* The longest side that there is to ask for. An upright picture fills the frame by its shorter one.
 */
#define MAX_ASKED 320

struct _GanThumbnail
{
  GtkWidget parent_instance;

  int width;
  GtkWidget *icon;
  GanThumbnails *thumbnails;
  char *url;
  GdkTexture *texture;
  GCancellable *loading; /* NULL: nothing is asked for */
  int loaded_scale;      /* for which the picture was asked, 0: not yet */
};

enum
{
  PROP_WIDTH = 1,
};

static GParamSpec *properties[PROP_WIDTH + 1];

G_DEFINE_FINAL_TYPE (GanThumbnail, gan_thumbnail, GTK_TYPE_WIDGET)

static int
get_height (int width)
{
  return width * 9 / 16;
}

static void
stop_loading (GanThumbnail *self)
{
  if (self->loading == NULL)
    return;
  g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  self->loaded_scale = 0;
}

/* The pixels are shared with the picture, not copied. */
static GdkTexture *
make_texture (const GanPicture *picture)
{
  gsize stride = (gsize) picture->width * BYTES_PER_PIXEL;

  if (picture->width <= 0 || picture->height <= 0
      || g_bytes_get_size (picture->pixels) < stride * (gsize) picture->height)
    return NULL;
  return gdk_memory_texture_new (picture->width,
                                 picture->height,
                                 GDK_MEMORY_R8G8B8A8,
                                 picture->pixels,
                                 stride);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GanThumbnail) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GanPicture) picture
      = gan_thumbnails_load_finish (GAN_THUMBNAILS (source), result, &error);

  /* Something else is shown by now. */
  if (self->loading == NULL || g_task_get_cancellable (G_TASK (result)) != self->loading)
    return;
  g_clear_object (&self->loading);
  if (picture == NULL)
    {
      g_debug ("no thumbnail: %s", error->message);
      return;
    }
  g_clear_object (&self->texture);
  self->texture = make_texture (picture);
  gtk_widget_set_child_visible (self->icon, self->texture == NULL);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
start_loading (GanThumbnail *self)
{
  int scale = gtk_widget_get_scale_factor (GTK_WIDGET (self));

  if (self->url == NULL || self->thumbnails == NULL || self->loading != NULL
      || self->loaded_scale >= scale || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  self->loading = g_cancellable_new ();
  self->loaded_scale = scale;
  gan_thumbnails_load_async (self->thumbnails,
                             self->url,
                             MIN (self->width * scale * 16 / 9, MAX_ASKED),
                             self->loading,
                             loaded_cb,
                             g_object_ref (self));
}

static void
gan_thumbnail_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (gan_thumbnail_parent_class)->map (widget);
  start_loading (GAN_THUMBNAIL (widget));
}

static void
gan_thumbnail_unmap (GtkWidget *widget)
{
  stop_loading (GAN_THUMBNAIL (widget));
  GTK_WIDGET_CLASS (gan_thumbnail_parent_class)->unmap (widget);
}

static void
gan_thumbnail_measure (GtkWidget *widget,
                       GtkOrientation orientation,
                       int for_size,
                       int *minimum,
                       int *natural,
                       int *minimum_baseline,
                       int *natural_baseline)
{
  int width = GAN_THUMBNAIL (widget)->width;

  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? width : get_height (width);
}

static void
gan_thumbnail_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  GtkAllocation whole = { 0, 0, width, height };

  gtk_widget_size_allocate (GAN_THUMBNAIL (widget)->icon, &whole, -1);
}

/* Fills the frame; what stands over is cut on both sides alike. */
static void
snapshot_texture (GtkWidget *widget, GtkSnapshot *snapshot, GdkTexture *texture)
{
  float width = (float) gtk_widget_get_width (widget);
  float height = (float) gtk_widget_get_height (widget);
  float x_scale = width / (float) gdk_texture_get_width (texture);
  float y_scale = height / (float) gdk_texture_get_height (texture);
  float scale = MAX (x_scale, y_scale);
  float drawn_width = scale * (float) gdk_texture_get_width (texture);
  float drawn_height = scale * (float) gdk_texture_get_height (texture);

  gtk_snapshot_append_texture (snapshot,
                               texture,
                               &GRAPHENE_RECT_INIT ((width - drawn_width) / 2,
                                                    (height - drawn_height) / 2,
                                                    drawn_width,
                                                    drawn_height));
}

static void
gan_thumbnail_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  GanThumbnail *self = GAN_THUMBNAIL (widget);

  if (self->texture != NULL)
    snapshot_texture (widget, snapshot, self->texture);
  else
    gtk_widget_snapshot_child (widget, self->icon, snapshot);
}

static void
set_width (GanThumbnail *self, int width)
{
  gboolean larger = width > self->width;

  self->width = width;
  gtk_image_set_pixel_size (GTK_IMAGE (self->icon), width / ICON_SHARE);
  gtk_widget_queue_resize (GTK_WIDGET (self));
  if (!larger)
    return;
  stop_loading (self);
  self->loaded_scale = 0;
  start_loading (self);
}

static void
gan_thumbnail_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_WIDTH)
    g_value_set_int (value, GAN_THUMBNAIL (object)->width);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
gan_thumbnail_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_WIDTH)
    set_width (GAN_THUMBNAIL (object), g_value_get_int (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
gan_thumbnail_dispose (GObject *object)
{
  GanThumbnail *self = GAN_THUMBNAIL (object);

  stop_loading (self);
  g_clear_object (&self->texture);
  g_clear_object (&self->thumbnails);
  g_clear_pointer (&self->icon, gtk_widget_unparent);
  G_OBJECT_CLASS (gan_thumbnail_parent_class)->dispose (object);
}

static void
gan_thumbnail_finalize (GObject *object)
{
  g_free (GAN_THUMBNAIL (object)->url);
  G_OBJECT_CLASS (gan_thumbnail_parent_class)->finalize (object);
}

static void
gan_thumbnail_class_init (GanThumbnailClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = gan_thumbnail_get_property;
  object_class->set_property = gan_thumbnail_set_property;
  object_class->dispose = gan_thumbnail_dispose;
  object_class->finalize = gan_thumbnail_finalize;
  widget_class->map = gan_thumbnail_map;
  widget_class->unmap = gan_thumbnail_unmap;
  widget_class->measure = gan_thumbnail_measure;
  widget_class->size_allocate = gan_thumbnail_size_allocate;
  widget_class->snapshot = gan_thumbnail_snapshot;

  properties[PROP_WIDTH] = g_param_spec_int ("width",
                                             NULL,
                                             NULL,
                                             16,
                                             MAX_WIDTH,
                                             DEFAULT_WIDTH,
                                             G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  gtk_widget_class_set_css_name (widget_class, "thumbnail");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
gan_thumbnail_init (GanThumbnail *self)
{
  self->icon = gtk_image_new ();
  gtk_widget_set_parent (self->icon, GTK_WIDGET (self));
  gtk_widget_set_halign (GTK_WIDGET (self), GTK_ALIGN_START);
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
  /* Cuts the picture at the round corners of the style. */
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  set_width (self, DEFAULT_WIDTH);
  g_signal_connect (self, "notify::scale-factor", G_CALLBACK (start_loading), NULL);
  gan_thumbnail_set_url (self, NULL, NULL, NULL);
}

/**
 * gan_thumbnail_new:
 *
 * Returns: (transfer full): a thumbnail of nothing
 */
GtkWidget *
gan_thumbnail_new (void)
{
  return g_object_new (GAN_TYPE_THUMBNAIL, NULL);
}

static const char *
get_icon_name (const char *kind)
{
  static const struct
  {
    const char *kind;
    const char *icon_name;
  } icons[] = {
    { "video", "video-x-generic-symbolic" }, { "live", "video-x-generic-symbolic" },
    { "audio", "audio-x-generic-symbolic" }, { "image", "image-x-generic-symbolic" },
    { "post", "image-x-generic-symbolic" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (icons); i++)
    {
      if (g_strcmp0 (icons[i].kind, kind) == 0)
        return icons[i].icon_name;
    }
  return "text-x-generic-symbolic";
}

/**
 * gan_thumbnail_set_url:
 * @self: a thumbnail
 * @thumbnails: (nullable): who fetches
 * @url: (nullable): the address of the picture
 * @kind: (nullable): which icon stands in for it: a kind of contracts.md §1
 *
 * Shows another picture. What was asked for before is cancelled; nothing is asked for before the
 * thumbnail can be seen.
 */
void
gan_thumbnail_set_url (GanThumbnail *self,
                       GanThumbnails *thumbnails,
                       const char *url,
                       const char *kind)
{
  g_return_if_fail (GAN_IS_THUMBNAIL (self));

  gtk_image_set_from_icon_name (GTK_IMAGE (self->icon), get_icon_name (kind));
  if (g_strcmp0 (url, self->url) == 0 && thumbnails == self->thumbnails)
    return;
  stop_loading (self);
  self->loaded_scale = 0;
  g_set_object (&self->thumbnails, thumbnails);
  g_free (self->url);
  self->url = g_strdup (url);
  g_clear_object (&self->texture);
  gtk_widget_set_child_visible (self->icon, TRUE);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  start_loading (self);
}

/**
 * gan_thumbnail_has_picture:
 * @self: a thumbnail
 *
 * Returns: whether the picture itself is shown, and not the icon
 */
gboolean
gan_thumbnail_has_picture (GanThumbnail *self)
{
  g_return_val_if_fail (GAN_IS_THUMBNAIL (self), FALSE);

  return self->texture != NULL;
}
