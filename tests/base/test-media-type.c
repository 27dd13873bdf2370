/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-media-type.h"

#include <glib.h>
#include <string.h>

typedef struct
{
  const char *input;
  GanMediaType type;
} Case;

static void
check (const Case *cases, gsize n, GanMediaType (*get) (const char *))
{
  for (gsize i = 0; i < n; i++)
    if (get (cases[i].input) != cases[i].type)
      g_test_fail_printf ("%s gave %d, wanted %d",
                          cases[i].input,
                          get (cases[i].input),
                          cases[i].type);
}

static void
test_content_type (void)
{
  static const Case cases[] = {
    { "video/mp4", GAN_MEDIA_TYPE_VIDEO },
    { " Video/MP4 ; codecs=\"avc1.64001f, mp4a.40.2\"", GAN_MEDIA_TYPE_VIDEO },
    { "video/x-something-new", GAN_MEDIA_TYPE_VIDEO },
    { "audio/mpeg", GAN_MEDIA_TYPE_AUDIO },
    { "audio/webm;codecs=opus", GAN_MEDIA_TYPE_AUDIO },
    { "image/avif", GAN_MEDIA_TYPE_IMAGE },
    { "application/vnd.apple.mpegurl", GAN_MEDIA_TYPE_HLS },
    { "application/x-mpegURL", GAN_MEDIA_TYPE_HLS },
    { "audio/mpegurl", GAN_MEDIA_TYPE_HLS },
    { "application/dash+xml", GAN_MEDIA_TYPE_DASH },
    { "text/html; charset=utf-8", GAN_MEDIA_TYPE_HTML },
    { "application/xhtml+xml", GAN_MEDIA_TYPE_HTML },
    { "application/pdf", GAN_MEDIA_TYPE_OTHER },
    { "application/x-never-heard-of", GAN_MEDIA_TYPE_OTHER },
    { "text/html, text/html", GAN_MEDIA_TYPE_HTML },
    { "application/octet-stream", GAN_MEDIA_TYPE_UNKNOWN },
    { "binary/octet-stream", GAN_MEDIA_TYPE_UNKNOWN },
    { "", GAN_MEDIA_TYPE_UNKNOWN },
    { "video", GAN_MEDIA_TYPE_UNKNOWN },
    { ";/", GAN_MEDIA_TYPE_UNKNOWN },
    { NULL, GAN_MEDIA_TYPE_UNKNOWN },
  };

  check (cases, G_N_ELEMENTS (cases), gan_media_type_from_content_type);
}

static void
test_path (void)
{
  static const Case cases[] = {
    { "/a/b.mp4", GAN_MEDIA_TYPE_VIDEO },
    { "b.MP4", GAN_MEDIA_TYPE_VIDEO },
    { "/b.webm?x=c.html#y", GAN_MEDIA_TYPE_VIDEO },
    { "/b.mp3", GAN_MEDIA_TYPE_AUDIO },
    { "/b.opus", GAN_MEDIA_TYPE_AUDIO },
    { "/b.jpeg", GAN_MEDIA_TYPE_IMAGE },
    { "/b.m3u8", GAN_MEDIA_TYPE_HLS },
    { "/b.mpd", GAN_MEDIA_TYPE_DASH },
    { "/b.htm", GAN_MEDIA_TYPE_HTML },
    { "/b.tar.gz", GAN_MEDIA_TYPE_OTHER },
    { "/b.php", GAN_MEDIA_TYPE_UNKNOWN },
    { "/mp4", GAN_MEDIA_TYPE_UNKNOWN },
    { "/.mp4", GAN_MEDIA_TYPE_UNKNOWN },
    { "/b.", GAN_MEDIA_TYPE_UNKNOWN },
    { "/a.mp4/b", GAN_MEDIA_TYPE_UNKNOWN },
    { "/a.mp4/", GAN_MEDIA_TYPE_UNKNOWN },
    { "/?b.mp4", GAN_MEDIA_TYPE_UNKNOWN },
    { "", GAN_MEDIA_TYPE_UNKNOWN },
    { NULL, GAN_MEDIA_TYPE_UNKNOWN },
  };

  check (cases, G_N_ELEMENTS (cases), gan_media_type_from_path);
}

