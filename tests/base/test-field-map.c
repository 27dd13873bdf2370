/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-error.h"
#include "gan-field-map.h"
#include "gan-json.h"
#include "gan-limits.h"
#include "gan-media.h"

#include <string.h>

static JsonNode *
parse (const char *text)
{
  JsonNode *node = gan_json_parse (text, -1, GAN_LIMIT_JSON_BYTES, GAN_LIMIT_JSON_DEPTH, NULL);

  g_assert_nonnull (node);
  return node;
}

static GanFieldMap *
make (const char *rows)
{
  g_autoptr (JsonNode) node = parse (rows);
  g_autoptr (GError) error = NULL;
  GanFieldMap *map = gan_field_map_new (node, GAN_TYPE_MEDIA, &error);

  g_assert_no_error (error);
  g_assert_nonnull (map);
  return map;
}

static const char answer[]
    = "{\"post\":{\"id\":4711,\"text\":\"Look &amp; see #sky @moon\\nmore\",\"views\":\"1.2K\","
      "\"likes\":-5,\"length\":29626,\"iso\":\"PT3M33S\",\"at\":\"2026-01-31T12:00:00+01:00\","
      "\"epoch_ms\":1741819473000,\"tags\":[\"a\",3,\"b\"],"
      "\"words\":[{\"w\":\"c\"},{\"w\":4},{},{\"w\":\"d\"}],"
      "\"user\":{\"name\":\"@some\\u202eone\"},"
      "\"image\":\"//img.example.org/x.jpg\",\"bad\":\"file:///etc/passwd\",\"empty\":\"\","
      "\"nothing\":null,\"list\":[{\"n\":1},{\"n\":2}]}}";

static void
test_all_transforms (void)
{
  g_autoptr (GanFieldMap) map = make (
      "[{\"source\":\"post.id\",\"target\":\"platform_id\",\"required\":true},"
      "{\"source\":\"post.text\",\"target\":\"description\",\"transform\":\"html-unescape\"},"
      "{\"source\":\"post.text\",\"target\":\"title\","
      " \"transform\":[\"html-unescape\",\"first-line\",\"sanitize(10)\"]},"
      "{\"source\":\"post.text\",\"target\":\"hashtags\",\"transform\":\"hashtags\"},"
      "{\"source\":\"post.text\",\"target\":\"mentions\",\"transform\":\"mentions\"},"
      "{\"source\":\"post.views\",\"target\":\"view_count\",\"transform\":\"to-int\"},"
      "{\"source\":\"post.list[1].n\",\"target\":\"share_count\"},"
      "{\"source\":\"post.length\",\"target\":\"duration\",\"transform\":\"duration-ms\"},"
      "{\"source\":\"post.at\",\"target\":\"published_at\",\"transform\":\"date\"},"
      "{\"source\":\"post.user.name\",\"target\":\"creator\","
      " \"transform\":[\"strip-prefix(@)\",\"sanitize(50)\"]},"
      "{\"source\":\"post.image\",\"target\":\"thumbnail_url\",\"transform\":\"url\"}]");
  g_autoptr (JsonNode) source = parse (answer);
  g_autoptr (GanMedia) media = gan_media_new ();
  g_autoptr (GError) error = NULL;

  g_assert_true (gan_field_map_apply (map, source, GAN_RECORD (media), &error));
  g_assert_no_error (error);
  g_assert_cmpstr (gan_media_get_platform_id (media), ==, "4711");
  g_assert_cmpstr (gan_media_get_description (media), ==, "Look & see #sky @moon\nmore");
  g_assert_cmpstr (gan_media_get_title (media), ==, "Look & see");
  g_assert_cmpstr (gan_media_get_hashtags (media)[0], ==, "sky");
  g_assert_cmpstr (gan_media_get_mentions (media)[0], ==, "moon");
  g_assert_cmpint (gan_media_get_view_count (media), ==, 1200);
  g_assert_cmpint (gan_media_get_share_count (media), ==, 2);
  g_assert_cmpfloat (gan_media_get_duration (media), ==, 29.626);
  g_assert_cmpint (gan_media_get_published_at (media), ==, 1769857200);
  g_assert_cmpstr (gan_media_get_creator (media), ==, "someone");
  g_assert_cmpstr (gan_media_get_thumbnail_url (media), ==, "https://img.example.org/x.jpg");
}

