/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-json.h"

#include "gan-error.h"
#include "gan-json-private.h"
#include "gan-limits.h"
#include "gan-record.h"

#include <math.h>
#include <string.h>

#define BYTE_ORDER_MARK "\xef\xbb\xbf"

/* One step of a path: a member, an element, or every element. */
typedef struct
{
  const char *name;
  gsize name_length;
  guint index;
  enum
  {
    STEP_MEMBER,
    STEP_ELEMENT,
    STEP_EVERY,
  } type;
} Step;

static gboolean
step_read_index (const char **path, Step *step)
{
  const char *at = *path + 1;
  guint index = 0;

  if (at[0] == '*' && at[1] == ']')
    {
      step->type = STEP_EVERY;
      *path = at + 2;
      return TRUE;
    }
  if (!g_ascii_isdigit (*at))
    return FALSE;
  for (; g_ascii_isdigit (*at); at++)
    {
      index = index * 10 + (guint) g_ascii_digit_value (*at);
      if (index > G_MAXINT / 16)
        return FALSE;
    }
  if (*at != ']')
    return FALSE;
  step->type = STEP_ELEMENT;
  step->index = index;
  *path = at + 1;
  return TRUE;
}

static gboolean
step_read_member (const char **path, Step *step)
{
  gsize length = strcspn (*path, ".[]");

  if (length == 0)
    return FALSE;
  step->type = STEP_MEMBER;
  step->name = *path;
  step->name_length = length;
  *path += length;
  return TRUE;
}

/* Reads one step and moves on; FALSE if the path is not well formed. */
static gboolean
step_read (const char **path, gboolean first, Step *step)
{
  if (**path == '[')
    return step_read_index (path, step);
  if (first)
    return step_read_member (path, step);
  if (**path != '.')
    return FALSE;
  (*path)++;
  return step_read_member (path, step);
}

static JsonNode *
step_follow (const Step *step, JsonNode *node)
{
  g_autofree char *name = NULL;
  JsonArray *array;

  if (step->type == STEP_MEMBER)
    {
      if (!JSON_NODE_HOLDS_OBJECT (node))
        return NULL;
      name = g_strndup (step->name, step->name_length);
      return json_object_get_member (json_node_get_object (node), name);
    }
  if (!JSON_NODE_HOLDS_ARRAY (node))
    return NULL;
  array = json_node_get_array (node);
  if (step->index >= json_array_get_length (array))
    return NULL;
  return json_array_get_element (array, step->index);
}

/**
 * gan_json_path_is_valid:
 * @path: (nullable): as in gan_json_find_all()
 *
 * Returns: whether @path can be followed at all; an empty one can
 */
gboolean
gan_json_path_is_valid (const char *path)
{
  const char *at = path != NULL ? path : "";
  gboolean first = TRUE;
  Step step;

  if (strlen (at) > GAN_LIMIT_JSON_PATH_BYTES)
    return FALSE;
  for (; *at != '\0'; first = FALSE)
    {
      if (!step_read (&at, first, &step))
        return FALSE;
    }
  return TRUE;
}

/**
 * gan_json_parse:
 * @data: JSON from anywhere
 * @length: of @data in bytes, or -1 if it ends with a NUL
 * @max_bytes: above which it is refused, such as %GAN_LIMIT_JSON_BYTES
 * @max_depth: of arrays and objects in each other, such as %GAN_LIMIT_JSON_DEPTH
 * @error: %GAN_ERROR_INVALID_DATA, reason json-too-large, json-encoding, json-too-deep or
 *   json-syntax; never with a piece of @data in its message
 *
 * Reads JSON by RFC 8259. A byte order mark is skipped, of equal keys the last one counts, an
 * integer beyond 64 bits becomes a double, half a surrogate pair or U+0000 becomes U+FFFD.
 *
 * Returns: (transfer full): the root
 */
