/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sixteen threads, hosts that nobody met before, cancels at any moment, bodies left half-read,
 * ranges, cut and slow answers, equal questions at the same time, with and without TLS: every byte
 * that arrives must be right, and nothing may be left over. Runs for --seconds N. */
#include "config.h"

#include "gan-error.h"
#include "gan-net.h"
#include "gan-test-fixture.h"
#include "gan-test-server.h"

#include <string.h>

#define N_THREADS 16
#define N_HOSTS 2000
#define N_SHARED_HOSTS 2
#define N_SIZES 12
#define N_SEEDS 3
#define LARGEST_CANCEL_MICROSECONDS 20000

typedef struct
{
  guint64 requests;
  guint64 whole;
  guint64 half_read;
  guint64 cancelled;
  guint64 cut;
  guint64 bytes;
  guint64 wrong;
  guint64 unexpected;
} Counts;

typedef struct
{
  struct Stress *stress; /* (unowned) */
  GThread *thread;
  GRand *random;
  guint8 *buffer;
  Counts counts;

  /* Between the worker and the thread that cancels. */
  GMutex lock;
  GCancellable *cancellable;
  gint64 cancel_at; /* 0: never */
} Worker;

typedef struct Stress
{
  GanTransport *transport;
  GanHttp *http;
  gint64 end;
  Worker workers[N_THREADS];
  GThread *canceller;
  GMutex lock;
  GCond changed;
  gboolean finished;
} Stress;

/* One thing to ask, and what must come of it. */
typedef struct
{
  const char *scenario;
  guint weight;
  gboolean may_fail; /* the server breaks it on purpose */
} Kind;

static const Kind kinds[] = {
  { "file", 60, FALSE },       { "chunked", 15, FALSE },  { "norange", 5, FALSE },
  { "close_delim", 5, FALSE }, { "trunc_once", 5, TRUE }, { "rst_mid", 3, TRUE },
  { "chunk_midcut", 2, TRUE }, { "stall_head", 2, TRUE }, { "slow", 3, FALSE },
};

static const gsize sizes[N_SIZES]
    = { 0, 1, 255, 256, 257, 4095, 4096, 16000, 65536, 65537, 200000, 500000 };

static const Kind *
pick_kind (GRand *random)
{
  guint total = 0;
  gint32 left;
  gsize i;

  for (i = 0; i < G_N_ELEMENTS (kinds); i++)
    total += kinds[i].weight;
  left = g_rand_int_range (random, 0, (gint32) total);
  for (i = 0; left >= (gint32) kinds[i].weight; i++)
    left -= (gint32) kinds[i].weight;
  return &kinds[i];
}

typedef struct
{
  const Kind *kind;
  gboolean whole; /* as metadata, at once */
  gsize size;
  guint32 seed;
  gboolean partial;
  gint64 first;
  gint64 last; /* -1: to the end */
  gsize stop_after;
} Ask;

static void
pick (Worker *worker, Ask *ask)
{
  GRand *random = worker->random;

  ask->whole = g_rand_int_range (random, 0, 4) == 0;
  ask->kind = ask->whole ? &kinds[0] : pick_kind (random);
  ask->size = sizes[g_rand_int_range (random, 0, N_SIZES)];
  /* An answer without length and body cannot be told from one that was cut. */
  if (ask->size == 0 && g_str_equal (ask->kind->scenario, "close_delim"))
    ask->size = 1;
  ask->seed = (guint32) g_rand_int_range (random, 0, N_SEEDS);
  ask->partial = !ask->whole && ask->size > 0 && g_rand_int_range (random, 0, 3) == 0;
  ask->stop_after = G_MAXSIZE;
  if (g_rand_int_range (random, 0, 5) == 0)
    ask->stop_after = (gsize) g_rand_int_range (random, 0, 100000);
}

