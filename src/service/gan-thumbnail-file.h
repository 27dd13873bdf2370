/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A picture as it lies in the cache. Private to service.
 *
 * "GANTHUM1", width and height (4 bytes each, the highest first), SHA-256 of all else, then the
 * pixels packed by zlib, each as its difference to the one on its left. */
#pragma once

#include "gan-media-helper.h"

G_BEGIN_DECLS

GBytes *gan_thumbnail_file_pack (const GanPicture *picture,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
GanPicture *gan_thumbnail_file_unpack (GBytes *file, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
