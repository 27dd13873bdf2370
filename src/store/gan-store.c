/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-store.h"

#include "gan-job-table.h"
#include "gan-library-table.h"
#include "gan-store-thread.h"

struct _GanStore
{
  GObject parent_instance;

  GanStoreThread *thread;
};

G_DEFINE_FINAL_TYPE (GanStore, gan_store, G_TYPE_OBJECT)

/* The arguments of any call, copied; each uses some of them. */
typedef struct
{
  GPtrArray *rows;
  gpointer row;
  GStrv ids;
  GArray *numbers;
  GanLibraryFilter filter;
} Arguments;

static void
arguments_free (gpointer data)
{
  Arguments *self = data;

  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_object (&self->row);
  g_strfreev (self->ids);
  g_clear_pointer (&self->numbers, g_array_unref);
  g_free ((char *) self->filter.text);
  g_free ((char *) self->filter.platform);
  g_free ((char *) self->filter.content_type);
  g_clear_object (&self->filter.before);
  g_free (self);
}

static gpointer
ref_object (gconstpointer object, gpointer data)
{
  return g_object_ref ((gpointer) object);
}

/* The caller may do with its array what it likes while the call waits. */
static GPtrArray *
copy_rows (GPtrArray *rows)
{
  GPtrArray *copy = g_ptr_array_copy (rows, ref_object, NULL);

  g_ptr_array_set_free_func (copy, g_object_unref);
  return copy;
}

static GanStoreCall
make_call (GanStoreFunc func, GanStoreUse use, GDestroyNotify result_free, Arguments **arguments)
{
  *arguments = g_new0 (Arguments, 1);
  return (GanStoreCall){ func, use, *arguments, arguments_free, result_free };
}

static void
start (GanStore *self,
       const GanStoreCall *call,
       gpointer source_tag,
       GCancellable *cancellable,
       GAsyncReadyCallback callback,
       gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, source_tag);
  gan_store_thread_start (self->thread, call, task);
}

