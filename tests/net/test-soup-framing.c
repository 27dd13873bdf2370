/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Heads that lie and bodies that end where they should not (reliability cases S01 to S09, S31 to
 * S35), over a plain connection and over TLS. */
#include "config.h"

#include "gan-test-net.h"

#include <string.h>

#define MEBIBYTE ((gsize) 1024 * 1024)

typedef struct
{
  GanTestServer *server;
  GanTransport *transport;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer tls)
{
  fixture->server = gan_test_server_new (tls != NULL);
  fixture->transport = gan_test_net_transport (fixture->server);
}

static void
tear_down (Fixture *fixture, gconstpointer tls)
{
  g_assert_cmpuint (gan_soup_transport_get_n_leased (GAN_SOUP_TRANSPORT (fixture->transport)),
                    ==,
                    0);
  g_assert_finalize_object (fixture->transport);
  g_assert_finalize_object (fixture->server);
}

/* Reads to the end, or until @limit bytes have come; returns how many came. */
static gsize
drain (GanResponse *response, gsize limit, GError **error)
{
  g_autofree guint8 *buffer = g_malloc (65536);
  gsize n_bytes = 0;
  gssize n_read = 0;

  while (n_bytes < limit && (n_read = gan_response_read (response, buffer, 65536, NULL, error)) > 0)
    n_bytes += (gsize) n_read;
  return n_bytes;
}

static guint
n_idle (Fixture *fixture)
{
  return gan_soup_transport_get_n_idle (GAN_SOUP_TRANSPORT (fixture->transport));
}

static void
test_whole (Fixture *fixture, gconstpointer tls)
{
  g_autoptr (GBytes) expected = gan_test_body (MEBIBYTE, 3);

  for (int i = 0; i < 3; i++)
    {
      g_autoptr (GBytes) bytes = gan_test_net_get (fixture->transport,
                                                   fixture->server,
                                                   "/file/a.bin?size=1048576&seed=3");

      g_assert_true (g_bytes_equal (bytes, expected));
    }
  g_assert_cmpuint (n_idle (fixture), ==, 1);
  g_assert_cmpuint (gan_test_server_get_n_connections (fixture->server), ==, 1);
}

/* Every size of buffer gives the same bytes, the single byte included. */
static void
test_small_reads (Fixture *fixture, gconstpointer tls)
{
  static const gsize sizes[] = { 1, 2, 7, 255, 256, 257, 5000 };
  g_autoptr (GBytes) expected = gan_test_body (3000, 1);

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr (GanResponse) response
          = gan_test_net_open (fixture->transport,
                               fixture->server,
                               "/chunked/a.bin?size=3000&seed=1&chunk=700");
      g_autoptr (GByteArray) bytes = g_byte_array_new ();
      g_autoptr (GBytes) got = NULL;
      guint8 buffer[5000];
      gssize n_read = 0;

      while ((n_read = gan_response_read (response, buffer, sizes[i], NULL, NULL)) > 0)
        g_byte_array_append (bytes, buffer, (guint) n_read);
      g_assert_cmpint (n_read, ==, 0);
      got = g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
      g_assert_true (g_bytes_equal (got, expected));
    }
}

#define PIECE 1000
#define N_PIECES 50

typedef struct
{
  const char *head;
  gboolean chunked;
  gint is_sent;
} Burst;

/* Many small writes, each a record of its own over TLS, then the cut. */
static void
answer_burst (GanTestExchange *exchange, gpointer user_data)
{
  Burst *burst = user_data;
  g_autoptr (GBytes) body = gan_test_body (PIECE * N_PIECES, 4);
  const guint8 *data = g_bytes_get_data (body, NULL);

  gan_test_exchange_printf (exchange, "HTTP/1.1 200 OK\r\n%s\r\n\r\n", burst->head);
  for (gsize i = 0; i < N_PIECES; i++)
    {
      if (burst->chunked)
        gan_test_exchange_printf (exchange, "%x\r\n", PIECE);
      gan_test_exchange_write (exchange, data + i * PIECE, PIECE);
      if (burst->chunked)
        gan_test_exchange_printf (exchange, "\r\n");
    }
  if (burst->chunked)
    gan_test_exchange_printf (exchange, "%x\r\n", PIECE);
  gan_test_exchange_close (exchange, FALSE);
  g_atomic_int_set (&burst->is_sent, TRUE);
}

