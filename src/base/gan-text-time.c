/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Durations and points in time. */
#include "config.h"

#include "gan-limits.h"
#include "gan-record.h"
#include "gan-text.h"

#include <math.h>
#include <string.h>

#define MAX_TEXT_BYTES 64
#define MAX_CLOCK_PARTS 4

#define SECONDS_PER_DAY 86400
#define SECONDS_PER_HOUR 3600
#define SECONDS_PER_MINUTE 60

/* GDate counts days from 0001-01-01, which is day 1. */
#define JULIAN_DAY_OF_1970 719163

/* Sites write seconds, milliseconds or microseconds; the year tells which. */
#define MIN_MILLISECONDS 1e11
#define MIN_MICROSECONDS 1e14

typedef struct
{
  int year;
  int month;
  int day;
  int hour;
  int minute;
  int second;
  int offset; /* east of Greenwich, in seconds */
} Moment;

static char *
dup_trimmed (const char *text)
{
  if (text == NULL || strnlen (text, MAX_TEXT_BYTES) >= MAX_TEXT_BYTES)
    return NULL;
  return g_strstrip (g_strdup (text));
}

/* Digits with an optional fraction, which may follow a comma (ISO 8601-1 §5.3.1.4). */
static gboolean
read_number (const char **text, double *number)
{
  gsize length = strspn (*text, "0123456789");
  g_autofree char *copy = NULL;

  if (length == 0)
    return FALSE;
  if (((*text)[length] == '.' || (*text)[length] == ',') && g_ascii_isdigit ((*text)[length + 1]))
    length += 1 + strspn (*text + length + 1, "0123456789");
  copy = g_strdelimit (g_strndup (*text, length), ",", '.');
  *number = g_ascii_strtod (copy, NULL);
  *text += length;
  return TRUE;
}

/* 3:33, 1:02:03 or 1:00:00:00. All but the first are bounded by the next, all but the last whole.
 */
static double
read_clock_duration (const char *text)
{
  static const double seconds[] = { 1, SECONDS_PER_MINUTE, SECONDS_PER_HOUR, SECONDS_PER_DAY };
  double parts[MAX_CLOCK_PARTS];
  double total = 0;
  gsize n_parts = 0;

  while (n_parts < MAX_CLOCK_PARTS && read_number (&text, &parts[n_parts]))
    {
      n_parts++;
      if (*text != ':')
        break;
      text++;
    }
  if (n_parts == 0 || *text != '\0' || text[-1] == ':')
    return GAN_UNKNOWN;
  for (gsize i = 0; i < n_parts; i++)
    {
      gsize unit = n_parts - 1 - i;

      if ((i > 0 && parts[i] * seconds[unit] >= seconds[unit + 1])
          || (unit > 0 && trunc (parts[i]) != parts[i]))
        return GAN_UNKNOWN;
      total += parts[i] * seconds[unit];
    }
  return total;
}

/* PT3M33S, P1DT2H, 3m33s, 213.4s, 213000ms. */
static double
read_unit_duration (const char *text)
{
  static const struct
  {
    const char *name;
    double seconds;
  } units[] = {
    { "ms", 0.001 },           { "w", 7 * SECONDS_PER_DAY }, { "d", SECONDS_PER_DAY },
    { "h", SECONDS_PER_HOUR }, { "m", SECONDS_PER_MINUTE },  { "s", 1 },
  };
  gboolean iso = g_ascii_toupper (*text) == 'P';
  gboolean in_time = !iso;
  double total = 0;
  double number;
  gsize i;

  if (iso)
    text++;
  if (*text == '\0')
    return GAN_UNKNOWN;
  while (*text != '\0')
    {
      if (iso && !in_time && g_ascii_toupper (*text) == 'T')
        {
          in_time = TRUE;
          text++;
        }
      if (!read_number (&text, &number))
        return GAN_UNKNOWN;
      while (*text == ' ')
        text++;
      for (i = 0; i < G_N_ELEMENTS (units); i++)
        {
          if (g_ascii_strncasecmp (text, units[i].name, strlen (units[i].name)) == 0)
            break;
        }
      /* Before the T, M is a month, which has no length. */
      if (i == G_N_ELEMENTS (units) || (!in_time && g_ascii_toupper (*text) == 'M'))
        return GAN_UNKNOWN;
      total += units[i].seconds < 1 ? number / 1000 : number * units[i].seconds;
      text += strlen (units[i].name);
      while (*text == ' ')
        text++;
    }
  return total;
}

