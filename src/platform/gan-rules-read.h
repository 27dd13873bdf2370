/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Typed reading of JSON where every complaint names the key. The messages are for the person who
 * wrote the file. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Reads one member into target; key is its place in the file, such as "urls[2].template". */
typedef gboolean (*GanRulesMemberFunc) (gpointer target,
                                        JsonNode *node,
                                        const char *key,
                                        GError **error);

typedef struct
{
  const char *key;
  gboolean required;
  GanRulesMemberFunc read;
} GanRulesMember;

gboolean gan_rules_fail (GError **error, const char *key, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

const char *gan_rules_read_string (JsonNode *node, const char *key, GError **error);
gboolean gan_rules_read_int (JsonNode *node,
                             gint64 min,
                             gint64 max,
                             gint64 *value,
                             const char *key,
                             GError **error);
JsonArray *gan_rules_read_array (JsonNode *node, const char *key, GError **error);
JsonObject *gan_rules_read_object (JsonNode *node, const char *key, GError **error);
GStrv
gan_rules_read_strings (JsonNode *node, const char *key, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean
gan_rules_read_string_map (JsonNode *node, GHashTable *map, const char *key, GError **error);
gboolean gan_rules_read_members (gpointer target,
                                 JsonNode *node,
                                 const GanRulesMember *members,
                                 gsize n_members,
                                 const char *key,
                                 GError **error);

/* The members of the rules themselves, by room: gan-rules-urls.c, gan-rules-requests.c. */
gboolean gan_rules_read_hosts (gpointer rules, JsonNode *node, const char *key, GError **error);
gboolean gan_rules_read_urls (gpointer rules, JsonNode *node, const char *key, GError **error);
gboolean gan_rules_read_reject (gpointer rules, JsonNode *node, const char *key, GError **error);
gboolean gan_rules_read_origins (gpointer rules, JsonNode *node, const char *key, GError **error);
gboolean gan_rules_read_endpoints (gpointer rules, JsonNode *node, const char *key, GError **error);
gboolean gan_rules_read_clients (gpointer rules, JsonNode *node, const char *key, GError **error);
gboolean gan_rules_read_headers (gpointer rules, JsonNode *node, const char *key, GError **error);
gboolean
gan_rules_read_media_headers (gpointer rules, JsonNode *node, const char *key, GError **error);

G_END_DECLS
