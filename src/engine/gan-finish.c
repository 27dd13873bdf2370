/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-finish.h"

#include "gan-error.h"

/* Dates before 1990 and beyond tomorrow are mistakes or worse. */
#define OLDEST_TIME G_GINT64_CONSTANT (631152000)
#define FUTURE_SECONDS (24 * 3600)

static void
set_time (GanTarget *target, gint64 modified, GanClock *clock)
{
  gint64 now = gan_clock_get_wall (clock);

  if (modified >= OLDEST_TIME && modified <= now + FUTURE_SECONDS)
    gan_part_file_set_time (target->part, MIN (modified, now));
}

/* All bytes are durable before anything says so. */
static gboolean
make_complete (GanTarget *target, gint64 modified, GanClock *clock, GError **error)
{
  GanStateFile *state = target->state;
  gint64 have = gan_version_get_have (state->version);

  if (!gan_target_drop_aside (target, error) || !gan_part_file_truncate (target->part, have, error))
    return FALSE;
  set_time (target, modified, clock);
  if (!gan_part_file_sync (target->part, gan_clock_get_monotonic (clock), error))
    {
      gan_version_trust_durable (state->version);
      return FALSE;
    }
  gan_version_set_durable (state->version);
  state->version->length = have;
  state->complete = TRUE;
  return gan_state_file_save (state, target->folder, error);
}

/* The name may have been taken while the bytes came. The new one is noted before it is used, so
 * that the file is found again under it. */
static gboolean
publish (GanTarget *target, GError **error)
{
  GanStateFile *state = target->state;
  g_autofree char *first_choice = g_strdup (state->file);

  while (TRUE)
    {
      g_autoptr (GError) problem = NULL;

      if (gan_folder_publish (target->folder,
                              gan_part_file_get_name (target->part),
                              state->file,
                              &problem))
        return TRUE;
      if (!g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_EXISTS))
        {
          g_propagate_error (error, g_steal_pointer (&problem));
          return FALSE;
        }
      g_free (state->file);
      state->file = gan_target_dup_free_name (target, first_choice, error);
      if (state->file == NULL || !gan_state_file_save (state, target->folder, error))
        return FALSE;
    }
}

/**
 * gan_finish_run:
 * @target: the files of a transfer that has all its bytes
 * @modified: when the remote file was last changed, Unix seconds; what is not believable is ignored
 * @clock: the time
 * @error: return location
 *
 * Gives the file its final name. A name that was taken meanwhile is left alone. After a failure the
 * files are as good as before, and the next run goes on. The note that it is complete stays for a
 * job, whose next run finds the file by it.
 *
 * Returns: whether it did; else %GAN_ERROR_DISK, %GAN_ERROR_NO_SPACE
 */
gboolean
gan_finish_run (GanTarget *target, gint64 modified, GanClock *clock, GError **error)
{
  g_return_val_if_fail (target != NULL && target->state != NULL && target->part != NULL, FALSE);

  if (!gan_folder_check_place (target->folder, error))
    return FALSE;
  if (!target->state->complete && !make_complete (target, modified, clock, error))
    return FALSE;
  if (!publish (target, error) || !gan_folder_sync (target->folder, error))
    return FALSE;
  return target->state->job != NULL || gan_state_file_remove (target->state, target->folder, error);
}

/**
 * gan_finish_is_done:
 * @folder: where
 * @state: what an earlier run left
 *
 * Returns: whether that run was cut off after it had renamed the file: its inode stands under the
 *   final name
 */
gboolean
gan_finish_is_done (GanFolder *folder, GanStateFile *state)
{
  gint64 size = 0;

  g_return_val_if_fail (folder != NULL && state != NULL, FALSE);

  return state->complete && state->inode != 0
         && gan_folder_get_inode (folder, state->file, &size) == state->inode
         && size == gan_version_get_have (state->version);
}

/**
 * gan_finish_heal:
 * @target: a target of which gan_finish_is_done() holds
 * @error: return location
 *
 * Does the steps that were left: where the file system cannot rename without replacing, its first
 * name may still be there too.
 *
 * Returns: whether it did
 */
gboolean
gan_finish_heal (GanTarget *target, GError **error)
{
  g_autofree char *part = NULL;

  g_return_val_if_fail (target != NULL && target->state != NULL, FALSE);

  part = g_strconcat (target->state->stem, GAN_PART_SUFFIX, NULL);
  if (gan_folder_get_inode (target->folder, part, NULL) == target->state->inode
      && !gan_folder_remove (target->folder, part, error))
    return FALSE;
  return gan_folder_sync (target->folder, error)
         && (target->state->job != NULL
             || gan_state_file_remove (target->state, target->folder, error));
}
