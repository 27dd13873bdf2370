/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-literal.h"

/* More than any label shows, less than Pango minds. */
#define MAX_CHARS 300
/* On one letter; with more of them a line grows over its neighbours. */
#define MAX_MARKS 3

#define FIRST_STRONG_ISOLATE "\xe2\x81\xa8"
#define POP_ISOLATE "\xe2\x81\xa9"

static gboolean
is_mark (gunichar c)
{
  GUnicodeType type = g_unichar_type (c);

  return type == G_UNICODE_NON_SPACING_MARK || type == G_UNICODE_ENCLOSING_MARK;
}

static gboolean
is_blank (gunichar c)
{
  return g_unichar_isspace (c) || g_unichar_iscntrl (c);
}

/**
 * gan_literal_dup:
 * @text: (nullable): foreign text, of any length
 *
 * Blanks, line ends and control characters become one blank each run, and no more combining marks
 * stay on a letter than languages use. Not for markup: a label takes it with gtk_label_set_text().
 *
 * Returns: (transfer full): one line of at most 300 characters, "" for %NULL
 */
char *
gan_literal_dup (const char *text)
{
  GString *line = g_string_new (NULL);
  guint n_chars = 0;
  guint n_marks = 0;

  for (; text != NULL && *text != '\0' && n_chars < MAX_CHARS; text = g_utf8_next_char (text))
    {
      gunichar c = g_utf8_get_char_validated (text, -1);

      if (c >= 0x110000)
        break;
      n_marks = is_mark (c) ? n_marks + 1 : 0;
      if (n_marks > MAX_MARKS)
        continue;
      if (!is_blank (c))
        g_string_append_unichar (line, c);
      else if (line->len > 0 && line->str[line->len - 1] != ' ')
        g_string_append_c (line, ' ');
      n_chars++;
    }
  if (n_chars == MAX_CHARS)
    g_string_append (line, "…");
  return g_strchomp (g_string_free (line, FALSE));
}

/**
 * gan_literal_dup_isolated:
 * @text: (nullable): foreign text
 *
 * Returns: (transfer full): as gan_literal_dup(), so that its direction does not reach the words
 *   around it; "" for nothing
 */
char *
gan_literal_dup_isolated (const char *text)
{
  g_autofree char *line = gan_literal_dup (text);

  return *line != '\0' ? g_strconcat (FIRST_STRONG_ISOLATE, line, POP_ISOLATE, NULL)
                       : g_strdup ("");
}
