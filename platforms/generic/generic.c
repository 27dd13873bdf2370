/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any address that no site claims: a plain file, a manifest, or a page that says which media are
 * its own. */
#include "config.h"

#include "gan-platform-sdk.h"

/* What tells a file from a page when its Content-Type does not. */
#define PROBE_BYTES 4096

#define MAX_EXTENSION 10

#define FILE_FORMAT "file"

#define GAN_TYPE_GENERIC (gan_generic_get_type ())
G_DECLARE_FINAL_TYPE (GanGeneric, gan_generic, GAN, GENERIC, GanPlatform)

struct _GanGeneric
{
  GanPlatform parent_instance;
};

G_DEFINE_FINAL_TYPE (GanGeneric, gan_generic, GAN_TYPE_PLATFORM)

static gboolean
get_kind (GanMediaType type, GanKind *kind)
{
  switch (type)
    {
    case GAN_MEDIA_TYPE_VIDEO:
    case GAN_MEDIA_TYPE_HLS:
    case GAN_MEDIA_TYPE_DASH:
      *kind = GAN_KIND_VIDEO;
      return TRUE;
    case GAN_MEDIA_TYPE_AUDIO:
      *kind = GAN_KIND_AUDIO;
      return TRUE;
    case GAN_MEDIA_TYPE_IMAGE:
      *kind = GAN_KIND_IMAGE;
      return TRUE;
    case GAN_MEDIA_TYPE_UNKNOWN:
    case GAN_MEDIA_TYPE_HTML:
    case GAN_MEDIA_TYPE_OTHER:
    default:
      return FALSE;
    }
}

/* The text of a URL counts only where it looks like a media file or manifest. */
static GanMatch *
gan_generic_match (GanPlatform *platform, GanRules *rules, GanUrl *url)
{
  g_autoptr (GanMatch) match = NULL;
  g_autofree char *name = NULL;
  GanKind kind;

  if (!get_kind (gan_media_type_from_path (gan_url_get_path (url)), &kind))
    return NULL;
  name = gan_url_dup_basename (url);
  match = gan_match_new (gan_rules_get_id (rules), kind, name, url);
  gan_match_set_canonical (match, gan_url_get_string (url));
  return g_steal_pointer (&match);
}

static GBytes *
read_up_to (GanResponse *response, gsize limit, GCancellable *cancellable, GError **error)
{
  g_autoptr (GByteArray) data = g_byte_array_new ();
  guint8 buffer[PROBE_BYTES];
  gssize n = 0;

  while (data->len < limit
         && (n = gan_response_read (response,
                                    buffer,
                                    MIN (sizeof buffer, limit - data->len),
                                    cancellable,
                                    error))
                > 0)
    g_byte_array_append (data, buffer, (guint) n);
  return n < 0 ? NULL : g_byte_array_free_to_bytes (g_steal_pointer (&data));
}

/* The bytes outrank what the server says of them, and that outranks the name. */
static GanMediaType
classify (GanResponse *response, GBytes *head)
{
  gsize length = 0;
  const guint8 *data = g_bytes_get_data (head, &length);
  GanMediaType type = gan_media_type_from_bytes (data, length);

  if (type == GAN_MEDIA_TYPE_UNKNOWN)
    type = gan_media_type_from_content_type (gan_response_get_content_type (response));
  if (type == GAN_MEDIA_TYPE_UNKNOWN || type == GAN_MEDIA_TYPE_OTHER)
    type = gan_media_type_from_path (gan_url_get_path (gan_response_get_url (response)));
  return type;
}

/* The last segment of the address that a file was found at, else of the one that was given. */
static char *
dup_name (GanResponse *response, GanUrl *url)
{
  char *name = gan_url_dup_basename (gan_response_get_url (response));

  return name != NULL ? name : gan_url_dup_basename (url);
}

static gboolean
is_extension (const char *text)
{
  gsize length = 0;

  while (g_ascii_isalnum (text[length]))
    length++;
  return length > 0 && length <= MAX_EXTENSION && text[length] == '\0';
}