/* One row each: what comes of it, written as JSON. */
static void
test_values (void)
{
  static const struct
  {
    const char *row;
    const char *target;
    const char *value;
  } cases[] = {
    { "\"source\":\"post.iso\",\"transform\":\"duration\"", "duration", "213.0" },
    { "\"source\":\"post.length\",\"transform\":\"duration\"", "duration", "29626.0" },
    { "\"source\":\"post.views\",\"transform\":\"to-double\"", "duration", "null" },
    { "\"source\":\"post.length\",\"transform\":\"to-double\"", "duration", "29626.0" },
    { "\"source\":\"post.epoch_ms\",\"transform\":\"date\"",
      "published_at",
      "\"2025-03-12T22:44:33Z\"" },
    { "\"source\":\"post.tags\"", "hashtags", "[\"a\",\"b\"]" },
    { "\"source\":\"post.words[*].w\"", "hashtags", "[\"c\",\"d\"]" },
    { "\"source\":[\"post.gone[*].w\",\"post.tags[*]\"]", "hashtags", "[\"a\",\"b\"]" },
    { "\"source\":\"post.words[*].w\"", "title", "null" },
    { "\"source\":\"post.likes\"", "like_count", "null" },
    { "\"source\":\"post.likes\",\"transform\":\"to-int\"", "like_count", "null" },
    { "\"source\":\"post.bad\",\"transform\":\"url\"", "thumbnail_url", "null" },
    { "\"source\":\"post.empty\"", "title", "null" },
    { "\"source\":\"post.nothing\"", "title", "null" },
    { "\"source\":\"post.user\"", "title", "null" },
    { "\"source\":\"post.tags\"", "title", "null" },
    { "\"source\":\"post.tags\",\"transform\":\"sanitize(5)\"", "title", "null" },
    { "\"source\":\"post.text\"", "view_count", "null" },
    { "\"source\":[\"gone\",\"post.empty\",\"post.bad\",\"post.image\"],\"transform\":\"url\"",
      "thumbnail_url",
      "\"https://img.example.org/x.jpg\"" },
    { "\"source\":[\"post.likes\",\"post.length\"]", "like_count", "29626" },
  };
  g_autoptr (JsonNode) source = parse (answer);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *rows
          = g_strdup_printf ("[{%s,\"target\":\"%s\"}]", cases[i].row, cases[i].target);
      g_autoptr (GanFieldMap) map = NULL;
      g_autoptr (GanMedia) media = gan_media_new ();
      g_autoptr (JsonNode) object = NULL;
      g_autofree char *value = NULL;

      g_test_message ("%s", rows);
      map = make (rows);
      g_assert_true (gan_field_map_apply (map, source, GAN_RECORD (media), NULL));
      object = gan_record_to_json (GAN_RECORD (media));
      value = gan_json_to_string (gan_json_find (object, cases[i].target), FALSE);
      g_assert_cmpstr (value, ==, cases[i].value);
    }
}

static void
test_bool (void)
{
  static const struct
  {
    const char *value;
    gint64 flag;
  } cases[] = { { "true", TRUE },     { "false", FALSE },         { "1", TRUE },
                { "0", FALSE },       { "\"true\"", TRUE },       { "\"False\"", FALSE },
                { "2", GAN_UNKNOWN }, { "\"yes\"", GAN_UNKNOWN }, { "null", GAN_UNKNOWN },
                { "[]", GAN_UNKNOWN } };
  g_autoptr (JsonNode) rows
      = parse ("[{\"source\":\"x\",\"target\":\"is_live\",\"transform\":\"bool\"}]");
  g_autoptr (GanFieldMap) map = gan_field_map_new (rows, GAN_TYPE_FORMAT, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"x\":%s}", cases[i].value);
      g_autoptr (JsonNode) source = parse (text);
      g_autoptr (GanFormat) format = gan_format_new (NULL, NULL);

      g_assert_true (gan_field_map_apply (map, source, GAN_RECORD (format), NULL));
      g_assert_cmpint (gan_format_get_is_live (format), ==, cases[i].flag);
    }
}

