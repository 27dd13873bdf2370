/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The misbehaving server, seen by a client of raw sockets that repairs nothing. */
#include "config.h"

#include "gan-test-certificate.h"
#include "gan-test-fixture.h"
#include "gan-test-server.h"

#include <string.h>

/* An answer as it came over the wire, and how the connection ended. */
typedef struct
{
  GByteArray *bytes;
  GError *error; /* NULL: the other side ended it in order */
} Answer;

static void
answer_clear (Answer *self)
{
  g_clear_pointer (&self->bytes, g_byte_array_unref);
  g_clear_error (&self->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Answer, answer_clear)

static GIOStream *
open_stream (GanTestServer *server, gboolean tls, GError **error)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection = NULL;
  g_autoptr (GSocketConnectable) name = g_network_address_new ("localhost", 0);
  g_autoptr (GIOStream) secured = NULL;

  connection = g_socket_client_connect_to_host (client,
                                                "127.0.0.1",
                                                gan_test_server_get_port (server),
                                                NULL,
                                                error);
  if (connection == NULL)
    return NULL;
  g_socket_set_timeout (g_socket_connection_get_socket (connection), 20);
  if (!tls)
    return G_IO_STREAM (g_steal_pointer (&connection));
  secured = g_initable_new (g_tls_backend_get_client_connection_type (g_tls_backend_get_default ()),
                            NULL,
                            error,
                            "base-io-stream",
                            connection,
                            "server-identity",
                            name,
                            "database",
                            gan_test_certificate_get_database (),
                            NULL);
  g_assert_nonnull (secured);
  if (!g_tls_connection_handshake (G_TLS_CONNECTION (secured), NULL, error))
    return NULL;
  return g_steal_pointer (&secured);
}

static void
send_text (GIOStream *stream, const char *text)
{
  g_autoptr (GError) error = NULL;

  g_output_stream_write_all (g_io_stream_get_output_stream (stream),
                             text,
                             strlen (text),
                             NULL,
                             NULL,
                             &error);
  g_assert_no_error (error);
}

/* Reads to the end of the connection, or `limit` bytes. */
static void
read_answer (GIOStream *stream, Answer *answer, gsize limit)
{
  g_autofree guint8 *piece = g_malloc (65536);
  gssize n;

  answer->bytes = g_byte_array_new ();
  while (answer->bytes->len < limit)
    {
      n = g_input_stream_read (g_io_stream_get_input_stream (stream),
                               piece,
                               MIN (65536, limit - answer->bytes->len),
                               NULL,
                               &answer->error);
      if (n <= 0)
        break;
      g_byte_array_append (answer->bytes, piece, n);
    }
  g_byte_array_append (answer->bytes, (const guint8 *) "", 1);
}

/* One request on a connection of its own; lines are further header lines. */
static void
ask (GanTestServer *server, gboolean tls, const char *target, const char *lines, Answer *answer)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GIOStream) stream = open_stream (server, tls, &error);
  g_autofree char *text
      = g_strdup_printf ("GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n%s\r\n",
                         target,
                         lines);

  g_assert_no_error (error);
  send_text (stream, text);
  read_answer (stream, answer, G_MAXUINT32);
}

static const char *
answer_head (Answer *answer)
{
  return (const char *) answer->bytes->data;
}

static GBytes *
answer_body (Answer *answer)
{
  const char *head = answer_head (answer);
  const char *end = strstr (head, "\r\n\r\n");
  gsize skip;

  g_assert_nonnull (end);
  skip = end + 4 - head;
  return g_bytes_new (head + skip, answer->bytes->len - 1 - skip);
}

