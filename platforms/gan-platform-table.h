/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sites of this build, made from the meson option "platforms". */
#pragma once

#include "gan-platform.h"

G_BEGIN_DECLS

extern const GanPlatformEntry gan_platform_table[];
extern const gsize gan_platform_table_size;

G_END_DECLS
