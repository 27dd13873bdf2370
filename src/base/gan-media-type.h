/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Content types, file extensions and the first bytes of files: one table for the whole program. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  GAN_MEDIA_TYPE_UNKNOWN,
  GAN_MEDIA_TYPE_VIDEO,
  GAN_MEDIA_TYPE_AUDIO,
  GAN_MEDIA_TYPE_IMAGE,
  GAN_MEDIA_TYPE_HLS,
  GAN_MEDIA_TYPE_DASH,
  GAN_MEDIA_TYPE_HTML,
  GAN_MEDIA_TYPE_OTHER,
} GanMediaType;

GanMediaType gan_media_type_from_content_type (const char *content_type);
GanMediaType gan_media_type_from_path (const char *path);
GanMediaType gan_media_type_from_bytes (const guint8 *data, gsize length);
const char *gan_media_type_get_extension (const char *content_type);

G_END_DECLS
