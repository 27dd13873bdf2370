/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-page-media.h"

#include "gan-json.h"
#include "gan-limits.h"
#include "gan-media-type.h"
#include "gan-text.h"

#include <string.h>

/* How deep a VideoObject may be buried in JSON-LD before it is not the page's own. */
#define JSON_LD_DEPTH 6

/* What a page says of one address of its media. */
typedef struct
{
  const char *address;
  const char *type; /* content type, or NULL */
  gint64 width;
  gint64 height;
  gint64 bitrate;
  gint64 size;
  gboolean image; /* whether an image is what is looked for */
} Source;

static gboolean
has_format_of (GanMedia *media, const char *url)
{
  GPtrArray *formats = gan_media_get_formats (media);

  for (guint i = 0; i < formats->len; i++)
    {
      if (g_strcmp0 (gan_format_get_url (g_ptr_array_index (formats, i)), url) == 0)
        return TRUE;
    }
  return FALSE;
}

static gboolean
has_format_id (GanMedia *media, const char *format_id)
{
  GPtrArray *formats = gan_media_get_formats (media);

  for (guint i = 0; i < formats->len; i++)
    {
      if (g_strcmp0 (gan_format_get_format_id (g_ptr_array_index (formats, i)), format_id) == 0)
        return TRUE;
    }
  return FALSE;
}

/* "mp4-720p", "hls", "webm": readable, stable between two visits, and unlike any other of this
 * medium. */
static char *
make_format_id (GanMedia *media, const char *container, gint64 height)
{
  g_autofree char *plain = height > 0
                               ? g_strdup_printf ("%s-%" G_GINT64_FORMAT "p", container, height)
                               : g_strdup (container);

  if (!has_format_id (media, plain))
    return g_steal_pointer (&plain);
  for (guint i = 2;; i++)
    {
      g_autofree char *numbered = g_strdup_printf ("%s-%u", plain, i);

      if (!has_format_id (media, numbered))
        return g_steal_pointer (&numbered);
    }
}

static GanMediaType
type_of (const Source *source, GanUrl *url)
{
  GanMediaType type = gan_media_type_from_content_type (source->type);

  if (type == GAN_MEDIA_TYPE_UNKNOWN || type == GAN_MEDIA_TYPE_OTHER)
    type = gan_media_type_from_path (gan_url_get_path (url));
  return type == GAN_MEDIA_TYPE_UNKNOWN && source->image ? GAN_MEDIA_TYPE_IMAGE : type;
}

static const char *
extension_of (const Source *source, GanUrl *url)
{
  const char *path = gan_url_get_path (url);
  const char *dot = strrchr (path, '.');

  if (source->type != NULL && gan_media_type_get_extension (source->type) != NULL)
    return gan_media_type_get_extension (source->type);
  return gan_media_type_from_path (path) != GAN_MEDIA_TYPE_UNKNOWN && dot != NULL ? dot + 1 : NULL;
}

static void
describe_format (GanFormat *format, GanMediaType type, const char *extension)
{
  gan_format_set_protocol (format,
                           type == GAN_MEDIA_TYPE_HLS    ? GAN_PROTOCOL_HLS
                           : type == GAN_MEDIA_TYPE_DASH ? GAN_PROTOCOL_DASH
                                                         : GAN_PROTOCOL_HTTP);
  if (type == GAN_MEDIA_TYPE_HLS || type == GAN_MEDIA_TYPE_DASH)
    gan_format_set_ext (format, "mp4");
  else if (extension != NULL)
    gan_format_set_ext (format, extension);
  if (type == GAN_MEDIA_TYPE_AUDIO || type == GAN_MEDIA_TYPE_IMAGE)
    gan_format_set_vcodec (format, "none");
  if (type == GAN_MEDIA_TYPE_IMAGE)
    gan_format_set_acodec (format, "none");
}

/* Adds a format unless the address is none of media: a player's page, an image, another scheme, one
 * seen before. */
