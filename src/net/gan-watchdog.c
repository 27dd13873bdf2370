/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One thread, started with the first watch, sleeps until the nearest deadline and cancels what is
 * still at work then. Deadlines are real time even where the program's clock is a fake one: what
 * they bound is a socket. */
#include "config.h"

#include "gan-watchdog.h"

#include "gan-error.h"

struct _GanWatchdog
{
  GMutex mutex;
  GCond cond;
  GPtrArray *watches; /* those that may still expire */
  GThread *thread;
  gboolean quit;
};

struct _GanWatch
{
  GanWatchdog *watchdog;
  GCancellable *inner;
  GCancellable *outer;
  gulong outer_id;
  gint64 started;
  gint64 deadline;
  gboolean expired;
};

static GanWatch *
find_next (GanWatchdog *self)
{
  GanWatch *next = NULL;

  for (guint i = 0; i < self->watches->len; i++)
    {
      GanWatch *watch = g_ptr_array_index (self->watches, i);

      if (next == NULL || watch->deadline < next->deadline)
        next = watch;
    }
  return next;
}

/* Cancelling runs foreign callbacks, so the lock is given up for it; the reference keeps the
 * cancellable while its watch may go. */
static void
expire (GanWatchdog *self, GanWatch *watch)
{
  g_autoptr (GCancellable) inner = g_object_ref (watch->inner);

  watch->expired = TRUE;
  g_ptr_array_remove_fast (self->watches, watch);
  g_mutex_unlock (&self->mutex);
  g_cancellable_cancel (inner);
  g_mutex_lock (&self->mutex);
}

static gpointer
watchdog_thread (gpointer data)
{
  GanWatchdog *self = data;

  g_mutex_lock (&self->mutex);
  while (!self->quit)
    {
      GanWatch *next = find_next (self);

      if (next == NULL)
        g_cond_wait (&self->cond, &self->mutex);
      else if (next->deadline <= g_get_monotonic_time ())
        expire (self, next);
      else
        g_cond_wait_until (&self->cond, &self->mutex, next->deadline);
    }
  g_mutex_unlock (&self->mutex);
  return NULL;
}

/**
 * gan_watchdog_new:
 *
 * Returns: (transfer full): a watchdog without a thread yet
 */
GanWatchdog *
gan_watchdog_new (void)
{
  GanWatchdog *self = g_new0 (GanWatchdog, 1);

  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  self->watches = g_ptr_array_new ();
  return self;
}

/**
 * gan_watchdog_free:
 * @self: (transfer full): a watchdog whose watches are all stopped
 */
void
gan_watchdog_free (GanWatchdog *self)
{
  g_mutex_lock (&self->mutex);
  self->quit = TRUE;
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->mutex);

  g_clear_pointer (&self->thread, g_thread_join);
  g_ptr_array_unref (self->watches);
  g_cond_clear (&self->cond);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

static void
outer_cancelled_cb (GCancellable *outer, gpointer inner)
{
  g_cancellable_cancel (inner);
}

/**
 * gan_watchdog_start:
 * @self: a watchdog
 * @microseconds: how long the work may take
 * @outer: (nullable): what else stops it
 *
 * Returns: (transfer full): a watch; give its cancellable to the work, then gan_watch_stop() it
 */
GanWatch *
gan_watchdog_start (GanWatchdog *self, gint64 microseconds, GCancellable *outer)
{
  GanWatch *watch = g_new0 (GanWatch, 1);

  watch->watchdog = self;
  watch->inner = g_cancellable_new ();
  watch->started = g_get_monotonic_time ();
  watch->deadline = watch->started + MAX (microseconds, 0);
  if (outer != NULL)
    {
      watch->outer = g_object_ref (outer);
      watch->outer_id
          = g_cancellable_connect (outer, G_CALLBACK (outer_cancelled_cb), watch->inner, NULL);
    }

  g_mutex_lock (&self->mutex);
  g_ptr_array_add (self->watches, watch);
  if (self->thread == NULL)
    self->thread = g_thread_new ("gan-watchdog", watchdog_thread, self);
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->mutex);
  return watch;
}

/**
 * gan_watch_get_cancellable:
 * @self: a watch
 *
 * Returns: (transfer none): cancelled when the time is over or the outer one is
 */
GCancellable *
gan_watch_get_cancellable (GanWatch *self)
{
  return self->inner;
}

/**
 * gan_watch_stop:
 * @self: (transfer full): a watch
 * @error: in and out: how the work ended, or NULL
 *
 * A cancellation that was the watchdog's becomes %GAN_ERROR_TIMEOUT, reason "too-slow"; work that
 * was done in time all the same stays done.
 *
 * Returns: the microseconds since the start
 */
gint64
gan_watch_stop (GanWatch *self, GError **error)
{
  gint64 elapsed = g_get_monotonic_time () - self->started;
  gboolean expired = FALSE;

  g_mutex_lock (&self->watchdog->mutex);
  g_ptr_array_remove_fast (self->watchdog->watches, self);
  expired = self->expired;
  g_mutex_unlock (&self->watchdog->mutex);

  if (expired && error != NULL && gan_error_is_cancelled (*error)
      && !g_cancellable_is_cancelled (self->outer))
    {
      g_clear_error (error);
      gan_error_set (error, GAN_ERROR_TIMEOUT, "too-slow", "the server took too long in all");
    }
  g_cancellable_disconnect (self->outer, self->outer_id);
  g_clear_object (&self->outer);
  g_object_unref (self->inner);
  g_free (self);
  return elapsed;
}
