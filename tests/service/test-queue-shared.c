/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One queue, several processes: who adds, who follows, who takes over, who is killed. */
#include "config.h"

#include "gan-test-queue.h"

#include "gan-test-run.h"
#include "gan-test-store.h"

#include <signal.h>
#include <string.h>

/* What each of two processes adds. */
#define BOTH_ADD 200

/* What changes a file or what it is called. */
#define CHANGES "pwrite64,fsync,fdatasync,ftruncate,unlink,unlinkat,rename,renameat,renameat2"

static const char *const mortal[] = { "pwrite64", "fsync",  "fdatasync", "ftruncate", "unlink",
                                      "unlinkat", "rename", "renameat",  "renameat2" };

/* How far each name has come. */
typedef struct
{
  guint name; /* of the last one */
  guint when[G_N_ELEMENTS (mortal)];
  gboolean is_over[G_N_ELEMENTS (mortal)];
} Deaths;

/* For how long deaths are looked for, each way, in seconds. */
#define DEATH_SECONDS 8

/* Leaks are looked for by the same means that strace uses. */
static const char *const traced[]
    = { "ASAN_OPTIONS=detect_leaks=0:intercept_tls_get_addr=0", NULL };

/* @inject: for strace; NULL: without. */
static GanTestRun *
run (GanTestQueue *self, const char *inject, const char *const *words)
{
  g_autofree char *program = gan_test_program_dup_path ("tests/service/queue-run");
  g_autofree char *rule = inject != NULL ? g_strconcat ("inject=", inject, NULL) : NULL;
  const char *const wrapper[]
      = { "strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=" CHANGES, "-e", rule, NULL };
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();

  for (guint i = 0; inject != NULL && wrapper[i] != NULL; i++)
    g_ptr_array_add (argv, (gpointer) wrapper[i]);
  g_ptr_array_add (argv, program);
  g_ptr_array_add (argv, self->data);
  for (guint i = 0; words[i] != NULL; i++)
    g_ptr_array_add (argv, (gpointer) words[i]);
  g_ptr_array_add (argv, NULL);
  return gan_test_run_start ((const char *const *) argv->pdata, traced, NULL, NULL);
}

/* Calls that concern @path are the only ones that fail. The program is our own child, and gets our
 * signals. */
static GanTestRun *
run_on_full_disk (GanTestQueue *self, const char *inject, const char *path)
{
  g_autofree char *program = gan_test_program_dup_path ("tests/service/queue-run");
  g_autofree char *rule = g_strconcat ("inject=", inject, NULL);
  const char *const argv[]
      = { "strace",         "-D", "-f", "-qq",   "-o",       "/dev/null", "-P", path, "-e",
          "trace=pwrite64", "-e", rule, program, self->data, "yields",    NULL };

  return gan_test_run_start (argv, traced, NULL, NULL);
}

static GanTestRun *
run_queue (GanTestQueue *self, const char *how)
{
  const char *const words[] = { how, NULL };

  return run (self, NULL, words);
}

static GanTestRun *
run_add (GanTestQueue *self, const char *inject, const char *target, const char *count)
{
  g_autofree char *link = gan_test_queue_dup_link (self, target);
  const char *const words[] = { "add", self->films, link, count, NULL };

  return run (self, inject, words);
}

static void
end_run (GanTestRun *program)
{
  gan_test_run_kill (program, SIGTERM);
  g_assert_true (gan_test_run_wait (program, GAN_TEST_PATIENCE));
  g_assert_cmpint (gan_test_run_get_exit (program), ==, 0);
}

static gboolean
has_ended (gpointer data)
{
  return gan_test_run_wait (data, 0);
}

typedef struct
{
  guint n_changes;
  guint removed;
  guint added;
} Changes;

static void
changed_cb (GListModel *model, guint position, guint removed, guint added, gpointer user_data)
{
  Changes *self = user_data;

  self->n_changes++;
  self->removed += removed;
  self->added += added;
}

