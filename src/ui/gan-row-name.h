/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a row of a list is called by those who cannot see it. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void gan_row_name_set (GtkWidget *row, const char *name);

G_END_DECLS
