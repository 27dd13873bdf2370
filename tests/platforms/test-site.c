/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs the cases of one site: test-site ID FOLDER. FOLDER is platforms/<id>/tests; its HAR
 * files are described in gan-test-site.h, and links.tsv has a line per link: url, kind, id and
 * canonical URL, each "-" where there is none; kind "-" for what is no link to media. */
#include "gan-platform-table.h"
#include "gan-replay-transport.h"
#include "gan-test-faults.h"
#include "gan-test-site.h"

#include <string.h>

typedef struct
{
  char *name;
  GBytes *har;
  JsonNode *question;
} SiteCase;

static const char *site_id;
static const char *site_folder;

static GBytes *
load (const char *name)
{
  g_autofree char *path = g_build_filename (site_folder, name, NULL);
  g_autoptr (GError) error = NULL;
  char *data;
  gsize length;

  g_file_get_contents (path, &data, &length, &error);
  g_assert_no_error (error);
  return g_bytes_new_take (data, length);
}

static void
site_case_free (gpointer data)
{
  SiteCase *test = data;

  g_free (test->name);
  g_bytes_unref (test->har);
  json_node_unref (test->question);
  g_free (test);
}

/* An expectation that is misspelt would hold for everything. */
static void
check_keys (JsonNode *question, const char *name)
{
  static const char *const keys[]
      = { "url",  "verb",    "platform",  "query", "in",     "cursor",   "limit",
          "item", "quality", "format_id", "now",   "expect", "requests", NULL };
  JsonObjectIter iter;
  const char *key;

  json_object_iter_init (&iter, json_node_get_object (question));
  while (json_object_iter_next (&iter, &key, NULL))
    {
      g_test_message ("%s: %s", name, key);
      g_assert_true (g_strv_contains (keys, key));
    }
  g_assert_nonnull (gan_json_get_object (question, "expect"));
}

static SiteCase *
site_case_new (const char *har_name)
{
  SiteCase *test = g_new0 (SiteCase, 1);
  g_autofree char *stem = g_strndup (har_name, strlen (har_name) - strlen (".har"));
  g_autofree char *expected = g_strconcat (stem, ".expected.json", NULL);
  g_autoptr (GBytes) text = load (expected);
  g_autoptr (GError) error = NULL;

  test->name = g_steal_pointer (&stem);
  test->har = load (har_name);
  test->question = gan_json_parse (g_bytes_get_data (text, NULL),
                                   g_bytes_get_size (text),
                                   GAN_LIMIT_JSON_BYTES,
                                   GAN_LIMIT_JSON_DEPTH,
                                   &error);
  g_assert_no_error (error);
  check_keys (test->question, expected);
  return test;
}

static void
check_requests (JsonNode *question, GStrv requests)
{
  JsonArray *expected = gan_json_get_array (question, "requests");
  g_autofree char *all = g_strjoinv ("\n", requests);

  if (expected == NULL)
    return;
  if (json_array_get_length (expected) != g_strv_length (requests))
    g_test_message ("asked:\n%s", all);
  g_assert_cmpuint (json_array_get_length (expected), ==, g_strv_length (requests));
  for (guint i = 0; i < json_array_get_length (expected); i++)
    g_assert_cmpstr (requests[i], ==, json_array_get_string_element (expected, i));
}

static void
test_case (gconstpointer data)
{
  const SiteCase *test = data;
  g_autoptr (GanTestOutcome) outcome
      = gan_test_site_run (gan_platform_table, gan_platform_table_size, test->har, test->question);
  g_autofree char *difference
      = gan_test_site_dup_difference (gan_json_find (test->question, "expect"), outcome->result);
  g_autofree char *missed = g_strjoinv ("\n", outcome->missed);

  if (difference != NULL)
    g_test_message ("%s", difference);
  g_assert_null (difference);
  g_assert_cmpstr (missed, ==, "");
  g_assert_cmpuint (outcome->n_unused, ==, 0);
  check_requests (test->question, outcome->requests);
}

/* One answer, of a kind that says nothing when it is spoiled: then nothing can come of it. */
static gboolean
must_fail (const SiteCase *test, GanTestFault fault)
{
  if (gan_test_faults_count_entries (test->har) != 1 || !gan_test_faults_is_json (test->har, 0))
    return FALSE;
  return fault <= GAN_TEST_FAULT_BYTES;
}

/* A link of a shortener that nobody claims belongs to the generic site until it is known where it
 * leads. */
static void
assert_names_site (const GError *error)
{
  const char *platform = gan_error_get_platform (error);

  if (g_strcmp0 (platform, "generic") != 0)
    g_assert_cmpstr (platform, ==, site_id);
}

