/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the store's own files do with an open database. */
#pragma once

#include "gan-database-lock.h"
#include "gan-database.h"

#include <sqlite3.h>

G_BEGIN_DECLS

/* Why GAN_ERROR_DISK: what SQLite calls CORRUPT or NOTADB, and BUSY. */
#define GAN_DATABASE_DAMAGED "damaged"
#define GAN_DATABASE_BUSY "busy"

typedef struct _GanStatement GanStatement;

GanDatabase *gan_database_connect (const char *path,
                                   gboolean read_only,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
sqlite3 *gan_database_get_handle (GanDatabase *self);
void gan_database_set_condition (GanDatabase *self, GanDatabaseCondition condition);
void gan_database_take_lock (GanDatabase *self, GanDatabaseLock *lock);
void gan_database_set_cancellable (GanDatabase *self, GCancellable *cancellable);

gboolean gan_database_begin (GanDatabase *self, GError **error);
gboolean gan_database_commit (GanDatabase *self, GError **error);
void gan_database_roll_back (GanDatabase *self);
gboolean gan_database_is_in_transaction (GanDatabase *self);
gboolean gan_database_execute (GanDatabase *self, const char *sql, GError **error);
gboolean gan_database_read_int (GanDatabase *self, const char *sql, gint64 *value, GError **error);
char *gan_database_dup_text (GanDatabase *self,
                             const char *sql,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean gan_database_copy_to (GanDatabase *self, const char *path, GError **error);
void gan_database_empty_wal (GanDatabase *self);

GanStatement *gan_database_prepare (GanDatabase *self, const char *sql, GError **error);
gboolean gan_database_fail (GanDatabase *self, int code, const char *doing, GError **error);
gboolean gan_database_is_damage (const GError *error);

G_END_DECLS
