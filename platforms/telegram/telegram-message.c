/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "telegram-message.h"

#include "telegram-medium.h"
#include "telegram-node.h"

#include <string.h>

#define REPLY ".tgme_widget_message_reply"
#define PREVIEW ".tgme_widget_message_link_preview"

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
  g_autofree char *url = g_strconcat (GAN_TELEGRAM_HOME, post, NULL);
  g_autofree char *channel = g_strndup (post, strcspn (post, "/"));
  g_autofree char *creator
      = gan_telegram_node_dup_name (page,
                                    find_own (page, message, ".tgme_widget_message_owner_name"));
  g_autofree char *avatar
      = gan_telegram_node_dup_src (find_own (page, message, ".tgme_widget_message_user_photo img"));
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

/**
 * gan_telegram_message_is_numbered:
 * @id: id of a message, such as "channel/76"
 * @number: a number, such as "76"
 *
 * Returns: whether that is the number of the message
 */
gboolean
gan_telegram_message_is_numbered (const char *id, const char *number)
{
  const char *slash = strrchr (id, '/');

  return slash != NULL && strcmp (slash + 1, number) == 0;
}

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
  g_autofree char *url = g_strconcat (GAN_TELEGRAM_HOME, id, NULL);

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

/* What Telegram keeps for its app is an item without formats. */
static GPtrArray *
read_items (GanHtml *page, GanHtmlNode *message, GanMedia *post)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) nodes = gan_html_find_all (page, message, GAN_TELEGRAM_MEDIA);

  for (guint i = 0; i < nodes->len; i++)
    {
      GanHtmlNode *node = g_ptr_array_index (nodes, i);
      g_autoptr (GanMedia) item = NULL;

      if (is_foreign (node))
        continue;
      item = make_item (post, node);
      gan_telegram_medium_read (page, node, item);
      if (!is_repeated (items, item))
        g_ptr_array_add (items, g_steal_pointer (&item));
    }
  return g_steal_pointer (&items);
}

/**
 * gan_telegram_message_read:
 * @page: a page
 * @message: a message in it
 *
 * Returns: (transfer full): the one medium of the message, or a post of several or none. What
 *   Telegram keeps for its app is there without formats
 */
GanMedia *
gan_telegram_message_read (GanHtml *page, GanHtmlNode *message)
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

/**
 * gan_telegram_message_has_file:
 * @media: a post or a medium
 *
 * Returns: whether there is a file for everybody in it
 */
gboolean
gan_telegram_message_has_file (GanMedia *media)
{
  GPtrArray *items = gan_media_get_items (media);

  if (gan_media_get_formats (media)->len > 0)
    return TRUE;
  for (guint i = 0; i < items->len; i++)
    {
      if (gan_telegram_message_has_file (g_ptr_array_index (items, i)))
        return TRUE;
    }
  return FALSE;
}

/**
 * gan_telegram_message_is_medium:
 * @media: what gan_telegram_message_read() made, or an item of it
 *
 * Returns: whether it is a medium itself, not a message around media
 */
gboolean
gan_telegram_message_is_medium (GanMedia *media)
{
  return g_strcmp0 (gan_media_get_content_type (media), gan_kind_to_string (GAN_KIND_POST)) != 0;
}

/**
 * gan_telegram_message_is_app_only:
 * @page: a page
 * @message: a message in it
 * @post: what gan_telegram_message_read() made of it
 *
 * Media without address and documents are not shown on the web. The hidden "please open Telegram"
 * that nearly every message carries says nothing where there is anything else.
 *
 * Returns: whether the message has something, and nothing of it for everybody
 */
gboolean
gan_telegram_message_is_app_only (GanHtml *page, GanHtmlNode *message, GanMedia *post)
{
  if (gan_telegram_message_has_file (post))
    return FALSE;
  return gan_telegram_message_is_medium (post) || gan_media_get_items (post)->len > 0
         || find_own (page, message, ".tgme_widget_message_document_wrap") != NULL
         || (gan_media_get_description (post) == NULL
             && find_own (page, message, ".message_media_not_supported_wrap") != NULL);
}

static gboolean
has_number (GanHtml *page, GanHtmlNode *message, const char *number)
{
  g_autoptr (GPtrArray) nodes = gan_html_find_all (page, message, GAN_TELEGRAM_MEDIA);
  g_autofree char *post = gan_html_dup_attribute (message, "data-post");
  gboolean found = gan_telegram_message_is_numbered (post, number);

  for (guint i = 0; i < nodes->len && !found; i++)
    {
      g_autofree char *id = dup_item_id (g_ptr_array_index (nodes, i), post);

      found = !is_foreign (g_ptr_array_index (nodes, i))
              && gan_telegram_message_is_numbered (id, number);
    }
  return found;
}

/**
 * gan_telegram_message_find:
 * @page: a page
 * @number: the number of a message
 *
 * The channel is not compared: its name may be written otherwise than in a link.
 *
 * Returns: (transfer none) (nullable): the message of that number, or the album with that member
 */
GanHtmlNode *
gan_telegram_message_find (GanHtml *page, const char *number)
{
  g_autoptr (GPtrArray) messages = gan_html_find_all (page, NULL, GAN_TELEGRAM_MESSAGE);

  for (guint i = 0; i < messages->len; i++)
    {
      if (has_number (page, g_ptr_array_index (messages, i), number))
        return g_ptr_array_index (messages, i);
    }
  return NULL;
}
