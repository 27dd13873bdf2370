/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Speed, throttle and retry budget, by a clock that the tests turn. */
#include "config.h"

#include "gan-error.h"
#include "gan-limits.h"
#include "gan-retry-budget.h"
#include "gan-speed.h"
#include "gan-throttle.h"
#include "gan-unknown.h"

#define MIB (1024 * 1024)

static void
test_speed (void)
{
  GanSpeed speed = { 0 };
  gint64 now = 0;

  g_assert_cmpint (gan_speed_get (&speed, 0), ==, GAN_UNKNOWN);
  gan_speed_add (&speed, now, 0);
  g_assert_cmpint (gan_speed_get (&speed, now), ==, GAN_UNKNOWN);
  for (guint i = 0; i < 1000; i++)
    {
      now += G_USEC_PER_SEC / 100;
      gan_speed_add (&speed, now, MIB / 100);
    }
  g_assert_cmpint (gan_speed_get (&speed, now), >, MIB * 98 / 100);
  g_assert_cmpint (gan_speed_get (&speed, now), <, MIB * 102 / 100);
  g_assert_cmpint (gan_speed_get_eta (&speed, now, 10 * MIB), >=, 10);
  g_assert_cmpint (gan_speed_get_eta (&speed, now, 10 * MIB), <=, 11);
  g_assert_cmpint (gan_speed_get_eta (&speed, now, 0), ==, 0);
  g_assert_cmpint (gan_speed_get_eta (&speed, now, GAN_UNKNOWN), ==, GAN_UNKNOWN);
  g_assert_cmpint (gan_speed_get_eta (&speed, now, G_MAXINT64), ==, GAN_UNKNOWN);

  /* When nothing comes, the speed goes down, and ends. */
  now += 3 * G_USEC_PER_SEC;
  g_assert_cmpint (gan_speed_get (&speed, now), <, MIB / 2);
  now += 10 * G_USEC_PER_SEC;
  g_assert_cmpint (gan_speed_get (&speed, now), ==, 0);
  g_assert_cmpint (gan_speed_get_eta (&speed, now, MIB), ==, GAN_UNKNOWN);
}

static void
test_speed_follows (void)
{
  GanSpeed speed = { 0 };
  gint64 now = 0;

  gan_speed_add (&speed, now, 0);
  for (guint i = 0; i < 200; i++)
    gan_speed_add (&speed, now += G_USEC_PER_SEC / 20, 10 * MIB / 20);
  for (guint i = 0; i < 200; i++)
    gan_speed_add (&speed, now += G_USEC_PER_SEC / 20, MIB / 20);
  g_assert_cmpint (gan_speed_get (&speed, now), <, MIB * 102 / 100);
}

static void
check_rate (gint64 rate, gsize bytes)
{
  g_autoptr (GanFakeClock) clock = gan_fake_clock_new (0);
  g_autoptr (GanThrottle) throttle = gan_throttle_new (GAN_CLOCK (clock), rate);
  gsize done = 0;
  double seconds = 0;

  while (done < bytes)
    {
      gsize step = MIN (gan_throttle_get_step (throttle, 256 * 1024), bytes - done);

      g_assert_true (gan_throttle_take (throttle, step, NULL, NULL));
      done += step;
    }
  seconds = (double) gan_fake_clock_get_waited (clock) / G_USEC_PER_SEC;
  g_assert_cmpfloat (seconds, >, (double) bytes / (double) rate * 0.95);
  g_assert_cmpfloat (seconds, <, (double) bytes / (double) rate * 1.05 + 0.01);
}

static void
test_throttle (void)
{
  check_rate (MIB, 10 * MIB);
  check_rate (1024, 10 * 1024);
  check_rate (1, 10);
  check_rate (G_GINT64_CONSTANT (1) << 40, 100 * MIB);
}

static void
test_throttle_none (void)
{
  g_autoptr (GanFakeClock) clock = gan_fake_clock_new (0);
  g_autoptr (GanThrottle) throttle = gan_throttle_new (GAN_CLOCK (clock), 0);

  g_assert_cmpuint (gan_throttle_get_step (throttle, 256 * 1024), ==, 256 * 1024);
  g_assert_true (gan_throttle_take (throttle, MIB, NULL, NULL));
  g_assert_cmpint (gan_fake_clock_get_waited (clock), ==, 0);
}

