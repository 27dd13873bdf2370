/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A picture file into few pixels. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* RGBA, not premultiplied, rows of 4 * width bytes. */
typedef struct
{
  guint width;
  guint height;
  guint8 *pixels;
} GanPixels;

void gan_pixels_clear (GanPixels *self);

gboolean gan_picture_decode_prepare (GError **error);
gboolean gan_picture_decode (GanPixels *pixels,
                             const guint8 *data,
                             gsize length,
                             guint max_size,
                             GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GanPixels, gan_pixels_clear)

G_END_DECLS
