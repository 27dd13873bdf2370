/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-percent.h"
#include "gan-redact.h"

#include <glib.h>
#include <string.h>

#define BOT "123456789:AAF-made_upMadeUpMadeUpMadeUpMade12"
#define BOT_ENCODED "123456789%3AAAF-made_upMadeUpMadeUpMadeUpMade12"
#define BOT_TWICE "123456789%253aAAF-made_upMadeUpMadeUpMadeUpMade12"

typedef struct
{
  const char *input;
  const char *output;
} Case;

static void
test_keys (void)
{
  static const char *const secret[] = {
    "token",          "sig",           "signature",   "key",          "auth",
    "session",        "password",      "Password",    "access_token", "X-Amz-Signature",
    "x-amz-date",     "expire",        "Expires",     "policy",       "Key-Pair-Id",
    "accessToken",    "apiKey",        "api_key",     "data[token]",  "token[]",
    "%74oken",        "client-secret", "msToken",     "oauth_nonce",  "__token__",
    "AWSAccessKeyId", "PHPSESSID",     "visitorData", "GOOG_TOKEN",   "hdnea",
  };
  static const char *const harmless[] = {
    "id",          "v",    "q",     "page",         "limit", "keyword", "monkey",       "author",
    "design",      "lang", "width", "signal",       "",      "list",    "tokens_total", "passage",
    "screen_name", "itag", "name",  "country_code",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (secret); i++)
    if (!gan_redact_is_secret_key (secret[i]))
      g_test_fail_printf ("%s is a secret", secret[i]);
  for (gsize i = 0; i < G_N_ELEMENTS (harmless); i++)
    if (gan_redact_is_secret_key (harmless[i]))
      g_test_fail_printf ("%s is none", harmless[i]);
}

static void
test_headers (void)
{
  static const char *const secret[] = {
    "Cookie",        "set-cookie",   "Authorization",     "PROXY-AUTHORIZATION",
    "x-guest-token", "x-csrf-token", "X-Auth-Token",      "X-Api-Key",
    "X-Session-Id",  "X-Signature",  "X-Goog-Visitor-Id", "x-client-transaction-id",
  };
  static const char *const harmless[] = {
    "Content-Type", "ETag", "Accept", "User-Agent", "Range", "Location", "Referer", "",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (secret); i++)
    if (!gan_redact_is_secret_header (secret[i]))
      g_test_fail_printf ("%s is a secret", secret[i]);
  for (gsize i = 0; i < G_N_ELEMENTS (harmless); i++)
    if (gan_redact_is_secret_header (harmless[i]))
      g_test_fail_printf ("%s is none", harmless[i]);
}

static void
check (const Case *cases, gsize n, char *(*redact) (const char *) )
{
  for (gsize i = 0; i < n; i++)
    {
      g_autofree char *output = redact (cases[i].input);

      if (strcmp (output, cases[i].output) != 0)
        g_test_fail_printf ("%s gave %s, wanted %s", cases[i].input, output, cases[i].output);
    }
}

