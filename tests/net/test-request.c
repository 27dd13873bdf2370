/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The values around an exchange: requests that pass the gate, header lists, dates, and what a
 * response reads from its head. No network. */
#include "config.h"

#include "gan-error.h"
#include "gan-http-date.h"
#include "gan-limits.h"
#include "gan-request.h"
#include "gan-response-private.h"

#include <string.h>

static GanUrl *
make_url (void)
{
  g_autoptr (GError) error = NULL;
  GanUrl *url = gan_url_parse ("https://example.org/a?token=hush", &error);

  g_assert_no_error (error);
  return url;
}

static void
test_methods (void)
{
  static const char *const bad[] = { "",      "GET ",    "G\r\nX",
                                     "GET /", "CONNECT", "TRACE",
                                     "GÉT",   "G:T",     "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGH" };
  g_autoptr (GanUrl) url = make_url ();

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GanRequest) request = gan_request_new (bad[i], url);
      g_autoptr (GError) error = NULL;

      g_assert_false (gan_request_check (request, &error));
      g_assert_error (error, GAN_ERROR, GAN_ERROR_NOT_ALLOWED);
      g_assert_cmpstr (gan_error_get_reason (error), ==, "method");
    }
}

static void
check_header (const char *name, const char *value, gboolean expected)
{
  g_autoptr (GanUrl) url = make_url ();
  g_autoptr (GanRequest) request = gan_request_new ("GET", url);
  g_autoptr (GError) error = NULL;

  gan_request_set_header (request, name, value);
  g_assert_cmpint (gan_request_check (request, &error), ==, expected);
  if (expected)
    return;
  g_assert_cmpint (error->domain, ==, GAN_ERROR);
  g_assert_cmpstr (gan_error_get_reason (error), ==, "header");
}

static void
test_headers (void)
{
  static const char *const transports[]
      = { "Host",    "content-length", "Transfer-Encoding", "Connection",          "TE",
          "Upgrade", "EXPECT",         "Proxy-Connection",  "Proxy-Authorization", "proxy-x" };

  check_header ("X-Good", "a value\twith a tab and ünïcode", TRUE);
  check_header ("x!#$%&'*+-.^_`|~9", "", TRUE);
  check_header ("X", "a\r\nY: b", FALSE);
  check_header ("X", "a\nb", FALSE);
  check_header ("X", "a\rb", FALSE);
  check_header ("X", "a\001b", FALSE);
  check_header ("X", "a\177b", FALSE);
  check_header ("", "a", FALSE);
  check_header ("X Y", "a", FALSE);
  check_header ("X:", "a", FALSE);
  check_header ("X\r\nY", "a", FALSE);
  for (gsize i = 0; i < G_N_ELEMENTS (transports); i++)
    check_header (transports[i], "a", FALSE);
}

static void
test_too_many_headers (void)
{
  g_autoptr (GanUrl) url = make_url ();
  g_autoptr (GanRequest) request = gan_request_new ("GET", url);
  g_autofree char *large = g_strnfill (GAN_LIMIT_HEADER_BYTES, 'a');

  for (int i = 0; i < GAN_LIMIT_HEADER_COUNT; i++)
    {
      g_autofree char *name = g_strdup_printf ("X-%d", i);

      gan_request_set_header (request, name, "v");
    }
  g_assert_true (gan_request_check (request, NULL));
  gan_request_set_header (request, "x-0", large);
  g_assert_false (gan_request_check (request, NULL));
  gan_request_set_header (request, "X-0", "v");
  gan_request_set_header (request, "One-More", "v");
  g_assert_false (gan_request_check (request, NULL));
}

