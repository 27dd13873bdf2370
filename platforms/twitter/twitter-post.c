/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "twitter-post.h"

#include "twitter-card.h"
#include "twitter-medium.h"
#include "twitter-refusal.h"

#include <string.h>

#define SHORTENED "https://t.co/"

/* X allows fewer; whoever answers in its name may not. */
#define MAX_MEDIA 64
#define MAX_LINKS 256

/* A post while it is read. Where things are in it is for the rules to say: "data.paths" has an
 * object of paths for each shape, which is also the name of a field map. */
typedef struct
{
  GanVisit *visit;
  GanRules *rules;
  JsonNode *paths;
  const GanFieldMap *map;
  JsonNode *post;
} Reading;

/* A path that the rules leave out leads nowhere. */
static const char *
get_path (const Reading *reading, const char *name)
{
  const char *path = gan_json_get_string (reading->paths, name);

  return path != NULL ? path : "[*]";
}

/* --- What it says --- */

/* The text has "https://t.co/…" in place of each link. Those to the post's own media lead nowhere
 * new, the others are put in as they were written. */
static char *
dup_plain_text (const Reading *reading, const char *text)
{
  g_autoptr (GString) plain = g_string_new (text);
  g_autoptr (GPtrArray) own = gan_json_find_all (reading->post, get_path (reading, "own_links"));
  g_autoptr (GPtrArray) links = gan_json_find_all (reading->post, get_path (reading, "links"));
  g_autoptr (GPtrArray) more = gan_json_find_all (reading->post, get_path (reading, "note_links"));

  for (guint i = 0; i < MIN (own->len, MAX_LINKS); i++)
    {
      const char *link = gan_json_get_string (g_ptr_array_index (own, i), NULL);

      if (link != NULL && g_str_has_prefix (link, SHORTENED))
        g_string_replace (plain, link, "", 0);
    }
  g_ptr_array_extend (links, more, NULL, NULL);
  for (guint i = 0; i < MIN (links->len, MAX_LINKS); i++)
    {
      JsonNode *link = g_ptr_array_index (links, i);
      const char *url = gan_json_get_string (link, "url");
      const char *expanded = gan_json_get_string (link, "expanded_url");
      g_autoptr (GanUrl) target = expanded != NULL ? gan_url_parse (expanded, NULL) : NULL;

      if (target != NULL && url != NULL && g_str_has_prefix (url, SHORTENED))
        g_string_replace (plain, url, expanded, 1);
    }
  return g_strstrip (
      g_utf8_make_valid (plain->str, (gssize) MIN (plain->len, GAN_LIMIT_TEXT_BYTES)));
}

static void
read_text (const Reading *reading, GanMedia *media)
{
  const char *text = gan_media_get_description (media);
  g_autofree char *plain = text != NULL ? dup_plain_text (reading, text) : NULL;

  gan_media_set_text (media, plain != NULL && *plain != '\0' ? plain : NULL);
}

/* "…/name_normal.jpg" is 48 pixels wide, "…/name.jpg" is what was uploaded. */
static void
enlarge_avatar (GanMedia *media)
{
  g_auto (GStrv) parts = NULL;
  g_autofree char *url = NULL;

  if (gan_media_get_creator_avatar (media) == NULL)
    return;
  parts = g_strsplit (gan_media_get_creator_avatar (media), "_normal.", 2);
  url = g_strjoinv (".", parts);
  gan_media_set_creator_avatar (media, url);
}

/* All of a post but its media. */
static GanMedia *
read_head (const Reading *reading, GError **error)
{
  g_autoptr (GanMedia) media = gan_media_new ();
  const char *user = NULL;
  g_autofree char *url = NULL;

  if (!gan_field_map_apply (reading->map, reading->post, GAN_RECORD (media), error))
    return NULL;
  user = gan_media_get_creator_id (media);
  url = g_strdup_printf ("https://x.com/%s/status/%s",
                         user != NULL ? user : "i",
                         gan_media_get_platform_id (media));
  gan_media_set_url (media, url);
  read_text (reading, media);
  enlarge_avatar (media);
  return g_steal_pointer (&media);
}

/* Where else the post leads: to the post that it quotes, to a player or page of another site. What
 * is there is not the post's own. */
static void
read_leads (const Reading *reading, GanMedia *media)
{
  const char *quoted = gan_json_get_string (reading->post, get_path (reading, "quoted_id"));
  const char *link
      = gan_twitter_card_get_player_url (gan_json_find (reading->post, get_path (reading, "card")));
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (GPtrArray) links = gan_json_find_all (reading->post, get_path (reading, "links"));
  g_autoptr (JsonNode) extra = NULL;

  if (link == NULL && links->len > 0)
    link = gan_json_get_string (g_ptr_array_index (links, 0), "expanded_url");
  if (quoted == NULL && link == NULL)
    return;
  json_builder_begin_object (builder);
  if (quoted != NULL)
    {
      g_autofree char *url = g_strconcat ("https://x.com/i/status/", quoted, NULL);

      json_builder_set_member_name (builder, "quoted_url");
      json_builder_add_string_value (builder, url);
    }
  if (link != NULL)
    {
      json_builder_set_member_name (builder, "linked_url");
      json_builder_add_string_value (builder, link);
    }
  json_builder_end_object (builder);
  extra = json_builder_get_root (builder);
  gan_media_set_extra_data (media, extra);
}

/* --- What it shows --- */

