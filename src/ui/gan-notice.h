/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A line across the window about something that lasts, with at most one thing to do about it. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define GAN_TYPE_NOTICE (gan_notice_get_type ())
G_DECLARE_FINAL_TYPE (GanNotice, gan_notice, GAN, NOTICE, GtkWidget)

/* Signal "clicked": the button. */
GtkWidget *gan_notice_new (void) G_GNUC_WARN_UNUSED_RESULT;

/* button NULL: none. A notice that cannot be closed goes when its cause does. */
void gan_notice_show (GanNotice *self, const char *text, const char *button, gboolean can_close);
void gan_notice_hide (GanNotice *self);

G_END_DECLS
