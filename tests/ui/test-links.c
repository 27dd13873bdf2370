/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Links out of what people paste and drop, hostile input among it (H22). */
#include "config.h"

#include "gan-limits.h"
#include "gan-links.h"

#include <string.h>

typedef struct
{
  const char *name;
  GanLinksFormat format;
  const char *text;
  const char *links; /* with a blank between them */
  guint n_refused;
  guint n_repeated;
} Case;

static const Case cases[] = {
  { "one", GAN_LINKS_TEXT, "https://a.example/v?x=1&y=2", "https://a.example/v?x=1&y=2", 0, 0 },
  { "blanks", GAN_LINKS_TEXT, " \t\n https://a.example/v \r\n\n", "https://a.example/v", 0, 0 },
  { "no-scheme", GAN_LINKS_TEXT, "a.example/v", "https://a.example/v", 0, 0 },
  { "word", GAN_LINKS_TEXT, "hello", "", 0, 0 },
  { "note", GAN_LINKS_TEXT, "note: hello world", "", 0, 0 },
  { "several",
    GAN_LINKS_TEXT,
    "https://a.example/1\r\nhttp://b.example/2\rc.example/3\n",
    "https://a.example/1 http://b.example/2 https://c.example/3",
    0,
    0 },
  { "sentence",
    GAN_LINKS_TEXT,
    "Look (https://a.example/b_(c)), or www.b.example/x! See <https://c.example/>.",
    "https://a.example/b_(c) https://www.b.example/x https://c.example/",
    0,
    0 },
  { "page",
    GAN_LINKS_TEXT,
    "<a class=x href=\"https://a.example/v\">here</a> and HTTPS://B.example/",
    "https://a.example/v https://b.example/",
    0,
    0 },
  { "link-in-link",
    GAN_LINKS_TEXT,
    "https://archive.example/web/https://a.example/v",
    "https://archive.example/web/https://a.example/v",
    0,
    0 },
  { "fragment", GAN_LINKS_TEXT, "https://a.example/#/v/1", "https://a.example/#/v/1", 0, 0 },
  { "repeated",
    GAN_LINKS_TEXT,
    "https://a.example/v https://A.example:443/v\nhttps://a.example/v",
    "https://a.example/v",
    0,
    2 },
  { "refused",
    GAN_LINKS_TEXT,
    "javascript:alert('https://a.example/')\nfile:///etc/passwd\nftp://a.example/\nmailto:a@b.example",
    "",
    4,
    0 },
  { "refused-words",
    GAN_LINKS_TEXT,
    "data:text/html,https://a.example/ or file:///x or https://b.example/ok",
    "https://b.example/ok",
    2,
    0 },
  { "userinfo", GAN_LINKS_TEXT, "https://user:secret@a.example/v", "https://a.example/v", 0, 0 },
  { "idn",
    GAN_LINKS_TEXT,
    "https://b\xc3\xbc"
    "cher.example/",
    "https://xn--bcher-kva.example/",
    0,
    0 },
  { "uri-list",
    GAN_LINKS_URI_LIST,
    "# from a browser\r\nhttps://a.example/1\r\n\r\nfile:///tmp/x.mp4\r\nhttps://a.example/2\r\n",
    "https://a.example/1 https://a.example/2",
    1,
    0 },
  { "netscape",
    GAN_LINKS_NETSCAPE,
    "https://a.example/1\nhttps://title.example/",
    "https://a.example/1",
    0,
    0 },
  { "moz-url-as-utf-8",
    GAN_LINKS_MOZ_URL,
    "https://a.example/1\nA title\nhttps://a.example/2\nhttps://title.example/",
    "https://a.example/1 https://a.example/2",
    0,
    0 },
  { "empty", GAN_LINKS_TEXT, "", "", 0, 0 },
};

static void
test_case (gconstpointer data)
{
  const Case *expected = data;
  g_autoptr (GanLinks) links = gan_links_new ();
  g_autofree char *joined = NULL;

  gan_links_add_data (links, expected->text, strlen (expected->text), expected->format);

  joined = g_strjoinv (" ", (char **) gan_links_get (links));
  g_assert_cmpstr (joined, ==, expected->links);
  g_assert_cmpuint (gan_links_get_n_refused (links), ==, expected->n_refused);
  g_assert_cmpuint (gan_links_get_n_repeated (links), ==, expected->n_repeated);
  g_assert_false (gan_links_is_truncated (links));
}

