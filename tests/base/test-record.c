/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-error.h"
#include "gan-json.h"
#include "gan-limits.h"
#include "gan-media.h"

#include <math.h>
#include <string.h>

static JsonNode *
parse (const char *text)
{
  JsonNode *node = gan_json_parse (text, -1, GAN_LIMIT_JSON_BYTES, GAN_LIMIT_JSON_DEPTH, NULL);

  g_assert_nonnull (node);
  return node;
}

static char *
write_record (gpointer record)
{
  g_autoptr (JsonNode) node = gan_record_to_json (record);

  return gan_json_to_string (node, FALSE);
}

static GanFormat *
make_format (void)
{
  GanFormat *format = gan_format_new ("hd", "https://media.example.org/1.mp4");

  gan_format_set_quality (format, "720p");
  gan_format_set_ext (format, "mp4");
  gan_format_set_size (format, 1280, 720);
  gan_format_set_filesize (format, 123456789);
  gan_format_set_fps (format, 29.97);
  gan_format_set_vcodec (format, "avc1.64001f");
  gan_format_set_acodec (format, "mp4a.40.2");
  gan_format_set_bitrate (format, 2176000);
  gan_format_set_has_watermark (format, FALSE);
  gan_format_set_is_live (format, TRUE);
  gan_format_set_headers (format, "Referer", "https://example.org/");
  gan_format_set_headers (format, "accept", "*/*");
  return format;
}

static GanMedia *
make_media (void)
{
  static const char *const hashtags[] = { "sky",
                                          "stra\xc3\x9f"
                                          "e",
                                          NULL };
  static const char *const mentions[] = { "moon", NULL };
  g_autoptr (GanFormat) format = make_format ();
  g_autoptr (GanSubtitle) subtitle = gan_subtitle_new ();
  g_autoptr (GanChapter) chapter = gan_chapter_new ();
  g_autoptr (JsonNode) extra = parse ("{\"score\":1.5,\"parts\":[1,null]}");
  GanMedia *media = gan_media_new ();

  gan_subtitle_set_language (subtitle, "de");
  gan_subtitle_set_name (subtitle, "Deutsch");
  gan_subtitle_set_url (subtitle, "https://media.example.org/1.vtt");
  gan_subtitle_set_ext (subtitle, "vtt");
  gan_chapter_set_title (chapter, "Beginning");
  gan_chapter_set_start (chapter, 0);
  gan_chapter_set_end (chapter, 12.5);

  gan_media_set_url (media, "https://example.org/post/1");
  gan_media_set_platform (media, "example");
  gan_media_set_platform_id (media, "1");
  gan_media_set_title (media, "A \"title\"");
  gan_media_set_description (media, "Two\nlines");
  gan_media_set_thumbnail_url (media, "https://media.example.org/1.jpg");
  gan_media_set_duration (media, 29.626);
  gan_media_set_creator (media, "Someone");
  gan_media_set_creator_id (media, "someone");
  gan_media_set_creator_avatar (media, "https://media.example.org/a.jpg");
  gan_media_set_content_type (media, "video");
  gan_media_set_hashtags (media, hashtags);
  gan_media_set_mentions (media, mentions);
  gan_media_set_view_count (media, 1200);
  gan_media_set_like_count (media, 0);
  gan_media_set_comment_count (media, 3);
  gan_media_set_share_count (media, 4);
  gan_media_set_published_at (media, 1769860800);
  gan_media_append_formats (media, format);
  gan_media_append_subtitles (media, subtitle);
  gan_media_append_chapters (media, chapter);
  gan_media_set_extra_data (media, extra);
  return media;
}

static const char format_json[]
    = "{\"format_id\":\"hd\",\"quality\":\"720p\",\"ext\":\"mp4\","
      "\"url\":\"https://media.example.org/1.mp4\",\"width\":1280,\"height\":720,"
      "\"filesize\":123456789,\"fps\":29.97,\"vcodec\":\"avc1.64001f\",\"acodec\":\"mp4a.40.2\","
      "\"bitrate\":2176000,\"has_watermark\":false,\"is_live\":true,\"protocol\":\"http\","
      "\"headers\":{\"accept\":\"*/*\",\"Referer\":\"https://example.org/\"}}";

