/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-rules-read.h"

#include "gan-error.h"

/**
 * gan_rules_fail:
 * @error: return location for an error
 * @key: where in the file, such as "urls[2].template"
 * @format: what is wrong there
 * @...: arguments of @format
 *
 * Sets %GAN_ERROR_INVALID_DATA, reason "rules", with @key as its field.
 *
 * Returns: %FALSE, for the caller to return
 */
gboolean
gan_rules_fail (GError **error, const char *key, const char *format, ...)
{
  g_autofree char *text = NULL;
  GError *new_error;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  new_error = gan_error_new (GAN_ERROR_INVALID_DATA, "rules", "%s: %s", key, text);
  gan_error_set_field (new_error, key);
  g_propagate_error (error, new_error);
  return FALSE;
}

/**
 * gan_rules_read_string:
 * @node: a value
 * @key: its place in the file
 * @error: return location for an error
 *
 * Returns: (transfer none) (nullable): a string that is not empty
 */
const char *
gan_rules_read_string (JsonNode *node, const char *key, GError **error)
{
  const char *text = NULL;

  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    text = json_node_get_string (node);
  if (text == NULL || *text == '\0')
    {
      gan_rules_fail (error, key, "must be a string that is not empty");
      return NULL;
    }
  return text;
}

/**
 * gan_rules_read_int:
 * @node: a value
 * @min: the smallest that will do
 * @max: the greatest that will do
 * @value: (out): where the number goes
 * @key: its place in the file
 * @error: return location for an error
 *
 * Returns: whether it is a whole number within the bounds
 */
gboolean
gan_rules_read_int (JsonNode *node,
                    gint64 min,
                    gint64 max,
                    gint64 *value,
                    const char *key,
                    GError **error)
{
  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_INT64)
    {
      *value = json_node_get_int (node);
      if (*value >= min && *value <= max)
        return TRUE;
    }
  return gan_rules_fail (error,
                         key,
                         "must be a whole number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT,
                         min,
                         max);
}

/**
 * gan_rules_read_array:
 * @node: a value
 * @key: its place in the file
 * @error: return location for an error
 *
 * Returns: (transfer none) (nullable): the array
 */
JsonArray *
gan_rules_read_array (JsonNode *node, const char *key, GError **error)
{
  if (JSON_NODE_HOLDS_ARRAY (node))
    return json_node_get_array (node);
  gan_rules_fail (error, key, "must be an array");
  return NULL;
}

/**
 * gan_rules_read_object:
 * @node: a value
 * @key: its place in the file
 * @error: return location for an error
 *
 * Returns: (transfer none) (nullable): the object
 */
JsonObject *
gan_rules_read_object (JsonNode *node, const char *key, GError **error)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    return json_node_get_object (node);
  gan_rules_fail (error, key, "must be an object");
  return NULL;
}

/**
 * gan_rules_read_strings:
 * @node: a value
 * @key: its place in the file
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): the elements of an array of strings
 */
GStrv
gan_rules_read_strings (JsonNode *node, const char *key, GError **error)
{
  g_autoptr (GStrvBuilder) strings = g_strv_builder_new ();
  JsonArray *array = gan_rules_read_array (node, key, error);

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      g_autofree char *place = g_strdup_printf ("%s[%u]", key, i);
      const char *text = gan_rules_read_string (json_array_get_element (array, i), place, error);

      if (text == NULL)
        return NULL;
      g_strv_builder_add (strings, text);
    }
  return array == NULL ? NULL : g_strv_builder_end (strings);
}

/**
 * gan_rules_read_string_map:
 * @node: a value
 * @map: (element-type utf8 utf8): where copies of names and strings go
 * @key: its place in the file
 * @error: return location for an error
 *
 * Returns: whether it is an object of strings
 */
gboolean
gan_rules_read_string_map (JsonNode *node, GHashTable *map, const char *key, GError **error)
{
  JsonObject *object = gan_rules_read_object (node, key, error);
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (object == NULL)
    return FALSE;
  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &name, &value))
    {
      g_autofree char *place = g_strconcat (key, ".", name, NULL);
      const char *text = gan_rules_read_string (value, place, error);

      if (text == NULL)
        return FALSE;
      g_hash_table_replace (map, g_strdup (name), g_strdup (text));
    }
  return TRUE;
}

static gboolean
check_known (JsonObject *object,
             const GanRulesMember *members,
             gsize n_members,
             const char *prefix,
             GError **error)
{
  JsonObjectIter iter;
  const char *name;

  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &name, NULL))
    {
      gsize i = 0;

      while (i < n_members && !g_str_equal (members[i].key, name))
        i++;
      if (i == n_members)
        {
          g_autofree char *place = g_strconcat (prefix, name, NULL);

          return gan_rules_fail (error, place, "unknown key");
        }
    }
  return TRUE;
}

/**
 * gan_rules_read_members:
 * @target: what the functions of @members fill
 * @node: a value
 * @members: the keys that the object may have; read in this order
 * @n_members: how many
 * @key: place of the object in the file, or "" for the file itself
 * @error: return location for an error
 *
 * Returns: whether it is an object of which every member is known and well-formed, and none that is
 *   required is missing
 */
gboolean
gan_rules_read_members (gpointer target,
                        JsonNode *node,
                        const GanRulesMember *members,
                        gsize n_members,
                        const char *key,
                        GError **error)
{
  g_autofree char *prefix = g_strconcat (key, *key == '\0' ? "" : ".", NULL);
  JsonObject *object = gan_rules_read_object (node, *key == '\0' ? "file" : key, error);

  if (object == NULL || !check_known (object, members, n_members, prefix, error))
    return FALSE;
  for (gsize i = 0; i < n_members; i++)
    {
      g_autofree char *place = g_strconcat (prefix, members[i].key, NULL);
      JsonNode *member = json_object_get_member (object, members[i].key);

      if (member == NULL && members[i].required)
        return gan_rules_fail (error, place, "missing");
      if (member != NULL && !members[i].read (target, member, place, error))
        return FALSE;
    }
  return TRUE;
}
