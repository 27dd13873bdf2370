/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Records at the border of a file or process: JSON out and in, values by name, and the difference
 * of two. */
#include "config.h"

#include "gan-record-define.h"

#include "gan-error.h"
#include "gan-header-table.h"
#include "gan-json.h"
#include "gan-limits.h"
#include "gan-text.h"

#include <math.h>

#define FIELD(self, Type, field) (G_STRUCT_MEMBER (Type, self, (field)->offset))

static JsonNode *
node_for_string (const char *value)
{
  return value != NULL ? json_node_init_string (json_node_alloc (), value)
                       : json_node_new (JSON_NODE_NULL);
}

static JsonNode *
node_for_time (gint64 value)
{
  g_autofree char *text = gan_text_from_time (value);

  return node_for_string (text);
}

static JsonNode *
node_for_strv (const char *const *value)
{
  JsonArray *array = json_array_new ();
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);

  for (gsize i = 0; value[i] != NULL; i++)
    json_array_add_string_element (array, value[i]);
  json_node_take_array (node, array);
  return node;
}

static JsonNode *
node_for_list (GPtrArray *list)
{
  JsonArray *array = json_array_new ();
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);

  for (guint i = 0; i < list->len; i++)
    json_array_add_element (array, gan_record_to_json (list->pdata[i]));
  json_node_take_array (node, array);
  return node;
}

static JsonNode *
node_for_headers (GHashTable *headers)
{
  g_autoptr (GPtrArray) names = gan_header_table_get_names (headers);
  JsonObject *object = json_object_new ();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  for (guint i = 0; i < names->len; i++)
    json_object_set_string_member (object,
                                   names->pdata[i],
                                   g_hash_table_lookup (headers, names->pdata[i]));
  json_node_take_object (node, object);
  return node;
}

/**
 * gan_record_field_to_json:
 * @self: a record
 * @field: of its table
 *
 * Returns: (transfer full): the value of @field as contracts.md §1 writes it
 */
JsonNode *
gan_record_field_to_json (GanRecord *self, const GanField *field)
{
  JsonNode *node = NULL;

  switch (field->type)
    {
    case GAN_FIELD_STRING:
      return node_for_string (FIELD (self, char *, field));
    case GAN_FIELD_INT:
      if (FIELD (self, gint64, field) >= 0)
        node = json_node_init_int (json_node_alloc (), FIELD (self, gint64, field));
      break;
    case GAN_FIELD_DOUBLE:
      if (FIELD (self, double, field) >= 0)
        node = json_node_init_double (json_node_alloc (), FIELD (self, double, field));
      break;
    case GAN_FIELD_FLAG:
      if (FIELD (self, gint64, field) >= 0)
        node = json_node_init_boolean (json_node_alloc (), FIELD (self, gint64, field) != 0);
      break;
    case GAN_FIELD_TIME:
      return node_for_time (FIELD (self, gint64, field));
    case GAN_FIELD_STRV:
      return node_for_strv (gan_record_lend_strv (FIELD (self, GStrv, field)));
    case GAN_FIELD_LIST:
      return node_for_list (FIELD (self, GPtrArray *, field));
    case GAN_FIELD_HEADERS:
      return node_for_headers (FIELD (self, GHashTable *, field));
    case GAN_FIELD_JSON:
      if (FIELD (self, JsonNode *, field) != NULL)
        node = gan_json_copy (FIELD (self, JsonNode *, field));
      break;
    default:
      break;
    }
  return node != NULL ? node : json_node_new (JSON_NODE_NULL);
}

/**
 * gan_record_to_json:
 * @self: a record
 *
 * Makes an object with every field of the table, in its order: unknown is null, lists and headers
 * are empty instead, times are RFC 3339 in UTC.
 *
 * Returns: (transfer full): the object
 */
JsonNode *
gan_record_to_json (GanRecord *self)
{
  GanRecordClass *klass;
  JsonObject *object;
  JsonNode *node;

  g_return_val_if_fail (GAN_IS_RECORD (self), NULL);

  klass = GAN_RECORD_GET_CLASS (self);
  object = json_object_new ();
  for (guint i = 0; i < klass->n_fields; i++)
    json_object_set_member (object,
                            klass->fields[i].name,
                            gan_record_field_to_json (self, &klass->fields[i]));
  node = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (node, object);
  return node;
}

