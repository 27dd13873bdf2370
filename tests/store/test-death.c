/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Death at every step, a disk that is full, and two programs at once: what was said to be stored is
 * there, once, and the file is sound. */
#include "config.h"

#include "gan-error.h"
#include "gan-test-run.h"
#include "gan-test-store.h"

#include <signal.h>
#include <string.h>

#define PATIENCE 30000

/* More calls of one kind than a run of this size makes. */
#define MOST_CALLS 60

/* What each of two programs adds. */
#define BOTH_ADD 50 /* together 100 */

/* What changes a file or what it is called. strace counts the calls of each name for themselves. */
static const char *const changes[]
    = { "pwrite64", "fsync", "fdatasync", "ftruncate", "unlink", "rename" };

static gboolean
has_strace (void)
{
  g_autofree char *path = g_find_program_in_path ("strace");

  if (path == NULL)
    g_test_skip ("strace is not installed");
  return path != NULL;
}

/* Leaks are looked for by the same means that strace uses. */
static const char *const traced[]
    = { "ASAN_OPTIONS=detect_leaks=0:intercept_tls_get_addr=0", NULL };

/* Starts store-run with @words (NULL-terminated), under strace that injects @inject if not NULL. */
static GanTestRun *
start (GanTestStore *self, const char *inject, const char *const *words)
{
  g_autofree char *program = gan_test_program_dup_path ("tests/store/store-run");
  g_autofree char *rule = inject != NULL ? g_strconcat ("inject=", inject, NULL) : NULL;
  const char *const wrapper[] = { "strace", "-f", "-qq", "-o", "/dev/null", "-e", rule, NULL };
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();

  for (guint i = 0; inject != NULL && wrapper[i] != NULL; i++)
    g_ptr_array_add (argv, (gpointer) wrapper[i]);
  g_ptr_array_add (argv, program);
  g_ptr_array_add (argv, self->path);
  for (guint i = 0; words[i] != NULL; i++)
    g_ptr_array_add (argv, (gpointer) words[i]);
  g_ptr_array_add (argv, NULL);
  return gan_test_run_start ((const char *const *) argv->pdata, traced, NULL, NULL);
}

/* What the program said, after its end. */
static char *
wait_for (GanTestRun *run)
{
  g_assert_true (gan_test_run_wait (run, PATIENCE));
  return gan_test_run_dup_stdout (run);
}

static GPtrArray *
load (GanTestStore *self)
{
  g_autoptr (GanStore) store = gan_store_new (self->path);
  g_autoptr (GError) error = NULL;
  GPtrArray *rows = gan_store_load_jobs_sync (store, &error);

  g_assert_no_error (error);
  return rows;
}

static void
empty_folder (GanTestStore *self)
{
  gan_test_store_tear_down (self, NULL);
  gan_test_store_set_up (self, NULL);
}

/* Every link that @out says was added stands in the queue once; at most one more does. */
static void
assert_added (GanTestStore *self, const char *out)
{
  g_autoptr (GPtrArray) rows = load (self);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_auto (GStrv) lines = g_strsplit (out, "\n", -1);
  guint n_said = 0;

  for (guint i = 0; i < rows->len; i++)
    g_assert_true (g_hash_table_add (seen, (gpointer) gan_job_row_get_url (rows->pdata[i])));
  for (guint i = 0; lines[i] != NULL; i++)
    {
      if (!g_str_has_prefix (lines[i], "added "))
        continue;
      g_assert_true (g_hash_table_contains (seen, lines[i] + strlen ("added ")));
      n_said++;
    }
  g_assert_cmpuint (rows->len, <=, n_said + 1);
}

static gint64
get_saved (const char *out)
{
  g_auto (GStrv) lines = g_strsplit (out, "\n", -1);
  guint64 saved = 0;

  for (guint i = 0; lines[i] != NULL; i++)
    {
      if (g_str_has_prefix (lines[i], "saved "))
        saved = g_ascii_strtoull (lines[i] + strlen ("saved "), NULL, 10);
    }
  return (gint64) saved;
}

static void
assert_saved (GanTestStore *self, const char *out)
{
  g_autoptr (GPtrArray) rows = load (self);
  gint64 said = get_saved (out);

  g_assert_cmpuint (rows->len, ==, 1);
  g_assert_cmpint (gan_job_row_get_downloaded (rows->pdata[0]), >=, said == 0 ? GAN_UNKNOWN : said);
  g_assert_cmpint (gan_job_row_get_downloaded (rows->pdata[0]), <=, said + 1);
}

