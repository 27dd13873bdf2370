/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a recording is for decides what stays: whoever reads it must see which way a site was asked
 * and what shape its answer had, and a replay must come to the same result. So structure always
 * stays (which hosts and paths, names of headers, keys, nesting, types, sizes, truth values), and
 * values stay where a list of gan-harmless.c says so; they still pass gan_redact_text() or
 * gan_redact_url().
 *
 * Text that is no JSON (pages, playlists) stays too, as a page without its words proves nothing,
 * but: secrets go by gan_redact_text(), values of queries by the list of keys, JSON in script
 * elements by the list of fields, and values of form fields and meta elements whose name says
 * secret. */
#include "config.h"

#include "gan-scrubber.h"

#include "gan-harmless.h"
#include "gan-percent.h"
#include "gan-redact.h"

#include <string.h>

#define MAX_KEY_BYTES 64

struct _GanScrubber
{
  GanHarmless *harmless;
};

/**
 * gan_scrubber_new:
 *
 * Returns: (transfer full): a scrubber that knows what is harmless at every site
 */
GanScrubber *
gan_scrubber_new (void)
{
  GanScrubber *self = g_new0 (GanScrubber, 1);

  self->harmless = gan_harmless_new ();
  return self;
}

/**
 * gan_scrubber_free:
 * @self: (transfer full): a scrubber
 */
void
gan_scrubber_free (GanScrubber *self)
{
  gan_harmless_free (self->harmless);
  g_free (self);
}

/**
 * gan_scrubber_allow:
 * @self: a scrubber
 * @site: whose requests it is about, "" for those of no site
 * @query_keys: (nullable): as for gan_harmless_allow()
 * @json_fields: (nullable): as for gan_harmless_allow()
 */
void
gan_scrubber_allow (GanScrubber *self,
                    const char *site,
                    const char *const *query_keys,
                    const char *const *json_fields)
{
  gan_harmless_allow (self->harmless, site, query_keys, json_fields);
}

/**
 * gan_scrubber_dup_header:
 * @self: a scrubber
 * @site: the site that asked, "" for none
 * @name: name of a header
 * @value: its value
 *
 * Returns: (transfer full) (nullable): what stays of @value; NULL if the header is left out
 */
char *
gan_scrubber_dup_header (GanScrubber *self, const char *site, const char *name, const char *value)
{
  switch (gan_harmless_get_header (name))
    {
    case GAN_HARMLESS_TEXT:
      return gan_redact_text (value);
    case GAN_HARMLESS_URL:
      return gan_scrubber_dup_url (self, site, value);
    case GAN_HARMLESS_NAME:
      return g_strdup (GAN_REDACTED);
    case GAN_HARMLESS_NOTHING:
    default:
      return NULL;
    }
}

/* '&' as it is written in URLs, in HTML and in JSON. */
static gsize
measure_ampersand (const char *text)
{
  static const char *const forms[] = { "&amp;", "&#38;", "&#038;", "&#x26;", "\\u0026", "&" };

  for (gsize i = 0; i < G_N_ELEMENTS (forms); i++)
    if (g_ascii_strncasecmp (text, forms[i], strlen (forms[i])) == 0)
      return strlen (forms[i]);
  return 0;
}

/* "key=value", or a value alone. */
static void
append_pair (GanScrubber *self, const char *site, GString *out, const char *pair, gsize length)
{
  const char *equals = memchr (pair, '=', length);
  gsize key_length = equals != NULL ? (gsize) (equals - pair) : length;
  g_autofree char *encoded = g_strndup (pair, key_length);
  g_autofree char *key = gan_percent_decode_form (encoded, -1);

  if (length == 0 || (equals != NULL && key_length + 1 == length)
      || gan_harmless_has_key (self->harmless, site, key))
    {
      g_string_append_len (out, pair, (gssize) length);
      return;
    }
  if (equals != NULL)
    g_string_append_len (out, pair, (gssize) key_length + 1);
  g_string_append (out, GAN_REDACTED);
}

static void
append_query (GanScrubber *self, const char *site, GString *out, const char *query, gsize length)
{
  const char *end = query + length;
  const char *pair = query;

  for (const char *p = query; p <= end; p++)
    {
      gsize ampersand = p < end ? measure_ampersand (p) : 0;

      if (p < end && ampersand == 0)
        continue;
      append_pair (self, site, out, pair, (gsize) (p - pair));
      g_string_append_len (out, p, (gssize) ampersand);
      pair = p + ampersand;
      p = pair - (p < end ? 1 : 0);
    }
}

/* Where the query ends that stands in text at @query: at what no URL holds. */
static gsize
measure_query (const char *query)
{
  gsize n = 0;

  while (query[n] != '\0'
         && (strchr ("\"'<>\\ \t\r\n", query[n]) == NULL || measure_ampersand (query + n) > 0))
    n++;
  return n;
}

/* A '?' begins a query wherever it stands, if there is a '=' in it. */
static char *
scrub_queries (GanScrubber *self, const char *site, const char *text)
{
  GString *out = g_string_sized_new (strlen (text));

  while (*text != '\0')
    {
      gsize plain = strcspn (text, "?");
      gsize query = 0;

      plain += text[plain] == '?' ? 1 : 0;
      g_string_append_len (out, text, (gssize) plain);
      text += plain;
      query = plain > 0 && text[-1] == '?' ? measure_query (text) : 0;
      if (memchr (text, '=', query) != NULL)
        append_query (self, site, out, text, query);
      else
        g_string_append_len (out, text, (gssize) query);
      text += query;
    }
  return g_string_free (out, FALSE);
}

