/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The file in every state it may be found in: missing, old, new, damaged, half migrated. */
#include "config.h"

#include "gan-error.h"
#include "gan-schema.h"
#include "gan-test-store.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* Rows of the file that is damaged; more than one page of each table. */
#define N_ROWS 60

static GanDatabase *
open_database (GanTestStore *self, GanDatabaseCondition condition)
{
  g_autoptr (GError) error = NULL;
  GanDatabase *database = gan_database_open (self->path, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpint (gan_database_get_condition (database), ==, condition);
  return database;
}

static void
load_fixture (GanTestStore *self, const char *name)
{
  g_autofree char *fixture = g_strconcat ("store/", name, NULL);
  g_autoptr (GBytes) bytes = gan_test_fixture_load (fixture);
  g_autofree char *sql = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));

  gan_test_store_sql (self, sql);
}

static void
assert_text (GanTestStore *self, const char *sql, const char *expected)
{
  g_autofree char *found = gan_test_store_dup (self, sql);

  g_assert_cmpstr (found, ==, expected);
}

static gboolean
has_file (GanTestStore *self, const char *prefix)
{
  g_auto (GStrv) names = gan_test_folder_list (self->folder);

  for (guint i = 0; names[i] != NULL; i++)
    {
      if (g_str_has_prefix (names[i], prefix))
        return TRUE;
    }
  return FALSE;
}

static void
test_fresh (GanTestStore *self, gconstpointer data)
{
  gan_database_close (open_database (self, GAN_DATABASE_FINE));
  assert_text (self, "PRAGMA user_version", G_STRINGIFY (GAN_DATABASE_VERSION));
  assert_text (self, "PRAGMA journal_mode", "wal");
  gan_test_store_assert_sound (self);
  gan_database_close (open_database (self, GAN_DATABASE_FINE));
  g_assert_false (has_file (self, "queue.db.v"));
}

static void
test_settings (GanTestStore *self, gconstpointer data)
{
  static const struct
  {
    const char *sql;
    gint64 value;
  } cases[] = { { "PRAGMA synchronous", 2 },
                { "PRAGMA foreign_keys", 1 },
                { "PRAGMA secure_delete", 1 },
                { "PRAGMA busy_timeout", 5000 } };
  g_autoptr (GanDatabase) database = open_database (self, GAN_DATABASE_FINE);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gint64 value = -1;

      g_assert_true (gan_database_read_int (database, cases[i].sql, &value, NULL));
      g_assert_cmpint (value, ==, cases[i].value);
    }
}

/* Killed between the making of the file and its first table. */
static void
test_version_0 (GanTestStore *self, gconstpointer data)
{
  load_fixture (self, "v0.sql");
  gan_database_close (open_database (self, GAN_DATABASE_FINE));
  assert_text (self, "PRAGMA user_version", G_STRINGIFY (GAN_DATABASE_VERSION));
  assert_text (self, "SELECT count(*) FROM jobs", "0");
}

static void
test_version_1 (GanTestStore *self, gconstpointer data)
{
  g_autoptr (GanStore) store = NULL;
  g_autoptr (GPtrArray) jobs = NULL;
  g_autoptr (GPtrArray) files = NULL;
  g_autofree char *urls = NULL;

  load_fixture (self, "v1.sql");
  store = gan_store_new (self->path);
  jobs = gan_store_load_jobs_sync (store, NULL);
  urls = gan_test_store_dup_urls (jobs);
  g_assert_cmpstr (urls, ==, "https://example.org/b https://example.org/a");
  g_assert_cmpstr (gan_job_row_get_state (jobs->pdata[1]), ==, GAN_JOB_FAILED);
  g_assert_cmpstr (gan_job_row_get_error_code (jobs->pdata[1]), ==, "network");
  files = gan_store_find_files_sync (store, NULL, NULL);
  g_assert_cmpuint (files->len, ==, 1);
  g_assert_cmpstr (gan_library_row_get_file (files->pdata[0]), ==, "/videos/Größe.mp4");
}

static const char *const next_steps[]
    = { NULL,
        "ALTER TABLE jobs ADD COLUMN colour TEXT;",
        "UPDATE jobs SET colour = 'blue' WHERE url = 'https://example.org/a';" };

