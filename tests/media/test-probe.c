/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Clips through the real helper: whole, cut, spoiled. */
#include "gan-error.h"
#include "gan-media-helper.h"
#include "gan-test-media.h"

#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static GanMediaHelper *helper;

typedef enum
{
  COMPLETE,
  TRUNCATED,
  UNKNOWN,
} Word;

/* A clip of 2 s, its tracks, and what it says of its end when it is whole and when it is cut. */
typedef struct
{
  const char *file;
  const char *container;
  guint n_video;
  guint n_audio;
  int width;
  Word whole;
  Word cut;
} Clip;

static const Clip clips[] = {
  { "color.jpg", "jpeg", 0, 0, -1, COMPLETE, UNKNOWN },
  { "color.png", "png", 0, 0, -1, COMPLETE, TRUNCATED },
  { "color.webp", "webp", 0, 0, -1, COMPLETE, TRUNCATED },
  { "clip.avi", "avi", 1, 0, 320, COMPLETE, TRUNCATED },
  { "clip.mkv", "mkv", 1, 1, 320, COMPLETE, TRUNCATED },
  { "clip.mp3", "mp3", 0, 1, -1, COMPLETE, TRUNCATED },
  { "clip.mp4", "mp4", 1, 1, 320, COMPLETE, TRUNCATED },
  { "clip.ogg", "ogg", 1, 1, 320, COMPLETE, TRUNCATED },
  { "clip.opus", "ogg", 0, 1, -1, COMPLETE, TRUNCATED },
  { "clip.ts", "ts", 1, 1, -1, UNKNOWN, TRUNCATED },
  { "clip.wav", "wav", 0, 1, -1, COMPLETE, TRUNCATED },
  { "clip.webm", "webm", 1, 1, 320, COMPLETE, TRUNCATED },
  { "faststart.mp4", "mp4", 1, 1, 320, COMPLETE, TRUNCATED },
  { "fragments.mp4", "mp4", 1, 1, 320, COMPLETE, TRUNCATED },
  { "live.webm", "webm", 1, 0, 320, UNKNOWN, TRUNCATED },
};

static GanProbe *
probe_bytes (const void *data, gsize length, GError **error)
{
  int file = memfd_create ("clip", MFD_CLOEXEC);
  GanProbe *probe = NULL;

  g_assert_cmpint (pwrite (file, data, length, 0), ==, (gssize) length);
  probe = gan_media_helper_probe (helper, file, NULL, error);
  close (file);
  return probe;
}

static Word
get_word (const GanProbe *probe)
{
  g_assert_false (probe->complete && probe->truncated);
  return probe->complete ? COMPLETE : probe->truncated ? TRUNCATED : UNKNOWN;
}

static void
test_whole (gconstpointer data)
{
  const Clip *clip = data;
  g_autoptr (GBytes) file = gan_test_media_load (clip->file);
  g_autoptr (GError) error = NULL;
  g_autoptr (GanProbe) probe
      = probe_bytes (g_bytes_get_data (file, NULL), g_bytes_get_size (file), &error);

  g_assert_no_error (error);
  g_assert_cmpstr (probe->container, ==, clip->container);
  g_assert_cmpuint (probe->n_video, ==, clip->n_video);
  g_assert_cmpuint (probe->n_audio, ==, clip->n_audio);
  g_assert_cmpint (probe->width, ==, clip->width);
  g_assert_cmpint (probe->height, ==, clip->width > 0 ? 240 : -1);
  g_test_message ("%s: %.3f s", clip->file, probe->duration);
  if (!g_str_equal (clip->file, "live.webm") && clip->n_video + clip->n_audio > 0)
    g_assert_cmpfloat (fabs (probe->duration - 2), <, 0.1);
  g_assert_cmpint (get_word (probe), ==, clip->whole);
}

