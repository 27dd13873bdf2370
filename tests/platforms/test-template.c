/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "gan-error.h"
#include "gan-limits.h"
#include "gan-template-private.h"

#include <string.h>

/* captures: "name=value" pairs joined by a space; NULL: does not fit. */
typedef struct
{
  const char *template;
  const char *url;
  const char *captures;
} Case;

static const Case path_cases[] = {
  { "/", "https://e.org", "" },
  { "/", "https://e.org/", "" },
  { "/", "https://e.org/a", NULL },
  { "/**", "https://e.org/", "" },
  { "/**", "https://e.org/a/b/c", "" },
  { "/{user:word}", "https://e.org/ann", "user=ann" },
  { "/{user:word}", "https://e.org/ann/", "user=ann" },
  { "/{user:word}", "https://e.org//ann", "user=ann" },
  { "/{user:word}", "https://e.org/ann.b", NULL },
  { "/{user:word}", "https://e.org/ann/x", NULL },
  { "/{user:word}", "https://e.org/", NULL },
  { "/{user:word(4,6)}", "https://e.org/ann", NULL },
  { "/{user:word(4,6)}", "https://e.org/anna", "user=anna" },
  { "/{user:word(4,6)}", "https://e.org/annabel", NULL },
  { "/@{user:word}/video/{id:digits}", "https://e.org/@ann/video/7", "id=7 user=ann" },
  { "/@{user:word}/video/{id:digits}", "https://e.org/ann/video/7", NULL },
  { "/@{user:word}/video/{id:digits}", "https://e.org/@ann/VIDEO/7", NULL },
  { "/@{user:word}/video/{id:digits}", "https://e.org/@ann/video/7x", NULL },
  { "/{u:word}/status/{id:digits}/**", "https://e.org/ann/status/1", "id=1 u=ann" },
  { "/{u:word}/status/{id:digits}/**", "https://e.org/ann/status/1/photo/2", "id=1 u=ann" },
  { "/{u:word}/status/{id:digits}/**", "https://e.org/ann/status/", NULL },
  { "/{u:word}/status/{id:digits}", "https://e.org/ann/status/123456789012345678901", NULL },
  { "/v/{id:digits}.html", "https://e.org/v/12.html", "id=12" },
  { "/v/{id:digits}.html", "https://e.org/v/12.htm", NULL },
  { "/v/{id:digits}.html", "https://e.org/v/.html", NULL },
  { "/watch?v={id:yt}", "https://e.org/watch?v=abcdefghijk", "id=abcdefghijk" },
  { "/watch?v={id:yt}", "https://e.org/watch?t=3&v=abcdefghijk&x", "id=abcdefghijk" },
  { "/watch?v={id:yt}", "https://e.org/watch?v=abc&v=abcdefghijk", "id=abcdefghijk" },
  { "/watch?v={id:yt}", "https://e.org/watch?v=abcdefghij", NULL },
  { "/watch?v={id:yt}", "https://e.org/watch?vv=abcdefghijk", NULL },
  { "/watch?v={id:yt}", "https://e.org/watch?xv=abcdefghijk", NULL },
  { "/watch?v={id:yt}", "https://e.org/watch", NULL },
  { "/watch?v={id:yt}", "https://e.org/watch#v=abcdefghijk", NULL },
  { "/p?single", "https://e.org/p?single", "" },
  { "/p?single", "https://e.org/p?a=1&single=yes", "" },
  { "/p?single", "https://e.org/p?singles", NULL },
  { "/p?type=a&id={id:digits}", "https://e.org/p?id=3&type=a", "id=3" },
  { "/p?type=a&id={id:digits}", "https://e.org/p?id=3&type=b", NULL },
  { "/p?q={q:any}", "https://e.org/p?q=a+b%21", "q=a b!" },
  { "/t/{name:any}", "https://e.org/t/a+b%20c", "name=a+b c" },
  { "/t/{name:any}", "https://e.org/t/%C3%A9t%C3%A9", "name=\xc3\xa9t\xc3\xa9" },
  { "/t/{name:any}", "https://e.org/t/%FF%FE", NULL },
  { "/t/{name:any}", "https://e.org/t/a%0Ab", NULL },
  { "/t/{name:slug}", "https://e.org/t/a-b.c~d", "name=a-b.c~d" },
  { "/t/{name:alnum}", "https://e.org/t/a_b", NULL },
  { "/t/{id:uuid}",
    "https://e.org/t/01234567-89ab-cdef-0123-456789abcdef",
    "id=01234567-89ab-cdef-0123-456789abcdef" },
  { "/t/{id:uuid}", "https://e.org/t/01234567-89ab-cdef-0123-456789abcdeg", NULL },
};

