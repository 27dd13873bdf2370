/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-record-define.h"

#include "gan-header-table.h"
#include "gan-json.h"
#include "gan-limits.h"

#include <math.h>
#include <string.h>

typedef struct
{
  gboolean sealed;
} GanRecordPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (GanRecord, gan_record, G_TYPE_OBJECT)

#define FIELD(self, Type, field) (G_STRUCT_MEMBER (Type, self, (field)->offset))

static void
gan_record_finalize (GObject *object)
{
  GanRecordClass *klass = GAN_RECORD_GET_CLASS (object);

  for (guint i = 0; i < klass->n_fields; i++)
    {
      const GanField *field = &klass->fields[i];

      switch (field->type)
        {
        case GAN_FIELD_STRING:
          g_clear_pointer (&FIELD (object, char *, field), g_free);
          break;
        case GAN_FIELD_STRV:
          g_clear_pointer (&FIELD (object, GStrv, field), g_strfreev);
          break;
        case GAN_FIELD_LIST:
          g_clear_pointer (&FIELD (object, GPtrArray *, field), g_ptr_array_unref);
          break;
        case GAN_FIELD_HEADERS:
          g_clear_pointer (&FIELD (object, GHashTable *, field), g_hash_table_unref);
          break;
        case GAN_FIELD_JSON:
          g_clear_pointer (&FIELD (object, JsonNode *, field), json_node_unref);
          break;
        case GAN_FIELD_INT:
        case GAN_FIELD_DOUBLE:
        case GAN_FIELD_FLAG:
        case GAN_FIELD_TIME:
        default:
          break;
        }
    }
  G_OBJECT_CLASS (gan_record_parent_class)->finalize (object);
}

static void
gan_record_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  const GanField *field = &GAN_RECORD_GET_CLASS (object)->fields[id - 1];

  switch (field->type)
    {
    case GAN_FIELD_STRING:
      g_value_set_string (value, FIELD (object, char *, field));
      break;
    case GAN_FIELD_INT:
    case GAN_FIELD_FLAG:
    case GAN_FIELD_TIME:
      g_value_set_int64 (value, FIELD (object, gint64, field));
      break;
    case GAN_FIELD_DOUBLE:
      g_value_set_double (value, FIELD (object, double, field));
      break;
    case GAN_FIELD_STRV:
      g_value_set_boxed (value, gan_record_lend_strv (FIELD (object, GStrv, field)));
      break;
    case GAN_FIELD_LIST:
    case GAN_FIELD_HEADERS:
      g_value_set_boxed (value, FIELD (object, gpointer, field));
      break;
    case GAN_FIELD_JSON:
      if (FIELD (object, JsonNode *, field) != NULL)
        g_value_take_boxed (value, gan_json_copy (FIELD (object, JsonNode *, field)));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      break;
    }
}

static GParamSpec *
make_property (const GanField *field)
{
  const char *name = field->name;
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_NICK | G_PARAM_STATIC_BLURB;

  switch (field->type)
    {
    case GAN_FIELD_STRING:
      return g_param_spec_string (name, NULL, NULL, NULL, flags);
    case GAN_FIELD_DOUBLE:
      return g_param_spec_double (name,
                                  NULL,
                                  NULL,
                                  GAN_UNKNOWN,
                                  GAN_LIMIT_DURATION_SECONDS,
                                  GAN_UNKNOWN,
                                  flags);
    case GAN_FIELD_FLAG:
      return g_param_spec_int64 (name, NULL, NULL, GAN_UNKNOWN, TRUE, GAN_UNKNOWN, flags);
    case GAN_FIELD_TIME:
      return g_param_spec_int64 (name,
                                 NULL,
                                 NULL,
                                 GAN_UNKNOWN_TIME,
                                 GAN_LIMIT_TIME_SECONDS,
                                 GAN_UNKNOWN_TIME,
                                 flags);
    case GAN_FIELD_STRV:
      return g_param_spec_boxed (name, NULL, NULL, G_TYPE_STRV, flags);
    case GAN_FIELD_LIST:
      return g_param_spec_boxed (name, NULL, NULL, G_TYPE_PTR_ARRAY, flags);
    case GAN_FIELD_HEADERS:
      return g_param_spec_boxed (name, NULL, NULL, G_TYPE_HASH_TABLE, flags);
    case GAN_FIELD_JSON:
      return g_param_spec_boxed (name, NULL, NULL, JSON_TYPE_NODE, flags);
    case GAN_FIELD_INT:
    default:
      return g_param_spec_int64 (name,
                                 NULL,
                                 NULL,
                                 GAN_UNKNOWN,
                                 GAN_LIMIT_COUNT,
                                 GAN_UNKNOWN,
                                 flags);
    }
}

