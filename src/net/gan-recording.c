/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-recording.h"

#include "gan-charset.h"
#include "gan-error.h"
#include "gan-headers.h"
#include "gan-json.h"
#include "gan-limits.h"
#include "gan-media-type.h"
#include "gan-redact.h"
#include "gan-response-private.h"
#include "gan-scrub-page.h"

#include <string.h>

struct _GanRecording
{
  GanRequest *request;
  GDateTime *started;
  gint64 started_monotonic;
  gint64 milliseconds;

  char *error;         /* why there was no answer, or NULL */
  GanHeaders *headers; /* NULL without an answer */
  guint status;
  GanFraming framing;
  gint64 content_length;
  GBytes *body; /* NULL where it was left out */
};

/**
 * gan_recording_new:
 * @request: what is about to be sent
 *
 * Returns: (transfer full): a recording without an answer
 */
GanRecording *
gan_recording_new (GanRequest *request)
{
  GanRecording *self = g_new0 (GanRecording, 1);

  self->request = g_object_ref (request);
  self->started = g_date_time_new_now_utc ();
  self->started_monotonic = g_get_monotonic_time ();
  self->content_length = -1;
  return self;
}

/**
 * gan_recording_free:
 * @self: (transfer full): a recording
 */
void
gan_recording_free (GanRecording *self)
{
  g_object_unref (self->request);
  g_date_time_unref (self->started);
  g_free (self->error);
  g_clear_pointer (&self->headers, gan_headers_unref);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_free (self);
}

static void
stop_watch (GanRecording *self)
{
  self->milliseconds = (g_get_monotonic_time () - self->started_monotonic) / 1000;
}

/**
 * gan_recording_set_error:
 * @self: a recording
 * @error: why no answer came
 */
void
gan_recording_set_error (GanRecording *self, const GError *error)
{
  stop_watch (self);
  self->error = gan_redact_text (error->message);
}

/**
 * gan_recording_set_head:
 * @self: a recording
 * @response: the answer, of which the head is taken
 */
void
gan_recording_set_head (GanRecording *self, GanResponse *response)
{
  stop_watch (self);
  self->headers = gan_headers_ref (gan_response_get_headers (response));
  self->status = gan_response_get_status (response);
  self->framing = gan_response_get_framing (response);
  self->content_length = gan_response_get_content_length (response);
}

/**
 * gan_recording_set_body:
 * @self: a recording with a head
 * @body: its whole body
 */
void
gan_recording_set_body (GanRecording *self, GBytes *body)
{
  stop_watch (self);
  self->body = g_bytes_ref (body);
}

/**
 * gan_recording_wants_body:
 * @request: what was asked
 * @response: what came
 *
 * Returns: whether the body is text that can be scrubbed; media is left out
 */
gboolean
gan_recording_wants_body (GanRequest *request, GanResponse *response)
{
  static const char *const texts[] = { "text/", "json", "xml", "javascript", "mpegurl" };
  const char *type = gan_response_get_content_type (response);

  if (type == NULL)
    return gan_request_get_purpose (request) == GAN_REQUEST_METADATA;
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    if (strstr (type, texts[i]) != NULL)
      return TRUE;
  return FALSE;
}

static const char *
get_site (GanRecording *self)
{
  const char *site = gan_request_get_site (self->request);

  return site != NULL ? site : "";
}

static void
add_string (JsonBuilder *builder, const char *name, const char *value)
{
  g_autofree char *valid = g_utf8_make_valid (value, -1);

  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, valid);
}

static void
add_int (JsonBuilder *builder, const char *name, gint64 value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

static void
begin_array (JsonBuilder *builder, const char *name)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
}

static void
begin_object (JsonBuilder *builder, const char *name)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_object (builder);
}

static void
add_header (JsonBuilder *builder,
            GanScrubber *scrubber,
            const char *site,
            const char *name,
            const char *value)
{
  g_autofree char *scrubbed = gan_scrubber_dup_header (scrubber, site, name, value);

  if (scrubbed == NULL)
    return;
  json_builder_begin_object (builder);
  add_string (builder, "name", name);
  add_string (builder, "value", scrubbed);
  json_builder_end_object (builder);
}

