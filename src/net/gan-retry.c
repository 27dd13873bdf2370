/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-retry.h"

#include "gan-error.h"
#include "gan-limits.h"

/* Clients that failed at the same moment should not come back at the same moment. */
#define JITTER 0.2

/**
 * gan_retry_get_wait:
 * @state: what was used up so far
 * @error: how the last try ended; a status that is no success as its error
 * @wait: (out): microseconds to wait before the next try
 * @asked: (out): whether the server named that time
 *
 * Waits of our own end within GAN_LIMIT_RETRY_SECONDS in all. A Retry-After of up to
 * GAN_LIMIT_RETRY_AFTER_WAIT_SECONDS is waited for beside that; a longer one is the asker's to deal
 * with.
 *
 * Returns: whether to try again
 */
gboolean
gan_retry_get_wait (const GanRetryState *state, const GError *error, gint64 *wait, gboolean *asked)
{
  gint64 delay = gan_error_get_retry_delay (error, state->n_tries - 1);
  gint64 retry_after = gan_error_get_retry_after (error);

  if (delay < 0 || state->n_tries >= state->max_tries)
    return FALSE;
  *asked = retry_after >= 0;
  if (*asked)
    {
      *wait = delay;
      return retry_after <= GAN_LIMIT_RETRY_AFTER_WAIT_SECONDS;
    }
  *wait = (gint64) ((double) delay * g_random_double_range (1 - JITTER, 1 + JITTER));
  return state->spent + *wait < (gint64) GAN_LIMIT_RETRY_SECONDS * G_USEC_PER_SEC;
}