static void
test_copy (void)
{
  static const char *const hosts[] = { "a.example", "b.example", NULL };
  g_autoptr (GanUrl) url = make_url ();
  g_autoptr (GanUrl) other = gan_url_parse ("http://other.example/", NULL);
  g_autoptr (GanRequest) request = gan_request_new ("PUT", url);
  g_autoptr (GBytes) body = g_bytes_new_static ("body", 4);
  g_autoptr (GanRequest) copy = NULL;

  gan_request_set_purpose (request, GAN_REQUEST_MEDIA);
  gan_request_set_header (request, "X-A", "1");
  gan_request_set_body (request, "text/plain", body);
  gan_request_set_range (request, 5, -1);
  gan_request_set_site (request, "site");
  gan_request_set_address_policy (request, GAN_ADDRESS_PUBLIC);
  gan_request_set_redirect_mode (request, GAN_REDIRECT_SAME_SITE);
  gan_request_set_redirect_hosts (request, hosts);
  gan_request_set_max_bytes (request, 77);
  gan_request_set_cache_seconds (request, 5);
  gan_request_set_repeatable (request, TRUE);
  gan_request_set_max_tries (request, 3);
  copy = gan_request_copy (request, other);

  g_assert_true (gan_url_equal (gan_request_get_url (copy), other));
  g_assert_cmpstr (gan_request_get_method (copy), ==, "PUT");
  g_assert_cmpint (gan_request_get_purpose (copy), ==, GAN_REQUEST_MEDIA);
  g_assert_cmpstr (gan_request_get_header (copy, "x-a"), ==, "1");
  g_assert_cmpstr (gan_request_get_header (copy, "content-type"), ==, "text/plain");
  g_assert_cmpstr (gan_request_get_header (copy, "Range"), ==, "bytes=5-");
  g_assert_true (g_bytes_equal (gan_request_get_body (copy), body));
  g_assert_cmpstr (gan_request_get_site (copy), ==, "site");
  g_assert_cmpint (gan_request_get_address_policy (copy), ==, GAN_ADDRESS_PUBLIC);
  g_assert_cmpint (gan_request_get_redirect_mode (copy), ==, GAN_REDIRECT_SAME_SITE);
  g_assert_cmpstrv (gan_request_get_redirect_hosts (copy), hosts);
  g_assert_cmpuint (gan_request_get_max_bytes (copy), ==, 77);
  g_assert_cmpuint (gan_request_get_cache_seconds (copy), ==, 5);
  g_assert_true (gan_request_is_repeatable (copy));
  g_assert_cmpuint (gan_request_get_max_tries (copy), ==, 3);
  g_assert_finalize_object (g_steal_pointer (&copy));
}

static void
test_range (void)
{
  g_autoptr (GanUrl) url = make_url ();
  g_autoptr (GanRequest) request = gan_request_new ("GET", url);

  gan_request_set_range (request, 0, 0);
  g_assert_cmpstr (gan_request_get_header (request, "range"), ==, "bytes=0-0");
  gan_request_set_range (request, 0, G_MAXINT64);
  g_assert_cmpstr (gan_request_get_header (request, "range"), ==, "bytes=0-9223372036854775807");
  gan_request_set_header (request, "RANGE", NULL);
  g_assert_null (gan_request_get_header (request, "Range"));
}

static void
test_header_list (void)
{
  g_autoptr (GanHeaders) headers = gan_headers_new ();
  g_auto (GStrv) cookies = NULL;
  g_autofree char *type = NULL;
  guint n_fields = 0;

  g_assert_true (gan_headers_append (headers, "Set-Cookie", "a=1"));
  g_assert_true (gan_headers_append (headers, "set-cookie", "b=2"));
  g_assert_true (gan_headers_append (headers, "Content-Type", " Text/HTML ; charset=utf-8"));
  g_assert_false (gan_headers_append (headers, "X", "a\nb"));
  g_assert_false (gan_headers_append (headers, "X Y", "a"));
  cookies = gan_headers_dup_all (headers, "SET-COOKIE");
  g_assert_cmpuint (g_strv_length (cookies), ==, 2);
  g_assert_cmpstr (gan_headers_get (headers, "SET-COOKIE"), ==, "a=1");
  type = gan_headers_dup_content_type (headers);
  g_assert_cmpstr (type, ==, "text/html");

  while (gan_headers_append (headers, "X-More", "v"))
    n_fields++;
  g_assert_cmpuint (n_fields + 3, ==, GAN_LIMIT_HEADER_COUNT);
}

static void
check_date (const char *text, gint64 expected)
{
  gint64 seconds = -1;

  g_test_message ("%s", text);
  g_assert_cmpint (gan_http_date_parse (text, &seconds), ==, expected != -1);
  g_assert_cmpint (seconds, ==, expected);
}

