/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One way in which a medium is on offer: a quality, a container, an address. */
#pragma once

#include "gan-record.h"

G_BEGIN_DECLS

#define GAN_PROTOCOL_HTTP "http"
#define GAN_PROTOCOL_HLS "hls"
#define GAN_PROTOCOL_DASH "dash"

/* F (KIND, name): order is the order of keys in JSON (contracts.md §1). bitrate in bit/s, filesize
 * in bytes. vcodec and acodec: RFC 6381 names, or "none" where the track is known to be absent. */
#define GAN_FORMAT_FIELDS(F)                                                                       \
  F (STRING, format_id)                                                                            \
  F (STRING, quality)                                                                              \
  F (STRING, ext)                                                                                  \
  F (STRING, url)                                                                                  \
  F (INT, width)                                                                                   \
  F (INT, height)                                                                                  \
  F (INT, filesize)                                                                                \
  F (DOUBLE, fps)                                                                                  \
  F (STRING, vcodec)                                                                               \
  F (STRING, acodec)                                                                               \
  F (INT, bitrate)                                                                                 \
  F (FLAG, has_watermark)                                                                          \
  F (FLAG, is_live)                                                                                \
  F (STRING, protocol)                                                                             \
  F (HEADERS, headers)

#define GAN_TYPE_FORMAT (gan_format_get_type ())
G_DECLARE_FINAL_TYPE (GanFormat, gan_format, GAN, FORMAT, GanRecord)

GanFormat *gan_format_new (const char *format_id, const char *url) G_GNUC_WARN_UNUSED_RESULT;
void gan_format_set_size (GanFormat *self, gint64 width, gint64 height);
gboolean gan_format_is_direct (GanFormat *self);
gboolean gan_format_has_video (GanFormat *self);
gboolean gan_format_has_audio (GanFormat *self);

#define GAN_FORMAT_DECLARE(kind, name) GAN_RECORD_DECLARE_##kind (GanFormat, gan_format, name)
GAN_FORMAT_FIELDS (GAN_FORMAT_DECLARE)
#undef GAN_FORMAT_DECLARE

G_END_DECLS
