/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-pump.h"

#include "gan-error.h"
#include "gan-limits.h"
#include "gan-unknown.h"

#include <string.h>

#define LOW_SPEED_MICROSECONDS (GAN_LIMIT_LOW_SPEED_SECONDS * G_USEC_PER_SEC)
#define LOW_SPEED_BYTES (GAN_LIMIT_LOW_SPEED_BYTES * GAN_LIMIT_LOW_SPEED_SECONDS)

/* Where a run of the pump is. */
typedef struct
{
  GanPump *pump;
  GanAnswer *answer;
  GanPartFile *part;
  gint64 at;   /* offset of the next byte that the server sends */
  gint64 have; /* what is before it is compared, what is behind it is written */
  gint64 end;  /* announced, or GAN_UNKNOWN */
} Run;

/**
 * gan_pump_init:
 * @self: a pump
 * @clock: the time; must outlive it
 * @limit_rate: bytes per second, 0 for no limit
 * @shared: (nullable): holds for several transfers together
 */
void
gan_pump_init (GanPump *self, GanClock *clock, gint64 limit_rate, GanThrottle *shared)
{
  g_return_if_fail (self != NULL && GAN_IS_CLOCK (clock));

  memset (self, 0, sizeof *self);
  self->clock = clock;
  self->buffer = g_malloc (GAN_PUMP_BYTES);
  self->compared = g_malloc (GAN_LIMIT_OVERLAP_BYTES);
  self->limit_rate = limit_rate;
  self->throttle = gan_throttle_new (clock, limit_rate);
  self->shared = shared != NULL ? gan_throttle_ref (shared) : NULL;
  gan_pump_begin_watch (self);
}

/**
 * gan_pump_clear:
 * @self: a pump
 *
 * Frees what it holds.
 */
void
gan_pump_clear (GanPump *self)
{
  g_clear_pointer (&self->buffer, g_free);
  g_clear_pointer (&self->compared, g_free);
  g_clear_pointer (&self->throttle, gan_throttle_unref);
  g_clear_pointer (&self->shared, gan_throttle_unref);
}

/**
 * gan_pump_begin_watch:
 * @self: a pump
 *
 * Begins a new period for the low-speed rule, after a time in which no byte could come.
 */
void
gan_pump_begin_watch (GanPump *self)
{
  g_return_if_fail (self != NULL);

  self->slow_since = gan_clock_get_monotonic (self->clock);
  self->slow_bytes = 0;
}

/* The rule counts over connections, so that a byte on each does not keep a transfer alive for ever.
 * The first time asks for another connection, the second time in a row ends it: the error is the
 * same, and the one who called decides. A rate that the user set so low is no fault. */
static gboolean
check_low_speed (GanPump *self, gsize n, GError **error)
{
  gint64 now = gan_clock_get_monotonic (self->clock);

  self->slow_bytes += (gint64) n;
  if (now - self->slow_since < LOW_SPEED_MICROSECONDS)
    return TRUE;
  if (self->slow_bytes >= LOW_SPEED_BYTES
      || (self->limit_rate != 0 && self->limit_rate < GAN_LIMIT_LOW_SPEED_BYTES))
    {
      self->slow_times = 0;
      gan_pump_begin_watch (self);
      return TRUE;
    }
  self->slow_times++;
  gan_pump_begin_watch (self);
  gan_error_set (error,
                 GAN_ERROR_TIMEOUT,
                 "low-speed",
                 "fewer than %d bytes a second came over %d seconds",
                 GAN_LIMIT_LOW_SPEED_BYTES,
                 GAN_LIMIT_LOW_SPEED_SECONDS);
  return FALSE;
}

/* How much of the piece lies before the resume point, and whether it is what is on disk. */
static GanPumpResult
compare (Run *run, gsize n, gsize *compared, GError **error)
{
  GanPump *pump = run->pump;
  gsize length = run->at < run->have ? MIN (n, (gsize) (run->have - run->at)) : 0;

  *compared = length;
  for (gsize done = 0; done < length;)
    {
      gsize step = MIN (length - done, GAN_LIMIT_OVERLAP_BYTES);
      gssize got
          = gan_part_file_read (run->part, pump->compared, step, run->at + (gint64) done, error);

      if (got < 0)
        return GAN_PUMP_FAILED;
      if ((gsize) got != step || memcmp (pump->compared, pump->buffer + done, step) != 0)
        return GAN_PUMP_MISMATCH;
      done += step;
    }
  return GAN_PUMP_ENDED;
}

