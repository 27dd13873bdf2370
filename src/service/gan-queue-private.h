/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rooms of the queue: rows (the list, as it is stored), schedule (who runs next), runs (from
 * the first row of a try to its last), changes (what users want), tell (what those who watch are
 * told), sweep (what a dead owner has left). Private to service. */
#pragma once

#include "gan-job-private.h"
#include "gan-queue.h"
#include "gan-run.h"

G_BEGIN_DECLS

struct _GanQueue
{
  GObject parent_instance;

  GanApp *app; /* borrowed */
  GanStore *store;
  GanClock *clock;
  GanOwner *owner;
  GanThrottle *throttle;
  GanPool *pool;  /* of the runs */
  GanPool *files; /* one thread that tidies folders */
  GNetworkMonitor *monitor;
  GanQueueOptions options;
  GanQueueTotals totals;

  /* The rows. */
  GSequence *jobs;   /* of GanJob, in order */
  GHashTable *by_id; /* id -> GanJob */
  guint n_of_kind[GAN_JOB_N_KINDS];
  gint64 change_count;
  gboolean is_loading;
  gboolean is_load_due; /* rows changed while they were loaded */

  /* Who runs. */
  GPtrArray *runs;      /* of GanRun, each with its job */
  GPtrArray *unstored;  /* of GanRun, whose end could not be stored yet */
  GHashTable *holds;    /* host -> monotonic microseconds, before which it is not to be asked */
  gint64 blocked_until; /* monotonic microseconds: the store refused; 0: it did not */
  gint64 offline_until; /* likewise: there is no network */

  gboolean is_ready;    /* owns, and knows the rows of this moment */
  gboolean is_stopping; /* to yield or to close */
  gboolean is_closed;
  gboolean was_idle;
  guint n_pending; /* calls that closing waits for */
  GTask *opening;
  GTask *closing;

  guint schedule; /* sources */
  guint due_timer;
  guint totals_timer;
  guint wake_timer;
  guint reload_timer;
  gint64 loaded_at;
  gint64 totals_told_at;
};

/* Rows. */
void gan_queue_rows_init (GanQueue *self);
void gan_queue_rows_clear (GanQueue *self);
void gan_queue_rows_add (GanQueue *self, GPtrArray *rows);
void gan_queue_rows_set (GanQueue *self, GanJob *job, GanJobRow *row);
void gan_queue_rows_remove (GanQueue *self, GanJob *job);
void gan_queue_rows_replace (GanQueue *self, GPtrArray *rows);
void gan_queue_rows_reload (GanQueue *self);
void gan_queue_rows_reload_soon (GanQueue *self);
void gan_queue_rows_reload_due (GanQueue *self);

/* Schedule. */
void gan_queue_schedule (GanQueue *self);
void gan_queue_schedule_note (GanQueue *self, GanJob *job);
void gan_queue_schedule_hold (GanQueue *self, const char *host, gint64 delay);
void gan_queue_schedule_unhold (GanQueue *self, const char *host);
void gan_queue_schedule_block (GanQueue *self);
void gan_queue_schedule_set_offline (GanQueue *self);
void gan_queue_schedule_set_online (GanQueue *self);
void gan_queue_schedule_clear (GanQueue *self);

/* Runs. */
void gan_queue_runs_begin (GanQueue *self, GanJob *job);
void gan_queue_runs_reconcile (GanQueue *self, GanJob *job);
void gan_queue_runs_set_retry_at (GanQueue *self, GanJob *job, gint64 retry_at);
void gan_queue_runs_forget (GanQueue *self, GanJob *job);
void gan_queue_runs_stop_all (GanQueue *self);
void gan_queue_runs_store_again (GanQueue *self);

/* The queue itself. */
void gan_queue_loaded (GanQueue *self, const GError *error);
void gan_queue_begin_pending (GanQueue *self);
void gan_queue_end_pending (GanQueue *self);

/* What it tells. */
gboolean gan_queue_is_idle (GanQueue *self);
void gan_queue_changed (GanQueue *self);
void gan_queue_wake_others (GanQueue *self);
void gan_queue_tell_finished (GanQueue *self, GanJob *job, GPtrArray *files);
void gan_queue_tell_failed (GanQueue *self, GanJob *job);

/* What an owner that died has left. */
void gan_queue_sweep (GanQueue *self);

/* For tests: who says whether there is a network. */
void gan_queue_set_monitor (GanQueue *self, GNetworkMonitor *monitor);

G_END_DECLS
