/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-target.h"

#include "gan-error.h"
#include "gan-file-name.h"
#include "gan-finish.h"

#include <string.h>

#define MOST_NAMES 10000

/**
 * gan_target_clear:
 * @self: a target
 *
 * Lets go of the files; what is on disk stays.
 */
void
gan_target_clear (GanTarget *self)
{
  g_clear_pointer (&self->state, gan_state_file_free);
  g_clear_pointer (&self->part, gan_part_file_free);
}

/* The state file may count more than there is, when somebody cut or removed a file beside it. */
static void
adopt (GanTarget *self, GanStateFile *state, GanPartFile *part)
{
  gint64 size = gan_part_file_get_size (part);

  if (gan_version_get_have (state->version) > size)
    gan_version_set_have (state->version, size);
  if (gan_version_get_have (state->version) != state->version->length)
    state->complete = FALSE;
  if (!gan_part_file_has_aside (part))
    g_clear_pointer (&state->aside, gan_version_free);
  state->inode = gan_part_file_get_inode (part);
  self->state = state;
  self->part = part;
}

/* Takes the files of @state if they can be had. */
static gboolean
try_to_take (GanTarget *self, GanStateFile *owned, GError **error)
{
  g_autoptr (GanStateFile) state = owned;
  GanPartFile *part = NULL;

  g_free (state->job);
  state->job = g_strdup (self->job);
  if (gan_finish_is_done (self->folder, state))
    {
      self->state = g_steal_pointer (&state);
      return TRUE;
    }
  if (!gan_part_file_open (self->folder, state->stem, state->aside != NULL, &part, error))
    return FALSE;
  if (part == NULL && !gan_part_file_create (self->folder, state->stem, &part, error))
    return FALSE;
  if (part != NULL)
    adopt (self, g_steal_pointer (&state), part);
  return TRUE;
}

/* Nobody else has a right to it. */
static gboolean
may_take (GanTarget *self, const GanStateFile *state)
{
  return state->job == NULL || g_strcmp0 (state->job, self->job) == 0
         || (self->is_job_gone != NULL && self->is_job_gone (state->job, self->job_data));
}

/**
 * gan_target_find:
 * @self: a target of which only folder and job are set
 * @plan: what is to be fetched
 * @wanted_name: (nullable): the name that the user chose
 * @error: return location
 *
 * Looks for a state file of the same source, item, format and chosen name. Files that another
 * transfer holds, or that belong to another job that is not gone, are passed over. A state file
 * without its part file begins at the first byte.
 *
 * Returns: FALSE on %GAN_ERROR_DISK; else state and part are set if there was one
 */
gboolean
gan_target_find (GanTarget *self, GanPlan *plan, const char *wanted_name, GError **error)
{
  g_autoptr (GPtrArray) names = NULL;

  g_return_val_if_fail (self != NULL && self->folder != NULL && plan != NULL, FALSE);

  names = gan_folder_list (self->folder, GAN_PART_SUFFIX_STATE);
  for (guint i = 0; i < names->len && self->state == NULL; i++)
    {
      const char *name = g_ptr_array_index (names, i);
      g_autofree char *stem = g_strndup (name, strlen (name) - strlen (GAN_PART_SUFFIX_STATE));
      g_autoptr (GanStateFile) state = gan_state_file_load (self->folder, stem);

      if (state != NULL && gan_state_file_is_of (state, plan, wanted_name) && may_take (self, state)
          && !try_to_take (self, g_steal_pointer (&state), error))
        return FALSE;
    }
  return TRUE;
}

/* The @n-th name to try: "name.ext", "name (1).ext", … */
static char *
dup_nth_name (const char *name, guint n)
{
  g_autofree char *suffix = g_strdup_printf (" (%u)", n);

  return n == 0 ? g_strdup (name) : gan_file_name_add_suffix (name, suffix);
}

static void
set_no_name (GError **error, const char *name)
{
  gan_error_set (error, GAN_ERROR_DISK, "name", "no free name like %s", name);
}

static gboolean
has (GanFolder *folder, const char *stem, const char *suffix)
{
  g_autofree char *name = g_strconcat (stem, suffix, NULL);

  return gan_folder_has (folder, name);
}

/* A state file that was cut off in the writing is ours if there is a part file to it; an empty one
 * will be claimed with it. */
