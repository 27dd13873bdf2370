/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-limits.h"
#include "gan-record.h"
#include "gan-text.h"

#include <locale.h>
#include <math.h>
#include <string.h>

static const struct
{
  const char *text;
  gint64 value;
} counts[] = {
  { "0", 0 },
  { "42", 42 },
  { " 42\n", 42 },
  { "1.2K", 1200 },
  { "1.2k", 1200 },
  { "1,2K", 1200 },
  { "1.2 K", 1200 },
  { "3.4M", 3400000 },
  { "2.05B", 2050000000 },
  { "2 billion", 2050000000 - 50000000 },
  { "1.5 million", 1500000 },
  { "999.999K", 999999 },
  { "0.1234567K", 123 },
  { "1,234,567", 1234567 },
  { "1.234.567", 1234567 },
  { "1'234'567", 1234567 },
  { "1\xe2\x80\x99"
    "234",
    1234 },
  { "12 345", 12345 },
  { "12\xc2\xa0"
    "345",
    12345 },
  { "12\xe2\x80\xaf"
    "345\xe2\x80\xaf"
    "678",
    12345678 },
  { "12,34,567", 1234567 },
  { "1,234.56", 1234 },
  { "1.234,56", 1234 },
  { "1 234,5", 1234 },
  { "1,234.5K", 1234500 },
  { "1.234", 1234 },
  { "1.5", 1 },
  { "12.0", 12 },
  { "1000000000000000", GAN_LIMIT_COUNT },
  { "1000000000000001", GAN_UNKNOWN },
  { "1000000B", GAN_LIMIT_COUNT },
  { "9999999B", GAN_UNKNOWN },
  { "9223372036854775807", GAN_UNKNOWN },
  { "99999999999999999999999999999999999999", GAN_UNKNOWN },
  { "1,23", GAN_UNKNOWN },
  { "1234,567", GAN_UNKNOWN },
  { "1,234.567.8", GAN_UNKNOWN },
  { "1,234 567", GAN_UNKNOWN },
  { "-5", GAN_UNKNOWN },
  { "", GAN_UNKNOWN },
  { "K", GAN_UNKNOWN },
  { ".5K", GAN_UNKNOWN },
  { "12 monkeys", GAN_UNKNOWN },
  { "1.2 Mio", GAN_UNKNOWN },
  { "1e5", GAN_UNKNOWN },
  { "0x10", GAN_UNKNOWN },
  { "NaN", GAN_UNKNOWN },
  { "\xff", GAN_UNKNOWN },
  { NULL, GAN_UNKNOWN },
};

static void
test_to_int (void)
{
  g_autofree char *long_text = g_strnfill (100000, '1');

  for (gsize i = 0; i < G_N_ELEMENTS (counts); i++)
    {
      g_test_message ("%s", counts[i].text != NULL ? counts[i].text : "NULL");
      g_assert_cmpint (gan_text_to_int (counts[i].text), ==, counts[i].value);
    }
  g_assert_cmpint (gan_text_to_int (long_text), ==, GAN_UNKNOWN);
}