JsonNode *
gan_json_parse (const char *data, gssize length, gsize max_bytes, guint max_depth, GError **error)
{
  g_autoptr (GError) parse_error = NULL;
  g_autoptr (JsonParser) parser = NULL;
  g_autoptr (GString) repaired = NULL;
  JsonNode *root;
  gsize size;

  g_return_val_if_fail (data != NULL || length == 0, NULL);

  size = length < 0 ? strlen (data) : (gsize) length;
  if (size > MIN (max_bytes, (gsize) G_MAXINT))
    {
      gan_error_set (error,
                     GAN_ERROR_INVALID_DATA,
                     "json-too-large",
                     "JSON of %" G_GSIZE_FORMAT " bytes is more than %" G_GSIZE_FORMAT,
                     size,
                     max_bytes);
      return NULL;
    }
  if (size > 0 && !g_utf8_validate (data, (gssize) size, NULL))
    {
      gan_error_set (error, GAN_ERROR_INVALID_DATA, "json-encoding", "JSON is not UTF-8");
      return NULL;
    }
  if (size >= strlen (BYTE_ORDER_MARK) && g_str_has_prefix (data, BYTE_ORDER_MARK))
    {
      data += strlen (BYTE_ORDER_MARK);
      size -= strlen (BYTE_ORDER_MARK);
    }
  if (!gan_json_check (data, size, max_depth, &repaired, error))
    return NULL;

  parser = json_parser_new ();
  if (!json_parser_load_from_data (parser,
                                   repaired != NULL ? repaired->str : data,
                                   repaired != NULL ? (gssize) repaired->len : (gssize) size,
                                   &parse_error)
      || (root = json_parser_steal_root (parser)) == NULL)
    {
      gan_error_set (error, GAN_ERROR_INVALID_DATA, "json-syntax", "invalid JSON");
      return NULL;
    }
  return root;
}

static JsonNode *
copy_array (JsonArray *array)
{
  JsonArray *copy = json_array_sized_new (json_array_get_length (array));
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);

  for (guint i = 0; i < json_array_get_length (array); i++)
    json_array_add_element (copy, gan_json_copy (json_array_get_element (array, i)));
  json_node_take_array (node, copy);
  return node;
}

static JsonNode *
copy_object (JsonObject *object)
{
  JsonObject *copy = json_object_new ();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  JsonObjectIter iter;
  const char *name;
  JsonNode *member;

  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &member))
    json_object_set_member (copy, name, gan_json_copy (member));
  json_node_take_object (node, copy);
  return node;
}

/**
 * gan_json_copy:
 * @node: what to copy
 *
 * Copies @node with all that is in it. json_node_copy() instead takes references to the array or
 * object, and their counts are not atomic: two threads must not do so at once.
 *
 * Returns: (transfer full): the copy, not sealed, which shares nothing with @node
 */
JsonNode *
gan_json_copy (JsonNode *node)
{
  g_auto (GValue) value = G_VALUE_INIT;
  JsonNode *copy;

  g_return_val_if_fail (node != NULL, NULL);

  if (JSON_NODE_HOLDS_ARRAY (node))
    return copy_array (json_node_get_array (node));
  if (JSON_NODE_HOLDS_OBJECT (node))
    return copy_object (json_node_get_object (node));
  copy = json_node_new (json_node_get_node_type (node));
  if (JSON_NODE_HOLDS_VALUE (node))
    {
      json_node_get_value (node, &value);
      json_node_set_value (copy, &value);
    }
  return copy;
}

/**
 * gan_json_find:
 * @node: (nullable): where to begin
 * @path: (nullable): such as "a.b[0].c"; %NULL or "" is @node itself
 *
 * Returns: (transfer none) (nullable): the node at @path, which may hold null, or %NULL if there is
 *   none
 */
JsonNode *
gan_json_find (JsonNode *node, const char *path)
{
  const char *at = path != NULL ? path : "";
  gboolean first = TRUE;
  Step step;

  for (; node != NULL && *at != '\0'; first = FALSE)
    {
      if (!step_read (&at, first, &step) || step.type == STEP_EVERY)
        return NULL;
      node = step_follow (&step, node);
    }
  return node;
}

static void
find_all_from (JsonNode *node, const char *path, gboolean first, GPtrArray *found)
{
  const char *at = path;
  Step step;
  JsonArray *array;

  while (node != NULL && *at != '\0')
    {
      if (!step_read (&at, first, &step))
        return;
      first = FALSE;
      if (step.type == STEP_EVERY)
        {
          if (!JSON_NODE_HOLDS_ARRAY (node))
            return;
          array = json_node_get_array (node);
          for (guint i = 0; i < json_array_get_length (array); i++)
            find_all_from (json_array_get_element (array, i), at, FALSE, found);
          return;
        }
      node = step_follow (&step, node);
    }
  if (node != NULL && found->len < GAN_LIMIT_JSON_FOUND)
    g_ptr_array_add (found, node);
}

/**
 * gan_json_find_all:
 * @node: (nullable): where to begin
 * @path: (nullable): such as "a[*].b"; "[*]" stands for every element of an array
 *
 * Elements without what follows in @path are left out. No more than %GAN_LIMIT_JSON_FOUND nodes are
 * found.
 *
 * Returns: (transfer container) (element-type JsonNode): the nodes at @path, in order; they live as
 *   long as @node
 */
