/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A post in either of the two shapes in which X gives it: that of GraphQL, that of syndication. */
#pragma once

#include "gan-platform-sdk.h"

G_BEGIN_DECLS

GanMedia *gan_twitter_post_read (GanVisit *visit,
                                 const char *shape,
                                 JsonNode *result,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
