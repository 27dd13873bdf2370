/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One cookie as a Set-Cookie header describes it (RFC 6265, with the prefixes and the rules about
 * Secure of its successor). Private to net. */
#pragma once

#include "gan-url.h"

G_BEGIN_DECLS

#define GAN_COOKIE_SESSION G_MAXINT64

typedef struct
{
  char *name;
  char *value;
  char *domain; /* lower case, without a leading dot */
  char *path;
  gint64 expires; /* Unix seconds, or GAN_COOKIE_SESSION */
  gboolean secure;
  gboolean host_only;
} GanCookie;

GanCookie *
gan_cookie_parse (const char *set_cookie, GanUrl *url, gint64 now) G_GNUC_WARN_UNUSED_RESULT;
void gan_cookie_free (GanCookie *self);

gboolean gan_cookie_matches (const GanCookie *self, GanUrl *url);
gboolean gan_cookie_replaces (const GanCookie *self, const GanCookie *old);
gboolean gan_cookie_would_overlay (const GanCookie *self, const GanCookie *secure);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanCookie, gan_cookie_free)

G_END_DECLS
