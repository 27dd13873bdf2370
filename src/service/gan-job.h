/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A job of the queue as a list shows it: the row as it is stored, and what moves while it runs.
 * Lives on the main context; changed by its queue alone. */
#pragma once

#include "gan-job-row.h"

G_BEGIN_DECLS

#define GAN_TYPE_JOB (gan_job_get_type ())
G_DECLARE_FINAL_TYPE (GanJob, gan_job, GAN, JOB, GObject)

/* Properties, notified at most four times a second: "row" (a new sealed row at each change of
 * state, name, error), "downloaded", "total" (bytes), "speed" (bytes a second), "eta" (seconds);
 * GAN_UNKNOWN where unknown. */
GanJobRow *gan_job_get_row (GanJob *self);
const char *gan_job_get_id (GanJob *self);
const char *gan_job_get_state (GanJob *self);
gboolean gan_job_is_active (GanJob *self); /* resolving, running, retrying or verifying */
gint64 gan_job_get_downloaded (GanJob *self);
gint64 gan_job_get_total (GanJob *self);
gint64 gan_job_get_speed (GanJob *self);
gint64 gan_job_get_eta (GanJob *self);

G_END_DECLS
