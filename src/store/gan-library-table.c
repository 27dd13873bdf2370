/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-library-table.h"

#include "gan-clock.h"
#include "gan-columns.h"
#include "gan-limits.h"
#include "gan-redact.h"

/* Parameters of the search; its words come after them. */
enum
{
  PLATFORM = 1,
  CONTENT_TYPE,
  SINCE,
  BEFORE_TIME,
  BEFORE_ID,
  FIRST_WORD,
};

/* Of a page; behind the last word there can be. */
#define LIMIT (FIRST_WORD + GAN_LIMIT_SEARCH_WORDS)
#define OFFSET (LIMIT + 1)

/* As one would search by ear: no case, one form of each letter. */
static char *
fold (const char *text)
{
  g_autofree char *normal = g_utf8_normalize (text, -1, G_NORMALIZE_ALL_COMPOSE);

  return normal != NULL ? g_utf8_casefold (normal, -1) : g_strdup ("");
}

/* A line cannot be searched for, so that no word is found across two of the texts. */
static char *
dup_search (GanLibraryRow *row)
{
  const char *title = gan_library_row_get_title (row);
  const char *creator = gan_library_row_get_creator (row);
  const char *file = gan_library_row_get_file (row);
  g_autofree char *name = file != NULL ? g_path_get_basename (file) : NULL;
  g_autofree char *all = g_strjoin ("\n",
                                    title != NULL ? title : "",
                                    creator != NULL ? creator : "",
                                    name != NULL ? name : "",
                                    NULL);

  return fold (all);
}

/* What has ended needs its links no more than to compare them. */
static GanLibraryRow *
copy_without_secrets (GanLibraryRow *row)
{
  GanLibraryRow *copy = gan_library_row_copy (row);
  const char *url = gan_library_row_get_url (row);
  const char *thumbnail = gan_library_row_get_thumbnail_url (row);
  g_autofree char *safe_url = url != NULL ? gan_redact_url_hashed (url) : NULL;
  g_autofree char *safe_thumbnail = thumbnail != NULL ? gan_redact_url_hashed (thumbnail) : NULL;

  gan_library_row_set_url (copy, safe_url);
  gan_library_row_set_thumbnail_url (copy, safe_thumbnail);
  if (gan_library_row_get_finished_at (copy) == GAN_UNKNOWN_TIME)
    gan_library_row_set_finished_at (copy, gan_clock_get_wall (gan_clock_get_system ()));
  return copy;
}

static gboolean
insert (GanDatabase *database, GanLibraryRow *row, GError **error)
{
  static char *sql;
  g_autofree char *search = dup_search (row);
  GanStatement *statement = NULL;

  if (g_once_init_enter (&sql))
    g_once_init_leave (&sql, gan_columns_dup_insert (GAN_TYPE_LIBRARY_ROW, "library", "search"));
  statement = gan_database_prepare (database, sql, error);
  if (statement == NULL)
    return FALSE;
  gan_columns_bind (statement, GAN_RECORD (row));
  gan_statement_bind_text (statement,
                           (int) GAN_RECORD_GET_CLASS (GAN_RECORD (row))->n_fields + 1,
                           search);
  return gan_statement_run (statement, error);
}

/**
 * gan_library_table_has:
 * @database: a database
 * @row: a finished file
 * @is_there: (out): whether the very same file, not only one of its name, is in the library
 * @error: return location
 *
 * Returns: whether it could be read
 */
gboolean
gan_library_table_has (GanDatabase *database,
                       GanLibraryRow *row,
                       gboolean *is_there,
                       GError **error)
{
  g_autoptr (GanStatement) select
      = gan_database_prepare (database,
                              "SELECT 1 FROM library WHERE file = ?1 AND inode = ?2 AND size = ?3",
                              error);

  if (select == NULL)
    return FALSE;
  gan_statement_bind_text (select, 1, gan_library_row_get_file (row));
  gan_statement_bind_int (select, 2, gan_library_row_get_inode (row));
  gan_statement_bind_int (select, 3, gan_library_row_get_size (row));
  return gan_statement_step (select, is_there, error);
}

/**
 * gan_library_table_add:
 * @database: a database
 * @row: a finished file; its time may be missing
 * @error: return location
 *
 * Adds the file; one that had the same name before was replaced on the disk, and is here.
 *
 * Returns: whether it is stored
 */
gboolean
gan_library_table_add (GanDatabase *database, GanLibraryRow *row, GError **error)
{
  g_autoptr (GanLibraryRow) stored = copy_without_secrets (row);

  return insert (database, stored, error);
}

