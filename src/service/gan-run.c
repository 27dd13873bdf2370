/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-run.h"

#include "gan-download.h"
#include "gan-error.h"
#include "gan-library-row.h"

#define NEWS_MICROSECONDS (G_USEC_PER_SEC / 4)

/* How often the row of a job that runs is stored for others to see. */
#define SAVE_MICROSECONDS (5 * (gint64) G_USEC_PER_SEC)

struct _GanRun
{
  GanApp *app;
  GanJob *job;
  GanJobRow *row; /* as it was when it began */
  GanThrottle *throttle;
  GCancellable *cancellable;
  GMainContext *context;
  GanRunFunc func; /* NULL: nobody wants to know any more */
  gpointer user_data;
  GanRunNews told; /* what the main context knows, with its file */
  char *told_file;
  gint64 most_before;      /* bytes that any try before it has reached */
  const char *saved_state; /* of the row that was stored last, GAN_JOB_*; NULL: none yet */
  gint64 saved_at;         /* monotonic microseconds */

  GMutex mutex; /* for what follows, which the thread writes */
  GanRunNews news;
  char *file;
  GanMedia *media;
  gint64 told_at;   /* monotonic microseconds */
  GSource *telling; /* on its way to the main context, or NULL */

  /* The thread's, and of the main context after its end. */
  gint64 before; /* bytes of the files that are finished */
  guint n_begun;
  guint n_items;
  GPtrArray *files; /* of GanLibraryRow */
  GError *error;    /* the one that decides */
};

/**
 * gan_run_new:
 * @app: a running program's parts; must outlive it
 * @job: what is to be done
 * @throttle: (nullable): holds for all runs together
 * @news: called on the main context when something moved
 * @user_data: for @news
 *
 * Returns: (transfer full): a run that has not begun
 */
GanRun *
gan_run_new (GanApp *app, GanJob *job, GanThrottle *throttle, GanRunFunc news, gpointer user_data)
{
  GanRun *self = NULL;

  g_return_val_if_fail (app != NULL && GAN_IS_JOB (job), NULL);

  self = g_atomic_rc_box_new0 (GanRun);
  g_mutex_init (&self->mutex);
  self->app = app;
  self->job = g_object_ref (job);
  self->row = g_object_ref (gan_job_get_row (job));
  self->throttle = throttle != NULL ? gan_throttle_ref (throttle) : NULL;
  self->cancellable = g_cancellable_new ();
  self->context = g_main_context_ref_thread_default ();
  self->func = news;
  self->user_data = user_data;
  self->files = g_ptr_array_new_with_free_func (g_object_unref);
  self->news.downloaded = MAX (gan_job_get_downloaded (job), 0);
  self->news.total = gan_job_get_total (job);
  self->most_before = gan_job_get_most (job);
  self->news.speed = GAN_UNKNOWN;
  self->news.eta = GAN_UNKNOWN;
  return self;
}

/**
 * gan_run_ref:
 * @self: a run
 *
 * Returns: (transfer full): @self with one reference more
 */
GanRun *
gan_run_ref (GanRun *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

static void
run_clear (gpointer data)
{
  GanRun *self = data;

  g_object_unref (self->job);
  g_object_unref (self->row);
  g_clear_pointer (&self->throttle, gan_throttle_unref);
  g_object_unref (self->cancellable);
  g_main_context_unref (self->context);
  g_clear_object (&self->media);
  g_ptr_array_unref (self->files);
  g_clear_error (&self->error);
  g_free (self->file);
  g_free (self->told_file);
  g_mutex_clear (&self->mutex);
}

/**
 * gan_run_unref:
 * @self: (transfer full): a run
 *
 * Gives one reference back; the last one frees it.
 */
void
gan_run_unref (GanRun *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, run_clear);
}

static void
run_unref (gpointer self)
{
  gan_run_unref (self);
}

static gboolean
tell_cb (gpointer data)
{
  GanRun *self = data;

  g_mutex_lock (&self->mutex);
  g_clear_pointer (&self->telling, g_source_unref);
  self->told_at = g_get_monotonic_time ();
  g_mutex_unlock (&self->mutex);
  if (self->func != NULL)
    self->func (self, self->user_data);
  return G_SOURCE_REMOVE;
}

/* With the mutex held. What comes before the last news were told joins them. */
static void
tell (GanRun *self)
{
  gint64 wait = self->told_at + NEWS_MICROSECONDS - g_get_monotonic_time ();

  if (self->telling != NULL)
    return;
  self->telling = self->told_at != 0 && wait > 0 ? g_timeout_source_new ((guint) (wait / 1000) + 1)
                                                 : g_idle_source_new ();
  g_source_set_priority (self->telling, G_PRIORITY_DEFAULT);
  g_source_set_callback (self->telling, tell_cb, gan_run_ref (self), run_unref);
  g_source_attach (self->telling, self->context);
}

