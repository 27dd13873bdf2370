/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One link in the list of the add view. */
#pragma once

#include "gan-add-item.h"
#include "gan-thumbnails.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define GAN_TYPE_ADD_ROW (gan_add_row_get_type ())
G_DECLARE_FINAL_TYPE (GanAddRow, gan_add_row, GAN, ADD_ROW, AdwBin)

typedef enum
{
  GAN_ADD_ROW_ALONE, /* a large picture above what is said of it */
  GAN_ADD_ROW_WIDE,
  GAN_ADD_ROW_NARROW,
} GanAddRowLook;

/* Signal "remove" (GanAddItem) when people take the link off the list. */
GtkWidget *gan_add_row_new (GanThumbnails *thumbnails, GListModel *queue) G_GNUC_WARN_UNUSED_RESULT;
void gan_add_row_bind (GanAddRow *self, GanAddItem *item);
void gan_add_row_unbind (GanAddRow *self);
void gan_add_row_set_look (GanAddRow *self, GanAddRowLook look);

G_END_DECLS
