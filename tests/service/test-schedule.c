/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who runs next: order, limits, waits that a server, a network or a clock brings. */
#include "config.h"

#include "gan-test-queue.h"

#include "gan-error.h"
#include "gan-job-retry.h"
#include "gan-limits.h"
#include "gan-queue-private.h"
#include "gan-test-file.h"
#include "gan-test-store.h"

/* One after the other, in the order of the list, whatever it has become by then. */
static void
test_order (GanTestQueue *self, gconstpointer data)
{
  g_autoptr (GanJob) a = NULL;
  g_autoptr (GanJob) b = NULL;
  g_autoptr (GanJob) c = NULL;
  g_autoptr (GanJob) d = NULL;
  g_autofree char *asked = NULL;
  g_autoptr (GError) error = NULL;

  gan_test_queue_set_limits (self, 1, 8, 0);
  a = gan_test_queue_add (self, "/hold/a.mp4?size=100");
  b = gan_test_queue_add (self, "/file/b.mp4?size=100");
  c = gan_test_queue_add (self, "/file/c.mp4?size=100");
  d = gan_test_queue_add (self, "/file/d.mp4?size=100");
  gan_test_queue_wait_held (self, 1);
  g_assert_true (gan_test_queue_move (self, d, b, &error));
  g_assert_no_error (error);
  g_assert_true (gan_test_queue_move (self, b, NULL, &error));
  g_assert_no_error (error);
  for (guint i = 0; i < 4; i++)
    {
      GanJob *const order[] = { a, d, c, b };
      g_autoptr (GanJob) job = g_list_model_get_item (G_LIST_MODEL (self->queue), i);

      g_assert_true (job == order[i]);
    }
  gan_test_queue_release (self);
  gan_test_queue_wait_length (self, 0);
  asked = gan_test_queue_dup_asked (self);
  g_assert_cmpstr (asked, ==, "adcb");
  g_assert_false (gan_test_queue_move (self, d, NULL, &error));
  g_assert_true (gan_error_matches (error, GAN_ERROR_NOT_FOUND));
}

/* As many at once as may, and more as soon as more may. */
static void
test_limits (GanTestQueue *self, gconstpointer data)
{

  gan_test_queue_set_limits (self, 3, 8, 0);
  gan_test_queue_add_many (self, "/hold/a", 6);
  gan_test_queue_wait_held (self, 3);
  g_assert_false (gan_test_queue_holds_more (self, 3, 200));
  gan_test_queue_set_limits (self, 5, 8, 0);
  gan_test_queue_wait_held (self, 5);
  gan_test_queue_release (self);
  gan_test_queue_wait_length (self, 0);
  g_assert_cmpuint (gan_test_queue_get_most_held (self), ==, 5);
  g_assert_cmpuint (self->files->len, ==, 6);
}

/* Jobs of a host that is busy do not stand in the way of those behind them. */
static void
test_limit_per_host (GanTestQueue *self, gconstpointer data)
{
  g_autofree char *link = g_strdup_printf ("http://localhost:%u/hold/b.mp4?size=100",
                                           gan_test_server_get_port (self->server));

  gan_test_queue_set_limits (self, 8, 2, 0);
  gan_test_queue_add_many (self, "/hold/a", 5);
  gan_test_queue_wait_held (self, 2);
  g_object_unref (gan_test_queue_add (self, link));
  gan_test_queue_wait_held (self, 3);
  g_assert_false (gan_test_queue_holds_more (self, 3, 200));
  gan_test_queue_release (self);
  gan_test_queue_wait_length (self, 0);
  g_assert_cmpuint (self->files->len, ==, 6);
}

static gboolean
runs (gpointer data)
{
  return gan_job_get_run (data) != NULL;
}

