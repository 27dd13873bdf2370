/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a queue tells: sums and ends to those who watch it, changes to other processes. */
#include "config.h"

#include "gan-queue-private.h"

/* How often sums are told, and other processes that rows were changed. Milliseconds. */
#define TELL_MILLISECONDS 250

/**
 * gan_queue_is_idle:
 * @self: a queue
 *
 * Returns: whether nothing is active and nothing can be begun
 */
gboolean
gan_queue_is_idle (GanQueue *self)
{
  return self->runs->len == 0 && self->n_of_kind[GAN_JOB_KIND_WAITING] == 0
         && self->n_of_kind[GAN_JOB_KIND_ACTIVE] == 0;
}

/* A sum in which nothing is known of one part is not known. */
static void
add_known (gint64 *sum, gint64 more)
{
  *sum = *sum == GAN_UNKNOWN || more == GAN_UNKNOWN ? GAN_UNKNOWN : *sum + more;
}

static void
add_up (GanQueue *self)
{
  GanQueueTotals *totals = &self->totals;

  totals->n_waiting = self->n_of_kind[GAN_JOB_KIND_WAITING];
  totals->n_active = self->n_of_kind[GAN_JOB_KIND_ACTIVE];
  totals->n_paused = self->n_of_kind[GAN_JOB_KIND_PAUSED];
  totals->n_failed = self->n_of_kind[GAN_JOB_KIND_FAILED];
  totals->downloaded = 0;
  totals->total = 0;
  totals->speed = 0;
  for (guint i = 0; i < self->runs->len; i++)
    {
      GanJob *job = gan_run_get_job (self->runs->pdata[i]);

      totals->downloaded += MAX (gan_job_get_downloaded (job), 0);
      add_known (&totals->total, gan_job_get_total (job));
      totals->speed += MAX (gan_job_get_speed (job), 0);
    }
}

static gboolean
totals_cb (gpointer data)
{
  g_autoptr (GanQueue) self = g_object_ref (data);

  self->totals_timer = 0;
  self->totals_told_at = g_get_monotonic_time ();
  add_up (self);
  g_signal_emit_by_name (self, "totals-changed");
  if (gan_queue_is_idle (self) != self->was_idle)
    {
      self->was_idle = !self->was_idle;
      g_object_notify (G_OBJECT (self), "is-idle");
    }
  return G_SOURCE_REMOVE;
}

/**
 * gan_queue_changed:
 * @self: a queue of which something changed
 *
 * Tells the sums soon, but not too often.
 */
void
gan_queue_changed (GanQueue *self)
{
  gint64 since = (g_get_monotonic_time () - self->totals_told_at) / 1000;

  if (self->totals_timer != 0 || self->is_closed)
    return;
  if (self->totals_told_at == 0 || since >= TELL_MILLISECONDS)
    self->totals_timer = g_idle_add_full (G_PRIORITY_DEFAULT, totals_cb, self, NULL);
  else
    self->totals_timer = g_timeout_add ((guint) (TELL_MILLISECONDS - since), totals_cb, self);
}

static gboolean
wake_cb (gpointer data)
{
  GanQueue *self = data;

  self->wake_timer = 0;
  gan_owner_wake (gan_app_get_data_dir (self->app), NULL);
  return G_SOURCE_REMOVE;
}

/**
 * gan_queue_wake_others:
 * @self: a queue whose rows were changed here
 *
 * Tells other processes: soon, if it is the owner's changes that they only follow, at once if they
 * are to act.
 */
void
gan_queue_wake_others (GanQueue *self)
{
  if (self->is_closed || !gan_queue_is_owner (self))
    gan_owner_wake (gan_app_get_data_dir (self->app), NULL);
  else if (self->wake_timer == 0)
    self->wake_timer = g_timeout_add (TELL_MILLISECONDS, wake_cb, self);
}

/**
 * gan_queue_tell_finished:
 * @self: a queue
 * @job: a job that is done and no longer in it
 * @files: (element-type GanLibraryRow): what came of it
 */
void
gan_queue_tell_finished (GanQueue *self, GanJob *job, GPtrArray *files)
{
  g_signal_emit_by_name (self, "job-finished", job, files);
}

static void
counted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GanQueue) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!gan_store_count_failure_finish (GAN_STORE (source), result, &error))
    g_info ("cannot count a failure: %s", error->message);
  gan_queue_end_pending (self);
}

/**
 * gan_queue_tell_failed:
 * @self: a queue
 * @job: a job of it that has failed for good
 */
void
gan_queue_tell_failed (GanQueue *self, GanJob *job)
{
  gan_queue_begin_pending (self);
  gan_store_count_failure_async (self->store,
                                 gan_job_row_get_platform (gan_job_get_row (job)),
                                 NULL,
                                 counted_cb,
                                 g_object_ref (self));
  g_signal_emit_by_name (self, "job-failed", job);
}

/**
 * gan_queue_get_totals:
 * @self: a queue
 *
 * Returns: (transfer none): what stands above the list, of this moment
 */
const GanQueueTotals *
gan_queue_get_totals (GanQueue *self)
{
  g_return_val_if_fail (GAN_IS_QUEUE (self), NULL);

  add_up (self);
  return &self->totals;
}
