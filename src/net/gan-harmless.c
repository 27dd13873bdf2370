/* SPDX-License-Identifier: GPL-3.0-or-later */
/* No list lets through what gan_redact_is_secret_key() or gan_redact_is_secret_header() calls a
 * secret. */
#include "config.h"

#include "gan-harmless.h"

#include "gan-redact.h"

#include <string.h>

#define MAX_PLAIN_CODE 999

static const struct
{
  const char *name;
  GanHarmlessKind kind;
} harmless_headers[] = {
  { "Accept", GAN_HARMLESS_TEXT },
  { "Accept-Encoding", GAN_HARMLESS_TEXT },
  { "Accept-Language", GAN_HARMLESS_TEXT },
  { "Accept-Ranges", GAN_HARMLESS_TEXT },
  { "Age", GAN_HARMLESS_TEXT },
  { "Allow", GAN_HARMLESS_TEXT },
  { "Cache-Control", GAN_HARMLESS_TEXT },
  { "Connection", GAN_HARMLESS_TEXT },
  { "Content-Disposition", GAN_HARMLESS_TEXT },
  { "Content-Encoding", GAN_HARMLESS_TEXT },
  { "Content-Language", GAN_HARMLESS_TEXT },
  { "Content-Length", GAN_HARMLESS_TEXT },
  { "Content-Location", GAN_HARMLESS_URL },
  { "Content-Range", GAN_HARMLESS_TEXT },
  { "Content-Type", GAN_HARMLESS_TEXT },
  { "Date", GAN_HARMLESS_TEXT },
  { "ETag", GAN_HARMLESS_TEXT },
  { "Expires", GAN_HARMLESS_TEXT },
  { "If-Modified-Since", GAN_HARMLESS_TEXT },
  { "If-None-Match", GAN_HARMLESS_TEXT },
  { "If-Range", GAN_HARMLESS_TEXT },
  { "Last-Modified", GAN_HARMLESS_TEXT },
  { "Location", GAN_HARMLESS_URL },
  { "Origin", GAN_HARMLESS_URL },
  { "Pragma", GAN_HARMLESS_TEXT },
  { "Range", GAN_HARMLESS_TEXT },
  { "Referer", GAN_HARMLESS_URL },
  { "Retry-After", GAN_HARMLESS_TEXT },
  { "Server", GAN_HARMLESS_TEXT },
  { "Transfer-Encoding", GAN_HARMLESS_TEXT },
  { "User-Agent", GAN_HARMLESS_TEXT },
  { "Vary", GAN_HARMLESS_TEXT },
  { "X-Rate-Limit-Limit", GAN_HARMLESS_TEXT },
  { "X-Rate-Limit-Remaining", GAN_HARMLESS_TEXT },
  { "X-Rate-Limit-Reset", GAN_HARMLESS_TEXT },
  { "X-Requested-With", GAN_HARMLESS_TEXT },
};

/* Their very names have no place in a recording. */
static const char *const unspeakable_headers[]
    = { "Authorization", "Cookie", "Cookie2", "Set-Cookie", "Set-Cookie2" };

static const char *const harmless_query_keys[] = {
  "after", "before", "count", "embed",  "format", "height", "id", "ids",   "index",
  "lang",  "limit",  "list",  "offset", "p",      "page",   "q",  "query", "single",
  "size",  "sort",   "start", "t",      "tag",    "type",   "v",  "width",
};

static const char *const harmless_json_fields[] = {
  "@context",
  "@graph",
  "@id",
  "@type",
  "__typename",
  "alt_text",
  "aspect_ratio",
  "author",
  "author_name",
  "author_url",
  "bitrate",
  "caption",
  "code",
  "codecs",
  "contentSize",
  "contentUrl",
  "content_type",
  "count",
  "created_at",
  "dateCreated",
  "datePublished",
  "description",
  "duration",
  "duration_millis",
  "embedUrl",
  "encodingFormat",
  "error",
  "errors",
  "ext",
  "extension",
  "filesize",
  "format",
  "fps",
  "full_text",
  "genre",
  "headline",
  "height",
  "html",
  "id",
  "id_str",
  "interactionType",
  "kind",
  "lang",
  "language",
  "length",
  "message",
  "mime_type",
  "mimeType",
  "mimetype",
  "name",
  "page",
  "protocol",
  "provider_name",
  "provider_url",
  "quality",
  "reason",
  "resolution",
  "size",
  "src",
  "status",
  "tags",
  "text",
  "thumbnail",
  "thumbnailUrl",
  "thumbnail_height",
  "thumbnail_url",
  "thumbnail_width",
  "title",
  "total",
  "type",
  "uploadDate",
  "uploader",
  "url",
  "userInteractionCount",
  "version",
  "views",
  "width",
};

/* Lists of one site. */
typedef struct
{
  GHashTable *query_keys;
  GHashTable *json_fields;
} Lists;

struct _GanHarmless
{
  GHashTable *common_keys;
  GHashTable *common_fields;
  GHashTable *sites; /* site -> Lists */
};