/* Once refused with the seconds of "after", then served. */
static void
refuse_once (GanTestExchange *exchange, gpointer user_data)
{
  g_auto (GanTestFile) file = { NULL };

  if (gan_test_server_count (gan_test_exchange_get_server (exchange), "busy") <= 1)
    {
      gan_test_exchange_printf (exchange,
                                "HTTP/1.1 429 Too Many Requests\r\nRetry-After: %d\r\n"
                                "Content-Length: 0\r\n\r\n",
                                (int) gan_test_exchange_get_number (exchange, "after", 1));
      return;
    }
  gan_test_file_init (&file, exchange);
  gan_test_file_serve (&file, exchange);
}

/* The server asks for more than the transfer itself would wait: the row shows it, the others of the
 * host wait as well, those of other hosts do not. */
static void
test_retry_after (GanTestQueue *self, gconstpointer data)
{
  g_autoptr (GanJob) job = NULL;
  g_autoptr (GanJob) other = NULL;
  g_autofree char *id = NULL;
  GanJobRow *row = NULL;
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  gint64 retry_at = 0;

  gan_test_server_add (self->server, "busy", refuse_once, NULL);
  job = gan_test_queue_add (self, "/busy/a.mp4?size=100&after=100");
  id = g_strdup (gan_job_get_id (job));
  gan_test_queue_wait_state (job, GAN_JOB_RETRYING);
  row = gan_job_get_row (job);
  retry_at = gan_job_row_get_retry_at (row);
  g_assert_cmpint (retry_at, >=, now + 100);
  g_assert_cmpint (retry_at, <=, now + 100 + GAN_TEST_PATIENCE / 1000);
  g_assert_cmpint (gan_job_row_get_tries (row), ==, 1);
  g_assert_cmpstr (gan_job_row_get_error_code (row), ==, "rate-limited");
  other = gan_test_queue_add (self, "/file/b.mp4?size=100");
  g_assert_false (gan_test_queue_wait (runs, other, 200));
  g_assert_cmpstr (gan_job_get_state (other), ==, GAN_JOB_WAITING);

  /* The wait survives a restart, for both of them. */
  g_clear_object (&job);
  g_clear_object (&other);
  gan_test_queue_reopen (self);
  job = g_object_ref (gan_queue_find (self->queue, id));
  g_assert_cmpstr (gan_job_get_state (job), ==, GAN_JOB_RETRYING);
  g_assert_cmpint (gan_job_row_get_retry_at (gan_job_get_row (job)), ==, retry_at);
  g_assert_false (gan_test_queue_wait (runs, job, 200));
  g_assert_cmpuint (gan_test_server_count (self->server, NULL), ==, 1);

  /* The user does not want to wait. */
  gan_test_queue_want (self, job, GAN_JOB_WANT_RUN);
  g_assert_cmpstr (gan_job_get_state (job), !=, GAN_JOB_RETRYING);
  gan_test_queue_wait_length (self, 0);
  gan_test_queue_close (self);
  gan_test_queue_assert_films (self, "a.mp4 b.mp4");
}

/* Rows of a job that waits, written when the clock was "ahead" seconds ahead of now, for "wait"
 * seconds. Gives microseconds until it may go on. */
static gint64
get_wait (gint64 ahead, gint64 wait)
{
  const gint64 now = 1700000000;
  g_autoptr (GanJobRow) row = gan_job_row_new ("https://a.example/");

  gan_job_row_set_changed_at (row, now + ahead);
  gan_job_row_set_retry_at (row, now + ahead + wait);
  return gan_job_retry_get_wait (row, now) / G_USEC_PER_SEC;
}

/* A clock that was set back or ahead makes nobody wait longer than was meant. */
static void
test_clock (void)
{
  const gint64 year = 365 * 24 * 3600;

  g_assert_cmpint (get_wait (0, 60), ==, 60);
  g_assert_cmpint (get_wait (-20, 60), ==, 40);
  g_assert_cmpint (get_wait (-60, 60), ==, 0);
  g_assert_cmpint (get_wait (-5 * year, 60), ==, 0);
  g_assert_cmpint (get_wait (5 * year, 60), ==, 60);
  g_assert_cmpint (get_wait (5 * year, 5 * year), ==, GAN_LIMIT_RETRY_AFTER_SECONDS);
  g_assert_cmpint (get_wait (0, -5), ==, 0);
}

