/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-har.h"

#include "gan-charset.h"
#include "gan-error.h"
#include "gan-json.h"
#include "gan-limits.h"

#include <string.h>

#define FORM_TYPE "application/x-www-form-urlencoded"

/* A replayed body is framed by its own length, and is decoded already. */
static const char *const ignored_headers[] = {
  "Connection", "Content-Encoding",  "Content-Length", "Keep-Alive",
  "Trailer",    "Transfer-Encoding", "Upgrade",
};

static void
entry_free (gpointer data)
{
  GanHarEntry *self = data;

  g_free (self->method);
  g_clear_pointer (&self->url, gan_url_unref);
  g_clear_pointer (&self->query, g_ptr_array_unref);
  g_free (self->range);
  g_clear_pointer (&self->body_json, json_node_unref);
  g_clear_pointer (&self->body_form, g_ptr_array_unref);
  g_free (self->body_text);
  g_clear_pointer (&self->headers, gan_headers_unref);
  g_clear_pointer (&self->content, g_bytes_unref);
  g_free (self);
}

/* The value of the first header of that name in a HAR's list of {name, value}. */
static const char *
find_header (JsonArray *headers, const char *name)
{
  for (guint i = 0; headers != NULL && i < json_array_get_length (headers); i++)
    {
      JsonNode *header = json_array_get_element (headers, i);
      const char *found = gan_json_get_string (header, "name");

      if (found != NULL && g_ascii_strcasecmp (found, name) == 0)
        return gan_json_get_string (header, "value");
    }
  return NULL;
}

static gboolean
is_json_type (const char *type)
{
  return type != NULL && strstr (type, "json") != NULL;
}

static gboolean
is_form_type (const char *type)
{
  return type != NULL && g_ascii_strncasecmp (type, FORM_TYPE, strlen (FORM_TYPE)) == 0;
}

static GPtrArray *
read_params (JsonArray *params)
{
  GPtrArray *pairs = gan_pairs_new ();

  for (guint i = 0; i < json_array_get_length (params); i++)
    {
      JsonNode *param = json_array_get_element (params, i);
      const char *name = gan_json_get_string (param, "name");
      const char *value = gan_json_get_string (param, "value");

      if (name != NULL)
        gan_pairs_add (pairs, name, value != NULL ? value : "");
    }
  return pairs;
}

static void
read_post_data (GanHarEntry *self, JsonNode *request)
{
  const char *type = gan_json_get_string (request, "postData.mimeType");
  const char *text = gan_json_get_string (request, "postData.text");
  JsonArray *params = gan_json_get_array (request, "postData.params");

  if (text == NULL || *text == '\0')
    {
      if (params != NULL && json_array_get_length (params) > 0)
        self->body_form = read_params (params);
      return;
    }
  if (is_form_type (type))
    self->body_form = gan_pairs_parse (text, strlen (text));
  else if (is_json_type (type) || *text == '{' || *text == '[')
    self->body_json = gan_json_parse (text, -1, GAN_LIMIT_JSON_BYTES, GAN_LIMIT_JSON_DEPTH, NULL);
  if (self->body_form == NULL && self->body_json == NULL)
    self->body_text = g_strdup (text);
}

static gboolean
read_request (GanHarEntry *self, JsonNode *request)
{
  const char *method = gan_json_get_string (request, "method");
  const char *url = gan_json_get_string (request, "url");
  const char *query = NULL;

  if (method == NULL || url == NULL || !gan_headers_name_is_valid (method))
    return FALSE;
  self->url = gan_url_parse (url, NULL);
  if (self->url == NULL)
    return FALSE;
  self->method = g_ascii_strup (method, -1);
  query = gan_url_get_query (self->url);
  self->query = gan_pairs_parse (query != NULL ? query : "", query != NULL ? strlen (query) : 0);
  self->range = g_strdup (find_header (gan_json_get_array (request, "headers"), "Range"));
  read_post_data (self, request);
  return TRUE;
}

static gboolean
is_ignored (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (ignored_headers); i++)
    if (g_ascii_strcasecmp (name, ignored_headers[i]) == 0)
      return TRUE;
  return FALSE;
}

/* A HAR holds text as UTF-8, whatever encoding the server had said. */
static char *
dup_served_value (const char *name, const char *value, gboolean is_text)
{
  g_autofree char *charset = NULL;

  if (!is_text || g_ascii_strcasecmp (name, "Content-Type") != 0)
    return g_strdup (value);
  charset = gan_charset_from_content_type (value);
  if (charset == NULL && g_ascii_strncasecmp (value, "text/", 5) != 0)
    return g_strdup (value);
  return g_strdup_printf ("%.*s; charset=utf-8", (int) strcspn (value, ";"), value);
}

