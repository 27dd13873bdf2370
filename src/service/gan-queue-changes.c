/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What users change: each a row of the store first, then of the list. */
#include "config.h"

#include "gan-error.h"
#include "gan-limits.h"
#include "gan-queue-private.h"

/* What a change is about; each uses some of it. */
typedef struct
{
  GStrv ids;
} Change;

static void
change_free (gpointer data)
{
  Change *self = data;

  g_strfreev (self->ids);
  g_free (self);
}

/* @ids NULL: none. */
static GTask *
begin (GanQueue *self,
       GStrv ids,
       gpointer source_tag,
       GCancellable *cancellable,
       GAsyncReadyCallback callback,
       gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Change *change = g_new0 (Change, 1);

  change->ids = ids;
  g_task_set_source_tag (task, source_tag);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, change, change_free);
  gan_queue_begin_pending (self);
  return task;
}

static void
end (GTask *task, GError *error)
{
  GanQueue *self = g_task_get_source_object (task);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
  gan_queue_end_pending (self);
}

static gboolean
check_open (GanQueue *self, GTask *task)
{
  if (self->store != NULL && !self->is_closed && self->closing == NULL)
    return TRUE;
  end (task, gan_error_new (GAN_ERROR_NOT_ALLOWED, "closed", "the queue is not open"));
  return FALSE;
}

static gboolean
check_rows (GPtrArray *rows, GError **error)
{
  if (rows->len > GAN_LIMIT_INPUT_URLS)
    {
      gan_error_set (error, GAN_ERROR_TOO_LARGE, "links", "too many links at once");
      return FALSE;
    }
  for (guint i = 0; i < rows->len; i++)
    {
      const char *url = gan_job_row_get_url (rows->pdata[i]);
      const char *folder = gan_job_row_get_folder (rows->pdata[i]);

      if (url != NULL && strlen (url) <= GAN_LIMIT_URL_BYTES && folder != NULL
          && g_path_is_absolute (folder))
        continue;
      gan_error_set (error,
                     GAN_ERROR_INVALID_DATA,
                     "job",
                     "a job needs a link and the whole path of a folder");
      return FALSE;
    }
  return TRUE;
}

static void
added_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GanQueue *self = g_task_get_source_object (task);
  GError *error = NULL;
  GPtrArray *rows = gan_store_add_jobs_finish (GAN_STORE (source), result, &error);

  if (rows != NULL)
    {
      gan_queue_rows_add (self, rows);
      gan_queue_wake_others (self);
      gan_queue_schedule (self);
      g_task_return_pointer (task, rows, (GDestroyNotify) g_ptr_array_unref);
    }
  else
    {
      g_task_return_error (task, error);
    }
  gan_queue_end_pending (self);
}

/**
 * gan_queue_add_async:
 * @self: a queue that is open
 * @rows: (element-type GanJobRow): jobs, not sealed, with link and folder at least
 * @cancellable: (nullable): a cancellable
 * @callback: told when they are stored
 * @user_data: for @callback
 *
 * Adds jobs. Those that have a position, such as one that was taken off the list by mistake, get
 * back to it.
 */
void
gan_queue_add_async (GanQueue *self,
                     GPtrArray *rows,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  GError *error = NULL;

  g_return_if_fail (GAN_IS_QUEUE (self) && rows != NULL);

  task = begin (self, NULL, gan_queue_add_async, cancellable, callback, user_data);
  if (!check_open (self, task))
    return;
  if (!check_rows (rows, &error))
    end (task, error);
  else
    gan_store_add_jobs_async (self->store, rows, cancellable, added_cb, g_steal_pointer (&task));
}

/**
 * gan_queue_add_finish:
 * @self: a queue
 * @result: what the callback got
 * @error: fails like the store; %GAN_ERROR_INVALID_DATA, reason job, for rows that lack something,
 *   and %GAN_ERROR_TOO_LARGE for too many of them
 *
 * Returns: (transfer full) (element-type GanJobRow): the rows as they are stored, or %NULL; then
 *   none was added
 */
