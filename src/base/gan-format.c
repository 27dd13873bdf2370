/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-format.h"

#include "gan-media-type.h"
#include "gan-record-define.h"

#define GAN_FORMAT_FIELD(kind, name) GAN_RECORD_FIELD_##kind (GanFormat, name)
#define GAN_FORMAT_ACCESS(kind, name) GAN_RECORD_ACCESS_##kind (GanFormat, gan_format, name)

GAN_RECORD_DEFINE (GanFormat, gan_format, GAN_FORMAT_FIELDS, GAN_FORMAT_FIELD, GAN_FORMAT_ACCESS)

#define NO_CODEC "none"

/**
 * gan_format_new:
 * @format_id: (nullable): the site's name for it, or one of ours
 * @url: (nullable): where it is
 *
 * Returns: (transfer full): a format of protocol http, all else unknown
 */
GanFormat *
gan_format_new (const char *format_id, const char *url)
{
  GanFormat *self = g_object_new (GAN_TYPE_FORMAT, NULL);

  gan_format_set_format_id (self, format_id);
  gan_format_set_url (self, url);
  gan_format_set_protocol (self, GAN_PROTOCOL_HTTP);
  return self;
}

/**
 * gan_format_set_size:
 * @self: a format that is not sealed
 * @width: in pixels, or %GAN_UNKNOWN
 * @height: in pixels, or %GAN_UNKNOWN
 *
 * Sets both sides of the picture.
 */
void
gan_format_set_size (GanFormat *self, gint64 width, gint64 height)
{
  gan_format_set_width (self, width);
  gan_format_set_height (self, height);
}

/**
 * gan_format_is_direct:
 * @self: a format
 *
 * Returns: whether it is one file that is fetched as it is, and not a manifest
 */
gboolean
gan_format_is_direct (GanFormat *self)
{
  g_return_val_if_fail (GAN_IS_FORMAT (self), FALSE);

  return g_strcmp0 (self->protocol, GAN_PROTOCOL_HTTP) == 0;
}

/* What the format holds as far as its container says. */
static GanMediaType
guess_media_type (GanFormat *self)
{
  g_autofree char *name = NULL;
  GanMediaType type = GAN_MEDIA_TYPE_UNKNOWN;

  if (g_strcmp0 (self->protocol, GAN_PROTOCOL_HLS) == 0)
    return GAN_MEDIA_TYPE_HLS;
  if (g_strcmp0 (self->protocol, GAN_PROTOCOL_DASH) == 0)
    return GAN_MEDIA_TYPE_DASH;
  if (self->ext != NULL)
    {
      name = g_strconcat ("file.", self->ext, NULL);
      type = gan_media_type_from_path (name);
    }
  if (type == GAN_MEDIA_TYPE_UNKNOWN && self->height > 0)
    return GAN_MEDIA_TYPE_VIDEO;
  return type;
}

/**
 * gan_format_has_video:
 * @self: a format
 *
 * Returns: whether it has moving pictures: by its codec, or, where that is unknown, by its
 * container
 */
gboolean
gan_format_has_video (GanFormat *self)
{
  GanMediaType type;

  g_return_val_if_fail (GAN_IS_FORMAT (self), FALSE);

  if (self->vcodec != NULL)
    return g_ascii_strcasecmp (self->vcodec, NO_CODEC) != 0;
  type = guess_media_type (self);
  return type == GAN_MEDIA_TYPE_VIDEO || type == GAN_MEDIA_TYPE_HLS || type == GAN_MEDIA_TYPE_DASH;
}

/**
 * gan_format_has_audio:
 * @self: a format
 *
 * Returns: whether it has sound: by its codec, or, where that is unknown, by its container
 */
gboolean
gan_format_has_audio (GanFormat *self)
{
  GanMediaType type;

  g_return_val_if_fail (GAN_IS_FORMAT (self), FALSE);

  if (self->acodec != NULL)
    return g_ascii_strcasecmp (self->acodec, NO_CODEC) != 0;
  type = guess_media_type (self);
  return type == GAN_MEDIA_TYPE_AUDIO || type == GAN_MEDIA_TYPE_VIDEO || type == GAN_MEDIA_TYPE_HLS
         || type == GAN_MEDIA_TYPE_DASH;
}
