/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A job in people's words. Pure functions; foreign text comes out as gan-literal.h makes it. */
#pragma once

#include "gan-job-row.h"

G_BEGIN_DECLS

/* What moves while a job runs; GAN_UNKNOWN where unknown. */
typedef struct
{
  gint64 downloaded;
  gint64 total;
  gint64 speed;
  gint64 eta;
} GanJobNumbers;

gboolean gan_job_words_has_name (GanJobRow *row);
char *gan_job_words_dup_title (GanJobRow *row) G_GNUC_WARN_UNUSED_RESULT;
char *gan_job_words_dup_origin (GanJobRow *row) G_GNUC_WARN_UNUSED_RESULT;
char *gan_job_words_dup_status (GanJobRow *row,
                                const GanJobNumbers *numbers,
                                gint64 now) G_GNUC_WARN_UNUSED_RESULT;
char *gan_job_words_dup_advice (GanJobRow *row) G_GNUC_WARN_UNUSED_RESULT;
char *gan_job_words_dup_speed (gint64 bytes_per_second) G_GNUC_WARN_UNUSED_RESULT;
double gan_job_words_get_fraction (const GanJobNumbers *numbers);

G_END_DECLS
