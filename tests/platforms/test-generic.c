/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The generic site over a real connection: what a recording cannot show, such as bodies that are
 * coded, cut, or larger than anybody wants. */
#include "gan-error.h"
#include "gan-platform-table.h"
#include "gan-registry.h"
#include "gan-soup-transport.h"
#include "gan-test-server.h"

#include <string.h>

#define HEAD                                                                                       \
  "<!DOCTYPE html><html><head><title>A long page</title>"                                          \
  "<meta property=\"og:video\" content=\"/clip.mp4\"></head><body>"

#define MEBIBYTE (1024 * 1024)

typedef struct
{
  GanTestServer *server;
  GanHttp *http;
  GanRegistry *registry;
  GError *error;
} Fixture;

static void
fixture_init (Fixture *self)
{
  GanSoupTransportOptions transport_options = { 0 };
  GanRegistryOptions options = { 0 };
  g_autoptr (GanTransport) transport = gan_soup_transport_new (&transport_options, &self->error);

  g_assert_no_error (self->error);
  self->server = gan_test_server_new (FALSE);
  self->http = gan_http_new (transport, gan_clock_get_system ());
  options.http = self->http;
  self->registry = gan_registry_new (gan_platform_table, gan_platform_table_size, &options);
}

static void
fixture_clear (Fixture *self)
{
  g_assert_finalize_object (g_steal_pointer (&self->registry));
  g_clear_object (&self->http);
  g_clear_error (&self->error);
  g_assert_finalize_object (g_steal_pointer (&self->server));
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, fixture_clear)

static GanMedia *
resolve (Fixture *self, const char *path)
{
  g_autofree char *text = gan_test_server_dup_url (self->server, path);
  g_autoptr (GanUrl) url = gan_url_parse (text, NULL);

  return gan_registry_resolve (self->registry, url, NULL, &self->error);
}

static GanFormat *
get_format (GanMedia *media)
{
  g_assert_nonnull (media);
  g_assert_cmpuint (gan_media_get_formats (media)->len, ==, 1);
  return g_ptr_array_index (gan_media_get_formats (media), 0);
}

/* `size` bytes after the beginning that user_data is, or as many as are taken. */
static void
serve_large (GanTestExchange *exchange, gpointer user_data)
{
  const char *begin = user_data;
  gint64 left = gan_test_exchange_get_number (exchange, "size", 0);
  g_autofree char *block = g_strnfill (MEBIBYTE, 'x');

  gan_test_exchange_printf (exchange,
                            "HTTP/1.1 200 OK\r\nContent-Type: %s\r\n"
                            "Content-Length: %" G_GINT64_FORMAT "\r\n\r\n",
                            gan_test_exchange_get_text (exchange, "type", "text/html"),
                            left + (gint64) strlen (begin));
  gan_test_exchange_write (exchange, begin, strlen (begin));
  for (; left > 0; left -= MEBIBYTE)
    {
      if (!gan_test_exchange_write (exchange, block, (gsize) MIN (left, MEBIBYTE)))
        break;
    }
}

/* The beginning of a page is enough, and no more of it than the limit is taken. */
static void
test_large_page (void)
{
  g_auto (Fixture) self = { 0 };
  g_autoptr (GanMedia) media = NULL;

  fixture_init (&self);
  gan_test_server_add (self.server, "large", serve_large, (gpointer) HEAD);
  media = resolve (&self, "/large/page?size=67108864");
  g_assert_no_error (self.error);
  g_assert_cmpstr (gan_media_get_title (media), ==, "A long page");
  g_assert_true (g_str_has_suffix (gan_format_get_url (get_format (media)), "/clip.mp4"));
  g_assert_cmpuint (gan_test_server_get_body_bytes (self.server), <, 48 * MEBIBYTE);
}

/* Of a file the first bytes are enough. */
static void
test_large_file (void)
{
  g_auto (Fixture) self = { 0 };
  g_autoptr (GanMedia) media = NULL;

  fixture_init (&self);
  gan_test_server_add (self.server, "large", serve_large, (gpointer) "");
  media = resolve (&self, "/large/film?type=video/mp4&size=268435456");
  g_assert_no_error (self.error);
  g_assert_cmpint (gan_format_get_filesize (get_format (media)), ==, 268435456);
  g_assert_cmpstr (gan_media_get_content_type (media), ==, "video");
  g_assert_cmpuint (gan_test_server_count (self.server, NULL), ==, 1);
  g_assert_cmpuint (gan_test_server_get_body_bytes (self.server), <, 32 * MEBIBYTE);
}

static GBytes *
compress (const char *text)
{
  g_autoptr (GZlibCompressor) compressor
      = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, -1);
  g_autoptr (GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr (GOutputStream) stream
      = g_converter_output_stream_new (memory, G_CONVERTER (compressor));

  g_assert_true (g_output_stream_write_all (stream, text, strlen (text), NULL, NULL, NULL));
  g_assert_true (g_output_stream_close (stream, NULL, NULL));
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (memory));
}

static void
serve_coded (GanTestExchange *exchange, gpointer user_data)
{
  g_autoptr (GBytes) body = compress (user_data);

  gan_test_exchange_printf (exchange,
                            "HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Encoding: gzip\r\n"
                            "Content-Length: %" G_GSIZE_FORMAT "\r\n\r\n",
                            gan_test_exchange_get_text (exchange, "type", "text/html"),
                            g_bytes_get_size (body));
  gan_test_exchange_write (exchange, g_bytes_get_data (body, NULL), g_bytes_get_size (body));
}

/* A coded page is read decoded. The length of a coded file is not that of the file. */
static void
test_coded (void)
{
  g_auto (Fixture) self = { 0 };
  g_autoptr (GanMedia) page = NULL;
  g_autoptr (GanMedia) file = NULL;

  fixture_init (&self);
  gan_test_server_add (self.server, "coded", serve_coded, (gpointer) HEAD);
  page = resolve (&self, "/coded/page");
  g_assert_no_error (self.error);
  g_assert_true (g_str_has_suffix (gan_format_get_url (get_format (page)), "/clip.mp4"));

  gan_test_server_add (self.server, "words", serve_coded, (gpointer) "words and words and words");
  file = resolve (&self, "/words/notes.txt?type=text/plain");
  g_assert_no_error (self.error);
  g_assert_cmpint (gan_format_get_filesize (get_format (file)), ==, GAN_UNKNOWN);
}

static void
serve_cut (GanTestExchange *exchange, gpointer user_data)
{
  gan_test_exchange_printf (exchange,
                            "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
                            "Content-Length: 100000\r\n\r\n");
  gan_test_exchange_write (exchange, user_data, strlen (user_data));
  gan_test_exchange_cut (exchange);
}

/* What says less than it announced is not believed. */
static void
test_cut_page (void)
{
  g_auto (Fixture) self = { 0 };
  g_autoptr (GanMedia) media = NULL;

  fixture_init (&self);
  gan_test_server_add (self.server, "cut", serve_cut, (gpointer) HEAD);
  media = resolve (&self, "/cut/page");
  g_assert_null (media);
  g_assert_true (gan_error_matches (self.error, GAN_ERROR_TRUNCATED)
                 || gan_error_matches (self.error, GAN_ERROR_NETWORK));
  g_assert_cmpstr (gan_error_get_platform (self.error), ==, "generic");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/generic/large-page", test_large_page);
  g_test_add_func ("/generic/large-file", test_large_file);
  g_test_add_func ("/generic/coded", test_coded);
  g_test_add_func ("/generic/cut-page", test_cut_page);
  return g_test_run ();
}
