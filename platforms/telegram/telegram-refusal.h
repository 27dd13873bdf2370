/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What Telegram says, or leaves out, when it shows no post, as errors. */
#pragma once

#include "gan-platform-sdk.h"

G_BEGIN_DECLS

/* The reason of not-found where there is no public page. */
#define GAN_TELEGRAM_NO_PREVIEW "no-preview"

void gan_telegram_refusal_set_app_only (GError **error);
void gan_telegram_refusal_set_changed (const char *field, GError **error);
void gan_telegram_refusal_from_notice (const char *notice, GError **error);
void gan_telegram_refusal_from_page (GanHtml *page, GError **error);
void gan_telegram_refusal_from_listing (GanHtml *page, GError **error);

G_END_DECLS
