/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-text.h"

#include "gan-limits.h"

#include <string.h>

/* No script stacks more marks on a letter than this; pranks do, to cover the lines around. */
#define MAX_MARKS 8

/* Below are Latin, Greek aside: no letter there is shaped by a joiner. */
#define FIRST_SHAPED 0x0300

#define FULLWIDTH_HASH 0xff03
#define FULLWIDTH_AT 0xff20
#define ZERO_WIDTH_NON_JOINER 0x200c
#define ZERO_WIDTH_JOINER 0x200d

/* A bounded copy that is valid UTF-8. */
static char *
dup_valid (const char *text)
{
  return g_utf8_make_valid (text, (gssize) strnlen (text, GAN_LIMIT_TEXT_BYTES));
}

static gboolean
is_joiner (gunichar c)
{
  return c == ZERO_WIDTH_NON_JOINER || c == ZERO_WIDTH_JOINER;
}

/* What turns the direction of the text around it (Unicode Standard Annex 9). */
static gboolean
is_bidi_control (gunichar c)
{
  return c == 0x061c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e)
         || (c >= 0x2066 && c <= 0x206f);
}

/* What is there without being seen, joiners aside. */
static gboolean
is_invisible (gunichar c)
{
  return c == 0x00ad || c == 0x034f || c == 0x115f || c == 0x1160 || c == 0x180e || c == 0x200b
         || (c >= 0x2060 && c <= 0x2065) || c == 0x3164 || c == 0xfeff || c == 0xffa0
         || (c >= 0xfff9 && c <= 0xfffb) || (c >= 0xe0000 && c <= 0xe007f);
}

static gboolean
is_line_break (gunichar c)
{
  return c == '\n' || c == '\r' || c == '\v' || c == '\f' || c == 0x85 || c == 0x2028
         || c == 0x2029;
}

static gboolean
is_space (gunichar c)
{
  return is_line_break (c) || g_unichar_isspace (c);
}

static gboolean
is_word (gunichar c)
{
  return c == '_' || g_unichar_isalnum (c) || g_unichar_ismark (c);
}

/**
 * gan_text_sanitize:
 * @text: (nullable): from anywhere
 * @max_bytes: of the result
 *
 * Makes one plain line: valid UTF-8 in normal form C, without control and bidi characters and
 * others that are not seen (joiners stay between letters that they shape), white space collapsed
 * and trimmed, no more than a few marks on a letter, cut between characters.
 *
 * Returns: (transfer full) (nullable): the line, which may be empty; %NULL only for %NULL
 */
char *
gan_text_sanitize (const char *text, gsize max_bytes)
{
  g_autofree char *valid = NULL;
  g_autofree char *normal = NULL;
  GString *out;
  gunichar pending = 0;
  gunichar last = 0;
  guint n_marks = 0;

  if (text == NULL)
    return NULL;
  valid = dup_valid (text);
  normal = g_utf8_normalize (valid, -1, G_NORMALIZE_DEFAULT_COMPOSE);
  out = g_string_new (NULL);
  for (const char *at = normal; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);
      gsize room;

      if (is_space (c))
        {
          pending = ' ';
          continue;
        }
      if (g_unichar_iscntrl (c) || is_bidi_control (c) || is_invisible (c))
        continue;
      if (is_joiner (c))
        {
          if (pending == 0 && last >= FIRST_SHAPED)
            pending = c;
          continue;
        }
      n_marks = g_unichar_ismark (c) ? n_marks + 1 : 0;
      if (n_marks > MAX_MARKS)
        continue;
      if (out->len == 0 || (is_joiner (pending) && c < FIRST_SHAPED))
        pending = 0;
      room = (pending != 0 ? (gsize) g_unichar_to_utf8 (pending, NULL) : 0)
             + (gsize) g_unichar_to_utf8 (c, NULL);
      if (out->len + room > max_bytes)
        break;
      if (pending != 0)
        g_string_append_unichar (out, pending);
      g_string_append_unichar (out, c);
      pending = 0;
      last = c;
    }
  return g_string_free (out, FALSE);
}

/**
 * gan_text_first_line:
 * @text: (nullable): of several lines
 * @max_chars: of the result
 *
 * Takes the first line that is not blank, without the white space around it, and cuts it between
 * words if it is longer than @max_chars characters.
 *
 * Returns: (transfer full) (nullable): the line, or %NULL if there is none
 */
