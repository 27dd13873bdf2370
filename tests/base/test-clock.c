/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-clock.h"

#include <glib.h>

#define HOUR (3600 * (gint64) G_USEC_PER_SEC)
#define WALL_SECONDS 1700000000

static void
test_system (void)
{
  GanClock *clock = gan_clock_get_system ();
  gint64 start = gan_clock_get_monotonic (clock);
  GError *error = NULL;

  g_assert_true (clock == gan_clock_get_system ());
  g_assert_cmpint (ABS (gan_clock_get_wall (clock) - g_get_real_time () / G_USEC_PER_SEC), <=, 1);
  g_assert_true (gan_clock_wait (clock, 20000, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpint (gan_clock_get_monotonic (clock) - start, >=, 20000);
  g_assert_true (gan_clock_wait (clock, 0, NULL, NULL));
  g_assert_true (gan_clock_wait (clock, -5, NULL, NULL));
}

static gpointer
wait_an_hour (gpointer data)
{
  GError *error = NULL;

  g_assert_false (gan_clock_wait (gan_clock_get_system (), HOUR, data, &error));
  return error;
}

/* A wait for an hour ends at once, whether it was cancelled before or, as the short wait here makes
 * all but certain, while it lasts. */
static void
test_cancel (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) first = NULL;
  g_autoptr (GError) second = NULL;
  g_autoptr (GError) third = NULL;
  GThread *one = g_thread_new ("one", wait_an_hour, cancellable);
  GThread *two = g_thread_new ("two", wait_an_hour, cancellable);

  g_assert_true (gan_clock_wait (gan_clock_get_system (), 50000, NULL, NULL));
  g_cancellable_cancel (cancellable);
  first = g_thread_join (one);
  second = g_thread_join (two);
  third = wait_an_hour (cancellable);
  g_assert_error (first, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_error (second, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_error (third, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&first);
  g_assert_false (gan_clock_wait (gan_clock_get_system (), 0, cancellable, &first));
  g_assert_error (first, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_fake (void)
{
  GanFakeClock *fake = gan_fake_clock_new (WALL_SECONDS);
  GanClock *clock = GAN_CLOCK (fake);
  gint64 start = gan_clock_get_monotonic (clock);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (gan_clock_get_wall (clock), ==, WALL_SECONDS);
  gan_fake_clock_advance (fake, 5);
  g_assert_cmpint (gan_clock_get_wall (clock), ==, WALL_SECONDS);
  g_assert_cmpint (gan_clock_get_monotonic (clock) - start, ==, 5);
  g_assert_cmpint (gan_fake_clock_get_waited (fake), ==, 0);
  g_assert_true (gan_clock_wait (clock, HOUR, cancellable, &error));
  g_assert_no_error (error);
  g_assert_cmpint (gan_clock_get_monotonic (clock) - start, ==, HOUR + 5);
  g_assert_cmpint (gan_clock_get_wall (clock), ==, WALL_SECONDS + 3600);
  g_assert_cmpint (gan_fake_clock_get_waited (fake), ==, HOUR);
  g_cancellable_cancel (cancellable);
  g_assert_false (gan_clock_wait (clock, 1, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (gan_fake_clock_get_waited (fake), ==, HOUR);
  g_assert_finalize_object (fake);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/clock/system", test_system);
  g_test_add_func ("/clock/cancel", test_cancel);
  g_test_add_func ("/clock/fake", test_fake);
  return g_test_run ();
}
