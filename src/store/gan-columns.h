/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Records as rows: a column for each field of the table, by the field's name and in its order.
 * Unknown is SQL's NULL. Fields are of the kinds STRING, INT, FLAG, TIME and DOUBLE. Private to
 * store. */
#pragma once

#include "gan-record.h"
#include "gan-statement.h"

G_BEGIN_DECLS

char *
gan_columns_dup_insert (GType type, const char *table, const char *extra) G_GNUC_WARN_UNUSED_RESULT;
char *
gan_columns_dup_select (GType type, const char *table, const char *rest) G_GNUC_WARN_UNUSED_RESULT;
char *gan_columns_dup_update (GType type,
                              const char *table,
                              const char *const *kept) G_GNUC_WARN_UNUSED_RESULT;

void gan_columns_bind (GanStatement *statement, GanRecord *record);
void gan_columns_read (GanStatement *statement, GanRecord *record);
void gan_columns_copy (GanRecord *from, GanRecord *to);
GPtrArray *
gan_columns_load (GanStatement *statement, GType type, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
