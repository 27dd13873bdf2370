/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "gan-error.h"
#include "gan-limits.h"
#include "gan-media.h"
#include "gan-rules.h"
#include "gan-test-fixture.h"

#include <string.h>

/* A whole file; each test changes one place of it. */
static const char base_rules[]
    = "{\"id\": \"example\", \"name\": \"Example\", \"serial\": 2026112101, \"status\": \"degraded\",\n"
      " \"verified\": \"2026-11-21\", \"capabilities\": [\"info\", \"list\"],\n"
      " \"hosts\": [\"example.org\", \"*.example.net\", \"exm.pl\"],\n"
      " \"origins\": [\"https://example.org\", \"https://*.example.net\"],\n"
      " \"urls\": [\n"
      "  {\"form\": \"post\", \"template\": \"/{user:word}/status/{id:digits}/**\", \"kind\": \"post\",\n"
      "   \"id\": \"{id}\", \"canonical\": \"https://example.org/{user}/status/{id}\"},\n"
      "  {\"form\": \"sub\", \"host\": \"{user:word}.example.net\", \"template\": \"/{id:digits}\",\n"
      "   \"kind\": \"video\", \"id\": \"{user}/{id}\",\n"
      "   \"canonical\": \"https://{user}.example.net/{id}\"},\n"
      "  {\"form\": \"short\", \"host\": \"exm.pl\", \"template\": \"/{code:alnum}\",\n"
      "   \"kind\": \"short-link\", \"id\": \"{code}\"},\n"
      "  {\"form\": \"user\", \"host\": \"example.org\", \"template\": \"/{user:word}\",\n"
      "   \"kind\": \"user\", \"id\": \"{user}\"}],\n"
      " \"reject\": [\"/settings/**\", \"/login\"],\n"
      " \"endpoints\": {\"post\": \"https://example.org/api/{id}?full={full}\",\n"
      "  \"sub\": \"https://{user}.example.net/{id}\"},\n"
      " \"clients\": [{\"name\": \"preview\", \"crawler\": true, \"user_agent\": \"ExampleBot/1\"},\n"
      "  {\"name\": \"web\", \"version\": \"1\", \"user_agent\": \"Mozilla/5.0\"},\n"
      "  {\"name\": \"app\", \"user_agent\": \"ExampleApp/9\"}],\n"
      " \"headers\": {\"accept-language\": \"en\"}, \"media_headers\": {\"referer\": \"https://example.org/\"},\n"
      " \"constants\": {\"query_id\": \"abc\"}, \"data\": {\"features\": {\"a\": true}},\n"
      " \"field_maps\": {\"post\": {\"record\": \"media\", \"rows\": [\n"
      "  {\"source\": [\"text\", \"caption\"], \"target\": \"title\", \"transform\": \"sanitize(100)\"},\n"
      "  {\"source\": \"id\", \"target\": \"platform_id\", \"required\": true}]}},\n"
      " \"limits\": {\"per_minute\": 60, \"per_hour\": 1000, \"parallel\": 2},\n"
      " \"retry\": {\"tries\": 3},\n"
      " \"har\": {\"query_keys\": [\"full\"], \"json_fields\": [\"id\", \"text\"]}}\n";

static GanRules *
parse (const char *text, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  return gan_rules_new (bytes, error);
}

static char *
replace (const char *text, const char *from, const char *to)
{
  g_auto (GStrv) parts = g_strsplit (text, from, 2);

  g_assert_cmpuint (g_strv_length (parts), ==, 2);
  return g_strjoinv (to, parts);
}

