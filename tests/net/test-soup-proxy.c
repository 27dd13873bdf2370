/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Proxies: what they get to see, and what they may not say (reliability cases N07 and N08,
 * §4.2.10). The test server is the proxy; its tunnels end at loopback, whatever host they are for.
 */
#include "config.h"

#include "gan-test-net.h"

#include <string.h>

typedef struct
{
  GanTestServer *proxy;
  GanTestServer *origin;
  GanTransport *transport;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  static const char *const hosts[] = { "media.example", NULL };
  g_autofree char *url = NULL;
  GanSoupTransportOptions options = { .io_seconds = 10 };
  g_autoptr (GError) error = NULL;

  fixture->proxy = gan_test_server_new (FALSE);
  fixture->origin = gan_test_server_new_for_hosts (hosts);
  url = gan_test_server_dup_url (fixture->proxy, "");
  options.proxy = url;
  options.ca_file = gan_test_server_get_ca_file (fixture->origin);
  fixture->transport = gan_soup_transport_new (&options, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (fixture->transport);
  g_assert_finalize_object (fixture->proxy);
  g_assert_finalize_object (fixture->origin);
}

static GanRequest *
secure_request (Fixture *fixture)
{
  g_autofree char *text = g_strdup_printf ("https://media.example:%u/file/a.bin?size=1000",
                                           gan_test_server_get_port (fixture->origin));
  g_autoptr (GanUrl) url = gan_url_parse (text, NULL);
  GanRequest *request = gan_request_new ("GET", url);

  gan_request_set_header (request, "Cookie", "sid=hush");
  gan_request_set_header (request, "Authorization", "Bearer hush");
  gan_request_set_header (request, "Referer", "https://media.example/hush");
  return request;
}

/* TLS goes through the tunnel and is checked against the origin's name; the proxy sees where to,
 * and nothing else. */
static void
test_tunnel (Fixture *fixture, gconstpointer data)
{
  for (int i = 0; i < 3; i++)
    {
      g_autoptr (GanRequest) request = secure_request (fixture);
      g_autoptr (GanResponse) response = gan_test_net_send (fixture->transport, request, NULL);
      g_autoptr (GBytes) bytes = gan_response_read_all (response, 1000, NULL, NULL);

      g_assert_cmpuint (g_bytes_get_size (bytes), ==, 1000);
    }
  g_assert_cmpuint (gan_test_server_get_n_connections (fixture->proxy), ==, 1);
  g_assert_cmpuint (gan_test_server_get_n_connections (fixture->origin), ==, 1);
  g_assert_cmpuint (gan_test_server_count (fixture->origin, "file"), ==, 3);
}

static void
assert_proxy_saw_nothing (Fixture *fixture)
{
  g_autoptr (GPtrArray) log = gan_test_server_dup_requests (fixture->proxy, NULL);

  g_assert_cmpuint (log->len, >, 0);
  for (guint i = 0; i < log->len; i++)
    {
      const GanTestRequest *seen = log->pdata[i];
      GHashTableIter iter;
      gpointer name = NULL;
      gpointer value = NULL;

      g_assert_cmpstr (seen->method, ==, "CONNECT");
      g_hash_table_iter_init (&iter, seen->headers);
      while (g_hash_table_iter_next (&iter, &name, &value))
        {
          g_assert_null (strstr (value, "hush"));
          g_assert_cmpstr (name, !=, "cookie");
        }
    }
}

static void
test_connect_headers (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GanRequest) request = secure_request (fixture);
  g_autoptr (GanResponse) response = gan_test_net_send (fixture->transport, request, NULL);
  g_autoptr (GPtrArray) log = gan_test_server_dup_requests (fixture->origin, "file");
  const GanTestRequest *seen = log->pdata[0];

  assert_proxy_saw_nothing (fixture);
  g_assert_cmpstr (g_hash_table_lookup (seen->headers, "cookie"), ==, "sid=hush");
}

/* A refusal to tunnel is never taken for an answer of the origin, whatever its status, and nothing
 * of it is shown. */
