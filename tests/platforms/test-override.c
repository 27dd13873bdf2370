/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files of the user's folder against the rules that are compiled in. */
#include "gan-test-fixture.h"
#include "gan-test-registry.h"

#include <string.h>
#include <sys/stat.h>

#define RULES_RESOURCE "/io/github/gannet_app/Gannet/platforms/mock.json"

static char *
dup_built_in (void)
{
  g_autoptr (GBytes) bytes = NULL;

  gan_test_platform_reset ();
  bytes = g_resources_lookup_data (RULES_RESOURCE, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

/* The built-in file with a higher serial and one more change. */
static char *
dup_changed (const char *from, const char *to)
{
  g_autofree char *built_in = dup_built_in ();
  g_auto (GStrv) serial = g_strsplit (built_in, "\"serial\": 5", 2);
  g_autofree char *newer = g_strjoinv ("\"serial\": 6", serial);
  g_auto (GStrv) parts = g_strsplit (newer, from, 2);

  g_assert_cmpuint (g_strv_length (serial), ==, 2);
  g_assert_cmpuint (g_strv_length (parts), ==, 2);
  return g_strjoinv (to, parts);
}

static GanTestRegistry *
new_registry (GanTestFolder *folder)
{
  GanRegistryOptions options = { .override_dir = folder->path };

  return gan_test_registry_new (NULL, &options);
}

/* That the built-in rules serve, with one warning in which all of these stand. */
static void
assert_refused (GanTestFolder *folder, const char *key)
{
  g_autoptr (GanTestRegistry) test = new_registry (folder);
  g_auto (GStrv) warnings = gan_registry_dup_warnings (test->registry);
  GanRules *rules = gan_registry_get_rules (test->registry, "mock");

  g_assert_false (gan_rules_is_override (rules));
  g_assert_cmpint (gan_rules_get_serial (rules), ==, 5);
  g_assert_cmpuint (g_strv_length (warnings), ==, 1);
  g_test_message ("%s", warnings[0]);
  g_assert_nonnull (strstr (warnings[0], "mock.json"));
  g_assert_nonnull (strstr (warnings[0], key));
}

static void
test_good (void)
{
  g_autofree char *text = dup_changed (
      "https://api.mock.example/post/{id}?lang={lang}",
      "https://api2.mock.example/v2/{id}?l={lang}\", \"extra\": \"https://mk.example/x");
  g_autoptr (GanTestFolder) folder = gan_test_folder_new ();
  g_autoptr (GanTestRegistry) test = NULL;
  g_autoptr (GanVisit) visit = NULL;
  g_autoptr (GanRequest) request = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) warnings = NULL;

  gan_test_folder_write (folder, "mock.json", text, -1);
  test = new_registry (folder);
  warnings = gan_registry_dup_warnings (test->registry);
  g_assert_cmpuint (g_strv_length (warnings), ==, 0);
  g_assert_true (gan_rules_is_override (gan_registry_get_rules (test->registry, "mock")));
  g_assert_false (gan_rules_is_override (gan_registry_get_rules (test->registry, "other")));
  visit = gan_test_registry_visit (test, "mock", NULL);
  request = gan_visit_request (visit, "GET", "post", &error, "id", "1", "lang", "en", NULL);
  g_assert_no_error (error);
  g_assert_cmpstr (gan_url_get_string (gan_request_get_url (request)),
                   ==,
                   "https://api2.mock.example/v2/1?l=en");
}

static void
test_bad (void)
{
  static const struct
  {
    const char *from;
    const char *to;
    const char *key;
  } cases[] = {
    { "{", "{{", "JSON" },
    { "\"status\": \"ok\"", "\"status\": \"ok\", \"script\": \"x\"", "script" },
    { "/post/{id:digits}", "/post/{id:number}", "urls[1].template" },
    { "\"mk.example\"]", "\"mk.example\", \"evil.example\"]", "hosts" },
    { "\"https://mk.example\"]", "\"https://mk.example\", \"https://evil.example\"]", "origins" },
    { "https://api.mock.example", "http://api.mock.example", "endpoints.post" },
    { "https://api.mock.example", "https://evil.example", "endpoints.post" },
    { "\"Accept-Language\"", "\"Cookie\"", "headers.Cookie" },
    { "\"Referer\"", "\"Authorization\"", "media_headers.Authorization" },
    { "\"crawler\": true", "\"crawler\": false", "clients[0].user_agent" },
    { "{\"name\": \"web\"", "{\"name\": \"web\", \"crawler\": true", "clients" },
    { "\"search-in\"", "\"search\"", "capabilities" },
    { "\"query_id\"", "\"query\"", "constants.query_id" },
    { "\"serial\": 6", "\"serial\": 5", "serial" },
    { "\"serial\": 6", "\"serial\": 4", "serial" },
    { "\"id\": \"mock\"", "\"id\": \"other\"", "id" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = dup_changed (cases[i].from, cases[i].to);
      g_autoptr (GanTestFolder) folder = gan_test_folder_new ();

      gan_test_folder_write (folder, "mock.json", text, -1);
      assert_refused (folder, cases[i].key);
    }
}

static void
test_odd_files (void)
{
  g_autoptr (GanTestFolder) large = gan_test_folder_new ();
  g_autoptr (GanTestFolder) empty = gan_test_folder_new ();
  g_autoptr (GanTestFolder) folder = gan_test_folder_new ();
  g_autoptr (GanTestFolder) pipe = gan_test_folder_new ();
  g_autoptr (GanTestFolder) deep = gan_test_folder_new ();
  g_autofree char *good = dup_changed ("\"verified\"", "\"verified\"");
  g_autofree char *padding = g_strnfill (GAN_LIMIT_RULES_BYTES, ' ');
  g_autofree char *padded = g_strconcat (good, padding, NULL);
  g_autofree char *brackets = g_strnfill (200 * 1000, '[');
  g_autofree char *folder_path = gan_test_folder_dup_path (folder, "mock.json");
  g_autofree char *pipe_path = gan_test_folder_dup_path (pipe, "mock.json");

  gan_test_folder_write (large, "mock.json", padded, -1);
  assert_refused (large, "larger");
  gan_test_folder_write (empty, "mock.json", "", 0);
  assert_refused (empty, "mock.json");
  g_assert_cmpint (mkdir (folder_path, 0700), ==, 0);
  assert_refused (folder, "file");
  g_assert_cmpint (mkfifo (pipe_path, 0600), ==, 0);
  assert_refused (pipe, "file");
  gan_test_folder_write (deep, "mock.json", brackets, -1);
  assert_refused (deep, "mock.json");
}

/* A folder that is not there, and files of sites that nobody knows, are nobody's fault. */
static void
test_nothing (void)
{
  GanRegistryOptions options = { .override_dir = "/nonexistent/folder" };
  g_autoptr (GanTestRegistry) test = gan_test_registry_new (NULL, &options);
  g_auto (GStrv) warnings = gan_registry_dup_warnings (test->registry);

  g_assert_cmpuint (g_strv_length (warnings), ==, 0);
  g_assert_cmpint (gan_rules_get_serial (gan_registry_get_rules (test->registry, "mock")), ==, 5);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/override/good", test_good);
  g_test_add_func ("/override/bad", test_bad);
  g_test_add_func ("/override/odd-files", test_odd_files);
  g_test_add_func ("/override/nothing", test_nothing);
  return g_test_run ();
}