/* One read gives all that has come, and what was met behind it is told by the next. */
static void
check_burst (Fixture *fixture, Burst *burst)
{
  gint64 end = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;
  g_autoptr (GBytes) expected = gan_test_body (PIECE * N_PIECES, 4);
  g_autoptr (GanResponse) response = NULL;
  g_autofree guint8 *buffer = g_malloc0 (2 * PIECE * N_PIECES);
  g_autoptr (GError) error = NULL;

  gan_test_server_add (fixture->server, "burst", answer_burst, burst);
  response = gan_test_net_open (fixture->transport, fixture->server, "/burst/");
  while (!g_atomic_int_get (&burst->is_sent) && g_get_monotonic_time () < end)
    g_thread_yield ();

  g_assert_cmpint (gan_response_read (response, buffer, 2 * PIECE * N_PIECES, NULL, &error),
                   ==,
                   PIECE * N_PIECES);
  g_assert_no_error (error);
  g_assert_cmpmem (buffer, PIECE * N_PIECES, g_bytes_get_data (expected, NULL), PIECE * N_PIECES);
  g_assert_cmpint (gan_response_read (response, buffer, PIECE, NULL, &error), ==, -1);
  gan_test_net_assert_reason (error, GAN_ERROR_TRUNCATED, "cut");
  g_assert_cmpint (gan_response_read (response, buffer, PIECE, NULL, NULL), ==, -1);
}

static void
test_burst (Fixture *fixture, gconstpointer tls)
{
  Burst with_length = { .head = "Content-Length: 60000" };
  Burst chunked = { .head = "Transfer-Encoding: chunked", .chunked = TRUE };

  check_burst (fixture, &with_length);
  check_burst (fixture, &chunked);
}

static void
test_short (Fixture *fixture, gconstpointer tls)
{
  g_autoptr (GanResponse) response
      = gan_test_net_open (fixture->transport, fixture->server, "/trunc_always/a.bin?size=1048576");
  g_autoptr (GError) error = NULL;
  guint8 byte = 0;

  g_assert_cmpint (gan_response_get_framing (response), ==, GAN_FRAMING_LENGTH);
  g_assert_cmpint (gan_response_get_content_length (response), ==, MEBIBYTE);
  g_assert_cmpuint (drain (response, G_MAXSIZE, &error), ==, MEBIBYTE / 8);
  gan_test_net_assert_reason (error, GAN_ERROR_TRUNCATED, "cut");
  g_assert_false (gan_response_is_proven_whole (response));
  /* It never looks like an end afterwards. */
  g_assert_cmpint (gan_response_read (response, &byte, 1, NULL, NULL), ==, -1);
  g_assert_cmpuint (n_idle (fixture), ==, 0);
}

/* libsoup forgives a length that is too large when the connection is to be closed anyway. */
static void
answer_short_and_close (GanTestExchange *exchange, gpointer user_data)
{
  gan_test_exchange_printf (exchange,
                            "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 10\r\n\r\n"
                            "short");
  gan_test_exchange_close (exchange, FALSE);
}

static void
test_short_and_close (Fixture *fixture, gconstpointer tls)
{
  g_autoptr (GanRequest) request = NULL;
  g_autoptr (GError) error = NULL;

  gan_test_server_add (fixture->server, "short_and_close", answer_short_and_close, NULL);
  request = gan_test_net_request (fixture->server, "/short_and_close/", GAN_REQUEST_MEDIA);
  error = gan_test_net_fail (fixture->transport, request);
  gan_test_net_assert_reason (error, GAN_ERROR_TRUNCATED, "cut");
}

static void
test_reset (Fixture *fixture, gconstpointer tls)
{
  g_autoptr (GanRequest) request
      = gan_test_net_request (fixture->server, "/rst_mid/a.bin?size=1048576", GAN_REQUEST_MEDIA);
  g_autoptr (GError) error = gan_test_net_fail (fixture->transport, request);

  gan_test_net_assert_reason (error, GAN_ERROR_NETWORK, "reset");
  g_assert_cmpuint (n_idle (fixture), ==, 0);
}

static void
test_surplus (Fixture *fixture, gconstpointer tls)
{
  g_autoptr (GBytes) expected = gan_test_body (MEBIBYTE, 1);
  g_autoptr (GBytes) head = g_bytes_new_from_bytes (expected, 0, 1000);

  for (int i = 0; i < 3; i++)
    {
      g_autoptr (GBytes) bytes = gan_test_net_get (fixture->transport,
                                                   fixture->server,
                                                   "/cl_small/a.bin?size=1048576&seed=1");

      g_assert_true (g_bytes_equal (bytes, head));
    }
  g_assert_cmpuint (gan_test_server_get_n_connections (fixture->server), ==, 3);
}

