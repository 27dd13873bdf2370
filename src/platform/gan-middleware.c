/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-middleware.h"

G_DEFINE_INTERFACE (GanMiddleware, gan_middleware, G_TYPE_OBJECT)

static void
gan_middleware_default_init (GanMiddlewareInterface *iface)
{
}

/**
 * gan_middleware_before:
 * @self: a middleware
 * @call: the call that begins; it is lent
 *
 * Comes from the thread that makes the call.
 */
void
gan_middleware_before (GanMiddleware *self, const GanCall *call)
{
  GanMiddlewareInterface *iface;

  g_return_if_fail (GAN_IS_MIDDLEWARE (self));
  g_return_if_fail (call != NULL);

  iface = GAN_MIDDLEWARE_GET_IFACE (self);
  if (iface->before != NULL)
    iface->before (self, call);
}

/**
 * gan_middleware_after:
 * @self: a middleware
 * @call: the call that has ended, with its time and its error; it is lent
 *
 * Comes from the thread that made the call.
 */
void
gan_middleware_after (GanMiddleware *self, const GanCall *call)
{
  GanMiddlewareInterface *iface;

  g_return_if_fail (GAN_IS_MIDDLEWARE (self));
  g_return_if_fail (call != NULL);

  iface = GAN_MIDDLEWARE_GET_IFACE (self);
  if (iface->after != NULL)
    iface->after (self, call);
}
