/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-job-table.h"

#include "gan-clock.h"
#include "gan-columns.h"
#include "gan-error.h"
#include "gan-redact.h"

/* What the one who executes the queue leaves alone: others may have changed it meanwhile. */
static const char *const not_the_owners[] = { "url", "position", "wanted", "added_at", NULL };

static gint64
get_now (void)
{
  return gan_clock_get_wall (gan_clock_get_system ());
}

static GanStatement *
prepare_insert (GanDatabase *database, GError **error)
{
  static char *sql;

  if (g_once_init_enter (&sql))
    g_once_init_leave (&sql, gan_columns_dup_insert (GAN_TYPE_JOB_ROW, "jobs", NULL));
  return gan_database_prepare (database, sql, error);
}

static GanStatement *
prepare_update (GanDatabase *database, GError **error)
{
  static char *sql;

  if (g_once_init_enter (&sql))
    g_once_init_leave (&sql, gan_columns_dup_update (GAN_TYPE_JOB_ROW, "jobs", not_the_owners));
  return gan_database_prepare (database, sql, error);
}

/* The link is needed to ask again, so it stays as it was given but for a password. */
static GanJobRow *
copy_without_secrets (GanJobRow *row)
{
  GanJobRow *copy = gan_job_row_copy (row);
  const char *url = gan_job_row_get_url (row);
  const char *thumbnail = gan_job_row_get_thumbnail_url (row);
  const char *message = gan_job_row_get_error_message (row);
  g_autofree char *safe_url = url != NULL ? gan_redact_userinfo (url) : NULL;
  g_autofree char *safe_thumbnail = thumbnail != NULL ? gan_redact_userinfo (thumbnail) : NULL;
  g_autofree char *safe_message = message != NULL ? gan_redact_text (message) : NULL;

  gan_job_row_set_url (copy, safe_url);
  gan_job_row_set_thumbnail_url (copy, safe_thumbnail);
  gan_job_row_set_error_message (copy, safe_message);
  gan_job_row_set_changed_at (copy, get_now ());
  return copy;
}

static gboolean
find_end (GanDatabase *database, gint64 *position, GError **error)
{
  return gan_database_read_int (database,
                                "SELECT ifnull(max(position), -1) + 1 FROM jobs",
                                position,
                                error);
}

/* The row as it will be stored. */
static GanJobRow *
complete (GanJobRow *row, gint64 end)
{
  GanJobRow *stored = copy_without_secrets (row);

  if (gan_job_row_get_id (stored) == NULL)
    {
      g_autofree char *id = g_uuid_string_random ();

      gan_job_row_set_id (stored, id);
    }
  if (gan_job_row_get_position (stored) == GAN_UNKNOWN)
    gan_job_row_set_position (stored, end);
  if (gan_job_row_get_added_at (stored) == GAN_UNKNOWN_TIME)
    gan_job_row_set_added_at (stored, get_now ());
  gan_record_seal (GAN_RECORD (stored));
  return stored;
}

/**
 * gan_job_table_add:
 * @database: a database
 * @rows: (element-type GanJobRow): jobs
 * @error: return location
 *
 * Adds them; what has no id gets one, what has no position goes to the end of the queue. A job with
 * the id of one that is there replaces it.
 *
 * Returns: (transfer full) (element-type GanJobRow): the rows as they are stored, or %NULL
 */
GPtrArray *
gan_job_table_add (GanDatabase *database, GPtrArray *rows, GError **error)
{
  g_autoptr (GPtrArray) stored = g_ptr_array_new_with_free_func (g_object_unref);
  gint64 end = 0;

  if (!find_end (database, &end, error))
    return NULL;
  for (guint i = 0; i < rows->len; i++)
    {
      GanJobRow *row = complete (rows->pdata[i], end);
      GanStatement *insert = prepare_insert (database, error);

      g_ptr_array_add (stored, row);
      if (insert == NULL)
        return NULL;
      gan_columns_bind (insert, GAN_RECORD (row));
      if (!gan_statement_run (insert, error))
        return NULL;
      end = MAX (end, gan_job_row_get_position (row) + 1);
    }
  return g_steal_pointer (&stored);
}

/**
 * gan_job_table_load:
 * @database: a database
 * @error: return location
 *
 * Returns: (transfer full) (element-type GanJobRow): all jobs in their order, sealed, or %NULL
 */
