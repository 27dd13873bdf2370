/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-gunzip.h"

#include "gan-error.h"

#define CODED_BYTES ((gsize) 16 * 1024)
#define GZIP_MAGIC 0x1f

typedef enum
{
  GUNZIP_START,   /* before the first member */
  GUNZIP_MEMBER,  /* within one */
  GUNZIP_BETWEEN, /* after one */
  GUNZIP_REST,    /* what follows the last one is padding */
} GunzipState;

struct _GanGunzip
{
  GanGunzipSource source;
  gpointer data;
  GConverter *converter;
  GunzipState state;
  gsize max_coded;
  gsize n_coded;
  gboolean source_ended;
  gsize start;
  gsize end;
  guint8 coded[CODED_BYTES];
};

/**
 * gan_gunzip_new:
 * @source: where the coded bytes come from
 * @data: for @source
 * @max_coded: how many coded bytes may come, 0 for any number
 *
 * Returns: (transfer full): a decoder of RFC 1952, with one member or more
 */
GanGunzip *
gan_gunzip_new (GanGunzipSource source, gpointer data, gsize max_coded)
{
  GanGunzip *self = g_new0 (GanGunzip, 1);

  self->source = source;
  self->data = data;
  self->max_coded = max_coded;
  self->converter = G_CONVERTER (g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP));
  return self;
}

/**
 * gan_gunzip_free:
 * @self: (transfer full): a decoder
 */
void
gan_gunzip_free (GanGunzip *self)
{
  g_object_unref (self->converter);
  g_free (self);
}

static gboolean
refill (GanGunzip *self, GCancellable *cancellable, GError **error)
{
  gssize n_read = self->source (self->data, self->coded, CODED_BYTES, cancellable, error);

  if (n_read < 0)
    return FALSE;
  self->start = 0;
  self->end = (gsize) n_read;
  self->source_ended = n_read == 0;
  self->n_coded += (gsize) n_read;
  if (self->max_coded == 0 || self->n_coded <= self->max_coded)
    return TRUE;
  gan_error_set (error, GAN_ERROR_TOO_LARGE, "body", "the answer is too large");
  return FALSE;
}

/* A decoder that runs out of input in the midst of a member says PARTIAL_INPUT. */
static gboolean
convert (GanGunzip *self, void *buffer, gsize size, gsize *n_written, GError **error)
{
  g_autoptr (GError) problem = NULL;
  gsize n_read = 0;
  GConverterResult result
      = g_converter_convert (self->converter,
                             self->coded + self->start,
                             self->end - self->start,
                             buffer,
                             size,
                             self->source_ended ? G_CONVERTER_INPUT_AT_END : G_CONVERTER_NO_FLAGS,
                             &n_read,
                             n_written,
                             &problem);

  self->start += n_read;
  if (result == G_CONVERTER_FINISHED)
    {
      g_converter_reset (self->converter);
      self->state = GUNZIP_BETWEEN;
      return TRUE;
    }
  if (result != G_CONVERTER_ERROR)
    return TRUE;
  if (!g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT))
    {
      gan_error_set (error, GAN_ERROR_INVALID_DATA, "gzip", "the gzip of the answer is broken");
      return FALSE;
    }
  if (!self->source_ended)
    return TRUE;
  gan_error_set (error, GAN_ERROR_TRUNCATED, "gzip", "the gzip of the answer is cut off");
  return FALSE;
}

/**
 * gan_gunzip_read:
 * @self: a decoder
 * @buffer: where to
 * @size: room in it
 * @cancellable: (nullable): for the source
 * @error: return location
 *
 * Reads decoded bytes. At the end the source was read to its end, too. Fails as the source does,
 * and with %GAN_ERROR_TRUNCATED, %GAN_ERROR_INVALID_DATA or %GAN_ERROR_TOO_LARGE.
 *
 * Returns: the number of bytes, 0 at the end, -1 on error
 */
gssize
gan_gunzip_read (GanGunzip *self,
                 void *buffer,
                 gsize size,
                 GCancellable *cancellable,
                 GError **error)
{
  gsize n_written = 0;

  g_return_val_if_fail (self != NULL && buffer != NULL && size > 0, -1);

  while (n_written == 0)
    {
      if (self->start == self->end && !self->source_ended && !refill (self, cancellable, error))
        return -1;
      if (self->start == self->end && self->source_ended && self->state != GUNZIP_MEMBER)
        return 0;
      if (self->state == GUNZIP_START
          || (self->state == GUNZIP_BETWEEN && self->coded[self->start] == GZIP_MAGIC))
        self->state = GUNZIP_MEMBER;
      else if (self->state == GUNZIP_BETWEEN)
        self->state = GUNZIP_REST;
      if (self->state == GUNZIP_REST)
        self->start = self->end;
      else if (!convert (self, buffer, size, &n_written, error))
        return -1;
    }
  return (gssize) n_written;
}
