/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-columns.h"

#include "gan-record-define.h"

#define FIELD(self, Type, field) (G_STRUCT_MEMBER (Type, self, (field)->offset))

/**
 * gan_columns_dup_insert:
 * @type: of records
 * @table: where to
 * @extra: (nullable): name of one more column, which is the last parameter
 *
 * Returns: (transfer full): an INSERT whose parameter n is field n
 */
char *
gan_columns_dup_insert (GType type, const char *table, const char *extra)
{
  g_autoptr (GanRecordClass) klass = g_type_class_ref (type);
  g_autoptr (GString) names = g_string_new (NULL);
  g_autoptr (GString) marks = g_string_new (NULL);
  guint n = klass->n_fields;

  for (guint i = 0; i < n; i++)
    {
      g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", klass->fields[i].name);
      g_string_append_printf (marks, "%s?%u", i > 0 ? ", " : "", i + 1);
    }
  if (extra != NULL)
    {
      g_string_append_printf (names, ", %s", extra);
      g_string_append_printf (marks, ", ?%u", n + 1);
    }
  return g_strdup_printf ("INSERT OR REPLACE INTO %s (%s) VALUES (%s)",
                          table,
                          names->str,
                          marks->str);
}

/**
 * gan_columns_dup_select:
 * @type: of records
 * @table: where from
 * @rest: what follows the table's name, such as a WHERE
 *
 * Returns: (transfer full): a SELECT whose column n is field n
 */
char *
gan_columns_dup_select (GType type, const char *table, const char *rest)
{
  g_autoptr (GanRecordClass) klass = g_type_class_ref (type);
  g_autoptr (GString) sql = g_string_new ("SELECT ");

  for (guint i = 0; i < klass->n_fields; i++)
    g_string_append_printf (sql, "%s%s", i > 0 ? ", " : "", klass->fields[i].name);
  g_string_append_printf (sql, " FROM %s %s", table, rest);
  return g_string_free (g_steal_pointer (&sql), FALSE);
}

/**
 * gan_columns_dup_update:
 * @type: of records whose first field is the key
 * @table: where
 * @kept: (array zero-terminated=1): names of the fields that are left as they are
 *
 * Returns: (transfer full): an UPDATE of one row whose parameter n is field n
 */
char *
gan_columns_dup_update (GType type, const char *table, const char *const *kept)
{
  g_autoptr (GanRecordClass) klass = g_type_class_ref (type);
  g_autoptr (GString) sql = g_string_new (NULL);

  for (guint i = 1; i < klass->n_fields; i++)
    {
      if (!g_strv_contains (kept, klass->fields[i].name))
        g_string_append_printf (sql,
                                "%s%s = ?%u",
                                sql->len > 0 ? ", " : "",
                                klass->fields[i].name,
                                i + 1);
    }
  return g_strdup_printf ("UPDATE %s SET %s WHERE %s = ?1", table, sql->str, klass->fields[0].name);
}

static void
bind_field (GanStatement *statement, int index, GanRecord *record, const GanField *field)
{
  switch (field->type)
    {
    case GAN_FIELD_STRING:
      gan_statement_bind_text (statement, index, FIELD (record, char *, field));
      break;
    case GAN_FIELD_INT:
    case GAN_FIELD_FLAG:
      if (FIELD (record, gint64, field) != GAN_UNKNOWN)
        gan_statement_bind_int (statement, index, FIELD (record, gint64, field));
      break;
    case GAN_FIELD_TIME:
      if (FIELD (record, gint64, field) != GAN_UNKNOWN_TIME)
        gan_statement_bind_int (statement, index, FIELD (record, gint64, field));
      break;
    case GAN_FIELD_DOUBLE:
      if (FIELD (record, double, field) >= 0)
        gan_statement_bind_double (statement, index, FIELD (record, double, field));
      break;
    case GAN_FIELD_STRV:
    case GAN_FIELD_LIST:
    case GAN_FIELD_HEADERS:
    case GAN_FIELD_JSON:
    default:
      g_return_if_reached ();
    }
}

