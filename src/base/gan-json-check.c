/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A walk over JSON text by the grammar of RFC 8259, without making anything of it. json-glib 1.6
 * recurses without a bound, takes comments, hexadecimal numbers and single quotes, wraps integers
 * beyond 64 bits and refuses a whole document for half a surrogate pair; so the text is checked
 * here, and the last two are mended in a copy. */
#include "config.h"

#include "gan-json-private.h"

#include "gan-error.h"

#include <string.h>

/* The walk recurses once per level, so a caller cannot ask for more than the stack holds. */
#define MAX_DEPTH 512

#define UNICODE_ESCAPE_LENGTH 6

static const char int64_max_digits[] = "9223372036854775807";

typedef struct
{
  const char *at;
  const char *end;
  const char *kept; /* everything before it is in repaired already, if there is one */
  guint depth;
  GString *repaired;
  const char *reason;
} Scan;

static gboolean
scan_fail (Scan *scan, const char *reason)
{
  scan->reason = reason;
  return FALSE;
}

/* Puts text in the place of the input from `from` to `to`. */
static void
scan_replace (Scan *scan, const char *from, const char *to, const char *text)
{
  if (scan->repaired == NULL)
    scan->repaired = g_string_sized_new ((gsize) (scan->end - scan->kept) + 16);
  g_string_append_len (scan->repaired, scan->kept, from - scan->kept);
  g_string_append (scan->repaired, text);
  scan->kept = to;
}

static char
scan_peek (Scan *scan)
{
  return scan->at < scan->end ? *scan->at : '\0';
}

static gboolean
scan_take (Scan *scan, char c)
{
  if (scan->at >= scan->end || *scan->at != c)
    return FALSE;
  scan->at++;
  return TRUE;
}

static void
scan_skip_space (Scan *scan)
{
  while (scan->at < scan->end && strchr (" \t\r\n", *scan->at) != NULL && *scan->at != '\0')
    scan->at++;
}

/* The code unit of a \uXXXX that begins at `at`, or -1 if there is none. */
static int
scan_code_unit (Scan *scan, const char *at)
{
  int unit = 0;

  if (scan->end - at < UNICODE_ESCAPE_LENGTH || at[0] != '\\' || at[1] != 'u')
    return -1;
  for (int i = 2; i < UNICODE_ESCAPE_LENGTH; i++)
    {
      int digit = g_ascii_xdigit_value (at[i]);

      if (digit < 0)
        return -1;
      unit = unit * 16 + digit;
    }
  return unit;
}

static gboolean
scan_unicode_escape (Scan *scan)
{
  const char *start = scan->at;
  int unit = scan_code_unit (scan, start);

  if (unit < 0)
    return scan_fail (scan, "json-syntax");
  scan->at += UNICODE_ESCAPE_LENGTH;
  if (unit >= 0xd800 && unit <= 0xdbff)
    {
      int low = scan_code_unit (scan, scan->at);

      if (low >= 0xdc00 && low <= 0xdfff)
        {
          scan->at += UNICODE_ESCAPE_LENGTH;
          return TRUE;
        }
    }
  if (unit == 0 || (unit >= 0xd800 && unit <= 0xdfff))
    scan_replace (scan, start, scan->at, "\\ufffd");
  return TRUE;
}

static gboolean
scan_string (Scan *scan)
{
  scan->at++;
  while (scan->at < scan->end)
    {
      char c = *scan->at;

      if (c == '"')
        {
          scan->at++;
          return TRUE;
        }
      if (c == '\\' && scan->end - scan->at > 1 && scan->at[1] == 'u')
        {
          if (!scan_unicode_escape (scan))
            return FALSE;
        }
      else if (c == '\\')
        {
          if (scan->end - scan->at < 2 || scan->at[1] == '\0'
              || strchr ("\"\\/bfnrt", scan->at[1]) == NULL)
            return scan_fail (scan, "json-syntax");
          scan->at += 2;
        }
      else if ((guchar) c < 0x20)
        return scan_fail (scan, "json-syntax");
      else
        scan->at++;
    }
  return scan_fail (scan, "json-syntax");
}

static gsize
scan_digits (Scan *scan)
{
  const char *start = scan->at;

  while (g_ascii_isdigit (scan_peek (scan)))
    scan->at++;
  return (gsize) (scan->at - start);
}