static gboolean
fail_type (GError **error, const char *name)
{
  gan_error_set (error,
                 GAN_ERROR_INVALID_DATA,
                 "wrong-type",
                 "the value of %s is of the wrong type",
                 name);
  if (error != NULL)
    gan_error_set_field (*error, name);
  return FALSE;
}

/* Sets a field to a plain value; FALSE if the type does not fit. */
static gboolean
set_value (GanRecord *self, const GanField *field, const GValue *value)
{
  GType type = G_VALUE_TYPE (value);

  switch (field->type)
    {
    case GAN_FIELD_STRING:
      if (type != G_TYPE_STRING)
        return FALSE;
      gan_record_set_string (self, field->offset, g_value_get_string (value));
      return TRUE;
    case GAN_FIELD_INT:
      if (type != G_TYPE_INT64)
        return FALSE;
      gan_record_set_int (self, field->offset, g_value_get_int64 (value));
      return TRUE;
    case GAN_FIELD_DOUBLE:
      if (type != G_TYPE_DOUBLE && type != G_TYPE_INT64)
        return FALSE;
      gan_record_set_double (self,
                             field->offset,
                             type == G_TYPE_DOUBLE ? g_value_get_double (value)
                                                   : (double) g_value_get_int64 (value));
      return TRUE;
    case GAN_FIELD_FLAG:
      if (type != G_TYPE_BOOLEAN)
        return FALSE;
      gan_record_set_flag (self, field->offset, g_value_get_boolean (value));
      return TRUE;
    case GAN_FIELD_TIME:
      if (type != G_TYPE_INT64)
        return FALSE;
      gan_record_set_time (self, field->offset, g_value_get_int64 (value));
      return TRUE;
    case GAN_FIELD_STRV:
      if (type != G_TYPE_STRV)
        return FALSE;
      gan_record_set_strv (self, field->offset, g_value_get_boxed (value));
      return TRUE;
    case GAN_FIELD_LIST:
    case GAN_FIELD_HEADERS:
    case GAN_FIELD_JSON:
    default:
      return FALSE;
    }
}

static gboolean
read_time (GanRecord *self, const GanField *field, JsonNode *node)
{
  gint64 seconds;

  if (gan_json_get_string (node, NULL) == NULL)
    return FALSE;
  seconds = gan_text_to_time (gan_json_get_string (node, NULL));
  gan_record_set_time (self, field->offset, seconds);
  return seconds != GAN_UNKNOWN_TIME;
}

static gboolean
read_strv (GanRecord *self, const GanField *field, JsonNode *node)
{
  JsonArray *array = gan_json_get_array (node, NULL);
  g_autoptr (GPtrArray) strings = g_ptr_array_new ();

  if (array == NULL)
    return FALSE;
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      const char *string = gan_json_get_string (json_array_get_element (array, i), NULL);

      if (string == NULL)
        return FALSE;
      g_ptr_array_add (strings, (gpointer) string);
    }
  g_ptr_array_add (strings, NULL);
  gan_record_set_strv (self, field->offset, (const char *const *) strings->pdata);
  return TRUE;
}

static gboolean
read_headers (GanRecord *self, const GanField *field, JsonNode *node)
{
  JsonObject *object = gan_json_get_object (node, NULL);
  JsonObjectIter iter;
  const char *name;
  JsonNode *member;

  if (object == NULL)
    return FALSE;
  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &name, &member))
    {
      if (gan_json_get_string (member, NULL) == NULL)
        return FALSE;
      gan_record_set_header (self, field->offset, name, gan_json_get_string (member, NULL));
    }
  return TRUE;
}

/* Reads an element of a list; an error of its own names the whole way to the field. */
static gpointer
read_element (const GanField *field, guint index, JsonNode *node, GError **error)
{
  g_autoptr (GError) inner = NULL;
  g_autofree char *name = NULL;
  gpointer element = gan_record_from_json (field->element_type (), node, &inner);

  if (element != NULL)
    return element;
  if (gan_error_get_field (inner) != NULL)
    name = g_strdup_printf ("%s[%u].%s", field->name, index, gan_error_get_field (inner));
  else
    name = g_strdup_printf ("%s[%u]", field->name, index);
  fail_type (error, name);
  return NULL;
}

static gboolean
read_list (GanRecord *self, const GanField *field, JsonNode *node, GError **error)
{
  JsonArray *array = gan_json_get_array (node, NULL);

  if (array == NULL)
    return fail_type (error, field->name);
  for (guint i = 0; i < MIN (json_array_get_length (array), GAN_LIMIT_LIST_ENTRIES); i++)
    {
      g_autoptr (GanRecord) element
          = read_element (field, i, json_array_get_element (array, i), error);

      if (element == NULL)
        return FALSE;
      gan_record_append (self, field->offset, field->element_type (), element);
    }
  return TRUE;
}

