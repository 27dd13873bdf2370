/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One row of the queue: what is wanted, and what has become of it so far. Immutable once handed
 * out, atomically ref-counted; made from a field table like every record. */
#pragma once

#include "gan-record.h"

G_BEGIN_DECLS

/* What a job is doing (state), and what is wanted of it (wanted). */
#define GAN_JOB_WAITING "waiting"
#define GAN_JOB_RESOLVING "resolving"
#define GAN_JOB_RUNNING "running"
#define GAN_JOB_PAUSED "paused"
#define GAN_JOB_RETRYING "retrying"
#define GAN_JOB_VERIFYING "verifying"
#define GAN_JOB_DONE "done"
#define GAN_JOB_FAILED "failed"
#define GAN_JOB_CANCELLED "cancelled"

#define GAN_JOB_WANT_RUN "run"
#define GAN_JOB_WANT_PAUSE "pause"
#define GAN_JOB_WANT_CANCEL "cancel"

/* F (KIND, name). state and wanted: design.md §8. wish: "best", "audio", "1080p" or "format:ID".
 * error_*: of the last try, redacted. progress is the state file's business; what stands here is
 * for lists. Times are Unix seconds. */
#define GAN_JOB_ROW_FIELDS(F)                                                                      \
  F (STRING, id)                                                                                   \
  F (INT, position)                                                                                \
  F (STRING, url)                                                                                  \
  F (STRING, folder)                                                                               \
  F (STRING, name)                                                                                 \
  F (STRING, wish)                                                                                 \
  F (STRING, wanted)                                                                               \
  F (STRING, state)                                                                                \
  F (STRING, platform)                                                                             \
  F (STRING, platform_id)                                                                          \
  F (STRING, title)                                                                                \
  F (STRING, creator)                                                                              \
  F (STRING, thumbnail_url)                                                                        \
  F (DOUBLE, duration)                                                                             \
  F (STRING, format_id)                                                                            \
  F (STRING, file)                                                                                 \
  F (INT, downloaded)                                                                              \
  F (INT, total)                                                                                   \
  F (INT, tries)                                                                                   \
  F (TIME, retry_at)                                                                               \
  F (STRING, error_code)                                                                           \
  F (STRING, error_reason)                                                                         \
  F (STRING, error_message)                                                                        \
  F (TIME, added_at)                                                                               \
  F (TIME, changed_at)

#define GAN_TYPE_JOB_ROW (gan_job_row_get_type ())
G_DECLARE_FINAL_TYPE (GanJobRow, gan_job_row, GAN, JOB_ROW, GanRecord)

GanJobRow *gan_job_row_new (const char *url) G_GNUC_WARN_UNUSED_RESULT;
GanJobRow *gan_job_row_copy (GanJobRow *self) G_GNUC_WARN_UNUSED_RESULT;

#define GAN_JOB_ROW_DECLARE(kind, name) GAN_RECORD_DECLARE_##kind (GanJobRow, gan_job_row, name)
GAN_JOB_ROW_FIELDS (GAN_JOB_ROW_DECLARE)
#undef GAN_JOB_ROW_DECLARE

G_END_DECLS
