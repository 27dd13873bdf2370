/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one SQLite file of Gannet (WAL): opened, migrated and mended in one place. Used by the
 * store's thread alone. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define GAN_DATABASE_VERSION 1

/* What opening it came to; the user is told of all but the first. */
typedef enum
{
  GAN_DATABASE_FINE,
  GAN_DATABASE_MIGRATED,  /* from an older version; the copy made before lies beside it */
  GAN_DATABASE_READ_ONLY, /* a newer Gannet wrote it: it can be read, not changed */
  GAN_DATABASE_SAVED,     /* it was damaged: set aside, what could be read was taken over */
} GanDatabaseCondition;

typedef struct _GanDatabase GanDatabase;
typedef struct _GanStatement GanStatement;

GanDatabase *gan_database_open (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void gan_database_close (GanDatabase *self);
GanDatabaseCondition gan_database_get_condition (GanDatabase *self);

gboolean gan_database_begin (GanDatabase *self, GError **error);
gboolean gan_database_commit (GanDatabase *self, GError **error);
void gan_database_roll_back (GanDatabase *self);
gboolean gan_database_execute (GanDatabase *self, const char *sql, GError **error);

/* Statements are compiled once per SQL text (a literal) and reset when they are cleared. */
GanStatement *gan_database_prepare (GanDatabase *self, const char *sql, GError **error);
void gan_statement_bind_text (GanStatement *self, int index, const char *value);
void gan_statement_bind_int (GanStatement *self, int index, gint64 value);
gboolean gan_statement_step (GanStatement *self, gboolean *has_row, GError **error);
const char *gan_statement_get_text (GanStatement *self, int column);
gint64 gan_statement_get_int (GanStatement *self, int column);
void gan_statement_reset (GanStatement *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanStatement, gan_statement_reset)

G_END_DECLS