static gboolean
add_source (GanMedia *media, GanUrl *page_url, const Source *source)
{
  g_autoptr (GanUrl) url = NULL;
  g_autoptr (GanFormat) format = NULL;
  g_autofree char *format_id = NULL;
  const char *extension = NULL;
  const char *container = NULL;
  GanMediaType type;

  if (source->address == NULL)
    return FALSE;
  url = gan_url_resolve (page_url, source->address, NULL);
  if (url == NULL || has_format_of (media, gan_url_get_string (url)))
    return FALSE;
  type = type_of (source, url);
  if (type == GAN_MEDIA_TYPE_HTML || (type == GAN_MEDIA_TYPE_IMAGE && !source->image))
    return FALSE;

  extension = extension_of (source, url);
  container = type == GAN_MEDIA_TYPE_HLS    ? "hls"
              : type == GAN_MEDIA_TYPE_DASH ? "dash"
              : extension != NULL           ? extension
              : source->image               ? "image"
                                            : "media";
  format_id = make_format_id (media, container, source->height);
  format = gan_format_new (format_id, gan_url_get_string (url));
  describe_format (format, type, extension);
  gan_format_set_size (format, source->width, source->height);
  gan_format_set_bitrate (format, source->bitrate);
  gan_format_set_filesize (format, source->size);
  gan_media_append_formats (media, format);
  return TRUE;
}

static const char *
non_empty (const char *text)
{
  return text != NULL && *text != '\0' ? text : NULL;
}

static void
offer_title (GanMedia *media, const char *title)
{
  g_autofree char *line = NULL;

  if (gan_media_get_title (media) != NULL || non_empty (title) == NULL)
    return;
  line = gan_text_first_line (title, GAN_LIMIT_TITLE_CHARS);
  gan_media_set_title (media, line);
}

static void
offer_description (GanMedia *media, const char *text)
{
  if (gan_media_get_description (media) == NULL && non_empty (text) != NULL)
    gan_media_set_description (media, text);
}

static void
offer_creator (GanMedia *media, const char *name)
{
  if (gan_media_get_creator (media) == NULL && non_empty (name) != NULL)
    gan_media_set_creator (media, name);
}

static void
offer_thumbnail (GanMedia *media, GanUrl *page_url, const char *address)
{
  g_autoptr (GanUrl) url = NULL;

  if (gan_media_get_thumbnail_url (media) != NULL || non_empty (address) == NULL)
    return;
  url = gan_url_resolve (page_url, address, NULL);
  if (url != NULL)
    gan_media_set_thumbnail_url (media, gan_url_get_string (url));
}

static void
offer_published (GanMedia *media, const char *date)
{
  if (gan_media_get_published_at (media) == GAN_UNKNOWN_TIME && non_empty (date) != NULL)
    gan_media_set_published_at (media, gan_text_to_time (date));
}

static void
offer_duration (GanMedia *media, double seconds)
{
  if (gan_media_get_duration (media) < 0 && seconds > 0)
    gan_media_set_duration (media, seconds);
}

/* A property that may be a text, a list of them, or an object with a name or a url. */
static const char *
any_string (JsonNode *object, const char *name, const char *member)
{
  char *paths[] = {
    g_strdup (name),
    g_strconcat (name, "[0]", NULL),
    g_strconcat (name, ".", member, NULL),
    g_strconcat (name, "[0].", member, NULL),
  };
  const char *value = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (paths) && value == NULL; i++)
    value = non_empty (gan_json_get_string (object, paths[i]));
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    g_free (paths[i]);
  return value;
}

static gboolean
is_of_type (JsonNode *object, const char *type)
{
  g_autoptr (GPtrArray) types = NULL;
  const char *single = gan_json_get_string (object, "@type");

  if (single != NULL)
    return strcmp (single, type) == 0;
  types = gan_json_find_all (object, "@type[*]");
  for (guint i = 0; i < types->len; i++)
    {
      if (g_strcmp0 (gan_json_get_string (g_ptr_array_index (types, i), NULL), type) == 0)
        return TRUE;
    }
  return FALSE;
}

/* schema.org/interactionStatistic: one counter, or a list of them, each with the action it counts.
 */
