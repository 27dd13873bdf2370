/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tells how far a transfer is, at most four times a second and once at its end. Private to engine.
 */
#pragma once

#include "gan-clock.h"
#include "gan-speed.h"
#include "gan-target.h"
#include "gan-transfer.h"

G_BEGIN_DECLS

typedef struct
{
  GanProgressFunc func; /* NULL: nobody wants to know */
  gpointer user_data;
  GanClock *clock; /* borrowed, as is what follows */
  const GanTarget *target;
  const GanSpeed *speed;
  gint64 told_at; /* monotonic microseconds, GAN_UNKNOWN: not yet */
} GanReporter;

void gan_reporter_tell (GanReporter *self, GanTransferState state);

G_END_DECLS
