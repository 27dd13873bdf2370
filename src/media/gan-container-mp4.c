/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ISO base media files and QuickTime: boxes of size, type and body (ISO/IEC 14496-12). */
#include "config.h"

#include "gan-container.h"

/* Boxes of one level that are looked at; no honest file has so many. */
#define MAX_BOXES 1000000

#define TYPE(a, b, c, d) ((guint32) (a) << 24 | (guint32) (b) << 16 | (guint32) (c) << 8 | (d))

typedef struct
{
  guint32 type;
  gint64 body;
  gint64 end; /* beyond the file where that was cut */
} Box;

/* What the boxes of the top level come to. */
typedef struct
{
  Box moov;
  Box index; /* sidx */
  gboolean has_ftyp;
  gboolean has_items; /* a meta box, whose items need no moov */
  gboolean has_media;
  gboolean has_fragments;
  gboolean has_fragment_index; /* mfra, the last box of a file of fragments */
  gboolean is_cut;
  gboolean is_odd; /* something that is no box */
} Top;

/* The tables of a track, each through a window of its own. */
typedef struct
{
  GanReader chunks;
  GanReader groups;
  GanReader sizes;
} Tables;

static gboolean
is_known_type (guint32 type)
{
  static const guint32 known[] = {
    TYPE ('f', 't', 'y', 'p'), TYPE ('m', 'o', 'o', 'v'), TYPE ('m', 'd', 'a', 't'),
    TYPE ('m', 'o', 'o', 'f'), TYPE ('f', 'r', 'e', 'e'), TYPE ('s', 'k', 'i', 'p'),
    TYPE ('w', 'i', 'd', 'e'), TYPE ('s', 't', 'y', 'p'), TYPE ('s', 'i', 'd', 'x'),
    TYPE ('m', 'f', 'r', 'a'), TYPE ('m', 'e', 't', 'a'), TYPE ('u', 'u', 'i', 'd'),
    TYPE ('u', 'd', 't', 'a'), TYPE ('e', 'm', 's', 'g'), TYPE ('p', 'n', 'o', 't'),
  };

  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    {
      if (known[i] == type)
        return TRUE;
    }
  return FALSE;
}

static gboolean
read_box (GanReader *reader, gint64 at, gint64 end, Box *box)
{
  guint64 size = gan_reader_get_be (reader, at, 4);
  guint header = 8;

  if (end - at < header || gan_reader_get (reader, at, header) == NULL)
    return FALSE;
  box->type = (guint32) gan_reader_get_be (reader, at + 4, 4);
  if (size == 1)
    {
      header = 16;
      size = gan_reader_get_be (reader, at + 8, 8);
    }
  else if (size == 0)
    size = (guint64) (end - at);
  if (size < header || size > (guint64) (G_MAXINT64 - at))
    return FALSE;
  box->body = at + header;
  box->end = at + (gint64) size;
  return TRUE;
}

/* The first child of a type; its end is within the parent. The child may take its parent's place.
 */
static gboolean
find_child (GanReader *reader, const Box *parent, guint32 type, Box *child)
{
  gint64 at = parent->body;
  gint64 end = parent->end;

  for (guint i = 0; i < MAX_BOXES && read_box (reader, at, end, child); i++)
    {
      if (child->end > end)
        return FALSE;
      if (child->type == type)
        return TRUE;
      at = child->end;
    }
  return FALSE;
}

static void
note_box (Top *top, const Box *box)
{
  switch (box->type)
    {
    case TYPE ('f', 't', 'y', 'p'):
      top->has_ftyp = TRUE;
      break;
    case TYPE ('m', 'd', 'a', 't'):
      top->has_media = TRUE;
      break;
    case TYPE ('m', 'e', 't', 'a'):
      top->has_items = TRUE;
      break;
    case TYPE ('m', 'o', 'o', 'f'):
      top->has_fragments = TRUE;
      break;
    case TYPE ('m', 'f', 'r', 'a'):
      top->has_fragment_index = TRUE;
      break;
    case TYPE ('m', 'o', 'o', 'v'):
      top->moov = *box;
      break;
    case TYPE ('s', 'i', 'd', 'x'):
      if (top->index.type == 0)
        top->index = *box;
      break;
    default:
      break;
    }
}

