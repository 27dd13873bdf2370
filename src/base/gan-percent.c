/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-percent.h"

#include <string.h>

static char *
decode (const char *text, gssize length, gboolean plus_is_space)
{
  gsize n = length < 0 ? strlen (text) : (gsize) length;
  char *out = g_malloc (n + 1);
  gsize used = 0;

  for (gsize i = 0; i < n; i++)
    {
      int byte = 0;

      if (text[i] == '%' && n - i > 2 && g_ascii_isxdigit (text[i + 1])
          && g_ascii_isxdigit (text[i + 2]))
        byte = g_ascii_xdigit_value (text[i + 1]) << 4 | g_ascii_xdigit_value (text[i + 2]);
      if (byte != 0)
        i += 2;
      else
        byte = plus_is_space && text[i] == '+' ? ' ' : text[i];
      out[used++] = (char) byte;
    }
  out[used] = '\0';
  return out;
}

/**
 * gan_percent_decode:
 * @text: any bytes
 * @length: how many of them, or -1 up to the NUL
 *
 * Decodes every `%XX`. A `%` that begins no such thing and `%00`, which a string cannot hold, stay
 * as they are.
 *
 * Returns: (transfer full): the decoded bytes, which need not be UTF-8
 */
char *
gan_percent_decode (const char *text, gssize length)
{
  g_return_val_if_fail (text != NULL, NULL);

  return decode (text, length, FALSE);
}

/**
 * gan_percent_decode_form:
 * @text: any bytes
 * @length: how many of them, or -1 up to the NUL
 *
 * As gan_percent_decode(), for keys and values of a query: `+` stands for a space
 * (application/x-www-form-urlencoded of the WHATWG URL standard).
 *
 * Returns: (transfer full): the decoded bytes, which need not be UTF-8
 */
char *
gan_percent_decode_form (const char *text, gssize length)
{
  g_return_val_if_fail (text != NULL, NULL);

  return decode (text, length, TRUE);
}
