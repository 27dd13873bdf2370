/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The decoder of metadata bodies: cut, broken, joined and inflated gzip. */
#include "config.h"

#include "gan-error.h"
#include "gan-gunzip.h"

#include <string.h>

#define TEXT "a body of text that is text enough to be compressed, text, text, text\n"

/* Gives what a byte array holds, a few bytes at a time. */
typedef struct
{
  GByteArray *bytes;
  gsize next;
  gsize step;
  gboolean ended;
} Source;

static gssize
read_source (gpointer data, void *buffer, gsize size, GCancellable *cancellable, GError **error)
{
  Source *source = data;
  gsize n_bytes = MIN (MIN (size, source->step), source->bytes->len - source->next);

  if (n_bytes > 0)
    memcpy (buffer, source->bytes->data + source->next, n_bytes);
  source->next += n_bytes;
  source->ended = source->ended || n_bytes == 0;
  return (gssize) n_bytes;
}

static GByteArray *
compress (const void *data, gsize size)
{
  g_autoptr (GConverter) converter
      = G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 9));
  g_autoptr (GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr (GOutputStream) stream = g_converter_output_stream_new (memory, converter);
  g_autoptr (GBytes) bytes = NULL;

  g_assert_true (g_output_stream_write_all (stream, data, size, NULL, NULL, NULL));
  g_assert_true (g_output_stream_close (stream, NULL, NULL));
  bytes = g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (memory));
  return g_bytes_unref_to_array (g_steal_pointer (&bytes));
}

static GString *
decode (GByteArray *coded, gsize step, gsize max_coded, GError **error)
{
  Source source = { coded, 0, step, FALSE };
  g_autoptr (GanGunzip) gunzip = gan_gunzip_new (read_source, &source, max_coded);
  g_autoptr (GString) text = g_string_new (NULL);
  char buffer[7];
  gssize n_read = 0;

  while ((n_read = gan_gunzip_read (gunzip, buffer, sizeof buffer, NULL, error)) > 0)
    g_string_append_len (text, buffer, n_read);
  if (n_read < 0)
    return NULL;
  g_assert_true (source.ended);
  g_assert_cmpint (gan_gunzip_read (gunzip, buffer, sizeof buffer, NULL, error), ==, 0);
  return g_steal_pointer (&text);
}

static void
assert_decodes (GByteArray *coded, const char *expected)
{
  for (gsize step = 1; step <= 4096; step *= 4)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GString) text = decode (coded, step, 0, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (text->str, ==, expected);
    }
}

static void
test_whole (void)
{
  g_autoptr (GByteArray) coded = compress (TEXT, strlen (TEXT));
  g_autoptr (GByteArray) more = compress (TEXT, strlen (TEXT));
  g_autoptr (GByteArray) nothing = compress ("", 0);
  g_autoptr (GByteArray) empty = g_byte_array_new ();

  assert_decodes (coded, TEXT);
  assert_decodes (nothing, "");
  assert_decodes (empty, "");
  g_byte_array_append (coded, more->data, more->len);
  assert_decodes (coded, TEXT TEXT);
  g_byte_array_append (coded, (const guint8 *) "\0\0\0pad", 6);
  assert_decodes (coded, TEXT TEXT);
}

static void
test_cut_anywhere (void)
{
  g_autoptr (GByteArray) whole = compress (TEXT, strlen (TEXT));

  for (guint length = 1; length < whole->len; length++)
    {
      g_autoptr (GByteArray) coded = g_byte_array_new ();
      g_autoptr (GString) text = NULL;
      g_autoptr (GError) error = NULL;

      g_byte_array_append (coded, whole->data, length);
      text = decode (coded, 5, 0, &error);
      g_assert_null (text);
      g_assert_error (error, GAN_ERROR, GAN_ERROR_TRUNCATED);
    }
}

static void
test_broken (void)
{
  g_autoptr (GByteArray) coded = compress (TEXT, strlen (TEXT));
  g_autoptr (GByteArray) plain = g_byte_array_new ();
  g_autoptr (GString) text = NULL;
  g_autoptr (GError) error = NULL;

  coded->data[coded->len - 6] ^= 0xff; /* the checksum */
  text = decode (coded, 64, 0, &error);
  g_assert_null (text);
  g_assert_error (error, GAN_ERROR, GAN_ERROR_INVALID_DATA);
  g_clear_error (&error);

  g_byte_array_append (plain, (const guint8 *) TEXT, strlen (TEXT));
  text = decode (plain, 64, 0, &error);
  g_assert_null (text);
  g_assert_error (error, GAN_ERROR, GAN_ERROR_INVALID_DATA);
}

/* What decodes to nothing must not go on for ever either. */
static void
test_coded_cap (void)
{
  g_autoptr (GByteArray) coded = g_byte_array_new ();
  g_autoptr (GByteArray) nothing = compress ("", 0);
  g_autoptr (GString) text = NULL;
  g_autoptr (GError) error = NULL;

  for (int i = 0; i < 10000; i++)
    g_byte_array_append (coded, nothing->data, nothing->len);
  text = decode (coded, 4096, 100000, &error);
  g_assert_null (text);
  g_assert_error (error, GAN_ERROR, GAN_ERROR_TOO_LARGE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/gunzip/whole", test_whole);
  g_test_add_func ("/gunzip/cut-anywhere", test_cut_anywhere);
  g_test_add_func ("/gunzip/broken", test_broken);
  g_test_add_func ("/gunzip/coded-cap", test_coded_cap);
  return g_test_run ();
}