static void
test_json_out (void)
{
  g_autoptr (GanMedia) media = make_media ();
  g_autoptr (GanMedia) empty = gan_media_new ();
  g_autofree char *expected = NULL;
  g_autofree char *text = write_record (media);
  g_autofree char *empty_text = write_record (empty);

  expected = g_strdup_printf (
      "{\"url\":\"https://example.org/post/1\",\"platform\":\"example\",\"platform_id\":\"1\","
      "\"title\":\"A \\\"title\\\"\",\"description\":\"Two\\nlines\","
      "\"thumbnail_url\":\"https://media.example.org/1.jpg\",\"duration\":29.626,"
      "\"creator\":\"Someone\",\"creator_id\":\"someone\","
      "\"creator_avatar\":\"https://media.example.org/a.jpg\",\"content_type\":\"video\","
      "\"hashtags\":[\"sky\",\"stra\xc3\x9f"
      "e\"],\"mentions\":[\"moon\"],\"view_count\":1200,"
      "\"like_count\":0,\"comment_count\":3,\"share_count\":4,"
      "\"published_at\":\"2026-01-31T12:00:00Z\",\"formats\":[%s],\"items\":[],"
      "\"subtitles\":[{\"language\":\"de\",\"name\":\"Deutsch\","
      "\"url\":\"https://media.example.org/1.vtt\",\"ext\":\"vtt\"}],"
      "\"chapters\":[{\"title\":\"Beginning\",\"start\":0.0,\"end\":12.5}],"
      "\"extra_data\":{\"score\":1.5,\"parts\":[1,null]}}",
      format_json);
  g_assert_cmpstr (text, ==, expected);
  g_assert_cmpstr (
      empty_text,
      ==,
      "{\"url\":null,\"platform\":null,\"platform_id\":null,\"title\":null,\"description\":null,"
      "\"thumbnail_url\":null,\"duration\":null,\"creator\":null,\"creator_id\":null,"
      "\"creator_avatar\":null,\"content_type\":null,\"hashtags\":[],\"mentions\":[],"
      "\"view_count\":null,\"like_count\":null,\"comment_count\":null,\"share_count\":null,"
      "\"published_at\":null,\"formats\":[],\"items\":[],\"subtitles\":[],\"chapters\":[],"
      "\"extra_data\":null}");
}

static void
test_round_trip (void)
{
  g_autoptr (GanMedia) post = gan_media_new ();
  g_autoptr (GanMedia) item = make_media ();
  g_autoptr (GanMedia) again = NULL;
  g_autoptr (JsonNode) read = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  g_autofree char *text_again = NULL;

  gan_media_append_items (post, item);
  gan_media_append_items (post, item);
  text = write_record (post);
  read = parse (text);
  again = gan_record_from_json (GAN_TYPE_MEDIA, read, &error);
  g_assert_no_error (error);
  g_assert_false (gan_record_is_sealed (GAN_RECORD (again)));
  g_assert_null (gan_record_dup_difference (GAN_RECORD (post), GAN_RECORD (again)));
  text_again = write_record (again);
  g_assert_cmpstr (text, ==, text_again);
}

