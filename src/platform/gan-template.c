/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-template.h"

#include "gan-error.h"
#include "gan-percent.h"
#include "gan-template-private.h"

#include <string.h>

#define MAX_QUERIES 4
#define MAX_NAME 32

/* Literal text, or literal text around one run of bytes of a class. There is no alternation and no
 * nesting, so that whether some bytes fit takes one look at each of them. */
typedef struct
{
  char *prefix;
  gsize prefix_length;
  char *suffix;
  gsize suffix_length;
  char *name; /* of the capture, or NULL */
  guint32 set[8];
  gsize min;
  gsize max;
} Piece;

typedef struct
{
  char *key;
  gsize key_length;
  gboolean any_value;
  Piece value;
} QueryPiece;

struct _GanTemplate
{
  char *text;
  gboolean is_host;
  gboolean has_rest;
  Piece segments[GAN_TEMPLATE_MAX_SEGMENTS];
  guint n_segments;
  QueryPiece queries[MAX_QUERIES];
  guint n_queries;
  guint n_path_captures; /* these come first */
  guint n_captures;
};

typedef struct
{
  const char *name;
  const char *ranges; /* pairs of first and last byte */
  gsize min;
  gsize max;
} Class;

static const Class classes[] = {
  { "digits", "09", 1, 20 },       { "alnum", "09azAZ", 1, 200 },
  { "word", "09azAZ__", 1, 200 },  { "slug", "09azAZ__-.~~%%", 1, 200 },
  { "yt", "09azAZ__--", 11, 11 },  { "uuid", "09afAF--", 36, 36 },
  { "any", "\x01.0\xff", 1, 200 },
};

static gboolean
fail (GError **error, const char *text, const char *what)
{
  gan_error_set (error, GAN_ERROR_INVALID_DATA, "template", "template '%s': %s", text, what);
  return FALSE;
}

static gboolean
is_literal (const char *text, gsize length)
{
  for (gsize i = 0; i < length; i++)
    {
      if (!g_ascii_isgraph (text[i]) || strchr ("{}*#\\\"<>", text[i]) != NULL)
        return FALSE;
    }
  return TRUE;
}

static gboolean
is_name (const char *text, gsize length)
{
  if (length == 0 || length > MAX_NAME || !g_ascii_islower (text[0]))
    return FALSE;
  for (gsize i = 0; i < length; i++)
    {
      if (!g_ascii_islower (text[i]) && !g_ascii_isdigit (text[i]) && text[i] != '_')
        return FALSE;
    }
  return TRUE;
}

static void
piece_clear (Piece *piece)
{
  g_free (piece->prefix);
  g_free (piece->suffix);
  g_free (piece->name);
}

static void
piece_set_class (Piece *piece, const Class *class)
{
  for (const char *range = class->ranges; *range != '\0'; range += 2)
    {
      for (guint byte = (guchar) range[0]; byte <= (guchar) range[1]; byte++)
        piece->set[byte >> 5] |= 1u << (byte & 31);
    }
  piece->min = class->min;
  piece->max = class->max;
}

/* "(1,15)" behind the name of a class. */
static gboolean
piece_narrow (Piece *piece, const char *text)
{
  g_auto (GStrv) parts = NULL;
  g_autofree char *inner = NULL;
  guint64 min;
  guint64 max;
  gsize length = strlen (text);

  if (length < 3 || text[0] != '(' || text[length - 1] != ')')
    return FALSE;
  inner = g_strndup (text + 1, length - 2);
  parts = g_strsplit (inner, ",", 3);
  if (g_strv_length (parts) != 2
      || !g_ascii_string_to_unsigned (parts[0], 10, piece->min, piece->max, &min, NULL)
      || !g_ascii_string_to_unsigned (parts[1], 10, min, piece->max, &max, NULL))
    return FALSE;
  piece->min = min;
  piece->max = max;
  return TRUE;
}

/* "name:class" or "name:class(1,15)". */
static gboolean
piece_parse_capture (Piece *piece, const char *capture, const char *text, GError **error)
{
  const char *colon = strchr (capture, ':');
  gsize class_length;

  if (colon == NULL || !is_name (capture, colon - capture))
    return fail (error, text, "a capture is {name:class}, its name of a-z, 0-9 and _");
  piece->name = g_strndup (capture, colon - capture);
  class_length = strcspn (colon + 1, "(");
  for (guint i = 0; i < G_N_ELEMENTS (classes); i++)
    {
      if (strlen (classes[i].name) == class_length
          && strncmp (classes[i].name, colon + 1, class_length) == 0)
        {
          piece_set_class (piece, &classes[i]);
          if (colon[1 + class_length] == '\0' || piece_narrow (piece, colon + 1 + class_length))
            return TRUE;
          return fail (error, text, "a length is (least,most), within that of the class");
        }
    }
  return fail (error, text, "unknown class of bytes");
}