static void
test_dates (void)
{
  check_date ("Sun, 06 Nov 1994 08:49:37 GMT", 784111777);
  check_date ("Sunday, 06-Nov-94 08:49:37 GMT", 784111777);
  check_date ("Sun Nov  6 08:49:37 1994", 784111777);
  check_date ("06 nov 1994 8:49:37", 784111777);
  check_date ("Thu, 01 Jan 1970 00:00:00 GMT", 0);
  check_date ("Wed, 31 Dec 2069 23:59:59 GMT", 3155759999);
  check_date ("Fri, 31 Dec 9999 23:59:60 GMT", 253402300799);
  check_date ("Thu, 29 Feb 2024 12:00:00 GMT", 1709208000);
  check_date ("Thu, 29 Feb 2023 12:00:00 GMT", -1);
  check_date ("Sun, 06 Nov 1600 08:49:37 GMT", -1);
  check_date ("Sun, 06 Nov 19940 08:49:37 GMT", -1);
  check_date ("Sun, 00 Nov 1994 08:49:37 GMT", -1);
  check_date ("Sun, 06 Nov 1994 24:49:37 GMT", -1);
  check_date ("Sun, 06 Nov 1994 08:60:37 GMT", -1);
  check_date ("Sun, 06 Nov 1994", -1);
  check_date ("06 1994 08:49:37", -1);
  check_date ("", -1);
  check_date ("99999999999999999999", -1);
  check_date ("Sun, 06 Nov 1994 08:49:37 GMT and a lot more that no date ever has behind it", -1);
}

static void
check_retry_after (const char *value, gint64 expected)
{
  g_autoptr (GanHeaders) headers = gan_headers_new ();

  g_test_message ("%s", value);
  gan_headers_append (headers, "Date", "Sun, 06 Nov 1994 08:49:37 GMT");
  gan_headers_append (headers, "Retry-After", value);
  g_assert_cmpint (gan_headers_get_retry_after (headers), ==, expected);
}

static void
test_retry_after (void)
{
  g_autoptr (GanHeaders) none = gan_headers_new ();

  g_assert_cmpint (gan_headers_get_retry_after (none), ==, -1);
  check_retry_after ("0", 0);
  check_retry_after ("120", 120);
  check_retry_after ("3600", 3600);
  check_retry_after ("3601", GAN_LIMIT_RETRY_AFTER_SECONDS);
  check_retry_after ("1000000000", GAN_LIMIT_RETRY_AFTER_SECONDS);
  check_retry_after ("99999999999999999999999", GAN_LIMIT_RETRY_AFTER_SECONDS);
  check_retry_after ("-5", -1);
  check_retry_after ("1.5", -1);
  check_retry_after ("soon", -1);
  check_retry_after ("", -1);
  check_retry_after ("Sun, 06 Nov 1994 08:50:37 GMT", 60);
  check_retry_after ("Sun, 06 Nov 1994 08:00:00 GMT", 0);
  check_retry_after ("Sun, 06 Nov 2094 08:49:37 GMT", GAN_LIMIT_RETRY_AFTER_SECONDS);
}

static GanResponse *
make_response (guint status, const char *name, const char *value)
{
  g_autoptr (GanUrl) url = make_url ();
  g_autoptr (GanHeaders) headers = gan_headers_new ();
  g_autoptr (GBytes) body = g_bytes_new_static ("0123456789", 10);
  GanResponseHead head = { url, status, headers, GAN_FRAMING_LENGTH, 10, 0, 0 };

  if (name != NULL)
    g_assert_true (gan_headers_append (headers, name, value));
  return gan_response_new_from_bytes (&head, body);
}

static void
check_content_range (const char *value, gint64 first, gint64 last, gint64 total)
{
  g_autoptr (GanResponse) response = make_response (206, "Content-Range", value);
  gint64 got[3] = { -7, -7, -7 };
  gboolean valid = gan_response_get_content_range (response, &got[0], &got[1], &got[2]);

  g_test_message ("%s", value);
  g_assert_cmpint (valid, ==, first != -7);
  g_assert_cmpint (got[0], ==, first);
  g_assert_cmpint (got[1], ==, last);
  g_assert_cmpint (got[2], ==, total);
}

