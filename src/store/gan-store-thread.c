/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-store-thread.h"

#include "gan-error.h"
#include "gan-limits.h"

struct _GanStoreThread
{
  char *path;
  GThread *thread;
  GAsyncQueue *queue; /* of Item */
  GMutex mutex;
  GCond done; /* an item without a task is done */

  /* The thread's own. */
  GanDatabase *database;
};

/* A call on its way. One without a task has somebody who waits for it; one without a func ends the
 * thread, or closes the database if somebody waits. */
typedef struct
{
  GanStoreCall call;
  GTask *task;
  gboolean is_awaited;
  gboolean is_done;
  gpointer result;
  GError *error;
} Item;

static Item *
item_new (const GanStoreCall *call)
{
  Item *item = g_new0 (Item, 1);

  if (call != NULL)
    item->call = *call;
  return item;
}

static void
drop_result (Item *item)
{
  if (item->result != NULL && item->call.result_free != NULL)
    item->call.result_free (item->result);
  item->result = NULL;
}

static void
item_free (gpointer data)
{
  Item *item = data;

  drop_result (item);
  if (item->call.data_free != NULL)
    item->call.data_free (item->call.data);
  g_clear_object (&item->task);
  g_clear_error (&item->error);
  g_free (item);
}

static gboolean
return_cb (gpointer data)
{
  Item *item = data;

  if (item->error != NULL)
    g_task_return_error (item->task, g_steal_pointer (&item->error));
  else
    g_task_return_pointer (item->task, g_steal_pointer (&item->result), item->call.result_free);
  return G_SOURCE_REMOVE;
}

/* The item, and with it the last reference to the store perhaps, is let go where the task was made:
 * the thread never has to end itself. */
static void
reply (GanStoreThread *self, Item *item)
{
  g_autoptr (GSource) source = NULL;

  if (item->is_awaited)
    {
      g_mutex_lock (&self->mutex);
      item->is_done = TRUE;
      g_cond_broadcast (&self->done);
      g_mutex_unlock (&self->mutex);
      return;
    }
  source = g_idle_source_new ();
  g_source_set_priority (source, g_task_get_priority (item->task));
  g_source_set_callback (source, return_cb, item, item_free);
  g_source_attach (source, g_task_get_context (item->task));
}

static GCancellable *
get_cancellable (Item *item)
{
  return item->task != NULL ? g_task_get_cancellable (item->task) : NULL;
}

/* The first call opens the file; after damage was found, and where it could not be opened, the next
 * one does so anew. */
static gboolean
ensure_open (GanStoreThread *self, GCancellable *cancellable, GError **error)
{
  if (self->database == NULL)
    self->database = gan_database_open (self->path, cancellable, error);
  return self->database != NULL;
}

static void
close_if_damaged (GanStoreThread *self, const GError *error)
{
  if (gan_database_is_damage (error))
    g_clear_pointer (&self->database, gan_database_close);
}

static void
read_one (GanStoreThread *self, Item *item)
{
  GCancellable *cancellable = get_cancellable (item);

  if (!g_cancellable_set_error_if_cancelled (cancellable, &item->error)
      && ensure_open (self, cancellable, &item->error))
    {
      gan_database_set_cancellable (self->database, cancellable);
      item->result = item->call.func (self->database, item->call.data, &item->error);
      gan_database_set_cancellable (self->database, NULL);
    }
  close_if_damaged (self, item->error);
  reply (self, item);
}

static gboolean
begin (GanStoreThread *self, GError **error)
{
  if (!ensure_open (self, NULL, error))
    return FALSE;
  if (gan_database_get_condition (self->database) != GAN_DATABASE_READ_ONLY)
    return gan_database_begin (self->database, error);
  gan_error_set (error,
                 GAN_ERROR_DISK,
                 "newer-version",
                 "a newer version wrote the database: it can only be read");
  return FALSE;
}

/* One change of a group; one that fails takes back no more than its own. Returns FALSE where SQLite
 * has taken back all, as it does when the disk is full. */
static gboolean
change_one (GanStoreThread *self, Item *item)
{
  if (g_cancellable_set_error_if_cancelled (get_cancellable (item), &item->error)
      || !gan_database_execute (self->database, "SAVEPOINT call", &item->error))
    return gan_database_is_in_transaction (self->database);
  item->result = item->call.func (self->database, item->call.data, &item->error);
  if (!gan_database_is_in_transaction (self->database))
    return FALSE;
  if (item->error != NULL && !gan_database_execute (self->database, "ROLLBACK TO call", NULL))
    return FALSE;
  return gan_database_execute (self->database, "RELEASE call", NULL);
}

static void
fail_all (GPtrArray *group, const GError *error)
{
  for (guint i = 0; i < group->len; i++)
    {
      Item *item = group->pdata[i];

      drop_result (item);
      if (item->error == NULL)
        item->error = g_error_copy (error);
    }
}

