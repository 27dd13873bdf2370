/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-transfer.h"

#include "gan-error.h"
#include "gan-fetch.h"
#include "gan-finish.h"
#include "gan-format.h"
#include "gan-limits.h"
#include "gan-text.h"

#include <string.h>

/**
 * gan_transfer_result_free:
 * @result: (nullable): a result
 */
void
gan_transfer_result_free (GanTransferResult *result)
{
  if (result == NULL)
    return;
  g_free (result->file);
  g_free (result->format_id);
  g_free (result);
}

/* What this form of the engine fetches: one address, by HTTP. */
static gboolean
check_plan (GanPlan *plan, GError **error)
{
  const GanTrack *track = NULL;

  if (gan_plan_get_n_tracks (plan) == 1)
    track = gan_plan_get_track (plan, 0);
  if (track != NULL
      && (track->protocol == NULL || g_str_equal (track->protocol, GAN_PROTOCOL_HTTP)))
    return TRUE;
  gan_error_set (error,
                 GAN_ERROR_UNSUPPORTED_URL,
                 "protocol",
                 "only a single file over HTTP can be fetched, neither segments nor parted tracks");
  return FALSE;
}

/* The user's name is taken as it is, but it is a name. */
static gboolean
check_name (const char *name, GError **error)
{
  if (name == NULL
      || (*name != '\0' && strchr (name, '/') == NULL && !g_str_equal (name, ".")
          && !g_str_equal (name, "..") && strlen (name) <= GAN_LIMIT_FILE_NAME_BYTES
          && g_utf8_validate (name, -1, NULL)))
    return TRUE;
  gan_error_set (error, GAN_ERROR_NOT_ALLOWED, "name", "that is not the name of a file");
  return FALSE;
}

/* When the file was last changed, or GAN_UNKNOWN_TIME. */
static gint64
get_modified (GanPlan *plan, const GanVersion *version)
{
  gint64 published = gan_plan_get_published (plan);

  if (!gan_plan_is_plain_file (plan) && published != GAN_UNKNOWN_TIME)
    return published;
  return gan_text_to_time (version->last_modified);
}

static GanTransferResult *
make_result (const GanTarget *target, gboolean resumed)
{
  GanTransferResult *result = g_new0 (GanTransferResult, 1);

  result->file = gan_folder_dup_path (target->folder, target->state->file);
  result->size = gan_version_get_have (target->state->version);
  result->inode = target->state->inode;
  result->format_id = g_strdup (target->state->format_id);
  result->verified = target->state->verified;
  result->resumed = resumed;
  return result;
}

static GanTransferResult *
run (GanFetch *fetch, GanPlan *plan, GError **error)
{
  GanTarget *target = fetch->target;
  gboolean resumed = FALSE;

  if (target->state != NULL && target->part == NULL)
    {
      if (!gan_finish_heal (target, error))
        return NULL;
      gan_reporter_tell (&fetch->reporter, GAN_TRANSFER_DONE);
      return make_result (target, TRUE);
    }
  resumed = target->state != NULL && gan_version_get_have (target->state->version) > 0;
  if (!gan_fetch_run (fetch, error))
    return NULL;
  gan_reporter_tell (&fetch->reporter, GAN_TRANSFER_VERIFYING);
  if (!gan_finish_run (target, get_modified (plan, target->state->version), fetch->clock, error))
    return NULL;
  gan_reporter_tell (&fetch->reporter, GAN_TRANSFER_DONE);
  return make_result (target, resumed && fetch->restarts == 0);
}

/**
 * gan_transfer_run:
 * @http: the network
 * @plan: what to fetch: one track over HTTP
 * @options: where to, and how
 * @cancellable: (nullable): pauses it; whoever cancels a job for good calls gan_transfer_discard()
 *   afterwards
 * @error: return location
 *
 * Fetches a file and gives it its final name once it is whole and durable. What an earlier run of
 * the same source and format left is gone on with, as long as the server has the same version; no
 * file that is there already is ever touched. What belongs to another job is left alone, unless
 * that job is gone; what a job has finished is found again until gan_transfer_leave_job().
 * Blocks; the functions of @options are called in the
 * calling thread.
 *
 * Fails with %G_IO_ERROR_CANCELLED, or any #GanErrorCode that a network, a server or a disk can be
 * the cause of. The unfinished file stays, unless no byte of it ever came.
 *
 * Returns: (transfer full): what is there now, or NULL
 */
GanTransferResult *
gan_transfer_run (GanHttp *http,
                  GanPlan *plan,
                  const GanTransferOptions *options,
                  GCancellable *cancellable,
                  GError **error)
{
  g_autoptr (GanFolder) folder = NULL;
  g_auto (GanTarget) target = { NULL };
  g_auto (GanFetch) fetch = { NULL };

  g_return_val_if_fail (GAN_IS_HTTP (http) && plan != NULL, NULL);
  g_return_val_if_fail (options != NULL && options->folder != NULL, NULL);

  if (!check_plan (plan, error) || !check_name (options->name, error))
    return NULL;
  folder = gan_folder_open (options->folder, TRUE, error);
  if (folder == NULL)
    return NULL;
  target.folder = folder;
  target.job = options->job;
  target.is_job_gone = options->is_job_gone;
  target.job_data = options->job_data;
  if (!gan_target_find (&target, plan, options->name, error))
    return NULL;
  gan_fetch_init (&fetch, http, plan, options, &target, cancellable);
  return run (&fetch, plan, error);
}