/* Every clip cut in the middle says so, and none that is cut anywhere says that it is whole. */
static void
test_cut (gconstpointer data)
{
  const Clip *clip = data;
  g_autoptr (GBytes) file = gan_test_media_load (clip->file);
  gsize length = 0;
  const guint8 *bytes = g_bytes_get_data (file, &length);

  for (guint i = 1; i < 50; i++)
    {
      g_autoptr (GError) error = NULL;
      /* In the middle of a packet of 188 bytes, too. */
      gsize end = MIN (length * i / 50 / 188 * 188 + 77, length - 1);
      g_autoptr (GanProbe) probe = probe_bytes (bytes, end, &error);

      g_assert_no_error (error);
      g_assert_false (probe->complete);
      if (i == 25)
        g_assert_cmpint (get_word (probe), ==, clip->cut);
    }
}

/* One byte is missing. */
static void
test_last_byte (gconstpointer data)
{
  const Clip *clip = data;
  g_autoptr (GBytes) file = gan_test_media_load (clip->file);
  g_autoptr (GError) error = NULL;
  g_autoptr (GanProbe) probe
      = probe_bytes (g_bytes_get_data (file, NULL), g_bytes_get_size (file) - 1, &error);

  g_assert_no_error (error);
  g_assert_false (probe->complete);
}

/* H18: changed bytes end in an answer or a typed error, in time, and the next call is served. */
static void
test_h18_spoiled (gconstpointer data)
{
  const Clip *clip = data;
  g_autoptr (GBytes) file = gan_test_media_load (clip->file);
  gsize length = 0;
  const guint8 *bytes = g_bytes_get_data (file, &length);
  guint32 seed = 1;

  for (guint i = 0; i < 150; i++)
    {
      g_autofree guint8 *changed = g_memdup2 (bytes, length);
      g_autoptr (GError) error = NULL;
      g_autoptr (GanProbe) probe = NULL;

      for (guint n = 0; n < 1 + i % 8; n++)
        {
          seed = seed * 1664525 + 1013904223;
          /* Most in the head, where the structure is. */
          changed[(seed >> 8) % (i % 2 == 0 ? MIN (length, 2048) : length)] = (guint8) (seed >> 3);
        }
      probe = probe_bytes (changed, length, &error);
      g_assert_no_error (error);
    }
}

/* Files that lie about what they are. */
static void
test_h18_hostile (void)
{
  static const struct
  {
    const char *data;
    gsize length;
    Word word;
  } files[] = {
    { "<html><video src='x.mp4'></html>", 32, UNKNOWN },
    { "\0\0\0\x18"
      "ftypisom\0\0\0\0isommp42\0\0\0\x08mdat",
      32,
      TRUNCATED },
    { "\0\0\0\x14"
      "ftypavif\0\0\0\0avif\0\0\0\x08meta\0\0\0\x08mdat",
      36,
      UNKNOWN },
    { "\0\0\0\x01mdat\xff\xff\xff\xff\xff\xff\xff\xff", 16, UNKNOWN },
    { "\0\0\0\x01mdat\x7f\xff\xff\xff\xff\xff\xff\x00", 16, TRUNCATED },
    { "\x1a\x45\xdf\xa3\x01\xff\xff\xff\xff\xff\xff\xff", 12, UNKNOWN },
    { "\x1a\x45\xdf\xa3\x80\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xfe", 17, TRUNCATED },
    { "OggS\0\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\xff", 27, UNKNOWN },
    { "RIFF\xff\xff\xff\xffWAVE", 12, UNKNOWN },
    { "RIFF\x00\xf0\xff\x7fWAVE", 12, UNKNOWN },
    { "RIFF\xff\xff\xff\x0fWAVE", 12, TRUNCATED },
    { "ID3\x04\0\0\x7f\x7f\x7f\x7f", 10, UNKNOWN },
    { "G", 1, UNKNOWN },
    { "GIF89a\1\0\1\0\0\0\0\x2c\0\0\0\0\1\0\1\0\0\2\2\x44\1\0;", 29, COMPLETE },
    { "GIF89a\1\0\1\0\0\0\0\x2c\0\0\0\0\1\0\1\0\0\2\2\x44\1\0", 28, TRUNCATED },
    { "GIF89a\1\0\1\0\0\0\0\x2c\0\0\0\0\1\0\1\0\0\2\2", 25, TRUNCATED },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GanProbe) probe = probe_bytes (files[i].data, files[i].length, &error);

      g_test_message ("%" G_GSIZE_FORMAT, i);
      g_assert_no_error (error);
      g_assert_cmpint (get_word (probe), ==, files[i].word);
    }
}

