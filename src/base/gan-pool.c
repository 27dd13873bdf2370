/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-pool.h"

struct _GanPool
{
  GThreadPool *threads;
};

typedef struct
{
  GTask *task;
  GTaskThreadFunc func;
} Job;

static void
run_job (gpointer data, gpointer user_data)
{
  g_autofree Job *job = data;
  g_autoptr (GTask) task = job->task;

  if (!g_task_return_error_if_cancelled (task))
    job->func (task,
               g_task_get_source_object (task),
               g_task_get_task_data (task),
               g_task_get_cancellable (task));
}

/**
 * gan_pool_new:
 * @name: what the pool is for, in English, for logs
 * @max_threads: how many jobs run at a time; at least 1
 *
 * Threads are made when they are first needed, and those that have nothing to do go back to GLib.
 *
 * Returns: (transfer full): a pool
 */
GanPool *
gan_pool_new (const char *name, guint max_threads)
{
  GanPool *self = g_new0 (GanPool, 1);

  g_return_val_if_fail (max_threads > 0, NULL);
  self->threads = g_thread_pool_new (run_job, NULL, (int) max_threads, FALSE, NULL);
  g_debug ("pool %s: at most %u threads", name, max_threads);
  return self;
}

/**
 * gan_pool_free:
 * @self: (transfer full) (nullable): a pool
 *
 * Waits for the jobs that run and for those that wait; cancel them first to be quick.
 */
void
gan_pool_free (GanPool *self)
{
  if (self == NULL)
    return;
  g_thread_pool_free (self->threads, FALSE, TRUE);
  g_free (self);
}

/**
 * gan_pool_run:
 * @self: a pool
 * @task: what is to be done; a reference is taken
 * @func: blocking work that ends with one g_task_return call
 *
 * Runs @func in a thread of the pool as soon as one is free. A task cancelled before that ends as
 * cancelled and
 * @func is not called.
 */
void
gan_pool_run (GanPool *self, GTask *task, GTaskThreadFunc func)
{
  Job *job = g_new (Job, 1);

  job->task = g_object_ref (task);
  job->func = func;
  /* A shared pool that cannot start a thread keeps the job for the next one that is free. */
  g_thread_pool_push (self->threads, job, NULL);
}
