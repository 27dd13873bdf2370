/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rules of contracts.md §2 for answering from a HAR, one by one. */
#include "config.h"

#include "gan-http.h"
#include "gan-replay-transport.h"

#include "gan-clock.h"
#include "gan-error.h"
#include "gan-limits.h"

#include <glib/gstdio.h>
#include <string.h>

/* One entry. method, url, more of the request, status, more of the response. */
#define ENTRY(method, url, request, status, response)                                              \
  "{\"request\":{\"method\":\"" method "\",\"url\":\"" url "\"" request                            \
  "},\"response\":{\"status\":" #status response "}}"
#define TEXT(text) ",\"content\":{\"mimeType\":\"text/plain\",\"text\":\"" text "\"}"
#define GET(url, text) ENTRY ("GET", url, "", 200, TEXT (text))
#define POST(url, type, body, text)                                                                \
  ENTRY ("POST",                                                                                   \
         url,                                                                                      \
         ",\"postData\":{\"mimeType\":\"" type "\",\"text\":\"" body "\"}",                        \
         200,                                                                                      \
         TEXT (text))
#define HAR(entries) "{\"log\":{\"version\":\"1.2\",\"entries\":[" entries "]}}"

typedef struct
{
  GanReplayTransport *replay;
  GanFakeClock *clock;
  GanHttp *http;
} Fixture;

static void
fixture_init (Fixture *self, const char *har)
{
  g_autoptr (GBytes) bytes = g_bytes_new (har, strlen (har));
  g_autoptr (GError) error = NULL;

  self->replay = gan_replay_transport_new ();
  gan_replay_transport_add_data (self->replay, bytes, &error);
  g_assert_no_error (error);
  self->clock = gan_fake_clock_new (1700000000);
  self->http = gan_http_new (GAN_TRANSPORT (self->replay), GAN_CLOCK (self->clock));
}

static void
fixture_clear (Fixture *self)
{
  g_assert_finalize_object (self->http);
  g_assert_finalize_object (self->replay);
  g_assert_finalize_object (self->clock);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, fixture_clear)

static GanRequest *
make_request (const char *method, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GanUrl) url = gan_url_parse (text, &error);

  g_assert_no_error (error);
  return gan_request_new (method, url);
}

static GanReply *
fetch (Fixture *self, const char *url)
{
  g_autoptr (GanRequest) request = make_request ("GET", url);
  g_autoptr (GError) error = NULL;
  GanReply *reply = gan_http_fetch (self->http, request, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (reply);
  return reply;
}

static void
assert_text (Fixture *self, const char *url, const char *text)
{
  g_autoptr (GanReply) reply = fetch (self, url);

  g_assert_cmpstr (gan_reply_get_text (reply, NULL), ==, text);
}

/* The message is expected: it is how a program tells its user. */
static void
assert_request_missed (Fixture *self, GanRequest *request)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GanReply) reply = NULL;

  g_test_expect_message ("gan-net", G_LOG_LEVEL_MESSAGE, "not recorded: *");
  reply = gan_http_fetch (self->http, request, NULL, &error);
  g_test_assert_expected_messages ();
  g_assert_error (error, GAN_ERROR, GAN_ERROR_NETWORK);
  g_assert_cmpstr (gan_error_get_reason (error), ==, "not-recorded");
  g_assert_null (reply);
}

static void
assert_missed (Fixture *self, const char *method, const char *url)
{
  g_autoptr (GanRequest) request = make_request (method, url);

  assert_request_missed (self, request);
}

static void
test_method_and_place (void)
{
  g_auto (Fixture) self = { 0 };

  fixture_init (
      &self,
      HAR (GET ("https://example.org/a", "a") "," GET ("http://example.org:8080/a", "b")));
  assert_text (&self, "https://example.org/a", "a");
  assert_text (&self, "https://EXAMPLE.org:443/a", "a");
  assert_text (&self, "http://example.org:8080/a", "b");
  assert_missed (&self, "HEAD", "https://example.org/a");
  assert_missed (&self, "GET", "http://example.org/a");
  assert_missed (&self, "GET", "https://example.org:444/a");
  assert_missed (&self, "GET", "https://www.example.org/a");
  assert_missed (&self, "GET", "https://example.org/a/");
  assert_missed (&self, "GET", "https://example.org/A");
}