char *
gan_text_first_line (const char *text, gsize max_chars)
{
  g_autofree char *valid = NULL;
  const char *start;
  const char *end;
  const char *word_end;
  gsize n_chars = 0;

  if (text == NULL || max_chars == 0)
    return NULL;
  valid = dup_valid (text);
  for (start = valid; *start != '\0' && is_space (g_utf8_get_char (start));)
    start = g_utf8_next_char (start);
  if (*start == '\0')
    return NULL;

  word_end = NULL;
  for (end = start; *end != '\0' && !is_line_break (g_utf8_get_char (end));)
    {
      if (is_space (g_utf8_get_char (end)) && !is_space (g_utf8_get_char (g_utf8_prev_char (end))))
        word_end = end;
      if (n_chars++ == max_chars)
        return g_strndup (start, (gsize) ((word_end != NULL ? word_end : end) - start));
      end = g_utf8_next_char (end);
    }
  while (is_space (g_utf8_get_char (g_utf8_prev_char (end))))
    end = g_utf8_prev_char (end);
  return g_strndup (start, (gsize) (end - start));
}

/**
 * gan_text_for_terminal:
 * @text: (nullable): from anywhere
 *
 * Makes what a terminal can show without being steered by it: control characters, line breaks and
 * what turns the direction of writing or is not seen become escapes such as "\n", "\x1b" or
 * "\u202e"; what is no UTF-8 becomes U+FFFD.
 *
 * Returns: (transfer full) (nullable): the text; %NULL only for %NULL
 */
char *
gan_text_for_terminal (const char *text)
{
  g_autofree char *valid = NULL;
  GString *out;

  if (text == NULL)
    return NULL;
  valid = g_utf8_make_valid (text, -1);
  out = g_string_sized_new (strlen (valid) + 1);
  for (const char *at = valid; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (c == '\n')
        g_string_append (out, "\\n");
      else if (c == '\t')
        g_string_append (out, "\\t");
      else if (c == '\r')
        g_string_append (out, "\\r");
      else if (g_unichar_iscntrl (c))
        g_string_append_printf (out, "\\x%02x", c);
      else if (is_bidi_control (c) || is_invisible (c) || is_line_break (c))
        g_string_append_printf (out, "\\u%04x", c);
      else
        g_string_append_unichar (out, c);
    }
  return g_string_free (out, FALSE);
}

/* Where the tag that begins at `text` ends. `inside` may stand between characters of a word. */
static const char *
find_tag_end (const char *text, char inside)
{
  const char *end = text;
  const char *at = text;

  while (*at != '\0')
    {
      gunichar c = g_utf8_get_char (at);

      if (!is_word (c) && (inside == '\0' || c != (gunichar) inside))
        break;
      at = g_utf8_next_char (at);
      if (is_word (c))
        end = at;
    }
  return end;
}

static gboolean
has_letter (const char *text)
{
  for (; *text != '\0'; text = g_utf8_next_char (text))
    {
      if (!g_unichar_isdigit (g_utf8_get_char (text)))
        return TRUE;
    }
  return FALSE;
}

/* Collects the words behind a sign that stands at the beginning of a word itself: in a@b.example,
 * /#top and &#39; it does not. */
static GStrv
collect_tags (const char *text, gunichar sign, gunichar wide_sign, char inside, gboolean letters)
{
  g_autofree char *valid = dup_valid (text != NULL ? text : "");
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) tags = g_ptr_array_new_with_free_func (g_free);
  gunichar before = ' ';

  for (const char *at = valid; *at != '\0' && tags->len < GAN_LIMIT_LIST_ENTRIES;)
    {
      gunichar c = g_utf8_get_char (at);
      gboolean opens = (c == sign || c == wide_sign) && !is_word (before)
                       && (before >= 0x80 || strchr ("/&@#.=", (int) before) == NULL);
      const char *end;
      g_autofree char *tag = NULL;

      at = g_utf8_next_char (at);
      before = c;
      if (!opens)
        continue;
      end = find_tag_end (at, inside);
      if (end == at)
        continue;
      tag = g_strndup (at, (gsize) (end - at));
      at = end;
      before = 'x';
      if ((!letters || has_letter (tag)) && g_hash_table_add (seen, tag))
        g_ptr_array_add (tags, g_steal_pointer (&tag));
    }
  g_ptr_array_add (tags, NULL);
  return (GStrv) g_ptr_array_free (g_steal_pointer (&tags), FALSE);
}

/**
 * gan_text_to_hashtags:
 * @text: (nullable): what someone wrote
 *
 * Finds words behind a '#': letters, digits, marks and '_' of any script, not digits alone.
 *
 * Returns: (transfer full): them without the sign, each once, in order; may be empty
 */
GStrv
gan_text_to_hashtags (const char *text)
{
  return collect_tags (text, '#', FULLWIDTH_HASH, '\0', TRUE);
}

/**
 * gan_text_to_mentions:
 * @text: (nullable): what someone wrote
 *
 * Finds words behind an '@', which may have points inside. The host of an e-mail address is none.
 *
 * Returns: (transfer full): them without the sign, each once, in order; may be empty
 */
GStrv
gan_text_to_mentions (const char *text)
{
  return collect_tags (text, '@', FULLWIDTH_AT, '.', FALSE);
}
