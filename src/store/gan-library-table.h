/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables of finished files and of what was counted per site. Each function is part of the
 * caller's transaction, and fails like gan_database_fail(). Private to store. */
#pragma once

#include "gan-database-private.h"
#include "gan-library-row.h"
#include "gan-store.h"

G_BEGIN_DECLS

gboolean gan_library_table_has (GanDatabase *database,
                                GanLibraryRow *row,
                                gboolean *is_there,
                                GError **error);
gboolean gan_library_table_add (GanDatabase *database, GanLibraryRow *row, GError **error);
GPtrArray *gan_library_table_find (GanDatabase *database,
                                   const GanLibraryFilter *filter,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean gan_library_table_count_rows (GanDatabase *database,
                                       const GanLibraryFilter *filter,
                                       gint64 *count,
                                       GError **error);
gboolean gan_library_table_restore (GanDatabase *database, GanLibraryRow *row, GError **error);
gboolean
gan_library_table_forget (GanDatabase *database, const gint64 *ids, gsize n_ids, GError **error);

gboolean gan_library_table_count (GanDatabase *database,
                                  const char *platform,
                                  gboolean finished,
                                  gint64 bytes,
                                  GError **error);
GArray *gan_library_table_load_stats (GanDatabase *database,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
