/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole answers as text and JSON, and how long they are remembered. */
#include "config.h"

#include "gan-reply-private.h"

#include "gan-charset.h"
#include "gan-error.h"
#include "gan-reply-cache.h"
#include "gan-response-private.h"

#include <string.h>

static GanReply *
make_reply (guint status, const char *type, const char *data, gsize length)
{
  g_autoptr (GanUrl) url = gan_url_parse ("https://example.org/a?token=marker", NULL);
  g_autoptr (GanHeaders) headers = gan_headers_new ();
  g_autoptr (GBytes) body = g_bytes_new (data, length);
  GanResponseHead head = { url, status, headers, GAN_FRAMING_LENGTH, (gint64) length, 0, 0 };
  g_autoptr (GanResponse) response = NULL;

  if (type != NULL)
    gan_headers_append (headers, "Content-Type", type);
  if (status == 429)
    gan_headers_append (headers, "Retry-After", "999999999");
  response = gan_response_new_from_bytes (&head, body);
  return gan_reply_new (response, body);
}

typedef struct
{
  const char *type;
  const char *data;
  gsize length;
  const char *text;
} TextCase;

#define BYTES(text) text, sizeof text - 1

static const TextCase texts[] = {
  { "text/html; charset=utf-8", BYTES ("caf\303\251"), "caf\303\251" },
  { "text/html; charset=\"UTF-8\"", BYTES ("caf\303\251"), "caf\303\251" },
  { "text/html", BYTES ("caf\303\251"), "caf\303\251" },
  { NULL, BYTES ("caf\303\251"), "caf\303\251" },
  { NULL, BYTES (""), "" },
  { "text/html; charset=ISO-8859-1", BYTES ("caf\351"), "caf\303\251" },
  { "text/html; charset=iso-8859-1", BYTES ("\200"), "\342\202\254" },
  { "text/html", BYTES ("caf\351"), "caf\303\251" },
  { "text/html", BYTES ("caf\351\201"), "caf\303\251\302\201" },
  { "text/html; charset=windows-1251", BYTES ("\317\360"), "\320\237\321\200" },
  { "text/html; charset=Shift_JIS", BYTES ("\202\240"), "\343\201\202" },
  { "text/html; charset=utf-8", BYTES ("a\377b"), "a\357\277\275b" },
  { "text/html; charset=utf-8", BYTES ("\357\273\277a"), "a" },
  { "text/html; charset=iso-8859-1", BYTES ("\357\273\277\303\251"), "\303\251" },
  { "text/plain", BYTES ("\377\376a\0\351\0"), "a\303\251" },
  { "text/plain", BYTES ("\376\377\0a"), "a" },
  { "text/html; charset=UTF-7//TRANSLIT", BYTES ("+AGE-\303\251"), "+AGE-\303\251" },
  { "text/html; charset=UTF-7", BYTES ("+ADw-script+AD4-"), "+ADw-script+AD4-" },
  { "text/html; charset=", BYTES ("caf\303\251"), "caf\303\251" },
  { "text/html; charset=none; x=1", BYTES ("caf\303\251"), "caf\303\251" },
  { "text/html; charset=utf-8", BYTES ("a\0b"), "a\357\277\275b" },
  { "text/html", BYTES ("a\0\303\251"), "a\357\277\275\303\251" },
  { "text/html", BYTES ("a\0\351"), "a\357\277\275\303\251" },
};

static void
test_text (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GanReply) reply = make_reply (200, texts[i].type, texts[i].data, texts[i].length);
      gsize length = 0;
      const char *text = gan_reply_get_text (reply, &length);

      g_test_message ("%" G_GSIZE_FORMAT ": %s", i, texts[i].type);
      g_assert_cmpstr (text, ==, texts[i].text);
      g_assert_cmpuint (length, ==, strlen (texts[i].text));
      g_assert_true (gan_reply_get_text (reply, NULL) == text);
    }
}

static void
test_charset_parameter (void)
{
  static const struct
  {
    const char *type;
    const char *charset;
  } types[] = {
    { "text/html", NULL },
    { "text/html;charset=a", "a" },
    { "text/html; x=1; CHARSET='b'; y", "b" },
    { "text/html; charset=", NULL },
    { "text/html; xcharset=c", NULL },
    { "text/html; charset=an-endless-name-that-no-one-would-give-an-encoding", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_autofree char *charset = gan_charset_from_content_type (types[i].type);

      g_assert_cmpstr (charset, ==, types[i].charset);
    }
}

static void
test_json (void)
{
  g_autoptr (GanReply) reply
      = make_reply (200, "text/plain", BYTES ("\357\273\277{\"a\": [1, \"caf\303\251\"]}"));
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) root = gan_reply_parse_json (reply, &error);

  g_assert_no_error (error);
  g_assert_true (JSON_NODE_HOLDS_OBJECT (root));
}

