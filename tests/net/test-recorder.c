/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a recording keeps and what it must never hold. Every secret put in is a word with "marker"
 * in it, and none of them may be found in the file. */
#include "config.h"

#include "gan-test-net.h"

#include "gan-json.h"
#include "gan-limits.h"
#include "gan-recorder-private.h"
#include "gan-response-private.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

/* Answers every request with what the test last said. */
#define TEST_TYPE_ANSWER (test_answer_get_type ())
G_DECLARE_FINAL_TYPE (TestAnswer, test_answer, TEST, ANSWER, GObject)

struct _TestAnswer
{
  GObject parent_instance;

  guint status; /* 0: an error */
  GanHeaders *headers;
  GBytes *body;
};

static void test_answer_transport_init (GanTransportInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TestAnswer,
                               test_answer,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (GAN_TYPE_TRANSPORT,
                                                      test_answer_transport_init))

static GanResponse *
test_answer_send (GanTransport *transport,
                  GanRequest *request,
                  GCancellable *cancellable,
                  GError **error)
{
  TestAnswer *self = TEST_ANSWER (transport);
  GanResponseHead head = { 0 };

  if (self->status == 0)
    {
      gan_error_set (error, GAN_ERROR_NETWORK, "refused", "https://example.org/?token=marker");
      return NULL;
    }
  head.url = gan_request_get_url (request);
  head.status = self->status;
  head.headers = self->headers;
  head.framing = GAN_FRAMING_LENGTH;
  head.content_length = (gint64) g_bytes_get_size (self->body);
  return gan_response_new_from_bytes (&head, self->body);
}

static gboolean
test_answer_is_live (GanTransport *transport)
{
  return TRUE;
}

static void
test_answer_transport_init (GanTransportInterface *iface)
{
  iface->send = test_answer_send;
  iface->is_live = test_answer_is_live;
}

static void
test_answer_finalize (GObject *object)
{
  TestAnswer *self = TEST_ANSWER (object);

  g_clear_pointer (&self->headers, gan_headers_unref);
  g_clear_pointer (&self->body, g_bytes_unref);
  G_OBJECT_CLASS (test_answer_parent_class)->finalize (object);
}

static void
test_answer_class_init (TestAnswerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_answer_finalize;
}

static void
test_answer_init (TestAnswer *self)
{
}

typedef struct
{
  TestAnswer *answer;
  GanRecorder *recorder;
  char *folder;
  char *path;
} Fixture;

static void
fixture_init (Fixture *self)
{
  self->answer = g_object_new (TEST_TYPE_ANSWER, NULL);
  self->recorder = gan_recorder_new (GAN_TRANSPORT (self->answer));
  self->folder = g_dir_make_tmp ("gan-recorder-XXXXXX", NULL);
  self->path = g_build_filename (self->folder, "a.har", NULL);
}

static void
fixture_clear (Fixture *self)
{
  g_assert_finalize_object (self->recorder);
  g_assert_finalize_object (self->answer);
  g_unlink (self->path);
  g_assert_cmpint (g_rmdir (self->folder), ==, 0);
  g_free (self->folder);
  g_free (self->path);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, fixture_clear)

/* header_lines: "Name: value\n…" */
static void
set_answer_bytes (Fixture *self, guint status, const char *header_lines, GBytes *body)
{
  g_auto (GStrv) lines = g_strsplit (header_lines, "\n", -1);

  g_clear_pointer (&self->answer->headers, gan_headers_unref);
  g_clear_pointer (&self->answer->body, g_bytes_unref);
  self->answer->status = status;
  self->answer->headers = gan_headers_new ();
  self->answer->body = g_bytes_ref (body);
  for (gsize i = 0; lines[i] != NULL; i++)
    {
      g_auto (GStrv) parts = g_strsplit (lines[i], ": ", 2);

      if (*lines[i] != '\0')
        g_assert_true (gan_headers_append (self->answer->headers, parts[0], parts[1]));
    }
}

static void
set_answer (Fixture *self, guint status, const char *header_lines, const char *body)
{
  g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));

  set_answer_bytes (self, status, header_lines, bytes);
}