static void
test_members (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GanRules) rules = parse (base_rules, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (gan_rules_get_id (rules), ==, "example");
  g_assert_cmpstr (gan_rules_get_name (rules), ==, "Example");
  g_assert_cmpint (gan_rules_get_serial (rules), ==, 2026112101);
  g_assert_cmpint (gan_rules_get_status (rules), ==, GAN_SITE_DEGRADED);
  g_assert_cmpstr (gan_rules_get_verified (rules), ==, "2026-11-21");
  g_assert_cmpuint (gan_rules_get_capabilities (rules),
                    ==,
                    GAN_CAPABILITY_INFO | GAN_CAPABILITY_LIST);
  g_assert_cmpstr (gan_rules_get_hosts (rules)[1], ==, "*.example.net");
  g_assert_cmpstr (gan_rules_get_origins (rules)[0], ==, "https://example.org");
  g_assert_cmpuint (gan_rules_get_rate_limits (rules)->per_minute, ==, 60);
  g_assert_cmpuint (gan_rules_get_rate_limits (rules)->per_hour, ==, 1000);
  g_assert_cmpuint (gan_rules_get_rate_limits (rules)->parallel, ==, 2);
  g_assert_cmpuint (gan_rules_get_max_tries (rules), ==, 3);
  g_assert_cmpstr (gan_rules_get_constant (rules, "query_id"), ==, "abc");
  g_assert_null (gan_rules_get_constant (rules, "nothing"));
  g_assert_true (JSON_NODE_HOLDS_OBJECT (gan_rules_get_data (rules, "features")));
  g_assert_null (gan_rules_get_data (rules, "nothing"));
  g_assert_nonnull (gan_rules_get_field_map (rules, "post"));
  g_assert_null (gan_rules_get_field_map (rules, "nothing"));
  g_assert_cmpstr (g_hash_table_lookup (gan_rules_get_headers (rules), "accept-language"),
                   ==,
                   "en");
  g_assert_cmpstr (g_hash_table_lookup (gan_rules_get_media_headers (rules), "referer"),
                   ==,
                   "https://example.org/");
  g_assert_cmpstr (gan_rules_get_har_query_keys (rules)[0], ==, "full");
  g_assert_cmpstr (gan_rules_get_har_json_fields (rules)[1], ==, "text");
  g_assert_false (gan_rules_is_override (rules));
}

/* A crawler is never given, not even when it is asked for by name. */
static void
test_clients (void)
{
  g_autoptr (GanRules) rules = parse (base_rules, NULL);

  g_assert_cmpstr (gan_rules_get_client (rules, NULL)->name, ==, "web");
  g_assert_cmpstr (gan_rules_get_client (rules, NULL)->version, ==, "1");
  g_assert_cmpstr (gan_rules_get_client (rules, "app")->user_agent, ==, "ExampleApp/9");
  g_assert_null (gan_rules_get_client (rules, "preview"));
  g_assert_null (gan_rules_get_client (rules, "nothing"));
}

static void
test_match (void)
{
  static const struct
  {
    const char *url;
    const char *form; /* NULL: no match */
    const char *id;
    const char *canonical;
  } cases[] = {
    { "https://example.org/ann/status/7", "post", "7", "https://example.org/ann/status/7" },
    { "http://www.example.org/ann/status/7/photo/1?x=1",
      "post",
      "7",
      "https://example.org/ann/status/7" },
    { "https://m.example.org/ann", "user", "ann", NULL },
    { "https://ann.example.net/7", "sub", "ann/7", "https://ann.example.net/7" },
    { "https://ann.example.net/ann", NULL, NULL, NULL },
    { "https://www.exm.pl/aB1", "short", "aB1", NULL },
    { "https://example.org/login", NULL, NULL, NULL },
    { "https://example.org/settings", NULL, NULL, NULL },
    { "https://example.org/settings/x/y", NULL, NULL, NULL },
    { "https://example.org/", NULL, NULL, NULL },
    { "https://example.net/7", NULL, NULL, NULL },
    { "https://evil.org/ann/status/7", NULL, NULL, NULL },
    { "https://example.org.evil.org/ann/status/7", NULL, NULL, NULL },
    { "https://evilexample.net/7", NULL, NULL, NULL },
    { "https://sub.example.org/ann/status/7", NULL, NULL, NULL },
  };
  g_autoptr (GanRules) rules = parse (base_rules, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GanUrl) url = gan_url_parse (cases[i].url, NULL);
      g_autoptr (GanMatch) match = gan_rules_match (rules, url);

      g_test_message ("%s", cases[i].url);
      g_assert_true ((match != NULL) == (cases[i].form != NULL));
      if (match == NULL)
        continue;
      g_assert_cmpstr (gan_match_get_platform (match), ==, "example");
      g_assert_cmpstr (gan_match_get_form (match), ==, cases[i].form);
      g_assert_cmpstr (gan_match_get_id (match), ==, cases[i].id);
      g_assert_cmpstr (gan_match_get_canonical (match), ==, cases[i].canonical);
      g_assert_true (gan_match_get_url (match) == url);
    }
}