static void
assert_body (Answer *answer, gsize first, gsize length, gsize size, guint32 seed)
{
  g_autoptr (GBytes) whole = gan_test_body (size, seed);
  g_autoptr (GBytes) wanted = g_bytes_new_from_bytes (whole, first, length);
  g_autoptr (GBytes) got = answer_body (answer);

  g_assert_cmpmem (g_bytes_get_data (got, NULL),
                   g_bytes_get_size (got),
                   g_bytes_get_data (wanted, NULL),
                   g_bytes_get_size (wanted));
}

static void
assert_head (Answer *answer, const char *part)
{
  g_autofree char *start = g_strndup (answer_head (answer), 300);
  g_autofree char *shown = g_strescape (start, NULL);

  if (strstr (answer_head (answer), part) == NULL)
    g_test_message ("no '%s' in: %s", part, shown);
  g_assert_nonnull (strstr (answer_head (answer), part));
}

/* Threads of servers that the kernel still lists; a joined one may stay for a moment. */
static guint
count_threads (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/task", 0, NULL);
  const char *id;
  guint n = 0;

  while ((id = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename ("/proc/self/task", id, "comm", NULL);
      g_autofree char *name = NULL;

      if (g_file_get_contents (path, &name, NULL, NULL))
        n += g_str_has_prefix (name, "test-accept") || g_str_has_prefix (name, "test-connection");
    }
  return n;
}

static void
assert_no_threads (void)
{
  gint64 end = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;

  while (count_threads () > 0 && g_get_monotonic_time () < end)
    g_thread_yield ();
  g_assert_cmpuint (count_threads (), ==, 0);
}

/* What threads of earlier tests still hold goes within moments. */
static void
assert_descriptors_at_most (guint n)
{
  gint64 end = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;

  while (gan_test_count_descriptors () > n && g_get_monotonic_time () < end)
    g_thread_yield ();
  g_assert_cmpuint (gan_test_count_descriptors (), <=, n);
}

static void
test_body (void)
{
  g_autoptr (GBytes) small = gan_test_body (10, 1);
  g_autoptr (GBytes) large = gan_test_body (1000, 1);
  g_autoptr (GBytes) other = gan_test_body (1000, 2);

  g_assert_cmpuint (g_bytes_get_size (small), ==, 10);
  g_assert_cmpint (memcmp (g_bytes_get_data (small, NULL), g_bytes_get_data (large, NULL), 10),
                   ==,
                   0);
  g_assert_false (g_bytes_equal (large, other));
}

static void
test_file (gconstpointer data)
{
  gboolean tls = GPOINTER_TO_INT (data);
  g_autoptr (GanTestServer) server = gan_test_server_new (tls);
  const char *target = "/file/a.bin?size=100000&seed=7";
  g_auto (Answer) whole = { NULL };
  g_auto (Answer) middle = { NULL };
  g_auto (Answer) tail = { NULL };
  g_auto (Answer) beyond = { NULL };
  g_auto (Answer) stale = { NULL };

  ask (server, tls, target, "", &whole);
  assert_head (&whole, "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n");
  assert_head (&whole, "ETag: \"100000-7\"\r\n");
  assert_body (&whole, 0, 100000, 100000, 7);
  ask (server, tls, target, "Range: bytes=500-999\r\nIf-Range: \"100000-7\"\r\n", &middle);
  assert_head (&middle, "HTTP/1.1 206 ");
  assert_head (&middle, "Content-Range: bytes 500-999/100000\r\n");
  assert_body (&middle, 500, 500, 100000, 7);
  ask (server, tls, target, "Range: bytes=-5\r\n", &tail);
  assert_body (&tail, 99995, 5, 100000, 7);
  ask (server, tls, target, "Range: bytes=100000-\r\n", &beyond);
  assert_head (&beyond, "HTTP/1.1 416 ");
  assert_head (&beyond, "Content-Range: bytes */100000\r\n");
  ask (server, tls, target, "Range: bytes=500-999\r\nIf-Range: \"old\"\r\n", &stale);
  assert_head (&stale, "HTTP/1.1 200 OK\r\n");
  g_assert_no_error (whole.error);
  g_assert_cmpuint (gan_test_server_get_body_bytes (server), ==, 200505);
  g_assert_finalize_object (g_steal_pointer (&server));
}

static void
test_log (void)
{
  g_autoptr (GanTestServer) server = gan_test_server_new (FALSE);
  g_autoptr (GError) error = NULL;
  g_autoptr (GIOStream) stream = open_stream (server, FALSE, &error);
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (GPtrArray) echoes = NULL;
  g_auto (Answer) answer = { NULL };
  const GanTestRequest *request;

  /* Three requests at once on one connection: by length, by chunks, without a body. */
  send_text (stream,
             "POST /echo/a HTTP/1.1\r\nHost: a\r\nX-Two: 1\r\nx-two: 2\r\nContent-Length: 5\r\n\r\n"
             "hello"
             "POST /echo/b HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
             "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
             "GET /nothing HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  read_answer (stream, &answer, G_MAXUINT32);
  assert_head (&answer, "\"body\":\"hello\"");
  assert_head (&answer, "\"body\":\"abcde\"");
  assert_head (&answer, "HTTP/1.1 404 ");
  g_assert_true (gan_test_server_wait_count (server, NULL, 3, 1000));
  g_assert_false (gan_test_server_wait_count (server, NULL, 4, 1));
  g_assert_cmpuint (gan_test_server_count (server, "echo"), ==, 2);
  g_assert_cmpuint (gan_test_server_get_n_connections (server), ==, 1);
  all = gan_test_server_dup_requests (server, NULL);
  echoes = gan_test_server_dup_requests (server, "echo");
  g_assert_cmpuint (all->len, ==, 3);
  g_assert_cmpuint (echoes->len, ==, 2);
  request = g_ptr_array_index (echoes, 0);
  g_assert_cmpstr (request->method, ==, "POST");
  g_assert_cmpstr (request->target, ==, "/echo/a");
  g_assert_cmpstr (g_hash_table_lookup (request->headers, "x-two"), ==, "1, 2");
  g_assert_cmpuint (g_bytes_get_size (request->body), ==, 5);
  gan_test_server_reset (server);
  g_assert_cmpuint (gan_test_server_count (server, NULL), ==, 0);
  g_assert_finalize_object (g_steal_pointer (&server));
}

/* A scenario, what its answer must begin with or contain, and how many body bytes come. */
typedef struct
{
  const char *target;
  const char *lines;
  const char *part;
  gssize body; /* -1: not looked at */
} Case;

static const Case cases[] = {
  { "/trunc_once/a?size=3000", "", "Content-Length: 3000\r\n", 1000 },
  { "/trunc_always/a?size=8000", "Range: bytes=4000-\r\n", "bytes 4000-7999/8000", 1000 },
  { "/chunked/a?size=5&chunk=3", "", "\r\n\r\n3\r\n", 20 },
  { "/chunk_trunc/a?size=6&chunk=3", "", "Transfer-Encoding: chunked\r\n", 8 },
  { "/chunk_midcut/a?size=6", "", "\r\n\r\n3eb\r\n", 8 },
  { "/close_delim/a?size=77", "", "Connection: close\r\n", 77 },
  { "/gz/a?size=50", "", "Content-Encoding: gzip\r\n", -1 },
  { "/gz_bomb/a?unpacked=4000000", "", "Content-Encoding: gzip\r\n", -1 },
  { "/gz_file/a.gz", "", "Content-Type: application/gzip\r\n", -1 },
  { "/cl_neg/a?size=10", "", "Content-Length: -5\r\n", 10 },
  { "/cl_huge/a?size=10", "", "Content-Length: 99999999999999999999999\r\n", 10 },
  { "/dup_cl/a?size=1000", "", "Content-Length: 100\r\nContent-Length: 1000\r\n", 1000 },
  { "/dup_cl/b?size=1000&list=1", "", "Content-Length: 100, 1000\r\n", 1000 },
  { "/cl_lie_big/a?size=10", "", "Content-Length: 9223372036854775807\r\n", 10 },
  { "/cl_small/a?size=5000", "", "Content-Length: 1000\r\n", 5000 },
  { "/cl_te/a?size=3", "", "Content-Length: 100\r\nTransfer-Encoding: chunked\r\n", 13 },
  { "/norange/a?size=9", "Range: bytes=5-\r\n", "HTTP/1.1 200 ", 9 },
  { "/wrong_offset/a?size=5000", "Range: bytes=2000-\r\n", "bytes 3000-4999/5000", 2000 },
  { "/lying_206/a?size=5000", "Range: bytes=2000-\r\n", "bytes 2000-3999/5000", 2000 },
  { "/no_crange/a?size=5000", "Range: bytes=2000-\r\n", "206 Partial Content\r\nContent-L", 3000 },
  { "/multipart/a?size=500", "Range: bytes=200-\r\n", "multipart/byteranges", -1 },
  { "/portal/a?size=500", "Range: bytes=200-\r\n", "HTTP/1.1 200 ", -1 },
  { "/portal206/a?size=500", "Range: bytes=200-\r\n", "Content-Range: bytes 200-", -1 },
  { "/done_416/a?size=500", "Range: bytes=200-\r\n", "Content-Range: bytes */500\r\n", 0 },
  { "/s429/a?retry=7", "", "429 Later\r\nRetry-After: 7\r\n", 0 },
  { "/s503/a?retry=date", "", " GMT\r\n", 0 },
  { "/status/a?status=418", "", "HTTP/1.1 418 ", -1 },
  { "/status/a?status=204", "", "HTTP/1.1 204 ", 0 },
  { "/redir/a?n=3", "", "Location: /redir/a.bin?n=2&", 0 },
  { "/redir_loop/a", "", "Location: /redir_loop/a\r\n", 0 },
  { "/redir_to/a?url=/b%0d%0aX-Injected:%201", "", "\r\nX-Injected: 1\r\n", 0 },
  { "/redir_file/a", "", "Location: file:///", 0 },
  { "/redir_ftp/a", "", "Location: ftp://", 0 },
  { "/redir_js/a", "", "Location: javascript:", 0 },
  { "/redir_data/a", "", "Location: data:", 0 },
  { "/redir_crlf/a", "", "%0d%0aX-Injected", 0 },
  { "/redir_userinfo/a", "", "Location: http://user:word@", 0 },
  { "/redir_host/a?host=other.test", "", "://other.test:", 0 },
  { "/set_cookie/a?cookie=a%3D1&cookie1=b%3D2", "", "Set-Cookie: a=1\r\nSet-Cookie: b=2\r\n", 0 },
  { "/html/a?title=One", "", "<title>One</title>", -1 },
  { "/json/a?depth=3", "", "\r\n\r\n[[[]]]", 6 },
  { "/json/a?size=3", "", "\"xxx\"", -1 },
  { "/cd/0?size=5", "", "filename=\"../../escape.bin\"\r\n", 5 },
  { "/cd/5?size=5", "", "LLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLL", 5 },
  { "/cd/9999", "", "HTTP/1.1 404 ", -1 },
  { "/http09/a", "", "<html>", -1 },
  { "/spam_1xx/a?count=3&size=4", "", "103 Early Hints\r\n", -1 },
  { "/endless_hdr/a?total=100000", "", "X-Filler-999: ", -1 },
  { "/endless_hdrline/a?total=100000", "", "X-Filler: aaaa", -1 },
  { "/endless_body/a?total=100000", "", "Connection: close\r\n", 131072 },
  { "/etag_each/a?size=5", "", "ETag: \"node-", 5 },
  { "/ifrange_etag_200/a?size=9", "Range: bytes=5-\r\nIf-Range: \"9-1\"\r\n", "200 OK", 9 },
  { "/ifrange_etag_200/a?size=9", "Range: bytes=5-\r\n", "206 Partial", 4 },
  { "/live_grow/a?size=9&grow=4", "", "Content-Length: 9\r\n", 9 },
  { "/live_grow/a?size=9&grow=4", "", "Content-Length: 13\r\n", 13 },
  { "/forbid_second/a?size=100", "", "200 OK", 50 },
  { "/forbid_second/a?size=100", "", "403", -1 },
  { "/e500_mid/a?size=100", "", "200 OK", 50 },
  { "/e500_mid/a?size=100", "Range: bytes=50-\r\n", "500", -1 },
  { "/e500_mid/a?size=100", "Range: bytes=50-\r\n", "206", 50 },
  { "/longer_416/a?size=100", "", "200 OK", 50 },
  { "/longer_416/a?size=100", "Range: bytes=50-\r\n", "bytes */25", 0 },
  { "/mixed/a?size=100", "Range: bytes=0-9\r\n", "ETag: \"100-1\"", 10 },
  { "/mixed/a?size=100", "Range: bytes=10-19\r\n", "ETag: \"100-1001\"", 10 },
  { "/changed/a?size=100&auto=1", "", "ETag: \"100-1\"", 100 },
  { "/changed/a?size=100&auto=1", "", "ETag: \"100-1001\"", 100 },
  { "/changed_len/a?size=100&auto=1&grow=-60", "", "Content-Length: 100\r\n", 100 },
  { "/changed_len/a?size=100&auto=1&grow=-60", "", "Content-Length: 40\r\n", 40 },
  { "/slow/a?size=100&rate=1000", "", "Content-Length: 100\r\n", 100 },
  { "/close_after/a?size=100", "", "Content-Length: 100\r\n", 100 },
  { "/norange_resume/a?size=100", "", "200 OK", 50 },
  { "/norange_resume/a?size=100", "Range: bytes=50-\r\n", "200 OK", 100 },
};

static void
test_scenarios (gconstpointer data)
{
  gboolean tls = GPOINTER_TO_INT (data);
  g_autoptr (GanTestServer) server = gan_test_server_new (tls);
  guint i;

  for (i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (Answer) answer = { NULL };

      ask (server, tls, cases[i].target, cases[i].lines, &answer);
      g_test_message ("%s: %u bytes", cases[i].target, answer.bytes->len - 1);
      assert_head (&answer, cases[i].part);
      if (cases[i].body >= 0)
        {
          g_autoptr (GBytes) body = answer_body (&answer);

          g_assert_cmpuint (g_bytes_get_size (body), ==, cases[i].body);
        }
    }
  g_assert_finalize_object (g_steal_pointer (&server));
}

/* The end of a connection tells a polite server from a killed one. */
static void
test_ends (void)
{
  g_autoptr (GanTestServer) plain = gan_test_server_new (FALSE);
  g_autoptr (GanTestServer) tls = gan_test_server_new (TRUE);
  g_auto (Answer) reset = { NULL };
  g_auto (Answer) early = { NULL };
  g_auto (Answer) orderly = { NULL };
  g_auto (Answer) cut = { NULL };

  ask (plain, FALSE, "/rst_mid/a?size=3000", "", &reset);
  assert_head (&reset, "Content-Length: 3000\r\n");
  g_assert_error (reset.error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED);
  ask (plain, FALSE, "/rst_connect/a", "", &early);
  g_assert_cmpuint (early.bytes->len, ==, 1);
  g_assert_error (early.error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED);
  ask (tls, TRUE, "/close_delim/a?size=30", "", &orderly);
  g_assert_no_error (orderly.error);
  ask (tls, TRUE, "/close_delim/b?size=30&cut=1", "", &cut);
  assert_body (&cut, 0, 30, 30, 1);
  g_assert_error (cut.error, G_TLS_ERROR, G_TLS_ERROR_EOF);
}

static void
test_keep_alive (void)
{
  g_autoptr (GanTestServer) server = gan_test_server_new (FALSE);
  g_autoptr (GError) error = NULL;
  g_autoptr (GIOStream) stream = open_stream (server, FALSE, &error);
  g_auto (Answer) answer = { NULL };

  send_text (stream,
             "GET /close_idle/a?size=3 HTTP/1.1\r\nHost: a\r\n\r\n"
             "GET /close_idle/a?size=3 HTTP/1.1\r\nHost: a\r\n\r\n");
  read_answer (stream, &answer, G_MAXUINT32);
  g_assert_no_error (answer.error);
  assert_body (&answer, 0, 3, 3, 1);
  g_assert_cmpuint (gan_test_server_count (server, NULL), ==, 2);
}

static void
hang_clients (gboolean tls)
{
  static const char *const waits[] = { "/stall_head/a", "/stall_body/a",   "/drip/a",
                                       "/slow/a",       "/endless_body/a", "/drip_head/a" };
  g_autoptr (GanTestServer) server = gan_test_server_new (tls);
  g_autoptr (GPtrArray) streams = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GError) error = NULL;
  guint i;

  for (i = 0; i < G_N_ELEMENTS (waits); i++)
    {
      g_autofree char *text = g_strdup_printf ("GET %s HTTP/1.1\r\nHost: a\r\n\r\n", waits[i]);

      g_ptr_array_add (streams, open_stream (server, tls, &error));
      g_assert_no_error (error);
      send_text (g_ptr_array_index (streams, i), text);
    }
  g_assert_true (gan_test_server_wait_count (server, NULL, G_N_ELEMENTS (waits), 20000));
  g_assert_finalize_object (g_steal_pointer (&server));
}

/* A server goes although clients hang in every kind of wait. The first round opens what GIO keeps.
 */
static void
test_finalize (void)
{
  guint descriptors;

  hang_clients (FALSE);
  hang_clients (TRUE);
  descriptors = gan_test_count_descriptors ();
  hang_clients (FALSE);
  hang_clients (TRUE);
  assert_descriptors_at_most (descriptors);
  assert_no_threads ();
}

static void
assert_handshake_fails (GanTestTlsMode mode, GTlsCertificateFlags flag)
{
  g_autoptr (GanTestServer) server = gan_test_server_new_tls (mode);
  g_autoptr (GError) error = NULL;
  g_autoptr (GIOStream) stream = open_stream (server, TRUE, &error);

  g_assert_null (stream);
  g_assert_nonnull (error);
  if (flag != 0)
    g_assert_error (error, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE);
  g_assert_finalize_object (g_steal_pointer (&server));
}

static void
test_tls_modes (void)
{
  assert_handshake_fails (GAN_TEST_TLS_EXPIRED, G_TLS_CERTIFICATE_EXPIRED);
  assert_handshake_fails (GAN_TEST_TLS_WRONG_HOST, G_TLS_CERTIFICATE_BAD_IDENTITY);
  assert_handshake_fails (GAN_TEST_TLS_SELF_SIGNED, G_TLS_CERTIFICATE_UNKNOWN_CA);
  assert_handshake_fails (GAN_TEST_TLS_OLD, 0);
  assert_handshake_fails (GAN_TEST_TLS_CUT, 0);
}

static void
test_accept_modes (void)
{
  g_autoptr (GanTestServer) server = gan_test_server_new (FALSE);
  g_autoptr (GError) error = NULL;
  g_autoptr (GIOStream) reset = NULL;
  g_auto (Answer) answer = { NULL };

  gan_test_server_set_accept_mode (server, GAN_TEST_ACCEPT_RESET);
  /* The reset may already be there when the client looks whether it is connected. */
  reset = open_stream (server, FALSE, &error);
  if (reset == NULL)
    answer.error = g_steal_pointer (&error);
  else
    read_answer (reset, &answer, 1);
  g_assert_error (answer.error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED);
}

static void
count_calls (GanTestExchange *exchange, gpointer user_data)
{
  g_atomic_int_inc ((int *) user_data);
  gan_test_exchange_reply (exchange, 200, "text/plain", "mine");
}

static void
test_custom (void)
{
  g_autoptr (GanTestServer) server = gan_test_server_new (FALSE);
  g_auto (Answer) answer = { NULL };
  int calls = 0;

  gan_test_server_add (server, "1.1", count_calls, &calls);
  ask (server, FALSE, "/1.1/statuses.json?a=b", "", &answer);
  assert_head (&answer, "\r\n\r\nmine");
  g_assert_cmpint (g_atomic_int_get (&calls), ==, 1);
  g_assert_finalize_object (g_steal_pointer (&server));
}

/* Asks a server with TLS through another one that plays the proxy. */
static GIOStream *
open_tunnel (GanTestServer *proxy, GanTestServer *origin)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GIOStream) stream = open_stream (proxy, FALSE, &error);
  g_autofree char *text
      = g_strdup_printf ("CONNECT site1.test:%u HTTP/1.1\r\nHost: site1.test\r\n\r\n",
                         gan_test_server_get_port (origin));

  g_assert_no_error (error);
  send_text (stream, text);
  return g_steal_pointer (&stream);
}