static char *
dup_extension (GanResponse *response, const char *name)
{
  const char *dot = name != NULL ? strrchr (name, '.') : NULL;

  if (dot != NULL && dot != name && is_extension (dot + 1))
    return g_strdup (dot + 1);
  return g_strdup (gan_media_type_get_extension (gan_response_get_content_type (response)));
}

static void
add_file (GanMedia *media, GanResponse *response, GanMediaType type, const char *name, GanUrl *url)
{
  gboolean manifest = type == GAN_MEDIA_TYPE_HLS || type == GAN_MEDIA_TYPE_DASH;
  const char *protocol = type == GAN_MEDIA_TYPE_HLS    ? GAN_PROTOCOL_HLS
                         : type == GAN_MEDIA_TYPE_DASH ? GAN_PROTOCOL_DASH
                                                       : GAN_PROTOCOL_HTTP;
  g_autofree char *extension = dup_extension (response, name);
  g_autoptr (GanFormat) format
      = gan_format_new (manifest ? protocol : FILE_FORMAT, gan_url_get_string (url));

  gan_format_set_protocol (format, protocol);
  gan_format_set_ext (format, manifest ? "mp4" : extension);
  if (!manifest)
    gan_format_set_filesize (format, gan_response_get_content_length (response));
  if (type == GAN_MEDIA_TYPE_AUDIO || type == GAN_MEDIA_TYPE_IMAGE)
    gan_format_set_vcodec (format, "none");
  if (type == GAN_MEDIA_TYPE_IMAGE)
    gan_format_set_acodec (format, "none");
  gan_media_append_formats (media, format);
}

static void
describe_file (GanMedia *media, GanResponse *response, GanMediaType type, GanUrl *url)
{
  g_autofree char *name = dup_name (response, url);
  GanKind kind;

  gan_media_set_title (media, name != NULL ? name : gan_url_get_host (url));
  if (get_kind (type, &kind))
    gan_media_set_content_type (media, gan_kind_to_string (kind));
  add_file (media, response, type, name, url);
}

/* Asked only when the page itself left something open. */
static void
ask_oembed (GanVisit *visit, GanHtml *page, GanUrl *page_url, GanMedia *media)
{
  g_autoptr (GanUrl) url = gan_page_media_dup_oembed_url (page, page_url);
  g_autoptr (GanRequest) request = NULL;
  g_autoptr (GanReply) reply = NULL;
  g_autoptr (JsonNode) answer = NULL;

  if (url == NULL)
    return;
  request = gan_visit_request_url (visit, "GET", url);
  reply = gan_visit_fetch (visit, request, NULL);
  if (reply != NULL && gan_reply_get_status (reply) == 200)
    answer = gan_reply_parse_json (reply, NULL);
  if (answer != NULL)
    gan_page_media_from_oembed (answer, page_url, media);
}

/* What is not known to lack pictures counts as video. */
static const char *
get_page_kind (GanMedia *media)
{
  GPtrArray *formats = gan_media_get_formats (media);
  GanKind kind = GAN_KIND_IMAGE;

  for (guint i = 0; i < formats->len; i++)
    {
      GanFormat *format = g_ptr_array_index (formats, i);

      if (g_strcmp0 (gan_format_get_vcodec (format), "none") != 0)
        return gan_kind_to_string (GAN_KIND_VIDEO);
      if (g_strcmp0 (gan_format_get_acodec (format), "none") != 0)
        kind = GAN_KIND_AUDIO;
    }
  return gan_kind_to_string (kind);
}

/* What says most comes first: what the page says of its media, then the media as they stand in it,
 * then what its site says of it. */
static void
read_page (GanVisit *visit, GanHtml *page, GanUrl *url, GanMedia *media)
{
  gan_page_media_from_json_ld (page, url, media);
  gan_page_media_from_open_graph (page, url, media);
  gan_page_media_from_elements (page, url, media);
  if (!gan_media_has_media (media))
    ask_oembed (visit, page, url, media);
}

