/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What X says when it gives no post, as errors: about the post (final), or about the way it was
 * asked (another route may know more). */
#pragma once

#include "gan-platform-sdk.h"

G_BEGIN_DECLS

void gan_twitter_refusal_set_changed (GError **error, const char *path);
void gan_twitter_refusal_set_rate_limited (GError **error, gint64 seconds);
void gan_twitter_refusal_from_tombstone (JsonNode *result, GError **error);
void gan_twitter_refusal_from_unavailable (JsonNode *result, GError **error);
void
gan_twitter_refusal_from_reply (GanVisit *visit, GanReply *reply, JsonNode *root, GError **error);
gboolean gan_twitter_refusal_is_of_post (const GError *error);

G_END_DECLS
