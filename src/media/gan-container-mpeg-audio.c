/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Frames one behind the other: MP3 (ISO/IEC 11172-3, 13818-3) and AAC with ADTS heads (13818-7). */
#include "config.h"

#include "gan-container.h"

#define FIRST_FRAMES 3
#define MAX_FRAMES 50000000
#define MAX_SIDE_INFORMATION 40

typedef struct
{
  guint length;
  guint samples;
  guint rate;
} Frame;

static gboolean
read_adts (guint64 head, Frame *frame)
{
  static const guint rates[]
      = { 96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350 };
  guint index = (guint) (head >> 34) & 0xf;

  if ((head >> 40 & 0xfff6) != 0xfff0 || index >= G_N_ELEMENTS (rates))
    return FALSE;
  frame->length = (guint) (head >> 13) & 0x1fff;
  frame->samples = 1024 * (((guint) head & 3) + 1);
  frame->rate = rates[index];
  return frame->length >= 7;
}

/* Layer III only. */
static gboolean
read_mp3 (guint64 head, Frame *frame)
{
  static const guint rates[] = { 44100, 48000, 32000 };
  static const guint bits_1[]
      = { 0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320 };
  static const guint bits_2[] = { 0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160 };
  guint version = (guint) (head >> 19) & 3; /* 3: 1, 2: 2, 0: 2.5 */
  guint bits = (guint) (head >> 12) & 0xf;
  guint rate = (guint) (head >> 10) & 3;

  if ((head >> 21 & 0x7ff) != 0x7ff || version == 1 || (head >> 17 & 3) != 1 || bits == 0
      || bits == 15 || rate == 3)
    return FALSE;
  frame->rate = rates[rate] >> (version == 3 ? 0 : version == 2 ? 1 : 2);
  frame->samples = version == 3 ? 1152 : 576;
  frame->length = frame->samples / 8 * 1000 * (version == 3 ? bits_1 : bits_2)[bits] / frame->rate
                  + ((guint) (head >> 9) & 1);
  return TRUE;
}

static gboolean
read_frame (GanReader *reader, gint64 at, gboolean is_mp3, Frame *frame)
{
  guint n_bytes = is_mp3 ? 4 : 7;
  guint64 head = gan_reader_get_be (reader, at, n_bytes);

  if (gan_reader_get (reader, at, n_bytes) == NULL)
    return FALSE;
  return is_mp3 ? read_mp3 (head, frame) : read_adts (head, frame);
}

/* Tags of ID3v2 stand before the first frame. */
static gint64
skip_tags (GanReader *reader)
{
  gint64 at = 0;

  while (gan_reader_has (reader, at, "ID3"))
    {
      guint64 size = gan_reader_get_be (reader, at + 6, 4);

      at += 10
            + (gint64) ((size >> 3 & 0xfe00000) | (size >> 2 & 0x1fc000) | (size >> 1 & 0x3f80)
                        | (size & 0x7f));
    }
  return at;
}

static gboolean
is_stream (GanReader *reader, gint64 at, gboolean is_mp3)
{
  Frame frame = { 0, 0, 0 };

  for (guint i = 0; i < FIRST_FRAMES; i++)
    {
      if (!read_frame (reader, at, is_mp3, &frame))
        return FALSE;
      at += frame.length;
    }
  return TRUE;
}

/* An encoder's first frame may hold no sound, but what follows: its frames, which some count with
 * this one, and its bytes, which all count from this one. 0: it does not say. */
static void
read_announced (GanReader *reader, gint64 at, guint64 *n_frames, guint64 *n_bytes)
{
  for (guint i = 4; i < MAX_SIDE_INFORMATION; i++)
    {
      guint64 flags = gan_reader_get_be (reader, at + i + 4, 4);

      if (!gan_reader_has (reader, at + i, "Xing") && !gan_reader_has (reader, at + i, "Info"))
        continue;
      if ((flags & 1) != 0)
        *n_frames = gan_reader_get_be (reader, at + i + 8, 4);
      if ((flags & 2) != 0)
        *n_bytes = gan_reader_get_be (reader, at + i + ((flags & 1) != 0 ? 12 : 8), 4);
      return;
    }
}

static void
walk (GanContainer *self, GanReader *reader, gint64 at, gboolean is_mp3)
{
  gint64 start = at;
  guint64 n_frames = 0;
  guint64 n_bytes = 0;
  guint64 n = 0;
  double seconds = 0;
  Frame frame = { 0, 0, 0 };

  if (is_mp3)
    read_announced (reader, at, &n_frames, &n_bytes);
  while (n < MAX_FRAMES && read_frame (reader, at, is_mp3, &frame)
         && at + frame.length <= reader->size)
    {
      at += frame.length;
      n += 1;
      if (n > 1 || (n_frames == 0 && n_bytes == 0))
        seconds += (double) frame.samples / frame.rate;
    }
  self->duration = seconds;
  if ((n_bytes > 0 && (guint64) (reader->size - start) >= n_bytes)
      || (n_frames > 0 && n > n_frames))
    self->whole = GAN_WHOLE_YES;
  /* Who shortens a file often leaves its head as it was, but no half frame behind. */
  else if ((n_bytes > 0 || n < n_frames) && read_frame (reader, at, is_mp3, &frame))
    self->whole = GAN_WHOLE_NO;
  /* A tag at the end is written when there is one. */
  else if (reader->size - at == 128 && gan_reader_has (reader, at, "TAG"))
    self->whole = GAN_WHOLE_YES;
}

/**
 * gan_container_read_mpeg_audio:
 * @self: to be filled
 * @reader: a file
 *
 * Returns: whether it is MP3 or AAC
 */
gboolean
gan_container_read_mpeg_audio (GanContainer *self, GanReader *reader)
{
  gint64 at = skip_tags (reader);
  gboolean is_mp3 = is_stream (reader, at, TRUE);

  if (!is_mp3 && !is_stream (reader, at, FALSE))
    return FALSE;
  self->name = is_mp3 ? "mp3" : "aac";
  self->n_audio = 1;
  walk (self, reader, at, is_mp3);
  return TRUE;
}