/* The list follows what others add, and nothing that was there is touched. */
static void
test_two_add (GanTestQueue *self, gconstpointer data)
{
  g_autoptr (GanTestRun) one = NULL;
  g_autoptr (GanTestRun) two = NULL;
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  Changes changes = { 0 };

  gan_test_queue_set_limits (self, 1, 1, 0);
  g_object_unref (gan_test_queue_add (self, "/hold/a.mp4?size=100"));
  gan_test_queue_wait_held (self, 1);
  g_signal_connect (self->queue, "items-changed", G_CALLBACK (changed_cb), &changes);
  one = run_add (self, NULL, "/file/one.mp4?n=", G_STRINGIFY (BOTH_ADD));
  two = run_add (self, NULL, "/file/two.mp4?n=", G_STRINGIFY (BOTH_ADD));
  g_assert_true (gan_test_queue_wait (has_ended, one, GAN_TEST_PATIENCE));
  g_assert_true (gan_test_queue_wait (has_ended, two, GAN_TEST_PATIENCE));
  g_assert_cmpint (gan_test_run_get_exit (one), ==, 0);
  g_assert_cmpint (gan_test_run_get_exit (two), ==, 0);
  gan_test_queue_wait_length (self, 2 * BOTH_ADD + 1);
  g_assert_cmpuint (changes.added, ==, 2 * BOTH_ADD);
  g_assert_cmpuint (changes.removed, ==, 0);
  for (guint i = 0; i < 2 * BOTH_ADD + 1; i++)
    {
      g_autoptr (GanJob) job = g_list_model_get_item (G_LIST_MODEL (self->queue), i);

      g_assert_true (
          g_hash_table_add (seen, (gpointer) gan_job_row_get_url (gan_job_get_row (job))));
    }
  g_signal_handlers_disconnect_by_data (self->queue, &changes);
}

static gboolean
has_five_files (gpointer data)
{
  return ((GPtrArray *) data)->len >= 5;
}

/* What another process adds is done by the one who owns. */
static void
test_wake (GanTestQueue *self, gconstpointer data)
{
  g_autoptr (GanTestRun) other = run_add (self, NULL, "/file/a.mp4?size=100&n=", "5");

  g_assert_true (gan_test_queue_wait (has_ended, other, GAN_TEST_PATIENCE));
  g_assert_true (gan_test_queue_wait (has_five_files, self->files, GAN_TEST_PATIENCE));
  gan_test_queue_wait_length (self, 0);
  g_assert_cmpuint (self->files->len, ==, 5);
}

static gboolean
is_running (gpointer data)
{
  return g_strcmp0 (gan_job_get_state (data), GAN_JOB_RUNNING) == 0;
}

/* The owner has taken away what the job had begun. */
static gboolean
is_taken_away (gpointer data)
{
  GanTestQueue *self = data;
  g_autofree char *part = g_build_filename (self->films, "b.mp4.part", NULL);
  g_autofree char *state = g_build_filename (self->films, "b.mp4.part.json", NULL);

  return !g_file_test (part, G_FILE_TEST_EXISTS) && !g_file_test (state, G_FILE_TEST_EXISTS);
}