static void
test_sizes (void)
{
  static const struct
  {
    const char *text;
    gint64 bytes; /* -1: none */
  } in[] = {
    { "0", 0 },
    { "500000", 500000 },
    { "512K", 512 * 1024 },
    { "512k", 512 * 1024 },
    { "10M", 10 * 1024 * 1024 },
    { "1.5M", 1536 * 1024 },
    { "1.125K", 1152 },
    { "2G", G_GINT64_CONSTANT (2) << 30 },
    { "1T", G_GINT64_CONSTANT (1) << 40 },
    { "", -1 },
    { "K", -1 },
    { "-1", -1 },
    { "1.5", -1 },
    { "1.234", -1 },
    { "1,5M", -1 },
    { "10MB", -1 },
    { "10 M", -1 },
    { "10X", -1 },
    { "9999999999T", -1 },
    { "99999999999999999999", -1 },
    { NULL, -1 },
  };
  static const struct
  {
    gint64 bytes;
    const char *text;
  } out[] = {
    { 0, "0 B" },
    { 1023, "1023 B" },
    { 1024, "1.0 KiB" },
    { 12897485, "12.3 MiB" },
    { 1024 * 1024 - 1, "1023.9 KiB" },
    { 1024 * 1024, "1.0 MiB" },
    { G_GINT64_CONSTANT (5) << 30, "5.0 GiB" },
    { G_MAXINT64, "7.9 EiB" },
    { -1, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (in); i++)
    {
      gint64 bytes = -1;

      g_test_message ("%s", in[i].text != NULL ? in[i].text : "NULL");
      g_assert_cmpint (gan_text_to_size (in[i].text, &bytes), ==, in[i].bytes >= 0);
      if (in[i].bytes >= 0)
        g_assert_cmpint (bytes, ==, in[i].bytes);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (out); i++)
    {
      g_autofree char *text = gan_text_from_size (out[i].bytes);

      g_assert_cmpstr (text, ==, out[i].text);
    }
}

static const struct
{
  const char *text;
  double seconds;
} durations[] = {
  { "PT3M33S", 213 },
  { "pt3m33s", 213 },
  { "PT3M33.5S", 213.5 },
  { "PT3M33,5S", 213.5 },
  { "PT1H", 3600 },
  { "PT0S", 0 },
  { "P1DT2H", 93600 },
  { "P1W", 604800 },
  { "3:33", 213 },
  { "03:33", 213 },
  { "75:30", 4530 },
  { "1:02:03", 3723 },
  { "1:02:03.5", 3723.5 },
  { "1:00:00:00", 86400 },
  { "213", 213 },
  { "29.626", 29.626 },
  { "213.4s", 213.4 },
  { "213000ms", 213 },
  { "29626ms", 29.626 },
  { "3m33s", 213 },
  { "1h 2m 3s", 3723 },
  { "P1M", GAN_UNKNOWN },
  { "P1Y", GAN_UNKNOWN },
  { "PT", GAN_UNKNOWN },
  { "P", GAN_UNKNOWN },
  { "PT3", GAN_UNKNOWN },
  { "3:75", GAN_UNKNOWN },
  { "1:60:00", GAN_UNKNOWN },
  { "1:24:00:00", GAN_UNKNOWN },
  { "3.5:10", GAN_UNKNOWN },
  { "1:2:3:4:5", GAN_UNKNOWN },
  { "3:", GAN_UNKNOWN },
  { ":33", GAN_UNKNOWN },
  { "-3:33", GAN_UNKNOWN },
  { "-5", GAN_UNKNOWN },
  { "1000000000000000000", GAN_UNKNOWN },
  { "1e9", GAN_UNKNOWN },
  { "LIVE", GAN_UNKNOWN },
  { "NaN", GAN_UNKNOWN },
  { "inf", GAN_UNKNOWN },
  { "", GAN_UNKNOWN },
  { NULL, GAN_UNKNOWN },
};

static void
test_durations (void)
{
  static const struct
  {
    double seconds;
    const char *text;
  } out[] = {
    { 0, "0:00" },       { 9.9, "0:09" },         { 213.4, "3:33" }, { 3599, "59:59" },
    { 3723, "1:02:03" }, { 360000, "100:00:00" }, { -1, NULL },      { 1e18, NULL },
    { NAN, NULL },       { INFINITY, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (durations); i++)
    {
      g_test_message ("%s", durations[i].text != NULL ? durations[i].text : "NULL");
      g_assert_cmpfloat (gan_text_to_duration (durations[i].text), ==, durations[i].seconds);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (out); i++)
    {
      g_autofree char *text = gan_text_from_duration (out[i].seconds);

      g_assert_cmpstr (text, ==, out[i].text);
    }
}

static const struct
{
  const char *text;
  const char *utc; /* NULL: none */
} times[] = {
  { "2026-01-31T12:00:00Z", "2026-01-31T12:00:00Z" },
  { "2026-01-31t12:00:00z", "2026-01-31T12:00:00Z" },
  { "2026-01-31T12:00:00+01:00", "2026-01-31T11:00:00Z" },
  { "2026-01-31T12:00:00-0530", "2026-01-31T17:30:00Z" },
  { "2026-01-31T12:00:00+01", "2026-01-31T11:00:00Z" },
  { "2026-01-31T12:00:00.123456Z", "2026-01-31T12:00:00Z" },
  { "2026-01-31T12:00:00", "2026-01-31T12:00:00Z" },
  { "2026-01-31T12:00", "2026-01-31T12:00:00Z" },
  { "2026-01-31 12:00:00 UTC", "2026-01-31T12:00:00Z" },
  { "2026-01-31 12:00:00 +0100", "2026-01-31T11:00:00Z" },
  { "20260131T120000Z", "2026-01-31T12:00:00Z" },
  { "2026-01-31", "2026-01-31T00:00:00Z" },
  { "20260131", "2026-01-31T00:00:00Z" },
  { "2024-02-29", "2024-02-29T00:00:00Z" },
  { "2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z" },
  { "Sun, 06 Nov 1994 08:49:37 GMT", "1994-11-06T08:49:37Z" },
  { "Sunday, 06-Nov-94 08:49:37 GMT", "1994-11-06T08:49:37Z" },
  { "Sun Nov  6 08:49:37 1994", "1994-11-06T08:49:37Z" },
  { "Wed Mar 12 22:44:33 +0000 2025", "2025-03-12T22:44:33Z" },
  { "Wed, 12 Mar 2025 23:44:33 +0100", "2025-03-12T22:44:33Z" },
  { "12 March 2025", "2025-03-12T00:00:00Z" },
  { "Mar 12, 2025", "2025-03-12T00:00:00Z" },
  { "0", "1970-01-01T00:00:00Z" },
  { "1741819473", "2025-03-12T22:44:33Z" },
  { "1741819473.9", "2025-03-12T22:44:33Z" },
  { "1741819473000", "2025-03-12T22:44:33Z" },
  { "1741819473000000", "2025-03-12T22:44:33Z" },
  { "7289654399", "2200-12-31T23:59:59Z" },
  { "2200-12-31T23:59:59Z", "2200-12-31T23:59:59Z" },
  { "7289654400", NULL },
  { "2201-01-01", NULL },
  { "1969-12-31", NULL },
  { "1970-01-01T00:00:00+01:00", NULL },
  { "999999-01-01", NULL },
  { "2026-02-29", NULL },
  { "2026-13-01", NULL },
  { "2026-00-00", NULL },
  { "2026-01-31T24:00:00Z", NULL },
  { "2026-01-31T12:60:00Z", NULL },
  { "2026-01-31T12:00:00+99:00", NULL },
  { "2026-01-31T12:00:00 EST", NULL },
  { "2026-01-31x", NULL },
  { "2026-01-31T", NULL },
  { "2026-1-31", NULL },
  { "1000000000000000000000", NULL },
  { "-1", NULL },
  { "yesterday", NULL },
  { "Sun", NULL },
  { "12 Foo 2025", NULL },
  { "12 Mar 2025 2026", NULL },
  { "", NULL },
  { NULL, NULL },
};

static void
test_times (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (times); i++)
    {
      g_autofree char *utc = NULL;

      g_test_message ("%s", times[i].text != NULL ? times[i].text : "NULL");
      utc = gan_text_from_time (gan_text_to_time (times[i].text));
      g_assert_cmpstr (utc, ==, times[i].utc);
    }
}

static void
test_tags (void)
{
  static const struct
  {
    const char *text;
    const char *hashtags;
    const char *mentions;
  } cases[] = {
    { "#one two #Three_3, #one!", "one Three_3", "" },
    { "(#a) #b#c", "a b", "" },
    { "#2024 #2024a", "2024a", "" },
    { "#\xe6\x97\xa5\xe6\x9c\xac \xef\xbc\x83stra\xc3\x9f"
      "e",
      "\xe6\x97\xa5\xe6\x9c\xac stra\xc3\x9f"
      "e",
      "" },
    { "&#39; https://example.org/#top x#y # ##", "", "" },
    { "@some.one. hi @two, mail me@example.org", "", "some.one two" },
    { "https://example.org/@user @@x @", "", "" },
    { "", "", "" },
    { NULL, "", "" },
  };
  g_autoptr (GString) many = g_string_new (NULL);
  g_auto (GStrv) bounded = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (GStrv) hashtags = gan_text_to_hashtags (cases[i].text);
      g_auto (GStrv) mentions = gan_text_to_mentions (cases[i].text);
      g_autofree char *joined_hashtags = g_strjoinv (" ", hashtags);
      g_autofree char *joined_mentions = g_strjoinv (" ", mentions);

      g_assert_cmpstr (joined_hashtags, ==, cases[i].hashtags);
      g_assert_cmpstr (joined_mentions, ==, cases[i].mentions);
    }
  for (guint i = 0; i < 2 * GAN_LIMIT_LIST_ENTRIES; i++)
    g_string_append_printf (many, "#t%u ", i);
  bounded = gan_text_to_hashtags (many->str);
  g_assert_cmpuint (g_strv_length (bounded), ==, GAN_LIMIT_LIST_ENTRIES);
}

