/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pictures through the real helper: right ones, broken ones, bombs. */
#include "gan-error.h"
#include "gan-limits.h"
#include "gan-media-helper.h"
#include "gan-test-media.h"

#include <string.h>

static GanMediaHelper *helper;

static GBytes *
take (GByteArray *array)
{
  return g_byte_array_free_to_bytes (array);
}

static void
append (GByteArray *array, const char *data, gsize length)
{
  g_byte_array_append (array, (const guint8 *) data, (guint) length);
}

static void
append_be32 (GByteArray *array, guint32 value)
{
  guint32 bytes = GUINT32_TO_BE (value);

  append (array, (const char *) &bytes, sizeof bytes);
}

static void
assert_error (GBytes *file, GanErrorCode code, const char *reason)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GanPicture) picture = gan_media_helper_decode_image (helper, file, 320, NULL, &error);

  g_assert_null (picture);
  g_assert_error (error, GAN_ERROR, (int) code);
  g_assert_cmpstr (gan_error_get_reason (error), ==, reason);
  /* The same helper or another one shows the next picture. */
  gan_test_media_assert_works (helper);
}

static void
assert_color (const GanPicture *picture, int x, int y, guint32 color, int tolerance)
{
  const guint8 *pixel
      = (const guint8 *) g_bytes_get_data (picture->pixels, NULL) + (y * picture->width + x) * 4;

  for (int i = 0; i < 4; i++)
    g_assert_cmpint (ABS (pixel[i] - (int) (color >> (24 - 8 * i) & 0xff)), <=, tolerance);
}

static void
assert_picture (GBytes *file, int max_size, int width, int height, guint32 color, int tolerance)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GanPicture) picture
      = gan_media_helper_decode_image (helper, file, max_size, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpint (picture->width, ==, width);
  g_assert_cmpint (picture->height, ==, height);
  g_assert_cmpuint (g_bytes_get_size (picture->pixels), ==, (gsize) width * (gsize) height * 4);
  assert_color (picture, 0, 0, color, tolerance);
  assert_color (picture, width - 1, height - 1, color, tolerance);
  assert_color (picture, width / 2, height / 2, color, tolerance);
}

static void
test_formats (void)
{
  g_autoptr (GBytes) png = gan_test_media_load ("color.png");
  g_autoptr (GBytes) jpeg = gan_test_media_load ("color.jpg");
  g_autoptr (GBytes) webp = gan_test_media_load ("color.webp");

  assert_picture (png, 320, 320, 180, 0x2060c0ff, 0);
  assert_picture (png, 100, 100, 56, 0x2060c0ff, 0);
  assert_picture (png, 1, 1, 1, 0x2060c0ff, 0);
  assert_picture (jpeg, 320, 320, 180, 0x2060c0ff, 4);
  assert_picture (jpeg, 33, 33, 19, 0x2060c0ff, 4);
  assert_picture (webp, 320, 320, 180, 0x2060c0ff, 4);
  assert_picture (webp, 7, 7, 4, 0x2060c0ff, 4);
}

/* As a camera notes that it was held upright. */
static void
test_orientation (void)
{
  static const char exif[] = "\xff\xe1\0\x22"
                             "Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0"
                             "\x06\0\0\0\0\0\0\0";
  g_autoptr (GBytes) jpeg = gan_test_media_load ("color.jpg");
  GByteArray *array = g_byte_array_new ();
  g_autoptr (GBytes) turned = NULL;
  gsize length = 0;
  const char *data = g_bytes_get_data (jpeg, &length);

  append (array, data, 2);
  append (array, exif, sizeof exif - 1);
  append (array, data + 2, length - 2);
  turned = take (array);
  assert_picture (turned, 320, 180, 320, 0x2060c0ff, 4);
}

