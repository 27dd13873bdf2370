/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "gan-app.h"
#include "gan-test-fixture.h"
#include "gan-test-har.h"
#include "gan-test-platform.h"
#include "gan-test-server.h"

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

static void
answer_empty (GanTestExchange *exchange, gpointer user_data)
{
  gan_test_exchange_reply (exchange, 200, "application/json", "{}");
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

static void
resolved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GError **error = user_data;
  g_autoptr (GanMedia) media = gan_registry_resolve_finish (GAN_REGISTRY (source), result, error);

  g_assert_null (media);
}

/* The limit of the configuration holds over that of the rules, which is two a minute: the second
 * request is not sent, however long one looks. */
static void
test_rate_limits (void)
{
  static const GanTestPlatformFuncs mock = { .get_info = info_by_request };
  static const char *const hosts[] = { "api.mock.example", NULL };
  g_autoptr (GanTestServer) server = gan_test_server_new_for_hosts (hosts);
  g_autoptr (GanTestFolder) folder = gan_test_folder_new ();
  g_autofree char *slots = gan_test_folder_dup_path (folder, "slots");
  g_autofree char *connect_to
      = g_strdup_printf ("api.mock.example:443:127.0.0.1:%u", gan_test_server_get_port (server));
  char *connections[] = { connect_to, NULL };
  GanConfig config = {
    .slots_path = slots,
    .connect_to = connections,
    .ca_file = (char *) gan_test_server_get_ca_file (server),
    .rate_limits = { .per_hour = 1 },
  };
  g_autoptr (GanApp) app = NULL;
  g_autoptr (GanUrl) url = gan_url_parse ("https://mock.example/post/1", NULL);
  g_autoptr (GanMedia) media = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  gan_test_server_add (server, "post", answer_empty, NULL);
  gan_test_platform_reset ();
  gan_test_platform_set ("mock", &mock);
  app = gan_app_new (&config, gan_test_platform_table, gan_test_platform_table_size, &error);
  g_assert_no_error (error);
  media = gan_registry_resolve (gan_app_get_registry (app), url, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (gan_test_server_count (server, "post"), ==, 1);

  gan_registry_resolve_async (gan_app_get_registry (app), url, cancellable, resolved_cb, &error);
  g_assert_false (gan_test_server_wait_count (server, "post", 2, 1000));
  g_cancellable_cancel (cancellable);
  while (error == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/record", test_record);
  g_test_add_func ("/app/rate-limits", test_rate_limits);
  return g_test_run ();
}
