/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-database-private.h"

#include "gan-database-file.h"
#include "gan-error.h"
#include "gan-limits.h"
#include "gan-statement.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* SQLite's own instructions between two looks at the cancellable: well under a millisecond. */
#define STEPS_PER_LOOK 10000

struct _GanDatabase
{
  sqlite3 *handle;
  char *name;
  GHashTable *statements; /* SQL -> GanStatement */
  GanDatabaseCondition condition;
  GanDatabaseLock *lock;
};

/* What holds for every connection. FULL: a commit is on the disk when it has returned.
 * secure_delete: what the user removes is overwritten. */
static const char settings[] = "PRAGMA foreign_keys=ON;"
                               "PRAGMA synchronous=FULL;"
                               "PRAGMA secure_delete=ON;"
                               "PRAGMA cell_size_check=ON;"
                               "PRAGMA temp_store=MEMORY;"
                               "PRAGMA journal_size_limit=4194304;";

/**
 * gan_database_close:
 * @self: (nullable) (transfer full): a database
 *
 * Closes the file; what was begun and not committed is gone.
 */
void
gan_database_close (GanDatabase *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->statements);
  sqlite3_close (self->handle);
  g_clear_pointer (&self->lock, gan_database_lock_free);
  g_free (self->name);
  g_free (self);
}

/**
 * gan_database_get_condition:
 * @self: a database
 *
 * Returns: what opening it came to
 */
GanDatabaseCondition
gan_database_get_condition (GanDatabase *self)
{
  g_return_val_if_fail (self != NULL, GAN_DATABASE_FINE);

  return self->condition;
}

/**
 * gan_database_set_condition:
 * @self: a database
 * @condition: what opening it came to
 */
void
gan_database_set_condition (GanDatabase *self, GanDatabaseCondition condition)
{
  g_return_if_fail (self != NULL);

  self->condition = condition;
}

/**
 * gan_database_take_lock:
 * @self: a database
 * @lock: (transfer full): held until it is closed
 */
void
gan_database_take_lock (GanDatabase *self, GanDatabaseLock *lock)
{
  g_return_if_fail (self != NULL && self->lock == NULL);

  self->lock = lock;
}

/**
 * gan_database_get_handle:
 * @self: a database
 *
 * Returns: (transfer none): SQLite's own object
 */
sqlite3 *
gan_database_get_handle (GanDatabase *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->handle;
}

/* The errno behind the last failure of the file or of what lies beside it. What fails in a commit
 * SQLite keeps there only. */
static gboolean
has_errno (sqlite3 *handle, int what, int code)
{
  sqlite3_file *file = NULL;
  int last = 0;

  if (sqlite3_file_control (handle, "main", what, &file) != SQLITE_OK || file == NULL
      || file->pMethods == NULL)
    return FALSE;
  file->pMethods->xFileControl (file, SQLITE_FCNTL_LAST_ERRNO, &last);
  return last == code;
}

static gboolean
is_out_of_space (GanDatabase *self, int code)
{
  const int reasons[] = { ENOSPC, EDQUOT };

  if ((code & 0xff) != SQLITE_IOERR || self->handle == NULL)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (reasons); i++)
    {
      if (sqlite3_system_errno (self->handle) == reasons[i]
          || has_errno (self->handle, SQLITE_FCNTL_FILE_POINTER, reasons[i])
          || has_errno (self->handle, SQLITE_FCNTL_JOURNAL_POINTER, reasons[i]))
        return TRUE;
    }
  return FALSE;
}

/**
 * gan_database_fail:
 * @self: a database
 * @code: what SQLite returned
 * @doing: what failed: "read"
 * @error: return location
 *
 * Turns SQLite's result codes (sqlite.org/rescode.html) into ours: no space, %GAN_ERROR_DISK with
 * reason damaged, busy or not-writable, %G_IO_ERROR_CANCELLED for what was interrupted.
 *
 * Returns: %FALSE
 */
gboolean
gan_database_fail (GanDatabase *self, int code, const char *doing, GError **error)
{
  const char *what = self->handle != NULL ? sqlite3_errmsg (self->handle) : sqlite3_errstr (code);
  GanErrorCode ours = GAN_ERROR_INTERNAL;
  const char *reason = NULL;

  switch (is_out_of_space (self, code) ? SQLITE_FULL : code & 0xff)
    {
    case SQLITE_INTERRUPT:
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Operation was cancelled");
      return FALSE;
    case SQLITE_FULL:
      ours = GAN_ERROR_NO_SPACE;
      break;
    /* Our SQL fits our tables: what it fails at are tables that are not ours. */
    case SQLITE_ERROR:
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_FORMAT:
      ours = GAN_ERROR_DISK;
      reason = GAN_DATABASE_DAMAGED;
      break;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
      ours = GAN_ERROR_DISK;
      reason = GAN_DATABASE_BUSY;
      break;
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      ours = GAN_ERROR_DISK;
      reason = "not-writable";
      break;
    case SQLITE_IOERR:
    case SQLITE_NOLFS:
      ours = GAN_ERROR_DISK;
      break;
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
    case SQLITE_TOOBIG:
      ours = GAN_ERROR_INVALID_DATA;
      break;
    default:
      break;
    }
  gan_error_set (error, ours, reason, "cannot %s %s: %s", doing, self->name, what);
  return FALSE;
}

