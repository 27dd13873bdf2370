/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-error.h"
#include "gan-template-private.h"

#include <string.h>

typedef enum
{
  PLACE_PLAIN, /* no URL at all: nothing is encoded */
  PLACE_HOST,
  PLACE_PATH,
  PLACE_QUERY,
} Place;

/* The next {name} of a pattern; literal is what stands before it, or all that is left. */
static gboolean
next_name (const char **pattern, GanSlice *literal, GanSlice *name, GError **error)
{
  gsize length = strcspn (*pattern, "{}");
  const char *open = *pattern + length;
  gsize name_length;

  literal->text = *pattern;
  literal->length = length;
  name->text = NULL;
  name->length = 0;
  *pattern = open;
  if (*open == '\0')
    return TRUE;
  name_length = strcspn (open + 1, "{}");
  if (*open == '}' || open[1 + name_length] != '}' || name_length == 0)
    {
      gan_error_set (error, GAN_ERROR_INVALID_DATA, "template", "braces do not fit at '%s'", open);
      return FALSE;
    }
  name->text = open + 1;
  name->length = name_length;
  *pattern = open + name_length + 2;
  return TRUE;
}

/**
 * gan_template_dup_names:
 * @pattern: a pattern for gan_template_expand()
 * @error: return location for an error
 *
 * Returns: (transfer full): the names it asks for, or %NULL with %GAN_ERROR_INVALID_DATA, reason
 *   "template"
 */
GStrv
gan_template_dup_names (const char *pattern, GError **error)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

  while (*pattern != '\0')
    {
      g_autofree char *copy = NULL;
      GanSlice literal;
      GanSlice name;

      if (!next_name (&pattern, &literal, &name, error))
        return NULL;
      if (name.text == NULL)
        continue;
      copy = g_strndup (name.text, name.length);
      g_strv_builder_add (names, copy);
    }
  return g_strv_builder_end (names);
}

/* Where the next character of a URL stands, given what was written so far. */
static Place
place_after (const char *written)
{
  const char *rest = written;

  if (g_str_has_prefix (written, "https://") || g_str_has_prefix (written, "http://"))
    {
      rest = strstr (written, "://") + 3;
      rest += strcspn (rest, "/?#");
      if (*rest == '\0')
        return PLACE_HOST;
    }
  return strpbrk (rest, "?#") == NULL ? PLACE_PATH : PLACE_QUERY;
}

static gboolean
is_label (const char *value)
{
  if (*value == '\0')
    return FALSE;
  for (; *value != '\0'; value++)
    {
      if (!g_ascii_isalnum (*value) && *value != '-' && *value != '_')
        return FALSE;
    }
  return TRUE;
}

/* A value never leaves its place: no dot in the host, no segment that climbs, no separator. */
static gboolean
append_value (GString *out, Place place, const char *value)
{
  switch (place)
    {
    case PLACE_PLAIN:
      g_string_append (out, value);
      return TRUE;
    case PLACE_HOST:
      g_string_append (out, value);
      return is_label (value);
    case PLACE_PATH:
      g_string_append_uri_escaped (out, value, NULL, FALSE);
      return *value != '\0' && !g_str_equal (value, ".") && !g_str_equal (value, "..");
    case PLACE_QUERY:
    default:
      g_string_append_uri_escaped (out, value, NULL, FALSE);
      return TRUE;
    }
}

static char *
expand (const char *pattern, GHashTable *values, gboolean plain, GError **error)
{
  g_autoptr (GString) out = g_string_new (NULL);

  while (*pattern != '\0')
    {
      g_autofree char *name = NULL;
      const char *value;
      GanSlice literal;
      GanSlice slice;

      if (!next_name (&pattern, &literal, &slice, error))
        return NULL;
      g_string_append_len (out, literal.text, literal.length);
      if (slice.text == NULL)
        continue;
      name = g_strndup (slice.text, slice.length);
      value = g_hash_table_lookup (values, name);
      if (value == NULL)
        {
          gan_error_set (error, GAN_ERROR_INTERNAL, "template", "no value for {%s}", name);
          return NULL;
        }
      if (!append_value (out, plain ? PLACE_PLAIN : place_after (out->str), value))
        {
          gan_error_set (error, GAN_ERROR_INVALID_DATA, "template", "no fit value for {%s}", name);
          return NULL;
        }
    }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

/**
 * gan_template_expand:
 * @pattern: a URL or a path with `{name}` where values go
 * @values: (element-type utf8 utf8): name to value, not encoded
 * @error: return location for an error
 *
 * Puts the values in, percent-encoded as their place asks, so that none can reach beyond it: in the
 * host only letters, digits, `-` and `_`; in a path everything but unreserved characters is encoded
 * (RFC 3986 §2.3) and neither nothing nor a dot segment will do; in a query everything is encoded.
 *
 * Returns: (transfer full): the URL, or %NULL with %GAN_ERROR_INTERNAL for a name without a value
 *   and %GAN_ERROR_INVALID_DATA for a value that does not fit its place, both with reason
 * "template"
 */
char *
gan_template_expand (const char *pattern, GHashTable *values, GError **error)
{
  g_return_val_if_fail (pattern != NULL && values != NULL, NULL);

  return expand (pattern, values, FALSE, error);
}

/**
 * gan_template_expand_plain:
 * @pattern: text with `{name}` where values go, such as `{user}/{id}`
 * @values: (element-type utf8 utf8): name to value
 * @error: return location for an error
 *
 * As gan_template_expand() for what is no URL: values go in as they are.
 *
 * Returns: (transfer full): the text, or %NULL and @error
 */
char *
gan_template_expand_plain (const char *pattern, GHashTable *values, GError **error)
{
  g_return_val_if_fail (pattern != NULL && values != NULL, NULL);

  return expand (pattern, values, TRUE, error);
}