static void
test_captures (void)
{
  g_autoptr (GanRules) rules = parse (base_rules, NULL);
  g_autoptr (GanUrl) url = gan_url_parse ("https://ann.example.net/7", NULL);
  g_autoptr (GanMatch) match = gan_rules_match (rules, url);

  g_assert_cmpint (gan_match_get_kind (match), ==, GAN_KIND_VIDEO);
  g_assert_cmpstr (gan_match_get_capture (match, "user"), ==, "ann");
  g_assert_cmpstr (gan_match_get_capture (match, "id"), ==, "7");
  g_assert_null (gan_match_get_capture (match, "code"));
}

static void
test_endpoint (void)
{
  g_autoptr (GanRules) rules = parse (base_rules, NULL);
  g_autoptr (GHashTable) values = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GanUrl) url = NULL;
  g_autoptr (GanUrl) sub = NULL;
  g_autoptr (GError) error = NULL;

  g_hash_table_insert (values, (gpointer) "id", (gpointer) "a/b");
  g_assert_null (gan_rules_dup_endpoint (rules, "post", values, &error));
  g_assert_true (gan_error_matches (error, GAN_ERROR_INTERNAL));
  g_clear_error (&error);
  g_hash_table_insert (values, (gpointer) "full", (gpointer) "1&2");
  url = gan_rules_dup_endpoint (rules, "post", values, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (gan_url_get_string (url), ==, "https://example.org/api/a%2Fb?full=1%262");
  g_assert_true (gan_rules_allows_url (rules, url));
  g_assert_null (gan_rules_dup_endpoint (rules, "nothing", values, &error));
  g_assert_true (gan_error_matches (error, GAN_ERROR_INTERNAL));
  g_clear_error (&error);
  g_hash_table_insert (values, (gpointer) "user", (gpointer) "evil.org/");
  g_assert_null (gan_rules_dup_endpoint (rules, "sub", values, &error));
  g_assert_true (gan_error_matches (error, GAN_ERROR_INVALID_DATA));
  g_hash_table_insert (values, (gpointer) "user", (gpointer) "ann");
  sub = gan_rules_dup_endpoint (rules, "sub", values, NULL);
  g_assert_cmpstr (gan_url_get_string (sub), ==, "https://ann.example.net/a%2Fb");
}

static void
test_origins (void)
{
  static const struct
  {
    const char *url;
    gboolean allowed;
  } cases[] = {
    { "https://example.org/x", TRUE },      { "https://a.example.net/x", TRUE },
    { "https://a.b.example.net/x", TRUE },  { "https://example.net/x", FALSE },
    { "http://example.org/x", FALSE },      { "https://example.org:8443/x", FALSE },
    { "https://www.example.org/x", FALSE }, { "https://example.org.evil.org/", FALSE },
    { "https://evilexample.net/", FALSE },  { "https://127.0.0.1/", FALSE },
  };
  g_autoptr (GanRules) rules = parse (base_rules, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GanUrl) url = gan_url_parse (cases[i].url, NULL);

      g_test_message ("%s", cases[i].url);
      g_assert_cmpint (gan_rules_allows_url (rules, url), ==, cases[i].allowed);
    }
}

