/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-headers.h"

#include "gan-http-date.h"
#include "gan-limits.h"

#include <string.h>

typedef struct
{
  char *name;
  char *value;
} Field;

struct _GanHeaders
{
  gatomicrefcount ref_count;
  GArray *fields;
  gsize n_bytes;
};

static void
field_clear (gpointer data)
{
  Field *field = data;

  g_free (field->name);
  g_free (field->value);
}

static const Field *
get_field (GanHeaders *self, guint index)
{
  return &g_array_index (self->fields, Field, index);
}

/**
 * gan_headers_name_is_valid:
 * @name: a header field's name, or a method
 *
 * Returns: whether it is a token of RFC 9110 §5.6.2
 */
gboolean
gan_headers_name_is_valid (const char *name)
{
  if (name == NULL || *name == '\0')
    return FALSE;
  for (const char *p = name; *p != '\0'; p++)
    if (!g_ascii_isalnum (*p) && strchr ("!#$%&'*+-.^_`|~", *p) == NULL)
      return FALSE;
  return TRUE;
}

/**
 * gan_headers_value_is_valid:
 * @value: a header field's value
 *
 * The gate against header injection: no CR, LF or other control character but the tab.
 *
 * Returns: whether the value may be sent
 */
gboolean
gan_headers_value_is_valid (const char *value)
{
  if (value == NULL)
    return FALSE;
  for (const char *p = value; *p != '\0'; p++)
    if ((guchar) *p == 0x7f || ((guchar) *p < 0x20 && *p != '\t'))
      return FALSE;
  return TRUE;
}

/**
 * gan_headers_new:
 *
 * Returns: (transfer full): an empty list; filled by one thread, then shared unchanged
 */
GanHeaders *
gan_headers_new (void)
{
  GanHeaders *self = g_new0 (GanHeaders, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->fields = g_array_new (FALSE, FALSE, sizeof (Field));
  g_array_set_clear_func (self->fields, field_clear);
  return self;
}

/**
 * gan_headers_ref:
 * @self: a list
 *
 * Returns: (transfer full): @self
 */
GanHeaders *
gan_headers_ref (GanHeaders *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * gan_headers_unref:
 * @self: (transfer full): a list
 */
void
gan_headers_unref (GanHeaders *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_array_unref (self->fields);
  g_free (self);
}

/**
 * gan_headers_append:
 * @self: a list
 * @name: a field's name
 * @value: its value
 *
 * Returns: FALSE if the name is no token, the value holds a control character, or the list would
 * pass GAN_LIMIT_HEADER_COUNT or GAN_LIMIT_HEADER_BYTES; the list is then unchanged
 */
gboolean
gan_headers_append (GanHeaders *self, const char *name, const char *value)
{
  Field field = { NULL, NULL };
  gsize n_bytes = 0;

  g_return_val_if_fail (self != NULL, FALSE);

  if (!gan_headers_name_is_valid (name) || !gan_headers_value_is_valid (value))
    return FALSE;
  n_bytes = self->n_bytes + strlen (name) + strlen (value);
  if (self->fields->len >= GAN_LIMIT_HEADER_COUNT || n_bytes > GAN_LIMIT_HEADER_BYTES)
    return FALSE;

  self->n_bytes = n_bytes;
  field.name = g_strdup (name);
  field.value = g_strdup (value);
  g_array_append_val (self->fields, field);
  return TRUE;
}

/**
 * gan_headers_get_n:
 * @self: a list
 *
 * Returns: the number of fields
 */
guint
gan_headers_get_n (GanHeaders *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->fields->len;
}

/**
 * gan_headers_get_name:
 * @self: a list
 * @index: below gan_headers_get_n()
 *
 * Returns: the name as it was sent
 */
const char *
gan_headers_get_name (GanHeaders *self, guint index)
{
  g_return_val_if_fail (self != NULL && index < self->fields->len, NULL);

  return get_field (self, index)->name;
}

/**
 * gan_headers_get_value:
 * @self: a list
 * @index: below gan_headers_get_n()
 *
 * Returns: the value as it was sent
 */
const char *
gan_headers_get_value (GanHeaders *self, guint index)
{
  g_return_val_if_fail (self != NULL && index < self->fields->len, NULL);

  return get_field (self, index)->value;
}

/**
 * gan_headers_get:
 * @self: a list
 * @name: a name in any case
 *
 * Returns: (nullable): the value of the first field of that name
 */
const char *
gan_headers_get (GanHeaders *self, const char *name)
{
  g_return_val_if_fail (self != NULL && name != NULL, NULL);

  for (guint i = 0; i < self->fields->len; i++)
    if (g_ascii_strcasecmp (get_field (self, i)->name, name) == 0)
      return get_field (self, i)->value;
  return NULL;
}

/**
 * gan_headers_dup_all:
 * @self: a list
 * @name: a name in any case
 *
 * Returns: (transfer full): the values of every field of that name, in order, maybe none
 */
GStrv
gan_headers_dup_all (GanHeaders *self, const char *name)
{
  g_autoptr (GStrvBuilder) values = g_strv_builder_new ();

  g_return_val_if_fail (self != NULL && name != NULL, NULL);

  for (guint i = 0; i < self->fields->len; i++)
    if (g_ascii_strcasecmp (get_field (self, i)->name, name) == 0)
      g_strv_builder_add (values, get_field (self, i)->value);
  return g_strv_builder_end (values);
}

/**
 * gan_headers_dup_content_type:
 * @self: a list
 *
 * Returns: (transfer full) (nullable): the media type of Content-Type in lower case, without its
 * parameters; NULL if there is none
 */
char *
gan_headers_dup_content_type (GanHeaders *self)
{
  const char *value = gan_headers_get (self, "Content-Type");
  g_autofree char *type = NULL;

  if (value == NULL)
    return NULL;
  type = g_ascii_strdown (value, strcspn (value, ";,"));
  g_strstrip (type);
  return *type != '\0' ? g_steal_pointer (&type) : NULL;
}

/* A date is measured against the server's own Date where it sent one, so that a wrong clock here
 * does no harm. */
static gint64
seconds_until (GanHeaders *self, gint64 then)
{
  const char *date = gan_headers_get (self, "Date");
  gint64 now = 0;

  if (date == NULL || !gan_http_date_parse (date, &now))
    now = g_get_real_time () / G_USEC_PER_SEC;
  return then - now;
}

/**
 * gan_headers_get_retry_after:
 * @self: a list
 *
 * Reads Retry-After (RFC 9110 §10.2.3), seconds or a date.
 *
 * Returns: seconds from 0 to GAN_LIMIT_RETRY_AFTER_SECONDS, whatever the server wrote; -1 if there
 * is none or it makes no sense
 */
gint64
gan_headers_get_retry_after (GanHeaders *self)
{
  const char *value = gan_headers_get (self, "Retry-After");
  guint64 number = 0;
  gint64 then = 0;

  if (value == NULL)
    return -1;
  if (*value != '\0' && strspn (value, "0123456789") == strlen (value))
    {
      if (!g_ascii_string_to_unsigned (value, 10, 0, GAN_LIMIT_RETRY_AFTER_SECONDS, &number, NULL))
        return GAN_LIMIT_RETRY_AFTER_SECONDS;
      return (gint64) number;
    }
  if (!gan_http_date_parse (value, &then))
    return -1;
  return CLAMP (seconds_until (self, then), 0, GAN_LIMIT_RETRY_AFTER_SECONDS);
}