GPtrArray *
gan_json_find_all (JsonNode *node, const char *path)
{
  GPtrArray *found = g_ptr_array_new ();

  if (gan_json_path_is_valid (path))
    find_all_from (node, path != NULL ? path : "", TRUE, found);
  return found;
}

static JsonNode *
find_value (JsonNode *node, const char *path, GType type)
{
  JsonNode *found = gan_json_find (node, path);

  if (found == NULL || !JSON_NODE_HOLDS_VALUE (found) || json_node_get_value_type (found) != type)
    return NULL;
  return found;
}

/**
 * gan_json_get_string:
 * @node: (nullable): where to begin
 * @path: (nullable): as in gan_json_find()
 *
 * Returns: (transfer none) (nullable): the string at @path, or %NULL if there is none
 */
const char *
gan_json_get_string (JsonNode *node, const char *path)
{
  JsonNode *found = find_value (node, path, G_TYPE_STRING);

  return found != NULL ? json_node_get_string (found) : NULL;
}

/**
 * gan_json_get_int:
 * @node: (nullable): where to begin
 * @path: (nullable): as in gan_json_find()
 *
 * Reads an integer, a double that is a whole number, or a string of decimal digits.
 *
 * Returns: the number at @path, or %GAN_UNKNOWN if there is none
 */
gint64
gan_json_get_int (JsonNode *node, const char *path)
{
  JsonNode *found = gan_json_find (node, path);
  gint64 number = GAN_UNKNOWN;
  double real;

  if (found == NULL || !JSON_NODE_HOLDS_VALUE (found))
    return GAN_UNKNOWN;
  if (json_node_get_value_type (found) == G_TYPE_INT64)
    return json_node_get_int (found);
  if (json_node_get_value_type (found) == G_TYPE_DOUBLE)
    {
      real = json_node_get_double (found);
      if (isfinite (real) && trunc (real) == real && fabs (real) < (double) G_MAXINT64)
        number = (gint64) real;
    }
  else if (json_node_get_value_type (found) == G_TYPE_STRING)
    {
      if (!g_ascii_string_to_signed (json_node_get_string (found),
                                     10,
                                     G_MININT64,
                                     G_MAXINT64,
                                     &number,
                                     NULL))
        number = GAN_UNKNOWN;
    }
  return number;
}

/**
 * gan_json_get_double:
 * @node: (nullable): where to begin
 * @path: (nullable): as in gan_json_find()
 *
 * Reads a number, or a string that is one.
 *
 * Returns: the finite number at @path, or %GAN_UNKNOWN if there is none
 */
double
gan_json_get_double (JsonNode *node, const char *path)
{
  JsonNode *found = gan_json_find (node, path);
  double number = GAN_UNKNOWN;
  const char *text;
  char *end = NULL;

  if (found == NULL || !JSON_NODE_HOLDS_VALUE (found))
    return GAN_UNKNOWN;
  if (json_node_get_value_type (found) == G_TYPE_INT64)
    number = (double) json_node_get_int (found);
  else if (json_node_get_value_type (found) == G_TYPE_DOUBLE)
    number = json_node_get_double (found);
  else if (json_node_get_value_type (found) == G_TYPE_STRING)
    {
      text = json_node_get_string (found);
      number = g_ascii_strtod (text, &end);
      if (end == text || *end != '\0')
        number = GAN_UNKNOWN;
    }
  return isfinite (number) ? number : GAN_UNKNOWN;
}

/**
 * gan_json_get_boolean:
 * @node: (nullable): where to begin
 * @path: (nullable): as in gan_json_find()
 *
 * Returns: whether true stands at @path
 */
gboolean
gan_json_get_boolean (JsonNode *node, const char *path)
{
  JsonNode *found = find_value (node, path, G_TYPE_BOOLEAN);

  return found != NULL && json_node_get_boolean (found);
}

/**
 * gan_json_get_array:
 * @node: (nullable): where to begin
 * @path: (nullable): as in gan_json_find()
 *
 * Returns: (transfer none) (nullable): the array at @path, or %NULL if there is none
 */
JsonArray *
gan_json_get_array (JsonNode *node, const char *path)
{
  JsonNode *found = gan_json_find (node, path);

  return found != NULL && JSON_NODE_HOLDS_ARRAY (found) ? json_node_get_array (found) : NULL;
}

/**
 * gan_json_get_object:
 * @node: (nullable): where to begin
 * @path: (nullable): as in gan_json_find()
 *
 * Returns: (transfer none) (nullable): the object at @path, or %NULL if there is none
 */
JsonObject *
gan_json_get_object (JsonNode *node, const char *path)
{
  JsonNode *found = gan_json_find (node, path);

  return found != NULL && JSON_NODE_HOLDS_OBJECT (found) ? json_node_get_object (found) : NULL;
}
