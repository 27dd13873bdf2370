/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-throttle.h"

/* Of a second: how much may come in one go after a pause, and how long a wait is at least. */
#define BURSTS_PER_SECOND 4

#define SHORTEST_WAIT 1000

struct _GanThrottle
{
  GanClock *clock;
  GMutex mutex;
  gint64 rate;      /* bytes per second; 0: none */
  gint64 taken;     /* bytes that came so far */
  gint64 allowed;   /* of them, those that time has paid for */
  gint64 filled_at; /* monotonic microseconds */
};

/**
 * gan_throttle_new:
 * @clock: the time
 * @rate: bytes per second, 0 for no limit
 *
 * Begins with an empty bucket, so that short files keep to the rate as well.
 *
 * Returns: (transfer full): a bucket
 */
GanThrottle *
gan_throttle_new (GanClock *clock, gint64 rate)
{
  GanThrottle *self = NULL;

  g_return_val_if_fail (GAN_IS_CLOCK (clock) && rate >= 0, NULL);

  self = g_atomic_rc_box_new0 (GanThrottle);
  g_mutex_init (&self->mutex);
  self->clock = g_object_ref (clock);
  self->rate = rate;
  self->filled_at = gan_clock_get_monotonic (clock);
  return self;
}

/**
 * gan_throttle_ref:
 * @self: a bucket
 *
 * Returns: (transfer full): @self with one reference more
 */
GanThrottle *
gan_throttle_ref (GanThrottle *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

static void
throttle_clear (gpointer data)
{
  GanThrottle *self = data;

  g_mutex_clear (&self->mutex);
  g_object_unref (self->clock);
}

/**
 * gan_throttle_unref:
 * @self: (transfer full): a bucket
 *
 * Gives one reference back; the last one frees it.
 */
void
gan_throttle_unref (GanThrottle *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, throttle_clear);
}

static gint64
get_burst (const GanThrottle *self)
{
  return MAX (self->rate / BURSTS_PER_SECOND, 1);
}

/**
 * gan_throttle_set_rate:
 * @self: a bucket
 * @rate: bytes per second, 0 for no limit
 *
 * Holds from now on, also for those who wait; what came too fast for the new rate is forgiven.
 */
void
gan_throttle_set_rate (GanThrottle *self, gint64 rate)
{
  g_return_if_fail (self != NULL && rate >= 0);

  g_mutex_lock (&self->mutex);
  if (rate != self->rate)
    {
      self->rate = rate;
      self->allowed = self->taken;
      self->filled_at = gan_clock_get_monotonic (self->clock);
    }
  g_mutex_unlock (&self->mutex);
}

/**
 * gan_throttle_get_step:
 * @self: a bucket
 * @most: what the caller would read at most, 1 or more
 *
 * Returns: how many bytes to read next, so that one read is a quarter of a second's worth at most
 */
gsize
gan_throttle_get_step (GanThrottle *self, gsize most)
{
  gint64 step = 0;

  g_return_val_if_fail (self != NULL && most > 0, most);

  g_mutex_lock (&self->mutex);
  step = self->rate == 0 ? 0 : get_burst (self);
  g_mutex_unlock (&self->mutex);
  return step != 0 && (guint64) step < most ? (gsize) step : most;
}

/* With the mutex held. */
static void
fill (GanThrottle *self)
{
  gint64 now = gan_clock_get_monotonic (self->clock);
  double more = (double) (now - self->filled_at) * (double) self->rate / G_USEC_PER_SEC;
  double most = (double) (self->taken + get_burst (self));

  /* What is less than a byte is left for the next time. */
  if (more < 1)
    return;
  self->filled_at = now;
  self->allowed = (gint64) MIN ((double) self->allowed + more, most);
}

/* How long until @mark is paid for, 0 if it is. */
static gint64
get_wait (GanThrottle *self, gint64 mark)
{
  gint64 wait = 0;

  g_mutex_lock (&self->mutex);
  if (self->rate != 0)
    fill (self);
  if (self->rate != 0 && self->allowed < mark)
    {
      double seconds = (double) (mark - self->allowed) / (double) self->rate;

      wait = (gint64) (MIN (seconds, 1.0 / BURSTS_PER_SECOND) * G_USEC_PER_SEC);
      wait = MAX (wait, SHORTEST_WAIT);
    }
  g_mutex_unlock (&self->mutex);
  return wait;
}

/**
 * gan_throttle_take:
 * @self: a bucket
 * @bytes: how many came
 * @cancellable: (nullable): stops the wait
 * @error: return location
 *
 * Pays for bytes that have come, and waits until time has caught up with them. Of several who wait
 * the first one goes first, so that they share alike. Fails with %G_IO_ERROR_CANCELLED alone.
 *
 * Returns: whether the next read may begin
 */
gboolean
gan_throttle_take (GanThrottle *self, gsize bytes, GCancellable *cancellable, GError **error)
{
  gint64 mark = 0;
  gint64 wait = 0;

  g_return_val_if_fail (self != NULL, FALSE);

  g_mutex_lock (&self->mutex);
  if (self->rate == 0)
    {
      self->allowed += (gint64) bytes;
      self->filled_at = gan_clock_get_monotonic (self->clock);
    }
  else
    {
      fill (self);
    }
  self->taken += (gint64) bytes;
  mark = self->taken;
  g_mutex_unlock (&self->mutex);
  while ((wait = get_wait (self, mark)) > 0)
    {
      if (!gan_clock_wait (self->clock, wait, cancellable, error))
        return FALSE;
    }
  return TRUE;
}
