/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-error-json.h"
#include "gan-error.h"
#include "gan-limits.h"

#include <glib.h>

static void
test_names (void)
{
  GanErrorCode found = GAN_ERROR_DISK;

  for (guint code = 0; code <= GAN_ERROR_LAST; code++)
    {
      const char *name = gan_error_code_to_string ((GanErrorCode) code);

      g_assert_nonnull (name);
      g_assert_true (gan_error_code_from_string (name, &found));
      g_assert_cmpuint (found, ==, code);
      for (guint other = 0; other < code; other++)
        g_assert_cmpstr (name, !=, gan_error_code_to_string ((GanErrorCode) other));
    }
  g_assert_cmpstr (gan_error_code_to_string (GAN_ERROR_UNSUPPORTED_URL), ==, "unsupported-url");
  g_assert_cmpstr (gan_error_code_to_string (GAN_ERROR_CHANGED_ON_SERVER), ==, "changed-on-server");
  found = GAN_ERROR_DISK;
  g_assert_false (gan_error_code_from_string ("not_found", &found));
  g_assert_false (gan_error_code_from_string (NULL, &found));
  g_assert_cmpint (found, ==, GAN_ERROR_DISK);
}

static void
test_detail (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) copy = NULL;

  gan_error_set (NULL, GAN_ERROR_PRIVATE, NULL, "nobody listens");
  gan_error_set (&error, GAN_ERROR_NOT_FOUND, "removed", "post %d is gone", 7);
  g_assert_error (error, GAN_ERROR, GAN_ERROR_NOT_FOUND);
  g_assert_true (gan_error_matches (error, GAN_ERROR_NOT_FOUND));
  g_assert_cmpstr (error->message, ==, "post 7 is gone");
  g_assert_cmpstr (gan_error_get_reason (error), ==, "removed");
  g_assert_null (gan_error_get_platform (error));
  g_assert_null (gan_error_get_url (error));
  g_assert_null (gan_error_get_field (error));
  g_assert_null (gan_error_get_cause (error));
  g_assert_cmpuint (gan_error_get_http_status (error), ==, 0);
  g_assert_cmpint (gan_error_get_retry_after (error), ==, GAN_UNKNOWN);

  gan_error_set_platform (error, "example");
  gan_error_set_url (error, "https://joe:pw@example.org/a?token=secret&x=1");
  gan_error_set_http_status (error, 410);
  gan_error_set_field (error, "data[0].id");
  gan_error_set_retry_after (error, 90);
  copy = g_error_copy (error);
  g_assert_cmpstr (gan_error_get_platform (copy), ==, "example");
  g_assert_cmpstr (gan_error_get_url (copy), ==, "https://example.org/a?token=REDACTED&x=1");
  g_assert_cmpuint (gan_error_get_http_status (copy), ==, 410);
  g_assert_cmpstr (gan_error_get_field (copy), ==, "data[0].id");
  g_assert_cmpstr (gan_error_get_reason (copy), ==, "removed");
  g_assert_cmpint (gan_error_get_retry_after (copy), ==, 90);

  gan_error_set_retry_after (error, G_MAXINT64);
  g_assert_cmpint (gan_error_get_retry_after (error), ==, GAN_LIMIT_RETRY_AFTER_SECONDS);
  gan_error_set_retry_after (error, -5);
  g_assert_cmpint (gan_error_get_retry_after (error), ==, GAN_UNKNOWN);
  gan_error_set_url (error, NULL);
  g_assert_null (gan_error_get_url (error));
}

static void
test_other_domain (void)
{
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, "other");

  gan_error_set_platform (error, "example");
  gan_error_set_url (error, "https://example.org/");
  gan_error_set_http_status (error, 500);
  gan_error_set_retry_after (error, 1);
  gan_error_set_field (error, "a");
  g_assert_null (gan_error_get_platform (error));
  g_assert_null (gan_error_get_url (error));
  g_assert_cmpuint (gan_error_get_http_status (error), ==, 0);
  g_assert_cmpint (gan_error_get_retry_after (error), ==, GAN_UNKNOWN);
  g_assert_null (gan_error_get_reason (NULL));
  g_assert_false (gan_error_matches (NULL, GAN_ERROR_UNSUPPORTED_URL));
  g_assert_cmpint (gan_error_get_retry (error), ==, GAN_RETRY_NEVER);
  g_assert_cmpint (gan_error_get_retry_delay (error, 0), ==, GAN_UNKNOWN);
}

