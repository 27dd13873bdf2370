/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The user's settings: GSettings on the keyfile $XDG_CONFIG_HOME/gannet/settings.ini unless
 * GSETTINGS_BACKEND says otherwise. Without the schema they are the defaults, and what is set holds
 * for this run. Lives on the main context; each setting is a property of the same name that
 * notifies also when another process changes the file. */
#pragma once

#include "gan-config.h"

G_BEGIN_DECLS

#define GAN_TYPE_SETTINGS (gan_settings_get_type ())
G_DECLARE_FINAL_TYPE (GanSettings, gan_settings, GAN, SETTINGS, GObject)

GanSettings *gan_settings_new (void) G_GNUC_WARN_UNUSED_RESULT;
GanSettings *gan_settings_new_default (void) G_GNUC_WARN_UNUSED_RESULT; /* for --no-config */

/* "download-folder": a path; the user's download folder where none is set. */
const char *gan_settings_get_download_folder (GanSettings *self);
void gan_settings_set_download_folder (GanSettings *self, const char *folder);
/* "wish": "best", "audio" or a height such as "1080p". */
const char *gan_settings_get_wish (GanSettings *self);
void gan_settings_set_wish (GanSettings *self, const char *wish);
/* "max-jobs" (1–16), "max-jobs-per-host" (1–8), "limit-rate" (bytes a second, 0: none). */
guint gan_settings_get_max_jobs (GanSettings *self);
void gan_settings_set_max_jobs (GanSettings *self, guint n);
guint gan_settings_get_max_jobs_per_host (GanSettings *self);
void gan_settings_set_max_jobs_per_host (GanSettings *self, guint n);
gint64 gan_settings_get_limit_rate (GanSettings *self);
void gan_settings_set_limit_rate (GanSettings *self, gint64 bytes_per_second);
/* "notify": tell when something is finished and the window is not looked at. */
gboolean gan_settings_get_notify (GanSettings *self);
void gan_settings_set_notify (GanSettings *self, gboolean notify);
/* "color-scheme": "default" (the system's), "light" or "dark". */
const char *gan_settings_get_color_scheme (GanSettings *self);
void gan_settings_set_color_scheme (GanSettings *self, const char *scheme);
/* "window-width", "window-height", "window-maximized". */
void gan_settings_get_window (GanSettings *self, int *width, int *height, gboolean *maximized);
void gan_settings_set_window (GanSettings *self, int width, int height, gboolean maximized);

/* Puts the settings into config where neither option nor GANNET_* variable has spoken (design.md
 * §9). */
void gan_settings_merge (GanSettings *self, GanConfig *config);

G_END_DECLS
