/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The settings, effective at once, and how the sites are doing. */
#pragma once

#include "gan-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define GAN_TYPE_PREFERENCES_WINDOW (gan_preferences_window_get_type ())
G_DECLARE_FINAL_TYPE (GanPreferencesWindow,
                      gan_preferences_window,
                      GAN,
                      PREFERENCES_WINDOW,
                      AdwPreferencesWindow)

GanPreferencesWindow *gan_preferences_window_new (GanSession *session);

G_END_DECLS
