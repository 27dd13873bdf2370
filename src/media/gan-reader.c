/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-reader.h"

#include <string.h>
#include <unistd.h>

/**
 * gan_reader_init:
 * @self: to be filled
 * @descriptor: a file that can be sought in; stays the caller's
 *
 * Returns: whether it can be read
 */
gboolean
gan_reader_init (GanReader *self, int descriptor)
{
  self->descriptor = descriptor;
  self->size = lseek (descriptor, 0, SEEK_END);
  self->window_at = 0;
  self->window_length = 0;
  return self->size >= 0;
}

static gboolean
fill (GanReader *self, gint64 offset)
{
  self->window_at = offset;
  self->window_length = 0;
  while (self->window_length < sizeof self->window)
    {
      gssize n = pread (self->descriptor,
                        self->window + self->window_length,
                        sizeof self->window - self->window_length,
                        (off_t) (offset + (gint64) self->window_length));

      if (n <= 0)
        break;
      self->window_length += (gsize) n;
    }
  return self->window_length > 0;
}

/**
 * gan_reader_get:
 * @self: a reader
 * @offset: of the first byte
 * @length: how many, at most %GAN_READER_WINDOW
 *
 * Returns: (nullable): the bytes, until the next call; NULL where the file has not so many
 */
const guint8 *
gan_reader_get (GanReader *self, gint64 offset, gsize length)
{
  if (offset < 0 || length > sizeof self->window || offset > self->size
      || (gint64) length > self->size - offset)
    return NULL;
  if (offset < self->window_at
      || offset + (gint64) length > self->window_at + (gint64) self->window_length)
    {
      if (!fill (self, offset) || self->window_length < length)
        return NULL;
    }
  return self->window + (offset - self->window_at);
}

/**
 * gan_reader_get_be:
 * @self: a reader
 * @offset: of the first byte
 * @n_bytes: at most 8
 *
 * Returns: a number, its highest byte first; 0 where the file ends before
 */
guint64
gan_reader_get_be (GanReader *self, gint64 offset, guint n_bytes)
{
  const guint8 *bytes = gan_reader_get (self, offset, n_bytes);
  guint64 value = 0;

  for (guint i = 0; bytes != NULL && i < n_bytes; i++)
    value = value << 8 | bytes[i];
  return value;
}

/**
 * gan_reader_get_le:
 * @self: a reader
 * @offset: of the first byte
 * @n_bytes: at most 8
 *
 * Returns: a number, its lowest byte first; 0 where the file ends before
 */
guint64
gan_reader_get_le (GanReader *self, gint64 offset, guint n_bytes)
{
  const guint8 *bytes = gan_reader_get (self, offset, n_bytes);
  guint64 value = 0;

  for (guint i = n_bytes; bytes != NULL && i > 0; i--)
    value = value << 8 | bytes[i - 1];
  return value;
}

/**
 * gan_reader_has:
 * @self: a reader
 * @offset: where
 * @magic: text
 *
 * Returns: whether the text stands there
 */
gboolean
gan_reader_has (GanReader *self, gint64 offset, const char *magic)
{
  gsize length = strlen (magic);
  const guint8 *bytes = gan_reader_get (self, offset, length);

  return bytes != NULL && memcmp (bytes, magic, length) == 0;
}
