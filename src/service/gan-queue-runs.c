/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-error.h"
#include "gan-job-retry.h"
#include "gan-queue-private.h"

typedef void (*SavedFunc) (GanQueue *self, GanJob *job, gboolean ok);

/* A row on its way into the store. */
typedef struct
{
  GanQueue *queue;
  GanJob *job;
  GanJobRow *row;
  SavedFunc saved; /* NULL: nothing follows */
} Save;

static void
save_free (Save *self)
{
  g_object_unref (self->queue);
  g_object_unref (self->job);
  g_object_unref (self->row);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Save, save_free)

/* The row as it is stored now: what others decide stays as they have decided it. */
static GanJobRow *
merge (GanJobRow *saved, GanJobRow *stored)
{
  GanJobRow *row = gan_job_row_copy (saved);

  gan_job_row_set_url (row, gan_job_row_get_url (stored));
  gan_job_row_set_position (row, gan_job_row_get_position (stored));
  gan_job_row_set_wanted (row, gan_job_row_get_wanted (stored));
  gan_job_row_set_added_at (row, gan_job_row_get_added_at (stored));
  gan_record_seal (GAN_RECORD (row));
  return row;
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Save) save = user_data;
  g_autoptr (GError) error = NULL;
  GanQueue *self = save->queue;
  gboolean ok = gan_store_save_job_finish (GAN_STORE (source), result, &error);

  if (ok && gan_job_get_iter (save->job) != NULL)
    {
      g_autoptr (GanJobRow) row = merge (save->row, gan_job_get_row (save->job));

      gan_queue_rows_set (self, save->job, row);
      gan_queue_wake_others (self);
    }
  if (!ok)
    g_info ("cannot store what became of a job: %s", error->message);
  if (gan_error_matches (error, GAN_ERROR_NOT_FOUND))
    gan_queue_rows_reload (self);
  else if (!ok)
    gan_queue_schedule_block (self);
  if (save->saved != NULL)
    save->saved (self, save->job, ok);
  else if (ok && gan_job_get_iter (save->job) != NULL)
    gan_queue_runs_reconcile (self, save->job);
  if (gan_job_get_run (save->job) == NULL)
    gan_queue_schedule (self);
  gan_queue_end_pending (self);
}

/* @owned: not sealed. */
static void
save (GanQueue *self, GanJob *job, GanJobRow *owned, SavedFunc saved)
{
  Save *data = g_new0 (Save, 1);

  gan_job_row_set_changed_at (owned, gan_clock_get_wall (self->clock));
  gan_record_seal (GAN_RECORD (owned));
  data->queue = g_object_ref (self);
  data->job = g_object_ref (job);
  data->row = owned;
  data->saved = saved;
  gan_queue_begin_pending (self);
  gan_store_save_job_async (self->store, owned, NULL, saved_cb, data);
}

static GanJobRow *
copy_with_state (GanJob *job, const char *state)
{
  GanJobRow *row = gan_job_row_copy (gan_job_get_row (job));

  gan_job_row_set_state (row, state);
  return row;
}

/* A run is over, and so is all that had to be stored of it. */
static void
drop_run (GanQueue *self, GanJob *job)
{
  GanRun *run = gan_job_get_run (job);

  gan_run_mute (run);
  gan_job_set_run (job, NULL);
  gan_job_set_progress (job,
                        gan_job_row_get_downloaded (gan_job_get_row (job)),
                        gan_job_row_get_total (gan_job_get_row (job)),
                        GAN_UNKNOWN,
                        GAN_UNKNOWN);
  g_ptr_array_remove (self->runs, run);
  if (gan_job_get_iter (job) != NULL)
    gan_queue_runs_reconcile (self, job);
  gan_queue_schedule (self);
  gan_queue_changed (self);
}

static void
ended_cb (GanQueue *self, GanJob *job, gboolean ok)
{
  drop_run (self, job);
}

static void
failed_cb (GanQueue *self, GanJob *job, gboolean ok)
{
  drop_run (self, job);
  if (ok && gan_job_is_in_state (job, GAN_JOB_FAILED))
    gan_queue_tell_failed (self, job);
}

/* Files of a job that is over: what to do in a thread, and what follows. The thread only lends it,
 * so that it never is the one to let go of the queue. */