static void
read_view_count (JsonNode *object, GanMedia *media)
{
  g_autoptr (GPtrArray) counters = gan_json_find_all (object, "interactionStatistic[*]");
  JsonNode *single = gan_json_find (object, "interactionStatistic");

  if (counters->len == 0 && single != NULL)
    g_ptr_array_add (counters, single);
  for (guint i = 0; i < counters->len && gan_media_get_view_count (media) < 0; i++)
    {
      JsonNode *counter = g_ptr_array_index (counters, i);
      const char *action = any_string (counter, "interactionType", "@type");

      if (action == NULL || strstr (action, "WatchAction") != NULL)
        gan_media_set_view_count (media, gan_json_get_int (counter, "userInteractionCount"));
    }
}

/* https://schema.org/VideoObject and AudioObject. */
static gboolean
read_media_object (JsonNode *object, GanUrl *page_url, GanMedia *media)
{
  Source source = {
    .address = gan_json_get_string (object, "contentUrl"),
    .type = gan_json_get_string (object, "encodingFormat"),
    .width = gan_json_get_int (object, "width"),
    .height = gan_json_get_int (object, "height"),
    .bitrate = GAN_UNKNOWN,
    .size = GAN_UNKNOWN,
  };

  offer_title (media, gan_json_get_string (object, "name"));
  offer_description (media, gan_json_get_string (object, "description"));
  offer_thumbnail (media, page_url, any_string (object, "thumbnailUrl", "url"));
  offer_thumbnail (media, page_url, any_string (object, "thumbnail", "contentUrl"));
  offer_creator (media, any_string (object, "author", "name"));
  offer_creator (media, any_string (object, "creator", "name"));
  offer_published (media, gan_json_get_string (object, "uploadDate"));
  offer_published (media, gan_json_get_string (object, "datePublished"));
  if (gan_json_get_string (object, "duration") != NULL)
    offer_duration (media, gan_text_to_duration (gan_json_get_string (object, "duration")));
  read_view_count (object, media);
  return add_source (media, page_url, &source);
}

/* Looks for the page's own media object: at the top, in a list or graph, or as a property of the
 * page's thing. */
static gboolean
walk_json_ld (JsonNode *node, guint depth, GanUrl *page_url, GanMedia *media)
{
  static const char *const nests[]
      = { "@graph",          "video",    "audio",           "mainEntity",
          "associatedMedia", "encoding", "mainEntityOfPage" };
  gboolean found = FALSE;

  if (node == NULL || depth == 0)
    return FALSE;
  if (JSON_NODE_HOLDS_ARRAY (node))
    {
      g_autoptr (GPtrArray) elements = gan_json_find_all (node, "[*]");

      for (guint i = 0; i < elements->len && i < GAN_LIMIT_LIST_ENTRIES; i++)
        found |= walk_json_ld (g_ptr_array_index (elements, i), depth - 1, page_url, media);
      return found;
    }
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return FALSE;
  if (is_of_type (node, "VideoObject") || is_of_type (node, "AudioObject"))
    found = read_media_object (node, page_url, media);
  for (guint i = 0; i < G_N_ELEMENTS (nests); i++)
    found |= walk_json_ld (gan_json_find (node, nests[i]), depth - 1, page_url, media);
  return found;
}

/**
 * gan_page_media_from_json_ld:
 * @page: a web page
 * @page_url: its final address, against which references are read
 * @media: (inout): gets what it does not know yet
 *
 * Reads every `<script type="application/ld+json">`; one that is no JSON is passed over.
 *
 * Returns: whether a format was added
 */
gboolean
gan_page_media_from_json_ld (GanHtml *page, GanUrl *page_url, GanMedia *media)
{
  g_autoptr (GPtrArray) scripts
      = gan_html_find_all (page, NULL, "script[type=\"application/ld+json\"]");
  gboolean found = FALSE;

  for (guint i = 0; i < scripts->len; i++)
    {
      g_autofree char *text = gan_html_dup_script (g_ptr_array_index (scripts, i));
      g_autoptr (JsonNode) root
          = text != NULL
                ? gan_json_parse (text, -1, GAN_LIMIT_JSON_BYTES, GAN_LIMIT_JSON_DEPTH, NULL)
                : NULL;

      found |= walk_json_ld (root, JSON_LD_DEPTH, page_url, media);
    }
  return found;
}

