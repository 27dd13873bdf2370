/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The folder that a transfer saves to, opened once. Everything in it is reached through its
 * descriptor, so that a folder that is moved or replaced while a transfer runs leads nowhere else.
 * Private to engine. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _GanFolder GanFolder;

GanFolder *
gan_folder_open (const char *path, gboolean create, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void gan_folder_free (GanFolder *self);

int gan_folder_get_fd (GanFolder *self);
char *gan_folder_dup_path (GanFolder *self, const char *name) G_GNUC_WARN_UNUSED_RESULT;
gboolean gan_folder_has (GanFolder *self, const char *name);
guint64 gan_folder_get_inode (GanFolder *self, const char *name, gint64 *size);
GPtrArray *gan_folder_list (GanFolder *self, const char *suffix) G_GNUC_WARN_UNUSED_RESULT;
gboolean gan_folder_remove (GanFolder *self, const char *name, GError **error);
gboolean gan_folder_move (GanFolder *self, const char *from, const char *to, GError **error);
gboolean gan_folder_publish (GanFolder *self, const char *from, const char *to, GError **error);
gboolean gan_folder_sync (GanFolder *self, GError **error);
gboolean gan_folder_check_place (GanFolder *self, GError **error);
gboolean gan_folder_check_space (GanFolder *self, gint64 more, gint64 total, GError **error);

void gan_folder_set_error (GError **error, int code, const char *doing, const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanFolder, gan_folder_free)

G_END_DECLS
