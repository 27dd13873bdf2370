/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the settings lie: the schema, and the keyfile under it. Private to settings. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

GSettings *gan_settings_file_open (const char *const *names,
                                   const char *const *types,
                                   char **path) G_GNUC_WARN_UNUSED_RESULT;
gboolean gan_settings_file_prepare (const char *path);

G_END_DECLS
