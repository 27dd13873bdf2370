/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "gan-caption.h"

#include <string.h>

static void
test_line (void)
{
  g_autofree char *plain = gan_caption_dup_line ("  One\n\ttwo <b>&amp;</b> %s%n ");
  g_autofree char *nothing = gan_caption_dup_line (" \n ");
  g_autofree char *huge_text = g_strnfill (1024 * 1024, 'x');
  g_autofree char *huge = gan_caption_dup_line (huge_text);
  g_autoptr (GString) marks = g_string_new ("e");
  g_autofree char *few = NULL;

  g_assert_cmpstr (plain, ==, "One two <b>&amp;</b> %s%n");
  g_assert_null (nothing);
  g_assert_null (gan_caption_dup_line (NULL));
  g_assert_cmpuint (strlen (huge), <=, 400);
  for (guint i = 0; i < 10000; i++)
    g_string_append (marks, "\314\200");
  few = gan_caption_dup_line (marks->str);
  g_assert_cmpint (g_utf8_strlen (few, -1), <, 20);
}

static void
test_joined (void)
{
  const char *parts[] = { NULL, "Some\nCreator", "", "12 MB" };
  const char *hebrew[] = { "\327\220\327\221", "3 MB" };
  g_autofree char *joined = gan_caption_dup_joined (parts, G_N_ELEMENTS (parts));
  g_autofree char *none = gan_caption_dup_joined (parts, 1);
  g_autofree char *isolated = gan_caption_dup_joined (hebrew, G_N_ELEMENTS (hebrew));

  g_assert_cmpstr (joined, ==, "Some Creator · 12 MB");
  g_assert_cmpstr (none, ==, "");
  g_assert_cmpstr (isolated, ==, "\342\201\250\327\220\327\221\342\201\251 · 3 MB");
}

static void
test_date (void)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (GDateTime) before = g_date_time_add_days (now, -1);
  g_autofree char *today = gan_caption_dup_date (g_date_time_to_unix (now));
  g_autofree char *yesterday = gan_caption_dup_date (g_date_time_to_unix (before));
  g_autofree char *long_ago = gan_caption_dup_date (86400 * 40);

  g_assert_cmpstr (today, ==, "Today");
  g_assert_cmpstr (yesterday, ==, "Yesterday");
  g_assert_cmpstr (long_ago, ==, "10 February 1970");
  g_assert_null (gan_caption_dup_date (G_MAXINT64));
}

static void
test_path (void)
{
  g_autofree char *below = g_build_filename (g_get_home_dir (), "Videos", NULL);
  g_autofree char *beside = g_strconcat (g_get_home_dir (), "-other/x", NULL);
  g_autofree char *shown = gan_caption_dup_path (below);
  g_autofree char *whole = gan_caption_dup_path (beside);
  g_autofree char *broken = gan_caption_dup_path ("/mnt/\377");

  g_assert_cmpstr (shown, ==, "~/Videos");
  g_assert_cmpstr (whole, ==, beside);
  g_assert_true (g_utf8_validate (broken, -1, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/caption/line", test_line);
  g_test_add_func ("/caption/joined", test_joined);
  g_test_add_func ("/caption/date", test_date);
  g_test_add_func ("/caption/path", test_path);
  return g_test_run ();
}
