/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What libsoup 3.2 leaves to us, each guard once through the door of the network, with and without
 * TLS: what a caller is told, and what the server saw. */
#include "config.h"

#include "gan-test-net.h"

#include "gan-json.h"
#include "gan-limits.h"

#include <string.h>

typedef struct
{
  GanTestServer *server;
  GanTransport *transport;
  GanFakeClock *clock;
  GanHttp *http;
} Fixture;

static void
set_up (Fixture *self, gconstpointer tls)
{
  self->server = gan_test_server_new (GPOINTER_TO_INT (tls));
  self->transport = gan_test_net_transport (self->server);
  self->clock = gan_fake_clock_new (g_get_real_time () / G_USEC_PER_SEC);
  self->http = gan_http_new (self->transport, GAN_CLOCK (self->clock));
}

static void
tear_down (Fixture *self, gconstpointer tls)
{
  g_assert_finalize_object (self->http);
  g_assert_finalize_object (self->clock);
  g_assert_finalize_object (self->transport);
  g_assert_finalize_object (self->server);
}

static guint
count (Fixture *self)
{
  return gan_test_server_count (self->server, NULL);
}

/* Asks, reads to the end, and gives what came or why not. */
static GBytes *
get (Fixture *self, GanRequest *request, GError **error)
{
  g_autoptr (GanResponse) response = gan_http_open (self->http, request, NULL, error);

  if (response == NULL)
    return NULL;
  return gan_response_read_all (response, 32 * 1024 * 1024, NULL, error);
}

static void
assert_refused (Fixture *self, GanRequest *request, GanErrorCode code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = get (self, request, &error);

  g_assert_null (bytes);
  g_assert_error (error, GAN_ERROR, (int) code);
}

/* 1. No cut body is ever a whole one: it is an error, or it is not proven to be whole. */
static void
test_completion (Fixture *self, gconstpointer tls)
{
  static const char *const paths[] = {
    "/trunc_always/a.bin?size=50000", "/rst_mid/a.bin?size=50000&always=1",
    "/chunk_trunc/a.bin?size=50000",  "/chunk_trunc/b.bin?size=50000&notify=1",
    "/chunk_midcut/a.bin?size=50000", "/close_delim/a.bin?size=50000&at=20000",
    "/cl_huge/a.bin?size=50000",      "/dup_cl/a.bin?size=50000",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr (GanRequest) request
          = gan_test_net_request (self->server, paths[i], GAN_REQUEST_MEDIA);
      g_autoptr (GanResponse) response = NULL;
      g_autoptr (GBytes) bytes = NULL;

      gan_request_set_max_tries (request, 1);
      response = gan_http_open (self->http, request, NULL, NULL);
      if (response != NULL)
        bytes = gan_response_read_all (response, 1000000, NULL, NULL);
      g_test_message ("%s", paths[i]);
      g_assert_true (bytes == NULL || !gan_response_is_proven_whole (response));
    }
}

/* 2. Media come as they are; what may be coded is unpacked up to a limit. */
static void
test_decoding (Fixture *self, gconstpointer tls)
{
  g_autoptr (GanRequest) coded
      = gan_test_net_request (self->server, "/gz/a.bin?size=1000", GAN_REQUEST_MEDIA);
  g_autoptr (GanRequest) bomb
      = gan_test_net_request (self->server, "/gz_bomb/a.json", GAN_REQUEST_METADATA);
  g_autoptr (GanResponse) response = NULL;
  g_autoptr (GanReply) reply = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GPtrArray) log = NULL;
  g_autoptr (GError) error = NULL;
  const GanTestRequest *seen;

  response = gan_http_open (self->http, coded, NULL, &error);
  g_assert_no_error (error);
  bytes = gan_response_read_all (response, 100000, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (memcmp (g_bytes_get_data (bytes, NULL), "\x1f\x8b", 2), ==, 0);
  log = gan_test_server_dup_requests (self->server, NULL);
  seen = log->pdata[0];
  g_assert_cmpstr (g_hash_table_lookup (seen->headers, "accept-encoding"), ==, "identity");

  gan_request_set_max_bytes (bomb, 1000000);
  reply = gan_http_fetch (self->http, bomb, NULL, &error);
  g_assert_null (reply);
  g_assert_error (error, GAN_ERROR, GAN_ERROR_TOO_LARGE);
}

