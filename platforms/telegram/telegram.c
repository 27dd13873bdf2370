/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Telegram's public channels, as t.me shows them to everybody: posts, albums, a channel's pages and
 * its search. */
#include "config.h"

#include "gan-platform-sdk.h"
#include "telegram-message.h"
#include "telegram-node.h"
#include "telegram-refusal.h"

#include <string.h>

/* What t.me gives as a pause when it gives none. */
#define RATE_SECONDS 60

#define GAN_TYPE_TELEGRAM (gan_telegram_get_type ())
G_DECLARE_FINAL_TYPE (GanTelegram, gan_telegram, GAN, TELEGRAM, GanPlatform)

struct _GanTelegram
{
  GanPlatform parent_instance;
};

G_DEFINE_FINAL_TYPE (GanTelegram, gan_telegram, GAN_TYPE_PLATFORM)

static GanHtml *
fetch_page (GanVisit *visit, GanRequest *request, GError **error)
{
  g_autoptr (GanReply) reply = NULL;
  g_autoptr (GError) failure = NULL;
  const char *text = NULL;
  gsize length = 0;

  if (request == NULL)
    return NULL;
  gan_request_set_redirect_mode (request, GAN_REDIRECT_NEVER);
  reply = gan_visit_fetch (visit, request, error);
  if (reply == NULL)
    return NULL;
  if (gan_reply_get_status (reply) >= 300 && gan_reply_get_status (reply) < 400)
    {
      gan_error_set (error,
                     GAN_ERROR_NOT_FOUND,
                     GAN_TELEGRAM_NO_PREVIEW,
                     "there is no public page of it");
      return NULL;
    }
  if (!gan_reply_check_status (reply, &failure))
    {
      if (gan_error_matches (failure, GAN_ERROR_RATE_LIMITED)
          && gan_error_get_retry_after (failure) < 0)
        gan_error_set_retry_after (failure, RATE_SECONDS);
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }
  text = gan_reply_get_text (reply, &length);
  return gan_html_parse (text, (gssize) length, error);
}

/* The member of an album that a link with "?single" means. */
static GanMedia *
pick_single (GanMedia *post, const char *number, GError **error)
{
  GPtrArray *items = gan_media_get_items (post);

  if (items->len == 0)
    return g_object_ref (post);
  for (guint i = 0; i < items->len; i++)
    {
      GanMedia *item = g_ptr_array_index (items, i);

      if (!gan_telegram_message_is_numbered (gan_media_get_platform_id (item), number))
        continue;
      if (gan_telegram_message_has_file (item))
        return g_object_ref (item);
      gan_telegram_refusal_set_app_only (error);
      return NULL;
    }
  gan_error_set (error, GAN_ERROR_NOT_FOUND, "removed", "the album has no such member");
  return NULL;
}

static GanMedia *
read_post_page (GanHtml *page, GanMatch *match, GError **error)
{
  const char *number = gan_match_get_capture (match, "id");
  GanHtmlNode *message = gan_telegram_message_find (page, number);
  g_autoptr (GanMedia) post = NULL;

  if (message == NULL)
    {
      gan_telegram_refusal_from_page (page, error);
      return NULL;
    }
  post = gan_telegram_message_read (page, message);
  if (gan_telegram_message_is_app_only (page, message, post))
    {
      gan_telegram_refusal_set_app_only (error);
      return NULL;
    }
  return g_strcmp0 (gan_match_get_form (match), "single") == 0 ? pick_single (post, number, error)
                                                               : g_steal_pointer (&post);
}

/* The page of a person, a bot or a name that nobody has: its link for the app names no post. */
static gboolean
is_account_page (GanHtml *page)
{
  g_autofree char *app_link = gan_html_dup_meta (page, "al:ios:url");
  g_autofree char *text = NULL;

  if (app_link != NULL)
    return strstr (app_link, "post=") == NULL;
  text = gan_html_dup_text (gan_html_get_root (page));
  return text != NULL && strstr (text, "you can contact @") != NULL;
}

/* The plain page says in its metas whose post it is and how it begins; enough for a card, never for
 * a file. */
static GanMedia *
read_card (GanHtml *page, GanMatch *match, GError **error)
{
  g_autofree char *creator = gan_html_dup_meta (page, "og:title");
  g_autofree char *text = gan_html_dup_meta (page, "og:description");
  g_autofree char *image_text = gan_html_dup_meta (page, "og:image");
  g_autofree char *image = gan_telegram_node_dup_address (image_text);
  g_autofree char *site = gan_html_dup_meta (page, "og:site_name");
  g_autoptr (GanMedia) post = NULL;

  if (creator == NULL || g_strcmp0 (site, "Telegram") != 0)
    {
      gan_telegram_refusal_set_changed ("og:title", error);
      return NULL;
    }
  if (is_account_page (page))
    {
      gan_telegram_refusal_from_notice (NULL, error);
      return NULL;
    }
  post = gan_media_new ();
  gan_media_set_platform (post, "telegram");
  gan_media_set_platform_id (post, gan_match_get_id (match));
  gan_media_set_url (post, gan_match_get_canonical (match));
  gan_media_set_content_type (post, gan_kind_to_string (GAN_KIND_POST));
  gan_media_set_creator (post, creator);
  gan_media_set_creator_id (post, gan_match_get_capture (match, "channel"));
  gan_media_set_thumbnail_url (post, image);
  if (text != NULL)
    gan_media_set_text (post, text);
  return g_steal_pointer (&post);
}

