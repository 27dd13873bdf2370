/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Telegram's public channels, as t.me shows them to everybody: posts, albums, a channel's pages and
 * its search. */
#include "config.h"

#include "gan-platform-sdk.h"

#include <math.h>
#include <string.h>

/* What t.me gives as a pause when it gives none. */
#define RATE_SECONDS 60

/* Reasons of errors. */
#define APP_ONLY "app-only"
#define NO_PREVIEW "no-preview"

#define VERIFIED_MARK "\u2714"

#define HOME "https://t.me/"

#define MESSAGE ".tgme_widget_message[data-post]"
#define CHANNEL ".tgme_channel_info"
#define REPLY ".tgme_widget_message_reply"
#define PREVIEW ".tgme_widget_message_link_preview"

#define GAN_TYPE_TELEGRAM (gan_telegram_get_type ())
G_DECLARE_FINAL_TYPE (GanTelegram, gan_telegram, GAN, TELEGRAM, GanPlatform)

struct _GanTelegram
{
  GanPlatform parent_instance;
};

G_DEFINE_FINAL_TYPE (GanTelegram, gan_telegram, GAN_TYPE_PLATFORM)

/* --- One message of a page --- */

static char *
dup_text (GanHtml *page, GanHtmlNode *scope, const char *selector)
{
  return gan_html_dup_text (gan_html_find (page, scope, selector));
}

/* The address in an attribute, or in a style: escaped once more than HTML asks for at times,
 * without a scheme at times, and never anything but http or https. */
static char *
dup_address (const char *text)
{
  g_autofree char *unescaped = text != NULL ? gan_text_html_unescape (text) : NULL;
  g_autoptr (GanUrl) base = unescaped != NULL ? gan_url_parse (HOME, NULL) : NULL;
  g_autoptr (GanUrl) url = base != NULL ? gan_url_resolve (base, unescaped, NULL) : NULL;

  return url != NULL ? g_strdup (gan_url_get_string (url)) : NULL;
}

static char *
dup_src (GanHtmlNode *node)
{
  g_autofree char *text = gan_html_dup_attribute (node, "src");

  return dup_address (text);
}

static char *
dup_picture (GanHtmlNode *node)
{
  g_autofree char *text = gan_html_dup_style_url (node);

  return dup_address (text);
}

/* What is quoted or linked stands inside the message, but is not the message's own. */
static gboolean
is_foreign (GanHtmlNode *node)
{
  return gan_html_get_ancestor (node, REPLY ", " PREVIEW) != NULL;
}

static GanHtmlNode *
find_own (GanHtml *page, GanHtmlNode *message, const char *selector)
{
  g_autoptr (GPtrArray) nodes = gan_html_find_all (page, message, selector);

  for (guint i = 0; i < nodes->len; i++)
    {
      GanHtmlNode *node = g_ptr_array_index (nodes, i);

      if (!is_foreign (node))
        return node;
    }
  return NULL;
}

/* The words of the links in a text that begin with a mark, the mark left out. */
static GStrv
dup_marked (GanHtml *page, GanHtmlNode *text, const char *selector, char mark)
{
  g_autoptr (GPtrArray) links = gan_html_find_all (page, text, selector);
  g_autoptr (GPtrArray) words = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; text != NULL && i < links->len; i++)
    {
      g_autofree char *word = gan_html_dup_text (g_ptr_array_index (links, i));

      if (word != NULL && word[0] == mark && word[1] != '\0')
        g_ptr_array_add (words, g_strdup (word + 1));
    }
  g_ptr_array_add (words, NULL);
  return (GStrv) g_ptr_array_free (g_steal_pointer (&words), FALSE);
}

/* A name as it stands at a message or over a channel; the mark of a verified one is no part of it.
 */
static char *
dup_name (GanHtml *page, GanHtmlNode *node)
{
  GanHtmlNode *span = node != NULL ? gan_html_find (page, node, "span") : NULL;
  char *name = gan_html_dup_text (span != NULL ? span : node);

  if (name != NULL && g_str_has_suffix (name, VERIFIED_MARK))
    name[strlen (name) - strlen (VERIFIED_MARK)] = '\0';
  return name != NULL ? g_strchomp (name) : NULL;
}