static GanRequest *
make_request (const char *method, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GanUrl) url = gan_url_parse (text, &error);

  g_assert_no_error (error);
  return gan_request_new (method, url);
}

static void
pass (Fixture *self, GanRequest *request)
{
  g_autoptr (GanResponse) response
      = gan_transport_send (GAN_TRANSPORT (self->recorder), request, NULL, NULL);
  g_autoptr (GBytes) body = NULL;

  if (response != NULL)
    body = gan_response_read_all (response, G_MAXINT32, NULL, NULL);
}

static void
get (Fixture *self, const char *url)
{
  g_autoptr (GanRequest) request = make_request ("GET", url);

  pass (self, request);
}

/* The file as text; without a marker in it, raw or in base64. */
static char *
write_file (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  char *text = NULL;

  gan_recorder_write (self->recorder, self->path, &error);
  g_assert_no_error (error);
  g_file_get_contents (self->path, &text, NULL, &error);
  g_assert_no_error (error);
  if (strstr (text, "marker") != NULL)
    g_test_message ("%s", text);
  g_assert_null (strstr (text, "marker"));
  g_assert_null (strstr (text, "bWFya2Vy"));
  return text;
}

static JsonNode *
write_har (Fixture *self)
{
  g_autofree char *text = write_file (self);
  g_autoptr (GError) error = NULL;
  JsonNode *root = gan_json_parse (text, -1, GAN_LIMIT_HAR_BYTES, GAN_LIMIT_JSON_DEPTH, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (gan_json_get_string (root, "log.version"), ==, "1.2");
  return root;
}

static const char *
find_header (JsonNode *har, const char *path, const char *name)
{
  JsonArray *headers = gan_json_get_array (har, path);

  for (guint i = 0; i < json_array_get_length (headers); i++)
    {
      JsonNode *header = json_array_get_element (headers, i);

      if (g_ascii_strcasecmp (gan_json_get_string (header, "name"), name) == 0)
        return gan_json_get_string (header, "value");
    }
  return NULL;
}

#define REQUEST "log.entries[0].request."
#define RESPONSE "log.entries[0].response."

static void
test_headers (void)
{
  g_auto (Fixture) self = { 0 };
  g_autoptr (GanRequest) request = make_request ("GET", "https://example.org/");
  g_autoptr (JsonNode) har = NULL;
  g_autofree char *text = NULL;

  fixture_init (&self);
  gan_request_set_header (request, "Cookie", "sid=marker");
  gan_request_set_header (request, "Authorization", "Bearer marker");
  gan_request_set_header (request, "X-Guest-Token", "marker");
  gan_request_set_header (request, "X-Unheard-Of", "marker");
  gan_request_set_header (request, "Accept-Language", "en");
  gan_request_set_header (request, "Referer", "https://example.org/?session=marker");
  gan_request_set_range (request, 5, 9);
  set_answer (&self,
              206,
              "Set-Cookie: sid=marker\nSet-Cookie: two=marker\nETag: \"1\"\n"
              "Content-Type: text/plain; charset=utf-8\nContent-Range: bytes 5-9/100\n"
              "X-Trace: marker\nLocation: https://me:marker@example.org/?sig=marker&id=5\n",
              "01234");
  pass (&self, request);
  har = write_har (&self);
  g_assert_cmpstr (find_header (har, REQUEST "headers", "Range"), ==, "bytes=5-9");
  g_assert_cmpstr (find_header (har, REQUEST "headers", "Accept-Language"), ==, "en");
  g_assert_cmpstr (find_header (har, REQUEST "headers", "X-Unheard-Of"), ==, "REDACTED");
  g_assert_cmpstr (find_header (har, RESPONSE "headers", "ETag"), ==, "\"1\"");
  g_assert_cmpstr (find_header (har, RESPONSE "headers", "Content-Range"), ==, "bytes 5-9/100");
  g_assert_cmpstr (find_header (har, RESPONSE "headers", "X-Trace"), ==, "REDACTED");
  g_assert_cmpstr (gan_json_get_string (har, RESPONSE "redirectURL"),
                   ==,
                   "https://example.org/?sig=REDACTED&id=5");
  text = write_file (&self);
  g_assert_null (strstr (text, "Cookie"));
  g_assert_null (strstr (text, "Authorization"));
}

static void
test_urls (void)
{
  static const struct
  {
    const char *url;
    const char *recorded;
  } urls[] = {
    { "https://example.org/a/b.html", "https://example.org/a/b.html" },
    { "https://example.org/?id=5&q=cats", "https://example.org/?id=5&q=cats" },
    { "https://example.org/?anything=marker&id=5", "https://example.org/?anything=REDACTED&id=5" },
    { "https://example.org/?token=marker", "https://example.org/?token=REDACTED" },
    { "https://example.org/?harmless=5&token=marker",
      "https://example.org/?harmless=5&token=REDACTED" },
    { "https://example.org/?flag&empty=&x=marker",
      "https://example.org/?REDACTED&empty=&x=REDACTED" },
    { "https://example.org/?marker", "https://example.org/?REDACTED" },
    { "https://example.org/?a:b/c=marker", "https://example.org/?a:b/c=REDACTED" },
    { "https://example.org/?i%64=5", "https://example.org/?i%64=5" },
    { "https://example.org/?a%5Bb%5D=marker", "https://example.org/?a%5Bb%5D=REDACTED" },
    { "https://example.org/?x=mark%65r?id=marker", "https://example.org/?x=REDACTED" },
    { "https://api.telegram.org/bot123456789:AAEmarkerAAEmarkerAAEmarkerAAEmarker/getMe",
      "https://api.telegram.org/botREDACTED/getMe" },
  };
  static const char *const keys[] = { "harmless", "token", NULL };

  for (gsize i = 0; i < G_N_ELEMENTS (urls); i++)
    {
      g_auto (Fixture) self = { 0 };
      g_autoptr (JsonNode) har = NULL;

      fixture_init (&self);
      gan_recorder_allow (self.recorder, "", keys, NULL);
      set_answer (&self, 200, "", "");
      get (&self, urls[i].url);
      har = write_har (&self);
      g_assert_cmpstr (gan_json_get_string (har, REQUEST "url"), ==, urls[i].recorded);
    }
}

/* The lists of one site are not those of another. */
static void
test_sites (void)
{
  static const char *const keys[] = { "harmless", NULL };
  g_auto (Fixture) self = { 0 };
  g_autoptr (GanRequest) request = make_request ("GET", "https://example.org/?harmless=5");
  g_autoptr (JsonNode) har = NULL;

  fixture_init (&self);
  gan_recorder_allow (self.recorder, "one", keys, NULL);
  set_answer (&self, 200, "", "");
  gan_request_set_site (request, "one");
  pass (&self, request);
  g_object_unref (request);
  request = make_request ("GET", "https://example.org/?harmless=6");
  gan_request_set_site (request, "two");
  pass (&self, request);
  har = write_har (&self);
  g_assert_cmpstr (gan_json_get_string (har, "log.entries[0].request.url"),
                   ==,
                   "https://example.org/?harmless=5");
  g_assert_cmpstr (gan_json_get_string (har, "log.entries[1].request.url"),
                   ==,
                   "https://example.org/?harmless=REDACTED");
}

static JsonNode *
record_json (Fixture *self, const char *body)
{
  g_autoptr (JsonNode) har = NULL;
  const char *text = NULL;

  set_answer (self, 200, "Content-Type: application/json\n", body);
  get (self, "https://example.org/");
  har = write_har (self);
  text = gan_json_get_string (har, RESPONSE "content.text");
  g_assert_nonnull (text);
  return gan_json_parse (text, -1, GAN_LIMIT_JSON_BYTES, GAN_LIMIT_JSON_DEPTH, NULL);
}

static void
test_json_fields (void)
{
  static const char *const fields[] = { "data.posts[0].nickname", "guest_token", NULL };
  g_auto (Fixture) self = { 0 };
  g_autoptr (JsonNode) root = NULL;

  fixture_init (&self);
  gan_recorder_allow (self.recorder, "", NULL, fields);
  root = record_json (&self,
                      "{\"title\": \"A title\", \"email\": \"marker@example.org\", \"age\": 41,"
                      " \"score\": 1.5, \"is_private\": true, \"nothing\": null,"
                      " \"nickname\": \"someone\", \"guest_token\": \"marker\","
                      " \"code\": 144, \"codes\": {\"code\": 123456},"
                      " \"list\": [\"marker\", {\"id\": 7, \"x\": \"marker\"}],"
                      " \"tags\": [\"one\", \"two\"],"
                      " \"url\": \"https://example.org/v?id=1&sig=marker&what=marker\","
                      " \"text\": \"see https://example.org/?session=marker now\"}");
  g_assert_cmpstr (gan_json_get_string (root, "title"), ==, "A title");
  g_assert_cmpstr (gan_json_get_string (root, "email"), ==, "REDACTED");
  g_assert_cmpint (json_object_get_int_member (gan_json_get_object (root, ""), "age"), ==, 0);
  g_assert_cmpfloat (gan_json_get_double (root, "score"), ==, 0);
  g_assert_true (gan_json_get_boolean (root, "is_private"));
  g_assert_true (JSON_NODE_HOLDS_NULL (gan_json_find (root, "nothing")));
  g_assert_cmpstr (gan_json_get_string (root, "nickname"), ==, "someone");
  g_assert_cmpstr (gan_json_get_string (root, "guest_token"), ==, "REDACTED");
  g_assert_cmpint (gan_json_get_int (root, "code"), ==, 144);
  g_assert_cmpint (gan_json_get_int (root, "codes.code"), ==, 0);
  g_assert_cmpstr (gan_json_get_string (root, "list[0]"), ==, "REDACTED");
  g_assert_cmpint (gan_json_get_int (root, "list[1].id"), ==, 7);
  g_assert_cmpstr (gan_json_get_string (root, "tags[1]"), ==, "two");
  g_assert_cmpstr (gan_json_get_string (root, "url"),
                   ==,
                   "https://example.org/v?id=1&sig=REDACTED&what=REDACTED");
  g_assert_cmpstr (gan_json_get_string (root, "text"),
                   ==,
                   "see https://example.org/?session=REDACTED now");
}

/* A key may be the secret itself. */
static void
test_json_keys (void)
{
  g_auto (Fixture) self = { 0 };
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *key = g_strnfill (70, 'k');
  g_autofree char *body = g_strdup_printf ("{\"%smarker\": {\"id\": 1}}", key);

  fixture_init (&self);
  root = record_json (&self, body);
  g_assert_cmpint (gan_json_get_int (root, "REDACTED.id"), ==, 1);
}

static void
test_request_bodies (void)
{
  static const struct
  {
    const char *type;
    const char *body;
    const char *recorded;
  } bodies[] = {
    { "application/json",
      "{\"id\":5,\"n\":7,\"ok\":true,\"password\":\"marker\",\"x\":[1,\"marker\"]}",
      "{\"id\":5,\"n\":\"REDACTED\",\"ok\":true,\"password\":\"REDACTED\","
      "\"x\":[\"REDACTED\",\"REDACTED\"]}" },
    { "application/x-www-form-urlencoded",
      "id=5&password=marker&other=marker",
      "id=5&password=REDACTED&other=REDACTED" },
    { "text/plain", "marker", "REDACTED" },
    { "application/json", "{\"broken\": marker", "REDACTED" },
  };
  static const char *const secret_keys[] = { "password", NULL };

  for (gsize i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_auto (Fixture) self = { 0 };
      g_autoptr (GanRequest) request = make_request ("POST", "https://example.org/");
      g_autoptr (GBytes) body = g_bytes_new (bodies[i].body, strlen (bodies[i].body));
      g_autoptr (JsonNode) har = NULL;

      fixture_init (&self);
      gan_recorder_allow (self.recorder, "", secret_keys, secret_keys);
      gan_request_set_body (request, bodies[i].type, body);
      set_answer (&self, 200, "", "");
      pass (&self, request);
      har = write_har (&self);
      g_assert_cmpstr (gan_json_get_string (har, REQUEST "postData.text"), ==, bodies[i].recorded);
    }
}

static void
test_page (void)
{
  g_auto (Fixture) self = { 0 };
  g_autoptr (JsonNode) har = NULL;
  const char *text = NULL;

  fixture_init (&self);
  set_answer (&self,
              200,
              "Content-Type: text/html; charset=iso-8859-1\n",
              "<!DOCTYPE html><html><head><title>Caf\351</title>\n"
              "<meta name=\"csrf-token\" content=\"marker\">\n"
              "<meta property=\"og:title\" content=\"A title\">\n"
              "<script type=\"application/ld+json\">{\"name\":\"</b>\",\"account\":\"marker\"}"
              "</script>\n"
              "<script>var s = {\"access_token\": \"marker\"}; f(\"Bearer marker\")</script>\n"
              "</head><body><form><input type=hidden value='marker' name='authenticity_token'>\n"
              "<a href=\"/v?id=5&amp;x=marker&amp;sig=marker#t\">a</a>\n"
              "<img src=\"https://cdn.example.org/i.jpg?o=marker\\u0026n=marker\">\n");
  get (&self, "https://example.org/");
  har = write_har (&self);
  text = gan_json_get_string (har, RESPONSE "content.text");
  g_test_message ("%s", text);
  g_assert_nonnull (strstr (text, "<title>Caf\303\251</title>"));
  g_assert_nonnull (strstr (text, "content=\"REDACTED\""));
  g_assert_nonnull (strstr (text, "content=\"A title\""));
  g_assert_nonnull (strstr (text, "{\"name\":\"<\\/b>\",\"account\":\"REDACTED\"}</script>"));
  g_assert_nonnull (strstr (text, "/v?id=5&amp;x=REDACTED&amp;sig=REDACTED"));
  g_assert_nonnull (strstr (text, "i.jpg?o=REDACTED\\u0026n=REDACTED\""));
}

static void
assert_body_left_out (Fixture *self, gint64 size)
{
  g_autoptr (JsonNode) har = write_har (self);

  g_assert_null (gan_json_find (har, RESPONSE "content.text"));
  g_assert_cmpint (gan_json_get_int (har, RESPONSE "content.size"), ==, size);
}

static void
test_media_is_left_out (void)
{
  static const char *const types[]
      = { "video/mp4", "audio/mpeg", "image/png", "application/octet-stream" };

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_auto (Fixture) self = { 0 };
      g_autofree char *lines = g_strdup_printf ("Content-Type: %s\n", types[i]);

      fixture_init (&self);
      set_answer (&self, 200, lines, "marker");
      get (&self, "https://example.org/");
      assert_body_left_out (&self, 6);
    }
}

