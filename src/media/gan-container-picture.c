/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pictures, as far as their structure says where they end. */
#include "config.h"

#include "gan-container.h"

#define MAX_BLOCKS 1000000
#define PNG_MAGIC "\x89PNG\r\n\x1a\n"

/* Chunks of length, type, body and checksum up to IEND. */
static GanWhole
check_png (GanReader *reader)
{
  gint64 at = 8;

  for (guint i = 0; i < MAX_BLOCKS && gan_reader_get (reader, at, 8) != NULL; i++)
    {
      gboolean is_end = gan_reader_has (reader, at + 4, "IEND");

      at += 12 + (gint64) gan_reader_get_be (reader, at, 4);
      if (at > reader->size)
        return GAN_WHOLE_NO;
      if (is_end)
        return GAN_WHOLE_YES;
    }
  return GAN_WHOLE_NO;
}

/* The end of the last scan; cameras write more behind it, so that its absence proves nothing. */
static GanWhole
check_jpeg (GanReader *reader)
{
  return gan_reader_get_be (reader, reader->size - 2, 2) == 0xffd9 ? GAN_WHOLE_YES
                                                                   : GAN_WHOLE_UNKNOWN;
}

static gint64
skip_color_table (GanReader *reader, gint64 at, gint64 flags_at)
{
  guint flags = (guint) gan_reader_get_be (reader, flags_at, 1);

  return at + ((flags & 0x80) != 0 ? 3 << ((flags & 7) + 1) : 0);
}

/* Blocks up to the trailer. */
static GanWhole
check_gif (GanReader *reader)
{
  gint64 at = skip_color_table (reader, 13, 10);

  for (guint i = 0; i < MAX_BLOCKS && gan_reader_get (reader, at, 1) != NULL; i++)
    {
      guint kind = (guint) gan_reader_get_be (reader, at, 1);
      guint length = 0;

      if (kind == 0x3b)
        return GAN_WHOLE_YES;
      if (kind != 0x21 && kind != 0x2c)
        return GAN_WHOLE_UNKNOWN;
      at = kind == 0x21 ? at + 2 : skip_color_table (reader, at + 10, at + 9) + 1;
      do
        {
          length = (guint) gan_reader_get_be (reader, at, 1);
          at += 1 + length;
        }
      while (length > 0 && at < reader->size);
    }
  return at >= reader->size ? GAN_WHOLE_NO : GAN_WHOLE_UNKNOWN;
}

static GanWhole
check_webp (GanReader *reader)
{
  return (gint64) gan_reader_get_le (reader, 4, 4) + 8 > reader->size ? GAN_WHOLE_NO
                                                                      : GAN_WHOLE_YES;
}

/**
 * gan_container_read_picture:
 * @self: to be filled
 * @reader: a file
 *
 * Returns: whether it is PNG, JPEG, GIF or WebP
 */
gboolean
gan_container_read_picture (GanContainer *self, GanReader *reader)
{
  static const struct
  {
    const char *name;
    gint64 at;
    const char *magic;
    GanWhole (*check) (GanReader *);
  } kinds[] = {
    { "png", 0, PNG_MAGIC, check_png },
    { "jpeg", 0, "\xff\xd8\xff", check_jpeg },
    { "gif", 0, "GIF8", check_gif },
    { "webp", 8, "WEBP", check_webp },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      if (!gan_reader_has (reader, kinds[i].at, kinds[i].magic))
        continue;
      self->name = kinds[i].name;
      self->whole = kinds[i].check (reader);
      return TRUE;
    }
  return FALSE;
}
