/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Death at every step. A program is killed at its first, second, third … call of one kind, and run
 * again: the file is then whole, alone in its folder, and there once. */
#include "config.h"

#include "gan-limits.h"
#include "gan-test-fixture.h"
#include "gan-test-run.h"
#include "gan-test-server.h"

#include <signal.h>
#include <string.h>

#define SIZE 400000
#define PATIENCE 20000

/* More calls of one kind than a run of this size makes. */
#define MOST_CALLS 80

/* What the kernel may hold on its way between server and client, which counts as sent. */
#define IN_FLIGHT (256 * 1024)

typedef struct
{
  GanTestServer *server;
  GanTestFolder *folder;
  char *program;
  const char *haste; /* how often what happens every second happens */
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->server = gan_test_server_new (FALSE);
  self->folder = gan_test_folder_new ();
  self->haste = "--haste=200";
  self->program = gan_test_program_dup_path ("tests/engine/engine-get");
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_assert_finalize_object (self->server);
  gan_test_folder_free (self->folder);
  g_free (self->program);
}

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

/* @wrapper: what the program is run by, or NULL. */
static GanTestRun *
start (Fixture *self, const char *const *wrapper, const char *target)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autofree char *url = gan_test_server_dup_url (self->server, target);

  for (guint i = 0; wrapper != NULL && wrapper[i] != NULL; i++)
    g_ptr_array_add (argv, (gpointer) wrapper[i]);
  g_ptr_array_add (argv, self->program);
  g_ptr_array_add (argv, (gpointer) self->haste);
  g_ptr_array_add (argv, url);
  g_ptr_array_add (argv, self->folder->path);
  g_ptr_array_add (argv, NULL);
  return gan_test_run_start ((const char *const *) argv->pdata, traced, NULL, NULL);
}

static void
finish (Fixture *self, const char *target)
{
  g_autoptr (GanTestRun) run = start (self, NULL, target);
  g_autofree char *out = NULL;

  g_assert_true (gan_test_run_wait (run, PATIENCE));
  out = gan_test_run_dup_stdout (run);
  if (gan_test_run_get_exit (run) != 0)
    g_test_message ("%s", out);
  g_assert_cmpint (gan_test_run_get_exit (run), ==, 0);
}

/* The file, and nothing but the file. */
static void
assert_whole (Fixture *self, gsize size, guint32 seed)
{
  g_auto (GStrv) names = gan_test_folder_list (self->folder);
  g_autofree char *joined = g_strjoinv (" ", names);
  g_autoptr (GBytes) wanted = gan_test_body (size, seed);
  g_autoptr (GBytes) bytes = NULL;

  g_assert_cmpstr (joined, ==, "a.bin");
  bytes = gan_test_folder_load (self->folder, "a.bin");
  g_assert_true (g_bytes_equal (bytes, wanted));
}

static void
empty_folder (Fixture *self)
{
  gan_test_folder_free (self->folder);
  self->folder = gan_test_folder_new ();
}

/* Kills at the @n-th call. Returns whether there was one. */
static gboolean
run_and_kill (Fixture *self, const char *call, guint n, const char *target)
{
  g_autofree char *trace = g_strdup_printf ("trace=%s", call);
  g_autofree char *inject = g_strdup_printf ("inject=%s:signal=KILL:when=%u", call, n);
  const char *const wrapper[]
      = { "strace", "-f", "-qq", "-o", "/dev/null", "-e", trace, "-e", inject, NULL };
  g_autoptr (GanTestRun) run = start (self, wrapper, target);

  g_assert_true (gan_test_run_wait (run, PATIENCE));
  if (gan_test_run_get_exit (run) == 0)
    return FALSE;
  g_assert_cmpint (gan_test_run_get_exit (run), ==, -SIGKILL);
  return TRUE;
}

static void
kill_at_every (Fixture *self, const char *call)
{
  static const char target[] = "/file/a.bin?size=400000&rate=2000000";
  guint n_killed = 0;
  guint n_survived = 0;

  if (!has_strace ())
    return;
  /* The number of calls differs a little from run to run. */
  for (guint n = 1; n <= MOST_CALLS && n_survived < 2; n++)
    {
      empty_folder (self);
      if (!run_and_kill (self, call, n, target))
        {
          n_survived++;
          continue;
        }
      n_killed++;
      /* And once more, while it recovers. */
      if (run_and_kill (self, call, 1 + n % 3, target))
        finish (self, target);
      assert_whole (self, SIZE, 1);
    }
  g_test_message ("%s: killed at %u calls", call, n_killed);
  g_assert_cmpuint (n_killed, >, 0);
  g_assert_cmpuint (n_survived, ==, 2);
}

static void
test_open (Fixture *self, gconstpointer data)
{
  kill_at_every (self, "ftruncate,fsync");
}

