/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How connections are used: reused, leased, dropped, cancelled, retried, bounded. Counted at the
 * server. */
#include "config.h"

#include "gan-limits.h"
#include "gan-test-fixture.h"
#include "gan-test-net.h"

#include <string.h>

#define N_THREADS 8

typedef struct
{
  GanTestServer *server;
  GanTransport *transport;
  GanFakeClock *clock;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  GanSoupTransportOptions options = { .io_seconds = 2, .max_connections_per_host = N_THREADS };
  g_autoptr (GError) error = NULL;

  fixture->server = gan_test_server_new (FALSE);
  fixture->clock = gan_fake_clock_new (1000000);
  options.clock = GAN_CLOCK (fixture->clock);
  fixture->transport = gan_soup_transport_new (&options, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpuint (gan_soup_transport_get_n_leased (GAN_SOUP_TRANSPORT (fixture->transport)),
                    ==,
                    0);
  g_assert_finalize_object (fixture->transport);
  g_assert_finalize_object (fixture->clock);
  g_assert_finalize_object (fixture->server);
}

static guint
n_idle (Fixture *fixture)
{
  return gan_soup_transport_get_n_idle (GAN_SOUP_TRANSPORT (fixture->transport));
}

static guint
n_connections (Fixture *fixture)
{
  return gan_test_server_get_n_connections (fixture->server);
}

static void
get_file (Fixture *fixture)
{
  g_autoptr (GBytes) bytes
      = gan_test_net_get (fixture->transport, fixture->server, "/file/a.bin?size=1000");

  g_assert_cmpuint (g_bytes_get_size (bytes), ==, 1000);
}

static void
test_reuse (Fixture *fixture, gconstpointer data)
{
  for (int i = 0; i < 20; i++)
    get_file (fixture);
  g_assert_cmpuint (gan_test_server_count (fixture->server, "file"), ==, 20);
  g_assert_cmpuint (n_connections (fixture), ==, 1);
  g_assert_cmpuint (n_idle (fixture), ==, 1);
}

/* What may not share a connection: another site, purpose, or address policy. */
static void
test_trust_domains (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *site;
    GanRequestPurpose purpose;
  } domains[] = {
    { NULL, GAN_REQUEST_METADATA },    { NULL, GAN_REQUEST_MEDIA },
    { "site", GAN_REQUEST_METADATA },  { "site", GAN_REQUEST_MEDIA },
    { "other", GAN_REQUEST_METADATA },
  };

  for (int round = 0; round < 2; round++)
    for (gsize i = 0; i < G_N_ELEMENTS (domains); i++)
      {
        g_autoptr (GanRequest) request
            = gan_test_net_request (fixture->server, "/file/a.bin?size=10", domains[i].purpose);
        g_autoptr (GanResponse) response = NULL;
        g_autoptr (GBytes) bytes = NULL;

        gan_request_set_site (request, domains[i].site);
        response = gan_test_net_send (fixture->transport, request, NULL);
        bytes = gan_response_read_all (response, 100, NULL, NULL);
        g_assert_nonnull (bytes);
      }
  g_assert_cmpuint (n_connections (fixture), ==, G_N_ELEMENTS (domains));
  g_assert_cmpuint (n_idle (fixture), ==, G_N_ELEMENTS (domains));
}

static void
test_idle_ends (Fixture *fixture, gconstpointer data)
{
  get_file (fixture);
  gan_fake_clock_advance (fixture->clock, (GAN_LIMIT_IDLE_SECONDS - 1) * G_USEC_PER_SEC);
  g_assert_cmpuint (n_idle (fixture), ==, 1);
  gan_fake_clock_advance (fixture->clock, G_USEC_PER_SEC);
  g_assert_cmpuint (n_idle (fixture), ==, 0);
  get_file (fixture);
  g_assert_cmpuint (n_connections (fixture), ==, 2);
}

