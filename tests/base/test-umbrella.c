/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The umbrella header stands on its own and brings the whole layer. */
#include "gan-base.h"

static void
test_brings_all (void)
{
  const GType types[] = {
    GAN_TYPE_CLOCK, GAN_TYPE_FORMAT, GAN_TYPE_MEDIA, GAN_TYPE_PLAN, GAN_TYPE_RECORD, GAN_TYPE_URL,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    g_assert_cmpuint (types[i], !=, G_TYPE_INVALID);
  g_assert_cmpstr (gan_error_code_to_string (GAN_ERROR_LAST), ==, "internal");
  g_assert_cmpint (GAN_LIMIT_URL_BYTES, ==, 8192);
  g_assert_cmpint (GAN_UNKNOWN, ==, -1);
  g_assert_true (gan_redact_is_secret_key ("token"));
  g_assert_cmpint (gan_media_type_from_path ("a.mp4"), ==, GAN_MEDIA_TYPE_VIDEO);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/umbrella/brings-all", test_brings_all);
  return g_test_run ();
}
