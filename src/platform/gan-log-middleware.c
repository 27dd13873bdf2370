/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-middleware.h"

struct _GanLogMiddleware
{
  GObject parent_instance;
};

static void
log_before (GanMiddleware *self, const GanCall *call)
{
  g_debug ("%s %s %s", call->platform, call->verb, call->subject);
}

static void
log_after (GanMiddleware *self, const GanCall *call)
{
  g_debug ("%s %s %s: %s after %.3f s",
           call->platform,
           call->verb,
           call->subject,
           call->error == NULL ? "done" : call->error->message,
           (double) call->microseconds / G_USEC_PER_SEC);
}

static void
middleware_init (GanMiddlewareInterface *iface)
{
  iface->before = log_before;
  iface->after = log_after;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (GanLogMiddleware,
                               gan_log_middleware,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (GAN_TYPE_MIDDLEWARE, middleware_init))

static void
gan_log_middleware_class_init (GanLogMiddlewareClass *klass)
{
}

static void
gan_log_middleware_init (GanLogMiddleware *self)
{
}

/**
 * gan_log_middleware_new:
 *
 * Returns: (transfer full): a middleware that writes a debug message when a call begins and ends
 */
GanMiddleware *
gan_log_middleware_new (void)
{
  return g_object_new (GAN_TYPE_LOG_MIDDLEWARE, NULL);
}