static gboolean
piece_parse (Piece *piece, const char *part, const char *text, GError **error)
{
  g_autofree char *capture = NULL;
  const char *open = strchr (part, '{');
  const char *close = strchr (part, '}');

  if (open == NULL)
    open = part + strlen (part);
  piece->prefix = g_strndup (part, open - part);
  piece->prefix_length = open - part;
  if (*open == '{' && (close == NULL || close < open))
    return fail (error, text, "a brace is not closed");
  piece->suffix = g_strdup (*open == '{' ? close + 1 : "");
  piece->suffix_length = strlen (piece->suffix);
  if (!is_literal (piece->prefix, piece->prefix_length)
      || !is_literal (piece->suffix, piece->suffix_length))
    return fail (error, text, "a part is literal text around at most one capture");
  if (*open != '{')
    return TRUE;
  capture = g_strndup (open + 1, close - open - 1);
  return piece_parse_capture (piece, capture, text, error);
}

/* Whether bytes fit, and which of them are the capture. */
static inline gboolean
piece_match (const Piece *piece, const char *text, gsize length, GanSlice *capture)
{
  if (length < piece->prefix_length || memcmp (text, piece->prefix, piece->prefix_length) != 0)
    return FALSE;
  text += piece->prefix_length;
  length -= piece->prefix_length;
  if (piece->name == NULL)
    return length == 0;
  if (length < piece->suffix_length + piece->min
      || memcmp (text + length - piece->suffix_length, piece->suffix, piece->suffix_length) != 0)
    return FALSE;
  length -= piece->suffix_length;
  if (length > piece->max)
    return FALSE;
  for (gsize i = 0; i < length; i++)
    {
      guchar byte = text[i];

      if ((piece->set[byte >> 5] >> (byte & 31) & 1) == 0)
        return FALSE;
    }
  capture->text = text;
  capture->length = length;
  return TRUE;
}

