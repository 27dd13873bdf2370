/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-middleware.h"

#include "gan-error.h"

struct _GanMetricsMiddleware
{
  GObject parent_instance;

  GMutex mutex;
  GHashTable *counters; /* platform -> GanCallCounters */
};

static void
count_call (GanMiddleware *middleware, const GanCall *call)
{
  GanMetricsMiddleware *self = GAN_METRICS_MIDDLEWARE (middleware);
  GanCallCounters *counters;

  g_mutex_lock (&self->mutex);
  counters = g_hash_table_lookup (self->counters, call->platform);
  if (counters == NULL)
    {
      counters = g_new0 (GanCallCounters, 1);
      g_hash_table_insert (self->counters, g_strdup (call->platform), counters);
    }
  counters->calls++;
  counters->failures += call->error != NULL && !gan_error_is_cancelled (call->error);
  counters->microseconds += call->microseconds;
  g_mutex_unlock (&self->mutex);
}

static void
middleware_init (GanMiddlewareInterface *iface)
{
  iface->after = count_call;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (GanMetricsMiddleware,
                               gan_metrics_middleware,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (GAN_TYPE_MIDDLEWARE, middleware_init))

static void
gan_metrics_middleware_finalize (GObject *object)
{
  GanMetricsMiddleware *self = GAN_METRICS_MIDDLEWARE (object);

  g_hash_table_unref (self->counters);
  g_mutex_clear (&self->mutex);
  G_OBJECT_CLASS (gan_metrics_middleware_parent_class)->finalize (object);
}

static void
gan_metrics_middleware_class_init (GanMetricsMiddlewareClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = gan_metrics_middleware_finalize;
}

static void
gan_metrics_middleware_init (GanMetricsMiddleware *self)
{
  g_mutex_init (&self->mutex);
  self->counters = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

/**
 * gan_metrics_middleware_new:
 *
 * Returns: (transfer full): a middleware that counts the calls of each site
 */
GanMetricsMiddleware *
gan_metrics_middleware_new (void)
{
  return g_object_new (GAN_TYPE_METRICS_MIDDLEWARE, NULL);
}

/**
 * gan_metrics_middleware_get:
 * @self: the middleware
 * @platform: id of a site
 * @counters: (out caller-allocates): what was counted, times in microseconds
 *
 * May be called from any thread.
 *
 * Returns: whether that site was called at all; @counters are zero when it was not
 */
gboolean
gan_metrics_middleware_get (GanMetricsMiddleware *self,
                            const char *platform,
                            GanCallCounters *counters)
{
  const GanCallCounters *found;

  g_return_val_if_fail (GAN_IS_METRICS_MIDDLEWARE (self), FALSE);
  g_return_val_if_fail (platform != NULL && counters != NULL, FALSE);

  g_mutex_lock (&self->mutex);
  found = g_hash_table_lookup (self->counters, platform);
  *counters = found == NULL ? (GanCallCounters){ 0 } : *found;
  g_mutex_unlock (&self->mutex);
  return found != NULL;
}
