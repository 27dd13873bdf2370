/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Character references. */
#include "config.h"

#include "gan-limits.h"
#include "gan-text.h"

#include <libxml/HTMLparser.h>
#include <string.h>

#define MAX_REFERENCE_BYTES 32
#define REPLACEMENT_CHARACTER 0xfffd

/* What the HTML standard makes of the numbers 128 to 159, which pages in windows-1252 mean. */
static const guint16 windows_1252[32]
    = { 0x20ac, 0x0081, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
        0x2039, 0x0152, 0x008d, 0x017d, 0x008f, 0x0090, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
        0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x009d, 0x017e, 0x0178 };

static gunichar
read_numeric (const char *text)
{
  gboolean hex = *text == 'x' || *text == 'X';
  gunichar c = 0;

  if (hex)
    text++;
  if (*text == '\0')
    return 0;
  for (; *text != '\0'; text++)
    {
      int digit = hex ? g_ascii_xdigit_value (*text) : g_ascii_digit_value (*text);

      if (digit < 0)
        return 0;
      c = c * (hex ? 16 : 10) + (gunichar) digit;
      if (c > 0x10ffff)
        c = 0x110000;
    }
  if (c >= 0x80 && c <= 0x9f)
    c = windows_1252[c - 0x80];
  return c != 0 && g_unichar_validate (c) ? c : REPLACEMENT_CHARACTER;
}

/* The character that `name` stands for, or 0. */
static gunichar
read_reference (const char *name)
{
  const htmlEntityDesc *entity;

  if (*name == '#')
    return read_numeric (name + 1);
  /* XML has this one, HTML 4 had not. */
  if (strcmp (name, "apos") == 0)
    return '\'';
  entity = htmlEntityLookup ((const xmlChar *) name);
  return entity != NULL ? entity->value : 0;
}

/**
 * gan_text_html_unescape:
 * @text: (nullable): with character references such as "&amp;", "&#39;" or "&#x1F600;"
 *
 * Replaces the references of HTML 4, &apos; and numbers, once: "&amp;lt;" becomes "&lt;". What is
 * no reference, or does not end with a semicolon, stays as it is. Tags are not looked at.
 *
 * Returns: (transfer full) (nullable): valid UTF-8; %NULL only for %NULL
 */
char *
gan_text_html_unescape (const char *text)
{
  g_autofree char *valid = NULL;
  GString *out;
  const char *at;

  if (text == NULL)
    return NULL;
  valid = g_utf8_make_valid (text, -1);
  out = g_string_sized_new (strlen (valid) + 1);
  for (at = valid; *at != '\0';)
    {
      gsize plain = strcspn (at, "&");
      gsize length;
      g_autofree char *name = NULL;
      gunichar c;

      g_string_append_len (out, at, (gssize) plain);
      at += plain;
      if (*at == '\0')
        break;
      length = strcspn (at + 1, "; \t\r\n&<");
      c = 0;
      if (length <= MAX_REFERENCE_BYTES && at[1 + length] == ';')
        {
          name = g_strndup (at + 1, length);
          c = read_reference (name);
        }
      if (c == 0)
        {
          g_string_append_c (out, '&');
          at++;
          continue;
        }
      g_string_append_unichar (out, c);
      at += length + 2;
    }
  return g_string_free (out, FALSE);
}
