/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One finished file. */
#pragma once

#include "gan-record.h"

G_BEGIN_DECLS

/* F (KIND, name). verified: "length", "container" or "none". */
#define GAN_LIBRARY_ROW_FIELDS(F)                                                                  \
  F (INT, id)                                                                                      \
  F (STRING, file)                                                                                 \
  F (INT, size)                                                                                    \
  F (INT, inode)                                                                                   \
  F (STRING, url)                                                                                  \
  F (STRING, platform)                                                                             \
  F (STRING, platform_id)                                                                          \
  F (STRING, title)                                                                                \
  F (STRING, creator)                                                                              \
  F (STRING, thumbnail_url)                                                                        \
  F (DOUBLE, duration)                                                                             \
  F (STRING, content_type)                                                                         \
  F (STRING, format_id)                                                                            \
  F (STRING, verified)                                                                             \
  F (TIME, finished_at)

#define GAN_TYPE_LIBRARY_ROW (gan_library_row_get_type ())
G_DECLARE_FINAL_TYPE (GanLibraryRow, gan_library_row, GAN, LIBRARY_ROW, GanRecord)

GanLibraryRow *gan_library_row_new (const char *file) G_GNUC_WARN_UNUSED_RESULT;
GanLibraryRow *gan_library_row_copy (GanLibraryRow *self) G_GNUC_WARN_UNUSED_RESULT;

#define GAN_LIBRARY_ROW_DECLARE(kind, name)                                                        \
  GAN_RECORD_DECLARE_##kind (GanLibraryRow, gan_library_row, name)
GAN_LIBRARY_ROW_FIELDS (GAN_LIBRARY_ROW_DECLARE)
#undef GAN_LIBRARY_ROW_DECLARE

G_END_DECLS