static void
test_url (void)
{
  static const Case cases[] = {
    { "", "" },
    { "https://example.org/a/b?x=1#y", "https://example.org/a/b?x=1#y" },
    { "https://example.org/?token=abc&x=1", "https://example.org/?token=REDACTED&x=1" },
    { "https://example.org/?x=1&sig=a/b;c?d=e", "https://example.org/?x=1&sig=REDACTED" },
    { "https://example.org/?token=", "https://example.org/?token=" },
    { "https://example.org/?token", "https://example.org/?token" },
    { "https://example.org/?%74oken=abc", "https://example.org/?%74oken=REDACTED" },
    { "https://example.org/#access_token=abc&x=1",
      "https://example.org/#access_token=REDACTED&x=1" },
    { "https://example.org/#!/in?token=abc", "https://example.org/#!/in?token=REDACTED" },
    { "https://joe:pw@example.org/", "https://example.org/" },
    { "https://joe@pw@example.org/a@b", "https://example.org/a@b" },
    { "HTTPS:\\\\joe:pw@example.org/", "HTTPS:\\\\example.org/" },
    { "https:/joe:pw@example.org/", "https:/example.org/" },
    { "//joe:pw@example.org/", "//example.org/" },
    { "joe:pw@example.org/a", "example.org/a" },
    { "t.me/@name", "t.me/@name" },
    { "https://example.org/a;jsessionid=12;x=1/b",
      "https://example.org/a;jsessionid=REDACTED;x=1/b" },
    { "https://example.org/exp=1~acl=%2F*~hmac=ff/v.mp4",
      "https://example.org/exp=1~acl=%2F*~hmac=REDACTED/v.mp4" },
    { "https://example.org/hls/id/x1/sig/AB.CD/file/a.ts",
      "https://example.org/hls/id/x1/sig/REDACTED/file/a.ts" },
    { "https://example.org/sig//a", "https://example.org/sig//a" },
    { "https://api.telegram.org/bot" BOT "/getMe", "https://api.telegram.org/botREDACTED/getMe" },
    { "https://api.telegram.org/file/bot" BOT_ENCODED "/a.mp4",
      "https://api.telegram.org/file/botREDACTED/a.mp4" },
    { "https://example.org/?u=https%3A%2F%2Fjoe:pw%40example.net%2F%3Ftoken%3Dabc%26x%3D1",
      "https://example.org/?u=https%3A%2F%2Fexample.net%2F%3Ftoken%3DREDACTED%26x%3D1" },
    { "https://example.org/?u=https%253A%252F%252Fexample.net%252F%253Ftoken%253Dabc",
      "https://example.org/?u=https%253A%252F%252Fexample.net%252F%253Ftoken%253DREDACTED" },
    { "https://example.org/?u=https://a:b@example.net/?sig=1",
      "https://example.org/?u=https://example.net/?sig=REDACTED" },
    { "https://example.org/?q=caf%C3%A9%zz%", "https://example.org/?q=caf%C3%A9%zz%" },
    { "https://example.org/?q=YWJj==", "https://example.org/?q=YWJj==" },
    { "https://example.org/\xff?key=\xfe", "https://example.org/\xff?key=REDACTED" },
    { "mishmash", "mishmash" },
  };

  check (cases, G_N_ELEMENTS (cases), gan_redact_url);
}

static void
test_userinfo (void)
{
  static const Case cases[] = {
    { "https://joe:pw@example.org/?token=abc", "https://example.org/?token=abc" },
    { "joe:pw@example.org/?token=abc", "example.org/?token=abc" },
    { "example.org:8080/@a", "example.org:8080/@a" },
    { "https://[::1]:80/", "https://[::1]:80/" },
    { "no url at all", "no url at all" },
  };

  check (cases, G_N_ELEMENTS (cases), gan_redact_userinfo);
}

static void
test_hashed (void)
{
  g_autofree char *a = gan_redact_url_hashed ("https://joe:pw@example.org/?x=1&token=abc");
  g_autofree char *b = gan_redact_url_hashed ("https://example.org/?x=1&token=abd");
  g_autofree char *bot = gan_redact_url_hashed ("https://example.org/bot" BOT "/a");

  /* The first digits of the SHA-256 of "abc", FIPS 180-4 example. */
  g_assert_cmpstr (a, ==, "https://example.org/?x=1&token=ba7816bf8f01cfea");
  g_assert_cmpstr (a, !=, b);
  g_assert_null (strstr (bot, "made_up"));
  g_assert_null (strstr (bot, "123456789"));
  g_assert_null (strstr (bot, GAN_REDACTED));
}

static void
test_text (void)
{
  static const Case cases[] = {
    { "", "" },
    { "  nothing to hide: 12:30, a=b  ", "  nothing to hide: 12:30, a=b  " },
    { "GET https://joe:pw@example.org/?sig=1 failed",
      "GET https://example.org/?sig=REDACTED failed" },
    { "(https://example.org/a,https://joe:pw@example.org/)",
      "(https://example.org/a,https://example.org/)" },
    { "see <https://example.org/?token=1>", "see <https://example.org/?token=REDACTED>" },
    { "https%3A%2F%2Fjoe%3Apw%40example.org%2F%3Ftoken%3D1",
      "https%3A%2F%2Fexample.org%2F%3Ftoken%3DREDACTED" },
    { "/path?token=abc is gone", "/path?token=REDACTED is gone" },
    { "sent Bearer abc.def-ghi twice", "sent Bearer REDACTED twice" },
    { "bearer%20abc.def", "bearer%20REDACTED" },
    { "Authorization: Basic am9lOnB3\r\nHost: example.org",
      "Authorization: REDACTED\r\nHost: example.org" },
    { "Cookie:a=b; c=d", "Cookie:REDACTED" },
    { "x-guest-token: 1789\nok", "x-guest-token: REDACTED\nok" },
    { "{\"token\": \"a b\\\"c\", \"id\": \"7\"}", "{\"token\": \"REDACTED\", \"id\": \"7\"}" },
    { "{'password':'a b'}", "{'password':'REDACTED'}" },
    { "{\"token\":\"open end", "{\"token\":\"REDACTED" },
    { "token " BOT " refused", "token REDACTED refused" },
    { "/bot" BOT "/getUpdates", "/botREDACTED/getUpdates" },
    { "x" BOT_ENCODED "y", "xREDACTED" },
    { "url=" BOT_TWICE, "url=REDACTED" },
    { "12:30 123456:short 1234567890", "12:30 123456:short 1234567890" },
    { "\xff\xfe token=\xff", "\xff\xfe token=REDACTED" },
  };

  check (cases, G_N_ELEMENTS (cases), gan_redact_text);
}

