/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The window: downloads, library, and the ways in. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define GAN_TYPE_WINDOW (gan_window_get_type ())
G_DECLARE_FINAL_TYPE (GanWindow, gan_window, GAN, WINDOW, AdwApplicationWindow)

GanWindow *gan_window_new (GtkApplication *application);

G_END_DECLS
