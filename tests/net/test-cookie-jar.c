/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which cookies are taken, and which go where. */
#include "config.h"

#include "gan-cookie-jar.h"

#include "gan-limits.h"

#include <string.h>

#define NOW 1700000000

typedef struct
{
  const char *from;     /* who sets it */
  const char *cookie;   /* Set-Cookie */
  const char *to;       /* where a request goes */
  const char *expected; /* Cookie, or NULL */
} Case;

static const Case cases[] = {
  /* name and value */
  { "https://example.org/", "a=1", "https://example.org/", "a=1" },
  { "https://example.org/", " a = 1 ; Path=/", "https://example.org/", "a=1" },
  { "https://example.org/", "a=\"q u\"", "https://example.org/", "a=\"q u\"" },
  { "https://example.org/", "a=b=c", "https://example.org/", "a=b=c" },
  { "https://example.org/", "a=", "https://example.org/", "a=" },
  { "https://example.org/", "=1", "https://example.org/", NULL },
  { "https://example.org/", "a", "https://example.org/", NULL },
  { "https://example.org/", "", "https://example.org/", NULL },
  { "https://example.org/", ";a=1", "https://example.org/", NULL },

  /* without Domain: this host alone */
  { "https://example.org/", "a=1", "https://www.example.org/", NULL },
  { "https://www.example.org/", "a=1", "https://example.org/", NULL },
  { "https://example.org/", "a=1; Domain=", "https://www.example.org/", NULL },

  /* with Domain */
  { "https://www.example.org/", "a=1; Domain=example.org", "https://example.org/", "a=1" },
  { "https://www.example.org/", "a=1; domain=.EXAMPLE.org", "https://cdn.example.org/", "a=1" },
  { "https://example.org/", "a=1; Domain=example.org", "https://www.example.org/", "a=1" },
  { "https://example.org/", "a=1; Domain=example.org", "https://badexample.org/", NULL },
  { "https://example.org/", "a=1; Domain=www.example.org", "https://www.example.org/", NULL },
  { "https://example.org/", "a=1; Domain=example.com", "https://example.com/", NULL },
  { "https://example.org/", "a=1; Domain=example.com", "https://example.org/", NULL },
  { "https://example.org/", "a=1; Domain=xample.org", "https://example.org/", NULL },

  /* public suffixes */
  { "https://example.org/", "a=1; Domain=org", "https://example.org/", NULL },
  { "https://example.co.uk/", "a=1; Domain=co.uk", "https://other.co.uk/", NULL },
  { "https://me.github.io/", "a=1; Domain=github.io", "https://you.github.io/", NULL },
  { "https://github.io/", "a=1; Domain=github.io", "https://github.io/", "a=1" },
  { "https://github.io/", "a=1; Domain=github.io", "https://you.github.io/", NULL },

  /* addresses and single names */
  { "http://127.0.0.1/", "a=1; Domain=127.0.0.1", "http://127.0.0.1/", "a=1" },
  { "http://127.0.0.1/", "a=1; Domain=0.0.1", "http://127.0.0.1/", NULL },
  { "http://[::1]/", "a=1", "http://[::1]/", "a=1" },
  { "http://localhost/", "a=1; Domain=localhost", "http://localhost/", "a=1" },
  { "http://localhost/", "a=1; Domain=localhost", "http://a.localhost/", NULL },
  { "http://localhost:8080/", "a=1", "http://localhost:9090/", "a=1" },

  /* paths */
  { "https://example.org/d/f", "a=1", "https://example.org/d/g", "a=1" },
  { "https://example.org/d/f", "a=1", "https://example.org/d", "a=1" },
  { "https://example.org/d/f", "a=1", "https://example.org/", NULL },
  { "https://example.org/d/f", "a=1", "https://example.org/dd", NULL },
  { "https://example.org/d/f", "a=1; Path=/", "https://example.org/", "a=1" },
  { "https://example.org/d/f", "a=1; Path=other", "https://example.org/d/", "a=1" },
  { "https://example.org/d/f", "a=1; Path=other", "https://example.org/other", NULL },
  { "https://example.org/", "a=1; Path=/x/", "https://example.org/x/y", "a=1" },
  { "https://example.org/", "a=1; Path=/x/", "https://example.org/x", NULL },
  { "https://example.org/", "a=1; Path=/x", "https://example.org/x/y", "a=1" },

  /* Secure and the prefixes */
  { "https://example.org/", "a=1; Secure", "https://example.org/", "a=1" },
  { "https://example.org/", "a=1; Secure", "http://example.org/", NULL },
  { "http://example.org/", "a=1; Secure", "https://example.org/", NULL },
  { "https://example.org/", "a=1", "http://example.org/", "a=1" },
  { "https://example.org/", "__Secure-a=1; Secure", "https://example.org/", "__Secure-a=1" },
  { "https://example.org/", "__Secure-a=1", "https://example.org/", NULL },
  { "https://example.org/", "__Host-a=1; Secure; Path=/", "https://example.org/", "__Host-a=1" },
  { "https://example.org/", "__Host-a=1; Secure", "https://example.org/", NULL },
  { "https://example.org/", "__Host-a=1; Path=/", "https://example.org/", NULL },
  { "https://example.org/", "__host-a=1; Path=/", "https://example.org/", NULL },
  { "https://example.org/",
    "__Host-a=1; Secure; Path=/; Domain=example.org",
    "https://example.org/",
    NULL },

  /* age */
  { "https://example.org/", "a=1; Max-Age=10", "https://example.org/", "a=1" },
  { "https://example.org/", "a=1; Max-Age=0", "https://example.org/", NULL },
  { "https://example.org/", "a=1; Max-Age=-1", "https://example.org/", NULL },
  { "https://example.org/", "a=1; Max-Age=-", "https://example.org/", "a=1" },
  { "https://example.org/", "a=1; Max-Age=1e3", "https://example.org/", "a=1" },
  { "https://example.org/", "a=1; Max-Age=99999999999999999999", "https://example.org/", "a=1" },
  { "https://example.org/",
    "a=1; Expires=Sat, 01-Jan-2000 00:00:00 GMT",
    "https://example.org/",
    NULL },
  { "https://example.org/",
    "a=1; Expires=Sat, 01 Jan 2099 00:00:00 GMT",
    "https://example.org/",
    "a=1" },
  { "https://example.org/",
    "a=1; Max-Age=10; Expires=Sat, 01 Jan 2000 00:00:00 GMT",
    "https://example.org/",
    "a=1" },
  { "https://example.org/",
    "a=1; Expires=Sat, 01 Jan 2099 00:00:00 GMT; Max-Age=0",
    "https://example.org/",
    NULL },
  { "https://example.org/", "a=1; Expires=never", "https://example.org/", "a=1" },
};