/**
 * gan_text_to_duration:
 * @text: (nullable): such as "3:33", "1:02:03", "PT3M33S" (ISO 8601), "3m33s", "213", "213.4s" or
 *   "213000ms"
 *
 * Returns: seconds, or %GAN_UNKNOWN
 */
double
gan_text_to_duration (const char *text)
{
  g_autofree char *trimmed = dup_trimmed (text);
  double seconds;

  if (trimmed == NULL)
    return GAN_UNKNOWN;
  if (strpbrk (trimmed, "PpWwDdHhMmSs") != NULL)
    seconds = read_unit_duration (trimmed);
  else
    seconds = read_clock_duration (trimmed);
  return seconds >= 0 && seconds <= GAN_LIMIT_DURATION_SECONDS ? seconds : GAN_UNKNOWN;
}

/**
 * gan_text_from_duration:
 * @seconds: a duration
 *
 * Returns: (transfer full) (nullable): such as "3:33" or "1:02:03", or %NULL for a negative one,
 * one that is not finite, or one beyond %GAN_LIMIT_DURATION_SECONDS
 */
char *
gan_text_from_duration (double seconds)
{
  int whole;

  if (!isfinite (seconds) || seconds < 0 || seconds > GAN_LIMIT_DURATION_SECONDS)
    return NULL;
  whole = (int) seconds;
  if (whole < SECONDS_PER_HOUR)
    return g_strdup_printf ("%d:%02d", whole / SECONDS_PER_MINUTE, whole % SECONDS_PER_MINUTE);
  return g_strdup_printf ("%d:%02d:%02d",
                          whole / SECONDS_PER_HOUR,
                          whole % SECONDS_PER_HOUR / SECONDS_PER_MINUTE,
                          whole % SECONDS_PER_MINUTE);
}

static gint64
moment_to_unix (const Moment *moment)
{
  GDate date;
  gint64 seconds;

  if (moment->year < 1970 || moment->year > 2200 || moment->month < 1 || moment->month > 12
      || moment->day < 1 || moment->day > 31
      || !g_date_valid_dmy ((GDateDay) moment->day,
                            (GDateMonth) moment->month,
                            (GDateYear) moment->year))
    return GAN_UNKNOWN_TIME;
  if (moment->hour > 23 || moment->minute > 59 || moment->second > 60)
    return GAN_UNKNOWN_TIME;
  g_date_clear (&date, 1);
  g_date_set_dmy (&date,
                  (GDateDay) moment->day,
                  (GDateMonth) moment->month,
                  (GDateYear) moment->year);
  seconds = ((gint64) g_date_get_julian (&date) - JULIAN_DAY_OF_1970) * SECONDS_PER_DAY
            + moment->hour * SECONDS_PER_HOUR + moment->minute * SECONDS_PER_MINUTE + moment->second
            - moment->offset;
  return seconds >= 0 && seconds <= GAN_LIMIT_TIME_SECONDS ? seconds : GAN_UNKNOWN_TIME;
}

/* Exactly `n` digits. */
static gboolean
read_digits (const char **text, guint n, int *value)
{
  int read = 0;

  for (guint i = 0; i < n; i++)
    {
      if (!g_ascii_isdigit ((*text)[i]))
        return FALSE;
      read = read * 10 + g_ascii_digit_value ((*text)[i]);
    }
  *value = read;
  *text += n;
  return TRUE;
}

static gboolean
skip (const char **text, char c)
{
  if (**text != c)
    return FALSE;
  (*text)++;
  return TRUE;
}

