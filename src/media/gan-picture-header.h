/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a picture says of itself, read before a decoder sees a byte. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  GAN_PICTURE_JPEG,
  GAN_PICTURE_PNG,
  GAN_PICTURE_GIF,
  GAN_PICTURE_WEBP,
} GanPictureFormat;

typedef struct
{
  GanPictureFormat format;
  guint width;
  guint height;
  gsize first_frame; /* bytes up to the end of the first picture of a GIF; else all */
} GanPictureHeader;

gboolean
gan_picture_header_read (GanPictureHeader *self, const guint8 *data, gsize length, GError **error);

G_END_DECLS