static void
read_top (GanReader *reader, Top *top)
{
  gint64 at = 0;
  Box box = { 0, 0, 0 };

  for (guint i = 0; i < MAX_BOXES && at < reader->size; i++)
    {
      if (!read_box (reader, at, reader->size, &box))
        {
          top->is_odd = TRUE;
          return;
        }
      if (box.end > reader->size)
        {
          top->is_cut = is_known_type (box.type);
          top->is_odd = !top->is_cut;
          return;
        }
      note_box (top, &box);
      at = box.end;
    }
  top->is_odd = at < reader->size;
}

static void
read_duration (GanContainer *self, GanReader *reader, const Box *moov)
{
  Box box = { 0, 0, 0 };
  guint64 scale = 0;
  guint64 duration = 0;
  guint n_bytes = 4;

  if (!find_child (reader, moov, TYPE ('m', 'v', 'h', 'd'), &box))
    return;
  if (gan_reader_get_be (reader, box.body, 1) == 1)
    n_bytes = 8;
  scale = gan_reader_get_be (reader, box.body + 4 + 2 * n_bytes, 4);
  duration = gan_reader_get_be (reader, box.body + 8 + 2 * n_bytes, n_bytes);
  if (duration == 0 && find_child (reader, moov, TYPE ('m', 'v', 'e', 'x'), &box)
      && find_child (reader, &box, TYPE ('m', 'e', 'h', 'd'), &box))
    duration = gan_reader_get_be (reader,
                                  box.body + 4,
                                  gan_reader_get_be (reader, box.body, 1) == 1 ? 8 : 4);
  if (scale > 0 && duration > 0)
    self->duration = (double) duration / (double) scale;
}

static void
read_track (GanContainer *self, GanReader *reader, const Box *track)
{
  Box media = { 0, 0, 0 };
  Box box = { 0, 0, 0 };

  if (!find_child (reader, track, TYPE ('m', 'd', 'i', 'a'), &media)
      || !find_child (reader, &media, TYPE ('h', 'd', 'l', 'r'), &box))
    return;
  switch ((guint32) gan_reader_get_be (reader, box.body + 8, 4))
    {
    case TYPE ('v', 'i', 'd', 'e'):
      self->n_video += 1;
      if (self->width < 0 && find_child (reader, track, TYPE ('t', 'k', 'h', 'd'), &box))
        {
          self->width = (int) gan_reader_get_be (reader, box.end - 8, 2);
          self->height = (int) gan_reader_get_be (reader, box.end - 4, 2);
        }
      break;
    case TYPE ('s', 'o', 'u', 'n'):
      self->n_audio += 1;
      break;
    case TYPE ('s', 'u', 'b', 't'):
    case TYPE ('s', 'b', 't', 'l'):
    case TYPE ('t', 'e', 'x', 't'):
      self->n_subtitle += 1;
      break;
    default:
      break;
    }
}

/* Where a chunk ends, or G_MAXUINT64. first is the number of its first sample. */
static guint64
get_chunk_end (Tables *tables, const Box *sizes, guint64 offset, guint64 first, guint64 n)
{
  guint64 each = gan_reader_get_be (&tables->sizes, sizes->body + 4, 4);
  guint64 length = 0;

  if (each > 0)
    return g_uint64_checked_mul (&length, each, n) && g_uint64_checked_add (&length, length, offset)
               ? length
               : G_MAXUINT64;
  for (guint64 i = first; i < first + n; i++)
    {
      gint64 at = sizes->body + 12 + (gint64) (4 * i);

      if (at + 4 > sizes->end)
        return G_MAXUINT64;
      length += gan_reader_get_be (&tables->sizes, at, 4);
    }
  return length <= G_MAXUINT64 - offset ? offset + length : G_MAXUINT64;
}

