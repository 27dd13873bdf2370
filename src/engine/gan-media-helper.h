/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gannet-media as seen from the programs: a private helper process that touches hostile bytes,
 * locked in before it reads any (design.md §7). This side opens every file and passes descriptors;
 * the helper gets no path and no URL. A helper that crashes, hangs or is killed ends the one call
 * with a typed error; the next call starts another. Thread-safe; the calls block. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A picture in memory: RGBA, 8 bits each, not premultiplied, rows of 4 * width bytes. */
typedef struct _GanPicture
{
  int width;
  int height;
  GBytes *pixels;
} GanPicture;

void gan_picture_free (GanPicture *self);

/* What a container, or a picture, holds. Seconds, pixels, counts; GAN_UNKNOWN or -1 where unknown.
 */
typedef struct
{
  char *container; /* "mp4", "webm", "mkv", "ts", "ogg", "mp3" … or NULL */
  double duration;
  int width;
  int height;
  guint n_video;
  guint n_audio;
  guint n_subtitle;
  gboolean complete;  /* the container's own structure says that nothing is missing */
  gboolean truncated; /* it says that something is; neither: it does not tell */
} GanProbe;

void gan_probe_free (GanProbe *self);

typedef struct _GanMediaHelper GanMediaHelper;

GanMediaHelper *gan_media_helper_new (const char *program) G_GNUC_WARN_UNUSED_RESULT;
void gan_media_helper_free (GanMediaHelper *self);

GanPicture *gan_media_helper_decode_image (GanMediaHelper *self,
                                           GBytes *file,
                                           int max_size,
                                           GCancellable *cancellable,
                                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
GanProbe *gan_media_helper_probe (GanMediaHelper *self,
                                  int fd,
                                  GCancellable *cancellable,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanPicture, gan_picture_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanProbe, gan_probe_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanMediaHelper, gan_media_helper_free)

G_END_DECLS
