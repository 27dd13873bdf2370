/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who opens a database and who has it open, over all processes: locks on a small file beside it,
 * which the kernel frees on any death. A migration happens once, and a damaged file is set aside
 * only where nobody else writes to it. Private to store. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _GanDatabaseLock GanDatabaseLock;

GanDatabaseLock *gan_database_lock_new (const char *path,
                                        GCancellable *cancellable,
                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
void gan_database_lock_free (GanDatabaseLock *self);
gboolean gan_database_lock_is_alone (GanDatabaseLock *self);
void gan_database_lock_end_opening (GanDatabaseLock *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanDatabaseLock, gan_database_lock_free)

G_END_DECLS
