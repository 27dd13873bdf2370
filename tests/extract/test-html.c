/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-error.h"
#include "gan-html.h"
#include "gan-limits.h"

#include <glib/gstdio.h>
#include <string.h>

static GanHtml *
parse (const char *page)
{
  g_autoptr (GError) error = NULL;
  GanHtml *html = gan_html_parse (page, -1, &error);

  g_assert_no_error (error);
  return html;
}

static void
assert_found (GanHtml *html, const char *selector, const char *expected)
{
  GanHtmlNode *node = gan_html_find (html, NULL, selector);
  g_autofree char *id = gan_html_dup_attribute (node, "id");

  g_test_message ("%s", selector);
  g_assert_cmpstr (id, ==, expected);
}

static void
test_selectors (void)
{
  g_autoptr (GanHtml) html = parse (
      "<body><div id=a class='x  y'><p id=b data-k='?q=%23tag' lang=de><i id=c class=z></i></p></div>"
      "<p id=d class=y></p></body>");

  assert_found (html, "div", "a");
  assert_found (html, "DIV", "a");
  assert_found (html, ".y", "a");
  assert_found (html, ".x.y", "a");
  assert_found (html, "p.y", "d");
  assert_found (html, "#c", "c");
  assert_found (html, "[data-k]", "b");
  assert_found (html, "p[lang=de]", "b");
  assert_found (html, "p[lang=\"de\"]", "b");
  assert_found (html, "[data-k^=\"?q=%23\"]", "b");
  assert_found (html, "[data-k*=tag]", "b");
  assert_found (html, "div i.z", "c");
  assert_found (html, "body .x i", "c");
  assert_found (html, "table, i", "c");
  assert_found (html, ".xy", NULL);
  assert_found (html, "p.x", NULL);
  assert_found (html, "i div", NULL);
  assert_found (html, "p[lang=en]", NULL);
  assert_found (html, "[data-k^=tag]", NULL);
}

static void
test_scope (void)
{
  g_autoptr (GanHtml) html
      = parse ("<div id=one><b id=p></b></div><div id=two><b id=q></b></div><b></b>");
  GanHtmlNode *two = gan_html_find (html, NULL, "#two");
  g_autoptr (GPtrArray) all = gan_html_find_all (html, NULL, "b");
  g_autoptr (GPtrArray) below = gan_html_find_all (html, two, "b");
  g_autofree char *id = NULL;

  g_assert_cmpuint (all->len, ==, 3);
  g_assert_cmpuint (below->len, ==, 1);
  id = gan_html_dup_attribute (g_ptr_array_index (below, 0), "id");
  g_assert_cmpstr (id, ==, "q");
  g_assert_null (gan_html_find (html, two, "div"));
  g_assert_true (gan_html_get_ancestor (g_ptr_array_index (below, 0), "div") == two);
  g_assert_null (gan_html_get_ancestor (two, "div"));
}

static void
assert_text (const char *page, const char *expected)
{
  g_autoptr (GanHtml) html = parse (page);
  g_autofree char *text = gan_html_dup_text (gan_html_find (html, NULL, "#t"));

  g_assert_cmpstr (text, ==, expected);
}

static void
test_text (void)
{
  assert_text ("<p id=t>one<br>two<br/>three</p>", "one\ntwo\nthree");
  assert_text ("<p id=t> a \n  b\t c </p>", "a b c");
  assert_text ("<div id=t>a<div>b</div>c</div>", "a\nb\nc");
  assert_text ("<div id=t>a<script>x()</script><style>y</style> b</div>", "a b");
  assert_text ("<p id=t>&lt;b&gt; &amp;amp; caf&eacute; &#x1F600;</p>", "<b> &amp; café 😀");
  assert_text ("<p id=t><i></i></p>", NULL);
}