static void
test_path_is_decoded (void)
{
  g_auto (Fixture) self = { 0 };

  fixture_init (&self, HAR (GET ("https://example.org/a%7Eb/c%20d", "x")));
  assert_text (&self, "https://example.org/a~b/c%20d", "x");
  assert_missed (&self, "GET", "https://example.org/a~b%2Fc%20d");
}

static void
test_query_is_unordered (void)
{
  g_auto (Fixture) self = { 0 };

  fixture_init (&self, HAR (GET ("https://example.org/?b=2&a=x%20y&c", "x")));
  assert_text (&self, "https://example.org/?a=x+y&c=&b=2", "x");
  assert_text (&self, "https://example.org/?%61=x%20y&c&b=2#part", "x");
  assert_missed (&self, "GET", "https://example.org/?a=x+y&b=2");
  assert_missed (&self, "GET", "https://example.org/?a=x+y&b=2&c&d=1");
  assert_missed (&self, "GET", "https://example.org/?a=x+y&b=2&b=2");
  assert_missed (&self, "GET", "https://example.org/?a=xy&b=2&c");
}

/* Whatever stands in queryString: only request.url is read. */
static void
test_query_string_is_ignored (void)
{
  g_auto (Fixture) self = { 0 };

  fixture_init (&self,
                HAR (ENTRY ("GET",
                            "https://example.org/?a=1",
                            ",\"queryString\":[{\"name\":\"b\",\"value\":\"2\"}]",
                            200,
                            TEXT ("x"))));
  assert_text (&self, "https://example.org/?a=1", "x");
  assert_missed (&self, "GET", "https://example.org/?b=2");
}

static void
test_redacted_matches_anything (void)
{
  g_auto (Fixture) self = { 0 };

  fixture_init (
      &self,
      HAR (GET ("https://example.org/REDACTED/x?key=REDACTED&n=1", "whole") "," GET (
          "https://example.org/botREDACTED/me",
          "part") "," GET ("https://example.org/?k=1&k=REDACTED",
                           "twice") "," GET ("https://example.org/?x=1&REDACTED&k=REDACTED",
                                             "bare")));
  assert_text (&self, "https://example.org/any%20thing/x?n=1&key=secret", "whole");
  assert_text (&self, "https://example.org//x?n=1&key=", "whole");
  assert_text (&self, "https://example.org/bot12:ab/me", "part");
  assert_text (&self, "https://example.org/?k=2&k=1", "twice");
  assert_text (&self, "https://example.org/?k=7&anything=5&x=1", "bare");
  assert_missed (&self, "GET", "https://example.org/a/b/x?n=1&key=secret");
  assert_missed (&self, "GET", "https://example.org/a/x?n=1&other=secret");
  assert_missed (&self, "GET", "https://example.org/a/x?n=2&key=secret");
  assert_missed (&self, "GET", "https://example.org/rob/me");
  assert_missed (&self, "GET", "https://example.org/?k=2&k=3");
}

static void
ask (Fixture *self, const char *type, const char *body, const char *text)
{
  g_autoptr (GanRequest) request = make_request ("POST", "https://example.org/api");
  g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));
  g_autoptr (GanReply) reply = NULL;
  g_autoptr (GError) error = NULL;

  gan_request_set_body (request, type, bytes);
  if (text == NULL)
    {
      assert_request_missed (self, request);
      return;
    }
  reply = gan_http_fetch (self->http, request, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (gan_reply_get_text (reply, NULL), ==, text);
}

