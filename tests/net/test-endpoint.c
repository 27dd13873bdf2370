/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where connections go: hostile spellings of private addresses reach nobody, a name is judged by
 * what it resolves to, a dead IPv6 costs little and once (reliability cases T01, T02, N04). */
#include "config.h"

#include "gan-connect-to.h"
#include "gan-endpoint.h"
#include "gan-limits.h"
#include "gan-test-net.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Resolves names to what a test says, "a.b.c.d e:f::1 …". */
#define TEST_TYPE_RESOLVER (test_resolver_get_type ())
G_DECLARE_FINAL_TYPE (TestResolver, test_resolver, TEST, RESOLVER, GResolver)

struct _TestResolver
{
  GResolver parent_instance;

  const char *addresses;
};

G_DEFINE_FINAL_TYPE (TestResolver, test_resolver, G_TYPE_RESOLVER)

static GList *
test_resolver_lookup (GResolver *resolver,
                      const char *host,
                      GCancellable *cancellable,
                      GError **error)
{
  g_auto (GStrv) words = g_strsplit (TEST_RESOLVER (resolver)->addresses, " ", -1);
  GList *list = NULL;

  for (gsize i = 0; words[i] != NULL; i++)
    list = g_list_append (list, g_inet_address_new_from_string (words[i]));
  return list;
}

static void
test_resolver_class_init (TestResolverClass *klass)
{
  G_RESOLVER_CLASS (klass)->lookup_by_name = test_resolver_lookup;
}

static void
test_resolver_init (TestResolver *self)
{
}

/* Has names resolve so until restore_resolver(). */
static GResolver *
replace_resolver (const char *addresses)
{
  g_autoptr (TestResolver) resolver = g_object_new (TEST_TYPE_RESOLVER, NULL);
  GResolver *old = g_resolver_get_default ();

  resolver->addresses = addresses;
  g_resolver_set_default (G_RESOLVER (resolver));
  return old;
}

static void
restore_resolver (GResolver *old)
{
  g_resolver_set_default (old);
  g_object_unref (old);
}

/* What an endpoint gives, as "address address …", or the error. */
static char *
enumerate (const char *host, guint16 port, GanFamilies *families, GError **error)
{
  GanEndpointTarget target = { "http", host, port, host, port, GAN_ADDRESS_ANY };
  g_autoptr (GanEndpoint) endpoint = NULL;
  g_autoptr (GSocketAddressEnumerator) enumerator = NULL;
  g_autoptr (GString) list = g_string_new (NULL);
  GSocketAddress *address = NULL;

  if (families == NULL)
    target.policy = GAN_ADDRESS_PUBLIC;
  families
      = families != NULL ? gan_families_ref (families) : gan_families_new (gan_clock_get_system ());
  endpoint = gan_endpoint_new (&target, families);
  gan_families_unref (families);
  enumerator = g_socket_connectable_enumerate (G_SOCKET_CONNECTABLE (endpoint));
  while ((address = g_socket_address_enumerator_next (enumerator, NULL, error)) != NULL)
    {
      GInetSocketAddress *inet = G_INET_SOCKET_ADDRESS (address);
      g_autofree char *text = g_inet_address_to_string (g_inet_socket_address_get_address (inet));

      g_assert_cmpuint (g_inet_socket_address_get_port (inet), ==, port);
      g_string_append_printf (list, "%s%s", list->len > 0 ? " " : "", text);
      g_object_unref (address);
    }
  return g_string_free (g_steal_pointer (&list), FALSE);
}

static const char *const hostile_hosts[] = {
  "127.0.0.1",
  "127.1",
  "127.000.000.001",
  "2130706433",
  "017700000001",
  "0x7f000001",
  "0x7f.1",
  "0177.0.0.1",
  "0.0.0.0",
  "0",
  "localhost",
  "localhost.",
  "LOCALHOST",
  "①②⑦.⓪.⓪.①",
  "127。0。0。1",
  "127.0.0.1.",
  "::1",
  "::",
  "::ffff:127.0.0.1",
  "::ffff:7f00:1",
  "::127.0.0.1",
  "64:ff9b::127.0.0.1",
  "64:ff9b:1::7f00:1",
  "2002:7f00:1::",
  "2001:0:7f00:1::1",
  "169.254.169.254",
  "evil.com\\@127.0.0.1",
};