static gboolean
parse_segments (GanTemplate *self, const char *path, const char *separator, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (path, separator, -1);

  for (guint i = 0; parts[i] != NULL; i++)
    {
      if (!self->is_host && g_str_equal (parts[i], "**"))
        {
          self->has_rest = TRUE;
          return parts[i + 1] == NULL || fail (error, self->text, "** stands at the end only");
        }
      if (*parts[i] == '\0')
        return fail (error, self->text, "a part is empty");
      if (self->n_segments == GAN_TEMPLATE_MAX_SEGMENTS)
        return fail (error, self->text, "too many parts");
      if (!piece_parse (&self->segments[self->n_segments++], parts[i], self->text, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
parse_query (GanTemplate *self, const char *query, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (query, "&", -1);

  if (parts[0] == NULL)
    return fail (error, self->text, "no query key follows the ?");
  for (guint i = 0; parts[i] != NULL; i++)
    {
      QueryPiece *piece = &self->queries[self->n_queries];
      gsize length = strcspn (parts[i], "=");

      if (self->n_queries == MAX_QUERIES)
        return fail (error, self->text, "too many query keys");
      if (length == 0 || !is_literal (parts[i], length))
        return fail (error, self->text, "a query key is literal text");
      self->n_queries++;
      piece->key = g_strndup (parts[i], length);
      piece->key_length = length;
      piece->any_value = parts[i][length] == '\0';
      if (!piece->any_value
          && !piece_parse (&piece->value, parts[i] + length + 1, self->text, error))
        return FALSE;
    }
  return TRUE;
}

static const char *
capture_name (const GanTemplate *self, guint index)
{
  for (guint i = 0; i < self->n_segments; i++)
    {
      if (self->segments[i].name != NULL && index-- == 0)
        return self->segments[i].name;
    }
  for (guint i = 0; i < self->n_queries; i++)
    {
      if (self->queries[i].value.name != NULL && index-- == 0)
        return self->queries[i].value.name;
    }
  return NULL;
}

static gboolean
check_captures (GanTemplate *self, GError **error)
{
  while (capture_name (self, self->n_captures) != NULL)
    {
      for (guint i = 0; i < self->n_captures; i++)
        {
          if (g_str_equal (capture_name (self, i), capture_name (self, self->n_captures)))
            return fail (error, self->text, "two captures have one name");
        }
      self->n_captures++;
    }
  for (guint i = 0; i < self->n_segments; i++)
    self->n_path_captures += self->segments[i].name != NULL;
  if (self->n_captures > GAN_TEMPLATE_MAX_CAPTURES)
    return fail (error, self->text, "too many captures");
  return TRUE;
}

/**
 * gan_template_new:
 * @text: a path with an optional query, such as `/@{user:word}/video/{id:digits}` or
 *   `/watch?v={id:yt}`; RULES.md has the syntax
 * @error: return location for an error
 *
 * Returns: (transfer full): the compiled template, or %NULL with %GAN_ERROR_INVALID_DATA, reason
 *   "template"
 */
GanTemplate *
gan_template_new (const char *text, GError **error)
{
  g_autoptr (GanTemplate) self = g_new0 (GanTemplate, 1);
  g_autofree char *path = NULL;
  gsize length;

  g_return_val_if_fail (text != NULL, NULL);

  self->text = g_strdup (text);
  length = strcspn (text, "?");
  path = g_strndup (text, length);
  if (path[0] != '/')
    {
      fail (error, text, "it begins with /");
      return NULL;
    }
  if (path[1] != '\0' && !parse_segments (self, path + 1, "/", error))
    return NULL;
  if (text[length] == '?' && !parse_query (self, text + length + 1, error))
    return NULL;
  if (!check_captures (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * gan_template_new_host:
 * @text: a host, such as `exm.pl` or `{user:word}.example.org`
 * @error: return location for an error
 *
 * A host without captures stands for itself and its `www.`, `m.` and `mobile.`; a capture never
 * takes these.
 *
 * Returns: (transfer full): the compiled template, or %NULL with %GAN_ERROR_INVALID_DATA, reason
 *   "template"
 */
GanTemplate *
gan_template_new_host (const char *text, GError **error)
{
  g_autoptr (GanTemplate) self = g_new0 (GanTemplate, 1);
  g_autofree char *lower = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  lower = g_ascii_strdown (text, -1);
  self->text = g_strdup (text);
  self->is_host = TRUE;
  if (!parse_segments (self, lower, ".", error) || !check_captures (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * gan_template_free:
 * @self: (transfer full) (nullable): a template
 */
void
gan_template_free (GanTemplate *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < self->n_segments; i++)
    piece_clear (&self->segments[i]);
  for (guint i = 0; i < self->n_queries; i++)
    {
      g_free (self->queries[i].key);
      piece_clear (&self->queries[i].value);
    }
  g_free (self->text);
  g_free (self);
}

/**
 * gan_template_get_text:
 * @self: a template
 *
 * Returns: (transfer none): what it was compiled from
 */
const char *
gan_template_get_text (const GanTemplate *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->text;
}

/**
 * gan_template_captures:
 * @self: a template
 * @name: a name
 *
 * Returns: whether a match gives a value of that name
 */
gboolean
gan_template_captures (const GanTemplate *self, const char *name)
{
  for (guint i = 0; i < self->n_captures; i++)
    {
      if (g_str_equal (capture_name (self, i), name))
        return TRUE;
    }
  return FALSE;
}

/**
 * gan_template_skip_common_label:
 * @host: a host in lower case
 *
 * Returns: (transfer none): @host, or what follows its `www.`, `m.` or `mobile.` if that is a host
 *   with a dot itself
 */
const char *
gan_template_skip_common_label (const char *host)
{
  static const char *const common[] = { "www.", "m.", "mobile." };

  for (guint i = 0; i < G_N_ELEMENTS (common); i++)
    {
      if (g_str_has_prefix (host, common[i]) && strchr (host + strlen (common[i]), '.') != NULL)
        return host + strlen (common[i]);
    }
  return host;
}

static guint
split (const char *text, const char *end, char separator, GanSlice *slices)
{
  guint count = 0;

  while (text < end)
    {
      const char *next = memchr (text, separator, end - text);

      if (next == NULL)
        next = end;
      if (next > text)
        {
          if (count < GAN_TEMPLATE_MAX_SEGMENTS)
            {
              slices[count].text = text;
              slices[count].length = next - text;
            }
          count++;
        }
      text = next + 1;
    }
  return count;
}

/**
 * gan_template_subject_init:
 * @subject: (out caller-allocates): what is filled
 * @url: a URL, which must outlive @subject
 *
 * Takes a URL apart for gan_template_match_subject().
 */
void
gan_template_subject_init (GanTemplateSubject *subject, GanUrl *url)
{
  const char *host = gan_url_get_host (url);
  const char *path = gan_url_get_path (url);

  subject->n_labels = split (host, host + strlen (host), '.', subject->labels);
  subject->n_common_labels = gan_template_skip_common_label (host) == host ? 0 : 1;
  subject->n_segments = split (path, path + strlen (path), '/', subject->segments);
  subject->query = gan_url_get_query (url);
}

static gboolean
match_pieces (const GanTemplate *self, const GanSlice *slices, GanSlice *captures)
{
  GanSlice ignored;
  guint n = 0;

  for (guint i = 0; i < self->n_segments; i++)
    {
      GanSlice *capture = self->segments[i].name == NULL ? &ignored : &captures[n++];

      if (!piece_match (&self->segments[i], slices[i].text, slices[i].length, capture))
        return FALSE;
    }
  return TRUE;
}

static gboolean
match_host (const GanTemplate *self, const GanTemplateSubject *subject, GanSlice *captures)
{
  guint bare = subject->n_labels - subject->n_common_labels;

  if (subject->n_labels > GAN_TEMPLATE_MAX_SEGMENTS)
    return FALSE;
  if (self->n_captures == 0 && self->n_segments == subject->n_labels
      && match_pieces (self, subject->labels, captures))
    return TRUE;
  return self->n_segments == bare
         && match_pieces (self, subject->labels + subject->n_common_labels, captures);
}

/* The first value of the key that fits. */
static gboolean
match_query (const QueryPiece *piece, const char *query, GanSlice *capture)
{
  while (query != NULL)
    {
      gsize length = strcspn (query, "&");
      gsize key_length = piece->key_length;

      if (length >= key_length && memcmp (query, piece->key, key_length) == 0)
        {
          if (length == key_length || query[key_length] == '=')
            {
              const char *value = query + MIN (length, key_length + 1);

              if (piece->any_value
                  || piece_match (&piece->value, value, query + length - value, capture))
                return TRUE;
            }
        }
      query = query[length] == '&' ? query + length + 1 : NULL;
    }
  return FALSE;
}

static gboolean
match_url (const GanTemplate *self, const GanTemplateSubject *subject, GanSlice *captures)
{
  GanSlice ignored;
  guint n = self->n_path_captures;

  if (subject->n_segments < self->n_segments)
    return FALSE;
  if (subject->n_segments > self->n_segments && !self->has_rest)
    return FALSE;
  if (!match_pieces (self, subject->segments, captures))
    return FALSE;
  for (guint i = 0; i < self->n_queries; i++)
    {
      GanSlice *capture = self->queries[i].value.name == NULL ? &ignored : &captures[n++];

      if (!match_query (&self->queries[i], subject->query, capture))
        return FALSE;
    }
  return TRUE;
}

/* What is no UTF-8 or holds control characters is no name of anything. */
static char *
decode_capture (const GanSlice *slice, gboolean in_path)
{
  g_autofree char *value = in_path ? gan_percent_decode (slice->text, slice->length)
                                   : gan_percent_decode_form (slice->text, slice->length);

  if (!g_utf8_validate (value, -1, NULL))
    return NULL;
  for (const char *c = value; *c != '\0'; c++)
    {
      if (g_ascii_iscntrl (*c))
        return NULL;
    }
  return g_steal_pointer (&value);
}

/**
 * gan_template_match_subject:
 * @self: a template of a URL or of a host
 * @subject: a URL taken apart
 * @captures: (nullable): where name and value of the captures go, percent-decoded
 *
 * Linear in the length of the URL, and without an allocation unless it fits.
 *
 * Returns: whether it fits; @captures is left alone when it does not
 */
gboolean
gan_template_match_subject (const GanTemplate *self,
                            const GanTemplateSubject *subject,
                            GHashTable *captures)
{
  GanSlice slices[GAN_TEMPLATE_MAX_CAPTURES];
  g_autoptr (GPtrArray) values = NULL;

  if (!(self->is_host ? match_host (self, subject, slices) : match_url (self, subject, slices)))
    return FALSE;
  if (self->n_captures == 0)
    return TRUE;
  values = g_ptr_array_new_full (self->n_captures, g_free);
  for (guint i = 0; i < self->n_captures; i++)
    {
      char *value = decode_capture (&slices[i], i < self->n_path_captures);

      if (value == NULL)
        return FALSE;
      g_ptr_array_add (values, value);
    }
  for (guint i = 0; captures != NULL && i < self->n_captures; i++)
    g_hash_table_replace (captures,
                          g_strdup (capture_name (self, i)),
                          g_strdup (g_ptr_array_index (values, i)));
  return TRUE;
}

/**
 * gan_template_match:
 * @self: a template of a URL
 * @url: a URL; its host is not looked at
 *
 * Returns: (transfer full) (nullable): the captures, name to value, percent-decoded; %NULL when
 *   the URL does not fit
 */
GHashTable *
gan_template_match (const GanTemplate *self, GanUrl *url)
{
  g_autoptr (GHashTable) captures = NULL;
  GanTemplateSubject subject;

  g_return_val_if_fail (self != NULL && url != NULL, NULL);

  captures = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  gan_template_subject_init (&subject, url);
  if (!gan_template_match_subject (self, &subject, captures))
    return NULL;
  return g_steal_pointer (&captures);
}
