/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "telegram-medium.h"

#include "telegram-node.h"

#include <math.h>
#include <string.h>

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
  g_autofree char *url
      = gan_telegram_node_dup_src (gan_html_find (page, player, ".tgme_widget_message_video[src]"));
  g_autofree char *thumbnail = gan_telegram_node_dup_picture (
      gan_html_find (page, player, ".tgme_widget_message_video_thumb"));
  g_autofree char *duration = gan_telegram_node_dup_text (page, player, ".message_video_duration");
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
  return gan_html_get_ancestor (node, "a, " GAN_TELEGRAM_MESSAGE);
}

static void
read_round_video (GanHtml *page, GanHtmlNode *video, GanMedia *item)
{
  GanHtmlNode *player = get_player (video);
  g_autofree char *url = gan_telegram_node_dup_src (video);
  g_autofree char *thumbnail = gan_telegram_node_dup_picture (
      gan_html_find (page, player, ".tgme_widget_message_roundvideo_thumb"));
  g_autofree char *duration
      = gan_telegram_node_dup_text (page, player, ".tgme_widget_message_roundvideo_duration");

  gan_media_set_thumbnail_url (item, thumbnail);
  if (duration != NULL)
    gan_media_set_duration (item, gan_text_to_duration (duration));
  add_format (item, "web", "mp4", url);
}

static void
read_voice (GanHtml *page, GanHtmlNode *audio, GanMedia *item)
{
  g_autofree char *url = gan_telegram_node_dup_src (audio);
  g_autofree char *duration = gan_telegram_node_dup_text (page,
                                                          get_player (audio),
                                                          ".tgme_widget_message_voice_duration");
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
  g_autofree char *url = gan_telegram_node_dup_picture (photo);
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
  g_autofree char *url = gan_telegram_node_dup_address (text);
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

/**
 * gan_telegram_medium_read:
 * @page: a page
 * @node: a node of GAN_TELEGRAM_MEDIA in it
 * @medium: what is known of its message
 *
 * Sets what kind of medium it is, and of that what the page says. What Telegram keeps for its app
 * gets no format.
 */
void
gan_telegram_medium_read (GanHtml *page, GanHtmlNode *node, GanMedia *medium)
{
  for (guint i = 0; i < G_N_ELEMENTS (readers); i++)
    {
      if (!gan_html_has_class (node, readers[i].class_name))
        continue;
      gan_media_set_content_type (medium, gan_kind_to_string (readers[i].kind));
      readers[i].read (page, node, medium);
      return;
    }
}
