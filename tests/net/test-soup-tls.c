/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Certificates that are refused, with the reason, and the host name that TLS asks and checks
 * whatever the connection really goes to (reliability case N05). */
#include "config.h"

#include "gan-test-net.h"
#include "gan-trust.h"

#include <glib/gstdio.h>
#include <string.h>

static void
check_refused (GanTestTlsMode mode, const char *reason)
{
  g_autoptr (GanTestServer) server = gan_test_server_new_tls (mode);
  g_autoptr (GanTransport) transport = gan_test_net_transport (server);
  g_autoptr (GanRequest) request
      = gan_test_net_request (server, "/file/a.bin?size=10", GAN_REQUEST_MEDIA);
  g_autoptr (GError) error = gan_test_net_fail (transport, request);

  gan_test_net_assert_reason (error, GAN_ERROR_TLS, reason);
  g_assert_cmpuint (gan_test_server_count (server, NULL), ==, 0);
}

static void
test_reasons (void)
{
  check_refused (GAN_TEST_TLS_EXPIRED, "expired");
  check_refused (GAN_TEST_TLS_NOT_YET, "not-yet-valid");
  check_refused (GAN_TEST_TLS_WRONG_HOST, "wrong-host");
  check_refused (GAN_TEST_TLS_SELF_SIGNED, "unknown-authority");
  check_refused (GAN_TEST_TLS_OLD, "handshake");
  check_refused (GAN_TEST_TLS_CUT, "handshake");
}

/* A certificate's dates are read against the clock of the computer: the message says so. */
static void
test_clock (void)
{
  g_autoptr (GanTestServer) server = gan_test_server_new_tls (GAN_TEST_TLS_NOT_YET);
  g_autoptr (GanTransport) transport = gan_test_net_transport (server);
  g_autoptr (GanRequest) request = gan_test_net_request (server, "/file/", GAN_REQUEST_MEDIA);
  g_autoptr (GError) error = gan_test_net_fail (transport, request);

  g_assert_nonnull (strstr (error->message, "clock"));
}

/* A relative path is one from the working directory. */
static void
test_relative_path (void)
{
  g_autoptr (GanTestServer) server = gan_test_server_new (TRUE);
  g_autofree char *folder = g_path_get_dirname (gan_test_server_get_ca_file (server));
  g_autofree char *name = g_path_get_basename (gan_test_server_get_ca_file (server));
  g_autofree char *here = g_get_current_dir ();
  GanSoupTransportOptions options = { .ca_file = name };
  g_autoptr (GanTransport) transport = NULL;
  g_autoptr (GBytes) bytes = NULL;

  g_assert_cmpint (g_chdir (folder), ==, 0);
  transport = gan_soup_transport_new (&options, NULL);
  g_assert_cmpint (g_chdir (here), ==, 0);
  bytes = gan_test_net_get (transport, server, "/file/a.bin?size=10");
  g_assert_cmpuint (g_bytes_get_size (bytes), ==, 10);
}

/* Connections do not read the authorities again: the one database that they start with stands
 * before the system's. */
static void
test_authorities_are_shared (void)
{
  g_autoptr (GanTestServer) server = gan_test_server_new (TRUE);
  g_autoptr (GanTransport) transport = gan_test_net_transport (server);
  g_autoptr (GBytes) bytes = gan_test_net_get (transport, server, "/file/a.bin?size=10");
  g_autoptr (GTlsDatabase) database
      = g_tls_backend_get_default_database (g_tls_backend_get_default ());

  g_assert_true (GAN_IS_TRUST (database));
}

/* Without the file of authorities the system's count, and these do not know the server. */
static void
test_authorities (void)
{
  g_autoptr (GanTestServer) server = gan_test_server_new (TRUE);
  g_autoptr (GanTransport) transport = gan_soup_transport_new (NULL, NULL);
  g_autoptr (GanRequest) request = gan_test_net_request (server, "/file/", GAN_REQUEST_MEDIA);
  g_autoptr (GError) error = gan_test_net_fail (transport, request);

  gan_test_net_assert_reason (error, GAN_ERROR_TLS, "unknown-authority");
}

