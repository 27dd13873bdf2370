/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The card below a post: media of an advertiser, an old embedded video, or a player of another
 * site. */
#pragma once

#include "gan-platform-sdk.h"

G_BEGIN_DECLS

JsonNode *gan_twitter_card_dup_media (GanVisit *visit,
                                      JsonNode *card,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
const char *gan_twitter_card_get_player_url (JsonNode *card);

G_END_DECLS