static void
gan_record_class_init (GanRecordClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = gan_record_finalize;
}

static void
gan_record_init (GanRecord *self)
{
}

/**
 * gan_record_class_install:
 * @klass: a class under GanRecord
 * @fields: (array length=n_fields): its table; lives as long as the class
 * @n_fields: how many
 *
 * Gives a class its fields and a read-only property for each. GAN_RECORD_DEFINE does it.
 */
void
gan_record_class_install (GanRecordClass *klass, const GanField *fields, guint n_fields)
{
  klass->fields = fields;
  klass->n_fields = n_fields;
  /* GObject does not hand this one down to a class that is derived. */
  G_OBJECT_CLASS (klass)->get_property = gan_record_get_property;
  for (guint i = 0; i < n_fields; i++)
    g_object_class_install_property (G_OBJECT_CLASS (klass), i + 1, make_property (&fields[i]));
}

/**
 * gan_record_class_find:
 * @klass: a class under GanRecord
 * @name: of a field, as it stands in JSON
 *
 * Returns: (nullable): the field, or %NULL if the class has none of that name
 */
const GanField *
gan_record_class_find (GanRecordClass *klass, const char *name)
{
  for (guint i = 0; i < klass->n_fields; i++)
    {
      if (strcmp (klass->fields[i].name, name) == 0)
        return &klass->fields[i];
    }
  return NULL;
}

/**
 * gan_record_init_fields:
 * @self: a record that is just being made
 *
 * Sets every field to unknown. To be called from the instance init of the final class, where the
 * table is known.
 */
void
gan_record_init_fields (GanRecord *self)
{
  GanRecordClass *klass = GAN_RECORD_GET_CLASS (self);

  for (guint i = 0; i < klass->n_fields; i++)
    {
      const GanField *field = &klass->fields[i];

      switch (field->type)
        {
        case GAN_FIELD_INT:
        case GAN_FIELD_FLAG:
          FIELD (self, gint64, field) = GAN_UNKNOWN;
          break;
        case GAN_FIELD_DOUBLE:
          FIELD (self, double, field) = GAN_UNKNOWN;
          break;
        case GAN_FIELD_TIME:
          FIELD (self, gint64, field) = GAN_UNKNOWN_TIME;
          break;
        case GAN_FIELD_LIST:
          FIELD (self, GPtrArray *, field) = g_ptr_array_new_with_free_func (g_object_unref);
          break;
        case GAN_FIELD_HEADERS:
          FIELD (self, GHashTable *, field) = gan_header_table_new ();
          break;
        case GAN_FIELD_STRING:
        case GAN_FIELD_STRV:
        case GAN_FIELD_JSON:
        default:
          break;
        }
    }
}

/**
 * gan_record_is_sealed:
 * @self: a record
 *
 * Returns: whether gan_record_seal() was called
 */
gboolean
gan_record_is_sealed (GanRecord *self)
{
  GanRecordPrivate *priv;

  g_return_val_if_fail (GAN_IS_RECORD (self), FALSE);

  priv = gan_record_get_instance_private (self);
  return priv->sealed;
}

static void
seal_list (GPtrArray *list)
{
  for (guint i = 0; i < list->len; i++)
    gan_record_seal (list->pdata[i]);
}

