/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The add view: links in, what they lead to, in which quality and where to; then into the queue. */
#pragma once

#include "gan-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define GAN_TYPE_ADD_WINDOW (gan_add_window_get_type ())
G_DECLARE_FINAL_TYPE (GanAddWindow, gan_add_window, GAN, ADD_WINDOW, AdwWindow)

/* Signal "queued" (guint: how many downloads) when they are stored; the window closes then. */
GanAddWindow *gan_add_window_new (GanSession *session, const char *const *links);

G_END_DECLS