/* A pause saves up no more than a quarter of a second. */
static void
test_throttle_pause (void)
{
  g_autoptr (GanFakeClock) clock = gan_fake_clock_new (0);
  g_autoptr (GanThrottle) throttle = gan_throttle_new (GAN_CLOCK (clock), 1000);

  gan_fake_clock_advance (clock, 3600 * (gint64) G_USEC_PER_SEC);
  g_assert_true (gan_throttle_take (throttle, 250, NULL, NULL));
  g_assert_cmpint (gan_fake_clock_get_waited (clock), ==, 0);
  g_assert_true (gan_throttle_take (throttle, 1000, NULL, NULL));
  g_assert_cmpint (gan_fake_clock_get_waited (clock), >=, G_USEC_PER_SEC);
}

static void
test_throttle_cancel (void)
{
  g_autoptr (GanFakeClock) clock = gan_fake_clock_new (0);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GanThrottle) throttle = gan_throttle_new (GAN_CLOCK (clock), 1000);

  g_cancellable_cancel (cancellable);
  g_assert_false (gan_throttle_take (throttle, 10000, cancellable, &error));
  g_assert_true (gan_error_is_cancelled (error));
}

typedef struct
{
  GanThrottle *throttle;
  GCancellable *cancellable;
  gint64 taken; /* the thread's own until it has ended */
} Taker;

static gpointer
take_on (gpointer data)
{
  Taker *self = data;

  while (gan_throttle_take (self->throttle, 5000, self->cancellable, NULL))
    self->taken += 5000;
  return NULL;
}

/* Several who share one get the same, and together what they may; a new rate holds for those who
 * wait. */
static void
test_throttle_shared (void)
{
  g_autoptr (GanThrottle) throttle = gan_throttle_new (gan_clock_get_system (), 200000);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Taker takers[4] = { { 0 } };
  GThread *threads[G_N_ELEMENTS (takers)] = { NULL };
  gint64 all = 0;

  for (guint i = 0; i < G_N_ELEMENTS (takers); i++)
    {
      takers[i] = (Taker){ throttle, cancellable, 0 };
      threads[i] = g_thread_new ("taker", take_on, &takers[i]);
    }
  g_assert_true (gan_clock_wait (gan_clock_get_system (), 2 * G_USEC_PER_SEC, NULL, NULL));
  gan_throttle_set_rate (throttle, 1);
  g_assert_true (gan_clock_wait (gan_clock_get_system (), G_USEC_PER_SEC, NULL, NULL));
  g_cancellable_cancel (cancellable);
  for (guint i = 0; i < G_N_ELEMENTS (takers); i++)
    {
      g_thread_join (threads[i]);
      all += takers[i].taken;
    }
  g_test_message ("%" G_GINT64_FORMAT " bytes in 2 s", all);
  g_assert_cmpint (all, >, 300000);
  g_assert_cmpint (all, <, 480000);
  for (guint i = 0; i < G_N_ELEMENTS (takers); i++)
    {
      g_assert_cmpint (takers[i].taken, >, all / 4 * 8 / 10);
      g_assert_cmpint (takers[i].taken, <, all / 4 * 12 / 10);
    }
}

/* Fails until the budget gives up; how long did it try, and how often? */
static gint64
exhaust (GError *failure, gint64 attempt, guint *n)
{
  g_autoptr (GanFakeClock) clock = gan_fake_clock_new (0);
  GanRetryBudget budget;
  gint64 delay = 0;
  gint64 first_failure = 0;

  gan_retry_budget_init (&budget, GAN_CLOCK (clock));
  for (*n = 0; delay != GAN_UNKNOWN; (*n)++)
    {
      g_assert_cmpuint (*n, <, 1000);
      gan_fake_clock_advance (clock, delay + attempt);
      if (*n == 0)
        first_failure = gan_clock_get_monotonic (GAN_CLOCK (clock));
      delay = gan_retry_budget_get_delay (&budget, failure, attempt);
    }
  return (gan_clock_get_monotonic (GAN_CLOCK (clock)) - first_failure) / G_USEC_PER_SEC;
}

