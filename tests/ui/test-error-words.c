/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "gan-error-words.h"

#include <string.h>

static void
assert_words (GanErrorCode code, const char *reason)
{
  g_autofree char *title = gan_error_words_dup_title (code, reason);
  g_autofree char *advice = gan_error_words_dup_advice (code, reason);
  g_autofree char *whole = g_strconcat (title, " ", advice, NULL);

  g_test_message ("%s (%s): %s", gan_error_code_to_string (code), reason, whole);
  g_assert_cmpuint (strlen (title), >, 8);
  g_assert_cmpuint (g_utf8_strlen (title, -1), <=, 60);
  g_assert_false (g_str_has_suffix (title, "."));
  g_assert_cmpuint (strlen (advice), >, 20);
  g_assert_true (g_str_has_suffix (advice, ".") || g_str_has_suffix (advice, "?"));
  g_assert_null (strstr (whole, "GAN_"));
  g_assert_null (strstr (whole, gan_error_code_to_string (GAN_ERROR_HTTP_STATUS)));
}

/* No code goes without words of its own; a reason that has none says what its code says. */
static void
test_every_code (void)
{
  g_autoptr (GHashTable) titles = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (int code = 0; code <= GAN_ERROR_LAST; code++)
    {
      g_autofree char *plain = gan_error_words_dup_title ((GanErrorCode) code, NULL);
      g_autofree char *other = gan_error_words_dup_title ((GanErrorCode) code, "never-heard-of");

      assert_words ((GanErrorCode) code, NULL);
      g_assert_cmpstr (plain, ==, other);
      g_assert_true (g_hash_table_add (titles, g_steal_pointer (&plain)));
    }
  g_assert_cmpuint (g_hash_table_size (titles), ==, GAN_ERROR_LAST + 1);
}

static void
test_reasons (void)
{
  static const struct
  {
    GanErrorCode code;
    const char *reason;
  } cases[] = {
    { GAN_ERROR_NOT_FOUND, "removed" },          { GAN_ERROR_NOT_FOUND, "suspended" },
    { GAN_ERROR_NOT_FOUND, "no-media" },         { GAN_ERROR_UNSUPPORTED_URL, "no-media" },
    { GAN_ERROR_UNSUPPORTED_URL, "url" },        { GAN_ERROR_UNSUPPORTED_URL, "protocol" },
    { GAN_ERROR_LOGIN_REQUIRED, "app-only" },    { GAN_ERROR_NETWORK, "portal" },
    { GAN_ERROR_INVALID_DATA, "web-page" },      { GAN_ERROR_DISK, "not-writable" },
    { GAN_ERROR_TOO_LARGE, "file-size-limit" },  { GAN_ERROR_TOO_LARGE, "links" },
    { GAN_ERROR_NOT_ALLOWED, "no-wastebasket" }, { GAN_ERROR_TIMEOUT, "low-speed" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *plain = gan_error_words_dup_title (cases[i].code, NULL);
      g_autofree char *own = gan_error_words_dup_title (cases[i].code, cases[i].reason);

      assert_words (cases[i].code, cases[i].reason);
      g_assert_cmpstr (plain, !=, own);
    }
}

static void
test_foreign_errors (void)
{
  g_autoptr (GError) foreign = g_error_new (G_IO_ERROR, G_IO_ERROR_FAILED, "what is this");
  g_autoptr (GError) own = gan_error_new (GAN_ERROR_NOT_FOUND, "removed", "gone");
  const char *reason = "unset";

  g_assert_cmpint (gan_error_words_get_code (foreign, &reason), ==, GAN_ERROR_INTERNAL);
  g_assert_null (reason);
  g_assert_cmpint (gan_error_words_get_code (own, &reason), ==, GAN_ERROR_NOT_FOUND);
  g_assert_cmpstr (reason, ==, "removed");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/error-words/every-code", test_every_code);
  g_test_add_func ("/error-words/reasons", test_reasons);
  g_test_add_func ("/error-words/foreign-errors", test_foreign_errors);
  return g_test_run ();
}