/* A row that was written before the clock was set back by years. */
static void
test_clock_set_back (GanTestQueue *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->data, "gannet.db", NULL);
  GanTestStore store = { self->folder, path };
  gint64 began = g_get_monotonic_time ();

  gan_test_queue_close (self);
  gan_test_queue_store (self, "/file/a.mp4?size=100");
  gan_test_store_sql (&store,
                      "UPDATE jobs SET state = 'retrying', tries = 1, changed_at = 5000000000,"
                      " retry_at = 5000000001");
  gan_test_queue_open (self);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (self->queue)), ==, 1);
  gan_test_queue_wait_length (self, 0);
  g_assert_cmpint (g_get_monotonic_time () - began, <, 5 * G_USEC_PER_SEC);
  g_assert_cmpuint (self->files->len, ==, 1);
}

static gboolean
is_mended (gpointer data)
{
  GanJobRow *row = gan_job_get_row (data);

  return gan_job_row_get_retry_at (row) < g_get_real_time () / G_USEC_PER_SEC + 1000;
}

/* What people read as a countdown is put right as well. */
static void
test_clock_countdown (GanTestQueue *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->data, "gannet.db", NULL);
  GanTestStore store = { self->folder, path };
  g_autoptr (GanJob) job = NULL;

  gan_test_queue_close (self);
  gan_test_queue_store (self, "/file/a.mp4?size=100");
  gan_test_store_sql (&store,
                      "UPDATE jobs SET state = 'retrying', tries = 1, changed_at = 5000000000,"
                      " retry_at = 5000000900");
  gan_test_queue_open (self);
  job = g_list_model_get_item (G_LIST_MODEL (self->queue), 0);
  g_assert_true (gan_test_queue_wait (is_mended, job, GAN_TEST_PATIENCE));
  g_assert_cmpint (gan_job_row_get_retry_at (gan_job_get_row (job)),
                   >,
                   g_get_real_time () / G_USEC_PER_SEC + 800);
  g_assert_cmpstr (gan_job_get_state (job), ==, GAN_JOB_RETRYING);
  g_assert_cmpuint (gan_test_server_count (self->server, NULL), ==, 0);
}

/* Every request is refused with a status. */
static void
fail (GanTestExchange *exchange, gpointer user_data)
{
  gan_test_exchange_reply (exchange,
                           (guint) gan_test_exchange_get_number (exchange, "status", 404),
                           "text/plain",
                           "no\n");
}

static void
test_final (GanTestQueue *self, gconstpointer data)
{
  g_autoptr (GanJob) job = NULL;
  g_autoptr (GArray) stats = NULL;
  GanJobRow *row = NULL;

  gan_test_server_add (self->server, "fail", fail, NULL);
  job = gan_test_queue_add (self, "/fail/a.mp4?status=404&token=hunter2");
  gan_test_queue_wait_state (job, GAN_JOB_FAILED);
  row = gan_job_get_row (job);
  g_assert_cmpstr (gan_job_row_get_error_code (row), ==, "not-found");
  g_assert_nonnull (gan_job_row_get_error_message (row));
  g_assert_null (strstr (gan_job_row_get_error_message (row), "hunter2"));
  g_assert_cmpint (gan_job_row_get_retry_at (row), ==, GAN_UNKNOWN_TIME);
  gan_test_queue_wait_idle (self);
  g_assert_cmpuint (self->n_failed, ==, 1);
  g_assert_cmpuint (gan_queue_get_totals (self->queue)->n_failed, ==, 1);
  gan_test_queue_close (self);
  stats = gan_store_load_stats_sync (gan_app_get_store (self->app), NULL);
  g_assert_cmpuint (stats->len, ==, 1);
  g_assert_cmpint (g_array_index (stats, GanSiteStats, 0).failed, ==, 1);
}

