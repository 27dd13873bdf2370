/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One photo, video or GIF, in the one shape that posts, cards and syndication share. */
#pragma once

#include "gan-platform-sdk.h"

G_BEGIN_DECLS

gboolean gan_twitter_medium_is_available (JsonNode *medium);
gboolean
gan_twitter_medium_read (GanRules *rules, JsonNode *medium, GanMedia *media, GError **error);
char *gan_twitter_medium_dup_id (JsonNode *medium) G_GNUC_WARN_UNUSED_RESULT;
const char *gan_twitter_medium_get_word (JsonNode *medium);

G_END_DECLS
