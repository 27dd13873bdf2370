/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes down how far a transfer is: every second while bytes come, and at its end. Private to
 * engine. */
#pragma once

#include "gan-clock.h"
#include "gan-target.h"

G_BEGIN_DECLS

typedef struct
{
  GanTarget *target; /* borrowed, as is the clock */
  GanClock *clock;
  gint64 saved_at; /* monotonic microseconds */
} GanCheckpoint;

void gan_checkpoint_init (GanCheckpoint *self, GanTarget *target, GanClock *clock);
gboolean gan_checkpoint_is_due (const GanCheckpoint *self);
gboolean gan_checkpoint_save (GanCheckpoint *self, GError **error);
void gan_checkpoint_leave (GanCheckpoint *self);

G_END_DECLS
