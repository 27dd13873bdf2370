/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A picture of 16 by 9 with round corners, fetched only while it can be seen; until then, and where
 * there is none, an icon for the kind of thing. */
#pragma once

#include "gan-thumbnails.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define GAN_TYPE_THUMBNAIL (gan_thumbnail_get_type ())
G_DECLARE_FINAL_TYPE (GanThumbnail, gan_thumbnail, GAN, THUMBNAIL, GtkWidget)

/* Property "width" in pixels, 112 by default. */
GtkWidget *gan_thumbnail_new (void) G_GNUC_WARN_UNUSED_RESULT;

/* kind: "video", "audio", "image", or NULL for any other file. url NULL: no picture. */
void gan_thumbnail_set_url (GanThumbnail *self,
                            GanThumbnails *thumbnails,
                            const char *url,
                            const char *kind);
gboolean gan_thumbnail_has_picture (GanThumbnail *self);

G_END_DECLS