static gboolean
look_again_cb (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

/* In a program with a main loop they end by themselves. */
static void
test_idle_ends_alone (Fixture *fixture, gconstpointer data)
{
  guint ticks = g_timeout_add (20, look_again_cb, NULL);

  get_file (fixture);
  gan_fake_clock_advance (fixture->clock, GAN_LIMIT_IDLE_SECONDS * G_USEC_PER_SEC);
  while (gan_test_server_get_n_open (fixture->server) > 0)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (ticks);
}

/* The connection of a body that nobody read to its end is not used again, nor is one whose answer
 * was never read. */
static void
test_half_read (Fixture *fixture, gconstpointer data)
{
  for (gsize n_bytes = 0; n_bytes <= 1000; n_bytes += 500)
    {
      g_autoptr (GanResponse) response
          = gan_test_net_open (fixture->transport, fixture->server, "/file/a.bin?size=1000000");
      guint8 buffer[1000];

      if (n_bytes > 0)
        g_assert_cmpint (gan_response_read (response, buffer, n_bytes, NULL, NULL), >, 0);
      gan_response_close (response);
      gan_response_close (response);
      g_assert_cmpint (gan_response_read (response, buffer, 1, NULL, NULL), ==, -1);
      g_assert_cmpuint (n_idle (fixture), ==, 0);
    }
  g_assert_cmpuint (n_connections (fixture), ==, 3);
}

/* A response that outlives its transport is still good, and its connection ends with it. */
static void
test_outlives (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GanTransport) transport = gan_test_net_transport (fixture->server);
  g_autoptr (GanResponse) response
      = gan_test_net_open (transport, fixture->server, "/file/a.bin?size=100000");
  g_autoptr (GBytes) bytes = NULL;

  g_assert_finalize_object (g_steal_pointer (&transport));
  bytes = gan_response_read_all (response, 100000, NULL, NULL);
  g_assert_cmpuint (g_bytes_get_size (bytes), ==, 100000);
}

static gpointer
read_thread (gpointer data)
{
  Fixture *fixture = data;

  for (int i = 0; i < 20; i++)
    get_file (fixture);
  return NULL;
}

/* Threads that ask the same host at once never share a connection, and never open more than one
 * each. */
static void
test_threads (Fixture *fixture, gconstpointer data)
{
  GThread *threads[N_THREADS];

  for (gsize i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new ("get", read_thread, fixture);
  for (gsize i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);
  g_assert_cmpuint (gan_test_server_count (fixture->server, "file"), ==, 20 * N_THREADS);
  g_assert_cmpuint (n_connections (fixture), <=, N_THREADS);
}

/* Two answers read in turn by one thread are two connections. */
static void
test_two_leases (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GanResponse) first
      = gan_test_net_open (fixture->transport, fixture->server, "/file/a.bin?size=1000&seed=1");
  g_autoptr (GanResponse) second
      = gan_test_net_open (fixture->transport, fixture->server, "/file/b.bin?size=1000&seed=2");
  g_autoptr (GBytes) first_bytes = gan_response_read_all (first, 1000, NULL, NULL);
  g_autoptr (GBytes) second_bytes = gan_response_read_all (second, 1000, NULL, NULL);
  g_autoptr (GBytes) first_expected = gan_test_body (1000, 1);
  g_autoptr (GBytes) second_expected = gan_test_body (1000, 2);

  g_assert_true (g_bytes_equal (first_bytes, first_expected));
  g_assert_true (g_bytes_equal (second_bytes, second_expected));
  g_assert_cmpuint (gan_response_get_connection_id (first),
                    !=,
                    gan_response_get_connection_id (second));
  g_assert_cmpuint (n_connections (fixture), ==, 2);
}

/* Connections at rest make room: a host never sees more than its limit from one process. */
static void
test_room (Fixture *fixture, gconstpointer data)
{
  GanSoupTransportOptions options = { .max_connections_per_host = 2 };
  g_autoptr (GanTransport) transport = gan_soup_transport_new (&options, NULL);

  for (guint i = 0; i < 6; i++)
    {
      g_autoptr (GanRequest) request
          = gan_test_net_request (fixture->server, "/file/a.bin?size=10", GAN_REQUEST_MEDIA);
      g_autofree char *site = g_strdup_printf ("site-%u", i);
      g_autoptr (GanResponse) response = NULL;
      g_autoptr (GBytes) bytes = NULL;

      gan_request_set_site (request, site);
      response = gan_test_net_send (transport, request, NULL);
      bytes = gan_response_read_all (response, 100, NULL, NULL);
      g_assert_cmpuint (gan_soup_transport_get_n_idle (GAN_SOUP_TRANSPORT (transport)),
                        ==,
                        MIN (i + 1, 2));
    }
}

typedef struct
{
  GanTransport *transport;
  GanRequest *request;
  GCancellable *cancellable;
  GError *error;
  gint64 ended;
} Job;