static void
assert_no_json (const char *data, gsize length, const char *reason)
{
  g_autoptr (GanReply) reply = make_reply (200, "application/json", data, length);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) root = gan_reply_parse_json (reply, &error);

  g_assert_null (root);
  g_assert_error (error, GAN_ERROR, GAN_ERROR_INVALID_DATA);
  g_assert_cmpstr (gan_error_get_reason (error), ==, reason);
  g_assert_cmpstr (gan_error_get_url (error), ==, "https://example.org/a?token=REDACTED");
  g_assert_null (strstr (error->message, "marker"));
}

static void
test_no_json (void)
{
  g_autofree char *deep = g_strnfill (200000, '[');
  g_autofree char *large = g_strnfill (17 * 1024 * 1024, ' ');

  assert_no_json (BYTES (""), "json");
  assert_no_json (BYTES ("{\"a\":"), "json");
  assert_no_json (BYTES ("marker"), "json");
  assert_no_json (BYTES ("\n <!DOCTYPE html><html>"), "html");
  assert_no_json (deep, strlen (deep), "json");
  assert_no_json (large, strlen (large), "json");
}

static void
test_status (void)
{
  g_autoptr (GanReply) reply = make_reply (429, NULL, "", 0);
  g_autoptr (GanReply) fine = make_reply (204, NULL, "", 0);
  g_autoptr (GError) error = NULL;

  g_assert_true (gan_reply_check_status (fine, NULL));
  g_assert_false (gan_reply_check_status (reply, &error));
  g_assert_error (error, GAN_ERROR, GAN_ERROR_RATE_LIMITED);
  g_assert_cmpuint (gan_error_get_http_status (error), ==, 429);
  g_assert_cmpint (gan_error_get_retry_after (error), ==, 3600);
  g_assert_cmpint (gan_reply_get_retry_after (reply), ==, 3600);
}

static void
assert_cached (GanReplyCache *cache, const char *key, gint64 not_before, gboolean cached)
{
  g_autoptr (GanReply) reply = gan_reply_cache_lookup (cache, key, not_before);

  g_assert_cmpint (reply != NULL, ==, cached);
}

static void
test_cache_age (void)
{
  g_autoptr (GanReplyCache) cache = gan_reply_cache_new (10, 1000000);
  g_autoptr (GanReply) reply = make_reply (200, NULL, "x", 1);

  assert_cached (cache, "a", 0, FALSE);
  gan_reply_cache_store (cache, "a", reply, 100);
  assert_cached (cache, "a", 100, TRUE);
  assert_cached (cache, "a", 101, FALSE);
  assert_cached (cache, "b", 0, FALSE);
  gan_reply_cache_store (cache, "a", reply, 200);
  assert_cached (cache, "a", 200, TRUE);
}

static void
test_cache_forgets_the_least_used (void)
{
  g_autoptr (GanReplyCache) cache = gan_reply_cache_new (3, 1000000);
  g_autoptr (GanReply) reply = make_reply (200, NULL, "x", 1);

  gan_reply_cache_store (cache, "a", reply, 1);
  gan_reply_cache_store (cache, "b", reply, 2);
  gan_reply_cache_store (cache, "c", reply, 3);
  assert_cached (cache, "a", 0, TRUE);
  gan_reply_cache_store (cache, "d", reply, 4);
  assert_cached (cache, "a", 0, TRUE);
  assert_cached (cache, "b", 0, FALSE);
  assert_cached (cache, "c", 0, TRUE);
  assert_cached (cache, "d", 0, TRUE);
}

static void
test_cache_bytes (void)
{
  g_autoptr (GanReplyCache) cache = gan_reply_cache_new (1000, 100000);
  g_autofree char *data = g_strnfill (20000, 'x');
  g_autoptr (GanReply) small = make_reply (200, NULL, data, 10000);
  g_autoptr (GanReply) large = make_reply (200, NULL, data, 20000);

  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *key = g_strdup_printf ("%u", i);

      gan_reply_cache_store (cache, key, small, 1);
    }
  assert_cached (cache, "15", 0, FALSE);
  assert_cached (cache, "16", 0, TRUE);
  assert_cached (cache, "19", 0, TRUE);
  gan_reply_cache_store (cache, "19", large, 1);
  assert_cached (cache, "19", 0, FALSE);
  assert_cached (cache, "18", 0, TRUE);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/reply/text", test_text);
  g_test_add_func ("/reply/charset-parameter", test_charset_parameter);
  g_test_add_func ("/reply/json", test_json);
  g_test_add_func ("/reply/no-json", test_no_json);
  g_test_add_func ("/reply/status", test_status);
  g_test_add_func ("/reply/cache/age", test_cache_age);
  g_test_add_func ("/reply/cache/least-used", test_cache_forgets_the_least_used);
  g_test_add_func ("/reply/cache/bytes", test_cache_bytes);
  return g_test_run ();
}