/* Whatever comes of a spoiled answer, it is a result or an error of ours that names the site. */
static void
test_faults (gconstpointer data)
{
  const SiteCase *test = data;

  for (guint entry = 0; entry < gan_test_faults_count_entries (test->har); entry++)
    {
      for (GanTestFault fault = 0; fault < GAN_TEST_N_FAULTS; fault++)
        {
          g_autoptr (GBytes) har = gan_test_faults_apply (test->har, entry, fault);
          g_autoptr (GanTestOutcome) outcome = NULL;

          if (fault >= GAN_TEST_FAULT_NULLS && !gan_test_faults_is_json (test->har, entry))
            continue;
          g_test_message ("exchange %u: %s", entry, gan_test_fault_to_string (fault));
          outcome = gan_test_site_run (gan_platform_table,
                                       gan_platform_table_size,
                                       har,
                                       test->question);
          if (must_fail (test, fault))
            g_assert_nonnull (outcome->error);
          if (outcome->error == NULL)
            continue;
          g_test_message ("%s", outcome->error->message);
          g_assert_true (outcome->error->domain == GAN_ERROR);
          g_assert_cmpint (outcome->error->code, !=, GAN_ERROR_INTERNAL);
          assert_names_site (outcome->error);
        }
    }
}

/* Several threads call one object of a site at once: it has nothing of its own to spoil. */
static void
test_stateless (void)
{
  GTypeQuery base;

  g_type_query (GAN_TYPE_PLATFORM, &base);
  for (gsize i = 0; i < gan_platform_table_size; i++)
    {
      GTypeQuery site;

      g_type_query (gan_platform_table[i].get_type (), &site);
      g_test_message ("%s", gan_platform_table[i].id);
      g_assert_true (g_type_is_a (site.type, GAN_TYPE_PLATFORM));
      g_assert_cmpuint (site.instance_size, ==, base.instance_size);
    }
}

static const char *
null_if_dash (const char *field)
{
  return g_str_equal (field, "-") ? NULL : field;
}

static void
check_link (GanRegistry *registry, const char *line)
{
  g_auto (GStrv) fields = g_strsplit (line, "\t", -1);
  g_autoptr (GanUrl) url = NULL;
  g_autoptr (GanMatch) match = NULL;
  const char *kind;

  g_test_message ("%s", line);
  g_assert_cmpuint (g_strv_length (fields), ==, 4);
  url = gan_url_parse_input (fields[0], NULL);
  g_assert_nonnull (url);
  match = gan_registry_match (registry, url, NULL);
  kind = null_if_dash (fields[1]);
  g_assert_true ((match != NULL) == (kind != NULL));
  if (match == NULL)
    return;
  g_assert_cmpstr (gan_match_get_platform (match), ==, site_id);
  g_assert_cmpstr (gan_kind_to_string (gan_match_get_kind (match)), ==, kind);
  g_assert_cmpstr (gan_match_get_id (match), ==, null_if_dash (fields[2]));
  g_assert_cmpstr (gan_match_get_canonical (match), ==, null_if_dash (fields[3]));
}

static void
test_links (void)
{
  g_autoptr (GBytes) bytes = load ("links.tsv");
  g_autofree char *text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autoptr (GanReplayTransport) nothing = gan_replay_transport_new ();
  g_autoptr (GanHttp) http = gan_http_new (GAN_TRANSPORT (nothing), gan_clock_get_system ());
  GanRegistryOptions options = { .http = http };
  g_autoptr (GanRegistry) registry
      = gan_registry_new (gan_platform_table, gan_platform_table_size, &options);
  g_auto (GStrv) warnings = gan_registry_dup_warnings (registry);

  g_assert_cmpuint (g_strv_length (warnings), ==, 0);
  g_assert_nonnull (gan_registry_get_rules (registry, site_id));
  for (guint i = 0; lines[i] != NULL; i++)
    {
      if (*lines[i] != '\0' && *lines[i] != '#')
        check_link (registry, lines[i]);
    }
}

static GPtrArray *
find_cases (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = g_dir_open (site_folder, 0, &error);
  g_autoptr (GPtrArray) cases = g_ptr_array_new_with_free_func (site_case_free);
  guint n_expected = 0;
  const char *name;

  g_assert_no_error (error);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      n_expected += g_str_has_suffix (name, ".expected.json");
      if (g_str_has_suffix (name, ".har"))
        g_ptr_array_add (cases, site_case_new (name));
    }
  g_assert_cmpuint (cases->len, ==, n_expected);
  g_assert_cmpuint (cases->len, >, 0);
  return g_steal_pointer (&cases);
}

int
main (int argc, char **argv)
{
  g_autoptr (GPtrArray) cases = NULL;

  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 3);
  site_id = argv[1];
  site_folder = argv[2];
  cases = find_cases ();
  g_test_add_func ("/site/stateless", test_stateless);
  g_test_add_func ("/site/links", test_links);
  for (guint i = 0; i < cases->len; i++)
    {
      const SiteCase *test = g_ptr_array_index (cases, i);
      g_autofree char *path = g_strdup_printf ("/site/%s/case", test->name);
      g_autofree char *faults = g_strdup_printf ("/site/%s/faults", test->name);

      g_test_add_data_func (path, test, test_case);
      if (gan_json_find (test->question, "expect.error") == NULL)
        g_test_add_data_func (faults, test, test_faults);
    }
  return g_test_run ();
}
