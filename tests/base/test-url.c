/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-error.h"
#include "gan-host.h"
#include "gan-limits.h"
#include "gan-url.h"

#include <glib.h>
#include <string.h>

typedef GanUrl *(*Parse) (const char *text, GError **error);

typedef struct
{
  const char *input;
  const char *output; /* NULL: refused */
} Case;

static void
check (const Case *cases, gsize n, Parse parse)
{
  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GanUrl) url = parse (cases[i].input, &error);
      g_autoptr (GanUrl) again = NULL;
      const char *output = url != NULL ? gan_url_get_string (url) : NULL;

      if (g_strcmp0 (output, cases[i].output) != 0)
        g_test_fail_printf ("%s gave %s, wanted %s", cases[i].input, output, cases[i].output);
      if (url == NULL)
        {
          g_assert_error (error, GAN_ERROR, GAN_ERROR_UNSUPPORTED_URL);
          g_assert_nonnull (gan_error_get_reason (error));
          continue;
        }
      g_assert_no_error (error);
      again = gan_url_parse (output, NULL);
      g_assert_cmpstr (gan_url_get_string (again), ==, output);
      if (!g_uri_is_valid (output, G_URI_FLAGS_ENCODED, NULL))
        g_test_fail_printf ("%s is not valid for GUri", output);
    }
}

static void
test_parse (void)
{
  static const Case cases[] = {
    { "https://example.org", "https://example.org/" },
    { "HTTPS://Example.ORG/A?B=c#D", "https://example.org/A?B=c" },
    { "http://example.org:80/", "http://example.org/" },
    { "https://example.org:443", "https://example.org/" },
    { "http://example.org:443/", "http://example.org:443/" },
    { "https://example.org:/", "https://example.org/" },
    { "https://example.org:008080/", "https://example.org:8080/" },
    { "https://example.org?x=1", "https://example.org/?x=1" },
    { "https://example.org#x", "https://example.org/" },
    { "https://example.org/?", "https://example.org/?" },
    { "https://joe:pw@example.org/@a", "https://example.org/@a" },
    { "https://joe@pw@example.org/", "https://example.org/" },
    { "https://example.org./", "https://example.org/" },
    { "https://a_b.example.org/", "https://a_b.example.org/" },
    { "https://example.org/a/./b/../c//d/", "https://example.org/a/c//d/" },
    { "https://example.org/../../a/..", "https://example.org/" },
    { "https://example.org/a/%2E%2e/b/%2e", "https://example.org/b/" },
    { "https://example.org/.../..a", "https://example.org/.../..a" },
    { "https://example.org/caf\xc3\xa9?q=\xe2\x82\xac",
      "https://example.org/caf%C3%A9?q=%E2%82%AC" },
    { "https://example.org/%e9%7E?x=%2f", "https://example.org/%e9%7E?x=%2f" },
    { "https://example.org/100%", "https://example.org/100%25" },
    { "https://example.org/%zz%4", "https://example.org/%25zz%254" },
    { "https://example.org/a\\b<c>\"{|}^`", "https://example.org/a%5Cb%3Cc%3E%22%7B%7C%7D%5E%60" },
    { "https://example.org/%0d%0aX:1", "https://example.org/%0d%0aX:1" },
    { "https://example.org/?a[]=1&b='", "https://example.org/?a[]=1&b='" },
    { "https://B\xc3\xbc"
      "cher.example/",
      "https://xn--bcher-kva.example/" },
    { "https://xn--bcher-kva.example/", "https://xn--bcher-kva.example/" },
    { "https://example\xe3\x80\x82org/", "https://example.org/" },
    { "https://\xef\xbd\x85xample\xef\xbc\x8eorg/", "https://example.org/" },
    { "http://192.0.2.1:8080/", "http://192.0.2.1:8080/" },
    { "http://\xe2\x91\xa0\xe2\x91\xa1\xe2\x91\xa6.\xe2\x93\xaa.\xe2\x93\xaa.\xe2\x91\xa0/",
      "http://127.0.0.1/" },
    { "http://[::1]/", "http://[::1]/" },
    { "http://[2001:DB8:0:0::1]:8080/a", "http://[2001:db8::1]:8080/a" },
    { "https://joe:pw@[2001:db8::1]/", "https://[2001:db8::1]/" },
    { "http://[::ffff:127.0.0.1]/", "http://[::ffff:127.0.0.1]/" },
  };

  check (cases, G_N_ELEMENTS (cases), gan_url_parse);
}

