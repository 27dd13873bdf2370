/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Moves the body of an answer into the part file, and compares the bytes that are there already.
 * Private to engine. */
#pragma once

#include "gan-answer.h"
#include "gan-part-file.h"
#include "gan-speed.h"
#include "gan-throttle.h"

G_BEGIN_DECLS

#define GAN_PUMP_BYTES (256 * 1024)

typedef enum
{
  GAN_PUMP_ENDED,    /* with all that was announced, or where nothing was announced */
  GAN_PUMP_MISMATCH, /* the server's bytes are not those that are here */
  GAN_PUMP_FAILED,
} GanPumpResult;

/* Called after every piece that was written; have is the new number of bytes. */
typedef gboolean (*GanPumpFunc) (gint64 have, gpointer user_data, GError **error);

typedef struct
{
  GanClock *clock;
  GanThrottle *throttle; /* of this transfer */
  GanThrottle *shared;   /* of several together, or NULL */
  gint64 limit_rate;
  GanSpeed speed;
  guint8 *buffer;
  guint8 *compared;

  gint64 slow_since; /* monotonic microseconds */
  gint64 slow_bytes; /* came since then */
  guint slow_times;  /* in a row */

  GanPumpFunc wrote;
  gpointer user_data;
} GanPump;

void gan_pump_init (GanPump *self, GanClock *clock, gint64 limit_rate, GanThrottle *shared);
void gan_pump_clear (GanPump *self);
void gan_pump_begin_watch (GanPump *self);
GanPumpResult gan_pump_run (GanPump *self,
                            GanAnswer *answer,
                            GanPartFile *part,
                            gint64 have,
                            GCancellable *cancellable,
                            GError **error);

G_END_DECLS
