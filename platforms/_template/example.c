/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A site that does not exist, as a pattern for one that does: a JSON API that answers about one
 * post, lists the posts of a user and searches. All that may change on the site stands in
 * example.json. */
#include "config.h"

#include "gan-platform-sdk.h"

#define GAN_TYPE_EXAMPLE (gan_example_get_type ())
G_DECLARE_FINAL_TYPE (GanExample, gan_example, GAN, EXAMPLE, GanPlatform)

struct _GanExample
{
  GanPlatform parent_instance;
};

G_DEFINE_FINAL_TYPE (GanExample, gan_example, GAN_TYPE_PLATFORM)

/* The site says why it has no answer in {"error": {"code": …}}, whatever the status is. */
static gboolean
check_answer (JsonNode *root, GError **error)
{
  const char *code = gan_json_get_string (root, "error.code");

  if (code == NULL)
    return TRUE;
  if (g_str_equal (code, "deleted"))
    gan_error_set (error, GAN_ERROR_NOT_FOUND, "removed", "the post was removed");
  else if (g_str_equal (code, "private"))
    gan_error_set (error, GAN_ERROR_PRIVATE, NULL, "the post is for followers only");
  else if (g_str_equal (code, "adult"))
    gan_error_set (error, GAN_ERROR_AGE_RESTRICTED, NULL, "the post is for adults");
  else
    {
      gan_error_set (error,
                     GAN_ERROR_SITE_CHANGED,
                     "error-code",
                     "the site gave an unknown reason");
      if (error != NULL)
        gan_error_set_field (*error, "error.code");
    }
  return FALSE;
}

/* Asks and reads the answer. Its body comes before its status: a refusal may have a reason in it.
 */
static JsonNode *
ask (GanVisit *visit, GanRequest *request, GError **error)
{
  g_autoptr (GanReply) reply = gan_visit_fetch (visit, request, error);
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (GError) local = NULL;

  if (reply == NULL)
    return NULL;
  root = gan_reply_parse_json (reply, &local);
  if (root != NULL && !check_answer (root, error))
    return NULL;
  if (!gan_reply_check_status (reply, error))
    return NULL;
  if (root == NULL)
    gan_error_set_cause (error, GAN_ERROR_SITE_CHANGED, "json", g_steal_pointer (&local));
  return g_steal_pointer (&root);
}

static gboolean
read_clip (GanMedia *media, GanRules *rules, JsonNode *clip, GError **error)
{
  g_autoptr (GPtrArray) variants = gan_json_find_all (clip, "variants[*]");
  const GanFieldMap *clip_map = gan_rules_get_field_map (rules, "clip");
  const GanFieldMap *variant_map = gan_rules_get_field_map (rules, "variant");

  if (!gan_field_map_apply (clip_map, clip, GAN_RECORD (media), error))
    return FALSE;
  for (guint i = 0; i < variants->len; i++)
    {
      g_autoptr (GanFormat) format = gan_format_new (NULL, NULL);
      JsonNode *variant = g_ptr_array_index (variants, i);

      if (!gan_field_map_apply (variant_map, variant, GAN_RECORD (format), error))
        return FALSE;
      gan_format_set_ext (format, "mp4");
      gan_media_append_formats (media, format);
    }
  return TRUE;
}

/* One medium is the post's own; several are items of it. */
static gboolean
add_media (GanMedia *media, GanRules *rules, JsonNode *post, GError **error)
{
  g_autoptr (GPtrArray) clips = gan_json_find_all (post, "media[*]");

  if (clips->len == 1)
    return read_clip (media, rules, g_ptr_array_index (clips, 0), error);
  for (guint i = 0; i < clips->len; i++)
    {
      g_autoptr (GanMedia) item = gan_media_new ();

      gan_media_set_title (item, gan_media_get_title (media));
      gan_media_set_platform_id (item, gan_media_get_platform_id (media));
      gan_media_set_content_type (item, gan_kind_to_string (GAN_KIND_VIDEO));
      if (!read_clip (item, rules, g_ptr_array_index (clips, i), error))
        return FALSE;
      gan_media_append_items (media, item);
    }
  return TRUE;
}

