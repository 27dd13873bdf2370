/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-session.h"

struct _GanSession
{
  GObject parent_instance;

  GanConfig *config; /* borrowed */
  GanOwnerKind kind;
  GanSettings *settings;
  GanApp *app;
  GanQueue *queue;
  GanLibrary *library;       /* NULL until somebody asks for it */
  GanThumbnails *thumbnails; /* likewise */
};

G_DEFINE_FINAL_TYPE (GanSession, gan_session, G_TYPE_OBJECT)

static GanQueueOptions
make_options (GanSession *self)
{
  return (GanQueueOptions){
    .kind = self->kind,
    .max_jobs = self->config->max_jobs,
    .max_jobs_per_host = self->config->max_jobs_per_host,
    .limit_rate = self->config->limit_rate,
  };
}

/* What was set counts from now on, also for what runs. */
static void
setting_cb (GanSettings *settings, GParamSpec *pspec, GanSession *self)
{
  GanQueueOptions options = { 0 };

  gan_settings_merge (settings, self->config);
  options = make_options (self);
  gan_queue_set_limits (self->queue, &options);
}

static void
finished_cb (GanQueue *queue, GanJob *job, GPtrArray *files, GanSession *self)
{
  if (self->library != NULL)
    gan_library_refresh (self->library);
}

/* The queue has heard of something, maybe from a program that is no owner and has added files. */
static void
totals_cb (GanQueue *queue, GanSession *self)
{
  if (self->library != NULL)
    gan_library_follow (self->library);
}

static void
free_app_cb (gpointer app, GObject *where_the_thumbnails_were)
{
  gan_app_free (app);
}

/* A picture that a thread still works at holds the thumbnails, and these need the app. */
static void
let_app_go (GanSession *self)
{
  if (self->thumbnails != NULL && self->app != NULL)
    g_object_weak_ref (G_OBJECT (self->thumbnails), free_app_cb, g_steal_pointer (&self->app));
  g_clear_object (&self->thumbnails);
  g_clear_pointer (&self->app, gan_app_free);
}

static void
gan_session_dispose (GObject *object)
{
  GanSession *self = GAN_SESSION (object);

  if (self->settings != NULL)
    g_signal_handlers_disconnect_by_data (self->settings, self);
  if (self->queue != NULL)
    g_signal_handlers_disconnect_by_data (self->queue, self);
  g_clear_object (&self->library);
  g_clear_object (&self->queue);
  g_clear_object (&self->settings);
  let_app_go (self);
  G_OBJECT_CLASS (gan_session_parent_class)->dispose (object);
}

static void
gan_session_class_init (GanSessionClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = gan_session_dispose;
}

static void
gan_session_init (GanSession *self)
{
}

/**
 * gan_session_new:
 * @config: what options and environment say; the settings are merged into it, again when they
 *   change, so it has to outlive the session
 * @kind: whether the queue is claimed or yielded
 * @table: (array length=n_entries): the sites of this build
 * @n_entries: their number
 * @error: as of gan_app_new()
 *
 * Returns: (transfer full): a session, to be opened
 */
GanSession *
gan_session_new (GanConfig *config,
                 GanOwnerKind kind,
                 const GanPlatformEntry *table,
                 gsize n_entries,
                 GError **error)
{
  g_autoptr (GanSession) self = NULL;
  GanQueueOptions options = { 0 };

  g_return_val_if_fail (config != NULL && config->data_dir != NULL, NULL);

  self = g_object_new (GAN_TYPE_SESSION, NULL);
  self->config = config;
  self->kind = kind;
  self->settings = config->with_user_files ? gan_settings_new () : gan_settings_new_default ();
  gan_settings_merge (self->settings, config);
  self->app = gan_app_new (config, table, n_entries, error);
  if (self->app == NULL)
    return NULL;
  options = make_options (self);
  self->queue = gan_queue_new (self->app, &options);
  g_signal_connect (self->settings, "notify", G_CALLBACK (setting_cb), self);
  g_signal_connect (self->queue, "job-finished", G_CALLBACK (finished_cb), self);
  g_signal_connect (self->queue, "totals-changed", G_CALLBACK (totals_cb), self);
  return g_steal_pointer (&self);
}

/**
 * gan_session_get_app:
 * @self: a session
 *
 * Returns: (transfer none): transport, sites and store
 */