static void
test_proxy (void)
{
  g_autoptr (GanTestServer) origin = gan_test_server_new (FALSE);
  g_autoptr (GanTestServer) proxy = gan_test_server_new (FALSE);
  g_autoptr (GIOStream) open = open_tunnel (proxy, origin);
  g_autoptr (GIOStream) refused = NULL;
  g_autoptr (GIOStream) dying = NULL;
  g_auto (Answer) first = { NULL };
  g_auto (Answer) second = { NULL };
  g_auto (Answer) third = { NULL };

  send_text (open, "GET /html/a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  read_answer (open, &first, G_MAXUINT32);
  assert_head (&first, "HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.1 200 ");
  gan_test_server_set_phase (proxy, 407);
  refused = open_tunnel (proxy, origin);
  read_answer (refused, &second, 100);
  assert_head (&second, "HTTP/1.1 407 ");
  gan_test_server_set_phase (proxy, 1);
  dying = open_tunnel (proxy, origin);
  send_text (dying, "GET /file/a HTTP/1.1\r\nHost: a\r\n\r\n");
  read_answer (dying, &third, G_MAXUINT32);
  g_assert_cmpuint (third.bytes->len, <, 100000);
  g_assert_cmpuint (gan_test_server_count (proxy, "CONNECT"), ==, 3);
  g_assert_finalize_object (g_steal_pointer (&proxy));
  g_assert_finalize_object (g_steal_pointer (&origin));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/server/body", test_body);
  g_test_add_data_func ("/server/file/plain", GINT_TO_POINTER (FALSE), test_file);
  g_test_add_data_func ("/server/file/tls", GINT_TO_POINTER (TRUE), test_file);
  g_test_add_func ("/server/log", test_log);
  g_test_add_data_func ("/server/scenarios/plain", GINT_TO_POINTER (FALSE), test_scenarios);
  g_test_add_data_func ("/server/scenarios/tls", GINT_TO_POINTER (TRUE), test_scenarios);
  g_test_add_func ("/server/ends", test_ends);
  g_test_add_func ("/server/keep-alive", test_keep_alive);
  g_test_add_func ("/server/finalize", test_finalize);
  g_test_add_func ("/server/tls-modes", test_tls_modes);
  g_test_add_func ("/server/accept-modes", test_accept_modes);
  g_test_add_func ("/server/custom", test_custom);
  g_test_add_func ("/server/proxy", test_proxy);
  return g_test_run ();
}