/* One place changed, and the key that the complaint has to name. */
static const struct
{
  const char *from;
  const char *to;
  const char *key;
} bad_cases[] = {
  { "{\"id\": \"example\",", "[", NULL },
  { "\"id\": \"example\", ", "", "id" },
  { "\"id\": \"example\"", "\"id\": \"Ex-ample\"", "id" },
  { "\"id\": \"example\"", "\"id\": 7", "id" },
  { "\"name\": \"Example\", ", "", "name" },
  { "\"name\": \"Example\"", "\"name\": \"\"", "name" },
  { "\"serial\": 2026112101, ", "", "serial" },
  { "2026112101", "0", "serial" },
  { "2026112101", "\"2026112101\"", "serial" },
  { "2026112101", "1.5", "serial" },
  { "\"degraded\"", "\"fine\"", "status" },
  { "\"2026-11-21\"", "\"2026-02-30\"", "verified" },
  { "\"2026-11-21\"", "\"yesterday\"", "verified" },
  { "\"2026-11-21\"", "\"2026-1-021\"", "verified" },
  { "[\"info\", \"list\"]", "[\"info\", \"fly\"]", "capabilities" },
  { "[\"info\", \"list\"]", "[1]", "capabilities[0]" },
  { "[\"info\", \"list\"]", "\"info\"", "capabilities" },
  { "\"*.example.net\"", "\"*.net\"", "hosts" },
  { "\"*.example.net\"", "\"*\"", "hosts" },
  { "\"*.example.net\"", "\"Example.net\"", "hosts" },
  { "\"*.example.net\"", "\"example.net/x\"", "hosts" },
  { "\"*.example.net\"", "\"exa..mple.net\"", "hosts" },
  { "[\"example.org\"", "[7", "hosts[0]" },
  { "[\"https://example.org\"", "[\"http://example.org\"", "origins" },
  { "[\"https://example.org\"", "[\"https://example.org/x\"", "origins" },
  { "[\"https://example.org\"", "[\"https://u@example.org\"", "origins" },
  { "\"form\": \"post\"", "\"from\": \"post\"", "urls[0].from" },
  { "\"template\": \"/{code:alnum}\",", "", "urls[2].template" },
  { "/{code:alnum}", "/{code:alnun}", "urls[2].template" },
  { "\"kind\": \"user\", ", "", "urls[3].kind" },
  { "\"kind\": \"user\"", "\"kind\": \"person\"", "urls[3].kind" },
  { "\"id\": \"{code}\"", "\"id\": \"{cod}\"", "urls[2].id" },
  { "\"id\": \"{code}\"", "\"id\": \"{code\"", "urls[2].id" },
  { "\"host\": \"exm.pl\"", "\"host\": \"evil.org\"", "urls[2].host" },
  { "\"host\": \"exm.pl\"", "\"host\": \"{code:word}.exm.pl\"", "urls[2].host" },
  { "\"host\": \"{user:word}.example.net\"", "\"host\": \"{id:word}.example.net\"", "urls[1].id" },
  { "https://example.org/{user}/status", "http://example.org/{user}/status", "urls[0].canonical" },
  { "https://example.org/{user}/status", "https://evil.org/{user}/status", "urls[0].canonical" },
  { "https://example.org/{user}/status", "https://{user}.org/status", "urls[0].canonical" },
  { "\"/login\"", "\"login\"", "reject[1]" },
  { "\"/login\"", "7", "reject[1]" },
  { "https://example.org/api", "http://example.org/api", "endpoints.post" },
  { "https://example.org/api", "https://evil.org/api", "endpoints.post" },
  { "https://example.org/api", "https://example.org@evil.org/api", "endpoints.post" },
  { "https://example.org/api", "https://example.org:8443/api", "endpoints.post" },
  { "api/{id}", "api/{id", "endpoints.post" },
  { "\"https://example.org/api/{id}?full={full}\"", "null", "endpoints.post" },
  { "\"ExampleBot/1\"", "\"Example\\r\\nCookie: x\"", "clients[0].user_agent" },
  { "\"crawler\": true", "\"crawler\": false", "clients[0].user_agent" },
  { "\"crawler\": true", "\"crawler\": 1", "clients[0].crawler" },
  { "\"name\": \"app\"", "\"name\": \"web\"", "clients[2].name" },
  { ", \"user_agent\": \"ExampleApp/9\"", "", "clients[2].user_agent" },
  { "\"accept-language\"", "\"Cookie\"", "headers.Cookie" },
  { "\"accept-language\"", "\"AUTHORIZATION\"", "headers.AUTHORIZATION" },
  { "\"accept-language\"", "\"host\"", "headers.host" },
  { "\"accept-language\"", "\"Proxy-Authorization\"", "headers.Proxy-Authorization" },
  { "\"accept-language\"", "\"user-agent\"", "headers.user-agent" },
  { "\"accept-language\"", "\"a b\"", "headers" },
  { "\"accept-language\": \"en\"",
    "\"accept-language\": \"en\\r\\nCookie: x\"",
    "headers.accept-language" },
  { "\"referer\"", "\"cookie\"", "media_headers.cookie" },
  { "\"abc\"", "7", "constants.query_id" },
  { "{\"features\": {\"a\": true}}", "[]", "data" },
  { "\"record\": \"media\"", "\"record\": \"movie\"", "field_maps.post.record" },
  { "\"record\": \"media\", ", "", "field_maps.post.record" },
  { "\"target\": \"title\"", "\"target\": \"subject\"", "field_maps.post.rows[0].target" },
  { "sanitize(100)", "sanitise(100)", "field_maps.post.rows[0].transform" },
  { "\"per_minute\": 60", "\"per_minute\": -1", "limits.per_minute" },
  { "\"per_minute\": 60", "\"per_second\": 1", "limits.per_second" },
  { "\"tries\": 3", "\"tries\": 100", "retry.tries" },
  { "\"query_keys\": [\"full\"]", "\"query_keys\": \"full\"", "har.query_keys" },
  { "\"status\": \"degraded\"", "\"status\": \"ok\", \"standing\": 1", "standing" },
};

