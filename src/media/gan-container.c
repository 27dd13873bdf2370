/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-container.h"

#include "gan-error.h"
#include "gan-limits.h"

/**
 * gan_container_read:
 * @self: (out caller-allocates): what the file says of itself; no name where it is of no known kind
 * @descriptor: a file that can be sought in
 * @error: %GAN_ERROR_INVALID_DATA for an empty file, %GAN_ERROR_INTERNAL where it cannot be read
 *
 * Returns: whether the file could be looked at
 */
gboolean
gan_container_read (GanContainer *self, int descriptor, GError **error)
{
  static gboolean (*const families[]) (GanContainer *, GanReader *) = {
    gan_container_read_mp4,        gan_container_read_matroska, gan_container_read_ogg,
    gan_container_read_riff,       gan_container_read_ts,       gan_container_read_picture,
    gan_container_read_mpeg_audio,
  };
  g_autofree GanReader *reader = g_new0 (GanReader, 1);
  gboolean found = FALSE;

  g_return_val_if_fail (self != NULL, FALSE);

  if (!gan_reader_init (reader, descriptor) || reader->size == 0)
    {
      gan_error_set (error,
                     reader->size == 0 ? GAN_ERROR_INVALID_DATA : GAN_ERROR_INTERNAL,
                     "descriptor",
                     "there are no bytes to read");
      return FALSE;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (families) && !found; i++)
    {
      *self = (GanContainer){
        .duration = GAN_UNKNOWN,
        .width = GAN_UNKNOWN,
        .height = GAN_UNKNOWN,
      };
      found = families[i](self, reader);
    }
  if (!(self->duration >= 0 && self->duration <= GAN_LIMIT_DURATION_SECONDS))
    self->duration = GAN_UNKNOWN;
  return TRUE;
}