/* One who does not own sees what the owner does, and what it wants is done by the owner. */
static void
test_follow (GanTestQueue *self, gconstpointer data)
{
  g_autoptr (GanTestRun) owner = NULL;
  g_autoptr (GanJob) job = NULL;

  gan_test_queue_close (self);
  owner = run_queue (self, "yields");
  g_assert_true (gan_test_run_wait_output (owner, "owner 1", GAN_TEST_PATIENCE));
  gan_test_queue_open (self);
  g_assert_false (gan_queue_is_owner (self->queue));
  job = gan_test_queue_add (self, "/hold/a.mp4?size=100");
  gan_test_queue_wait_held (self, 1);
  g_assert_true (gan_test_queue_wait (is_running, job, GAN_TEST_PATIENCE));
  gan_test_queue_want (self, job, GAN_JOB_WANT_PAUSE);
  gan_test_queue_release (self);
  gan_test_queue_wait_state (job, GAN_JOB_PAUSED);
  gan_test_queue_want (self, job, GAN_JOB_WANT_RUN);
  gan_test_queue_wait_length (self, 0);
  g_assert_true (gan_test_run_wait_output (owner, "finished", GAN_TEST_PATIENCE));
  g_assert_false (gan_queue_is_owner (self->queue));
  g_assert_cmpuint (self->files->len, ==, 0);

  /* It runs there, and is removed here; even one that is ended at once takes the part file away. */
  g_clear_object (&job);
  job = gan_test_queue_add (self, "/file/b.mp4?size=4000000&rate=400000");
  g_assert_true (gan_test_queue_wait (is_running, job, GAN_TEST_PATIENCE));
  gan_test_queue_remove (self, job);
  gan_test_queue_wait_idle (self);
  end_run (owner);
  g_assert_true (is_taken_away (self));
  gan_test_queue_assert_films (self, "a.mp4");
}

static gboolean
owns (gpointer data)
{
  return gan_queue_is_owner (data);
}

/* A window takes over what a headless owner has begun, byte by byte, and gives it back. */
static void
test_hand_over (GanTestQueue *self, gconstpointer data)
{
  g_autoptr (GanTestRun) headless = NULL;
  g_autoptr (GanJob) job = NULL;

  gan_test_queue_close (self);
  gan_test_queue_store (self, "/file/a.mp4?size=1500000&seed=6&rate=500000");
  headless = run_queue (self, "yields");
  g_assert_true (gan_test_run_wait_output (headless, "owner 1", GAN_TEST_PATIENCE));
  g_assert_true (gan_test_server_wait_count (self->server, "file", 1, GAN_TEST_PATIENCE));
  self->options.kind = GAN_OWNER_CLAIMS;
  gan_test_queue_open (self);
  g_assert_true (gan_test_queue_wait (owns, self->queue, GAN_TEST_PATIENCE));
  g_assert_true (gan_test_run_wait_output (headless, "owner 0", GAN_TEST_PATIENCE));
  gan_test_queue_wait_length (self, 0);
  g_assert_cmpuint (self->files->len, ==, 1);
  g_assert_cmpuint (gan_test_server_count (self->server, "file"), ==, 2);
  gan_test_queue_assert_film (self, "a.mp4", 1500000, 6);

  job = gan_test_queue_add (self, "/hold/b.mp4?size=100");
  gan_test_queue_wait_held (self, 1);
  g_clear_object (&job);
  gan_test_queue_release (self);
  gan_test_queue_close (self);
  gan_test_queue_store (self, "/file/c.mp4?size=100");
  g_assert_true (gan_owner_wake (self->data, NULL));
  g_assert_true (gan_test_run_wait_output (headless, "c.mp4", GAN_TEST_PATIENCE));
  end_run (headless);
  gan_test_queue_assert_films (self, "a.mp4 b.mp4 c.mp4");
}

static gboolean
has_strace (void)
{
  g_autofree char *path = g_find_program_in_path ("strace");

  if (path == NULL)
    g_test_skip ("strace is not installed");
  return path != NULL;
}

static void
empty_folder (GanTestQueue *self)
{
  gan_test_folder_free (self->folder);
  self->folder = gan_test_folder_new ();
  g_free (self->data);
  g_free (self->films);
  self->data = gan_test_folder_dup_path (self->folder, "data");
  self->films = gan_test_folder_dup_path (self->folder, "films");
  g_clear_pointer (&self->app, gan_app_free);
  self->app = gan_test_queue_new_app (self->data);
}

