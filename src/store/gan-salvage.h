/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A damaged database is set aside as <path>.damaged-<time>, and what can be read of it is copied
 * row by row into a fresh one. Private to store. */
#pragma once

#include "gan-database-private.h"

G_BEGIN_DECLS

gboolean gan_salvage_run (const char *path, GCancellable *cancellable, GError **error);
gboolean gan_salvage_finish (const char *path, GError **error);

G_END_DECLS