/* The end of chunks is proven by a connection that stays; a cut between two of them looks the same
 * to libsoup. */
static void
test_chunked (Fixture *fixture, gconstpointer tls)
{
  g_autoptr (GanResponse) first
      = gan_test_net_open (fixture->transport, fixture->server, "/chunked/a.bin?size=1048576");
  g_autoptr (GanResponse) second = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (gan_response_get_framing (first), ==, GAN_FRAMING_CHUNKED);
  g_assert_cmpint (gan_response_get_content_length (first), ==, -1);
  g_assert_cmpuint (drain (first, G_MAXSIZE, &error), ==, MEBIBYTE);
  g_assert_no_error (error);
  g_assert_true (gan_response_is_proven_whole (first));

  second = gan_test_net_open (fixture->transport, fixture->server, "/chunked/a.bin?size=1000");
  g_assert_cmpuint (drain (second, G_MAXSIZE, &error), ==, 1000);
  g_assert_cmpuint (gan_response_get_connection_id (first),
                    ==,
                    gan_response_get_connection_id (second));
}

static void
check_chunk_cut (Fixture *fixture, const char *path)
{
  g_autoptr (GanResponse) first = gan_test_net_open (fixture->transport, fixture->server, path);
  g_autoptr (GanResponse) second = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (drain (first, G_MAXSIZE, &error), ==, MEBIBYTE / 2);
  g_assert_false (gan_response_is_proven_whole (first));
  g_assert_cmpuint (n_idle (fixture), ==, 0);

  second = gan_test_net_open (fixture->transport, fixture->server, "/file/a.bin?size=10");
  g_assert_cmpuint (gan_response_get_connection_id (first),
                    !=,
                    gan_response_get_connection_id (second));
}

static void
test_chunk_trunc (Fixture *fixture, gconstpointer tls)
{
  check_chunk_cut (fixture, "/chunk_trunc/a.bin?size=1048576");
  check_chunk_cut (fixture, "/chunk_trunc/a.bin?size=1048576&notify=1");
}

/* A cut that libsoup 3.2 takes for the end; a newer one sees it by itself. */
static void
assert_unproven (GanResponse *response, const GError *error)
{
  if (error != NULL)
    g_assert_error (error, GAN_ERROR, GAN_ERROR_TRUNCATED);
  g_assert_false (gan_response_is_proven_whole (response));
}

/* What stands around a response hands the proof on. */
static void
test_proof_through_layers (Fixture *fixture, gconstpointer tls)
{
  g_autoptr (GanRecorder) recorder = gan_recorder_new (fixture->transport);
  g_autoptr (GanHttp) http = gan_http_new (GAN_TRANSPORT (recorder), gan_clock_get_system ());
  static const char *const paths[] = { "/chunk_trunc/a.bin?size=1000", "/chunked/a.bin?size=1000" };

  for (int proven = FALSE; proven <= TRUE; proven++)
    {
      g_autoptr (GanRequest) request
          = gan_test_net_request (fixture->server, paths[proven], GAN_REQUEST_MEDIA);
      g_autoptr (GError) error = NULL;
      g_autoptr (GanResponse) response = gan_http_open (http, request, NULL, &error);

      g_assert_no_error (error);
      drain (response, G_MAXSIZE, &error);
      if (!proven)
        {
          assert_unproven (response, error);
          continue;
        }
      g_assert_no_error (error);
      g_assert_true (gan_response_is_proven_whole (response));
    }
}