static GanUrl *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  GanUrl *url = gan_url_parse (text, &error);

  g_assert_no_error (error);
  return url;
}

static gboolean
store (GanCookieJar *jar, const char *site, const char *from, const char *cookie)
{
  g_autoptr (GanUrl) url = parse (from);

  return gan_cookie_jar_store (jar, site, url, cookie);
}

static void
assert_sent (GanCookieJar *jar, const char *site, const char *to, const char *expected)
{
  g_autoptr (GanUrl) url = parse (to);
  g_autofree char *header = gan_cookie_jar_dup_header (jar, site, url);

  g_assert_cmpstr (header, ==, expected);
}

static void
test_table (void)
{
  g_autoptr (GanFakeClock) clock = gan_fake_clock_new (NOW);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GanCookieJar) jar = gan_cookie_jar_new (GAN_CLOCK (clock));

      g_test_message ("%s from %s to %s", cases[i].cookie, cases[i].from, cases[i].to);
      store (jar, "", cases[i].from, cases[i].cookie);
      assert_sent (jar, "", cases[i].to, cases[i].expected);
    }
}

static void
test_sites_are_apart (void)
{
  g_autoptr (GanFakeClock) clock = gan_fake_clock_new (NOW);
  g_autoptr (GanCookieJar) jar = gan_cookie_jar_new (GAN_CLOCK (clock));

  store (jar, "one", "https://example.org/", "a=1");
  assert_sent (jar, "one", "https://example.org/", "a=1");
  assert_sent (jar, "two", "https://example.org/", NULL);
  assert_sent (jar, "", "https://example.org/", NULL);
}

static void
test_replaced_and_deleted (void)
{
  g_autoptr (GanFakeClock) clock = gan_fake_clock_new (NOW);
  g_autoptr (GanCookieJar) jar = gan_cookie_jar_new (GAN_CLOCK (clock));

  store (jar, "", "https://example.org/", "a=1; Path=/");
  store (jar, "", "https://example.org/", "a=2; Path=/");
  assert_sent (jar, "", "https://example.org/x", "a=2");
  store (jar, "", "https://example.org/", "a=3; Path=/x");
  assert_sent (jar, "", "https://example.org/x", "a=3; a=2");
  store (jar, "", "https://example.org/", "a=; Path=/; Max-Age=0");
  assert_sent (jar, "", "https://example.org/x", "a=3");
  assert_sent (jar, "", "https://example.org/", NULL);
}

static void
test_expires_with_time (void)
{
  g_autoptr (GanFakeClock) clock = gan_fake_clock_new (NOW);
  g_autoptr (GanCookieJar) jar = gan_cookie_jar_new (GAN_CLOCK (clock));

  store (jar, "", "https://example.org/", "a=1; Max-Age=60");
  store (jar, "", "https://example.org/", "b=2");
  gan_fake_clock_advance (clock, 59 * G_USEC_PER_SEC);
  assert_sent (jar, "", "https://example.org/", "a=1; b=2");
  gan_fake_clock_advance (clock, G_USEC_PER_SEC);
  assert_sent (jar, "", "https://example.org/", "b=2");
}