static GanRequest *
make_request (Worker *worker, Ask *ask)
{
  GRand *random = worker->random;
  g_autoptr (GError) error = NULL;
  g_autoptr (GanUrl) url = NULL;
  g_autofree char *text = NULL;
  GanRequest *request;

  pick (worker, ask);
  text = g_strdup_printf ("%s://h%d.site.test/%s/a.bin?size=%" G_GSIZE_FORMAT "&seed=%u&rate=%d",
                          g_rand_int_range (random, 0, 4) == 0 ? "https" : "http",
                          g_rand_int_range (random, 0, ask->whole ? N_SHARED_HOSTS : N_HOSTS),
                          ask->kind->scenario,
                          ask->size,
                          ask->seed,
                          g_str_equal (ask->kind->scenario, "slow") ? 2000000 : 0);
  url = gan_url_parse (text, &error);
  g_assert_no_error (error);
  request = gan_request_new ("GET", url);
  gan_request_set_purpose (request, ask->whole ? GAN_REQUEST_METADATA : GAN_REQUEST_MEDIA);
  gan_request_set_cache_seconds (request, ask->whole && g_rand_boolean (random) ? 1 : 0);
  if (ask->kind->may_fail)
    gan_request_set_max_tries (request, 1);
  if (ask->partial)
    {
      ask->first = g_rand_int_range (random, 0, (gint32) ask->size);
      ask->last = -1;
      if (g_rand_boolean (random))
        ask->last = g_rand_int_range (random, (gint32) ask->first, (gint32) ask->size);
      gan_request_set_range (request, ask->first, ask->last);
    }
  return request;
}

/* Where in the whole body the answer begins, and where it ends; FALSE when it is not what was
 * asked. */
static gboolean
find_place (GanResponse *response, Ask *ask, gint64 *start, gint64 *end)
{
  gint64 last, total;
  guint status = gan_response_get_status (response);

  *start = 0;
  *end = (gint64) ask->size;
  if (status == 200)
    return TRUE;
  if (status != 206 || !ask->partial
      || !gan_response_get_content_range (response, start, &last, &total))
    return FALSE;
  *end = last + 1;
  return *start == ask->first && total == (gint64) ask->size
         && (ask->last < 0 || last == ask->last);
}

/* Returns whether the answer came as the kind of request lets expect. */
static gboolean
read_body (Worker *worker, GanResponse *response, Ask *ask, GError **error)
{
  g_autoptr (GBytes) whole = gan_test_body (ask->size, ask->seed);
  const guint8 *wanted = g_bytes_get_data (whole, NULL);
  gint64 at, end;
  gsize got = 0;
  gssize n;

  if (!find_place (response, ask, &at, &end))
    {
      worker->counts.wrong++;
      return TRUE;
    }
  while (got < ask->stop_after)
    {
      gsize piece = (gsize) g_rand_int_range (worker->random, 1, 65536);

      n = gan_response_read (response, worker->buffer, piece, worker->cancellable, error);
      if (n < 0)
        return FALSE;
      if (n == 0)
        {
          worker->counts.whole++;
          worker->counts.wrong += at != end;
          return TRUE;
        }
      if (at + n > end || memcmp (worker->buffer, wanted + at, (gsize) n) != 0)
        worker->counts.wrong++;
      at += n;
      got += (gsize) n;
      worker->counts.bytes += (guint64) n;
    }
  worker->counts.half_read++;
  return TRUE;
}

static gboolean
stream (Worker *worker, GanRequest *request, Ask *ask, GError **error)
{
  g_autoptr (GanResponse) response
      = gan_http_open (worker->stress->http, request, worker->cancellable, error);
  gboolean done;

  if (response == NULL)
    return FALSE;
  done = read_body (worker, response, ask, error);
  gan_response_close (response);
  return done;
}

/* The same few answers are asked for by all, so that one that comes is shared. */
static gboolean
fetch (Worker *worker, GanRequest *request, Ask *ask, GError **error)
{
  g_autoptr (GBytes) wanted = gan_test_body (ask->size, ask->seed);
  g_autoptr (GanReply) reply
      = gan_http_fetch (worker->stress->http, request, worker->cancellable, error);

  if (reply == NULL)
    return FALSE;
  worker->counts.whole++;
  worker->counts.bytes += ask->size;
  worker->counts.wrong += !g_bytes_equal (gan_reply_get_bytes (reply), wanted);
  return TRUE;
}

static void
count_error (Worker *worker, Ask *ask, const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    worker->counts.cancelled++;
  else if (ask->kind->may_fail && error->domain == GAN_ERROR)
    worker->counts.cut++;
  else
    {
      g_test_message ("%s, %" G_GSIZE_FORMAT " bytes: %s",
                      ask->kind->scenario,
                      ask->size,
                      error->message);
      worker->counts.unexpected++;
    }
}

