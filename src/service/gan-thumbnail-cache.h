/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Thumbnails on disk: a folder for the user alone, capped by bytes and files, the least recently
 * used go first. Losing it costs time only. Thread-safe; the calls block. Private to service. */
#pragma once

#include "gan-media-helper.h"

G_BEGIN_DECLS

typedef struct _GanThumbnailCache GanThumbnailCache;

GanThumbnailCache *gan_thumbnail_cache_new (const char *folder,
                                            gint64 max_bytes,
                                            guint max_files) G_GNUC_WARN_UNUSED_RESULT;
void gan_thumbnail_cache_free (GanThumbnailCache *self);

GanPicture *gan_thumbnail_cache_load (GanThumbnailCache *self,
                                      const char *key) G_GNUC_WARN_UNUSED_RESULT;
gboolean gan_thumbnail_cache_store (GanThumbnailCache *self,
                                    const char *key,
                                    const GanPicture *picture,
                                    GError **error);
void gan_thumbnail_cache_trim (GanThumbnailCache *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanThumbnailCache, gan_thumbnail_cache_free)

G_END_DECLS