static void
finish (GanTestQueue *self)
{
  g_autoptr (GanTestRun) program = run_queue (self, "idle");
  g_autofree char *out = NULL;

  g_assert_true (gan_test_run_wait (program, GAN_TEST_PATIENCE));
  out = gan_test_run_dup_stdout (program);
  if (gan_test_run_get_exit (program) != 0)
    g_test_message ("%s", out);
  g_assert_cmpint (gan_test_run_get_exit (program), ==, 0);
}

/* Each job was done once: its file is whole and in the library, and nothing else is anywhere. */
static void
assert_done (GanTestQueue *self, guint n)
{
  g_autofree char *path = g_build_filename (self->data, "gannet.db", NULL);
  GanTestStore store = { self->folder, path };
  g_autoptr (GString) names = g_string_new (NULL);
  g_autofree char *counts = gan_test_store_dup (
      &store,
      "SELECT (SELECT count(*) FROM jobs) || ' ' || count(*) || ' ' ||"
      " (SELECT sum(finished) FROM site_stats) || ' ' || (SELECT sum(failed) FROM site_stats)"
      " FROM library");
  g_autofree char *wanted = g_strdup_printf ("0 %u %u 0", n, n);

  g_assert_cmpstr (counts, ==, wanted);
  gan_test_store_assert_sound (&store);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("%c.mp4", 'a' + i);

      g_string_append_printf (names, "%s%s", i > 0 ? " " : "", name);
      gan_test_queue_assert_film (self, name, 100000, i + 1);
    }
  gan_test_queue_assert_films (self, names->str);
}

/* The next call to be killed at, as strace has it: the first of each name, the second of each,
 * later ever fewer. NULL when no name has any left. strace counts each name for itself. */
static char *
dup_death (Deaths *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (mortal); i++)
    {
      self->name = (self->name + 1) % G_N_ELEMENTS (mortal);
      if (!self->is_over[self->name])
        {
          guint *when = &self->when[self->name];

          *when += 1 + *when / 3;
          return g_strdup_printf ("%s:signal=KILL:when=%u", mortal[self->name], *when);
        }
    }
  return NULL;
}

/* Whether it was killed; if not, there were not so many calls of that name. */
static gboolean
note_death (Deaths *self, GanTestRun *program)
{
  if (gan_test_run_get_exit (program) == 0)
    {
      self->is_over[self->name] = TRUE;
      return FALSE;
    }
  g_assert_cmpint (gan_test_run_get_exit (program), ==, -SIGKILL);
  return TRUE;
}

/* Kills the queue at its changes of files, one after another, for as long as there is time. */
static void
test_deaths (GanTestQueue *self, gconstpointer data)
{
  gint64 end = g_get_monotonic_time () + 2 * DEATH_SECONDS * (gint64) G_USEC_PER_SEC;
  guint n_killed = 0;
  Deaths deaths = { 0 };

  if (!has_strace ())
    return;
  gan_test_queue_close (self);
  while (g_get_monotonic_time () < end)
    {
      g_autofree char *inject = dup_death (&deaths);
      const char *const words[] = { "idle", NULL };
      g_autoptr (GanTestRun) program = NULL;

      if (inject == NULL)
        break;
      empty_folder (self);
      gan_test_queue_store (self, "/file/a.mp4?size=100000&seed=1");
      gan_test_queue_store (
          self,
          "/file/b.mp4?size=100000&seed=2&and=/file/c.mp4%3Fsize=100000%26seed=3");
      gan_store_close_sync (gan_app_get_store (self->app));
      program = run (self, inject, words);
      g_assert_true (gan_test_run_wait (program, GAN_TEST_PATIENCE));
      if (note_death (&deaths, program))
        {
          n_killed++;
          finish (self);
          g_test_message ("killed: %s", inject);
        }
      assert_done (self, 3);
    }
  g_test_message ("killed %u times", n_killed);
  g_assert_cmpuint (n_killed, >, 5);
}

