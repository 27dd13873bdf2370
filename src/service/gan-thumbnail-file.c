/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-thumbnail-file.h"

#include "gan-error.h"
#include "gan-limits.h"

#include <string.h>

#define MAGIC "GANTHUM1"
#define MAGIC_BYTES 8
#define SIZES_BYTES 8
#define SUM_BYTES 32
#define HEAD_BYTES (MAGIC_BYTES + SIZES_BYTES + SUM_BYTES)
#define PIXEL_BYTES 4
/* Quick: the disk has more room than a list that is scrolled has time. */
#define ZLIB_LEVEL 3

static void
put_sizes (guint8 *at, const GanPicture *picture)
{
  guint32 sizes[2]
      = { GUINT32_TO_BE ((guint32) picture->width), GUINT32_TO_BE ((guint32) picture->height) };

  memcpy (at, sizes, SIZES_BYTES);
}

static void
compute_sum (const guint8 *sizes, const guint8 *pixels, gsize length, guint8 *sum)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  gsize sum_length = SUM_BYTES;

  g_checksum_update (checksum, sizes, SIZES_BYTES);
  g_checksum_update (checksum, pixels, (gssize) length);
  g_checksum_get_digest (checksum, sum, &sum_length);
}

/* All of the input into a buffer that has to be large enough. */
static gboolean
convert (GConverter *converter,
         const guint8 *input,
         gsize input_length,
         guint8 *output,
         gsize output_size,
         gsize *written)
{
  gsize used = 0;

  *written = 0;
  while (TRUE)
    {
      gsize n_read = 0;
      gsize n_written = 0;
      GConverterResult result = g_converter_convert (converter,
                                                     input + used,
                                                     input_length - used,
                                                     output + *written,
                                                     output_size - *written,
                                                     G_CONVERTER_INPUT_AT_END,
                                                     &n_read,
                                                     &n_written,
                                                     NULL);

      if (result == G_CONVERTER_ERROR)
        return FALSE;
      used += n_read;
      *written += n_written;
      if (result == G_CONVERTER_FINISHED)
        return TRUE;
    }
}

/**
 * gan_thumbnail_file_pack:
 * @picture: a picture of at most %GAN_LIMIT_THUMBNAIL_SIZE
 * @error: %GAN_ERROR_INTERNAL when zlib refuses
 *
 * Returns: (transfer full): the bytes of its file
 */
GBytes *
gan_thumbnail_file_pack (const GanPicture *picture, GError **error)
{
  g_autoptr (GZlibCompressor) compressor
      = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB, ZLIB_LEVEL);
  gsize length = 0;
  const guint8 *pixels = g_bytes_get_data (picture->pixels, &length);
  gsize row = (gsize) picture->width * PIXEL_BYTES;
  g_autofree guint8 *differences = g_malloc (length);
  gsize size = HEAD_BYTES + length + length / 8 + 64;
  g_autofree guint8 *file = g_malloc (size);
  gsize packed = 0;

  for (gsize i = 0; i < length; i++)
    differences[i] = (guint8) (i % row < PIXEL_BYTES ? pixels[i] : pixels[i] - pixels[i - 4]);
  if (!convert (G_CONVERTER (compressor),
                differences,
                length,
                file + HEAD_BYTES,
                size - HEAD_BYTES,
                &packed))
    {
      gan_error_set (error, GAN_ERROR_INTERNAL, NULL, "a thumbnail cannot be packed");
      return NULL;
    }
  memcpy (file, MAGIC, MAGIC_BYTES);
  put_sizes (file + MAGIC_BYTES, picture);
  compute_sum (file + MAGIC_BYTES, file + HEAD_BYTES, packed, file + MAGIC_BYTES + SIZES_BYTES);
  return g_bytes_new (file, HEAD_BYTES + packed);
}

static gboolean
check_head (const guint8 *file, gsize length, int *width, int *height)
{
  guint32 sizes[2] = { 0, 0 };
  guint8 sum[SUM_BYTES];

  if (length <= HEAD_BYTES || memcmp (file, MAGIC, MAGIC_BYTES) != 0)
    return FALSE;
  memcpy (sizes, file + MAGIC_BYTES, SIZES_BYTES);
  sizes[0] = GUINT32_FROM_BE (sizes[0]);
  sizes[1] = GUINT32_FROM_BE (sizes[1]);
  if (sizes[0] < 1 || sizes[0] > GAN_LIMIT_THUMBNAIL_SIZE || sizes[1] < 1
      || sizes[1] > GAN_LIMIT_THUMBNAIL_SIZE)
    return FALSE;
  *width = (int) sizes[0];
  *height = (int) sizes[1];
  compute_sum (file + MAGIC_BYTES, file + HEAD_BYTES, length - HEAD_BYTES, sum);
  return memcmp (sum, file + MAGIC_BYTES + SIZES_BYTES, SUM_BYTES) == 0;
}

/**
 * gan_thumbnail_file_unpack:
 * @file: what was read
 * @error: %GAN_ERROR_INVALID_DATA when it is damaged
 *
 * Returns: (transfer full): the picture
 */
GanPicture *
gan_thumbnail_file_unpack (GBytes *file, GError **error)
{
  gsize file_length = 0;
  const guint8 *data = g_bytes_get_data (file, &file_length);
  g_autoptr (GZlibDecompressor) decompressor
      = g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB);
  g_autofree guint8 *pixels = NULL;
  GanPicture *picture = NULL;
  int width = 0;
  int height = 0;
  gsize length = 0;
  gsize written = 0;
  gsize row = 0;

  if (check_head (data, file_length, &width, &height))
    {
      row = (gsize) width * PIXEL_BYTES;
      length = row * (gsize) height;
      /* One byte of room more shows what is too long. */
      pixels = g_malloc (length + 1);
    }
  if (pixels == NULL
      || !convert (G_CONVERTER (decompressor),
                   data + HEAD_BYTES,
                   file_length - HEAD_BYTES,
                   pixels,
                   length + 1,
                   &written)
      || written != length)
    {
      gan_error_set (error, GAN_ERROR_INVALID_DATA, NULL, "a thumbnail is damaged");
      return NULL;
    }
  for (gsize i = 0; i < length; i++)
    {
      if (i % row >= PIXEL_BYTES)
        pixels[i] = (guint8) (pixels[i] + pixels[i - PIXEL_BYTES]);
    }
  picture = g_new0 (GanPicture, 1);
  picture->width = width;
  picture->height = height;
  picture->pixels = g_bytes_new_take (g_steal_pointer (&pixels), length);
  return picture;
}