/* Whether the URL layer lets a host through does not matter here: the endpoint stands on its own.
 */
static void
test_hostile_hosts (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (hostile_hosts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *given = enumerate (hostile_hosts[i], 80, NULL, &error);

      g_test_message ("%s: %s", hostile_hosts[i], error != NULL ? error->message : given);
      g_assert_cmpstr (given, ==, "");
      g_assert_nonnull (error);
      if (error->domain != G_RESOLVER_ERROR)
        g_assert_error (error, GAN_ERROR, GAN_ERROR_NOT_ALLOWED);
    }
}

/* The same hosts through the transport, in front of a server that would answer. */
static void
test_hostile_urls (void)
{
  g_autoptr (GanTestServer) server = gan_test_server_new (FALSE);
  g_autoptr (GanTransport) transport = gan_test_net_transport (server);
  g_autoptr (GBytes) control = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (hostile_hosts); i++)
    {
      gboolean is_ipv6 = strstr (hostile_hosts[i], "::") != NULL;
      g_autofree char *text
          = g_strdup_printf (is_ipv6 ? "http://[%s]:%u/file/a" : "http://%s:%u/file/a",
                             hostile_hosts[i],
                             gan_test_server_get_port (server));
      g_autoptr (GanUrl) url = gan_url_parse (text, NULL);
      g_autoptr (GanRequest) request = NULL;
      g_autoptr (GError) error = NULL;

      if (url == NULL)
        continue;
      request = gan_request_new ("GET", url);
      gan_request_set_address_policy (request, GAN_ADDRESS_PUBLIC);
      error = gan_test_net_fail (transport, request);
      if (!g_error_matches (error, GAN_ERROR, GAN_ERROR_NETWORK))
        gan_test_net_assert_reason (error, GAN_ERROR_NOT_ALLOWED, "address");
    }
  g_assert_cmpuint (gan_test_server_get_n_connections (server), ==, 0);
  control = gan_test_net_get (transport, server, "/file/a?size=10");
  g_assert_cmpuint (gan_test_server_get_n_connections (server), ==, 1);
}