static void
test_json_in (void)
{
  static const struct
  {
    const char *text;
    const char *field; /* of the error, NULL if it is accepted */
  } cases[] = {
    { "{}", NULL },
    { "{\"unknown\":[{}],\"title\":null,\"formats\":null}", NULL },
    { "{\"duration\":12,\"view_count\":-3,\"like_count\":9000000000000000000}", NULL },
    { "{\"formats\":[{\"headers\":{\"Cookie\":\"a=b\"}}]}", NULL },
    { "{\"title\":5}", "title" },
    { "{\"title\":[]}", "title" },
    { "{\"view_count\":\"5\"}", "view_count" },
    { "{\"view_count\":5.5}", "view_count" },
    { "{\"duration\":\"5\"}", "duration" },
    { "{\"duration\":true}", "duration" },
    { "{\"hashtags\":\"a\"}", "hashtags" },
    { "{\"hashtags\":[\"a\",null]}", "hashtags" },
    { "{\"published_at\":5}", "published_at" },
    { "{\"published_at\":\"soon\"}", "published_at" },
    { "{\"formats\":{}}", "formats" },
    { "{\"formats\":[null]}", "formats[0]" },
    { "{\"formats\":[{},{\"width\":\"x\"}]}", "formats[1].width" },
    { "{\"formats\":[{\"headers\":[]}]}", "formats[0].headers" },
    { "{\"formats\":[{\"headers\":{\"A\":1}}]}", "formats[0].headers" },
    { "{\"formats\":[{\"is_live\":1}]}", "formats[0].is_live" },
    { "{\"items\":[{\"items\":[{\"chapters\":[{\"end\":\"x\"}]}]}]}",
      "items[0].items[0].chapters[0].end" },
  };
  g_autoptr (JsonNode) list = parse ("[]");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (JsonNode) node = parse (cases[i].text);
      g_autoptr (GError) error = NULL;
      g_autoptr (GanMedia) media = gan_record_from_json (GAN_TYPE_MEDIA, node, &error);

      g_test_message ("%s", cases[i].text);
      g_assert_cmpint (media == NULL, ==, cases[i].field != NULL);
      if (media != NULL)
        continue;
      g_assert_error (error, GAN_ERROR, GAN_ERROR_INVALID_DATA);
      g_assert_cmpstr (gan_error_get_field (error), ==, cases[i].field);
    }
  g_assert_null (gan_record_from_json (GAN_TYPE_MEDIA, list, NULL));
  g_assert_null (gan_record_from_json (GAN_TYPE_MEDIA, NULL, NULL));
}

static void
test_difference (void)
{
  g_autoptr (GanMedia) expected = make_media ();
  g_autoptr (GanMedia) actual = make_media ();
  g_autofree char *none = NULL;
  g_autofree char *lines = NULL;
  g_autoptr (GanFormat) more = gan_format_new ("sd", NULL);

  none = gan_record_dup_difference (GAN_RECORD (expected), GAN_RECORD (actual));
  g_assert_null (none);
  gan_media_set_title (actual, "Another");
  gan_media_set_view_count (actual, GAN_UNKNOWN);
  gan_media_set_published_at (actual, 1769860801);
  gan_media_set_hashtags (actual, NULL);
  gan_format_set_width (gan_media_get_formats (actual)->pdata[0], 640);
  gan_format_set_headers (gan_media_get_formats (actual)->pdata[0], "accept", NULL);
  gan_media_append_formats (actual, more);
  gan_media_set_extra_data (actual, NULL);
  lines = gan_record_dup_difference (GAN_RECORD (expected), GAN_RECORD (actual));
  g_assert_cmpstr (
      lines,
      ==,
      "title: expected \"A \\\"title\\\"\", got \"Another\"\n"
      "hashtags: expected [\"sky\",\"stra\xc3\x9f"
      "e\"], got []\n"
      "view_count: expected 1200, got null\n"
      "published_at: expected \"2026-01-31T12:00:00Z\", got \"2026-01-31T12:00:01Z\"\n"
      "formats: expected 1 entries, got 2\n"
      "formats[0].width: expected 1280, got 640\n"
      "formats[0].headers: expected {\"accept\":\"*/*\",\"Referer\":\"https://example.org/\"}, "
      "got {\"Referer\":\"https://example.org/\"}\n"
      "extra_data: expected {\"score\":1.5,\"parts\":[1,null]}, got null\n");
}