/* Who has the path of @row, and who its id: numbers of rows. */
static gboolean
find_others (GanDatabase *database,
             GanLibraryRow *row,
             gint64 *n_same_file,
             gint64 *n_same_id,
             GError **error)
{
  static const char sql[] = "SELECT (SELECT count(*) FROM library WHERE file = ?1),"
                            " (SELECT count(*) FROM library WHERE id = ?2)";
  g_autoptr (GanStatement) select = gan_database_prepare (database, sql, error);
  gboolean has_row = FALSE;

  if (select == NULL)
    return FALSE;
  gan_statement_bind_text (select, 1, gan_library_row_get_file (row));
  gan_statement_bind_int (select, 2, gan_library_row_get_id (row));
  if (!gan_statement_step (select, &has_row, error))
    return FALSE;
  *n_same_file = gan_statement_get_int (select, 0);
  *n_same_id = gan_statement_get_int (select, 1);
  return TRUE;
}

/**
 * gan_library_table_restore:
 * @database: a database
 * @row: a row that was loaded and is forgotten since
 * @error: return location
 *
 * Puts it back as it was, unless its file has been added anew. SQLite may have given its id to
 * another row, then it gets a new one.
 *
 * Returns: whether the file has a row now
 */
gboolean
gan_library_table_restore (GanDatabase *database, GanLibraryRow *row, GError **error)
{
  g_autoptr (GanLibraryRow) stored = gan_library_row_copy (row);
  gint64 n_same_file = 0;
  gint64 n_same_id = 0;

  if (!find_others (database, row, &n_same_file, &n_same_id, error))
    return FALSE;
  if (n_same_id > 0)
    gan_library_row_set_id (stored, GAN_UNKNOWN);
  return n_same_file > 0 || insert (database, stored, error);
}

/* The WHERE of a filter with so many words. */
static GString *
new_where (guint n_words)
{
  GString *where = g_string_new (NULL);

  g_string_append_printf (where,
                          "WHERE (?%d IS NULL OR platform = ?%d)"
                          " AND (?%d IS NULL OR content_type = ?%d OR (?%d = 'file' AND"
                          " coalesce (content_type, '') NOT IN ('video', 'audio', 'image')))"
                          " AND finished_at >= ?%d AND (finished_at, id) < (?%d, ?%d)",
                          PLATFORM,
                          PLATFORM,
                          CONTENT_TYPE,
                          CONTENT_TYPE,
                          CONTENT_TYPE,
                          SINCE,
                          BEFORE_TIME,
                          BEFORE_ID);
  for (guint i = 0; i < n_words; i++)
    g_string_append_printf (where, " AND instr(search, ?%u) > 0", FIRST_WORD + i);
  return where;
}

static char *
dup_find_sql (guint n_words)
{
  g_autoptr (GString) rest = new_where (n_words);

  g_string_append_printf (rest,
                          " ORDER BY finished_at DESC, id DESC LIMIT ?%d OFFSET ?%d",
                          LIMIT,
                          OFFSET);
  return gan_columns_dup_select (GAN_TYPE_LIBRARY_ROW, "library", rest->str);
}

static char *
dup_count_sql (guint n_words)
{
  g_autoptr (GString) where = new_where (n_words);

  return g_strdup_printf ("SELECT count(*) FROM library %s", where->str);
}

/* The first words of @text, folded. */
static GStrv
split_words (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text != NULL ? text : "", -1);
  g_autofree char *folded = fold (valid);
  g_auto (GStrv) pieces = g_strsplit_set (folded, " \t\r\n", -1);
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();
  guint n_words = 0;

  for (guint i = 0; pieces[i] != NULL && n_words < GAN_LIMIT_SEARCH_WORDS; i++)
    {
      if (*pieces[i] != '\0')
        {
          g_strv_builder_add (words, pieces[i]);
          n_words++;
        }
    }
  return g_strv_builder_end (words);
}

static void
bind_filter (GanStatement *select, const GanLibraryFilter *filter, GStrv words)
{
  GanLibraryRow *before = filter->before;

  gan_statement_bind_text (select, PLATFORM, filter->platform);
  gan_statement_bind_text (select, CONTENT_TYPE, filter->content_type);
  gan_statement_bind_int (select, SINCE, filter->since != 0 ? filter->since : G_MININT64);
  gan_statement_bind_int (select,
                          BEFORE_TIME,
                          before != NULL ? gan_library_row_get_finished_at (before) : G_MAXINT64);
  gan_statement_bind_int (select,
                          BEFORE_ID,
                          before != NULL ? gan_library_row_get_id (before) : G_MAXINT64);
  for (int i = 0; words[i] != NULL; i++)
    gan_statement_bind_text (select, FIRST_WORD + i, words[i]);
}

/**
 * gan_library_table_find:
 * @database: a database
 * @filter: which rows; each word of its text has to stand somewhere in title, creator or file name,
 *   whatever the case; words after the first %GAN_LIMIT_SEARCH_WORDS do not count
 * @error: return location
 *
 * Returns: (transfer full) (element-type GanLibraryRow): the rows, newest first, or %NULL
 */