/* 12:00, 12:00:00, 12:00:00.123 or 120000. */
static gboolean
read_clock (const char **text, Moment *moment)
{
  gboolean colons;

  if (!read_digits (text, 2, &moment->hour))
    return FALSE;
  colons = skip (text, ':');
  if (!read_digits (text, 2, &moment->minute))
    return FALSE;
  if (colons ? skip (text, ':') : g_ascii_isdigit (**text))
    {
      if (!read_digits (text, 2, &moment->second))
        return FALSE;
      if ((**text == '.' || **text == ',') && g_ascii_isdigit ((*text)[1]))
        *text += 1 + strspn (*text + 1, "0123456789");
    }
  return TRUE;
}

/* +01:00, -0530 or +01. */
static gboolean
read_offset (const char **text, Moment *moment)
{
  int sign = **text == '-' ? -1 : 1;
  int hours;
  int minutes = 0;

  if (!skip (text, '+') && !skip (text, '-'))
    return FALSE;
  if (!read_digits (text, 2, &hours))
    return FALSE;
  skip (text, ':');
  if (g_ascii_isdigit (**text) && !read_digits (text, 2, &minutes))
    return FALSE;
  if (hours > 18 || minutes > 59)
    return FALSE;
  moment->offset = sign * (hours * SECONDS_PER_HOUR + minutes * SECONDS_PER_MINUTE);
  return TRUE;
}

static gboolean
is_utc (const char *text)
{
  static const char *const names[] = { "Z", "UT", "UTC", "GMT", NULL };

  for (gsize i = 0; names[i] != NULL; i++)
    {
      if (g_ascii_strcasecmp (text, names[i]) == 0)
        return TRUE;
    }
  return FALSE;
}

/* ISO 8601 in its extended and basic form; without an offset it is UTC. */
static gint64
read_iso_time (const char *text)
{
  Moment moment = { 0 };
  gboolean dashes;

  if (!read_digits (&text, 4, &moment.year))
    return GAN_UNKNOWN_TIME;
  dashes = skip (&text, '-');
  if (!read_digits (&text, 2, &moment.month) || (dashes && !skip (&text, '-'))
      || !read_digits (&text, 2, &moment.day))
    return GAN_UNKNOWN_TIME;
  if (skip (&text, 'T') || skip (&text, 't') || skip (&text, ' '))
    {
      if (!read_clock (&text, &moment))
        return GAN_UNKNOWN_TIME;
      skip (&text, ' ');
      if (*text != '\0' && !is_utc (text) && (!read_offset (&text, &moment) || *text != '\0'))
        return GAN_UNKNOWN_TIME;
    }
  else if (*text != '\0')
    return GAN_UNKNOWN_TIME;
  return moment_to_unix (&moment);
}

static int
find_name (const char *text, const char *const *names, gsize n_names)
{
  gsize length = strlen (text);

  for (gsize i = 0; i < n_names; i++)
    {
      if (length >= 3 && length <= strlen (names[i])
          && g_ascii_strncasecmp (text, names[i], length) == 0)
        return (int) i;
    }
  return -1;
}

static int
find_month (const char *text)
{
  static const char *const names[]
      = { "January", "February", "March",     "April",   "May",      "June",
          "July",    "August",   "September", "October", "November", "December" };

  return find_name (text, names, G_N_ELEMENTS (names)) + 1;
}

static gboolean
is_weekday (const char *text)
{
  static const char *const names[]
      = { "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday" };

  return find_name (text, names, G_N_ELEMENTS (names)) >= 0;
}

static gboolean
read_day_or_year (const char *word, Moment *moment)
{
  gsize length = strlen (word);
  const char *at = word;

  if (length == 4 && moment->year == 0)
    return read_digits (&at, 4, &moment->year);
  if (length <= 2 && moment->day == 0)
    return read_digits (&at, (guint) length, &moment->day);
  return FALSE;
}

/* 06-Nov-94: the middle form of RFC 9110 §5.6.7. */
static gboolean
read_dashed_date (const char *word, Moment *moment)
{
  g_auto (GStrv) parts = g_strsplit (word, "-", 4);
  const char *year;

  if (g_strv_length (parts) != 3 || !read_day_or_year (parts[0], moment))
    return FALSE;
  moment->month = find_month (parts[1]);
  year = parts[2];
  if (strlen (year) == 4)
    return read_day_or_year (year, moment);
  if (strlen (year) != 2 || !read_digits (&year, 2, &moment->year))
    return FALSE;
  moment->year += moment->year < 70 ? 2000 : 1900;
  return TRUE;
}

