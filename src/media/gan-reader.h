/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes of a file by their offset, through one window. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define GAN_READER_WINDOW (64 * 1024)

typedef struct
{
  int descriptor;
  gint64 size;
  gint64 window_at;
  gsize window_length;
  guint8 window[GAN_READER_WINDOW];
} GanReader;

gboolean gan_reader_init (GanReader *self, int descriptor);
const guint8 *gan_reader_get (GanReader *self, gint64 offset, gsize length);
guint64 gan_reader_get_be (GanReader *self, gint64 offset, guint n_bytes);
guint64 gan_reader_get_le (GanReader *self, gint64 offset, guint n_bytes);
gboolean gan_reader_has (GanReader *self, gint64 offset, const char *magic);

G_END_DECLS
