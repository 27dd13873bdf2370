/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-reporter.h"

#include "gan-unknown.h"

#define SHORTEST_MICROSECONDS (G_USEC_PER_SEC / 4)

/**
 * gan_reporter_tell:
 * @self: a reporter
 * @state: what the transfer does now; %GAN_TRANSFER_DONE is always told
 *
 * Calls the function of the options in the calling thread, unless it was called a moment ago.
 */
void
gan_reporter_tell (GanReporter *self, GanTransferState state)
{
  g_autofree char *file = NULL;
  GanProgress progress = { state, NULL, 0, GAN_UNKNOWN, GAN_UNKNOWN, GAN_UNKNOWN };
  gint64 now = 0;

  g_return_if_fail (self != NULL);

  now = gan_clock_get_monotonic (self->clock);
  if (self->func == NULL
      || (state != GAN_TRANSFER_DONE && self->told_at != GAN_UNKNOWN
          && now - self->told_at < SHORTEST_MICROSECONDS))
    return;
  self->told_at = now;
  if (self->target->state != NULL)
    {
      const GanVersion *version = self->target->state->version;

      file = gan_folder_dup_path (self->target->folder, self->target->state->file);
      progress.file = file;
      progress.downloaded = gan_version_get_have (version);
      progress.total = version->length;
    }
  progress.speed = gan_speed_get (self->speed, now);
  if (progress.total != GAN_UNKNOWN)
    progress.eta = gan_speed_get_eta (self->speed, now, progress.total - progress.downloaded);
  self->func (&progress, self->user_data);
}
