/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-job-row.h"

#include "gan-columns.h"
#include "gan-record-define.h"

#define GAN_JOB_ROW_FIELD(kind, name) GAN_RECORD_FIELD_##kind (GanJobRow, name)
#define GAN_JOB_ROW_ACCESS(kind, name) GAN_RECORD_ACCESS_##kind (GanJobRow, gan_job_row, name)

GAN_RECORD_DEFINE (GanJobRow,
                   gan_job_row,
                   GAN_JOB_ROW_FIELDS,
                   GAN_JOB_ROW_FIELD,
                   GAN_JOB_ROW_ACCESS)

/**
 * gan_job_row_new:
 * @url: (nullable): the link as somebody gave it
 *
 * Returns: (transfer full): a job that waits and is wanted to run; id, position and times come with
 *   gan_store_add_jobs_sync()
 */
GanJobRow *
gan_job_row_new (const char *url)
{
  GanJobRow *self = g_object_new (GAN_TYPE_JOB_ROW, NULL);

  gan_job_row_set_url (self, url);
  gan_job_row_set_wanted (self, GAN_JOB_WANT_RUN);
  gan_job_row_set_state (self, GAN_JOB_WAITING);
  gan_job_row_set_tries (self, 0);
  return self;
}

/**
 * gan_job_row_copy:
 * @self: a row
 *
 * Returns: (transfer full): the same values in a row that is not sealed
 */
GanJobRow *
gan_job_row_copy (GanJobRow *self)
{
  GanJobRow *copy = NULL;

  g_return_val_if_fail (GAN_IS_JOB_ROW (self), NULL);

  copy = g_object_new (GAN_TYPE_JOB_ROW, NULL);
  gan_columns_copy (GAN_RECORD (self), GAN_RECORD (copy));
  return copy;
}
