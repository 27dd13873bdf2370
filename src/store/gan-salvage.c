/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-salvage.h"

#include "gan-clock.h"
#include "gan-database-file.h"
#include "gan-error.h"
#include "gan-schema.h"
#include "gan-statement.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* Reading a table begins anew behind each row that cannot be read, so often at most. */
#define MOST_TRIES 10000

/* So many rows in a line that cannot be read, which is more than stand on a page, and larger steps
 * are made. */
#define MANY_ROWS 256

/* The header of every file that the current SQLite makes with our settings, where it never changes
 * (sqlite.org/fileformat.html §1.3); the size is left out, so that it is taken from the file. */
static const struct
{
  int offset;
  guint size;
  const char *bytes;
} fixed[] = {
  { 0, 16, "SQLite format 3" },
  { 16, 8, "\x10\0\2\2\0\100\40\40" }, /* pages of 4096 bytes, WAL, nothing reserved, fractions */
  { 28, 4, "\0\0\0\0" },
  { 44, 4, "\0\0\0\4" },         /* the schema's format */
  { 52, 8, "\0\0\0\0\0\0\0\1" }, /* no vacuum by itself; UTF-8 */
};

/* Names of what is only there while a file is mended. */
static char *
dup_name (const char *path, const char *suffix)
{
  return g_strconcat (path, suffix, NULL);
}

/* Puts back what the header must be; a file too short for one holds no row anyway. */
static gboolean
mend_header (const char *path, GError **error)
{
  int fd = open (path, O_RDWR | O_CLOEXEC);
  gboolean ok = TRUE;
  int code = 0;

  if (fd < 0)
    return gan_database_file_fail (error, errno, "open", path);
  for (guint i = 0; ok && i < G_N_ELEMENTS (fixed); i++)
    {
      ok = pwrite (fd, fixed[i].bytes, fixed[i].size, fixed[i].offset) == (gssize) fixed[i].size;
      code = errno;
    }
  close (fd);
  return ok || gan_database_file_fail (error, code, "write", path);
}

/* The columns of @table that both databases have, as "a, b, c"; "" if the damaged one has none. */
static char *
dup_common_columns (GanDatabase *damaged, GanDatabase *fresh, const char *table)
{
  g_autofree char *sql
      = g_strdup_printf ("SELECT group_concat(name, ', ') FROM pragma_table_info('%s')", table);
  g_autofree char *theirs = gan_database_dup_text (damaged, sql, NULL);
  g_autofree char *ours = gan_database_dup_text (fresh, sql, NULL);
  g_auto (GStrv) they = g_strsplit (theirs != NULL ? theirs : "", ", ", -1);
  g_auto (GStrv) we = g_strsplit (ours != NULL ? ours : "", ", ", -1);
  g_autoptr (GString) common = g_string_new (NULL);

  for (guint i = 0; we[i] != NULL; i++)
    {
      if (g_strv_contains ((const char *const *) they, we[i]))
        g_string_append_printf (common, "%s%s", common->len > 0 ? ", " : "", we[i]);
    }
  return g_string_free (g_steal_pointer (&common), FALSE);
}

typedef struct
{
  GanDatabase *fresh;
  sqlite3_stmt *read;   /* rowid, then the columns */
  sqlite3_stmt *insert; /* the columns */
  sqlite3_int64 last;   /* rowid reached */
  guint n_rows;
} Copy;

/* Puts the row that @read stands at into the fresh table; one that does not fit its rules is no row
 * of ours. */
static gboolean
insert_row (Copy *copy, GError **error)
{
  int code = 0;

  for (int i = 1; i < sqlite3_column_count (copy->read); i++)
    sqlite3_bind_value (copy->insert, i, sqlite3_column_value (copy->read, i));
  code = sqlite3_step (copy->insert);
  sqlite3_reset (copy->insert);
  if (code == SQLITE_DONE)
    copy->n_rows += (guint) sqlite3_changes (gan_database_get_handle (copy->fresh));
  else if ((code & 0xff) != SQLITE_CONSTRAINT && (code & 0xff) != SQLITE_MISMATCH)
    return gan_database_fail (copy->fresh, code, "save rows in", error);
  return TRUE;
}

/* Copies from @start on to the end, or to the first place that cannot be read; *@at_end says
 * which. */
