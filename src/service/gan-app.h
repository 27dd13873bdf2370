/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The wiring of a running Gannet, the same for every program: transport, GanHttp, registry, store
 * and media helper from one GanConfig. */
#pragma once

#include "gan-config.h"
#include "gan-media-helper.h"
#include "gan-recorder.h"
#include "gan-registry.h"
#include "gan-store.h"

G_BEGIN_DECLS

typedef struct _GanApp GanApp;

GanApp *gan_app_new (const GanConfig *config,
                     const GanPlatformEntry *table,
                     gsize n_entries,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
void gan_app_free (GanApp *self);
GanHttp *gan_app_get_http (GanApp *self);
GanRegistry *gan_app_get_registry (GanApp *self);
GanStore *gan_app_get_store (GanApp *self);
GanMediaHelper *gan_app_get_media (GanApp *self);
const char *gan_app_get_data_dir (GanApp *self);
const char *gan_app_get_cache_dir (GanApp *self);
gboolean gan_app_write_record (GanApp *self, GError **error);
GStrv gan_app_dup_missed (GanApp *self) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanApp, gan_app_free)

G_END_DECLS
