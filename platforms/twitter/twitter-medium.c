/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "twitter-medium.h"

#include "twitter-refusal.h"

#include <string.h>

#define MAX_PIXELS 100000
#define MAX_VARIANTS 64

/* --- Pictures --- */

/* "…/media/KEY.jpg" is the picture made smaller; "…/media/KEY?format=jpg&name=orig" is what was
 * uploaded. */
static char *
dup_original (const char *text, char **ext)
{
  g_autoptr (GanUrl) url = gan_url_parse (text, NULL);
  const char *path = url != NULL ? gan_url_get_path (url) : "";
  const char *name = strrchr (path, '/');
  const char *dot = name != NULL ? strrchr (name, '.') : NULL;

  *ext = g_strdup (dot != NULL ? dot + 1 : "jpg");
  if (dot == NULL)
    return g_strdup (text);
  return g_strdup_printf ("%s%.*s?format=%s&name=orig",
                          gan_url_get_origin (url),
                          (int) (dot - path),
                          path,
                          *ext);
}

static gboolean
read_photo (JsonNode *medium, GanMedia *media, GError **error)
{
  const char *small = gan_media_get_thumbnail_url (media);
  g_autofree char *ext = NULL;
  g_autofree char *url = NULL;
  g_autoptr (GanFormat) format = NULL;

  if (small == NULL)
    {
      gan_twitter_refusal_set_changed (error, "media_url_https");
      return FALSE;
    }
  url = dup_original (small, &ext);
  format = gan_format_new ("orig", url);
  gan_format_set_ext (format, ext);
  gan_format_set_acodec (format, "none");
  gan_format_set_protocol (format, GAN_PROTOCOL_HTTP);
  gan_format_set_size (format,
                       gan_json_get_int (medium, "original_info.width"),
                       gan_json_get_int (medium, "original_info.height"));
  gan_media_set_content_type (media, gan_kind_to_string (GAN_KIND_IMAGE));
  gan_media_append_formats (media, format);
  return TRUE;
}

/* --- Videos and GIFs --- */

static const struct
{
  const char *content_type;
  const char *protocol;
} variants[] = {
  { "video/mp4", GAN_PROTOCOL_HTTP },
  { "application/x-mpegURL", GAN_PROTOCOL_HLS },
  { "application/dash+xml", GAN_PROTOCOL_DASH },
};

static const char *
find_protocol (const char *content_type)
{
  for (gsize i = 0; i < G_N_ELEMENTS (variants); i++)
    {
      if (g_strcmp0 (content_type, variants[i].content_type) == 0)
        return variants[i].protocol;
    }
  return NULL;
}

