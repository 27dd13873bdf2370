/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the structure of a media file says: kind, tracks, length, and whether its end is there.
 * Nothing is decoded. */
#pragma once

#include "gan-reader.h"
#include "gan-unknown.h"

G_BEGIN_DECLS

typedef enum
{
  GAN_WHOLE_UNKNOWN, /* nothing in the file says where it ends */
  GAN_WHOLE_YES,
  GAN_WHOLE_NO, /* the file itself says that more was to come */
} GanWhole;

typedef struct
{
  const char *name;
  double duration; /* seconds */
  int width;
  int height;
  guint n_video;
  guint n_audio;
  guint n_subtitle;
  GanWhole whole;
} GanContainer;

gboolean gan_container_read (GanContainer *self, int descriptor, GError **error);

/* One for each family; whether it is of that family. */
gboolean gan_container_read_mp4 (GanContainer *self, GanReader *reader);
gboolean gan_container_read_matroska (GanContainer *self, GanReader *reader);
gboolean gan_container_read_ogg (GanContainer *self, GanReader *reader);
gboolean gan_container_read_riff (GanContainer *self, GanReader *reader);
gboolean gan_container_read_ts (GanContainer *self, GanReader *reader);
gboolean gan_container_read_picture (GanContainer *self, GanReader *reader);
gboolean gan_container_read_mpeg_audio (GanContainer *self, GanReader *reader);

G_END_DECLS
