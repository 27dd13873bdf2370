/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-transform.h"

#include "gan-limits.h"
#include "gan-record.h"
#include "gan-text.h"
#include "gan-url.h"

#include <math.h>
#include <string.h>

typedef enum
{
  ARGUMENT_NONE,
  ARGUMENT_NUMBER,
  ARGUMENT_TEXT,
} ArgumentType;

/* Changes the value in place; FALSE if nothing sensible comes of it. */
typedef gboolean (*TransformFunc) (const GanTransform *self, GValue *value);

typedef struct
{
  const char *name;
  ArgumentType argument;
  TransformFunc func;
} Kind;

struct _GanTransform
{
  const Kind *kind;
  guint64 number;
  char *text;
};

static gboolean
take_string (GValue *value, char *string)
{
  g_value_unset (value);
  g_value_init (value, G_TYPE_STRING);
  g_value_take_string (value, string);
  return string != NULL && *string != '\0';
}

static gboolean
take_int (GValue *value, gint64 number, gint64 unknown)
{
  g_value_unset (value);
  g_value_init (value, G_TYPE_INT64);
  g_value_set_int64 (value, number);
  return number != unknown;
}

static gboolean
take_double (GValue *value, double number)
{
  g_value_unset (value);
  g_value_init (value, G_TYPE_DOUBLE);
  g_value_set_double (value, number);
  return isfinite (number) && number >= 0;
}

static gboolean
take_strv (GValue *value, GStrv strings)
{
  g_value_unset (value);
  g_value_init (value, G_TYPE_STRV);
  g_value_take_boxed (value, strings);
  return strings[0] != NULL;
}

/* A number in whatever form, as text. */
static char *
dup_as_text (const GValue *value)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  if (G_VALUE_HOLDS_STRING (value))
    return g_value_dup_string (value);
  if (G_VALUE_HOLDS_INT64 (value))
    return g_strdup_printf ("%" G_GINT64_FORMAT, g_value_get_int64 (value));
  if (G_VALUE_HOLDS_DOUBLE (value))
    return g_strdup (g_ascii_formatd (buffer, sizeof buffer, "%.3f", g_value_get_double (value)));
  return NULL;
}

static gboolean
to_int (const GanTransform *self, GValue *value)
{
  if (G_VALUE_HOLDS_STRING (value))
    return take_int (value, gan_text_to_int (g_value_get_string (value)), GAN_UNKNOWN);
  if (G_VALUE_HOLDS_DOUBLE (value))
    {
      double number = g_value_get_double (value);

      return number >= 0 && number <= (double) GAN_LIMIT_COUNT
             && take_int (value, (gint64) number, GAN_UNKNOWN);
    }
  return G_VALUE_HOLDS_INT64 (value);
}

static gboolean
to_double (const GanTransform *self, GValue *value)
{
  const char *text;
  char *end;
  double number;

  if (G_VALUE_HOLDS_INT64 (value))
    return take_double (value, (double) g_value_get_int64 (value));
  if (!G_VALUE_HOLDS_STRING (value))
    return G_VALUE_HOLDS_DOUBLE (value);
  text = g_value_get_string (value);
  number = g_ascii_strtod (text, &end);
  return end != text && *end == '\0' && take_double (value, number);
}

static gboolean
to_duration (const GanTransform *self, GValue *value)
{
  if (G_VALUE_HOLDS_STRING (value))
    return take_double (value, gan_text_to_duration (g_value_get_string (value)));
  return to_double (self, value);
}

static gboolean
to_duration_ms (const GanTransform *self, GValue *value)
{
  return to_double (self, value) && take_double (value, g_value_get_double (value) / 1000);
}

static gboolean
to_date (const GanTransform *self, GValue *value)
{
  g_autofree char *text = dup_as_text (value);

  return take_int (value, gan_text_to_time (text), GAN_UNKNOWN_TIME);
}

static gboolean
to_hashtags (const GanTransform *self, GValue *value)
{
  return G_VALUE_HOLDS_STRING (value)
         && take_strv (value, gan_text_to_hashtags (g_value_get_string (value)));
}

static gboolean
to_mentions (const GanTransform *self, GValue *value)
{
  return G_VALUE_HOLDS_STRING (value)
         && take_strv (value, gan_text_to_mentions (g_value_get_string (value)));
}

static gboolean
to_bool (const GanTransform *self, GValue *value)
{
  g_autofree char *text = NULL;
  gboolean truth;

  if (G_VALUE_HOLDS_BOOLEAN (value))
    return TRUE;
  text = dup_as_text (value);
  if (text == NULL)
    return FALSE;
  truth = g_str_equal (text, "1") || g_ascii_strcasecmp (text, "true") == 0;
  if (!truth && !g_str_equal (text, "0") && g_ascii_strcasecmp (text, "false") != 0)
    return FALSE;
  g_value_unset (value);
  g_value_init (value, G_TYPE_BOOLEAN);
  g_value_set_boolean (value, truth);
  return TRUE;
}

