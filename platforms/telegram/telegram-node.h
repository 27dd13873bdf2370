/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What t.me's pages have in common: where things stand, and how names and addresses are written. */
#pragma once

#include "gan-platform-sdk.h"

G_BEGIN_DECLS

#define GAN_TELEGRAM_HOME "https://t.me/"

/* Selectors. */
#define GAN_TELEGRAM_MESSAGE ".tgme_widget_message[data-post]"
#define GAN_TELEGRAM_CHANNEL ".tgme_channel_info"

char *gan_telegram_node_dup_text (GanHtml *page,
                                  GanHtmlNode *scope,
                                  const char *selector) G_GNUC_WARN_UNUSED_RESULT;
char *gan_telegram_node_dup_name (GanHtml *page, GanHtmlNode *node) G_GNUC_WARN_UNUSED_RESULT;
char *gan_telegram_node_dup_address (const char *text) G_GNUC_WARN_UNUSED_RESULT;
char *gan_telegram_node_dup_src (GanHtmlNode *node) G_GNUC_WARN_UNUSED_RESULT;
char *gan_telegram_node_dup_picture (GanHtmlNode *node) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