static gboolean
is_taken (GanFolder *folder, const char *name, const char *stem)
{
  return gan_folder_has (folder, name) || has (folder, stem, GAN_PART_SUFFIX_STATE)
         || has (folder, stem, GAN_PART_SUFFIX_ASIDE)
         || (has (folder, stem, GAN_PART_SUFFIX_STATE_NEW) && !has (folder, stem, GAN_PART_SUFFIX));
}

/**
 * gan_target_claim:
 * @self: a target of which only folder and job are set
 * @plan: what is to be fetched
 * @wanted_name: (nullable): the name that the user chose
 * @name: the name that the file is to have if it is free
 * @error: return location
 *
 * Makes an empty, locked part file for the first of "name.ext", "name (1).ext", … that is neither
 * taken nor being fetched by another transfer. The state is not written yet. A chosen name that is
 * too long for the suffixes keeps its length; the files beside it get a shorter one.
 *
 * Returns: whether it did; else %GAN_ERROR_DISK or %GAN_ERROR_NO_SPACE
 */
gboolean
gan_target_claim (GanTarget *self,
                  GanPlan *plan,
                  const char *wanted_name,
                  const char *name,
                  GError **error)
{
  g_return_val_if_fail (self != NULL && self->folder != NULL && plan != NULL && name != NULL,
                        FALSE);

  for (guint i = 0; i < MOST_NAMES; i++)
    {
      g_autofree char *file = dup_nth_name (name, i);
      g_autofree char *stem = gan_file_name_add_suffix (file, "");

      if (is_taken (self->folder, file, stem))
        continue;
      if (!gan_part_file_create (self->folder, stem, &self->part, error))
        return FALSE;
      if (self->part == NULL)
        continue;
      self->state = gan_state_file_new (plan, wanted_name, stem);
      self->state->file = g_steal_pointer (&file);
      self->state->job = g_strdup (self->job);
      self->state->inode = gan_part_file_get_inode (self->part);
      return TRUE;
    }
  set_no_name (error, name);
  return FALSE;
}

/**
 * gan_target_dup_free_name:
 * @self: a target
 * @name: a name that is taken
 * @error: return location
 *
 * Returns: (transfer full): the next like it that is free at the moment, or NULL with
 *   %GAN_ERROR_DISK
 */
char *
gan_target_dup_free_name (GanTarget *self, const char *name, GError **error)
{
  g_return_val_if_fail (self != NULL && name != NULL, NULL);

  for (guint i = 1; i < MOST_NAMES; i++)
    {
      g_autofree char *file = dup_nth_name (name, i);

      if (!gan_folder_has (self->folder, file))
        return g_steal_pointer (&file);
    }
  set_no_name (error, name);
  return NULL;
}

/**
 * gan_target_discard:
 * @self: a target with its files
 * @error: return location
 *
 * Removes part file and state file: those that the state file vouches for, and whose lock is held.
 *
 * Returns: whether they are gone
 */
gboolean
gan_target_discard (GanTarget *self, GError **error)
{
  g_return_val_if_fail (self != NULL && self->state != NULL, FALSE);

  if (self->part != NULL
      && (!gan_part_file_drop_aside (self->part, error)
          || !gan_folder_remove (self->folder, gan_part_file_get_name (self->part), error)))
    return FALSE;
  return gan_state_file_remove (self->state, self->folder, error);
}

/* What the @index-th state file says, if it belongs to a job. */
static GanStateFile *
load_of_job (GanFolder *folder, GPtrArray *names, guint index)
{
  const char *name = g_ptr_array_index (names, index);
  g_autofree char *stem = g_strndup (name, strlen (name) - strlen (GAN_PART_SUFFIX_STATE));
  g_autoptr (GanStateFile) state = gan_state_file_load (folder, stem);

  return state != NULL && state->job != NULL ? g_steal_pointer (&state) : NULL;
}

/* Finished: the note goes. Not finished: all goes, unless somebody writes to it. */
static gboolean
leave (GanFolder *folder, GanStateFile *owned, GError **error)
{
  g_auto (GanTarget) target = { .folder = folder };
  g_autoptr (GanStateFile) state = owned;

  g_clear_pointer (&state->job, g_free);
  if (gan_finish_is_done (folder, state))
    {
      target.state = g_steal_pointer (&state);
      return gan_finish_heal (&target, error);
    }
  if (!gan_part_file_open (folder, state->stem, state->aside != NULL, &target.part, error))
    return FALSE;
  if (target.part == NULL && has (folder, state->stem, GAN_PART_SUFFIX))
    return TRUE;
  target.state = g_steal_pointer (&state);
  return gan_target_discard (&target, error);
}