static gboolean
scan_number (Scan *scan)
{
  gsize max_digits = sizeof int64_max_digits - 1;
  gboolean whole = TRUE;
  const char *digits;
  gsize n_digits;

  scan_take (scan, '-');
  digits = scan->at;
  n_digits = scan_digits (scan);
  if (n_digits == 0 || (n_digits > 1 && digits[0] == '0'))
    return scan_fail (scan, "json-syntax");
  if (scan_take (scan, '.'))
    {
      whole = FALSE;
      if (scan_digits (scan) == 0)
        return scan_fail (scan, "json-syntax");
    }
  if (scan_take (scan, 'e') || scan_take (scan, 'E'))
    {
      whole = FALSE;
      if (!scan_take (scan, '+'))
        scan_take (scan, '-');
      if (scan_digits (scan) == 0)
        return scan_fail (scan, "json-syntax");
    }
  /* What does not fit 64 bits is read as a double instead of as something else. */
  if (whole
      && (n_digits > max_digits
          || (n_digits == max_digits && memcmp (digits, int64_max_digits, max_digits) > 0)))
    scan_replace (scan, scan->at, scan->at, ".0");
  return TRUE;
}

static gboolean
scan_word (Scan *scan, const char *word)
{
  gsize length = strlen (word);

  if ((gsize) (scan->end - scan->at) < length || memcmp (scan->at, word, length) != 0)
    return scan_fail (scan, "json-syntax");
  scan->at += length;
  return TRUE;
}

static gboolean scan_value (Scan *scan);

static gboolean
scan_member (Scan *scan)
{
  scan_skip_space (scan);
  if (scan_peek (scan) != '"')
    return scan_fail (scan, "json-syntax");
  if (!scan_string (scan))
    return FALSE;
  scan_skip_space (scan);
  if (!scan_take (scan, ':'))
    return scan_fail (scan, "json-syntax");
  return scan_value (scan);
}

static gboolean
scan_container (Scan *scan, char close, gboolean (*entry) (Scan *scan))
{
  scan->at++;
  if (scan->depth == 0)
    return scan_fail (scan, "json-too-deep");
  scan->depth--;
  scan_skip_space (scan);
  if (!scan_take (scan, close))
    {
      do
        {
          if (!entry (scan))
            return FALSE;
        }
      while (scan_take (scan, ','));
      if (!scan_take (scan, close))
        return scan_fail (scan, "json-syntax");
    }
  scan->depth++;
  return TRUE;
}

/* One value and the white space around it. */
static gboolean
scan_value (Scan *scan)
{
  gboolean ok;

  scan_skip_space (scan);
  switch (scan_peek (scan))
    {
    case '{':
      ok = scan_container (scan, '}', scan_member);
      break;
    case '[':
      ok = scan_container (scan, ']', scan_value);
      break;
    case '"':
      ok = scan_string (scan);
      break;
    case 't':
      ok = scan_word (scan, "true");
      break;
    case 'f':
      ok = scan_word (scan, "false");
      break;
    case 'n':
      ok = scan_word (scan, "null");
      break;
    default:
      ok = scan_number (scan);
      break;
    }
  scan_skip_space (scan);
  return ok;
}

/**
 * gan_json_check:
 * @data: UTF-8 text without a byte order mark
 * @length: of @data in bytes
 * @max_depth: of arrays and objects in each other
 * @repaired: (out) (transfer full) (nullable): the text with what json-glib cannot read put right,
 *   or %NULL if there was nothing: half a surrogate pair and U+0000 become U+FFFD, an integer
 *   beyond 64 bits gets a fraction and so becomes a double
 * @error: %GAN_ERROR_INVALID_DATA, reason json-syntax or json-too-deep
 *
 * Checks JSON by the grammar of RFC 8259, in one pass.
 *
 * Returns: whether it is JSON within the bounds
 */
gboolean
gan_json_check (const char *data, gsize length, guint max_depth, GString **repaired, GError **error)
{
  Scan scan
      = { .at = data, .end = data + length, .kept = data, .depth = MIN (max_depth, MAX_DEPTH) };

  *repaired = NULL;
  if (scan_value (&scan) && scan.at < scan.end)
    scan_fail (&scan, "json-syntax");
  if (scan.reason != NULL)
    {
      if (scan.repaired != NULL)
        g_string_free (scan.repaired, TRUE);
      gan_error_set (error,
                     GAN_ERROR_INVALID_DATA,
                     scan.reason,
                     "invalid JSON at byte %" G_GSIZE_FORMAT,
                     (gsize) (scan.at - data));
      return FALSE;
    }
  if (scan.repaired != NULL)
    g_string_append_len (scan.repaired, scan.kept, scan.end - scan.kept);
  *repaired = scan.repaired;
  return TRUE;
}