GanApp *
gan_session_get_app (GanSession *self)
{
  g_return_val_if_fail (GAN_IS_SESSION (self), NULL);

  return self->app;
}

/**
 * gan_session_get_config:
 * @self: a session
 *
 * Returns: (transfer none): what options, environment and settings come to just now
 */
const GanConfig *
gan_session_get_config (GanSession *self)
{
  g_return_val_if_fail (GAN_IS_SESSION (self), NULL);

  return self->config;
}

/**
 * gan_session_get_settings:
 * @self: a session
 *
 * Returns: (transfer none): the user's settings; with --no-config the defaults
 */
GanSettings *
gan_session_get_settings (GanSession *self)
{
  g_return_val_if_fail (GAN_IS_SESSION (self), NULL);

  return self->settings;
}

/**
 * gan_session_get_queue:
 * @self: a session
 *
 * Returns: (transfer none): the queue
 */
GanQueue *
gan_session_get_queue (GanSession *self)
{
  g_return_val_if_fail (GAN_IS_SESSION (self), NULL);

  return self->queue;
}

/**
 * gan_session_get_library:
 * @self: a session
 *
 * Returns: (transfer none): the library, which begins to load when it is first asked for
 */
GanLibrary *
gan_session_get_library (GanSession *self)
{
  g_return_val_if_fail (GAN_IS_SESSION (self), NULL);

  if (self->library == NULL)
    self->library = gan_library_new (self->app);
  return self->library;
}

/**
 * gan_session_get_thumbnails:
 * @self: a session
 *
 * Returns: (transfer none) (nullable): pictures for lists; %NULL where there is nobody to make them
 */
GanThumbnails *
gan_session_get_thumbnails (GanSession *self)
{
  g_return_val_if_fail (GAN_IS_SESSION (self), NULL);

  if (self->thumbnails == NULL && gan_app_get_media (self->app) != NULL)
    self->thumbnails = gan_thumbnails_new (self->app);
  return self->thumbnails;
}

static void
queue_open_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (gan_queue_open_finish (GAN_QUEUE (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
store_open_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GanSession *self = g_task_get_source_object (task);
  GanDatabaseCondition *condition = g_task_get_task_data (task);
  GError *error = NULL;

  if (!gan_store_open_finish (GAN_STORE (source), result, condition, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  gan_queue_open_async (self->queue,
                        g_task_get_cancellable (task),
                        queue_open_cb,
                        g_object_ref (task));
}

/**
 * gan_session_open_async:
 * @self: a session that is not open
 * @cancellable: (nullable): a cancellable
 * @callback: called when the queue is known
 * @user_data: for @callback
 *
 * Opens store and queue; this process executes it from then on, or as soon as it may.
 */
void
gan_session_open_async (GanSession *self,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  GTask *task = NULL;

  g_return_if_fail (GAN_IS_SESSION (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, gan_session_open_async);
  g_task_set_task_data (task, g_new0 (GanDatabaseCondition, 1), g_free);
  gan_store_open_async (gan_app_get_store (self->app), cancellable, store_open_cb, task);
}

/**
 * gan_session_open_finish:
 * @self: a session
 * @result: what the callback got
 * @condition: (out) (optional): what the user has to be told about the database; also set where the
 *   queue could not be opened
 * @error: as of the store and of gan_queue_open_finish()
 *
 * Returns: whether the session is open
 */
gboolean
gan_session_open_finish (GanSession *self,
                         GAsyncResult *result,
                         GanDatabaseCondition *condition,
                         GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, gan_session_open_async), FALSE);

  if (condition != NULL)
    *condition = *(GanDatabaseCondition *) g_task_get_task_data (G_TASK (result));
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
queue_closed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (gan_queue_close_finish (GAN_QUEUE (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * gan_session_close_async:
 * @self: a session
 * @callback: called when nothing runs and all is stored
 * @user_data: for @callback
 *
 * Ends what runs in good order, and gives the queue back.
 */
void
gan_session_close_async (GanSession *self, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = NULL;

  g_return_if_fail (GAN_IS_SESSION (self));

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, gan_session_close_async);
  gan_queue_close_async (self->queue, queue_closed_cb, task);
}

/**
 * gan_session_close_finish:
 * @self: a session
 * @result: what the callback got
 * @error: return location
 *
 * Returns: whether it is closed
 */
gboolean
gan_session_close_finish (GanSession *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, gan_session_close_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