/* Killed again and again in the middle of things, the same queue comes to its end all the same. */
static void
test_any_moment (GanTestQueue *self, gconstpointer data)
{
  guint n_killed = 0;

  gan_test_queue_close (self);
  for (char name = 'a'; name <= 'f'; name++)
    {
      g_autofree char *target
          = g_strdup_printf ("/file/%c.mp4?size=100000&seed=%d&rate=50000", name, name - 'a' + 1);

      gan_test_queue_store (self, target);
    }
  gan_store_close_sync (gan_app_get_store (self->app));
  for (guint i = 0; i < 8; i++)
    {
      g_autoptr (GanTestRun) program = run_queue (self, "idle");

      g_assert_true (gan_test_run_wait_output (program, "open", GAN_TEST_PATIENCE));
      if (gan_test_run_wait (program, (guint) g_test_rand_int_range (1, 700)))
        break;
      gan_test_run_kill (program, SIGKILL);
      g_assert_true (gan_test_run_wait (program, GAN_TEST_PATIENCE));
      n_killed++;
    }
  g_test_message ("killed %u times", n_killed);
  g_assert_cmpuint (n_killed, >, 2);
  finish (self);
  assert_done (self, 6);
}

static gboolean
is_empty (gpointer data)
{
  g_autoptr (GPtrArray) rows = gan_store_load_jobs_sync (data, NULL);

  return rows != NULL && rows->len == 0;
}

/* Two headless programs and windows that come and go, some of them killed: whoever owns goes on
 * with what the one before has begun. */
static void
test_many_owners (GanTestQueue *self, gconstpointer data)
{
  g_autoptr (GanTestRun) one = NULL;
  g_autoptr (GanTestRun) two = NULL;

  gan_test_queue_close (self);
  for (char name = 'a'; name <= 'h'; name++)
    {
      g_autofree char *target
          = g_strdup_printf ("/file/%c.mp4?size=100000&seed=%d&rate=30000", name, name - 'a' + 1);

      gan_test_queue_store (self, target);
    }
  one = run_queue (self, "yields");
  two = run_queue (self, "yields");
  for (guint i = 0; i < 5; i++)
    {
      g_autoptr (GanTestRun) window = run_queue (self, "claims");

      g_assert_true (gan_test_run_wait_output (window, "owner 1", GAN_TEST_PATIENCE));
      g_assert_false (gan_test_run_wait (window, (guint) g_test_rand_int_range (1, 400)));
      gan_test_run_kill (window, i % 2 == 0 ? SIGKILL : SIGTERM);
      g_assert_true (gan_test_run_wait (window, GAN_TEST_PATIENCE));
    }
  g_assert_true (gan_test_queue_wait (is_empty, gan_app_get_store (self->app), GAN_TEST_PATIENCE));
  end_run (one);
  end_run (two);
  assert_done (self, 8);
}

/* What was said to be added is done, once, wherever the one who added it was killed. */
static void
test_deaths_of_adding (GanTestQueue *self, gconstpointer data)
{
  gint64 end = g_get_monotonic_time () + DEATH_SECONDS * (gint64) G_USEC_PER_SEC;
  Deaths deaths = { 0 };
  guint n_killed = 0;

  if (!has_strace ())
    return;
  gan_test_queue_close (self);
  while (g_get_monotonic_time () < end)
    {
      g_autofree char *inject = dup_death (&deaths);
      g_autoptr (GanTestRun) program = NULL;
      g_autoptr (GPtrArray) rows = NULL;
      g_auto (GStrv) lines = NULL;
      g_autofree char *out = NULL;
      guint n_said = 0;

      if (inject == NULL)
        break;
      empty_folder (self);
      program = run_add (self, inject, "/file/a.mp4?size=100&n=", "3");
      g_assert_true (gan_test_run_wait (program, GAN_TEST_PATIENCE));
      out = gan_test_run_dup_stdout (program);
      lines = g_strsplit (out, "\n", -1);
      for (guint i = 0; lines[i] != NULL; i++)
        n_said += g_str_has_prefix (lines[i], "added ");
      finish (self);
      rows = gan_store_find_files_sync (gan_app_get_store (self->app), NULL, NULL);
      g_assert_cmpuint (rows->len, >=, n_said);
      g_assert_cmpuint (rows->len, <=, n_said + 1);
      if (note_death (&deaths, program))
        {
          n_killed++;
          g_test_message ("killed: %s", inject);
        }
    }
  g_assert_cmpuint (n_killed, >, 5);
}