static void
test_refused (void)
{
  static const char *const cases[] = {
    "",
    " ",
    "example.org",
    "//example.org/",
    "/a",
    "https:",
    "https:/",
    "https://",
    "https:///a",
    "https:/example.org",
    "https:example.org",
    "https:\\\\example.org\\",
    "://example.org/",
    "ftp://example.org/",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "data:text/html,a",
    "httpsx://example.org/",
    "blob:https://example.org/1",
    " https://example.org/",
    "https://example.org/a b",
    "https://example.org/\n",
    "https://example.org/\x7f",
    "https://exa\tmple.org/",
    "https://example.org\r\nX-Inj: 1/",
    "http://a%0d%0aX-Inj:1/",
    "http://a%00.example/",
    "https://ex%61mple.org/",
    "https://example.org\\@example.net/",
    "https://example.org\\a/",
    "https://a<b.example/",
    "https://exa mple.org/",
    "https://:80/",
    "https://@/",
    "https://joe@/",
    "https://.example.org/",
    "https://a..example/",
    "https://example.org../",
    "https://./",
    "https://example.org:0/",
    "https://example.org:65536/",
    "https://example.org:99999999999/",
    "https://example.org:-1/",
    "https://example.org:8a/",
    "https://example.org:+80/",
    "https://a:b:80/",
    "http://127.1/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0x7f.0.0.1/",
    "http://127.0.0.0x1/",
    "http://0177.0.0.1/",
    "http://127.0.0.01/",
    "http://256.1.1.1/",
    "http://1.2.3.4.5/",
    "http://1.2.3.4%2f/",
    "http://[::1/",
    "http://::1/",
    "http://[]/",
    "http://[::1]x/",
    "http://[fe80::1%25eth0]/",
    "http://[fe80::1%eth0]/",
    "http://[127.0.0.1]/",
    "http://[g::1]/",
    "http://[v1.a]/",
    /* what becomes '/', '%', '@', ':' or nothing */
    "https://example.org\xef\xbc\x8f"
    "a.example/",
    "https://a\xe2\x84\x80.example/",
    "https://a\xef\xbc\x85"
    "30.example/",
    "https://a\xef\xbc\xa0.example/",
    "https://a\xef\xbc\x9a"
    "80/",
    "https://\xc2\xad/",
    "https://a\xe2\x80\xae.example/",
    "https://example.org/\xff",
    "https://\xc3\x28/",
    "https://example.org/\xed\xa0\x80",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const Case refused = { cases[i], NULL };

      check (&refused, 1, gan_url_parse);
    }
}

static void
test_input (void)
{
  static const Case cases[] = {
    { "  https://example.org/a \n", "https://example.org/a" },
    { "\xef\xbb\xbfhttps://example.org/\xe2\x80\x8b\xc2\xa0", "https://example.org/" },
    { "example.org", "https://example.org/" },
    { "Example.org/a?u=http://b.example/", "https://example.org/a?u=http://b.example/" },
    { "www.example.org:8080/a", "https://www.example.org:8080/a" },
    { "//example.org/a", "https://example.org/a" },
    { "//joe:pw@example.org/a", "https://example.org/a" },
    { "localhost", "https://localhost/" },
    { "localhost:8080/?u=http://b.example/", "https://localhost:8080/?u=http://b.example/" },
    { "nas:5000/a", "https://nas:5000/a" },
    { "http://nas/a", "http://nas/a" },
    { "[::1]:8080/", "https://[::1]:8080/" },
    { "192.0.2.1/a", "https://192.0.2.1/a" },
    { "b\xc3\xbc"
      "cher.example",
      "https://xn--bcher-kva.example/" },
    { "https://example.org/my file.mp4", "https://example.org/my%20file.mp4" },
    { "example.org/@name", "https://example.org/@name" },
    { "", NULL },
    { "   ", NULL },
    { "readme", NULL },
    { "two words", NULL },
    { "two words.example", NULL },
    { "\xe6\x97\xa5\xe6\x9c\xac", NULL },
    { "3.14", NULL },
    { "https://joe x@example.org/", NULL },
    { "joe@example.org", NULL },
    { "joe:pw@example.org", NULL },
    { "mailto:joe@example.org", NULL },
    { "javascript:alert(1)", NULL },
    { "file:///etc/passwd", NULL },
    { "ftp://example.org/", NULL },
    { "/etc/passwd", NULL },
    { "./a.mp4", NULL },
    { "?a=b", NULL },
    { "#a", NULL },
    { "example.org/\x01", NULL },
    { "https://example.org/a\nhttps://example.org/b", NULL },
    { "\xff\xfe", NULL },
  };

  check (cases, G_N_ELEMENTS (cases), gan_url_parse_input);
}

