/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-media.h"

#include "gan-limits.h"
#include "gan-record-define.h"
#include "gan-text.h"

#define GAN_RECORD_ELEMENT_formats gan_format_get_type
#define GAN_RECORD_ELEMENT_items gan_media_get_type
#define GAN_RECORD_ELEMENT_subtitles gan_subtitle_get_type
#define GAN_RECORD_ELEMENT_chapters gan_chapter_get_type

#define GAN_MEDIA_FIELD(kind, name) GAN_RECORD_FIELD_##kind (GanMedia, name)
#define GAN_MEDIA_ACCESS(kind, name) GAN_RECORD_ACCESS_##kind (GanMedia, gan_media, name)
#define GAN_SUBTITLE_FIELD(kind, name) GAN_RECORD_FIELD_##kind (GanSubtitle, name)
#define GAN_SUBTITLE_ACCESS(kind, name) GAN_RECORD_ACCESS_##kind (GanSubtitle, gan_subtitle, name)
#define GAN_CHAPTER_FIELD(kind, name) GAN_RECORD_FIELD_##kind (GanChapter, name)
#define GAN_CHAPTER_ACCESS(kind, name) GAN_RECORD_ACCESS_##kind (GanChapter, gan_chapter, name)

GAN_RECORD_DEFINE (GanMedia, gan_media, GAN_MEDIA_FIELDS, GAN_MEDIA_FIELD, GAN_MEDIA_ACCESS)
GAN_RECORD_DEFINE (GanSubtitle,
                   gan_subtitle,
                   GAN_SUBTITLE_FIELDS,
                   GAN_SUBTITLE_FIELD,
                   GAN_SUBTITLE_ACCESS)
GAN_RECORD_DEFINE (GanChapter,
                   gan_chapter,
                   GAN_CHAPTER_FIELDS,
                   GAN_CHAPTER_FIELD,
                   GAN_CHAPTER_ACCESS)

/**
 * gan_media_new:
 *
 * Returns: (transfer full): a medium of which nothing is known
 */
GanMedia *
gan_media_new (void)
{
  return g_object_new (GAN_TYPE_MEDIA, NULL);
}

/**
 * gan_subtitle_new:
 *
 * Returns: (transfer full): a subtitle of which nothing is known
 */
GanSubtitle *
gan_subtitle_new (void)
{
  return g_object_new (GAN_TYPE_SUBTITLE, NULL);
}

/**
 * gan_chapter_new:
 *
 * Returns: (transfer full): a chapter of which nothing is known
 */
GanChapter *
gan_chapter_new (void)
{
  return g_object_new (GAN_TYPE_CHAPTER, NULL);
}

/**
 * gan_media_has_media:
 * @self: a medium
 *
 * Returns: whether there is something to fetch: a format, or items
 */
gboolean
gan_media_has_media (GanMedia *self)
{
  g_return_val_if_fail (GAN_IS_MEDIA (self), FALSE);

  return self->formats->len > 0 || self->items->len > 0;
}

/**
 * gan_media_set_text:
 * @self: a medium that is not sealed
 * @text: (nullable): what its author wrote, as plain text
 *
 * Sets the description to the whole of @text and, where there is no title yet, the title to its
 * first line, cut at %GAN_LIMIT_TITLE_CHARS characters between words.
 */
void
gan_media_set_text (GanMedia *self, const char *text)
{
  g_autofree char *title = NULL;

  g_return_if_fail (GAN_IS_MEDIA (self));

  gan_media_set_description (self, text);
  if (self->title != NULL || self->description == NULL)
    return;
  title = gan_text_first_line (self->description, GAN_LIMIT_TITLE_CHARS);
  gan_media_set_title (self, title);
}
