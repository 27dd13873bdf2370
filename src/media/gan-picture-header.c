/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-picture-header.h"

#include "gan-error.h"
#include "gan-limits.h"

#include <string.h>
#include <webp/decode.h>

#define PNG_MAGIC "\x89PNG\r\n\x1a\n"

static guint
get_be16 (const guint8 *at)
{
  return (guint) at[0] << 8 | at[1];
}

static guint
get_le16 (const guint8 *at)
{
  return (guint) at[1] << 8 | at[0];
}

static guint
get_be32 (const guint8 *at)
{
  return get_be16 (at) << 16 | get_be16 (at + 2);
}

static gboolean
has_magic (const guint8 *data, gsize length, gsize offset, const char *magic, gsize magic_length)
{
  return length >= offset + magic_length && memcmp (data + offset, magic, magic_length) == 0;
}

static gboolean
read_png (GanPictureHeader *self, const guint8 *data, gsize length)
{
  if (!has_magic (data, length, 12, "IHDR", 4) || length < 24)
    return FALSE;
  self->width = get_be32 (data + 16);
  self->height = get_be32 (data + 20);
  return TRUE;
}

/* The frame header is the first segment of the kinds SOF0 to SOF15 that is no table. */
static gboolean
read_jpeg (GanPictureHeader *self, const guint8 *data, gsize length)
{
  gsize at = 2;

  while (at + 9 <= length && data[at] == 0xff)
    {
      guint8 marker = data[at + 1];

      if (marker == 0xff)
        {
          at += 1;
          continue;
        }
      if (marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc)
        {
          self->height = get_be16 (data + at + 5);
          self->width = get_be16 (data + at + 7);
          return TRUE;
        }
      at += 2 + get_be16 (data + at + 2);
    }
  return FALSE;
}

/* From the first of a chain of sub-blocks to behind its end, or 0. */
static gsize
skip_sub_blocks (const guint8 *data, gsize length, gsize at)
{
  while (at < length && data[at] != 0)
    at += 1 + data[at];
  return at < length ? at + 1 : 0;
}

static gsize
get_color_table_size (guint8 flags)
{
  return (flags & 0x80) != 0 ? (gsize) 3 << ((flags & 0x07) + 1) : 0;
}

static gboolean
read_gif (GanPictureHeader *self, const guint8 *data, gsize length)
{
  gsize at = 0;

  if (length < 13)
    return FALSE;
  self->width = get_le16 (data + 6);
  self->height = get_le16 (data + 8);
  at = 13 + get_color_table_size (data[10]);
  while (at + 10 <= length && data[at] == 0x21)
    {
      at = skip_sub_blocks (data, length, at + 2);
      if (at == 0)
        return FALSE;
    }
  if (at + 10 > length || data[at] != 0x2c)
    return FALSE;
  /* A frame larger than the screen makes some decoders grow the screen. */
  self->width = MAX (self->width, get_le16 (data + at + 1) + get_le16 (data + at + 5));
  self->height = MAX (self->height, get_le16 (data + at + 3) + get_le16 (data + at + 7));
  at += 10 + get_color_table_size (data[at + 9]) + 1;
  self->first_frame = skip_sub_blocks (data, length, at);
  if (self->first_frame == 0)
    self->first_frame = length;
  return TRUE;
}

static gboolean
read_webp (GanPictureHeader *self, const guint8 *data, gsize length)
{
  int width = 0;
  int height = 0;

  if (!WebPGetInfo (data, length, &width, &height) || width <= 0 || height <= 0)
    return FALSE;
  self->width = (guint) width;
  self->height = (guint) height;
  return TRUE;
}

static gboolean
read_known (GanPictureHeader *self, const guint8 *data, gsize length)
{
  self->first_frame = length;
  if (has_magic (data, length, 0, PNG_MAGIC, 8))
    {
      self->format = GAN_PICTURE_PNG;
      return read_png (self, data, length);
    }
  if (has_magic (data, length, 0, "\xff\xd8\xff", 3))
    {
      self->format = GAN_PICTURE_JPEG;
      return read_jpeg (self, data, length);
    }
  if (has_magic (data, length, 0, "GIF87a", 6) || has_magic (data, length, 0, "GIF89a", 6))
    {
      self->format = GAN_PICTURE_GIF;
      return read_gif (self, data, length);
    }
  if (has_magic (data, length, 0, "RIFF", 4) && has_magic (data, length, 8, "WEBP", 4))
    {
      self->format = GAN_PICTURE_WEBP;
      return read_webp (self, data, length);
    }
  return FALSE;
}

/**
 * gan_picture_header_read:
 * @self: (out caller-allocates): what the picture says of itself
 * @data: a whole file
 * @length: its bytes
 * @error: %GAN_ERROR_INVALID_DATA for what is no JPEG, PNG, GIF or WebP (SVG, which is a program
 *   rather than a picture, among it); %GAN_ERROR_TOO_LARGE with reason "pixels"
 *
 * Returns: whether a decoder may see it
 */
gboolean
gan_picture_header_read (GanPictureHeader *self, const guint8 *data, gsize length, GError **error)
{
  g_return_val_if_fail (self != NULL && (data != NULL || length == 0), FALSE);

  if (!read_known (self, data, length) || self->width == 0 || self->height == 0)
    {
      gan_error_set (error, GAN_ERROR_INVALID_DATA, "picture", "not a picture of a known kind");
      return FALSE;
    }
  if (self->width > GAN_LIMIT_PICTURE_SIDE || self->height > GAN_LIMIT_PICTURE_SIDE
      || (guint64) self->width * self->height > GAN_LIMIT_PICTURE_PIXELS)
    {
      gan_error_set (error,
                     GAN_ERROR_TOO_LARGE,
                     "pixels",
                     "a picture of %u × %u pixels",
                     self->width,
                     self->height);
      return FALSE;
    }
  return TRUE;
}