static const struct
{
  const char *text;
  gsize max_bytes;
  const char *clean;
} dirty[] = {
  { "plain", 100, "plain" },
  { "  a \t\r\n b\xe2\x80\xa8"
    "c  ",
    100,
    "a b c" },
  { "a\x01\x1b[31mb\x7f\xc2\x9b"
    "c",
    100,
    "a[31mbc" },
  { "\xe2\x80\xae"
    "gpm.exe",
    100,
    "gpm.exe" },
  { "a\xe2\x81\xa6"
    "b\xe2\x81\xa9\xe2\x80\x8b\xef\xbb\xbf\xc2\xad"
    "c",
    100,
    "abc" },
  { "a\xe2\x80\x8d"
    "b\xe2\x80\x8c",
    100,
    "ab" },
  /* family: joiners between emoji stay */
  { "\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9",
    100,
    "\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9" },
  { "\xf0\x9f\x91\xa8\xe2\x80\x8d"
    "a",
    100,
    "\xf0\x9f\x91\xa8"
    "a" },
  { "\xf0\x9f\x91\xa8\xe2\x80\x8d", 100, "\xf0\x9f\x91\xa8" },
  { "e\xcc\x81", 100, "\xc3\xa9" },
  { "a\xff"
    "b",
    100,
    "a\xef\xbf\xbd"
    "b" },
  { "\xc3\xa9\xc3\xa9\xc3\xa9", 5, "\xc3\xa9\xc3\xa9" },
  { "ab cd", 3, "ab" },
  { "abc", 0, "" },
  { " \n ", 10, "" },
  { NULL, 10, NULL },
};

