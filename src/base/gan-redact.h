/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Takes secrets out of what is shown, logged, recorded or stored. The one function for all four. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define GAN_REDACTED "REDACTED"

gboolean gan_redact_is_secret_key (const char *key);
gboolean gan_redact_is_secret_header (const char *name);
char *gan_redact_url (const char *url) G_GNUC_WARN_UNUSED_RESULT;
char *gan_redact_url_hashed (const char *url) G_GNUC_WARN_UNUSED_RESULT;
char *gan_redact_userinfo (const char *url) G_GNUC_WARN_UNUSED_RESULT;
char *gan_redact_text (const char *text) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