GPtrArray *
gan_queue_add_finish (GanQueue *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GanQueue *self = g_task_get_source_object (task);
  g_autoptr (GPtrArray) rows = gan_store_find_jobs_finish (GAN_STORE (source), result, NULL);

  for (guint i = 0; rows != NULL && i < rows->len; i++)
    {
      GanJob *job = gan_queue_find (self, gan_job_row_get_id (rows->pdata[i]));

      if (job == NULL)
        continue;
      gan_queue_rows_set (self, job, rows->pdata[i]);
      gan_queue_runs_reconcile (self, job);
    }
  gan_queue_schedule (self);
  end (task, NULL);
}

static void
wanted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GanQueue *self = g_task_get_source_object (task);
  Change *change = g_task_get_task_data (task);
  GError *error = NULL;

  if (!gan_store_want_finish (GAN_STORE (source), result, &error))
    {
      end (task, error);
      return;
    }
  gan_queue_wake_others (self);
  gan_store_find_jobs_async (self->store,
                             (const char *const *) change->ids,
                             NULL,
                             found_cb,
                             g_steal_pointer (&task));
}

/* Those that are over are not paused, and those that were cancelled not brought back by "run",
 * unless they are named. */
static gboolean
is_meant (GanJob *job, const char *wanted)
{
  GanJobKind kind = gan_job_get_kind (job);

  if (g_str_equal (wanted, GAN_JOB_WANT_RUN))
    return !gan_job_is_wanted (job, GAN_JOB_WANT_CANCEL);
  return !g_str_equal (wanted, GAN_JOB_WANT_PAUSE) || kind == GAN_JOB_KIND_WAITING
         || kind == GAN_JOB_KIND_ACTIVE;
}

static GStrv
dup_all_ids (GanQueue *self, const char *wanted)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  GSequenceIter *iter = g_sequence_get_begin_iter (self->jobs);

  for (; !g_sequence_iter_is_end (iter); iter = g_sequence_iter_next (iter))
    {
      GanJob *job = g_sequence_get (iter);

      if (is_meant (job, wanted))
        g_strv_builder_add (builder, gan_job_get_id (job));
    }
  return g_strv_builder_end (builder);
}

/**
 * gan_queue_want_async:
 * @self: a queue that is open
 * @ids: (nullable) (array zero-terminated=1): of jobs; %NULL for all, but that "pause" leaves those
 *   alone which are over, and "run" those which are cancelled
 * @wanted: GAN_JOB_WANT_*
 * @cancellable: (nullable): a cancellable
 * @callback: told when it is stored; what it leads to follows
 * @user_data: for @callback
 */
void
gan_queue_want_async (GanQueue *self,
                      const char *const *ids,
                      const char *wanted,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Change *change = NULL;

  g_return_if_fail (GAN_IS_QUEUE (self) && wanted != NULL);

  task = begin (self,
                ids != NULL ? g_strdupv ((char **) ids) : dup_all_ids (self, wanted),
                gan_queue_want_async,
                cancellable,
                callback,
                user_data);
  change = g_task_get_task_data (task);
  if (check_open (self, task))
    gan_store_want_async (self->store,
                          (const char *const *) change->ids,
                          wanted,
                          cancellable,
                          wanted_cb,
                          g_steal_pointer (&task));
}

/**
 * gan_queue_want_finish:
 * @self: a queue
 * @result: what the callback got
 * @error: fails like the store
 *
 * Returns: whether it is stored
 */
