/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How fast bytes come, over the last few seconds, and when they will all be here. Private to
 * engine. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define GAN_SPEED_SAMPLES 32

typedef struct
{
  gint64 at;    /* monotonic microseconds */
  gint64 bytes; /* so far, at that time */
} GanSpeedSample;

/* A ring; all zero is a good beginning. */
typedef struct
{
  GanSpeedSample samples[GAN_SPEED_SAMPLES];
  guint first;
  guint n;
  gint64 bytes;
} GanSpeed;

void gan_speed_add (GanSpeed *self, gint64 now, gint64 bytes);
gint64 gan_speed_get (const GanSpeed *self, gint64 now);
gint64 gan_speed_get_eta (const GanSpeed *self, gint64 now, gint64 left);

G_END_DECLS