GPtrArray *
gan_library_table_find (GanDatabase *database, const GanLibraryFilter *filter, GError **error)
{
  g_auto (GStrv) words = split_words (filter->text);
  g_autofree char *sql = dup_find_sql (g_strv_length (words));
  g_autoptr (GanStatement) select = gan_database_prepare (database, sql, error);

  if (select == NULL)
    return NULL;
  bind_filter (select, filter, words);
  gan_statement_bind_int (select, LIMIT, filter->limit > 0 ? (gint64) filter->limit : -1);
  gan_statement_bind_int (select, OFFSET, filter->offset);
  return gan_columns_load (select, GAN_TYPE_LIBRARY_ROW, error);
}

/**
 * gan_library_table_count_rows:
 * @database: a database
 * @filter: which rows; limit and offset do not count
 * @count: (out): how many there are
 * @error: return location
 *
 * Returns: whether they could be counted
 */
gboolean
gan_library_table_count_rows (GanDatabase *database,
                              const GanLibraryFilter *filter,
                              gint64 *count,
                              GError **error)
{
  g_auto (GStrv) words = split_words (filter->text);
  g_autofree char *sql = dup_count_sql (g_strv_length (words));
  g_autoptr (GanStatement) select = gan_database_prepare (database, sql, error);
  gboolean has_row = FALSE;

  if (select == NULL)
    return FALSE;
  bind_filter (select, filter, words);
  if (!gan_statement_step (select, &has_row, error))
    return FALSE;
  *count = has_row ? gan_statement_get_int (select, 0) : 0;
  return TRUE;
}

/**
 * gan_library_table_forget:
 * @database: a database
 * @ids: (array length=n_ids): of rows; what is gone already is passed over
 * @n_ids: how many
 * @error: return location
 *
 * Removes rows; the files themselves stay.
 *
 * Returns: whether they are gone
 */
gboolean
gan_library_table_forget (GanDatabase *database, const gint64 *ids, gsize n_ids, GError **error)
{
  for (gsize i = 0; i < n_ids; i++)
    {
      GanStatement *statement
          = gan_database_prepare (database, "DELETE FROM library WHERE id = ?1", error);

      if (statement == NULL)
        return FALSE;
      gan_statement_bind_int (statement, 1, ids[i]);
      if (!gan_statement_run (statement, error))
        return FALSE;
    }
  return TRUE;
}

/**
 * gan_library_table_count:
 * @database: a database
 * @platform: (nullable): id of a site; nothing is counted for none
 * @finished: whether a file was finished, else a job failed
 * @bytes: of the file, or %GAN_UNKNOWN
 * @error: return location
 *
 * Returns: whether it is stored
 */
gboolean
gan_library_table_count (GanDatabase *database,
                         const char *platform,
                         gboolean finished,
                         gint64 bytes,
                         GError **error)
{
  static const char sql[]
      = "INSERT INTO site_stats (platform, finished, failed, bytes) VALUES (?1, ?2, 1 - ?2, ?3)"
        " ON CONFLICT (platform) DO UPDATE SET finished = finished + excluded.finished,"
        " failed = failed + excluded.failed, bytes = bytes + excluded.bytes";
  GanStatement *statement = NULL;

  if (platform == NULL)
    return TRUE;
  statement = gan_database_prepare (database, sql, error);
  if (statement == NULL)
    return FALSE;
  gan_statement_bind_text (statement, 1, platform);
  gan_statement_bind_int (statement, 2, finished ? 1 : 0);
  gan_statement_bind_int (statement, 3, MAX (bytes, 0));
  return gan_statement_run (statement, error);
}

static void
clear_stats (gpointer data)
{
  GanSiteStats *stats = data;

  g_free (stats->platform);
}

/**
 * gan_library_table_load_stats:
 * @database: a database
 * @error: return location
 *
 * Returns: (transfer full) (element-type GanSiteStats): what was counted, by id of the site, or
 *   %NULL
 */
GArray *
gan_library_table_load_stats (GanDatabase *database, GError **error)
{
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (GanSiteStats));
  g_autoptr (GanStatement) select = gan_database_prepare (
      database,
      "SELECT platform, finished, failed, bytes FROM site_stats ORDER BY platform",
      error);
  gboolean has_row = FALSE;

  g_array_set_clear_func (all, clear_stats);
  while (select != NULL && gan_statement_step (select, &has_row, error))
    {
      GanSiteStats stats = { NULL };

      if (!has_row)
        return g_steal_pointer (&all);
      stats.platform = g_strdup (gan_statement_get_text (select, 0));
      stats.finished = gan_statement_get_int (select, 1);
      stats.failed = gan_statement_get_int (select, 2);
      stats.bytes = gan_statement_get_int (select, 3);
      g_array_append_val (all, stats);
    }
  return NULL;
}
