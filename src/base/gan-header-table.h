/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The request headers that a format or a track brings along: GHashTable of names, compared without
 * regard to case, to values. Never a credential. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

GHashTable *gan_header_table_new (void) G_GNUC_WARN_UNUSED_RESULT;
gboolean gan_header_table_set (GHashTable *table, const char *name, const char *value);
GPtrArray *gan_header_table_get_names (GHashTable *table) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