/**
 * gan_scrubber_dup_url:
 * @self: a scrubber
 * @site: the site that asked, "" for none
 * @url: a URL, whole or not
 *
 * Returns: (transfer full): the URL with REDACTED for what may not stay
 */
char *
gan_scrubber_dup_url (GanScrubber *self, const char *site, const char *url)
{
  g_autofree char *redacted = gan_redact_url (url);
  const char *query = strchr (redacted, '?');
  GString *out = NULL;

  if (query == NULL)
    return g_steal_pointer (&redacted);
  query++;
  out = g_string_new_len (redacted, query - redacted);
  append_query (self, site, out, query, strcspn (query, "#"));
  g_string_append (out, query + strcspn (query, "#"));
  return g_string_free (out, FALSE);
}

/**
 * gan_scrubber_dup_form:
 * @self: a scrubber
 * @site: the site that asked, "" for none
 * @form: a body of pairs
 *
 * Returns: (transfer full): the pairs, with REDACTED for the values that may not stay
 */
char *
gan_scrubber_dup_form (GanScrubber *self, const char *site, const char *form)
{
  GString *out = g_string_new (NULL);

  append_query (self, site, out, form, strlen (form));
  return g_string_free (out, FALSE);
}

static char *
scrub_string (GanScrubber *self, const char *site, const char *text)
{
  g_autofree char *redacted = gan_redact_text (text);

  return scrub_queries (self, site, redacted);
}

static JsonNode *scrub_node (GanScrubber *self,
                             const char *site,
                             JsonNode *node,
                             const char *name,
                             GanScrubMode mode);

static JsonNode *
scrub_object (GanScrubber *self, const char *site, JsonObject *object, GanScrubMode mode)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *copy = json_object_new ();
  JsonObjectIter iter;
  const char *name = NULL;
  JsonNode *member = NULL;

  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &member))
    {
      g_autofree char *kept
          = strlen (name) <= MAX_KEY_BYTES ? gan_redact_text (name) : g_strdup (GAN_REDACTED);

      json_object_set_member (copy, kept, scrub_node (self, site, member, name, mode));
    }
  json_node_take_object (node, copy);
  return node;
}

static JsonNode *
scrub_array (GanScrubber *self,
             const char *site,
             JsonArray *array,
             const char *name,
             GanScrubMode mode)
{
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);
  JsonArray *copy = json_array_new ();

  for (guint i = 0; i < json_array_get_length (array); i++)
    json_array_add_element (copy,
                            scrub_node (self, site, json_array_get_element (array, i), name, mode));
  json_node_take_array (node, copy);
  return node;
}

static JsonNode *
placeholder_for (JsonNode *node, GanScrubMode mode)
{
  JsonNode *placeholder = json_node_new (JSON_NODE_VALUE);
  GType type = json_node_get_value_type (node);

  if (mode == GAN_SCRUB_TYPED && type == G_TYPE_INT64)
    json_node_set_int (placeholder, 0);
  else if (mode == GAN_SCRUB_TYPED && type == G_TYPE_DOUBLE)
    json_node_set_double (placeholder, 0);
  else
    json_node_set_string (placeholder, GAN_REDACTED);
  return placeholder;
}

/* A truth value tells no secret and steers what reads it, so it stays. */
static JsonNode *
scrub_value (GanScrubber *self,
             const char *site,
             JsonNode *node,
             const char *name,
             GanScrubMode mode)
{
  const char *text = json_node_get_string (node);
  g_autofree char *scrubbed = NULL;
  JsonNode *copy = NULL;

  if (json_node_get_value_type (node) == G_TYPE_BOOLEAN)
    return json_node_copy (node);
  if (!gan_harmless_has_field (self->harmless, site, name, node))
    return placeholder_for (node, mode);
  if (text == NULL)
    return json_node_copy (node);
  scrubbed = scrub_string (self, site, text);
  copy = json_node_new (JSON_NODE_VALUE);
  json_node_set_string (copy, scrubbed);
  return copy;
}

/* @name: the key that the value, or the array around it, stands under. Nesting was bounded by the
 * parser. */
static JsonNode *
scrub_node (GanScrubber *self,
            const char *site,
            JsonNode *node,
            const char *name,
            GanScrubMode mode)
{
  switch (json_node_get_node_type (node))
    {
    case JSON_NODE_OBJECT:
      return scrub_object (self, site, json_node_get_object (node), mode);
    case JSON_NODE_ARRAY:
      return scrub_array (self, site, json_node_get_array (node), name, mode);
    case JSON_NODE_VALUE:
      return scrub_value (self, site, node, name, mode);
    case JSON_NODE_NULL:
    default:
      return json_node_copy (node);
    }
}

/**
 * gan_scrubber_dup_json:
 * @self: a scrubber
 * @site: the site that asked, "" for none
 * @node: JSON
 * @mode: what stands for a value that may not stay
 *
 * Returns: (transfer full): JSON of the same structure
 */
JsonNode *
gan_scrubber_dup_json (GanScrubber *self, const char *site, JsonNode *node, GanScrubMode mode)
{
  return scrub_node (self, site, node, "", mode);
}

/**
 * gan_scrubber_dup_text:
 * @self: a scrubber
 * @site: the site that asked, "" for none
 * @text: text of any kind but JSON
 *
 * Returns: (transfer full): the text without secrets, with REDACTED for values of queries in it
 */
char *
gan_scrubber_dup_text (GanScrubber *self, const char *site, const char *text)
{
  return scrub_string (self, site, text);
}