static void
test_extension (void)
{
  static const char *const cases[][2] = {
    { "video/mp4", "mp4" },
    { "VIDEO/QuickTime", "mov" },
    { "image/jpeg; q=1", "jpg" },
    { "audio/mpeg", "mp3" },
    { "application/x-mpegurl", "m3u8" },
    { "application/octet-stream", NULL },
    { "video/x-something-new", NULL },
    { "", NULL },
    { NULL, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpstr (gan_media_type_get_extension (cases[i][0]), ==, cases[i][1]);
}

#define BYTES(text, type)                                                                          \
  {                                                                                                \
    (const guint8 *) text, sizeof text - 1, type                                                   \
  }

static void
test_bytes (void)
{
  static const struct
  {
    const guint8 *data;
    gsize length;
    GanMediaType type;
  } cases[] = {
    BYTES ("\0\0\0\x18"
           "ftypisom\0\0\2\0",
           GAN_MEDIA_TYPE_VIDEO),
    BYTES ("\0\0\0\x18"
           "ftypM4A \0\0\2\0",
           GAN_MEDIA_TYPE_AUDIO),
    BYTES ("\0\0\0\x18"
           "ftypavif\0\0\0\0",
           GAN_MEDIA_TYPE_IMAGE),
    BYTES ("\0\0\0\x18"
           "ftyp",
           GAN_MEDIA_TYPE_VIDEO),
    BYTES ("\0\0\0\x18"
           "styp",
           GAN_MEDIA_TYPE_VIDEO),
    BYTES ("\0\0\0\x18"
           "fty",
           GAN_MEDIA_TYPE_UNKNOWN),
    BYTES ("\x1a\x45\xdf\xa3\x9f", GAN_MEDIA_TYPE_VIDEO),
    BYTES ("\0\0\1\xba"
           "D",
           GAN_MEDIA_TYPE_VIDEO),
    BYTES ("FLV\1\5", GAN_MEDIA_TYPE_VIDEO),
    BYTES ("RIFF\x24\0\0\0AVI LIST", GAN_MEDIA_TYPE_VIDEO),
    BYTES ("RIFF\x24\0\0\0WAVEfmt ", GAN_MEDIA_TYPE_AUDIO),
    BYTES ("RIFF\x24\0\0\0WEBPVP8 ", GAN_MEDIA_TYPE_IMAGE),
    BYTES ("RIFF\x24\0\0\0", GAN_MEDIA_TYPE_UNKNOWN),
    BYTES ("ID3\4\0\0", GAN_MEDIA_TYPE_AUDIO),
    BYTES ("\xff\xfb\x90\x64", GAN_MEDIA_TYPE_AUDIO),
    BYTES ("\xff\xf1\x50\x80", GAN_MEDIA_TYPE_AUDIO),
    BYTES ("\xff\xff\xff\xff", GAN_MEDIA_TYPE_UNKNOWN),
    BYTES ("\xff\xfe<\0h\0", GAN_MEDIA_TYPE_UNKNOWN),
    BYTES ("fLaC\0\0\0\x22", GAN_MEDIA_TYPE_AUDIO),
    BYTES ("OggS\0\2", GAN_MEDIA_TYPE_AUDIO),
    BYTES ("OggS\0\2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\x13OpusHead", GAN_MEDIA_TYPE_AUDIO),
    BYTES ("OggS\0\2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\x2a\x80theora\3",
           GAN_MEDIA_TYPE_VIDEO),
    BYTES ("\xff\xd8\xff\xe0", GAN_MEDIA_TYPE_IMAGE),
    BYTES ("\x89PNG\r\n\x1a\n", GAN_MEDIA_TYPE_IMAGE),
    BYTES ("GIF89a\1", GAN_MEDIA_TYPE_IMAGE),
    BYTES ("#EXTM3U\n#EXT-X-VERSION:3", GAN_MEDIA_TYPE_HLS),
    BYTES ("\xef\xbb\xbf#EXTM3U\n", GAN_MEDIA_TYPE_HLS),
    BYTES ("<?xml version=\"1.0\"?>\n<!-- <html> -->\n<MPD xmlns=\"\">", GAN_MEDIA_TYPE_DASH),
    BYTES ("<MPDX>", GAN_MEDIA_TYPE_UNKNOWN),
    BYTES ("\n <!DOCTYPE HTML><html>", GAN_MEDIA_TYPE_HTML),
    BYTES ("<!-- a > b --><html lang=en>", GAN_MEDIA_TYPE_HTML),
    BYTES ("<?xml version=\"1.0\"?><!DOCTYPE html PUBLIC \"\">", GAN_MEDIA_TYPE_HTML),
    BYTES ("<html", GAN_MEDIA_TYPE_HTML),
    BYTES ("<!-- open end <html>", GAN_MEDIA_TYPE_UNKNOWN),
    BYTES ("<?xml version=\"1.0\"?><rss>", GAN_MEDIA_TYPE_UNKNOWN),
    BYTES ("{\"a\":1}", GAN_MEDIA_TYPE_UNKNOWN),
    BYTES ("just text", GAN_MEDIA_TYPE_UNKNOWN),
    BYTES ("\0", GAN_MEDIA_TYPE_UNKNOWN),
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      /* A copy of that very length, so that a byte read too far is seen. */
      g_autofree guint8 *copy = g_memdup2 (cases[i].data, cases[i].length);
      GanMediaType type = gan_media_type_from_bytes (copy, cases[i].length);

      if (type != cases[i].type)
        g_test_fail_printf ("case %" G_GSIZE_FORMAT " gave %d, wanted %d", i, type, cases[i].type);
    }
  g_assert_cmpint (gan_media_type_from_bytes (NULL, 0), ==, GAN_MEDIA_TYPE_UNKNOWN);
}

static void
test_transport_stream (void)
{
  guint8 packets[189] = { 'G' };

  g_assert_cmpint (gan_media_type_from_bytes (packets, 189), ==, GAN_MEDIA_TYPE_UNKNOWN);
  packets[188] = 'G';
  g_assert_cmpint (gan_media_type_from_bytes (packets, 189), ==, GAN_MEDIA_TYPE_VIDEO);
  g_assert_cmpint (gan_media_type_from_bytes (packets, 188), ==, GAN_MEDIA_TYPE_UNKNOWN);
}

/* Any beginning of any content, cut anywhere. */
static void
test_random_bytes (void)
{
  static const char alphabet[] = "<!?->hH#EX/ \xff\xfb"
                                 "GRIFOggS\0\x1a";

  for (guint i = 0; i < 20000; i++)
    {
      gsize length = (gsize) g_test_rand_int_range (0, 64);
      g_autofree guint8 *data = g_malloc (length);

      for (gsize k = 0; k < length; k++)
        data[k] = (guint8) alphabet[g_test_rand_int_range (0, sizeof alphabet)];
      g_assert_cmpint (gan_media_type_from_bytes (data, length), <=, GAN_MEDIA_TYPE_OTHER);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/media-type/content-type", test_content_type);
  g_test_add_func ("/media-type/path", test_path);
  g_test_add_func ("/media-type/extension", test_extension);
  g_test_add_func ("/media-type/bytes", test_bytes);
  g_test_add_func ("/media-type/transport-stream", test_transport_stream);
  g_test_add_func ("/media-type/random-bytes", test_random_bytes);
  return g_test_run ();
}