/**
 * gan_target_leave_job:
 * @folder: where
 * @job: id of a job
 * @error: return location
 *
 * Removes what unfinished transfers of the job left, and the notes beside its finished files.
 *
 * Returns: whether nothing is left but what somebody writes to
 */
gboolean
gan_target_leave_job (GanFolder *folder, const char *job, GError **error)
{
  g_autoptr (GPtrArray) names = NULL;
  gboolean ok = TRUE;

  g_return_val_if_fail (folder != NULL && job != NULL, FALSE);

  names = gan_folder_list (folder, GAN_PART_SUFFIX_STATE);
  for (guint i = 0; i < names->len && ok; i++)
    {
      g_autoptr (GanStateFile) state = load_of_job (folder, names, i);

      if (state != NULL && g_str_equal (state->job, job))
        ok = leave (folder, g_steal_pointer (&state), error);
    }
  return ok;
}

/**
 * gan_target_sweep:
 * @folder: where
 * @jobs: (element-type utf8 utf8): a set of the ids of all jobs that there are
 *
 * Removes the notes beside files that were finished for a job that is no longer there.
 */
void
gan_target_sweep (GanFolder *folder, GHashTable *jobs)
{
  g_autoptr (GPtrArray) names = NULL;

  g_return_if_fail (folder != NULL && jobs != NULL);

  names = gan_folder_list (folder, GAN_PART_SUFFIX_STATE);
  for (guint i = 0; i < names->len; i++)
    {
      g_autoptr (GanStateFile) state = load_of_job (folder, names, i);

      if (state != NULL && !g_hash_table_contains (jobs, state->job)
          && gan_finish_is_done (folder, state))
        leave (folder, g_steal_pointer (&state), NULL);
    }
}

/**
 * gan_target_restart:
 * @self: a target with its files
 * @error: return location
 *
 * Begins again with a version of which nothing is known. The bytes that are here are kept aside
 * until there are as many of the new one; those that were aside before win over them.
 *
 * Returns: whether it did
 */
gboolean
gan_target_restart (GanTarget *self, GError **error)
{
  GanStateFile *state = NULL;

  g_return_val_if_fail (self != NULL && self->state != NULL && self->part != NULL, FALSE);

  state = self->state;
  if (!gan_part_file_set_aside (self->part, error))
    return FALSE;
  if (state->aside == NULL)
    state->aside = g_steal_pointer (&state->version);
  g_clear_pointer (&state->version, gan_version_free);
  state->version = gan_version_new ();
  state->inode = gan_part_file_get_inode (self->part);
  return gan_state_file_save (state, self->folder, error);
}

/**
 * gan_target_go_back:
 * @self: a target with bytes kept aside
 * @error: return location
 *
 * Puts the bytes that were kept aside back: the server has that version again.
 *
 * Returns: whether it did
 */
gboolean
gan_target_go_back (GanTarget *self, GError **error)
{
  GanStateFile *state = NULL;

  g_return_val_if_fail (self != NULL && self->state != NULL && self->state->aside != NULL, FALSE);

  state = self->state;
  g_clear_pointer (&state->version, gan_version_free);
  state->version = g_steal_pointer (&state->aside);
  if (!gan_state_file_save (state, self->folder, error)
      || !gan_part_file_bring_back (self->part, error))
    return FALSE;
  state->inode = gan_part_file_get_inode (self->part);
  return TRUE;
}

/**
 * gan_target_drop_aside:
 * @self: a target with its files
 * @error: return location
 *
 * Removes the bytes that were kept aside, if any.
 *
 * Returns: whether they are gone
 */
gboolean
gan_target_drop_aside (GanTarget *self, GError **error)
{
  g_return_val_if_fail (self != NULL && self->state != NULL && self->part != NULL, FALSE);

  if (self->state->aside == NULL)
    return TRUE;
  if (!gan_part_file_drop_aside (self->part, error))
    return FALSE;
  g_clear_pointer (&self->state->aside, gan_version_free);
  return gan_state_file_save (self->state, self->folder, error);
}
