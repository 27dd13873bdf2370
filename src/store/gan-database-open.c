/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is done about the state that a database is found in. */
#include "config.h"

#include "gan-database-private.h"

#include "gan-database-file.h"
#include "gan-error.h"
#include "gan-salvage.h"
#include "gan-schema.h"

static gboolean
check_integrity (GanDatabase *self, GCancellable *cancellable, GError **error)
{
  g_autofree char *found = NULL;

  gan_database_set_cancellable (self, cancellable);
  found = gan_database_dup_text (self, "PRAGMA integrity_check(1)", error);
  gan_database_set_cancellable (self, NULL);
  if (found == NULL)
    return FALSE;
  return g_str_equal (found, "ok") || gan_database_fail (self, SQLITE_CORRUPT, "trust", error);
}

static GanDatabase *
open_newer (const char *path, GError **error)
{
  GanDatabase *self = gan_database_connect (path, TRUE, error);

  if (self != NULL)
    gan_database_set_condition (self, GAN_DATABASE_READ_ONLY);
  return self;
}

/* Writes nothing before it knows that it may: not even the WAL of a newer version is touched. */
static GanDatabase *
open_sound (const char *path, GCancellable *cancellable, GError **error)
{
  g_autoptr (GanDatabase) self = NULL;
  g_autofree char *mode = NULL;
  gint64 version = 0;

  if (!gan_database_file_create (path, error))
    return NULL;
  self = gan_database_connect (path, FALSE, error);
  if (self == NULL)
    return NULL;
  sqlite3_db_config (gan_database_get_handle (self), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
  if (!gan_schema_get_version (self, &version, error))
    return NULL;
  if (version > GAN_DATABASE_VERSION)
    {
      g_clear_pointer (&self, gan_database_close);
      return open_newer (path, error);
    }
  sqlite3_db_config (gan_database_get_handle (self), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
  if (!check_integrity (self, cancellable, error))
    return NULL;
  mode = gan_database_dup_text (self, "PRAGMA journal_mode=WAL", error);
  if (mode == NULL
      || !gan_schema_migrate (self, path, gan_schema_steps, GAN_DATABASE_VERSION, error)
      || !gan_schema_check (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

static GanDatabase *
open_mended (const char *path, GCancellable *cancellable, GError **error)
{
  GanDatabase *self = NULL;

  if (gan_salvage_run (path, cancellable, error))
    self = open_sound (path, cancellable, error);
  if (self != NULL)
    gan_database_set_condition (self, GAN_DATABASE_SAVED);
  return self;
}

/**
 * gan_database_open:
 * @path: a file; it and its folder are made, for the user alone, where they are missing
 * @cancellable: (nullable): a cancellable
 * @error: return location
 *
 * Opens the database in whatever state it is found: an older one is migrated, with a copy of it put
 * beside it before, a newer one can only be read, a damaged one is set aside and what can be read
 * of it taken over, unless another process has it open. Fails with %GAN_ERROR_DISK (reason busy,
 * damaged, not-writable), %GAN_ERROR_NO_SPACE and %G_IO_ERROR_CANCELLED.
 *
 * Returns: (transfer full): the database, or %NULL
 */
GanDatabase *
gan_database_open (const char *path, GCancellable *cancellable, GError **error)
{
  g_autoptr (GanDatabaseLock) lock = NULL;
  g_autoptr (GanDatabase) self = NULL;
  g_autoptr (GError) inner = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  if (!gan_database_file_create_folder (path, error))
    return NULL;
  lock = gan_database_lock_new (path, cancellable, error);
  if (lock == NULL)
    return NULL;
  if (gan_database_lock_is_alone (lock) && !gan_salvage_finish (path, error))
    return NULL;
  self = open_sound (path, cancellable, &inner);
  if (self == NULL && gan_database_is_damage (inner) && gan_database_lock_is_alone (lock))
    {
      g_message ("%s", inner->message);
      g_clear_error (&inner);
      self = open_mended (path, cancellable, &inner);
    }
  if (self == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&inner));
      return NULL;
    }
  gan_database_lock_end_opening (lock);
  gan_database_take_lock (self, g_steal_pointer (&lock));
  return g_steal_pointer (&self);
}