GPtrArray *
gan_job_table_load (GanDatabase *database, GError **error)
{
  static char *sql;
  g_autoptr (GanStatement) select = NULL;

  if (g_once_init_enter (&sql))
    g_once_init_leave (
        &sql,
        gan_columns_dup_select (GAN_TYPE_JOB_ROW, "jobs", "ORDER BY position, added_at, id"));
  select = gan_database_prepare (database, sql, error);
  return select != NULL ? gan_columns_load (select, GAN_TYPE_JOB_ROW, error) : NULL;
}

/**
 * gan_job_table_find:
 * @database: a database
 * @ids: (array zero-terminated=1): of jobs; what is gone is passed over
 * @error: return location
 *
 * Returns: (transfer full) (element-type GanJobRow): those that are there, sealed, or %NULL
 */
GPtrArray *
gan_job_table_find (GanDatabase *database, const char *const *ids, GError **error)
{
  static char *sql;
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (g_object_unref);

  if (g_once_init_enter (&sql))
    g_once_init_leave (&sql, gan_columns_dup_select (GAN_TYPE_JOB_ROW, "jobs", "WHERE id = ?1"));
  for (gsize i = 0; ids[i] != NULL; i++)
    {
      g_autoptr (GanStatement) select = gan_database_prepare (database, sql, error);
      g_autoptr (GPtrArray) rows = NULL;

      if (select == NULL)
        return NULL;
      gan_statement_bind_text (select, 1, ids[i]);
      rows = gan_columns_load (select, GAN_TYPE_JOB_ROW, error);
      if (rows == NULL)
        return NULL;
      g_ptr_array_extend_and_steal (found, g_steal_pointer (&rows));
    }
  return g_steal_pointer (&found);
}

static gboolean
fail_gone (const char *id, GError **error)
{
  gan_error_set (error, GAN_ERROR_NOT_FOUND, "removed", "there is no job %s", id);
  return FALSE;
}

/**
 * gan_job_table_save:
 * @database: a database
 * @row: a job that is there
 * @error: return location; %GAN_ERROR_NOT_FOUND where it is there no longer
 *
 * Stores what the one who executes the queue decides: all but link, position, what is wanted and
 * the time of adding.
 *
 * Returns: whether it is stored
 */
gboolean
gan_job_table_save (GanDatabase *database, GanJobRow *row, GError **error)
{
  g_autoptr (GanJobRow) stored = copy_without_secrets (row);
  GanStatement *update = prepare_update (database, error);

  if (update == NULL)
    return FALSE;
  gan_columns_bind (update, GAN_RECORD (stored));
  if (!gan_statement_run (update, error))
    return FALSE;
  return gan_statement_get_n_changed (update) > 0 || fail_gone (gan_job_row_get_id (row), error);
}

/* What follows at once from what is wanted, where nobody has to end anything first. NULL: nothing.
 */
static const char *
get_consequence (const char *wanted)
{
  if (g_str_equal (wanted, GAN_JOB_WANT_RUN))
    return "UPDATE jobs SET state = 'waiting', tries = 0, retry_at = NULL, error_code = NULL,"
           " error_reason = NULL, error_message = NULL"
           " WHERE id = ?1 AND state IN ('failed', 'cancelled', 'retrying', 'paused')";
  if (g_str_equal (wanted, GAN_JOB_WANT_PAUSE))
    return "UPDATE jobs SET state = 'paused', retry_at = NULL, error_code = NULL,"
           " error_reason = NULL, error_message = NULL"
           " WHERE id = ?1 AND state IN ('waiting', 'retrying')";
  return NULL;
}

static gboolean
want_one (GanDatabase *database, const char *id, const char *wanted, GError **error)
{
  static const char want[] = "UPDATE jobs SET wanted = ?2, changed_at = ?3 WHERE id = ?1";
  const char *consequence = get_consequence (wanted);
  GanStatement *statement = gan_database_prepare (database, want, error);

  if (statement == NULL)
    return FALSE;
  gan_statement_bind_text (statement, 1, id);
  gan_statement_bind_text (statement, 2, wanted);
  gan_statement_bind_int (statement, 3, get_now ());
  if (!gan_statement_run (statement, error))
    return FALSE;
  if (consequence == NULL)
    return TRUE;
  statement = gan_database_prepare (database, consequence, error);
  if (statement == NULL)
    return FALSE;
  gan_statement_bind_text (statement, 1, id);
  return gan_statement_run (statement, error);
}