/**
 * gan_record_seal:
 * @self: a record
 *
 * Ends the filling of @self and of all records in its lists. From now on any thread may read it and
 * setting is a programming error. Sealing twice does nothing.
 */
void
gan_record_seal (GanRecord *self)
{
  GanRecordClass *klass;
  GanRecordPrivate *priv;

  g_return_if_fail (GAN_IS_RECORD (self));

  priv = gan_record_get_instance_private (self);
  if (priv->sealed)
    return;
  priv->sealed = TRUE;

  klass = GAN_RECORD_GET_CLASS (self);
  for (guint i = 0; i < klass->n_fields; i++)
    {
      const GanField *field = &klass->fields[i];

      if (field->type == GAN_FIELD_LIST)
        seal_list (FIELD (self, GPtrArray *, field));
      else if (field->type == GAN_FIELD_JSON && FIELD (self, JsonNode *, field) != NULL)
        json_node_seal (FIELD (self, JsonNode *, field));
    }
}

/* Valid UTF-8 of at most GAN_LIMIT_TEXT_BYTES, or NULL for nothing. */
static char *
dup_text (const char *value)
{
  g_autofree char *bounded = NULL;
  char *valid;

  if (value == NULL || *value == '\0')
    return NULL;
  /* g_strndup() allocates and clears all that it is told it may copy. */
  bounded = g_strndup (value, strnlen (value, GAN_LIMIT_TEXT_BYTES + 1));
  valid = g_utf8_make_valid (bounded, -1);
  if (strlen (valid) > GAN_LIMIT_TEXT_BYTES)
    *g_utf8_find_prev_char (valid, valid + GAN_LIMIT_TEXT_BYTES + 1) = '\0';
  return valid;
}

/**
 * gan_record_set_string:
 * @self: a record that is not sealed
 * @offset: of a member of this kind
 * @value: (nullable): a text
 *
 * Keeps valid UTF-8 of at most %GAN_LIMIT_TEXT_BYTES; the empty text is unknown.
 */
void
gan_record_set_string (GanRecord *self, gsize offset, const char *value)
{
  char **member = &G_STRUCT_MEMBER (char *, self, offset);
  char *text;

  g_return_if_fail (!gan_record_is_sealed (self));

  text = dup_text (value);
  g_free (*member);
  *member = text;
}

/**
 * gan_record_set_int:
 * @self: a record that is not sealed
 * @offset: of a member of this kind
 * @value: a number; beyond 0 to %GAN_LIMIT_COUNT it is unknown
 *
 * Sets a number.
 */
void
gan_record_set_int (GanRecord *self, gsize offset, gint64 value)
{
  g_return_if_fail (!gan_record_is_sealed (self));

  G_STRUCT_MEMBER (gint64, self, offset)
      = value >= 0 && value <= GAN_LIMIT_COUNT ? value : GAN_UNKNOWN;
}

/**
 * gan_record_set_double:
 * @self: a record that is not sealed
 * @offset: of a member of this kind
 * @value: a number; beyond 0 to %GAN_LIMIT_DURATION_SECONDS it is unknown
 *
 * Sets a number.
 */
void
gan_record_set_double (GanRecord *self, gsize offset, double value)
{
  g_return_if_fail (!gan_record_is_sealed (self));

  G_STRUCT_MEMBER (double, self, offset)
      = isfinite (value) && value >= 0 && value <= GAN_LIMIT_DURATION_SECONDS ? value : GAN_UNKNOWN;
}

/**
 * gan_record_set_flag:
 * @self: a record that is not sealed
 * @offset: of a member of this kind
 * @value: 0 for no, more for yes, less for unknown
 *
 * Sets a flag.
 */
void
gan_record_set_flag (GanRecord *self, gsize offset, gint64 value)
{
  g_return_if_fail (!gan_record_is_sealed (self));

  G_STRUCT_MEMBER (gint64, self, offset) = value < 0 ? GAN_UNKNOWN : value != 0;
}

/**
 * gan_record_set_time:
 * @self: a record that is not sealed
 * @offset: of a member of this kind
 * @value: Unix seconds; beyond 0 to %GAN_LIMIT_TIME_SECONDS they are unknown
 *
 * Sets a time.
 */
