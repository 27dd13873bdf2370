/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who may ask whom how often: tokens per minute and hour and places for each site, and the hosts
 * that asked to be left alone for a while. Private to net. */
#pragma once

#include "gan-http.h"

G_BEGIN_DECLS

typedef struct _GanRateLimiter GanRateLimiter;
typedef struct _GanRateBucket GanRateBucket;

GanRateLimiter *gan_rate_limiter_new (GanClock *clock) G_GNUC_WARN_UNUSED_RESULT;
void gan_rate_limiter_free (GanRateLimiter *self);

void gan_rate_limiter_set (GanRateLimiter *self, const char *site, const GanRateLimits *limits);
void gan_rate_limiter_hold (GanRateLimiter *self, const char *host, gint64 seconds, guint status);

gboolean gan_rate_limiter_take (GanRateLimiter *self,
                                GanRequest *request,
                                GCancellable *cancellable,
                                GError **error);
gboolean gan_rate_limiter_enter (GanRateLimiter *self,
                                 GanRequest *request,
                                 GanRateBucket **place,
                                 GCancellable *cancellable,
                                 GError **error);
void gan_rate_limiter_leave (GanRateLimiter *self, GanRateBucket *place);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanRateLimiter, gan_rate_limiter_free)

G_END_DECLS
