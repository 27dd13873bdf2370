/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "gan-test-registry.h"

#include <string.h>

static const char *const json_headers[] = { "Content-Type: application/json", NULL };

static void
test_request (void)
{
  g_autoptr (GanTestRegistry) test = gan_test_registry_new (NULL, NULL);
  g_autoptr (GanVisit) visit = gan_test_registry_visit (test, "mock", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GanRequest) request
      = gan_visit_request (visit, "GET", "post", &error, "id", "a b", "lang", "", NULL);

  g_assert_no_error (error);
  g_assert_cmpstr (gan_request_get_method (request), ==, "GET");
  g_assert_cmpstr (gan_url_get_string (gan_request_get_url (request)),
                   ==,
                   "https://api.mock.example/post/a%20b?lang=");
  g_assert_cmpstr (gan_request_get_site (request), ==, "mock");
  g_assert_cmpstr (gan_request_get_header (request, "user-agent"), ==, "Mozilla/5.0 (mock)");
  g_assert_cmpstr (gan_request_get_header (request, "accept-language"), ==, "en");
  g_assert_cmpint (gan_request_get_address_policy (request), ==, GAN_ADDRESS_PUBLIC);
  g_assert_cmpint (gan_request_get_redirect_mode (request), ==, GAN_REDIRECT_SAME_SITE);
  g_assert_cmpuint (gan_request_get_max_tries (request), ==, 2);
  g_assert_null (gan_visit_request (visit, "GET", "post", &error, "id", "1", NULL));
  g_assert_true (gan_error_matches (error, GAN_ERROR_INTERNAL));
  g_clear_error (&error);
  g_assert_null (gan_visit_request (visit, "GET", "nothing", &error, NULL));
  g_assert_true (gan_error_matches (error, GAN_ERROR_INTERNAL));
}

/* A site without a list of origins may ask and be redirected anywhere. */
static void
test_request_anywhere (void)
{
  g_autoptr (GanTestRegistry) test = gan_test_registry_new (NULL, NULL);
  g_autoptr (GanVisit) visit = gan_test_registry_visit (test, "generic", NULL);
  g_autoptr (GanUrl) url = gan_test_registry_parse ("http://anywhere.example/x");
  g_autoptr (GanRequest) request = gan_visit_request_url (visit, "GET", url);

  g_assert_cmpint (gan_request_get_redirect_mode (request), ==, GAN_REDIRECT_FOLLOW);
  g_assert_null (gan_request_get_header (request, "User-Agent"));
}

