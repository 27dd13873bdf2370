/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What surrounds every call of a site: sees it begin and end, changes nothing. */
#pragma once

#include "gan-match.h"

G_BEGIN_DECLS

typedef struct
{
  const char *platform;
  const char *verb;    /* get_info, list, search, prepare */
  const char *subject; /* canonical URL or query, redacted */
  gint64 microseconds; /* 0 before the call */
  const GError *error; /* NULL before the call and after success */
} GanCall;

typedef struct
{
  guint64 calls;
  guint64 failures;
  gint64 microseconds;
} GanCallCounters;

#define GAN_TYPE_MIDDLEWARE (gan_middleware_get_type ())
G_DECLARE_INTERFACE (GanMiddleware, gan_middleware, GAN, MIDDLEWARE, GObject)

struct _GanMiddlewareInterface
{
  GTypeInterface parent_iface;

  void (*before) (GanMiddleware *self, const GanCall *call);
  void (*after) (GanMiddleware *self, const GanCall *call);
};

void gan_middleware_before (GanMiddleware *self, const GanCall *call);
void gan_middleware_after (GanMiddleware *self, const GanCall *call);

#define GAN_TYPE_LOG_MIDDLEWARE (gan_log_middleware_get_type ())
G_DECLARE_FINAL_TYPE (GanLogMiddleware, gan_log_middleware, GAN, LOG_MIDDLEWARE, GObject)
GanMiddleware *gan_log_middleware_new (void) G_GNUC_WARN_UNUSED_RESULT;

#define GAN_TYPE_METRICS_MIDDLEWARE (gan_metrics_middleware_get_type ())
G_DECLARE_FINAL_TYPE (GanMetricsMiddleware,
                      gan_metrics_middleware,
                      GAN,
                      METRICS_MIDDLEWARE,
                      GObject)
GanMetricsMiddleware *gan_metrics_middleware_new (void) G_GNUC_WARN_UNUSED_RESULT;
gboolean gan_metrics_middleware_get (GanMetricsMiddleware *self,
                                     const char *platform,
                                     GanCallCounters *counters);

G_END_DECLS