typedef struct
{
  GanQueue *queue;
  GanJob *job;
  GanJobRow *row;
  gboolean is_cancelled; /* the job stays in the list, as cancelled */
} Leaving;

static void
leaving_free (Leaving *self)
{
  g_object_unref (self->queue);
  g_object_unref (self->job);
  g_object_unref (self->row);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Leaving, leaving_free)

static void
leave_in_pool (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  Leaving *self = task_data;

  gan_queue_tidy_up (self->row);
  g_task_return_boolean (task, TRUE);
}

static void
left_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Leaving) leaving = user_data;
  GanQueue *self = leaving->queue;
  GanJob *job = leaving->job;
  GanJobRow *row = NULL;

  if (leaving->is_cancelled && gan_job_get_iter (job) != NULL)
    {
      row = copy_with_state (job, GAN_JOB_CANCELLED);
      gan_job_retry_clear (row);
      gan_job_row_set_downloaded (row, GAN_UNKNOWN);
      gan_job_row_set_file (row, NULL);
      save (self, job, row, gan_job_get_run (job) != NULL ? ended_cb : NULL);
    }
  else if (gan_job_get_run (job) != NULL)
    {
      drop_run (self, job);
    }
  gan_queue_end_pending (self);
}

/* Part files go, finished files stay. */
static void
leave_files (GanQueue *self, GanJob *job, gboolean is_cancelled)
{
  Leaving *data = g_new0 (Leaving, 1);
  g_autoptr (GTask) task = g_task_new (NULL, NULL, left_cb, data);

  data->queue = g_object_ref (self);
  data->job = g_object_ref (job);
  data->row = g_object_ref (gan_job_get_row (job));
  data->is_cancelled = is_cancelled;
  g_task_set_source_tag (task, leave_files);
  g_task_set_task_data (task, data, NULL);
  gan_queue_begin_pending (self);
  gan_pool_run (self->files, task, leave_in_pool);
}

/* A run and its queue, for a callback. */
typedef struct
{
  GanQueue *queue;
  GanRun *run;
} Pair;

static Pair *
pair_new (GanQueue *queue, GanRun *run)
{
  Pair *self = g_new0 (Pair, 1);

  self->queue = g_object_ref (queue);
  self->run = gan_run_ref (run);
  return self;
}

static void
pair_free (Pair *self)
{
  g_object_unref (self->queue);
  gan_run_unref (self->run);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Pair, pair_free)

static void
stored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Pair) pair = user_data;
  g_autoptr (GError) error = NULL;
  GanQueue *self = pair->queue;
  GanJob *job = gan_run_get_job (pair->run);

  if (!gan_store_finish_job_finish (GAN_STORE (source), result, &error))
    {
      g_info ("cannot store that a job is done: %s", error->message);
      gan_queue_schedule_block (self);
      if (self->is_stopping)
        drop_run (self, job);
      else
        g_ptr_array_add (self->unstored, gan_run_ref (pair->run));
    }
  else
    {
      if (gan_job_get_iter (job) != NULL)
        gan_queue_rows_remove (self, job);
      gan_queue_wake_others (self);
      leave_files (self, job, FALSE);
      gan_queue_tell_finished (self, job, gan_run_get_files (pair->run));
    }
  gan_queue_end_pending (self);
}

static void
store_finish (GanQueue *self, GanRun *run)
{
  GanJob *job = gan_run_get_job (run);

  gan_queue_begin_pending (self);
  gan_store_finish_job_async (self->store,
                              gan_job_get_row (job),
                              gan_run_get_files (run),
                              NULL,
                              stored_cb,
                              pair_new (self, run));
}

/* Paused, taken back, to be gone on with later: whatever is wanted by now. */
static void
end_cancelled (GanQueue *self, GanRun *run)
{
  GanJob *job = gan_run_get_job (run);
  GanJobRow *row = NULL;

  if (gan_job_is_wanted (job, GAN_JOB_WANT_CANCEL))
    {
      leave_files (self, job, TRUE);
      return;
    }
  row = copy_with_state (job,
                         gan_job_is_wanted (job, GAN_JOB_WANT_PAUSE) ? GAN_JOB_PAUSED
                                                                     : GAN_JOB_WAITING);
  gan_run_write_row (run, row);
  save (self, job, row, ended_cb);
}