/* TLS says goodbye between two chunks and the connection below stays open: no proof either. */
static void
say_goodbye (GanTestExchange *exchange, gpointer user_data)
{
  gan_test_exchange_printf (exchange, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
  gan_test_exchange_printf (exchange, "5\r\nhello\r\n");
  gan_test_exchange_end_output (exchange);
  gan_test_exchange_wait_gone (exchange, 20 * 1000);
}

static void
test_goodbye (Fixture *fixture, gconstpointer tls)
{
  g_autoptr (GanResponse) response = NULL;
  g_autoptr (GError) error = NULL;

  gan_test_server_add (fixture->server, "goodbye", say_goodbye, NULL);
  response = gan_test_net_open (fixture->transport, fixture->server, "/goodbye/");
  g_assert_cmpuint (drain (response, G_MAXSIZE, &error), ==, 5);
  assert_unproven (response, error);
}

static void
test_chunk_midcut (Fixture *fixture, gconstpointer tls)
{
  g_autoptr (GanRequest) request = gan_test_net_request (fixture->server,
                                                         "/chunk_midcut/a.bin?size=1048576",
                                                         GAN_REQUEST_MEDIA);
  g_autoptr (GError) error = gan_test_net_fail (fixture->transport, request);

  gan_test_net_assert_reason (error, GAN_ERROR_TRUNCATED, "cut");
}

static void
test_close_delimited (Fixture *fixture, gconstpointer tls)
{
  g_autoptr (GanResponse) response
      = gan_test_net_open (fixture->transport, fixture->server, "/close_delim/a.bin?size=100000");
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (gan_response_get_framing (response), ==, GAN_FRAMING_CLOSE);
  g_assert_cmpuint (drain (response, G_MAXSIZE, &error), ==, 100000);
  g_assert_no_error (error);
  g_assert_false (gan_response_is_proven_whole (response));
  g_assert_cmpuint (n_idle (fixture), ==, 0);
}

/* A head that was cut between two lines passes libsoup as one whose body is empty; TLS does not let
 * it read past the end a second time. */
static void
cut_head (GanTestExchange *exchange, gpointer user_data)
{
  gan_test_exchange_printf (exchange, "HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\n");
  gan_test_exchange_cut (exchange);
}

static void
test_cut_head (Fixture *fixture, gconstpointer tls)
{
  g_autoptr (GanRequest) request = NULL;
  g_autoptr (GError) error = NULL;

  gan_test_server_add (fixture->server, "cut_head", cut_head, NULL);
  request = gan_test_net_request (fixture->server, "/cut_head/", GAN_REQUEST_MEDIA);
  error = gan_test_net_fail (fixture->transport, request);
  if (tls != NULL)
    gan_test_net_assert_reason (error, GAN_ERROR_NETWORK, "reset");
  else
    gan_test_net_assert_reason (error, GAN_ERROR_TRUNCATED, "head");
}

static void
check_refused (Fixture *fixture, const char *path, const char *reason)
{
  g_autoptr (GanRequest) request = gan_test_net_request (fixture->server, path, GAN_REQUEST_MEDIA);
  g_autoptr (GError) error = NULL;
  g_autoptr (GanResponse) response = gan_transport_send (fixture->transport, request, NULL, &error);

  g_test_message ("%s", path);
  g_assert_null (response);
  gan_test_net_assert_reason (error, GAN_ERROR_INVALID_DATA, reason);
  g_assert_cmpuint (n_idle (fixture), ==, 0);
}

static void
test_lengths (Fixture *fixture, gconstpointer tls)
{
  check_refused (fixture, "/cl_huge/a.bin?size=1000", "content-length");
  check_refused (fixture, "/dup_cl/a.bin?size=1000", "content-length");
  check_refused (fixture, "/dup_cl/a.bin?size=100&list=1", "head");
}

static void
test_negative_length (Fixture *fixture, gconstpointer tls)
{
  gboolean is_critical = glib_check_version (2, 76, 0) == NULL;

  /* libsoup makes its body stream before anybody can look at the head. */
  g_test_expect_message ("GLib-GObject",
                         is_critical ? G_LOG_LEVEL_CRITICAL : G_LOG_LEVEL_WARNING,
                         "*content-length*");
  check_refused (fixture, "/cl_neg/a.bin?size=1000", "content-length");
  g_test_assert_expected_messages ();
}

static void
test_largest_length (Fixture *fixture, gconstpointer tls)
{
  g_autoptr (GanResponse) response
      = gan_test_net_open (fixture->transport, fixture->server, "/cl_lie_big/a.bin?size=1000");
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (gan_response_get_content_length (response), ==, G_MAXINT64);
  g_assert_cmpuint (drain (response, G_MAXSIZE, &error), ==, 1000);
  gan_test_net_assert_reason (error, GAN_ERROR_TRUNCATED, "cut");
}

static void
test_length_and_chunks (Fixture *fixture, gconstpointer tls)
{
  g_autoptr (GBytes) expected = gan_test_body (MEBIBYTE, 1);

  for (int i = 0; i < 2; i++)
    {
      g_autoptr (GBytes) bytes = NULL;

      g_test_expect_message ("gan-net", G_LOG_LEVEL_MESSAGE, "*both a length and chunks*");
      bytes = gan_test_net_get (fixture->transport,
                                fixture->server,
                                "/cl_te/a.bin?size=1048576&seed=1");
      g_test_assert_expected_messages ();
      g_assert_true (g_bytes_equal (bytes, expected));
    }
  g_assert_cmpuint (gan_test_server_get_n_connections (fixture->server), ==, 2);
}

static void
test_no_http (Fixture *fixture, gconstpointer tls)
{
  check_refused (fixture, "/http09/", "head");
  check_refused (fixture, "/garbage/", "head");
}

/* The server counts what it could send before we hung up: memory cannot have grown by more. */
static void
test_endless_heads (Fixture *fixture, gconstpointer tls)
{
  static const char *const paths[] = { "/endless_hdr/", "/endless_hdrline/", "/spam_1xx/?size=10" };

  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      gint64 start = g_get_monotonic_time ();

      check_refused (fixture, paths[i], "head");
      g_assert_cmpint (g_get_monotonic_time () - start, <, 5 * G_USEC_PER_SEC);
    }
  while (gan_test_server_get_n_open (fixture->server) > 0)
    g_thread_yield ();
  g_assert_cmpuint (gan_test_server_get_body_bytes (fixture->server), <, 20 * MEBIBYTE);
}