static void
resolved_cb (GanMedia *media, gpointer user_data)
{
  GanRun *self = user_data;

  self->n_items = MAX (gan_media_get_items (media)->len, 1);
  g_mutex_lock (&self->mutex);
  g_set_object (&self->media, media);
  self->news.is_resolved = TRUE;
  tell (self);
  g_mutex_unlock (&self->mutex);
}

/* Of a post, the bytes of all files together; how many there will be is known in the last one. */
static void
progress_cb (const GanProgress *progress, gpointer user_data)
{
  GanRun *self = user_data;
  gboolean is_last = self->n_begun + 1 >= self->n_items;

  g_mutex_lock (&self->mutex);
  self->news.is_verifying = progress->state == GAN_TRANSFER_VERIFYING;
  if (progress->file != NULL && g_strcmp0 (self->file, progress->file) != 0)
    {
      g_free (self->file);
      self->file = g_strdup (progress->file);
    }
  if (progress->state != GAN_TRANSFER_WAITING || progress->downloaded > 0)
    self->news.downloaded = self->before + progress->downloaded;
  self->news.total
      = is_last && progress->total != GAN_UNKNOWN ? self->before + progress->total : GAN_UNKNOWN;
  self->news.speed = progress->speed;
  self->news.eta = is_last ? progress->eta : GAN_UNKNOWN;
  tell (self);
  g_mutex_unlock (&self->mutex);
}

static const char *
either (const char *first, const char *second)
{
  return first != NULL ? first : second;
}

/* Of the files of a post, one that may come yet decides over one that never will. */
static void
keep_error (GanRun *self, const GError *error)
{
  gboolean is_open = gan_error_get_retry_delay (error, 0) != GAN_UNKNOWN;

  if (self->error != NULL
      && (!is_open || gan_error_get_retry_delay (self->error, 0) != GAN_UNKNOWN))
    return;
  g_clear_error (&self->error);
  self->error = g_error_copy (error);
}

static void
finished_cb (GanMedia *item,
             const GanTransferResult *result,
             const GError *error,
             gpointer user_data)
{
  GanRun *self = user_data;

  self->n_begun++;
  if (error != NULL)
    {
      keep_error (self, error);
      return;
    }
  self->before += result->size;
  g_ptr_array_add (
      self->files,
      gan_download_make_row (gan_job_row_get_url (self->row), self->media, item, result));
}

static gboolean
check_row (GanJobRow *row, GError **error)
{
  const char *folder = gan_job_row_get_folder (row);

  if (folder != NULL && g_path_is_absolute (folder) && gan_job_row_get_url (row) != NULL)
    return TRUE;
  gan_error_set (error,
                 GAN_ERROR_INVALID_DATA,
                 "job",
                 "a job needs a link and the whole path of a folder");
  return FALSE;
}

static gboolean
run (GanRun *self, GError **error)
{
  g_autoptr (GanUrl) url = NULL;
  g_autoptr (GanChoice) choice = NULL;
  GanDownloadOptions options = {
    .folder = gan_job_row_get_folder (self->row),
    .name = gan_job_row_get_name (self->row),
    .job = gan_job_row_get_id (self->row),
    .throttle = self->throttle,
    .resolved = resolved_cb,
    .progress = progress_cb,
    .finished = finished_cb,
    .user_data = self,
  };

  if (!check_row (self->row, error))
    return FALSE;
  url = gan_url_parse_input (gan_job_row_get_url (self->row), error);
  choice = url != NULL ? gan_choice_new_from_wish (gan_job_row_get_wish (self->row), error) : NULL;
  if (choice == NULL)
    return FALSE;
  options.choice = choice;
  return gan_download_run (self->app, url, &options, self->cancellable, error);
}

static void
run_in_pool (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  GanRun *self = task_data;
  g_autoptr (GError) error = NULL;

  if (run (self, &error))
    g_task_return_boolean (task, TRUE);
  else if (gan_error_is_cancelled (error) || self->error == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_error (task, g_steal_pointer (&self->error));
}

/**
 * gan_run_start:
 * @self: a run that has not begun
 * @pool: where it runs
 * @callback: told when it is over
 * @user_data: for @callback, which holds the run until then: so the thread is never the one to let
 *   go of the job
 */
void
gan_run_start (GanRun *self, GanPool *pool, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (self != NULL && pool != NULL);

  task = g_task_new (NULL, self->cancellable, callback, user_data);
  g_task_set_source_tag (task, gan_run_start);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, self, NULL);
  gan_pool_run (pool, task, run_in_pool);
}