static void
test_fsync (Fixture *self, gconstpointer data)
{
  kill_at_every (self, "fsync");
}

static void
test_rename (Fixture *self, gconstpointer data)
{
  kill_at_every (self, "renameat,renameat2,rename");
}

static void
test_unlink (Fixture *self, gconstpointer data)
{
  kill_at_every (self, "unlinkat,unlink");
}

static void
test_pwrite (Fixture *self, gconstpointer data)
{
  kill_at_every (self, "pwrite64");
}

static void
test_connect (Fixture *self, gconstpointer data)
{
  kill_at_every (self, "connect");
}

/* After the file has its name: the next run sees that it is done, without asking the server. */
static void
test_done (Fixture *self, gconstpointer data)
{
  static const char target[] = "/file/a.bin?size=400000";
  const char *const calls[] = { "fsync", "unlinkat" };

  if (!has_strace ())
    return;
  self->haste = "--haste=1";
  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      g_auto (GStrv) names = NULL;
      g_autofree char *joined = NULL;
      guint requests = 0;
      guint n = 1;

      /* Find the call after the rename: that at which both names are there. */
      for (; joined == NULL || !g_str_equal (joined, "a.bin a.bin.part.json"); n++)
        {
          g_assert_cmpuint (n, <, MOST_CALLS);
          empty_folder (self);
          g_assert_true (run_and_kill (self, calls[i], n, target));
          g_clear_pointer (&names, g_strfreev);
          g_free (joined);
          names = gan_test_folder_list (self->folder);
          joined = g_strjoinv (" ", names);
        }
      requests = gan_test_server_count (self->server, NULL);
      finish (self, target);
      assert_whole (self, SIZE, 1);
      g_assert_cmpuint (gan_test_server_count (self->server, NULL), ==, requests);
    }
}

/* Between a cut and the end of a restart, when there are two versions on disk. */
static void
test_restart (Fixture *self, gconstpointer data)
{
  const char *const calls[] = { "renameat,renameat2", "unlinkat", "ftruncate" };
  guint n_killed = 0;

  if (!has_strace ())
    return;
  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      for (guint n = 1; n < MOST_CALLS; n++)
        {
          g_autofree char *target = g_strdup_printf (
              "/changed/a.bin?size=400000&cut=200000&auto=1&rate=2000000&case=%u-%u",
              i,
              n);

          empty_folder (self);
          if (!run_and_kill (self, calls[i], n, target))
            break;
          n_killed++;
          finish (self, target);
          g_assert_cmpuint (n, <, MOST_CALLS - 1);
          /* The next request for the same target is of the second version. */
          assert_whole (self, SIZE, 1001);
        }
    }
  g_test_message ("killed %u times", n_killed);
  g_assert_cmpuint (n_killed, >, 5);
}

/* Kill at any moment, and see what has to be fetched again. */
static void
test_loss (Fixture *self, gconstpointer data)
{
  static const char target[] = "/file/a.bin?size=3000000&rate=1000000";
  const guint moments[] = { 300, 700, 1200, 1900, 2600 };

  for (guint i = 0; i < G_N_ELEMENTS (moments); i++)
    {
      g_autoptr (GanTestRun) run = NULL;
      guint64 refetched = 0;

      gan_test_server_reset (self->server);
      empty_folder (self);
      self->haste = "--haste=1";
      run = start (self, NULL, target);
      g_assert_true (gan_test_run_wait_output (run, "progress", PATIENCE));
      g_assert_false (gan_test_run_wait (run, moments[i]));
      gan_test_run_kill (run, SIGKILL);
      g_assert_true (gan_test_run_wait (run, PATIENCE));
      finish (self, target);
      assert_whole (self, 3000000, 1);
      refetched = gan_test_server_get_body_bytes (self->server) - 3000000;
      g_test_message ("%u ms: %u bytes again", moments[i], (guint) refetched);
      g_assert_cmpuint (refetched, <=, 1000000 + GAN_LIMIT_OVERLAP_BYTES + IN_FLIGHT);
    }
}

/* SIGTERM: the state is written, and the program gone, within two seconds. */
static void
test_term (Fixture *self, gconstpointer data)
{
  static const char target[] = "/file/a.bin?size=3000000&rate=1000000";
  g_autoptr (GanTestRun) run = start (self, NULL, target);
  g_auto (GStrv) names = NULL;
  g_autofree char *joined = NULL;

  g_assert_true (gan_test_run_wait_output (run, "progress", PATIENCE));
  g_assert_false (gan_test_run_wait (run, 500));
  gan_test_run_kill (run, SIGTERM);
  g_assert_true (gan_test_run_wait (run, 2000));
  g_assert_cmpint (gan_test_run_get_exit (run), ==, 130);
  names = gan_test_folder_list (self->folder);
  joined = g_strjoinv (" ", names);
  g_assert_cmpstr (joined, ==, "a.bin.part a.bin.part.json");
  finish (self, target);
  assert_whole (self, 3000000, 1);
}

