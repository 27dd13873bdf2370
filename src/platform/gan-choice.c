/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-choice.h"

#include "gan-error.h"

#define MAX_LINES 100000

/* What a wish for one format begins with. */
#define FORMAT_WISH "format:"

typedef enum
{
  WISH_BEST,
  WISH_AUDIO,
  WISH_FORMAT_ID,
} Wish;

struct _GanChoice
{
  Wish wish;
  gint64 max_lines; /* of WISH_BEST; 0: any */
  char *format_id;
};

static void
choice_clear (gpointer data)
{
  GanChoice *self = data;

  g_free (self->format_id);
}

static GanChoice *
choice_new (Wish wish, gint64 max_lines, const char *format_id)
{
  GanChoice *self = g_atomic_rc_box_new0 (GanChoice);

  self->wish = wish;
  self->max_lines = max_lines;
  self->format_id = g_strdup (format_id);
  return self;
}

/**
 * gan_choice_new_best:
 *
 * Returns: (transfer full): the wish for the best there is
 */
GanChoice *
gan_choice_new_best (void)
{
  return choice_new (WISH_BEST, 0, NULL);
}

/**
 * gan_choice_new_from_quality:
 * @quality: "best", "audio", or lines such as "1080p" (contracts.md §1, -q)
 * @error: return location for an error
 *
 * Returns: (transfer full): the wish, or %NULL with %GAN_ERROR_INVALID_DATA, reason "quality"
 */
GanChoice *
gan_choice_new_from_quality (const char *quality, GError **error)
{
  g_autofree char *digits = NULL;
  guint64 lines;

  g_return_val_if_fail (quality != NULL, NULL);

  if (g_str_equal (quality, "best"))
    return gan_choice_new_best ();
  if (g_str_equal (quality, "audio"))
    return choice_new (WISH_AUDIO, 0, NULL);
  if (g_str_has_suffix (quality, "p"))
    {
      digits = g_strdup (quality);
      digits[strlen (digits) - 1] = '\0';
      if (g_ascii_string_to_unsigned (digits, 10, 1, MAX_LINES, &lines, NULL))
        return choice_new (WISH_BEST, lines, NULL);
    }
  gan_error_set (error,
                 GAN_ERROR_INVALID_DATA,
                 "quality",
                 "'%s' is no quality: best, audio, or lines such as 1080p",
                 quality);
  return NULL;
}

/**
 * gan_choice_new_from_wish:
 * @wish: (nullable): what a stored job says: a quality as gan_choice_new_from_quality() takes it,
 *   or "format:ID"; %NULL for the best
 * @error: return location for an error
 *
 * Returns: (transfer full): the wish, or %NULL with %GAN_ERROR_INVALID_DATA, reason "quality"
 */
GanChoice *
gan_choice_new_from_wish (const char *wish, GError **error)
{
  if (wish == NULL)
    return gan_choice_new_best ();
  if (g_str_has_prefix (wish, FORMAT_WISH) && wish[strlen (FORMAT_WISH)] != '\0')
    return gan_choice_new_from_format_id (wish + strlen (FORMAT_WISH));
  return gan_choice_new_from_quality (wish, error);
}

/**
 * gan_choice_new_from_format_id:
 * @format_id: the id of a format
 *
 * Returns: (transfer full): the wish for that very format
 */
GanChoice *
gan_choice_new_from_format_id (const char *format_id)
{
  g_return_val_if_fail (format_id != NULL, NULL);

  return choice_new (WISH_FORMAT_ID, 0, format_id);
}

/**
 * gan_choice_ref:
 * @self: a choice
 *
 * Returns: (transfer full): @self with one reference more
 */
GanChoice *
gan_choice_ref (GanChoice *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

/**
 * gan_choice_unref:
 * @self: (transfer full): a choice
 *
 * Gives one reference back; the last one frees it.
 */
void
gan_choice_unref (GanChoice *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, choice_clear);
}

/* What 1080p counts: the shorter side, so that an upright clip of 1080 by 1920 is 1080p too. */
static gint64
get_lines (GanFormat *format)
{
  gint64 width = gan_format_get_width (format);
  gint64 height = gan_format_get_height (format);

  return width > 0 && height > 0 ? MIN (width, height) : height;
}

/* Sound and picture, picture alone, anything else. */
static int
get_completeness (GanFormat *format)
{
  if (gan_format_has_video (format))
    return gan_format_has_audio (format) ? 2 : 1;
  return 0;
}

