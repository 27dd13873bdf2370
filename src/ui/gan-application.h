/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The running program: one instance per session bus, its actions, its one window. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define GAN_TYPE_APPLICATION (gan_application_get_type ())
G_DECLARE_FINAL_TYPE (GanApplication, gan_application, GAN, APPLICATION, AdwApplication)

GanApplication *gan_application_new (const char *id) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