static void
test_refusals (Fixture *fixture, gconstpointer data)
{
  static const int statuses[] = { 301, 302, 400, 403, 404, 407, 429, 500, 503 };

  for (gsize i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      g_autoptr (GanRequest) request = secure_request (fixture);
      g_autoptr (GError) error = NULL;

      gan_test_server_set_phase (fixture->proxy, statuses[i]);
      error = gan_test_net_fail (fixture->transport, request);
      gan_test_net_assert_reason (error, GAN_ERROR_NETWORK, "proxy");
      g_assert_null (strstr (error->message, "something to say"));
      g_assert_cmpint (gan_error_get_retry_after (error), <=, 0);
    }
  assert_proxy_saw_nothing (fixture);
  g_assert_cmpuint (gan_test_server_get_n_connections (fixture->origin), ==, 0);
}

static void
test_dies_midway (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = g_strdup_printf ("https://media.example:%u/file/a.bin?size=1000000",
                                           gan_test_server_get_port (fixture->origin));
  g_autoptr (GanUrl) url = gan_url_parse (text, NULL);
  g_autoptr (GanRequest) request = gan_request_new ("GET", url);
  g_autoptr (GError) error = NULL;

  gan_test_server_set_phase (fixture->proxy, 50);
  error = gan_test_net_fail (fixture->transport, request);
  if (!g_error_matches (error, GAN_ERROR, GAN_ERROR_TRUNCATED))
    gan_test_net_assert_reason (error, GAN_ERROR_NETWORK, "reset");
}

static void
test_plain (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GanUrl) url = gan_url_parse ("http://plain.example/file/a.bin?size=1000", NULL);
  g_autoptr (GanRequest) request = gan_request_new ("GET", url);
  g_autoptr (GanResponse) response = gan_test_net_send (fixture->transport, request, NULL);
  g_autoptr (GBytes) bytes = gan_response_read_all (response, 1000, NULL, NULL);

  g_assert_cmpuint (g_bytes_get_size (bytes), ==, 1000);
}

static void
answer_407 (GanTestExchange *exchange, gpointer user_data)
{
  gan_test_exchange_printf (exchange,
                            "HTTP/1.1 407 No\r\nProxy-Authenticate: Basic\r\n"
                            "Content-Length: 4\r\n\r\nhush");
}

static void
test_plain_407 (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GanUrl) url = gan_url_parse ("http://plain.example/password/", NULL);
  g_autoptr (GanRequest) request = gan_request_new ("GET", url);
  g_autoptr (GError) error = NULL;

  gan_test_server_add (fixture->proxy, "password", answer_407, NULL);
  error = gan_test_net_fail (fixture->transport, request);
  gan_test_net_assert_reason (error, GAN_ERROR_NETWORK, "proxy");
}

/* The policy could not be enforced behind a proxy, so nothing is sent at all. */
static void
test_policy (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GanRequest) request = secure_request (fixture);
  g_autoptr (GError) error = NULL;

  gan_request_set_address_policy (request, GAN_ADDRESS_PUBLIC);
  error = gan_test_net_fail (fixture->transport, request);
  g_assert_error (error, GAN_ERROR, GAN_ERROR_NOT_ALLOWED);
  g_assert_cmpstr (gan_error_get_reason (error), ==, "proxy");
  g_assert_cmpuint (gan_test_server_get_n_connections (fixture->proxy), ==, 0);
}

int
main (int argc, char **argv)
{
  gan_net_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/soup-proxy/tunnel", Fixture, NULL, set_up, test_tunnel, tear_down);
  g_test_add ("/soup-proxy/connect-headers",
              Fixture,
              NULL,
              set_up,
              test_connect_headers,
              tear_down);
  g_test_add ("/soup-proxy/refusals", Fixture, NULL, set_up, test_refusals, tear_down);
  g_test_add ("/soup-proxy/dies-midway", Fixture, NULL, set_up, test_dies_midway, tear_down);
  g_test_add ("/soup-proxy/plain", Fixture, NULL, set_up, test_plain, tear_down);
  g_test_add ("/soup-proxy/plain-407", Fixture, NULL, set_up, test_plain_407, tear_down);
  g_test_add ("/soup-proxy/policy", Fixture, NULL, set_up, test_policy, tear_down);
  return g_test_run ();
}