static void
read_text (GanHtml *page, GanHtmlNode *message, GanMedia *media)
{
  GanHtmlNode *node = find_own (page, message, ".tgme_widget_message_text.js-message_text");
  g_autofree char *text = gan_html_dup_text (node);
  g_auto (GStrv) hashtags = NULL;
  g_auto (GStrv) mentions = NULL;

  if (text == NULL)
    return;
  hashtags = dup_marked (page, node, "a[href^=\"?q=%23\"]", '#');
  mentions = dup_marked (page, node, "a[href^=\"https://t.me/\"]", '@');
  gan_media_set_text (media, text);
  gan_media_set_hashtags (media, (const char *const *) hashtags);
  gan_media_set_mentions (media, (const char *const *) mentions);
}

static void
read_head (GanHtml *page, GanHtmlNode *message, GanMedia *media)
{
  g_autofree char *post = gan_html_dup_attribute (message, "data-post");
  g_autofree char *url = g_strconcat (HOME, post, NULL);
  g_autofree char *channel = g_strndup (post, strcspn (post, "/"));
  g_autofree char *creator
      = dup_name (page, find_own (page, message, ".tgme_widget_message_owner_name"));
  g_autofree char *avatar
      = dup_src (find_own (page, message, ".tgme_widget_message_user_photo img"));
  g_autofree char *date
      = gan_html_dup_attribute (find_own (page, message, "a.tgme_widget_message_date time"),
                                "datetime");
  g_autofree char *views
      = gan_html_dup_text (find_own (page, message, ".tgme_widget_message_views"));

  gan_media_set_platform (media, "telegram");
  gan_media_set_platform_id (media, post);
  gan_media_set_url (media, url);
  gan_media_set_creator (media, creator);
  gan_media_set_creator_id (media, channel);
  gan_media_set_creator_avatar (media, avatar);
  gan_media_set_published_at (media, date != NULL ? gan_text_to_time (date) : GAN_UNKNOWN_TIME);
  gan_media_set_view_count (media, views != NULL ? gan_text_to_int (views) : GAN_UNKNOWN);
}

/* "channel/76" has the number "76". */
static gboolean
is_numbered (const char *id, const char *number)
{
  const char *slash = strrchr (id, '/');

  return slash != NULL && strcmp (slash + 1, number) == 0;
}

/* --- The media of a message --- */

/* "width:720px;padding-top:177.78%": the height is told as a share of the width, on the box or the
 * one inside it. */
static void
set_size (GanFormat *format, GanHtmlNode *wide, GanHtmlNode *tall)
{
  g_autofree char *wide_style = gan_html_dup_attribute (wide, "style");
  g_autofree char *tall_style = gan_html_dup_attribute (tall, "style");
  const char *width = wide_style != NULL ? strstr (wide_style, "width:") : NULL;
  const char *padding = tall_style != NULL ? strstr (tall_style, "padding-top:") : NULL;
  double pixels = 0;
  double share = 0;

  if (width == NULL || padding == NULL)
    return;
  pixels = g_ascii_strtod (width + strlen ("width:"), NULL);
  share = g_ascii_strtod (padding + strlen ("padding-top:"), NULL);
  if (pixels >= 1 && pixels <= 100000 && share > 0 && share <= 10000)
    gan_format_set_size (format, (gint64) pixels, (gint64) lround (pixels * share / 100));
}

/* NULL without an address: a medium that Telegram keeps for its app has none. */
static GanFormat *
add_format (GanMedia *item, const char *format_id, const char *ext, const char *url)
{
  g_autoptr (GanFormat) format = NULL;

  if (url == NULL)
    return NULL;
  format = gan_format_new (format_id, url);
  gan_format_set_ext (format, ext);
  gan_format_set_protocol (format, GAN_PROTOCOL_HTTP);
  gan_media_append_formats (item, format);
  return format;
}