static gboolean
copy_run (Copy *copy, sqlite3_int64 start, gboolean *at_end, GError **error)
{
  gboolean ok = TRUE;
  int code = SQLITE_ROW;

  sqlite3_bind_int64 (copy->read, 1, start);
  while (ok && (code = sqlite3_step (copy->read)) == SQLITE_ROW)
    {
      copy->last = sqlite3_column_int64 (copy->read, 0);
      ok = insert_row (copy, error);
    }
  sqlite3_reset (copy->read);
  *at_end = code == SQLITE_DONE;
  return ok;
}

/* A damaged page makes all rows on it unreadable, and nothing tells which comes next. */
static gboolean
copy_runs (Copy *copy, GError **error)
{
  sqlite3_int64 start = 0;
  sqlite3_int64 step = 1;
  gboolean at_end = FALSE;
  guint n_failed = 0;

  for (guint i = 0; i < MOST_TRIES && !at_end && start < G_MAXINT32; i++)
    {
      guint before = copy->n_rows;

      if (!copy_run (copy, start, &at_end, error))
        return FALSE;
      n_failed = copy->n_rows > before ? 0 : n_failed + 1;
      step = n_failed < MANY_ROWS ? 1 : step * 2;
      start = MAX (start, copy->last) + step;
    }
  return TRUE;
}

static sqlite3_stmt *
compile (GanDatabase *database, const char *sql, GError **error)
{
  GanStatement *statement = gan_database_prepare (database, sql, error);

  return statement != NULL ? gan_statement_get_handle (statement) : NULL;
}

/* And from the other end, for what the steps went over. */
static gboolean
copy_table (GanDatabase *damaged, GanDatabase *fresh, const char *table, GError **error)
{
  g_autofree char *columns = dup_common_columns (damaged, fresh, table);
  g_auto (GStrv) names = g_strsplit (columns, ", ", -1);
  g_autofree char *marks = g_strnfill (2 * MAX (g_strv_length (names), 1) - 1, '?');
  g_autofree char *insert = NULL;
  g_autofree char *forth = NULL;
  g_autofree char *back = NULL;
  Copy copy = { fresh, NULL, NULL, 0, 0 };
  gboolean at_end = FALSE;

  if (*columns == '\0')
    return TRUE;
  for (guint i = 1; marks[i] != '\0'; i += 2)
    marks[i] = ',';
  insert = g_strdup_printf ("INSERT OR IGNORE INTO %s (%s) VALUES (%s)", table, columns, marks);
  forth = g_strdup_printf ("SELECT rowid, %s FROM %s NOT INDEXED WHERE rowid >= ? ORDER BY rowid",
                           columns,
                           table);
  back = g_strdup_printf (
      "SELECT rowid, %s FROM %s NOT INDEXED WHERE rowid >= ? ORDER BY rowid DESC",
      columns,
      table);
  copy.insert = compile (fresh, insert, error);
  if (copy.insert == NULL)
    return FALSE;
  copy.read = compile (damaged, forth, NULL);
  if (copy.read != NULL && !copy_runs (&copy, error))
    return FALSE;
  copy.read = compile (damaged, back, NULL);
  if (copy.read != NULL && !copy_run (&copy, 0, &at_end, error))
    return FALSE;
  g_message ("saved %u rows of %s", copy.n_rows, table);
  return TRUE;
}

static gboolean
copy_tables (GanDatabase *damaged, GanDatabase *fresh, GError **error)
{
  if (!gan_database_begin (fresh, error))
    return FALSE;
  for (guint i = 0; gan_schema_tables[i] != NULL; i++)
    {
      if (!copy_table (damaged, fresh, gan_schema_tables[i], error))
        {
          gan_database_roll_back (fresh);
          return FALSE;
        }
    }
  return gan_database_commit (fresh, error);
}

/* Opens what is left of the damaged file. Entries of its schema that make no sense are passed
 * over. */
static GanDatabase *
open_damaged (const char *path)
{
  g_autoptr (GanDatabase) damaged = gan_database_connect (path, FALSE, NULL);

  if (damaged == NULL)
    return NULL;
  sqlite3_db_config (gan_database_get_handle (damaged), SQLITE_DBCONFIG_DEFENSIVE, 0, NULL);
  gan_database_execute (damaged, "PRAGMA writable_schema=ON; PRAGMA cell_size_check=OFF", NULL);
  return g_steal_pointer (&damaged);
}

