/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What no single exchange of platforms/twitter/tests shows: the formula of syndication's token, and
 * what one question leaves behind for the next. */
#include "gan-platform-table.h"
#include "gan-test-fixture.h"
#include "gan-test-registry.h"
#include "twitter-syndication.h"

#include <string.h>

#define RULES_RESOURCE "/io/github/gannet_app/Gannet/platforms/twitter.json"
#define ACTIVATE "https://api.x.com/1.1/guest/activate.json"
#define LINK "https://x.com/plungediver/status/1990000000000000001"

static void
test_syndication_token (void)
{
  /* As node computes ((id / 1e15) * Math.PI).toString (36) without zeros and the point. */
  static const char *const vectors[][2] = {
    { "0", "" },
    { "20", "6dq1a2xwd93" },
    { "239", "2496xaocozy" },
    { "719944021058060289", "1qtrrnvqpw" },
    { "974055167845729774", "2d31l7hbqy" },
    { "999999999999999999", "2f9lc2ug9mm" },
    { "1000000000000000000", "2f9lc2ug9mm" },
    { "1625096826809317839", "3xte4cxj9iy" },
    { "1719087163123261440", "46o6eadwie" },
    { "1841206275088290279", "4gobiuxs3yx" },
    { "1899954694652309701", "4lsvtaex6rs" },
    { "2023101819296366988", "4wjrfb58uvp" },
    { "19860710181741909411", "1c569ein4ay" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_autofree char *token = gan_twitter_syndication_dup_token (vectors[i][0]);

      g_assert_cmpstr (token, ==, vectors[i][1]);
    }
}

/* --- One question after the other --- */

static char *
dup_built_in (void)
{
  g_autoptr (GBytes) bytes
      = g_resources_lookup_data (RULES_RESOURCE, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

  g_assert_nonnull (bytes);
  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static char *
dup_query_id (void)
{
  g_autofree char *text = dup_built_in ();
  g_autoptr (JsonNode) rules = gan_json_parse (text, -1, GAN_LIMIT_RULES_BYTES, 16, NULL);

  return g_strdup (gan_json_get_string (rules, "constants.query_id"));
}

static void
add_guest (GanTestHar *har, const char *token)
{
  static const char *const headers[] = { "Content-Type: application/json", NULL };
  g_autofree char *body = g_strdup_printf ("{\"guest_token\": \"%s\"}", token);

  gan_test_har_add (har, "POST", ACTIVATE, 200, headers, body);
}

/* An answer of GraphQL, and what else its head says. */
static void
add_post (GanTestHar *har, const char *query_id, guint status, const char *header, const char *text)
{
  const char *const headers[] = { "Content-Type: application/json", header, NULL };
  g_autofree char *url
      = g_strdup_printf ("https://x.com/i/api/graphql/%s/TweetResultByRestId"
                         "?variables=REDACTED&features=REDACTED&fieldToggles=REDACTED",
                         query_id);
  g_autofree char *body
      = g_strdup_printf ("{\"data\": {\"tweetResult\": {\"result\": {\"__typename\": \"Tweet\","
                         " \"rest_id\": \"1990000000000000001\", \"legacy\": {\"created_at\":"
                         " \"Sat Nov 15 06:13:20 +0000 2025\", %s: \"A dive\"}}}}}",
                         text);

  gan_test_har_add (har, "GET", url, status, headers, body);
}

static void
add_syndication (GanTestHar *har)
{
  static const char *const headers[] = { "Content-Type: application/json", NULL };

  gan_test_har_add (har,
                    "GET",
                    "https://cdn.syndication.twimg.com/tweet-result"
                    "?id=1990000000000000001&lang=en&token=4tnrp481eua",
                    200,
                    headers,
                    "{\"__typename\": \"Tweet\", \"id_str\": \"1990000000000000001\","
                    " \"created_at\": \"2025-11-15T06:13:20.000Z\", \"text\": \"A dive, cut\"}");
}

static GanTestRegistry *
new_registry (GanTestHar *har, const char *override_dir)
{
  GanRegistryOptions options = { .override_dir = override_dir };

  return gan_test_registry_new_with_table (har,
                                           &options,
                                           gan_platform_table,
                                           gan_platform_table_size);
}

static void
assert_text (GanTestRegistry *test, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GanMedia) media = gan_test_registry_resolve (test, LINK, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (gan_media_get_description (media), ==, text);
}

/* Which hosts were asked, and with what guest token, in order: "api x:1 x:1 cdn". */
static void
assert_asked (GanTestRegistry *test, const char *expected)
{
  g_autoptr (GPtrArray) requests = gan_test_transport_dup_requests (test->transport);
  g_autoptr (GString) asked = g_string_new (NULL);

  for (guint i = 0; i < requests->len; i++)
    {
      GanRequest *request = g_ptr_array_index (requests, i);
      const char *host = gan_url_get_host (gan_request_get_url (request));
      const char *token = gan_request_get_header (request, "x-guest-token");

      g_string_append_printf (asked, "%s%.*s", i > 0 ? " " : "", (int) strcspn (host, "."), host);
      if (token != NULL)
        g_string_append_printf (asked, ":%s", token);
    }
  g_assert_cmpstr (asked->str, ==, expected);
}

static void
test_token_is_kept (void)
{
  g_autoptr (GanTestHar) har = gan_test_har_new ();
  g_autoptr (GanTestRegistry) test = NULL;
  g_autofree char *query_id = dup_query_id ();

  add_guest (har, "1");
  add_guest (har, "2");
  add_post (har, query_id, 200, "x-rate-limit-remaining: 10", "\"full_text\"");
  test = new_registry (har, NULL);
  assert_text (test, "A dive");
  gan_fake_clock_advance (test->clock, (gint64) 3599 * G_USEC_PER_SEC);
  assert_text (test, "A dive");
  assert_asked (test, "api x:1 x:1");
  gan_fake_clock_advance (test->clock, G_USEC_PER_SEC);
  assert_text (test, "A dive");
  assert_asked (test, "api x:1 x:1 api x:2");
}

static void
test_worn_token_is_dropped (void)
{
  g_autoptr (GanTestHar) har = gan_test_har_new ();
  g_autoptr (GanTestRegistry) test = NULL;
  g_autofree char *query_id = dup_query_id ();

  add_guest (har, "1");
  add_guest (har, "2");
  add_post (har, query_id, 200, "x-rate-limit-remaining: 9", "\"full_text\"");
  add_post (har, query_id, 200, "x-rate-limit-remaining: 149", "\"full_text\"");
  test = new_registry (har, NULL);
  assert_text (test, "A dive");
  assert_text (test, "A dive");
  assert_text (test, "A dive");
  assert_asked (test, "api x:1 api x:2 x:2");
}

/* X named a time: until then only syndication is asked, then GraphQL again, as another guest. */
static void
test_pause (void)
{
  g_autoptr (GanTestHar) har = gan_test_har_new ();
  g_autoptr (GanTestRegistry) test = NULL;
  g_autofree char *query_id = dup_query_id ();

  add_guest (har, "1");
  add_guest (har, "2");
  add_post (har, query_id, 429, "x-rate-limit-reset: 1795262460", "\"full_text\"");
  add_post (har, query_id, 200, "x-rate-limit-remaining: 149", "\"full_text\"");
  add_syndication (har);
  test = new_registry (har, NULL);
  assert_text (test, "A dive, cut");
  gan_fake_clock_advance (test->clock, (gint64) 59 * G_USEC_PER_SEC);
  assert_text (test, "A dive, cut");
  assert_asked (test, "api x:1 cdn cdn");
  gan_fake_clock_advance (test->clock, G_USEC_PER_SEC);
  assert_text (test, "A dive");
  assert_asked (test, "api x:1 cdn cdn api x:2");
}

/* The bearer goes to GraphQL and to who gives the guest token, and nowhere else. */
static void
test_bearer (void)
{
  g_autoptr (GanTestHar) har = gan_test_har_new ();
  g_autoptr (GanTestRegistry) test = NULL;
  g_autoptr (GPtrArray) requests = NULL;
  g_autofree char *query_id = dup_query_id ();

  add_guest (har, "1");
  add_post (har, query_id, 500, NULL, "\"full_text\"");
  add_syndication (har);
  test = new_registry (har, NULL);
  assert_text (test, "A dive, cut");
  requests = gan_test_transport_dup_requests (test->transport);
  g_assert_cmpuint (requests->len, ==, 3);
  for (guint i = 0; i < requests->len; i++)
    {
      GanRequest *request = g_ptr_array_index (requests, i);
      const char *authorization = gan_request_get_header (request, "Authorization");
      gboolean is_graphql = gan_url_host_is (gan_request_get_url (request), "x.com");

      g_assert_true (is_graphql == (authorization != NULL));
      g_assert_true (!is_graphql || g_str_has_prefix (authorization, "Bearer AAAA"));
      g_assert_true (g_str_has_prefix (gan_request_get_header (request, "User-Agent"), "Mozilla/"));
    }
}

static char *
dup_newer (const char *text)
{
  g_autoptr (JsonNode) rules = gan_json_parse (text, -1, GAN_LIMIT_RULES_BYTES, 16, NULL);
  gint64 serial = gan_json_get_int (rules, "serial");

  json_object_set_int_member (json_node_get_object (rules), "serial", serial + 1);
  return gan_json_to_string (rules, TRUE);
}

static char *
dup_replaced (const char *text, const char *from, const char *to)
{
  g_auto (GStrv) parts = g_strsplit (text, from, 2);

  g_assert_cmpuint (g_strv_length (parts), ==, 2);
  return g_strjoinv (to, parts);
}

/* X renamed a field and its query: a file of the user mends both. */
static void
test_override (void)
{
  g_autoptr (GanTestHar) har = gan_test_har_new ();
  g_autoptr (GanTestFolder) folder = gan_test_folder_new ();
  g_autoptr (GanTestRegistry) test = NULL;
  g_auto (GStrv) warnings = NULL;
  g_autofree char *query_id = dup_query_id ();
  g_autofree char *built_in = dup_built_in ();
  g_autofree char *renamed = dup_replaced (built_in, "legacy.full_text", "legacy.words");
  g_autofree char *rotated = dup_replaced (renamed, query_id, "Qy8Zz-new_id");
  g_autofree char *text = dup_newer (rotated);

  add_guest (har, "1");
  add_post (har, "Qy8Zz-new_id", 200, NULL, "\"words\"");
  gan_test_folder_write (folder, "twitter.json", text, -1);
  test = new_registry (har, folder->path);
  warnings = gan_registry_dup_warnings (test->registry);
  g_assert_cmpuint (g_strv_length (warnings), ==, 0);
  assert_text (test, "A dive");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/twitter/syndication-token", test_syndication_token);
  g_test_add_func ("/twitter/token-is-kept", test_token_is_kept);
  g_test_add_func ("/twitter/worn-token-is-dropped", test_worn_token_is_dropped);
  g_test_add_func ("/twitter/pause", test_pause);
  g_test_add_func ("/twitter/bearer", test_bearer);
  g_test_add_func ("/twitter/override", test_override);
  return g_test_run ();
}