static void
test_cause (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) outer = NULL;
  g_autoptr (GError) cancelled = NULL;

  gan_error_set_cause (&error,
                       GAN_ERROR_TLS,
                       "certificate",
                       g_error_new (G_IO_ERROR,
                                    G_IO_ERROR_FAILED,
                                    "no trust in https://example.org/?sig=%s \xff",
                                    "abc"));
  g_assert_error (error, GAN_ERROR, GAN_ERROR_TLS);
  g_assert_cmpstr (gan_error_get_cause (error),
                   ==,
                   "no trust in https://example.org/?sig=REDACTED \xef\xbf\xbd");
  g_assert_cmpstr (gan_error_get_reason (error), ==, "certificate");

  gan_error_set_http_status (error, 503);
  gan_error_set_platform (error, "example");
  gan_error_set_retry_after (error, 3);
  gan_error_set_cause (&outer, GAN_ERROR_NETWORK, NULL, g_error_copy (error));
  g_assert_error (outer, GAN_ERROR, GAN_ERROR_NETWORK);
  g_assert_cmpuint (gan_error_get_http_status (outer), ==, 503);
  g_assert_cmpstr (gan_error_get_platform (outer), ==, "example");
  g_assert_cmpint (gan_error_get_retry_after (outer), ==, 3);
  g_assert_cmpstr (gan_error_get_reason (outer), ==, "certificate");

  gan_error_set_cause (&cancelled,
                       GAN_ERROR_NETWORK,
                       "reset",
                       g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "stop"));
  g_assert_true (gan_error_is_cancelled (cancelled));
  g_assert_cmpstr (cancelled->message, ==, "stop");
  gan_error_set_cause (NULL, GAN_ERROR_NETWORK, NULL, g_error_copy (cancelled));
}

static void
test_retry (void)
{
  static const struct
  {
    GanErrorCode code;
    guint status;
    const char *reason;
    GanRetry retry;
  } cases[] = {
    { GAN_ERROR_RATE_LIMITED, 429, NULL, GAN_RETRY_EXPONENTIAL },
    { GAN_ERROR_NETWORK, 0, NULL, GAN_RETRY_LINEAR },
    { GAN_ERROR_NETWORK, 0, "not-recorded", GAN_RETRY_NEXT_ROUTE },
    { GAN_ERROR_TIMEOUT, 0, NULL, GAN_RETRY_LINEAR },
    { GAN_ERROR_TRUNCATED, 200, NULL, GAN_RETRY_LINEAR },
    { GAN_ERROR_HTTP_STATUS, 500, NULL, GAN_RETRY_LINEAR },
    { GAN_ERROR_HTTP_STATUS, 503, NULL, GAN_RETRY_LINEAR },
    { GAN_ERROR_HTTP_STATUS, 408, NULL, GAN_RETRY_LINEAR },
    { GAN_ERROR_HTTP_STATUS, 400, NULL, GAN_RETRY_NEXT_ROUTE },
    { GAN_ERROR_SITE_CHANGED, 0, NULL, GAN_RETRY_NEXT_ROUTE },
    { GAN_ERROR_NOT_FOUND, 404, NULL, GAN_RETRY_NEXT_ROUTE },
    { GAN_ERROR_UNSUPPORTED_URL, 0, NULL, GAN_RETRY_NEVER },
    { GAN_ERROR_NO_SPACE, 0, NULL, GAN_RETRY_NEVER },
    { GAN_ERROR_DRM, 0, NULL, GAN_RETRY_NEVER },
    { GAN_ERROR_CHANGED_ON_SERVER, 0, NULL, GAN_RETRY_NEVER },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = gan_error_new (cases[i].code, cases[i].reason, "case");

      gan_error_set_http_status (error, cases[i].status);
      g_assert_cmpint (gan_error_get_retry (error), ==, cases[i].retry);
    }
}