static gint64
meta_int (GanHtml *page, const char *name)
{
  g_autofree char *text = gan_html_dup_meta (page, name);

  return text != NULL ? gan_text_to_int (text) : GAN_UNKNOWN;
}

/* One of og:video, og:audio or twitter:player:stream with what stands beside it. */
static gboolean
add_meta_source (GanHtml *page, GanUrl *page_url, GanMedia *media, const char *property)
{
  static const char *const forms[] = { ":secure_url", ":url", "" };
  g_autofree char *type_name = g_strconcat (property, ":type", NULL);
  g_autofree char *content_type_name = g_strconcat (property, ":content_type", NULL);
  g_autofree char *width_name = g_strconcat (property, ":width", NULL);
  g_autofree char *height_name = g_strconcat (property, ":height", NULL);
  g_autofree char *type = gan_html_dup_meta (page, type_name);
  gboolean found = FALSE;

  if (type == NULL)
    type = gan_html_dup_meta (page, content_type_name);
  for (guint i = 0; i < G_N_ELEMENTS (forms) && !found; i++)
    {
      g_autofree char *name = g_strconcat (property, forms[i], NULL);
      g_autofree char *address = gan_html_dup_meta (page, name);
      Source source = {
        .address = address,
        .type = type,
        .width = meta_int (page, width_name),
        .height = meta_int (page, height_name),
        .bitrate = GAN_UNKNOWN,
        .size = GAN_UNKNOWN,
      };

      found = add_source (media, page_url, &source);
    }
  return found;
}

/**
 * gan_page_media_from_open_graph:
 * @page: a web page
 * @page_url: its final address
 * @media: (inout): gets what it does not know yet
 *
 * Reads the Open Graph protocol (https://ogp.me), Twitter cards and the plain metas and title
 * beside them.
 *
 * Returns: whether a format was added
 */
gboolean
gan_page_media_from_open_graph (GanHtml *page, GanUrl *page_url, GanMedia *media)
{
  static const char *const sources[] = { "og:video", "og:audio", "twitter:player:stream" };
  static const struct
  {
    const char *name;
    void (*offer) (GanMedia *media, const char *value);
  } texts[] = {
    { "og:title", offer_title },
    { "twitter:title", offer_title },
    { "og:description", offer_description },
    { "description", offer_description },
    { "author", offer_creator },
    { "video:release_date", offer_published },
    { "article:published_time", offer_published },
  };
  static const char *const images[] = { "og:image:secure_url", "og:image", "twitter:image" };
  g_autofree char *title = gan_html_dup_text (gan_html_find (page, NULL, "head title"));
  gboolean found = FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *value = gan_html_dup_meta (page, texts[i].name);

      texts[i].offer (media, value);
    }
  offer_title (media, title);
  for (guint i = 0; i < G_N_ELEMENTS (images); i++)
    {
      g_autofree char *value = gan_html_dup_meta (page, images[i]);

      offer_thumbnail (media, page_url, value);
    }
  offer_duration (media, (double) meta_int (page, "video:duration"));
  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    found |= add_meta_source (page, page_url, media, sources[i]);
  return found;
}

static gint64
attribute_int (GanHtmlNode *node, const char *name)
{
  g_autofree char *text = gan_html_dup_attribute (node, name);

  return text != NULL ? gan_text_to_int (text) : GAN_UNKNOWN;
}

static gboolean
add_element_source (GanHtmlNode *node, GanUrl *page_url, GanMedia *media)
{
  g_autofree char *address = gan_html_dup_attribute (node, "src");
  g_autofree char *type = gan_html_dup_attribute (node, "type");
  gint64 height = attribute_int (node, "size");
  Source source = {
    .address = address,
    .type = type,
    .width = GAN_UNKNOWN,
    .height = height > 0 ? height : attribute_int (node, "res"),
    .bitrate = GAN_UNKNOWN,
    .size = GAN_UNKNOWN,
  };

  return add_source (media, page_url, &source);
}