void
gan_record_set_time (GanRecord *self, gsize offset, gint64 value)
{
  g_return_if_fail (!gan_record_is_sealed (self));

  G_STRUCT_MEMBER (gint64, self, offset)
      = value >= 0 && value <= GAN_LIMIT_TIME_SECONDS ? value : GAN_UNKNOWN_TIME;
}

/**
 * gan_record_set_strv:
 * @self: a record that is not sealed
 * @offset: of a member of this kind
 * @value: (nullable) (array zero-terminated=1): texts
 *
 * Keeps copies of the texts that are not empty, at most %GAN_LIMIT_LIST_ENTRIES.
 */
void
gan_record_set_strv (GanRecord *self, gsize offset, const char *const *value)
{
  GStrv *member = &G_STRUCT_MEMBER (GStrv, self, offset);
  GStrvBuilder *builder;
  guint n_entries = 0;

  g_return_if_fail (!gan_record_is_sealed (self));

  builder = g_strv_builder_new ();
  for (gsize i = 0; value != NULL && value[i] != NULL && n_entries < GAN_LIMIT_LIST_ENTRIES; i++)
    {
      g_autofree char *text = dup_text (value[i]);

      if (text != NULL)
        {
          g_strv_builder_add (builder, text);
          n_entries++;
        }
    }
  g_strfreev (*member);
  *member = n_entries > 0 ? g_strv_builder_end (builder) : NULL;
  g_strv_builder_unref (builder);
}

/**
 * gan_record_append:
 * @self: a record that is not sealed
 * @offset: of a member of this kind
 * @type: what the list holds
 * @element: a record of that type
 *
 * Adds to the list, which keeps a reference, as long as it is shorter than
 * %GAN_LIMIT_LIST_ENTRIES.
 */
void
gan_record_append (GanRecord *self, gsize offset, GType type, gpointer element)
{
  GPtrArray *list = G_STRUCT_MEMBER (GPtrArray *, self, offset);

  g_return_if_fail (!gan_record_is_sealed (self));
  g_return_if_fail (G_TYPE_CHECK_INSTANCE_TYPE (element, type));
  g_return_if_fail (element != (gpointer) self);

  if (list->len < GAN_LIMIT_LIST_ENTRIES)
    g_ptr_array_add (list, g_object_ref (element));
}

/**
 * gan_record_set_header:
 * @self: a record that is not sealed
 * @offset: of a member of this kind
 * @header: name of a header
 * @value: (nullable): its value
 *
 * Sets a header; one that gan_header_table_set() refuses is left out.
 */
void
gan_record_set_header (GanRecord *self, gsize offset, const char *header, const char *value)
{
  g_return_if_fail (!gan_record_is_sealed (self));
  g_return_if_fail (header != NULL);

  if (!gan_header_table_set (G_STRUCT_MEMBER (GHashTable *, self, offset), header, value))
    g_debug ("a header that is not allowed was left out");
}

/**
 * gan_record_set_json:
 * @self: a record that is not sealed
 * @offset: of a member of this kind
 * @value: (nullable): a node
 *
 * Keeps a copy; null is unknown.
 */
void
gan_record_set_json (GanRecord *self, gsize offset, JsonNode *value)
{
  JsonNode **member = &G_STRUCT_MEMBER (JsonNode *, self, offset);
  JsonNode *copy;

  g_return_if_fail (!gan_record_is_sealed (self));

  copy = value != NULL && !JSON_NODE_HOLDS_NULL (value) ? gan_json_copy (value) : NULL;
  g_clear_pointer (member, json_node_unref);
  *member = copy;
}

/**
 * gan_record_lend_strv:
 * @value: (nullable): what a member holds
 *
 * What a getter gives.
 *
 * Returns: (transfer none): @value, or a list without entries
 */
const char *const *
gan_record_lend_strv (GStrv value)
{
  static const char *const none[] = { NULL };

  return value != NULL ? (const char *const *) value : none;
}
