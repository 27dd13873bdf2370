/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The only door to the network. Redirects, cookies, rate limits, retries, cache, coalescing and
 * counters live here; all calls block, take a cancellable, and may come from any thread. */
#pragma once

#include "gan-clock.h"
#include "gan-reply.h"
#include "gan-transport.h"

G_BEGIN_DECLS

/* Limits of one site, from its rules. 0: no such limit. */
typedef struct
{
  guint per_minute;
  guint per_hour;
  guint parallel;
} GanRateLimits;

typedef struct
{
  guint64 requests;
  guint64 retries;
  guint64 cache_hits;
  guint64 coalesced;
  guint64 errors;
  guint64 bytes;
  gint64 microseconds;
} GanHttpCounters;

#define GAN_TYPE_HTTP (gan_http_get_type ())
G_DECLARE_FINAL_TYPE (GanHttp, gan_http, GAN, HTTP, GObject)

GanHttp *gan_http_new (GanTransport *transport, GanClock *clock) G_GNUC_WARN_UNUSED_RESULT;

void gan_http_set_user_agent (GanHttp *self, const char *user_agent);
void gan_http_set_rate_limits (GanHttp *self, const char *site, const GanRateLimits *limits);
void gan_http_set_retry_budget (GanHttp *self, guint max_tries);
void gan_http_set_time_limit (GanHttp *self, guint seconds);

GanReply *gan_http_fetch (GanHttp *self,
                          GanRequest *request,
                          GCancellable *cancellable,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
GanResponse *gan_http_open (GanHttp *self,
                            GanRequest *request,
                            GCancellable *cancellable,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

GanClock *gan_http_get_clock (GanHttp *self);
GanTransport *gan_http_get_transport (GanHttp *self);
gboolean gan_http_get_counters (GanHttp *self, const char *host, GanHttpCounters *counters);

G_END_DECLS
