/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-clock.h"

G_DEFINE_ABSTRACT_TYPE (GanClock, gan_clock, G_TYPE_OBJECT)

static void
gan_clock_class_init (GanClockClass *klass)
{
}

static void
gan_clock_init (GanClock *self)
{
}

/**
 * gan_clock_get_wall:
 * @self: a clock
 *
 * Returns: seconds since 1970 UTC; may jump
 */
gint64
gan_clock_get_wall (GanClock *self)
{
  return GAN_CLOCK_GET_CLASS (self)->get_wall (self);
}

/**
 * gan_clock_get_monotonic:
 * @self: a clock
 *
 * Returns: microseconds since some moment; never goes back
 */
gint64
gan_clock_get_monotonic (GanClock *self)
{
  return GAN_CLOCK_GET_CLASS (self)->get_monotonic (self);
}

/**
 * gan_clock_wait:
 * @self: a clock
 * @microseconds: how long; nothing happens for 0 and less
 * @cancellable: (nullable): ends the wait early
 * @error: G_IO_ERROR_CANCELLED, nothing else
 *
 * Blocks the calling thread.
 *
 * Returns: whether the time has passed
 */
gboolean
gan_clock_wait (GanClock *self, gint64 microseconds, GCancellable *cancellable, GError **error)
{
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  return microseconds <= 0
         || GAN_CLOCK_GET_CLASS (self)->wait (self, microseconds, cancellable, error);
}

/* The system's clock. */

#define GAN_TYPE_SYSTEM_CLOCK (gan_system_clock_get_type ())
G_DECLARE_FINAL_TYPE (GanSystemClock, gan_system_clock, GAN, SYSTEM_CLOCK, GanClock)

struct _GanSystemClock
{
  GanClock parent_instance;
};

G_DEFINE_FINAL_TYPE (GanSystemClock, gan_system_clock, GAN_TYPE_CLOCK)

static gint64
gan_system_clock_get_wall (GanClock *clock)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

static gint64
gan_system_clock_get_monotonic (GanClock *clock)
{
  return g_get_monotonic_time ();
}

/* poll() on the cancellable's descriptor: no thread, no main context, and a cancel ends it at once.
 */
static gboolean
gan_system_clock_wait (GanClock *clock,
                       gint64 microseconds,
                       GCancellable *cancellable,
                       GError **error)
{
  gint64 deadline = g_get_monotonic_time () + microseconds;
  gint64 left = microseconds;
  GPollFD watched = { .fd = -1 };
  gboolean has_descriptor = g_cancellable_make_pollfd (cancellable, &watched);

  while (left > 0 && !g_cancellable_is_cancelled (cancellable))
    {
      g_poll (&watched, has_descriptor ? 1 : 0, (int) MIN (left / 1000 + 1, G_MAXINT));
      left = deadline - g_get_monotonic_time ();
    }
  if (has_descriptor)
    g_cancellable_release_fd (cancellable);
  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}

static void
gan_system_clock_class_init (GanSystemClockClass *klass)
{
  GanClockClass *clock_class = GAN_CLOCK_CLASS (klass);

  clock_class->get_wall = gan_system_clock_get_wall;
  clock_class->get_monotonic = gan_system_clock_get_monotonic;
  clock_class->wait = gan_system_clock_wait;
}

static void
gan_system_clock_init (GanSystemClock *self)
{
}

/**
 * gan_clock_get_system:
 *
 * Returns: (transfer none): the clock of the machine
 */
GanClock *
gan_clock_get_system (void)
{
  static gsize clock;

  if (g_once_init_enter (&clock))
    g_once_init_leave (&clock, (gsize) g_object_new (GAN_TYPE_SYSTEM_CLOCK, NULL));
  return (GanClock *) clock;
}

/* The clock that tests turn by hand. */

struct _GanFakeClock
{
  GanClock parent_instance;

  GMutex mutex; /* guards what follows */
  gint64 wall;  /* microseconds */
  gint64 monotonic;
  gint64 waited;
};

G_DEFINE_FINAL_TYPE (GanFakeClock, gan_fake_clock, GAN_TYPE_CLOCK)

static gint64
gan_fake_clock_get_wall (GanClock *clock)
{
  GanFakeClock *self = GAN_FAKE_CLOCK (clock);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return self->wall / G_USEC_PER_SEC;
}

static gint64
gan_fake_clock_get_monotonic (GanClock *clock)
{
  GanFakeClock *self = GAN_FAKE_CLOCK (clock);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return self->monotonic;
}

static gboolean
gan_fake_clock_wait (GanClock *clock,
                     gint64 microseconds,
                     GCancellable *cancellable,
                     GError **error)
{
  GanFakeClock *self = GAN_FAKE_CLOCK (clock);

  gan_fake_clock_advance (self, microseconds);
  g_mutex_lock (&self->mutex);
  self->waited += microseconds;
  g_mutex_unlock (&self->mutex);
  return TRUE;
}

static void
gan_fake_clock_finalize (GObject *object)
{
  g_mutex_clear (&GAN_FAKE_CLOCK (object)->mutex);
  G_OBJECT_CLASS (gan_fake_clock_parent_class)->finalize (object);
}

static void
gan_fake_clock_class_init (GanFakeClockClass *klass)
{
  GanClockClass *clock_class = GAN_CLOCK_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = gan_fake_clock_finalize;
  clock_class->get_wall = gan_fake_clock_get_wall;
  clock_class->get_monotonic = gan_fake_clock_get_monotonic;
  clock_class->wait = gan_fake_clock_wait;
}

static void
gan_fake_clock_init (GanFakeClock *self)
{
  g_mutex_init (&self->mutex);
}

/**
 * gan_fake_clock_new:
 * @wall_seconds: seconds since 1970 at which it stands
 *
 * Waits on it end at once and turn it forward.
 *
 * Returns: (transfer full): a clock that stands still
 */
GanFakeClock *
gan_fake_clock_new (gint64 wall_seconds)
{
  GanFakeClock *self = g_object_new (GAN_TYPE_FAKE_CLOCK, NULL);

  self->wall = wall_seconds * G_USEC_PER_SEC;
  return self;
}

/**
 * gan_fake_clock_advance:
 * @self: a clock
 * @microseconds: by how much to turn it forward
 */
void
gan_fake_clock_advance (GanFakeClock *self, gint64 microseconds)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  self->wall += microseconds;
  self->monotonic += microseconds;
}

/**
 * gan_fake_clock_get_waited:
 * @self: a clock
 *
 * Returns: microseconds of all waits on it together
 */
gint64
gan_fake_clock_get_waited (GanFakeClock *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return self->waited;
}