/* What came over https is not changed by whoever sits between an http page and us. */
static void
test_http_leaves_secure_cookies_alone (void)
{
  g_autoptr (GanFakeClock) clock = gan_fake_clock_new (NOW);
  g_autoptr (GanCookieJar) jar = gan_cookie_jar_new (GAN_CLOCK (clock));

  store (jar, "", "https://example.org/", "a=1; Secure; Domain=example.org");
  g_assert_false (store (jar, "", "http://example.org/", "a=2; Domain=example.org"));
  g_assert_false (store (jar, "", "http://www.example.org/", "a=2; Path=/"));
  g_assert_true (store (jar, "", "http://www.example.org/", "b=2"));
  assert_sent (jar, "", "https://www.example.org/", "a=1; b=2");
}

static void
test_order (void)
{
  g_autoptr (GanFakeClock) clock = gan_fake_clock_new (NOW);
  g_autoptr (GanCookieJar) jar = gan_cookie_jar_new (GAN_CLOCK (clock));

  store (jar, "", "https://example.org/", "old=1; Path=/");
  store (jar, "", "https://example.org/", "long=1; Path=/d/e");
  store (jar, "", "https://example.org/", "new=1; Path=/");
  assert_sent (jar, "", "https://example.org/d/e", "long=1; old=1; new=1");
}

static void
test_limits (void)
{
  g_autoptr (GanFakeClock) clock = gan_fake_clock_new (NOW);
  g_autoptr (GanCookieJar) jar = gan_cookie_jar_new (GAN_CLOCK (clock));
  g_autofree char *most = g_strnfill (GAN_LIMIT_COOKIE_BYTES - 1, 'x');
  g_autofree char *fits = g_strdup_printf ("a=%s", most);
  g_autofree char *too_large = g_strdup_printf ("ab=%s", most);
  g_autoptr (GanUrl) url = parse ("https://example.org/");
  g_autofree char *header = NULL;
  g_auto (GStrv) pairs = NULL;

  g_assert_true (store (jar, "", "https://example.net/", fits));
  g_assert_false (store (jar, "", "https://example.net/", too_large));

  for (guint i = 0; i < 2 * GAN_LIMIT_COOKIES_PER_HOST; i++)
    {
      g_autofree char *cookie = g_strdup_printf ("n%u=1", i);

      store (jar, "", "https://example.org/", cookie);
    }
  header = gan_cookie_jar_dup_header (jar, "", url);
  pairs = g_strsplit (header, "; ", -1);
  g_assert_cmpuint (g_strv_length (pairs), ==, GAN_LIMIT_COOKIES_PER_HOST);
  g_assert_cmpstr (pairs[GAN_LIMIT_COOKIES_PER_HOST - 1], ==, "n127=1");
}

/* However many hosts and however large: the jar and the header it makes stay bounded. */
static void
test_many_hosts (void)
{
  g_autoptr (GanFakeClock) clock = gan_fake_clock_new (NOW);
  g_autoptr (GanCookieJar) jar = gan_cookie_jar_new (GAN_CLOCK (clock));
  g_autofree char *large = g_strnfill (4000, 'x');
  g_autoptr (GanUrl) url = parse ("https://h1.example.org/");
  g_autofree char *header = NULL;

  for (guint i = 0; i < 2 * GAN_LIMIT_COOKIES; i++)
    {
      g_autofree char *from = g_strdup_printf ("https://h%u.example.org/", i);

      g_assert_true (store (jar, "", from, "a=1"));
    }
  assert_sent (jar, "", "https://h0.example.org/", NULL);
  assert_sent (jar, "", "https://h5999.example.org/", "a=1");

  for (guint i = 0; i < 40; i++)
    {
      g_autofree char *cookie = g_strdup_printf ("n%u=%s", i, large);

      store (jar, "", "https://h1.example.org/", cookie);
    }
  header = gan_cookie_jar_dup_header (jar, "", url);
  g_assert_cmpuint (strlen (header), <=, GAN_LIMIT_HEADER_BYTES / 2);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/cookie-jar/table", test_table);
  g_test_add_func ("/cookie-jar/sites-are-apart", test_sites_are_apart);
  g_test_add_func ("/cookie-jar/replaced-and-deleted", test_replaced_and_deleted);
  g_test_add_func ("/cookie-jar/expires-with-time", test_expires_with_time);
  g_test_add_func ("/cookie-jar/http-leaves-secure-alone", test_http_leaves_secure_cookies_alone);
  g_test_add_func ("/cookie-jar/order", test_order);
  g_test_add_func ("/cookie-jar/limits", test_limits);
  g_test_add_func ("/cookie-jar/many-hosts", test_many_hosts);
  return g_test_run ();
}