static void
test_body_as_json (void)
{
  g_auto (Fixture) self = { 0 };

  fixture_init (
      &self,
      HAR (POST ("https://example.org/api",
                 "application/json",
                 "{\\\"a\\\":1,\\\"b\\\":[true,null,\\\"REDACTED\\\"],\\\"c\\\":{\\\"d\\\":1.5}}",
                 "x")));
  ask (&self, "application/json", "{\"c\":{\"d\":1.5},\"b\":[true,null,\"t\"],\"a\":1}", "x");
  ask (&self, "application/json", "{\"c\":{\"d\":1.5},\"b\":[true,null,{\"t\":7}],\"a\":1.0}", "x");
  ask (&self, "application/json", "{\"c\":{\"d\":1.5},\"b\":[false,null,\"t\"],\"a\":1}", NULL);
  ask (&self, "application/json", "{\"c\":{\"d\":1.5},\"b\":[true,null],\"a\":1}", NULL);
  ask (&self, "application/json", "{\"c\":{\"d\":2},\"b\":[true,null,1],\"a\":1}", NULL);
  ask (&self, "application/json", "{\"b\":[true,null,1],\"a\":1}", NULL);
  ask (&self, "application/json", "not JSON", NULL);
  ask (&self, "application/json", "", NULL);
}

static void
test_body_as_form (void)
{
  g_auto (Fixture) self = { 0 };

  fixture_init (&self,
                HAR (POST ("https://example.org/api",
                           "application/x-www-form-urlencoded; charset=UTF-8",
                           "a=1&b=REDACTED&c=x+y",
                           "x")));
  ask (&self, "application/x-www-form-urlencoded", "c=x%20y&b=zz&a=1", "x");
  ask (&self, "application/x-www-form-urlencoded", "c=x%20y&b=zz&a=2", NULL);
  ask (&self, "application/x-www-form-urlencoded", "c=x%20y&b=zz", NULL);
}

static void
test_body_as_bytes (void)
{
  g_auto (Fixture) self = { 0 };

  fixture_init (&self, HAR (POST ("https://example.org/api", "text/plain", "a=1&b=2", "x")));
  ask (&self, "text/plain", "a=1&b=2", "x");
  ask (&self, "text/plain", "b=2&a=1", NULL);
}

static void
test_body_of_params (void)
{
  g_auto (Fixture) self = { 0 };

  fixture_init (&self,
                HAR (ENTRY ("POST",
                            "https://example.org/api",
                            ",\"postData\":{\"params\":[{\"name\":\"a b\",\"value\":\"1\"}]}",
                            200,
                            TEXT ("x"))));
  ask (&self, "application/x-www-form-urlencoded", "a+b=1", "x");
  ask (&self, "application/x-www-form-urlencoded", "a+b=2", NULL);
}

static void
test_body_not_recorded_is_not_compared (void)
{
  g_auto (Fixture) self = { 0 };

  fixture_init (&self, HAR (ENTRY ("POST", "https://example.org/api", "", 200, TEXT ("x"))));
  ask (&self, "text/plain", "anything", "x");
}