/* What a failure makes of a job, by its class. */
static GanJobRow *
fail_row (GanErrorCode code, gint64 tries, gint64 had, gboolean is_offline)
{
  g_autoptr (GError) error = gan_error_new (code, "why", "It failed at token=hunter2");
  GanJobRow *row = gan_job_row_new ("https://a.example/");

  gan_error_set_platform (error, "mock");
  gan_job_row_set_tries (row, tries);
  gan_job_row_set_downloaded (row, 1000000);
  gan_job_retry_fail (row, error, had, is_offline, 1700000000);
  return row;
}

static void
test_classes (void)
{
  g_autoptr (GanJobRow) linear = fail_row (GAN_ERROR_NETWORK, 2, 1000000, FALSE);
  g_autoptr (GanJobRow) exponential = fail_row (GAN_ERROR_RATE_LIMITED, 2, 1000000, FALSE);
  g_autoptr (GanJobRow) final = fail_row (GAN_ERROR_DRM, 0, 1000000, FALSE);
  g_autoptr (GanJobRow) last
      = fail_row (GAN_ERROR_NETWORK, GAN_LIMIT_JOB_TRIES - 1, 1000000, FALSE);
  g_autoptr (GanJobRow) moving
      = fail_row (GAN_ERROR_TRUNCATED, GAN_LIMIT_JOB_TRIES - 1, 500000, FALSE);
  g_autoptr (GanJobRow) offline
      = fail_row (GAN_ERROR_NETWORK, GAN_LIMIT_JOB_TRIES - 1, 1000000, TRUE);
  g_autoptr (GanJobRow) full = fail_row (GAN_ERROR_NO_SPACE, 5, 1000000, TRUE);

  g_assert_cmpstr (gan_job_row_get_state (linear), ==, GAN_JOB_RETRYING);
  g_assert_cmpint (gan_job_row_get_tries (linear), ==, 3);
  g_assert_cmpint (gan_job_row_get_retry_at (linear), ==, 1700000004);
  g_assert_cmpstr (gan_job_row_get_error_code (linear), ==, "network");
  g_assert_cmpstr (gan_job_row_get_error_reason (linear), ==, "why");
  g_assert_null (strstr (gan_job_row_get_error_message (linear), "hunter2"));
  g_assert_cmpstr (gan_job_row_get_platform (linear), ==, "mock");
  g_assert_cmpint (gan_job_row_get_retry_at (exponential), ==, 1700000009);
  g_assert_cmpstr (gan_job_row_get_state (final), ==, GAN_JOB_FAILED);
  g_assert_cmpstr (gan_job_row_get_state (last), ==, GAN_JOB_FAILED);
  g_assert_cmpint (gan_job_row_get_retry_at (last), ==, GAN_UNKNOWN_TIME);
  g_assert_cmpstr (gan_job_row_get_state (moving), ==, GAN_JOB_RETRYING);
  g_assert_cmpint (gan_job_row_get_tries (moving), ==, 1);
  g_assert_cmpstr (gan_job_row_get_state (offline), ==, GAN_JOB_RETRYING);
  g_assert_cmpint (gan_job_row_get_tries (offline), ==, GAN_LIMIT_JOB_TRIES - 1);
  g_assert_cmpstr (gan_job_row_get_error_reason (offline), ==, GAN_JOB_OFFLINE);
  g_assert_cmpstr (gan_job_row_get_state (full), ==, GAN_JOB_RETRYING);
  g_assert_cmpint (gan_job_row_get_tries (full), ==, 5);
  g_assert_cmpint (gan_job_row_get_retry_at (full), ==, 1700000000 + GAN_LIMIT_NO_SPACE_SECONDS);
  g_assert_cmpstr (gan_job_row_get_error_code (full), ==, "no-space");
}

/* What the system says of networks. */
#define FAKE_TYPE_MONITOR (fake_monitor_get_type ())
G_DECLARE_FINAL_TYPE (FakeMonitor, fake_monitor, FAKE, MONITOR, GObject)

struct _FakeMonitor
{
  GObject parent_instance;

