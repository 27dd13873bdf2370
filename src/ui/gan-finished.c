/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-finished.h"

struct _GanFinished
{
  GObject parent_instance;

  GanJobRow *row;
  GPtrArray *files; /* of GanLibraryRow, never empty */
};

G_DEFINE_FINAL_TYPE (GanFinished, gan_finished, G_TYPE_OBJECT)

static void
gan_finished_finalize (GObject *object)
{
  GanFinished *self = GAN_FINISHED (object);

  g_object_unref (self->row);
  g_ptr_array_unref (self->files);
  G_OBJECT_CLASS (gan_finished_parent_class)->finalize (object);
}

static void
gan_finished_class_init (GanFinishedClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = gan_finished_finalize;
}

static void
gan_finished_init (GanFinished *self)
{
}

/* The row as it was, but done, and with what its first file is known by. */
static GanJobRow *
make_row (GanJobRow *row, GanLibraryRow *file)
{
  GanJobRow *done = gan_job_row_copy (row);

  gan_job_row_set_state (done, GAN_JOB_DONE);
  gan_job_row_set_file (done, gan_library_row_get_file (file));
  if (gan_job_row_get_title (done) == NULL)
    gan_job_row_set_title (done, gan_library_row_get_title (file));
  if (gan_job_row_get_creator (done) == NULL)
    gan_job_row_set_creator (done, gan_library_row_get_creator (file));
  if (gan_job_row_get_thumbnail_url (done) == NULL)
    gan_job_row_set_thumbnail_url (done, gan_library_row_get_thumbnail_url (file));
  gan_record_seal (GAN_RECORD (done));
  return done;
}

/**
 * gan_finished_new:
 * @row: the job's last row
 * @files: (element-type GanLibraryRow): what it became; at least one
 *
 * Returns: (transfer full): a finished job
 */
GanFinished *
gan_finished_new (GanJobRow *row, GPtrArray *files)
{
  GanFinished *self = NULL;

  g_return_val_if_fail (GAN_IS_JOB_ROW (row), NULL);
  g_return_val_if_fail (files != NULL && files->len > 0, NULL);

  self = g_object_new (GAN_TYPE_FINISHED, NULL);
  self->row = make_row (row, g_ptr_array_index (files, 0));
  self->files = g_ptr_array_ref (files);
  return self;
}

/**
 * gan_finished_get_row:
 * @self: a finished job
 *
 * Returns: (transfer none): its row, whose state is "done" and whose file is the first
 */
GanJobRow *
gan_finished_get_row (GanFinished *self)
{
  g_return_val_if_fail (GAN_IS_FINISHED (self), NULL);

  return self->row;
}

/**
 * gan_finished_get_id:
 * @self: a finished job
 *
 * Returns: (transfer none): the id it had in the queue
 */
const char *
gan_finished_get_id (GanFinished *self)
{
  g_return_val_if_fail (GAN_IS_FINISHED (self), NULL);

  return gan_job_row_get_id (self->row);
}

/**
 * gan_finished_get_file:
 * @self: a finished job
 *
 * Returns: (transfer none): the path of its first file
 */
const char *
gan_finished_get_file (GanFinished *self)
{
  g_return_val_if_fail (GAN_IS_FINISHED (self), NULL);

  return gan_job_row_get_file (self->row);
}

/**
 * gan_finished_get_size:
 * @self: a finished job
 *
 * Returns: the bytes of all its files
 */
gint64
gan_finished_get_size (GanFinished *self)
{
  gint64 size = 0;

  g_return_val_if_fail (GAN_IS_FINISHED (self), 0);

  for (guint i = 0; i < self->files->len; i++)
    size += MAX (gan_library_row_get_size (g_ptr_array_index (self->files, i)), 0);
  return size;
}
