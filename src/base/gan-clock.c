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

#define GAN_TYPE_SYSTEM_CLOCK (gan_system_clock_get_type ())
G_DECLARE_FINAL_TYPE (GanSystemClock, gan_system_clock, GAN, SYSTEM_CLOCK, GanClock)

struct _GanSystemClock
{
  GanClock parent_instance;
};

G_DEFINE_FINAL_TYPE (GanSystemClock, gan_system_clock, GAN_TYPE_CLOCK)

typedef struct
{
  GMutex mutex;
  GCond cond;
  gboolean cancelled;
} Wait;

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

static void
cancelled_cb (GCancellable *cancellable, gpointer data)
{
  Wait *wait = data;

  g_mutex_lock (&wait->mutex);
  wait->cancelled = TRUE;
  g_cond_signal (&wait->cond);
  g_mutex_unlock (&wait->mutex);
}

/* No file descriptor is needed: a hundred waits must not end because the process has no more. */
static gboolean
gan_system_clock_wait (GanClock *clock,
                       gint64 microseconds,
                       GCancellable *cancellable,
                       GError **error)
{
  gint64 end = g_get_monotonic_time () + microseconds;
  Wait wait = { 0 };
  gulong handler = 0;

  g_mutex_init (&wait.mutex);
  g_cond_init (&wait.cond);
  if (cancellable != NULL)
    handler = g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb), &wait, NULL);
  g_mutex_lock (&wait.mutex);
  while (!wait.cancelled && g_cond_wait_until (&wait.cond, &wait.mutex, end))
    continue;
  g_mutex_unlock (&wait.mutex);
  g_cancellable_disconnect (cancellable, handler);
  g_cond_clear (&wait.cond);
  g_mutex_clear (&wait.mutex);
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

struct _GanFakeClock
{
  GanClock parent_instance;

  GMutex mutex;
  gint64 wall; /* microseconds, as what follows */
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
  g_autoptr (GMutexLocker) locker = NULL;

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  locker = g_mutex_locker_new (&self->mutex);
  self->wall += microseconds;
  self->monotonic += microseconds;
  self->waited += microseconds;
  return TRUE;
}

static void
gan_fake_clock_finalize (GObject *object)
{
  GanFakeClock *self = GAN_FAKE_CLOCK (object);

  g_mutex_clear (&self->mutex);
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
 * gan_clock_get_system:
 *
 * Returns: (transfer none): the clock of the machine, one for the whole process
 */
GanClock *
gan_clock_get_system (void)
{
  static GanClock *clock;

  if (g_once_init_enter (&clock))
    g_once_init_leave (&clock, g_object_new (GAN_TYPE_SYSTEM_CLOCK, NULL));
  return clock;
}

/**
 * gan_clock_get_wall:
 * @self: a clock
 *
 * The time that people and servers name; somebody may set it at any moment.
 *
 * Returns: seconds since 1970-01-01 UTC
 */
gint64
gan_clock_get_wall (GanClock *self)
{
  g_return_val_if_fail (GAN_IS_CLOCK (self), 0);

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
  g_return_val_if_fail (GAN_IS_CLOCK (self), 0);

  return GAN_CLOCK_GET_CLASS (self)->get_monotonic (self);
}

/**
 * gan_clock_wait:
 * @self: a clock
 * @microseconds: how long; nothing is waited for if not positive
 * @cancellable: (nullable): ends the wait at once
 * @error: return location for an error
 *
 * Blocks the calling thread. Not to be called from a handler of @cancellable.
 *
 * Returns: whether the time has passed; %FALSE with %G_IO_ERROR_CANCELLED
 */
gboolean
gan_clock_wait (GanClock *self, gint64 microseconds, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (GAN_IS_CLOCK (self), FALSE);

  if (microseconds <= 0)
    return !g_cancellable_set_error_if_cancelled (cancellable, error);
  return GAN_CLOCK_GET_CLASS (self)->wait (self, microseconds, cancellable, error);
}

/**
 * gan_fake_clock_new:
 * @wall_seconds: what it is to show first, in seconds since 1970-01-01 UTC
 *
 * A clock that stands still until it is advanced. A wait advances it by itself and returns at once.
 *
 * Returns: (transfer full): a clock, for any thread
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
 * @self: a fake clock
 * @microseconds: how far; not counted as waited
 */
void
gan_fake_clock_advance (GanFakeClock *self, gint64 microseconds)
{
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_if_fail (GAN_IS_FAKE_CLOCK (self));
  g_return_if_fail (microseconds >= 0);

  locker = g_mutex_locker_new (&self->mutex);
  self->wall += microseconds;
  self->monotonic += microseconds;
}

/**
 * gan_fake_clock_get_waited:
 * @self: a fake clock
 *
 * Returns: microseconds that all waits together would have taken
 */
gint64
gan_fake_clock_get_waited (GanFakeClock *self)
{
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_val_if_fail (GAN_IS_FAKE_CLOCK (self), 0);

  locker = g_mutex_locker_new (&self->mutex);
  return self->waited;
}