static void
test_attributes (void)
{
  g_autoptr (GanHtml) html = parse (
      "<head><base href='/b/'><meta name=x content=' '><meta property='og:title' content='A &amp; B'>"
      "<meta name='og:title' content='second'></head>"
      "<i class='one two' style=\"width:1px;background-image:url('https://example.org/a?b=1&amp;amp;c=2')\">"
      "</i><u style='background:url(plain.png)'></u><s style='color:red'></s>");
  g_autofree char *title = gan_html_dup_meta (html, "og:title");
  g_autofree char *blank = gan_html_dup_meta (html, "x");
  g_autofree char *base = gan_html_dup_base_url (html);
  g_autofree char *quoted = gan_html_dup_style_url (gan_html_find (html, NULL, "i"));
  g_autofree char *bare = gan_html_dup_style_url (gan_html_find (html, NULL, "u"));
  g_autofree char *none = gan_html_dup_style_url (gan_html_find (html, NULL, "s"));

  g_assert_cmpstr (title, ==, "A & B");
  g_assert_null (blank);
  g_assert_cmpstr (base, ==, "/b/");
  g_assert_cmpstr (quoted, ==, "https://example.org/a?b=1&c=2");
  g_assert_cmpstr (bare, ==, "plain.png");
  g_assert_null (none);
  g_assert_true (gan_html_has_class (gan_html_find (html, NULL, "i"), "two"));
  g_assert_false (gan_html_has_class (gan_html_find (html, NULL, "i"), "tw"));
  g_assert_false (gan_html_has_class (NULL, "two"));
  g_assert_null (gan_html_dup_text (NULL));
}

/* What is no page, or no sane one, ends as an error or as a small tree; never as a crash or a deep
 * recursion. */
static void
test_hostile (void)
{
  g_autoptr (GString) deep = g_string_new (NULL);
  g_autofree char *large = g_strnfill (GAN_LIMIT_PAGE_BYTES + 1, 'a');
  g_autoptr (GanHtml) tree = NULL;
  g_autoptr (GanHtml) none = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) size_error = NULL;

  for (guint i = 0; i < 100000; i++)
    g_string_append (deep, "<div class=a>");
  tree = gan_html_parse (deep->str, deep->len, NULL);
  if (tree != NULL)
    g_assert_nonnull (gan_html_find (tree, NULL, ".a"));

  none = gan_html_parse ("", 0, &error);
  g_assert_error (error, GAN_ERROR, GAN_ERROR_INVALID_DATA);
  g_assert_null (none);
  g_assert_null (gan_html_parse (large, -1, &size_error));
  g_assert_error (size_error, GAN_ERROR, GAN_ERROR_INVALID_DATA);
}

/* A page may name entities and files; none is opened. */
static void
test_no_files (void)
{
  g_autofree char *path = NULL;
  g_autofree char *page = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GanHtml) html = NULL;
  g_autoptr (GError) error = NULL;
  int fd = g_file_open_tmp ("gan-html-XXXXXX", &path, &error);

  g_assert_no_error (error);
  g_close (fd, NULL);
  g_assert_true (g_file_set_contents (path, "secret", -1, NULL));
  page = g_strdup_printf ("<!DOCTYPE html [<!ENTITY e SYSTEM \"file://%s\">]><p id=t>x&e;y</p>",
                          path);
  html = parse (page);
  text = gan_html_dup_text (gan_html_get_root (html));
  g_assert_nonnull (text);
  g_assert_null (strstr (text, "secret"));
  g_assert_cmpint (g_remove (path), ==, 0);
}

static void
assert_encoded (const char *page, gsize length, const char *content_type)
{
  g_autoptr (GBytes) bytes = g_bytes_new (page, length);
  g_autoptr (GanHtml) html = gan_html_parse_bytes (bytes, content_type, NULL);
  g_autofree char *text = gan_html_dup_text (gan_html_find (html, NULL, "p"));

  g_assert_cmpstr (text, ==, "café");
}

static void
test_encodings (void)
{
  static const char latin[] = "<p>caf\xe9</p>";
  static const char utf8[] = "<p>caf\xc3\xa9</p>";
  static const char meta[] = "<meta charset=windows-1252><p>caf\xe9</p>";

  assert_encoded (utf8, sizeof utf8 - 1, "text/html; charset=utf-8");
  assert_encoded (utf8, sizeof utf8 - 1, NULL);
  assert_encoded (utf8, sizeof utf8 - 1, "text/html; charset=nonsense");
  assert_encoded (latin, sizeof latin - 1, "text/html; Charset=\"ISO-8859-1\"");
  assert_encoded (latin, sizeof latin - 1, NULL);
  assert_encoded (meta, sizeof meta - 1, NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/html/selectors", test_selectors);
  g_test_add_func ("/html/scope", test_scope);
  g_test_add_func ("/html/text", test_text);
  g_test_add_func ("/html/attributes", test_attributes);
  g_test_add_func ("/html/hostile", test_hostile);
  g_test_add_func ("/html/no-files", test_no_files);
  g_test_add_func ("/html/encodings", test_encodings);
  return g_test_run ();
}