typedef struct
{
  const char *endpoint;
  GanMedia *(*read) (GanHtml *page, GanMatch *match, GError **error);
} Route;

/* @tries: 0 for as many as the rules say. */
static GanMedia *
ask_route (GanVisit *visit, GanMatch *match, const Route *route, guint tries, GError **error)
{
  g_autoptr (GanRequest) request = gan_visit_request (visit,
                                                      "GET",
                                                      route->endpoint,
                                                      error,
                                                      "channel",
                                                      gan_match_get_capture (match, "channel"),
                                                      "id",
                                                      gan_match_get_capture (match, "id"),
                                                      NULL);
  g_autoptr (GanHtml) page = NULL;

  if (request != NULL && tries > 0)
    gan_request_set_max_tries (request, tries);
  page = fetch_page (visit, request, error);
  return page != NULL ? route->read (page, match, error) : NULL;
}

/* No answer came at all. */
static gboolean
is_unreachable (const GError *error)
{
  return gan_error_matches (error, GAN_ERROR_NETWORK)
         || gan_error_matches (error, GAN_ERROR_TIMEOUT);
}

/* Another page may know what one did not say; a refusal in words, a cancel or a request to slow
 * down is final. */
static gboolean
may_ask_on (const GError *error)
{
  return is_unreachable (error) || gan_error_matches (error, GAN_ERROR_SITE_CHANGED)
         || gan_error_matches (error, GAN_ERROR_INVALID_DATA)
         || gan_error_matches (error, GAN_ERROR_HTTP_STATUS)
         || g_strcmp0 (gan_error_get_reason (error), GAN_TELEGRAM_NO_PREVIEW) == 0;
}

/* The error of all routes: a final one, else the first that the site itself answered, as that says
 * more than that it could not be asked. */
static gboolean
outranks (const GError *error, const GError *other)
{
  return other == NULL || !may_ask_on (error)
         || (is_unreachable (other) && !is_unreachable (error));
}

/* All routes are of one host: once it could not be reached, it is not tried again and again. */
static GanMedia *
get_post (GanVisit *visit, GanMatch *match, GError **error)
{
  static const Route routes[] = {
    { "embed", read_post_page },
    { "around", read_post_page },
    { "page", read_card },
  };
  g_autoptr (GError) worst = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (routes) && (worst == NULL || may_ask_on (worst)); i++)
    {
      guint tries = worst != NULL && is_unreachable (worst) ? 1 : 0;
      g_autoptr (GError) failure = NULL;
      GanMedia *post = ask_route (visit, match, &routes[i], tries, &failure);

      if (post != NULL)
        return post;
      gan_visit_log (visit, "%s: %s", routes[i].endpoint, failure->message);
      if (!outranks (failure, worst))
        continue;
      g_clear_error (&worst);
      worst = g_steal_pointer (&failure);
    }
  g_propagate_error (error, g_steal_pointer (&worst));
  return NULL;
}

/* The channel's name as it writes it itself, which may be otherwise than in the link. */
static char *
dup_channel (GanHtml *page, GanMatch *match)
{
  g_autofree char *name
      = gan_telegram_node_dup_text (page, NULL, ".tgme_channel_info_header_username");

  return name != NULL && name[0] == '@' && name[1] != '\0'
             ? g_strdup (name + 1)
             : g_strdup (gan_match_get_capture (match, "channel"));
}

static GanMedia *
get_channel (GanVisit *visit, GanMatch *match, GError **error)
{
  g_autoptr (GanRequest) request = gan_visit_request (visit,
                                                      "GET",
                                                      "listing",
                                                      error,
                                                      "channel",
                                                      gan_match_get_capture (match, "channel"),
                                                      NULL);
  g_autoptr (GanHtml) page = fetch_page (visit, request, error);
  g_autofree char *channel = NULL;
  g_autofree char *url = NULL;
  g_autofree char *title = NULL;
  g_autofree char *description = NULL;
  g_autofree char *photo = NULL;
  GanMedia *card = NULL;

  if (page == NULL)
    return NULL;
  title
      = gan_telegram_node_dup_name (page,
                                    gan_html_find (page, NULL, ".tgme_channel_info_header_title"));
  if (title == NULL)
    {
      gan_telegram_refusal_from_listing (page, error);
      return NULL;
    }
  description = gan_telegram_node_dup_text (page, NULL, ".tgme_channel_info_description");
  photo = gan_telegram_node_dup_src (gan_html_find (page, NULL, ".tgme_page_photo_image img"));
  channel = dup_channel (page, match);
  url = g_strconcat (GAN_TELEGRAM_HOME, channel, NULL);
  card = gan_media_new ();
  gan_media_set_platform (card, "telegram");
  gan_media_set_platform_id (card, channel);
  gan_media_set_url (card, url);
  gan_media_set_content_type (card, gan_kind_to_string (GAN_KIND_CHANNEL));
  gan_media_set_title (card, title);
  gan_media_set_description (card, description);
  gan_media_set_creator (card, title);
  gan_media_set_creator_id (card, channel);
  gan_media_set_creator_avatar (card, photo);
  gan_media_set_thumbnail_url (card, photo);
  return card;
}

