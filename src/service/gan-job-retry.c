/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-job-retry.h"

#include "gan-error.h"
#include "gan-limits.h"
#include "gan-redact.h"

/* Of a second: by how much waits differ, so that not all jobs come back at once. */
#define JITTER 0.2

/**
 * gan_job_retry_clear:
 * @row: a row that is not sealed
 *
 * Forgets failure and wait. The number of tries stays.
 */
void
gan_job_retry_clear (GanJobRow *row)
{
  g_return_if_fail (GAN_IS_JOB_ROW (row));

  gan_job_row_set_retry_at (row, GAN_UNKNOWN_TIME);
  gan_job_row_set_error_code (row, NULL);
  gan_job_row_set_error_reason (row, NULL);
  gan_job_row_set_error_message (row, NULL);
}

static void
write_error (GanJobRow *row, const GError *error, gboolean is_offline)
{
  g_autofree char *message = gan_redact_text (error->message);
  gboolean is_ours = error->domain == GAN_ERROR;

  gan_job_row_set_error_code (
      row,
      gan_error_code_to_string (is_ours ? (GanErrorCode) error->code : GAN_ERROR_INTERNAL));
  gan_job_row_set_error_reason (row, is_offline ? GAN_JOB_OFFLINE : gan_error_get_reason (error));
  gan_job_row_set_error_message (row, message);
  if (gan_job_row_get_platform (row) == NULL)
    gan_job_row_set_platform (row, gan_error_get_platform (error));
}

/* What the server asked for is kept to the letter. */
static gint64
get_delay (const GError *error, guint tries)
{
  gint64 delay = gan_error_get_retry_delay (error, tries);

  if (delay != GAN_UNKNOWN && gan_error_get_retry_after (error) == GAN_UNKNOWN)
    delay += (gint64) (g_random_double_range (0, JITTER) * G_USEC_PER_SEC);
  return delay;
}

/**
 * gan_job_retry_fail:
 * @row: the job's row, not sealed
 * @error: how the try ended
 * @had: bytes that were here before it, or %GAN_UNKNOWN
 * @is_offline: whether there is no network
 * @wall: Unix seconds
 *
 * Makes "retrying" or "failed" of the job. A try that brought a good deal more than there ever was
 * is no failure to be counted, and neither is one without a network or without room on the disk:
 * both may come back, and nobody else can do anything about it.
 *
 * Returns: microseconds until the next try, or %GAN_UNKNOWN if there is none
 */
gint64
gan_job_retry_fail (GanJobRow *row,
                    const GError *error,
                    gint64 had,
                    gboolean is_offline,
                    gint64 wall)
{
  gint64 tries = MAX (gan_job_row_get_tries (row), 0);
  gint64 delay = 0;

  g_return_val_if_fail (GAN_IS_JOB_ROW (row) && error != NULL, GAN_UNKNOWN);

  is_offline = is_offline
               && (gan_error_matches (error, GAN_ERROR_NETWORK)
                   || gan_error_matches (error, GAN_ERROR_TIMEOUT));
  if (gan_job_row_get_downloaded (row) - MAX (had, 0) > GAN_LIMIT_OVERLAP_BYTES)
    tries = 0;
  delay = get_delay (error, (guint) MIN (tries, GAN_LIMIT_JOB_TRIES));
  if (is_offline)
    delay = GAN_LIMIT_OFFLINE_SECONDS * G_USEC_PER_SEC;
  else if (gan_error_matches (error, GAN_ERROR_NO_SPACE))
    delay = GAN_LIMIT_NO_SPACE_SECONDS * G_USEC_PER_SEC;
  else if (delay != GAN_UNKNOWN)
    tries++;
  write_error (row, error, is_offline);
  gan_job_row_set_tries (row, tries);
  if (delay == GAN_UNKNOWN || tries >= GAN_LIMIT_JOB_TRIES)
    {
      gan_job_row_set_state (row, GAN_JOB_FAILED);
      gan_job_row_set_retry_at (row, GAN_UNKNOWN_TIME);
      return GAN_UNKNOWN;
    }
  gan_job_row_set_state (row, GAN_JOB_RETRYING);
  gan_job_row_set_retry_at (row, wall + (delay + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC);
  gan_job_row_set_changed_at (row, wall);
  return delay;
}

/**
 * gan_job_retry_get_wait:
 * @row: the row of a job that waits for its next try
 * @wall: Unix seconds
 *
 * No longer than it was to be when it was written down, whatever has become of the clock since.
 *
 * Returns: microseconds from now on
 */
gint64
gan_job_retry_get_wait (GanJobRow *row, gint64 wall)
{
  gint64 at = 0;
  gint64 longest = GAN_LIMIT_RETRY_AFTER_SECONDS;

  g_return_val_if_fail (GAN_IS_JOB_ROW (row), 0);

  at = gan_job_row_get_retry_at (row);
  if (at == GAN_UNKNOWN_TIME)
    return 0;
  if (gan_job_row_get_changed_at (row) != GAN_UNKNOWN_TIME)
    longest = CLAMP (at - gan_job_row_get_changed_at (row), 0, longest);
  return CLAMP (at - wall, 0, longest) * G_USEC_PER_SEC;
}