static void
test_origins (void)
{
  g_autoptr (GanTestHar) har = gan_test_har_new ();
  g_autoptr (GanTestRegistry) test = NULL;
  g_autoptr (GanVisit) visit = NULL;
  g_autoptr (GanUrl) own = gan_test_registry_parse ("https://api.mock.example/x");
  g_autoptr (GanUrl) foreign = gan_test_registry_parse ("https://evil.example/x");
  g_autoptr (GanUrl) plain = gan_test_registry_parse ("http://mock.example/x");
  g_autoptr (GanRequest) good = NULL;
  g_autoptr (GanRequest) bad = NULL;
  g_autoptr (GanRequest) insecure = NULL;
  g_autoptr (GanReply) reply = NULL;
  g_autoptr (GPtrArray) requests = NULL;
  g_autoptr (GError) error = NULL;

  gan_test_har_add (har, "GET", "https://api.mock.example/x", 200, json_headers, "{}");
  test = gan_test_registry_new (har, NULL);
  visit = gan_test_registry_visit (test, "mock", NULL);
  good = gan_visit_request_url (visit, "GET", own);
  bad = gan_visit_request_url (visit, "GET", foreign);
  insecure = gan_visit_request_url (visit, "GET", plain);
  reply = gan_visit_fetch (visit, good, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (gan_reply_get_status (reply), ==, 200);
  g_assert_null (gan_visit_fetch (visit, bad, &error));
  g_assert_true (gan_error_matches (error, GAN_ERROR_NOT_ALLOWED));
  g_assert_cmpstr (gan_error_get_reason (error), ==, "origin");
  g_clear_error (&error);
  g_assert_null (gan_visit_open (visit, insecure, &error));
  g_assert_true (gan_error_matches (error, GAN_ERROR_NOT_ALLOWED));
  requests = gan_test_transport_dup_requests (test->transport);
  g_assert_cmpuint (requests->len, ==, 1);
}

static void
test_redirect_stays (void)
{
  static const char *const away[] = { "Location: https://evil.example/y", NULL };
  g_autoptr (GanTestHar) har = gan_test_har_new ();
  g_autoptr (GanTestRegistry) test = NULL;
  g_autoptr (GanVisit) visit = NULL;
  g_autoptr (GanUrl) url = gan_test_registry_parse ("https://mock.example/x");
  g_autoptr (GanRequest) request = NULL;
  g_autoptr (GPtrArray) requests = NULL;
  g_autoptr (GError) error = NULL;

  gan_test_har_add (har, "GET", "https://mock.example/x", 302, away, "");
  gan_test_har_add (har, "GET", "https://evil.example/y", 200, json_headers, "{}");
  test = gan_test_registry_new (har, NULL);
  visit = gan_test_registry_visit (test, "mock", NULL);
  request = gan_visit_request_url (visit, "GET", url);
  g_assert_null (gan_visit_fetch (visit, request, &error));
  g_assert_true (gan_error_matches (error, GAN_ERROR_UNSUPPORTED_URL));
  requests = gan_test_transport_dup_requests (test->transport);
  g_assert_cmpuint (requests->len, ==, 1);
}

static void
test_cancel (void)
{
  g_autoptr (GanTestRegistry) test = gan_test_registry_new (NULL, NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GanVisit) visit = gan_test_registry_visit (test, "mock", cancellable);
  g_autoptr (GanUrl) url = gan_test_registry_parse ("https://mock.example/x");
  g_autoptr (GanRequest) request = gan_visit_request_url (visit, "GET", url);
  g_autoptr (GError) error = NULL;

  g_assert_true (gan_visit_get_cancellable (visit) == cancellable);
  g_cancellable_cancel (cancellable);
  g_assert_null (gan_visit_fetch (visit, request, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* The limits of the rules reach GanHttp, and requests of a visit count against them. */
static void
test_rate_limit (void)
{
  g_autoptr (GanTestHar) har = gan_test_har_new ();
  g_autofree char *text = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GanReplayTransport) replay = gan_replay_transport_new ();
  g_autoptr (GanFakeClock) clock = gan_fake_clock_new (1795262400);
  g_autoptr (GanTestTransport) transport = NULL;
  g_autoptr (GanHttp) http = NULL;
  g_autoptr (GanRegistry) registry = NULL;
  g_autoptr (GanVisit) visit = NULL;
  g_autoptr (GanUrl) url = gan_test_registry_parse ("https://mock.example/x");
  GanRegistryOptions options = { 0 };

  gan_test_platform_reset ();
  gan_test_har_add (har, "GET", "https://mock.example/x", 200, json_headers, "{}");
  text = gan_test_har_dup_text (har);
  bytes = g_bytes_new (text, strlen (text));
  g_assert_true (gan_replay_transport_add_data (replay, bytes, NULL));
  transport = gan_test_transport_new (GAN_TRANSPORT (replay), TRUE);
  http = gan_http_new (GAN_TRANSPORT (transport), GAN_CLOCK (clock));
  options.http = http;
  registry = gan_registry_new (gan_test_platform_table, gan_test_platform_table_size, &options);
  visit = gan_visit_new (http,
                         gan_registry_get_rules (registry, "mock"),
                         NULL,
                         GAN_ADDRESS_ANY,
                         NULL);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (GanRequest) request = gan_visit_request_url (visit, "GET", url);
      g_autoptr (GError) error = NULL;
      g_autoptr (GanReply) reply = gan_visit_fetch (visit, request, &error);

      g_assert_no_error (error);
      if (i < 2)
        g_assert_cmpint (gan_fake_clock_get_waited (clock), ==, 0);
    }
  g_assert_cmpint (gan_fake_clock_get_waited (clock), >, 0);
}

static void
test_wall (void)
{
  g_autoptr (GanTestRegistry) test = gan_test_registry_new (NULL, NULL);
  g_autoptr (GanVisit) visit = gan_test_registry_visit (test, "mock", NULL);

  g_assert_cmpint (gan_visit_get_wall (visit), ==, 1795262400);
}

static void
assert_token (GanVisit *visit, const char *name, const char *expected)
{
  g_autofree char *token = gan_visit_dup_token (visit, name);

  g_assert_cmpstr (token, ==, expected);
}

static void
test_tokens (void)
{
  g_autoptr (GanTestRegistry) test = gan_test_registry_new (NULL, NULL);
  g_autoptr (GanTestRegistry) elsewhere = gan_test_registry_new (NULL, NULL);
  g_autoptr (GanVisit) first = gan_test_registry_visit (test, "mock", NULL);
  g_autoptr (GanVisit) second = gan_test_registry_visit (test, "mock", NULL);
  g_autoptr (GanVisit) other = gan_test_registry_visit (test, "other", NULL);
  g_autoptr (GanVisit) foreign = gan_test_registry_visit (elsewhere, "mock", NULL);

  assert_token (first, "guest", NULL);
  gan_visit_store_token (first, "guest", "one", 60);
  assert_token (first, "guest", "one");
  assert_token (second, "guest", "one");
  assert_token (second, "guests", NULL);
  assert_token (other, "guest", NULL);
  assert_token (foreign, "guest", NULL);
  gan_visit_store_token (second, "guest", "two", 60);
  gan_visit_drop_token (first, "guest", "one");
  assert_token (first, "guest", "two");
  gan_visit_drop_token (first, "guest", "two");
  assert_token (second, "guest", NULL);
  gan_visit_store_token (first, "guest", "three", 60);
  gan_fake_clock_advance (test->clock, 59 * G_USEC_PER_SEC);
  assert_token (first, "guest", "three");
  gan_fake_clock_advance (test->clock, 2 * G_USEC_PER_SEC);
  assert_token (first, "guest", NULL);
}

static gpointer
use_tokens (gpointer data)
{
  GanTestRegistry *test = data;
  g_autoptr (GanVisit) visit = gan_test_registry_visit (test, "mock", NULL);

  for (guint i = 0; i < 2000; i++)
    {
      g_autofree char *mine = g_strdup_printf ("%p-%u", g_thread_self (), i);
      g_autofree char *found = NULL;

      gan_visit_store_token (visit, "guest", mine, 60);
      found = gan_visit_dup_token (visit, "guest");
      if (found != NULL)
        gan_visit_drop_token (visit, "guest", found);
    }
  return NULL;
}

static void
test_tokens_in_threads (void)
{
  g_autoptr (GanTestRegistry) test = gan_test_registry_new (NULL, NULL);
  GThread *threads[4];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("tokens", use_tokens, test);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

static GLogWriterOutput
catch_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer data)
{
  GString *out = data;

  for (gsize i = 0; i < n_fields; i++)
    {
      if (g_str_equal (fields[i].key, "GLIB_DOMAIN") || g_str_equal (fields[i].key, "MESSAGE"))
        g_string_append_printf (out, "%s ", (const char *) fields[i].value);
    }
  return G_LOG_WRITER_HANDLED;
}

/* In the domain of the site, and without what belongs to nobody else. */
static void
test_log (void)
{
  g_autoptr (GString) out = g_string_new (NULL);

  if (g_test_subprocess ())
    {
      g_autoptr (GanTestRegistry) test = gan_test_registry_new (NULL, NULL);
      g_autoptr (GanVisit) visit = gan_test_registry_visit (test, "mock", NULL);

      g_log_set_default_handler (g_log_default_handler, NULL);
      g_log_set_writer_func (catch_log, out, NULL);
      gan_visit_log (visit, "asked %s", "https://e.org/?access_token=s3cr3t");
      g_assert_nonnull (strstr (out->str, "gan-mock"));
      g_assert_nonnull (strstr (out->str, "asked https://e.org/"));
      g_assert_null (strstr (out->str, "s3cr3t"));
      return;
    }
  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/visit/request", test_request);
  g_test_add_func ("/visit/request-anywhere", test_request_anywhere);
  g_test_add_func ("/visit/origins", test_origins);
  g_test_add_func ("/visit/redirect-stays", test_redirect_stays);
  g_test_add_func ("/visit/cancel", test_cancel);
  g_test_add_func ("/visit/rate-limit", test_rate_limit);
  g_test_add_func ("/visit/wall", test_wall);
  g_test_add_func ("/visit/tokens", test_tokens);
  g_test_add_func ("/visit/tokens-in-threads", test_tokens_in_threads);
  g_test_add_func ("/visit/log", test_log);
  return g_test_run ();
}