static gboolean
remove_with_wal (const char *path, GError **error)
{
  g_autofree char *wal = dup_name (path, "-wal");
  g_autofree char *shm = dup_name (path, "-shm");
  g_autofree char *journal = dup_name (path, "-journal");

  return gan_database_file_remove (path, error) && gan_database_file_remove (wal, error)
         && gan_database_file_remove (shm, error) && gan_database_file_remove (journal, error);
}

/* Makes a fresh database at @fresh of what can be read at @broken. */
static gboolean
make_fresh (const char *broken, const char *fresh, GError **error)
{
  g_autoptr (GanDatabase) damaged = NULL;
  g_autoptr (GanDatabase) mended = NULL;

  if (!remove_with_wal (fresh, error) || !gan_database_file_create (fresh, error)
      || !mend_header (broken, error))
    return FALSE;
  mended = gan_database_connect (fresh, FALSE, error);
  if (mended == NULL
      || !gan_schema_migrate (mended, fresh, gan_schema_steps, GAN_DATABASE_VERSION, error))
    return FALSE;
  damaged = open_damaged (broken);
  return damaged == NULL || copy_tables (damaged, mended, error);
}

/* The work is done on a copy: what the user had stays as it was, for a better salvage. */
static gboolean
copy_broken (const char *path, const char *broken, GCancellable *cancellable, GError **error)
{
  g_autofree char *wal = dup_name (path, "-wal");
  g_autofree char *broken_wal = dup_name (broken, "-wal");

  return remove_with_wal (broken, error)
         && gan_database_file_copy (path, broken, cancellable, error)
         && gan_database_file_copy (wal, broken_wal, cancellable, error);
}

/**
 * gan_salvage_finish:
 * @path: of a database that nobody else has open
 * @error: return location
 *
 * Puts a mended database into the place of the damaged one, if gan_salvage_run() has left one
 * there: it may have been killed.
 *
 * Returns: whether all is in its place
 */
gboolean
gan_salvage_finish (const char *path, GError **error)
{
  g_autofree char *mended = dup_name (path, ".mended");
  g_autofree char *wal = dup_name (path, "-wal");
  g_autofree char *shm = dup_name (path, "-shm");
  g_autoptr (GDateTime) now = NULL;
  g_autofree char *time = NULL;
  g_autofree char *aside = NULL;
  g_autofree char *aside_wal = NULL;

  if (!gan_database_file_exists (mended))
    return TRUE;
  now = g_date_time_new_from_unix_utc (gan_clock_get_wall (gan_clock_get_system ()));
  time = g_date_time_format (now, "%Y%m%d-%H%M%S");
  aside = g_strconcat (path, ".damaged-", time, NULL);
  aside_wal = dup_name (aside, "-wal");
  /* A WAL that is left beside another file would be taken for that one's. */
  return gan_database_file_move (path, aside, error)
         && gan_database_file_move (wal, aside_wal, error) && gan_database_file_remove (shm, error)
         && gan_database_file_move (mended, path, error);
}

/**
 * gan_salvage_run:
 * @path: of a damaged database that nobody else has open
 * @cancellable: (nullable): a cancellable
 * @error: return location
 *
 * Sets the damaged file aside and puts a fresh one with all rows that can be read into its place. A
 * kill at any moment leaves the damaged file where it was, or what gan_salvage_finish() goes on
 * with. Fails where the fresh one cannot be written, and then nothing has changed.
 *
 * Returns: whether there is a sound database at @path
 */
gboolean
gan_salvage_run (const char *path, GCancellable *cancellable, GError **error)
{
  g_autofree char *broken = dup_name (path, ".broken");
  g_autofree char *fresh = dup_name (path, ".mending");
  g_autofree char *mended = dup_name (path, ".mended");
  gboolean ok = FALSE;

  g_return_val_if_fail (path != NULL, FALSE);

  ok = copy_broken (path, broken, cancellable, error) && make_fresh (broken, fresh, error)
       && gan_database_file_move (fresh, mended, error);
  remove_with_wal (broken, NULL);
  if (!ok)
    {
      remove_with_wal (fresh, NULL);
      return FALSE;
    }
  return gan_salvage_finish (path, error);
}
