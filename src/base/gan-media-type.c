/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Content types as registered at IANA and as servers really write them; first bytes as in the
 * WHATWG MIME Sniffing standard and the specifications of the containers. */
#include "config.h"

#include "gan-media-type.h"

#include <string.h>

/* How much of a text is looked at for its first element. */
#define MAX_SNIFFED 1024

#define TS_PACKET 188

#define BLANKS " \t\r\n\f"

typedef struct
{
  const char *content_type;
  const char *extension;
  GanMediaType type;
} Row;

/* The first row of a content type gives its extension, the first of an extension its type. */
static const Row rows[] = {
  { "video/mp4", "mp4", GAN_MEDIA_TYPE_VIDEO },
  { "video/mp4", "m4v", GAN_MEDIA_TYPE_VIDEO },
  { "video/x-m4v", "m4v", GAN_MEDIA_TYPE_VIDEO },
  { "application/mp4", "mp4", GAN_MEDIA_TYPE_VIDEO },
  { "video/webm", "webm", GAN_MEDIA_TYPE_VIDEO },
  { "video/x-matroska", "mkv", GAN_MEDIA_TYPE_VIDEO },
  { "video/matroska", "mkv", GAN_MEDIA_TYPE_VIDEO },
  { "video/quicktime", "mov", GAN_MEDIA_TYPE_VIDEO },
  { "video/mp2t", "ts", GAN_MEDIA_TYPE_VIDEO },
  { "video/mp2t", "m2ts", GAN_MEDIA_TYPE_VIDEO },
  { "video/mpeg", "mpg", GAN_MEDIA_TYPE_VIDEO },
  { "video/mpeg", "mpeg", GAN_MEDIA_TYPE_VIDEO },
  { "video/ogg", "ogv", GAN_MEDIA_TYPE_VIDEO },
  { "video/x-msvideo", "avi", GAN_MEDIA_TYPE_VIDEO },
  { "video/avi", "avi", GAN_MEDIA_TYPE_VIDEO },
  { "video/x-flv", "flv", GAN_MEDIA_TYPE_VIDEO },
  { "video/x-ms-wmv", "wmv", GAN_MEDIA_TYPE_VIDEO },
  { "video/3gpp", "3gp", GAN_MEDIA_TYPE_VIDEO },
  { "video/iso.segment", "m4s", GAN_MEDIA_TYPE_VIDEO },
  { "audio/mpeg", "mp3", GAN_MEDIA_TYPE_AUDIO },
  { "audio/mp3", "mp3", GAN_MEDIA_TYPE_AUDIO },
  { "audio/mp4", "m4a", GAN_MEDIA_TYPE_AUDIO },
  { "audio/x-m4a", "m4a", GAN_MEDIA_TYPE_AUDIO },
  { "audio/aac", "aac", GAN_MEDIA_TYPE_AUDIO },
  { "audio/aacp", "aac", GAN_MEDIA_TYPE_AUDIO },
  { "audio/ogg", "ogg", GAN_MEDIA_TYPE_AUDIO },
  { "audio/ogg", "oga", GAN_MEDIA_TYPE_AUDIO },
  { "audio/opus", "opus", GAN_MEDIA_TYPE_AUDIO },
  { "application/ogg", "ogg", GAN_MEDIA_TYPE_AUDIO },
  { "audio/flac", "flac", GAN_MEDIA_TYPE_AUDIO },
  { "audio/x-flac", "flac", GAN_MEDIA_TYPE_AUDIO },
  { "audio/wav", "wav", GAN_MEDIA_TYPE_AUDIO },
  { "audio/x-wav", "wav", GAN_MEDIA_TYPE_AUDIO },
  { "audio/vnd.wave", "wav", GAN_MEDIA_TYPE_AUDIO },
  { "audio/webm", "webm", GAN_MEDIA_TYPE_AUDIO },
  { "audio/x-matroska", "mka", GAN_MEDIA_TYPE_AUDIO },
  { "audio/x-ms-wma", "wma", GAN_MEDIA_TYPE_AUDIO },
  { "image/jpeg", "jpg", GAN_MEDIA_TYPE_IMAGE },
  { "image/jpeg", "jpeg", GAN_MEDIA_TYPE_IMAGE },
  { "image/jpg", "jpg", GAN_MEDIA_TYPE_IMAGE },
  { "image/png", "png", GAN_MEDIA_TYPE_IMAGE },
  { "image/gif", "gif", GAN_MEDIA_TYPE_IMAGE },
  { "image/webp", "webp", GAN_MEDIA_TYPE_IMAGE },
  { "image/avif", "avif", GAN_MEDIA_TYPE_IMAGE },
  { "image/heic", "heic", GAN_MEDIA_TYPE_IMAGE },
  { "image/bmp", "bmp", GAN_MEDIA_TYPE_IMAGE },
  { "image/svg+xml", "svg", GAN_MEDIA_TYPE_IMAGE },
  { "image/tiff", "tiff", GAN_MEDIA_TYPE_IMAGE },
  { "application/vnd.apple.mpegurl", "m3u8", GAN_MEDIA_TYPE_HLS },
  { "application/x-mpegurl", "m3u8", GAN_MEDIA_TYPE_HLS },
  { "application/mpegurl", "m3u8", GAN_MEDIA_TYPE_HLS },
  { "audio/mpegurl", "m3u8", GAN_MEDIA_TYPE_HLS },
  { "audio/x-mpegurl", "m3u8", GAN_MEDIA_TYPE_HLS },
  { "application/dash+xml", "mpd", GAN_MEDIA_TYPE_DASH },
  { "video/vnd.mpeg.dash.mpd", "mpd", GAN_MEDIA_TYPE_DASH },
  { "text/html", "html", GAN_MEDIA_TYPE_HTML },
  { "text/html", "htm", GAN_MEDIA_TYPE_HTML },
  { "application/xhtml+xml", "xhtml", GAN_MEDIA_TYPE_HTML },
  { "text/plain", "txt", GAN_MEDIA_TYPE_OTHER },
  { "text/vtt", "vtt", GAN_MEDIA_TYPE_OTHER },
  { "application/x-subrip", "srt", GAN_MEDIA_TYPE_OTHER },
  { "text/csv", "csv", GAN_MEDIA_TYPE_OTHER },
  { "application/json", "json", GAN_MEDIA_TYPE_OTHER },
  { "application/xml", "xml", GAN_MEDIA_TYPE_OTHER },
  { "text/xml", "xml", GAN_MEDIA_TYPE_OTHER },
  { "application/pdf", "pdf", GAN_MEDIA_TYPE_OTHER },
  { "application/epub+zip", "epub", GAN_MEDIA_TYPE_OTHER },
  { "application/zip", "zip", GAN_MEDIA_TYPE_OTHER },
  { "application/gzip", "gz", GAN_MEDIA_TYPE_OTHER },
  { "application/x-gzip", "gz", GAN_MEDIA_TYPE_OTHER },
  { "application/x-bzip2", "bz2", GAN_MEDIA_TYPE_OTHER },
  { "application/x-xz", "xz", GAN_MEDIA_TYPE_OTHER },
  { "application/zstd", "zst", GAN_MEDIA_TYPE_OTHER },
  { "application/x-tar", "tar", GAN_MEDIA_TYPE_OTHER },
  { "application/x-7z-compressed", "7z", GAN_MEDIA_TYPE_OTHER },
  { "application/vnd.rar", "rar", GAN_MEDIA_TYPE_OTHER },
  { "application/x-iso9660-image", "iso", GAN_MEDIA_TYPE_OTHER },
};