static void
test_length (void)
{
  g_autofree char *fill = g_strnfill (GAN_LIMIT_URL_BYTES, 'a');
  g_autofree char *longest = g_strdup_printf ("https://example.org/%s", fill);
  g_autofree char *label = g_strdup_printf ("https://%.64s.example/", fill);
  g_autoptr (GError) error = NULL;
  g_autoptr (GanUrl) url = NULL;

  g_assert_null (gan_url_parse (longest, &error));
  g_assert_error (error, GAN_ERROR, GAN_ERROR_UNSUPPORTED_URL);
  g_assert_cmpstr (gan_error_get_reason (error), ==, "too-long");
  g_assert_null (gan_url_parse_input (longest, NULL));
  longest[GAN_LIMIT_URL_BYTES] = '\0';
  url = gan_url_parse (longest, NULL);
  g_assert_cmpuint (strlen (gan_url_get_string (url)), ==, GAN_LIMIT_URL_BYTES);
  g_assert_null (gan_url_resolve (url, fill, NULL));
  memset (longest + 20, '"', GAN_LIMIT_URL_BYTES - 20);
  g_assert_null (gan_url_parse (longest, NULL));
  g_assert_null (gan_url_parse (label, NULL));
  for (gsize i = 8; i + 1 < GAN_LIMIT_URL_BYTES; i += 2)
    memcpy (longest + i, "\xc3\xbc", 2);
  g_assert_null (gan_url_parse (longest, NULL));
}

static void
test_fields (void)
{
  g_autoptr (GanUrl) url
      = gan_url_parse ("http://Joe:pw@Video.Example.ORG:8080/a%20b/?q=1#f\xc3\xa9", NULL);
  g_autoptr (GanUrl) plain = gan_url_parse ("https://[2001:db8::1]/#", NULL);

  g_assert_cmpstr (gan_url_get_string (url), ==, "http://video.example.org:8080/a%20b/?q=1");
  g_assert_cmpstr (gan_url_get_scheme (url), ==, "http");
  g_assert_cmpstr (gan_url_get_host (url), ==, "video.example.org");
  g_assert_cmpuint (gan_url_get_port (url), ==, 8080);
  g_assert_cmpstr (gan_url_get_path (url), ==, "/a%20b/");
  g_assert_cmpstr (gan_url_get_query (url), ==, "q=1");
  g_assert_cmpstr (gan_url_get_fragment (url), ==, "f%C3%A9");
  g_assert_cmpstr (gan_url_get_origin (url), ==, "http://video.example.org:8080");
  g_assert_false (gan_url_is_https (url));

  g_assert_cmpstr (gan_url_get_host (plain), ==, "2001:db8::1");
  g_assert_cmpstr (gan_url_get_origin (plain), ==, "https://[2001:db8::1]");
  g_assert_cmpuint (gan_url_get_port (plain), ==, 443);
  g_assert_true (gan_url_is_https (plain));
  g_assert_null (gan_url_get_query (plain));
  g_assert_cmpstr (gan_url_get_fragment (plain), ==, "");
}

static void
test_host_is (void)
{
  g_autoptr (GanUrl) url = gan_url_parse ("https://m.X.com/", NULL);
  g_autoptr (GanUrl) other = gan_url_parse ("https://notx.com/", NULL);
  g_autoptr (GanUrl) longer = gan_url_parse ("https://x.com.example/", NULL);

  g_assert_true (gan_url_host_is (url, "x.com"));
  g_assert_true (gan_url_host_is (url, "m.x.com"));
  g_assert_false (gan_url_host_is (url, "a.m.x.com"));
  g_assert_false (gan_url_host_is (other, "x.com"));
  g_assert_false (gan_url_host_is (longer, "x.com"));
}