static gboolean
try_group (GanStoreThread *self, GPtrArray *group, GError **error)
{
  if (!begin (self, error))
    return FALSE;
  for (guint i = 0; i < group->len; i++)
    {
      Item *item = group->pdata[i];

      if (!change_one (self, item))
        {
          gan_database_roll_back (self->database);
          if (item->error != NULL)
            g_propagate_error (error, g_error_copy (item->error));
          else
            gan_error_set (error, GAN_ERROR_DISK, NULL, "the database took back the change");
          return FALSE;
        }
    }
  return gan_database_commit (self->database, error);
}

static void
change_group (GanStoreThread *self, GPtrArray *group)
{
  g_autoptr (GError) error = NULL;
  gboolean erases = FALSE;

  for (guint i = 0; i < group->len; i++)
    erases = erases || ((Item *) group->pdata[i])->call.use == GAN_STORE_ERASES;
  if (!try_group (self, group, &error))
    fail_all (group, error);
  else if (erases)
    gan_database_empty_wal (self->database);
  for (guint i = 0; i < group->len; i++)
    {
      Item *item = group->pdata[i];

      close_if_damaged (self, item->error);
      reply (self, item);
    }
}

/* @first and the changes that wait behind it, as far as nothing else stands between; *@next is what
 * does. */
static GPtrArray *
take_group (GanStoreThread *self, Item *first, Item **next)
{
  g_autoptr (GPtrArray) group = g_ptr_array_new ();

  g_ptr_array_add (group, first);
  while (group->len < GAN_LIMIT_STORE_GROUP)
    {
      Item *item = g_async_queue_try_pop (self->queue);

      if (item != NULL && (item->call.func == NULL || item->call.use == GAN_STORE_READS))
        {
          *next = item;
          break;
        }
      if (item == NULL)
        break;
      g_ptr_array_add (group, item);
    }
  return g_steal_pointer (&group);
}

static gpointer
work (gpointer data)
{
  GanStoreThread *self = data;
  Item *next = NULL;

  for (;;)
    {
      Item *item = next != NULL ? next : g_async_queue_pop (self->queue);
      gboolean ends = item->call.func == NULL && !item->is_awaited;

      next = NULL;
      if (item->call.func == NULL)
        {
          g_clear_pointer (&self->database, gan_database_close);
          if (ends)
            {
              item_free (item);
              return NULL;
            }
          reply (self, item);
        }
      else if (item->call.use == GAN_STORE_READS)
        {
          read_one (self, item);
        }
      else
        {
          g_autoptr (GPtrArray) group = take_group (self, item, &next);

          change_group (self, group);
        }
    }
}

/**
 * gan_store_thread_new:
 * @path: of the database
 *
 * Returns: (transfer full): a thread that waits; the file is opened by the first call
 */
GanStoreThread *
gan_store_thread_new (const char *path)
{
  GanStoreThread *self = g_new0 (GanStoreThread, 1);

  self->path = g_strdup (path);
  self->queue = g_async_queue_new ();
  g_mutex_init (&self->mutex);
  g_cond_init (&self->done);
  self->thread = g_thread_new ("store", work, self);
  return self;
}

/**
 * gan_store_thread_free:
 * @self: (transfer full): a thread
 *
 * Blocks until everything that was started is done.
 */
void
gan_store_thread_free (GanStoreThread *self)
{
  g_async_queue_push (self->queue, item_new (NULL));
  g_thread_join (self->thread);
  g_async_queue_unref (self->queue);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->done);
  g_free (self->path);
  g_free (self);
}

/**
 * gan_store_thread_start:
 * @self: a thread
 * @call: what to do; its data belongs to the thread from here on
 * @task: returns the result. Cancelling it before its turn ends it, and so does cancelling a call
 *   that reads; a change that has begun ends as it would have.
 */
void
gan_store_thread_start (GanStoreThread *self, const GanStoreCall *call, GTask *task)
{
  Item *item = item_new (call);

  g_task_set_check_cancellable (task, FALSE);
  item->task = g_object_ref (task);
  g_async_queue_push (self->queue, item);
}

static void
push_and_wait (GanStoreThread *self, Item *item)
{
  item->is_awaited = TRUE;
  g_async_queue_push (self->queue, item);
  g_mutex_lock (&self->mutex);
  while (!item->is_done)
    g_cond_wait (&self->done, &self->mutex);
  g_mutex_unlock (&self->mutex);
}

/**
 * gan_store_thread_run:
 * @self: a thread
 * @call: what to do; its data belongs to the thread from here on
 * @error: return location
 *
 * Blocks until it is done.
 *
 * Returns: (transfer full): what the call's func returned
 */
gpointer
gan_store_thread_run (GanStoreThread *self, const GanStoreCall *call, GError **error)
{
  Item *item = item_new (call);
  gpointer result = NULL;

  push_and_wait (self, item);
  if (item->error != NULL)
    g_propagate_error (error, g_steal_pointer (&item->error));
  else
    result = g_steal_pointer (&item->result);
  item_free (item);
  return result;
}

/**
 * gan_store_thread_close:
 * @self: a thread
 *
 * Blocks until everything that was started is done and the file is closed. The next call opens it
 * again.
 */
void
gan_store_thread_close (GanStoreThread *self)
{
  Item *item = item_new (NULL);

  push_and_wait (self, item);
  item_free (item);
}