/* What HAR 1.2 requires of both halves and we have nothing to say about. */
static void
add_formalities (JsonBuilder *builder)
{
  add_string (builder, "httpVersion", "HTTP/1.1");
  begin_array (builder, "cookies");
  json_builder_end_array (builder);
  add_int (builder, "headersSize", -1);
}

static JsonNode *
parse_json (const char *text)
{
  if (strchr ("{[", text[strspn (text, " \t\r\n")]) == NULL)
    return NULL;
  return gan_json_parse (text, -1, GAN_LIMIT_JSON_BYTES, GAN_LIMIT_JSON_DEPTH, NULL);
}

static char *
scrub_json (GanRecording *self, GanScrubber *scrubber, JsonNode *root, GanScrubMode mode)
{
  g_autoptr (JsonNode) scrubbed = gan_scrubber_dup_json (scrubber, get_site (self), root, mode);

  return gan_json_to_string (scrubbed, FALSE);
}

static char *
scrub_request_body (GanRecording *self, GanScrubber *scrubber, const char *type)
{
  gsize length = 0;
  const char *data = g_bytes_get_data (gan_request_get_body (self->request), &length);
  g_autofree char *text = g_strndup (data != NULL ? data : "", length);
  g_autoptr (JsonNode) root = parse_json (text);

  if (root != NULL)
    return scrub_json (self, scrubber, root, GAN_SCRUB_WORD);
  if (g_str_has_prefix (type, "application/x-www-form-urlencoded"))
    return gan_scrubber_dup_form (scrubber, get_site (self), text);
  return g_strdup (GAN_REDACTED);
}

static void
add_post_data (JsonBuilder *builder, GanRecording *self, GanScrubber *scrubber)
{
  const char *type = gan_request_get_header (self->request, "Content-Type");
  g_autofree char *text = NULL;

  if (gan_request_get_body (self->request) == NULL)
    return;
  text = scrub_request_body (self, scrubber, type != NULL ? type : "");
  begin_object (builder, "postData");
  add_string (builder, "mimeType", type != NULL ? type : "");
  add_string (builder, "text", text);
  json_builder_end_object (builder);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return g_ascii_strcasecmp (a, b);
}

static void
add_request (JsonBuilder *builder, GanRecording *self, GanScrubber *scrubber)
{
  GHashTable *headers = gan_request_get_headers (self->request);
  g_autoptr (GList) names = g_list_sort (g_hash_table_get_keys (headers), compare_names);
  GBytes *body = gan_request_get_body (self->request);
  const char *url = gan_url_get_string (gan_request_get_url (self->request));
  g_autofree char *scrubbed = gan_scrubber_dup_url (scrubber, get_site (self), url);

  begin_object (builder, "request");
  add_string (builder, "method", gan_request_get_method (self->request));
  add_string (builder, "url", scrubbed);
  add_formalities (builder);
  begin_array (builder, "headers");
  for (GList *l = names; l != NULL; l = l->next)
    add_header (builder,
                scrubber,
                get_site (self),
                l->data,
                g_hash_table_lookup (headers, l->data));
  json_builder_end_array (builder);
  begin_array (builder, "queryString");
  json_builder_end_array (builder);
  add_int (builder, "bodySize", body != NULL ? (gint64) g_bytes_get_size (body) : 0);
  add_post_data (builder, self, scrubber);
  json_builder_end_object (builder);
}

/* NULL: what came is no text, or JSON that cannot be taken apart. */
static char *
scrub_response_body (GanRecording *self, GanScrubber *scrubber)
{
  const char *type = gan_headers_get (self->headers, "Content-Type");
  g_autofree char *charset = gan_charset_from_content_type (type);
  gsize length = 0;
  const char *data = g_bytes_get_data (self->body, &length);
  g_autoptr (GString) text = NULL;
  g_autoptr (JsonNode) root = NULL;
  gboolean is_markup = FALSE;

  if (length > 0 && memchr (data, '\0', length) != NULL && charset == NULL)
    return NULL;
  text = gan_charset_to_utf8 (data != NULL ? data : "", length, charset);
  root = parse_json (text->str);
  if (root != NULL)
    return scrub_json (self, scrubber, root, GAN_SCRUB_TYPED);
  is_markup = text->str[strspn (text->str, " \t\r\n")] == '<';
  if (type != NULL && strstr (type, "json") != NULL && text->len > 0 && !is_markup)
    return NULL;
  return is_markup ? gan_scrub_page (scrubber, get_site (self), text->str)
                   : gan_scrubber_dup_text (scrubber, get_site (self), text->str);
}