/* A picture that moves: its first frame is decoded. */
static void
test_moving_webp (void)
{
  static const char head[] = "WEBPVP8X\x0a\0\0\0\x02\0\0\0\x7f\x02\0\x67\x01\0"
                             "ANIM\6\0\0\0\0\0\0\0\0\0"
                             "ANMF";
  static const char frame[] = "\0\0\0\0\0\0\x7f\x02\0\x67\x01\0\x64\0\0\0";
  g_autoptr (GBytes) still = gan_test_media_load ("color.webp");
  GByteArray *array = g_byte_array_new ();
  g_autoptr (GBytes) moving = NULL;
  gsize length = 0;
  const char *data = g_bytes_get_data (still, &length);
  guint32 size = GUINT32_TO_LE ((guint32) (sizeof frame - 1 + length - 12));
  guint32 all = GUINT32_TO_LE ((guint32) (sizeof head - 1 + 4 + sizeof frame - 1 + length - 12));

  append (array, "RIFF", 4);
  append (array, (const char *) &all, 4);
  append (array, head, sizeof head - 1);
  append (array, (const char *) &size, 4);
  append (array, frame, sizeof frame - 1);
  append (array, data + 12, length - 12);
  moving = take (array);
  assert_picture (moving, 320, 320, 180, 0x2060c0ff, 4);
}

/* One pixel, of the first color of its table. */
static void
append_gif_frame (GByteArray *array, char color)
{
  const char frame[]
      = { 0x21, (char) 0xf9, 4, 0, 1, 0, 0, 0, 0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, color, 1, 0 };

  append (array, frame, sizeof frame);
}

static GByteArray *
begin_gif (void)
{
  GByteArray *array = g_byte_array_new ();

  append (array, "GIF89a\x01\x00\x01\x00\x80\x00\x00\x20\x60\xc0\xff\xff\xff", 19);
  return array;
}

static void
test_gif (void)
{
  GByteArray *array = begin_gif ();
  g_autoptr (GBytes) file = NULL;

  append_gif_frame (array, 0x44);
  append (array, ";", 1);
  file = take (array);
  assert_picture (file, 320, 1, 1, 0x2060c0ff, 0);
}

/* The first frame is all that is decoded. */
static void
test_h19_frames (void)
{
  GByteArray *array = begin_gif ();
  g_autoptr (GBytes) file = NULL;
  gint64 start = 0;

  append_gif_frame (array, 0x44);
  for (guint i = 0; i < 100000; i++)
    append_gif_frame (array, 0x4c);
  append (array, ";", 1);
  file = take (array);
  gan_test_media_assert_works (helper);
  start = g_get_monotonic_time ();
  assert_picture (file, 320, 1, 1, 0x2060c0ff, 0);
  g_test_message ("%.1f ms", (double) (g_get_monotonic_time () - start) / 1000);
}

