/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The check that foreign JSON passes before json-glib sees it. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean gan_json_check (const char *data,
                         gsize length,
                         guint max_depth,
                         GString **repaired,
                         GError **error);

G_END_DECLS