static gpointer
job_thread (gpointer data)
{
  Job *job = data;
  g_autoptr (GanResponse) response
      = gan_transport_send (job->transport, job->request, job->cancellable, &job->error);
  g_autoptr (GBytes) bytes = NULL;

  if (response != NULL)
    bytes = gan_response_read_all (response, G_MAXINT32, job->cancellable, &job->error);
  g_assert_null (bytes);
  g_clear_object (&response);
  job->ended = g_get_monotonic_time ();
  return NULL;
}

/* Cancels once the server has the request and, where the body has begun, some of it was sent. */
static void
check_cancel (Fixture *fixture, const char *scenario, const char *path, guint64 n_bytes)
{
  g_autoptr (GanRequest) request = gan_test_net_request (fixture->server, path, GAN_REQUEST_MEDIA);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Job job = { fixture->transport, request, cancellable, NULL, 0 };
  GThread *thread = g_thread_new ("cancelled", job_thread, &job);
  gint64 start = 0;

  g_assert_true (gan_test_server_wait_count (fixture->server, scenario, 1, 20000));
  while (gan_test_server_get_body_bytes (fixture->server) < n_bytes)
    g_thread_yield ();
  start = g_get_monotonic_time ();
  g_cancellable_cancel (cancellable);
  g_thread_join (thread);
  g_assert_error (job.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (job.ended - start, <, G_USEC_PER_SEC);
  g_error_free (job.error);
  g_assert_cmpuint (n_idle (fixture), ==, 0);
}

static void
test_cancel_head (Fixture *fixture, gconstpointer data)
{
  check_cancel (fixture, "stall_head", "/stall_head/a.bin", 0);
}

static void
test_cancel_body (Fixture *fixture, gconstpointer data)
{
  check_cancel (fixture, "stall_body", "/stall_body/a.bin?size=1000000", 1000);
}

static void
test_cancel_before (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GanRequest) request
      = gan_test_net_request (fixture->server, "/file/a.bin", GAN_REQUEST_MEDIA);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (gan_transport_send (fixture->transport, request, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (n_connections (fixture), ==, 0);
}

/* Cancelling while all connections of the host are busy ends the wait for one. */
static void
test_cancel_slot (Fixture *fixture, gconstpointer data)
{
  GanSoupTransportOptions options = { .max_connections_per_host = 1 };
  g_autoptr (GanTransport) transport = gan_soup_transport_new (&options, NULL);
  g_autoptr (GanResponse) holder
      = gan_test_net_open (transport, fixture->server, "/file/a.bin?size=1000");
  g_autoptr (GanRequest) request
      = gan_test_net_request (fixture->server, "/file/b.bin", GAN_REQUEST_MEDIA);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Job job = { transport, request, cancellable, NULL, 0 };
  GThread *thread = g_thread_new ("cancelled", job_thread, &job);
  gint64 start = g_get_monotonic_time ();

  g_cancellable_cancel (cancellable);
  g_thread_join (thread);
  g_assert_error (job.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (job.ended - start, <, G_USEC_PER_SEC);
  g_error_free (job.error);
  g_assert_cmpuint (gan_test_server_count (fixture->server, "file"), ==, 1);
}

static void
check_timeout (Fixture *fixture, const char *path, const char *reason)
{
  g_autoptr (GanRequest) request = gan_test_net_request (fixture->server, path, GAN_REQUEST_MEDIA);
  gint64 start = g_get_monotonic_time ();
  g_autoptr (GError) error = gan_test_net_fail (fixture->transport, request);

  gan_test_net_assert_reason (error, GAN_ERROR_TIMEOUT, reason);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 8 * G_USEC_PER_SEC);
}

static void
test_timeout (Fixture *fixture, gconstpointer data)
{
  check_timeout (fixture, "/stall_head/a.bin", "head");
  check_timeout (fixture, "/stall_body/a.bin?size=100000", "body");
}

/* The server ends the connection at the moment it is used again: a GET goes out once more by
 * itself, and nobody notices. */
static void
test_closed_when_reused (Fixture *fixture, gconstpointer data)
{
  for (int i = 0; i < 5; i++)
    {
      g_autoptr (GBytes) bytes
          = gan_test_net_get (fixture->transport, fixture->server, "/close_idle/a.bin?size=1000");

      g_assert_cmpuint (g_bytes_get_size (bytes), ==, 1000);
    }
  g_assert_cmpuint (n_connections (fixture), ==, 5);
  g_assert_cmpuint (gan_test_server_count (fixture->server, "close_idle"), ==, 9);
}

static void
test_closed_after_answer (Fixture *fixture, gconstpointer data)
{
  for (int i = 0; i < 20; i++)
    {
      g_autoptr (GBytes) bytes
          = gan_test_net_get (fixture->transport, fixture->server, "/close_after/a.bin?size=1000");

      g_assert_cmpuint (g_bytes_get_size (bytes), ==, 1000);
    }
  g_assert_cmpuint (n_connections (fixture), ==, 20);
}

/* A new connection that ends without an answer is a failure, not to be tried again in silence. */
static void
test_no_answer (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GanRequest) request
      = gan_test_net_request (fixture->server, "/no_answer/a.bin", GAN_REQUEST_MEDIA);
  g_autoptr (GError) error = gan_test_net_fail (fixture->transport, request);

  gan_test_net_assert_reason (error, GAN_ERROR_NETWORK, "reset");
  g_assert_cmpuint (gan_test_server_count (fixture->server, "no_answer"), ==, 1);
}

static GanRequest *
make_post (Fixture *fixture, const char *path, const char *body)
{
  g_autofree char *text = gan_test_server_dup_url (fixture->server, path);
  g_autoptr (GanUrl) url = gan_url_parse (text, NULL);
  g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));
  GanRequest *request = gan_request_new ("POST", url);

  gan_request_set_purpose (request, GAN_REQUEST_MEDIA);
  gan_request_set_body (request, "no type at all", bytes);
  return request;
}

