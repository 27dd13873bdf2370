/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-job-words.h"

#include "gan-error-words.h"
#include "gan-literal.h"
#include "gan-url.h"

#include <glib/gi18n.h>
#include <string.h>

/* A line is broken after the dot, not before it. */
#define SEPARATOR "\xc2\xa0· "

#define MINUTE 60
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

/* Without what all links begin with. */
static const char *
skip_scheme (const char *link)
{
  const char *start = link != NULL ? strstr (link, "://") : NULL;

  return start != NULL ? start + strlen ("://") : link;
}

/**
 * gan_job_words_has_name:
 * @row: a job
 *
 * Returns: whether there is a better name for it than its link
 */
gboolean
gan_job_words_has_name (GanJobRow *row)
{
  return gan_job_row_get_title (row) != NULL || gan_job_row_get_name (row) != NULL
         || gan_job_row_get_file (row) != NULL;
}

/**
 * gan_job_words_dup_title:
 * @row: a job
 *
 * Returns: (transfer full): the best name there is so far: title, file name, link
 */
char *
gan_job_words_dup_title (GanJobRow *row)
{
  const char *file = gan_job_row_get_file (row);
  g_autofree char *base = file != NULL ? g_filename_display_basename (file) : NULL;
  const char *const names[] = { gan_job_row_get_title (row),
                                gan_job_row_get_name (row),
                                base,
                                skip_scheme (gan_job_row_get_url (row)) };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *line = gan_literal_dup (names[i]);

      if (*line != '\0')
        return g_steal_pointer (&line);
    }
  return g_strdup (_ ("Untitled"));
}

static char *
dup_host (const char *link)
{
  g_autoptr (GanUrl) url = link != NULL ? gan_url_parse_input (link, NULL) : NULL;
  const char *host = url != NULL ? gan_url_get_host (url) : "";

  return g_strdup (g_str_has_prefix (host, "www.") ? host + strlen ("www.") : host);
}

/**
 * gan_job_words_dup_origin:
 * @row: a job
 *
 * Returns: (transfer full): who made it and where it comes from, as far as known; may be ""
 */
char *
gan_job_words_dup_origin (GanJobRow *row)
{
  g_autofree char *creator = gan_literal_dup_isolated (gan_job_row_get_creator (row));
  g_autofree char *host = dup_host (gan_job_row_get_url (row));
  gboolean both = *creator != '\0' && *host != '\0';

  return g_strconcat (creator, both ? SEPARATOR : "", host, NULL);
}

/**
 * gan_job_words_get_fraction:
 * @numbers: how far a job is
 *
 * Returns: from 0 to 1, negative where nobody knows
 */
double
gan_job_words_get_fraction (const GanJobNumbers *numbers)
{
  if (numbers->total <= 0 || numbers->downloaded < 0)
    return -1;
  return CLAMP ((double) numbers->downloaded / (double) numbers->total, 0, 1);
}

/**
 * gan_job_words_dup_speed:
 * @bytes_per_second: a speed
 *
 * Returns: (transfer full): such as "3.1 MB/s"
 */
char *
gan_job_words_dup_speed (gint64 bytes_per_second)
{
  g_autofree char *size = g_format_size ((guint64) MAX (bytes_per_second, 0));

  /* Translators: bytes per second, such as 3.1 MB/s */
  return g_strdup_printf (_ ("%s/s"), size);
}

static char *
dup_time_left (gint64 seconds)
{
  if (seconds < MINUTE)
    return g_strdup_printf (_ ("%d s left"), (int) seconds);
  if (seconds < HOUR)
    return g_strdup_printf (_ ("%d min left"), (int) ((seconds + MINUTE / 2) / MINUTE));
  if (seconds < DAY)
    return g_strdup_printf (_ ("%d h %d min left"),
                            (int) (seconds / HOUR),
                            (int) (seconds % HOUR / MINUTE));
  return g_strdup (_ ("more than a day left"));
}

static char *
dup_amount (const GanJobNumbers *numbers)
{
  g_autofree char *downloaded = NULL;
  g_autofree char *total = NULL;

  if (numbers->downloaded < 0)
    return NULL;
  downloaded = g_format_size ((guint64) numbers->downloaded);
  if (numbers->total <= 0)
    return g_steal_pointer (&downloaded);
  total = g_format_size ((guint64) numbers->total);
  /* Translators: how much is here of how much there is, such as 12.3 MB of 27 MB */
  return g_strdup_printf (_ ("%s of %s"), downloaded, total);
}

/* @part: (transfer full) (nullable) */
static void
add_part (GString *line, char *part)
{
  g_autofree char *owned = part;

  if (owned == NULL || *owned == '\0')
    return;
  if (line->len > 0)
    g_string_append (line, SEPARATOR);
  g_string_append (line, owned);
}

