/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The part of a rules file that says what is asked, where, and as whom: origins, endpoints,
 * clients, headers. */
#include "config.h"

#include "gan-rules-private.h"
#include "gan-rules-read.h"

#include <string.h>

/* An entry of "clients" while it is read. */
typedef struct
{
  GanRules *rules;
  GanClient *client;
} Entry;

/**
 * gan_rules_origins_cover:
 * @origins: (nullable): origins of a site, such as `https://api.example.org`
 * @url: an https URL, or a pattern of one
 *
 * Returns: whether the origin of @url is among them
 */
gboolean
gan_rules_origins_cover (const char *const *origins, const char *url)
{
  const gsize scheme = strlen ("https://");
  g_autofree char *host = NULL;

  if (origins == NULL || !g_str_has_prefix (url, "https://"))
    return FALSE;
  host = g_ascii_strdown (url + scheme, strcspn (url + scheme, "/?#"));
  if (strpbrk (host, "@\\:") != NULL)
    return FALSE;
  for (guint i = 0; origins[i] != NULL; i++)
    {
      const char *origin = origins[i] + scheme;

      if (g_str_equal (origin, host))
        return TRUE;
      if (*origin == '*' && strlen (host) >= strlen (origin) && g_str_has_suffix (host, origin + 1))
        return TRUE;
    }
  return FALSE;
}

gboolean
gan_rules_read_origins (gpointer rules, JsonNode *node, const char *key, GError **error)
{
  GanRules *self = rules;

  self->origins = gan_rules_read_strings (node, key, error);
  for (guint i = 0; self->origins != NULL && self->origins[i] != NULL; i++)
    {
      const char *origin = self->origins[i];

      if (!g_str_has_prefix (origin, "https://")
          || !gan_rules_is_host_pattern (origin + strlen ("https://")))
        return gan_rules_fail (error, key, "'%s' is not https:// and a host in lower case", origin);
    }
  return self->origins != NULL;
}

static gboolean
check_endpoint (GanRules *self, const char *pattern, const char *key, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_auto (GStrv) names = gan_template_dup_names (pattern, &local);

  if (names == NULL)
    return gan_rules_fail (error, key, "%s", local->message);
  if (!g_str_has_prefix (pattern, "https://"))
    return gan_rules_fail (error, key, "must be https");
  if (!gan_rules_origins_cover (gan_rules_get_origins (self), pattern))
    return gan_rules_fail (error, key, "is not within origins");
  return TRUE;
}

gboolean
gan_rules_read_endpoints (gpointer rules, JsonNode *node, const char *key, GError **error)
{
  GanRules *self = rules;
  GHashTableIter iter;
  gpointer name;
  gpointer pattern;

  if (!gan_rules_read_string_map (node, self->endpoints, key, error))
    return FALSE;
  g_hash_table_iter_init (&iter, self->endpoints);
  while (g_hash_table_iter_next (&iter, &name, &pattern))
    {
      g_autofree char *place = g_strconcat (key, ".", name, NULL);

      if (!check_endpoint (self, pattern, place, error))
        return FALSE;
    }
  return TRUE;
}

