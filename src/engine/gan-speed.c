/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-speed.h"

#include "gan-unknown.h"

/* The ring spans about five seconds: long enough to be calm, short enough to follow a change. */
#define SAMPLE_MICROSECONDS (G_USEC_PER_SEC / 6)
#define WINDOW_MICROSECONDS (GAN_SPEED_SAMPLES * SAMPLE_MICROSECONDS)

/* A speed over less time than this is noise. */
#define SHORTEST_MICROSECONDS (G_USEC_PER_SEC / 5)

/* A year; beyond it a remaining time says nothing. */
#define LONGEST_ETA_SECONDS (365 * 24 * 3600)

static const GanSpeedSample *
sample_at (const GanSpeed *self, guint index)
{
  return &self->samples[(self->first + index) % GAN_SPEED_SAMPLES];
}

/**
 * gan_speed_add:
 * @self: a meter
 * @now: monotonic microseconds, never less than before
 * @bytes: how many came since the last call; 0 begins the measuring
 */
void
gan_speed_add (GanSpeed *self, gint64 now, gint64 bytes)
{
  GanSpeedSample *next = NULL;

  g_return_if_fail (self != NULL && bytes >= 0);

  self->bytes += bytes;
  if (self->n > 0 && now - sample_at (self, self->n - 1)->at < SAMPLE_MICROSECONDS)
    return;
  if (self->n == GAN_SPEED_SAMPLES)
    self->first = (self->first + 1) % GAN_SPEED_SAMPLES;
  else
    self->n++;
  next = &self->samples[(self->first + self->n - 1) % GAN_SPEED_SAMPLES];
  next->at = now;
  next->bytes = self->bytes;
}

/**
 * gan_speed_get:
 * @self: a meter
 * @now: monotonic microseconds
 *
 * Returns: bytes per second over the last five seconds or so, GAN_UNKNOWN before there is a
 *   measure
 */
gint64
gan_speed_get (const GanSpeed *self, gint64 now)
{
  const GanSpeedSample *from = NULL;
  guint i = 0;

  g_return_val_if_fail (self != NULL, GAN_UNKNOWN);

  if (self->n == 0)
    return GAN_UNKNOWN;
  while (i < self->n && now - sample_at (self, i)->at > WINDOW_MICROSECONDS)
    i++;
  if (i == self->n)
    return 0;
  from = sample_at (self, i);
  if (now - from->at < SHORTEST_MICROSECONDS)
    return GAN_UNKNOWN;
  return (gint64) ((double) (self->bytes - from->bytes) * G_USEC_PER_SEC
                   / (double) (now - from->at));
}

/**
 * gan_speed_get_eta:
 * @self: a meter
 * @now: monotonic microseconds
 * @left: bytes still to come, or GAN_UNKNOWN
 *
 * Returns: seconds until they are here, rounded up; GAN_UNKNOWN where nobody can tell
 */
gint64
gan_speed_get_eta (const GanSpeed *self, gint64 now, gint64 left)
{
  gint64 speed = gan_speed_get (self, now);

  if (left == 0)
    return 0;
  if (left < 0 || speed <= 0 || left / speed > LONGEST_ETA_SECONDS)
    return GAN_UNKNOWN;
  return left / speed + (left % speed != 0 ? 1 : 0);
}
