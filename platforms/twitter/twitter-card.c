/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "twitter-card.h"

#include "twitter-refusal.h"

#include <string.h>

/* A card has values by key: in GraphQL a list of {key, value}, in syndication an object. */
static const char *
get_value (JsonNode *card, const char *key)
{
  JsonNode *values = gan_json_find (card, "binding_values");
  g_autoptr (GPtrArray) rows = gan_json_find_all (values, "[*]");
  g_autofree char *path = g_strconcat (key, ".string_value", NULL);

  for (guint i = 0; i < rows->len; i++)
    {
      JsonNode *row = g_ptr_array_index (rows, i);

      if (g_strcmp0 (gan_json_get_string (row, "key"), key) == 0)
        return gan_json_get_string (row, "value.string_value");
    }
  return gan_json_get_string (values, path);
}

/* "3691233323:audiospace" is an audiospace. */
static gboolean
has_name (JsonNode *card, const char *wanted)
{
  const char *name = gan_json_get_string (card, "name");
  const char *colon = name != NULL ? strrchr (name, ':') : NULL;

  return g_strcmp0 (colon != NULL ? colon + 1 : name, wanted) == 0;
}

/* The media of a unified card stand in JSON within the JSON, as an object by key. */
static JsonNode *
dup_unified_media (JsonNode *card, GError **error)
{
  const char *text = get_value (card, "unified_card");
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (GList) members = NULL;
  JsonArray *list = NULL;
  JsonObject *entities = NULL;
  JsonNode *media = NULL;

  if (text != NULL)
    root = gan_json_parse (text, -1, GAN_LIMIT_JSON_BYTES, GAN_LIMIT_JSON_DEPTH, NULL);
  if (root == NULL)
    {
      gan_twitter_refusal_set_changed (error, "card.legacy.binding_values");
      return NULL;
    }
  list = json_array_new ();
  entities = gan_json_get_object (root, "media_entities");
  members = entities != NULL ? json_object_get_values (entities) : NULL;
  for (GList *l = members; l != NULL; l = l->next)
    json_array_add_element (list, json_node_copy (l->data));
  media = json_node_new (JSON_NODE_ARRAY);
  json_node_take_array (media, list);
  return media;
}

static void
add_variant (JsonBuilder *builder, const char *url, const char *content_type, const char *bit_rate)
{
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "url");
  json_builder_add_string_value (builder, url);
  json_builder_set_member_name (builder, "content_type");
  json_builder_add_string_value (builder, content_type);
  json_builder_set_member_name (builder, "bitrate");
  json_builder_add_int_value (builder, bit_rate != NULL ? gan_text_to_int (bit_rate) : 0);
  json_builder_end_object (builder);
}

/* VMAP (IAB) with X's own <tw:videoVariant url content_type bit_rate>, or plain <MediaFile>. Read
 * as HTML, which knows no namespaces and writes names in lower case. */
static gboolean
add_vmap_variants (JsonBuilder *builder, GanReply *reply)
{
  g_autoptr (GanHtml) page
      = gan_html_parse_bytes (gan_reply_get_bytes (reply), "text/html; charset=utf-8", NULL);
  g_autoptr (GPtrArray) variants = NULL;
  GanHtmlNode *file = NULL;

  if (page == NULL)
    return FALSE;
  variants = gan_html_find_all (page, NULL, "[content_type]");
  for (guint i = 0; i < variants->len; i++)
    {
      GanHtmlNode *node = g_ptr_array_index (variants, i);
      g_autofree char *encoded = gan_html_dup_attribute (node, "url");
      g_autofree char *url = encoded != NULL ? gan_percent_decode (encoded, -1) : NULL;
      g_autofree char *content_type = gan_html_dup_attribute (node, "content_type");
      g_autofree char *bit_rate = gan_html_dup_attribute (node, "bit_rate");

      if (url != NULL)
        add_variant (builder, url, content_type, bit_rate);
    }
  file = variants->len == 0 ? gan_html_find (page, NULL, "mediafile") : NULL;
  if (file != NULL)
    {
      g_autofree char *text = gan_html_dup_text (file);

      if (text != NULL)
        add_variant (builder, g_strstrip (text), "video/mp4", NULL);
    }
  return variants->len > 0 || file != NULL;
}

static gboolean
fetch_vmap (GanVisit *visit, JsonBuilder *builder, GanUrl *url, GError **error)
{
  g_autoptr (GanRequest) request = gan_visit_request_url (visit, "GET", url);
  g_autoptr (GanReply) reply = gan_visit_fetch (visit, request, error);

  if (reply == NULL)
    return FALSE;
  if (gan_reply_get_status (reply) != 200)
    {
      gan_twitter_refusal_from_reply (visit, reply, NULL, error);
      return FALSE;
    }
  if (add_vmap_variants (builder, reply))
    return TRUE;
  gan_twitter_refusal_set_changed (error, "videoVariant");
  return FALSE;
}

/* One video, written as posts write theirs. */
static JsonNode *
dup_embedded_video (GanVisit *visit, GanUrl *url, GError **error)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_array (builder);
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "type");
  json_builder_add_string_value (builder, "video");
  json_builder_set_member_name (builder, "video_info");
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "variants");
  json_builder_begin_array (builder);
  if (g_str_has_suffix (gan_url_get_path (url), ".mp4"))
    add_variant (builder, gan_url_get_string (url), "video/mp4", NULL);
  else if (!fetch_vmap (visit, builder, url, error))
    return NULL;
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  json_builder_end_object (builder);
  json_builder_end_array (builder);
  return json_builder_get_root (builder);
}

/**
 * gan_twitter_card_dup_media:
 * @visit: the visit
 * @card: (nullable): a card
 * @error: return location
 *
 * May ask for one more document, which old cards name.
 *
 * Returns: (transfer full): a list of media as posts have them, empty for a card without; or NULL
 *   with an error
 */
JsonNode *
gan_twitter_card_dup_media (GanVisit *visit, JsonNode *card, GError **error)
{
  const char *text = NULL;
  g_autoptr (GanUrl) url = NULL;

  if (has_name (card, "unified_card"))
    return dup_unified_media (card, error);
  text = get_value (card, "amplify_url_vmap");
  if (text == NULL)
    text = get_value (card, "player_stream_url");
  url = text != NULL ? gan_url_parse (text, NULL) : NULL;
  if (url == NULL || !gan_rules_allows_url (gan_visit_get_rules (visit), url))
    return gan_json_parse ("[]", -1, GAN_LIMIT_JSON_BYTES, GAN_LIMIT_JSON_DEPTH, error);
  return dup_embedded_video (visit, url, error);
}

/**
 * gan_twitter_card_get_player_url:
 * @card: (nullable): a card
 *
 * Returns: (transfer none) (nullable): the address of another site's player
 */
const char *
gan_twitter_card_get_player_url (JsonNode *card)
{
  return has_name (card, "player") ? get_value (card, "player_url") : NULL;
}