/* A few interim answers are what HTTP allows. */
static void
test_few_interim (Fixture *fixture, gconstpointer tls)
{
  g_autoptr (GBytes) bytes
      = gan_test_net_get (fixture->transport, fixture->server, "/spam_1xx/?size=10&count=5");

  g_assert_cmpuint (g_bytes_get_size (bytes), ==, 10);
}

static void
test_gzip (Fixture *fixture, gconstpointer tls)
{
  g_autoptr (GBytes) expected = gan_test_body (300000, 2);
  g_autoptr (GanRequest) request = gan_test_net_request (fixture->server,
                                                         "/gz/a.json?size=300000&seed=2",
                                                         GAN_REQUEST_METADATA);

  for (int i = 0; i < 2; i++)
    {
      g_autoptr (GanResponse) response = gan_test_net_send (fixture->transport, request, NULL);
      g_autoptr (GBytes) bytes = gan_response_read_all (response, MEBIBYTE, NULL, NULL);

      g_assert_cmpint (gan_response_get_content_length (response), ==, -1);
      g_assert_true (g_bytes_equal (bytes, expected));
      g_assert_true (gan_response_is_proven_whole (response));
    }
  g_assert_cmpuint (gan_test_server_get_n_connections (fixture->server), ==, 1);
}

static void
test_gzip_cut (Fixture *fixture, gconstpointer tls)
{
  g_autoptr (GanRequest) request = gan_test_net_request (fixture->server,
                                                         "/gz_trunc/a.json?size=300000",
                                                         GAN_REQUEST_METADATA);
  g_autoptr (GError) error = gan_test_net_fail (fixture->transport, request);

  gan_test_net_assert_reason (error, GAN_ERROR_TRUNCATED, "gzip");
  g_assert_cmpuint (n_idle (fixture), ==, 0);
}

static void
test_gzip_bomb (Fixture *fixture, gconstpointer tls)
{
  g_autoptr (GanRequest) request
      = gan_test_net_request (fixture->server, "/gz_bomb/a.json", GAN_REQUEST_METADATA);
  g_autoptr (GanResponse) response = NULL;
  g_autoptr (GError) error = NULL;

  gan_request_set_max_bytes (request, MEBIBYTE);
  response = gan_test_net_send (fixture->transport, request, NULL);
  g_assert_cmpuint (drain (response, G_MAXSIZE, &error), <=, MEBIBYTE);
  gan_test_net_assert_reason (error, GAN_ERROR_TOO_LARGE, "body");
}

/* Media bytes stay as they were sent, whatever the header says of them. */
static void
test_gzip_file (Fixture *fixture, gconstpointer tls)
{
  g_autoptr (GanResponse) response
      = gan_test_net_open (fixture->transport, fixture->server, "/gz_file/a.gz?size=300000");
  g_autoptr (GBytes) bytes = gan_response_read_all (response, MEBIBYTE, NULL, NULL);
  const guint8 *data = g_bytes_get_data (bytes, NULL);

  g_assert_cmpstr (gan_response_get_header (response, "content-encoding"), ==, "gzip");
  g_assert_cmpuint (data[0], ==, 0x1f);
  g_assert_cmpuint (data[1], ==, 0x8b);
  g_assert_cmpint (gan_response_get_content_length (response), ==, g_bytes_get_size (bytes));
}