/**
 * gan_database_is_damage:
 * @error: (nullable): an error
 *
 * Returns: whether it says that the file is damaged
 */
gboolean
gan_database_is_damage (const GError *error)
{
  return gan_error_matches (error, GAN_ERROR_DISK)
         && g_strcmp0 (gan_error_get_reason (error), GAN_DATABASE_DAMAGED) == 0;
}

/* Nothing that a damaged or foreign file holds is run. */
static void
distrust (sqlite3 *handle)
{
  sqlite3_db_config (handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_db_config (handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
  sqlite3_db_config (handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
  sqlite3_db_config (handle, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
}

/* SQLite opens a file that it may not write for reading only; so it does where the header of a
 * damaged one says so. */
static gboolean
check_writable (GanDatabase *self, const char *path, GError **error)
{
  if (sqlite3_db_readonly (self->handle, "main") != 1)
    return TRUE;
  if (access (path, W_OK) == 0)
    return gan_database_fail (self, SQLITE_NOTADB, "change", error);
  return gan_database_fail (self, SQLITE_READONLY, "change", error);
}

/**
 * gan_database_connect:
 * @path: a file that is there, or ":memory:"
 * @read_only: whether nothing is to be changed
 * @error: return location
 *
 * Opens the file and nothing more; gan_database_open() is what programs want. Fails like
 * gan_database_fail().
 *
 * Returns: (transfer full): the connection, or %NULL
 */
GanDatabase *
gan_database_connect (const char *path, gboolean read_only, GError **error)
{
  g_autoptr (GanDatabase) self = NULL;
  int flags = read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
  int code = 0;

  g_return_val_if_fail (path != NULL, NULL);

  self = g_new0 (GanDatabase, 1);
  self->name = g_path_get_basename (path);
  self->statements = g_hash_table_new_full (g_str_hash,
                                            g_str_equal,
                                            g_free,
                                            (GDestroyNotify) gan_statement_free);
  code = sqlite3_open_v2 (path,
                          &self->handle,
                          flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
                          NULL);
  if (code != SQLITE_OK)
    {
      gan_database_fail (self, code, "open", error);
      return NULL;
    }
  distrust (self->handle);
  sqlite3_busy_timeout (self->handle, GAN_LIMIT_BUSY_SECONDS * 1000);
  if (!gan_database_execute (self, settings, error)
      || (!read_only && !check_writable (self, path, error)))
    return NULL;
  return g_steal_pointer (&self);
}

static int
look_cb (void *data)
{
  return g_cancellable_is_cancelled (data);
}

/**
 * gan_database_set_cancellable:
 * @self: a database
 * @cancellable: (nullable): what ends a statement that runs, until it is set again
 *
 * For reading only: SQLite takes back a whole transaction with a change that is interrupted.
 */
void
gan_database_set_cancellable (GanDatabase *self, GCancellable *cancellable)
{
  g_return_if_fail (self != NULL);

  sqlite3_progress_handler (self->handle,
                            STEPS_PER_LOOK,
                            cancellable != NULL ? look_cb : NULL,
                            cancellable);
}

/**
 * gan_database_execute:
 * @self: a database
 * @sql: statements without parameters
 * @error: return location
 *
 * Returns: whether all of them ran
 */
gboolean
gan_database_execute (GanDatabase *self, const char *sql, GError **error)
{
  int code = 0;

  g_return_val_if_fail (self != NULL && sql != NULL, FALSE);

  code = sqlite3_exec (self->handle, sql, NULL, NULL, NULL);
  return code == SQLITE_OK || gan_database_fail (self, code, "change", error);
}

/**
 * gan_database_begin:
 * @self: a database
 * @error: return location
 *
 * Begins a transaction that may write: it waits for those of other processes, at most
 * %GAN_LIMIT_BUSY_SECONDS.
 *
 * Returns: whether it did
 */
gboolean
gan_database_begin (GanDatabase *self, GError **error)
{
  return gan_database_execute (self, "BEGIN IMMEDIATE", error);
}

/**
 * gan_database_commit:
 * @self: a database
 * @error: return location
 *
 * Returns: whether the transaction is on the disk; if not, it is rolled back
 */
gboolean
gan_database_commit (GanDatabase *self, GError **error)
{
  if (gan_database_execute (self, "COMMIT", error))
    return TRUE;
  gan_database_roll_back (self);
  return FALSE;
}

/**
 * gan_database_roll_back:
 * @self: a database
 *
 * Takes back what was done since gan_database_begin(). Nothing happens where SQLite has done that
 * already, as it does when the disk is full.
 */
void
gan_database_roll_back (GanDatabase *self)
{
  if (gan_database_is_in_transaction (self))
    gan_database_execute (self, "ROLLBACK", NULL);
}

/**
 * gan_database_is_in_transaction:
 * @self: a database
 *
 * Returns: whether a transaction was begun and neither committed nor taken back
 */
gboolean
gan_database_is_in_transaction (GanDatabase *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return !sqlite3_get_autocommit (self->handle);
}

/**
 * gan_database_prepare:
 * @self: a database
 * @sql: one statement
 * @error: return location
 *
 * Compiles each text once. A change of the schema by another process is SQLite's own business: it
 * compiles again. A statement is in use until it is reset, which g_autoptr does; the same text is
 * not to be asked for until then.
 *
 * Returns: (transfer none): the statement, to be bound and stepped, or %NULL
 */
GanStatement *
gan_database_prepare (GanDatabase *self, const char *sql, GError **error)
{
  GanStatement *statement = NULL;

  g_return_val_if_fail (self != NULL && sql != NULL, NULL);

  statement = g_hash_table_lookup (self->statements, sql);
  if (statement != NULL)
    return statement;
  statement = gan_statement_new (self, sql, error);
  if (statement != NULL)
    g_hash_table_insert (self->statements, g_strdup (sql), statement);
  return statement;
}

/* Steps to the one row that all that is asked so has in a sound file. */
static gboolean
step_once (GanDatabase *self, GanStatement *statement, GError **error)
{
  gboolean has_row = FALSE;

  return gan_statement_step (statement, &has_row, error)
         && (has_row || gan_database_fail (self, SQLITE_CORRUPT, "read", error));
}

/**
 * gan_database_read_int:
 * @self: a database
 * @sql: a statement that has one row, such as a PRAGMA
 * @value: (out): its first column
 * @error: return location
 *
 * Returns: whether there was one
 */
gboolean
gan_database_read_int (GanDatabase *self, const char *sql, gint64 *value, GError **error)
{
  g_autoptr (GanStatement) statement = gan_database_prepare (self, sql, error);

  if (statement == NULL || !step_once (self, statement, error))
    return FALSE;
  *value = gan_statement_get_int (statement, 0);
  return TRUE;
}

/**
 * gan_database_dup_text:
 * @self: a database
 * @sql: a statement that has one row
 * @error: return location
 *
 * Returns: (transfer full): its first column, "" for none, or %NULL
 */
char *
gan_database_dup_text (GanDatabase *self, const char *sql, GError **error)
{
  g_autoptr (GanStatement) statement = gan_database_prepare (self, sql, error);
  const char *text = NULL;

  if (statement == NULL || !step_once (self, statement, error))
    return NULL;
  text = gan_statement_get_text (statement, 0);
  return g_strdup (text != NULL ? text : "");
}

static gboolean
copy_pages (GanDatabase *self, GanDatabase *copy, GError **error)
{
  sqlite3_backup *backup = sqlite3_backup_init (copy->handle, "main", self->handle, "main");
  int code = 0;

  if (backup == NULL)
    return gan_database_fail (copy, sqlite3_errcode (copy->handle), "copy to", error);
  sqlite3_backup_step (backup, -1);
  code = sqlite3_backup_finish (backup);
  if (code != SQLITE_OK)
    return gan_database_fail (copy, code, "copy to", error);
  /* One file, whole without a WAL beside it. */
  return gan_database_execute (copy, "PRAGMA journal_mode=DELETE", error);
}

/**
 * gan_database_copy_to:
 * @self: a database
 * @path: where to; what is there is replaced
 * @error: return location
 *
 * Copies the whole database as it is now, for the user's eyes alone, and makes the copy durable.
 *
 * Returns: whether it did
 */
gboolean
gan_database_copy_to (GanDatabase *self, const char *path, GError **error)
{
  g_autofree char *fresh = g_strconcat (path, ".new", NULL);
  g_autoptr (GanDatabase) copy = NULL;

  g_return_val_if_fail (self != NULL && path != NULL, FALSE);

  if (!gan_database_file_remove (fresh, error) || !gan_database_file_create (fresh, error))
    return FALSE;
  copy = gan_database_connect (fresh, FALSE, error);
  if (copy == NULL || !copy_pages (self, copy, error))
    {
      gan_database_file_remove (fresh, NULL);
      return FALSE;
    }
  g_clear_pointer (&copy, gan_database_close);
  return gan_database_file_move (fresh, path, error);
}

/**
 * gan_database_empty_wal:
 * @self: a database
 *
 * Moves what the WAL holds into the file and empties it, so that removed rows are nowhere on the
 * disk any more. Where another process is reading just now, SQLite does it later.
 */
void
gan_database_empty_wal (GanDatabase *self)
{
  g_return_if_fail (self != NULL);

  sqlite3_busy_timeout (self->handle, 0);
  sqlite3_wal_checkpoint_v2 (self->handle, "main", SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
  sqlite3_busy_timeout (self->handle, GAN_LIMIT_BUSY_SECONDS * 1000);
}