static void
test_properties (void)
{
  g_autoptr (GanMedia) media = make_media ();
  g_autoptr (GanMedia) empty = gan_media_new ();
  GanFormat *format = gan_media_get_formats (media)->pdata[0];
  g_autofree char *title = NULL;
  g_auto (GStrv) hashtags = NULL;
  g_auto (GStrv) no_hashtags = NULL;
  g_autoptr (GPtrArray) formats = NULL;
  g_autoptr (GHashTable) headers = NULL;
  g_autoptr (JsonNode) extra = NULL;
  double duration;
  gint64 views;
  gint64 published;
  gint64 unknown;
  gint64 live;
  guint n_properties = 0;
  g_autofree GParamSpec **properties = NULL;

  g_object_get (media,
                "title",
                &title,
                "hashtags",
                &hashtags,
                "formats",
                &formats,
                "extra-data",
                &extra,
                "duration",
                &duration,
                "view-count",
                &views,
                "published-at",
                &published,
                NULL);
  g_object_get (empty, "published-at", &unknown, "hashtags", &no_hashtags, NULL);
  g_object_get (format, "headers", &headers, "is-live", &live, NULL);
  g_assert_cmpstr (title, ==, "A \"title\"");
  g_assert_cmpstr (hashtags[0], ==, "sky");
  g_assert_true (formats == gan_media_get_formats (media));
  g_assert_cmpfloat (gan_json_get_double (extra, "score"), ==, 1.5);
  g_assert_cmpfloat (duration, ==, 29.626);
  g_assert_cmpint (views, ==, 1200);
  g_assert_cmpint (published, ==, 1769860800);
  g_assert_cmpint (unknown, ==, GAN_UNKNOWN_TIME);
  g_assert_cmpuint (g_strv_length (no_hashtags), ==, 0);
  g_assert_cmpstr (g_hash_table_lookup (headers, "referer"), ==, "https://example.org/");
  g_assert_cmpint (live, ==, TRUE);

  properties = g_object_class_list_properties (G_OBJECT_GET_CLASS (media), &n_properties);
  g_assert_cmpuint (n_properties, ==, 23);
  for (guint i = 0; i < n_properties; i++)
    g_assert_cmpint (properties[i]->flags & G_PARAM_READWRITE, ==, G_PARAM_READABLE);
}

static void
expect_sealed (void)
{
  g_test_expect_message ("gan-base", G_LOG_LEVEL_CRITICAL, "*!gan_record_is_sealed (self)*");
}

static void
test_seal (void)
{
  g_autoptr (GanMedia) post = gan_media_new ();
  g_autoptr (GanMedia) item = make_media ();
  GanFormat *format = gan_media_get_formats (item)->pdata[0];
  static const char *const tags[] = { "x", NULL };

  gan_media_append_items (post, item);
  gan_record_seal (GAN_RECORD (post));
  gan_record_seal (GAN_RECORD (post));
  g_assert_true (gan_record_is_sealed (GAN_RECORD (post)));
  g_assert_true (gan_record_is_sealed (GAN_RECORD (item)));
  g_assert_true (gan_record_is_sealed (GAN_RECORD (format)));
  g_assert_true (json_node_is_immutable (gan_media_get_extra_data (item)));

  expect_sealed ();
  gan_media_set_title (post, "x");
  expect_sealed ();
  gan_media_set_view_count (item, 5);
  expect_sealed ();
  gan_media_set_duration (item, 5);
  expect_sealed ();
  gan_media_set_published_at (item, 5);
  expect_sealed ();
  gan_media_set_hashtags (item, tags);
  expect_sealed ();
  gan_media_set_extra_data (item, NULL);
  expect_sealed ();
  gan_media_append_formats (item, format);
  expect_sealed ();
  gan_format_set_is_live (format, FALSE);
  expect_sealed ();
  gan_format_set_headers (format, "Referer", NULL);
  g_test_assert_expected_messages ();
  g_assert_null (gan_media_get_title (post));
  g_assert_cmpint (gan_media_get_view_count (item), ==, 1200);
  g_assert_cmpint (gan_format_get_is_live (format), ==, TRUE);
  g_assert_cmpuint (gan_media_get_formats (item)->len, ==, 1);
}