static void
test_content_range (void)
{
  static const char *const bad[] = {
    "",
    "bytes",
    "bytes ",
    "bytes 0-9",
    "bytes 0-9/",
    "bytes 9-0/10",
    "bytes 0-10/10",
    "bytes -1-9/10",
    "bytes 0-9/-1",
    "bytes */*",
    "bytes 0-9/10x",
    "bytes 0-9/ 10",
    "bytes 0 - 9/10",
    "items 0-9/10",
    "bytes 0-99999999999999999999/*",
    "bytes 0x0-9/10",
    "bytes=0-9/10",
    "bytes 0-9/10, 0-9/10",
  };

  check_content_range ("bytes 0-9/10", 0, 9, 10);
  check_content_range ("BYTES 5-9/*", 5, 9, -1);
  check_content_range ("bytes */10", -1, -1, 10);
  check_content_range ("bytes 0-9223372036854775806/9223372036854775807",
                       0,
                       G_MAXINT64 - 1,
                       G_MAXINT64);
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    check_content_range (bad[i], -7, -7, -7);
}

static void
test_statuses (void)
{
  static const struct
  {
    guint status;
    int code;
  } rows[] = {
    { 404, GAN_ERROR_NOT_FOUND },      { 410, GAN_ERROR_NOT_FOUND },
    { 401, GAN_ERROR_LOGIN_REQUIRED }, { 403, GAN_ERROR_NOT_ALLOWED },
    { 429, GAN_ERROR_RATE_LIMITED },   { 400, GAN_ERROR_HTTP_STATUS },
    { 416, GAN_ERROR_HTTP_STATUS },    { 500, GAN_ERROR_HTTP_STATUS },
    { 503, GAN_ERROR_HTTP_STATUS },    { 302, GAN_ERROR_HTTP_STATUS },
  };
  g_autoptr (GanResponse) good = make_response (206, NULL, NULL);

  g_assert_true (gan_response_check_status (good, NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GanResponse) response = make_response (rows[i].status, "Retry-After", "9");
      g_autoptr (GError) error = NULL;

      g_assert_false (gan_response_check_status (response, &error));
      g_assert_error (error, GAN_ERROR, rows[i].code);
      g_assert_cmpuint (gan_error_get_http_status (error), ==, rows[i].status);
      g_assert_cmpint (gan_error_get_retry_after (error), ==, 9);
      g_assert_null (strstr (gan_error_get_url (error), "hush"));
    }
}

static void
test_body (void)
{
  g_autoptr (GanResponse) whole = make_response (200, NULL, NULL);
  g_autoptr (GanResponse) capped = make_response (200, NULL, NULL);
  g_autoptr (GanResponse) closed = make_response (200, NULL, NULL);
  g_autoptr (GBytes) bytes = gan_response_read_all (whole, 10, NULL, NULL);
  g_autoptr (GError) error = NULL;
  char byte = 0;

  g_assert_cmpuint (g_bytes_get_size (bytes), ==, 10);
  g_assert_true (gan_response_is_proven_whole (whole));
  g_assert_cmpint (gan_response_read (whole, &byte, 1, NULL, NULL), ==, 0);

  g_assert_null (gan_response_read_all (capped, 9, NULL, &error));
  g_assert_error (error, GAN_ERROR, GAN_ERROR_TOO_LARGE);

  g_assert_cmpint (gan_response_read (closed, &byte, 1, NULL, NULL), ==, 1);
  gan_response_close (closed);
  g_assert_cmpint (gan_response_read (closed, &byte, 1, NULL, NULL), ==, -1);
  g_assert_false (gan_response_is_proven_whole (closed));
  g_assert_finalize_object (g_steal_pointer (&closed));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/request/methods", test_methods);
  g_test_add_func ("/request/headers", test_headers);
  g_test_add_func ("/request/too-many-headers", test_too_many_headers);
  g_test_add_func ("/request/copy", test_copy);
  g_test_add_func ("/request/range", test_range);
  g_test_add_func ("/headers/list", test_header_list);
  g_test_add_func ("/headers/dates", test_dates);
  g_test_add_func ("/headers/retry-after", test_retry_after);
  g_test_add_func ("/response/content-range", test_content_range);
  g_test_add_func ("/response/statuses", test_statuses);
  g_test_add_func ("/response/body", test_body);
  return g_test_run ();
}
