/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-field-map.h"

#include "gan-error.h"
#include "gan-json.h"
#include "gan-limits.h"
#include "gan-record-define.h"
#include "gan-transform.h"

typedef struct
{
  GPtrArray *sources;    /* char *, tried in order */
  const GanField *field; /* of the table of the record's class */
  GPtrArray *transforms; /* GanTransform *, applied in order */
  gboolean required;
} Row;

struct _GanFieldMap
{
  GType record_type;
  GPtrArray *rows; /* Row * */
};

static void
row_free (gpointer data)
{
  Row *row = data;

  g_ptr_array_unref (row->sources);
  g_ptr_array_unref (row->transforms);
  g_free (row);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Row, row_free)

static Row *
row_new (void)
{
  Row *row = g_new0 (Row, 1);

  row->sources = g_ptr_array_new_with_free_func (g_free);
  row->transforms = g_ptr_array_new_with_free_func ((GDestroyNotify) gan_transform_free);
  return row;
}

static gboolean
add_source (Row *row, const char *path)
{
  if (!gan_json_path_is_valid (path))
    return FALSE;
  g_ptr_array_add (row->sources, g_strdup (path));
  return TRUE;
}

static gboolean
add_transform (Row *row, const char *text)
{
  GanTransform *transform = gan_transform_parse (text);

  if (transform == NULL)
    return FALSE;
  g_ptr_array_add (row->transforms, transform);
  return TRUE;
}

/* Calls `add` for a string, or for each string of a list that is not empty. */
static gboolean
read_strings (JsonNode *node, Row *row, gboolean (*add) (Row *row, const char *text))
{
  JsonArray *array = gan_json_get_array (node, NULL);
  const char *text = gan_json_get_string (node, NULL);

  if (text != NULL)
    return add (row, text);
  if (array == NULL || json_array_get_length (array) == 0)
    return FALSE;
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      text = gan_json_get_string (json_array_get_element (array, i), NULL);
      if (text == NULL || !add (row, text))
        return FALSE;
    }
  return TRUE;
}

/* The fields that a plain value can fill. */
static const GanField *
find_target (GanRecordClass *klass, const char *name)
{
  const GanField *field = name != NULL ? gan_record_class_find (klass, name) : NULL;

  if (field == NULL || field->type == GAN_FIELD_LIST || field->type == GAN_FIELD_HEADERS
      || field->type == GAN_FIELD_JSON)
    return NULL;
  return field;
}

static gboolean
read_key (Row *row, GanRecordClass *klass, const char *key, JsonNode *node)
{
  if (g_str_equal (key, "source"))
    return read_strings (node, row, add_source);
  if (g_str_equal (key, "transform"))
    return read_strings (node, row, add_transform);
  if (g_str_equal (key, "target"))
    {
      row->field = find_target (klass, gan_json_get_string (node, NULL));
      return row->field != NULL;
    }
  if (g_str_equal (key, "required"))
    {
      row->required = gan_json_get_boolean (node, NULL);
      return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_BOOLEAN;
    }
  return FALSE;
}

static void
fail_row (GError **error, guint index, const char *key)
{
  g_autofree char *path = NULL;

  if (key != NULL)
    path = g_strdup_printf ("[%u].%s", index, key);
  else
    path = g_strdup_printf ("[%u]", index);
  gan_error_set (error, GAN_ERROR_INVALID_DATA, "field-map", "the field map is wrong at %s", path);
  if (error != NULL)
    gan_error_set_field (*error, path);
}

static Row *
read_row (JsonNode *node, guint index, GanRecordClass *klass, GError **error)
{
  g_autoptr (Row) row = row_new ();
  JsonObject *object = gan_json_get_object (node, NULL);
  JsonObjectIter iter;
  const char *key;
  JsonNode *value;

  if (object == NULL)
    {
      fail_row (error, index, NULL);
      return NULL;
    }
  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &key, &value))
    {
      if (!read_key (row, klass, key, value))
        {
          fail_row (error, index, key);
          return NULL;
        }
    }
  if (row->sources->len == 0 || row->field == NULL)
    {
      fail_row (error, index, row->field == NULL ? "target" : "source");
      return NULL;
    }
  return g_steal_pointer (&row);
}

/**
 * gan_field_map_new:
 * @rows: a list of objects {source, target, transform, required}: `source` is a path as in
 *   gan_json_find(), for a list of strings also as in gan_json_find_all(), or a list of paths to be
 *   tried in order; `target` the name of a field;
 *   `transform` the name of one as in gan_transform_parse(), or a list; `required` a boolean. The
 *   last two may be left out
 * @record_type: of the records that it fills
 * @error: %GAN_ERROR_INVALID_DATA, reason field-map, with the place, for an unknown key, target or
 *   transform and a path that is not well formed
 *
 * Reads a field map from the rules of a site.
 *
 * Returns: (transfer full): the map, which any thread may use
 */
