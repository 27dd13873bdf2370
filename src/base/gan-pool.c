/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-pool.h"

#include <pthread.h>

/* The kernel's limit for the name of a thread, with the NUL. */
#define MAX_THREAD_NAME 16

struct _GanPool
{
  GThreadPool *threads;
  char name[MAX_THREAD_NAME];
};

/* A task in the queue. Whoever claims it first returns from it: a worker by running it, or the
 * cancellable, so that a cancelled task does not wait for a worker. */
typedef struct
{
  GTask *task;
  GTaskThreadFunc func;
  gulong handler;
  gint is_claimed;
} Item;

static void
item_clear (gpointer data)
{
  Item *item = data;

  g_object_unref (item->task);
}

static void
item_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, item_clear);
}

static gboolean
item_claim (Item *item)
{
  return g_atomic_int_compare_and_exchange (&item->is_claimed, FALSE, TRUE);
}

static void
return_cancelled (GTask *task)
{
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Operation was cancelled");
}

static gboolean
return_cancelled_cb (gpointer data)
{
  return_cancelled (data);
  return G_SOURCE_REMOVE;
}

/* Returns from the task's own context, never from inside g_cancellable_cancel(): the task's
 * callback may well disconnect from the cancellable, which would wait for ever. */
static void
cancelled_cb (GCancellable *cancellable, Item *item)
{
  g_autoptr (GSource) source = NULL;

  if (!item_claim (item))
    return;
  source = g_idle_source_new ();
  g_source_set_priority (source, g_task_get_priority (item->task));
  g_source_set_callback (source, return_cancelled_cb, g_object_ref (item->task), g_object_unref);
  g_source_attach (source, g_task_get_context (item->task));
}

static void
work (gpointer data, gpointer pool)
{
  GanPool *self = pool;
  Item *item = data;
  GCancellable *cancellable = g_task_get_cancellable (item->task);

  g_cancellable_disconnect (cancellable, item->handler);
  if (item_claim (item))
    {
      pthread_setname_np (pthread_self (), self->name);
      if (g_cancellable_is_cancelled (cancellable))
        return_cancelled (item->task);
      else
        item->func (item->task,
                    g_task_get_source_object (item->task),
                    g_task_get_task_data (item->task),
                    cancellable);
    }
  item_unref (item);
}

/**
 * gan_pool_new:
 * @name: what its threads are called in a debugger; cut at 15 bytes
 * @max_threads: how many tasks may run at the same time
 *
 * Returns: (transfer full): a pool without threads; they come with the work and go when idle
 */
GanPool *
gan_pool_new (const char *name, guint max_threads)
{
  GanPool *self;

  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (max_threads > 0 && max_threads <= G_MAXINT, NULL);

  self = g_new0 (GanPool, 1);
  g_strlcpy (self->name, name, sizeof self->name);
  /* Only an exclusive pool can fail to be made. */
  self->threads = g_thread_pool_new (work, self, (int) max_threads, FALSE, NULL);
  return self;
}

/**
 * gan_pool_free:
 * @self: (transfer full) (nullable): a pool
 *
 * Blocks until every task that was given to it has returned, also those that still wait for a
 * thread. Cancel first what shall not be waited for. Not to be called from one of its tasks.
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
 * @task: a task that has not returned
 * @func: runs in a thread of the pool and must return from @task
 *
 * Runs @func as soon as a thread is free, in the order of calls. A task that is cancelled before
 * that returns %G_IO_ERROR_CANCELLED at once and is never run; one that runs has to watch its
 * cancellable. The result is delivered where the task was made, as always. May be called from any
 * thread.
 */
void
gan_pool_run (GanPool *self, GTask *task, GTaskThreadFunc func)
{
  GCancellable *cancellable;
  Item *item;

  g_return_if_fail (self != NULL);
  g_return_if_fail (G_IS_TASK (task));
  g_return_if_fail (func != NULL);

  item = g_atomic_rc_box_new0 (Item);
  item->task = g_object_ref (task);
  item->func = func;
  cancellable = g_task_get_cancellable (task);
  if (cancellable != NULL)
    item->handler = g_cancellable_connect (cancellable,
                                           G_CALLBACK (cancelled_cb),
                                           g_atomic_rc_box_acquire (item),
                                           item_unref);
  g_thread_pool_push (self->threads, item, NULL);
}
