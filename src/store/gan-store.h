/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The store: queue, library and statistics in SQLite, on one worker thread. Every call is a GTask
 * pair whose callback runs in the caller's main context, or its blocking twin for programs without
 * one. Calls are done in the order given. A change is durable when its call has ended; several
 * changes of one call are one transaction. */
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
 * name; content_type "file" is what is no video, audio or image. */
typedef struct
{
  const char *text;
  const char *platform;
  const char *content_type;
  gint64 since;
  GanLibraryRow *before; /* only what stands behind this row, newest first */
  guint limit;           /* 0: all */
  guint offset;
} GanLibraryFilter;

/* Declares gan_store_<name>_async (self, arguments, cancellable, callback, user_data),
 * gan_store_<name>_finish (self, result, error) and gan_store_<name>_sync (self, arguments,
 * error). */
#define GAN_STORE_DECLARE(Type, name, ...)                                                         \
  void gan_store_##name##_async (GanStore *self,                                                   \
                                 ##__VA_ARGS__,                                                    \
                                 GCancellable *cancellable,                                        \
                                 GAsyncReadyCallback callback,                                     \
                                 gpointer user_data);                                              \
  Type gan_store_##name##_finish (GanStore *self, GAsyncResult *result, GError **error);           \
  Type gan_store_##name##_sync (GanStore *self, ##__VA_ARGS__, GError **error);

GanStore *gan_store_new (const char *path) G_GNUC_WARN_UNUSED_RESULT;

/* Opens the file in the store's thread; a call before that opens it as well. */
void gan_store_open_async (GanStore *self,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
gboolean gan_store_open_finish (GanStore *self,
                                GAsyncResult *result,
                                GanDatabaseCondition *condition,
                                GError **error);
gboolean gan_store_open_sync (GanStore *self, GanDatabaseCondition *condition, GError **error);
void gan_store_close_sync (GanStore *self);

/* The queue. The rows that come back are sealed, and as they are stored. */
GAN_STORE_DECLARE (GPtrArray *, add_jobs, GPtrArray *rows)
GAN_STORE_DECLARE (GPtrArray *, load_jobs)
GAN_STORE_DECLARE (GPtrArray *, find_jobs, const char *const *ids)
GAN_STORE_DECLARE (gboolean, save_job, GanJobRow *row)
GAN_STORE_DECLARE (gboolean, want, const char *const *ids, const char *wanted)
GAN_STORE_DECLARE (gboolean, move_job, const char *id, const char *before)
GAN_STORE_DECLARE (gboolean, remove_jobs, const char *const *ids)
GAN_STORE_DECLARE (gint64, get_change_count)

/* A job that is done becomes rows of the library and leaves the queue, in one transaction. */
GAN_STORE_DECLARE (gboolean, finish_job, GanJobRow *job, GPtrArray *files)

/* The library. */
GAN_STORE_DECLARE (gboolean, add_file, GanLibraryRow *row)
GAN_STORE_DECLARE (GPtrArray *, find_files, const GanLibraryFilter *filter)
GAN_STORE_DECLARE (gint64, count_files, const GanLibraryFilter *filter)
GAN_STORE_DECLARE (gboolean, forget_files, const gint64 *ids, gsize n_ids)
GAN_STORE_DECLARE (gboolean, restore_files, GPtrArray *rows)

/* Statistics. */
GAN_STORE_DECLARE (gboolean, count_failure, const char *platform)
GAN_STORE_DECLARE (GArray *, load_stats)

G_END_DECLS