static void
test_budget (void)
{
  g_autoptr (GError) network = gan_error_new (GAN_ERROR_NETWORK, NULL, "refused");
  g_autoptr (GError) timeout = gan_error_new (GAN_ERROR_TIMEOUT, NULL, "silence");
  g_autoptr (GError) limited = gan_error_new (GAN_ERROR_RATE_LIMITED, NULL, "slowly");
  g_autoptr (GError) missing = gan_error_new (GAN_ERROR_NOT_FOUND, NULL, "gone");
  guint n = 0;

  g_assert_cmpint (exhaust (network, 1000, &n), <=, GAN_LIMIT_RETRY_SECONDS);
  g_assert_cmpuint (n, >, 5);
  g_assert_cmpuint (n, <, 15);
  g_assert_cmpint (exhaust (limited, 1000, &n), <=, GAN_LIMIT_RETRY_SECONDS);
  g_assert_cmpuint (n, >, 3);

  /* A silence of 30 s is worth one other connection, not three. */
  g_assert_cmpint (exhaust (timeout, 30 * G_USEC_PER_SEC, &n), ==, 30);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpint (exhaust (timeout, 20 * G_USEC_PER_SEC, &n), ==, 20);
  g_assert_cmpuint (n, ==, 2);

  exhaust (missing, 1000, &n);
  g_assert_cmpuint (n, ==, 1);
}

static void
test_budget_asked_for (void)
{
  g_autoptr (GError) minute = gan_error_new (GAN_ERROR_RATE_LIMITED, NULL, "slowly");
  g_autoptr (GError) hour = gan_error_new (GAN_ERROR_RATE_LIMITED, NULL, "slowly");
  g_autoptr (GError) moment = gan_error_new (GAN_ERROR_RATE_LIMITED, NULL, "slowly");
  guint n = 0;

  gan_error_set_retry_after (minute, 60);
  g_assert_cmpint (exhaust (minute, 1000, &n), ==, 60);
  g_assert_cmpuint (n, ==, 2);
  gan_error_set_retry_after (hour, 3600);
  g_assert_cmpint (exhaust (hour, 1000, &n), ==, 0);
  gan_error_set_retry_after (moment, 0);
  g_assert_cmpint (exhaust (moment, 1000, &n), <=, 61);
  g_assert_cmpuint (n, <=, 62);
}

static void
test_budget_reset (void)
{
  g_autoptr (GError) network = gan_error_new (GAN_ERROR_NETWORK, NULL, "refused");
  g_autoptr (GanFakeClock) clock = gan_fake_clock_new (0);
  GanRetryBudget budget;

  gan_retry_budget_init (&budget, GAN_CLOCK (clock));
  g_assert_cmpint (gan_retry_budget_get_delay (&budget, network, 0), >, 0);
  gan_fake_clock_advance (clock, 3600 * (gint64) G_USEC_PER_SEC);
  gan_retry_budget_reset (&budget);
  g_assert_cmpint (gan_retry_budget_get_delay (&budget, network, 0), >, 0);
  gan_fake_clock_advance (clock, 3600 * (gint64) G_USEC_PER_SEC);
  g_assert_cmpint (gan_retry_budget_get_delay (&budget, network, 0), ==, GAN_UNKNOWN);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pace/speed", test_speed);
  g_test_add_func ("/pace/speed-follows", test_speed_follows);
  g_test_add_func ("/pace/throttle", test_throttle);
  g_test_add_func ("/pace/throttle-none", test_throttle_none);
  g_test_add_func ("/pace/throttle-pause", test_throttle_pause);
  g_test_add_func ("/pace/throttle-cancel", test_throttle_cancel);
  g_test_add_func ("/pace/N09-throttle-shared", test_throttle_shared);
  g_test_add_func ("/pace/budget", test_budget);
  g_test_add_func ("/pace/S26-asked-for", test_budget_asked_for);
  g_test_add_func ("/pace/budget-reset", test_budget_reset);
  return g_test_run ();
}