/* A GIF has no play button and no sound. Of two videos the first may be the blurred background of
 * the second. */
static void
read_video (GanHtml *page, GanHtmlNode *player, GanMedia *item)
{
  GanHtmlNode *box = gan_html_find (page, player, ".tgme_widget_message_video_wrap");
  g_autofree char *url = dup_src (gan_html_find (page, player, ".tgme_widget_message_video[src]"));
  g_autofree char *thumbnail
      = dup_picture (gan_html_find (page, player, ".tgme_widget_message_video_thumb"));
  g_autofree char *duration = dup_text (page, player, ".message_video_duration");
  GanFormat *format = add_format (item, "web", "mp4", url);

  gan_media_set_thumbnail_url (item, thumbnail);
  if (duration != NULL)
    gan_media_set_duration (item, gan_text_to_duration (duration));
  if (format == NULL)
    return;
  set_size (format, box, box);
  if (gan_html_find (page, player, ".message_video_play") == NULL)
    gan_format_set_acodec (format, "none");
}

/* The link around a medium, or the message if there is none. */
static GanHtmlNode *
get_player (GanHtmlNode *node)
{
  return gan_html_get_ancestor (node, "a, " MESSAGE);
}

static void
read_round_video (GanHtml *page, GanHtmlNode *video, GanMedia *item)
{
  GanHtmlNode *player = get_player (video);
  g_autofree char *url = dup_src (video);
  g_autofree char *thumbnail
      = dup_picture (gan_html_find (page, player, ".tgme_widget_message_roundvideo_thumb"));
  g_autofree char *duration = dup_text (page, player, ".tgme_widget_message_roundvideo_duration");

  gan_media_set_thumbnail_url (item, thumbnail);
  if (duration != NULL)
    gan_media_set_duration (item, gan_text_to_duration (duration));
  add_format (item, "web", "mp4", url);
}

static void
read_voice (GanHtml *page, GanHtmlNode *audio, GanMedia *item)
{
  g_autofree char *url = dup_src (audio);
  g_autofree char *duration
      = dup_text (page, get_player (audio), ".tgme_widget_message_voice_duration");
  GanFormat *format = add_format (item, "voice", "ogg", url);

  if (duration != NULL)
    gan_media_set_duration (item, gan_text_to_duration (duration));
  if (format != NULL)
    gan_format_set_vcodec (format, "none");
}

static void
read_image (GanMedia *item, GanFormat *format)
{
  gan_media_set_thumbnail_url (item, gan_format_get_url (format));
  gan_format_set_vcodec (format, "none");
  gan_format_set_acodec (format, "none");
}

static void
read_photo (GanHtml *page, GanHtmlNode *photo, GanMedia *item)
{
  g_autofree char *url = dup_picture (photo);
  GanFormat *format = add_format (item, "photo", "jpg", url);

  if (format == NULL)
    return;
  read_image (item, format);
  set_size (format, photo, gan_html_find (page, photo, ".tgme_widget_message_photo"));
}

static void
read_sticker (GanHtml *page, GanHtmlNode *sticker, GanMedia *item)
{
  g_autofree char *text = gan_html_dup_attribute (sticker, "data-webp");
  g_autofree char *url = dup_address (text);
  GanFormat *format = add_format (item, "sticker", "webp", url);

  if (format != NULL)
    read_image (item, format);
}

static const struct
{
  const char *class_name;
  GanKind kind;
  void (*read) (GanHtml *page, GanHtmlNode *node, GanMedia *item);
} readers[] = {
  { "tgme_widget_message_video_player", GAN_KIND_VIDEO, read_video },
  { "tgme_widget_message_photo_wrap", GAN_KIND_IMAGE, read_photo },
  { "tgme_widget_message_roundvideo", GAN_KIND_VIDEO, read_round_video },
  { "tgme_widget_message_voice", GAN_KIND_AUDIO, read_voice },
  { "tgme_widget_message_sticker", GAN_KIND_IMAGE, read_sticker },
};

