/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-content-disposition.h"
#include "gan-file-name.h"

#include <string.h>

/* The longest name behind which ".part.json" fits. */
#define LONGEST 245

typedef struct
{
  const char *given;
  const char *name;
} Pair;

static void
check_safe (const Pair *pairs)
{
  for (guint i = 0; pairs[i].name != NULL; i++)
    {
      g_autofree char *name = gan_file_name_make_safe (pairs[i].given);

      g_assert_cmpstr (name, ==, pairs[i].name);
    }
}

static void
test_slashes (void)
{
  const Pair pairs[] = {
    { "../../x", "_._.._x" },   { "/etc/x", "_etc_x" },       { "a/b", "a_b" },
    { "..\\..\\x", "_._.._x" }, { "%2e%2e%2f", "%2e%2e%2f" }, { "..", "download" },
    { ".", "download" },        { "...", "download" },        { "", "download" },
    { NULL, "download" },       { " \t ", "download" },       { NULL, NULL },
  };

  check_safe (pairs);
}

static void
test_controls (void)
{
  const Pair pairs[] = {
    { "a\nb\x01\x1b[31mc\x7f.mp4", "a b[31mc.mp4" },
    { "tab\tbed.txt", "tab bed.txt" },
    { "c1\xc2\x9b"
      "31m.txt",
      "c131m.txt" },
    { "line\xe2\x80\xa8"
      "end.txt",
      "line end.txt" },
    { NULL, NULL },
  };

  check_safe (pairs);
}

static void
test_leading (void)
{
  const Pair pairs[] = {
    { ".bashrc", "_bashrc" }, { "-rf", "_-rf" }, { " -rf", "_-rf" },
    { "~root", "~root" },     { NULL, NULL },
  };

  check_safe (pairs);
}

static void
test_bidi (void)
{
  const Pair pairs[] = {
    { "\xe2\x80\xae"
      "gpm.exe",
      "gpm.exe" },
    { "a\xe2\x81\xa6"
      "b\xe2\x81\xa9.txt",
      "ab.txt" },
    { "zero\xe2\x80\x8bwidth\xef\xbb\xbf.txt", "zerowidth.txt" },
    { "\xe2\x80\x8d\xe2\x80\x8c", "download" },
    /* A family, held together by joiners, is one. */
    { "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7.jpg",
      "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7.jpg" },
    { NULL, NULL },
  };

  check_safe (pairs);
}

