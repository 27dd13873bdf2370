/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people choose from: a quality in words, and the wish that stands for it in the queue and in
 * the settings. Immutable. */
#pragma once

#include "gan-media.h"

G_BEGIN_DECLS

#define GAN_TYPE_QUALITY (gan_quality_get_type ())
G_DECLARE_FINAL_TYPE (GanQuality, gan_quality, GAN, QUALITY, GObject)

/* Properties "label" and "wish". */
const char *gan_quality_get_label (GanQuality *self);
const char *gan_quality_get_wish (GanQuality *self);

/* Models of GanQuality, best first: of what one link has on offer; of wishes for whatever comes. */
GListModel *gan_quality_list_for_media (GanMedia *media) G_GNUC_WARN_UNUSED_RESULT;
GListModel *gan_quality_list_wishes (void) G_GNUC_WARN_UNUSED_RESULT;

guint gan_quality_find_wish (GListModel *wishes, const char *wish);
guint gan_quality_find_for_media (GListModel *qualities, GanMedia *media, const char *wish);
gboolean gan_quality_is_on_offer (GanMedia *media, const char *wish);
gboolean gan_quality_has_video (GanMedia *media);
gboolean
gan_quality_is_one_format (const char *wish); /* a wish that makes sense for one link only */

G_END_DECLS