static void
test_equal (void)
{
  g_autoptr (GanUrl) a = gan_url_parse ("https://EXAMPLE.org:443/a#1", NULL);
  g_autoptr (GanUrl) b = gan_url_parse ("https://example.org/a", NULL);
  g_autoptr (GanUrl) c = gan_url_parse ("https://example.org/a?", NULL);
  g_autoptr (GanUrl) d = gan_url_parse ("http://example.org/a", NULL);

  g_assert_true (gan_url_equal (a, b));
  g_assert_false (gan_url_equal (a, c));
  g_assert_true (gan_url_same_origin (a, c));
  g_assert_false (gan_url_same_origin (a, d));
}

/* The examples of RFC 3986 §5.4 and what pages and servers send besides. */
static void
test_resolve (void)
{
  static const Case cases[] = {
    { "g", "http://a.example/b/c/g" },
    { "./g", "http://a.example/b/c/g" },
    { "g/", "http://a.example/b/c/g/" },
    { "/g", "http://a.example/g" },
    { "//g.example", "http://g.example/" },
    { "?y", "http://a.example/b/c/d;p?y" },
    { "g?y", "http://a.example/b/c/g?y" },
    { "#s", "http://a.example/b/c/d;p?q" },
    { "g#s", "http://a.example/b/c/g" },
    { ";x", "http://a.example/b/c/;x" },
    { "", "http://a.example/b/c/d;p?q" },
    { ".", "http://a.example/b/c/" },
    { "..", "http://a.example/b/" },
    { "../g", "http://a.example/b/g" },
    { "../..", "http://a.example/" },
    { "../../../g", "http://a.example/g" },
    { "/./g", "http://a.example/g" },
    { "/../g", "http://a.example/g" },
    { "g.", "http://a.example/b/c/g." },
    { "..g", "http://a.example/b/c/..g" },
    { "./g/.", "http://a.example/b/c/g/" },
    { "g;x=1/../y", "http://a.example/b/c/y" },
    { "g?y/../x", "http://a.example/b/c/g?y/../x" },
    { "https://joe:pw@b.example/x", "https://b.example/x" },
    { " \n/a b\t", "http://a.example/a%20b" },
    { "/\xc3\xa9", "http://a.example/%C3%A9" },
    { "/\\b.example/", "http://a.example/%5Cb.example/" },
    { "\\\\b.example/", "http://a.example/b/c/%5C%5Cb.example/" },
    { "///b.example/", NULL },
    { "//", NULL },
    { "http:g", NULL },
    { "file:///etc/passwd", NULL },
    { "javascript:1", NULL },
    { "data:text/plain,a", NULL },
    { "ftp://b.example/", NULL },
    { "/a\r\nX-Inj: 1", NULL },
    { "//a%0d%0aX/", NULL },
    { "/\xff", NULL },
  };
  g_autoptr (GanUrl) base = gan_url_parse ("http://a.example/b/c/d;p?q#f", NULL);
  g_autoptr (GanUrl) fragment = gan_url_resolve (base, "#s", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GanUrl) url = gan_url_resolve (base, cases[i].input, &error);
      const char *output = url != NULL ? gan_url_get_string (url) : NULL;

      if (g_strcmp0 (output, cases[i].output) != 0)
        g_test_fail_printf ("%s gave %s, wanted %s", cases[i].input, output, cases[i].output);
      if (url == NULL)
        g_assert_error (error, GAN_ERROR, GAN_ERROR_UNSUPPORTED_URL);
    }
  g_assert_cmpstr (gan_url_get_fragment (fragment), ==, "s");
}

