/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON from anywhere: size and nesting are checked before json-glib sees a byte (it crashes on 100
 * kB of '['), and read by path without a crash on the wrong type. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

JsonNode *gan_json_parse (const char *data,
                          gssize length,
                          gsize max_bytes,
                          guint max_depth,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
JsonNode *gan_json_copy (JsonNode *node) G_GNUC_WARN_UNUSED_RESULT;
char *gan_json_to_string (JsonNode *node, gboolean pretty) G_GNUC_WARN_UNUSED_RESULT;

/* Paths: "a.b[0].c"; "[*]" stands for every element, in gan_json_find_all() only. */
JsonNode *gan_json_find (JsonNode *node, const char *path);
GPtrArray *gan_json_find_all (JsonNode *node, const char *path) G_GNUC_WARN_UNUSED_RESULT;
gboolean gan_json_path_is_valid (const char *path);

const char *gan_json_get_string (JsonNode *node, const char *path);
gint64 gan_json_get_int (JsonNode *node, const char *path);
double gan_json_get_double (JsonNode *node, const char *path);
gboolean gan_json_get_boolean (JsonNode *node, const char *path);
JsonArray *gan_json_get_array (JsonNode *node, const char *path);
JsonObject *gan_json_get_object (JsonNode *node, const char *path);

G_END_DECLS