static void
test_bad (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (bad_cases); i++)
    {
      g_autofree char *text = replace (base_rules, bad_cases[i].from, bad_cases[i].to);
      g_autoptr (GError) error = NULL;
      g_autoptr (GanRules) rules = parse (text, &error);

      g_test_message ("%s -> %s", bad_cases[i].from, bad_cases[i].to);
      g_assert_null (rules);
      g_assert_nonnull (error);
      g_assert_true (error->domain == GAN_ERROR);
      if (bad_cases[i].key == NULL)
        continue;
      g_assert_cmpstr (gan_error_get_field (error), ==, bad_cases[i].key);
      g_assert_true (g_str_has_prefix (error->message, bad_cases[i].key));
    }
}

static void
test_limits (void)
{
  g_autoptr (GString) templates = g_string_new ("[\"/settings/**\"");
  g_autofree char *many = NULL;
  g_autofree char *deep = NULL;
  g_autofree char *large = NULL;
  g_autofree char *padding = g_strnfill (GAN_LIMIT_RULES_BYTES, 'x');
  g_autofree char *brackets = g_strnfill (GAN_LIMIT_RULES_DEPTH, '[');
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < GAN_LIMIT_RULES_TEMPLATES; i++)
    g_string_append_printf (templates, ", \"/%u\"", i);
  many = replace (base_rules, "[\"/settings/**\"", templates->str);
  g_assert_null (parse (many, &error));
  g_assert_cmpstr (gan_error_get_field (error), ==, "reject[60]");
  g_clear_error (&error);
  large = replace (base_rules, "\"abc\"", padding);
  g_assert_null (parse (large, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  deep = replace (base_rules, "\"abc\"", brackets);
  g_assert_null (parse (deep, &error));
  g_assert_nonnull (error);
}

/* The example that people start from is a good one. */
static void
test_document (void)
{
  g_autoptr (GBytes) bytes = gan_test_fixture_load ("../src/platform/RULES.md");
  g_autofree char *text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_auto (GStrv) parts = g_strsplit (text, "```", 3);
  g_autoptr (GError) error = NULL;
  g_autoptr (GanRules) rules = NULL;

  g_assert_cmpuint (g_strv_length (parts), ==, 3);
  g_assert_true (g_str_has_prefix (parts[1], "json"));
  rules = parse (parts[1] + strlen ("json"), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (gan_rules_get_id (rules), ==, "example");
}

/* What is missing in a small file has sensible values. */
static void
test_smallest (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GanRules) rules
      = parse ("{\"id\": \"a\", \"name\": \"A\", \"serial\": 1, \"status\": \"ok\","
               " \"verified\": \"2026-01-01\", \"hosts\": [], \"urls\": []}",
               &error);
  g_autoptr (GanUrl) url = gan_url_parse ("http://anything.org/", NULL);

  g_assert_no_error (error);
  g_assert_null (gan_rules_get_origins (rules));
  g_assert_true (gan_rules_allows_url (rules, url));
  g_assert_null (gan_rules_match (rules, url));
  g_assert_null (gan_rules_get_client (rules, NULL));
  g_assert_null (gan_rules_get_data (rules, "x"));
  g_assert_null (gan_rules_get_har_query_keys (rules));
  g_assert_cmpuint (gan_rules_get_max_tries (rules), ==, 0);
  g_assert_cmpuint (gan_rules_get_capabilities (rules), ==, 0);
}

static GanRules *
parse_override (const char *text, GError **error)
{
  g_autoptr (GanRules) built_in = parse (base_rules, NULL);
  g_autofree char *newer = replace (text, "2026112101", "2026112102");
  g_autoptr (GBytes) bytes = g_bytes_new (newer, strlen (newer));

  return gan_rules_new_override (built_in, bytes, error);
}

/* Endpoint, client identity and field path are mended by file alone. */
static void
test_override (void)
{
  g_autofree char *one = replace (base_rules, "example.org/api/{id}", "example.org/v2/{id}.json");
  g_autofree char *two = replace (one, "Mozilla/5.0", "Mozilla/6.0");
  g_autofree char *three = replace (two, "\"caption\"", "\"body.caption\"");
  g_autoptr (GError) error = NULL;
  g_autoptr (GanRules) rules = parse_override (three, &error);
  g_autoptr (GHashTable) values = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GanUrl) url = NULL;
  g_autoptr (GanMedia) media = gan_media_new ();
  g_autoptr (JsonNode) answer
      = json_from_string ("{\"id\": \"7\", \"body\": {\"caption\": \"hello\"}}", NULL);

  g_assert_no_error (error);
  g_assert_true (gan_rules_is_override (rules));
  g_assert_cmpint (gan_rules_get_serial (rules), ==, 2026112102);
  g_hash_table_insert (values, (gpointer) "id", (gpointer) "7");
  g_hash_table_insert (values, (gpointer) "full", (gpointer) "1");
  url = gan_rules_dup_endpoint (rules, "post", values, NULL);
  g_assert_cmpstr (gan_url_get_string (url), ==, "https://example.org/v2/7.json?full=1");
  g_assert_cmpstr (gan_rules_get_client (rules, NULL)->user_agent, ==, "Mozilla/6.0");
  g_assert_true (gan_field_map_apply (gan_rules_get_field_map (rules, "post"),
                                      answer,
                                      GAN_RECORD (media),
                                      &error));
  g_assert_cmpstr (gan_media_get_title (media), ==, "hello");
}