/* H10: numbers that make no sense are unknown, however they come in. */
static void
test_nonsense (void)
{
  static const double doubles[] = { -1, -0.001, NAN, INFINITY, -INFINITY, 1e18, 1e300 };
  static const gint64 ints[]
      = { -1, -5, G_MININT64, G_MAXINT64, G_GINT64_CONSTANT (1000000000000000000) };
  g_autoptr (GanMedia) media = gan_media_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (doubles); i++)
    {
      g_auto (GValue) value = G_VALUE_INIT;

      gan_media_set_duration (media, 5);
      gan_media_set_duration (media, doubles[i]);
      g_assert_cmpfloat (gan_media_get_duration (media), ==, GAN_UNKNOWN);
      gan_media_set_view_count (media, 5);
      g_value_init (&value, G_TYPE_DOUBLE);
      g_value_set_double (&value, doubles[i]);
      g_assert_true (gan_record_set_by_name (GAN_RECORD (media), "view_count", &value, NULL));
      g_assert_cmpint (gan_media_get_view_count (media), ==, GAN_UNKNOWN);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (ints); i++)
    {
      gan_media_set_view_count (media, 5);
      gan_media_set_view_count (media, ints[i]);
      g_assert_cmpint (gan_media_get_view_count (media), ==, GAN_UNKNOWN);
      gan_media_set_published_at (media, 5);
      gan_media_set_published_at (media, ints[i]);
      g_assert_cmpint (gan_media_get_published_at (media), ==, GAN_UNKNOWN_TIME);
    }
  gan_media_set_view_count (media, GAN_LIMIT_COUNT);
  g_assert_cmpint (gan_media_get_view_count (media), ==, GAN_LIMIT_COUNT);
  gan_media_set_published_at (media, GAN_LIMIT_TIME_SECONDS);
  g_assert_cmpint (gan_media_get_published_at (media), ==, GAN_LIMIT_TIME_SECONDS);
}

static void
test_strings (void)
{
  g_autofree char *long_text = g_strnfill (GAN_LIMIT_TEXT_BYTES + 100, 'x');
  g_autoptr (GString) wide = g_string_new ("x");
  g_autoptr (GanMedia) media = gan_media_new ();
  const char *const strings[] = { "", "a\xff", NULL };

  gan_media_set_title (media,
                       "a\xff"
                       "b");
  g_assert_cmpstr (gan_media_get_title (media),
                   ==,
                   "a\xef\xbf\xbd"
                   "b");
  gan_media_set_title (media, "");
  g_assert_null (gan_media_get_title (media));
  gan_media_set_description (media, long_text);
  g_assert_cmpuint (strlen (gan_media_get_description (media)), ==, GAN_LIMIT_TEXT_BYTES);
  while (wide->len < GAN_LIMIT_TEXT_BYTES + 8)
    g_string_append (wide, "\xf0\x9f\x98\x80");
  gan_media_set_description (media, wide->str);
  g_assert_true (g_utf8_validate (gan_media_get_description (media), -1, NULL));
  g_assert_cmpuint (strlen (gan_media_get_description (media)), ==, GAN_LIMIT_TEXT_BYTES - 3);
  g_assert_true (g_str_has_prefix (wide->str, gan_media_get_description (media)));
  gan_media_set_hashtags (media, strings);
  g_assert_cmpstr (gan_media_get_hashtags (media)[0], ==, "a\xef\xbf\xbd");
  g_assert_null (gan_media_get_hashtags (media)[1]);
  /* From its own memory. */
  gan_media_set_title (media, "abc");
  gan_media_set_title (media, gan_media_get_title (media) + 1);
  g_assert_cmpstr (gan_media_get_title (media), ==, "bc");
  gan_media_set_hashtags (media, gan_media_get_hashtags (media));
  g_assert_cmpstr (gan_media_get_hashtags (media)[0], ==, "a\xef\xbf\xbd");
}

static void
test_lists_bounded (void)
{
  g_autoptr (GanMedia) media = gan_media_new ();
  g_autoptr (GanFormat) format = make_format ();
  g_autoptr (GPtrArray) strings = g_ptr_array_new ();
  g_autoptr (GString) text = g_string_new ("{\"formats\":[{}");
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (GanMedia) read = NULL;

  for (guint i = 0; i < GAN_LIMIT_LIST_ENTRIES + 10; i++)
    {
      gan_media_append_formats (media, format);
      g_ptr_array_add (strings, (gpointer) "x");
      g_string_append (text, ",{}");
    }
  g_ptr_array_add (strings, NULL);
  gan_media_set_hashtags (media, (const char *const *) strings->pdata);
  g_assert_cmpuint (gan_media_get_formats (media)->len, ==, GAN_LIMIT_LIST_ENTRIES);
  g_assert_cmpuint (g_strv_length ((GStrv) gan_media_get_hashtags (media)),
                    ==,
                    GAN_LIMIT_LIST_ENTRIES);
  g_string_append (text, "]}");
  node = parse (text->str);
  read = gan_record_from_json (GAN_TYPE_MEDIA, node, NULL);
  g_assert_cmpuint (gan_media_get_formats (read)->len, ==, GAN_LIMIT_LIST_ENTRIES);
}