/* A required field that is missing or of the wrong type names its path and nothing of the page. */
static void
test_required (void)
{
  static const struct
  {
    const char *source;
    const char *transform;
    const char *field;
  } cases[] = {
    { "\"gone.id\"", "to-int", "gone.id" },
    { "\"post.text\"", "to-int", "post.text" },
    { "\"post.user\"", "to-int", "post.user" },
    { "\"post.likes\"", "to-int", "post.likes" },
    { "[\"post.nothing\",\"post.text\"]", "to-int", "post.nothing" },
  };
  g_autoptr (JsonNode) source = parse (answer);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *rows = g_strdup_printf ("[{\"source\":%s,\"target\":\"view_count\","
                                               "\"transform\":\"%s\",\"required\":true}]",
                                               cases[i].source,
                                               cases[i].transform);
      g_autoptr (GanFieldMap) map = make (rows);
      g_autoptr (GanMedia) media = gan_media_new ();
      g_autoptr (GError) error = NULL;

      g_assert_false (gan_field_map_apply (map, source, GAN_RECORD (media), &error));
      g_assert_error (error, GAN_ERROR, GAN_ERROR_SITE_CHANGED);
      g_assert_cmpstr (gan_error_get_field (error), ==, cases[i].field);
      g_assert_null (strstr (error->message, "Look"));
      g_assert_false (gan_field_map_apply (map, NULL, GAN_RECORD (media), NULL));
    }
}

static void
test_missing_keeps_value (void)
{
  g_autoptr (GanFieldMap) map = make ("[{\"source\":\"gone\",\"target\":\"title\"}]");
  g_autoptr (JsonNode) source = parse (answer);
  g_autoptr (GanMedia) media = gan_media_new ();

  gan_media_set_title (media, "before");
  g_assert_true (gan_field_map_apply (map, source, GAN_RECORD (media), NULL));
  g_assert_cmpstr (gan_media_get_title (media), ==, "before");
}

static void
test_refused (void)
{
  static const struct
  {
    const char *rows;
    const char *field;
  } cases[] = {
    { "{}", NULL },
    { "[1]", "[0]" },
    { "[{}]", "[0].target" },
    { "[{\"source\":\"a\"}]", "[0].target" },
    { "[{\"target\":\"title\"}]", "[0].source" },
    { "[{\"source\":\"a\",\"target\":\"title\"},{\"source\":\"a\",\"target\":\"nosuch\"}]",
      "[1].target" },
    { "[{\"source\":\"a\",\"target\":\"formats\"}]", "[0].target" },
    { "[{\"source\":\"a\",\"target\":\"extra_data\"}]", "[0].target" },
    { "[{\"source\":\"a\",\"target\":7}]", "[0].target" },
    { "[{\"source\":\"a..b\",\"target\":\"title\"}]", "[0].source" },
    { "[{\"source\":[],\"target\":\"title\"}]", "[0].source" },
    { "[{\"source\":[\"a\",1],\"target\":\"title\"}]", "[0].source" },
    { "[{\"source\":null,\"target\":\"title\"}]", "[0].source" },
    { "[{\"source\":\"a\",\"target\":\"title\",\"transform\":\"nosuch\"}]", "[0].transform" },
    { "[{\"source\":\"a\",\"target\":\"title\",\"transform\":\"sanitize\"}]", "[0].transform" },
    { "[{\"source\":\"a\",\"target\":\"title\",\"transform\":\"sanitize()\"}]", "[0].transform" },
    { "[{\"source\":\"a\",\"target\":\"title\",\"transform\":\"sanitize(x)\"}]", "[0].transform" },
    { "[{\"source\":\"a\",\"target\":\"title\",\"transform\":\"sanitize(0)\"}]", "[0].transform" },
    { "[{\"source\":\"a\",\"target\":\"title\",\"transform\":\"sanitize(9\"}]", "[0].transform" },
    { "[{\"source\":\"a\",\"target\":\"title\",\"transform\":\"url(1)\"}]", "[0].transform" },
    { "[{\"source\":\"a\",\"target\":\"title\",\"transform\":[\"url\",\"\"]}]", "[0].transform" },
    { "[{\"source\":\"a\",\"target\":\"title\",\"required\":\"yes\"}]", "[0].required" },
    { "[{\"source\":\"a\",\"target\":\"title\",\"optional\":true}]", "[0].optional" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (JsonNode) rows = parse (cases[i].rows);
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", cases[i].rows);
      g_assert_null (gan_field_map_new (rows, GAN_TYPE_MEDIA, &error));
      g_assert_error (error, GAN_ERROR, GAN_ERROR_INVALID_DATA);
      g_assert_cmpstr (gan_error_get_field (error), ==, cases[i].field);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/field-map/all-transforms", test_all_transforms);
  g_test_add_func ("/field-map/values", test_values);
  g_test_add_func ("/field-map/bool", test_bool);
  g_test_add_func ("/field-map/required", test_required);
  g_test_add_func ("/field-map/missing-keeps-value", test_missing_keeps_value);
  g_test_add_func ("/field-map/refused", test_refused);
  return g_test_run ();
}