static void
ask_range (Fixture *self, gint64 first, gint64 last, const char *text)
{
  g_autoptr (GanRequest) request = make_request ("GET", "https://example.org/a");
  g_autoptr (GanReply) reply = NULL;
  g_autoptr (GError) error = NULL;

  if (first >= 0)
    gan_request_set_range (request, first, last);
  if (text == NULL)
    {
      assert_request_missed (self, request);
      return;
    }
  reply = gan_http_fetch (self->http, request, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (gan_reply_get_text (reply, NULL), ==, text);
}

#define WITH_RANGE(range) ",\"headers\":[{\"name\":\"range\",\"value\":\"" range "\"}]"

static void
test_range (void)
{
  g_auto (Fixture) self = { 0 };

  fixture_init (&self,
                HAR (ENTRY ("GET",
                            "https://example.org/a",
                            WITH_RANGE ("bytes=0-3"),
                            206,
                            TEXT ("0123")) "," ENTRY ("GET",
                                                      "https://example.org/a",
                                                      WITH_RANGE ("bytes=4-"),
                                                      206,
                                                      TEXT ("4"))));
  ask_range (&self, 4, -1, "4");
  ask_range (&self, 0, 3, "0123");
  ask_range (&self, 0, 4, NULL);
  ask_range (&self, -1, -1, NULL);
}

/* A page recorded without Range answers a request with one, by a 200. */
static void
test_range_not_recorded_is_not_compared (void)
{
  g_auto (Fixture) self = { 0 };

  fixture_init (&self, HAR (GET ("https://example.org/a", "all")));
  ask_range (&self, 4, -1, "all");
}

static void
test_other_headers_do_not_count (void)
{
  g_auto (Fixture) self = { 0 };
  g_autoptr (GanRequest) request = make_request ("GET", "https://example.org/a");
  g_autoptr (GanReply) reply = NULL;

  fixture_init (&self,
                HAR (ENTRY ("GET",
                            "https://example.org/a",
                            ",\"headers\":[{\"name\":\"X-Any\",\"value\":\"1\"}]",
                            200,
                            TEXT ("x"))));
  gan_request_set_header (request, "X-Other", "2");
  reply = gan_http_fetch (self.http, request, NULL, NULL);
  g_assert_nonnull (reply);
}

static void
test_equal_entries_answer_in_order (void)
{
  g_auto (Fixture) self = { 0 };

  fixture_init (&self,
                HAR (GET ("https://example.org/a",
                          "1") "," GET ("https://example.org/b",
                                        "other") "," GET ("https://example.org/a", "2")));
  g_assert_cmpuint (gan_replay_transport_get_n_entries (self.replay), ==, 3);
  assert_text (&self, "https://example.org/a", "1");
  assert_text (&self, "https://example.org/a", "2");
  assert_text (&self, "https://example.org/a", "2");
  g_assert_cmpuint (gan_replay_transport_get_n_unused (self.replay), ==, 1);
  assert_text (&self, "https://example.org/b", "other");
  g_assert_cmpuint (gan_replay_transport_get_n_unused (self.replay), ==, 0);
}

static void
test_redirects (void)
{
  g_auto (Fixture) self = { 0 };
  g_autoptr (GanReply) reply = NULL;
  g_autoptr (GanRequest) request = make_request ("GET", "https://example.org/a");
  g_autoptr (GanReply) unfollowed = NULL;

  fixture_init (
      &self,
      HAR (ENTRY ("GET", "https://example.org/a", "", 302, ",\"redirectURL\":\"https://other.example.org/b?sig=REDACTED\"") "," ENTRY (
          "GET",
          "https://other.example.org/b?sig=REDACTED",
          "",
          301,
          ",\"headers\":[{\"name\":\"Location\",\"value\":\"/c\"}]") "," GET ("https://other.example.org/c",
                                                                              "there")));
  reply = fetch (&self, "https://example.org/a");
  g_assert_cmpstr (gan_reply_get_text (reply, NULL), ==, "there");
  g_assert_cmpstr (gan_url_get_string (gan_reply_get_url (reply)),
                   ==,
                   "https://other.example.org/c");

  gan_request_set_redirect_mode (request, GAN_REDIRECT_NEVER);
  unfollowed = gan_http_fetch (self.http, request, NULL, NULL);
  g_assert_cmpuint (gan_reply_get_status (unfollowed), ==, 302);
}

/* What was said about framing and encoding on the wire does not hold for the file. */
static void
test_framing_is_ignored (void)
{
  g_auto (Fixture) self = { 0 };
  g_autoptr (GanRequest) request = make_request ("GET", "https://example.org/a");
  g_autoptr (GanResponse) response = NULL;
  g_autoptr (GBytes) body = NULL;

  fixture_init (&self,
                HAR (ENTRY ("GET",
                            "https://example.org/a",
                            "",
                            200,
                            ",\"headers\":["
                            "{\"name\":\"Content-Length\",\"value\":\"-5\"},"
                            "{\"name\":\"content-encoding\",\"value\":\"gzip\"},"
                            "{\"name\":\"Transfer-Encoding\",\"value\":\"chunked\"},"
                            "{\"name\":\":status\",\"value\":\"200\"},"
                            "{\"name\":\"X-Bad\",\"value\":\"a\\rb\"},"
                            "{\"name\":\"ETag\",\"value\":\"\\\"1\\\"\"}]" TEXT ("12345"))));
  response = gan_http_open (self.http, request, NULL, NULL);
  g_assert_cmpint (gan_response_get_framing (response), ==, GAN_FRAMING_LENGTH);
  g_assert_cmpint (gan_response_get_content_length (response), ==, 5);
  g_assert_null (gan_response_get_header (response, "Content-Length"));
  g_assert_null (gan_response_get_header (response, "Content-Encoding"));
  g_assert_null (gan_response_get_header (response, "Transfer-Encoding"));
  g_assert_null (gan_response_get_header (response, "X-Bad"));
  g_assert_cmpstr (gan_response_get_header (response, "etag"), ==, "\"1\"");
  g_assert_cmpstr (gan_response_get_content_type (response), ==, "text/plain");
  body = gan_response_read_all (response, 100, NULL, NULL);
  g_assert_cmpmem (g_bytes_get_data (body, NULL), g_bytes_get_size (body), "12345", 5);
}

static void
test_base64_and_charset (void)
{
  g_auto (Fixture) self = { 0 };
  g_autoptr (GanReply) binary = NULL;
  g_autoptr (GanReply) text = NULL;

  fixture_init (
      &self,
      HAR (ENTRY (
          "GET",
          "https://example.org/b",
          "",
          200,
          ",\"content\":{\"mimeType\":\"text/plain; charset=iso-8859-1\","
          "\"encoding\":\"base64\",\"text\":\"Y2Fm6Q==\"}") "," ENTRY ("GET",
                                                                       "https://example.org/t",
                                                                       "",
                                                                       200,
                                                                       ",\"content\":{\"mimeType\":\"text/html; charset=iso-8859-1\","
                                                                       "\"text\":\"caf\303\251\"}")));
  binary = fetch (&self, "https://example.org/b");
  g_assert_cmpuint (g_bytes_get_size (gan_reply_get_bytes (binary)), ==, 4);
  g_assert_cmpstr (gan_reply_get_text (binary, NULL), ==, "caf\303\251");
  text = fetch (&self, "https://example.org/t");
  g_assert_cmpstr (gan_reply_get_text (text, NULL), ==, "caf\303\251");
}

/* A body that was left out is not an empty one. */
static void
test_body_left_out (void)
{
  g_auto (Fixture) self = { 0 };
  g_autoptr (GanRequest) request = make_request ("GET", "https://example.org/a.mp4");
  g_autoptr (GanResponse) response = NULL;
  g_autoptr (GBytes) body = NULL;
  g_autoptr (GError) error = NULL;

  fixture_init (&self,
                HAR (ENTRY ("GET",
                            "https://example.org/a.mp4",
                            "",
                            200,
                            ",\"content\":{\"mimeType\":\"video/mp4\",\"size\":5000}")));
  response = gan_http_open (self.http, request, NULL, NULL);
  g_assert_cmpint (gan_response_get_content_length (response), ==, 5000);
  body = gan_response_read_all (response, 10000, NULL, &error);
  g_assert_null (body);
  g_assert_error (error, GAN_ERROR, GAN_ERROR_NETWORK);
  g_assert_cmpstr (gan_error_get_reason (error), ==, "not-recorded");
}

static void
test_bad_entries_are_skipped (void)
{
  g_auto (Fixture) self = { 0 };

  fixture_init (&self,
                HAR (GET ("https://exa mple/", "no") "," GET (
                    "file:///etc/passwd",
                    "no") ","
                          "7,{},null,{\"request\":{\"url\":5},\"response\":{}},"
                          "{\"request\":{\"method\":\"G T\",\"url\":\"https://example.org/\"},"
                          "\"response\":{\"status\":200}}," GET ("https://example.org/a", "yes")));
  g_assert_cmpuint (gan_replay_transport_get_n_entries (self.replay), ==, 1);
  assert_text (&self, "https://example.org/a", "yes");
}

static void
assert_refused (const char *har)
{
  g_autoptr (GBytes) bytes = g_bytes_new (har, strlen (har));
  g_autoptr (GanReplayTransport) replay = gan_replay_transport_new ();
  g_autoptr (GError) error = NULL;

  g_assert_false (gan_replay_transport_add_data (replay, bytes, &error));
  g_assert_error (error, GAN_ERROR, GAN_ERROR_INVALID_DATA);
  g_assert_cmpstr (gan_error_get_reason (error), ==, "har");
  g_assert_cmpuint (gan_replay_transport_get_n_entries (replay), ==, 0);
}

static void
test_hostile_files (void)
{
  g_autofree char *deep = g_strnfill (100000, '[');

  assert_refused ("");
  assert_refused ("{}");
  assert_refused ("{\"log\":{\"entries\":5}}");
  assert_refused ("<html>");
  assert_refused (deep);
}

static void
test_files (void)
{
  g_autoptr (GanReplayTransport) replay = gan_replay_transport_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) missing = NULL;
  g_autofree char *path = NULL;
  int descriptor = g_file_open_tmp ("gan-replay-XXXXXX.har", &path, NULL);

  g_close (descriptor, NULL);
  g_file_set_contents (path, HAR (GET ("https://example.org/", "x")), -1, &error);
  g_assert_no_error (error);
  g_assert_true (gan_replay_transport_add_file (replay, path, &error));
  g_assert_true (gan_replay_transport_add_file (replay, path, &error));
  g_assert_cmpuint (gan_replay_transport_get_n_entries (replay), ==, 2);
  g_unlink (path);
  g_assert_false (gan_replay_transport_add_file (replay, path, &missing));
  g_assert_error (missing, GAN_ERROR, GAN_ERROR_DISK);
}

