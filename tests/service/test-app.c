/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "gan-app.h"
#include "gan-test-fixture.h"
#include "gan-test-har.h"
#include "gan-test-platform.h"

#include <string.h>

static GanMedia *
info_by_request (GanVisit *visit, GanMatch *match, GError **error)
{
  g_autoptr (GanRequest) request = gan_visit_request (visit,
                                                      "GET",
                                                      "post",
                                                      error,
                                                      "id",
                                                      gan_match_get_id (match),
                                                      "lang",
                                                      "gd",
                                                      NULL);
  g_autoptr (GanReply) reply = request == NULL ? NULL : gan_visit_fetch (visit, request, error);

  return reply == NULL ? NULL : gan_test_platform_new_media (match);
}

/* What the rules of a site call harmless is in a recording, what they do not is not. */
static void
test_record (void)
{
  static const GanTestPlatformFuncs mock = { .get_info = info_by_request };
  static const char *const headers[] = { "Content-Type: application/json", NULL };
  g_autoptr (GanTestFolder) folder = gan_test_folder_new ();
  g_autofree char *replay = gan_test_folder_dup_path (folder, "replay.har");
  g_autofree char *record = gan_test_folder_dup_path (folder, "record.har");
  char *replays[] = { replay, NULL };
  GanConfig config = { .replay = replays, .record = record };
  g_autoptr (GanTestHar) har = gan_test_har_new ();
  g_autoptr (GanApp) app = NULL;
  g_autoptr (GanUrl) url = gan_url_parse ("https://mock.example/post/1", NULL);
  g_autoptr (GanMedia) media = NULL;
  g_autoptr (GBytes) written = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  gan_test_har_add (har,
                    "GET",
                    "https://api.mock.example/post/1?lang=gd",
                    200,
                    headers,
                    "{\"shout\": \"harmless\", \"phone\": \"personal\"}");
  gan_test_har_write (har, replay);
  gan_test_platform_reset ();
  gan_test_platform_set ("mock", &mock);
  app = gan_app_new (&config, gan_test_platform_table, gan_test_platform_table_size, &error);
  g_assert_no_error (error);
  media = gan_registry_resolve (gan_app_get_registry (app), url, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (gan_app_write_record (app, &error));
  g_assert_no_error (error);
  written = gan_test_folder_load (folder, "record.har");
  text = g_strndup (g_bytes_get_data (written, NULL), g_bytes_get_size (written));
  g_assert_nonnull (strstr (text, "lang=gd"));
  g_assert_nonnull (strstr (text, "harmless"));
  g_assert_null (strstr (text, "personal"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/record", test_record);
  return g_test_run ();
}