/* The step after the current one, on a file with rows: a copy is there before, and the version
 * that does not know it opens the file for reading. */
static void
test_migration (GanTestStore *self, gconstpointer data)
{
  g_autoptr (GanDatabase) database = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_strdup (self->path);

  load_fixture (self, "v1.sql");
  database = open_database (self, GAN_DATABASE_FINE);
  g_assert_true (gan_schema_migrate (database, self->path, next_steps, 3, &error));
  g_assert_cmpint (gan_database_get_condition (database), ==, GAN_DATABASE_MIGRATED);
  g_clear_pointer (&database, gan_database_close);
  assert_text (self, "PRAGMA user_version", "3");
  assert_text (self, "SELECT colour FROM jobs WHERE url = 'https://example.org/a'", "blue");
  gan_test_store_assert_sound (self);

  g_free (self->path);
  self->path = g_strconcat (path, ".v1.bak", NULL);
  assert_text (self, "PRAGMA user_version", "1");
  assert_text (self, "SELECT count(*) FROM jobs", "2");
  gan_test_store_assert_sound (self);
}

/* A step that fails changes nothing. */
static void
test_migration_fails (GanTestStore *self, gconstpointer data)
{
  static const char *const steps[]
      = { NULL, "ALTER TABLE jobs ADD COLUMN colour TEXT;", "UPDATE no_such_table SET a = 1;" };
  g_autoptr (GanDatabase) database = NULL;
  g_autoptr (GError) error = NULL;

  load_fixture (self, "v1.sql");
  database = open_database (self, GAN_DATABASE_FINE);
  g_assert_false (gan_schema_migrate (database, self->path, steps, 3, &error));
  g_assert_error (error, GAN_ERROR, GAN_ERROR_DISK);
  g_clear_pointer (&database, gan_database_close);
  assert_text (self, "PRAGMA user_version", "1");
  gan_database_close (open_database (self, GAN_DATABASE_FINE));
}

static void
test_newer (GanTestStore *self, gconstpointer data)
{
  g_autoptr (GanStore) store = NULL;
  g_autoptr (GBytes) before = NULL;
  g_autoptr (GBytes) after = NULL;
  g_autoptr (GPtrArray) jobs = NULL;
  g_autoptr (GError) error = NULL;
  GanDatabaseCondition condition = GAN_DATABASE_FINE;
  const char *ids[] = { NULL, NULL };

  load_fixture (self, "v1.sql");
  gan_test_store_sql (self,
                      "ALTER TABLE jobs ADD COLUMN later TEXT; CREATE TABLE more (a);"
                      "PRAGMA user_version=99");
  before = gan_test_folder_load (self->folder, "queue.db");
  store = gan_store_new (self->path);
  g_assert_true (gan_store_open_sync (store, &condition, NULL));
  g_assert_cmpint (condition, ==, GAN_DATABASE_READ_ONLY);
  jobs = gan_store_load_jobs_sync (store, NULL);
  g_assert_cmpuint (jobs->len, ==, 2);
  ids[0] = gan_job_row_get_id (jobs->pdata[0]);
  g_assert_false (gan_store_remove_jobs_sync (store, ids, &error));
  g_assert_error (error, GAN_ERROR, GAN_ERROR_DISK);
  g_assert_cmpstr (gan_error_get_reason (error), ==, "newer-version");
  g_assert_finalize_object (g_steal_pointer (&store));
  after = gan_test_folder_load (self->folder, "queue.db");
  g_assert_true (g_bytes_equal (before, after));
  assert_text (self, "PRAGMA user_version", "99");
}