/* Whether all samples of a track are within the file; unknown where its tables make no sense. */
static GanWhole
check_samples (Tables *tables, gint64 file_size, const Box *table)
{
  Box chunks = { 0, 0, 0 };
  Box groups = { 0, 0, 0 };
  Box sizes = { 0, 0, 0 };
  gboolean is_long = find_child (&tables->chunks, table, TYPE ('c', 'o', '6', '4'), &chunks);
  guint width = is_long ? 8 : 4;
  guint64 n_chunks = 0;
  guint64 n_groups = 0;
  guint64 n_samples = 0;
  guint64 sample = 0;
  guint64 group = 0;

  if ((!is_long && !find_child (&tables->chunks, table, TYPE ('s', 't', 'c', 'o'), &chunks))
      || !find_child (&tables->groups, table, TYPE ('s', 't', 's', 'c'), &groups)
      || !find_child (&tables->sizes, table, TYPE ('s', 't', 's', 'z'), &sizes))
    return GAN_WHOLE_UNKNOWN;
  n_chunks = gan_reader_get_be (&tables->chunks, chunks.body + 4, 4);
  n_groups = gan_reader_get_be (&tables->groups, groups.body + 4, 4);
  n_samples = gan_reader_get_be (&tables->sizes, sizes.body + 8, 4);
  if (chunks.body + 8 + (gint64) (n_chunks * width) > chunks.end
      || groups.body + 8 + (gint64) (n_groups * 12) > groups.end || (n_chunks > 0 && n_groups == 0))
    return GAN_WHOLE_UNKNOWN;
  for (guint64 i = 0; i < n_chunks; i++)
    {
      guint64 offset
          = gan_reader_get_be (&tables->chunks, chunks.body + 8 + (gint64) (i * width), width);
      guint64 n = 0;
      guint64 end = 0;

      if (group + 1 < n_groups
          && gan_reader_get_be (&tables->groups, groups.body + 8 + (gint64) (group + 1) * 12, 4)
                 <= i + 1)
        group += 1;
      n = gan_reader_get_be (&tables->groups, groups.body + 12 + (gint64) group * 12, 4);
      n = MIN (n, n_samples - sample);
      end = get_chunk_end (tables, &sizes, offset, sample, n);
      if (end == G_MAXUINT64)
        return GAN_WHOLE_UNKNOWN;
      if (end > (guint64) file_size)
        return GAN_WHOLE_NO;
      sample += n;
    }
  return sample == n_samples ? GAN_WHOLE_YES : GAN_WHOLE_UNKNOWN;
}

static GanWhole
check_track (GanReader *reader, const Box *track)
{
  g_autofree Tables *tables = NULL;
  Box box = *track;

  if (!find_child (reader, &box, TYPE ('m', 'd', 'i', 'a'), &box)
      || !find_child (reader, &box, TYPE ('m', 'i', 'n', 'f'), &box)
      || !find_child (reader, &box, TYPE ('s', 't', 'b', 'l'), &box))
    return GAN_WHOLE_UNKNOWN;
  tables = g_new0 (Tables, 1);
  gan_reader_init (&tables->chunks, reader->descriptor);
  gan_reader_init (&tables->groups, reader->descriptor);
  gan_reader_init (&tables->sizes, reader->descriptor);
  return check_samples (tables, reader->size, &box);
}

/* All tracks; the worst word counts. */
static GanWhole
read_tracks (GanContainer *self, GanReader *reader, const Box *moov)
{
  GanWhole whole = GAN_WHOLE_YES;
  Box box = { 0, 0, moov->body };
  guint n_tracks = 0;

  for (guint i = 0; i < MAX_BOXES && read_box (reader, box.end, moov->end, &box); i++)
    {
      GanWhole word = GAN_WHOLE_YES;

      if (box.end > moov->end)
        return GAN_WHOLE_UNKNOWN;
      if (box.type != TYPE ('t', 'r', 'a', 'k'))
        continue;
      n_tracks += 1;
      read_track (self, reader, &box);
      word = check_track (reader, &box);
      if (word == GAN_WHOLE_NO || (word == GAN_WHOLE_UNKNOWN && whole == GAN_WHOLE_YES))
        whole = word;
    }
  return n_tracks > 0 ? whole : GAN_WHOLE_UNKNOWN;
}

