/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Records: final GObjects made from one table of fields. The table yields the struct, typed getters
 * and setters, read-only properties, JSON in and out, set-by-name for the field map, and the
 * difference that tests show.
 *
 * A record is filled by one thread and then sealed; from then on any thread may read it and setting
 * is a programming error. Unknown is NULL, GAN_UNKNOWN, GAN_UNKNOWN_TIME or an empty list, and null
 * in JSON. */
#pragma once

#include "gan-unknown.h"

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef enum
{
  GAN_FIELD_STRING,  /* char *; UTF-8 */
  GAN_FIELD_INT,     /* gint64 >= 0 */
  GAN_FIELD_DOUBLE,  /* double >= 0; seconds, frames per second */
  GAN_FIELD_FLAG,    /* gint64: 0, 1 or GAN_UNKNOWN; a boolean in JSON */
  GAN_FIELD_TIME,    /* gint64: Unix seconds; RFC 3339 UTC in JSON */
  GAN_FIELD_STRV,    /* GStrv, never NULL in JSON */
  GAN_FIELD_LIST,    /* GPtrArray of records; the type is in the table */
  GAN_FIELD_HEADERS, /* GHashTable string -> string; an object in JSON */
  GAN_FIELD_JSON,    /* JsonNode; what has no field of its own */
} GanFieldType;

typedef struct
{
  const char *name;
  GanFieldType type;
  gsize offset;
  GType (*element_type) (void); /* of GAN_FIELD_LIST */
} GanField;

#define GAN_TYPE_RECORD (gan_record_get_type ())
G_DECLARE_DERIVABLE_TYPE (GanRecord, gan_record, GAN, RECORD, GObject)

struct _GanRecordClass
{
  GObjectClass parent_class;

  const GanField *fields;
  guint n_fields;
};

void gan_record_class_install (GanRecordClass *klass, const GanField *fields, guint n_fields);

void gan_record_seal (GanRecord *self);
gboolean gan_record_is_sealed (GanRecord *self);

JsonNode *gan_record_to_json (GanRecord *self) G_GNUC_WARN_UNUSED_RESULT;
gpointer
gan_record_from_json (GType type, JsonNode *node, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean
gan_record_set_by_name (GanRecord *self, const char *name, const GValue *value, GError **error);
char *gan_record_dup_difference (GanRecord *expected, GanRecord *actual) G_GNUC_WARN_UNUSED_RESULT;

/* A table is a macro F (KIND, name) per field; these make of it a struct and the declarations of
 * gan_<type>_get_<name>() and gan_<type>_set_<name>() (lists: _append_<name>, headers: _set_<name>
 * (name, value)). GAN_RECORD_DEFINE in gan-record-define.h makes the code. Setters copy what they
 * are given; getters lend. */
#define GAN_RECORD_MEMBER(kind, name) GAN_RECORD_MEMBER_##kind (name)
#define GAN_RECORD_MEMBER_STRING(name) char *name;
#define GAN_RECORD_MEMBER_INT(name) gint64 name;
#define GAN_RECORD_MEMBER_DOUBLE(name) double name;
#define GAN_RECORD_MEMBER_FLAG(name) gint64 name;
#define GAN_RECORD_MEMBER_TIME(name) gint64 name;
#define GAN_RECORD_MEMBER_STRV(name) GStrv name;
#define GAN_RECORD_MEMBER_LIST(name) GPtrArray *name;
#define GAN_RECORD_MEMBER_HEADERS(name) GHashTable *name;
#define GAN_RECORD_MEMBER_JSON(name) JsonNode *name;

#define GAN_RECORD_DECLARE_STRING(Type, prefix, name)                                              \
  const char *prefix##_get_##name (Type *self);                                                    \
  void prefix##_set_##name (Type *self, const char *value);
#define GAN_RECORD_DECLARE_INT(Type, prefix, name)                                                 \
  gint64 prefix##_get_##name (Type *self);                                                         \
  void prefix##_set_##name (Type *self, gint64 value);
#define GAN_RECORD_DECLARE_DOUBLE(Type, prefix, name)                                              \
  double prefix##_get_##name (Type *self);                                                         \
  void prefix##_set_##name (Type *self, double value);
#define GAN_RECORD_DECLARE_FLAG(Type, prefix, name) GAN_RECORD_DECLARE_INT (Type, prefix, name)
#define GAN_RECORD_DECLARE_TIME(Type, prefix, name) GAN_RECORD_DECLARE_INT (Type, prefix, name)
#define GAN_RECORD_DECLARE_STRV(Type, prefix, name)                                                \
  const char *const *prefix##_get_##name (Type *self);                                             \
  void prefix##_set_##name (Type *self, const char *const *value);
#define GAN_RECORD_DECLARE_LIST(Type, prefix, name)                                                \
  GPtrArray *prefix##_get_##name (Type *self);                                                     \
  void prefix##_append_##name (Type *self, gpointer element);
#define GAN_RECORD_DECLARE_HEADERS(Type, prefix, name)                                             \
  GHashTable *prefix##_get_##name (Type *self);                                                    \
  void prefix##_set_##name (Type *self, const char *header, const char *value);
#define GAN_RECORD_DECLARE_JSON(Type, prefix, name)                                                \
  JsonNode *prefix##_get_##name (Type *self);                                                      \
  void prefix##_set_##name (Type *self, JsonNode *value);

G_END_DECLS
