/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-test-har.h"

#include <json-glib/json-glib.h>
#include <string.h>

struct _GanTestHar
{
  JsonArray *entries;
};

GanTestHar *
gan_test_har_new (void)
{
  GanTestHar *self = g_new0 (GanTestHar, 1);

  self->entries = json_array_new ();
  return self;
}

void
gan_test_har_free (GanTestHar *self)
{
  json_array_unref (self->entries);
  g_free (self);
}

static void
add_header (JsonArray *headers, const char *name, const char *value)
{
  JsonObject *header = json_object_new ();

  json_object_set_string_member (header, "name", name);
  json_object_set_string_member (header, "value", value);
  json_array_add_object_element (headers, header);
}

/* Each line is "Name: value". Returns the value of Content-Type, or a type for unknown bytes. */
static const char *
add_lines (JsonArray *headers, const char *const *lines)
{
  const char *type = "application/octet-stream";
  guint i;

  for (i = 0; lines != NULL && lines[i] != NULL; i++)
    {
      const char *colon = strchr (lines[i], ':');
      g_autofree char *name = NULL;
      const char *value;

      g_assert_nonnull (colon);
      name = g_strndup (lines[i], colon - lines[i]);
      value = colon + 1 + strspn (colon + 1, " ");
      add_header (headers, name, value);
      if (g_ascii_strcasecmp (name, "content-type") == 0)
        type = value;
    }
  return type;
}

static JsonObject *
new_content (GBytes *body, const char *type)
{
  JsonObject *content = json_object_new ();
  gsize length = 0;
  const char *data = g_bytes_get_data (body, &length);

  json_object_set_int_member (content, "size", length);
  json_object_set_string_member (content, "mimeType", type);
  if (g_utf8_validate_len (data == NULL ? "" : data, length, NULL))
    {
      g_autofree char *text = g_strndup (data == NULL ? "" : data, length);

      json_object_set_string_member (content, "text", text);
    }
  else
    {
      g_autofree char *text = g_base64_encode ((const guchar *) data, length);

      json_object_set_string_member (content, "encoding", "base64");
      json_object_set_string_member (content, "text", text);
    }
  return content;
}

/**
 * gan_test_har_add_bytes:
 * @self: a HAR
 * @method: method of the request
 * @url: absolute URL
 * @status: status of the answer
 * @headers: (nullable) (array zero-terminated=1): lines "Name: value" of the answer
 * @body: body of the answer
 */
void
gan_test_har_add_bytes (GanTestHar *self,
                        const char *method,
                        const char *url,
                        guint status,
                        const char *const *headers,
                        GBytes *body)
{
  JsonObject *entry = json_object_new ();
  JsonObject *request = json_object_new ();
  JsonObject *response = json_object_new ();
  JsonArray *lines = json_array_new ();
  const char *type = add_lines (lines, headers);

  json_object_set_string_member (request, "method", method);
  json_object_set_string_member (request, "url", url);
  json_object_set_string_member (request, "httpVersion", "HTTP/1.1");
  json_object_set_array_member (request, "headers", json_array_new ());
  json_object_set_int_member (response, "status", status);
  json_object_set_string_member (response, "statusText", "");
  json_object_set_array_member (response, "headers", lines);
  json_object_set_object_member (response, "content", new_content (body, type));
  json_object_set_object_member (entry, "request", request);
  json_object_set_object_member (entry, "response", response);
  json_array_add_object_element (self->entries, entry);
}

/**
 * gan_test_har_add:
 * @self: a HAR
 * @method: method of the request
 * @url: absolute URL
 * @status: status of the answer
 * @headers: (nullable) (array zero-terminated=1): lines "Name: value" of the answer
 * @body: body of the answer, as text
 */
void
gan_test_har_add (GanTestHar *self,
                  const char *method,
                  const char *url,
                  guint status,
                  const char *const *headers,
                  const char *body)
{
  g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));

  gan_test_har_add_bytes (self, method, url, status, headers, bytes);
}

static JsonObject *
last_request (GanTestHar *self)
{
  guint length = json_array_get_length (self->entries);

  g_assert_cmpuint (length, >, 0);
  return json_object_get_object_member (json_array_get_object_element (self->entries, length - 1),
                                        "request");
}

/**
 * gan_test_har_set_request_body:
 * @self: a HAR
 * @content_type: its type
 * @body: its text
 *
 * Gives the last entry the body that its request was sent with.
 */
void
gan_test_har_set_request_body (GanTestHar *self, const char *content_type, const char *body)
{
  JsonObject *post = json_object_new ();

  json_object_set_string_member (post, "mimeType", content_type);
  json_object_set_string_member (post, "text", body);
  json_object_set_object_member (last_request (self), "postData", post);
}

/**
 * gan_test_har_set_request_header:
 * @self: a HAR
 * @name: name of a header
 * @value: its value
 *
 * Gives the last entry a header of its request, for instance its Range.
 */
void
gan_test_har_set_request_header (GanTestHar *self, const char *name, const char *value)
{
  add_header (json_object_get_array_member (last_request (self), "headers"), name, value);
}

/**
 * gan_test_har_dup_text:
 * @self: a HAR
 *
 * Returns: (transfer full): the file, as JSON
 */
char *
gan_test_har_dup_text (GanTestHar *self)
{
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);
  JsonObject *top = json_object_new ();
  JsonObject *log = json_object_new ();
  JsonObject *creator = json_object_new ();

  json_object_set_string_member (creator, "name", "test");
  json_object_set_string_member (creator, "version", "1");
  json_object_set_string_member (log, "version", "1.2");
  json_object_set_object_member (log, "creator", creator);
  json_object_set_array_member (log, "entries", json_array_ref (self->entries));
  json_object_set_object_member (top, "log", log);
  json_node_take_object (root, top);
  return json_to_string (root, TRUE);
}

/**
 * gan_test_har_write:
 * @self: a HAR
 * @path: where to
 */
void
gan_test_har_write (GanTestHar *self, const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = gan_test_har_dup_text (self);

  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
}
