/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which IP family answers for a host: blocking connects have no happy eyeballs of their own.
 * Private to net. */
#pragma once

#include "gan-clock.h"

G_BEGIN_DECLS

typedef struct _GanFamilies GanFamilies;

GanFamilies *gan_families_new (GanClock *clock) G_GNUC_WARN_UNUSED_RESULT;
GanFamilies *gan_families_ref (GanFamilies *self);
void gan_families_unref (GanFamilies *self);

gboolean gan_families_sort (GanFamilies *self,
                            const char *host,
                            guint16 port,
                            GPtrArray *addresses,
                            GCancellable *cancellable,
                            GError **error);
void gan_families_forget (GanFamilies *self, const char *host);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanFamilies, gan_families_unref)

G_END_DECLS