#define MEDIA                                                                                      \
  ".tgme_widget_message_video_player, .tgme_widget_message_photo_wrap, "                           \
  ".tgme_widget_message_roundvideo, .tgme_widget_message_voice, .tgme_widget_message_sticker"

/* A member of an album is a message of its own: "https://t.me/channel/621?single". */
static char *
dup_item_id (GanHtmlNode *node, const char *post_id)
{
  g_autofree char *href = gan_html_dup_attribute (node, "href");
  g_autoptr (GanUrl) url = href != NULL ? gan_url_parse (href, NULL) : NULL;
  g_autofree char *number = url != NULL ? gan_url_dup_basename (url) : NULL;

  if (number == NULL || *number == '\0' || number[strspn (number, "0123456789")] != '\0')
    return g_strdup (post_id);
  return g_strdup_printf ("%.*s/%s", (int) strcspn (post_id, "/"), post_id, number);
}

/* An item knows what its post knows, and its own number. */
static GanMedia *
make_item (GanMedia *post, GanHtmlNode *node)
{
  GanMedia *item = gan_media_new ();
  g_autofree char *id = dup_item_id (node, gan_media_get_platform_id (post));
  g_autofree char *url = g_strconcat (HOME, id, NULL);

  gan_media_set_platform (item, gan_media_get_platform (post));
  gan_media_set_platform_id (item, id);
  gan_media_set_url (item, url);
  gan_media_set_title (item, gan_media_get_title (post));
  gan_media_set_description (item, gan_media_get_description (post));
  gan_media_set_creator (item, gan_media_get_creator (post));
  gan_media_set_creator_id (item, gan_media_get_creator_id (post));
  gan_media_set_creator_avatar (item, gan_media_get_creator_avatar (post));
  gan_media_set_published_at (item, gan_media_get_published_at (post));
  gan_media_set_hashtags (item, gan_media_get_hashtags (post));
  gan_media_set_mentions (item, gan_media_get_mentions (post));
  gan_media_set_view_count (item, gan_media_get_view_count (post));
  return item;
}

/* A round video may stand there twice, as what is played and as its own blurred background. */
static gboolean
is_repeated (GPtrArray *items, GanMedia *item)
{
  GanMedia *last = items->len > 0 ? g_ptr_array_index (items, items->len - 1) : NULL;
  GanFormat *a = NULL;
  GanFormat *b = NULL;

  if (last == NULL || gan_media_get_formats (last)->len == 0
      || gan_media_get_formats (item)->len == 0)
    return FALSE;
  a = g_ptr_array_index (gan_media_get_formats (last), 0);
  b = g_ptr_array_index (gan_media_get_formats (item), 0);
  return g_strcmp0 (gan_format_get_url (a), gan_format_get_url (b)) == 0;
}

static GanMedia *
read_item (GanHtml *page, GanHtmlNode *node, GanMedia *post)
{
  GanMedia *item = make_item (post, node);

  for (guint i = 0; i < G_N_ELEMENTS (readers); i++)
    {
      if (!gan_html_has_class (node, readers[i].class_name))
        continue;
      gan_media_set_content_type (item, gan_kind_to_string (readers[i].kind));
      readers[i].read (page, node, item);
      break;
    }
  return item;
}

/* What Telegram keeps for its app is an item without formats. */
static GPtrArray *
read_items (GanHtml *page, GanHtmlNode *message, GanMedia *post)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) nodes = gan_html_find_all (page, message, MEDIA);

  for (guint i = 0; i < nodes->len; i++)
    {
      GanHtmlNode *node = g_ptr_array_index (nodes, i);
      g_autoptr (GanMedia) item = is_foreign (node) ? NULL : read_item (page, node, post);

      if (item != NULL && !is_repeated (items, item))
        g_ptr_array_add (items, g_steal_pointer (&item));
    }
  return g_steal_pointer (&items);
}