/* Endless as a file, so it must be read with a bound. */
static void
test_endless_file (void)
{
  g_autoptr (GanReplayTransport) replay = gan_replay_transport_new ();
  g_autoptr (GError) error = NULL;

  g_assert_false (gan_replay_transport_add_file (replay, "/dev/zero", &error));
  g_assert_error (error, GAN_ERROR, GAN_ERROR_INVALID_DATA);
}

/* Waits, caches and limits are off; retries go on, as the recording shows them. */
static void
test_waits_are_off (void)
{
  g_auto (Fixture) self = { 0 };
  GanRateLimits limits = { 1, 1, 1 };
  g_autoptr (GanRequest) request = make_request ("GET", "https://example.org/a");
  g_autoptr (GanReply) first = NULL;
  g_autoptr (GanReply) second = NULL;

  fixture_init (
      &self,
      HAR (ENTRY (
          "GET",
          "https://example.org/a",
          "",
          429,
          ",\"headers\":[{\"name\":\"Retry-After\",\"value\":\"30\"}]") "," GET ("https://example.org/a",
                                                                                 "1") "," GET ("https://example.org/a",
                                                                                               "2")));
  gan_http_set_rate_limits (self.http, "", &limits);
  gan_request_set_cache_seconds (request, 3600);
  first = gan_http_fetch (self.http, request, NULL, NULL);
  second = gan_http_fetch (self.http, request, NULL, NULL);
  g_assert_cmpstr (gan_reply_get_text (first, NULL), ==, "1");
  g_assert_cmpstr (gan_reply_get_text (second, NULL), ==, "2");
  g_assert_cmpint (gan_fake_clock_get_waited (self.clock), ==, 0);
}

