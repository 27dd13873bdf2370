/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counts and sizes. */
#include "config.h"

#include "gan-limits.h"
#include "gan-record.h"
#include "gan-text.h"

#include <string.h>

#define MAX_NUMBER_BYTES 64
#define SEPARATORS ",. '"

/* A number as it is written, taken apart. */
typedef struct
{
  char digits[MAX_NUMBER_BYTES]; /* all of them */
  guint n_whole;                 /* how many of them stand before the decimal mark */
  const char *rest;              /* what follows the number */
} Number;

static gboolean
is_separator (char c)
{
  return c != '\0' && strchr (SEPARATORS, c) != NULL;
}

/* Trims, and makes one byte of every separator; NULL for what is no short number. */
static char *
normalise (const char *text)
{
  g_autoptr (GString) out = NULL;

  if (text == NULL || strnlen (text, MAX_NUMBER_BYTES) >= MAX_NUMBER_BYTES
      || !g_utf8_validate (text, -1, NULL))
    return NULL;
  out = g_string_new (NULL);
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (g_unichar_isspace (c))
        g_string_append_c (out, ' ');
      else if (c == 0x2019)
        g_string_append_c (out, '\'');
      else if (c < 0x80)
        g_string_append_c (out, (char) c);
      else
        return NULL;
    }
  g_strstrip (out->str);
  return g_strdup (out->str);
}

/* Where the digits of `text` end that begins with one: a separator counts if a digit follows. */
static const char *
find_end (const char *text)
{
  while (g_ascii_isdigit (*text) || (is_separator (*text) && g_ascii_isdigit (text[1])))
    text++;
  return text;
}

/* Whether the group that begins at `from` can stand between or behind marks for thousands. Inside,
 * Indian numbers have groups of two. */
static gboolean
is_group (const char *from, const char *end, gboolean last)
{
  gsize length = 0;

  while (from + length < end && g_ascii_isdigit (from[length]))
    length++;
  return length == 3 || (!last && length == 2);
}

/* Finds the decimal mark between `text` and `end`: NULL in *mark if there is none. */
static gboolean
find_decimal_mark (const char *text, const char *end, gboolean scaled, const char **mark)
{
  const char *last = NULL;
  char thousands = '\0';
  guint n_separators = 0;

  *mark = NULL;
  for (const char *at = text; at < end; at++)
    {
      if (is_separator (*at))
        {
          n_separators++;
          last = at;
        }
    }
  if (n_separators == 0)
    return TRUE;
  /* One mark alone is ambiguous: 1.234 views are 1234, but 1.234K and 1.5 have a fraction. */
  if ((*last == '.' || *last == ',')
      && ((n_separators == 1 && (scaled || (*last == '.' && !is_group (last + 1, end, TRUE))))
          || (n_separators > 1 && memchr (text, *last, (gsize) (last - text)) == NULL)))
    *mark = last;

  if (strcspn (text, SEPARATORS) > 3 && *mark != text + strcspn (text, SEPARATORS))
    return FALSE;
  for (const char *at = text; at < end; at++)
    {
      if (!is_separator (*at) || at == *mark)
        continue;
      if (thousands != '\0' && *at != thousands)
        return FALSE;
      thousands = *at;
      if (!is_group (at + 1, end, at == last || at + 4 == *mark))
        return FALSE;
    }
  return TRUE;
}

static gboolean
number_read (Number *number, const char *text)
{
  const char *end;
  const char *mark;
  guint n_digits = 0;

  if (!g_ascii_isdigit (*text))
    return FALSE;
  end = find_end (text);
  number->rest = *end == ' ' ? end + 1 : end;
  if (!find_decimal_mark (text, end, *number->rest != '\0', &mark))
    return FALSE;
  number->n_whole = 0;
  for (const char *at = text; at < end; at++)
    {
      if (at == mark)
        number->n_whole = n_digits;
      if (g_ascii_isdigit (*at))
        number->digits[n_digits++] = *at;
    }
  number->digits[n_digits] = '\0';
  if (mark == NULL)
    number->n_whole = n_digits;
  return TRUE;
}

