/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-throttle.h"

/* Of a second: how much may come in one go after a pause, and how long a wait is at least. */
#define BURSTS_PER_SECOND 4

/**
 * gan_throttle_init:
 * @self: a bucket
 * @clock: the time; must outlive it
 * @rate: bytes per second, 0 for no limit
 *
 * Begins with an empty bucket, so that short files keep to the rate as well.
 */
void
gan_throttle_init (GanThrottle *self, GanClock *clock, gint64 rate)
{
  g_return_if_fail (self != NULL && GAN_IS_CLOCK (clock) && rate >= 0);

  self->clock = clock;
  self->rate = rate;
  self->tokens = 0;
  self->filled_at = gan_clock_get_monotonic (clock);
}

/**
 * gan_throttle_get_step:
 * @self: a bucket
 * @most: what the caller would read at most, 1 or more
 *
 * Returns: how many bytes to read next, so that one read is a quarter of a second's worth at most
 */
gsize
gan_throttle_get_step (const GanThrottle *self, gsize most)
{
  gint64 step = 0;

  g_return_val_if_fail (self != NULL && most > 0, most);

  if (self->rate == 0)
    return most;
  step = MAX (self->rate / BURSTS_PER_SECOND, 1);
  return (guint64) step < most ? (gsize) step : most;
}

static void
fill (GanThrottle *self)
{
  gint64 now = gan_clock_get_monotonic (self->clock);
  gint64 burst = MAX (self->rate / BURSTS_PER_SECOND, 1);
  double more = (double) (now - self->filled_at) * (double) self->rate / G_USEC_PER_SEC;

  /* What is less than a byte is left for the next time. */
  if (more < 1)
    return;
  self->filled_at = now;
  self->tokens = (gint64) MIN ((double) self->tokens + more, (double) burst);
}

/**
 * gan_throttle_take:
 * @self: a bucket
 * @bytes: how many came
 * @cancellable: (nullable): stops the wait
 * @error: return location
 *
 * Pays for bytes that have come, and waits while the bucket is in debt. Fails with
 * %G_IO_ERROR_CANCELLED alone.
 *
 * Returns: whether the next read may begin
 */
gboolean
gan_throttle_take (GanThrottle *self, gsize bytes, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (self->rate == 0)
    return TRUE;
  fill (self);
  self->tokens -= (gint64) bytes;
  while (self->tokens < 0)
    {
      double seconds = (double) -self->tokens / (double) self->rate;
      gint64 wait = (gint64) (MIN (seconds, 1.0 / BURSTS_PER_SECOND) * G_USEC_PER_SEC);

      if (!gan_clock_wait (self->clock, MAX (wait, 1000), cancellable, error))
        return FALSE;
      fill (self);
    }
  return TRUE;
}
