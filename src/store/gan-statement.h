/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A compiled SQL statement. Parameters count from 1, columns from 0, as in SQLite. Private to
 * store. */
#pragma once

#include "gan-database-private.h"

G_BEGIN_DECLS

GanStatement *gan_statement_new (GanDatabase *database,
                                 const char *sql,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
void gan_statement_free (GanStatement *self);
sqlite3_stmt *gan_statement_get_handle (GanStatement *self);

void gan_statement_bind_text (GanStatement *self, int index, const char *value);
void gan_statement_bind_int (GanStatement *self, int index, gint64 value);
void gan_statement_bind_double (GanStatement *self, int index, double value);
gboolean gan_statement_step (GanStatement *self, gboolean *has_row, GError **error);
gboolean gan_statement_run (GanStatement *self, GError **error);
const char *gan_statement_get_text (GanStatement *self, int column);
gint64 gan_statement_get_int (GanStatement *self, int column);
double gan_statement_get_double (GanStatement *self, int column);
gboolean gan_statement_is_null (GanStatement *self, int column);
int gan_statement_get_n_changed (GanStatement *self);
void gan_statement_reset (GanStatement *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanStatement, gan_statement_reset)

G_END_DECLS
