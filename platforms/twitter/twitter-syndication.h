/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The answers that X makes for posts embedded in other pages: no token to ask for, hardly a limit,
 * but long texts are cut and views and reposts are not counted. */
#pragma once

#include "gan-platform-sdk.h"

G_BEGIN_DECLS

char *gan_twitter_syndication_dup_token (const char *id) G_GNUC_WARN_UNUSED_RESULT;
GanMedia *gan_twitter_syndication_ask (GanVisit *visit,
                                       const char *id,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