/* Another medium of a post knows all that the post knows, and its own id and address. */
static GanMedia *
read_item (const Reading *reading, JsonNode *medium, guint number, GError **error)
{
  g_autoptr (GanMedia) item = read_head (reading, error);
  g_autofree char *id = gan_twitter_medium_dup_id (medium);
  g_autofree char *url = NULL;

  if (item == NULL || !gan_twitter_medium_read (reading->rules, medium, item, error))
    return NULL;
  url = g_strdup_printf ("%s/%s/%u",
                         gan_media_get_url (item),
                         gan_twitter_medium_get_word (medium),
                         number);
  gan_media_set_url (item, url);
  if (id != NULL)
    gan_media_set_platform_id (item, id);
  return g_steal_pointer (&item);
}

static gboolean
read_items (const Reading *reading, GPtrArray *list, GanMedia *media, GError **error)
{
  GanMedia *first = NULL;

  for (guint i = 0; i < list->len; i++)
    {
      JsonNode *medium = g_ptr_array_index (list, i);
      g_autoptr (GanMedia) item = NULL;

      if (!gan_twitter_medium_is_available (medium))
        continue;
      item = read_item (reading, medium, i + 1, error);
      if (item == NULL)
        return FALSE;
      gan_media_append_items (media, item);
    }
  first = g_ptr_array_index (gan_media_get_items (media), 0);
  gan_media_set_thumbnail_url (media, gan_media_get_thumbnail_url (first));
  return TRUE;
}

static guint
count_available (GPtrArray *list)
{
  guint n_available = 0;

  for (guint i = 0; i < list->len; i++)
    n_available += gan_twitter_medium_is_available (g_ptr_array_index (list, i)) ? 1 : 0;
  return n_available;
}

static void
set_unavailable (JsonNode *medium, GError **error)
{
  const char *reason = gan_json_get_string (medium, "ext_media_availability.reason");
  g_autofree char *lower = g_ascii_strdown (reason != NULL ? reason : "", -1);

  if (strstr (lower, "geo") != NULL)
    gan_error_set (error, GAN_ERROR_GEO_BLOCKED, NULL, "the media are not shown in this country");
  else
    gan_error_set (error, GAN_ERROR_NOT_FOUND, "removed", "the media are not shown any more");
}

/* One medium is the post's own; several are items of it. */
static gboolean
read_media (const Reading *reading, JsonNode *media_list, GanMedia *media, GError **error)
{
  g_autoptr (GPtrArray) list = gan_json_find_all (media_list, "[*]");

  gan_media_set_content_type (media, gan_kind_to_string (GAN_KIND_POST));
  if (list->len == 0)
    return TRUE;
  if (list->len > MAX_MEDIA)
    g_ptr_array_set_size (list, MAX_MEDIA);
  if (count_available (list) == 0)
    {
      set_unavailable (g_ptr_array_index (list, 0), error);
      return FALSE;
    }
  if (list->len == 1)
    return gan_twitter_medium_read (reading->rules, g_ptr_array_index (list, 0), media, error);
  return read_items (reading, list, media, error);
}

/* The post's own media, else those of its card. */
static JsonNode *
dup_media_list (const Reading *reading, GError **error)
{
  const char *path = get_path (reading, "media");
  JsonNode *list = gan_json_find (reading->post, path);

  if (list == NULL || JSON_NODE_HOLDS_NULL (list))
    return gan_twitter_card_dup_media (reading->visit,
                                       gan_json_find (reading->post, get_path (reading, "card")),
                                       error);
  if (JSON_NODE_HOLDS_ARRAY (list))
    return json_node_ref (list);
  gan_twitter_refusal_set_changed (error, path);
  return NULL;
}

/* --- What it is --- */

/* The post in its wrapping: what is not for every eye has one more. */
static JsonNode *
unwrap (JsonNode *result, GError **error)
{
  const char *type = gan_json_get_string (result, "__typename");

  if (g_strcmp0 (type, "TweetTombstone") == 0)
    {
      gan_twitter_refusal_from_tombstone (result, error);
      return NULL;
    }
  if (g_strcmp0 (type, "TweetUnavailable") == 0)
    {
      gan_twitter_refusal_from_unavailable (result, error);
      return NULL;
    }
  if (g_strcmp0 (type, "TweetWithVisibilityResults") != 0)
    return result;
  result = gan_json_find (result, "tweet");
  if (result == NULL)
    gan_twitter_refusal_set_changed (error, "tweet");
  return result;
}

/* A repost is the post of somebody else. */
static JsonNode *
find_post (const Reading *reading, JsonNode *result, GError **error)
{
  JsonNode *post = unwrap (result, error);
  JsonNode *repost = gan_json_find (post, get_path (reading, "repost"));

  return repost != NULL ? unwrap (repost, error) : post;
}

/**
 * gan_twitter_post_read:
 * @visit: the visit
 * @shape: "graphql" or "syndication"
 * @result: what X answered about a post
 * @error: return location
 *
 * May ask for one more document, which old cards name.
 *
 * Returns: (transfer full): the post, or that which it repeats, with its own media and without
 *   those of a post that it quotes; or NULL with what X says in place of it, or with
 *   %GAN_ERROR_SITE_CHANGED and a path
 */
GanMedia *
gan_twitter_post_read (GanVisit *visit, const char *shape, JsonNode *result, GError **error)
{
  Reading reading = { visit, gan_visit_get_rules (visit), NULL, NULL, NULL };
  g_autoptr (GanMedia) media = NULL;
  g_autoptr (JsonNode) list = NULL;

  reading.paths = gan_json_find (gan_rules_get_data (reading.rules, "paths"), shape);
  reading.map = gan_rules_get_field_map (reading.rules, shape);
  reading.post = find_post (&reading, result, error);
  if (reading.post == NULL)
    return NULL;
  media = read_head (&reading, error);
  if (media == NULL)
    return NULL;
  list = dup_media_list (&reading, error);
  if (list == NULL || !read_media (&reading, list, media, error))
    return NULL;
  read_leads (&reading, media);
  return g_steal_pointer (&media);
}