/* What servers say of a file when they do not know it. */
static const char *const unknown_types[] = {
  "application/octet-stream", "binary/octet-stream",        "application/x-octet-stream",
  "application/binary",       "application/force-download", "application/x-download",
  "application/download",     "application/unknown",        "unknown/unknown",
};

/* The type without parameters, in lower case; NULL for what is none. */
static char *
dup_essence (const char *content_type)
{
  gsize length;

  if (content_type == NULL)
    return NULL;
  content_type += strspn (content_type, BLANKS);
  length = strcspn (content_type, ";," BLANKS);
  if (memchr (content_type, '/', length) == NULL)
    return NULL;
  return g_ascii_strdown (content_type, (gssize) length);
}

static const Row *
find_row (const char *essence)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    if (strcmp (rows[i].content_type, essence) == 0)
      return &rows[i];
  return NULL;
}

/**
 * gan_media_type_from_content_type:
 * @content_type: (nullable): a Content-Type header, in any case, with or without parameters
 *
 * Returns: what it promises; %GAN_MEDIA_TYPE_UNKNOWN where it promises nothing, as
 *   application/octet-stream
 */
GanMediaType
gan_media_type_from_content_type (const char *content_type)
{
  g_autofree char *essence = dup_essence (content_type);
  const Row *row;

  if (essence == NULL)
    return GAN_MEDIA_TYPE_UNKNOWN;
  row = find_row (essence);
  if (row != NULL)
    return row->type;
  for (gsize i = 0; i < G_N_ELEMENTS (unknown_types); i++)
    if (strcmp (unknown_types[i], essence) == 0)
      return GAN_MEDIA_TYPE_UNKNOWN;
  if (g_str_has_prefix (essence, "video/"))
    return GAN_MEDIA_TYPE_VIDEO;
  if (g_str_has_prefix (essence, "audio/"))
    return GAN_MEDIA_TYPE_AUDIO;
  if (g_str_has_prefix (essence, "image/"))
    return GAN_MEDIA_TYPE_IMAGE;
  return GAN_MEDIA_TYPE_OTHER;
}