static gboolean
sanitize (const GanTransform *self, GValue *value)
{
  return G_VALUE_HOLDS_STRING (value)
         && take_string (value, gan_text_sanitize (g_value_get_string (value), self->number));
}

static gboolean
first_line (const GanTransform *self, GValue *value)
{
  return G_VALUE_HOLDS_STRING (value)
         && take_string (value,
                         gan_text_first_line (g_value_get_string (value), GAN_LIMIT_TITLE_CHARS));
}

static gboolean
html_unescape (const GanTransform *self, GValue *value)
{
  return G_VALUE_HOLDS_STRING (value)
         && take_string (value, gan_text_html_unescape (g_value_get_string (value)));
}

static gboolean
strip_prefix (const GanTransform *self, GValue *value)
{
  const char *text;

  if (!G_VALUE_HOLDS_STRING (value))
    return FALSE;
  text = g_value_get_string (value);
  if (g_str_has_prefix (text, self->text))
    text += strlen (self->text);
  return take_string (value, g_strdup (text));
}

/* An http or https address; one without a scheme gets https. */
static gboolean
to_url (const GanTransform *self, GValue *value)
{
  g_autoptr (GanUrl) url = NULL;
  g_autofree char *text = NULL;

  if (!G_VALUE_HOLDS_STRING (value))
    return FALSE;
  text = g_value_dup_string (value);
  if (g_str_has_prefix (text, "//"))
    {
      g_free (text);
      text = g_strconcat ("https:", g_value_get_string (value), NULL);
    }
  url = gan_url_parse (text, NULL);
  return url != NULL && take_string (value, g_strdup (gan_url_get_string (url)));
}

static const Kind kinds[] = {
  { "bool", ARGUMENT_NONE, to_bool },
  { "date", ARGUMENT_NONE, to_date },
  { "duration", ARGUMENT_NONE, to_duration },
  { "duration-ms", ARGUMENT_NONE, to_duration_ms },
  { "first-line", ARGUMENT_NONE, first_line },
  { "hashtags", ARGUMENT_NONE, to_hashtags },
  { "html-unescape", ARGUMENT_NONE, html_unescape },
  { "mentions", ARGUMENT_NONE, to_mentions },
  { "sanitize", ARGUMENT_NUMBER, sanitize },
  { "strip-prefix", ARGUMENT_TEXT, strip_prefix },
  { "to-double", ARGUMENT_NONE, to_double },
  { "to-int", ARGUMENT_NONE, to_int },
  { "url", ARGUMENT_NONE, to_url },
};

static const Kind *
find_kind (const char *name, gsize length)
{
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      if (strlen (kinds[i].name) == length && strncmp (kinds[i].name, name, length) == 0)
        return &kinds[i];
    }
  return NULL;
}

/**
 * gan_transform_parse:
 * @text: the name of a transform, with its argument if it takes one: "to-int", "sanitize(200)",
 *   "strip-prefix(@)"
 *
 * The transforms are bool, date (anything that gan_text_to_time() reads, or a number), duration,
 * duration-ms, first-line, hashtags, html-unescape, mentions, sanitize(bytes), strip-prefix(text),
 * to-double, to-int and url (http or https, checked).
 *
 * Returns: (transfer full) (nullable): the transform, or %NULL if there is none of that form
 */
GanTransform *
gan_transform_parse (const char *text)
{
  g_autoptr (GanTransform) self = NULL;
  gsize name_length;
  const Kind *kind;
  const char *argument;

  g_return_val_if_fail (text != NULL, NULL);

  name_length = strcspn (text, "(");
  kind = find_kind (text, name_length);
  argument = text + name_length;
  if (kind == NULL || (*argument == '(') != (kind->argument != ARGUMENT_NONE))
    return NULL;
  self = g_new0 (GanTransform, 1);
  self->kind = kind;
  if (kind->argument == ARGUMENT_NONE)
    return g_steal_pointer (&self);

  if (strlen (argument) < strlen ("(x)") || !g_str_has_suffix (argument, ")"))
    return NULL;
  self->text = g_strndup (argument + 1, strlen (argument) - 2);
  if (kind->argument == ARGUMENT_NUMBER
      && !g_ascii_string_to_unsigned (self->text, 10, 1, GAN_LIMIT_TEXT_BYTES, &self->number, NULL))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * gan_transform_free:
 * @self: (transfer full): a transform
 */
void
gan_transform_free (GanTransform *self)
{
  g_free (self->text);
  g_free (self);
}

/**
 * gan_transform_apply:
 * @self: a transform
 * @value: (inout): of type string, int64, double, boolean or GStrv; its type may change
 *
 * Returns: whether @value was of a type that the transform takes, and made sense
 */
gboolean
gan_transform_apply (const GanTransform *self, GValue *value)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (G_IS_VALUE (value), FALSE);

  return self->kind->func (self, value);
}