/* What the thread of a pool needs; the strings are copies. */
typedef struct
{
  GanHttp *http;
  GanPlan *plan;
  GanTransferOptions options;
  char *folder;
  char *name;
  char *job;
} AsyncRun;

static void
async_run_free (gpointer data)
{
  AsyncRun *self = data;

  g_object_unref (self->http);
  gan_plan_unref (self->plan);
  g_free (self->folder);
  g_free (self->name);
  g_free (self->job);
  g_clear_pointer (&self->options.throttle, gan_throttle_unref);
  g_free (self);
}

static void
run_in_pool (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  AsyncRun *self = task_data;
  GError *error = NULL;
  GanTransferResult *result
      = gan_transfer_run (self->http, self->plan, &self->options, cancellable, &error);

  if (result != NULL)
    g_task_return_pointer (task, result, (GDestroyNotify) gan_transfer_result_free);
  else
    g_task_return_error (task, error);
}

/**
 * gan_transfer_run_async:
 * @http: the network
 * @plan: what to fetch
 * @options: where to, and how; its strings are copied, its functions are called in a thread of
 *   @pool
 * @pool: where it runs; must outlive it
 * @cancellable: (nullable): pauses it
 * @callback: told when it is over
 * @user_data: for @callback
 *
 * gan_transfer_run() in a thread.
 */
void
gan_transfer_run_async (GanHttp *http,
                        GanPlan *plan,
                        const GanTransferOptions *options,
                        GanPool *pool,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  AsyncRun *data = NULL;

  g_return_if_fail (GAN_IS_HTTP (http) && plan != NULL && pool != NULL);
  g_return_if_fail (options != NULL && options->folder != NULL);

  data = g_new0 (AsyncRun, 1);
  data->http = g_object_ref (http);
  data->plan = gan_plan_ref (plan);
  data->options = *options;
  data->options.folder = data->folder = g_strdup (options->folder);
  data->options.name = data->name = g_strdup (options->name);
  data->options.job = data->job = g_strdup (options->job);
  if (options->throttle != NULL)
    gan_throttle_ref (options->throttle);
  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, gan_transfer_run_async);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, data, async_run_free);
  gan_pool_run (pool, task, run_in_pool);
}

/**
 * gan_transfer_run_finish:
 * @result: what the callback was given
 * @error: return location
 *
 * Returns: (transfer full): as gan_transfer_run()
 */
GanTransferResult *
gan_transfer_run_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * gan_transfer_discard:
 * @folder: where it was saved to
 * @plan: what was fetched
 * @name: (nullable): the name that was chosen
 * @error: return location
 *
 * Removes what an unfinished transfer left, for a job that is cancelled for good: the files that a
 * state file of the same source, format and name vouches for. A finished file, a file of somebody
 * else and the files of a transfer that runs are not touched.
 *
 * Returns: whether nothing is left; else %GAN_ERROR_DISK
 */
gboolean
gan_transfer_discard (const char *folder, GanPlan *plan, const char *name, GError **error)
{
  g_autoptr (GanFolder) open_folder = NULL;
  g_auto (GanTarget) target = { NULL };

  g_return_val_if_fail (folder != NULL && plan != NULL, FALSE);

  if (!check_plan (plan, error))
    return FALSE;
  open_folder = gan_folder_open (folder, FALSE, error);
  if (open_folder == NULL)
    return FALSE;
  target.folder = open_folder;
  if (!gan_target_find (&target, plan, name, error))
    return FALSE;
  return target.state == NULL || gan_target_discard (&target, error);
}

/* Nothing is left in a folder that is not there. */
static GanFolder *
open_if_there (const char *path, gboolean *is_there, GError **error)
{
  *is_there = g_file_test (path, G_FILE_TEST_IS_DIR);
  return *is_there ? gan_folder_open (path, FALSE, error) : NULL;
}

/**
 * gan_transfer_leave_job:
 * @folder: where its files were saved to
 * @job: id of a job that is over, one way or another
 * @error: return location
 *
 * Removes what unfinished transfers of the job left, and the notes by which its finished files are
 * found again. Finished files stay, and so does what a transfer writes to at this moment.
 *
 * Returns: whether it is gone; else %GAN_ERROR_DISK
 */
gboolean
gan_transfer_leave_job (const char *folder, const char *job, GError **error)
{
  gboolean is_there = FALSE;
  g_autoptr (GanFolder) open_folder = NULL;

  g_return_val_if_fail (folder != NULL && job != NULL, FALSE);

  open_folder = open_if_there (folder, &is_there, error);
  if (open_folder == NULL)
    return !is_there;
  return gan_target_leave_job (open_folder, job, error);
}

/**
 * gan_transfer_sweep:
 * @folder: where files were saved to
 * @jobs: (element-type utf8 utf8): a set of the ids of all jobs that there are
 *
 * Removes the notes of finished files whose job was left in its last moment, by a kill between the
 * end of the job and gan_transfer_leave_job().
 */
void
gan_transfer_sweep (const char *folder, GHashTable *jobs)
{
  gboolean is_there = FALSE;
  g_autoptr (GanFolder) open_folder = NULL;

  g_return_if_fail (folder != NULL && jobs != NULL);

  open_folder = open_if_there (folder, &is_there, NULL);
  if (open_folder != NULL)
    gan_target_sweep (open_folder, jobs);
}
