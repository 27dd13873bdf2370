/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One try of one job, in a thread: from its link to its files. What moves meanwhile is handed to
 * the main context at most four times a second. Atomically ref-counted; used on the main context
 * but for the thread itself. Private to service. */
#pragma once

#include "gan-app.h"
#include "gan-job-private.h"
#include "gan-transfer.h"

G_BEGIN_DECLS

/* How far it is. file: of the last file that was begun; borrowed until the next call. */
typedef struct
{
  gboolean is_resolved;
  gboolean is_verifying;
  const char *file;
  gint64 downloaded;
  gint64 total;
  gint64 speed;
  gint64 eta;
} GanRunNews;

typedef void (*GanRunFunc) (GanRun *run, gpointer user_data);

GanRun *gan_run_new (GanApp *app,
                     GanJob *job,
                     GanThrottle *throttle,
                     GanRunFunc news,
                     gpointer user_data) G_GNUC_WARN_UNUSED_RESULT;
GanRun *gan_run_ref (GanRun *self);
void gan_run_unref (GanRun *self);

void gan_run_start (GanRun *self, GanPool *pool, GAsyncReadyCallback callback, gpointer user_data);
gboolean gan_run_finish (GanRun *self, GAsyncResult *result, GError **error);
void gan_run_cancel (GanRun *self);
gboolean gan_run_is_cancelled (GanRun *self);
void gan_run_mute (GanRun *self);
gboolean gan_run_is_save_due (GanRun *self, const char *state);

GanJob *gan_run_get_job (GanRun *self);
const GanRunNews *gan_run_get_news (GanRun *self);
void gan_run_write_row (GanRun *self, GanJobRow *row);
GPtrArray *gan_run_get_files (GanRun *self);
gint64 gan_run_get_most_before (GanRun *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanRun, gan_run_unref)

G_END_DECLS
