/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Matroska and WebM: elements of id, size and body (RFC 8794, RFC 9559). */
#include "config.h"

#include "gan-container.h"

#include <string.h>

#define MAX_ELEMENTS 10000000
#define MAX_TRACKS 1000

#define ID_EBML 0x1a45dfa3
#define ID_DOC_TYPE 0x4282
#define ID_SEGMENT 0x18538067
#define ID_INFO 0x1549a966
#define ID_SCALE 0x2ad7b1
#define ID_DURATION 0x4489
#define ID_TRACKS 0x1654ae6b
#define ID_TRACK 0xae
#define ID_TRACK_TYPE 0x83
#define ID_VIDEO 0xe0
#define ID_PIXEL_WIDTH 0xb0
#define ID_PIXEL_HEIGHT 0xba
#define ID_CLUSTER 0x1f43b675
#define ID_CUES 0x1c53bb6b

typedef struct
{
  guint32 id;
  gint64 body;
  gint64 end;
  gboolean is_open; /* its size was not known when it was written; end is that of its parent */
} Element;

/* How many bytes a number has is said by the highest bit that is set in its first. */
static guint
get_width (guint8 first)
{
  guint width = 1;

  while (width <= 8 && (first & (0x100 >> width)) == 0)
    width += 1;
  return width;
}

static gboolean
read_element (GanReader *reader, gint64 at, gint64 end, Element *element)
{
  const guint8 *bytes = gan_reader_get (reader, at, 1);
  guint width = bytes != NULL ? get_width (*bytes) : 9;
  guint64 size = 0;
  guint64 ones = 0;

  if (width > 4 || at + width >= end)
    return FALSE;
  element->id = (guint32) gan_reader_get_be (reader, at, width);
  at += width;
  bytes = gan_reader_get (reader, at, 1);
  width = bytes != NULL ? get_width (*bytes) : 9;
  if (width > 8 || gan_reader_get (reader, at, width) == NULL)
    return FALSE;
  ones = (G_GUINT64_CONSTANT (1) << (7 * width)) - 1;
  size = gan_reader_get_be (reader, at, width) & ones;
  element->body = at + width;
  element->is_open = size == ones;
  if (element->is_open)
    element->end = end;
  else if (size > (guint64) (G_MAXINT64 - element->body))
    return FALSE;
  else
    element->end = element->body + (gint64) size;
  return TRUE;
}

static gboolean
find_child (GanReader *reader, const Element *parent, guint32 id, Element *child)
{
  gint64 at = parent->body;

  for (guint i = 0; i < MAX_ELEMENTS && read_element (reader, at, parent->end, child); i++)
    {
      if (child->end > parent->end)
        return FALSE;
      if (child->id == id)
        return TRUE;
      at = child->end;
    }
  return FALSE;
}

static guint64
get_unsigned (GanReader *reader, const Element *parent, guint32 id, guint64 fallback)
{
  Element element = { 0 };

  if (!find_child (reader, parent, id, &element) || element.end - element.body > 8)
    return fallback;
  return gan_reader_get_be (reader, element.body, (guint) (element.end - element.body));
}

static double
get_float (GanReader *reader, const Element *parent, guint32 id)
{
  Element element = { 0 };
  guint64 bits = 0;
  guint32 half = 0;
  double value = GAN_UNKNOWN;
  float single = 0;

  if (!find_child (reader, parent, id, &element))
    return GAN_UNKNOWN;
  if (element.end - element.body == 8)
    {
      bits = gan_reader_get_be (reader, element.body, 8);
      memcpy (&value, &bits, sizeof value);
    }
  else if (element.end - element.body == 4)
    {
      half = (guint32) gan_reader_get_be (reader, element.body, 4);
      memcpy (&single, &half, sizeof single);
      value = single;
    }
  return value;
}

static void
read_info (GanContainer *self, GanReader *reader, const Element *info)
{
  guint64 scale = get_unsigned (reader, info, ID_SCALE, 1000000);
  double duration = get_float (reader, info, ID_DURATION);

  if (duration > 0)
    self->duration = duration * (double) scale / 1e9;
}

static void
read_track (GanContainer *self, GanReader *reader, const Element *track)
{
  Element video = { 0 };

  switch (get_unsigned (reader, track, ID_TRACK_TYPE, 0))
    {
    case 1:
      self->n_video += 1;
      if (self->width < 0 && find_child (reader, track, ID_VIDEO, &video))
        {
          self->width = (int) (get_unsigned (reader, &video, ID_PIXEL_WIDTH, 0) & 0xffff);
          self->height = (int) (get_unsigned (reader, &video, ID_PIXEL_HEIGHT, 0) & 0xffff);
        }
      break;
    case 2:
      self->n_audio += 1;
      break;
    case 17:
      self->n_subtitle += 1;
      break;
    default:
      break;
    }
}

static void
read_tracks (GanContainer *self, GanReader *reader, const Element *tracks)
{
  Element element = { .end = tracks->body };

  for (guint i = 0; i < MAX_TRACKS && read_element (reader, element.end, tracks->end, &element);
       i++)
    {
      if (element.end > tracks->end)
        return;
      if (element.id == ID_TRACK)
        read_track (self, reader, &element);
    }
}

/* Walks through all elements of a segment. One of unknown size is stepped into: what it holds and
 * what follows it are alike to this. */
static GanWhole
walk (GanContainer *self, GanReader *reader, const Element *segment)
{
  gint64 end = MIN (segment->end, reader->size);
  gint64 at = segment->body;
  gboolean has_cluster = FALSE;
  gboolean has_index_behind = FALSE;
  Element element = { 0 };

  for (guint i = 0; i < MAX_ELEMENTS && at < end; i++)
    {
      if (!read_element (reader, at, end, &element))
        return GAN_WHOLE_UNKNOWN;
      if (element.end > end)
        return end == reader->size ? GAN_WHOLE_NO : GAN_WHOLE_UNKNOWN;
      if (element.id == ID_INFO)
        read_info (self, reader, &element);
      else if (element.id == ID_TRACKS)
        read_tracks (self, reader, &element);
      has_cluster = has_cluster || element.id == ID_CLUSTER;
      has_index_behind = has_index_behind || (has_cluster && element.id == ID_CUES);
      at = element.is_open ? element.body : element.end;
    }
  if (at < end || !has_cluster)
    return GAN_WHOLE_UNKNOWN;
  return !segment->is_open || has_index_behind ? GAN_WHOLE_YES : GAN_WHOLE_UNKNOWN;
}

/**
 * gan_container_read_matroska:
 * @self: to be filled
 * @reader: a file
 *
 * Returns: whether it is Matroska or WebM
 */
gboolean
gan_container_read_matroska (GanContainer *self, GanReader *reader)
{
  Element head = { 0 };
  Element element = { 0 };
  Element segment = { 0 };

  if (!read_element (reader, 0, reader->size, &head) || head.id != ID_EBML || head.is_open
      || head.end > reader->size)
    return FALSE;
  self->name = find_child (reader, &head, ID_DOC_TYPE, &element)
                       && gan_reader_has (reader, element.body, "webm")
                   ? "webm"
                   : "mkv";
  if (!read_element (reader, head.end, reader->size, &segment) || segment.id != ID_SEGMENT)
    return TRUE;
  self->whole = walk (self, reader, &segment);
  if (segment.end > reader->size)
    self->whole = GAN_WHOLE_NO;
  return TRUE;
}
