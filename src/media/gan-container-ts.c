/* SPDX-License-Identifier: GPL-3.0-or-later */
/* MPEG transport streams: packets of 188 bytes (ISO/IEC 13818-1). */
#include "config.h"

#include "gan-container.h"

#define PACKET 188
#define SYNC 0x47
#define FIRST_PACKETS 5
/* How far from either end tables and time stamps are looked for. */
#define SEARCH_PACKETS 8192

#define TIME_SCALE 90000
#define TIME_MASK G_GUINT64_CONSTANT (0x1ffffffff)

typedef struct
{
  guint pid;
  gboolean starts; /* a section or a packet of the stream begins */
  gint64 payload;
  gint64 end;
} Packet;

static gboolean
read_packet (GanReader *reader, gint64 at, Packet *packet)
{
  guint64 head = gan_reader_get_be (reader, at, 4);

  if (gan_reader_get (reader, at, PACKET) == NULL || head >> 24 != SYNC)
    return FALSE;
  packet->pid = (guint) (head >> 8) & 0x1fff;
  packet->starts = (head & 0x400000) != 0;
  packet->end = at + PACKET;
  packet->payload = at + 4;
  if ((head & 0x20) != 0)
    packet->payload += 1 + (gint64) gan_reader_get_be (reader, at + 4, 1);
  if ((head & 0x10) == 0 || packet->payload > packet->end)
    packet->payload = packet->end;
  return TRUE;
}

/* From the first byte of a section that begins in this packet to its end in it. */
static gboolean
find_section (GanReader *reader, const Packet *packet, guint table, gint64 *at, gint64 *end)
{
  gint64 start = packet->payload + 1 + (gint64) gan_reader_get_be (reader, packet->payload, 1);

  if (!packet->starts || packet->payload >= packet->end || start + 12 > packet->end
      || gan_reader_get_be (reader, start, 1) != table)
    return FALSE;
  *at = start;
  /* The checksum at its end is no entry. */
  *end = start + 3 + (gint64) (gan_reader_get_be (reader, start + 1, 2) & 0xfff) - 4;
  *end = MIN (*end, packet->end);
  return TRUE;
}

/* The first program's map is where its tracks are. */
static guint
find_map (GanReader *reader, const Packet *packet)
{
  gint64 at = 0;
  gint64 end = 0;

  if (packet->pid != 0 || !find_section (reader, packet, 0, &at, &end))
    return 0;
  for (at += 8; at + 4 <= end; at += 4)
    {
      if (gan_reader_get_be (reader, at, 2) != 0)
        return (guint) gan_reader_get_be (reader, at + 2, 2) & 0x1fff;
    }
  return 0;
}

static void
count_stream (GanContainer *self, guint type)
{
  switch (type)
    {
    case 0x01:
    case 0x02:
    case 0x10:
    case 0x1b:
    case 0x24:
      self->n_video += 1;
      break;
    case 0x03:
    case 0x04:
    case 0x0f:
    case 0x11:
    case 0x81:
    case 0x87:
      self->n_audio += 1;
      break;
    default:
      break;
    }
}

/* Returns the stream whose time stamps count, or 0. */
static guint
read_map (GanContainer *self, GanReader *reader, const Packet *packet)
{
  gint64 at = 0;
  gint64 end = 0;
  guint stream = 0;

  if (!find_section (reader, packet, 2, &at, &end))
    return 0;
  at += 12 + (gint64) (gan_reader_get_be (reader, at + 10, 2) & 0xfff);
  while (at + 5 <= end)
    {
      count_stream (self, (guint) gan_reader_get_be (reader, at, 1));
      if (stream == 0)
        stream = (guint) gan_reader_get_be (reader, at + 1, 2) & 0x1fff;
      at += 5 + (gint64) (gan_reader_get_be (reader, at + 3, 2) & 0xfff);
    }
  return stream;
}

static gboolean
read_time (GanReader *reader, const Packet *packet, guint stream, guint64 *time)
{
  gint64 at = packet->payload;
  guint64 bits = 0;

  if (packet->pid != stream || !packet->starts || at + 14 > packet->end
      || gan_reader_get_be (reader, at, 3) != 1
      || (gan_reader_get_be (reader, at + 7, 1) & 0x80) == 0)
    return FALSE;
  bits = gan_reader_get_be (reader, at + 9, 5);
  *time = (bits >> 33 & 0x7) << 30 | (bits >> 17 & 0x7fff) << 15 | (bits >> 1 & 0x7fff);
  return TRUE;
}

/* From the first time stamp to the last. */
static void
read_duration (GanContainer *self, GanReader *reader, guint stream)
{
  gint64 n_packets = reader->size / PACKET;
  guint64 first = 0;
  guint64 last = 0;
  gboolean has_first = FALSE;
  gboolean has_last = FALSE;
  Packet packet = { 0 };

  for (gint64 i = 0; i < MIN (n_packets, SEARCH_PACKETS) && !has_first; i++)
    {
      if (read_packet (reader, i * PACKET, &packet))
        has_first = read_time (reader, &packet, stream, &first);
    }
  for (gint64 i = MAX (n_packets - SEARCH_PACKETS, 0); i < n_packets; i++)
    {
      if (read_packet (reader, i * PACKET, &packet) && read_time (reader, &packet, stream, &last))
        has_last = TRUE;
    }
  if (has_first && has_last && last != first)
    self->duration = (double) ((last - first) & TIME_MASK) / TIME_SCALE;
}

/**
 * gan_container_read_ts:
 * @self: to be filled
 * @reader: a file
 *
 * Nothing in a transport stream says where it ends; that it was cut shows in half a packet.
 *
 * Returns: whether it is a transport stream
 */
gboolean
gan_container_read_ts (GanContainer *self, GanReader *reader)
{
  Packet packet = { 0 };
  guint map = 0;
  guint stream = 0;
  gint64 rest = reader->size % PACKET;

  for (gint64 i = 0; i < FIRST_PACKETS; i++)
    {
      if (!read_packet (reader, i * PACKET, &packet))
        return FALSE;
    }
  self->name = "ts";
  for (gint64 i = 0; i < SEARCH_PACKETS && stream == 0; i++)
    {
      if (!read_packet (reader, i * PACKET, &packet))
        break;
      if (map == 0)
        map = find_map (reader, &packet);
      else if (packet.pid == map)
        stream = read_map (self, reader, &packet);
    }
  if (stream != 0)
    read_duration (self, reader, stream);
  if (rest > 0 && gan_reader_get_be (reader, reader->size - rest, 1) == SYNC)
    self->whole = GAN_WHOLE_NO;
  return TRUE;
}