static void
test_missed_are_told_without_secrets (void)
{
  g_auto (Fixture) self = { 0 };
  g_auto (GStrv) missed = NULL;

  fixture_init (&self, HAR (""));
  assert_missed (&self, "GET", "https://example.org/a?id=5&token=marker");
  assert_missed (&self, "POST", "https://example.org/b");
  missed = gan_replay_transport_dup_missed (self.replay);
  g_assert_cmpuint (g_strv_length (missed), ==, 2);
  g_assert_cmpstr (missed[0], ==, "GET https://example.org/a?id=5&token=REDACTED");
  g_assert_cmpstr (missed[1], ==, "POST https://example.org/b");
}

/* A failed exchange of a browser's recording. */
static void
test_no_answer_recorded (void)
{
  g_auto (Fixture) self = { 0 };
  g_autoptr (GanRequest) request = make_request ("GET", "https://example.org/a");
  g_autoptr (GanReply) reply = NULL;
  g_autoptr (GError) error = NULL;

  fixture_init (&self, HAR (ENTRY ("GET", "https://example.org/a", "", 0, "")));
  reply = gan_http_fetch (self.http, request, NULL, &error);
  g_assert_error (error, GAN_ERROR, GAN_ERROR_NETWORK);
  g_assert_cmpstr (gan_error_get_reason (error), ==, "recorded");
}

