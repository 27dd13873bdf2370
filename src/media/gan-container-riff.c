/* SPDX-License-Identifier: GPL-3.0-or-later */
/* RIFF: WAV and AVI, chunks of type, size and body. */
#include "config.h"

#include "gan-container.h"

#define MAX_CHUNKS 100000
/* Those who do not know the size yet write one of 2 or 4 GiB, some with a little taken off. */
#define OPEN_SIZE 0x7fff0000

static void
read_wav_chunk (GanContainer *self, GanReader *reader, gint64 at, guint *rate)
{
  if (gan_reader_has (reader, at, "fmt "))
    {
      self->n_audio = 1;
      *rate = (guint) gan_reader_get_le (reader, at + 16, 4);
    }
  else if (gan_reader_has (reader, at, "data") && *rate > 0)
    self->duration = (double) gan_reader_get_le (reader, at + 4, 4) / *rate;
}

static void
read_avi_chunk (GanContainer *self, GanReader *reader, gint64 at)
{
  if (gan_reader_has (reader, at, "avih"))
    {
      self->duration = (double) gan_reader_get_le (reader, at + 8, 4) / 1e6
                       * (double) gan_reader_get_le (reader, at + 24, 4);
      self->width = (int) (gan_reader_get_le (reader, at + 40, 4) & 0xffff);
      self->height = (int) (gan_reader_get_le (reader, at + 44, 4) & 0xffff);
    }
  else if (gan_reader_has (reader, at, "strh"))
    {
      self->n_video += gan_reader_has (reader, at + 8, "vids");
      self->n_audio += gan_reader_has (reader, at + 8, "auds");
      self->n_subtitle += gan_reader_has (reader, at + 8, "txts");
    }
}

/* The chunks of the file; of AVI the lists that lead to the streams are opened. */
static void
read_chunks (GanContainer *self, GanReader *reader, gboolean is_wav)
{
  gint64 at = 12;
  guint rate = 0;

  for (guint i = 0; i < MAX_CHUNKS && gan_reader_get (reader, at, 12) != NULL; i++)
    {
      gint64 size = (gint64) gan_reader_get_le (reader, at + 4, 4);

      if (!is_wav && gan_reader_has (reader, at, "LIST")
          && (gan_reader_has (reader, at + 8, "hdrl") || gan_reader_has (reader, at + 8, "strl")))
        {
          at += 12;
          continue;
        }
      if (is_wav)
        read_wav_chunk (self, reader, at, &rate);
      else
        read_avi_chunk (self, reader, at);
      at += 8 + size + (size & 1);
    }
}

/* A long AVI is several of them, one behind the other. */
static GanWhole
check_sizes (GanReader *reader)
{
  gint64 at = 0;

  for (guint i = 0; i < MAX_CHUNKS && gan_reader_has (reader, at, "RIFF"); i++)
    {
      gint64 size = (gint64) gan_reader_get_le (reader, at + 4, 4);

      if (size == 0 || size >= OPEN_SIZE)
        return GAN_WHOLE_UNKNOWN;
      at += 8 + size;
      if (at > reader->size)
        return GAN_WHOLE_NO;
      at += size & 1;
    }
  return GAN_WHOLE_YES;
}

/**
 * gan_container_read_riff:
 * @self: to be filled
 * @reader: a file
 *
 * Returns: whether it is WAV or AVI
 */
gboolean
gan_container_read_riff (GanContainer *self, GanReader *reader)
{
  gboolean is_wav = gan_reader_has (reader, 8, "WAVE");

  if (!gan_reader_has (reader, 0, "RIFF") || (!is_wav && !gan_reader_has (reader, 8, "AVI ")))
    return FALSE;
  self->name = is_wav ? "wav" : "avi";
  read_chunks (self, reader, is_wav);
  self->whole = check_sizes (reader);
  return TRUE;
}
