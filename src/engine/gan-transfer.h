/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Executes one GanPlan into one verified file: part file, state file, resume, verification, rename
 * (design.md §7). */
#pragma once

#include "gan-http.h"
#include "gan-media-helper.h"
#include "gan-plan.h"
#include "gan-pool.h"
#include "gan-throttle.h"

G_BEGIN_DECLS

typedef enum
{
  GAN_TRANSFER_WAITING,
  GAN_TRANSFER_RUNNING,
  GAN_TRANSFER_RETRYING,
  GAN_TRANSFER_VERIFYING,
  GAN_TRANSFER_DONE,
} GanTransferState;

typedef enum
{
  GAN_VERIFIED_NONE,
  GAN_VERIFIED_LENGTH,
  GAN_VERIFIED_CONTAINER,
} GanVerified;

/* Handed over at most four times a second, from the transfer's thread. Bytes, bytes per second,
 * seconds; GAN_UNKNOWN where unknown. */
typedef struct
{
  GanTransferState state;
  const char *file; /* final path as far as it is known */
  gint64 downloaded;
  gint64 total;
  gint64 speed;
  gint64 eta;
} GanProgress;

typedef void (*GanProgressFunc) (const GanProgress *progress, gpointer user_data);

typedef struct
{
  char *file; /* absolute */
  gint64 size;
  guint64 inode;
  char *format_id;
  GanVerified verified;
  gboolean resumed;
} GanTransferResult;

/* Asks the site again when an address has expired; blocks, in the transfer's thread. */
typedef GanPlan *(*GanRefreshFunc) (gpointer user_data, GCancellable *cancellable, GError **error);

/* Whether a job is gone for good, so that what it left may be gone on with; in the transfer's
 * thread. */
typedef gboolean (*GanJobGoneFunc) (const char *job, gpointer user_data);

typedef struct
{
  const char *folder;
  const char *name;  /* literal last component, or NULL for a name of the plan's or server's */
  const char *job;   /* id of the job that it is a part of, or NULL; see gan_transfer_leave_job() */
  gint64 limit_rate; /* bytes per second, 0: none */
  GanThrottle *throttle; /* holds for several transfers together; NULL: none */
  gint64 max_bytes;      /* 0: none */
  GanAddressPolicy policy;
  GanProgressFunc progress;
  gpointer user_data;
  GanJobGoneFunc is_job_gone; /* NULL: none is */
  gpointer job_data;
  GanRefreshFunc refresh; /* NULL: an expired address is an error */
  gpointer refresh_data;
  GanMediaHelper *media; /* checks containers of unknown length, or NULL; must outlive it */
} GanTransferOptions;

GanTransferResult *gan_transfer_run (GanHttp *http,
                                     GanPlan *plan,
                                     const GanTransferOptions *options,
                                     GCancellable *cancellable,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
void gan_transfer_run_async (GanHttp *http,
                             GanPlan *plan,
                             const GanTransferOptions *options,
                             GanPool *pool,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
GanTransferResult *gan_transfer_run_finish (GAsyncResult *result,
                                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
void gan_transfer_result_free (GanTransferResult *result);
gboolean gan_transfer_discard (const char *folder, GanPlan *plan, const char *name, GError **error);
gboolean gan_transfer_leave_job (const char *folder, const char *job, GError **error);
void gan_transfer_sweep (const char *folder, GHashTable *jobs);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanTransferResult, gan_transfer_result_free)

G_END_DECLS