/* A POST is sent once whatever happens, and not over a connection that may be about to end. */
static void
test_post_not_resent (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) first
      = gan_test_net_get (fixture->transport, fixture->server, "/close_idle/a.bin?size=1000");
  g_autoptr (GanRequest) good = make_post (fixture, "/close_idle/a.bin?size=1000", "a=1");
  g_autoptr (GanRequest) bad = make_post (fixture, "/no_answer/a.bin", "a=1");
  g_autoptr (GanResponse) response = gan_test_net_send (fixture->transport, good, NULL);
  g_autoptr (GBytes) bytes = gan_response_read_all (response, 1000, NULL, NULL);
  g_autoptr (GError) error = gan_test_net_fail (fixture->transport, bad);

  g_assert_nonnull (bytes);
  g_assert_cmpuint (gan_test_server_count (fixture->server, "close_idle"), ==, 2);
  g_assert_error (error, GAN_ERROR, GAN_ERROR_NETWORK);
  g_assert_cmpuint (gan_test_server_count (fixture->server, "no_answer"), ==, 1);
}

static void
test_post (Fixture *fixture, gconstpointer data)
{
  for (int i = 0; i < 3; i++)
    {
      g_autoptr (GanRequest) request = make_post (fixture, "/echo/", "a=1&b=2");
      g_autoptr (GanResponse) response = gan_test_net_send (fixture->transport, request, NULL);
      g_autoptr (GBytes) bytes = gan_response_read_all (response, 10000, NULL, NULL);
      g_autoptr (GPtrArray) log = gan_test_server_dup_requests (fixture->server, "echo");
      const GanTestRequest *seen = log->pdata[log->len - 1];
      g_autoptr (GBytes) sent = g_bytes_new ("a=1&b=2", 7);

      g_assert_nonnull (bytes);
      g_assert_true (g_bytes_equal (seen->body, sent));
      g_assert_cmpstr (g_hash_table_lookup (seen->headers, "content-type"), ==, "no type at all");
    }
  g_assert_cmpuint (gan_test_server_count (fixture->server, "echo"), ==, 3);
}

static void
test_redirect_is_an_answer (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GanResponse) response
      = gan_test_net_open (fixture->transport, fixture->server, "/redir_to/?to=/file/a.bin");

  g_assert_cmpuint (gan_response_get_status (response), ==, 302);
  g_assert_nonnull (gan_response_get_header (response, "location"));
  g_assert_cmpuint (gan_test_server_count (fixture->server, "file"), ==, 0);
}

static void
test_refused (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GanTestServer) gone = gan_test_server_new (FALSE);
  g_autoptr (GanRequest) request = gan_test_net_request (gone, "/file/a.bin", GAN_REQUEST_MEDIA);
  g_autoptr (GError) error = NULL;

  g_assert_finalize_object (g_steal_pointer (&gone));
  error = gan_test_net_fail (fixture->transport, request);
  gan_test_net_assert_reason (error, GAN_ERROR_NETWORK, "refused");
}

