/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-caption.h"

#include "gan-text.h"

#include <glib/gi18n.h>
#include <string.h>

/* More than that is never seen, and costs time to lay out. */
#define MAX_LINE_BYTES 400

#define FIRST_STRONG_ISOLATE 0x2068
#define POP_ISOLATE 0x2069

/**
 * gan_caption_dup_line:
 * @text: (nullable): from anywhere
 *
 * Returns: (transfer full) (nullable): it as one bounded line; %NULL where there is none
 */
char *
gan_caption_dup_line (const char *text)
{
  g_autofree char *line = gan_text_sanitize (text, MAX_LINE_BYTES);

  return line != NULL && *line != '\0' ? g_steal_pointer (&line) : NULL;
}

static gboolean
is_right_to_left (gunichar c)
{
  return (c >= 0x0590 && c <= 0x08ff) || (c >= 0xfb1d && c <= 0xfdff)
         || (c >= 0xfe70 && c <= 0xfeff) || (c >= 0x10800 && c <= 0x10fff)
         || (c >= 0x1e800 && c <= 0x1efff);
}

static gboolean
may_turn (const char *line)
{
  for (; *line != '\0'; line = g_utf8_next_char (line))
    {
      if (is_right_to_left (g_utf8_get_char (line)))
        return TRUE;
    }
  return FALSE;
}

/* What is written from right to left must not turn around what stands beside it. */
static void
append_isolated (GString *joined, const char *line)
{
  gboolean isolated = may_turn (line);

  if (isolated)
    g_string_append_unichar (joined, FIRST_STRONG_ISOLATE);
  g_string_append (joined, line);
  if (isolated)
    g_string_append_unichar (joined, POP_ISOLATE);
}

/**
 * gan_caption_dup_joined:
 * @parts: (array length=n_parts): texts, %NULL for those that are not there
 * @n_parts: their number
 *
 * Returns: (transfer full): those that are there, with dots between them
 */
char *
gan_caption_dup_joined (const char *const *parts, gsize n_parts)
{
  g_autoptr (GString) joined = g_string_new (NULL);

  for (gsize i = 0; i < n_parts; i++)
    {
      g_autofree char *line = gan_caption_dup_line (parts[i]);

      if (line == NULL)
        continue;
      if (joined->len > 0)
        g_string_append (joined, " · ");
      append_isolated (joined, line);
    }
  return g_strdup (joined->str);
}

/**
 * gan_caption_dup_date:
 * @unix_seconds: a time in the past
 *
 * Returns: (transfer full) (nullable): the day, in words where it is near, in local time
 */
char *
gan_caption_dup_date (gint64 unix_seconds)
{
  g_autoptr (GDateTime) then = g_date_time_new_from_unix_local (unix_seconds);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (GDateTime) yesterday = NULL;

  if (then == NULL || now == NULL)
    return NULL;
  if (g_date_time_get_year (then) == g_date_time_get_year (now)
      && g_date_time_get_day_of_year (then) == g_date_time_get_day_of_year (now))
    return g_strdup (_ ("Today"));
  yesterday = g_date_time_add_days (now, -1);
  if (g_date_time_get_year (then) == g_date_time_get_year (yesterday)
      && g_date_time_get_day_of_year (then) == g_date_time_get_day_of_year (yesterday))
    return g_strdup (_ ("Yesterday"));
  /* Translators: a day of this year, then one of another year, see strftime(3). */
  return g_date_time_format (
      then,
      g_date_time_get_year (then) == g_date_time_get_year (now) ? _ ("%-d %B") : _ ("%-d %B %Y"));
}

/**
 * gan_caption_dup_path:
 * @path: of a file or folder
 *
 * Returns: (transfer full): it as people read it: with ~ for their own folder
 */
char *
gan_caption_dup_path (const char *path)
{
  const char *home = g_get_home_dir ();
  g_autofree char *shown = g_filename_display_name (path);
  gsize length = strlen (home);

  if (g_str_has_prefix (path, home) && (path[length] == '/' || path[length] == '\0'))
    {
      g_autofree char *rest = g_filename_display_name (path + length);

      return g_strconcat ("~", rest, NULL);
    }
  return g_steal_pointer (&shown);
}
