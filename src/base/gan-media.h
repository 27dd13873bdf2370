/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a link leads to: one item, or a post whose media are items of their own. */
#pragma once

#include "gan-format.h"

G_BEGIN_DECLS

/* F (KIND, name): order is the order of keys in JSON (contracts.md §1). duration in seconds. */
#define GAN_MEDIA_FIELDS(F)                                                                        \
  F (STRING, url)                                                                                  \
  F (STRING, platform)                                                                             \
  F (STRING, platform_id)                                                                          \
  F (STRING, title)                                                                                \
  F (STRING, description)                                                                          \
  F (STRING, thumbnail_url)                                                                        \
  F (DOUBLE, duration)                                                                             \
  F (STRING, creator)                                                                              \
  F (STRING, creator_id)                                                                           \
  F (STRING, creator_avatar)                                                                       \
  F (STRING, content_type)                                                                         \
  F (STRV, hashtags)                                                                               \
  F (STRV, mentions)                                                                               \
  F (INT, view_count)                                                                              \
  F (INT, like_count)                                                                              \
  F (INT, comment_count)                                                                           \
  F (INT, share_count)                                                                             \
  F (TIME, published_at)                                                                           \
  F (LIST, formats)                                                                                \
  F (LIST, items)                                                                                  \
  F (LIST, subtitles)                                                                              \
  F (LIST, chapters)                                                                               \
  F (JSON, extra_data)

#define GAN_SUBTITLE_FIELDS(F)                                                                     \
  F (STRING, language)                                                                             \
  F (STRING, name)                                                                                 \
  F (STRING, url)                                                                                  \
  F (STRING, ext)

#define GAN_CHAPTER_FIELDS(F)                                                                      \
  F (STRING, title)                                                                                \
  F (DOUBLE, start)                                                                                \
  F (DOUBLE, end)

#define GAN_TYPE_MEDIA (gan_media_get_type ())
G_DECLARE_FINAL_TYPE (GanMedia, gan_media, GAN, MEDIA, GanRecord)
#define GAN_TYPE_SUBTITLE (gan_subtitle_get_type ())
G_DECLARE_FINAL_TYPE (GanSubtitle, gan_subtitle, GAN, SUBTITLE, GanRecord)
#define GAN_TYPE_CHAPTER (gan_chapter_get_type ())
G_DECLARE_FINAL_TYPE (GanChapter, gan_chapter, GAN, CHAPTER, GanRecord)

GanMedia *gan_media_new (void) G_GNUC_WARN_UNUSED_RESULT;
GanSubtitle *gan_subtitle_new (void) G_GNUC_WARN_UNUSED_RESULT;
GanChapter *gan_chapter_new (void) G_GNUC_WARN_UNUSED_RESULT;

#define GAN_MEDIA_DECLARE(kind, name) GAN_RECORD_DECLARE_##kind (GanMedia, gan_media, name)
GAN_MEDIA_FIELDS (GAN_MEDIA_DECLARE)
#undef GAN_MEDIA_DECLARE
#define GAN_SUBTITLE_DECLARE(kind, name) GAN_RECORD_DECLARE_##kind (GanSubtitle, gan_subtitle, name)
GAN_SUBTITLE_FIELDS (GAN_SUBTITLE_DECLARE)
#undef GAN_SUBTITLE_DECLARE
#define GAN_CHAPTER_DECLARE(kind, name) GAN_RECORD_DECLARE_##kind (GanChapter, gan_chapter, name)
GAN_CHAPTER_FIELDS (GAN_CHAPTER_DECLARE)
#undef GAN_CHAPTER_DECLARE

gboolean gan_media_has_media (GanMedia *self);
void gan_media_set_text (GanMedia *self, const char *text);

G_END_DECLS