/* N02: what goes with a format is no credential and splits no request. */
static void
test_headers (void)
{
  static const char *const names[]
      = { "Cookie", "cookie", "AUTHORIZATION", "Proxy-Authorization", "Set-Cookie", "", "A B",
          "A:",     "A\r\nB", "\xc3\xa9" };
  static const char *const values[] = { "a\r\nCookie: b", "a\nb", "a\rb", "\xff" };
  g_autofree char *long_value = g_strnfill (GAN_LIMIT_HEADER_BYTES, 'x');
  g_autoptr (GanFormat) format = gan_format_new (NULL, NULL);
  GHashTable *headers = gan_format_get_headers (format);

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    gan_format_set_headers (format, names[i], "x");
  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    gan_format_set_headers (format, "X-Test", values[i]);
  gan_format_set_headers (format, "X-Test", long_value);
  g_assert_cmpuint (g_hash_table_size (headers), ==, 0);

  gan_format_set_headers (format, "Referer", "https://example.org/a");
  gan_format_set_headers (format, "REFERER", "https://example.org/b");
  g_assert_cmpuint (g_hash_table_size (headers), ==, 1);
  g_assert_cmpstr (g_hash_table_lookup (headers, "referer"), ==, "https://example.org/b");
  gan_format_set_headers (format, "referer", NULL);
  g_assert_cmpuint (g_hash_table_size (headers), ==, 0);

  for (guint i = 0; i < GAN_LIMIT_HEADER_COUNT + 5; i++)
    {
      g_autofree char *name = g_strdup_printf ("X-%u", i);

      gan_format_set_headers (format, name, "x");
    }
  g_assert_cmpuint (g_hash_table_size (headers), ==, GAN_LIMIT_HEADER_COUNT);
}

static void
set_by_name (gpointer record, const char *name, GType type, const char *text, gboolean fits)
{
  g_auto (GValue) value = G_VALUE_INIT;
  g_autoptr (GError) error = NULL;

  g_value_init (&value, type);
  if (type == G_TYPE_STRV)
    g_value_take_boxed (&value, g_strsplit (text, ",", -1));
  else if (type == G_TYPE_BOOLEAN)
    g_value_set_boolean (&value, g_str_equal (text, "true"));
  else if (type == G_TYPE_INT64)
    g_value_set_int64 (&value, g_ascii_strtoll (text, NULL, 10));
  else if (type == G_TYPE_DOUBLE)
    g_value_set_double (&value, g_ascii_strtod (text, NULL));
  else
    g_value_set_string (&value, text);
  g_test_message ("%s = %s", name, text);
  g_assert_cmpint (gan_record_set_by_name (record, name, &value, &error), ==, fits);
  if (fits)
    return;
  g_assert_error (error, GAN_ERROR, GAN_ERROR_INVALID_DATA);
  g_assert_cmpstr (gan_error_get_field (error), ==, name);
}