static void
lists_free (gpointer data)
{
  Lists *self = data;

  g_hash_table_unref (self->query_keys);
  g_hash_table_unref (self->json_fields);
  g_free (self);
}

static GHashTable *
new_set (const char *const *names, gsize n)
{
  GHashTable *set = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (gsize i = 0; i < n; i++)
    g_hash_table_add (set, g_strdup (names[i]));
  return set;
}

/**
 * gan_harmless_new:
 *
 * Returns: (transfer full): the lists that hold for every site
 */
GanHarmless *
gan_harmless_new (void)
{
  GanHarmless *self = g_new0 (GanHarmless, 1);

  self->common_keys = new_set (harmless_query_keys, G_N_ELEMENTS (harmless_query_keys));
  self->common_fields = new_set (harmless_json_fields, G_N_ELEMENTS (harmless_json_fields));
  self->sites = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, lists_free);
  return self;
}

/**
 * gan_harmless_free:
 * @self: (transfer full): lists
 */
void
gan_harmless_free (GanHarmless *self)
{
  g_hash_table_unref (self->common_keys);
  g_hash_table_unref (self->common_fields);
  g_hash_table_unref (self->sites);
  g_free (self);
}

/**
 * gan_harmless_allow:
 * @self: lists
 * @site: whose requests it is about, "" for those of no site
 * @query_keys: (nullable): more keys of queries and forms, NULL-terminated
 * @json_fields: (nullable): more names of JSON, NULL-terminated; of a path such as "a.b[0].c" the
 *   last name counts
 */
void
gan_harmless_allow (GanHarmless *self,
                    const char *site,
                    const char *const *query_keys,
                    const char *const *json_fields)
{
  Lists *lists = g_hash_table_lookup (self->sites, site);

  if (lists == NULL)
    {
      lists = g_new0 (Lists, 1);
      lists->query_keys = new_set (NULL, 0);
      lists->json_fields = new_set (NULL, 0);
      g_hash_table_insert (self->sites, g_strdup (site), lists);
    }
  for (gsize i = 0; query_keys != NULL && query_keys[i] != NULL; i++)
    g_hash_table_add (lists->query_keys, g_strdup (query_keys[i]));
  for (gsize i = 0; json_fields != NULL && json_fields[i] != NULL; i++)
    {
      const char *dot = strrchr (json_fields[i], '.');
      const char *name = dot != NULL ? dot + 1 : json_fields[i];

      g_hash_table_add (lists->json_fields, g_strndup (name, strcspn (name, "[")));
    }
}

/**
 * gan_harmless_get_header:
 * @name: name of a header, in any case
 *
 * Returns: what may stay of it
 */
GanHarmlessKind
gan_harmless_get_header (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (unspeakable_headers); i++)
    if (g_ascii_strcasecmp (name, unspeakable_headers[i]) == 0)
      return GAN_HARMLESS_NOTHING;
  if (g_ascii_strncasecmp (name, "Proxy-", 6) == 0)
    return GAN_HARMLESS_NOTHING;
  for (gsize i = 0; i < G_N_ELEMENTS (harmless_headers); i++)
    if (g_ascii_strcasecmp (name, harmless_headers[i].name) == 0)
      return harmless_headers[i].kind;
  return GAN_HARMLESS_NAME;
}

/**
 * gan_harmless_has_key:
 * @self: lists
 * @site: the site that asked, "" for none
 * @key: a decoded key of a query or a form
 *
 * Returns: whether its value may stay
 */
gboolean
gan_harmless_has_key (GanHarmless *self, const char *site, const char *key)
{
  const Lists *lists = g_hash_table_lookup (self->sites, site);

  if (gan_redact_is_secret_key (key))
    return FALSE;
  return g_hash_table_contains (self->common_keys, key)
         || (lists != NULL && g_hash_table_contains (lists->query_keys, key));
}

/* An error code of an API, which looks like a code that was sent to a telephone but is shorter. */
static gboolean
is_plain_code (const char *name, JsonNode *value)
{
  return g_str_equal (name, "code") && json_node_get_value_type (value) == G_TYPE_INT64
         && json_node_get_int (value) >= -MAX_PLAIN_CODE
         && json_node_get_int (value) <= MAX_PLAIN_CODE;
}

/**
 * gan_harmless_has_field:
 * @self: lists
 * @site: the site that asked, "" for none
 * @name: name of a JSON field
 * @value: its value, or an element of it
 *
 * Returns: whether @value may stay
 */
gboolean
gan_harmless_has_field (GanHarmless *self, const char *site, const char *name, JsonNode *value)
{
  const Lists *lists = g_hash_table_lookup (self->sites, site);

  if (gan_redact_is_secret_key (name) && !is_plain_code (name, value))
    return FALSE;
  return g_hash_table_contains (self->common_fields, name)
         || (lists != NULL && g_hash_table_contains (lists->json_fields, name));
}
