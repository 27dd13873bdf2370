/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One request and the connection that its answer goes to. */
#pragma once

#include "gan-test-connection.h"

G_BEGIN_DECLS

GanTestExchange *gan_test_exchange_new (GanTestServer *server,
                                        GanTestConnection *connection,
                                        GanTestRequest *request,
                                        guint nth,
                                        guint nth_on_connection);
void gan_test_exchange_free (GanTestExchange *self);
const char *gan_test_exchange_get_scenario (GanTestExchange *self);

/* Bytes that are framing, not body. */
gboolean gan_test_exchange_write_raw (GanTestExchange *self, const void *data, gsize length);

GanTestConnection *gan_test_exchange_get_connection (GanTestExchange *self);

char *gan_test_request_dup_scenario (const GanTestRequest *request);
void gan_test_server_add_body_bytes (GanTestServer *self, gsize length);

G_END_DECLS
