/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-queue.h"

#include "gan-error.h"
#include "gan-limits.h"
#include "gan-queue-private.h"

static void list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (GanQueue,
                               gan_queue,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

enum
{
  PROP_IS_OWNER = 1,
  PROP_IS_IDLE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static GType
get_item_type (GListModel *model)
{
  return GAN_TYPE_JOB;
}

static guint
get_n_items (GListModel *model)
{
  return (guint) g_sequence_get_length (GAN_QUEUE (model)->jobs);
}

static gpointer
get_item (GListModel *model, guint position)
{
  GanQueue *self = GAN_QUEUE (model);
  GSequenceIter *iter = NULL;

  if (position >= get_n_items (model))
    return NULL;
  iter = g_sequence_get_iter_at_pos (self->jobs, (int) position);
  return g_object_ref (g_sequence_get (iter));
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static void
gan_queue_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  GanQueue *self = GAN_QUEUE (object);

  switch (id)
    {
    case PROP_IS_OWNER:
      g_value_set_boolean (value, gan_queue_is_owner (self));
      break;
    case PROP_IS_IDLE:
      g_value_set_boolean (value, gan_queue_is_idle (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      break;
    }
}

static void
remove_sources (GanQueue *self)
{
  gan_queue_schedule_clear (self);
  g_clear_handle_id (&self->totals_timer, g_source_remove);
  g_clear_handle_id (&self->wake_timer, g_source_remove);
  g_clear_handle_id (&self->reload_timer, g_source_remove);
}

static void
clear_owner (GanQueue *self)
{
  if (self->owner == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->owner, self);
  gan_owner_stop (self->owner);
  g_clear_object (&self->owner);
}

static void
gan_queue_dispose (GObject *object)
{
  GanQueue *self = GAN_QUEUE (object);

  self->is_closed = TRUE;
  remove_sources (self);
  clear_owner (self);
  gan_queue_set_monitor (self, NULL);
  G_OBJECT_CLASS (gan_queue_parent_class)->dispose (object);
}

/* Runs and what follows them hold a reference: none is left here. */
static void
gan_queue_finalize (GObject *object)
{
  GanQueue *self = GAN_QUEUE (object);

  g_clear_pointer (&self->pool, gan_pool_free);
  g_clear_pointer (&self->files, gan_pool_free);
  g_clear_pointer (&self->runs, g_ptr_array_unref);
  g_clear_pointer (&self->unstored, g_ptr_array_unref);
  g_clear_pointer (&self->holds, g_hash_table_unref);
  g_clear_pointer (&self->throttle, gan_throttle_unref);
  gan_queue_rows_clear (self);
  g_clear_object (&self->store);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (gan_queue_parent_class)->finalize (object);
}

static GParamSpec *
make_flag (const char *name, gboolean value)
{
  return g_param_spec_boolean (name, NULL, NULL, value, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
}

static void
make_signal (const char *name, guint n_arguments, GType second)
{
  g_signal_new (name,
                GAN_TYPE_QUEUE,
                G_SIGNAL_RUN_LAST,
                0,
                NULL,
                NULL,
                NULL,
                G_TYPE_NONE,
                n_arguments,
                GAN_TYPE_JOB,
                second);
}

static void
gan_queue_class_init (GanQueueClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = gan_queue_get_property;
  object_class->dispose = gan_queue_dispose;
  object_class->finalize = gan_queue_finalize;
  properties[PROP_IS_OWNER] = make_flag ("is-owner", FALSE);
  properties[PROP_IS_IDLE] = make_flag ("is-idle", TRUE);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  make_signal ("job-finished", 2, G_TYPE_PTR_ARRAY);
  make_signal ("job-failed", 1, G_TYPE_NONE);
  make_signal ("totals-changed", 0, G_TYPE_NONE);
}

static void
run_unref (gpointer run)
{
  gan_run_unref (run);
}

static void
gan_queue_init (GanQueue *self)
{
  gan_queue_rows_init (self);
  self->runs = g_ptr_array_new_with_free_func (run_unref);
  self->unstored = g_ptr_array_new_with_free_func (run_unref);
  self->holds = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->pool = gan_pool_new ("queue", GAN_LIMIT_JOB_THREADS);
  self->files = gan_pool_new ("queue-files", 1);
  self->was_idle = TRUE;
  self->totals.total = 0;
}

/**
 * gan_queue_new:
 * @app: a running program's parts; must outlive it
 * @options: whether it claims or yields, and limits
 *
 * Returns: (transfer full): a queue that is not open yet. Once it is, it is to be closed before it
 *   is let go.
 */
GanQueue *
gan_queue_new (GanApp *app, const GanQueueOptions *options)
{
  GanQueue *self = NULL;

  g_return_val_if_fail (app != NULL && options != NULL, NULL);

  self = g_object_new (GAN_TYPE_QUEUE, NULL);
  self->app = app;
  self->options = *options;
  g_set_object (&self->store, gan_app_get_store (app));
  self->clock = g_object_ref (gan_http_get_clock (gan_app_get_http (app)));
  self->throttle = gan_throttle_new (self->clock, MAX (options->limit_rate, 0));
  gan_queue_set_monitor (self, g_network_monitor_get_default ());
  return self;
}

static void
network_cb (GNetworkMonitor *monitor, gboolean is_available, gpointer user_data)
{
  if (is_available)
    gan_queue_schedule_set_online (user_data);
}

/**
 * gan_queue_set_monitor:
 * @self: a queue
 * @monitor: (nullable): who says whether there is a network
 */
void
gan_queue_set_monitor (GanQueue *self, GNetworkMonitor *monitor)
{
  if (self->monitor != NULL)
    g_signal_handlers_disconnect_by_data (self->monitor, self);
  g_set_object (&self->monitor, monitor);
  if (monitor != NULL)
    g_signal_connect (monitor, "network-changed", G_CALLBACK (network_cb), self);
}

static void
reconcile_all (GanQueue *self)
{
  GSequenceIter *iter = g_sequence_get_begin_iter (self->jobs);

  for (; !g_sequence_iter_is_end (iter); iter = g_sequence_iter_next (iter))
    gan_queue_runs_reconcile (self, g_sequence_get (iter));
}

/* The rows are those of this moment, and nobody else executes them. */
static void
become_ready (GanQueue *self)
{
  self->is_ready = TRUE;
  gan_queue_sweep (self);
}

static void
begin_owning (GanQueue *self)
{
  self->is_ready = FALSE;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_IS_OWNER]);
  if (gan_queue_is_owner (self) && !self->is_closed)
    gan_queue_rows_reload (self);
}

static void
owner_cb (GanOwner *owner, GParamSpec *pspec, gpointer user_data)
{
  begin_owning (user_data);
}

static void
counted_changes_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GanQueue) self = user_data;
  gint64 count = gan_store_get_change_count_finish (GAN_STORE (source), result, NULL);

  if (!self->is_closed && count != 0 && count != self->change_count)
    {
      self->change_count = count;
      if (self->is_stopping)
        gan_queue_rows_reload (self);
      else
        gan_queue_rows_reload_soon (self);
    }
  gan_queue_end_pending (self);
}

static void
look_for_changes (GanQueue *self)
{
  gan_queue_begin_pending (self);
  gan_store_get_change_count_async (self->store, NULL, counted_changes_cb, g_object_ref (self));
}

/* Whoever woke us may have been we ourselves. */
static void
woken_cb (GanOwner *owner, gpointer user_data)
{
  look_for_changes (user_data);
}

static void
return_closed (GanQueue *self)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->closing);

  self->is_closed = TRUE;
  self->is_ready = FALSE;
  remove_sources (self);
  clear_owner (self);
  gan_queue_set_monitor (self, NULL);
  if (self->store != NULL && gan_app_get_data_dir (self->app) != NULL)
    gan_owner_wake (gan_app_get_data_dir (self->app), NULL);
  g_task_return_boolean (task, TRUE);
}