static const Case host_cases[] = {
  { "exm.pl", "https://exm.pl/", "" },
  { "exm.pl", "https://www.exm.pl/", "" },
  { "exm.pl", "https://EXM.pl/", "" },
  { "Exm.pl", "https://mobile.exm.pl/", "" },
  { "exm.pl", "https://exm.pl.evil.org/", NULL },
  { "exm.pl", "https://evilexm.pl/", NULL },
  { "exm.pl", "https://a.exm.pl/", NULL },
  { "www.exm.pl", "https://www.exm.pl/", "" },
  { "www.exm.pl", "https://exm.pl/", NULL },
  { "{user:word}.e.org", "https://ann.e.org/", "user=ann" },
  { "{user:word}.e.org", "https://www.ann.e.org/", "user=ann" },
  { "{user:word}.e.org", "https://www.e.org/", NULL },
  { "{user:word}.e.org", "https://m.e.org/", NULL },
  { "{user:word}.e.org", "https://a.b.e.org/", NULL },
  { "{user:word}.e.org", "https://e.org/", NULL },
};

static int
compare_strings (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static char *
join_captures (GHashTable *captures)
{
  g_autoptr (GPtrArray) pairs = g_ptr_array_new_with_free_func (g_free);
  GHashTableIter iter;
  gpointer name;
  gpointer value;

  g_hash_table_iter_init (&iter, captures);
  while (g_hash_table_iter_next (&iter, &name, &value))
    g_ptr_array_add (pairs, g_strdup_printf ("%s=%s", (char *) name, (char *) value));
  g_ptr_array_sort (pairs, compare_strings);
  g_ptr_array_add (pairs, NULL);
  return g_strjoinv (" ", (char **) pairs->pdata);
}

static void
check_case (const Case *test, gboolean is_host)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GanTemplate) template = is_host ? gan_template_new_host (test->template, &error)
                                             : gan_template_new (test->template, &error);
  g_autoptr (GanUrl) url = gan_url_parse (test->url, &error);
  g_autoptr (GHashTable) captures = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autofree char *found = NULL;
  GanTemplateSubject subject;

  g_assert_no_error (error);
  g_assert_cmpstr (gan_template_get_text (template), ==, test->template);
  gan_template_subject_init (&subject, url);
  if (gan_template_match_subject (template, &subject, captures))
    found = join_captures (captures);
  else
    g_assert_cmpuint (g_hash_table_size (captures), ==, 0);
  if (g_strcmp0 (found, test->captures) != 0)
    g_test_message ("%s on %s", test->template, test->url);
  g_assert_cmpstr (found, ==, test->captures);
}

static void
test_paths (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (path_cases); i++)
    check_case (&path_cases[i], FALSE);
}

static void
test_hosts (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (host_cases); i++)
    check_case (&host_cases[i], TRUE);
}

static void
test_public_match (void)
{
  g_autoptr (GanTemplate) template = gan_template_new ("/{a:word}/{b:digits}", NULL);
  g_autoptr (GanUrl) fits = gan_url_parse ("https://e.org/x/1", NULL);
  g_autoptr (GanUrl) other = gan_url_parse ("https://e.org/x/y", NULL);
  g_autoptr (GHashTable) captures = gan_template_match (template, fits);

  g_assert_cmpstr (g_hash_table_lookup (captures, "a"), ==, "x");
  g_assert_cmpstr (g_hash_table_lookup (captures, "b"), ==, "1");
  g_assert_null (gan_template_match (template, other));
}

static void
test_bad (void)
{
  static const char *const bad[]
      = { "",
          "x",
          "/a/**/b",
          "/a//b",
          "/a/",
          "/{a}",
          "/{a:word",
          "/a:word}",
          "/{:word}",
          "/{A:word}",
          "/{a:nothing}",
          "/{a:word}{b:word}",
          "/{a:word}/{a:word}",
          "/{a:word()}",
          "/{a:word(2)}",
          "/{a:word(3,2)}",
          "/{a:word(0,5)}",
          "/{a:digits(1,21)}",
          "/{a:yt(1,11)}",
          "/*",
          "/a b",
          "/a#b",
          "/\xc3\xa9",
          "/a?",
          "/a?={v:word}",
          "/a?{v:word}=1",
          "/a?b=1&c=2&d=3&e=4&f=5",
          "/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17",
          "/{a:word}/{b:word}/{c:word}/{d:word}/{e:word}/{f:word}/{g:word}/{h:word}/{i:word}" };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GanTemplate) template = gan_template_new (bad[i], &error);

      if (template != NULL)
        g_test_message ("%s", bad[i]);
      g_assert_null (template);
      g_assert_true (gan_error_matches (error, GAN_ERROR_INVALID_DATA));
      g_assert_nonnull (strstr (error->message, bad[i]));
    }
}

static void
test_bad_host (void)
{
  static const char *const bad[]
      = { "a..b", ".a", "a.", "**.a", "{a:word}.{a:word}.org", "a b.org" };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (gan_template_new_host (bad[i], &error));
      g_assert_true (gan_error_matches (error, GAN_ERROR_INVALID_DATA));
    }
}

/* The longest URL there may be, of the kind that makes a backtracking matcher take years, against
 * templates that nearly fit. A million bytes are looked at in all. */