/* A transport whose connections for @origin, HOST:PORT, go to @port of this computer. */
static GanTransport *
connect_to (const char *origin, guint port, const char *ca_file)
{
  g_autofree char *entry = g_strdup_printf ("%s:127.0.0.1:%u", origin, port);
  const char *entries[] = { entry, NULL };
  GanSoupTransportOptions options = { .connect_to = entries, .ca_file = ca_file };
  g_autoptr (GError) error = NULL;
  GanTransport *transport = gan_soup_transport_new (&options, &error);

  g_assert_no_error (error);
  return transport;
}

static GanRequest *
request_for (const char *text)
{
  g_autoptr (GanUrl) url = gan_url_parse (text, NULL);

  g_assert_nonnull (url);
  return gan_request_new ("GET", url);
}

static void
test_connect_to (void)
{
  static const char *const hosts[] = { "media.example", NULL };
  g_autoptr (GanTestServer) server = gan_test_server_new_for_hosts (hosts);
  const char *ca_file = gan_test_server_get_ca_file (server);
  guint port = gan_test_server_get_port (server);
  g_autoptr (GanTransport) transport = connect_to (":", port, ca_file);
  g_autoptr (GanRequest) right = request_for ("https://media.example/file/a.bin?size=10");
  g_autoptr (GanRequest) wrong = request_for ("https://other.example/file/a.bin?size=10");
  g_autoptr (GanResponse) response = gan_test_net_send (transport, right, NULL);
  g_autoptr (GBytes) bytes = gan_response_read_all (response, 100, NULL, NULL);
  g_autoptr (GPtrArray) log = gan_test_server_dup_requests (server, NULL);
  const GanTestRequest *seen = log->pdata[0];
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (g_bytes_get_size (bytes), ==, 10);
  g_assert_cmpstr (g_hash_table_lookup (seen->headers, "host"), ==, "media.example");
  error = gan_test_net_fail (transport, wrong);
  gan_test_net_assert_reason (error, GAN_ERROR_TLS, "wrong-host");
}

typedef struct
{
  GSocketListener *listener;
  char hello[4096];
  gssize n_bytes;
} Listener;

static gpointer
listen_thread (gpointer data)
{
  Listener *self = data;
  g_autoptr (GSocketConnection) connection
      = g_socket_listener_accept (self->listener, NULL, NULL, NULL);

  self->n_bytes = g_input_stream_read (g_io_stream_get_input_stream (G_IO_STREAM (connection)),
                                       self->hello,
                                       sizeof self->hello,
                                       NULL,
                                       NULL);
  return NULL;
}

/* The name in the handshake's first message is that of the URL. */
static void
test_server_name (void)
{
  Listener listener = { g_socket_listener_new (), { 0 }, 0 };
  guint port = g_socket_listener_add_any_inet_port (listener.listener, NULL, NULL);
  g_autoptr (GanTransport) transport = connect_to ("named.example:443", port, NULL);
  g_autoptr (GanRequest) request = request_for ("https://named.example/");
  GThread *thread = g_thread_new ("listen", listen_thread, &listener);
  g_autoptr (GError) error = gan_test_net_fail (transport, request);

  g_thread_join (thread);
  g_assert_cmpint (listener.n_bytes, >, 0);
  g_assert_nonnull (memmem (listener.hello, listener.n_bytes, "named.example", 13));
  g_object_unref (listener.listener);
}

int
main (int argc, char **argv)
{
  gan_net_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/soup-tls/reasons", test_reasons);
  g_test_add_func ("/soup-tls/clock", test_clock);
  g_test_add_func ("/soup-tls/authorities", test_authorities);
  g_test_add_func ("/soup-tls/relative-path", test_relative_path);
  g_test_add_func ("/soup-tls/authorities-are-shared", test_authorities_are_shared);
  g_test_add_func ("/soup-tls/connect-to", test_connect_to);
  g_test_add_func ("/soup-tls/server-name", test_server_name);
  return g_test_run ();
}
