/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-http-date.h"

#include <string.h>

/* The longest date of sense is some 40 bytes. */
#define MAX_DATE_BYTES 64

typedef struct
{
  int year;
  int month;
  int day;
  int hour;
  int minute;
  int second;
} Parts;

/* Reads at most @max_digits; the number ends at a byte that is no digit. */
static gboolean
read_number (const char **cursor, gsize min_digits, gsize max_digits, int *number)
{
  gsize n_digits = 0;
  int value = 0;

  while (n_digits < max_digits && g_ascii_isdigit ((*cursor)[n_digits]))
    value = value * 10 + g_ascii_digit_value ((*cursor)[n_digits++]);
  if (n_digits < min_digits || g_ascii_isdigit ((*cursor)[n_digits]))
    return FALSE;
  *cursor += n_digits;
  *number = value;
  return TRUE;
}

static gboolean
read_time (const char *token, Parts *parts)
{
  Parts read = *parts;

  if (!read_number (&token, 1, 2, &read.hour) || *token++ != ':'
      || !read_number (&token, 1, 2, &read.minute) || *token++ != ':'
      || !read_number (&token, 1, 2, &read.second))
    return FALSE;
  *parts = read;
  return TRUE;
}

static gboolean
read_month (const char *token, Parts *parts)
{
  static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";

  for (int i = 0; i < 12; i++)
    if (g_ascii_strncasecmp (token, names + (gsize) i * 3, 3) == 0)
      {
        parts->month = i + 1;
        return TRUE;
      }
  return FALSE;
}

/* Each part is taken from the first token that can be it, in the order of RFC 6265 §5.1.1. */
static void
read_token (const char *token, Parts *parts)
{
  const char *cursor = token;
  int number = 0;

  if (parts->hour < 0 && read_time (token, parts))
    return;
  if (parts->day < 0 && read_number (&cursor, 1, 2, &number))
    parts->day = number;
  else if (parts->month < 0 && read_month (token, parts))
    return;
  else if (parts->year < 0 && read_number (&cursor, 2, 4, &number))
    parts->year = number;
}

static int
full_year (int year)
{
  if (year >= 70 && year <= 99)
    return year + 1900;
  return year >= 0 && year <= 69 ? year + 2000 : year;
}

/**
 * gan_http_date_parse:
 * @text: a date as HTTP headers and cookies carry it
 * @unix_seconds: (out): seconds since 1970, UTC
 *
 * Takes the three forms of RFC 9110 §5.6.7 and what RFC 6265 §5.1.1 tolerates in cookies: a day, a
 * month, a year and a time in any order. The year is from 1601 on; a time zone other than UTC is
 * not looked at, as in browsers.
 *
 * Returns: FALSE if it is no date; @unix_seconds is then untouched
 */
gboolean
gan_http_date_parse (const char *text, gint64 *unix_seconds)
{
  Parts parts = { -1, -1, -1, -1, -1, -1 };
  g_auto (GStrv) tokens = NULL;
  g_autoptr (GDateTime) date = NULL;

  g_return_val_if_fail (unix_seconds != NULL, FALSE);

  if (text == NULL || strnlen (text, MAX_DATE_BYTES + 1) > MAX_DATE_BYTES)
    return FALSE;
  tokens = g_strsplit_set (text, " \t,-/;()", -1);
  for (gsize i = 0; tokens[i] != NULL; i++)
    read_token (tokens[i], &parts);
  parts.year = full_year (parts.year);
  if (parts.year < 1601 || parts.month < 0 || parts.day < 0 || parts.hour < 0)
    return FALSE;

  date = g_date_time_new_utc (parts.year,
                              parts.month,
                              parts.day,
                              parts.hour,
                              parts.minute,
                              MIN (parts.second, 59));
  if (date == NULL)
    return FALSE;
  *unix_seconds = g_date_time_to_unix (date);
  return TRUE;
}
