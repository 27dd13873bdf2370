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
} GanTestTransfer;

void gan_test_transfer_set_up (GanTestTransfer *self, gconstpointer data);
void gan_test_transfer_set_up_tls (GanTestTransfer *self, gconstpointer data);
void gan_test_transfer_set_up_timed (GanTestTransfer *self, gconstpointer data);
void gan_test_transfer_tear_down (GanTestTransfer *self, gconstpointer data);

GanPlan *gan_test_transfer_make_plan (GanTestTransfer *self, const char *target);
GanTransferResult *
gan_test_transfer_run (GanTestTransfer *self, const char *target, GError **error);
void gan_test_transfer_assert_fetched (GanTestTransfer *self,
                                       const char *target,
                                       const char *name,
                                       gsize size,
                                       guint32 seed,
                                       GanVerified verified);
void gan_test_transfer_assert_fails (GanTestTransfer *self,
                                     const char *target,
                                     GanErrorCode code,
                                     const char *reason);
void gan_test_transfer_assert_names (GanTestTransfer *self, const char *names);
void
gan_test_transfer_assert_bytes (GanTestTransfer *self, const char *name, gsize size, guint32 seed);
gint64 gan_test_transfer_get_have (GanTestTransfer *self, const char *stem);

#define GAN_TEST_ADD(path, func)                                                                   \
  g_test_add (path,                                                                                \
              GanTestTransfer,                                                                     \
              NULL,                                                                                \
              gan_test_transfer_set_up,                                                            \
              func,                                                                                \
              gan_test_transfer_tear_down)
#define GAN_TEST_ADD_TLS(path, func)                                                               \
  g_test_add (path,                                                                                \
              GanTestTransfer,                                                                     \
              NULL,                                                                                \
              gan_test_transfer_set_up_tls,                                                        \
              func,                                                                                \
              gan_test_transfer_tear_down)
#define GAN_TEST_ADD_TIMED(path, func)                                                             \
  g_test_add (path,                                                                                \
              GanTestTransfer,                                                                     \
              NULL,                                                                                \
              gan_test_transfer_set_up_timed,                                                      \
              func,                                                                                \
              gan_test_transfer_tear_down)

G_END_DECLS
