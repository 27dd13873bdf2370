/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-transport.h"

G_DEFINE_INTERFACE (GanTransport, gan_transport, G_TYPE_OBJECT)

static gboolean
gan_transport_real_is_live (GanTransport *self)
{
  return TRUE;
}

static void
gan_transport_default_init (GanTransportInterface *iface)
{
  iface->is_live = gan_transport_real_is_live;
}

/**
 * gan_transport_send:
 * @self: a transport
 * @request: what to ask; not changed any more
 * @cancellable: (nullable): stops it within a second, whatever the server does
 * @error: return location
 *
 * Sends one request and waits for the head of its answer, whatever its status. Redirects, cookies,
 * caches and rate limits are the caller's. Blocks; may be called from any thread.
 *
 * Fails with %G_IO_ERROR_CANCELLED, or with %GAN_ERROR_NETWORK, %GAN_ERROR_TLS,
 * %GAN_ERROR_TIMEOUT, %GAN_ERROR_NOT_ALLOWED (the address policy), or %GAN_ERROR_INVALID_DATA (the
 * request, or the head of the answer).
 *
 * Returns: (transfer full): the answer, or NULL
 */
GanResponse *
gan_transport_send (GanTransport *self,
                    GanRequest *request,
                    GCancellable *cancellable,
                    GError **error)
{
  g_return_val_if_fail (GAN_IS_TRANSPORT (self), NULL);
  g_return_val_if_fail (GAN_IS_REQUEST (request), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);

  if (g_cancellable_set_error_if_cancelled (cancellable, error)
      || !gan_request_check (request, error))
    return NULL;
  return GAN_TRANSPORT_GET_IFACE (self)->send (self, request, cancellable, error);
}

/**
 * gan_transport_is_live:
 * @self: a transport
 *
 * Returns: whether answers come from the network; where they do not, waits, caches and rate limits
 * are off
 */
gboolean
gan_transport_is_live (GanTransport *self)
{
  g_return_val_if_fail (GAN_IS_TRANSPORT (self), FALSE);

  return GAN_TRANSPORT_GET_IFACE (self)->is_live (self);
}
