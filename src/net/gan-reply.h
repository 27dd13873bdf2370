/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A whole metadata answer: decoded, capped, immutable, shared by the cache and by askers who came
 * at the same time. */
#pragma once

#include "gan-url.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define GAN_TYPE_REPLY (gan_reply_get_type ())
G_DECLARE_FINAL_TYPE (GanReply, gan_reply, GAN, REPLY, GObject)

guint gan_reply_get_status (GanReply *self);
GanUrl *gan_reply_get_url (GanReply *self);
const char *gan_reply_get_header (GanReply *self, const char *name);
const char *gan_reply_get_content_type (GanReply *self);
gint64 gan_reply_get_retry_after (GanReply *self);
GBytes *gan_reply_get_bytes (GanReply *self);
const char *gan_reply_get_text (GanReply *self, gsize *length);
JsonNode *gan_reply_parse_json (GanReply *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean gan_reply_check_status (GanReply *self, GError **error);

G_END_DECLS
