/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One accepted connection: reads requests, writes bytes, ends in the way that is asked for. Used by
 * one thread, but for gan_test_connection_wake(). */
#pragma once

#include "gan-test-server.h"

G_BEGIN_DECLS

typedef struct _GanTestConnection GanTestConnection;

typedef enum
{
  GAN_TEST_CLOSE_ORDERLY, /* TLS says goodbye, then FIN */
  GAN_TEST_CLOSE_CUT,     /* FIN alone */
  GAN_TEST_CLOSE_RESET,   /* RST, once what was written has arrived */
} GanTestClose;

GanTestConnection *gan_test_connection_new (GSocket *socket, guint number);
void gan_test_connection_free (GanTestConnection *self);
gboolean gan_test_connection_start_tls (GanTestConnection *self,
                                        GanTestTlsMode mode,
                                        GTlsCertificate *certificate);
GanTestRequest *gan_test_connection_read_request (GanTestConnection *self);
gboolean gan_test_connection_write (GanTestConnection *self, const void *data, gsize length);
gboolean gan_test_connection_wait_gone (GanTestConnection *self, guint milliseconds);
gint64 gan_test_connection_tunnel (GanTestConnection *self, guint16 port, gint64 limit);
void gan_test_connection_close (GanTestConnection *self, GanTestClose how);
void gan_test_connection_end_output (GanTestConnection *self);
gboolean gan_test_connection_is_closed (GanTestConnection *self);
guint gan_test_connection_get_number (GanTestConnection *self);
void gan_test_connection_wake (GanTestConnection *self);

GanTestRequest *gan_test_request_ref (GanTestRequest *self);
void gan_test_request_unref (GanTestRequest *self);

G_END_DECLS
