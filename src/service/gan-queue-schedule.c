/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-job-retry.h"
#include "gan-limits.h"
#include "gan-queue-private.h"

/* How long nothing is tried when the store refuses a change, and the longest that a timer sleeps:
 * the clock by which it does stands still while the machine is suspended. */
#define BLOCK_MICROSECONDS (10 * (gint64) G_USEC_PER_SEC)
#define LONGEST_SLEEP (30 * (gint64) G_USEC_PER_SEC)
#define SHORTEST_SLEEP (50 * 1000)

/* By how much the time of a row may be off. */
#define MENDED_SECONDS 30

/* A look along the queue. */
typedef struct
{
  gint64 now;
  gint64 wall;
  guint n_free;
  GHashTable *running; /* host -> number of runs; borrowed keys */
  gint64 next;         /* when to look again, 0: when something happens */
} Look;

static guint
get_max_jobs (GanQueue *self)
{
  guint most = self->options.max_jobs != 0 ? self->options.max_jobs : GAN_LIMIT_JOBS;

  return MIN (most, GAN_LIMIT_JOB_THREADS);
}

static guint
get_max_per_host (GanQueue *self)
{
  return self->options.max_jobs_per_host != 0 ? self->options.max_jobs_per_host
                                              : GAN_LIMIT_JOBS_PER_HOST;
}

static void
look_again_at (Look *look, gint64 due)
{
  if (due > look->now && (look->next == 0 || due < look->next))
    look->next = due;
}

static guint
get_n_running (Look *look, const char *host)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (look->running, host));
}

static void
count_running (Look *look, const char *host)
{
  g_hash_table_insert (look->running,
                       (gpointer) host,
                       GUINT_TO_POINTER (get_n_running (look, host) + 1));
}

static gint64
get_hold (GanQueue *self, const char *host)
{
  const gint64 *due = g_hash_table_lookup (self->holds, host);

  return due != NULL ? *due : 0;
}

/* What people read as a countdown does not promise what a clock that was set back has made of it.
 */
static void
mend_retry_at (GanQueue *self, GanJob *job, gint64 retry_at, Look *look)
{
  gint64 wait = (gan_job_get_due (job) - look->now) / G_USEC_PER_SEC + 1;

  if (retry_at != GAN_UNKNOWN_TIME && retry_at - look->wall > wait + MENDED_SECONDS)
    gan_queue_runs_set_retry_at (self, job, look->wall + wait);
}

/* Whether its time has come, by the one clock or the other: after a suspend only the wall knows. */
static gboolean
is_due (GanQueue *self, GanJob *job, Look *look)
{
  gint64 retry_at = gan_job_row_get_retry_at (gan_job_get_row (job));

  if (!gan_job_is_in_state (job, GAN_JOB_RETRYING) || gan_job_get_due (job) <= look->now
      || (retry_at != GAN_UNKNOWN_TIME && retry_at <= look->wall))
    return TRUE;
  mend_retry_at (self, job, retry_at, look);
  look_again_at (look, gan_job_get_due (job));
  return FALSE;
}

static gboolean
may_begin (GanQueue *self, GanJob *job, Look *look)
{
  const char *host = NULL;

  if (gan_job_get_run (job) != NULL || !gan_job_is_wanted (job, GAN_JOB_WANT_RUN)
      || (!gan_job_is_in_state (job, GAN_JOB_WAITING)
          && !gan_job_is_in_state (job, GAN_JOB_RETRYING))
      || !is_due (self, job, look))
    return FALSE;
  host = gan_job_get_host (job);
  if (get_hold (self, host) > look->now)
    {
      look_again_at (look, get_hold (self, host));
      return FALSE;
    }
  return get_n_running (look, host) < get_max_per_host (self);
}

static gboolean
due_cb (gpointer data)
{
  GanQueue *self = data;

  self->due_timer = 0;
  if (self->blocked_until != 0 && self->blocked_until <= gan_clock_get_monotonic (self->clock))
    {
      self->blocked_until = 0;
      gan_queue_runs_store_again (self);
    }
  if (!self->is_ready && gan_queue_is_owner (self))
    gan_queue_rows_reload (self);
  gan_queue_schedule (self);
  return G_SOURCE_REMOVE;
}

static void
sleep_until (GanQueue *self, gint64 now, gint64 due)
{
  g_clear_handle_id (&self->due_timer, g_source_remove);
  if (due == 0)
    return;
  self->due_timer
      = g_timeout_add ((guint) (CLAMP (due - now, SHORTEST_SLEEP, LONGEST_SLEEP) / 1000) + 1,
                       due_cb,
                       self);
}

/* Along the queue in its order, until as many run as may. */
static void
begin_due (GanQueue *self, Look *look)
{
  GSequenceIter *iter = g_sequence_get_begin_iter (self->jobs);

  for (; look->n_free > 0 && !g_sequence_iter_is_end (iter); iter = g_sequence_iter_next (iter))
    {
      GanJob *job = g_sequence_get (iter);

      if (!may_begin (self, job, look))
        continue;
      count_running (look, gan_job_get_host (job));
      look->n_free--;
      gan_queue_runs_begin (self, job);
    }
}