/* 3. What was meant for one host does not reach another by a redirect. */
static void
test_redirects (Fixture *self, gconstpointer tls)
{
  static const char *const names[] = { "cookie", "authorization", "referer", "x-secret" };
  g_autoptr (GanRequest) request
      = gan_test_net_request (self->server, "/redir_host/a?host=localhost", GAN_REQUEST_METADATA);
  g_autoptr (GPtrArray) log = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    gan_request_set_header (request, names[i], "secret");
  bytes = get (self, request, &error);
  g_assert_no_error (error);
  log = gan_test_server_dup_requests (self->server, NULL);
  g_assert_cmpuint (log->len, ==, 2);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const GanTestRequest *first = log->pdata[0];
      const GanTestRequest *second = log->pdata[1];

      g_assert_cmpstr (g_hash_table_lookup (first->headers, names[i]), ==, "secret");
      g_assert_null (g_hash_table_lookup (second->headers, names[i]));
    }
}

/* 4. A challenge is an answer: nothing in the library takes it up, and the next request carries
 * what its asker set and nothing else. */
static void
test_challenges (Fixture *self, gconstpointer tls)
{
  static const char *const challenges[] = {
    "Basic%20realm=%22a%22",
    "Digest%20realm=%22a%22,%20nonce=%22abc%22,%20qop=%22auth%22,%20algorithm=MD5",
    "NTLM",
    "NTLM%20TlRMTVNTUAACAAAAAAAAADgAAAABAoECASNFZ4mrze8AAAAAAAAAAAAAAAAwAAAA",
    "Negotiate",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (challenges); i++)
    {
      g_autofree char *path = g_strdup_printf ("/status/%" G_GSIZE_FORMAT
                                               "?status=401&name=WWW-Authenticate&value=%s",
                                               i,
                                               challenges[i]);
      g_autoptr (GanRequest) request
          = gan_test_net_request (self->server, path, GAN_REQUEST_METADATA);
      g_autoptr (GanResponse) response = gan_http_open (self->http, request, NULL, NULL);

      g_autoptr (GanRequest) next
          = gan_test_net_request (self->server, "/echo", GAN_REQUEST_METADATA);
      g_autoptr (GBytes) rest = NULL;
      g_autoptr (GBytes) seen = NULL;

      g_assert_nonnull (response);
      g_assert_cmpuint (gan_response_get_status (response), ==, 401);
      rest = gan_response_read_all (response, 1000, NULL, NULL);
      g_assert_cmpuint (count (self), ==, 2 * i + 1);
      gan_request_set_header (next, "Authorization", "Bearer secret");
      seen = get (self, next, NULL);
      g_assert_nonnull (seen);
      g_assert_nonnull (
          g_strstr_len (g_bytes_get_data (seen, NULL), g_bytes_get_size (seen), "Bearer secret"));
      g_assert_cmpuint (count (self), ==, 2 * i + 2);
    }
  g_assert_cmpuint (gan_test_server_get_n_connections (self->server), ==, 1);
}

/* 5. Nothing that would break out of its line is sent. */
static void
test_headers (Fixture *self, gconstpointer tls)
{
  static const char *const values[] = { "a\r\nX-Injected: 1", "a\nb", "a\rb", "\x7f" };

  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autoptr (GanRequest) request
          = gan_test_net_request (self->server, "/echo", GAN_REQUEST_METADATA);

      gan_request_set_header (request, "X-Value", values[i]);
      assert_refused (self, request, GAN_ERROR_INVALID_DATA);
    }
  g_assert_cmpuint (gan_test_server_get_n_connections (self->server), ==, 0);
}