/* Chrome writes several headers of one name as one, their values parted by newlines. */
static void
append_header (GanHeaders *headers, const char *name, const char *value, gboolean is_text)
{
  g_auto (GStrv) lines = g_strsplit (value, "\n", -1);

  for (gsize i = 0; lines[i] != NULL; i++)
    {
      g_autofree char *served = dup_served_value (name, g_strstrip (lines[i]), is_text);

      gan_headers_append (headers, name, served);
    }
}

static void
read_headers (GanHarEntry *self, JsonNode *response, gboolean is_text)
{
  JsonArray *headers = gan_json_get_array (response, "headers");
  const char *redirect_url = gan_json_get_string (response, "redirectURL");
  const char *type = gan_json_get_string (response, "content.mimeType");

  self->headers = gan_headers_new ();
  for (guint i = 0; headers != NULL && i < json_array_get_length (headers); i++)
    {
      JsonNode *header = json_array_get_element (headers, i);
      const char *name = gan_json_get_string (header, "name");
      const char *value = gan_json_get_string (header, "value");

      if (name != NULL && value != NULL && !is_ignored (name))
        append_header (self->headers, name, value, is_text);
    }
  if (redirect_url != NULL && *redirect_url != '\0'
      && gan_headers_get (self->headers, "Location") == NULL)
    gan_headers_append (self->headers, "Location", redirect_url);
  if (type != NULL && *type != '\0' && gan_headers_get (self->headers, "Content-Type") == NULL)
    append_header (self->headers, "Content-Type", type, is_text);
}

static void
read_content (GanHarEntry *self, JsonNode *response)
{
  const char *text = gan_json_get_string (response, "content.text");
  const char *encoding = gan_json_get_string (response, "content.encoding");
  gboolean is_base64 = encoding != NULL && g_ascii_strcasecmp (encoding, "base64") == 0;
  gint64 size = gan_json_get_int (response, "content.size");
  gsize length = 0;
  guchar *decoded = NULL;

  read_headers (self, response, !is_base64);
  if (text == NULL && (size > 0 || gan_json_get_boolean (response, "content._leftOut")))
    {
      self->content_size = MAX (size, -1);
      return;
    }
  if (is_base64 && text != NULL)
    {
      decoded = g_base64_decode (text, &length);
      self->content = g_bytes_new_take (decoded, length);
    }
  else
    self->content = g_bytes_new (text != NULL ? text : "", text != NULL ? strlen (text) : 0);
  self->content_size = (gint64) g_bytes_get_size (self->content);
}

static GanHarEntry *
read_entry (JsonNode *node)
{
  GanHarEntry *self = g_new0 (GanHarEntry, 1);
  JsonNode *request = gan_json_find (node, "request");
  JsonNode *response = gan_json_find (node, "response");
  gint64 status = gan_json_get_int (response, "status");

  if (request == NULL || response == NULL || !read_request (self, request))
    {
      entry_free (self);
      return NULL;
    }
  self->status = status >= 200 && status <= 599 ? (guint) status : 0;
  read_content (self, response);
  return self;
}

/**
 * gan_har_new:
 *
 * Returns: (transfer full) (element-type GanHarEntry): no entries
 */
GPtrArray *
gan_har_new (void)
{
  return g_ptr_array_new_with_free_func (entry_free);
}

/**
 * gan_har_read:
 * @entries: (element-type GanHarEntry): where entries are added, in order
 * @har: a HAR file (http://www.softwareishard.com/blog/har-12-spec/)
 * @error: return location
 *
 * Reads log.entries. Of a request only method, url, the header Range and postData count;
 * queryString is not looked at. An entry without a usable URL or method is left out.
 *
 * Returns: FALSE with %GAN_ERROR_INVALID_DATA, reason "har", and nothing added
 */
gboolean
gan_har_read (GPtrArray *entries, GBytes *har, GError **error)
{
  gsize length = 0;
  const char *data = g_bytes_get_data (har, &length);
  g_autoptr (GError) cause = NULL;
  g_autoptr (JsonNode) root = NULL;
  JsonArray *array = NULL;

  root = gan_json_parse (data != NULL ? data : "",
                         (gssize) length,
                         GAN_LIMIT_HAR_BYTES,
                         GAN_LIMIT_JSON_DEPTH,
                         &cause);
  if (root == NULL)
    {
      gan_error_set_cause (error, GAN_ERROR_INVALID_DATA, "har", g_steal_pointer (&cause));
      return FALSE;
    }
  array = gan_json_get_array (root, "log.entries");
  if (array == NULL)
    {
      gan_error_set (error, GAN_ERROR_INVALID_DATA, "har", "no entries: this is no HAR");
      return FALSE;
    }
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      GanHarEntry *entry = read_entry (json_array_get_element (array, i));

      if (entry != NULL)
        g_ptr_array_add (entries, entry);
    }
  return TRUE;
}
