/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Thumbnails for lists: fetched through GanHttp, decoded by gannet-media, kept on disk at display
 * size (capped by bytes and count) and briefly in memory. A request that is cancelled before its
 * turn costs nothing, equal requests share the work. Lives on the main context. */
#pragma once

#include "gan-app.h"

G_BEGIN_DECLS

typedef struct _GanPicture GanPicture; /* gan-media-helper.h */

#define GAN_TYPE_THUMBNAILS (gan_thumbnails_get_type ())
G_DECLARE_FINAL_TYPE (GanThumbnails, gan_thumbnails, GAN, THUMBNAILS, GObject)

GanThumbnails *gan_thumbnails_new (GanApp *app) G_GNUC_WARN_UNUSED_RESULT;

/* max_size: of the longer side, in device pixels, at most 320. The picture is the caller's, its
 * pixels are shared. */
void gan_thumbnails_load_async (GanThumbnails *self,
                                const char *url,
                                int max_size,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
GanPicture *gan_thumbnails_load_finish (GanThumbnails *self,
                                        GAsyncResult *result,
                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