/* The same secrets, hidden in many places, never come out again. */
static void
test_marker (void)
{
  static const char *const frames[] = {
    "https://example.org/?token=%s",
    "https://%s@example.org/",
    "https://u:%s@example.org/",
    "https://example.org/?a=b&next=%%2Fx%%3Faccess_token%%3D%s",
    "Authorization: Bearer %s",
    "Proxy-Authorization: Basic %s",
    "Cookie: sid=%s; a=b",
    "set-cookie: %s",
    "could not fetch 'https://example.org/v?x=1&Signature=%s'",
    "{\"access_token\":\"%s\"}",
    "https://example.org/#id_token=%s",
    "password=%s",
    "curl -H \"X-Api-Key: %s\"",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (frames); i++)
    {
      g_auto (GStrv) parts = g_strsplit (frames[i], "%s", 2);
      g_autofree char *before = gan_percent_decode (parts[0], -1);
      g_autofree char *raw = g_strconcat (before, "mArKeR", parts[1], NULL);
      g_autofree char *encoded = g_strconcat (parts[0], "mArKeR", parts[1], NULL);
      g_autofree char *raw_out = gan_redact_text (raw);
      g_autofree char *encoded_out = gan_redact_text (encoded);

      if (strstr (raw_out, "mArKeR") != NULL)
        g_test_fail_printf ("%s gave %s", raw, raw_out);
      if (strstr (encoded_out, "mArKeR") != NULL)
        g_test_fail_printf ("%s gave %s", encoded, encoded_out);
    }
}

static void
test_percent (void)
{
  static const Case cases[] = {
    { "", "" },         { "a%20b+c", "a b+c" }, { "%", "%" },     { "%4", "%4" },
    { "%4g", "%4g" },   { "%zz%41", "%zzA" },   { "%00", "%00" }, { "%C3%a9", "\xc3\xa9" },
    { "%2541", "%41" }, { "%%41", "%A" },
  };
  g_autofree char *form = gan_percent_decode_form ("a+b%2Bc", -1);
  g_autofree char *part = gan_percent_decode ("%41%42", 5);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *output = gan_percent_decode (cases[i].input, -1);

      g_assert_cmpstr (output, ==, cases[i].output);
    }
  g_assert_cmpstr (form, ==, "a b+c");
  g_assert_cmpstr (part, ==, "A%4");
}

/* Linear: a text that is all key, slash or percent must not take long. */
static void
test_long (void)
{
  static const char *const fillings[]
      = { "a", "%25", "a=", "://", "@", "/sig/", "1", "&", "\"token\":" };

  for (gsize i = 0; i < G_N_ELEMENTS (fillings); i++)
    {
      GString *text = g_string_new ("https://example.org/");
      g_autofree char *url = NULL;
      g_autofree char *free_text = NULL;
      gint64 start = g_get_monotonic_time ();

      while (text->len < 64 * 1024)
        g_string_append (text, fillings[i]);
      url = gan_redact_url (text->str);
      free_text = gan_redact_text (text->str);
      g_assert_nonnull (url);
      g_assert_nonnull (free_text);
      g_assert_cmpint (g_get_monotonic_time () - start, <, 5 * G_USEC_PER_SEC);
      g_string_free (text, TRUE);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/redact/keys", test_keys);
  g_test_add_func ("/redact/headers", test_headers);
  g_test_add_func ("/redact/url", test_url);
  g_test_add_func ("/redact/userinfo", test_userinfo);
  g_test_add_func ("/redact/hashed", test_hashed);
  g_test_add_func ("/redact/text", test_text);
  g_test_add_func ("/redact/marker", test_marker);
  g_test_add_func ("/redact/percent", test_percent);
  g_test_add_func ("/redact/long", test_long);
  return g_test_run ();
}
