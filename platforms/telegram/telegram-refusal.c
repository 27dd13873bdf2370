/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "telegram-refusal.h"

#include "telegram-node.h"

#include <string.h>

#define APP_ONLY "app-only"

/**
 * gan_telegram_refusal_from_notice:
 * @notice: (nullable): what stands instead of the message, or NULL where nothing does
 * @error: return location: login-required with reason "app-only", not-found with "blocked" or
 *   "removed"
 */
void
gan_telegram_refusal_from_notice (const char *notice, GError **error)
{
  static const struct
  {
    const char *words;
    GanErrorCode code;
    const char *reason;
  } notices[] = {
    { "open Telegram", GAN_ERROR_LOGIN_REQUIRED, APP_ONLY },
    { "can't be displayed", GAN_ERROR_NOT_FOUND, "blocked" },
    { "violate", GAN_ERROR_NOT_FOUND, "blocked" },
    { "copyright", GAN_ERROR_NOT_FOUND, "blocked" },
    { "pornographic", GAN_ERROR_NOT_FOUND, "blocked" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (notices); i++)
    {
      if (notice != NULL && strstr (notice, notices[i].words) != NULL)
        {
          gan_error_set (error, notices[i].code, notices[i].reason, "Telegram does not show it");
          return;
        }
    }
  gan_error_set (error, GAN_ERROR_NOT_FOUND, "removed", "Telegram knows no such post");
}

/**
 * gan_telegram_refusal_set_app_only:
 * @error: return location: login-required, reason "app-only"
 */
void
gan_telegram_refusal_set_app_only (GError **error)
{
  gan_error_set (error,
                 GAN_ERROR_LOGIN_REQUIRED,
                 APP_ONLY,
                 "Telegram shows it in its own app only");
}

/**
 * gan_telegram_refusal_set_changed:
 * @field: what was looked for and is not there
 * @error: return location: site-changed with that field
 */
void
gan_telegram_refusal_set_changed (const char *field, GError **error)
{
  gan_error_set (error, GAN_ERROR_SITE_CHANGED, NULL, "the page lacks %s", field);
  if (error != NULL)
    gan_error_set_field (*error, field);
}

/**
 * gan_telegram_refusal_from_page:
 * @page: a page without the message that it was asked for
 * @error: return location: what its notice says; not-found where it has other messages, else
 *   site-changed
 */
void
gan_telegram_refusal_from_page (GanHtml *page, GError **error)
{
  g_autofree char *notice = gan_telegram_node_dup_text (page, NULL, ".tgme_widget_message_error");

  if (notice != NULL
      || gan_html_find (page, NULL, GAN_TELEGRAM_MESSAGE ", .tme_no_messages_found") != NULL)
    gan_telegram_refusal_from_notice (notice, error);
  else
    gan_telegram_refusal_set_changed (GAN_TELEGRAM_MESSAGE, error);
}

/**
 * gan_telegram_refusal_from_listing:
 * @page: a page that is not that of a channel
 * @error: return location: not-found with reason "no-preview" for a page of Telegram's, else
 *   site-changed
 */
void
gan_telegram_refusal_from_listing (GanHtml *page, GError **error)
{
  if (gan_html_find (page, NULL, "[class*=tgme_]") != NULL)
    gan_error_set (error,
                   GAN_ERROR_NOT_FOUND,
                   GAN_TELEGRAM_NO_PREVIEW,
                   "this is no public channel");
  else
    gan_telegram_refusal_set_changed (GAN_TELEGRAM_CHANNEL, error);
}