/**
 * gan_media_type_from_path:
 * @path: (nullable): a file name, or the path of a URL; what follows a '?' or '#' does not count
 *
 * Returns: what the extension promises; %GAN_MEDIA_TYPE_UNKNOWN where it is not in the table
 */
GanMediaType
gan_media_type_from_path (const char *path)
{
  gsize length;
  gsize begin;

  if (path == NULL)
    return GAN_MEDIA_TYPE_UNKNOWN;
  length = strcspn (path, "?#");
  begin = length;
  while (begin > 0 && g_ascii_isalnum (path[begin - 1]))
    begin--;
  if (begin < 2 || path[begin - 1] != '.' || path[begin - 2] == '/')
    return GAN_MEDIA_TYPE_UNKNOWN;
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    if (strlen (rows[i].extension) == length - begin
        && g_ascii_strncasecmp (rows[i].extension, path + begin, length - begin) == 0)
      return rows[i].type;
  return GAN_MEDIA_TYPE_UNKNOWN;
}

/**
 * gan_media_type_get_extension:
 * @content_type: (nullable): a Content-Type header, in any case, with or without parameters
 *
 * Returns: (transfer none) (nullable): the usual extension without a dot, or %NULL
 */
const char *
gan_media_type_get_extension (const char *content_type)
{
  g_autofree char *essence = dup_essence (content_type);
  const Row *row = essence != NULL ? find_row (essence) : NULL;

  return row != NULL ? row->extension : NULL;
}

static gboolean
has_at (const guint8 *data, gsize length, gsize offset, const char *magic, gsize n)
{
  return length >= offset + n && memcmp (data + offset, magic, n) == 0;
}

#define HAS_AT(data, length, offset, magic) has_at (data, length, offset, magic, sizeof magic - 1)

/* ISO/IEC 14496-12: a box has its length before its type; a file or segment begins with one of
 * these, and "ftyp" names the brand. */
static GanMediaType
from_boxes (const guint8 *data, gsize length)
{
  static const char *const first_boxes[] = { "ftyp", "styp", "moov", "moof", "sidx", "mdat" };
  static const char *const audio_brands[] = { "M4A ", "M4B ", "F4A " };
  static const char *const image_brands[] = { "avif", "avis", "heic", "heix", "mif1", "msf1" };
  gboolean is_box = FALSE;

  for (gsize i = 0; i < G_N_ELEMENTS (first_boxes) && !is_box; i++)
    is_box = has_at (data, length, 4, first_boxes[i], 4);
  if (!is_box)
    return GAN_MEDIA_TYPE_UNKNOWN;
  for (gsize i = 0; i < G_N_ELEMENTS (audio_brands); i++)
    if (has_at (data, length, 8, audio_brands[i], 4))
      return GAN_MEDIA_TYPE_AUDIO;
  for (gsize i = 0; i < G_N_ELEMENTS (image_brands); i++)
    if (has_at (data, length, 8, image_brands[i], 4))
      return GAN_MEDIA_TYPE_IMAGE;
  return GAN_MEDIA_TYPE_VIDEO;
}

/* ISO/IEC 11172-3 and 13818-7: eleven or twelve bits of ones, then a layer that exists. */
static gboolean
is_mpeg_audio (const guint8 *data, gsize length)
{
  if (length < 3 || data[0] != 0xff || (data[1] & 0xe0) != 0xe0)
    return FALSE;
  if ((data[1] & 0xf6) == 0xf0)
    return TRUE; /* ADTS */
  return (data[1] & 0x18) != 0x08 && (data[1] & 0x06) != 0 && (data[2] & 0xf0) != 0xf0
         && (data[2] & 0x0c) != 0x0c;
}

