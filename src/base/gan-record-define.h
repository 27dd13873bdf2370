/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What turns a table of fields into a type. A record's source says
 *
 *   #define GAN_FOO_FIELD(kind, name) GAN_RECORD_FIELD_##kind (GanFoo, name)
 *   #define GAN_FOO_ACCESS(kind, name) GAN_RECORD_ACCESS_##kind (GanFoo, gan_foo, name)
 *   GAN_RECORD_DEFINE (GanFoo, gan_foo, GAN_FOO_FIELDS, GAN_FOO_FIELD, GAN_FOO_ACCESS)
 *
 * and, for a field `bars` of kind LIST, before that
 *
 *   #define GAN_RECORD_ELEMENT_bars gan_bar_get_type
 */
#pragma once

#include "gan-record.h"

G_BEGIN_DECLS

void gan_record_init_fields (GanRecord *self);

void gan_record_set_string (GanRecord *self, gsize offset, const char *value);
void gan_record_set_int (GanRecord *self, gsize offset, gint64 value);
void gan_record_set_double (GanRecord *self, gsize offset, double value);
void gan_record_set_flag (GanRecord *self, gsize offset, gint64 value);
void gan_record_set_time (GanRecord *self, gsize offset, gint64 value);
void gan_record_set_strv (GanRecord *self, gsize offset, const char *const *value);
void gan_record_append (GanRecord *self, gsize offset, GType type, gpointer element);
void gan_record_set_header (GanRecord *self, gsize offset, const char *header, const char *value);
void gan_record_set_json (GanRecord *self, gsize offset, JsonNode *value);
const char *const *gan_record_lend_strv (GStrv value);

JsonNode *gan_record_field_to_json (GanRecord *self, const GanField *field);
const GanField *gan_record_class_find (GanRecordClass *klass, const char *name);