static gboolean
read_word (const char *word, Moment *moment)
{
  const char *at = word;

  if (*word == '\0' || is_weekday (word) || is_utc (word))
    return TRUE;
  if (*word == '+' || *word == '-')
    return read_offset (&at, moment) && *at == '\0';
  if (strchr (word, ':') != NULL)
    return read_clock (&at, moment) && *at == '\0';
  if (strchr (word, '-') != NULL)
    return read_dashed_date (word, moment);
  if (g_ascii_isdigit (*word))
    return read_day_or_year (word, moment);
  moment->month = find_month (word);
  return moment->month > 0;
}

/* The three dates of HTTP (RFC 9110 §5.6.7), that of mail (RFC 5322 §3.3), and Twitter's. */
static gint64
read_worded_time (const char *text)
{
  g_auto (GStrv) words = g_strsplit_set (text, " ,", -1);
  Moment moment = { 0 };

  for (gsize i = 0; words[i] != NULL; i++)
    {
      if (!read_word (words[i], &moment))
        return GAN_UNKNOWN_TIME;
    }
  return moment_to_unix (&moment);
}

static gint64
read_epoch (const char *text)
{
  double number = g_ascii_strtod (text, NULL);

  if (number >= MIN_MICROSECONDS)
    number /= 1e6;
  else if (number >= MIN_MILLISECONDS)
    number /= 1e3;
  return number <= (double) GAN_LIMIT_TIME_SECONDS ? (gint64) number : GAN_UNKNOWN_TIME;
}

/**
 * gan_text_to_time:
 * @text: (nullable): a date of ISO 8601 ("2026-01-31T12:00:00+01:00", "2026-01-31", "20260131"), of
 *   HTTP, of mail, "Wed Mar 12 22:44:33 +0000 2025", or digits since 1970 in seconds, milliseconds
 *   or microseconds
 *
 * Reads a point in time. Without an offset it is in UTC.
 *
 * Returns: Unix seconds, or %GAN_UNKNOWN_TIME for what is no date or not of the years 1970 to 2200
 */
gint64
gan_text_to_time (const char *text)
{
  g_autofree char *trimmed = dup_trimmed (text);
  gsize n_digits;
  gint64 seconds = GAN_UNKNOWN_TIME;

  if (trimmed == NULL || !g_ascii_isalnum (*trimmed))
    return GAN_UNKNOWN_TIME;
  n_digits = strspn (trimmed, "0123456789");
  if (strspn (trimmed, "0123456789.") == strlen (trimmed))
    {
      /* Eight digits are a day: as seconds they would be of the early seventies. */
      if (n_digits == 8 && trimmed[8] == '\0')
        seconds = read_iso_time (trimmed);
      return seconds != GAN_UNKNOWN_TIME ? seconds : read_epoch (trimmed);
    }
  return n_digits >= 4 ? read_iso_time (trimmed) : read_worded_time (trimmed);
}

/**
 * gan_text_from_time:
 * @unix_seconds: a point in time
 *
 * Returns: (transfer full) (nullable): it in RFC 3339, in UTC, such as "2026-01-31T12:00:00Z", or
 *   %NULL for what is not of the years 1970 to 2200
 */
char *
gan_text_from_time (gint64 unix_seconds)
{
  GDate date;
  int clock;

  if (unix_seconds < 0 || unix_seconds > GAN_LIMIT_TIME_SECONDS)
    return NULL;
  g_date_clear (&date, 1);
  g_date_set_julian (&date, (guint32) (unix_seconds / SECONDS_PER_DAY) + JULIAN_DAY_OF_1970);
  clock = (int) (unix_seconds % SECONDS_PER_DAY);
  return g_strdup_printf ("%04d-%02d-%02dT%02d:%02d:%02dZ",
                          g_date_get_year (&date),
                          g_date_get_month (&date),
                          g_date_get_day (&date),
                          clock / SECONDS_PER_HOUR,
                          clock % SECONDS_PER_HOUR / SECONDS_PER_MINUTE,
                          clock % SECONDS_PER_MINUTE);
}
