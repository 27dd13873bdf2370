/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the two halves of the library share. */
#pragma once

#include "gan-library.h"

G_BEGIN_DECLS

GanStore *gan_library_get_store (GanLibrary *self);
void gan_library_take_away (GanLibrary *self, GPtrArray *rows);

G_END_DECLS