static void
add_content (JsonBuilder *builder, GanRecording *self, GanScrubber *scrubber, gboolean with_body)
{
  const char *type = gan_headers_get (self->headers, "Content-Type");
  gboolean is_empty = self->framing == GAN_FRAMING_NONE || self->content_length == 0;
  g_autofree char *text = NULL;

  if (with_body && self->body != NULL)
    text = scrub_response_body (self, scrubber);
  else if (is_empty)
    text = g_strdup ("");
  begin_object (builder, "content");
  add_int (builder,
           "size",
           self->body != NULL ? (gint64) g_bytes_get_size (self->body)
                              : (is_empty ? 0 : self->content_length));
  add_string (builder, "mimeType", type != NULL ? type : "");
  if (text != NULL)
    add_string (builder, "text", text);
  else
    {
      json_builder_set_member_name (builder, "_leftOut");
      json_builder_add_boolean_value (builder, TRUE);
    }
  json_builder_end_object (builder);
}

static void
add_answer (JsonBuilder *builder, GanRecording *self, GanScrubber *scrubber, gboolean with_body)
{
  const char *location = gan_headers_get (self->headers, "Location");
  g_autofree char *redirect_url
      = gan_scrubber_dup_url (scrubber, get_site (self), location != NULL ? location : "");

  begin_array (builder, "headers");
  for (guint i = 0; i < gan_headers_get_n (self->headers); i++)
    add_header (builder,
                scrubber,
                get_site (self),
                gan_headers_get_name (self->headers, i),
                gan_headers_get_value (self->headers, i));
  json_builder_end_array (builder);
  add_content (builder, self, scrubber, with_body);
  add_string (builder, "redirectURL", redirect_url);
  add_int (builder, "bodySize", self->content_length);
}

static void
add_no_answer (JsonBuilder *builder, GanRecording *self)
{
  begin_array (builder, "headers");
  json_builder_end_array (builder);
  begin_object (builder, "content");
  add_int (builder, "size", 0);
  add_string (builder, "mimeType", "");
  json_builder_end_object (builder);
  add_string (builder, "redirectURL", "");
  add_int (builder, "bodySize", -1);
  add_string (builder, "_error", self->error != NULL ? self->error : "no answer yet");
}

static void
add_timings (JsonBuilder *builder, GanRecording *self)
{
  add_int (builder, "time", self->milliseconds);
  begin_object (builder, "cache");
  json_builder_end_object (builder);
  begin_object (builder, "timings");
  add_int (builder, "send", 0);
  add_int (builder, "wait", self->milliseconds);
  add_int (builder, "receive", 0);
  json_builder_end_object (builder);
}

/**
 * gan_recording_to_json:
 * @self: a recording
 * @scrubber: what makes it harmless
 * @with_body: whether the body of the answer stays
 *
 * Returns: (transfer full): the entry of a HAR 1.2, as text
 */
char *
gan_recording_to_json (GanRecording *self, GanScrubber *scrubber, gboolean with_body)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autofree char *started = g_date_time_format (self->started, "%Y-%m-%dT%H:%M:%SZ");
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_object (builder);
  add_string (builder, "startedDateTime", started);
  add_request (builder, self, scrubber);
  begin_object (builder, "response");
  add_int (builder, "status", self->status);
  add_string (builder, "statusText", "");
  add_formalities (builder);
  if (self->headers != NULL)
    add_answer (builder, self, scrubber, with_body);
  else
    add_no_answer (builder, self);
  json_builder_end_object (builder);
  add_timings (builder, self);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  return gan_json_to_string (root, TRUE);
}
