/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names of hosts in the one form that may be compared, resolved and sent. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *
gan_host_normalize (const char *text, gssize length, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean gan_host_is_within (const char *host, const char *domain);

G_END_DECLS
