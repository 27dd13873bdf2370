/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The thread that has the database. Calls are done in the order given; changes that wait together
 * are committed together. Private to store. */
#pragma once

#include "gan-database-private.h"

G_BEGIN_DECLS

/* What a call does: looks, changes, or takes away what shall leave no trace on the disk. */
typedef enum
{
  GAN_STORE_READS,
  GAN_STORE_CHANGES,
  GAN_STORE_ERASES,
} GanStoreUse;

/* Runs in the thread. A change is part of a transaction: what it did is taken back if it fails. */
typedef gpointer (*GanStoreFunc) (GanDatabase *database, gpointer data, GError **error);

typedef struct
{
  GanStoreFunc func;
  GanStoreUse use;
  gpointer data;
  GDestroyNotify data_free;
  GDestroyNotify result_free;
} GanStoreCall;

typedef struct _GanStoreThread GanStoreThread;

GanStoreThread *gan_store_thread_new (const char *path) G_GNUC_WARN_UNUSED_RESULT;
void gan_store_thread_free (GanStoreThread *self);

void gan_store_thread_start (GanStoreThread *self, const GanStoreCall *call, GTask *task);
gpointer gan_store_thread_run (GanStoreThread *self, const GanStoreCall *call, GError **error);
void gan_store_thread_close (GanStoreThread *self);

G_END_DECLS