/* Everything has come to its end. */
static void
end_stop (GanQueue *self)
{
  if (!self->is_stopping || self->runs->len > 0 || self->n_pending > 0)
    return;
  if (self->closing != NULL)
    {
      return_closed (self);
      return;
    }
  self->is_stopping = FALSE;
  self->is_ready = FALSE;
  if (self->owner != NULL)
    gan_owner_yield (self->owner);
}

static void
stop (GanQueue *self)
{
  self->is_stopping = TRUE;
  gan_queue_schedule_clear (self);
  gan_queue_begin_pending (self);
  /* What others have taken out by now leaves no part file behind. */
  gan_queue_rows_reload_due (self);
  if (gan_queue_is_owner (self))
    look_for_changes (self);
  gan_queue_runs_stop_all (self);
  gan_queue_end_pending (self);
}

static void
yield_cb (GanOwner *owner, gpointer user_data)
{
  stop (user_data);
}

/**
 * gan_queue_begin_pending:
 * @self: a queue
 *
 * A call begins that has to end before the queue is given back.
 */
void
gan_queue_begin_pending (GanQueue *self)
{
  self->n_pending++;
}

/**
 * gan_queue_end_pending:
 * @self: a queue
 *
 * Such a call has ended.
 */
void
gan_queue_end_pending (GanQueue *self)
{
  self->n_pending--;
  end_stop (self);
}

static gboolean
begin_to_own (GanQueue *self, GError **error)
{
  self->owner = gan_owner_new (gan_app_get_data_dir (self->app), self->options.kind);
  g_signal_connect (self->owner, "notify::is-owner", G_CALLBACK (owner_cb), self);
  g_signal_connect (self->owner, "woken", G_CALLBACK (woken_cb), self);
  g_signal_connect (self->owner, "asked-to-yield", G_CALLBACK (yield_cb), self);
  return gan_owner_start (self->owner, error);
}