static GanMedia *
gan_telegram_get_info (GanPlatform *platform, GanVisit *visit, GanMatch *match, GError **error)
{
  return gan_match_get_kind (match) == GAN_KIND_CHANNEL ? get_channel (visit, match, error)
                                                        : get_post (visit, match, error);
}

/* A page has some twenty messages, oldest first; people want the newest first. The cursor is the
 * number of the oldest message shown. */
static GanPage *
read_list (GanHtml *page, guint limit, GError **error)
{
  g_autoptr (GPtrArray) messages = gan_html_find_all (page, NULL, GAN_TELEGRAM_MESSAGE);
  g_autoptr (GanPage) list = gan_page_new ();
  gboolean older = gan_html_find (page, NULL, "a.tme_messages_more[data-before]") != NULL;

  if (messages->len == 0 && gan_html_find (page, NULL, GAN_TELEGRAM_CHANNEL) == NULL)
    {
      gan_telegram_refusal_from_listing (page, error);
      return NULL;
    }
  for (guint i = messages->len; i > 0 && gan_page_get_n_media (list) < limit; i--)
    {
      g_autoptr (GanMedia) post
          = gan_telegram_message_read (page, g_ptr_array_index (messages, i - 1));
      g_autofree char *number
          = gan_html_dup_attribute (g_ptr_array_index (messages, i - 1), "data-post");
      const char *slash = strrchr (number, '/');

      gan_page_append (list, post);
      gan_page_set_next_cursor (list, (i > 1 || older) && slash != NULL ? slash + 1 : NULL);
    }
  return g_steal_pointer (&list);
}

static GanPage *
gan_telegram_list (GanPlatform *platform,
                   GanVisit *visit,
                   GanMatch *match,
                   const char *cursor,
                   guint limit,
                   GError **error)
{
  g_autoptr (GanRequest) request = gan_visit_request (visit,
                                                      "GET",
                                                      cursor != NULL ? "listing-before" : "listing",
                                                      error,
                                                      "channel",
                                                      gan_match_get_capture (match, "channel"),
                                                      "before",
                                                      cursor != NULL ? cursor : "",
                                                      NULL);
  g_autoptr (GanHtml) page = fetch_page (visit, request, error);

  return page != NULL ? read_list (page, limit, error) : NULL;
}

/* The rules say that only a channel can be searched: @in is never NULL. */
static GanPage *
gan_telegram_search (GanPlatform *platform,
                     GanVisit *visit,
                     const char *query,
                     const char *cursor,
                     guint limit,
                     GanMatch *in,
                     GError **error)
{
  g_autoptr (GanRequest) request = gan_visit_request (visit,
                                                      "GET",
                                                      cursor != NULL ? "search-before" : "search",
                                                      error,
                                                      "channel",
                                                      gan_match_get_capture (in, "channel"),
                                                      "query",
                                                      query,
                                                      "before",
                                                      cursor != NULL ? cursor : "",
                                                      NULL);
  g_autoptr (GanHtml) page = fetch_page (visit, request, error);

  return page != NULL ? read_list (page, limit, error) : NULL;
}

/* The default says that there is nothing to fetch; of a medium it is known why. */
static GanPlan *
gan_telegram_prepare (GanPlatform *platform,
                      GanVisit *visit,
                      GanMedia *media,
                      GanChoice *choice,
                      GError **error)
{
  if (gan_telegram_message_is_medium (media) && !gan_telegram_message_has_file (media))
    {
      gan_telegram_refusal_set_app_only (error);
      return NULL;
    }
  return gan_platform_prepare_formats (platform, visit, media, choice, error);
}

static void
gan_telegram_class_init (GanTelegramClass *klass)
{
  GanPlatformClass *platform_class = GAN_PLATFORM_CLASS (klass);

  platform_class->get_info = gan_telegram_get_info;
  platform_class->list = gan_telegram_list;
  platform_class->search = gan_telegram_search;
  platform_class->prepare = gan_telegram_prepare;
}

static void
gan_telegram_init (GanTelegram *self)
{
}