static int
compare (gint64 a, gint64 b)
{
  return (a > b) - (a < b);
}

/* Greater than 0 where a is better than b. */
static int
compare_formats (GanFormat *a, GanFormat *b)
{
  int order = compare (get_completeness (a), get_completeness (b));

  if (order == 0)
    order = compare (get_lines (a), get_lines (b));
  if (order == 0)
    order = compare (gan_format_get_has_watermark (b) == 1, gan_format_get_has_watermark (a) == 1);
  if (order == 0)
    order = compare (gan_format_get_bitrate (a), gan_format_get_bitrate (b));
  if (order == 0)
    order = compare (g_strcmp0 (gan_format_get_ext (a), "mp4") == 0,
                     g_strcmp0 (gan_format_get_ext (b), "mp4") == 0);
  return order;
}

/* Above a wish for lines, smaller is better; below it, all is as usual. */
static int
compare_by_wish (GanChoice *self, GanFormat *a, GanFormat *b)
{
  gboolean a_above = self->max_lines > 0 && get_lines (a) > self->max_lines;
  gboolean b_above = self->max_lines > 0 && get_lines (b) > self->max_lines;
  int order = compare (get_completeness (a), get_completeness (b));

  if (order == 0)
    order = compare (b_above, a_above);
  if (order == 0 && a_above)
    order = compare (get_lines (b), get_lines (a));
  return order != 0 ? order : compare_formats (a, b);
}

static gboolean
is_candidate (GanChoice *self, GanFormat *format)
{
  if (!gan_format_is_direct (format))
    return FALSE;
  return self->wish != WISH_AUDIO
         || (gan_format_has_audio (format) && !gan_format_has_video (format));
}

static GanFormat *
find_best (GanChoice *self, GPtrArray *formats)
{
  GanFormat *best = NULL;

  for (guint i = 0; i < formats->len; i++)
    {
      GanFormat *format = g_ptr_array_index (formats, i);

      if (is_candidate (self, format) && (best == NULL || compare_by_wish (self, format, best) > 0))
        best = format;
    }
  return best;
}

static GanFormat *
find_id (GPtrArray *formats, const char *format_id)
{
  for (guint i = 0; i < formats->len; i++)
    {
      GanFormat *format = g_ptr_array_index (formats, i);

      if (g_strcmp0 (gan_format_get_format_id (format), format_id) == 0)
        return format;
    }
  return NULL;
}

static void
set_not_found (GanChoice *self, GPtrArray *formats, GError **error)
{
  gboolean has_direct = FALSE;

  for (guint i = 0; i < formats->len; i++)
    has_direct |= gan_format_is_direct (g_ptr_array_index (formats, i));
  if (formats->len == 0)
    gan_error_set (error, GAN_ERROR_NOT_FOUND, "no-media", "there are no media to download");
  else if (self->wish == WISH_FORMAT_ID)
    gan_error_set (error,
                   GAN_ERROR_NOT_FOUND,
                   "no-format",
                   "there is no format '%s'",
                   self->format_id);
  else if (!has_direct)
    gan_error_set (error,
                   GAN_ERROR_UNSUPPORTED_URL,
                   "protocol",
                   "it is on offer as HLS or DASH only");
  else
    gan_error_set (error, GAN_ERROR_NOT_FOUND, "no-format", "no format has sound alone");
}

/**
 * gan_choice_select:
 * @self: a choice
 * @media: what was found
 * @error: return location for an error
 *
 * A format with sound and picture is better than one with picture alone, more lines are better,
 * then none of a watermark, a higher bit rate, and mp4. A wish for lines takes the best not above
 * them, else the smallest. HLS and DASH are taken only by their id.
 *
 * Returns: (transfer full): the format; or %NULL with %GAN_ERROR_NOT_FOUND, reason "no-media" or
 *   "no-format", and with %GAN_ERROR_UNSUPPORTED_URL, reason "protocol", where only HLS or DASH is
 *   on offer
 */
GanFormat *
gan_choice_select (GanChoice *self, GanMedia *media, GError **error)
{
  GPtrArray *formats;
  GanFormat *format;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (GAN_IS_MEDIA (media), NULL);

  formats = gan_media_get_formats (media);
  format = self->wish == WISH_FORMAT_ID ? find_id (formats, self->format_id)
                                        : find_best (self, formats);
  if (format == NULL)
    {
      set_not_found (self, formats, error);
      return NULL;
    }
  return g_object_ref (format);
}
