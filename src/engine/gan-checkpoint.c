/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-checkpoint.h"

/* The state file is to be renewed every second, so a little sooner. */
#define SAVE_MICROSECONDS (G_USEC_PER_SEC * 9 / 10)

/* What is given up when the disk is so full that there is no room for the state file. */
#define SACRIFICE_BYTES (64 * 1024)

/**
 * gan_checkpoint_init:
 * @self: a checkpoint
 * @target: the files, which may not be claimed yet; must outlive it
 * @clock: the time; must outlive it
 */
void
gan_checkpoint_init (GanCheckpoint *self, GanTarget *target, GanClock *clock)
{
  g_return_if_fail (self != NULL && target != NULL && GAN_IS_CLOCK (clock));

  self->target = target;
  self->clock = clock;
  self->saved_at = gan_clock_get_monotonic (clock);
}

/**
 * gan_checkpoint_is_due:
 * @self: a checkpoint
 *
 * Returns: whether the last one is so long ago that a kill would cost more than is promised
 */
gboolean
gan_checkpoint_is_due (const GanCheckpoint *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return gan_clock_get_monotonic (self->clock) - self->saved_at >= SAVE_MICROSECONDS;
}

/* After a failure nothing since the last success counts. */
static gboolean
sync_part (GanCheckpoint *self, gint64 now, GError **error)
{
  GanVersion *version = self->target->state->version;

  if (!gan_part_file_sync (self->target->part, now, error))
    {
      gan_version_trust_durable (version);
      return FALSE;
    }
  gan_version_set_durable (version);
  return TRUE;
}

static gboolean
drop_aside_if_outgrown (GanCheckpoint *self, GError **error)
{
  GanStateFile *state = self->target->state;

  if (state->aside == NULL
      || gan_version_get_have (state->version) < gan_version_get_have (state->aside))
    return TRUE;
  return gan_target_drop_aside (self->target, error);
}

static gboolean
save_state (GanCheckpoint *self, GError **error)
{
  return gan_state_file_save (self->target->state, self->target->folder, error);
}

/**
 * gan_checkpoint_save:
 * @self: a checkpoint whose target is claimed
 * @error: return location
 *
 * Writes the state file; makes the bytes durable before, when that is due.
 *
 * Returns: whether it did; else %GAN_ERROR_DISK or %GAN_ERROR_NO_SPACE
 */
gboolean
gan_checkpoint_save (GanCheckpoint *self, GError **error)
{
  gint64 now = 0;

  g_return_val_if_fail (self != NULL && self->target->part != NULL, FALSE);

  now = gan_clock_get_monotonic (self->clock);
  self->saved_at = now;
  if (gan_part_file_needs_sync (self->target->part, now) && !sync_part (self, now, error))
    return FALSE;
  return drop_aside_if_outgrown (self, error) && save_state (self, error);
}

/* The last bytes make room for the note that the others are here. */
static gboolean
save_on_full_disk (GanCheckpoint *self)
{
  GanVersion *version = self->target->state->version;

  if (save_state (self, NULL))
    return TRUE;
  gan_version_set_have (version, MAX (gan_version_get_have (version) - SACRIFICE_BYTES, 0));
  return gan_part_file_truncate (self->target->part, gan_version_get_have (version), NULL)
         && save_state (self, NULL);
}

/**
 * gan_checkpoint_leave:
 * @self: a checkpoint
 *
 * Leaves what is here so that the next run finds it, and nothing where no byte came. Fast first,
 * then durable. What fails now fails on top of another failure; the state file that stands is good.
 */
void
gan_checkpoint_leave (GanCheckpoint *self)
{
  GanTarget *target = NULL;

  g_return_if_fail (self != NULL);

  target = self->target;
  if (target->state == NULL || target->part == NULL)
    return;
  if (target->state->aside == NULL && gan_part_file_get_size (target->part) == 0)
    {
      gan_target_discard (target, NULL);
      return;
    }
  if (!save_on_full_disk (self) || gan_version_get_have (target->state->version) == 0)
    return;
  sync_part (self, gan_clock_get_monotonic (self->clock), NULL);
  drop_aside_if_outgrown (self, NULL);
  save_state (self, NULL);
}
