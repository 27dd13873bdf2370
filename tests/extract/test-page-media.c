/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-json.h"
#include "gan-page-media.h"

#define PAGE_URL "https://example.org/watch/7"

typedef gboolean (*Reader) (GanHtml *page, GanUrl *page_url, GanMedia *media);

static GanMedia *
read_page (const char *text, Reader reader, gboolean expected)
{
  g_autoptr (GanHtml) page = gan_html_parse (text, -1, NULL);
  g_autoptr (GanUrl) url = gan_url_parse (PAGE_URL, NULL);
  GanMedia *media = gan_media_new ();

  g_assert_nonnull (page);
  g_assert_cmpint (reader (page, url, media), ==, expected);
  return media;
}

static GanFormat *
format_at (GanMedia *media, guint index, guint count)
{
  GPtrArray *formats = gan_media_get_formats (media);

  g_assert_cmpuint (formats->len, ==, count);
  return g_ptr_array_index (formats, index);
}

static void
test_json_ld (void)
{
  g_autoptr (GanMedia) media = read_page (
      "<script type='application/ld+json'>{not json</script>"
      "<script type='application/ld+json'>{\"@context\":\"https://schema.org\",\"@graph\":[{\"@type\":\"WebPage\"},"
      "{\"@type\":[\"VideoObject\"],\"name\":\"A film\",\"description\":\"Words\",\"thumbnailUrl\":[\"/t.jpg\"],"
      "\"author\":{\"@type\":\"Person\",\"name\":\"Some Maker\"},\"uploadDate\":\"2026-01-31T12:00:00Z\","
      "\"duration\":\"PT1M30S\",\"contentUrl\":\"/f/a.mp4\",\"width\":1280,\"height\":720,"
      "\"interactionStatistic\":{\"interactionType\":{\"@type\":\"WatchAction\"},\"userInteractionCount\":\"42\"}}]}"
      "</script>",
      gan_page_media_from_json_ld,
      TRUE);
  GanFormat *format = format_at (media, 0, 1);

  g_assert_cmpstr (gan_media_get_title (media), ==, "A film");
  g_assert_cmpstr (gan_media_get_description (media), ==, "Words");
  g_assert_cmpstr (gan_media_get_creator (media), ==, "Some Maker");
  g_assert_cmpstr (gan_media_get_thumbnail_url (media), ==, "https://example.org/t.jpg");
  g_assert_cmpfloat (gan_media_get_duration (media), ==, 90);
  g_assert_cmpint (gan_media_get_view_count (media), ==, 42);
  g_assert_cmpint (gan_media_get_published_at (media), ==, 1769860800);
  g_assert_cmpstr (gan_format_get_url (format), ==, "https://example.org/f/a.mp4");
  g_assert_cmpstr (gan_format_get_format_id (format), ==, "mp4-720p");
  g_assert_cmpstr (gan_format_get_protocol (format), ==, "http");
  g_assert_cmpint (gan_format_get_height (format), ==, 720);
}

static void
test_open_graph (void)
{
  g_autoptr (GanMedia) media = read_page (
      "<meta property='og:title' content='Open &amp; graph'><meta property='og:image' content='i.png'>"
      "<meta property='og:video' content='https://cdn.example.org/v.m3u8'>"
      "<meta property='og:video:type' content='application/x-mpegURL'>"
      "<meta property='og:audio' content='https://cdn.example.org/a.mp3'>"
      "<meta name='twitter:player:stream' content='https://cdn.example.org/v.m3u8'>",
      gan_page_media_from_open_graph,
      TRUE);

  g_assert_cmpstr (gan_media_get_title (media), ==, "Open & graph");
  g_assert_cmpstr (gan_media_get_thumbnail_url (media), ==, "https://example.org/watch/i.png");
  g_assert_cmpstr (gan_format_get_protocol (format_at (media, 0, 2)), ==, "hls");
  g_assert_cmpstr (gan_format_get_format_id (format_at (media, 0, 2)), ==, "hls");
  g_assert_cmpstr (gan_format_get_vcodec (format_at (media, 1, 2)), ==, "none");
}

static void
test_plain_title (void)
{
  g_autoptr (GanMedia) media
      = read_page ("<head><title> The  page </title></head><svg><title>x</title></svg>",
                   gan_page_media_from_open_graph,
                   FALSE);

  g_assert_cmpstr (gan_media_get_title (media), ==, "The page");
}

/* A player's page, an image and a scheme that is not http are no media. */
static void
test_no_media (void)
{
  g_autoptr (GanMedia) media
      = read_page ("<meta property='og:video' content='https://example.org/embed/7'>"
                   "<meta property='og:video:type' content='text/html'>"
                   "<meta property='og:audio' content='file:///etc/hostname'>"
                   "<meta name='twitter:player:stream' content='https://example.org/still.jpg'>",
                   gan_page_media_from_open_graph,
                   FALSE);

  g_assert_cmpuint (gan_media_get_formats (media)->len, ==, 0);
}