#define GAN_RECORD_FIELD_PLAIN(Type, kind, name)                                                   \
  { #name, GAN_FIELD_##kind, G_STRUCT_OFFSET (Type, name), NULL },
#define GAN_RECORD_FIELD_STRING(Type, name) GAN_RECORD_FIELD_PLAIN (Type, STRING, name)
#define GAN_RECORD_FIELD_INT(Type, name) GAN_RECORD_FIELD_PLAIN (Type, INT, name)
#define GAN_RECORD_FIELD_DOUBLE(Type, name) GAN_RECORD_FIELD_PLAIN (Type, DOUBLE, name)
#define GAN_RECORD_FIELD_FLAG(Type, name) GAN_RECORD_FIELD_PLAIN (Type, FLAG, name)
#define GAN_RECORD_FIELD_TIME(Type, name) GAN_RECORD_FIELD_PLAIN (Type, TIME, name)
#define GAN_RECORD_FIELD_STRV(Type, name) GAN_RECORD_FIELD_PLAIN (Type, STRV, name)
#define GAN_RECORD_FIELD_HEADERS(Type, name) GAN_RECORD_FIELD_PLAIN (Type, HEADERS, name)
#define GAN_RECORD_FIELD_JSON(Type, name) GAN_RECORD_FIELD_PLAIN (Type, JSON, name)
#define GAN_RECORD_FIELD_LIST(Type, name)                                                          \
  { #name, GAN_FIELD_LIST, G_STRUCT_OFFSET (Type, name), GAN_RECORD_ELEMENT_##name },

#define GAN_RECORD_ACCESS_PLAIN(Type, prefix, name, ValueType, NoValue, setter)                    \
  ValueType prefix##_get_##name (Type *self)                                                       \
  {                                                                                                \
    g_return_val_if_fail (G_TYPE_CHECK_INSTANCE_TYPE (self, prefix##_get_type ()), NoValue);       \
    return self->name;                                                                             \
  }                                                                                                \
  void prefix##_set_##name (Type *self, ValueType value)                                           \
  {                                                                                                \
    g_return_if_fail (G_TYPE_CHECK_INSTANCE_TYPE (self, prefix##_get_type ()));                    \
    setter (GAN_RECORD (self), G_STRUCT_OFFSET (Type, name), value);                               \
  }
#define GAN_RECORD_ACCESS_STRING(Type, prefix, name)                                               \
  GAN_RECORD_ACCESS_PLAIN (Type, prefix, name, const char *, NULL, gan_record_set_string)
#define GAN_RECORD_ACCESS_INT(Type, prefix, name)                                                  \
  GAN_RECORD_ACCESS_PLAIN (Type, prefix, name, gint64, GAN_UNKNOWN, gan_record_set_int)
#define GAN_RECORD_ACCESS_DOUBLE(Type, prefix, name)                                               \
  GAN_RECORD_ACCESS_PLAIN (Type, prefix, name, double, GAN_UNKNOWN, gan_record_set_double)
#define GAN_RECORD_ACCESS_FLAG(Type, prefix, name)                                                 \
  GAN_RECORD_ACCESS_PLAIN (Type, prefix, name, gint64, GAN_UNKNOWN, gan_record_set_flag)
#define GAN_RECORD_ACCESS_TIME(Type, prefix, name)                                                 \
  GAN_RECORD_ACCESS_PLAIN (Type, prefix, name, gint64, GAN_UNKNOWN_TIME, gan_record_set_time)
#define GAN_RECORD_ACCESS_JSON(Type, prefix, name)                                                 \
  GAN_RECORD_ACCESS_PLAIN (Type, prefix, name, JsonNode *, NULL, gan_record_set_json)
#define GAN_RECORD_ACCESS_STRV(Type, prefix, name)                                                 \
  const char *const *prefix##_get_##name (Type *self)                                              \
  {                                                                                                \
    g_return_val_if_fail (G_TYPE_CHECK_INSTANCE_TYPE (self, prefix##_get_type ()), NULL);          \
    return gan_record_lend_strv (self->name);                                                      \
  }                                                                                                \
  void prefix##_set_##name (Type *self, const char *const *value)                                  \
  {                                                                                                \
    g_return_if_fail (G_TYPE_CHECK_INSTANCE_TYPE (self, prefix##_get_type ()));                    \
    gan_record_set_strv (GAN_RECORD (self), G_STRUCT_OFFSET (Type, name), value);                  \
  }
#define GAN_RECORD_ACCESS_LIST(Type, prefix, name)                                                 \
  GPtrArray *prefix##_get_##name (Type *self)                                                      \
  {                                                                                                \
    g_return_val_if_fail (G_TYPE_CHECK_INSTANCE_TYPE (self, prefix##_get_type ()), NULL);          \
    return self->name;                                                                             \
  }                                                                                                \
  void prefix##_append_##name (Type *self, gpointer element)                                       \
  {                                                                                                \
    g_return_if_fail (G_TYPE_CHECK_INSTANCE_TYPE (self, prefix##_get_type ()));                    \
    gan_record_append (GAN_RECORD (self),                                                          \
                       G_STRUCT_OFFSET (Type, name),                                               \
                       GAN_RECORD_ELEMENT_##name (),                                               \
                       element);                                                                   \
  }
#define GAN_RECORD_ACCESS_HEADERS(Type, prefix, name)                                              \
  GHashTable *prefix##_get_##name (Type *self)                                                     \
  {                                                                                                \
    g_return_val_if_fail (G_TYPE_CHECK_INSTANCE_TYPE (self, prefix##_get_type ()), NULL);          \
    return self->name;                                                                             \
  }                                                                                                \
  void prefix##_set_##name (Type *self, const char *header, const char *value)                     \
  {                                                                                                \
    g_return_if_fail (G_TYPE_CHECK_INSTANCE_TYPE (self, prefix##_get_type ()));                    \
    gan_record_set_header (GAN_RECORD (self), G_STRUCT_OFFSET (Type, name), header, value);        \
  }

#define GAN_RECORD_DEFINE(Type, prefix, TABLE, FIELD, ACCESS)                                      \
  struct _##Type                                                                                   \
  {                                                                                                \
    GanRecord parent_instance;                                                                     \
    TABLE (GAN_RECORD_MEMBER)                                                                      \
  };                                                                                               \
  G_DEFINE_FINAL_TYPE (Type, prefix, GAN_TYPE_RECORD)                                              \
  static void prefix##_class_init (Type##Class *klass)                                             \
  {                                                                                                \
    static const GanField fields[] = { TABLE (FIELD) };                                            \
                                                                                                   \
    gan_record_class_install (GAN_RECORD_CLASS (klass), fields, G_N_ELEMENTS (fields));            \
  }                                                                                                \
  static void prefix##_init (Type *self) { gan_record_init_fields (GAN_RECORD (self)); }           \
  TABLE (ACCESS)

G_END_DECLS
