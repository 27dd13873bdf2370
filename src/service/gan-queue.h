/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The queue: a GListModel of GanJob in the order in which they are done, executed by this process
 * while it owns (gan-owner.h), and followed while another one does. Every change is a row of the
 * store first. Lives on the main context; downloads run in threads of a pool of its own. */
#pragma once

#include "gan-app.h"
#include "gan-job.h"
#include "gan-owner.h"

G_BEGIN_DECLS

typedef struct
{
  GanOwnerKind kind;
  guint max_jobs;          /* at once; 0: the built-in limit */
  guint max_jobs_per_host; /* likewise */
  gint64 limit_rate;       /* bytes a second, all jobs together; 0: none */
} GanQueueOptions;

/* What stands above the list. Bytes and speed of the active jobs together; GAN_UNKNOWN where
 * unknown. */
typedef struct
{
  guint n_waiting;
  guint n_active;
  guint n_paused;
  guint n_failed;
  gint64 downloaded;
  gint64 total;
  gint64 speed;
} GanQueueTotals;

#define GAN_TYPE_QUEUE (gan_queue_get_type ())
G_DECLARE_FINAL_TYPE (GanQueue, gan_queue, GAN, QUEUE, GObject)

/* Properties "is-owner" and "is-idle" (nothing is active, nothing can be begun). Signals
 * "job-finished" (GanJob, GPtrArray of GanLibraryRow), "job-failed" (GanJob) and "totals-changed",
 * the last at most four times a second. */
GanQueue *gan_queue_new (GanApp *app, const GanQueueOptions *options) G_GNUC_WARN_UNUSED_RESULT;

/* Loads the rows, then takes the queue over as soon as it can. */
void gan_queue_open_async (GanQueue *self,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
gboolean gan_queue_open_finish (GanQueue *self, GAsyncResult *result, GError **error);

/* Ends what runs in good order (part files stay, the rows say "waiting") and gives the queue back.
 */
void gan_queue_close_async (GanQueue *self, GAsyncReadyCallback callback, gpointer user_data);
gboolean gan_queue_close_finish (GanQueue *self, GAsyncResult *result, GError **error);

gboolean gan_queue_is_owner (GanQueue *self);
GanJob *gan_queue_find (GanQueue *self, const char *id);
const GanQueueTotals *gan_queue_get_totals (GanQueue *self);
void gan_queue_set_limits (GanQueue *self, const GanQueueOptions *options);

/* Rows of GanJobRow, unsealed, with url, folder and wish at least; what else is known saves the
 * list a wait. finish gives the rows as stored. */
void gan_queue_add_async (GanQueue *self,
                          GPtrArray *rows,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data);
GPtrArray *gan_queue_add_finish (GanQueue *self,
                                 GAsyncResult *result,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* wanted: GAN_JOB_WANT_*. "run" resumes and retries, "cancel" deletes the part file. ids NULL: all.
 */
void gan_queue_want_async (GanQueue *self,
                           const char *const *ids,
                           const char *wanted,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
gboolean gan_queue_want_finish (GanQueue *self, GAsyncResult *result, GError **error);

/* Takes jobs off the list, their part files with them. */
void gan_queue_remove_async (GanQueue *self,
                             const char *const *ids,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
gboolean gan_queue_remove_finish (GanQueue *self, GAsyncResult *result, GError **error);

/* For those who take rows out of the store by themselves, afterwards: removes what the job left
 * unfinished, unless it runs, then its owner does. Any thread; blocks. */
void gan_queue_tidy_up (GanJobRow *row);

/* before NULL: to the end. */
void gan_queue_move_async (GanQueue *self,
                           const char *id,
                           const char *before,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
gboolean gan_queue_move_finish (GanQueue *self, GAsyncResult *result, GError **error);

G_END_DECLS
