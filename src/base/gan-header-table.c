/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-header-table.h"

#include "gan-limits.h"

#include <string.h>

/* What RFC 9110 §5.6.2 allows in a name beside letters and digits. */
#define TOKEN_MARKS "!#$%&'*+-.^_`|~"

static guint
name_hash (gconstpointer key)
{
  guint hash = 5381;

  for (const char *at = key; *at != '\0'; at++)
    hash = hash * 33 + (guchar) g_ascii_tolower (*at);
  return hash;
}

static gboolean
name_equal (gconstpointer a, gconstpointer b)
{
  return g_ascii_strcasecmp (a, b) == 0;
}

static gboolean
name_is_allowed (const char *name)
{
  static const char *const refused[]
      = { "Authorization", "Cookie", "Cookie2", "Proxy-Authorization", "Set-Cookie" };

  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      if (g_ascii_strcasecmp (name, refused[i]) == 0)
        return FALSE;
    }
  for (const char *at = name; *at != '\0'; at++)
    {
      if (!g_ascii_isalnum (*at) && strchr (TOKEN_MARKS, *at) == NULL)
        return FALSE;
    }
  return *name != '\0';
}

static gboolean
value_is_allowed (const char *value)
{
  if (strpbrk (value, "\r\n") != NULL)
    return FALSE;
  return strnlen (value, GAN_LIMIT_HEADER_BYTES) < GAN_LIMIT_HEADER_BYTES
         && g_utf8_validate (value, -1, NULL);
}

/**
 * gan_header_table_new:
 *
 * Returns: (transfer full): an empty table, to be filled by gan_header_table_set() only
 */
GHashTable *
gan_header_table_new (void)
{
  return g_hash_table_new_full (name_hash, name_equal, g_free, g_free);
}

/**
 * gan_header_table_set:
 * @table: made by gan_header_table_new()
 * @name: such as "Referer"
 * @value: (nullable): %NULL takes the header out
 *
 * Sets a header. Refused, because they may come from a server, are credentials (Cookie,
 * Authorization and their like), names that are no token, values with a line break, that are no
 * UTF-8 or too long, and more than %GAN_LIMIT_HEADER_COUNT headers.
 *
 * Returns: whether it was set
 */
gboolean
gan_header_table_set (GHashTable *table, const char *name, const char *value)
{
  g_return_val_if_fail (table != NULL, FALSE);
  g_return_val_if_fail (name != NULL, FALSE);

  if (value == NULL)
    {
      g_hash_table_remove (table, name);
      return TRUE;
    }
  if (!name_is_allowed (name) || !value_is_allowed (value))
    return FALSE;
  if (g_hash_table_size (table) >= GAN_LIMIT_HEADER_COUNT && !g_hash_table_contains (table, name))
    return FALSE;
  g_hash_table_replace (table, g_strdup (name), g_strdup (value));
  return TRUE;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return g_ascii_strcasecmp (*(const char *const *) a, *(const char *const *) b);
}

/**
 * gan_header_table_get_names:
 * @table: made by gan_header_table_new()
 *
 * Returns: (transfer container) (element-type utf8): the names, sorted
 */
GPtrArray *
gan_header_table_get_names (GHashTable *table)
{
  GPtrArray *names = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer name;

  g_hash_table_iter_init (&iter, table);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    g_ptr_array_add (names, name);
  g_ptr_array_sort (names, compare_names);
  return names;
}