static gboolean
read_plain (GanRecord *self, const GanField *field, JsonNode *node)
{
  g_auto (GValue) value = G_VALUE_INIT;

  if (!JSON_NODE_HOLDS_VALUE (node))
    return FALSE;
  json_node_get_value (node, &value);
  return set_value (self, field, &value);
}

static gboolean
read_field (GanRecord *self, const GanField *field, JsonNode *node, GError **error)
{
  gboolean ok;

  switch (field->type)
    {
    case GAN_FIELD_TIME:
      ok = read_time (self, field, node);
      break;
    case GAN_FIELD_STRV:
      ok = read_strv (self, field, node);
      break;
    case GAN_FIELD_HEADERS:
      ok = read_headers (self, field, node);
      break;
    case GAN_FIELD_LIST:
      return read_list (self, field, node, error);
    case GAN_FIELD_JSON:
      gan_record_set_json (self, field->offset, node);
      return TRUE;
    case GAN_FIELD_STRING:
    case GAN_FIELD_INT:
    case GAN_FIELD_DOUBLE:
    case GAN_FIELD_FLAG:
    default:
      ok = read_plain (self, field, node);
      break;
    }
  return ok || fail_type (error, field->name);
}

/**
 * gan_record_from_json:
 * @type: of a class under GanRecord
 * @node: an object, as gan_record_to_json() makes it; keys may be missing, unknown ones are skipped
 * @error: %GAN_ERROR_INVALID_DATA, reason wrong-type, with the field's path
 *
 * Returns: (transfer full): the record, not sealed
 */
gpointer
gan_record_from_json (GType type, JsonNode *node, GError **error)
{
  g_autoptr (GanRecord) self = NULL;
  GanRecordClass *klass;

  g_return_val_if_fail (g_type_is_a (type, GAN_TYPE_RECORD), NULL);

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    {
      gan_error_set (error, GAN_ERROR_INVALID_DATA, "wrong-type", "a record is a JSON object");
      return NULL;
    }
  self = g_object_new (type, NULL);
  klass = GAN_RECORD_GET_CLASS (self);
  for (guint i = 0; i < klass->n_fields; i++)
    {
      JsonNode *member
          = json_object_get_member (json_node_get_object (node), klass->fields[i].name);

      if (member != NULL && !JSON_NODE_HOLDS_NULL (member)
          && !read_field (self, &klass->fields[i], member, error))
        return NULL;
    }
  return g_steal_pointer (&self);
}

/* Numbers and strings stand for each other in what sites write; what fits neither is left alone. */
static void
coerce (GanFieldType type, const GValue *value, GValue *coerced)
{
  g_autoptr (JsonNode) node = NULL;

  g_value_init (coerced, G_VALUE_TYPE (value));
  g_value_copy (value, coerced);
  if (type == GAN_FIELD_STRING && G_VALUE_HOLDS_INT64 (value))
    {
      g_value_unset (coerced);
      g_value_init (coerced, G_TYPE_STRING);
      g_value_take_string (coerced,
                           g_strdup_printf ("%" G_GINT64_FORMAT, g_value_get_int64 (value)));
      return;
    }
  if ((type != GAN_FIELD_INT && type != GAN_FIELD_DOUBLE && type != GAN_FIELD_TIME)
      || !(G_VALUE_HOLDS_STRING (value) || G_VALUE_HOLDS_DOUBLE (value)))
    return;
  g_value_unset (coerced);
  node = json_node_new (JSON_NODE_VALUE);
  json_node_set_value (node, value);
  if (type == GAN_FIELD_DOUBLE)
    {
      g_value_init (coerced, G_TYPE_DOUBLE);
      g_value_set_double (coerced, gan_json_get_double (node, NULL));
      return;
    }
  g_value_init (coerced, G_TYPE_INT64);
  if (type == GAN_FIELD_TIME && G_VALUE_HOLDS_STRING (value))
    g_value_set_int64 (coerced, gan_text_to_time (g_value_get_string (value)));
  else if (G_VALUE_HOLDS_DOUBLE (value) && fabs (g_value_get_double (value)) < GAN_LIMIT_COUNT)
    g_value_set_int64 (coerced, (gint64) floor (g_value_get_double (value)));
  else
    g_value_set_int64 (coerced, gan_json_get_int (node, NULL));
}

