/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-library-disk.h"

#include "gan-error.h"
#include "gan-pool.h"

#include <errno.h>
#include <glib/gstdio.h>

/* A disk that hangs holds up no more than these. */
#define MAX_THREADS 2

typedef struct
{
  GPtrArray *rows;
  GPtrArray *gone; /* those whose file is not there, or not any more */
  GError *failure; /* the first one */
} Work;

static void
work_free (gpointer data)
{
  Work *work = data;

  g_ptr_array_unref (work->rows);
  g_ptr_array_unref (work->gone);
  g_clear_error (&work->failure);
  g_free (work);
}

/* For all libraries. */
static GanPool *
get_pool (void)
{
  static GanPool *pool;

  if (g_once_init_enter (&pool))
    g_once_init_leave (&pool, gan_pool_new ("library", MAX_THREADS));
  return pool;
}

/* A file that must not be looked at is there. */
static gboolean
is_gone (const char *file)
{
  GStatBuf status;

  return file == NULL || (g_lstat (file, &status) != 0 && (errno == ENOENT || errno == ENOTDIR));
}

static void
check_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Work *work = data;

  for (guint i = 0; i < work->rows->len; i++)
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, &work->failure))
        break;
      if (is_gone (gan_library_row_get_file (work->rows->pdata[i])))
        g_ptr_array_add (work->gone, g_object_ref (work->rows->pdata[i]));
    }
  g_task_return_boolean (task, TRUE);
}

static void
remember_failure (Work *work, GError *cause)
{
  if (work->failure == NULL && gan_error_is_cancelled (cause))
    work->failure = g_error_copy (cause);
  else if (work->failure == NULL && g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED))
    gan_error_set_cause (&work->failure,
                         GAN_ERROR_NOT_ALLOWED,
                         "no-wastebasket",
                         g_error_copy (cause));
  else if (work->failure == NULL)
    gan_error_set_cause (&work->failure, GAN_ERROR_DISK, NULL, g_error_copy (cause));
}

static gboolean
trash_file (const char *path, GCancellable *cancellable, GError **error)
{
  g_autoptr (GFile) file = NULL;

  if (is_gone (path))
    return TRUE;
  file = g_file_new_for_path (path);
  return g_file_trash (file, cancellable, error);
}

static void
trash_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Work *work = data;

  for (guint i = 0; i < work->rows->len; i++)
    {
      GanLibraryRow *row = work->rows->pdata[i];
      g_autoptr (GError) error = NULL;

      if (g_cancellable_set_error_if_cancelled (cancellable, &error))
        {
          remember_failure (work, error);
          break;
        }
      if (trash_file (gan_library_row_get_file (row), cancellable, &error))
        g_ptr_array_add (work->gone, g_object_ref (row));
      else
        remember_failure (work, error);
    }
  g_task_return_boolean (task, TRUE);
}

/* The task has no source object: its last reference may end in the thread, and nobody's life shall.
 */
static void
start (GPtrArray *rows,
       GTaskThreadFunc func,
       GCancellable *cancellable,
       GAsyncReadyCallback callback,
       gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Work *work = g_new0 (Work, 1);

  work->rows = g_ptr_array_ref (rows);
  work->gone = g_ptr_array_new_with_free_func (g_object_unref);
  g_task_set_task_data (task, work, work_free);
  /* What was done before the cancel is told. */
  g_task_set_check_cancellable (task, FALSE);
  gan_pool_run (get_pool (), task, func);
}

/**
 * gan_library_disk_check:
 * @rows: (element-type GanLibraryRow): rows; not to be changed until the end
 * @cancellable: (nullable): stops before the next file
 * @callback: called at the end, without a source object
 * @user_data: for @callback
 *
 * Looks which files are there.
 */
void
gan_library_disk_check (GPtrArray *rows,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  start (rows, check_thread, cancellable, callback, user_data);
}

/**
 * gan_library_disk_trash:
 * @rows: (element-type GanLibraryRow): rows; not to be changed until the end
 * @cancellable: (nullable): stops before the next file
 * @callback: called at the end, without a source object
 * @user_data: for @callback
 *
 * Moves files to the wastebasket.
 */
void
gan_library_disk_trash (GPtrArray *rows,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  start (rows, trash_thread, cancellable, callback, user_data);
}

/**
 * gan_library_disk_finish:
 * @result: what the callback got
 * @error: the first failure
 *
 * Returns: (transfer full) (element-type GanLibraryRow): the rows whose file is gone now, also on
 *   error
 */
GPtrArray *
gan_library_disk_finish (GAsyncResult *result, GError **error)
{
  Work *work = g_task_get_task_data (G_TASK (result));

  if (g_task_propagate_boolean (G_TASK (result), error) && work->failure != NULL)
    g_propagate_error (error, g_steal_pointer (&work->failure));
  return g_ptr_array_ref (work->gone);
}
