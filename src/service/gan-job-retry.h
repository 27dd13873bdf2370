/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a failure makes of a job: another try after a wait, or the end. Private to service. */
#pragma once

#include "gan-job-row.h"

G_BEGIN_DECLS

/* Why a job waits that failed while there was no network. */
#define GAN_JOB_OFFLINE "offline"

void gan_job_retry_clear (GanJobRow *row);
gint64 gan_job_retry_fail (GanJobRow *row,
                           const GError *error,
                           gint64 had,
                           gboolean is_offline,
                           gint64 wall);
gint64 gan_job_retry_get_wait (GanJobRow *row, gint64 wall);

G_END_DECLS
