/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables, as steps from each version to the next. A step that was released never changes.
 * Private to store. */
#pragma once

#include "gan-database-private.h"

G_BEGIN_DECLS

extern const char *const gan_schema_steps[GAN_DATABASE_VERSION];
extern const char *const gan_schema_tables[]; /* NULL-terminated */

gboolean gan_schema_get_version (GanDatabase *database, gint64 *version, GError **error);
gboolean gan_schema_migrate (GanDatabase *database,
                             const char *path,
                             const char *const *steps,
                             guint n_steps,
                             GError **error);
gboolean gan_schema_check (GanDatabase *database, GError **error);

G_END_DECLS