/* Text that is too large, JSON that cannot be taken apart, bytes under the name of text. */
static void
test_what_cannot_be_scrubbed_is_left_out (void)
{
  g_auto (Fixture) large = { 0 };
  g_auto (Fixture) broken = { 0 };
  g_auto (Fixture) binary = { 0 };
  g_autofree char *text = g_strnfill (GAN_LIMIT_HAR_BODY_BYTES + 1, 'x');
  g_autoptr (GBytes) bytes = g_bytes_new_static ("marker\0\377", 8);

  fixture_init (&large);
  set_answer (&large, 200, "Content-Type: text/plain\n", text);
  get (&large, "https://example.org/");
  assert_body_left_out (&large, GAN_LIMIT_HAR_BODY_BYTES + 1);

  fixture_init (&broken);
  set_answer (&broken, 200, "Content-Type: application/json\n", "{\"account\":\"marker\"");
  get (&broken, "https://example.org/");
  assert_body_left_out (&broken, 19);

  fixture_init (&binary);
  set_answer_bytes (&binary, 200, "Content-Type: text/plain\n", bytes);
  get (&binary, "https://example.org/");
  assert_body_left_out (&binary, 8);
}

static void
test_half_read_body_is_left_out (void)
{
  g_auto (Fixture) self = { 0 };
  g_autoptr (GanRequest) request = make_request ("GET", "https://example.org/");
  g_autoptr (GanResponse) response = NULL;
  char buffer[3] = { 0 };

  fixture_init (&self);
  set_answer (&self, 200, "Content-Type: text/plain\n", "marker");
  response = gan_transport_send (GAN_TRANSPORT (self.recorder), request, NULL, NULL);
  g_assert_cmpint (gan_response_read (response, buffer, 3, NULL, NULL), ==, 3);
  assert_body_left_out (&self, 6);
  g_clear_object (&response);
  assert_body_left_out (&self, 6);
}