/* A database with more than one page in each table, checked in and closed. */
static GBytes *
make_full (GanTestStore *self)
{
  g_autoptr (GanStore) store = gan_store_new (self->path);
  g_autoptr (GanJobRow) job = NULL;
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *title = g_strnfill (300, 't');

  for (guint i = 0; i < N_ROWS; i++)
    {
      g_autofree char *url = g_strdup_printf ("https://example.org/%u", i);
      g_autofree char *file = g_strdup_printf ("/videos/%u.mp4", i);
      g_autoptr (GanJobRow) added = gan_test_store_add (store, url);

      g_set_object (&job, added);
      g_ptr_array_add (files, gan_library_row_new (file));
      gan_library_row_set_title (files->pdata[i], title);
      gan_library_row_set_platform (files->pdata[i], "vimeo");
    }
  g_assert_true (gan_store_finish_job_sync (store, job, files, NULL));
  gan_store_close_sync (store);
  return gan_test_folder_load (self->folder, "queue.db");
}

static void
empty_folder (GanTestStore *self)
{
  g_auto (GStrv) names = gan_test_folder_list (self->folder);

  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autofree char *path = gan_test_folder_dup_path (self->folder, names[i]);

      g_assert_cmpint (unlink (path), ==, 0);
    }
}

typedef struct
{
  guint n_fine;
  guint n_saved;
  guint n_read_only;
  guint n_worst; /* jobs left, at the worst place */
  gsize worst;
} Damage;

/* Opens a file that was damaged at @place, looks at all of it, changes it. */
static void
live_on (GanTestStore *self, gsize place, Damage *damage)
{
  g_autoptr (GanStore) store = gan_store_new (self->path);
  g_autoptr (GPtrArray) jobs = NULL;
  g_autoptr (GPtrArray) files = NULL;
  g_autoptr (GError) error = NULL;
  GanDatabaseCondition condition = GAN_DATABASE_FINE;

  gan_store_open_sync (store, &condition, &error);
  if (error != NULL)
    g_test_message ("damaged at %" G_GSIZE_FORMAT, place);
  g_assert_no_error (error);
  jobs = gan_store_load_jobs_sync (store, &error);
  g_assert_no_error (error);
  files = gan_store_find_files_sync (store, NULL, &error);
  g_assert_no_error (error);
  if (condition == GAN_DATABASE_READ_ONLY)
    {
      damage->n_read_only++;
      return;
    }
  g_object_unref (gan_test_store_add (store, "https://example.org/new"));
  g_clear_object (&store);
  gan_test_store_assert_sound (self);
  if (condition == GAN_DATABASE_SAVED)
    {
      damage->n_saved++;
      g_assert_true (has_file (self, "queue.db.damaged-"));
      g_assert_false (has_file (self, "queue.db.mend"));
      g_assert_false (has_file (self, "queue.db.broken"));
    }
  else
    {
      damage->n_fine++;
    }
  if (jobs->len < damage->n_worst)
    {
      damage->n_worst = jobs->len;
      damage->worst = place;
    }
}

static void
damage_at (GanTestStore *self,
           GBytes *whole,
           gsize place,
           gsize length,
           guint8 mask,
           Damage *damage)
{
  gsize size = 0;
  const guint8 *bytes = g_bytes_get_data (whole, &size);
  g_autofree guint8 *copy = g_memdup2 (bytes, size);

  for (gsize i = place; i < MIN (place + length, size); i++)
    copy[i] ^= mask;
  empty_folder (self);
  gan_test_folder_write (self->folder, "queue.db", copy, (gssize) size);
  live_on (self, place, damage);
}

static void
tell (const char *what, const Damage *damage)
{
  g_test_message ("%s: %u not noticed, %u saved, %u read-only; at worst %u of %u jobs left (%u)",
                  what,
                  damage->n_fine,
                  damage->n_saved,
                  damage->n_read_only,
                  damage->n_worst,
                  N_ROWS - 1,
                  (guint) damage->worst);
}

/* Every byte of the header; but for the version it is the same in all files, and mended. */
static void
test_header (GanTestStore *self, gconstpointer data)
{
  g_autoptr (GBytes) whole = make_full (self);
  Damage damage = { .n_worst = G_MAXUINT };

  for (gsize place = 0; place < 100; place += place < 64 ? 1 : 7)
    damage_at (self, whole, place, 1, 0xff, &damage);
  tell ("header", &damage);
  g_assert_cmpuint (damage.n_saved, >, 10);
  g_assert_cmpuint (damage.n_worst, ==, N_ROWS - 1);
}

