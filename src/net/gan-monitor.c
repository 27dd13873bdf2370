/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-monitor.h"

/**
 * gan_monitor_init:
 * @self: uninitialised memory
 */
void
gan_monitor_init (GanMonitor *self)
{
  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
}

/**
 * gan_monitor_clear:
 * @self: a monitor that no thread is in
 */
void
gan_monitor_clear (GanMonitor *self)
{
  g_cond_clear (&self->cond);
  g_mutex_clear (&self->mutex);
}

static void
cancelled_cb (GCancellable *cancellable, gpointer data)
{
  GanMonitor *self = data;

  g_mutex_lock (&self->mutex);
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->mutex);
}

/**
 * gan_monitor_enter:
 * @self: a monitor
 * @cancellable: (nullable): what ends the waits of this stay; NULL where there are none
 *
 * Locks. The cancellable is connected before, because it calls back at once when it is cancelled
 * already.
 *
 * Returns: an id for gan_monitor_leave()
 */
gulong
gan_monitor_enter (GanMonitor *self, GCancellable *cancellable)
{
  gulong id = 0;

  if (cancellable != NULL)
    id = g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb), self, NULL);
  g_mutex_lock (&self->mutex);
  return id;
}

/**
 * gan_monitor_wait:
 * @self: a monitor that this thread is in
 * @cancellable: (nullable): the one given to gan_monitor_enter()
 * @error: return location
 *
 * Waits for gan_monitor_wake(). May return without one: test what you wait for again.
 *
 * Returns: FALSE with %G_IO_ERROR_CANCELLED if @cancellable is cancelled
 */
gboolean
gan_monitor_wait (GanMonitor *self, GCancellable *cancellable, GError **error)
{
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  g_cond_wait (&self->cond, &self->mutex);
  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}

/**
 * gan_monitor_wake:
 * @self: a monitor that this thread is in
 *
 * Wakes all who wait.
 */
void
gan_monitor_wake (GanMonitor *self)
{
  g_cond_broadcast (&self->cond);
}

/**
 * gan_monitor_leave:
 * @self: a monitor that this thread is in
 * @cancellable: (nullable): the one given to gan_monitor_enter()
 * @id: what that returned
 *
 * Unlocks, then waits for a callback of the cancellable that may be under way.
 */
void
gan_monitor_leave (GanMonitor *self, GCancellable *cancellable, gulong id)
{
  g_mutex_unlock (&self->mutex);
  g_cancellable_disconnect (cancellable, id);
}
