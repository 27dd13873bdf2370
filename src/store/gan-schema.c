/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-schema.h"

#include "gan-error.h"

/* library.search is title, creator and file name, folded as gan_library_table_find() folds what it
 * looks for. */
const char *const gan_schema_steps[GAN_DATABASE_VERSION] = {
  "CREATE TABLE jobs ("
  " id TEXT NOT NULL PRIMARY KEY,"
  " position INTEGER NOT NULL,"
  " url TEXT NOT NULL,"
  " folder TEXT,"
  " name TEXT,"
  " wish TEXT,"
  " wanted TEXT NOT NULL,"
  " state TEXT NOT NULL,"
  " platform TEXT,"
  " platform_id TEXT,"
  " title TEXT,"
  " creator TEXT,"
  " thumbnail_url TEXT,"
  " duration REAL,"
  " format_id TEXT,"
  " file TEXT,"
  " downloaded INTEGER,"
  " total INTEGER,"
  " tries INTEGER,"
  " retry_at INTEGER,"
  " error_code TEXT,"
  " error_reason TEXT,"
  " error_message TEXT,"
  " added_at INTEGER NOT NULL,"
  " changed_at INTEGER NOT NULL"
  ") STRICT;"
  "CREATE TABLE library ("
  " id INTEGER PRIMARY KEY,"
  " file TEXT NOT NULL UNIQUE,"
  " size INTEGER,"
  " inode INTEGER,"
  " url TEXT,"
  " platform TEXT,"
  " platform_id TEXT,"
  " title TEXT,"
  " creator TEXT,"
  " thumbnail_url TEXT,"
  " duration REAL,"
  " content_type TEXT,"
  " format_id TEXT,"
  " verified TEXT,"
  " finished_at INTEGER NOT NULL,"
  " search TEXT NOT NULL"
  ") STRICT;"
  "CREATE INDEX library_by_time ON library (finished_at);"
  "CREATE TABLE site_stats ("
  " platform TEXT NOT NULL PRIMARY KEY,"
  " finished INTEGER NOT NULL DEFAULT 0,"
  " failed INTEGER NOT NULL DEFAULT 0,"
  " bytes INTEGER NOT NULL DEFAULT 0"
  ") STRICT;",
};

const char *const gan_schema_tables[] = { "jobs", "library", "site_stats", NULL };

/**
 * gan_schema_get_version:
 * @database: a database
 * @version: (out): of its tables; 0 where there are none yet
 * @error: return location
 *
 * Returns: whether it could be read
 */
gboolean
gan_schema_get_version (GanDatabase *database, gint64 *version, GError **error)
{
  return gan_database_read_int (database, "PRAGMA user_version", version, error);
}

/* All steps that are missing in one transaction: the old form or the new one, never half. What an
 * old file refuses was not what its version says. */
static gboolean
take_steps (GanDatabase *database, const char *const *steps, guint from, guint to, GError **error)
{
  g_autofree char *set_version = g_strdup_printf ("PRAGMA user_version=%u", to);
  g_autoptr (GError) inner = NULL;
  gboolean ok = gan_database_begin (database, error);

  if (!ok)
    return FALSE;
  for (guint i = from; ok && i < to; i++)
    ok = gan_database_execute (database, steps[i], &inner);
  if (ok && gan_database_execute (database, set_version, &inner))
    return gan_database_commit (database, error);
  gan_database_roll_back (database);
  if (gan_error_matches (inner, GAN_ERROR_INVALID_DATA))
    gan_error_set_cause (error, GAN_ERROR_DISK, GAN_DATABASE_DAMAGED, g_steal_pointer (&inner));
  else
    g_propagate_error (error, g_steal_pointer (&inner));
  return FALSE;
}

/**
 * gan_schema_migrate:
 * @database: a database
 * @path: where it is
 * @steps: SQL from each version to the next
 * @n_steps: how many there are, which is the version wanted
 * @error: return location
 *
 * Brings the tables to version @n_steps. Before anything is changed in a file that has tables, a
 * copy is put beside it as `<path>.v<version>.bak`. Fails like gan_database_fail().
 *
 * Returns: whether they are of that version now
 */
gboolean
gan_schema_migrate (GanDatabase *database,
                    const char *path,
                    const char *const *steps,
                    guint n_steps,
                    GError **error)
{
  g_autofree char *copy = NULL;
  gint64 version = 0;

  g_return_val_if_fail (database != NULL && path != NULL && steps != NULL, FALSE);

  if (!gan_schema_get_version (database, &version, error))
    return FALSE;
  if (version < 0 || version > n_steps)
    return gan_database_fail (database, SQLITE_CORRUPT, "migrate", error);
  if (version == n_steps)
    return TRUE;
  copy = g_strdup_printf ("%s.v%" G_GINT64_FORMAT ".bak", path, version);
  if (version > 0 && !gan_database_copy_to (database, copy, error))
    return FALSE;
  if (!take_steps (database, steps, (guint) version, n_steps, error))
    return FALSE;
  if (version > 0)
    gan_database_set_condition (database, GAN_DATABASE_MIGRATED);
  return TRUE;
}

static char *
dup_schema (GanDatabase *database, GError **error)
{
  return gan_database_dup_text (database,
                                "SELECT group_concat(type || name || tbl_name || ifnull(sql, ''))"
                                " FROM (SELECT * FROM sqlite_master ORDER BY name)",
                                error);
}

/**
 * gan_schema_check:
 * @database: a database of the current version
 * @error: return location
 *
 * Returns: whether its tables are to the letter those that the steps make; else %GAN_ERROR_DISK,
 *   reason damaged
 */
gboolean
gan_schema_check (GanDatabase *database, GError **error)
{
  g_autoptr (GanDatabase) model = gan_database_connect (":memory:", FALSE, error);
  g_autofree char *wanted = NULL;
  g_autofree char *found = NULL;

  if (model == NULL || !take_steps (model, gan_schema_steps, 0, GAN_DATABASE_VERSION, error))
    return FALSE;
  wanted = dup_schema (model, error);
  found = wanted != NULL ? dup_schema (database, error) : NULL;
  if (found == NULL)
    return FALSE;
  return g_str_equal (wanted, found)
         || gan_database_fail (database, SQLITE_CORRUPT, "use the tables of", error);
}