/* In the queue or in the library, never in both or in none. */
static void
assert_finished (GanTestStore *self, const char *out)
{
  g_autofree char *jobs = NULL;
  g_autofree char *both = NULL;

  g_ptr_array_unref (load (self));
  jobs = gan_test_store_dup (self, "SELECT count(*) FROM jobs");
  both = gan_test_store_dup (self,
                             "SELECT (SELECT count(*) FROM jobs) || (SELECT count(*) FROM library)"
                             " || (SELECT count(*) FROM site_stats)");
  if (strstr (out, "finished") != NULL)
    g_assert_cmpstr (jobs, ==, "0");
  g_assert_cmpstr (both, ==, *jobs == '0' ? "011" : "100");
}

/* The old form or the new one; the copy that is made first is whole if it is there. */
static void
assert_migrated (GanTestStore *self, const char *out)
{
  g_autofree char *found = gan_test_store_dup (
      self,
      "SELECT (SELECT user_version FROM pragma_user_version) || ' ' || count(*) || ' ' ||"
      " (SELECT count(*) FROM pragma_table_info('jobs') WHERE name = 'colour') FROM jobs");
  g_autofree char *path = g_strdup (self->path);
  g_autofree char *copy = g_strconcat (path, ".v1.bak", NULL);

  if (!g_str_equal (found, "1 1 0"))
    g_assert_cmpstr (found, ==, "3 1 1");
  if (!g_file_test (copy, G_FILE_TEST_EXISTS))
    {
      g_assert_cmpstr (found, ==, "1 1 0");
      return;
    }
  g_free (self->path);
  self->path = g_steal_pointer (&copy);
  gan_test_store_assert_sound (self);
  g_free (self->path);
  self->path = g_steal_pointer (&path);
}

typedef void (*Check) (GanTestStore *self, const char *out);

/* What is there before a run, and what of it has to be there afterwards. */
typedef struct
{
  const char *const *words;
  void (*prepare) (GanTestStore *self);
  Check check;
} Death;

static void
prepare_nothing (GanTestStore *self)
{
}

static void
prepare_job (GanTestStore *self)
{
  g_autoptr (GanStore) store = gan_store_new (self->path);

  g_object_unref (gan_test_store_add (store, "https://example.org/a"));
}

/* Returns how many calls of this name there were. */
static guint
kill_at_each (GanTestStore *self, const Death *death, const char *name)
{
  for (guint n = 1; n <= MOST_CALLS; n++)
    {
      g_autofree char *inject = g_strdup_printf ("%s:signal=KILL:when=%u", name, n);
      g_autoptr (GanTestRun) run = NULL;
      g_autofree char *out = NULL;

      empty_folder (self);
      death->prepare (self);
      run = start (self, inject, death->words);
      out = wait_for (run);
      death->check (self, out);
      gan_test_store_assert_sound (self);
      if (gan_test_run_get_exit (run) == 0)
        return n - 1;
      g_assert_cmpint (gan_test_run_get_exit (run), ==, -SIGKILL);
    }
  g_assert_not_reached ();
}

static void
kill_at_every (GanTestStore *self, const Death *death)
{
  g_autoptr (GString) text = g_string_new ("killed at");
  guint n_killed = 0;

  if (!has_strace ())
    return;
  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      guint n = kill_at_each (self, death, changes[i]);

      g_string_append_printf (text, " %u %s", n, changes[i]);
      n_killed += n;
    }
  g_test_message ("%s", text->str);
  g_assert_cmpuint (n_killed, >, 3);
}

static void
test_kill_add (GanTestStore *self, gconstpointer data)
{
  const char *const words[] = { "add", "https://example.org/", "2", NULL };
  const Death death = { words, prepare_nothing, assert_added };

  kill_at_every (self, &death);
}

static void
test_kill_save (GanTestStore *self, gconstpointer data)
{
  const char *const words[] = { "save", "2", NULL };
  const Death death = { words, prepare_job, assert_saved };

  kill_at_every (self, &death);
}

static void
test_kill_finish (GanTestStore *self, gconstpointer data)
{
  const char *const words[] = { "finish", NULL };
  const Death death = { words, prepare_job, assert_finished };

  kill_at_every (self, &death);
}

