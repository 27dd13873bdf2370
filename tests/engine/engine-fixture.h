/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A server, a folder and the network between them, for tests of whole transfers. The clock is one
 * that waits take no time on, unless the test is about time. */
#pragma once

#include "gan-error.h"
#include "gan-http.h"
#include "gan-test-fixture.h"
#include "gan-test-server.h"
#include "gan-transfer.h"

G_BEGIN_DECLS

typedef struct
{
  GanTestServer *server;
  GanTestFolder *folder;
  GanTransport *transport;
  GanClock *clock;
  GanHttp *http;
  GCancellable *cancellable;
  GanTransferOptions options;

  gint64 cancel_at; /* bytes at which the transfer is cancelled, 0: never */
  GanProgress last; /* as told; file is not kept */
  gint64 most;      /* bytes ever told */
  guint n_told;
  gboolean went_back; /* the number of bytes became less */
} EngineFixture;

void engine_fixture_set_up (EngineFixture *self, gconstpointer data);
void engine_fixture_set_up_tls (EngineFixture *self, gconstpointer data);
void engine_fixture_set_up_timed (EngineFixture *self, gconstpointer data);
void engine_fixture_tear_down (EngineFixture *self, gconstpointer data);

GanPlan *engine_fixture_make_plan (EngineFixture *self, const char *target);
GanTransferResult *engine_fixture_run (EngineFixture *self, const char *target, GError **error);
void engine_fixture_assert_fetched (EngineFixture *self,
                                    const char *target,
                                    const char *name,
                                    gsize size,
                                    guint32 seed,
                                    GanVerified verified);
void engine_fixture_assert_fails (EngineFixture *self,
                                  const char *target,
                                  GanErrorCode code,
                                  const char *reason);
void engine_fixture_assert_names (EngineFixture *self, const char *names);
void engine_fixture_assert_bytes (EngineFixture *self, const char *name, gsize size, guint32 seed);
gint64 engine_fixture_get_have (EngineFixture *self, const char *stem);

#define ENGINE_ADD(path, func)                                                                     \
  g_test_add (path, EngineFixture, NULL, engine_fixture_set_up, func, engine_fixture_tear_down)
#define ENGINE_ADD_TLS(path, func)                                                                 \
  g_test_add (path, EngineFixture, NULL, engine_fixture_set_up_tls, func, engine_fixture_tear_down)
#define ENGINE_ADD_TIMED(path, func)                                                               \
  g_test_add (path,                                                                                \
              EngineFixture,                                                                       \
              NULL,                                                                                \
              engine_fixture_set_up_timed,                                                         \
              func,                                                                                \
              engine_fixture_tear_down)

G_END_DECLS