static void
test_moz_url (void)
{
  static const char text[] = "https://a.example/1\nA title \xe2\x80\x94 \xf0\x9f\x8e\xac";
  g_autoptr (GanLinks) links = gan_links_new ();
  g_autofree char *wide = NULL;
  gsize length = 0;

  wide = g_convert (text, -1, "UTF-16LE", "UTF-8", NULL, &length, NULL);
  g_assert_nonnull (wide);
  gan_links_add_data (links, wide, length, GAN_LINKS_MOZ_URL);
  g_assert_cmpuint (gan_links_get_n (links), ==, 1);
  g_assert_cmpstr (gan_links_get (links)[0], ==, "https://a.example/1");
  g_assert_null (gan_links_get (links)[1]);

  /* Cut in the middle of a character: no link, no crash. */
  for (gsize cut = 0; cut < length; cut++)
    {
      g_autoptr (GanLinks) some = gan_links_new ();

      gan_links_add_data (some, wide, cut, GAN_LINKS_MOZ_URL);
      g_assert_cmpuint (gan_links_get_n (some), <=, 1);
    }
}

static void
test_nul (void)
{
  static const char text[] = "https://a.example/1\0x\nhttps://a.example/2";
  g_autoptr (GanLinks) links = gan_links_new ();

  gan_links_add_data (links, text, sizeof (text) - 1, GAN_LINKS_TEXT);
  g_assert_cmpstr (gan_links_get (links)[gan_links_get_n (links) - 1], ==, "https://a.example/2");
}

static void
test_not_utf8 (void)
{
  static const char text[] = "caf\xe9 https://a.example/1 \xff\xfe\n\xc3(";
  g_autoptr (GanLinks) links = gan_links_new ();

  gan_links_add_data (links, text, sizeof (text) - 1, GAN_LINKS_TEXT);
  g_assert_cmpuint (gan_links_get_n (links), ==, 1);
}

static void
test_too_many (void)
{
  g_autoptr (GanLinks) links = gan_links_new ();
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < GAN_LIMIT_INPUT_URLS + 5; i++)
    g_string_append_printf (text, "https://a.example/%u\n", i);
  gan_links_add_data (links, text->str, text->len, GAN_LINKS_URI_LIST);
  g_assert_cmpuint (gan_links_get_n (links), ==, GAN_LIMIT_INPUT_URLS);
  g_assert_true (gan_links_is_truncated (links));
}

static void
test_too_long (void)
{
  g_autoptr (GanLinks) links = gan_links_new ();
  g_autoptr (GString) text = g_string_new ("https://a.example/1\n");

  while (text->len <= GAN_LIMIT_INPUT_BYTES)
    g_string_append (text, "no links at all in here, however long one reads\n");
  g_string_append (text, "https://a.example/2\n");
  gan_links_add_data (links, text->str, text->len, GAN_LINKS_TEXT);
  g_assert_cmpuint (gan_links_get_n (links), ==, 1);
  g_assert_true (gan_links_is_truncated (links));
}

/* One word of ten megabytes, and ten megabytes of one-letter words. */
static void
test_one_word (void)
{
  g_autoptr (GanLinks) links = gan_links_new ();
  g_autofree char *text = g_malloc (GAN_LIMIT_INPUT_BYTES);

  memset (text, ':', GAN_LIMIT_INPUT_BYTES);
  memcpy (text, "https://", 8);
  gan_links_add_data (links, text, GAN_LIMIT_INPUT_BYTES, GAN_LINKS_TEXT);
  for (gsize i = 0; i < GAN_LIMIT_INPUT_BYTES; i++)
    text[i] = i % 2 == 0 ? 'w' : ' ';
  gan_links_add_data (links, text, GAN_LIMIT_INPUT_BYTES, GAN_LINKS_TEXT);
  g_assert_cmpuint (gan_links_get_n (links), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/links/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/links/moz-url", test_moz_url);
  g_test_add_func ("/links/nul", test_nul);
  g_test_add_func ("/links/not-utf-8", test_not_utf8);
  g_test_add_func ("/links/too-many", test_too_many);
  g_test_add_func ("/links/too-long", test_too_long);
  g_test_add_func ("/links/one-word", test_one_word);
  return g_test_run ();
}