/**
 * gan_columns_bind:
 * @statement: made by gan_columns_dup_insert() or gan_columns_dup_update(), just reset
 * @record: what is stored
 */
void
gan_columns_bind (GanStatement *statement, GanRecord *record)
{
  GanRecordClass *klass = GAN_RECORD_GET_CLASS (record);

  for (guint i = 0; i < klass->n_fields; i++)
    bind_field (statement, (int) i + 1, record, &klass->fields[i]);
}

static void
read_field (GanStatement *statement, int column, GanRecord *record, const GanField *field)
{
  if (gan_statement_is_null (statement, column))
    return;
  switch (field->type)
    {
    case GAN_FIELD_STRING:
      gan_record_set_string (record, field->offset, gan_statement_get_text (statement, column));
      break;
    case GAN_FIELD_INT:
      gan_record_set_int (record, field->offset, gan_statement_get_int (statement, column));
      break;
    case GAN_FIELD_FLAG:
      gan_record_set_flag (record, field->offset, gan_statement_get_int (statement, column));
      break;
    case GAN_FIELD_TIME:
      gan_record_set_time (record, field->offset, gan_statement_get_int (statement, column));
      break;
    case GAN_FIELD_DOUBLE:
      gan_record_set_double (record, field->offset, gan_statement_get_double (statement, column));
      break;
    case GAN_FIELD_STRV:
    case GAN_FIELD_LIST:
    case GAN_FIELD_HEADERS:
    case GAN_FIELD_JSON:
    default:
      g_return_if_reached ();
    }
}

/**
 * gan_columns_read:
 * @statement: made by gan_columns_dup_select(), with a row
 * @record: a new record
 *
 * Fills @record. What is no valid value of a field, in a file that was damaged or made by hand,
 * counts as unknown or is cut, as the setters of records do.
 */
void
gan_columns_read (GanStatement *statement, GanRecord *record)
{
  GanRecordClass *klass = GAN_RECORD_GET_CLASS (record);

  for (guint i = 0; i < klass->n_fields; i++)
    read_field (statement, (int) i, record, &klass->fields[i]);
}

/**
 * gan_columns_copy:
 * @from: a record
 * @to: a new record of the same type
 *
 * Sets every field of @to to what @from has.
 */
void
gan_columns_copy (GanRecord *from, GanRecord *to)
{
  GanRecordClass *klass = GAN_RECORD_GET_CLASS (from);

  g_return_if_fail (G_OBJECT_TYPE (from) == G_OBJECT_TYPE (to));

  for (guint i = 0; i < klass->n_fields; i++)
    {
      const GanField *field = &klass->fields[i];

      if (field->type == GAN_FIELD_STRING)
        gan_record_set_string (to, field->offset, FIELD (from, char *, field));
      else if (field->type == GAN_FIELD_DOUBLE)
        FIELD (to, double, field) = FIELD (from, double, field);
      else
        FIELD (to, gint64, field) = FIELD (from, gint64, field);
    }
}

/**
 * gan_columns_load:
 * @statement: made by gan_columns_dup_select() and bound
 * @type: of records
 * @error: return location; fails like gan_database_fail()
 *
 * Returns: (transfer full) (element-type GanRecord): all rows, sealed, or %NULL
 */
GPtrArray *
gan_columns_load (GanStatement *statement, GType type, GError **error)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  gboolean has_row = FALSE;

  while (gan_statement_step (statement, &has_row, error))
    {
      GanRecord *record = NULL;

      if (!has_row)
        return g_steal_pointer (&rows);
      record = g_object_new (type, NULL);
      gan_columns_read (statement, record);
      gan_record_seal (record);
      g_ptr_array_add (rows, record);
    }
  return NULL;
}