static void
test_flips (GanTestStore *self, gconstpointer data)
{
  g_autoptr (GBytes) whole = make_full (self);
  gsize size = g_bytes_get_size (whole);
  Damage damage = { .n_worst = G_MAXUINT };

  g_test_message ("%" G_GSIZE_FORMAT " bytes", size);
  /* The heads of all pages, where their structure is, and places all over the file. */
  for (gsize page = 4096; page < size; page += 4096)
    {
      damage_at (self, whole, page, 1, 0x1f, &damage);
      damage_at (self, whole, page + 3, 2, 0xff, &damage);
      damage_at (self, whole, page + 8, 1, 0x41, &damage);
    }
  for (gsize place = 101; place < size; place += 1951)
    damage_at (self, whole, place, 1, 0xff, &damage);
  tell ("flips", &damage);
  g_assert_cmpuint (damage.n_saved, >, 10);
}

/* A page of noise in the middle, and what is behind it: all but that page is saved. */
static void
test_page (GanTestStore *self, gconstpointer data)
{
  g_autoptr (GBytes) whole = make_full (self);
  gsize size = g_bytes_get_size (whole);
  Damage damage = { 0 };
  guint n_good = 0;

  for (gsize page = 4096; page < size; page += 4096)
    {
      Damage one = { .n_worst = G_MAXUINT };

      damage_at (self, whole, page, 4096, 0x5a, &one);
      damage.n_saved += one.n_saved;
      n_good += one.n_worst == N_ROWS - 1;
    }
  g_test_message ("%u saved, %u of them without a loss", damage.n_saved, n_good);
  g_assert_cmpuint (damage.n_saved, >, 5);
  /* Most pages hold no job at all. */
  g_assert_cmpuint (n_good, >, 5);
}

/* Two damaged pages of one table: what stands before, between and behind them is saved. */
static void
test_two_pages (GanTestStore *self, gconstpointer data)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) left = NULL;
  g_autoptr (GanStore) store = gan_store_new (self->path);
  g_autoptr (GBytes) whole = NULL;
  g_autofree guint8 *copy = NULL;
  gsize size = 0;
  guint n_pages = 0;
  guint n_lost = 0;

  for (guint i = 0; i < 10 * N_ROWS; i++)
    g_ptr_array_add (rows, gan_job_row_new ("https://example.org/a"));
  g_ptr_array_unref (gan_store_add_jobs_sync (store, rows, NULL));
  gan_store_close_sync (store);
  whole = gan_test_folder_load (self->folder, "queue.db");
  size = g_bytes_get_size (whole);
  copy = g_memdup2 (g_bytes_get_data (whole, NULL), size);
  for (gsize page = 4096; page < size; page += 4096)
    {
      /* A leaf of a table, with its number of rows (sqlite.org/fileformat.html §1.6). */
      if (copy[page] == 13 && memmem (copy + page, 4096, "https:", 6) != NULL
          && (++n_pages == 3 || n_pages == 7))
        {
          n_lost += copy[page + 4];
          copy[page] = 0xff;
        }
    }
  g_assert_cmpuint (n_pages, >, 8);
  gan_test_folder_write (self->folder, "queue.db", copy, (gssize) size);
  left = gan_store_load_jobs_sync (store, NULL);
  g_test_message ("%u pages, %u rows lost", n_pages, n_lost);
  g_assert_cmpuint (left->len, ==, 10 * N_ROWS - n_lost);
}