static void
test_set_by_name (void)
{
  g_autoptr (GanMedia) media = gan_media_new ();
  g_autoptr (GanFormat) format = gan_format_new (NULL, NULL);

  set_by_name (media, "title", G_TYPE_STRING, "x", TRUE);
  g_assert_cmpstr (gan_media_get_title (media), ==, "x");
  set_by_name (media, "platform_id", G_TYPE_INT64, "4711", TRUE);
  g_assert_cmpstr (gan_media_get_platform_id (media), ==, "4711");
  set_by_name (media, "view_count", G_TYPE_INT64, "5", TRUE);
  g_assert_cmpint (gan_media_get_view_count (media), ==, 5);
  set_by_name (media, "view_count", G_TYPE_STRING, "6", TRUE);
  g_assert_cmpint (gan_media_get_view_count (media), ==, 6);
  set_by_name (media, "view_count", G_TYPE_DOUBLE, "7.9", TRUE);
  g_assert_cmpint (gan_media_get_view_count (media), ==, 7);
  set_by_name (media, "view_count", G_TYPE_STRING, "many", TRUE);
  g_assert_cmpint (gan_media_get_view_count (media), ==, GAN_UNKNOWN);
  set_by_name (media, "duration", G_TYPE_DOUBLE, "1.5", TRUE);
  g_assert_cmpfloat (gan_media_get_duration (media), ==, 1.5);
  set_by_name (media, "duration", G_TYPE_INT64, "2", TRUE);
  g_assert_cmpfloat (gan_media_get_duration (media), ==, 2);
  set_by_name (media, "duration", G_TYPE_STRING, "3.25", TRUE);
  g_assert_cmpfloat (gan_media_get_duration (media), ==, 3.25);
  set_by_name (media, "published_at", G_TYPE_INT64, "1769860800", TRUE);
  g_assert_cmpint (gan_media_get_published_at (media), ==, 1769860800);
  set_by_name (media, "published_at", G_TYPE_STRING, "2026-01-31", TRUE);
  g_assert_cmpint (gan_media_get_published_at (media), ==, 1769817600);
  set_by_name (media, "hashtags", G_TYPE_STRV, "a,b", TRUE);
  g_assert_cmpstr (gan_media_get_hashtags (media)[1], ==, "b");
  set_by_name (format, "is_live", G_TYPE_BOOLEAN, "true", TRUE);
  g_assert_cmpint (gan_format_get_is_live (format), ==, TRUE);

  set_by_name (media, "nosuch", G_TYPE_STRING, "x", FALSE);
  set_by_name (media, "title", G_TYPE_BOOLEAN, "true", FALSE);
  set_by_name (media, "title", G_TYPE_STRV, "a,b", FALSE);
  set_by_name (media, "view_count", G_TYPE_BOOLEAN, "true", FALSE);
  set_by_name (media, "hashtags", G_TYPE_STRING, "a", FALSE);
  set_by_name (media, "formats", G_TYPE_STRING, "a", FALSE);
  set_by_name (media, "extra_data", G_TYPE_STRING, "a", FALSE);
  set_by_name (format, "headers", G_TYPE_STRING, "a", FALSE);
  set_by_name (format, "is_live", G_TYPE_INT64, "1", FALSE);
}

static void
test_text (void)
{
  g_autoptr (GanMedia) media = gan_media_new ();
  g_autoptr (GanMedia) blank = gan_media_new ();
  g_autoptr (GString) text = g_string_new ("\n");

  for (guint i = 0; i < 30; i++)
    g_string_append (text, "sieben ");
  g_string_append (text, "\nmore");
  gan_media_set_text (media, text->str);
  g_assert_cmpstr (gan_media_get_description (media), ==, text->str);
  g_assert_cmpint (g_utf8_strlen (gan_media_get_title (media), -1), ==, 14 * 7 - 1);
  gan_media_set_text (media, "other");
  g_assert_cmpstr (gan_media_get_description (media), ==, "other");
  g_assert_true (g_str_has_prefix (gan_media_get_title (media), "sieben "));

  gan_media_set_text (blank, " \n ");
  g_assert_null (gan_media_get_title (blank));
  gan_media_set_text (blank, NULL);
  g_assert_null (gan_media_get_description (blank));
}

static void
test_has_media (void)
{
  g_autoptr (GanMedia) media = gan_media_new ();
  g_autoptr (GanMedia) post = gan_media_new ();
  g_autoptr (GanFormat) format = make_format ();

  g_assert_false (gan_media_has_media (media));
  g_assert_false (gan_media_has_media (post));
  gan_media_append_formats (media, format);
  gan_media_append_items (post, media);
  g_assert_true (gan_media_has_media (media));
  g_assert_true (gan_media_has_media (post));
}

