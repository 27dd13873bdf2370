/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a session connects to: the host of the URL for TLS, and only addresses that we resolved and
 * that the policy allows. Private to net. */
#pragma once

#include "gan-families.h"
#include "gan-request.h"

G_BEGIN_DECLS

/* Borrowed by gan_endpoint_new(), which copies. */
typedef struct
{
  const char *scheme;
  const char *host; /* of the URL: what a certificate must name */
  guint16 port;
  const char *to_host; /* where to go */
  guint16 to_port;
  GanAddressPolicy policy;
} GanEndpointTarget;

#define GAN_TYPE_ENDPOINT (gan_endpoint_get_type ())
G_DECLARE_FINAL_TYPE (GanEndpoint, gan_endpoint, GAN, ENDPOINT, GNetworkAddress)

GanEndpoint *gan_endpoint_new (const GanEndpointTarget *target,
                               GanFamilies *families) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