static void
test_encoding (void)
{
  const Pair pairs[] = {
    { "caf\xe9.mp4", "caf\xef\xbf\xbd.mp4" },
    { "cafe\xcc\x81.mp4", "caf\xc3\xa9.mp4" },
    { "\xf0\x9f\x98\x80.mp4", "\xf0\x9f\x98\x80.mp4" },
    { "\xc0\xae\xc0\xae.txt", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd.txt" },
    { NULL, NULL },
  };

  check_safe (pairs);
}

static void
test_windows (void)
{
  const Pair pairs[] = {
    { "CON", "_CON" },
    { "nul.txt", "_nul.txt" },
    { "Com1.tar.gz", "_Com1.tar.gz" },
    { "console.txt", "console.txt" },
    { "name. . .", "name" },
    { "what: is \"this\"? <a|b>*.mp4", "what_ is _this__ _a_b__.mp4" },
    { NULL, NULL },
  };

  check_safe (pairs);
}

static void
test_length (void)
{
  g_autoptr (GString) many = g_string_new (NULL);
  g_autofree char *name = NULL;
  g_autofree char *with_suffix = NULL;
  g_autofree char *marks = NULL;

  for (guint i = 0; i < 400; i++)
    g_string_append (many, "\xc3\xa9");
  g_string_append (many, ".tar.gz");
  name = gan_file_name_make_safe (many->str);
  g_assert_true (g_utf8_validate (name, -1, NULL));
  g_assert_cmpuint (strlen (name), <=, LONGEST);
  g_assert_cmpuint (strlen (name), >, LONGEST - 4);
  g_assert_true (g_str_has_suffix (name, "\xc3\xa9.tar.gz"));

  with_suffix = gan_file_name_add_suffix (name, " (12)");
  g_assert_cmpuint (strlen (with_suffix), <=, LONGEST);
  g_assert_true (g_str_has_suffix (with_suffix, " (12).tar.gz"));

  g_string_assign (many, "x");
  for (guint i = 0; i < 10000; i++)
    g_string_append (many, "\xcc\xb4");
  marks = gan_file_name_make_safe (many->str);
  g_assert_true (g_utf8_validate (marks, -1, NULL));
  g_assert_cmpuint (strlen (marks), <=, LONGEST);
}

static void
test_suffix (void)
{
  const Pair pairs[] = {
    { "a.mp4", "a (1).mp4" }, { "a.tar.gz", "a (1).tar.gz" }, { "a", "a (1)" },
    { "v1.2", "v1.2 (1)" },   { "a.b c", "a.b c (1)" },       { NULL, NULL },
  };

  for (guint i = 0; pairs[i].name != NULL; i++)
    {
      g_autofree char *name = gan_file_name_add_suffix (pairs[i].given, " (1)");

      g_assert_cmpstr (name, ==, pairs[i].name);
    }
}

static void
test_media (void)
{
  const struct
  {
    const char *title;
    const char *id;
    const char *ext;
    const char *name;
  } rows[] = {
    { "A film: part 1/2", "x7k_-9", "mp4", "A film_ part 1_2 [x7k_-9].mp4" },
    { NULL, "x7k", "mp4", "x7k.mp4" },
    { "A film", NULL, "webm", "A film.webm" },
    { NULL, NULL, NULL, "download.bin" },
    /* What a site calls an extension decides nothing. */
    { "A film", "1", "desktop", "A film [1].bin" },
    { "A film", "1", "mp4/../../x", "A film [1].bin" },
    { "invoice.exe", "1", "mp4", "invoice.exe [1].mp4" },
    { "../../x", "../y", "mp4", "_._.._x [.._y].mp4" },
    { "-rf", "1", "mp4", "_-rf [1].mp4" },
    { "\n", "\x01", "mp4", "download.mp4" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *name = gan_file_name_for_media (rows[i].title, rows[i].id, rows[i].ext);

      g_assert_cmpstr (name, ==, rows[i].name);
    }
}

static void
test_media_length (void)
{
  g_autofree char *title = g_strnfill (1024 * 1024, 'x');
  g_autofree char *id = g_strnfill (500, 'y');
  g_autofree char *name = gan_file_name_for_media (title, id, "mp4");

  g_assert_cmpuint (strlen (name), ==, LONGEST);
  g_assert_true (g_str_has_suffix (name, "y].mp4"));
  g_assert_true (g_str_has_prefix (name, "xxx"));
}

static void
test_plain (void)
{
  const struct
  {
    const char *disposition;
    const char *basename;
    const char *type;
    const char *name;
  } rows[] = {
    { NULL, "a.iso", "application/octet-stream", "a.iso" },
    { "attachment; filename=\"b.iso\"", "a.iso", NULL, "b.iso" },
    { "attachment", "a.iso", NULL, "a.iso" },
    { NULL, NULL, "video/mp4", "download.mp4" },
    { NULL, "", NULL, "download" },
    { NULL, "clip", "video/mp4", "clip.mp4" },
    { NULL, "clip.php", "video/mp4", "clip.php" },
    { NULL, "page", "text/html", "page.html" },
    { "attachment; filename=\"../../../etc/passwd\"", "a", NULL, "passwd" },
    { "attachment; filename=\"/etc/cron.d/x\"", "a", NULL, "x" },
    { "attachment; filename=\"..\\\\..\\\\x.exe\"", "a", NULL, "x.exe" },
    { "attachment; filename*=UTF-8''..%2F..%2Fevil.txt", "a", NULL, "evil.txt" },
    { "attachment; filename=\"..\"", "a.bin", NULL, "a.bin" },
    { "attachment; filename=\"\"", "a.bin", NULL, "a.bin" },
    { "attachment; filename=\".bashrc\"", "a", NULL, "_bashrc" },
    { "attachment; filename=\"x.desktop\"", "a", NULL, "x.desktop.download" },
    { "attachment; filename=\"x.DESKTOP\"", "a", NULL, "x.DESKTOP.download" },
    { "attachment; filename=\"x.desktop \"", "a", NULL, "x.desktop.download" },
    { NULL, "x.lnk", NULL, "x.lnk.download" },
    { NULL, "tool.AppImage", NULL, "tool.AppImage" },
    { NULL, "setup.sh", "text/html", "setup.sh" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *name
          = gan_file_name_for_plain_file (rows[i].disposition, rows[i].basename, rows[i].type);

      g_assert_cmpstr (name, ==, rows[i].name);
    }
}

static void
test_launcher_length (void)
{
  g_autofree char *filler = g_strnfill (400, 'x');
  g_autofree char *basename = g_strconcat (filler, ".desktop", NULL);
  g_autofree char *name = gan_file_name_for_plain_file (NULL, basename, NULL);

  g_assert_cmpuint (strlen (name), <=, LONGEST);
  g_assert_true (g_str_has_suffix (name, ".download"));
}

static void
test_disposition (void)
{
  const Pair pairs[] = {
    { "attachment; filename=a.txt", "a.txt" },
    { "ATTACHMENT;FILENAME = \"a b.txt\"", "a b.txt" },
    { "attachment; filename=a b.txt; size=3", "a b.txt" },
    { "attachment; filename=\"a\\\"b.txt\"", "a\"b.txt" },
    { "attachment; filename=\"a;b.txt\"", "a;b.txt" },
    { "attachment; filename=\"open.txt", "open.txt" },
    { "filename=bare.txt", "bare.txt" },
    { "inline; filename=\"a.txt\"; filename*=UTF-8''%e2%82%ac.txt", "\xe2\x82\xac.txt" },
    { "inline; filename*=utf-8'en'%e2%82%ac.txt; filename=a.txt", "\xe2\x82\xac.txt" },
    { "inline; filename*=iso-8859-1''caf%e9.txt", "caf\xc3\xa9.txt" },
    { "inline; filename*=UTF-8''%ff%fe; filename=a.txt", "a.txt" },
    { "inline; filename*=UTF-8''a%00b; filename=a.txt", "a.txt" },
    { "inline; filename*=koi8-r''a; filename=a.txt", "a.txt" },
    { "inline; filename*=nonsense; filename=a.txt", "a.txt" },
    { "inline; filename=\"caf\xe9.txt\"", "caf\xc3\xa9.txt" },
    { "inline; filename=a; filename=b", "a" },
    { "attachment; xfilename=a", NULL },
    { "attachment;;;=;", NULL },
    { "", NULL },
    { NULL, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_autofree char *name = gan_content_disposition_dup_name (pairs[i].given);

      g_assert_cmpstr (name, ==, pairs[i].name);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/file-name/H01-slashes", test_slashes);
  g_test_add_func ("/file-name/H02-controls", test_controls);
  g_test_add_func ("/file-name/H03-leading", test_leading);
  g_test_add_func ("/file-name/H04-bidi", test_bidi);
  g_test_add_func ("/file-name/H05-media", test_media);
  g_test_add_func ("/file-name/H05-plain", test_plain);
  g_test_add_func ("/file-name/H05-launcher-length", test_launcher_length);
  g_test_add_func ("/file-name/H06-encoding", test_encoding);
  g_test_add_func ("/file-name/H07-windows", test_windows);
  g_test_add_func ("/file-name/D09-length", test_length);
  g_test_add_func ("/file-name/D09-media-length", test_media_length);
  g_test_add_func ("/file-name/suffix", test_suffix);
  g_test_add_func ("/file-name/disposition", test_disposition);
  return g_test_run ();
}