static void
end_failed (GanQueue *self, GanRun *run, const GError *error)
{
  GanJob *job = gan_run_get_job (run);
  gboolean is_offline = !g_network_monitor_get_network_available (self->monitor);
  GanJobRow *row = gan_job_row_copy (gan_job_get_row (job));
  gint64 had = gan_job_row_get_downloaded (row);
  gint64 delay = 0;

  gan_run_write_row (run, row);
  delay = gan_job_retry_fail (row,
                              error,
                              MAX (had, gan_run_get_most_before (run)),
                              is_offline,
                              gan_clock_get_wall (self->clock));
  if (g_strcmp0 (gan_job_row_get_error_reason (row), GAN_JOB_OFFLINE) == 0)
    gan_queue_schedule_set_offline (self);
  if (gan_error_matches (error, GAN_ERROR_RATE_LIMITED) && delay != GAN_UNKNOWN)
    gan_queue_schedule_hold (self, gan_job_get_host (job), delay);
  save (self, job, row, failed_cb);
}

static void
file_added_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GanQueue) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!gan_store_add_file_finish (GAN_STORE (source), result, &error))
    g_info ("cannot store a file of a post: %s", error->message);
  gan_queue_end_pending (self);
}

/* Of a post of which not all came: what came is there all the same. */
static void
keep_files (GanQueue *self, GanRun *run)
{
  GPtrArray *files = gan_run_get_files (run);

  for (guint i = 0; i < files->len; i++)
    {
      gan_queue_begin_pending (self);
      gan_store_add_file_async (self->store,
                                files->pdata[i],
                                NULL,
                                file_added_cb,
                                g_object_ref (self));
    }
}

/* Not done: by the user's wish, or by a failure. */
static void
end_unfinished (GanQueue *self, GanRun *run, const GError *error)
{
  keep_files (self, run);
  if (gan_job_get_iter (gan_run_get_job (run)) == NULL)
    leave_files (self, gan_run_get_job (run), FALSE);
  else if (gan_error_is_cancelled (error))
    end_cancelled (self, run);
  else
    end_failed (self, run, error);
}

static void
over_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Pair) pair = user_data;
  g_autoptr (GError) error = NULL;

  gan_run_mute (pair->run);
  if (gan_run_finish (pair->run, result, &error))
    store_finish (pair->queue, pair->run);
  else
    end_unfinished (pair->queue, pair->run, error);
  gan_queue_end_pending (pair->queue);
}

static const char *
get_state (const GanRunNews *news)
{
  if (!news->is_resolved)
    return GAN_JOB_RESOLVING;
  return news->is_verifying ? GAN_JOB_VERIFYING : GAN_JOB_RUNNING;
}

static void
news_cb (GanRun *run, gpointer user_data)
{
  GanQueue *self = user_data;
  GanJob *job = gan_run_get_job (run);
  const GanRunNews *news = gan_run_get_news (run);
  const char *state = get_state (news);
  GanJobRow *row = NULL;

  gan_job_set_progress (job, news->downloaded, news->total, news->speed, news->eta);
  gan_queue_changed (self);
  if (gan_job_get_iter (job) == NULL || !gan_run_is_save_due (run, state))
    return;
  row = copy_with_state (job, state);
  gan_run_write_row (run, row);
  save (self, job, row, NULL);
}

/* The row says that it runs: now it does. */
static void
begun_cb (GanQueue *self, GanJob *job, gboolean ok)
{
  GanRun *run = gan_job_get_run (job);

  if (!ok)
    {
      drop_run (self, job);
      return;
    }
  gan_queue_begin_pending (self);
  gan_run_start (run, self->pool, over_cb, pair_new (self, run));
}

/**
 * gan_queue_runs_begin:
 * @self: a queue that owns
 * @job: a job of it that waits
 */
void
gan_queue_runs_begin (GanQueue *self, GanJob *job)
{
  GanRun *run = gan_run_new (self->app, job, self->throttle, news_cb, self);
  GanJobRow *row = copy_with_state (job, GAN_JOB_RESOLVING);

  gan_job_set_run (job, run);
  g_ptr_array_add (self->runs, run);
  gan_job_retry_clear (row);
  save (self, job, row, begun_cb);
}