/* 10,000 tracks are counted up to a thousand, and none is read twice. */
static void
test_h18_tracks (void)
{
  static const guint8 track[] = { 0, 0, 0, 16, 't', 'r', 'a', 'k', 0, 0, 0, 8, 'm', 'd', 'i', 'a' };
  const gsize n_tracks = 10000;
  const guint32 size = GUINT32_TO_BE ((guint32) (8 + n_tracks * sizeof track));
  g_autoptr (GByteArray) file = g_byte_array_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GanProbe) probe = NULL;

  g_byte_array_append (file,
                       (const guint8 *) "\0\0\0\x10"
                                        "ftypisom\0\0\0\0",
                       16);
  g_byte_array_append (file, (const guint8 *) &size, 4);
  g_byte_array_append (file, (const guint8 *) "moov", 4);
  for (gsize i = 0; i < n_tracks; i++)
    g_byte_array_append (file, track, sizeof track);
  probe = probe_bytes (file->data, file->len, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (probe->container, ==, "mp4");
  g_assert_false (probe->complete);
}

/* Shortened by somebody who left the number of frames in its head as it was. */
static void
test_shortened (void)
{
  g_autoptr (GBytes) file = gan_test_media_load ("clip.mp3");
  gsize length = 0;
  const guint8 *data = g_bytes_get_data (file, &length);
  const guint8 *frame = memmem (data, length, "Xing", 4);
  g_autoptr (GError) error = NULL;
  g_autoptr (GanProbe) probe = NULL;
  gsize end = length;

  g_assert_nonnull (frame);
  /* To the beginning of the last frame, which all begin alike. */
  do
    end -= 1;
  while (data[end] != 0xff || data[end + 1] != 0xfb);
  probe = probe_bytes (data, end, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (probe->container, ==, "mp3");
  g_assert_cmpint (get_word (probe), ==, UNKNOWN);
}

static void
test_empty (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GanProbe) probe = probe_bytes ("", 0, &error);

  g_assert_null (probe);
  g_assert_error (error, GAN_ERROR, GAN_ERROR_INVALID_DATA);
}

static void
add (const char *prefix, const Clip *clip, GTestDataFunc test)
{
  g_autofree char *path = g_strconcat (prefix, clip->file, NULL);

  g_test_add_data_func (path, clip, test);
}

int
main (int argc, char **argv)
{
  int result = 0;

  g_test_init (&argc, &argv, NULL);
  helper = gan_test_media_new_helper ();
  for (gsize i = 0; i < G_N_ELEMENTS (clips); i++)
    {
      add ("/probe/whole/", &clips[i], test_whole);
      add ("/probe/cut/", &clips[i], test_cut);
      add ("/probe/last-byte/", &clips[i], test_last_byte);
      add ("/probe/H18-spoiled/", &clips[i], test_h18_spoiled);
    }
  g_test_add_func ("/probe/H18-hostile", test_h18_hostile);
  g_test_add_func ("/probe/H18-tracks", test_h18_tracks);
  g_test_add_func ("/probe/shortened", test_shortened);
  g_test_add_func ("/probe/empty", test_empty);
  result = g_test_run ();
  gan_media_helper_free (helper);
  return result;
}
