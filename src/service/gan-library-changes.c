/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is done to rows of the library, and to their files. */
#include "config.h"

#include "gan-library-disk.h"
#include "gan-library-private.h"

/* Their ids, as the store takes them. */
static GArray *
collect_ids (GPtrArray *rows)
{
  GArray *ids = g_array_sized_new (FALSE, FALSE, sizeof (gint64), rows->len);

  for (guint i = 0; i < rows->len; i++)
    {
      gint64 id = gan_library_row_get_id (rows->pdata[i]);

      g_array_append_val (ids, id);
    }
  return ids;
}

static gpointer
ref_row (gconstpointer row, gpointer data)
{
  return g_object_ref ((gpointer) row);
}

/* The caller may do with its array what it likes. */
static GPtrArray *
copy_rows (GPtrArray *rows)
{
  GPtrArray *copy = g_ptr_array_copy (rows, ref_row, NULL);

  g_ptr_array_set_free_func (copy, g_object_unref);
  return copy;
}

static GTask *
new_task (GanLibrary *self,
          GPtrArray *rows,
          gpointer tag,
          GCancellable *cancellable,
          GAsyncReadyCallback callback,
          gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, copy_rows (rows), (GDestroyNotify) g_ptr_array_unref);
  g_task_set_check_cancellable (task, FALSE);
  return task;
}

static void
forgotten_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GanLibrary *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;

  if (!gan_store_forget_files_finish (GAN_STORE (source), result, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  gan_library_take_away (self, g_task_get_task_data (task));
  g_task_return_boolean (task, TRUE);
}

static void
forget (GanLibrary *self, GTask *task)
{
  g_autoptr (GArray) ids = collect_ids (g_task_get_task_data (task));

  gan_store_forget_files_async (gan_library_get_store (self),
                                (const gint64 *) (gpointer) ids->data,
                                ids->len,
                                g_task_get_cancellable (task),
                                forgotten_cb,
                                g_object_ref (task));
}

/**
 * gan_library_forget_async:
 * @self: a library
 * @rows: (element-type GanLibraryRow): rows of it
 * @cancellable: (nullable): a cancellable
 * @callback: called when they are forgotten
 * @user_data: for @callback
 *
 * Takes rows out of the library; the files stay where they are.
 */
void
gan_library_forget_async (GanLibrary *self,
                          GPtrArray *rows,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (GAN_IS_LIBRARY (self));
  g_return_if_fail (rows != NULL);

  task = new_task (self, rows, gan_library_forget_async, cancellable, callback, user_data);
  forget (self, task);
}

/**
 * gan_library_forget_finish:
 * @self: a library
 * @result: what the callback got
 * @error: return location
 *
 * Returns: whether they are forgotten
 */
gboolean
gan_library_forget_finish (GanLibrary *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* What the disk did, and what is to be told of it after the rows are forgotten. */
typedef struct
{
  GTask *task;
  GError *failure;
} Trash;

static void
trash_end (Trash *trash, GError *error)
{
  GError *first = trash->failure != NULL ? g_steal_pointer (&trash->failure) : error;

  if (first != error)
    g_clear_error (&error);
  if (first != NULL)
    g_task_return_error (trash->task, first);
  else
    g_task_return_boolean (trash->task, TRUE);
  g_object_unref (trash->task);
  g_free (trash);
}

static void
trash_forgotten_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GError *error = NULL;

  gan_library_forget_finish (GAN_LIBRARY (source), result, &error);
  trash_end (user_data, error);
}

static void
trashed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GanLibrary *self = g_task_get_source_object (user_data);
  Trash *trash = g_new0 (Trash, 1);
  g_autoptr (GPtrArray) gone = NULL;

  trash->task = user_data;
  gone = gan_library_disk_finish (result, &trash->failure);
  if (gone->len == 0)
    trash_end (trash, NULL);
  else
    gan_library_forget_async (self, gone, NULL, trash_forgotten_cb, trash);
}

/**
 * gan_library_trash_async:
 * @self: a library
 * @rows: (element-type GanLibraryRow): rows of it
 * @cancellable: (nullable): stops before the next file
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Moves files to the wastebasket and forgets those that are gone, also those that were gone before.
 */
void
gan_library_trash_async (GanLibrary *self,
                         GPtrArray *rows,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  GTask *task = NULL;

  g_return_if_fail (GAN_IS_LIBRARY (self));
  g_return_if_fail (rows != NULL);

  task = new_task (self, rows, gan_library_trash_async, cancellable, callback, user_data);
  gan_library_disk_trash (g_task_get_task_data (task), cancellable, trashed_cb, task);
}

/**
 * gan_library_trash_finish:
 * @self: a library
 * @result: what the callback got
 * @error: return location; %GAN_ERROR_NOT_ALLOWED, reason no-wastebasket, where the disk has none;
 *   of several files the first that could not be moved
 *
 * Returns: whether all files are gone from their place
 */
gboolean
gan_library_trash_finish (GanLibrary *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
restored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  if (!gan_store_restore_files_finish (GAN_STORE (source), result, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  gan_library_refresh (g_task_get_source_object (task));
  g_task_return_boolean (task, TRUE);
}

/**
 * gan_library_restore_async:
 * @self: a library
 * @rows: (element-type GanLibraryRow): rows that were forgotten
 * @cancellable: (nullable): a cancellable
 * @callback: called when they are stored again; the list has them a moment later
 * @user_data: for @callback
 *
 * Takes back a gan_library_forget_async().
 */
void
gan_library_restore_async (GanLibrary *self,
                           GPtrArray *rows,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  GTask *task = NULL;

  g_return_if_fail (GAN_IS_LIBRARY (self));
  g_return_if_fail (rows != NULL);

  task = new_task (self, rows, gan_library_restore_async, cancellable, callback, user_data);
  gan_store_restore_files_async (gan_library_get_store (self),
                                 g_task_get_task_data (task),
                                 cancellable,
                                 restored_cb,
                                 task);
}

/**
 * gan_library_restore_finish:
 * @self: a library
 * @result: what the callback got
 * @error: return location
 *
 * Returns: whether they are stored again
 */
gboolean
gan_library_restore_finish (GanLibrary *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
checked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (GPtrArray) gone = gan_library_disk_finish (result, &error);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_steal_pointer (&gone), (GDestroyNotify) g_ptr_array_unref);
}

/**
 * gan_library_check_async:
 * @self: a library
 * @rows: (element-type GanLibraryRow): rows of it
 * @cancellable: (nullable): stops before the next file
 * @callback: called when all files were looked for
 * @user_data: for @callback
 *
 * Looks which files are still where they were put.
 */
void
gan_library_check_async (GanLibrary *self,
                         GPtrArray *rows,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  GTask *task = NULL;

  g_return_if_fail (GAN_IS_LIBRARY (self));
  g_return_if_fail (rows != NULL);

  task = new_task (self, rows, gan_library_check_async, cancellable, callback, user_data);
  gan_library_disk_check (g_task_get_task_data (task), cancellable, checked_cb, task);
}

/**
 * gan_library_check_finish:
 * @self: a library
 * @result: what the callback got
 * @error: return location
 *
 * Returns: (transfer full) (element-type GanLibraryRow): the rows whose file is gone, or %NULL
 */
GPtrArray *
gan_library_check_finish (GanLibrary *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
