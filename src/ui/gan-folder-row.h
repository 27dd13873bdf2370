/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A row that shows a folder and lets people choose another one. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define GAN_TYPE_FOLDER_ROW (gan_folder_row_get_type ())
G_DECLARE_FINAL_TYPE (GanFolderRow, gan_folder_row, GAN, FOLDER_ROW, AdwActionRow)

/* Property "folder": a path. Signal "chosen" when a person has chosen it. */
const char *gan_folder_row_get_folder (GanFolderRow *self);
void gan_folder_row_set_folder (GanFolderRow *self, const char *folder);

G_END_DECLS
