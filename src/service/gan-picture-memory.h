/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pictures and refusals of the last minutes, so that scrolling back costs nothing. For one thread.
 * Private to service. */
#pragma once

#include "gan-media-helper.h"

G_BEGIN_DECLS

typedef struct _GanPictureMemory GanPictureMemory;

GanPictureMemory *gan_picture_memory_new (gsize max_bytes) G_GNUC_WARN_UNUSED_RESULT;
void gan_picture_memory_free (GanPictureMemory *self);

void gan_picture_memory_add (GanPictureMemory *self, const char *key, const GanPicture *picture);
void gan_picture_memory_add_failure (GanPictureMemory *self,
                                     const char *key,
                                     const GError *error,
                                     gint64 until);
/* FALSE: it knows nothing; else a picture or an error. */
gboolean gan_picture_memory_find (GanPictureMemory *self,
                                  const char *key,
                                  gint64 now,
                                  GanPicture **picture,
                                  GError **error);

GanPicture *gan_picture_memory_copy (const GanPicture *picture) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanPictureMemory, gan_picture_memory_free)

G_END_DECLS
