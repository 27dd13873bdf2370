/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of the transport share. */
#pragma once

#include "gan-error.h"
#include "gan-net.h"
#include "gan-test-server.h"

G_BEGIN_DECLS

GanTransport *gan_test_net_transport (GanTestServer *server);
GanRequest *
gan_test_net_request (GanTestServer *server, const char *path, GanRequestPurpose purpose);
GanResponse *
gan_test_net_send (GanTransport *transport, GanRequest *request, GCancellable *cancellable);
GanResponse *gan_test_net_open (GanTransport *transport, GanTestServer *server, const char *path);
GBytes *gan_test_net_get (GanTransport *transport, GanTestServer *server, const char *path);
GError *gan_test_net_fail (GanTransport *transport, GanRequest *request);
void gan_test_net_assert_reason (const GError *error, GanErrorCode code, const char *reason);

G_END_DECLS
