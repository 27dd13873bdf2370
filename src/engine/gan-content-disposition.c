/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-content-disposition.h"

#include "gan-limits.h"

#include <string.h>

static const char *
skip_spaces (const char *at)
{
  return at + strspn (at, " \t");
}

/* A quoted string; a backslash takes the next character as it is. Without its closing quote it
 * goes to the end. */
static const char *
read_quoted (const char *at, GString *value)
{
  for (at++; *at != '\0' && *at != '"'; at++)
    {
      if (*at == '\\' && at[1] != '\0')
        at++;
      g_string_append_c (value, *at);
    }
  return *at == '"' ? at + 1 : at;
}

/* Takes the next "; name=value". Blanks inside a value without quotes belong to it, as servers
 * send them. Returns where to go on, NULL at the end. */
static const char *
read_parameter (const char *at, char **name, char **value)
{
  g_autoptr (GString) text = g_string_new (NULL);
  gsize length = 0;

  at = strchr (at, ';');
  if (at == NULL)
    return NULL;
  at = skip_spaces (at + 1);
  length = strcspn (at, "=;");
  *name = g_strstrip (g_ascii_strdown (at, (gssize) length));
  at += length;
  if (*at == '=')
    {
      at = skip_spaces (at + 1);
      if (*at == '"')
        at = read_quoted (at, text);
      else
        {
          length = strcspn (at, ";");
          g_string_append_len (text, at, (gssize) length);
          g_strchomp (text->str);
          at += length;
        }
    }
  *value = g_strdup (text->str);
  return at;
}

/* Octets that are no UTF-8 are Latin-1, as HTTP once had it. */
static char *
to_utf8 (const char *text)
{
  if (g_utf8_validate (text, -1, NULL))
    return g_strdup (text);
  return g_convert (text, -1, "UTF-8", "ISO-8859-1", NULL, NULL, NULL);
}

/* charset'language'percent-encoded, where the charset is UTF-8 or ISO-8859-1. */
static char *
decode_extended (const char *value)
{
  const char *text = strchr (value, '\'');
  g_autofree char *charset = text != NULL ? g_strndup (value, (gsize) (text - value)) : NULL;
  g_autofree char *bytes = NULL;

  text = text != NULL ? strchr (text + 1, '\'') : NULL;
  if (text == NULL)
    return NULL;
  bytes = g_uri_unescape_string (text + 1, NULL);
  if (bytes == NULL)
    return NULL;
  if (g_ascii_strcasecmp (charset, "UTF-8") == 0)
    return g_utf8_validate (bytes, -1, NULL) ? g_steal_pointer (&bytes) : NULL;
  if (g_ascii_strcasecmp (charset, "ISO-8859-1") == 0)
    return g_convert (bytes, -1, "UTF-8", "ISO-8859-1", NULL, NULL, NULL);
  return NULL;
}

/**
 * gan_content_disposition_dup_name:
 * @header: (nullable): the value of the header
 *
 * Reads "filename*" (RFC 8187), else "filename"; the first of each counts. What is wrong with one
 * is no reason to refuse the other. The name is as hostile as the server: see
 * gan_file_name_for_plain_file().
 *
 * Returns: (transfer full) (nullable): the name in UTF-8, or NULL if there is none
 */
char *
gan_content_disposition_dup_name (const char *header)
{
  g_autofree char *plain = NULL;
  g_autofree char *extended = NULL;
  g_autofree char *text = NULL;
  const char *at = NULL;

  if (header == NULL || strlen (header) > GAN_LIMIT_HEADER_BYTES)
    return NULL;
  /* "filename=x" without a type before it is common enough. */
  text = g_ascii_strncasecmp (skip_spaces (header), "filename", 8) == 0
             ? g_strconcat (";", header, NULL)
             : g_strdup (header);
  for (at = text; at != NULL;)
    {
      g_autofree char *name = NULL;
      g_autofree char *value = NULL;

      at = read_parameter (at, &name, &value);
      if (at != NULL && g_str_equal (name, "filename*") && extended == NULL)
        extended = decode_extended (value);
      if (at != NULL && g_str_equal (name, "filename") && plain == NULL)
        plain = to_utf8 (value);
    }
  return extended != NULL && *extended != '\0' ? g_steal_pointer (&extended)
                                               : g_steal_pointer (&plain);
}