static void
test_sanitize (void)
{
  g_autofree char *marks = NULL;
  g_autofree char *clean = NULL;
  GString *stack = g_string_new ("x");

  for (gsize i = 0; i < G_N_ELEMENTS (dirty); i++)
    {
      g_autofree char *result = gan_text_sanitize (dirty[i].text, dirty[i].max_bytes);

      g_test_message ("case %" G_GSIZE_FORMAT, i);
      g_assert_cmpstr (result, ==, dirty[i].clean);
    }
  for (guint i = 0; i < 10000; i++)
    g_string_append (stack, "\xcd\x96");
  marks = g_string_free (stack, FALSE);
  clean = gan_text_sanitize (marks, 100000);
  g_assert_cmpuint (strlen (clean), <, 32);
}

static void
test_first_line (void)
{
  static const struct
  {
    const char *text;
    gsize max_chars;
    const char *line;
  } cases[] = {
    { "one\ntwo", 100, "one" },
    { "\n \r\n one \r\ntwo", 100, "one" },
    { "one\xe2\x80\xa8two", 100, "one" },
    { "one two three", 8, "one two" },
    { "one two three", 7, "one two" },
    { "one two three", 13, "one two three" },
    { "one  two", 4, "one" },
    { "abcdef", 3, "abc" },
    { "\xc3\xa4\xc3\xb6\xc3\xbc x", 3, "\xc3\xa4\xc3\xb6\xc3\xbc" },
    { "\xc3\xa4\xc3\xb6\xc3\xbcx", 3, "\xc3\xa4\xc3\xb6\xc3\xbc" },
    { "   ", 10, NULL },
    { "", 10, NULL },
    { "x", 0, NULL },
    { NULL, 10, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *line = gan_text_first_line (cases[i].text, cases[i].max_chars);

      g_test_message ("case %" G_GSIZE_FORMAT, i);
      g_assert_cmpstr (line, ==, cases[i].line);
    }
}

static void
test_html_unescape (void)
{
  static const struct
  {
    const char *text;
    const char *plain;
  } cases[] = {
    { "a &amp; b &lt;c&gt; &quot;d&quot; &apos;e&#39;", "a & b <c> \"d\" 'e'" },
    { "&amp;lt;", "&lt;" },
    { "&eacute;&euro;&nbsp;&hellip;", "\xc3\xa9\xe2\x82\xac\xc2\xa0\xe2\x80\xa6" },
    { "&#x1F600;&#X41;&#65;",
      "\xf0\x9f\x98\x80"
      "AA" },
    { "&#128;&#150;", "\xe2\x82\xac\xe2\x80\x93" },
    { "&#0;&#xD800;&#x110000;&#99999999999999999999;&#4294967361;",
      "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
    { "&;&#;&#x;&#xg;&nosuch;&amp &", "&;&#;&#x;&#xg;&nosuch;&amp &" },
    { "a&b=1&c=2;", "a&b=1&c=2;" },
    { "\xff&amp;", "\xef\xbf\xbd&" },
    { "", "" },
    { NULL, NULL },
  };
  g_autofree char *ampersands = g_strnfill (1000000, '&');
  g_autofree char *unchanged = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *plain = gan_text_html_unescape (cases[i].text);

      g_assert_cmpstr (plain, ==, cases[i].plain);
    }
  unchanged = gan_text_html_unescape (ampersands);
  g_assert_cmpstr (unchanged, ==, ampersands);
}

static void
test_for_terminal (void)
{
  static const struct
  {
    const char *text;
    const char *shown;
  } cases[] = {
    { "plain \xc3\xa9", "plain \xc3\xa9" },
    { "\x1b]0;owned\x07", "\\x1b]0;owned\\x07" },
    { "a\nb\tc\rd", "a\\nb\\tc\\rd" },
    { "\x7f\xc2\x9b"
      "2J",
      "\\x7f\\x9b2J" },
    { "\xe2\x80\xae"
      "gpm.exe",
      "\\u202egpm.exe" },
    { "\xe2\x80\x8b\xe2\x80\xa8", "\\u200b\\u2028" },
    { "\xff", "\xef\xbf\xbd" },
    { "%s%n", "%s%n" },
    { NULL, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *shown = gan_text_for_terminal (cases[i].text);

      g_assert_cmpstr (shown, ==, cases[i].shown);
    }
}

/* Every function takes whatever comes and gives back valid UTF-8. */
static void
test_garbage (void)
{
  for (guint round = 0; round < 3000; round++)
    {
      char garbage[48];
      g_autofree char *clean = NULL;
      g_autofree char *plain = NULL;
      g_autofree char *shown = NULL;
      g_autofree char *line = NULL;
      g_auto (GStrv) hashtags = NULL;
      g_auto (GStrv) mentions = NULL;
      gint64 bytes;

      for (gsize i = 0; i < sizeof garbage - 1; i++)
        {
          static const char often[] = "&#x;@0123456789:.,-+TPZ KMB\xe2\x80\x8d\xcc\x81\n";

          garbage[i] = g_test_rand_bit () ? (char) g_test_rand_int_range (1, 256)
                                          : often[g_test_rand_int_range (0, sizeof often - 1)];
        }
      garbage[g_test_rand_int_range (0, sizeof garbage)] = '\0';
      garbage[sizeof garbage - 1] = '\0';

      clean = gan_text_sanitize (garbage, 20);
      plain = gan_text_html_unescape (garbage);
      shown = gan_text_for_terminal (garbage);
      line = gan_text_first_line (garbage, 5);
      hashtags = gan_text_to_hashtags (garbage);
      mentions = gan_text_to_mentions (garbage);
      g_assert_cmpuint (strlen (clean), <=, 20);
      g_assert_true (g_utf8_validate (clean, -1, NULL));
      g_assert_true (g_utf8_validate (plain, -1, NULL));
      g_assert_true (g_utf8_validate (shown, -1, NULL));
      g_assert_true (line == NULL || g_utf8_strlen (line, -1) <= 5);
      g_assert_cmpint (gan_text_to_int (garbage), <=, GAN_LIMIT_COUNT);
      g_assert_cmpfloat (gan_text_to_duration (garbage), <=, GAN_LIMIT_DURATION_SECONDS);
      g_assert_cmpint (gan_text_to_time (garbage), <=, GAN_LIMIT_TIME_SECONDS);
      if (gan_text_to_size (garbage, &bytes))
        g_assert_cmpint (bytes, >=, 0);
    }
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/text/to-int", test_to_int);
  g_test_add_func ("/text/sizes", test_sizes);
  g_test_add_func ("/text/durations", test_durations);
  g_test_add_func ("/text/times", test_times);
  g_test_add_func ("/text/tags", test_tags);
  g_test_add_func ("/text/sanitize", test_sanitize);
  g_test_add_func ("/text/first-line", test_first_line);
  g_test_add_func ("/text/html-unescape", test_html_unescape);
  g_test_add_func ("/text/for-terminal", test_for_terminal);
  g_test_add_func ("/text/garbage", test_garbage);
  return g_test_run ();
}