/* Who comes while another one opens the file waits, and can be cancelled. */
static void
test_turn (GanTestStore *self, gconstpointer data)
{
  g_autoptr (GanDatabaseLock) lock = gan_database_lock_new (self->path, NULL, NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (lock);
  g_cancellable_cancel (cancellable);
  g_assert_null (gan_database_open (self->path, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  gan_database_lock_end_opening (lock);
  gan_database_close (open_database (self, GAN_DATABASE_FINE));
}

static void
test_cut (GanTestStore *self, gconstpointer data)
{
  const gsize sizes[] = { 0, 1, 50, 100, 4095, 4096, 5000, 8192, 20000 };
  g_autoptr (GBytes) whole = make_full (self);
  Damage damage = { .n_worst = G_MAXUINT };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      empty_folder (self);
      gan_test_folder_write (self->folder,
                             "queue.db",
                             g_bytes_get_data (whole, NULL),
                             (gssize) sizes[i]);
      live_on (self, sizes[i], &damage);
    }
  tell ("cuts", &damage);
  /* A file of no byte, or of one, is an empty database to SQLite. */
  g_assert_cmpuint (damage.n_saved, ==, G_N_ELEMENTS (sizes) - 2);
}

/* Killed after the fresh file was whole, before it had the name. */
static void
test_mended_is_taken (GanTestStore *self, gconstpointer data)
{
  g_autoptr (GBytes) whole = make_full (self);
  gsize size = 0;
  const void *bytes = g_bytes_get_data (whole, &size);

  gan_test_folder_write (self->folder, "queue.db.mended", bytes, (gssize) size);
  gan_test_folder_write (self->folder, "queue.db", "no database", -1);
  gan_database_close (open_database (self, GAN_DATABASE_FINE));
  assert_text (self, "SELECT count(*) FROM library", G_STRINGIFY (N_ROWS));
  g_assert_true (has_file (self, "queue.db.damaged-"));
  g_assert_false (has_file (self, "queue.db.mended"));
}

/* While somebody else has it open it is not taken away from under him. */
static void
test_damaged_in_use (GanTestStore *self, gconstpointer data)
{
  g_autoptr (GBytes) whole = make_full (self);
  g_autoptr (GanDatabase) user = open_database (self, GAN_DATABASE_FINE);
  g_autoptr (GanDatabase) other = NULL;
  g_autoptr (GError) error = NULL;
  int fd = open (self->path, O_WRONLY | O_CLOEXEC);

  g_assert_cmpint (pwrite (fd, "no database at all", 18, 0), ==, 18);
  close (fd);
  other = gan_database_open (self->path, NULL, &error);
  g_assert_null (other);
  g_assert_error (error, GAN_ERROR, GAN_ERROR_DISK);
  g_assert_cmpstr (gan_error_get_reason (error), ==, "damaged");
  g_clear_error (&error);
  g_clear_pointer (&user, gan_database_close);
  gan_database_close (open_database (self, GAN_DATABASE_SAVED));
}

/* A statement that reads for long ends when it is cancelled, and only then. */
static void
test_cancelled (GanTestStore *self, gconstpointer data)
{
  static const char sql[] = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
                            " WHERE i < 50000) SELECT count(*) FROM n";
  g_autoptr (GanDatabase) database = open_database (self, GAN_DATABASE_FINE);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  gint64 n = 0;

  gan_database_set_cancellable (database, cancellable);
  g_assert_true (gan_database_read_int (database, sql, &n, NULL));
  g_assert_cmpint (n, ==, 50000);
  g_cancellable_cancel (cancellable);
  g_assert_false (gan_database_read_int (database, sql, &n, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  gan_database_set_cancellable (database, NULL);
  g_assert_true (gan_database_read_int (database, sql, &n, NULL));
}

#define ADD(path, func)                                                                            \
  g_test_add (path, GanTestStore, NULL, gan_test_store_set_up, func, gan_test_store_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("/database/fresh", test_fresh);
  ADD ("/database/settings", test_settings);
  ADD ("/database/version-0", test_version_0);
  ADD ("/database/version-1", test_version_1);
  ADD ("/database/migration", test_migration);
  ADD ("/database/migration-fails", test_migration_fails);
  ADD ("/database/U05-newer", test_newer);
  ADD ("/database/U06-header", test_header);
  ADD ("/database/U06-flips", test_flips);
  ADD ("/database/U06-page", test_page);
  ADD ("/database/U06-two-pages", test_two_pages);
  ADD ("/database/U06-cut", test_cut);
  ADD ("/database/U06-mended-is-taken", test_mended_is_taken);
  ADD ("/database/U06-in-use", test_damaged_in_use);
  ADD ("/database/turn", test_turn);
  ADD ("/database/cancelled", test_cancelled);
  return g_test_run ();
}
