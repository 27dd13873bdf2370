/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A registry of the sites of gan-test-platform.h, answered by a HAR, with a clock of its own. */
#pragma once

#include "gan-platform-sdk.h"
#include "gan-replay-transport.h"
#include "gan-test-har.h"
#include "gan-test-platform.h"
#include "gan-test-transport.h"

G_BEGIN_DECLS

typedef struct
{
  GanFakeClock *clock;
  GanReplayTransport *replay;
  GanTestTransport *transport;
  GanHttp *http;
  GanRegistry *registry;
} GanTestRegistry;

GanTestRegistry *gan_test_registry_new (GanTestHar *har, const GanRegistryOptions *options);
GanTestRegistry *gan_test_registry_new_with_table (GanTestHar *har,
                                                   const GanRegistryOptions *options,
                                                   const GanPlatformEntry *table,
                                                   gsize n_entries);
void gan_test_registry_free (GanTestRegistry *self);
GanUrl *gan_test_registry_parse (const char *text);
GanMedia *gan_test_registry_resolve (GanTestRegistry *self, const char *url, GError **error);
GanVisit *
gan_test_registry_visit (GanTestRegistry *self, const char *id, GCancellable *cancellable);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanTestRegistry, gan_test_registry_free)

G_END_DECLS