static void
test_resolved_addresses (void)
{
  GResolver *old = replace_resolver ("10.0.0.1 93.184.216.34 ::1 2606:2800:220:1::1 127.0.0.1");
  g_autofree char *given = enumerate ("mixed.example", 80, NULL, NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *none = NULL;

  g_assert_cmpstr (given, ==, "93.184.216.34 2606:2800:220:1::1");
  restore_resolver (old);

  old = replace_resolver ("127.0.0.1 192.168.1.1");
  none = enumerate ("inside.example", 80, NULL, &error);
  g_assert_cmpstr (none, ==, "");
  g_assert_error (error, GAN_ERROR, GAN_ERROR_NOT_ALLOWED);
  g_assert_null (strstr (error->message, "192"));
  restore_resolver (old);
}

/* A resolver that knows no end of addresses does not keep us busy for ever. */
static void
test_many_addresses (void)
{
  g_autoptr (GString) many = g_string_new ("93.184.216.1");
  GResolver *old = NULL;
  g_autofree char *given = NULL;
  g_auto (GStrv) words = NULL;

  for (int i = 2; i < 50; i++)
    g_string_append_printf (many, " 93.184.216.%d", i);
  old = replace_resolver (many->str);
  given = enumerate ("many.example", 80, NULL, NULL);
  words = g_strsplit (given, " ", -1);
  g_assert_cmpuint (g_strv_length (words), ==, GAN_LIMIT_ADDRESSES);
  restore_resolver (old);
}

/* A port of loopback where connections are neither taken nor refused: its queue is full. */
typedef struct
{
  guint16 port;
  int listener;
  int waiting[8];
} BlackHole;

/* @port 0: any. */
static void
black_hole_open (BlackHole *self, const char *host, guint16 port)
{
  g_autoptr (GSocketAddress) wanted = g_inet_socket_address_new_from_string (host, port);
  struct sockaddr_storage address;
  socklen_t length = (socklen_t) g_socket_address_get_native_size (wanted);

  g_assert_true (g_socket_address_to_native (wanted, &address, sizeof address, NULL));
  self->listener = socket (address.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint (bind (self->listener, (struct sockaddr *) &address, length), ==, 0);
  g_assert_cmpint (listen (self->listener, 0), ==, 0);
  getsockname (self->listener, (struct sockaddr *) &address, &length);
  self->port = g_ntohs (((struct sockaddr_in *) &address)->sin_port);
  for (gsize i = 0; i < G_N_ELEMENTS (self->waiting); i++)
    {
      self->waiting[i] = socket (address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
      if (connect (self->waiting[i], (struct sockaddr *) &address, length) != 0)
        g_assert_cmpint (errno, ==, EINPROGRESS);
    }
}

static void
black_hole_close (BlackHole *self)
{
  for (gsize i = 0; i < G_N_ELEMENTS (self->waiting); i++)
    close (self->waiting[i]);
  close (self->listener);
}

static void
test_dead_ipv6 (void)
{
  g_autoptr (GanTestServer) server = gan_test_server_new (FALSE);
  guint16 port = gan_test_server_get_port (server);
  g_autoptr (GanTransport) transport = gan_test_net_transport (server);
  g_autofree char *text = g_strdup_printf ("http://dual.example:%u/file/a?size=10", port);
  g_autoptr (GanUrl) url = gan_url_parse (text, NULL);
  GResolver *old = replace_resolver ("::1 127.0.0.1");
  BlackHole hole;

  black_hole_open (&hole, "::1", port);
  for (int i = 0; i < 3; i++)
    {
      g_autoptr (GanRequest) request = gan_request_new ("GET", url);
      gint64 start = g_get_monotonic_time ();
      g_autoptr (GanResponse) response = gan_test_net_send (transport, request, NULL);

      /* Half a second is promised; the rest is for a busy machine. */
      g_assert_cmpint (g_get_monotonic_time () - start, <, G_USEC_PER_SEC);
    }
  black_hole_close (&hole);
  restore_resolver (old);
}

static GanRequest *
request_into (const BlackHole *hole)
{
  g_autofree char *text = g_strdup_printf ("http://127.0.0.1:%u/", hole->port);
  g_autoptr (GanUrl) url = gan_url_parse (text, NULL);

  return gan_request_new ("GET", url);
}

/* The time to connect is one for all addresses, and its end is told from that of an answer. */
static void
test_dead_host (void)
{
  GanSoupTransportOptions options = { .connect_seconds = 1, .io_seconds = 60 };
  g_autoptr (GanTransport) transport = gan_soup_transport_new (&options, NULL);
  g_autoptr (GanRequest) request = NULL;
  g_autoptr (GError) error = NULL;
  BlackHole hole;

  black_hole_open (&hole, "127.0.0.1", 0);
  request = request_into (&hole);
  error = gan_test_net_fail (transport, request);
  gan_test_net_assert_reason (error, GAN_ERROR_TIMEOUT, "connect");
  black_hole_close (&hole);
}

static gpointer
cancel_thread (gpointer data)
{
  g_cancellable_cancel (data);
  return NULL;
}

static void
test_cancel_connect (void)
{
  g_autoptr (GanTransport) transport = gan_soup_transport_new (NULL, NULL);
  g_autoptr (GanRequest) request = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  gint64 start = g_get_monotonic_time ();
  GThread *thread = NULL;
  BlackHole hole;

  black_hole_open (&hole, "127.0.0.1", 0);
  request = request_into (&hole);
  thread = g_thread_new ("cancel", cancel_thread, cancellable);
  g_assert_null (gan_transport_send (transport, request, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (g_get_monotonic_time () - start, <, G_USEC_PER_SEC);
  g_thread_join (thread);
  black_hole_close (&hole);
}

/* The outcome of a trial is remembered for a while, and forgotten when the host is out of reach. */
static void
test_family_memory (void)
{
  g_autoptr (GanFakeClock) clock = gan_fake_clock_new (1000000);
  g_autoptr (GanFamilies) families = gan_families_new (GAN_CLOCK (clock));
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  guint16 port = g_socket_listener_add_any_inet_port (listener, NULL, NULL);
  GResolver *old = replace_resolver ("::1 127.0.0.1");
  g_autofree char *alive = enumerate ("dual.example", port, families, NULL);
  g_autofree char *kept = NULL;
  g_autofree char *anew = NULL;
  g_autofree char *later = NULL;

  g_assert_cmpstr (alive, ==, "::1 127.0.0.1");
  g_socket_listener_close (listener);
  kept = enumerate ("dual.example", port, families, NULL);
  g_assert_cmpstr (kept, ==, "::1 127.0.0.1");

  gan_families_forget (families, "dual.example");
  anew = enumerate ("dual.example", port, families, NULL);
  g_assert_cmpstr (anew, ==, "127.0.0.1 ::1");

  g_socket_listener_add_inet_port (listener, port, NULL, NULL);
  gan_fake_clock_advance (clock, (gint64) 3600 * G_USEC_PER_SEC);
  later = enumerate ("dual.example", port, families, NULL);
  g_assert_nonnull (later);
  restore_resolver (old);
}

static void
check_connect_to (const char *entry, const char *host, guint16 port, const char *expected)
{
  const char *entries[] = { entry, NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (GanConnectTo) table = gan_connect_to_new (entries, &error);
  g_autofree char *found = NULL;
  const char *to_host = NULL;
  guint16 to_port = 0;

  g_assert_no_error (error);
  gan_connect_to_find (table, host, port, &to_host, &to_port);
  found = g_strdup_printf ("%s %u", to_host, to_port);
  g_assert_cmpstr (found, ==, expected);
}

static void
test_connect_to (void)
{
  static const char *const bad[] = {
    "",        "a",           "a:1",      "a:1:b",       "a:1:b:2:c",    "a:0:b:2",
    "a:x:b:2", "a:1:b:70000", "a:-1:b:2", "[::1:80:b:2", "a:1:[::1]x:2",
  };

  check_connect_to ("a.example:80:b.example:81", "a.example", 80, "b.example 81");
  check_connect_to ("a.example:80:b.example:81", "A.EXAMPLE", 80, "b.example 81");
  check_connect_to ("a.example:80:b.example:81", "a.example", 82, "a.example 82");
  check_connect_to ("a.example:80:b.example:81", "c.example", 80, "c.example 80");
  check_connect_to ("::b.example:", "any.example", 443, "b.example 443");
  check_connect_to (":443::8443", "any.example", 443, "any.example 8443");
  check_connect_to (":443::8443", "any.example", 80, "any.example 80");
  check_connect_to ("a:80:[::1]:8080", "a", 80, "::1 8080");
  check_connect_to ("[2001:db8::1]:80:c:1", "2001:db8::1", 80, "c 1");
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      const char *entries[] = { bad[i], NULL };
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", bad[i]);
      g_assert_null (gan_connect_to_new (entries, &error));
      g_assert_error (error, GAN_ERROR, GAN_ERROR_INVALID_DATA);
    }
}

int
main (int argc, char **argv)
{
  gan_net_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/endpoint/hostile-hosts", test_hostile_hosts);
  g_test_add_func ("/endpoint/hostile-urls", test_hostile_urls);
  g_test_add_func ("/endpoint/resolved-addresses", test_resolved_addresses);
  g_test_add_func ("/endpoint/many-addresses", test_many_addresses);
  g_test_add_func ("/endpoint/dead-ipv6", test_dead_ipv6);
  g_test_add_func ("/endpoint/dead-host", test_dead_host);
  g_test_add_func ("/endpoint/cancel-connect", test_cancel_connect);
  g_test_add_func ("/endpoint/family-memory", test_family_memory);
  g_test_add_func ("/endpoint/connect-to", test_connect_to);
  return g_test_run ();
}