/* The time for which many transfers together have to wait is no fault of the server's. */
static gboolean
pay (GanPump *self, gsize n, GCancellable *cancellable, GError **error)
{
  gint64 before = 0;

  if (!gan_throttle_take (self->throttle, n, cancellable, error))
    return FALSE;
  if (self->shared == NULL)
    return TRUE;
  before = gan_clock_get_monotonic (self->clock);
  if (!gan_throttle_take (self->shared, n, cancellable, error))
    return FALSE;
  self->slow_since += gan_clock_get_monotonic (self->clock) - before;
  return TRUE;
}

/* One piece: compared, written, told, paid for. */
static GanPumpResult
take_piece (Run *run, gsize n, GCancellable *cancellable, GError **error)
{
  GanPump *pump = run->pump;
  gsize compared = 0;
  GanPumpResult result = compare (run, n, &compared, error);

  if (result != GAN_PUMP_ENDED)
    return result;
  run->at += (gint64) compared;
  if (n > compared)
    {
      if (!gan_part_file_write (run->part, pump->buffer + compared, n - compared, run->at, error))
        return GAN_PUMP_FAILED;
      run->at += (gint64) (n - compared);
      run->have = run->at;
      gan_speed_add (&pump->speed, gan_clock_get_monotonic (pump->clock), (gint64) (n - compared));
      if (!pump->wrote (run->have, pump->user_data, error))
        return GAN_PUMP_FAILED;
    }
  if (!check_low_speed (pump, n, error) || !pay (pump, n, cancellable, error))
    return GAN_PUMP_FAILED;
  return GAN_PUMP_ENDED;
}

/* A body read to its end gives the connection back; one that goes on behind what it announced is
 * not worth keeping. */
static void
let_go (Run *run, GCancellable *cancellable)
{
  if (run->answer->framing == GAN_FRAMING_LENGTH
      && gan_response_read (run->answer->response, run->pump->buffer, 1, cancellable, NULL) == 0)
    return;
  gan_response_close (run->answer->response);
}

static GanPumpResult
finish_early (Run *run, GError **error)
{
  if (run->end == GAN_UNKNOWN)
    return GAN_PUMP_ENDED;
  gan_error_set (error,
                 GAN_ERROR_TRUNCATED,
                 NULL,
                 "the answer ended %" G_GINT64_FORMAT " bytes before its end",
                 run->end - run->at);
  return GAN_PUMP_FAILED;
}

/**
 * gan_pump_run:
 * @self: a pump
 * @answer: an answer whose body was not read yet
 * @part: where to
 * @have: how many bytes are in @part that count
 * @cancellable: (nullable): stops it
 * @error: return location
 *
 * Reads until the announced end, never a byte more. What comes before @have is compared with what
 * is in @part, what comes behind it is written.
 *
 * Fails with %G_IO_ERROR_CANCELLED, like gan_response_read(), gan_part_file_write() and the
 * function that is told, with %GAN_ERROR_TRUNCATED when bytes are missing, and with
 * %GAN_ERROR_TIMEOUT, reason "low-speed".
 *
 * Returns: how it ended
 */
GanPumpResult
gan_pump_run (GanPump *self,
              GanAnswer *answer,
              GanPartFile *part,
              gint64 have,
              GCancellable *cancellable,
              GError **error)
{
  Run run = { self, answer, part, 0, have, GAN_UNKNOWN };

  g_return_val_if_fail (self != NULL && answer != NULL && part != NULL, GAN_PUMP_FAILED);

  run.at = answer->status == 206 ? answer->first : 0;
  run.end = gan_answer_get_end (answer);
  gan_speed_add (&self->speed, gan_clock_get_monotonic (self->clock), 0);
  while (run.end == GAN_UNKNOWN || run.at < run.end)
    {
      GanPumpResult result = GAN_PUMP_ENDED;
      gsize want = gan_throttle_get_step (self->throttle, GAN_PUMP_BYTES);
      gssize n = 0;

      if (self->shared != NULL)
        want = gan_throttle_get_step (self->shared, want);
      if (run.end != GAN_UNKNOWN && run.end - run.at < (gint64) want)
        want = (gsize) (run.end - run.at);
      n = gan_response_read (answer->response, self->buffer, want, cancellable, error);
      if (n < 0)
        return GAN_PUMP_FAILED;
      if (n == 0)
        return finish_early (&run, error);
      result = take_piece (&run, (gsize) n, cancellable, error);
      if (result != GAN_PUMP_ENDED)
        return result;
    }
  let_go (&run, cancellable);
  return GAN_PUMP_ENDED;
}