/* A message with its media; one without any is a post with neither formats nor items. */
static GanMedia *
read_message (GanHtml *page, GanHtmlNode *message)
{
  g_autoptr (GanMedia) post = gan_media_new ();
  g_autoptr (GPtrArray) items = NULL;

  read_head (page, message, post);
  read_text (page, message, post);
  items = read_items (page, message, post);
  if (items->len == 1)
    return g_object_ref (g_ptr_array_index (items, 0));

  gan_media_set_content_type (post, gan_kind_to_string (GAN_KIND_POST));
  for (guint i = 0; i < items->len; i++)
    gan_media_append_items (post, g_ptr_array_index (items, i));
  if (items->len > 0)
    gan_media_set_thumbnail_url (post, gan_media_get_thumbnail_url (g_ptr_array_index (items, 0)));
  return g_steal_pointer (&post);
}

/* Whether there is a file for everybody in it. */
static gboolean
has_file (GanMedia *media)
{
  GPtrArray *items = gan_media_get_items (media);

  if (gan_media_get_formats (media)->len > 0)
    return TRUE;
  for (guint i = 0; i < items->len; i++)
    {
      if (has_file (g_ptr_array_index (items, i)))
        return TRUE;
    }
  return FALSE;
}

/* Whether it is a medium itself, not a message around media. */
static gboolean
is_medium (GanMedia *media)
{
  return g_strcmp0 (gan_media_get_content_type (media), gan_kind_to_string (GAN_KIND_POST)) != 0;
}

/* What the web is not shown: media without address, documents. The hidden "please open Telegram"
 * that nearly every message carries says nothing where there is anything else. */
static gboolean
is_app_only (GanHtml *page, GanHtmlNode *message, GanMedia *post)
{
  if (has_file (post))
    return FALSE;
  return is_medium (post) || gan_media_get_items (post)->len > 0
         || find_own (page, message, ".tgme_widget_message_document_wrap") != NULL
         || (gan_media_get_description (post) == NULL
             && find_own (page, message, ".message_media_not_supported_wrap") != NULL);
}

/* --- Pages --- */

/* Where a notice stands instead of the message, its words tell why. */
static void
set_notice_error (const char *notice, GError **error)
{
  static const struct
  {
    const char *words;
    GanErrorCode code;
    const char *reason;
  } notices[] = {
    { "open Telegram", GAN_ERROR_LOGIN_REQUIRED, APP_ONLY },
    { "can't be displayed", GAN_ERROR_NOT_FOUND, "blocked" },
    { "violate", GAN_ERROR_NOT_FOUND, "blocked" },
    { "copyright", GAN_ERROR_NOT_FOUND, "blocked" },
    { "pornographic", GAN_ERROR_NOT_FOUND, "blocked" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (notices); i++)
    {
      if (notice != NULL && strstr (notice, notices[i].words) != NULL)
        {
          gan_error_set (error, notices[i].code, notices[i].reason, "Telegram does not show it");
          return;
        }
    }
  gan_error_set (error, GAN_ERROR_NOT_FOUND, "removed", "Telegram knows no such post");
}

static void
set_app_only_error (GError **error)
{
  gan_error_set (error,
                 GAN_ERROR_LOGIN_REQUIRED,
                 APP_ONLY,
                 "Telegram shows it in its own app only");
}

static void
set_changed_error (const char *field, GError **error)
{
  gan_error_set (error, GAN_ERROR_SITE_CHANGED, NULL, "the page lacks %s", field);
  if (error != NULL)
    gan_error_set_field (*error, field);
}

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
      gan_error_set (error, GAN_ERROR_NOT_FOUND, NO_PREVIEW, "there is no public page of it");
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

/* Whether the message has this number, or is an album with a member of this number. */
static gboolean
has_number (GanHtml *page, GanHtmlNode *message, const char *number)
{
  g_autoptr (GPtrArray) nodes = gan_html_find_all (page, message, MEDIA);
  g_autofree char *post = gan_html_dup_attribute (message, "data-post");
  gboolean found = is_numbered (post, number);

  for (guint i = 0; i < nodes->len && !found; i++)
    {
      g_autofree char *id = dup_item_id (g_ptr_array_index (nodes, i), post);

      found = !is_foreign (g_ptr_array_index (nodes, i)) && is_numbered (id, number);
    }
  return found;
}

static GanHtmlNode *
find_message (GanHtml *page, const char *number)
{
  g_autoptr (GPtrArray) messages = gan_html_find_all (page, NULL, MESSAGE);

  for (guint i = 0; i < messages->len; i++)
    {
      if (has_number (page, g_ptr_array_index (messages, i), number))
        return g_ptr_array_index (messages, i);
    }
  return NULL;
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

      if (!is_numbered (gan_media_get_platform_id (item), number))
        continue;
      if (has_file (item))
        return g_object_ref (item);
      set_app_only_error (error);
      return NULL;
    }
  gan_error_set (error, GAN_ERROR_NOT_FOUND, "removed", "the album has no such member");
  return NULL;
}