static void
test_failure_is_recorded (void)
{
  g_auto (Fixture) self = { 0 };
  g_autoptr (JsonNode) har = NULL;

  fixture_init (&self);
  get (&self, "https://example.org/");
  har = write_har (&self);
  g_assert_cmpint (gan_json_get_int (har, RESPONSE "status"), ==, 0);
  g_assert_cmpstr (gan_json_get_string (har, RESPONSE "_error"),
                   ==,
                   "https://example.org/?token=REDACTED");
}

/* Only the owner may read it, whatever the umask; one that is there is replaced as a whole. */
static void
test_mode (void)
{
  g_auto (Fixture) self = { 0 };
  g_autoptr (JsonNode) har = NULL;
  struct stat info = { 0 };
  mode_t old = umask (0);

  fixture_init (&self);
  g_assert_true (g_file_set_contents (self.path, "something else", -1, NULL));
  g_assert_cmpint (g_chmod (self.path, 0644), ==, 0);
  set_answer (&self, 200, "", "");
  get (&self, "https://example.org/");
  har = write_har (&self);
  g_assert_cmpint (stat (self.path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 07777, ==, 0600);
  g_unlink (self.path);
  g_clear_pointer (&har, json_node_unref);
  har = write_har (&self);
  g_assert_cmpint (stat (self.path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 07777, ==, 0600);
  umask (old);
}

static void
test_cannot_write (void)
{
  g_auto (Fixture) self = { 0 };
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;

  fixture_init (&self);
  path = g_build_filename (self.folder, "missing", "a.har", NULL);
  g_assert_false (gan_recorder_write (self.recorder, path, &error));
  g_assert_error (error, GAN_ERROR, GAN_ERROR_DISK);
}

static void
test_nothing_recorded (void)
{
  g_auto (Fixture) self = { 0 };
  g_autoptr (JsonNode) har = NULL;

  fixture_init (&self);
  har = write_har (&self);
  g_assert_cmpuint (json_array_get_length (gan_json_get_array (har, "log.entries")), ==, 0);
}

/* However much passes, the file stays within its size: a body goes that has no room there (quotes
 * take twice the room), then bodies that were never kept, then whole entries. */
static void
test_size_is_bounded (void)
{
  g_auto (Fixture) self = { 0 };
  g_autofree char *body = g_strnfill (20000, '"');
  g_autoptr (JsonNode) har = NULL;
  guint n_bodies = 0;
  struct stat info = { 0 };

  fixture_init (&self);
  gan_recorder_set_max_bytes (self.recorder, 100000);
  set_answer (&self, 200, "Content-Type: text/plain\n", body);
  for (guint i = 0; i < 20; i++)
    get (&self, "https://example.org/");
  har = write_har (&self);
  g_assert_cmpint (stat (self.path, &info), ==, 0);
  g_assert_cmpint (info.st_size, <=, 100000);
  g_assert_cmpuint (json_array_get_length (gan_json_get_array (har, "log.entries")), ==, 20);
  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *path = g_strdup_printf ("log.entries[%u].response.content.text", i);

      n_bodies += gan_json_get_string (har, path) != NULL ? 1 : 0;
    }
  g_assert_cmpuint (n_bodies, ==, 2);

  for (guint i = 0; i < 100; i++)
    get (&self, "https://example.org/");
  g_clear_pointer (&har, json_node_unref);
  har = write_har (&self);
  g_assert_cmpint (stat (self.path, &info), ==, 0);
  g_assert_cmpint (info.st_size, <=, 100000);
  g_assert_cmpuint (json_array_get_length (gan_json_get_array (har, "log.entries")), >, 20);
  g_assert_cmpuint (json_array_get_length (gan_json_get_array (har, "log.entries")), <, 120);
}

/* JSON is recorded without its white space. */
static char *
dup_content (GanReply *reply)
{
  g_autoptr (JsonNode) root = gan_reply_parse_json (reply, NULL);

  return root != NULL ? gan_json_to_string (root, FALSE)
                      : g_strdup (gan_reply_get_text (reply, NULL));
}

/* One story, told twice. */
static char *
tell (GanHttp *http, GanTestServer *server)
{
  g_autoptr (GString) story = g_string_new (NULL);
  static const char *const paths[] = {
    "/redir_to?url=/json?size=5%26key%3Dsecret&cookie=sid%3Dmarker",
    "/html/page?title=Hello&token=one",
    "/html/page?title=World&token=two",
    "/status?status=404&body=gone",
    "/json?id=1",
    "/json?id=2&depth=3",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr (GanRequest) request
          = gan_test_net_request (server, paths[i], GAN_REQUEST_METADATA);
      g_autoptr (GError) error = NULL;
      g_autoptr (GanReply) reply = NULL;
      g_autofree char *content = NULL;

      gan_request_set_header (request, "Authorization", "Bearer marker");
      reply = gan_http_fetch (http, request, NULL, &error);
      g_assert_no_error (error);
      content = dup_content (reply);
      g_string_append_printf (story,
                              "%u %s %s\n",
                              gan_reply_get_status (reply),
                              gan_reply_get_content_type (reply),
                              content);
    }
  return g_string_free (g_steal_pointer (&story), FALSE);
}

static void
test_round_trip (void)
{
  static const char *const keys[] = { "title", "url", "body", NULL };
  static const char *const fields[] = { "pad", NULL };
  g_autoptr (GanTestServer) server = gan_test_server_new (FALSE);
  g_autoptr (GanTransport) transport = gan_test_net_transport (server);
  g_autoptr (GanRecorder) recorder = gan_recorder_new (transport);
  g_autoptr (GanReplayTransport) replay = gan_replay_transport_new ();
  g_autoptr (GanFakeClock) clock = gan_fake_clock_new (1700000000);
  g_autoptr (GanHttp) live = gan_http_new (GAN_TRANSPORT (recorder), GAN_CLOCK (clock));
  g_autoptr (GanHttp) again = gan_http_new (GAN_TRANSPORT (replay), GAN_CLOCK (clock));
  g_autofree char *folder = g_dir_make_tmp ("gan-recorder-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "a.har", NULL);
  g_autofree char *text = NULL;
  g_autofree char *first = tell (live, server);
  g_autofree char *second = NULL;
  g_autoptr (GError) error = NULL;
  guint n_asked = gan_test_server_count (server, NULL);

  gan_recorder_allow (recorder, "", keys, fields);
  gan_recorder_write (recorder, path, &error);
  g_assert_no_error (error);
  g_file_get_contents (path, &text, NULL, NULL);
  g_assert_null (strstr (text, "marker"));
  gan_replay_transport_add_file (replay, path, &error);
  g_assert_no_error (error);
  second = tell (again, server);
  g_assert_cmpstr (first, ==, second);
  g_assert_cmpuint (gan_replay_transport_get_n_unused (replay), ==, 0);
  g_assert_cmpuint (gan_test_server_count (server, NULL), ==, n_asked);
  g_unlink (path);
  g_rmdir (folder);
}

int
main (int argc, char *argv[])
{
  gan_net_init ();
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/recorder/headers", test_headers);
  g_test_add_func ("/recorder/urls", test_urls);
  g_test_add_func ("/recorder/sites", test_sites);
  g_test_add_func ("/recorder/json/fields", test_json_fields);
  g_test_add_func ("/recorder/json/keys", test_json_keys);
  g_test_add_func ("/recorder/request-bodies", test_request_bodies);
  g_test_add_func ("/recorder/page", test_page);
  g_test_add_func ("/recorder/media", test_media_is_left_out);
  g_test_add_func ("/recorder/left-out", test_what_cannot_be_scrubbed_is_left_out);
  g_test_add_func ("/recorder/half-read", test_half_read_body_is_left_out);
  g_test_add_func ("/recorder/failure", test_failure_is_recorded);
  g_test_add_func ("/recorder/mode", test_mode);
  g_test_add_func ("/recorder/cannot-write", test_cannot_write);
  g_test_add_func ("/recorder/nothing", test_nothing_recorded);
  g_test_add_func ("/recorder/size", test_size_is_bounded);
  g_test_add_func ("/recorder/round-trip", test_round_trip);
  return g_test_run ();
}
