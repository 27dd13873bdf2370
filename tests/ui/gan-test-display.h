/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What tests with a display share: their own folders, waiting on conditions, keys. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef gboolean (*GanTestCondition) (gpointer data);

void gan_test_display_init (int *argc, char ***argv);
void gan_test_display_wait (GanTestCondition condition, gpointer data);
void gan_test_display_wait_mapped (GtkWidget *widget);
void gan_test_display_drain (void);
GtkWidget *gan_test_display_find (GtkWidget *root, GType type, const char *name);

G_END_DECLS