/**
 * gan_job_table_want:
 * @database: a database
 * @ids: (array zero-terminated=1): of jobs; what is gone is passed over
 * @wanted: %GAN_JOB_WANT_RUN, %GAN_JOB_WANT_PAUSE or %GAN_JOB_WANT_CANCEL
 * @error: return location
 *
 * Says what is to become of the jobs. One that has ended or is paused and is to run waits anew,
 * with no try behind it; one that waits for its next try need not wait. One that waits and is to
 * pause is paused.
 *
 * Returns: whether it is stored
 */
gboolean
gan_job_table_want (GanDatabase *database,
                    const char *const *ids,
                    const char *wanted,
                    GError **error)
{
  for (gsize i = 0; ids[i] != NULL; i++)
    {
      if (!want_one (database, ids[i], wanted, error))
        return FALSE;
    }
  return TRUE;
}

/* Where the job stands; %GAN_ERROR_NOT_FOUND if it is gone. */
static gboolean
find_position (GanDatabase *database, const char *id, gint64 *position, GError **error)
{
  g_autoptr (GanStatement) select
      = gan_database_prepare (database, "SELECT position FROM jobs WHERE id = ?1", error);
  gboolean has_row = FALSE;

  if (select == NULL)
    return FALSE;
  gan_statement_bind_text (select, 1, id);
  if (!gan_statement_step (select, &has_row, error))
    return FALSE;
  if (!has_row)
    return fail_gone (id, error);
  *position = gan_statement_get_int (select, 0);
  return TRUE;
}

static gboolean
run_with_position (GanDatabase *database,
                   const char *sql,
                   gint64 position,
                   const char *id,
                   GError **error)
{
  GanStatement *statement = gan_database_prepare (database, sql, error);

  if (statement == NULL)
    return FALSE;
  gan_statement_bind_int (statement, 1, position);
  if (id != NULL)
    gan_statement_bind_text (statement, 2, id);
  return gan_statement_run (statement, error);
}

/**
 * gan_job_table_move:
 * @database: a database
 * @id: of a job
 * @before: (nullable): of the job that it shall stand before; %NULL for the end
 * @error: return location; %GAN_ERROR_NOT_FOUND where one of them is gone
 *
 * Returns: whether it stands there
 */
gboolean
gan_job_table_move (GanDatabase *database, const char *id, const char *before, GError **error)
{
  gint64 position = 0;

  if (!find_position (database, id, &position, error))
    return FALSE;
  if (g_strcmp0 (id, before) == 0)
    return TRUE;
  if (before == NULL && !find_end (database, &position, error))
    return FALSE;
  if (before != NULL
      && (!find_position (database, before, &position, error)
          || !run_with_position (database,
                                 "UPDATE jobs SET position = position + 1 WHERE position >= ?1",
                                 position,
                                 NULL,
                                 error)))
    return FALSE;
  return run_with_position (database,
                            "UPDATE jobs SET position = ?1 WHERE id = ?2",
                            position,
                            id,
                            error);
}

/**
 * gan_job_table_remove:
 * @database: a database
 * @ids: (array zero-terminated=1): of jobs; what is gone already is passed over
 * @was_there: (out) (optional): whether any of them was there
 * @error: return location
 *
 * Returns: whether they are gone
 */
gboolean
gan_job_table_remove (GanDatabase *database,
                      const char *const *ids,
                      gboolean *was_there,
                      GError **error)
{
  int n_removed = 0;

  for (gsize i = 0; ids[i] != NULL; i++)
    {
      GanStatement *statement
          = gan_database_prepare (database, "DELETE FROM jobs WHERE id = ?1", error);

      if (statement == NULL)
        return FALSE;
      gan_statement_bind_text (statement, 1, ids[i]);
      if (!gan_statement_run (statement, error))
        return FALSE;
      n_removed += gan_statement_get_n_changed (statement);
    }
  if (was_there != NULL)
    *was_there = n_removed > 0;
  return TRUE;
}
