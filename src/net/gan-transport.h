/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What carries one request to its answer: no redirects, no retries, no cookies of its own. */
#pragma once

#include "gan-response.h"

G_BEGIN_DECLS

#define GAN_TYPE_TRANSPORT (gan_transport_get_type ())
G_DECLARE_INTERFACE (GanTransport, gan_transport, GAN, TRANSPORT, GObject)

struct _GanTransportInterface
{
  GTypeInterface parent_iface;

  GanResponse *(*send) (GanTransport *self,
                        GanRequest *request,
                        GCancellable *cancellable,
                        GError **error);
  gboolean (*is_live) (GanTransport *self);
};

GanResponse *gan_transport_send (GanTransport *self,
                                 GanRequest *request,
                                 GCancellable *cancellable,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean gan_transport_is_live (GanTransport *self);

G_END_DECLS