/* All jobs are still there, or in the library; not all of them are done. */
static void
assert_not_done (GanTestQueue *self, guint n)
{
  g_autofree char *path = g_build_filename (self->data, "gannet.db", NULL);
  GanTestStore store = { self->folder, path };
  g_autofree char *jobs = gan_test_store_dup (&store, "SELECT count(*) FROM jobs");
  g_autofree char *all
      = gan_test_store_dup (&store, "SELECT count(*) + (SELECT count(*) FROM library) FROM jobs");
  g_autofree char *wanted = g_strdup_printf ("%u", n);

  g_assert_cmpstr (jobs, !=, "0");
  g_assert_cmpstr (all, ==, wanted);
}

/* The disk of the queue is full, that of the films is not: nothing is lost, nothing is done twice,
 * and all is done once there is room. */
static void
test_full (GanTestQueue *self, gconstpointer data)
{
  const guint moments[] = { 1, 6, 12, 18 };

  if (!has_strace ())
    return;
  gan_test_queue_close (self);
  for (guint i = 0; i < G_N_ELEMENTS (moments); i++)
    {
      g_autofree char *inject = g_strdup_printf ("pwrite64:error=ENOSPC:when=%u+", moments[i]);
      g_autofree char *wal = NULL;
      g_autoptr (GanTestRun) program = NULL;

      empty_folder (self);
      wal = g_build_filename (self->data, "gannet.db-wal", NULL);
      for (char name = 'a'; name <= 'c'; name++)
        {
          g_autofree char *target
              = g_strdup_printf ("/file/%c.mp4?size=100000&seed=%d", name, name - 'a' + 1);

          gan_test_queue_store (self, target);
        }
      gan_store_close_sync (gan_app_get_store (self->app));
      program = run_on_full_disk (self, inject, wal);
      g_assert_true (gan_test_run_wait_output (program, "open", GAN_TEST_PATIENCE));
      g_assert_false (gan_test_run_wait (program, 1000));
      gan_test_run_kill (program, SIGTERM);
      g_assert_true (gan_test_run_wait (program, GAN_TEST_PATIENCE));
      g_assert_cmpint (gan_test_run_get_exit (program), ==, 0);
      assert_not_done (self, 3);
      finish (self);
      assert_done (self, 3);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  GAN_TEST_QUEUE_ADD ("/queue-shared/two-add", test_two_add);
  GAN_TEST_QUEUE_ADD ("/queue-shared/wake", test_wake);
  GAN_TEST_QUEUE_ADD ("/queue-shared/K17-follow", test_follow);
  GAN_TEST_QUEUE_ADD ("/queue-shared/K17-hand-over", test_hand_over);
  GAN_TEST_QUEUE_ADD ("/queue-shared/K08-deaths", test_deaths);
  GAN_TEST_QUEUE_ADD ("/queue-shared/K17-many-owners", test_many_owners);
  GAN_TEST_QUEUE_ADD ("/queue-shared/K04-any-moment", test_any_moment);
  GAN_TEST_QUEUE_ADD ("/queue-shared/K01-adding", test_deaths_of_adding);
  GAN_TEST_QUEUE_ADD ("/queue-shared/D03-full", test_full);
  return g_test_run ();
}