static void
answer_brotli (GanTestExchange *exchange, gpointer user_data)
{
  gan_test_exchange_printf (
      exchange,
      "HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 4\r\n\r\nabcd");
}

static void
test_unasked_coding (Fixture *fixture, gconstpointer tls)
{
  g_autoptr (GanRequest) request = NULL;
  g_autoptr (GError) error = NULL;

  gan_test_server_add (fixture->server, "brotli", answer_brotli, NULL);
  request = gan_test_net_request (fixture->server, "/brotli/", GAN_REQUEST_METADATA);
  error = gan_test_net_fail (fixture->transport, request);
  gan_test_net_assert_reason (error, GAN_ERROR_INVALID_DATA, "content-encoding");
}

/* What is asked for is what the purpose allows, whatever the asker set. */
static void
test_accept_encoding (Fixture *fixture, gconstpointer tls)
{
  static const char *const expected[] = { "gzip", "identity" };

  for (int purpose = GAN_REQUEST_METADATA; purpose <= GAN_REQUEST_MEDIA; purpose++)
    {
      g_autoptr (GanRequest) request
          = gan_test_net_request (fixture->server, "/file/a.bin?size=1", purpose);
      g_autoptr (GanResponse) response = NULL;
      g_autoptr (GPtrArray) log = NULL;
      const GanTestRequest *seen = NULL;

      gan_request_set_header (request, "Accept-Encoding", "br, zstd");
      response = gan_test_net_send (fixture->transport, request, NULL);
      log = gan_test_server_dup_requests (fixture->server, NULL);
      seen = log->pdata[log->len - 1];
      g_assert_cmpstr (g_hash_table_lookup (seen->headers, "accept-encoding"),
                       ==,
                       expected[purpose]);
    }
}

static void
test_no_body (Fixture *fixture, gconstpointer tls)
{
  g_autofree char *text = gan_test_server_dup_url (fixture->server, "/file/a.bin?size=5000");
  g_autoptr (GanUrl) url = gan_url_parse (text, NULL);
  g_autoptr (GanRequest) head = gan_request_new ("HEAD", url);
  g_autoptr (GanResponse) response = gan_test_net_send (fixture->transport, head, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (gan_response_get_framing (response), ==, GAN_FRAMING_NONE);
  g_assert_cmpstr (gan_response_get_header (response, "Content-Length"), ==, "5000");
  g_assert_cmpuint (drain (response, G_MAXSIZE, &error), ==, 0);
  g_assert_no_error (error);
  g_assert_cmpuint (n_idle (fixture), ==, 1);
}

typedef struct
{
  const char *name;
  void (*run) (Fixture *fixture, gconstpointer tls);
} Case;

static const Case cases[] = {
  { "whole", test_whole },
  { "small-reads", test_small_reads },
  { "burst", test_burst },
  { "short", test_short },
  { "short-and-close", test_short_and_close },
  { "reset", test_reset },
  { "surplus", test_surplus },
  { "chunked", test_chunked },
  { "chunk-trunc", test_chunk_trunc },
  { "proof-through-layers", test_proof_through_layers },
  { "chunk-midcut", test_chunk_midcut },
  { "goodbye", test_goodbye },
  { "close-delimited", test_close_delimited },
  { "cut-head", test_cut_head },
  { "lengths", test_lengths },
  { "negative-length", test_negative_length },
  { "largest-length", test_largest_length },
  { "length-and-chunks", test_length_and_chunks },
  { "no-http", test_no_http },
  { "endless-heads", test_endless_heads },
  { "few-interim", test_few_interim },
  { "gzip", test_gzip },
  { "gzip-cut", test_gzip_cut },
  { "gzip-bomb", test_gzip_bomb },
  { "gzip-file", test_gzip_file },
  { "unasked-coding", test_unasked_coding },
  { "accept-encoding", test_accept_encoding },
  { "no-body", test_no_body },
};

static void
add_cases (const char *prefix, gpointer tls)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/soup-framing/%s/%s", prefix, cases[i].name);

      g_test_add (path, Fixture, tls, set_up, cases[i].run, tear_down);
    }
}

int
main (int argc, char **argv)
{
  gan_net_init ();
  g_test_init (&argc, &argv, NULL);
  add_cases ("plain", NULL);
  add_cases ("tls", GINT_TO_POINTER (TRUE));
  return g_test_run ();
}
