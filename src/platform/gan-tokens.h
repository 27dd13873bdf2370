/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Short-lived tokens that sites hand out to anyone, such as guest tokens: one store for all visits
 * of a GanHttp, since a token belongs to the address that asked for it. */
#pragma once

#include "gan-http.h"

G_BEGIN_DECLS

char *gan_tokens_dup (GanHttp *http, const char *site, const char *name) G_GNUC_WARN_UNUSED_RESULT;
void gan_tokens_store (GanHttp *http,
                       const char *site,
                       const char *name,
                       const char *token,
                       guint seconds);
void gan_tokens_drop (GanHttp *http, const char *site, const char *name, const char *token);

G_END_DECLS