/* 6. Silence ends, before the head and in the body, and drops that come too slowly do. */
static void
test_time (Fixture *self, gconstpointer tls)
{
  static const char *const paths[]
      = { "/stall_head", "/stall_body/a.bin?always=1", "/drip/a.bin?fast=100", "/drip_head" };

  gan_http_set_time_limit (self->http, 1);
  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr (GanRequest) request
          = gan_test_net_request (self->server, paths[i], GAN_REQUEST_METADATA);
      g_autoptr (GanReply) reply = NULL;
      g_autoptr (GError) error = NULL;
      gint64 before = g_get_monotonic_time ();

      gan_request_set_max_tries (request, 1);
      reply = gan_http_fetch (self->http, request, NULL, &error);
      g_assert_null (reply);
      g_assert_error (error, GAN_ERROR, GAN_ERROR_TIMEOUT);
      g_assert_cmpint (g_get_monotonic_time () - before, <, 8 * G_USEC_PER_SEC);
    }
}

/* 7. A connection that was allowed to go anywhere is not there for who may only go public. */
static void
test_policies (Fixture *self, gconstpointer tls)
{
  g_autoptr (GanRequest) any
      = gan_test_net_request (self->server, "/file/a.bin?size=10", GAN_REQUEST_MEDIA);
  g_autoptr (GanRequest) public_only
      = gan_test_net_request (self->server, "/file/b.bin?size=10", GAN_REQUEST_MEDIA);
  g_autoptr (GBytes) bytes = get (self, any, NULL);

  g_assert_nonnull (bytes);
  g_assert_cmpuint (gan_soup_transport_get_n_idle (GAN_SOUP_TRANSPORT (self->transport)), ==, 1);
  gan_request_set_address_policy (public_only, GAN_ADDRESS_PUBLIC);
  assert_refused (self, public_only, GAN_ERROR_NOT_ALLOWED);
  g_assert_cmpuint (count (self), ==, 1);
  g_assert_cmpuint (gan_test_server_get_n_connections (self->server), ==, 1);
}

/* 8. What may not be repeated is sent once, on a connection of its own, whatever becomes of it. */
static void
test_post (Fixture *self, gconstpointer tls)
{
  static const char *const paths[] = { "/close_idle/a", "/no_answer/a", "/rst_connect/a" };
  g_autoptr (GanRequest) first
      = gan_test_net_request (self->server, "/close_idle/a?size=10", GAN_REQUEST_METADATA);
  g_autoptr (GBytes) warm = get (self, first, NULL);

  g_assert_nonnull (warm);
  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autofree char *text = gan_test_server_dup_url (self->server, paths[i]);
      g_autoptr (GanUrl) url = gan_url_parse (text, NULL);
      g_autoptr (GanRequest) request = gan_request_new ("POST", url);
      g_autoptr (GBytes) body = g_bytes_new_static ("a=b", 3);
      g_autoptr (GBytes) bytes = NULL;
      guint before = count (self);

      gan_request_set_body (request, "application/x-www-form-urlencoded", body);
      bytes = get (self, request, NULL);
      g_assert_cmpint (bytes != NULL, ==, i == 0);
      g_assert_cmpuint (count (self), ==, before + 1);
    }
}

/* And what may be repeated is, once, without its asker noticing (N12). */
static void
test_get_again (Fixture *self, gconstpointer tls)
{
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GanRequest) request
          = gan_test_net_request (self->server, "/close_idle/a?size=10", GAN_REQUEST_METADATA);
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) bytes = get (self, request, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (g_bytes_get_size (bytes), ==, 10);
    }
  g_assert_cmpuint (count (self), ==, 3);
}

/* 10. What a proxy says in the origin's place is neither followed nor kept nor shown. */
static void
test_proxy (Fixture *self, gconstpointer tls)
{
  static const int statuses[] = { 302, 403, 407, 502 };
  g_autoptr (GanTestServer) proxy = gan_test_server_new (FALSE);
  g_autofree char *proxy_url = gan_test_server_dup_url (proxy, "");
  GanSoupTransportOptions options = {
    .proxy = proxy_url,
    .ca_file = gan_test_server_get_ca_file (self->server),
  };
  g_autoptr (GanTransport) transport = gan_soup_transport_new (&options, NULL);
  g_autoptr (GanHttp) http = gan_http_new (transport, GAN_CLOCK (self->clock));

  for (gsize i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      g_autoptr (GanRequest) request
          = gan_test_net_request (self->server, "/echo", GAN_REQUEST_METADATA);
      g_autoptr (GError) error = NULL;
      g_autoptr (GanReply) reply = NULL;

      gan_request_set_max_tries (request, 1);
      gan_request_set_header (request, "Cookie", "sid=secret");
      gan_test_server_set_phase (proxy, statuses[i]);
      reply = gan_http_fetch (http, request, NULL, &error);
      g_assert_null (reply);
      g_assert_error (error, GAN_ERROR, GAN_ERROR_NETWORK);
      g_assert_cmpstr (gan_error_get_reason (error), ==, "proxy");
      g_assert_null (strstr (error->message, "something to say"));
      g_assert_cmpint (gan_error_get_retry_after (error), <=, 0);
      g_assert_cmpuint (gan_test_server_count (proxy, NULL), ==, i + 1);
    }
  g_assert_cmpuint (count (self), ==, 0);
}