/* The segment index names the sizes of all that follows it. */
static GanWhole
check_index (GanReader *reader, const Box *index)
{
  guint width = gan_reader_get_be (reader, index->body, 1) == 0 ? 4 : 8;
  gint64 at = index->body + 12 + 2 * width;
  guint64 n = gan_reader_get_be (reader, at + 2, 2);
  guint64 end = (guint64) index->end;
  guint64 first = gan_reader_get_be (reader, index->body + 12 + width, width);

  if (!g_uint64_checked_add (&end, end, first) || at + 4 + (gint64) n * 12 > index->end || n == 0)
    return GAN_WHOLE_UNKNOWN;
  for (guint64 i = 0; i < n; i++)
    end += gan_reader_get_be (reader, at + 4 + (gint64) i * 12, 4) & 0x7fffffff;
  if (end > (guint64) reader->size)
    return GAN_WHOLE_NO;
  return end == (guint64) reader->size ? GAN_WHOLE_YES : GAN_WHOLE_UNKNOWN;
}

static GanWhole
judge (const Top *top, GanReader *reader, GanWhole samples)
{
  Box box = { 0, 0, 0 };

  if (top->is_cut)
    return GAN_WHOLE_NO;
  /* A film without media of its own refers to other files. */
  if (samples == GAN_WHOLE_NO && !top->has_media)
    return GAN_WHOLE_UNKNOWN;
  if (top->is_odd)
    return samples == GAN_WHOLE_NO ? GAN_WHOLE_NO : GAN_WHOLE_UNKNOWN;
  /* The index of a file that begins with its media was still to come. */
  if (top->moov.type == 0)
    return top->has_ftyp && top->has_media && !top->has_fragments && !top->has_items
               ? GAN_WHOLE_NO
               : GAN_WHOLE_UNKNOWN;
  if (top->has_fragments)
    {
      if (top->has_fragment_index)
        return GAN_WHOLE_YES;
      return top->index.type != 0 ? check_index (reader, &top->index) : GAN_WHOLE_UNKNOWN;
    }
  /* Fragments were announced, and none is there: the head of a stream, or all of it that came. */
  if (find_child (reader, &top->moov, TYPE ('m', 'v', 'e', 'x'), &box))
    return GAN_WHOLE_UNKNOWN;
  return samples;
}

static const char *
get_name (GanReader *reader, const Box *first)
{
  static const char *const picture_brands[] = { "avif", "avis", "heic", "heix", "mif1", "msf1" };

  if (first->type != TYPE ('f', 't', 'y', 'p') || gan_reader_has (reader, first->body, "qt  "))
    return "mov";
  for (gsize i = 0; i < G_N_ELEMENTS (picture_brands); i++)
    {
      if (gan_reader_has (reader, first->body, picture_brands[i]))
        return "heif";
    }
  return "mp4";
}

/**
 * gan_container_read_mp4:
 * @self: to be filled
 * @reader: a file
 *
 * Returns: whether it is ISO base media, QuickTime or a picture of that family
 */
gboolean
gan_container_read_mp4 (GanContainer *self, GanReader *reader)
{
  GanWhole samples = GAN_WHOLE_UNKNOWN;
  Top top = { 0 };
  Box first = { 0, 0, 0 };

  if (!read_box (reader, 0, reader->size, &first) || !is_known_type (first.type))
    return FALSE;
  self->name = get_name (reader, &first);
  read_top (reader, &top);
  if (top.moov.type != 0)
    {
      read_duration (self, reader, &top.moov);
      samples = read_tracks (self, reader, &top.moov);
    }
  self->whole = judge (&top, reader, samples);
  return TRUE;
}