/* Bytes that may stand in a header's value: no end of line, no control character but the tab. */
static gboolean
is_header_value (const char *text)
{
  for (; *text != '\0'; text++)
    {
      if (g_ascii_iscntrl (*text) && *text != '\t')
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_client_name (gpointer target, JsonNode *node, const char *key, GError **error)
{
  Entry *entry = target;
  const char *name = gan_rules_read_string (node, key, error);

  for (guint i = 0; name != NULL && i < entry->rules->clients->len; i++)
    {
      const GanClient *other = g_ptr_array_index (entry->rules->clients, i);

      if (g_strcmp0 (other->name, name) == 0)
        return gan_rules_fail (error, key, "two clients have one name");
    }
  entry->client->name = g_strdup (name);
  return name != NULL;
}

static gboolean
read_client_version (gpointer target, JsonNode *node, const char *key, GError **error)
{
  GanClient *client = ((Entry *) target)->client;

  client->version = g_strdup (gan_rules_read_string (node, key, error));
  return client->version != NULL;
}

static gboolean
read_client_crawler (gpointer target, JsonNode *node, const char *key, GError **error)
{
  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_BOOLEAN)
    return gan_rules_fail (error, key, "must be true or false");
  ((Entry *) target)->client->crawler = json_node_get_boolean (node);
  return TRUE;
}

/* Comes after "crawler" in the table: who goes by a crawler's name has to say so. */
static gboolean
read_client_user_agent (gpointer target, JsonNode *node, const char *key, GError **error)
{
  static const char *const marks[] = { "bot", "crawler", "spider", "externalhit" };
  GanClient *client = ((Entry *) target)->client;
  const char *text = gan_rules_read_string (node, key, error);
  g_autofree char *lower = text == NULL ? NULL : g_ascii_strdown (text, -1);

  if (text == NULL)
    return FALSE;
  if (!is_header_value (text))
    return gan_rules_fail (error, key, "holds control characters");
  for (guint i = 0; i < G_N_ELEMENTS (marks) && !client->crawler; i++)
    {
      if (strstr (lower, marks[i]) != NULL)
        return gan_rules_fail (error, key, "is that of a crawler, but not marked as one");
    }
  client->user_agent = g_strdup (text);
  return TRUE;
}

gboolean
gan_rules_read_clients (gpointer rules, JsonNode *node, const char *key, GError **error)
{
  static const GanRulesMember members[] = {
    { "name", TRUE, read_client_name },
    { "version", FALSE, read_client_version },
    { "crawler", FALSE, read_client_crawler },
    { "user_agent", TRUE, read_client_user_agent },
  };
  GanRules *self = rules;
  JsonArray *array = gan_rules_read_array (node, key, error);

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      g_autofree char *place = g_strdup_printf ("%s[%u]", key, i);
      Entry entry = { self, g_new0 (GanClient, 1) };

      g_ptr_array_add (self->clients, entry.client);
      if (!gan_rules_read_members (&entry,
                                   json_array_get_element (array, i),
                                   members,
                                   G_N_ELEMENTS (members),
                                   place,
                                   error))
        return FALSE;
    }
  return array != NULL;
}

/* Who one is, where one goes and how a body is framed is not for a table of headers. */
static gboolean
is_forbidden_header (const char *name)
{
  static const char *const names[]
      = { "cookie",     "cookie2",    "authorization",  "host",
          "user-agent", "connection", "content-length", "transfer-encoding",
          "upgrade",    "te",         "trailer",        "expect",
          "range",      "if-range" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      if (g_ascii_strcasecmp (name, names[i]) == 0)
        return TRUE;
    }
  return g_ascii_strncasecmp (name, "proxy-", strlen ("proxy-")) == 0;
}

static gboolean
read_header_table (JsonNode *node, GHashTable *headers, const char *key, GError **error)
{
  GHashTableIter iter;
  gpointer name;
  gpointer value;

  if (!gan_rules_read_string_map (node, headers, key, error))
    return FALSE;
  g_hash_table_iter_init (&iter, headers);
  while (g_hash_table_iter_next (&iter, &name, &value))
    {
      g_autofree char *place = g_strconcat (key, ".", name, NULL);

      for (const char *c = name; *c != '\0'; c++)
        {
          if (!g_ascii_isalnum (*c) && *c != '-' && *c != '_')
            return gan_rules_fail (error, key, "a header's name is letters, digits, - and _");
        }
      if (is_forbidden_header (name))
        return gan_rules_fail (error, place, "this header is not for rules to set");
      if (!is_header_value (value))
        return gan_rules_fail (error, place, "holds control characters");
    }
  return TRUE;
}

gboolean
gan_rules_read_headers (gpointer rules, JsonNode *node, const char *key, GError **error)
{
  return read_header_table (node, ((GanRules *) rules)->headers, key, error);
}

gboolean
gan_rules_read_media_headers (gpointer rules, JsonNode *node, const char *key, GError **error)
{
  return read_header_table (node, ((GanRules *) rules)->media_headers, key, error);
}
