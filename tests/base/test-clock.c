/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-clock.h"
#include "gan-pool.h"

static void
test_system (void)
{
  GanClock *clock = gan_clock_get_system ();
  gint64 before = gan_clock_get_monotonic (clock);
  g_autoptr (GError) error = NULL;

  g_assert_true (gan_clock_wait (clock, 20000, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpint (gan_clock_get_monotonic (clock) - before, >=, 20000);
  g_assert_cmpint (ABS (gan_clock_get_wall (clock) - g_get_real_time () / G_USEC_PER_SEC), <=, 1);
  g_assert_true (gan_clock_wait (clock, -5, NULL, NULL));
}

static gpointer
cancel_thread (gpointer data)
{
  g_cancellable_cancel (data);
  return NULL;
}

static void
test_cancel (void)
{
  GanClock *clock = gan_clock_get_system ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) again = NULL;
  gint64 before = g_get_monotonic_time ();
  GThread *thread = g_thread_new ("cancel", cancel_thread, cancellable);

  g_assert_false (gan_clock_wait (clock, 20 * G_USEC_PER_SEC, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (g_get_monotonic_time () - before, <, 10 * G_USEC_PER_SEC);
  g_thread_join (thread);
  g_assert_false (gan_clock_wait (clock, 0, cancellable, &again));
  g_assert_error (again, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_fake (void)
{
  GanFakeClock *fake = gan_fake_clock_new (1000);
  GanClock *clock = GAN_CLOCK (fake);

  g_assert_cmpint (gan_clock_get_wall (clock), ==, 1000);
  gan_fake_clock_advance (fake, 5 * G_USEC_PER_SEC);
  g_assert_cmpint (gan_clock_get_wall (clock), ==, 1005);
  g_assert_cmpint (gan_fake_clock_get_waited (fake), ==, 0);
  g_assert_true (gan_clock_wait (clock, G_GINT64_CONSTANT (3600000000), NULL, NULL));
  g_assert_cmpint (gan_clock_get_wall (clock), ==, 4605);
  g_assert_cmpint (gan_clock_get_monotonic (clock), ==, G_GINT64_CONSTANT (3605000000));
  g_assert_cmpint (gan_fake_clock_get_waited (fake), ==, G_GINT64_CONSTANT (3600000000));
  g_assert_finalize_object (fake);
}

/* How many jobs run, and how many ran at once. */
static gint running, peak, ran;

static void
job (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  gint now = g_atomic_int_add (&running, 1) + 1;
  gint seen = g_atomic_int_get (&peak);

  while (now > seen && !g_atomic_int_compare_and_exchange (&peak, seen, now))
    seen = g_atomic_int_get (&peak);
  gan_clock_wait (gan_clock_get_system (), 2000, NULL, NULL);
  g_atomic_int_add (&running, -1);
  g_atomic_int_inc (&ran);
  g_task_return_boolean (task, TRUE);
}

static void
count_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  guint *counts = user_data;

  if (g_task_propagate_boolean (G_TASK (result), &error))
    counts[0]++;
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    counts[1]++;
}

static void
test_pool (void)
{
  g_autoptr (GCancellable) cancelled = g_cancellable_new ();
  GanPool *pool = gan_pool_new ("test", 3);
  guint counts[2] = { 0, 0 };

  g_cancellable_cancel (cancelled);
  for (guint i = 0; i < 40; i++)
    {
      g_autoptr (GTask) task = g_task_new (NULL, i % 4 == 0 ? cancelled : NULL, count_cb, counts);

      gan_pool_run (pool, task, job);
    }
  gan_pool_free (pool);
  while (counts[0] + counts[1] < 40)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (counts[0], ==, 30);
  g_assert_cmpuint (counts[1], ==, 10);
  g_assert_cmpint (ran, ==, 30);
  g_assert_cmpint (peak, <=, 3);
  g_assert_cmpint (peak, >=, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/clock/system", test_system);
  g_test_add_func ("/clock/cancel", test_cancel);
  g_test_add_func ("/clock/fake", test_fake);
  g_test_add_func ("/pool/bounded", test_pool);
  return g_test_run ();
}