/* The number times a factor, without its fraction; FALSE where it does not fit. */
static gboolean
number_scale (const Number *number, gint64 factor, gint64 *value)
{
  gint64 whole = 0;
  gint64 fraction = 0;
  gint64 scale = 1;

  for (guint i = 0; i < number->n_whole; i++)
    {
      if (whole > (G_MAXINT64 - 9) / 10)
        return FALSE;
      whole = whole * 10 + g_ascii_digit_value (number->digits[i]);
    }
  if (whole > G_MAXINT64 / factor - 1)
    return FALSE;
  for (const char *at = number->digits + number->n_whole;
       *at != '\0' && scale < G_MAXINT64 / factor / 10;
       at++)
    {
      fraction = fraction * 10 + g_ascii_digit_value (*at);
      scale *= 10;
    }
  *value = whole * factor + fraction * factor / scale;
  return TRUE;
}

static gint64
get_count_factor (const char *rest)
{
  static const struct
  {
    const char *name;
    gint64 factor;
  } factors[] = {
    { "", 1 },
    { "k", 1000 },
    { "thousand", 1000 },
    { "m", 1000 * 1000 },
    { "million", 1000 * 1000 },
    { "b", 1000 * 1000 * 1000 },
    { "billion", 1000 * 1000 * 1000 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (factors); i++)
    {
      if (g_ascii_strcasecmp (rest, factors[i].name) == 0)
        return factors[i].factor;
    }
  return 0;
}

/**
 * gan_text_to_int:
 * @text: (nullable): such as "1,234,567", "12 345", "1.2K", "3.4M" or "2 billion"
 *
 * Reads a count as people write it. Marks for thousands may be commas, points, spaces or
 * apostrophes; a fraction is cut off after K, M and B were applied.
 *
 * Returns: the count, or %GAN_UNKNOWN
 */
gint64
gan_text_to_int (const char *text)
{
  g_autofree char *plain = normalise (text);
  Number number;
  gint64 factor;
  gint64 value;

  if (plain == NULL || !number_read (&number, plain))
    return GAN_UNKNOWN;
  factor = get_count_factor (number.rest);
  if (factor == 0 || !number_scale (&number, factor, &value) || value > GAN_LIMIT_COUNT)
    return GAN_UNKNOWN;
  return value;
}

/**
 * gan_text_to_size:
 * @text: (nullable): such as "500000", "512K", "1.5M" or "2G"
 * @bytes: (out): the size, 0 included
 *
 * Reads a size as it stands in options; K, M, G and T are powers of 1024.
 *
 * Returns: whether @text is a size
 */
gboolean
gan_text_to_size (const char *text, gint64 *bytes)
{
  static const char units[] = "KMGT";
  Number number;
  const char *unit;
  gint64 factor = 1;

  g_return_val_if_fail (bytes != NULL, FALSE);

  if (text == NULL || strnlen (text, MAX_NUMBER_BYTES) >= MAX_NUMBER_BYTES
      || strpbrk (text, ", '") != NULL)
    return FALSE;
  if (!number_read (&number, text))
    return FALSE;
  if (*number.rest != '\0')
    {
      unit = strchr (units, g_ascii_toupper (*number.rest));
      if (unit == NULL || number.rest[1] != '\0')
        return FALSE;
      factor = G_GINT64_CONSTANT (1) << (10 * (unit - units + 1));
    }
  /* A plain number of bytes has no fraction. */
  if (factor == 1 && strchr (text, '.') != NULL)
    return FALSE;
  return number_scale (&number, factor, bytes);
}

/**
 * gan_text_from_size:
 * @bytes: a size
 *
 * Returns: (transfer full) (nullable): such as "512 B" or "12.3 MiB", or %NULL for a negative one
 */
char *
gan_text_from_size (gint64 bytes)
{
  static const char units[] = "KMGTPE";
  guint64 size = (guint64) bytes;
  guint64 unit = 1024;
  guint index = 0;

  if (bytes < 0)
    return NULL;
  if (bytes < 1024)
    return g_strdup_printf ("%d B", (int) bytes);
  while (size / unit >= 1024)
    {
      unit *= 1024;
      index++;
    }
  return g_strdup_printf ("%d.%d %ciB",
                          (int) (size / unit),
                          (int) (size % unit * 10 / unit),
                          units[index]);
}
