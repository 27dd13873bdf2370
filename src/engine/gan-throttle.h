/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A token bucket that keeps a transfer at a number of bytes per second. Private to engine. */
#pragma once

#include "gan-clock.h"

G_BEGIN_DECLS

typedef struct
{
  GanClock *clock;
  gint64 rate; /* bytes per second; 0: none */
  gint64 tokens;
  gint64 filled_at; /* monotonic microseconds */
} GanThrottle;

void gan_throttle_init (GanThrottle *self, GanClock *clock, gint64 rate);
gsize gan_throttle_get_step (const GanThrottle *self, gsize most);
gboolean
gan_throttle_take (GanThrottle *self, gsize bytes, GCancellable *cancellable, GError **error);

G_END_DECLS
