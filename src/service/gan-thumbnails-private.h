/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Private to service and its tests. */
#pragma once

#include "gan-thumbnails.h"

G_BEGIN_DECLS

void gan_thumbnails_set_limits (GanThumbnails *self, gint64 max_bytes, guint max_files);
/* Forgets what is in memory, pictures and refusals. */
void gan_thumbnails_forget (GanThumbnails *self);

G_END_DECLS