static GanMediaType
from_magic (const guint8 *data, gsize length)
{
  if (HAS_AT (data, length, 0, "\x1a\x45\xdf\xa3") || HAS_AT (data, length, 0, "FLV\x01")
      || HAS_AT (data, length, 0, "\0\0\1\xba") || HAS_AT (data, length, 0, "\0\0\1\xb3")
      || HAS_AT (data, length, 0, "\x30\x26\xb2\x75\x8e\x66\xcf\x11")
      || (HAS_AT (data, length, 0, "RIFF") && HAS_AT (data, length, 8, "AVI ")))
    return GAN_MEDIA_TYPE_VIDEO;
  if (length > TS_PACKET && data[0] == 'G' && data[TS_PACKET] == 'G')
    return GAN_MEDIA_TYPE_VIDEO;
  if (HAS_AT (data, length, 0, "OggS") && length >= 36)
    return HAS_AT (data, length, 28, "\x80theora") ? GAN_MEDIA_TYPE_VIDEO : GAN_MEDIA_TYPE_AUDIO;
  if (HAS_AT (data, length, 0, "ID3") || HAS_AT (data, length, 0, "fLaC")
      || HAS_AT (data, length, 0, "OggS")
      || (HAS_AT (data, length, 0, "RIFF") && HAS_AT (data, length, 8, "WAVE")))
    return GAN_MEDIA_TYPE_AUDIO;
  if (HAS_AT (data, length, 0, "\xff\xd8\xff") || HAS_AT (data, length, 0, "\x89PNG\r\n\x1a\n")
      || HAS_AT (data, length, 0, "GIF87a") || HAS_AT (data, length, 0, "GIF89a")
      || (HAS_AT (data, length, 0, "RIFF") && HAS_AT (data, length, 8, "WEBP")))
    return GAN_MEDIA_TYPE_IMAGE;
  return is_mpeg_audio (data, length) ? GAN_MEDIA_TYPE_AUDIO : GAN_MEDIA_TYPE_UNKNOWN;
}

/* Whether the element @name begins at @text: its name must end there. */
static gboolean
is_element (const char *text, const char *name)
{
  gsize n = strlen (name);

  return g_ascii_strncasecmp (text, name, n) == 0 && strchr (" \t\r\n\f/>", text[n]) != NULL;
}

/* Behind blanks, comments, the XML declaration and processing instructions. */
static const char *
skip_prolog (const char *text)
{
  while (TRUE)
    {
      const char *end = NULL;

      text += strspn (text, BLANKS);
      if (g_str_has_prefix (text, "<!--"))
        end = strstr (text + 4, "-->");
      else if (g_str_has_prefix (text, "<?"))
        end = strstr (text + 2, "?>");
      if (end == NULL)
        return text;
      text = strchr (end, '>') + 1;
    }
}

static GanMediaType
from_text (const guint8 *data, gsize length)
{
  static const char *const html[]
      = { "<!doctype html", "<html", "<head", "<body", "<title", "<script", "<meta", "<div" };
  g_autofree char *copy = NULL;
  const char *text;

  if (HAS_AT (data, length, 0, "\xef\xbb\xbf"))
    {
      data += 3;
      length -= 3;
    }
  copy = g_strndup ((const char *) data, MIN (length, MAX_SNIFFED));
  if (g_str_has_prefix (copy, "#EXTM3U"))
    return GAN_MEDIA_TYPE_HLS;
  text = skip_prolog (copy);
  if (is_element (text, "<MPD"))
    return GAN_MEDIA_TYPE_DASH;
  for (gsize i = 0; i < G_N_ELEMENTS (html); i++)
    if (is_element (text, html[i]))
      return GAN_MEDIA_TYPE_HTML;
  return GAN_MEDIA_TYPE_UNKNOWN;
}

/**
 * gan_media_type_from_bytes:
 * @data: (nullable): the first bytes of a body
 * @length: how many; some hundred are enough
 *
 * Matroska and WebM count as video, whatever tracks they have.
 *
 * Returns: what the bytes are the beginning of, or %GAN_MEDIA_TYPE_UNKNOWN
 */
GanMediaType
gan_media_type_from_bytes (const guint8 *data, gsize length)
{
  GanMediaType type;

  if (data == NULL || length == 0)
    return GAN_MEDIA_TYPE_UNKNOWN;
  type = from_boxes (data, length);
  if (type == GAN_MEDIA_TYPE_UNKNOWN)
    type = from_magic (data, length);
  if (type == GAN_MEDIA_TYPE_UNKNOWN)
    type = from_text (data, length);
  return type;
}
