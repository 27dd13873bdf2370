/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "gan-test-site.h"

#include "gan-replay-transport.h"
#include "gan-test-transport.h"

static JsonNode *
page_to_json (GanPage *page)
{
  JsonObject *object = json_object_new ();
  JsonArray *media = json_array_new ();
  const char *cursor = gan_page_get_next_cursor (page);
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  for (guint i = 0; i < gan_page_get_n_media (page); i++)
    json_array_add_element (media, gan_record_to_json (GAN_RECORD (gan_page_get_media (page, i))));
  json_object_set_array_member (object, "media", media);
  if (cursor == NULL)
    json_object_set_null_member (object, "next_cursor");
  else
    json_object_set_string_member (object, "next_cursor", cursor);
  json_node_take_object (node, object);
  return node;
}

static JsonObject *
track_to_json (const GanTrack *track)
{
  JsonObject *object = json_object_new ();
  JsonObject *headers = json_object_new ();
  GHashTableIter iter;
  gpointer name;
  gpointer value;

  g_hash_table_iter_init (&iter, track->headers);
  while (g_hash_table_iter_next (&iter, &name, &value))
    json_object_set_string_member (headers, name, value);
  json_object_set_string_member (object, "url", gan_url_get_string (track->url));
  json_object_set_string_member (object, "format_id", track->format_id);
  json_object_set_string_member (object, "protocol", track->protocol);
  if (track->size == GAN_UNKNOWN)
    json_object_set_null_member (object, "size");
  else
    json_object_set_int_member (object, "size", track->size);
  json_object_set_object_member (object, "headers", headers);
  return object;
}

static JsonNode *
plan_to_json (GanPlan *plan)
{
  JsonObject *object = json_object_new ();
  JsonArray *tracks = json_array_new ();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_object_set_string_member (object, "title", gan_plan_get_title (plan));
  json_object_set_string_member (object, "id", gan_plan_get_id (plan));
  json_object_set_string_member (object, "ext", gan_plan_get_ext (plan));
  if (gan_plan_get_published (plan) == GAN_UNKNOWN_TIME)
    json_object_set_null_member (object, "published");
  else
    json_object_set_int_member (object, "published", gan_plan_get_published (plan));
  json_object_set_boolean_member (object, "plain_file", gan_plan_is_plain_file (plan));
  for (guint i = 0; i < gan_plan_get_n_tracks (plan); i++)
    json_array_add_object_element (tracks, track_to_json (gan_plan_get_track (plan, i)));
  json_object_set_array_member (object, "tracks", tracks);
  json_node_take_object (node, object);
  return node;
}

static JsonNode *
run_plan (GanRegistry *registry, GanUrl *url, JsonNode *question, GError **error)
{
  const char *quality = gan_json_get_string (question, "quality");
  const char *format_id = gan_json_get_string (question, "format_id");
  gint64 item = gan_json_get_int (question, "item");
  g_autoptr (GanMedia) media = gan_registry_resolve (registry, url, NULL, error);
  g_autoptr (GanChoice) choice = NULL;
  g_autoptr (GanPlan) plan = NULL;
  GanMedia *wanted = media;

  if (media == NULL)
    return NULL;
  if (item >= 0)
    {
      g_assert_cmpint (item, <, gan_media_get_items (media)->len);
      wanted = g_ptr_array_index (gan_media_get_items (media), item);
    }
  choice = format_id != NULL
               ? gan_choice_new_from_format_id (format_id)
               : gan_choice_new_from_quality (quality != NULL ? quality : "best", error);
  g_assert_nonnull (choice);
  plan = gan_registry_prepare (registry, wanted, choice, NULL, error);
  return plan == NULL ? NULL : plan_to_json (plan);
}

static JsonNode *
run_verb (GanRegistry *registry, JsonNode *question, GError **error)
{
  const char *verb = gan_json_get_string (question, "verb");
  const char *in = gan_json_get_string (question, "in");
  const char *cursor = gan_json_get_string (question, "cursor");
  gint64 limit = gan_json_get_int (question, "limit");
  g_autoptr (GanUrl) url = NULL;
  g_autoptr (GanPage) page = NULL;
  g_autoptr (GanMedia) media = NULL;

  if (limit < 0)
    limit = 20;
  if (g_strcmp0 (verb, "search") == 0)
    {
      if (in != NULL)
        {
          url = gan_url_parse_input (in, error);
          g_assert_no_error (*error);
        }
      page = gan_registry_search (registry,
                                  gan_json_get_string (question, "platform"),
                                  gan_json_get_string (question, "query"),
                                  url,
                                  cursor,
                                  limit,
                                  NULL,
                                  error);
      return page == NULL ? NULL : page_to_json (page);
    }
  url = gan_url_parse_input (gan_json_get_string (question, "url"), error);
  g_assert_no_error (*error);
  if (g_strcmp0 (verb, "list") == 0)
    {
      page = gan_registry_list (registry, url, cursor, limit, NULL, error);
      return page == NULL ? NULL : page_to_json (page);
    }
  if (g_strcmp0 (verb, "get-plan") == 0)
    return run_plan (registry, url, question, error);
  g_assert_cmpstr (verb, ==, "info");
  media = gan_registry_resolve (registry, url, NULL, error);
  return media == NULL ? NULL : gan_record_to_json (GAN_RECORD (media));
}