static void
serve_login (GanTestExchange *exchange, gpointer user_data)
{
  gan_test_exchange_printf (exchange,
                            "HTTP/1.1 200 OK\r\nSet-Cookie: sid=secret; Secure\r\n"
                            "Connection: close\r\nContent-Length: 0\r\n\r\n");
  gan_test_exchange_close (exchange, FALSE);
}

/* N08: what is for the origin is not in the open request for the tunnel. */
static void
test_tunnel (Fixture *self, gconstpointer tls)
{
  static const char *const names[] = { "cookie", "authorization", "x-secret", "referer" };
  g_autoptr (GanTestServer) proxy = gan_test_server_new (FALSE);
  g_autofree char *proxy_url = gan_test_server_dup_url (proxy, "");
  GanSoupTransportOptions options = {
    .proxy = proxy_url,
    .ca_file = gan_test_server_get_ca_file (self->server),
  };
  g_autoptr (GanTransport) transport = gan_soup_transport_new (&options, NULL);
  g_autoptr (GanHttp) http = gan_http_new (transport, GAN_CLOCK (self->clock));
  g_autoptr (GanRequest) login
      = gan_test_net_request (self->server, "/login", GAN_REQUEST_METADATA);
  g_autoptr (GanRequest) request
      = gan_test_net_request (self->server, "/echo", GAN_REQUEST_METADATA);
  g_autoptr (GanReply) first = NULL;
  g_autoptr (GanReply) second = NULL;
  g_autoptr (GPtrArray) log = NULL;

  gan_test_server_add (self->server, "login", serve_login, NULL);
  first = gan_http_fetch (http, login, NULL, NULL);
  g_assert_nonnull (first);
  gan_request_set_header (request, "Authorization", "Bearer secret");
  gan_request_set_header (request, "X-Secret", "secret");
  second = gan_http_fetch (http, request, NULL, NULL);
  g_assert_nonnull (second);
  g_assert_nonnull (strstr (gan_reply_get_text (second, NULL), "Bearer secret"));
  g_assert_nonnull (strstr (gan_reply_get_text (second, NULL), "sid=secret"));
  log = gan_test_server_dup_requests (proxy, "CONNECT");
  g_assert_cmpuint (log->len, ==, 2);
  for (guint i = 0; i < log->len; i++)
    for (gsize name = 0; name < G_N_ELEMENTS (names); name++)
      {
        const GanTestRequest *seen = log->pdata[i];

        g_assert_null (g_hash_table_lookup (seen->headers, names[name]));
      }
}

static const struct
{
  const char *name;
  void (*run) (Fixture *self, gconstpointer tls);
  gboolean tls_only; /* without TLS a proxy speaks for the origin, and opens no tunnel */
} cases[] = {
  { "completion", test_completion }, { "decoding", test_decoding },
  { "redirects", test_redirects },   { "challenges", test_challenges },
  { "headers", test_headers },       { "time", test_time },
  { "policies", test_policies },     { "post", test_post },
  { "get-again", test_get_again },   { "proxy", test_proxy, TRUE },
  { "tunnel", test_tunnel, TRUE },
};

int
main (int argc, char **argv)
{
  gan_net_init ();
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    for (int tls = cases[i].tls_only; tls <= 1; tls++)
      {
        g_autofree char *path
            = g_strdup_printf ("/guards/%s/%s", cases[i].name, tls ? "tls" : "plain");

        g_test_add (path, Fixture, GINT_TO_POINTER (tls), set_up, cases[i].run, tear_down);
      }
  return g_test_run ();
}