/* Closed before it was open. */
static void
return_too_late (GTask *task)
{
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "the queue was closed");
}

/**
 * gan_queue_loaded:
 * @self: a queue
 * @error: (nullable): why the rows could not be loaded
 *
 * The list is what is stored.
 */
void
gan_queue_loaded (GanQueue *self, const GError *error)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->opening);
  GError *failure = error != NULL ? g_error_copy (error) : NULL;

  if (task != NULL)
    {
      if (self->closing != NULL)
        return_too_late (task);
      else if (failure == NULL && begin_to_own (self, &failure))
        g_task_return_boolean (task, TRUE);
      else
        g_task_return_error (task, g_steal_pointer (&failure));
      g_clear_error (&failure);
      return;
    }
  g_clear_error (&failure);
  if (!gan_queue_is_owner (self) || self->is_closed || self->is_load_due)
    return;
  if (error != NULL)
    {
      gan_queue_schedule_block (self);
      return;
    }
  if (!self->is_ready)
    become_ready (self);
  reconcile_all (self);
  gan_queue_schedule (self);
}

static void
first_count_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GanQueue) self = user_data;
  GError *error = NULL;

  self->change_count = gan_store_get_change_count_finish (GAN_STORE (source), result, &error);
  if (error == NULL)
    {
      gan_queue_rows_reload (self);
    }
  else
    {
      gan_queue_loaded (self, error);
      g_error_free (error);
    }
  gan_queue_end_pending (self);
}

/**
 * gan_queue_open_async:
 * @self: a queue
 * @cancellable: (nullable): a cancellable
 * @callback: told when the rows are here
 * @user_data: for @callback
 *
 * Loads the rows, then takes the queue over as soon as it can. Where it is closed before that, this
 * ends with %G_IO_ERROR_CANCELLED.
 */
void
gan_queue_open_async (GanQueue *self,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (GAN_IS_QUEUE (self) && self->owner == NULL && self->opening == NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, gan_queue_open_async);
  if (self->store == NULL)
    {
      g_task_return_error (
          task,
          gan_error_new (GAN_ERROR_NOT_ALLOWED, "setting", "there is no folder for the queue"));
      return;
    }
  if (self->closing != NULL || self->is_closed)
    {
      return_too_late (task);
      return;
    }
  self->opening = g_steal_pointer (&task);
  gan_queue_begin_pending (self);
  gan_store_get_change_count_async (self->store, cancellable, first_count_cb, g_object_ref (self));
}

/**
 * gan_queue_open_finish:
 * @self: a queue
 * @result: what the callback got
 * @error: fails like the store, and with %GAN_ERROR_DISK where the folder cannot be written to
 *
 * Returns: whether it is open
 */
gboolean
gan_queue_open_finish (GanQueue *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * gan_queue_close_async:
 * @self: a queue
 * @callback: told when nothing runs and all is stored
 * @user_data: for @callback
 *
 * Ends what runs in good order, and gives the queue back. It cannot be opened again.
 */
void
gan_queue_close_async (GanQueue *self, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (GAN_IS_QUEUE (self) && self->closing == NULL);

  self->closing = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (self->closing, gan_queue_close_async);
  stop (self);
}

/**
 * gan_queue_close_finish:
 * @self: a queue
 * @result: what the callback got
 * @error: return location; nothing fails so far
 *
 * Returns: whether it is closed
 */
gboolean
gan_queue_close_finish (GanQueue *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * gan_queue_is_owner:
 * @self: a queue
 *
 * Returns: whether this process executes it
 */
gboolean
gan_queue_is_owner (GanQueue *self)
{
  g_return_val_if_fail (GAN_IS_QUEUE (self), FALSE);

  return self->owner != NULL && gan_owner_is_owner (self->owner);
}

/**
 * gan_queue_find:
 * @self: a queue
 * @id: of a job
 *
 * Returns: (transfer none) (nullable): the job
 */
GanJob *
gan_queue_find (GanQueue *self, const char *id)
{
  g_return_val_if_fail (GAN_IS_QUEUE (self) && id != NULL, NULL);

  return g_hash_table_lookup (self->by_id, id);
}

/**
 * gan_queue_set_limits:
 * @self: a queue
 * @options: limits; the kind stays
 *
 * Holds from now on. What runs beyond a lower number of jobs is not stopped.
 */
void
gan_queue_set_limits (GanQueue *self, const GanQueueOptions *options)
{
  GanOwnerKind kind = GAN_OWNER_YIELDS;

  g_return_if_fail (GAN_IS_QUEUE (self) && options != NULL);

  kind = self->options.kind;
  self->options = *options;
  self->options.kind = kind;
  gan_throttle_set_rate (self->throttle, MAX (options->limit_rate, 0));
  gan_queue_schedule (self);
}