  gboolean is_available;
};

static gboolean
fake_monitor_init_now (GInitable *initable, GCancellable *cancellable, GError **error)
{
  return TRUE;
}

static void
fake_monitor_initable_init (GInitableIface *iface)
{
  iface->init = fake_monitor_init_now;
}

static void
fake_monitor_iface_init (GNetworkMonitorInterface *iface)
{
}

G_DEFINE_FINAL_TYPE_WITH_CODE (FakeMonitor,
                               fake_monitor,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_INITABLE, fake_monitor_initable_init)
                                   G_IMPLEMENT_INTERFACE (G_TYPE_NETWORK_MONITOR,
                                                          fake_monitor_iface_init))

enum
{
  PROP_AVAILABLE = 1,
  PROP_METERED,
  PROP_CONNECTIVITY,
};

static void
fake_monitor_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  FakeMonitor *self = FAKE_MONITOR (object);

  if (id == PROP_AVAILABLE)
    g_value_set_boolean (value, self->is_available);
  else if (id == PROP_METERED)
    g_value_set_boolean (value, FALSE);
  else
    g_value_set_enum (value, G_NETWORK_CONNECTIVITY_FULL);
}

static void
fake_monitor_class_init (FakeMonitorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = fake_monitor_get_property;
  g_object_class_override_property (object_class, PROP_AVAILABLE, "network-available");
  g_object_class_override_property (object_class, PROP_METERED, "network-metered");
  g_object_class_override_property (object_class, PROP_CONNECTIVITY, "connectivity");
}

static void
fake_monitor_init (FakeMonitor *self)
{
}

static void
set_available (FakeMonitor *self, gboolean is_available)
{
  self->is_available = is_available;
  g_signal_emit_by_name (self, "network-changed", is_available);
}

/* Without a network nobody's tries are used up, and what waits goes on at once when it is back. */
static void
test_offline (GanTestQueue *self, gconstpointer data)
{
  g_autoptr (FakeMonitor) monitor = g_object_new (FAKE_TYPE_MONITOR, NULL);
  g_autoptr (GanJob) job = NULL;
  g_autoptr (GanJob) next = NULL;
  gint64 began = 0;

  gan_queue_set_monitor (self->queue, G_NETWORK_MONITOR (monitor));
  gan_test_queue_set_down (TRUE);
  gan_test_queue_set_limits (self, 1, 1, 0);
  job = gan_test_queue_add (self, "/file/a.mp4?size=100");
  next = gan_test_queue_add (self, "/file/b.mp4?size=100");
  gan_test_queue_wait_state (job, GAN_JOB_RETRYING);
  g_assert_cmpstr (gan_job_row_get_error_reason (gan_job_get_row (job)), ==, GAN_JOB_OFFLINE);
  g_assert_cmpint (gan_job_row_get_tries (gan_job_get_row (job)), ==, 0);
  g_assert_false (gan_test_queue_wait (runs, next, 300));
  g_assert_cmpstr (gan_job_get_state (next), ==, GAN_JOB_WAITING);
  gan_test_queue_set_down (FALSE);
  began = g_get_monotonic_time ();
  set_available (monitor, TRUE);
  gan_test_queue_wait_length (self, 0);
  g_assert_cmpint (g_get_monotonic_time () - began, <, 5 * G_USEC_PER_SEC);
  g_assert_cmpuint (self->n_failed, ==, 0);
  gan_test_queue_close (self);
  g_assert_finalize_object (g_steal_pointer (&monitor));
}

/* What the system knows of networks may be wrong: a file of this machine is fetched all the same.
 */
static void
test_offline_wrong (GanTestQueue *self, gconstpointer data)
{
  g_autoptr (FakeMonitor) monitor = g_object_new (FAKE_TYPE_MONITOR, NULL);

  gan_queue_set_monitor (self->queue, G_NETWORK_MONITOR (monitor));
  g_object_unref (gan_test_queue_add (self, "/file/a.mp4?size=100"));
  gan_test_queue_wait_length (self, 0);
  g_assert_cmpuint (self->files->len, ==, 1);
}