/* Two programs, one address, one folder: two files, no byte of one in the other. */
static void
test_two (Fixture *self, gconstpointer data)
{
  static const char target[] = "/file/a.bin?size=400000&rate=400000";
  g_autoptr (GanTestRun) one = start (self, NULL, target);
  g_autoptr (GanTestRun) two = start (self, NULL, target);
  g_auto (GStrv) names = NULL;
  g_autofree char *joined = NULL;
  g_autoptr (GBytes) first = NULL;
  g_autoptr (GBytes) second = NULL;
  g_autoptr (GBytes) wanted = gan_test_body (SIZE, 1);

  g_assert_true (gan_test_run_wait (one, PATIENCE));
  g_assert_true (gan_test_run_wait (two, PATIENCE));
  names = gan_test_folder_list (self->folder);
  joined = g_strjoinv (" ", names);
  g_assert_cmpstr (joined, ==, "a (1).bin a.bin");
  first = gan_test_folder_load (self->folder, "a.bin");
  second = gan_test_folder_load (self->folder, "a (1).bin");
  g_assert_true (g_bytes_equal (first, wanted) && g_bytes_equal (second, wanted));
}

/* Where @text first stands in the trace after @from. */
static const char *
find_call (const char *from, const char *call, const char *what)
{
  g_autofree char *pattern = g_strdup_printf ("%s\\([^\\n]*%s", call, what);
  g_autoptr (GRegex) regex = g_regex_new (pattern, 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  int start_pos = 0;

  if (!g_regex_match (regex, from, 0, &match))
    g_test_message ("no %s of %s", call, what);
  g_assert_true (g_match_info_matches (match));
  g_match_info_fetch_pos (match, 0, &start_pos, NULL);
  return from + start_pos;
}

/* The order that survives a power cut: the bytes, the note that they are whole, the name, the
 * folder; only then does the note go. */
static void
test_order (Fixture *self, gconstpointer data)
{
  g_autoptr (GanTestFolder) log = gan_test_folder_new ();
  g_autofree char *path = gan_test_folder_dup_path (log, "trace");
  const char *const wrapper[]
      = { "strace", "-f", "-qq", "-y",
          "-o",     path, "-e",  "trace=fsync,renameat,renameat2,unlinkat,pwrite64",
          NULL };
  g_autoptr (GanTestRun) run = NULL;
  g_autofree char *text = NULL;
  g_autofree char *base = NULL;
  g_autofree char *folder_pattern = NULL;
  const char *at = NULL;

  if (!has_strace ())
    return;
  run = start (self, wrapper, "/file/a.bin?size=400000");
  g_assert_true (gan_test_run_wait (run, PATIENCE));
  g_assert_cmpint (gan_test_run_get_exit (run), ==, 0);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  base = g_path_get_basename (self->folder->path);
  folder_pattern = g_strdup_printf ("%s>\\)", base);

  /* The state stands before the first byte. */
  at = find_call (text, "fsync", "a\\.bin\\.part\\.new>");
  at = find_call (at, "renameat", "a\\.bin\\.part\\.new.*a\\.bin\\.part\\.json");
  at = find_call (at, "pwrite64", "a\\.bin\\.part>");
  while (strstr (at + 1, "pwrite64(") != NULL)
    at = strstr (at + 1, "pwrite64(");
  at = find_call (at, "fsync", "a\\.bin\\.part>");
  at = find_call (at, "fsync", "a\\.bin\\.part\\.new>");
  at = find_call (at, "renameat", "a\\.bin\\.part\\.new.*a\\.bin\\.part\\.json");
  at = find_call (at, "renameat2", "\"a\\.bin\\.part\".*\"a\\.bin\", RENAME_NOREPLACE");
  at = find_call (at, "fsync", folder_pattern);
  find_call (at, "unlinkat", "\"a\\.bin\\.part\\.json\"");
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("/kill/K03-ftruncate", test_open);
  ADD ("/kill/K04-pwrite", test_pwrite);
  ADD ("/kill/K06-fsync", test_fsync);
  ADD ("/kill/K07-rename", test_rename);
  ADD ("/kill/K08-unlink", test_unlink);
  ADD ("/kill/K08-done", test_done);
  ADD ("/kill/connect", test_connect);
  ADD ("/kill/restart", test_restart);
  ADD ("/kill/K04-loss", test_loss);
  ADD ("/kill/K19-term", test_term);
  ADD ("/kill/D08-two", test_two);
  ADD ("/kill/K07-order", test_order);
  return g_test_run ();
}