gboolean
gan_queue_want_finish (GanQueue *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
removed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GanQueue *self = g_task_get_source_object (task);
  Change *change = g_task_get_task_data (task);
  GError *error = NULL;

  if (!gan_store_remove_jobs_finish (GAN_STORE (source), result, &error))
    {
      end (task, error);
      return;
    }
  for (guint i = 0; change->ids[i] != NULL; i++)
    {
      GanJob *found = gan_queue_find (self, change->ids[i]);
      g_autoptr (GanJob) job = found != NULL ? g_object_ref (found) : NULL;

      if (job == NULL)
        continue;
      gan_queue_rows_remove (self, job);
      gan_queue_runs_forget (self, job);
    }
  gan_queue_wake_others (self);
  gan_queue_schedule (self);
  end (task, NULL);
}

/**
 * gan_queue_remove_async:
 * @self: a queue that is open
 * @ids: (array zero-terminated=1): of jobs
 * @cancellable: (nullable): a cancellable
 * @callback: told when they are off the list; closing waits for their files
 * @user_data: for @callback
 *
 * Takes jobs off the list. What they left unfinished is removed; finished files stay.
 */
void
gan_queue_remove_async (GanQueue *self,
                        const char *const *ids,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (GAN_IS_QUEUE (self) && ids != NULL);

  task = begin (self,
                g_strdupv ((char **) ids),
                gan_queue_remove_async,
                cancellable,
                callback,
                user_data);
  if (check_open (self, task))
    gan_store_remove_jobs_async (self->store,
                                 ids,
                                 cancellable,
                                 removed_cb,
                                 g_steal_pointer (&task));
}

/**
 * gan_queue_remove_finish:
 * @self: a queue
 * @result: what the callback got
 * @error: fails like the store
 *
 * Returns: whether they are off the list
 */
gboolean
gan_queue_remove_finish (GanQueue *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * gan_queue_tidy_up:
 * @row: of a job that was taken out of the store
 *
 * Removes what the job left unfinished. What a transfer writes to at this moment stays: the owner
 * of the queue, once it is woken, ends it and removes the rest.
 */
void
gan_queue_tidy_up (GanJobRow *row)
{
  g_autoptr (GError) error = NULL;

  g_return_if_fail (GAN_IS_JOB_ROW (row));

  if (gan_job_row_get_folder (row) != NULL && gan_job_row_get_id (row) != NULL
      && !gan_transfer_leave_job (gan_job_row_get_folder (row), gan_job_row_get_id (row), &error))
    g_info ("cannot tidy up after a job: %s", error->message);
}

static void
reordered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GanQueue *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) rows = gan_store_load_jobs_finish (GAN_STORE (source), result, &error);

  if (rows != NULL)
    gan_queue_rows_replace (self, rows);
  gan_queue_schedule (self);
  end (task, error);
}

/* The places of many have changed with it. */
static void
moved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GanQueue *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (!gan_store_move_job_finish (GAN_STORE (source), result, &error))
    {
      end (task, error);
      return;
    }
  gan_queue_wake_others (self);
  gan_store_load_jobs_async (self->store, NULL, reordered_cb, g_steal_pointer (&task));
}

/**
 * gan_queue_move_async:
 * @self: a queue that is open
 * @id: of a job
 * @before: (nullable): of the job that it shall stand before; %NULL for the end
 * @cancellable: (nullable): a cancellable
 * @callback: told when it stands there
 * @user_data: for @callback
 */
void
gan_queue_move_async (GanQueue *self,
                      const char *id,
                      const char *before,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (GAN_IS_QUEUE (self) && id != NULL);

  task = begin (self, NULL, gan_queue_move_async, cancellable, callback, user_data);
  if (check_open (self, task))
    gan_store_move_job_async (self->store,
                              id,
                              before,
                              cancellable,
                              moved_cb,
                              g_steal_pointer (&task));
}

/**
 * gan_queue_move_finish:
 * @self: a queue
 * @result: what the callback got
 * @error: fails like the store; %GAN_ERROR_NOT_FOUND where one of the jobs is gone
 *
 * Returns: whether it stands there
 */
gboolean
gan_queue_move_finish (GanQueue *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
