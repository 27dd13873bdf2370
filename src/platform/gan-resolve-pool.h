/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The threads in which sites are asked. */
#pragma once

#include "gan-pool.h"

G_BEGIN_DECLS

GanPool *gan_resolve_pool_get (void);

G_END_DECLS
