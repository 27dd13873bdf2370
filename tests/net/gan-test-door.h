/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A GanHttp before a misbehaving server, with a clock that the test turns. */
#pragma once

#include "gan-test-net.h"

G_BEGIN_DECLS

typedef struct
{
  GanTestServer *server;
  GanTransport *transport;
  GanFakeClock *clock;
  GanHttp *http;
  GError *error; /* of the last gan_test_door_fetch() */
} GanTestDoor;

void gan_test_door_init (GanTestDoor *self, gboolean tls);
void gan_test_door_clear (GanTestDoor *self);

GanReply *gan_test_door_fetch (GanTestDoor *self, GanRequest *request);
GanReply *gan_test_door_get (GanTestDoor *self, const char *path);
void
gan_test_door_fail (GanTestDoor *self, const char *path, GanErrorCode code, const char *reason);
GanRequest *gan_test_door_rich_request (GanTestDoor *self, const char *path);
void gan_test_door_assert_echo (GanReply *reply, const char *path, const char *expected);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GanTestDoor, gan_test_door_clear)

G_END_DECLS