static void
test_retry_delay (void)
{
  static const gint64 linear[] = { 1, 2, 3, 4, 5, 5, 5 };
  static const gint64 exponential[] = { 2, 4, 8, 16, 32, 60, 60 };
  g_autoptr (GError) network = gan_error_new (GAN_ERROR_NETWORK, NULL, "reset");
  g_autoptr (GError) limited = gan_error_new (GAN_ERROR_RATE_LIMITED, NULL, "slow down");
  g_autoptr (GError) never = gan_error_new (GAN_ERROR_DRM, NULL, "locked");

  for (guint i = 0; i < G_N_ELEMENTS (linear); i++)
    {
      g_assert_cmpint (gan_error_get_retry_delay (network, i), ==, linear[i] * G_USEC_PER_SEC);
      g_assert_cmpint (gan_error_get_retry_delay (limited, i), ==, exponential[i] * G_USEC_PER_SEC);
    }
  g_assert_cmpint (gan_error_get_retry_delay (limited, G_MAXUINT), ==, 60 * G_USEC_PER_SEC);
  g_assert_cmpint (gan_error_get_retry_delay (network, G_MAXUINT), ==, 5 * G_USEC_PER_SEC);
  gan_error_set_retry_after (limited, 17);
  g_assert_cmpint (gan_error_get_retry_delay (limited, 5), ==, 17 * G_USEC_PER_SEC);
  gan_error_set_retry_after (limited, 0);
  g_assert_cmpint (gan_error_get_retry_delay (limited, 5), ==, G_USEC_PER_SEC);
  gan_error_set_retry_after (never, 17);
  g_assert_cmpint (gan_error_get_retry_delay (never, 0), ==, GAN_UNKNOWN);
}

static void
assert_json (const GError *error, const char *expected)
{
  g_autoptr (JsonNode) node = gan_error_to_json (error);
  g_autofree char *text = json_to_string (node, FALSE);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_json (void)
{
  g_autoptr (GError) error = gan_error_new (GAN_ERROR_RATE_LIMITED, "bucket", "slow \"down\"");
  g_autoptr (GError) other = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, "odd");
  g_autoptr (GError) cancelled = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "stop");

  gan_error_set_platform (error, "example");
  gan_error_set_url (error, "https://example.org/?key=1");
  gan_error_set_http_status (error, 429);
  gan_error_set_retry_after (error, 0);
  gan_error_set_field (error, "a.b");
  assert_json (error,
               "{\"code\":\"rate-limited\",\"message\":\"slow \\\"down\\\"\",\"platform\":"
               "\"example\",\"url\":\"https://example.org/?key=REDACTED\",\"http_status\":429,"
               "\"retry_after\":0,\"reason\":\"bucket\",\"field\":\"a.b\",\"cause\":null}");
  assert_json (other,
               "{\"code\":\"internal\",\"message\":\"odd\",\"platform\":null,\"url\":null,"
               "\"http_status\":null,\"retry_after\":null,\"reason\":null,\"field\":null,"
               "\"cause\":null}");
  assert_json (cancelled,
               "{\"code\":\"internal\",\"message\":\"stop\",\"platform\":null,\"url\":null,"
               "\"http_status\":null,\"retry_after\":null,\"reason\":\"cancelled\",\"field\":null,"
               "\"cause\":null}");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/error/names", test_names);
  g_test_add_func ("/error/detail", test_detail);
  g_test_add_func ("/error/other-domain", test_other_domain);
  g_test_add_func ("/error/cause", test_cause);
  g_test_add_func ("/error/retry", test_retry);
  g_test_add_func ("/error/retry-delay", test_retry_delay);
  g_test_add_func ("/error/json", test_json);
  return g_test_run ();
}
