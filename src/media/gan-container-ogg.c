/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ogg: pages of packets of one or several streams (RFC 3533). */
#include "config.h"

#include "gan-container.h"

#include <string.h>

#define HEAD_BYTES 27
#define FLAG_FIRST 0x02
#define FLAG_LAST 0x04
#define MAX_STREAMS 64

typedef struct
{
  gint64 body;
  gint64 end;
  guint8 flags;
  gint64 position; /* in units of the stream */
  guint32 serial;
} Page;

/* The stream that says how long the file is. */
typedef struct
{
  guint32 serial;
  guint rate; /* 0: none found */
  guint skip;
} Sound;

static gboolean
read_page (GanReader *reader, gint64 at, Page *page)
{
  guint n_segments = 0;
  const guint8 *table = NULL;

  if (!gan_reader_has (reader, at, "OggS") || gan_reader_get (reader, at, HEAD_BYTES) == NULL
      || gan_reader_get_be (reader, at + 4, 1) != 0)
    return FALSE;
  page->flags = (guint8) gan_reader_get_be (reader, at + 5, 1);
  page->position = (gint64) gan_reader_get_le (reader, at + 6, 8);
  page->serial = (guint32) gan_reader_get_le (reader, at + 14, 4);
  n_segments = (guint) gan_reader_get_be (reader, at + 26, 1);
  table = gan_reader_get (reader, at + HEAD_BYTES, n_segments);
  if (table == NULL)
    return FALSE;
  page->body = at + HEAD_BYTES + n_segments;
  page->end = page->body;
  for (guint i = 0; i < n_segments; i++)
    page->end += table[i];
  return TRUE;
}

static void
read_stream (GanContainer *self, GanReader *reader, const Page *page, Sound *sound)
{
  guint rate = 0;
  guint skip = 0;

  if (gan_reader_has (reader, page->body, "\x80theora"))
    {
      self->n_video += 1;
      self->width = (int) gan_reader_get_be (reader, page->body + 14, 3);
      self->height = (int) gan_reader_get_be (reader, page->body + 17, 3);
    }
  else if (gan_reader_has (reader, page->body, "\x01vorbis"))
    rate = (guint) gan_reader_get_le (reader, page->body + 12, 4);
  else if (gan_reader_has (reader, page->body, "OpusHead"))
    {
      rate = 48000;
      skip = (guint) gan_reader_get_le (reader, page->body + 10, 2);
    }
  else if (gan_reader_has (reader,
                           page->body,
                           "\x7f"
                           "FLAC"))
    rate = (guint) (gan_reader_get_be (reader, page->body + 27, 3) >> 4);
  if (rate == 0)
    return;
  self->n_audio += 1;
  if (sound->rate == 0)
    *sound = (Sound){ page->serial, rate, skip };
}

/* From the end backwards: the last page that is all there, and the last of the sound. Whether a
 * page begins behind that and ends beyond the file. */
static gboolean
read_end (GanContainer *self, GanReader *reader, const Sound *sound, Page *last)
{
  gint64 from = MAX (reader->size - GAN_READER_WINDOW, 0);
  Page page = { 0 };
  gboolean is_cut = FALSE;

  for (gint64 at = reader->size - HEAD_BYTES; at >= from; at--)
    {
      if (!read_page (reader, at, &page))
        continue;
      if (page.end > reader->size)
        is_cut = TRUE;
      else if (last->end == 0)
        *last = page;
      if (page.end <= reader->size && page.serial == sound->serial && page.position > 0)
        {
          if (sound->rate > 0 && page.position > sound->skip)
            self->duration = (double) (page.position - sound->skip) / sound->rate;
          break;
        }
    }
  return is_cut;
}

/**
 * gan_container_read_ogg:
 * @self: to be filled
 * @reader: a file
 *
 * Returns: whether it is Ogg
 */
gboolean
gan_container_read_ogg (GanContainer *self, GanReader *reader)
{
  Page page = { 0 };
  Page last = { 0 };
  Sound sound = { 0, 0, 0 };
  gboolean is_cut = FALSE;

  if (!read_page (reader, 0, &page))
    return FALSE;
  self->name = "ogg";
  for (guint i = 0; i < MAX_STREAMS && (page.flags & FLAG_FIRST) != 0; i++)
    {
      read_stream (self, reader, &page, &sound);
      if (!read_page (reader, page.end, &page))
        break;
    }
  is_cut = read_end (self, reader, &sound, &last);
  if (last.end == reader->size)
    self->whole = (last.flags & FLAG_LAST) != 0 ? GAN_WHOLE_YES : GAN_WHOLE_UNKNOWN;
  else if (is_cut)
    self->whole = GAN_WHOLE_NO;
  return TRUE;
}
