/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening what was downloaded, and showing it in its folder. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

gboolean gan_open_may_run (const char *file);
void gan_open_file (GtkWidget *widget, const char *file);
void gan_open_folder_of (GtkWidget *widget, const char *file);

G_END_DECLS
