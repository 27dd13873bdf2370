/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One file in the list of the library. */
#pragma once

#include "gan-library-row.h"
#include "gan-registry.h"
#include "gan-thumbnails.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define GAN_TYPE_LIBRARY_WIDGET (gan_library_widget_get_type ())
G_DECLARE_FINAL_TYPE (GanLibraryWidget, gan_library_widget, GAN, LIBRARY_WIDGET, AdwBin)

/* Actions "file.open", "file.show-in-folder", "file.copy-link", "file.download-again",
 * "file.remove" and "file.trash"; each comes out as the signal "action" (name, GanLibraryRow).
 * "file.menu" shows them all. */
GtkWidget *gan_library_widget_new (GanRegistry *registry,
                                   GanThumbnails *thumbnails) G_GNUC_WARN_UNUSED_RESULT;
void gan_library_widget_bind (GanLibraryWidget *self, GanLibraryRow *row);
void gan_library_widget_set_narrow (GanLibraryWidget *self, gboolean narrow);
void gan_library_widget_unbind (GanLibraryWidget *self);
char *gan_library_widget_dup_title (GanLibraryRow *row) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
