/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One message of a page: its text, its channel, its media. What it quotes or links to is not its
 * own. */
#pragma once

#include "gan-platform-sdk.h"

G_BEGIN_DECLS

GanHtmlNode *gan_telegram_message_find (GanHtml *page, const char *number);
GanMedia *gan_telegram_message_read (GanHtml *page, GanHtmlNode *message) G_GNUC_WARN_UNUSED_RESULT;
gboolean gan_telegram_message_is_app_only (GanHtml *page, GanHtmlNode *message, GanMedia *post);

gboolean gan_telegram_message_is_numbered (const char *id, const char *number);
gboolean gan_telegram_message_is_medium (GanMedia *media);
gboolean gan_telegram_message_has_file (GanMedia *media);

G_END_DECLS
