/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One video, GIF, photo, round video, voice message or sticker of a message. */
#pragma once

#include "gan-platform-sdk.h"

G_BEGIN_DECLS

/* Where media stand in a message. */
#define GAN_TELEGRAM_MEDIA                                                                         \
  ".tgme_widget_message_video_player, .tgme_widget_message_photo_wrap, "                           \
  ".tgme_widget_message_roundvideo, .tgme_widget_message_voice, .tgme_widget_message_sticker"

void gan_telegram_medium_read (GanHtml *page, GanHtmlNode *node, GanMedia *medium);

G_END_DECLS