static gboolean
is_stale (GanJob *job)
{
  return gan_job_is_in_state (job, GAN_JOB_RESOLVING) || gan_job_is_in_state (job, GAN_JOB_RUNNING)
         || gan_job_is_in_state (job, GAN_JOB_VERIFYING);
}

static void
save_state (GanQueue *self, GanJob *job, const char *state)
{
  GanJobRow *row = copy_with_state (job, state);

  gan_job_retry_clear (row);
  save (self, job, row, NULL);
}

/**
 * gan_queue_runs_reconcile:
 * @self: a queue
 * @job: a job of it
 *
 * Sees that the job does what is wanted of it, where this process owns: after a change of what is
 * wanted, and after an owner that died in the middle.
 */
void
gan_queue_runs_reconcile (GanQueue *self, GanJob *job)
{
  gboolean runs = gan_job_is_wanted (job, GAN_JOB_WANT_RUN);

  if (!self->is_ready || self->is_closed || self->blocked_until != 0)
    return;
  if (gan_job_get_run (job) != NULL)
    {
      if (!runs)
        gan_run_cancel (gan_job_get_run (job));
      return;
    }
  if (gan_job_is_wanted (job, GAN_JOB_WANT_CANCEL))
    {
      if (!gan_job_is_in_state (job, GAN_JOB_CANCELLED))
        leave_files (self, job, TRUE);
    }
  else if (!runs)
    {
      if (is_stale (job) || gan_job_is_in_state (job, GAN_JOB_WAITING)
          || gan_job_is_in_state (job, GAN_JOB_RETRYING))
        save_state (self, job, GAN_JOB_PAUSED);
    }
  else if (is_stale (job) || gan_job_is_in_state (job, GAN_JOB_PAUSED)
           || gan_job_is_in_state (job, GAN_JOB_CANCELLED))
    {
      save_state (self, job, GAN_JOB_WAITING);
    }
}

/**
 * gan_queue_runs_set_retry_at:
 * @self: a queue that owns
 * @job: a job of it that waits for its next try
 * @retry_at: Unix seconds
 *
 * Stores another time for the same wait, after somebody has set the clock.
 */
void
gan_queue_runs_set_retry_at (GanQueue *self, GanJob *job, gint64 retry_at)
{
  GanJobRow *row = copy_with_state (job, GAN_JOB_RETRYING);

  gan_job_row_set_retry_at (row, retry_at);
  save (self, job, row, NULL);
}

/**
 * gan_queue_runs_forget:
 * @self: a queue
 * @job: a job whose row is gone
 *
 * Ends it if it runs, and removes what it left unfinished.
 */
void
gan_queue_runs_forget (GanQueue *self, GanJob *job)
{
  if (gan_job_get_run (job) != NULL)
    gan_run_cancel (gan_job_get_run (job));
  else
    leave_files (self, job, FALSE);
}

/**
 * gan_queue_runs_stop_all:
 * @self: a queue
 *
 * Ends all runs; part files stay, the rows will say "waiting".
 */
void
gan_queue_runs_stop_all (GanQueue *self)
{
  for (guint i = 0; i < self->runs->len; i++)
    gan_run_cancel (self->runs->pdata[i]);
  while (self->unstored->len > 0)
    {
      g_autoptr (GanRun) run = g_ptr_array_steal_index (self->unstored, self->unstored->len - 1);

      drop_run (self, gan_run_get_job (run));
    }
}

/**
 * gan_queue_runs_store_again:
 * @self: a queue whose store refused a while ago
 *
 * Stores what could not be stored then.
 */
void
gan_queue_runs_store_again (GanQueue *self)
{
  GSequenceIter *iter = g_sequence_get_begin_iter (self->jobs);

  while (self->unstored->len > 0)
    {
      g_autoptr (GanRun) run = g_ptr_array_steal_index (self->unstored, self->unstored->len - 1);

      store_finish (self, run);
    }
  for (; !g_sequence_iter_is_end (iter); iter = g_sequence_iter_next (iter))
    gan_queue_runs_reconcile (self, g_sequence_get (iter));
}
