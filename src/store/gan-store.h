/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The store: queue, library and statistics in SQLite, on one worker thread. Every call is a GTask
 * pair whose callback runs in the caller's main context, or its blocking twin for programs without
 * one. A change is durable when its call has ended; several changes of one call are one
 * transaction. */
#pragma once

#include "gan-database.h"
#include "gan-job-row.h"
#include "gan-library-row.h"

G_BEGIN_DECLS

#define GAN_TYPE_STORE (gan_store_get_type ())
G_DECLARE_FINAL_TYPE (GanStore, gan_store, GAN, STORE, GObject)

/* Per site, over all time. */
typedef struct
{
  char *platform;
  gint64 finished;
  gint64 failed;
  gint64 bytes;
} GanSiteStats;

/* Which rows of the library; NULL or 0 means any. text is looked for in title, creator and file
 * name. */
typedef struct
{
  const char *text;
  const char *platform;
  const char *content_type;
  gint64 since;
  guint limit; /* 0: all */
  guint offset;
} GanLibraryFilter;

GanStore *gan_store_new (const char *path) G_GNUC_WARN_UNUSED_RESULT;

/* Opens the file in the store's thread; every other call waits for it. */
void gan_store_open_async (GanStore *self,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
gboolean gan_store_open_finish (GanStore *self,
                                GAsyncResult *result,
                                GanDatabaseCondition *condition,
                                GError **error);
gboolean gan_store_open_sync (GanStore *self, GanDatabaseCondition *condition, GError **error);
gboolean gan_store_close_sync (GanStore *self, GError **error);

/* The queue. Rows in, rows out: id and position are filled in where they are missing. */
gboolean gan_store_add_jobs_sync (GanStore *self, GPtrArray *rows, GError **error);
GPtrArray *gan_store_load_jobs_sync (GanStore *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean gan_store_save_job_sync (GanStore *self, GanJobRow *row, GError **error);
gboolean
gan_store_want_sync (GanStore *self, const char *const *ids, const char *wanted, GError **error);
gboolean gan_store_remove_jobs_sync (GanStore *self, const char *const *ids, GError **error);
gint64 gan_store_get_change_count_sync (GanStore *self, GError **error);

/* A job that is done becomes a row of the library and leaves the queue, in one transaction. */
gboolean
gan_store_finish_job_sync (GanStore *self, GanJobRow *job, GPtrArray *files, GError **error);

/* The library. */
gboolean gan_store_add_file_sync (GanStore *self, GanLibraryRow *row, GError **error);
GPtrArray *gan_store_find_files_sync (GanStore *self,
                                      const GanLibraryFilter *filter,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean
gan_store_forget_files_sync (GanStore *self, const gint64 *ids, gsize n_ids, GError **error);

/* Statistics. */
gboolean gan_store_count_failure_sync (GanStore *self, const char *platform, GError **error);
GArray *gan_store_load_stats_sync (GanStore *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Runs func on the store's thread with the open database: what the _async twins are made of. */
typedef gpointer (*GanStoreFunc) (GanDatabase *database, gpointer data, GError **error);
void gan_store_run_async (GanStore *self,
                          GanStoreFunc func,
                          gpointer data,
                          GDestroyNotify data_free,
                          GDestroyNotify result_free,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data);
gpointer gan_store_run_finish (GanStore *self, GAsyncResult *result, GError **error);

G_END_DECLS