static const struct
{
  const char *from;
  const char *to;
  const char *key; /* NULL: allowed */
} override_cases[] = {
  { "\"degraded\"", "\"broken\"", NULL },
  { "[\"info\", \"list\"]", "[\"info\"]", NULL },
  { "\"*.example.net\", \"exm.pl\"]", "\"*.example.net\", \"*.a.example.net\", \"exm.pl\"]", NULL },
  { "[\"https://example.org\", \"https://*.example.net\"]",
    "[\"https://example.org\", \"https://a.example.net\", \"https://*.b.example.net\"]",
    "endpoints.sub" },
  { "\"tries\": 3", "\"tries\": 1", NULL },
  { "\"json_fields\": [\"id\", \"text\"]", "\"json_fields\": [\"id\"]", NULL },
  { "{\"name\": \"app\"",
    "{\"name\": \"tv\", \"user_agent\": \"Tv/1\"}, {\"name\": \"app\"",
    NULL },
  { "\"id\": \"example\"", "\"id\": \"sample\"", "id" },
  { "\"name\": \"Example\"", "\"name\": \"Sample\"", "name" },
  { "[\"info\", \"list\"]", "[\"info\", \"search\"]", "capabilities" },
  { "\"exm.pl\"]", "\"exm.pl\", \"evil.org\"]", "hosts" },
  { "\"exm.pl\"]", "\"exm.pl\", \"example.net\"]", "hosts" },
  { "\"https://*.example.net\"]", "\"https://*.example.net\", \"https://evil.org\"]", "origins" },
  { "\"crawler\": true", "\"crawler\": false", "clients[0].user_agent" },
  { "\"crawler\": true, \"user_agent\": \"ExampleBot/1\"",
    "\"user_agent\": \"Other/1\"",
    "clients" },
  { "\"name\": \"web\"", "\"name\": \"web\", \"crawler\": true", "clients" },
  { "{\"name\": \"app\"",
    "{\"name\": \"x\", \"crawler\": true, \"user_agent\": \"X\"}, {\"name\": \"app\"",
    "clients" },
  { "\"name\": \"app\"", "\"name\": \"app2\"", "clients" },
  { "\"query_id\": \"abc\"", "\"query\": \"abc\"", "constants.query_id" },
  { "\"features\"", "\"feature\"", "data.features" },
  { ",\n  \"sub\": \"https://{user}.example.net/{id}\"", "", "endpoints.sub" },
  { "?full={full}", "?full={all}", "endpoints.post" },
  { "\"post\": {\"record\"", "\"posts\": {\"record\"", "field_maps.post" },
  { "[\"full\"]", "[\"full\", \"token\"]", "har.query_keys" },
  { "\"accept-language\": \"en\"", "\"cookie\": \"a=b\"", "headers.cookie" },
  { "https://example.org/api", "http://example.org/api", "endpoints.post" },
};

