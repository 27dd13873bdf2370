/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "gan-test-faults.h"

#include "gan-json.h"

#include <string.h>

#define WALL                                                                                       \
  "<!doctype html><html><head><title>Just a moment</title></head><body>Wait</body></html>"

static const char *const names[]
    = { "empty", "truncated", "status", "html", "deep", "bytes", "nulls", "huge", "types", "long" };

G_STATIC_ASSERT (G_N_ELEMENTS (names) == GAN_TEST_N_FAULTS);

/**
 * gan_test_fault_to_string:
 * @fault: a fault
 *
 * Returns: (transfer none): its name
 */
const char *
gan_test_fault_to_string (GanTestFault fault)
{
  return names[fault];
}

static JsonNode *
parse (GBytes *har)
{
  gsize length;
  const char *data = g_bytes_get_data (har, &length);
  g_autofree char *text = g_strndup (data, length);
  g_autoptr (GError) error = NULL;
  JsonNode *root = json_from_string (text, &error);

  g_assert_no_error (error);
  return root;
}

static JsonObject *
get_response (JsonNode *root, guint entry)
{
  g_autofree char *path = g_strdup_printf ("log.entries[%u].response", entry);

  return gan_json_get_object (root, path);
}

/**
 * gan_test_faults_count_entries:
 * @har: a HAR
 *
 * Returns: how many exchanges it has
 */
guint
gan_test_faults_count_entries (GBytes *har)
{
  g_autoptr (JsonNode) root = parse (har);

  return json_array_get_length (gan_json_get_array (root, "log.entries"));
}

/**
 * gan_test_faults_is_json:
 * @har: a HAR
 * @entry: which exchange
 *
 * Returns: whether its answer is JSON
 */
gboolean
gan_test_faults_is_json (GBytes *har, guint entry)
{
  g_autoptr (JsonNode) root = parse (har);
  JsonObject *content = json_object_get_object_member (get_response (root, entry), "content");
  const char *text = json_object_get_string_member_with_default (content, "text", "");

  return *text == '{' || *text == '[';
}

static JsonNode *
new_string (const char *text)
{
  JsonNode *node = json_node_new (JSON_NODE_VALUE);

  json_node_set_string (node, text);
  return node;
}

static JsonNode *
new_int (gint64 number)
{
  JsonNode *node = json_node_new (JSON_NODE_VALUE);

  json_node_set_int (node, number);
  return node;
}

static JsonNode *
spoil_value (JsonNode *node, GanTestFault fault)
{
  gboolean is_string = json_node_get_value_type (node) == G_TYPE_STRING;
  g_autofree char *text = NULL;

  switch ((int) fault)
    {
    case GAN_TEST_FAULT_NULLS:
      return json_node_new (JSON_NODE_NULL);
    case GAN_TEST_FAULT_HUGE:
      if (!is_string)
        return new_int (json_node_get_int (node) % 2 == 0 ? G_MAXINT64 : G_MININT64);
      if (*json_node_get_string (node) != '\0' && g_ascii_isdigit (*json_node_get_string (node)))
        return new_string ("99999999999999999999999999999999999999999");
      return json_node_copy (node);
    case GAN_TEST_FAULT_TYPES:
      return is_string ? new_int (-7) : new_string ("text");
    default:
      text = g_strnfill (300 * 1000, 'x');
      return is_string ? new_string (text) : json_node_copy (node);
    }
}

static JsonNode *
spoil (JsonNode *node, GanTestFault fault)
{
  JsonNode *copy = json_node_new (json_node_get_node_type (node));

  if (JSON_NODE_HOLDS_OBJECT (node))
    {
      JsonObject *object = json_object_new ();
      JsonObjectIter iter;
      const char *name;
      JsonNode *value;

      json_object_iter_init (&iter, json_node_get_object (node));
      while (json_object_iter_next (&iter, &name, &value))
        json_object_set_member (object, name, spoil (value, fault));
      json_node_take_object (copy, object);
    }
  else if (JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *array = json_array_new ();

      for (guint i = 0; i < json_array_get_length (json_node_get_array (node)); i++)
        json_array_add_element (
            array,
            spoil (json_array_get_element (json_node_get_array (node), i), fault));
      json_node_take_array (copy, array);
    }
  else if (JSON_NODE_HOLDS_VALUE (node))
    {
      json_node_unref (copy);
      return spoil_value (node, fault);
    }
  return copy;
}

static char *
spoil_json (const char *text, GanTestFault fault)
{
  g_autoptr (JsonNode) root = json_from_string (text, NULL);
  g_autoptr (JsonNode) spoiled = root == NULL ? NULL : spoil (root, fault);

  return spoiled == NULL ? g_strdup ("") : json_to_string (spoiled, FALSE);
}

static char *
spoil_text (const char *text, GanTestFault fault)
{
  switch (fault)
    {
    case GAN_TEST_FAULT_TRUNCATED:
      return g_strndup (text, g_utf8_offset_to_pointer (text, g_utf8_strlen (text, -1) / 2) - text);
    case GAN_TEST_FAULT_STATUS:
    case GAN_TEST_FAULT_HTML:
      return g_strdup (WALL);
    case GAN_TEST_FAULT_DEEP:
      return g_strnfill (100 * 1000, '[');
    case GAN_TEST_FAULT_BYTES:
      return g_strdup ("/////gAAAP+A"); /* base64 */
    case GAN_TEST_FAULT_NULLS:
    case GAN_TEST_FAULT_HUGE:
    case GAN_TEST_FAULT_TYPES:
    case GAN_TEST_FAULT_LONG:
      return spoil_json (text, fault);
    case GAN_TEST_FAULT_EMPTY:
    case GAN_TEST_N_FAULTS:
    default:
      return g_strdup ("");
    }
}

/**
 * gan_test_faults_apply:
 * @har: a HAR
 * @entry: which exchange
 * @fault: what happens to its answer
 *
 * Returns: (transfer full): another HAR, with the one answer spoiled
 */
GBytes *
gan_test_faults_apply (GBytes *har, guint entry, GanTestFault fault)
{
  g_autoptr (JsonNode) root = parse (har);
  JsonObject *response = get_response (root, entry);
  JsonObject *content = json_object_get_object_member (response, "content");
  const char *text = json_object_get_string_member_with_default (content, "text", "");
  g_autofree char *spoiled = spoil_text (text, fault);
  char *out;

  json_object_set_string_member (content, "text", spoiled);
  json_object_remove_member (content, "encoding");
  json_object_remove_member (content, "size");
  if (fault == GAN_TEST_FAULT_BYTES)
    json_object_set_string_member (content, "encoding", "base64");
  if (fault == GAN_TEST_FAULT_STATUS)
    json_object_set_int_member (response, "status", 500);
  out = json_to_string (root, FALSE);
  return g_bytes_new_take (out, strlen (out));
}
