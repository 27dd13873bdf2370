/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A token bucket that keeps one transfer, or several together, at a number of bytes per second.
 * Thread-safe, atomically ref-counted; the rate may change while transfers run. */
#pragma once

#include "gan-clock.h"

G_BEGIN_DECLS

typedef struct _GanThrottle GanThrottle;

GanThrottle *gan_throttle_new (GanClock *clock, gint64 rate) G_GNUC_WARN_UNUSED_RESULT;
GanThrottle *gan_throttle_ref (GanThrottle *self);
void gan_throttle_unref (GanThrottle *self);

void gan_throttle_set_rate (GanThrottle *self, gint64 rate);
gsize gan_throttle_get_step (GanThrottle *self, gsize most);
gboolean
gan_throttle_take (GanThrottle *self, gsize bytes, GCancellable *cancellable, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanThrottle, gan_throttle_unref)

G_END_DECLS