static void
test_elements (void)
{
  g_autoptr (GanMedia) media = read_page (
      "<head><base href='https://cdn.example.org/x/'></head>"
      "<video poster='p.jpg'><source src='a.mp4' type='video/mp4' size='720'>"
      "<source src='a.mp4?lo' type='video/mp4' size='360'><source src='b.mp4' type='video/mp4' size='720'>"
      "<source src='a.webm' type='video/webm'></video>",
      gan_page_media_from_elements,
      TRUE);

  g_assert_cmpstr (gan_media_get_thumbnail_url (media), ==, "https://cdn.example.org/x/p.jpg");
  g_assert_cmpstr (gan_format_get_format_id (format_at (media, 0, 4)), ==, "mp4-720p");
  g_assert_cmpstr (gan_format_get_format_id (format_at (media, 1, 4)), ==, "mp4-360p");
  g_assert_cmpstr (gan_format_get_format_id (format_at (media, 2, 4)), ==, "mp4-720p-2");
  g_assert_cmpstr (gan_format_get_ext (format_at (media, 3, 4)), ==, "webm");
}

/* Other elements of a page whose media is known are other media, unless they offer the same
 * address. */
static void
test_more_qualities (void)
{
  g_autoptr (GanHtml) page
      = gan_html_parse ("<meta property='og:video' content='/f/a.mp4'>"
                        "<video src='/f/related.mp4'></video>"
                        "<video><source src='/f/a.mp4'><source src='/f/a.webm' size=360></video>",
                        -1,
                        NULL);
  g_autoptr (GanUrl) url = gan_url_parse (PAGE_URL, NULL);
  g_autoptr (GanMedia) media = gan_media_new ();

  g_assert_true (gan_page_media_from_open_graph (page, url, media));
  g_assert_true (gan_page_media_from_elements (page, url, media));
  g_assert_cmpstr (gan_format_get_url (format_at (media, 0, 2)), ==, "https://example.org/f/a.mp4");
  g_assert_cmpstr (gan_format_get_format_id (format_at (media, 1, 2)), ==, "webm-360p");
}

/* Where nothing else tells, the first element is the page's own and the next is another thing. */
static void
test_first_element (void)
{
  g_autoptr (GanMedia) media
      = read_page ("<audio></audio><video src='one.mp4'></video><video src='two.mp4'></video>",
                   gan_page_media_from_elements,
                   TRUE);

  g_assert_cmpstr (gan_format_get_url (format_at (media, 0, 1)),
                   ==,
                   "https://example.org/watch/one.mp4");
}

static void
test_oembed (void)
{
  g_autoptr (GanHtml) page
      = gan_html_parse ("<link rel=alternate type='application/json+oembed' href='/oembed?u=7'>",
                        -1,
                        NULL);
  g_autoptr (GanUrl) url = gan_url_parse (PAGE_URL, NULL);
  g_autoptr (GanUrl) oembed_url = gan_page_media_dup_oembed_url (page, url);
  g_autoptr (JsonNode) answer = gan_json_parse (
      "{\"title\":\"T\",\"author_name\":\"N\",\"thumbnail_url\":\"https://example.org/t\",\"duration\":5}",
      -1,
      1000,
      8,
      NULL);
  g_autoptr (GanMedia) media = gan_media_new ();

  g_assert_cmpstr (gan_url_get_string (oembed_url), ==, "https://example.org/oembed?u=7");
  gan_media_set_title (media, "known before");
  g_assert_false (gan_page_media_from_oembed (answer, url, media));
  g_assert_cmpstr (gan_media_get_title (media), ==, "known before");
  g_assert_cmpstr (gan_media_get_creator (media), ==, "N");
  g_assert_cmpfloat (gan_media_get_duration (media), ==, 5);
}

static void
test_oembed_photo (void)
{
  g_autoptr (GanUrl) url = gan_url_parse (PAGE_URL, NULL);
  g_autoptr (GanMedia) media = gan_media_new ();
  g_autoptr (JsonNode) answer
      = gan_json_parse ("{\"type\":\"photo\",\"url\":\"/i/7.jpg\",\"width\":800,\"height\":600}",
                        -1,
                        1000,
                        8,
                        NULL);

  g_assert_true (gan_page_media_from_oembed (answer, url, media));
  g_assert_cmpstr (gan_format_get_url (format_at (media, 0, 1)), ==, "https://example.org/i/7.jpg");
  g_assert_cmpstr (gan_format_get_ext (format_at (media, 0, 1)), ==, "jpg");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/page-media/json-ld", test_json_ld);
  g_test_add_func ("/page-media/open-graph", test_open_graph);
  g_test_add_func ("/page-media/no-media", test_no_media);
  g_test_add_func ("/page-media/elements", test_elements);
  g_test_add_func ("/page-media/more-qualities", test_more_qualities);
  g_test_add_func ("/page-media/first-element", test_first_element);
  g_test_add_func ("/page-media/oembed", test_oembed);
  g_test_add_func ("/page-media/oembed-photo", test_oembed_photo);
  g_test_add_func ("/page-media/plain-title", test_plain_title);
  return g_test_run ();
}