/**
 * gan_record_set_by_name:
 * @self: a record that is not sealed
 * @name: of a field, as it stands in JSON
 * @value: of type string, int64, double, boolean or GStrv
 * @error: %GAN_ERROR_INVALID_DATA, reason wrong-type or unknown-field, with the field's name
 *
 * Sets a field from what a site wrote. Numbers and strings of digits stand for each other; what is
 * of the right type but makes no sense (negative, not finite, beyond %GAN_LIMIT_COUNT,
 * %GAN_LIMIT_DURATION_SECONDS or %GAN_LIMIT_TIME_SECONDS) counts as unknown.
 *
 * Returns: whether there is such a field and the type fits
 */
gboolean
gan_record_set_by_name (GanRecord *self, const char *name, const GValue *value, GError **error)
{
  g_auto (GValue) coerced = G_VALUE_INIT;
  const GanField *field;

  g_return_val_if_fail (GAN_IS_RECORD (self), FALSE);
  g_return_val_if_fail (name != NULL, FALSE);
  g_return_val_if_fail (G_IS_VALUE (value), FALSE);
  g_return_val_if_fail (!gan_record_is_sealed (self), FALSE);

  field = gan_record_class_find (GAN_RECORD_GET_CLASS (self), name);
  if (field == NULL)
    {
      gan_error_set (error, GAN_ERROR_INVALID_DATA, "unknown-field", "there is no field %s", name);
      if (error != NULL)
        gan_error_set_field (*error, name);
      return FALSE;
    }
  coerce (field->type, value, &coerced);
  return set_value (self, field, &coerced) || fail_type (error, name);
}

static void
add_difference (GString *lines, const char *prefix, GanRecord *expected, GanRecord *actual);

static void
add_list_difference (GString *lines, const char *path, GPtrArray *expected, GPtrArray *actual)
{
  if (expected->len != actual->len)
    g_string_append_printf (lines,
                            "%s: expected %u entries, got %u\n",
                            path,
                            expected->len,
                            actual->len);
  for (guint i = 0; i < MIN (expected->len, actual->len); i++)
    {
      g_autofree char *prefix = g_strdup_printf ("%s[%u].", path, i);

      add_difference (lines, prefix, expected->pdata[i], actual->pdata[i]);
    }
}

static void
add_difference (GString *lines, const char *prefix, GanRecord *expected, GanRecord *actual)
{
  GanRecordClass *klass = GAN_RECORD_GET_CLASS (expected);

  for (guint i = 0; i < klass->n_fields; i++)
    {
      const GanField *field = &klass->fields[i];
      g_autofree char *path = g_strconcat (prefix, field->name, NULL);
      g_autoptr (JsonNode) expected_node = NULL;
      g_autoptr (JsonNode) actual_node = NULL;
      g_autofree char *expected_text = NULL;
      g_autofree char *actual_text = NULL;

      if (field->type == GAN_FIELD_LIST)
        {
          add_list_difference (lines,
                               path,
                               FIELD (expected, GPtrArray *, field),
                               FIELD (actual, GPtrArray *, field));
          continue;
        }
      expected_node = gan_record_field_to_json (expected, field);
      actual_node = gan_record_field_to_json (actual, field);
      if (json_node_equal (expected_node, actual_node))
        continue;
      expected_text = gan_json_to_string (expected_node, FALSE);
      actual_text = gan_json_to_string (actual_node, FALSE);
      g_string_append_printf (lines, "%s: expected %s, got %s\n", path, expected_text, actual_text);
    }
}

/**
 * gan_record_dup_difference:
 * @expected: a record
 * @actual: another of the same type
 *
 * Says in what two records differ, one line a field: "formats[0].width: expected 640, got null".
 *
 * Returns: (transfer full) (nullable): the lines, or %NULL if there is no difference
 */
char *
gan_record_dup_difference (GanRecord *expected, GanRecord *actual)
{
  g_autoptr (GString) lines = NULL;

  g_return_val_if_fail (GAN_IS_RECORD (expected), NULL);
  g_return_val_if_fail (GAN_IS_RECORD (actual), NULL);
  g_return_val_if_fail (G_OBJECT_TYPE (expected) == G_OBJECT_TYPE (actual), NULL);

  lines = g_string_new (NULL);
  add_difference (lines, "", expected, actual);
  return lines->len > 0 ? g_string_free (g_steal_pointer (&lines), FALSE) : NULL;
}
