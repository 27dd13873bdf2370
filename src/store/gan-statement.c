/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-statement.h"

struct _GanStatement
{
  GanDatabase *database;
  sqlite3_stmt *handle;
  int failed; /* what the first bind that did not work returned */
};

/**
 * gan_statement_new:
 * @database: a database, which must outlive it
 * @sql: one statement
 * @error: return location
 *
 * gan_database_prepare() is what one calls.
 *
 * Returns: (transfer full): the statement, or %NULL
 */
GanStatement *
gan_statement_new (GanDatabase *database, const char *sql, GError **error)
{
  sqlite3_stmt *handle = NULL;
  GanStatement *self = NULL;
  int code = sqlite3_prepare_v3 (gan_database_get_handle (database),
                                 sql,
                                 -1,
                                 SQLITE_PREPARE_PERSISTENT,
                                 &handle,
                                 NULL);

  if (code != SQLITE_OK)
    {
      gan_database_fail (database, code, "use", error);
      return NULL;
    }
  self = g_new0 (GanStatement, 1);
  self->database = database;
  self->handle = handle;
  return self;
}

/**
 * gan_statement_free:
 * @self: (transfer full): a statement
 */
void
gan_statement_free (GanStatement *self)
{
  sqlite3_finalize (self->handle);
  g_free (self);
}

/**
 * gan_statement_get_handle:
 * @self: a statement
 *
 * Returns: (transfer none): SQLite's own object
 */
sqlite3_stmt *
gan_statement_get_handle (GanStatement *self)
{
  return self->handle;
}

static void
keep_failure (GanStatement *self, int code)
{
  if (self->failed == SQLITE_OK)
    self->failed = code;
}

/**
 * gan_statement_bind_text:
 * @self: a statement
 * @index: of a parameter, from 1
 * @value: (nullable): a text, which is copied; %NULL is SQL's NULL
 *
 * What cannot be bound fails the next gan_statement_step().
 */
void
gan_statement_bind_text (GanStatement *self, int index, const char *value)
{
  keep_failure (self, sqlite3_bind_text (self->handle, index, value, -1, SQLITE_TRANSIENT));
}

/**
 * gan_statement_bind_int:
 * @self: a statement
 * @index: of a parameter, from 1
 * @value: a number
 */
void
gan_statement_bind_int (GanStatement *self, int index, gint64 value)
{
  keep_failure (self, sqlite3_bind_int64 (self->handle, index, value));
}

/**
 * gan_statement_bind_double:
 * @self: a statement
 * @index: of a parameter, from 1
 * @value: a number
 */
void
gan_statement_bind_double (GanStatement *self, int index, double value)
{
  keep_failure (self, sqlite3_bind_double (self->handle, index, value));
}

/**
 * gan_statement_step:
 * @self: a statement
 * @has_row: (out): whether there is a row to be read
 * @error: return location; fails like gan_database_fail()
 *
 * Returns: whether it worked
 */
gboolean
gan_statement_step (GanStatement *self, gboolean *has_row, GError **error)
{
  int code = self->failed;

  if (code == SQLITE_OK)
    code = sqlite3_step (self->handle);
  *has_row = code == SQLITE_ROW;
  return code == SQLITE_ROW || code == SQLITE_DONE
         || gan_database_fail (self->database, code, "read or change", error);
}

/**
 * gan_statement_run:
 * @self: a statement without rows
 * @error: return location; fails like gan_database_fail()
 *
 * Steps once and resets.
 *
 * Returns: whether it worked
 */
gboolean
gan_statement_run (GanStatement *self, GError **error)
{
  gboolean has_row = FALSE;
  gboolean ok = gan_statement_step (self, &has_row, error);

  gan_statement_reset (self);
  return ok;
}

/**
 * gan_statement_get_text:
 * @self: a statement that has a row
 * @column: from 0
 *
 * Returns: (transfer none) (nullable): its text, until the next step; NULL for SQL's NULL
 */
const char *
gan_statement_get_text (GanStatement *self, int column)
{
  return (const char *) sqlite3_column_text (self->handle, column);
}

/**
 * gan_statement_get_int:
 * @self: a statement that has a row
 * @column: from 0
 *
 * Returns: its number, 0 for SQL's NULL
 */
gint64
gan_statement_get_int (GanStatement *self, int column)
{
  return sqlite3_column_int64 (self->handle, column);
}

/**
 * gan_statement_get_double:
 * @self: a statement that has a row
 * @column: from 0
 *
 * Returns: its number, 0 for SQL's NULL
 */
double
gan_statement_get_double (GanStatement *self, int column)
{
  return sqlite3_column_double (self->handle, column);
}

/**
 * gan_statement_is_null:
 * @self: a statement that has a row
 * @column: from 0
 *
 * Returns: whether it is SQL's NULL
 */
gboolean
gan_statement_is_null (GanStatement *self, int column)
{
  return sqlite3_column_type (self->handle, column) == SQLITE_NULL;
}

/**
 * gan_statement_get_n_changed:
 * @self: a statement that has just run
 *
 * Returns: how many rows it changed
 */
int
gan_statement_get_n_changed (GanStatement *self)
{
  return sqlite3_changes (sqlite3_db_handle (self->handle));
}

/**
 * gan_statement_reset:
 * @self: (nullable): a statement
 *
 * Makes it ready to be bound and run again; nothing that was bound is kept.
 */
void
gan_statement_reset (GanStatement *self)
{
  if (self == NULL)
    return;
  sqlite3_reset (self->handle);
  sqlite3_clear_bindings (self->handle);
  self->failed = SQLITE_OK;
}