static gboolean
describe_page (GanVisit *visit,
               GanMedia *media,
               GanResponse *response,
               GBytes *text,
               GError **error)
{
  g_autoptr (GanHtml) page
      = gan_html_parse_bytes (text, gan_response_get_content_type (response), NULL);

  if (page != NULL)
    read_page (visit, page, gan_response_get_url (response), media);
  if (g_cancellable_set_error_if_cancelled (gan_visit_get_cancellable (visit), error))
    return FALSE;
  if (!gan_media_has_media (media))
    {
      gan_error_set (error, GAN_ERROR_UNSUPPORTED_URL, "no-media", "the page names no media");
      return FALSE;
    }
  gan_media_set_content_type (media, get_page_kind (media));
  return TRUE;
}

/* Of a page that is too large its beginning: what it says of its media stands in its head. */
static GBytes *
read_rest (GanResponse *response, GBytes *head, GCancellable *cancellable, GError **error)
{
  g_autoptr (GByteArray) all = g_byte_array_new ();
  gsize limit = GAN_LIMIT_PAGE_BYTES - g_bytes_get_size (head);
  g_autoptr (GBytes) rest = read_up_to (response, limit, cancellable, error);

  if (rest == NULL)
    return NULL;
  g_byte_array_append (all, g_bytes_get_data (head, NULL), (guint) g_bytes_get_size (head));
  g_byte_array_append (all, g_bytes_get_data (rest, NULL), (guint) g_bytes_get_size (rest));
  return g_byte_array_free_to_bytes (g_steal_pointer (&all));
}

static gboolean
describe (GanVisit *visit, GanMedia *media, GanResponse *response, GanUrl *url, GError **error)
{
  GCancellable *cancellable = gan_visit_get_cancellable (visit);
  g_autoptr (GBytes) head = read_up_to (response, PROBE_BYTES, cancellable, error);
  g_autoptr (GBytes) text = NULL;
  GanMediaType type;

  if (head == NULL)
    return FALSE;
  type = classify (response, head);
  if (type != GAN_MEDIA_TYPE_HTML)
    {
      describe_file (media, response, type, url);
      return TRUE;
    }
  text = read_rest (response, head, cancellable, error);
  return text != NULL && describe_page (visit, media, response, text, error);
}

static GanMedia *
gan_generic_get_info (GanPlatform *platform, GanVisit *visit, GanMatch *match, GError **error)
{
  GanUrl *url = gan_match_get_url (match);
  g_autoptr (GanRequest) request = gan_visit_request_url (visit, "GET", url);
  g_autoptr (GanResponse) response = gan_visit_open (visit, request, error);
  g_autoptr (GanMedia) media = NULL;

  if (response == NULL || !gan_response_check_status (response, error))
    return NULL;
  media = gan_media_new ();
  gan_media_set_platform (media, gan_match_get_platform (match));
  gan_media_set_url (media, gan_url_get_string (url));
  return describe (visit, media, response, url, error) ? g_steal_pointer (&media) : NULL;
}

/* A plain file keeps the server's name; what a page names is called by its title. */
static GanPlan *
gan_generic_prepare (GanPlatform *platform,
                     GanVisit *visit,
                     GanMedia *media,
                     GanChoice *choice,
                     GError **error)
{
  g_autoptr (GanPlan) plan = gan_platform_prepare_formats (platform, visit, media, choice, error);
  g_autofree char *format_id = NULL;

  if (plan == NULL)
    return NULL;
  format_id = gan_plan_dup_format_id (plan);
  gan_plan_set_plain_file (plan, g_str_equal (format_id, FILE_FORMAT));
  return g_steal_pointer (&plan);
}

static void
gan_generic_class_init (GanGenericClass *klass)
{
  GanPlatformClass *platform_class = GAN_PLATFORM_CLASS (klass);

  platform_class->match = gan_generic_match;
  platform_class->get_info = gan_generic_get_info;
  platform_class->prepare = gan_generic_prepare;
}

static void
gan_generic_init (GanGeneric *self)
{
}