static void
test_tracks (void)
{
  static const struct
  {
    const char *protocol;
    const char *ext;
    const char *vcodec;
    const char *acodec;
    gint64 height;
    gboolean direct;
    gboolean video;
    gboolean audio;
  } cases[] = {
    { "http", "mp4", NULL, NULL, -1, TRUE, TRUE, TRUE },
    { "http", "mp4", "avc1", "none", -1, TRUE, TRUE, FALSE },
    { "http", "m4a", "none", "mp4a", -1, TRUE, FALSE, TRUE },
    { "http", "m4a", NULL, NULL, -1, TRUE, FALSE, TRUE },
    { "http", "jpg", NULL, NULL, 100, TRUE, FALSE, FALSE },
    { "http", "zip", NULL, NULL, -1, TRUE, FALSE, FALSE },
    { "http", NULL, NULL, NULL, -1, TRUE, FALSE, FALSE },
    { "http", NULL, NULL, NULL, 360, TRUE, TRUE, TRUE },
    { "hls", "mp4", NULL, NULL, -1, FALSE, TRUE, TRUE },
    { "dash", NULL, NULL, "none", -1, FALSE, TRUE, FALSE },
    { NULL, "mp4", NULL, NULL, -1, FALSE, TRUE, TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GanFormat) format = gan_format_new ("x", "https://example.org/x");

      g_test_message ("case %" G_GSIZE_FORMAT, i);
      gan_format_set_protocol (format, cases[i].protocol);
      gan_format_set_ext (format, cases[i].ext);
      gan_format_set_vcodec (format, cases[i].vcodec);
      gan_format_set_acodec (format, cases[i].acodec);
      gan_format_set_height (format, cases[i].height);
      g_assert_cmpint (gan_format_is_direct (format), ==, cases[i].direct);
      g_assert_cmpint (gan_format_has_video (format), ==, cases[i].video);
      g_assert_cmpint (gan_format_has_audio (format), ==, cases[i].audio);
    }
}

/* Any thread may read what is sealed, so nothing of its JSON is handed out by reference: json-glib
 * counts those without a lock, and four threads that did so crashed. */
static void
test_json_not_shared (void)
{
  g_autoptr (JsonNode) extra = parse ("{\"a\":{}}");
  g_autoptr (GanMedia) media = gan_media_new ();
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (JsonNode) property = NULL;
  JsonObject *kept;

  gan_media_set_extra_data (media, extra);
  gan_record_seal (GAN_RECORD (media));
  kept = gan_json_get_object (gan_media_get_extra_data (media), "a");
  node = gan_record_to_json (GAN_RECORD (media));
  g_object_get (media, "extra-data", &property, NULL);
  g_assert_nonnull (kept);
  g_assert_true (gan_json_get_object (extra, "a") != kept);
  g_assert_true (gan_json_get_object (node, "extra_data.a") != kept);
  g_assert_true (gan_json_get_object (property, "a") != kept);
  g_assert_nonnull (gan_json_get_object (property, "a"));
}

static void
test_finalized (void)
{
  GanMedia *post = gan_media_new ();
  GanMedia *item = make_media ();
  GanFormat *format = g_object_ref (gan_media_get_formats (item)->pdata[0]);

  gan_media_append_items (post, item);
  gan_record_seal (GAN_RECORD (post));
  g_object_unref (item);
  g_assert_finalize_object (post);
  g_assert_finalize_object (format);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/record/json-out", test_json_out);
  g_test_add_func ("/record/round-trip", test_round_trip);
  g_test_add_func ("/record/json-in", test_json_in);
  g_test_add_func ("/record/difference", test_difference);
  g_test_add_func ("/record/properties", test_properties);
  g_test_add_func ("/record/seal", test_seal);
  g_test_add_func ("/record/nonsense", test_nonsense);
  g_test_add_func ("/record/strings", test_strings);
  g_test_add_func ("/record/lists-bounded", test_lists_bounded);
  g_test_add_func ("/record/headers", test_headers);
  g_test_add_func ("/record/set-by-name", test_set_by_name);
  g_test_add_func ("/record/json-not-shared", test_json_not_shared);
  g_test_add_func ("/record/finalized", test_finalized);
  g_test_add_func ("/media/text", test_text);
  g_test_add_func ("/media/has-media", test_has_media);
  g_test_add_func ("/format/tracks", test_tracks);
  return g_test_run ();
}