/* "…/vid/avc1/720x1280/name.mp4" */
static gboolean
read_path_size (const char *text, gint64 *width, gint64 *height)
{
  g_auto (GStrv) parts = g_strsplit (text, "/", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    {
      g_auto (GStrv) sides = g_strsplit (parts[i], "x", 3);
      guint64 values[2];

      if (g_strv_length (sides) == 2
          && g_ascii_string_to_unsigned (sides[0], 10, 1, MAX_PIXELS, &values[0], NULL)
          && g_ascii_string_to_unsigned (sides[1], 10, 1, MAX_PIXELS, &values[1], NULL))
        {
          *width = (gint64) values[0];
          *height = (gint64) values[1];
          return TRUE;
        }
    }
  return FALSE;
}

static void
set_codecs (GanFormat *format, const char *url, gboolean is_gif)
{
  if (strstr (url, "/hevc/") != NULL)
    gan_format_set_vcodec (format, "hvc1");
  else if (strstr (url, "/avc1/") != NULL)
    gan_format_set_vcodec (format, "avc1");
  if (is_gif)
    gan_format_set_acodec (format, "none");
}

static gboolean
has_format (GanMedia *media, const char *format_id)
{
  GPtrArray *formats = gan_media_get_formats (media);

  for (guint i = 0; i < formats->len; i++)
    {
      if (g_strcmp0 (gan_format_get_format_id (g_ptr_array_index (formats, i)), format_id) == 0)
        return TRUE;
    }
  return FALSE;
}

/* "http-2176" by kbit/s, "http-480p" where no bit rate is told, "hls"; no two alike. */
static void
set_format_id (GanFormat *format, GanMedia *media)
{
  const char *protocol = gan_format_get_protocol (format);
  g_autofree char *base = NULL;
  g_autofree char *id = NULL;

  if (gan_format_get_bitrate (format) > 0)
    base = g_strdup_printf ("%s-%" G_GINT64_FORMAT,
                            protocol,
                            gan_format_get_bitrate (format) / 1000);
  else if (gan_format_get_height (format) > 0)
    base = g_strdup_printf ("%s-%" G_GINT64_FORMAT "p", protocol, gan_format_get_height (format));
  else
    base = g_strdup (protocol);
  id = g_strdup (base);
  for (guint n = 2; has_format (media, id); n++)
    {
      g_free (id);
      id = g_strdup_printf ("%s-%u", base, n);
    }
  gan_format_set_format_id (format, id);
}

/* A manifest has sizes of its own, which are not known before it is read. */
static void
set_size (GanFormat *format, JsonNode *medium)
{
  gint64 width = gan_json_get_int (medium, "original_info.width");
  gint64 height = gan_json_get_int (medium, "original_info.height");

  if (!gan_format_is_direct (format))
    return;
  read_path_size (gan_format_get_url (format), &width, &height);
  gan_format_set_size (format, width, height);
}

static gboolean
read_variant (GanRules *rules, JsonNode *medium, JsonNode *variant, GanMedia *media, GError **error)
{
  const char *protocol = find_protocol (gan_json_get_string (variant, "content_type"));
  gboolean is_gif = g_strcmp0 (gan_json_get_string (medium, "type"), "animated_gif") == 0;
  g_autoptr (GanFormat) format = gan_format_new (NULL, NULL);

  if (protocol == NULL)
    return TRUE;
  if (!gan_field_map_apply (gan_rules_get_field_map (rules, "variant"),
                            variant,
                            GAN_RECORD (format),
                            error))
    return FALSE;
  if (gan_format_get_bitrate (format) == 0)
    gan_format_set_bitrate (format, GAN_UNKNOWN);
  gan_format_set_ext (format, "mp4");
  gan_format_set_protocol (format, protocol);
  set_size (format, medium);
  set_codecs (format, gan_format_get_url (format), is_gif);
  set_format_id (format, media);
  gan_media_append_formats (media, format);
  return TRUE;
}

static gboolean
read_video (GanRules *rules, JsonNode *medium, GanMedia *media, GError **error)
{
  g_autoptr (GPtrArray) list = gan_json_find_all (medium, "video_info.variants[*]");

  for (guint i = 0; i < MIN (list->len, MAX_VARIANTS); i++)
    {
      if (!read_variant (rules, medium, g_ptr_array_index (list, i), media, error))
        return FALSE;
    }
  if (gan_media_get_formats (media)->len == 0)
    {
      gan_twitter_refusal_set_changed (error, "video_info.variants");
      return FALSE;
    }
  gan_media_set_content_type (media, gan_kind_to_string (GAN_KIND_VIDEO));
  return TRUE;
}

/* --- Both --- */

static gboolean
is_photo (JsonNode *medium)
{
  return g_strcmp0 (gan_json_get_string (medium, "type"), "photo") == 0;
}

/**
 * gan_twitter_medium_is_available:
 * @medium: a medium
 *
 * Returns: whether X gives it to everybody
 */
gboolean
gan_twitter_medium_is_available (JsonNode *medium)
{
  const char *status = gan_json_get_string (medium, "ext_media_availability.status");

  return status == NULL || g_ascii_strcasecmp (status, "Unavailable") != 0;
}

/**
 * gan_twitter_medium_read:
 * @rules: the rules of the site
 * @medium: a medium
 * @media: where it goes: its formats, what kind it is, thumbnail, duration
 * @error: return location
 *
 * Returns: FALSE with %GAN_ERROR_SITE_CHANGED if what is needed is not there
 */
gboolean
gan_twitter_medium_read (GanRules *rules, JsonNode *medium, GanMedia *media, GError **error)
{
  if (!gan_field_map_apply (gan_rules_get_field_map (rules, "medium"),
                            medium,
                            GAN_RECORD (media),
                            error))
    return FALSE;
  return is_photo (medium) ? read_photo (medium, media, error)
                           : read_video (rules, medium, media, error);
}

/* The digits in "…/ext_tw_video_thumb/1799999999999999999/pu/img/name.jpg". */
static char *
dup_path_id (const char *url)
{
  g_auto (GStrv) parts = g_strsplit (url, "/", -1);

  for (guint i = 1; i < g_strv_length (parts); i++)
    {
      if (strstr (parts[i - 1], "_video") != NULL && *parts[i] != '\0'
          && parts[i][strspn (parts[i], "0123456789")] == '\0')
        return g_strdup (parts[i]);
    }
  return NULL;
}

/**
 * gan_twitter_medium_dup_id:
 * @medium: a medium
 *
 * Syndication leaves out the id: for a video it stands in the address of its picture, a photo goes
 * by the name of its file.
 *
 * Returns: (transfer full) (nullable): what X calls it
 */
char *
gan_twitter_medium_dup_id (JsonNode *medium)
{
  const char *id = gan_json_get_string (medium, "id_str");
  const char *text = gan_json_get_string (medium, "media_url_https");
  g_autoptr (GanUrl) url = NULL;
  g_autofree char *name = NULL;
  char *path_id = NULL;

  if (id != NULL)
    return g_strdup (id);
  if (text == NULL)
    return NULL;
  path_id = dup_path_id (text);
  url = path_id == NULL ? gan_url_parse (text, NULL) : NULL;
  if (url == NULL)
    return path_id;
  name = gan_url_dup_basename (url);
  return name != NULL ? g_strndup (name, strcspn (name, ".")) : NULL;
}

/**
 * gan_twitter_medium_get_word:
 * @medium: a medium
 *
 * Returns: (transfer none): how it is called in the address of a post: "photo" or "video"
 */
const char *
gan_twitter_medium_get_word (JsonNode *medium)
{
  return is_photo (medium) ? "photo" : "video";
}