static GBytes *
make_png_head (guint32 width, guint32 height)
{
  GByteArray *array = g_byte_array_new ();

  append (array, "\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16);
  append_be32 (array, width);
  append_be32 (array, height);
  append (array, "\x08\x06\0\0\0", 5);
  append_be32 (array, 0);
  return take (array);
}

static void
test_h19_sizes (void)
{
  static const char jpeg_head[] = "\xff\xd8\xff\xc0\0\x11\x08\xff\xdc\xff\xdc\x03\x01\x22\0\x02"
                                  "\x11\x01\x03\x11\x01";
  static const char gif_head[]
      = "GIF89a\xff\xff\xff\xff\0\0\0\x2c\0\0\0\0\xff\xff\xff\xff\0\x02\0;";
  static const char webp_head[] = "RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\xff\x3f\0\xff\x3f\0";
  g_autoptr (GBytes) png = make_png_head (50000, 50000);
  g_autoptr (GBytes) square = make_png_head (16384, 16384);
  g_autoptr (GBytes) nothing = make_png_head (0, 10);
  g_autoptr (GBytes) jpeg = g_bytes_new_static (jpeg_head, sizeof jpeg_head - 1);
  g_autoptr (GBytes) gif = g_bytes_new_static (gif_head, sizeof gif_head - 1);
  g_autoptr (GBytes) webp = g_bytes_new_static (webp_head, sizeof webp_head - 1);

  assert_error (png, GAN_ERROR_TOO_LARGE, "helper");
  assert_error (square, GAN_ERROR_TOO_LARGE, "helper");
  assert_error (jpeg, GAN_ERROR_TOO_LARGE, "helper");
  assert_error (gif, GAN_ERROR_TOO_LARGE, "helper");
  assert_error (webp, GAN_ERROR_TOO_LARGE, "helper");
  assert_error (nothing, GAN_ERROR_INVALID_DATA, "helper");
}

/* As many pixels as are allowed, in a file that says no more than so. */
static void
test_h19_largest (void)
{
  g_autoptr (GBytes) file = gan_test_media_load ("large.png");
  g_autoptr (GError) error = NULL;
  g_autoptr (GanPicture) picture = gan_media_helper_decode_image (helper, file, 320, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpint (picture->width, ==, 320);
  g_assert_cmpint (picture->height, ==, 195);
}

static void
test_h19_svg (void)
{
  static const char svg[]
      = "<?xml version=\"1.0\"?><!DOCTYPE svg [<!ENTITY a \"b\"><!ENTITY c \"&a;&a;&a;&a;\">]>"
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"8\" height=\"8\"><text>&c;</text></svg>";
  g_autoptr (GBytes) file = g_bytes_new_static (svg, sizeof svg - 1);

  assert_error (file, GAN_ERROR_INVALID_DATA, "helper");
}

static void
test_h19_files (void)
{
  g_autoptr (GBytes) empty = g_bytes_new_static ("", 0);
  g_autoptr (GBytes) large
      = g_bytes_new_take (g_malloc0 (GAN_LIMIT_PICTURE_BYTES + 1), GAN_LIMIT_PICTURE_BYTES + 1);
  g_autoptr (GBytes) page = g_bytes_new_static ("<html></html>", 13);

  assert_error (empty, GAN_ERROR_INVALID_DATA, "picture");
  assert_error (large, GAN_ERROR_TOO_LARGE, "picture");
  assert_error (page, GAN_ERROR_INVALID_DATA, "helper");
}

/* Every cut of a picture, and every byte of its first kilobyte changed: pixels or a typed error,
 * and nothing that would last. */
static void
try_spoiled (const guint8 *data, gsize length)
{
  g_autoptr (GBytes) file = g_bytes_new (data, length);
  g_autoptr (GError) error = NULL;
  g_autoptr (GanPicture) picture = gan_media_helper_decode_image (helper, file, 320, NULL, &error);

  if (picture == NULL)
    g_assert_true (gan_error_matches (error, GAN_ERROR_INVALID_DATA)
                   || gan_error_matches (error, GAN_ERROR_TOO_LARGE));
}

static void
test_spoiled (gconstpointer data)
{
  g_autoptr (GBytes) file = gan_test_media_load (data);
  gsize length = 0;
  const guint8 *bytes = g_bytes_get_data (file, &length);

  for (guint i = 1; i < 40; i++)
    try_spoiled (bytes, length * i / 40);
  for (gsize i = 0; i < MIN (length, 1024); i += 7)
    {
      g_autofree guint8 *changed = g_memdup2 (bytes, length);

      changed[i] ^= (guint8) (1 + i % 255);
      try_spoiled (changed, length);
    }
  gan_test_media_assert_works (helper);
}

int
main (int argc, char **argv)
{
  int result = 0;

  g_test_init (&argc, &argv, NULL);
  helper = gan_test_media_new_helper ();
  g_test_add_func ("/picture/formats", test_formats);
  g_test_add_func ("/picture/orientation", test_orientation);
  g_test_add_func ("/picture/gif", test_gif);
  g_test_add_func ("/picture/moving-webp", test_moving_webp);
  g_test_add_func ("/picture/H19-frames", test_h19_frames);
  g_test_add_func ("/picture/H19-sizes", test_h19_sizes);
  g_test_add_func ("/picture/H19-largest", test_h19_largest);
  g_test_add_func ("/picture/H19-svg", test_h19_svg);
  g_test_add_func ("/picture/H19-files", test_h19_files);
  g_test_add_data_func ("/picture/spoiled/png", "color.png", test_spoiled);
  g_test_add_data_func ("/picture/spoiled/jpeg", "color.jpg", test_spoiled);
  g_test_add_data_func ("/picture/spoiled/webp", "color.webp", test_spoiled);
  result = g_test_run ();
  gan_media_helper_free (helper);
  return result;
}