/* What never ends by itself is always cancelled. */
static void
arm_cancel (Worker *worker, const Ask *ask)
{
  gboolean endless = g_str_equal (ask->kind->scenario, "stall_head");

  g_mutex_lock (&worker->lock);
  worker->cancellable = g_cancellable_new ();
  worker->cancel_at = 0;
  if (endless || g_rand_int_range (worker->random, 0, 3) == 0)
    worker->cancel_at = g_get_monotonic_time ()
                        + g_rand_int_range (worker->random, 0, LARGEST_CANCEL_MICROSECONDS);
  g_mutex_unlock (&worker->lock);
}

static void
disarm_cancel (Worker *worker)
{
  g_mutex_lock (&worker->lock);
  worker->cancel_at = 0;
  g_clear_object (&worker->cancellable);
  g_mutex_unlock (&worker->lock);
}

static gpointer
worker_main (gpointer data)
{
  Worker *worker = data;
  Stress *stress = worker->stress;

  while (g_get_monotonic_time () < stress->end)
    {
      Ask ask = { NULL };
      g_autoptr (GanRequest) request = make_request (worker, &ask);
      g_autoptr (GError) error = NULL;

      arm_cancel (worker, &ask);
      worker->counts.requests++;
      if (!(ask.whole ? fetch : stream) (worker, request, &ask, &error))
        count_error (worker, &ask, error);
      disarm_cancel (worker);
    }
  return NULL;
}

/* Cancels what is due. Returns when the next one is. */
static gint64
cancel_due (Stress *stress, gint64 now)
{
  gint64 next = now + 1000;
  guint i;

  for (i = 0; i < N_THREADS; i++)
    {
      Worker *worker = &stress->workers[i];
      g_autoptr (GCancellable) due = NULL;

      g_mutex_lock (&worker->lock);
      if (worker->cancel_at != 0 && worker->cancel_at <= now)
        {
          worker->cancel_at = 0;
          due = g_object_ref (worker->cancellable);
        }
      g_mutex_unlock (&worker->lock);
      if (due != NULL)
        g_cancellable_cancel (due);
    }
  return next;
}

static gpointer
canceller_main (gpointer data)
{
  Stress *stress = data;

  g_mutex_lock (&stress->lock);
  while (!stress->finished)
    {
      gint64 next;

      g_mutex_unlock (&stress->lock);
      next = cancel_due (stress, g_get_monotonic_time ());
      g_mutex_lock (&stress->lock);
      if (!stress->finished)
        g_cond_wait_until (&stress->changed, &stress->lock, next);
    }
  g_mutex_unlock (&stress->lock);
  return NULL;
}

static guint
get_rss_kib (void)
{
  g_autofree char *text = NULL;
  const char *line;

  if (!g_file_get_contents ("/proc/self/status", &text, NULL, NULL))
    return 0;
  line = strstr (text, "VmRSS:");
  return line == NULL ? 0 : (guint) g_ascii_strtoull (line + strlen ("VmRSS:"), NULL, 10);
}

static void
add_counts (Counts *sum, const Counts *one)
{
  sum->requests += one->requests;
  sum->whole += one->whole;
  sum->half_read += one->half_read;
  sum->cancelled += one->cancelled;
  sum->cut += one->cut;
  sum->bytes += one->bytes;
  sum->wrong += one->wrong;
  sum->unexpected += one->unexpected;
}

static void
run_threads (Stress *stress, double seconds, Counts *sum)
{
  guint i;

  stress->end = g_get_monotonic_time () + (gint64) (seconds * G_USEC_PER_SEC);
  stress->finished = FALSE;
  for (i = 0; i < N_THREADS; i++)
    {
      Worker *worker = &stress->workers[i];

      memset (worker, 0, sizeof *worker);
      worker->stress = stress;
      worker->random = g_rand_new_with_seed (g_test_rand_int ());
      worker->buffer = g_malloc (65536);
      g_mutex_init (&worker->lock);
    }
  stress->canceller = g_thread_new ("canceller", canceller_main, stress);
  for (i = 0; i < N_THREADS; i++)
    stress->workers[i].thread = g_thread_new ("stress", worker_main, &stress->workers[i]);
  for (i = 0; i < N_THREADS; i++)
    g_thread_join (stress->workers[i].thread);

  g_mutex_lock (&stress->lock);
  stress->finished = TRUE;
  g_cond_broadcast (&stress->changed);
  g_mutex_unlock (&stress->lock);
  g_thread_join (stress->canceller);
  for (i = 0; i < N_THREADS; i++)
    {
      Worker *worker = &stress->workers[i];

      add_counts (sum, &worker->counts);
      g_rand_free (worker->random);
      g_free (worker->buffer);
      g_mutex_clear (&worker->lock);
    }
}

