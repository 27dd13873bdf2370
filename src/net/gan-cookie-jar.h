/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cookies that servers set, for as long as the program runs. Each site has its own: what one visit
 * of a site learned is not told to another site that happens to name the same host. Private to net.
 */
#pragma once

#include "gan-clock.h"
#include "gan-url.h"

G_BEGIN_DECLS

typedef struct _GanCookieJar GanCookieJar;

GanCookieJar *gan_cookie_jar_new (GanClock *clock) G_GNUC_WARN_UNUSED_RESULT;
void gan_cookie_jar_free (GanCookieJar *self);

gboolean
gan_cookie_jar_store (GanCookieJar *self, const char *site, GanUrl *url, const char *set_cookie);
char *gan_cookie_jar_dup_header (GanCookieJar *self,
                                 const char *site,
                                 GanUrl *url) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanCookieJar, gan_cookie_jar_free)

G_END_DECLS