static void
look_along (GanQueue *self)
{
  g_autoptr (GHashTable) running = g_hash_table_new (g_str_hash, g_str_equal);
  Look look = {
    .now = gan_clock_get_monotonic (self->clock),
    .wall = gan_clock_get_wall (self->clock),
    .n_free = get_max_jobs (self) - MIN (self->runs->len, get_max_jobs (self)),
    .running = running,
  };

  for (guint i = 0; i < self->runs->len; i++)
    count_running (&look, gan_job_get_host (gan_run_get_job (self->runs->pdata[i])));
  look_again_at (&look, self->blocked_until);
  look_again_at (&look, self->offline_until);
  if (look.next == 0)
    begin_due (self, &look);
  sleep_until (self, look.now, look.next);
}

static gboolean
schedule_cb (gpointer data)
{
  GanQueue *self = data;

  self->schedule = 0;
  if (self->is_ready && !self->is_stopping)
    look_along (self);
  gan_queue_changed (self);
  return G_SOURCE_REMOVE;
}

/**
 * gan_queue_schedule:
 * @self: a queue
 *
 * Sees soon who can begin. To be called whenever that may have changed.
 */
void
gan_queue_schedule (GanQueue *self)
{
  if (self->schedule == 0 && self->is_ready && !self->is_stopping)
    self->schedule = g_idle_add_full (G_PRIORITY_DEFAULT, schedule_cb, self, NULL);
}

/**
 * gan_queue_schedule_note:
 * @self: a queue
 * @job: a job whose row is new
 *
 * Finds out when its next try is due. A wait that a server asked for holds for its host.
 */
void
gan_queue_schedule_note (GanQueue *self, GanJob *job)
{
  GanJobRow *row = gan_job_get_row (job);
  gint64 wait = 0;

  gan_job_set_due (job, 0);
  if (!gan_job_is_in_state (job, GAN_JOB_RETRYING))
    return;
  wait = gan_job_retry_get_wait (row, gan_clock_get_wall (self->clock));
  gan_job_set_due (job, gan_clock_get_monotonic (self->clock) + wait);
  if (wait > 0 && g_strcmp0 (gan_job_row_get_error_code (row), "rate-limited") == 0)
    gan_queue_schedule_hold (self, gan_job_get_host (job), wait);
}

/**
 * gan_queue_schedule_hold:
 * @self: a queue
 * @host: a host that wants to be left alone
 * @delay: for how long, in microseconds
 */
void
gan_queue_schedule_hold (GanQueue *self, const char *host, gint64 delay)
{
  gint64 due = gan_clock_get_monotonic (self->clock) + delay;

  if (due <= get_hold (self, host))
    return;
  if (g_hash_table_size (self->holds) >= GAN_LIMIT_HOSTS)
    g_hash_table_remove_all (self->holds);
  g_hash_table_replace (self->holds, g_strdup (host), g_memdup2 (&due, sizeof due));
}

/**
 * gan_queue_schedule_unhold:
 * @self: a queue
 * @host: a host that somebody wants to be asked, though it wants to be left alone
 */
void
gan_queue_schedule_unhold (GanQueue *self, const char *host)
{
  g_hash_table_remove (self->holds, host);
}

/**
 * gan_queue_schedule_block:
 * @self: a queue whose store has refused a change
 *
 * Nothing begins for a while: without a row first there is no change.
 */
void
gan_queue_schedule_block (GanQueue *self)
{
  gint64 now = gan_clock_get_monotonic (self->clock);

  self->blocked_until = now + BLOCK_MICROSECONDS;
  if (!self->is_ready)
    sleep_until (self, now, self->blocked_until);
  gan_queue_schedule (self);
}

/**
 * gan_queue_schedule_set_offline:
 * @self: a queue of which a job found no network
 *
 * Nothing begins until there is one, or for a while: what the system knows of networks may be
 * wrong.
 */
void
gan_queue_schedule_set_offline (GanQueue *self)
{
  self->offline_until
      = gan_clock_get_monotonic (self->clock) + GAN_LIMIT_OFFLINE_SECONDS * (gint64) G_USEC_PER_SEC;
  gan_queue_schedule (self);
}

/**
 * gan_queue_schedule_set_online:
 * @self: a queue
 *
 * There is a network: those who waited for it need not wait any more.
 */
void
gan_queue_schedule_set_online (GanQueue *self)
{
  GSequenceIter *iter = g_sequence_get_begin_iter (self->jobs);

  self->offline_until = 0;
  for (; !g_sequence_iter_is_end (iter); iter = g_sequence_iter_next (iter))
    {
      GanJob *job = g_sequence_get (iter);

      if (g_strcmp0 (gan_job_row_get_error_reason (gan_job_get_row (job)), GAN_JOB_OFFLINE) == 0)
        gan_job_set_due (job, 0);
    }
  gan_queue_schedule (self);
}

/**
 * gan_queue_schedule_clear:
 * @self: a queue
 *
 * Nothing is looked at any more.
 */
void
gan_queue_schedule_clear (GanQueue *self)
{
  g_clear_handle_id (&self->schedule, g_source_remove);
  g_clear_handle_id (&self->due_timer, g_source_remove);
}
