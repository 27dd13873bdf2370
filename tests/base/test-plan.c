/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-format.h"
#include "gan-plan.h"

static GanUrl *
make_url (const char *text)
{
  g_autoptr (GError) error = NULL;
  GanUrl *url = gan_url_parse (text, &error);

  g_assert_no_error (error);
  return url;
}

static void
test_fields (void)
{
  g_autoptr (GanPlan) plan = gan_plan_new ("example", "https://example.org/1\xff");
  g_autoptr (GanPlan) empty = gan_plan_new (NULL, NULL);
  g_autoptr (GanUrl) video = make_url ("https://media.example.org/v.mp4");
  g_autoptr (GanUrl) audio = make_url ("https://media.example.org/a.m4a");
  g_autofree char *format_id = NULL;
  g_autofree char *no_format_id = NULL;
  GanTrack *track;

  gan_plan_set_name (plan, "old", NULL, NULL);
  gan_plan_set_name (plan, "A title", "1", "mp4");
  gan_plan_set_plain_file (plan, TRUE);
  gan_plan_set_published (plan, 1769860800);
  track = gan_plan_add_track (plan, GAN_TRACK_VIDEO, video, "hd", GAN_PROTOCOL_HTTP);
  track->size = 1000;
  track->range_cap = 10;
  track->expires_at = 20;
  gan_plan_add_track (plan, GAN_TRACK_AUDIO, audio, NULL, NULL);

  g_assert_cmpstr (gan_plan_get_platform (plan), ==, "example");
  g_assert_cmpstr (gan_plan_get_source_url (plan), ==, "https://example.org/1\xef\xbf\xbd");
  g_assert_cmpstr (gan_plan_get_title (plan), ==, "A title");
  g_assert_cmpstr (gan_plan_get_id (plan), ==, "1");
  g_assert_cmpstr (gan_plan_get_ext (plan), ==, "mp4");
  g_assert_true (gan_plan_is_plain_file (plan));
  g_assert_cmpint (gan_plan_get_published (plan), ==, 1769860800);
  g_assert_cmpuint (gan_plan_get_n_tracks (plan), ==, 2);
  g_assert_true (gan_plan_get_track (plan, 0) == track);
  g_assert_true (gan_url_equal (track->url, video));
  g_assert_cmpstr (track->protocol, ==, "http");
  g_assert_cmpint (gan_plan_get_track (plan, 1)->role, ==, GAN_TRACK_AUDIO);
  g_assert_cmpint (gan_plan_get_track (plan, 1)->size, ==, GAN_UNKNOWN);
  g_assert_null (gan_plan_get_track (plan, 1)->protocol);
  format_id = gan_plan_dup_format_id (plan);
  g_assert_cmpstr (format_id, ==, "hd+0");

  g_assert_null (gan_plan_get_platform (empty));
  g_assert_false (gan_plan_is_plain_file (empty));
  g_assert_cmpint (gan_plan_get_published (empty), ==, GAN_UNKNOWN_TIME);
  gan_plan_set_published (empty, -5);
  g_assert_cmpint (gan_plan_get_published (empty), ==, GAN_UNKNOWN_TIME);
  no_format_id = gan_plan_dup_format_id (empty);
  g_assert_cmpstr (no_format_id, ==, "");
}

static void
test_headers (void)
{
  g_autoptr (GanPlan) plan = gan_plan_new (NULL, NULL);
  g_autoptr (GanUrl) url = make_url ("https://media.example.org/v.mp4");
  GanTrack *track = gan_plan_add_track (plan, GAN_TRACK_FILE, url, "0", NULL);

  g_assert_true (gan_track_set_header (track, "Referer", "https://example.org/"));
  g_assert_false (gan_track_set_header (track, "Cookie", "a=b"));
  g_assert_false (gan_track_set_header (track, "authorization", "Bearer x"));
  g_assert_false (gan_track_set_header (track, "X-A", "b\r\nCookie: c"));
  g_assert_cmpuint (g_hash_table_size (track->headers), ==, 1);
  g_assert_cmpstr (g_hash_table_lookup (track->headers, "referer"), ==, "https://example.org/");
}

/* A second reference ends the building. */
static void
test_immutable (void)
{
  g_autoptr (GanPlan) plan = gan_plan_new (NULL, NULL);
  g_autoptr (GanPlan) shared = gan_plan_ref (plan);
  g_autoptr (GanUrl) url = make_url ("https://media.example.org/v.mp4");

  g_test_expect_message ("gan-base", G_LOG_LEVEL_CRITICAL, "*IS_BUILDING*");
  gan_plan_set_name (plan, "x", "x", "x");
  g_test_expect_message ("gan-base", G_LOG_LEVEL_CRITICAL, "*IS_BUILDING*");
  gan_plan_set_plain_file (plan, TRUE);
  g_test_expect_message ("gan-base", G_LOG_LEVEL_CRITICAL, "*IS_BUILDING*");
  gan_plan_set_published (plan, 1);
  g_test_expect_message ("gan-base", G_LOG_LEVEL_CRITICAL, "*IS_BUILDING*");
  g_assert_null (gan_plan_add_track (shared, GAN_TRACK_FILE, url, "0", NULL));
  g_test_assert_expected_messages ();
  g_assert_null (gan_plan_get_title (plan));
  g_assert_cmpuint (gan_plan_get_n_tracks (plan), ==, 0);
}

static gpointer
share (gpointer data)
{
  GanPlan *plan = data;

  for (guint i = 0; i < 10000; i++)
    {
      g_autoptr (GanPlan) mine = gan_plan_ref (plan);

      g_assert_cmpuint (gan_plan_get_n_tracks (mine), ==, 1);
    }
  gan_plan_unref (plan);
  return NULL;
}

static void
test_threads (void)
{
  g_autoptr (GanPlan) plan = gan_plan_new (NULL, NULL);
  g_autoptr (GanUrl) url = make_url ("https://media.example.org/v.mp4");
  GThread *threads[4];

  gan_plan_add_track (plan, GAN_TRACK_FILE, url, "0", NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("share", share, gan_plan_ref (plan));
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  /* Nobody else holds it any more, so it can be changed again. */
  gan_plan_set_plain_file (plan, TRUE);
  g_assert_true (gan_plan_is_plain_file (plan));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/plan/fields", test_fields);
  g_test_add_func ("/plan/headers", test_headers);
  g_test_add_func ("/plan/immutable", test_immutable);
  g_test_add_func ("/plan/threads", test_threads);
  return g_test_run ();
}