static void
test_query (void)
{
  static const Case cases[] = {
    { "v", "a b&c" },          { "w", "1" },  { "e", "" },   { "n", "" },         { "k y", "2" },
    { "bad", "\xef\xbf\xbd" }, { "x", NULL }, { "W", NULL }, { "zero", "a%00b" }, { "eq", "a=b" },
  };
  g_autoptr (GanUrl) url = gan_url_parse (
      "https://example.org/?&&v=a+b%26c&w=1&w=2&e=&n&k%20y=2&bad=%ff&zero=a%00b&eq=a=b&",
      NULL);
  g_autoptr (GanUrl) none = gan_url_parse ("https://example.org/", NULL);
  g_autoptr (GanUrl) other = gan_url_with_query (url, "a=\"1 2\"&b=%22");
  g_autoptr (GanUrl) removed = gan_url_with_query (url, NULL);
  g_autofree char *missing = gan_url_dup_query_value (none, "v");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *value = gan_url_dup_query_value (url, cases[i].input);

      g_assert_cmpstr (value, ==, cases[i].output);
    }
  g_assert_null (missing);
  g_assert_cmpstr (gan_url_get_string (other), ==, "https://example.org/?a=%221%202%22&b=%22");
  g_assert_cmpstr (gan_url_get_string (removed), ==, "https://example.org/");
}

static void
test_basename (void)
{
  static const Case cases[] = {
    { "https://example.org/a/b%20c.mp4?x=/y", "b c.mp4" },
    { "https://example.org/a/", NULL },
    { "https://example.org", NULL },
    { "https://example.org/a%2F..%5Cb", "a/..\\b" },
    { "https://example.org/caf%E9", "caf\xef\xbf\xbd" },
    { "https://example.org/a+b", "a+b" },
    { "https://example.org/a%00b", "a%00b" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GanUrl) url = gan_url_parse (cases[i].input, NULL);
      g_autofree char *name = gan_url_dup_basename (url);

      g_assert_cmpstr (name, ==, cases[i].output);
    }
}

static void
test_error_has_no_secret (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (gan_url_parse ("ftp://joe:pw@example.org/?token=abc", &error));
  g_assert_cmpstr (gan_error_get_url (error), ==, "ftp://example.org/?token=REDACTED");
  g_clear_error (&error);
  g_assert_null (gan_url_parse ("https://joe:pw@example.org:0/?token=abc", &error));
  g_assert_cmpstr (gan_error_get_url (error), ==, "https://example.org:0/?token=REDACTED");
}

static gpointer
ref_many_times (gpointer data)
{
  for (guint i = 0; i < 20000; i++)
    {
      g_autoptr (GanUrl) url = gan_url_ref (data);

      g_assert_cmpuint (gan_url_get_port (url), ==, 443);
    }
  return NULL;
}

static void
test_threads (void)
{
  g_autoptr (GanUrl) url = gan_url_parse ("https://example.org/", NULL);
  GThread *threads[4];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("ref", ref_many_times, url);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  g_assert_cmpstr (gan_url_get_string (url), ==, "https://example.org/");
}

/* 100,000 links in two seconds is what detect promises with everything it does besides. */
#ifdef __SANITIZE_THREAD__
#define MAX_SECONDS 20
#else
#define MAX_SECONDS 2
#endif

static void
test_speed (void)
{
  gint64 start = g_get_monotonic_time ();
  gint64 taken;

  for (guint i = 0; i < 100000; i++)
    {
      g_autofree char *text
          = g_strdup_printf ("https://www.example.org/user/status/%u?s=20&t=a#b", i);
      g_autoptr (GanUrl) url = gan_url_parse_input (text, NULL);

      g_assert_nonnull (url);
    }
  taken = g_get_monotonic_time () - start;
  g_test_minimized_result ((double) taken / 1e6, "100,000 links: %.3f s", (double) taken / 1e6);
  g_assert_cmpint (taken, <, MAX_SECONDS * G_USEC_PER_SEC);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/url/parse", test_parse);
  g_test_add_func ("/url/refused", test_refused);
  g_test_add_func ("/url/input", test_input);
  g_test_add_func ("/url/length", test_length);
  g_test_add_func ("/url/fields", test_fields);
  g_test_add_func ("/url/host-is", test_host_is);
  g_test_add_func ("/url/equal", test_equal);
  g_test_add_func ("/url/resolve", test_resolve);
  g_test_add_func ("/url/query", test_query);
  g_test_add_func ("/url/basename", test_basename);
  g_test_add_func ("/url/error-has-no-secret", test_error_has_no_secret);
  g_test_add_func ("/url/threads", test_threads);
  g_test_add_func ("/url/speed", test_speed);
  return g_test_run ();
}
