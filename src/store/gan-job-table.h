/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The queue's table. Each function is part of the caller's transaction, and fails like
 * gan_database_fail(). Private to store. */
#pragma once

#include "gan-database-private.h"
#include "gan-job-row.h"

G_BEGIN_DECLS

GPtrArray *gan_job_table_add (GanDatabase *database,
                              GPtrArray *rows,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray *gan_job_table_load (GanDatabase *database, GError **error) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray *gan_job_table_find (GanDatabase *database,
                               const char *const *ids,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean gan_job_table_save (GanDatabase *database, GanJobRow *row, GError **error);
gboolean gan_job_table_want (GanDatabase *database,
                             const char *const *ids,
                             const char *wanted,
                             GError **error);
gboolean
gan_job_table_move (GanDatabase *database, const char *id, const char *before, GError **error);
gboolean gan_job_table_remove (GanDatabase *database,
                               const char *const *ids,
                               gboolean *was_there,
                               GError **error);

G_END_DECLS
