/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-constraints.h"

#include "gan-error.h"
#include "gan-match.h"

/**
 * gan_constraints_check_media:
 * @self: (nullable): what a caller will not have
 * @media: what was found
 * @error: return location for an error
 *
 * Looks at what is known; a medium of unknown duration passes.
 *
 * Returns: whether @media may go on; else %GAN_ERROR_TOO_LARGE, reason "duration" or "kind"
 */
gboolean
gan_constraints_check_media (const GanConstraints *self, GanMedia *media, GError **error)
{
  GanKind kind;

  g_return_val_if_fail (GAN_IS_MEDIA (media), FALSE);

  if (self == NULL)
    return TRUE;
  if (self->max_duration > 0 && gan_media_get_duration (media) > self->max_duration)
    {
      gan_error_set (error,
                     GAN_ERROR_TOO_LARGE,
                     "duration",
                     "it lasts %.0f s, more than the %.0f s allowed",
                     gan_media_get_duration (media),
                     self->max_duration);
      return FALSE;
    }
  if (self->kinds != 0 && gan_kind_from_string (gan_media_get_content_type (media), &kind)
      && (self->kinds & (1u << kind)) == 0)
    {
      gan_error_set (error,
                     GAN_ERROR_TOO_LARGE,
                     "kind",
                     "media of kind '%s' are not wanted",
                     gan_kind_to_string (kind));
      return FALSE;
    }
  return TRUE;
}

/**
 * gan_constraints_check_format:
 * @self: (nullable): what a caller will not have
 * @format: what was chosen
 * @error: return location for an error
 *
 * Looks at what is known; a format of unknown size passes.
 *
 * Returns: whether @format may go on; else %GAN_ERROR_TOO_LARGE, reason "size"
 */
gboolean
gan_constraints_check_format (const GanConstraints *self, GanFormat *format, GError **error)
{
  g_return_val_if_fail (GAN_IS_FORMAT (format), FALSE);

  if (self == NULL || self->max_bytes <= 0 || gan_format_get_filesize (format) <= self->max_bytes)
    return TRUE;
  gan_error_set (error,
                 GAN_ERROR_TOO_LARGE,
                 "size",
                 "format '%s' has %" G_GINT64_FORMAT " bytes, more than the %" G_GINT64_FORMAT
                 " allowed",
                 gan_format_get_format_id (format),
                 gan_format_get_filesize (format),
                 self->max_bytes);
  return FALSE;
}
