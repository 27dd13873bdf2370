/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-har-match.h"

#include "gan-json.h"
#include "gan-limits.h"
#include "gan-percent.h"
#include "gan-redact.h"

#include <string.h>

/* A request taken apart once, however many entries it is held against. */
struct _GanHarQuestion
{
  GanRequest *request;
  GPtrArray *query;
  GStrv segments;
  char *body;           /* text; "" without one */
  GPtrArray *body_form; /* the body read as pairs; made when an entry asks for it */
  JsonNode *body_json;  /* the body read as JSON, or NULL */
  gboolean is_parsed;
};

static GStrv
split_path (GanUrl *url)
{
  GStrv segments = g_strsplit (gan_url_get_path (url), "/", -1);

  for (gsize i = 0; segments[i] != NULL; i++)
    {
      g_autofree char *encoded = segments[i];

      segments[i] = gan_percent_decode (encoded, -1);
    }
  return segments;
}

/**
 * gan_har_question_new:
 * @request: what is asked
 *
 * Returns: (transfer full): the question
 */
GanHarQuestion *
gan_har_question_new (GanRequest *request)
{
  GanHarQuestion *self = g_new0 (GanHarQuestion, 1);
  GanUrl *url = gan_request_get_url (request);
  const char *query = gan_url_get_query (url);
  GBytes *body = gan_request_get_body (request);
  const char *data = NULL;
  gsize length = 0;

  self->request = g_object_ref (request);
  self->query = gan_pairs_parse (query != NULL ? query : "", query != NULL ? strlen (query) : 0);
  self->segments = split_path (url);
  data = body != NULL ? g_bytes_get_data (body, &length) : NULL;
  self->body = g_strndup (data != NULL ? data : "", length);
  return self;
}

/**
 * gan_har_question_free:
 * @self: (transfer full): a question
 */
void
gan_har_question_free (GanHarQuestion *self)
{
  g_object_unref (self->request);
  g_ptr_array_unref (self->query);
  g_strfreev (self->segments);
  g_free (self->body);
  g_clear_pointer (&self->body_form, g_ptr_array_unref);
  g_clear_pointer (&self->body_json, json_node_unref);
  g_free (self);
}

static gboolean
path_matches (GanHarQuestion *self, GanUrl *recorded)
{
  g_auto (GStrv) segments = split_path (recorded);
  gsize i = 0;

  for (i = 0; segments[i] != NULL && self->segments[i] != NULL; i++)
    if (!gan_pairs_match_text (segments[i], self->segments[i]))
      return FALSE;
  return segments[i] == NULL && self->segments[i] == NULL;
}

static gboolean json_matches (JsonNode *recorded, JsonNode *asked);

static gboolean
objects_match (JsonObject *recorded, JsonObject *asked)
{
  JsonObjectIter iter;
  const char *name = NULL;
  JsonNode *value = NULL;

  if (json_object_get_size (recorded) != json_object_get_size (asked))
    return FALSE;
  json_object_iter_init (&iter, recorded);
  while (json_object_iter_next (&iter, &name, &value))
    {
      JsonNode *other = json_object_get_member (asked, name);

      if (other == NULL || !json_matches (value, other))
        return FALSE;
    }
  return TRUE;
}

static gboolean
arrays_match (JsonArray *recorded, JsonArray *asked)
{
  if (json_array_get_length (recorded) != json_array_get_length (asked))
    return FALSE;
  for (guint i = 0; i < json_array_get_length (recorded); i++)
    if (!json_matches (json_array_get_element (recorded, i), json_array_get_element (asked, i)))
      return FALSE;
  return TRUE;
}

static gboolean
is_number (JsonNode *node)
{
  GType type = json_node_get_value_type (node);

  return type == G_TYPE_INT64 || type == G_TYPE_DOUBLE;
}

static gboolean
values_match (JsonNode *recorded, JsonNode *asked)
{
  const char *text = json_node_get_string (recorded);

  if (text != NULL && json_node_get_string (asked) != NULL)
    return gan_pairs_match_text (text, json_node_get_string (asked));
  if (is_number (recorded) && is_number (asked))
    return json_node_get_int (recorded) == json_node_get_int (asked)
           && json_node_get_double (recorded) == json_node_get_double (asked);
  return json_node_get_value_type (recorded) == json_node_get_value_type (asked)
         && json_node_get_boolean (recorded) == json_node_get_boolean (asked);
}

/* A string REDACTED stands for a value of any type. Nesting was bounded by the parser. */
static gboolean
json_matches (JsonNode *recorded, JsonNode *asked)
{
  if (JSON_NODE_HOLDS_VALUE (recorded)
      && g_strcmp0 (json_node_get_string (recorded), GAN_REDACTED) == 0)
    return TRUE;
  if (json_node_get_node_type (recorded) != json_node_get_node_type (asked))
    return FALSE;
  switch (json_node_get_node_type (recorded))
    {
    case JSON_NODE_OBJECT:
      return objects_match (json_node_get_object (recorded), json_node_get_object (asked));
    case JSON_NODE_ARRAY:
      return arrays_match (json_node_get_array (recorded), json_node_get_array (asked));
    case JSON_NODE_VALUE:
      return values_match (recorded, asked);
    case JSON_NODE_NULL:
    default:
      return TRUE;
    }
}

static void
ensure_parsed (GanHarQuestion *self)
{
  if (self->is_parsed)
    return;
  self->is_parsed = TRUE;
  self->body_form = gan_pairs_parse (self->body, strlen (self->body));
  self->body_json
      = gan_json_parse (self->body, -1, GAN_LIMIT_JSON_BYTES, GAN_LIMIT_JSON_DEPTH, NULL);
}

static gboolean
body_matches (GanHarQuestion *self, const GanHarEntry *entry)
{
  if (entry->body_text != NULL)
    return gan_pairs_match_text (entry->body_text, self->body);
  if (entry->body_json == NULL && entry->body_form == NULL)
    return TRUE;
  ensure_parsed (self);
  if (entry->body_form != NULL)
    return gan_pairs_match (entry->body_form, self->body_form);
  return self->body_json != NULL && json_matches (entry->body_json, self->body_json);
}

/**
 * gan_har_question_matches:
 * @self: a question
 * @entry: a recorded exchange
 *
 * Method, scheme, host, port, path, query as an unordered list of decoded pairs, the body if the
 * entry has one, Range if it was recorded; nothing else. REDACTED matches anything.
 *
 * Returns: whether @entry answers the question
 */
gboolean
gan_har_question_matches (GanHarQuestion *self, const GanHarEntry *entry)
{
  const char *range = gan_request_get_header (self->request, "Range");

  return g_str_equal (entry->method, gan_request_get_method (self->request))
         && gan_url_same_origin (entry->url, gan_request_get_url (self->request))
         && path_matches (self, entry->url) && gan_pairs_match (entry->query, self->query)
         && (entry->range == NULL || g_strcmp0 (entry->range, range) == 0)
         && body_matches (self, entry);
}