static void
test_override_cases (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (override_cases); i++)
    {
      g_autofree char *text = replace (base_rules, override_cases[i].from, override_cases[i].to);
      g_autoptr (GError) error = NULL;
      g_autoptr (GanRules) rules = parse_override (text, &error);

      g_test_message ("%s -> %s", override_cases[i].from, override_cases[i].to);
      if (override_cases[i].key == NULL)
        {
          g_assert_no_error (error);
          g_assert_nonnull (rules);
          continue;
        }
      g_assert_null (rules);
      g_assert_true (gan_error_matches (error, GAN_ERROR_INVALID_DATA));
      g_assert_cmpstr (gan_error_get_field (error), ==, override_cases[i].key);
    }
}

/* Leaving out the list of origins would mean "anywhere". */
static void
test_override_without_origins (void)
{
  g_autofree char *one
      = replace (base_rules,
                 " \"origins\": [\"https://example.org\", \"https://*.example.net\"],\n",
                 "");
  g_autofree char *two = replace (one, " \"endpoints\": {", " \"constants\": {");
  g_autofree char *three = replace (two, " \"constants\": {\"query_id\": \"abc\"},", "");
  g_autoptr (GError) error = NULL;

  g_assert_null (parse_override (three, &error));
  g_assert_cmpstr (gan_error_get_field (error), ==, "origins");
}

static void
test_override_serial (void)
{
  g_autoptr (GanRules) built_in = parse (base_rules, NULL);
  g_autoptr (GBytes) same = g_bytes_new (base_rules, strlen (base_rules));
  g_autofree char *text = replace (base_rules, "2026112101", "2026112100");
  g_autoptr (GBytes) older = g_bytes_new (text, strlen (text));
  g_autoptr (GError) error = NULL;

  g_assert_null (gan_rules_new_override (built_in, same, &error));
  g_assert_cmpstr (gan_error_get_field (error), ==, "serial");
  g_clear_error (&error);
  g_assert_null (gan_rules_new_override (built_in, older, &error));
  g_assert_cmpstr (gan_error_get_field (error), ==, "serial");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rules/members", test_members);
  g_test_add_func ("/rules/clients", test_clients);
  g_test_add_func ("/rules/match", test_match);
  g_test_add_func ("/rules/captures", test_captures);
  g_test_add_func ("/rules/endpoint", test_endpoint);
  g_test_add_func ("/rules/origins", test_origins);
  g_test_add_func ("/rules/bad", test_bad);
  g_test_add_func ("/rules/limits", test_limits);
  g_test_add_func ("/rules/document", test_document);
  g_test_add_func ("/rules/smallest", test_smallest);
  g_test_add_func ("/rules/override", test_override);
  g_test_add_func ("/rules/override-cases", test_override_cases);
  g_test_add_func ("/rules/override-without-origins", test_override_without_origins);
  g_test_add_func ("/rules/override-serial", test_override_serial);
  return g_test_run ();
}