/**
 * gan_run_finish:
 * @self: a run
 * @result: what the callback got
 * @error: what decides about the job: %G_IO_ERROR_CANCELLED after gan_run_cancel(), else as
 *   gan_download_run(), but of several failures one that is worth another try
 *
 * Returns: whether all its files are there
 */
gboolean
gan_run_finish (GanRun *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * gan_run_cancel:
 * @self: a run
 *
 * Ends it soon; what is on disk stays.
 */
void
gan_run_cancel (GanRun *self)
{
  g_return_if_fail (self != NULL);

  g_cancellable_cancel (self->cancellable);
}

/**
 * gan_run_is_cancelled:
 * @self: a run
 *
 * Returns: whether it was told to end
 */
gboolean
gan_run_is_cancelled (GanRun *self)
{
  g_return_val_if_fail (self != NULL, TRUE);

  return g_cancellable_is_cancelled (self->cancellable);
}

/**
 * gan_run_mute:
 * @self: a run
 *
 * No news are told from here on. For a run that is over, or is never to begin.
 */
void
gan_run_mute (GanRun *self)
{
  g_autoptr (GSource) telling = NULL;

  g_return_if_fail (self != NULL);

  g_mutex_lock (&self->mutex);
  telling = g_steal_pointer (&self->telling);
  g_mutex_unlock (&self->mutex);
  self->func = NULL;
  if (telling != NULL)
    g_source_destroy (telling);
}

/**
 * gan_run_is_save_due:
 * @self: a run
 * @state: what it does now: GAN_JOB_*, a literal
 *
 * Returns: whether the row of its job is to be stored: it does something else than before, or did
 *   the same for a while. The caller stores it then.
 */
gboolean
gan_run_is_save_due (GanRun *self, const char *state)
{
  gint64 now = g_get_monotonic_time ();

  g_return_val_if_fail (self != NULL && state != NULL, FALSE);

  if (g_strcmp0 (self->saved_state, state) == 0 && now - self->saved_at < SAVE_MICROSECONDS)
    return FALSE;
  self->saved_state = state;
  self->saved_at = now;
  return TRUE;
}

/**
 * gan_run_get_most_before:
 * @self: a run
 *
 * Returns: the most bytes that any try before it has reached
 */
gint64
gan_run_get_most_before (GanRun *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->most_before;
}

/**
 * gan_run_get_job:
 * @self: a run
 *
 * Returns: (transfer none): its job
 */
GanJob *
gan_run_get_job (GanRun *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->job;
}

/**
 * gan_run_get_news:
 * @self: a run
 *
 * Returns: (transfer none): how far it is at this moment
 */
const GanRunNews *
gan_run_get_news (GanRun *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_mutex_lock (&self->mutex);
  self->told = self->news;
  g_free (self->told_file);
  self->told_file = g_strdup (self->file);
  self->told.file = self->told_file;
  g_mutex_unlock (&self->mutex);
  return &self->told;
}

/**
 * gan_run_write_row:
 * @self: a run
 * @row: a row of its job that is not sealed
 *
 * Writes what the run has found out so far into @row.
 */
void
gan_run_write_row (GanRun *self, GanJobRow *row)
{
  const GanRunNews *news = gan_run_get_news (self);
  GanMedia *media = self->media;

  g_return_if_fail (GAN_IS_JOB_ROW (row));

  gan_job_row_set_downloaded (row, news->downloaded);
  gan_job_row_set_total (row, news->total);
  if (news->file != NULL)
    gan_job_row_set_file (row, news->file);
  if (!news->is_resolved)
    return;
  gan_job_row_set_platform (row, gan_media_get_platform (media));
  gan_job_row_set_platform_id (row, gan_media_get_platform_id (media));
  gan_job_row_set_title (row, either (gan_media_get_title (media), gan_job_row_get_title (row)));
  gan_job_row_set_creator (row,
                           either (gan_media_get_creator (media), gan_job_row_get_creator (row)));
  gan_job_row_set_thumbnail_url (
      row,
      either (gan_media_get_thumbnail_url (media), gan_job_row_get_thumbnail_url (row)));
  if (gan_media_get_duration (media) >= 0)
    gan_job_row_set_duration (row, gan_media_get_duration (media));
}

/**
 * gan_run_get_files:
 * @self: a run that is over
 *
 * Returns: (transfer none) (element-type GanLibraryRow): what came of it
 */
GPtrArray *
gan_run_get_files (GanRun *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->files;
}
