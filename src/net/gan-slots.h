/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How many connections are busy: in all within this process, and per host over all processes of the
 * user. Private to net. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _GanSlots GanSlots;
typedef struct _GanSlot GanSlot;

GanSlots *gan_slots_new (const char *path, guint max_in_all, guint max_per_host, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
GanSlots *gan_slots_ref (GanSlots *self);
void gan_slots_unref (GanSlots *self);

GanSlot *gan_slots_acquire (GanSlots *self,
                            const char *host,
                            GCancellable *cancellable,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
void gan_slot_release (GanSlot *slot);

guint gan_slots_get_n_held (GanSlots *self);
guint gan_slots_get_n_waiting (GanSlots *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanSlots, gan_slots_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanSlot, gan_slot_release)

G_END_DECLS