/* A transport of its own, to its end. */
static void
run_round (GanTestServer *plain, GanTestServer *tls, double seconds, Counts *sum)
{
  g_autofree char *to_plain
      = g_strdup_printf (":80:127.0.0.1:%u", gan_test_server_get_port (plain));
  g_autofree char *to_tls = g_strdup_printf (":443:127.0.0.1:%u", gan_test_server_get_port (tls));
  const char *const connect_to[] = { to_plain, to_tls, NULL };
  GanSoupTransportOptions options = {
    .connect_to = connect_to,
    .ca_file = gan_test_server_get_ca_file (tls),
  };
  g_autoptr (GError) error = NULL;
  Stress stress = { NULL };

  g_mutex_init (&stress.lock);
  g_cond_init (&stress.changed);
  stress.transport = gan_soup_transport_new (&options, &error);
  g_assert_no_error (error);
  stress.http = gan_http_new (stress.transport, gan_clock_get_system ());
  run_threads (&stress, seconds, sum);
  g_assert_finalize_object (stress.http);
  g_assert_cmpuint (gan_soup_transport_get_n_leased (GAN_SOUP_TRANSPORT (stress.transport)), ==, 0);
  g_assert_finalize_object (stress.transport);
  g_cond_clear (&stress.changed);
  g_mutex_clear (&stress.lock);
}

static void
wait_closed (GanTestServer *server)
{
  gint64 end = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;

  while (gan_test_server_get_n_open (server) > 0 && g_get_monotonic_time () < end)
    g_thread_yield ();
  g_assert_cmpuint (gan_test_server_get_n_open (server), ==, 0);
}

static double seconds_wanted = 5;

static void
test_stress (void)
{
  g_autoptr (GanTestServer) plain = gan_test_server_new (FALSE);
  g_autoptr (GanTestServer) tls = gan_test_server_new (TRUE);
  Counts warm = { 0 };
  Counts sum = { 0 };
  guint descriptors, rss;

  gan_test_server_set_keep_requests (plain, FALSE);
  gan_test_server_set_keep_requests (tls, FALSE);
  run_round (plain, tls, 0.5, &warm);
  wait_closed (plain);
  wait_closed (tls);
  descriptors = gan_test_count_descriptors ();
  rss = get_rss_kib ();

  run_round (plain, tls, seconds_wanted, &sum);
  wait_closed (plain);
  wait_closed (tls);
  g_test_message ("%.0f s, %d threads: %" G_GUINT64_FORMAT " requests, %" G_GUINT64_FORMAT
                  " cancelled, %" G_GUINT64_FORMAT " half-read, %" G_GUINT64_FORMAT
                  " cut by the server, %" G_GUINT64_FORMAT " whole, %.1f MB, %u connections",
                  seconds_wanted,
                  N_THREADS,
                  sum.requests,
                  sum.cancelled,
                  sum.half_read,
                  sum.cut,
                  sum.whole,
                  (double) sum.bytes / 1e6,
                  gan_test_server_get_n_connections (plain)
                      + gan_test_server_get_n_connections (tls));
  g_test_message ("%" G_GUINT64_FORMAT " wrong, %" G_GUINT64_FORMAT
                  " unexpected errors, descriptors %u → %u, RSS %u → %u KiB",
                  sum.wrong,
                  sum.unexpected,
                  descriptors,
                  gan_test_count_descriptors (),
                  rss,
                  get_rss_kib ());
  g_assert_cmpuint (sum.wrong, ==, 0);
  g_assert_cmpuint (sum.unexpected, ==, 0);
  g_assert_cmpuint (sum.cancelled, >, 0);
  g_assert_cmpuint (sum.half_read, >, 0);
  g_assert_cmpuint (sum.whole, >, 0);
  g_assert_cmpuint (gan_test_count_descriptors (), ==, descriptors);
}

int
main (int argc, char *argv[])
{
  gan_net_init ();
  if (argc == 3 && g_str_equal (argv[1], "--seconds"))
    {
      seconds_wanted = g_ascii_strtod (argv[2], NULL);
      argc = 1;
    }
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stress/door", test_stress);
  return g_test_run ();
}