static void
test_linear (void)
{
  static const char *const templates[]
      = { "/{a:any}/{b:any}/{c:any}/end", "/a/**", "/{a:word}x", "/a?q={q:word}x&r={r:word}y" };
  g_autoptr (GString) text = g_string_new ("https://e.org/");
  g_autoptr (GanUrl) url = NULL;
  g_autoptr (GTimer) timer = NULL;

  while (text->len < GAN_LIMIT_URL_BYTES - 100)
    g_string_append (text, text->len % 3 == 0 ? "a/" : "aaaa");
  g_string_append (text, "?q=aaaaaa&q=aaaaaaay&q=aaaaaaaaax&r=aaaaaaaaa");
  url = gan_url_parse (text->str, NULL);
  g_assert_nonnull (url);
  timer = g_timer_new ();
  for (guint i = 0; i < 128; i++)
    {
      g_autoptr (GanTemplate) template
          = gan_template_new (templates[i % G_N_ELEMENTS (templates)], NULL);
      g_autoptr (GHashTable) captures = gan_template_match (template, url);

      g_assert_null (captures);
    }
  g_assert_cmpfloat (g_timer_elapsed (timer, NULL), <, 1.0);
}

static void
test_many_segments (void)
{
  g_autoptr (GanTemplate) template = gan_template_new ("/{a:word}/**", NULL);
  g_autoptr (GanTemplate) exact
      = gan_template_new ("/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16", NULL);
  g_autoptr (GanUrl) url
      = gan_url_parse ("https://e.org/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17/18", NULL);
  g_autoptr (GHashTable) captures = gan_template_match (template, url);

  g_assert_nonnull (captures);
  g_assert_null (gan_template_match (exact, url));
}

static char *
expand (const char *pattern, const char *value, GError **error)
{
  g_autoptr (GHashTable) values = g_hash_table_new (g_str_hash, g_str_equal);

  g_hash_table_insert (values, (gpointer) "v", (gpointer) value);
  return gan_template_expand (pattern, values, error);
}

static void
test_expand (void)
{
  static const struct
  {
    const char *pattern;
    const char *value;
    const char *result; /* NULL: refused */
  } cases[] = {
    { "https://e.org/{v}", "a", "https://e.org/a" },
    { "https://e.org/{v}", "a/b?c#d", "https://e.org/a%2Fb%3Fc%23d" },
    { "https://e.org/{v}/x", "\xc3\xa9 %", "https://e.org/%C3%A9%20%25/x" },
    { "https://e.org/{v}/x", "..", NULL },
    { "https://e.org/{v}/x", ".", NULL },
    { "https://e.org/{v}/x", "", NULL },
    { "https://e.org/x?a={v}", "", "https://e.org/x?a=" },
    { "https://e.org/x?a={v}&b=1", "1&b=2 +", "https://e.org/x?a=1%26b%3D2%20%2B&b=1" },
    { "https://e.org/x?a={v}", "{\"x\":[1]}", "https://e.org/x?a=%7B%22x%22%3A%5B1%5D%7D" },
    { "https://{v}.e.org/", "ann", "https://ann.e.org/" },
    { "https://{v}.e.org/", "evil.org/", NULL },
    { "https://{v}.e.org/", "a.b", NULL },
    { "https://{v}.e.org/", "", NULL },
    { "https://{v}.e.org/", "u@x", NULL },
    { "https://e.org?u={v}", "a/b", "https://e.org?u=a%2Fb" },
    { "https://e.org/{v}/{v}", "a", "https://e.org/a/a" },
    { "https://e.org/{w}", "a", NULL },
    { "https://e.org/{v", "a", NULL },
    { "https://e.org/v}", "a", NULL },
    { "https://e.org/{}", "a", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *result = expand (cases[i].pattern, cases[i].value, &error);

      g_assert_cmpstr (result, ==, cases[i].result);
      g_assert_true ((result == NULL) == (error != NULL));
    }
}

static void
test_expand_plain (void)
{
  g_autoptr (GHashTable) values = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree char *text = NULL;
  g_auto (GStrv) names = gan_template_dup_names ("{user}/{id}", NULL);

  g_hash_table_insert (values, (gpointer) "user", (gpointer) "a b");
  g_hash_table_insert (values, (gpointer) "id", (gpointer) "1");
  text = gan_template_expand_plain ("{user}/{id}", values, NULL);
  g_assert_cmpstr (text, ==, "a b/1");
  g_assert_cmpuint (g_strv_length (names), ==, 2);
  g_assert_cmpstr (names[0], ==, "user");
  g_assert_cmpstr (names[1], ==, "id");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/template/paths", test_paths);
  g_test_add_func ("/template/hosts", test_hosts);
  g_test_add_func ("/template/public-match", test_public_match);
  g_test_add_func ("/template/bad", test_bad);
  g_test_add_func ("/template/bad-host", test_bad_host);
  g_test_add_func ("/template/linear", test_linear);
  g_test_add_func ("/template/many-segments", test_many_segments);
  g_test_add_func ("/template/expand", test_expand);
  g_test_add_func ("/template/expand-plain", test_expand_plain);
  return g_test_run ();
}