static gpointer
finish (GanStore *self, GAsyncResult *result, gpointer source_tag, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, source_tag), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* The three forms of a call, of which call_<name> (arguments) is made. */
#define DEFINE(Type, name, arguments, ...)                                                         \
  void gan_store_##name##_async (GanStore *self,                                                   \
                                 ##__VA_ARGS__,                                                    \
                                 GCancellable *cancellable,                                        \
                                 GAsyncReadyCallback callback,                                     \
                                 gpointer user_data)                                               \
  {                                                                                                \
    GanStoreCall call = call_##name arguments;                                                     \
    g_return_if_fail (GAN_IS_STORE (self));                                                        \
    start (self, &call, gan_store_##name##_async, cancellable, callback, user_data);               \
  }                                                                                                \
  Type gan_store_##name##_finish (GanStore *self, GAsyncResult *result, GError **error)            \
  {                                                                                                \
    return (Type) (gintptr) finish (self, result, gan_store_##name##_async, error);                \
  }                                                                                                \
  Type gan_store_##name##_sync (GanStore *self, ##__VA_ARGS__, GError **error)                     \
  {                                                                                                \
    GanStoreCall call = call_##name arguments;                                                     \
    g_return_val_if_fail (GAN_IS_STORE (self), (Type) 0);                                          \
    return (Type) (gintptr) gan_store_thread_run (self->thread, &call, error);                     \
  }

static gpointer
from_boolean (gboolean value)
{
  return GINT_TO_POINTER (value);
}

static void
gan_store_finalize (GObject *object)
{
  GanStore *self = GAN_STORE (object);

  g_clear_pointer (&self->thread, gan_store_thread_free);
  G_OBJECT_CLASS (gan_store_parent_class)->finalize (object);
}

static void
gan_store_class_init (GanStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = gan_store_finalize;
}

static void
gan_store_init (GanStore *self)
{
}

/**
 * gan_store_new:
 * @path: of the database; it and its folder are made where they are missing
 *
 * Every call fails with %GAN_ERROR_DISK (reason busy, damaged, not-writable, newer-version),
 * %GAN_ERROR_NO_SPACE or %G_IO_ERROR_CANCELLED; what did not succeed has changed nothing. A change
 * that has begun is not cancelled any more.
 *
 * Returns: (transfer full): a store; the file is opened by the first call. Letting go of the store
 *   waits for the calls that were made.
 */
GanStore *
gan_store_new (const char *path)
{
  GanStore *self = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  self = g_object_new (GAN_TYPE_STORE, NULL);
  self->thread = gan_store_thread_new (path);
  return self;
}

static gpointer
open_func (GanDatabase *database, gpointer data, GError **error)
{
  return GUINT_TO_POINTER (gan_database_get_condition (database));
}

static const GanStoreCall call_open = { open_func, GAN_STORE_READS, NULL, NULL, NULL };

static gboolean
tell_condition (gpointer result, GError *inner, GanDatabaseCondition *condition, GError **error)
{
  if (inner != NULL)
    {
      g_propagate_error (error, inner);
      return FALSE;
    }
  if (condition != NULL)
    *condition = (GanDatabaseCondition) GPOINTER_TO_UINT (result);
  return TRUE;
}

/**
 * gan_store_open_async:
 * @self: a store
 * @cancellable: (nullable): a cancellable
 * @callback: called when it is open
 * @user_data: for @callback
 *
 * Opens the file.
 */
void
gan_store_open_async (GanStore *self,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  g_return_if_fail (GAN_IS_STORE (self));

  start (self, &call_open, gan_store_open_async, cancellable, callback, user_data);
}

/**
 * gan_store_open_finish:
 * @self: a store
 * @result: what the callback got
 * @condition: (out) (optional): what opening came to
 * @error: return location
 *
 * Returns: whether it is open
 */
gboolean
gan_store_open_finish (GanStore *self,
                       GAsyncResult *result,
                       GanDatabaseCondition *condition,
                       GError **error)
{
  GError *inner = NULL;
  gpointer value = finish (self, result, gan_store_open_async, &inner);

  return tell_condition (value, inner, condition, error);
}

/**
 * gan_store_open_sync:
 * @self: a store
 * @condition: (out) (optional): what opening came to
 * @error: return location
 *
 * Returns: whether it is open
 */
gboolean
gan_store_open_sync (GanStore *self, GanDatabaseCondition *condition, GError **error)
{
  GError *inner = NULL;
  gpointer value = NULL;

  g_return_val_if_fail (GAN_IS_STORE (self), FALSE);

  value = gan_store_thread_run (self->thread, &call_open, &inner);
  return tell_condition (value, inner, condition, error);
}

/**
 * gan_store_close_sync:
 * @self: a store
 *
 * Blocks until all calls made so far are done and the file is closed. A later call opens it again.
 */
void
gan_store_close_sync (GanStore *self)
{
  g_return_if_fail (GAN_IS_STORE (self));

  gan_store_thread_close (self->thread);
}

static gpointer
add_jobs_func (GanDatabase *database, gpointer data, GError **error)
{
  Arguments *arguments = data;

  return gan_job_table_add (database, arguments->rows, error);
}

static GanStoreCall
call_add_jobs (GPtrArray *rows)
{
  Arguments *arguments = NULL;
  GanStoreCall call = make_call (add_jobs_func,
                                 GAN_STORE_CHANGES,
                                 (GDestroyNotify) g_ptr_array_unref,
                                 &arguments);

  arguments->rows = copy_rows (rows);
  return call;
}

/**
 * gan_store_add_jobs_sync:
 * @self: a store
 * @rows: (element-type GanJobRow): jobs; not to be changed until the call has ended
 * @error: return location
 *
 * Adds jobs to the queue. One without an id gets one, one without a position goes to the end, one
 * without a time is added now; a row that was removed can so be put back where it was. User name
 * and password are taken out of the link.
 *
 * Returns: (transfer full) (element-type GanJobRow): the rows as they are stored, or %NULL
 */
DEFINE (GPtrArray *, add_jobs, (rows), GPtrArray *rows)

static gpointer
load_jobs_func (GanDatabase *database, gpointer data, GError **error)
{
  return gan_job_table_load (database, error);
}

static GanStoreCall
call_load_jobs (void)
{
  Arguments *arguments = NULL;

  return make_call (load_jobs_func,
                    GAN_STORE_READS,
                    (GDestroyNotify) g_ptr_array_unref,
                    &arguments);
}

/**
 * gan_store_load_jobs_sync:
 * @self: a store
 * @error: return location
 *
 * Returns: (transfer full) (element-type GanJobRow): the queue in its order, or %NULL
 */
DEFINE (GPtrArray *, load_jobs, ())

static gpointer
find_jobs_func (GanDatabase *database, gpointer data, GError **error)
{
  Arguments *arguments = data;

  return gan_job_table_find (database, (const char *const *) arguments->ids, error);
}

static GanStoreCall
call_find_jobs (const char *const *ids)
{
  Arguments *arguments = NULL;
  GanStoreCall call
      = make_call (find_jobs_func, GAN_STORE_READS, (GDestroyNotify) g_ptr_array_unref, &arguments);

  arguments->ids = g_strdupv ((char **) ids);
  return call;
}

/**
 * gan_store_find_jobs_sync:
 * @self: a store
 * @ids: (array zero-terminated=1): of jobs; what has left the queue is passed over
 * @error: return location
 *
 * Returns: (transfer full) (element-type GanJobRow): those that are there, in the order of @ids,
 *   or %NULL
 */
DEFINE (GPtrArray *, find_jobs, (ids), const char *const *ids)

static gpointer
save_job_func (GanDatabase *database, gpointer data, GError **error)
{
  Arguments *arguments = data;

  return from_boolean (gan_job_table_save (database, arguments->row, error));
}

static GanStoreCall
call_save_job (GanJobRow *row)
{
  Arguments *arguments = NULL;
  GanStoreCall call = make_call (save_job_func, GAN_STORE_CHANGES, NULL, &arguments);

  arguments->row = g_object_ref (row);
  return call;
}

/**
 * gan_store_save_job_sync:
 * @self: a store
 * @row: a job; not to be changed until the call has ended
 * @error: return location; %GAN_ERROR_NOT_FOUND, reason removed, where it has left the queue
 *
 * Stores what has become of a job. For the owner of the queue: link, position, what is wanted and
 * the time of adding stay as they are stored, since others may have changed them meanwhile.
 *
 * Returns: whether it is stored
 */
DEFINE (gboolean, save_job, (row), GanJobRow *row)

static gpointer
want_func (GanDatabase *database, gpointer data, GError **error)
{
  Arguments *arguments = data;

  return from_boolean (gan_job_table_want (database,
                                           (const char *const *) arguments->ids,
                                           arguments->filter.text,
                                           error));
}

static GanStoreCall
call_want (const char *const *ids, const char *wanted)
{
  Arguments *arguments = NULL;
  GanStoreCall call = make_call (want_func, GAN_STORE_CHANGES, NULL, &arguments);

  arguments->ids = g_strdupv ((char **) ids);
  arguments->filter.text = g_strdup (wanted);
  return call;
}

/**
 * gan_store_want_sync:
 * @self: a store
 * @ids: (array zero-terminated=1): of jobs; what has left the queue is passed over
 * @wanted: %GAN_JOB_WANT_RUN, %GAN_JOB_WANT_PAUSE or %GAN_JOB_WANT_CANCEL
 * @error: return location
 *
 * Says what is to become of jobs; any process may. One that failed, was cancelled, is paused or
 * waits for its next try, and is wanted to run, waits anew with no try behind it. One that waits,
 * and is wanted to pause, is paused.
 *
 * Returns: whether it is stored
 */
DEFINE (gboolean, want, (ids, wanted), const char *const *ids, const char *wanted)

static gpointer
move_job_func (GanDatabase *database, gpointer data, GError **error)
{
  Arguments *arguments = data;

  return from_boolean (gan_job_table_move (database, arguments->ids[0], arguments->ids[1], error));
}

static GanStoreCall
call_move_job (const char *id, const char *before)
{
  Arguments *arguments = NULL;
  GanStoreCall call = make_call (move_job_func, GAN_STORE_CHANGES, NULL, &arguments);
  const char *const ids[] = { id, before, NULL };

  arguments->ids = g_strdupv ((char **) ids);
  return call;
}

/**
 * gan_store_move_job_sync:
 * @self: a store
 * @id: of a job
 * @before: (nullable): id of the job that it shall stand before; %NULL for the end of the queue
 * @error: return location; %GAN_ERROR_NOT_FOUND, reason removed, where one of them has left the
 *   queue
 *
 * Gives a job another place. To make room the positions of all that stand behind it grow by one.
 *
 * Returns: whether it stands there
 */
DEFINE (gboolean, move_job, (id, before), const char *id, const char *before)

static gpointer
remove_jobs_func (GanDatabase *database, gpointer data, GError **error)
{
  Arguments *arguments = data;

  return from_boolean (
      gan_job_table_remove (database, (const char *const *) arguments->ids, NULL, error));
}

static GanStoreCall
call_remove_jobs (const char *const *ids)
{
  Arguments *arguments = NULL;
  GanStoreCall call = make_call (remove_jobs_func, GAN_STORE_ERASES, NULL, &arguments);

  arguments->ids = g_strdupv ((char **) ids);
  return call;
}

/**
 * gan_store_remove_jobs_sync:
 * @self: a store
 * @ids: (array zero-terminated=1): of jobs; what is gone already is passed over
 * @error: return location
 *
 * Takes jobs out of the queue, and their bytes off the disk; files stay.
 *
 * Returns: whether they are gone
 */
DEFINE (gboolean, remove_jobs, (ids), const char *const *ids)

static gpointer
get_change_count_func (GanDatabase *database, gpointer data, GError **error)
{
  gint64 count = 0;

  gan_database_read_int (database, "PRAGMA data_version", &count, error);
  return (gpointer) (gintptr) count;
}

static GanStoreCall
call_get_change_count (void)
{
  Arguments *arguments = NULL;

  return make_call (get_change_count_func, GAN_STORE_READS, NULL, &arguments);
}

/**
 * gan_store_get_change_count_sync:
 * @self: a store
 * @error: return location
 *
 * Returns: a number that differs from the one before if another process, or another store, has
 *   changed the file since; 0 on error
 */
DEFINE (gint64, get_change_count, ())

/* A file of a post that was finished in an earlier try is counted already. */
static gboolean
add_and_count (GanDatabase *database, GanLibraryRow *row, GError **error)
{
  gboolean is_there = FALSE;

  return gan_library_table_has (database, row, &is_there, error)
         && gan_library_table_add (database, row, error)
         && (is_there
             || gan_library_table_count (database,
                                         gan_library_row_get_platform (row),
                                         TRUE,
                                         gan_library_row_get_size (row),
                                         error));
}

/* A job that is gone was finished before, when nobody saw the answer, or was removed in its last
 * moment: its files are files all the same, but are not counted again. */
static gpointer
finish_job_func (GanDatabase *database, gpointer data, GError **error)
{
  Arguments *arguments = data;
  const char *const ids[] = { gan_job_row_get_id (arguments->row), NULL };
  gboolean was_there = FALSE;
  gboolean ok = gan_job_table_remove (database, ids, &was_there, error);

  for (guint i = 0; ok && i < arguments->rows->len; i++)
    ok = was_there ? add_and_count (database, arguments->rows->pdata[i], error)
                   : gan_library_table_add (database, arguments->rows->pdata[i], error);
  return from_boolean (ok);
}

static GanStoreCall
call_finish_job (GanJobRow *job, GPtrArray *files)
{
  Arguments *arguments = NULL;
  GanStoreCall call = make_call (finish_job_func, GAN_STORE_CHANGES, NULL, &arguments);

  arguments->row = g_object_ref (job);
  arguments->rows = copy_rows (files);
  return call;
}

/**
 * gan_store_finish_job_sync:
 * @self: a store
 * @job: a job that is done
 * @files: (element-type GanLibraryRow): what came of it; not to be changed until the call has ended
 * @error: return location
 *
 * Moves a job from the queue to the library and counts its files, in one transaction. Doing it
 * twice changes nothing. Secrets in links are replaced by their hash.
 *
 * Returns: whether it is stored
 */
DEFINE (gboolean, finish_job, (job, files), GanJobRow *job, GPtrArray *files)

static gpointer
add_file_func (GanDatabase *database, gpointer data, GError **error)
{
  Arguments *arguments = data;

  return from_boolean (add_and_count (database, arguments->row, error));
}

static GanStoreCall
call_add_file (GanLibraryRow *row)
{
  Arguments *arguments = NULL;
  GanStoreCall call = make_call (add_file_func, GAN_STORE_CHANGES, NULL, &arguments);

  arguments->row = g_object_ref (row);
  return call;
}

/**
 * gan_store_add_file_sync:
 * @self: a store
 * @row: a finished file that was no job of the queue; not to be changed until the call has ended
 * @error: return location
 *
 * Adds a file to the library and counts it. One of the same path, which it must have replaced,
 * leaves the library. Secrets in links are replaced by their hash.
 *
 * Returns: whether it is stored
 */
DEFINE (gboolean, add_file, (row), GanLibraryRow *row)

static gpointer
find_files_func (GanDatabase *database, gpointer data, GError **error)
{
  Arguments *arguments = data;

  return gan_library_table_find (database, &arguments->filter, error);
}

static void
copy_filter (const GanLibraryFilter *filter, GanLibraryFilter *copy)
{
  if (filter == NULL)
    return;
  *copy = *filter;
  copy->text = g_strdup (filter->text);
  copy->platform = g_strdup (filter->platform);
  copy->content_type = g_strdup (filter->content_type);
  if (copy->before != NULL)
    g_object_ref (copy->before);
}

static GanStoreCall
call_find_files (const GanLibraryFilter *filter)
{
  Arguments *arguments = NULL;
  GanStoreCall call = make_call (find_files_func,
                                 GAN_STORE_READS,
                                 (GDestroyNotify) g_ptr_array_unref,
                                 &arguments);

  copy_filter (filter, &arguments->filter);
  return call;
}

/**
 * gan_store_find_files_sync:
 * @self: a store
 * @filter: (nullable): which; %NULL for all
 * @error: return location
 *
 * Each word of the filter's text has to stand somewhere in title, creator or file name, whatever
 * the case, in any script.
 *
 * Returns: (transfer full) (element-type GanLibraryRow): rows of the library, newest first, sealed,
 *   or %NULL
 */
DEFINE (GPtrArray *, find_files, (filter), const GanLibraryFilter *filter)

static gpointer
count_files_func (GanDatabase *database, gpointer data, GError **error)
{
  Arguments *arguments = data;
  gint64 count = 0;

  gan_library_table_count_rows (database, &arguments->filter, &count, error);
  return (gpointer) (gintptr) count;
}

static GanStoreCall
call_count_files (const GanLibraryFilter *filter)
{
  Arguments *arguments = NULL;
  GanStoreCall call = make_call (count_files_func, GAN_STORE_READS, NULL, &arguments);

  copy_filter (filter, &arguments->filter);
  return call;
}

/**
 * gan_store_count_files_sync:
 * @self: a store
 * @filter: (nullable): which; %NULL for all; its limit and offset do not count
 * @error: return location
 *
 * Returns: how many rows of the library there are; 0 on error
 */
DEFINE (gint64, count_files, (filter), const GanLibraryFilter *filter)

static gpointer
forget_files_func (GanDatabase *database, gpointer data, GError **error)
{
  Arguments *arguments = data;
  GArray *ids = arguments->numbers;

  return from_boolean (
      gan_library_table_forget (database, (const gint64 *) (gpointer) ids->data, ids->len, error));
}

static GanStoreCall
call_forget_files (const gint64 *ids, gsize n_ids)
{
  Arguments *arguments = NULL;
  GanStoreCall call = make_call (forget_files_func, GAN_STORE_ERASES, NULL, &arguments);

  arguments->numbers = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_array_append_vals (arguments->numbers, ids, (guint) n_ids);
  return call;
}

/**
 * gan_store_forget_files_sync:
 * @self: a store
 * @ids: (array length=n_ids): of rows; what is gone already is passed over
 * @n_ids: how many
 * @error: return location
 *
 * Takes rows out of the library, and their bytes off the disk; the files themselves stay.
 *
 * Returns: whether they are gone
 */
DEFINE (gboolean, forget_files, (ids, n_ids), const gint64 *ids, gsize n_ids)

static gpointer
restore_files_func (GanDatabase *database, gpointer data, GError **error)
{
  Arguments *arguments = data;
  gboolean ok = TRUE;

  for (guint i = 0; ok && i < arguments->rows->len; i++)
    ok = gan_library_table_restore (database, arguments->rows->pdata[i], error);
  return from_boolean (ok);
}

static GanStoreCall
call_restore_files (GPtrArray *rows)
{
  Arguments *arguments = NULL;
  GanStoreCall call = make_call (restore_files_func, GAN_STORE_CHANGES, NULL, &arguments);

  arguments->rows = copy_rows (rows);
  return call;
}

/**
 * gan_store_restore_files_sync:
 * @self: a store
 * @rows: (element-type GanLibraryRow): rows that came from the store and were forgotten
 * @error: return location
 *
 * Puts them back where they were, under their ids; nothing is counted again. A row whose file or id
 * has another row by now is passed over.
 *
 * Returns: whether they are stored
 */
DEFINE (gboolean, restore_files, (rows), GPtrArray *rows)

static gpointer
count_failure_func (GanDatabase *database, gpointer data, GError **error)
{
  Arguments *arguments = data;

  return from_boolean (
      gan_library_table_count (database, arguments->filter.platform, FALSE, 0, error));
}

static GanStoreCall
call_count_failure (const char *platform)
{
  Arguments *arguments = NULL;
  GanStoreCall call = make_call (count_failure_func, GAN_STORE_CHANGES, NULL, &arguments);

  arguments->filter.platform = g_strdup (platform);
  return call;
}

/**
 * gan_store_count_failure_sync:
 * @self: a store
 * @platform: (nullable): id of the site whose job failed
 * @error: return location
 *
 * Returns: whether it is counted
 */
DEFINE (gboolean, count_failure, (platform), const char *platform)

static gpointer
load_stats_func (GanDatabase *database, gpointer data, GError **error)
{
  return gan_library_table_load_stats (database, error);
}

static GanStoreCall
call_load_stats (void)
{
  Arguments *arguments = NULL;

  return make_call (load_stats_func, GAN_STORE_READS, (GDestroyNotify) g_array_unref, &arguments);
}

/**
 * gan_store_load_stats_sync:
 * @self: a store
 * @error: return location
 *
 * Returns: (transfer full) (element-type GanSiteStats): what was counted, by id of the site, or
 *   %NULL
 */
DEFINE (GArray *, load_stats, ())