/* The element's own address and those of its sources. */
static GPtrArray *
collect_sources (GanHtml *page, GanHtmlNode *element)
{
  GPtrArray *nodes = gan_html_find_all (page, element, "source[src]");
  g_autofree char *own = gan_html_dup_attribute (element, "src");

  if (own != NULL)
    g_ptr_array_insert (nodes, 0, element);
  return nodes;
}

static gboolean
offers_known (GPtrArray *nodes, GanUrl *base, GanMedia *media)
{
  for (guint i = 0; i < nodes->len; i++)
    {
      g_autofree char *address = gan_html_dup_attribute (g_ptr_array_index (nodes, i), "src");
      g_autoptr (GanUrl) url = gan_url_resolve (base, address, NULL);

      if (url != NULL && has_format_of (media, gan_url_get_string (url)))
        return TRUE;
    }
  return FALSE;
}

/**
 * gan_page_media_from_elements:
 * @page: a web page
 * @page_url: its final address
 * @media: (inout): gets what it does not know yet
 *
 * Reads `<video>` and `<audio>` with their `<source>`s. The first element that has any is the
 * page's own where nothing else told of media; else only one that offers an address already known
 * is, and its others are more qualities of it.
 *
 * Returns: whether a format was added
 */
gboolean
gan_page_media_from_elements (GanHtml *page, GanUrl *page_url, GanMedia *media)
{
  g_autofree char *base_text = gan_html_dup_base_url (page);
  g_autoptr (GanUrl) base = base_text != NULL ? gan_url_resolve (page_url, base_text, NULL) : NULL;
  g_autoptr (GPtrArray) elements = gan_html_find_all (page, NULL, "video, audio");
  gboolean found = FALSE;

  if (base == NULL)
    base = gan_url_ref (page_url);
  for (guint i = 0; i < elements->len; i++)
    {
      GanHtmlNode *element = g_ptr_array_index (elements, i);
      g_autofree char *poster = gan_html_dup_attribute (element, "poster");
      g_autoptr (GPtrArray) nodes = collect_sources (page, element);

      if (gan_media_has_media (media) && !offers_known (nodes, base, media))
        continue;
      for (guint k = 0; k < nodes->len; k++)
        found |= add_element_source (g_ptr_array_index (nodes, k), base, media);
      if (gan_media_has_media (media))
        offer_thumbnail (media, base, poster);
    }
  return found;
}

/**
 * gan_page_media_dup_oembed_url:
 * @page: a web page
 * @page_url: its final address
 *
 * Returns: (transfer full) (nullable): where the page's JSON oEmbed answer is (https://oembed.com
 * §4)
 */
GanUrl *
gan_page_media_dup_oembed_url (GanHtml *page, GanUrl *page_url)
{
  g_autofree char *address = gan_html_dup_attribute (
      gan_html_find (page, NULL, "link[type=\"application/json+oembed\"][href]"),
      "href");

  return address != NULL ? gan_url_resolve (page_url, address, NULL) : NULL;
}

/**
 * gan_page_media_from_oembed:
 * @oembed: an oEmbed answer
 * @page_url: the address of the page it is about
 * @media: (inout): gets what it does not know yet
 *
 * Only the type "photo" has the address of the thing itself; the "html" of a video is a player's
 * page, which is no file.
 *
 * Returns: whether a format was added
 */
gboolean
gan_page_media_from_oembed (JsonNode *oembed, GanUrl *page_url, GanMedia *media)
{
  const char *type = gan_json_get_string (oembed, "type");
  Source photo = {
    .address = gan_json_get_string (oembed, "url"),
    .width = gan_json_get_int (oembed, "width"),
    .height = gan_json_get_int (oembed, "height"),
    .bitrate = GAN_UNKNOWN,
    .size = GAN_UNKNOWN,
    .image = TRUE,
  };

  offer_title (media, gan_json_get_string (oembed, "title"));
  offer_creator (media, gan_json_get_string (oembed, "author_name"));
  offer_thumbnail (media, page_url, gan_json_get_string (oembed, "thumbnail_url"));
  offer_duration (media, gan_json_get_double (oembed, "duration"));
  return g_strcmp0 (type, "photo") == 0 && add_source (media, page_url, &photo);
}
