/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Private to engine and its tests. */
#pragma once

#include "gan-media-helper.h"

G_BEGIN_DECLS

void gan_media_helper_set_time_limits (GanMediaHelper *self, gint64 picture, gint64 probe);

G_END_DECLS
