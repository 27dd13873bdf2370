/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-charset.h"

#include <string.h>

#define MAX_NAME_BYTES 40
#define REPLACEMENT "\357\277\275" /* U+FFFD */

/* The names that pages use (WHATWG Encoding Standard) and what iconv calls them. Other names never
 * reach iconv: a server does not choose which of its modules is loaded. Latin-1 means Windows-1252,
 * as in every browser. */
static const struct
{
  const char *label;
  const char *iconv_name;
} charsets[] = {
  { "ascii", "WINDOWS-1252" },
  { "big5", "BIG5-HKSCS" },
  { "cp1251", "WINDOWS-1251" },
  { "cp1252", "WINDOWS-1252" },
  { "euc-jp", "EUC-JP" },
  { "euc-kr", "UHC" },
  { "gb18030", "GB18030" },
  { "gb2312", "GBK" },
  { "gbk", "GBK" },
  { "iso-8859-1", "WINDOWS-1252" },
  { "iso-8859-2", "ISO-8859-2" },
  { "iso-8859-3", "ISO-8859-3" },
  { "iso-8859-4", "ISO-8859-4" },
  { "iso-8859-5", "ISO-8859-5" },
  { "iso-8859-6", "ISO-8859-6" },
  { "iso-8859-7", "ISO-8859-7" },
  { "iso-8859-8", "ISO-8859-8" },
  { "iso-8859-9", "WINDOWS-1254" },
  { "iso-8859-10", "ISO-8859-10" },
  { "iso-8859-13", "ISO-8859-13" },
  { "iso-8859-14", "ISO-8859-14" },
  { "iso-8859-15", "ISO-8859-15" },
  { "iso-8859-16", "ISO-8859-16" },
  { "koi8-r", "KOI8-R" },
  { "koi8-u", "KOI8-U" },
  { "latin1", "WINDOWS-1252" },
  { "ms_kanji", "CP932" },
  { "shift-jis", "CP932" },
  { "shift_jis", "CP932" },
  { "sjis", "CP932" },
  { "tis-620", "TIS-620" },
  { "us-ascii", "WINDOWS-1252" },
  { "utf-16", "UTF-16LE" },
  { "utf-16be", "UTF-16BE" },
  { "utf-16le", "UTF-16LE" },
  { "windows-1250", "WINDOWS-1250" },
  { "windows-1251", "WINDOWS-1251" },
  { "windows-1252", "WINDOWS-1252" },
  { "windows-1253", "WINDOWS-1253" },
  { "windows-1254", "WINDOWS-1254" },
  { "windows-1255", "WINDOWS-1255" },
  { "windows-1256", "WINDOWS-1256" },
  { "windows-1257", "WINDOWS-1257" },
  { "windows-1258", "WINDOWS-1258" },
  { "windows-31j", "CP932" },
  { "x-sjis", "CP932" },
};

static const char *
find_iconv_name (const char *charset)
{
  for (gsize i = 0; charset != NULL && i < G_N_ELEMENTS (charsets); i++)
    if (g_ascii_strcasecmp (charset, charsets[i].label) == 0)
      return charsets[i].iconv_name;
  return NULL;
}

/**
 * gan_charset_from_content_type:
 * @content_type: (nullable): a Content-Type as a server wrote it
 *
 * Returns: (transfer full) (nullable): its parameter charset, without quotes
 */
char *
gan_charset_from_content_type (const char *content_type)
{
  const char *parameter = content_type != NULL ? strchr (content_type, ';') : NULL;

  while (parameter != NULL)
    {
      parameter += 1 + strspn (parameter + 1, " \t");
      if (g_ascii_strncasecmp (parameter, "charset=", 8) == 0)
        {
          const char *value = parameter + 8 + strspn (parameter + 8, "\"'");
          gsize length = strcspn (value, "\"'; \t,");

          return length > 0 && length <= MAX_NAME_BYTES ? g_strndup (value, length) : NULL;
        }
      parameter = strchr (parameter, ';');
    }
  return NULL;
}

static gboolean
has_prefix (const char *data, gsize length, const char *prefix)
{
  gsize n = strlen (prefix);

  return length >= n && memcmp (data, prefix, n) == 0;
}

static GString *
latin1_to_utf8 (const char *data, gsize length)
{
  GString *out = g_string_sized_new (length + length / 4);

  for (gsize i = 0; i < length; i++)
    g_string_append_unichar (out, (guchar) data[i]);
  return out;
}

static GString *
try_iconv (const char *data, gsize length, const char *iconv_name)
{
  g_autofree char *converted = NULL;
  GString *out = NULL;
  gsize n_written = 0;

  converted = g_convert (data, (gssize) length, "UTF-8", iconv_name, NULL, &n_written, NULL);
  if (converted == NULL)
    return NULL;
  out = g_string_sized_new (n_written);
  g_string_append_len (out, converted, (gssize) n_written);
  return out;
}

/* g_utf8_make_valid() would do the same, but stop at the first NUL. Each bad byte becomes U+FFFD.
 */
static GString *
repair_utf8 (const char *data, gsize length)
{
  GString *out = g_string_sized_new (length + 1);
  const char *end = data + length;

  while (data < end)
    {
      const char *bad = NULL;

      g_utf8_validate_len (data, (gsize) (end - data), &bad);
      g_string_append_len (out, data, bad - data);
      if (bad < end)
        g_string_append (out, REPLACEMENT);
      data = bad < end ? bad + 1 : end;
    }
  return out;
}

static gboolean
is_utf8 (const char *data, gsize length)
{
  const char *end = data + length;

  while (data < end)
    {
      const char *bad = NULL;

      g_utf8_validate_len (data, (gsize) (end - data), &bad);
      if (bad < end && *bad != '\0')
        return FALSE;
      data = bad < end ? bad + 1 : end;
    }
  return TRUE;
}

/**
 * gan_charset_to_utf8:
 * @data: bytes
 * @length: their number
 * @charset: (nullable): what the server calls their encoding
 *
 * A byte order mark decides, then @charset, then whether the bytes are UTF-8; what is left is
 * Windows-1252 or Latin-1. Never fails.
 *
 * Returns: (transfer full): valid UTF-8 without a byte order mark; a NUL and what cannot be decoded
 * is U+FFFD
 */
GString *
gan_charset_to_utf8 (const char *data, gsize length, const char *charset)
{
  const char *iconv_name = find_iconv_name (charset);
  gboolean says_utf8 = charset != NULL
                       && (g_ascii_strcasecmp (charset, "utf-8") == 0
                           || g_ascii_strcasecmp (charset, "utf8") == 0);
  g_autoptr (GString) text = NULL;

  if (has_prefix (data, length, "\357\273\277"))
    return repair_utf8 (data + 3, length - 3);
  if (has_prefix (data, length, "\377\376"))
    text = try_iconv (data + 2, length - 2, "UTF-16LE");
  else if (has_prefix (data, length, "\376\377"))
    text = try_iconv (data + 2, length - 2, "UTF-16BE");
  else if (iconv_name != NULL)
    text = try_iconv (data, length, iconv_name);

  if (text == NULL && (says_utf8 || is_utf8 (data, length)))
    return repair_utf8 (data, length);
  if (text == NULL)
    text = try_iconv (data, length, "WINDOWS-1252");
  if (text == NULL)
    text = latin1_to_utf8 (data, length);
  return repair_utf8 (text->str, text->len);
}
