/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files beside and under a database: for the user alone, and durable once they have their
 * name. Private to store. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

gboolean gan_database_file_exists (const char *path);
gboolean gan_database_file_create (const char *path, GError **error);
gboolean gan_database_file_create_folder (const char *path, GError **error);
gboolean gan_database_file_copy (const char *from,
                                 const char *to,
                                 GCancellable *cancellable,
                                 GError **error);
gboolean gan_database_file_move (const char *from, const char *to, GError **error);
gboolean gan_database_file_remove (const char *path, GError **error);
gboolean gan_database_file_fail (GError **error, int code, const char *doing, const char *path);

G_END_DECLS
