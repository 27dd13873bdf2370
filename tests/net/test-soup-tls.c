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

#define N_STALLED 12
#define N_GIVEN_UP 2

typedef struct
{
  GanTransport *transport;
  GanRequest *request;
  GCancellable *cancellable;
  GError *error;
  GThread *thread;
} Call;

static gpointer
call_thread (gpointer data)
{
  Call *call = data;
  g_autoptr (GanResponse) response
      = gan_transport_send (call->transport, call->request, call->cancellable, &call->error);

  g_assert_null (response);
  return NULL;
}

static void
call_start (Call *call, GanTransport *transport, const char *url)
{
  call->transport = transport;
  call->request = request_for (url);
  call->cancellable = g_cancellable_new ();
  call->thread = g_thread_new ("call", call_thread, call);
}

static void
call_join (Call *call)
{
  g_thread_join (call->thread);
  g_assert_true (gan_error_is_cancelled (call->error));
  g_clear_error (&call->error);
  g_object_unref (call->request);
  g_object_unref (call->cancellable);
}

static void
wait_connections (GanTestServer *server, guint count)
{
  gint64 end = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;

  while (gan_test_server_get_n_connections (server) < count && g_get_monotonic_time () < end)
    g_thread_yield ();
  g_assert_cmpuint (gan_test_server_get_n_connections (server), >=, count);
}

/* One more connection, cancelled while TLS is agreed on. */
static void
cancel_one (GanTransport *transport, GanTestServer *server)
{
  guint count = gan_test_server_get_n_connections (server);
  Call call = { NULL };
  gint64 before = 0;

  call_start (&call, transport, "https://late.site.test/file/");
  wait_connections (server, count + 1);
  before = g_get_monotonic_time ();
  g_cancellable_cancel (call.cancellable);
  call_join (&call);
  g_assert_cmpint (g_get_monotonic_time () - before, <, 5 * G_USEC_PER_SEC);
}

/* Many hosts take the connection and then say nothing. GLib would have all threads of its pool wait
 * for them; once its pool has grown for them and shrunk again, whoever comes later waits there and
 * cannot even be cancelled. */
static void
test_stalled_handshakes (void)
{
  g_autoptr (GanTestServer) silent = gan_test_server_new (TRUE);
  g_autoptr (GanTestServer) second = gan_test_server_new (TRUE);
  g_autofree char *others
      = g_strdup_printf (":443:127.0.0.1:%u", gan_test_server_get_port (silent));
  g_autofree char *late
      = g_strdup_printf ("late.site.test:443:127.0.0.1:%u", gan_test_server_get_port (second));
  const char *entries[] = { late, others, NULL };
  GanSoupTransportOptions options
      = { .connect_to = entries, .ca_file = gan_test_server_get_ca_file (silent) };
  g_autoptr (GanTransport) transport = gan_soup_transport_new (&options, NULL);
  Call calls[N_STALLED] = { { NULL } };

  gan_test_server_set_accept_mode (silent, GAN_TEST_ACCEPT_SILENT);
  gan_test_server_set_accept_mode (second, GAN_TEST_ACCEPT_SILENT);
  for (guint i = 0; i < N_STALLED; i++)
    {
      g_autofree char *url = g_strdup_printf ("https://h%u.site.test/file/", i);

      call_start (&calls[i], transport, url);
    }
  wait_connections (silent, N_STALLED);

  /* None gets as far as a request, however long one looks. */
  g_assert_false (gan_test_server_wait_count (silent, NULL, 1, 500));
  for (guint i = 0; i < N_GIVEN_UP; i++)
    {
      g_cancellable_cancel (calls[i].cancellable);
      call_join (&calls[i]);
    }
  cancel_one (transport, second);

  for (guint i = N_GIVEN_UP; i < N_STALLED; i++)
    g_cancellable_cancel (calls[i].cancellable);
  for (guint i = N_GIVEN_UP; i < N_STALLED; i++)
    call_join (&calls[i]);
  g_assert_cmpuint (gan_soup_transport_get_n_leased (GAN_SOUP_TRANSPORT (transport)), ==, 0);
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
  g_test_add_func ("/soup-tls/stalled-handshakes", test_stalled_handshakes);
  return g_test_run ();
}
