/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-retry-budget.h"

#include "gan-error.h"
#include "gan-limits.h"
#include "gan-unknown.h"

#define BUDGET_MICROSECONDS (GAN_LIMIT_RETRY_SECONDS * G_USEC_PER_SEC)
#define ASKED_FOR_MICROSECONDS (GAN_LIMIT_RETRY_AFTER_WAIT_SECONDS * G_USEC_PER_SEC)

/* An attempt that timed out took a little longer than its time. */
#define SLACK_MICROSECONDS G_USEC_PER_SEC

/**
 * gan_retry_budget_init:
 * @self: a budget
 * @clock: the time; must outlive it
 */
void
gan_retry_budget_init (GanRetryBudget *self, GanClock *clock)
{
  g_return_if_fail (self != NULL && GAN_IS_CLOCK (clock));

  self->clock = clock;
  gan_retry_budget_reset (self);
}

/**
 * gan_retry_budget_reset:
 * @self: a budget
 *
 * New bytes came: whatever failed before is forgotten.
 */
void
gan_retry_budget_reset (GanRetryBudget *self)
{
  g_return_if_fail (self != NULL);

  self->attempts = 0;
  self->first_failure = GAN_UNKNOWN;
  self->asked_for = 0;
}

/* A wait that the server asked for does not count as trying, but is bounded on its own. */
static gint64
get_asked_for_delay (GanRetryBudget *self, const GError *failure)
{
  gint64 delay = gan_error_get_retry_delay (failure, 0);

  if (delay == GAN_UNKNOWN || delay > ASKED_FOR_MICROSECONDS - self->asked_for)
    return GAN_UNKNOWN;
  self->asked_for += delay;
  return delay;
}

/**
 * gan_retry_budget_get_delay:
 * @self: a budget
 * @failure: how the last attempt ended
 * @lasted: how long that attempt took, in microseconds
 *
 * The retries that follow a failure end GAN_LIMIT_RETRY_SECONDS after it unless a byte comes: an
 * attempt that is likely to take as long as the last one is not begun if it would end later.
 * Waits that the server asked for come on top, up to GAN_LIMIT_RETRY_AFTER_WAIT_SECONDS. An
 * attempt that took its time is repeated at once.
 *
 * Returns: microseconds to wait before the next attempt, or GAN_UNKNOWN to give up
 */
gint64
gan_retry_budget_get_delay (GanRetryBudget *self, const GError *failure, gint64 lasted)
{
  gint64 now = 0;
  gint64 spent = 0;
  gint64 delay = 0;

  g_return_val_if_fail (self != NULL && failure != NULL, GAN_UNKNOWN);

  now = gan_clock_get_monotonic (self->clock);
  if (self->first_failure == GAN_UNKNOWN)
    self->first_failure = now;
  if (gan_error_get_retry_after (failure) != GAN_UNKNOWN)
    return get_asked_for_delay (self, failure);
  delay = gan_error_get_retry_delay (failure, self->attempts);
  if (delay == GAN_UNKNOWN)
    return GAN_UNKNOWN;
  self->attempts++;
  delay = MAX (delay - lasted, 0);
  spent = now - self->first_failure - self->asked_for;
  return spent + delay + lasted <= BUDGET_MICROSECONDS + SLACK_MICROSECONDS ? delay : GAN_UNKNOWN;
}
