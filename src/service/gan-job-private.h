/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a queue does with its jobs. */
#pragma once

#include "gan-job.h"

G_BEGIN_DECLS

/* What of its queue's sums a job is a part of. */
typedef enum
{
  GAN_JOB_KIND_WAITING,
  GAN_JOB_KIND_ACTIVE,
  GAN_JOB_KIND_PAUSED,
  GAN_JOB_KIND_FAILED,
  GAN_JOB_KIND_OVER,
  GAN_JOB_N_KINDS
} GanJobKind;

typedef struct _GanRun GanRun;

GanJob *gan_job_new (GanJobRow *row) G_GNUC_WARN_UNUSED_RESULT;
gboolean gan_job_set_row (GanJob *self, GanJobRow *row);
void gan_job_set_progress (GanJob *self, gint64 downloaded, gint64 total, gint64 speed, gint64 eta);

GanJobKind gan_job_get_kind (GanJob *self);
const char *gan_job_get_host (GanJob *self);
gboolean gan_job_is_wanted (GanJob *self, const char *wanted);
gboolean gan_job_is_in_state (GanJob *self, const char *state);

/* Where it stands in its queue; NULL: nowhere any more. */
GSequenceIter *gan_job_get_iter (GanJob *self);
void gan_job_set_iter (GanJob *self, GSequenceIter *iter);

/* The run that executes it, or NULL. Borrowed. */
GanRun *gan_job_get_run (GanJob *self);
void gan_job_set_run (GanJob *self, GanRun *run);

/* When its next try is due: monotonic microseconds; 0: any time. */
gint64 gan_job_get_due (GanJob *self);
void gan_job_set_due (GanJob *self, gint64 due);

/* The most bytes that any try has reached. */
gint64 gan_job_get_most (GanJob *self);

G_END_DECLS