static void
test_unknown_host (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GanUrl) url = gan_url_parse ("http://nowhere.invalid/?token=hush", NULL);
  g_autoptr (GanRequest) request = gan_request_new ("GET", url);
  g_autoptr (GError) error = gan_test_net_fail (fixture->transport, request);

  gan_test_net_assert_reason (error, GAN_ERROR_NETWORK, "dns");
  g_assert_null (strstr (gan_error_get_url (error), "hush"));
}

/* Opens a large file and lets go of it; the server's end lives in this process, too. */
static void
drop_one (Fixture *fixture)
{
  g_autoptr (GanResponse) response
      = gan_test_net_open (fixture->transport, fixture->server, "/file/a.bin?size=1000000");

  gan_response_close (response);
  while (gan_test_server_get_n_open (fixture->server) > 0)
    g_thread_yield ();
}

/* Nothing stays open behind what failed, was cancelled or was dropped. */
static void
test_descriptors (Fixture *fixture, gconstpointer data)
{
  guint n_before = 0;

  drop_one (fixture);
  n_before = gan_test_count_descriptors ();
  for (int i = 0; i < 10; i++)
    {
      g_autoptr (GanRequest) cut
          = gan_test_net_request (fixture->server, "/trunc_always/a.bin", GAN_REQUEST_MEDIA);
      g_autoptr (GError) error = gan_test_net_fail (fixture->transport, cut);

      g_assert_error (error, GAN_ERROR, GAN_ERROR_TRUNCATED);
      drop_one (fixture);
    }
  g_assert_cmpuint (gan_test_count_descriptors (), ==, n_before);
}

static void
check_options (const GanSoupTransportOptions *options, GanErrorCode code, const char *reason)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (gan_soup_transport_new (options, &error));
  g_assert_error (error, GAN_ERROR, (int) code);
  g_assert_cmpstr (gan_error_get_reason (error), ==, reason);
}

static void
test_options (void)
{
  static const char *const entries[] = { "a.example:80:b.example", NULL };
  GanSoupTransportOptions connect_to = { .connect_to = entries };
  GanSoupTransportOptions proxy = { .proxy = "ftp://127.0.0.1:21" };
  GanSoupTransportOptions ca_file = { .ca_file = "/nonexistent/ca.pem" };
  GanSoupTransportOptions slots = { .slots_path = "/nonexistent/slots" };

  check_options (&connect_to, GAN_ERROR_INVALID_DATA, "connect-to");
  check_options (&proxy, GAN_ERROR_INVALID_DATA, "proxy");
  check_options (&ca_file, GAN_ERROR_INVALID_DATA, "ca-file");
  check_options (&slots, GAN_ERROR_DISK, "slots");
  g_unsetenv ("SOUP_FORCE_HTTP1");
  check_options (NULL, GAN_ERROR_INTERNAL, "init");
  gan_net_init ();
}

static const struct
{
  const char *path;
  void (*run) (Fixture *fixture, gconstpointer data);
} cases[] = {
  { "/soup-transport/reuse", test_reuse },
  { "/soup-transport/trust-domains", test_trust_domains },
  { "/soup-transport/idle-ends", test_idle_ends },
  { "/soup-transport/idle-ends-alone", test_idle_ends_alone },
  { "/soup-transport/half-read", test_half_read },
  { "/soup-transport/outlives", test_outlives },
  { "/soup-transport/threads", test_threads },
  { "/soup-transport/two-leases", test_two_leases },
  { "/soup-transport/room", test_room },
  { "/soup-transport/cancel-head", test_cancel_head },
  { "/soup-transport/cancel-body", test_cancel_body },
  { "/soup-transport/cancel-before", test_cancel_before },
  { "/soup-transport/cancel-slot", test_cancel_slot },
  { "/soup-transport/timeout", test_timeout },
  { "/soup-transport/closed-when-reused", test_closed_when_reused },
  { "/soup-transport/closed-after-answer", test_closed_after_answer },
  { "/soup-transport/no-answer", test_no_answer },
  { "/soup-transport/post-not-resent", test_post_not_resent },
  { "/soup-transport/post", test_post },
  { "/soup-transport/redirect-is-an-answer", test_redirect_is_an_answer },
  { "/soup-transport/refused", test_refused },
  { "/soup-transport/unknown-host", test_unknown_host },
  { "/soup-transport/descriptors", test_descriptors },
};

int
main (int argc, char **argv)
{
  gan_net_init ();
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add (cases[i].path, Fixture, NULL, set_up, cases[i].run, tear_down);
  g_test_add_func ("/soup-transport/options", test_options);
  return g_test_run ();
}