GanFieldMap *
gan_field_map_new (JsonNode *rows, GType record_type, GError **error)
{
  g_autoptr (GanFieldMap) self = NULL;
  g_autoptr (GTypeClass) klass = NULL;
  JsonArray *array = gan_json_get_array (rows, NULL);

  g_return_val_if_fail (g_type_is_a (record_type, GAN_TYPE_RECORD), NULL);

  if (array == NULL || json_array_get_length (array) > GAN_LIMIT_LIST_ENTRIES)
    {
      gan_error_set (error,
                     GAN_ERROR_INVALID_DATA,
                     "field-map",
                     "a field map is a list of at most %d rows",
                     GAN_LIMIT_LIST_ENTRIES);
      return NULL;
    }
  klass = g_type_class_ref (record_type);
  self = g_new0 (GanFieldMap, 1);
  self->record_type = record_type;
  self->rows = g_ptr_array_new_with_free_func (row_free);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      Row *row = read_row (json_array_get_element (array, i), i, (GanRecordClass *) klass, error);

      if (row == NULL)
        return NULL;
      g_ptr_array_add (self->rows, row);
    }
  return g_steal_pointer (&self);
}

/**
 * gan_field_map_free:
 * @self: (transfer full): a map
 */
void
gan_field_map_free (GanFieldMap *self)
{
  g_ptr_array_unref (self->rows);
  g_free (self);
}

/* The strings among some nodes; what else stands there is left out. */
static gboolean
take_strings (GValue *value, GPtrArray *nodes)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  GStrv strings;

  for (guint i = 0; i < MIN (nodes->len, GAN_LIMIT_LIST_ENTRIES); i++)
    {
      const char *string = gan_json_get_string (nodes->pdata[i], NULL);

      if (string != NULL)
        g_strv_builder_add (builder, string);
    }
  strings = g_strv_builder_end (builder);
  g_value_init (value, G_TYPE_STRV);
  g_value_take_boxed (value, strings);
  return strings[0] != NULL;
}

/* Makes a value of what stands at a path: FALSE for null, objects, and a list where there can be
 * none. */
static gboolean
read_value (JsonNode *source, const char *path, GanFieldType type, GValue *value)
{
  JsonNode *node = gan_json_find (source, path);
  g_autoptr (GPtrArray) nodes = NULL;

  if (node != NULL && JSON_NODE_HOLDS_VALUE (node))
    {
      json_node_get_value (node, value);
      return !G_VALUE_HOLDS_STRING (value) || *g_value_get_string (value) != '\0';
    }
  if (type != GAN_FIELD_STRV)
    return FALSE;
  nodes = node != NULL ? gan_json_find_all (node, "[*]") : gan_json_find_all (source, path);
  return take_strings (value, nodes);
}

static gboolean
apply_source (const Row *row, const char *path, JsonNode *source, GanRecord *target)
{
  g_auto (GValue) value = G_VALUE_INIT;
  g_autoptr (JsonNode) set = NULL;

  if (!read_value (source, path, row->field->type, &value))
    return FALSE;
  for (guint i = 0; i < row->transforms->len; i++)
    {
      if (!gan_transform_apply (row->transforms->pdata[i], &value))
        return FALSE;
    }
  if (!gan_record_set_by_name (target, row->field->name, &value, NULL))
    return FALSE;
  set = gan_record_field_to_json (target, row->field);
  return !JSON_NODE_HOLDS_NULL (set);
}

static gboolean
apply_row (const Row *row, JsonNode *source, GanRecord *target)
{
  for (guint i = 0; i < row->sources->len; i++)
    {
      if (apply_source (row, row->sources->pdata[i], source, target))
        return TRUE;
    }
  return FALSE;
}

/**
 * gan_field_map_apply:
 * @self: a map
 * @source: (nullable): what a site answered
 * @target: a record of the map's type, not sealed
 * @error: %GAN_ERROR_SITE_CHANGED with the first path of a required row of which no path leads to a
 *   value; nothing of @source stands in it
 *
 * Fills a record. A value of a type that does not fit, or that makes no sense to the transforms,
 * counts as missing; a row that is missing and not required leaves its field as it is.
 *
 * Returns: whether all required fields were found
 */
gboolean
gan_field_map_apply (const GanFieldMap *self, JsonNode *source, GanRecord *target, GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (G_TYPE_CHECK_INSTANCE_TYPE (target, self->record_type), FALSE);
  g_return_val_if_fail (!gan_record_is_sealed (target), FALSE);

  for (guint i = 0; i < self->rows->len; i++)
    {
      const Row *row = self->rows->pdata[i];
      const char *path = row->sources->pdata[0];

      if (apply_row (row, source, target) || !row->required)
        continue;
      gan_error_set (error, GAN_ERROR_SITE_CHANGED, "missing-field", "%s is missing", path);
      if (error != NULL)
        gan_error_set_field (*error, path);
      return FALSE;
    }
  return TRUE;
}
