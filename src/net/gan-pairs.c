/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-pairs.h"

#include "gan-percent.h"
#include "gan-redact.h"

#include <string.h>

/* Matching tries every pair against every other one. */
#define MAX_PAIRS 1024

static void
free_pair (gpointer data)
{
  GanPair *pair = data;

  g_free (pair->key);
  g_free (pair->value);
  g_free (pair);
}

static void
take (GPtrArray *pairs, char *key, char *value)
{
  GanPair *pair = g_new (GanPair, 1);

  pair->key = key;
  pair->value = value;
  g_ptr_array_add (pairs, pair);
}

/**
 * gan_pairs_new:
 *
 * Returns: (transfer full) (element-type GanPair): no pairs
 */
GPtrArray *
gan_pairs_new (void)
{
  return g_ptr_array_new_with_free_func (free_pair);
}

/**
 * gan_pairs_add:
 * @pairs: pairs
 * @key: a decoded key
 * @value: its decoded value
 */
void
gan_pairs_add (GPtrArray *pairs, const char *key, const char *value)
{
  take (pairs, g_strdup (key), g_strdup (value));
}

/**
 * gan_pairs_parse:
 * @text: a query or a form body (application/x-www-form-urlencoded)
 * @length: its bytes
 *
 * Returns: (transfer full) (element-type GanPair): its pairs, decoded, in order; a key without '='
 * has an empty value
 */
GPtrArray *
gan_pairs_parse (const char *text, gsize length)
{
  GPtrArray *pairs = gan_pairs_new ();
  const char *end = text + length;

  while (text < end)
    {
      const char *stop = memchr (text, '&', (gsize) (end - text));
      const char *equals = NULL;

      if (stop == NULL)
        stop = end;
      equals = memchr (text, '=', (gsize) (stop - text));
      if (equals != NULL)
        take (pairs,
              gan_percent_decode_form (text, equals - text),
              gan_percent_decode_form (equals + 1, stop - equals - 1));
      else if (stop > text)
        take (pairs, gan_percent_decode_form (text, stop - text), g_strdup (""));
      text = stop + 1;
    }
  return pairs;
}

/**
 * gan_pairs_match_text:
 * @recorded: a text in which REDACTED stands for anything, nothing included
 * @asked: the text of a request
 *
 * Returns: whether they are the same
 */
gboolean
gan_pairs_match_text (const char *recorded, const char *asked)
{
  const char *gap = strstr (recorded, GAN_REDACTED);
  g_autofree char *start = NULL;

  if (gap == NULL)
    return g_str_equal (recorded, asked);
  start = g_strndup (recorded, (gsize) (gap - recorded));
  if (!g_str_has_prefix (asked, start))
    return FALSE;
  asked += strlen (start);
  recorded = gap + strlen (GAN_REDACTED);

  /* Each piece but the last is taken where it first occurs, the last one at the end. */
  while ((gap = strstr (recorded, GAN_REDACTED)) != NULL)
    {
      g_autofree char *piece = g_strndup (recorded, (gsize) (gap - recorded));
      const char *found = strstr (asked, piece);

      if (found == NULL)
        return FALSE;
      asked = found + strlen (piece);
      recorded = gap + strlen (GAN_REDACTED);
    }
  return g_str_has_suffix (asked, recorded);
}

/* From the strictest to the loosest, so that no pair is taken by one that would take another. */
typedef enum
{
  MATCH_EXACTLY,
  MATCH_KEY,
  MATCH_ANY,
  N_MATCHES,
} Match;

static gboolean
pair_matches (const GanPair *recorded, const GanPair *asked, Match how)
{
  switch (how)
    {
    case MATCH_EXACTLY:
      return g_str_equal (recorded->key, asked->key) && g_str_equal (recorded->value, asked->value);
    case MATCH_KEY:
      return g_str_equal (recorded->key, asked->key)
             && gan_pairs_match_text (recorded->value, asked->value);
    case MATCH_ANY:
    case N_MATCHES:
    default:
      return g_str_equal (recorded->key, GAN_REDACTED);
    }
}

/* Pairs off what matches; what is left of @recorded stays in @open. */
static void
pair_off (GPtrArray *open, GPtrArray *asked, gboolean *taken, Match how)
{
  for (guint i = open->len; i-- > 0;)
    for (guint j = 0; j < asked->len; j++)
      if (!taken[j]
          && pair_matches (g_ptr_array_index (open, i), g_ptr_array_index (asked, j), how))
        {
          taken[j] = TRUE;
          g_ptr_array_remove_index (open, i);
          break;
        }
}

/**
 * gan_pairs_match:
 * @recorded: (element-type GanPair): pairs of a recording, REDACTED standing for any value, and as
 *   a key for any pair
 * @asked: (element-type GanPair): pairs of a request
 *
 * Returns: whether both hold the same pairs, in any order
 */
gboolean
gan_pairs_match (GPtrArray *recorded, GPtrArray *asked)
{
  g_autoptr (GPtrArray) open = NULL;
  g_autofree gboolean *taken = NULL;

  if (recorded->len != asked->len || recorded->len > MAX_PAIRS)
    return FALSE;
  open = g_ptr_array_new ();
  for (guint i = 0; i < recorded->len; i++)
    g_ptr_array_add (open, g_ptr_array_index (recorded, i));
  taken = g_new0 (gboolean, asked->len + 1);
  for (Match how = MATCH_EXACTLY; how < N_MATCHES; how++)
    pair_off (open, asked, taken, how);
  return open->len == 0;
}