static void
test_kill_migrate (GanTestStore *self, gconstpointer data)
{
  const char *const words[] = { "migrate", NULL };
  const Death death = { words, prepare_job, assert_migrated };

  kill_at_every (self, &death);
}

static void
prepare_damaged (GanTestStore *self)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *copy = NULL;
  gsize size = 0;

  prepare_job (self);
  bytes = gan_test_folder_load (self->folder, "queue.db");
  size = g_bytes_get_size (bytes);
  copy = g_memdup2 (g_bytes_get_data (bytes, NULL), size);
  copy[0] = 'X';
  gan_test_folder_write (self->folder, "queue.db", copy, (gssize) size);
}

static void
assert_salvaged (GanTestStore *self, const char *out)
{
  g_autoptr (GPtrArray) rows = load (self);

  g_assert_cmpuint (rows->len, ==, 1);
  g_assert_true (gan_test_store_has_bytes (self, "XQLite format 3"));
}

/* A damaged file, killed at each step of its mending: the rows that could be read are there in the
 * end, and so is the damaged file. */
static void
test_kill_salvage (GanTestStore *self, gconstpointer data)
{
  const char *const words[] = { "open", NULL };
  const Death death = { words, prepare_damaged, assert_salvaged };

  kill_at_every (self, &death);
}

/* The disk is full from the nth write on: a typed error, and what was stored stays. */
static void
test_full (GanTestStore *self, gconstpointer data)
{
  const char *const words[] = { "add", "https://example.org/", "3", NULL };
  const char *const calls[] = { "pwrite64", "fdatasync" };
  guint n_refused = 0;

  if (!has_strace ())
    return;
  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      for (guint n = 1; n <= MOST_CALLS; n += 3)
        {
          g_autofree char *inject = g_strdup_printf ("%s:error=ENOSPC:when=%u+", calls[i], n);
          g_autoptr (GanTestRun) run = NULL;
          g_autofree char *out = NULL;
          int status = 0;

          empty_folder (self);
          run = start (self, inject, words);
          out = wait_for (run);
          status = gan_test_run_get_exit (run);
          if (status != 0)
            {
              n_refused++;
              g_assert_cmpint (status, ==, 1);
              /* Of the journal that is only there until there is a WAL, SQLite forgets why. */
              if (g_str_equal (calls[i], "pwrite64") || strstr (out, "added") != NULL)
                g_assert_nonnull (strstr (out, "error no-space"));
              else
                g_assert_nonnull (strstr (out, "error "));
            }
          assert_added (self, out);
          gan_test_store_assert_sound (self);
          if (status == 0)
            break;
        }
    }
  g_test_message ("refused %u times", n_refused);
  g_assert_cmpuint (n_refused, >, 5);
}

/* Two programs add to one queue that is not there yet: nothing is lost. */
static void
test_two (GanTestStore *self, gconstpointer data)
{
  const char *const one[] = { "add", "https://example.org/one/", G_STRINGIFY (BOTH_ADD), NULL };
  const char *const two[] = { "add", "https://example.org/two/", G_STRINGIFY (BOTH_ADD), NULL };
  g_autoptr (GanTestRun) first = start (self, NULL, one);
  g_autoptr (GanTestRun) second = start (self, NULL, two);
  g_autofree char *first_out = wait_for (first);
  g_autofree char *second_out = wait_for (second);
  g_autoptr (GPtrArray) rows = load (self);
  g_autofree char *positions = NULL;

  g_assert_cmpint (gan_test_run_get_exit (first), ==, 0);
  g_assert_cmpint (gan_test_run_get_exit (second), ==, 0);
  g_assert_cmpuint (rows->len, ==, 2 * BOTH_ADD);
  positions = gan_test_store_dup (self, "SELECT count(DISTINCT position) FROM jobs");
  g_assert_cmpstr (positions, ==, "100");
  gan_test_store_assert_sound (self);
}

#define ADD(path, func)                                                                            \
  g_test_add (path, GanTestStore, NULL, gan_test_store_set_up, func, gan_test_store_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("/death/K01-add", test_kill_add);
  ADD ("/death/K01-save", test_kill_save);
  ADD ("/death/K08-finish", test_kill_finish);
  ADD ("/death/K11-migrate", test_kill_migrate);
  ADD ("/death/U06-salvage", test_kill_salvage);
  ADD ("/death/D03-full", test_full);
  ADD ("/death/K17-two", test_two);
  return g_test_run ();
}