static JsonNode *
error_to_json (const GError *error)
{
  JsonObject *object = json_object_new ();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_object_set_member (object, "error", gan_error_to_json (error));
  json_node_take_object (node, object);
  return node;
}

static void
ignore_message (const char *domain, GLogLevelFlags level, const char *message, gpointer data)
{
}

/**
 * gan_test_site_run:
 * @table: the sites of a build
 * @n_entries: how many
 * @har: what answers
 * @question: what is asked
 *
 * Asks through a registry of its own, as a program would, with the clock standing still.
 *
 * Returns: (transfer full): what came of it
 */
GanTestOutcome *
gan_test_site_run (const GanPlatformEntry *table, gsize n_entries, GBytes *har, JsonNode *question)
{
  GanTestOutcome *outcome = g_new0 (GanTestOutcome, 1);
  g_autoptr (GanReplayTransport) replay = gan_replay_transport_new ();
  g_autoptr (GanTestTransport) transport = gan_test_transport_new (GAN_TRANSPORT (replay), FALSE);
  const char *now = gan_json_get_string (question, "now");
  g_autoptr (GanFakeClock) clock
      = gan_fake_clock_new (gan_text_to_time (now != NULL ? now : "2026-11-21T12:00:00Z"));
  g_autoptr (GanHttp) http = NULL;
  g_autoptr (GanRegistry) registry = NULL;
  GanRegistryOptions options = { 0 };
  guint handler;

  gan_replay_transport_add_data (replay, har, &outcome->error);
  g_assert_no_error (outcome->error);
  http = gan_http_new (GAN_TRANSPORT (transport), GAN_CLOCK (clock));
  options.http = http;
  registry = gan_registry_new (table, n_entries, &options);
  handler = g_log_set_handler ("gan-net", G_LOG_LEVEL_MESSAGE, ignore_message, NULL);
  outcome->result = run_verb (registry, question, &outcome->error);
  g_log_remove_handler ("gan-net", handler);
  if (outcome->result == NULL)
    outcome->result = error_to_json (outcome->error);
  outcome->requests = gan_test_transport_dup_lines (transport);
  outcome->missed = gan_replay_transport_dup_missed (replay);
  outcome->n_unused = gan_replay_transport_get_n_unused (replay);
  g_assert_finalize_object (g_steal_pointer (&registry));
  return outcome;
}

/**
 * gan_test_outcome_free:
 * @outcome: (transfer full): what came of a run
 */
void
gan_test_outcome_free (GanTestOutcome *outcome)
{
  json_node_unref (outcome->result);
  g_strfreev (outcome->requests);
  g_strfreev (outcome->missed);
  g_clear_error (&outcome->error);
  g_free (outcome);
}

static void
describe (GString *out, const char *path, JsonNode *expected, JsonNode *actual)
{
  g_autofree char *a = json_to_string (expected, FALSE);
  g_autofree char *b = actual == NULL ? g_strdup ("nothing") : json_to_string (actual, FALSE);

  g_string_append_printf (out, "%s: expected %s, is %s\n", path, a, b);
}

static void
compare (GString *out, const char *path, JsonNode *expected, JsonNode *actual)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (actual == NULL || json_node_get_node_type (expected) != json_node_get_node_type (actual))
    {
      describe (out, path, expected, actual);
      return;
    }
  if (JSON_NODE_HOLDS_OBJECT (expected))
    {
      json_object_iter_init (&iter, json_node_get_object (expected));
      while (json_object_iter_next (&iter, &name, &value))
        {
          g_autofree char *place = g_strconcat (path, ".", name, NULL);

          compare (out, place, value, json_object_get_member (json_node_get_object (actual), name));
        }
    }
  else if (JSON_NODE_HOLDS_ARRAY (expected))
    {
      JsonArray *left = json_node_get_array (expected);
      JsonArray *right = json_node_get_array (actual);

      if (json_array_get_length (left) != json_array_get_length (right))
        describe (out, path, expected, actual);
      for (guint i = 0; i < MIN (json_array_get_length (left), json_array_get_length (right)); i++)
        {
          g_autofree char *place = g_strdup_printf ("%s[%u]", path, i);

          compare (out, place, json_array_get_element (left, i), json_array_get_element (right, i));
        }
    }
  else if (JSON_NODE_HOLDS_VALUE (expected))
    {
      g_autofree char *a = json_to_string (expected, FALSE);
      g_autofree char *b = json_to_string (actual, FALSE);

      /* 3.0 and 3 are the same number. */
      if (g_str_equal (a, b)
          || (json_node_get_value_type (expected) != G_TYPE_STRING
              && json_node_get_value_type (actual) != G_TYPE_STRING
              && json_node_get_value_type (expected) != G_TYPE_BOOLEAN
              && json_node_get_value_type (actual) != G_TYPE_BOOLEAN
              && ABS (json_node_get_double (expected) - json_node_get_double (actual)) < 1e-9))
        return;
      describe (out, path, expected, actual);
    }
}

/**
 * gan_test_site_dup_difference:
 * @expected: what must be there
 * @actual: what is there
 *
 * Returns: (transfer full) (nullable): a line per difference, or %NULL when there is none
 */
char *
gan_test_site_dup_difference (JsonNode *expected, JsonNode *actual)
{
  g_autoptr (GString) out = g_string_new (NULL);

  compare (out, "", expected, actual);
  return out->len == 0 ? NULL : g_string_free (g_steal_pointer (&out), FALSE);
}