/* Why a page does not have the message that it was asked for. */
static void
set_missing_error (GanHtml *page, GError **error)
{
  g_autofree char *notice = dup_text (page, NULL, ".tgme_widget_message_error");

  if (notice != NULL || gan_html_find (page, NULL, MESSAGE ", .tme_no_messages_found") != NULL)
    set_notice_error (notice, error);
  else
    set_changed_error (MESSAGE, error);
}

static GanMedia *
read_post_page (GanHtml *page, GanMatch *match, GError **error)
{
  const char *number = gan_match_get_capture (match, "id");
  GanHtmlNode *message = find_message (page, number);
  g_autoptr (GanMedia) post = NULL;

  if (message == NULL)
    {
      set_missing_error (page, error);
      return NULL;
    }
  post = read_message (page, message);
  if (is_app_only (page, message, post))
    {
      set_app_only_error (error);
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
  g_autofree char *image = dup_address (image_text);
  g_autofree char *site = gan_html_dup_meta (page, "og:site_name");
  g_autoptr (GanMedia) post = NULL;

  if (creator == NULL || g_strcmp0 (site, "Telegram") != 0)
    {
      set_changed_error ("og:title", error);
      return NULL;
    }
  if (is_account_page (page))
    {
      set_notice_error (NULL, error);
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

/* --- The verbs --- */

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
         || g_strcmp0 (gan_error_get_reason (error), NO_PREVIEW) == 0;
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

/* Why a page is not that of a channel. */
static void
set_no_channel_error (GanHtml *page, GError **error)
{
  if (gan_html_find (page, NULL, "[class*=tgme_]") != NULL)
    gan_error_set (error, GAN_ERROR_NOT_FOUND, NO_PREVIEW, "this is no public channel");
  else
    set_changed_error (CHANNEL, error);
}

/* The channel's name as it writes it itself, which may be otherwise than in the link. */
static char *
dup_channel (GanHtml *page, GanMatch *match)
{
  g_autofree char *name = dup_text (page, NULL, ".tgme_channel_info_header_username");

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
  title = dup_name (page, gan_html_find (page, NULL, ".tgme_channel_info_header_title"));
  if (title == NULL)
    {
      set_no_channel_error (page, error);
      return NULL;
    }
  description = dup_text (page, NULL, ".tgme_channel_info_description");
  photo = dup_src (gan_html_find (page, NULL, ".tgme_page_photo_image img"));
  channel = dup_channel (page, match);
  url = g_strconcat (HOME, channel, NULL);
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
  g_autoptr (GPtrArray) messages = gan_html_find_all (page, NULL, MESSAGE);
  g_autoptr (GanPage) list = gan_page_new ();
  gboolean older = gan_html_find (page, NULL, "a.tme_messages_more[data-before]") != NULL;

  if (messages->len == 0 && gan_html_find (page, NULL, CHANNEL) == NULL)
    {
      set_no_channel_error (page, error);
      return NULL;
    }
  for (guint i = messages->len; i > 0 && gan_page_get_n_media (list) < limit; i--)
    {
      g_autoptr (GanMedia) post = read_message (page, g_ptr_array_index (messages, i - 1));
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
  if (is_medium (media) && !has_file (media))
    {
      set_app_only_error (error);
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
