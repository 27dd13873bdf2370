/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Brings all bytes of a plan into its part file: asks, moves, checks, waits, asks again, begins
 * again. Private to engine. */
#pragma once

#include "gan-checkpoint.h"
#include "gan-pump.h"
#include "gan-remote.h"
#include "gan-reporter.h"
#include "gan-retry-budget.h"
#include "gan-target.h"

G_BEGIN_DECLS

typedef struct
{
  const GanTransferOptions *options;
  GanTarget *target; /* borrowed; claimed by the first good answer */
  GCancellable *cancellable;
  GanClock *clock;
  GanPlan *plan;    /* what was chosen */
  GanRemote remote; /* has the same plan, or a fresher one */
  GanPump pump;
  GanRetryBudget budget;
  GanReporter reporter;
  GanCheckpoint checkpoint;

  guint restarts;        /* reasons for which the file was begun again */
  gboolean is_going_on;  /* the last answer ended as announced, the next one follows it */
  gboolean is_refreshed; /* the plan was asked for again, and no byte has come since */
  gboolean has_ended;    /* a file of unknown length is whole */
  gboolean is_cut;       /* the last answer came in chunks, and its connection ended before them */
  gint64 checked_at;     /* bytes at which there was room on the disk */
} GanFetch;

void gan_fetch_init (GanFetch *self,
                     GanHttp *http,
                     GanPlan *plan,
                     const GanTransferOptions *options,
                     GanTarget *target,
                     GCancellable *cancellable);
void gan_fetch_clear (GanFetch *self);
gboolean gan_fetch_run (GanFetch *self, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GanFetch, gan_fetch_clear)

G_END_DECLS
