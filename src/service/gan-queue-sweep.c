/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-limits.h"
#include "gan-queue-private.h"

/* Files that may have been finished in the last moment of an owner that died. */
#define SWEPT_FILES GAN_LIMIT_JOB_THREADS

/* Folders in which a note may have outlived its job. */
typedef struct
{
  GHashTable *folders;
  GHashTable *ids;
} Sweep;

static void
sweep_free (gpointer data)
{
  Sweep *self = data;

  g_hash_table_unref (self->folders);
  g_hash_table_unref (self->ids);
  g_free (self);
}

static void
sweep_in_pool (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  Sweep *self = task_data;
  GHashTableIter iter;
  gpointer folder = NULL;

  g_hash_table_iter_init (&iter, self->folders);
  while (g_hash_table_iter_next (&iter, &folder, NULL))
    gan_transfer_sweep (folder, self->ids);
  g_task_return_boolean (task, TRUE);
}

static void
swept_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GanQueue) self = user_data;

  gan_queue_end_pending (self);
}

static void
sweep_files (GanQueue *self, GPtrArray *files)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, swept_cb, g_object_ref (self));
  Sweep *data = g_new0 (Sweep, 1);
  GHashTableIter iter;
  gpointer id = NULL;

  data->folders = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  data->ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < files->len; i++)
    g_hash_table_add (data->folders,
                      g_path_get_dirname (gan_library_row_get_file (files->pdata[i])));
  g_hash_table_iter_init (&iter, self->by_id);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    g_hash_table_add (data->ids, g_strdup (id));
  g_task_set_source_tag (task, sweep_files);
  g_task_set_task_data (task, data, sweep_free);
  gan_queue_begin_pending (self);
  gan_pool_run (self->files, task, sweep_in_pool);
}

static void
newest_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GanQueue) self = user_data;
  g_autoptr (GPtrArray) files = gan_store_find_files_finish (GAN_STORE (source), result, NULL);

  if (files != NULL && files->len > 0)
    sweep_files (self, files);
  gan_queue_end_pending (self);
}

/**
 * gan_queue_sweep:
 * @self: a queue that has begun to own
 *
 * Removes the notes beside files that were finished in the last moment of an owner that died,
 * between the end of the job and the end of the note.
 */
void
gan_queue_sweep (GanQueue *self)
{
  const GanLibraryFilter newest = { .limit = SWEPT_FILES };

  gan_queue_begin_pending (self);
  gan_store_find_files_async (self->store, &newest, NULL, newest_cb, g_object_ref (self));
}