static char *
dup_running (const GanJobNumbers *numbers)
{
  GString *line = g_string_new (NULL);
  double fraction = gan_job_words_get_fraction (numbers);

  /* The server is asked, perhaps once more: nothing to count yet. */
  if (numbers->downloaded == 0 && numbers->speed <= 0)
    return g_string_free (g_string_append (line, _ ("Connecting…")), FALSE);
  if (fraction >= 0)
    add_part (line, g_strdup_printf (_ ("%d%%"), (int) (fraction * 100)));
  add_part (line, dup_amount (numbers));
  if (numbers->speed > 0)
    add_part (line, gan_job_words_dup_speed (numbers->speed));
  if (numbers->eta >= 0 && numbers->speed > 0)
    add_part (line, dup_time_left (numbers->eta));
  if (line->len == 0)
    add_part (line, g_strdup (_ ("Starting…")));
  return g_string_free (line, FALSE);
}

static char *
dup_with_amount (const char *word, const GanJobNumbers *numbers)
{
  GString *line = g_string_new (word);

  if (numbers->downloaded > 0)
    add_part (line, dup_amount (numbers));
  return g_string_free (line, FALSE);
}

static gboolean
find_error (GanJobRow *row, GanErrorCode *code)
{
  const char *name = gan_job_row_get_error_code (row);

  return name != NULL && gan_error_code_from_string (name, code);
}

static char *
dup_error (GanJobRow *row)
{
  GanErrorCode code = GAN_ERROR_INTERNAL;

  if (!find_error (row, &code))
    return g_strdup (_ ("Something went wrong"));
  return gan_error_words_dup_title (code, gan_job_row_get_error_reason (row));
}

/* @now: Unix seconds */
static char *
dup_retrying (GanJobRow *row, gint64 now)
{
  g_autofree char *error = dup_error (row);
  gint64 retry_at = gan_job_row_get_retry_at (row);
  gint64 seconds = retry_at != GAN_UNKNOWN_TIME ? retry_at - now : 0;

  if (seconds <= 0)
    return g_strdup_printf (_ ("%s · trying again"), error);
  if (seconds < 2 * MINUTE)
    return g_strdup_printf (_ ("%s · trying again in %d s"), error, (int) seconds);
  return g_strdup_printf (_ ("%s · trying again in %d min"), error, (int) (seconds / MINUTE));
}

static char *
dup_done (const GanJobNumbers *numbers)
{
  GString *line = g_string_new (_ ("Finished"));

  if (numbers->total > 0)
    add_part (line, g_format_size ((guint64) numbers->total));
  return g_string_free (line, FALSE);
}

/**
 * gan_job_words_dup_status:
 * @row: a job
 * @numbers: how far it is
 * @now: Unix seconds, for the countdown of a job that will try again
 *
 * Returns: (transfer full): what it is doing
 */
char *
gan_job_words_dup_status (GanJobRow *row, const GanJobNumbers *numbers, gint64 now)
{
  const char *state = gan_job_row_get_state (row);

  g_return_val_if_fail (numbers != NULL, NULL);

  if (g_strcmp0 (state, GAN_JOB_RUNNING) == 0)
    return dup_running (numbers);
  if (g_strcmp0 (state, GAN_JOB_RETRYING) == 0)
    return dup_retrying (row, now);
  if (g_strcmp0 (state, GAN_JOB_RESOLVING) == 0)
    return g_strdup (_ ("Looking at the link…"));
  if (g_strcmp0 (state, GAN_JOB_VERIFYING) == 0)
    return g_strdup (_ ("Checking the file…"));
  if (g_strcmp0 (state, GAN_JOB_PAUSED) == 0)
    return dup_with_amount (_ ("Paused"), numbers);
  if (g_strcmp0 (state, GAN_JOB_FAILED) == 0)
    return dup_error (row);
  if (g_strcmp0 (state, GAN_JOB_CANCELLED) == 0)
    return g_strdup (_ ("Cancelled"));
  if (g_strcmp0 (state, GAN_JOB_DONE) == 0)
    return dup_done (numbers);
  return dup_with_amount (_ ("Waiting"), numbers);
}

/**
 * gan_job_words_dup_advice:
 * @row: a job
 *
 * Returns: (transfer full) (nullable): what to do about a failure, %NULL for a job without one
 */
char *
gan_job_words_dup_advice (GanJobRow *row)
{
  GanErrorCode code = GAN_ERROR_INTERNAL;

  if (g_strcmp0 (gan_job_row_get_state (row), GAN_JOB_FAILED) != 0 || !find_error (row, &code))
    return NULL;
  return gan_error_words_dup_advice (code, gan_job_row_get_error_reason (row));
}
