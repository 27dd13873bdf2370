/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers, dates, hosts and headers read and write alike in every locale: shown in Turkish, where a
 * comma parts the decimals, months have other names and the small letter of I is not i. */
#include "config.h"

#include "gan-test-net.h"

#include "gan-http-date.h"
#include "gan-json.h"
#include "gan-test-fixture.h"
#include "gan-test-run.h"
#include "gan-text.h"

#include <locale.h>
#include <string.h>

static void
test_text (void)
{
  g_autofree char *shown = gan_text_from_duration (1.5);
  gint64 bytes = 0;

  g_assert_cmpint (gan_text_to_int ("1.5K"), ==, 1500);
  g_assert_cmpint (gan_text_to_int ("1,234,567"), ==, 1234567);
  g_assert_cmpfloat_with_epsilon (gan_text_to_duration ("1.5"), 1.5, 1e-9);
  g_assert_true (gan_text_to_size ("1.5M", &bytes));
  g_assert_cmpint (bytes, ==, 1572864);
  g_assert_cmpint (gan_text_to_time ("Sat, 18 Jan 2025 12:00:00 GMT"), ==, 1737201600);
  g_assert_null (strchr (shown, ','));
}

static void
test_url (void)
{
  g_autoptr (GanUrl) url = gan_url_parse ("HTTPS://TITLE.EXAMPLE/I?I=1", NULL);

  g_assert_nonnull (url);
  g_assert_cmpstr (gan_url_get_scheme (url), ==, "https");
  g_assert_cmpstr (gan_url_get_host (url), ==, "title.example");
}

static void
test_json (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) root = gan_json_parse ("{\"a\": 1.5}", -1, 100, 4, &error);
  g_autofree char *text = NULL;

  g_assert_no_error (error);
  g_assert_cmpfloat_with_epsilon (gan_json_get_double (root, "a"), 1.5, 1e-9);
  text = gan_json_to_string (root, FALSE);
  g_assert_nonnull (strstr (text, "1.5"));
}

static void
test_headers (void)
{
  g_autoptr (GanTestServer) server = gan_test_server_new (FALSE);
  g_autoptr (GanTransport) transport = gan_test_net_transport (server);
  g_autoptr (GanRequest) request
      = gan_test_net_request (server, "/file/a.bin?size=1000", GAN_REQUEST_MEDIA);
  g_autoptr (GanResponse) response = NULL;
  gint64 first = 0, last = 0, total = 0, date = 0;

  gan_request_set_range (request, 500, -1);
  response = gan_test_net_send (transport, request, NULL);
  g_assert_true (gan_response_get_content_range (response, &first, &last, &total));
  g_assert_cmpint (first, ==, 500);
  g_assert_cmpint (total, ==, 1000);
  g_assert_true (gan_http_date_parse (gan_response_get_header (response, "LAST-MODIFIED"), &date));
  g_assert_cmpint (date, ==, 1735732800);
}

/* Made here, because few machines have it. */
static void
speak_turkish (GanTestFolder *folder)
{
  g_autofree char *path = gan_test_folder_dup_path (folder, "tr_TR.UTF-8");
  const char *const argv[] = { "localedef", "-i", "tr_TR", "-f", "UTF-8", path, NULL };
  g_autoptr (GanTestRun) run = gan_test_run_sync (argv, NULL, NULL, NULL);

  g_assert_true (g_file_test (path, G_FILE_TEST_IS_DIR));
  g_setenv ("LOCPATH", folder->path, TRUE);
  g_assert_nonnull (setlocale (LC_ALL, "tr_TR.UTF-8"));
  g_unsetenv ("LOCPATH");
  g_assert_cmpstr (localeconv ()->decimal_point, ==, ",");
}

int
main (int argc, char **argv)
{
  g_autoptr (GanTestFolder) folder = NULL;

  gan_net_init ();
  g_test_init (&argc, &argv, NULL);
  folder = gan_test_folder_new ();
  speak_turkish (folder);
  g_test_add_func ("/locale/text", test_text);
  g_test_add_func ("/locale/url", test_url);
  g_test_add_func ("/locale/json", test_json);
  g_test_add_func ("/locale/headers", test_headers);
  return g_test_run ();
}