/* A failure that may pass: the row says when it goes on, and it does. */
static void
test_retry (GanTestQueue *self, gconstpointer data)
{
  g_autoptr (FakeMonitor) monitor = g_object_new (FAKE_TYPE_MONITOR, NULL);
  g_autoptr (GanJob) job = NULL;
  gint64 began = g_get_monotonic_time ();

  monitor->is_available = TRUE;
  gan_queue_set_monitor (self->queue, G_NETWORK_MONITOR (monitor));
  gan_test_queue_set_down (TRUE);
  job = gan_test_queue_add (self, "/file/a.mp4?size=100");
  gan_test_queue_wait_state (job, GAN_JOB_RETRYING);
  g_assert_cmpint (gan_job_row_get_tries (gan_job_get_row (job)), ==, 1);
  g_assert_cmpint (gan_job_row_get_retry_at (gan_job_get_row (job)),
                   >,
                   g_get_real_time () / G_USEC_PER_SEC - 2);
  gan_test_queue_set_down (FALSE);
  gan_test_queue_wait_length (self, 0);
  g_assert_cmpint (g_get_monotonic_time () - began, >, G_USEC_PER_SEC);
  g_assert_cmpuint (self->files->len, ==, 1);
}

/* Several jobs together keep to one limit, which may change while they run. */
static void
test_rate (GanTestQueue *self, gconstpointer data)
{
  gint64 began = g_get_monotonic_time ();
  double seconds = 0;

  gan_test_queue_set_limits (self, 8, 8, 400 * 1024);
  for (guint i = 0; i < 8; i++)
    {
      g_autofree char *target = g_strdup_printf ("/file/a%u.mp4?size=102400", i);

      g_object_unref (gan_test_queue_add (self, target));
    }
  gan_test_queue_wait_length (self, 0);
  seconds = (double) (g_get_monotonic_time () - began) / G_USEC_PER_SEC;
  g_test_message ("800 KiB at 400 KiB/s: %.2f s", seconds);
  g_assert_cmpfloat (seconds, >, 1.9);
  g_assert_cmpfloat (seconds, <, 10);

  gan_test_queue_set_limits (self, 8, 8, 10 * 1024);
  began = g_get_monotonic_time ();
  {
    g_autoptr (GanJob) job = gan_test_queue_add (self, "/file/b.mp4?size=4000000");

    gan_test_queue_wait_state (job, GAN_JOB_RUNNING);
    gan_test_queue_set_limits (self, 8, 8, 0);
    gan_test_queue_wait_length (self, 0);
  }
  g_assert_cmpint (g_get_monotonic_time () - began, <, 10 * G_USEC_PER_SEC);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  GAN_TEST_QUEUE_ADD ("/schedule/order", test_order);
  GAN_TEST_QUEUE_ADD ("/schedule/limits", test_limits);
  GAN_TEST_QUEUE_ADD ("/schedule/limit-per-host", test_limit_per_host);
  GAN_TEST_QUEUE_ADD ("/schedule/retry-after", test_retry_after);
  g_test_add_func ("/schedule/U08-clock", test_clock);
  GAN_TEST_QUEUE_ADD ("/schedule/U08-set-back", test_clock_set_back);
  GAN_TEST_QUEUE_ADD ("/schedule/U08-countdown", test_clock_countdown);
  GAN_TEST_QUEUE_ADD ("/schedule/final", test_final);
  g_test_add_func ("/schedule/classes", test_classes);
  GAN_TEST_QUEUE_ADD ("/schedule/N01-offline", test_offline);
  GAN_TEST_QUEUE_ADD ("/schedule/N01-offline-wrong", test_offline_wrong);
  GAN_TEST_QUEUE_ADD ("/schedule/retry", test_retry);
  GAN_TEST_QUEUE_ADD ("/schedule/N09-rate", test_rate);
  return g_test_run ();
}