static void
test_body_cap (void)
{
  g_auto (Fixture) self = { 0 };
  g_autoptr (GanRequest) request = make_request ("GET", "https://example.org/a");
  g_autoptr (GanReply) reply = NULL;
  g_autoptr (GError) error = NULL;

  fixture_init (&self, HAR (GET ("https://example.org/a", "123456")));
  gan_request_set_max_bytes (request, 5);
  reply = gan_http_fetch (self.http, request, NULL, &error);
  g_assert_error (error, GAN_ERROR, GAN_ERROR_TOO_LARGE);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/replay/method-and-place", test_method_and_place);
  g_test_add_func ("/replay/path-is-decoded", test_path_is_decoded);
  g_test_add_func ("/replay/query-is-unordered", test_query_is_unordered);
  g_test_add_func ("/replay/query-string-is-ignored", test_query_string_is_ignored);
  g_test_add_func ("/replay/redacted-matches-anything", test_redacted_matches_anything);
  g_test_add_func ("/replay/body/json", test_body_as_json);
  g_test_add_func ("/replay/body/form", test_body_as_form);
  g_test_add_func ("/replay/body/bytes", test_body_as_bytes);
  g_test_add_func ("/replay/body/params", test_body_of_params);
  g_test_add_func ("/replay/body/not-recorded", test_body_not_recorded_is_not_compared);
  g_test_add_func ("/replay/range", test_range);
  g_test_add_func ("/replay/range/not-recorded", test_range_not_recorded_is_not_compared);
  g_test_add_func ("/replay/other-headers", test_other_headers_do_not_count);
  g_test_add_func ("/replay/order", test_equal_entries_answer_in_order);
  g_test_add_func ("/replay/redirects", test_redirects);
  g_test_add_func ("/replay/framing-is-ignored", test_framing_is_ignored);
  g_test_add_func ("/replay/base64-and-charset", test_base64_and_charset);
  g_test_add_func ("/replay/body-left-out", test_body_left_out);
  g_test_add_func ("/replay/bad-entries-are-skipped", test_bad_entries_are_skipped);
  g_test_add_func ("/replay/hostile-files", test_hostile_files);
  g_test_add_func ("/replay/files", test_files);
  g_test_add_func ("/replay/endless-file", test_endless_file);
  g_test_add_func ("/replay/waits-are-off", test_waits_are_off);
  g_test_add_func ("/replay/missed", test_missed_are_told_without_secrets);
  g_test_add_func ("/replay/no-answer-recorded", test_no_answer_recorded);
  g_test_add_func ("/replay/body-cap", test_body_cap);
  return g_test_run ();
}