static GanMedia *
read_post (GanRules *rules, JsonNode *post, GError **error)
{
  g_autoptr (GanMedia) media = gan_media_new ();
  const char *text = gan_json_get_string (post, "text");
  g_auto (GStrv) hashtags = NULL;

  if (!gan_field_map_apply (gan_rules_get_field_map (rules, "post"),
                            post,
                            GAN_RECORD (media),
                            error))
    return NULL;
  if (text != NULL)
    {
      hashtags = gan_text_to_hashtags (text);
      gan_media_set_text (media, text);
      gan_media_set_hashtags (media, (const char *const *) hashtags);
    }
  return add_media (media, rules, post, error) ? g_steal_pointer (&media) : NULL;
}

static GanMedia *
gan_example_get_info (GanPlatform *self, GanVisit *visit, GanMatch *match, GError **error)
{
  g_autoptr (GanRequest) request = NULL;
  g_autoptr (JsonNode) root = NULL;
  JsonNode *post;

  if (gan_match_get_kind (match) != GAN_KIND_POST)
    {
      gan_error_set (error, GAN_ERROR_UNSUPPORTED_URL, "listing", "the link leads to a list");
      return NULL;
    }
  request = gan_visit_request (visit, "GET", "post", error, "id", gan_match_get_id (match), NULL);
  root = request == NULL ? NULL : ask (visit, request, error);
  if (root == NULL)
    return NULL;
  post = gan_json_find (root, "post");
  if (post == NULL)
    {
      gan_error_set (error, GAN_ERROR_SITE_CHANGED, "missing-field", "post is missing");
      if (error != NULL)
        gan_error_set_field (*error, "post");
      return NULL;
    }
  return read_post (gan_visit_get_rules (visit), post, error);
}

static GanPage *
read_page (GanVisit *visit, GanRequest *request, GError **error)
{
  g_autoptr (JsonNode) root = ask (visit, request, error);
  g_autoptr (GanPage) page = gan_page_new ();
  g_autoptr (GPtrArray) posts = NULL;

  if (root == NULL)
    return NULL;
  posts = gan_json_find_all (root, "posts[*]");
  for (guint i = 0; i < posts->len; i++)
    {
      g_autoptr (GanMedia) media
          = read_post (gan_visit_get_rules (visit), g_ptr_array_index (posts, i), error);

      if (media == NULL)
        return NULL;
      gan_page_append (page, media);
    }
  gan_page_set_next_cursor (page, gan_json_get_string (root, "next"));
  return g_steal_pointer (&page);
}

static GanPage *
gan_example_list (GanPlatform *self,
                  GanVisit *visit,
                  GanMatch *match,
                  const char *cursor,
                  guint limit,
                  GError **error)
{
  g_autofree char *count = g_strdup_printf ("%u", MIN (limit, 50));
  g_autoptr (GanRequest) request = NULL;

  if (gan_match_get_kind (match) != GAN_KIND_USER)
    {
      gan_error_set (error, GAN_ERROR_UNSUPPORTED_URL, "listing", "the link leads to one post");
      return NULL;
    }
  request = gan_visit_request (visit,
                               "GET",
                               "user",
                               error,
                               "user",
                               gan_match_get_id (match),
                               "count",
                               count,
                               "after",
                               cursor == NULL ? "" : cursor,
                               NULL);
  return request == NULL ? NULL : read_page (visit, request, error);
}

static GanPage *
gan_example_search (GanPlatform *self,
                    GanVisit *visit,
                    const char *query,
                    const char *cursor,
                    guint limit,
                    GanMatch *in,
                    GError **error)
{
  g_autoptr (GanRequest) request = gan_visit_request (visit,
                                                      "GET",
                                                      "search",
                                                      error,
                                                      "query",
                                                      query,
                                                      "user",
                                                      in == NULL ? "" : gan_match_get_id (in),
                                                      "after",
                                                      cursor == NULL ? "" : cursor,
                                                      NULL);

  return request == NULL ? NULL : read_page (visit, request, error);
}

static void
gan_example_class_init (GanExampleClass *klass)
{
  GanPlatformClass *platform_class = GAN_PLATFORM_CLASS (klass);

  platform_class->get_info = gan_example_get_info;
  platform_class->list = gan_example_list;
  platform_class->search = gan_example_search;
}

static void
gan_example_init (GanExample *self)
{
}
