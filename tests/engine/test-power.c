/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Power cuts. A file system in a file, which writes nothing by itself for five minutes; at the
 * moment of the cut the file is copied, and the copy holds what was durable then and nothing
 * else. */
#include "config.h"

#include "gan-test-fixture.h"
#include "gan-test-run.h"
#include "gan-test-server.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#define SIZE 400000
#define PATIENCE 30000
#define MOST_CUTS 12

typedef struct
{
  GanTestServer *server;
  GanTestFolder *root;
  char *program;
  char *disk;   /* where the first life is */
  char *copy;   /* and the second */
  gboolean can; /* make and mount file systems */
} Fixture;

/* Runs words parted by blanks, in the folder of the fixture. */
static gboolean
run_words (Fixture *self, const char *line)
{
  g_auto (GStrv) words = g_strsplit (line, " ", -1);
  g_autoptr (GanTestRun) run
      = gan_test_run_sync ((const char *const *) words, NULL, self->root->path, NULL);

  return gan_test_run_get_exit (run) == 0;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autofree char *strace = g_find_program_in_path ("strace");

  self->server = gan_test_server_new (FALSE);
  self->root = gan_test_folder_new ();
  self->program = gan_test_program_dup_path ("tests/engine/engine-get");
  self->disk = gan_test_folder_dup_path (self->root, "disk");
  self->copy = gan_test_folder_dup_path (self->root, "copy");
  g_assert_cmpint (g_mkdir (self->disk, 0700), ==, 0);
  g_assert_cmpint (g_mkdir (self->copy, 0700), ==, 0);
  self->can = getuid () == 0 && strace != NULL && run_words (self, "truncate -s 48M fresh.img")
              && run_words (self, "mkfs.ext4 -q -F -E lazy_itable_init=0 fresh.img")
              && run_words (self, "mount -o loop fresh.img disk")
              && run_words (self, "umount disk");
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_assert_finalize_object (self->server);
  gan_test_folder_free (self->root);
  g_free (self->program);
  g_free (self->disk);
  g_free (self->copy);
}

static GanTestRun *
run_program (Fixture *self, const char *const *wrapper, const char *folder)
{
  static const char *const traced[]
      = { "ASAN_OPTIONS=detect_leaks=0:intercept_tls_get_addr=0", NULL };
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autofree char *url
      = gan_test_server_dup_url (self->server, "/file/a.bin?size=400000&rate=2000000");

  for (guint i = 0; wrapper != NULL && wrapper[i] != NULL; i++)
    g_ptr_array_add (argv, (gpointer) wrapper[i]);
  g_ptr_array_add (argv, self->program);
  g_ptr_array_add (argv, (gpointer) "--haste=200");
  g_ptr_array_add (argv, url);
  g_ptr_array_add (argv, (gpointer) folder);
  g_ptr_array_add (argv, NULL);
  return gan_test_run_sync ((const char *const *) argv->pdata, traced, NULL, NULL);
}

/* The machine that starts again has another boot id. */
static void
forge_boot (Fixture *self)
{
  g_autofree char *path = g_build_filename (self->copy, "a.bin.part.json", NULL);
  g_autofree char *text = NULL;
  g_autofree char *boot_id = NULL;
  g_autoptr (GString) forged = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return;
  g_assert_true (g_file_get_contents ("/proc/sys/kernel/random/boot_id", &boot_id, NULL, NULL));
  forged = g_string_new (text);
  g_string_replace (forged, g_strchomp (boot_id), "another", 1);
  g_assert_true (g_file_set_contents (path, forged->str, -1, NULL));
}

static void
assert_whole (Fixture *self)
{
  g_autoptr (GDir) dir = g_dir_open (self->copy, 0, NULL);
  g_autofree char *path = g_build_filename (self->copy, "a.bin", NULL);
  g_autofree char *bytes = NULL;
  g_autoptr (GBytes) wanted = gan_test_body (SIZE, 1);
  gsize length = 0;
  const char *name = NULL;

  while ((name = g_dir_read_name (dir)) != NULL)
    g_assert_true (g_str_equal (name, "a.bin") || g_str_equal (name, "lost+found"));
  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  g_assert_cmpmem (bytes, length, g_bytes_get_data (wanted, NULL), SIZE);
}

/* The second life: what was durable, and a run that makes the best of it. */
static void
live_again (Fixture *self)
{
  g_autoptr (GanTestRun) run = NULL;

  g_assert_true (run_words (self, "mount -o loop cut.img copy"));
  forge_boot (self);
  run = run_program (self, NULL, self->copy);
  g_assert_cmpint (gan_test_run_get_exit (run), ==, 0);
  assert_whole (self);
  g_assert_true (run_words (self, "umount copy"));
}

/* The first life, which ends at the @n-th @call. Returns whether it did. */
static gboolean
live (Fixture *self, const char *call, guint n)
{
  g_autofree char *trace = g_strdup_printf ("trace=%s", call);
  g_autofree char *inject = g_strdup_printf ("inject=%s:signal=KILL:when=%u", call, n);
  const char *const wrapper[]
      = { "strace", "-f", "-qq", "-o", "/dev/null", "-e", trace, "-e", inject, NULL };
  g_autoptr (GanTestRun) run = NULL;

  g_assert_true (run_words (self, "cp --sparse=always fresh.img life.img"));
  g_assert_true (run_words (self, "mount -o loop,commit=300 life.img disk"));
  run = run_program (self, wrapper, self->disk);
  g_assert_true (run_words (self, "cp --sparse=always life.img cut.img"));
  g_assert_true (run_words (self, "umount disk"));
  return gan_test_run_get_exit (run) != 0;
}

static void
cut_at_every (Fixture *self, const char *call)
{
  guint n = 1;

  if (!self->can)
    {
      g_test_skip ("needs root, strace, mkfs.ext4 and loop devices");
      return;
    }
  for (; n <= MOST_CUTS && live (self, call, n); n++)
    live_again (self);
  g_test_message ("%s: %u cuts", call, n - 1);
  g_assert_cmpuint (n, >, 2);
}

static void
test_write (Fixture *self, gconstpointer data)
{
  cut_at_every (self, "pwrite64");
}

static void
test_sync (Fixture *self, gconstpointer data)
{
  cut_at_every (self, "fsync");
}

static void
test_rename (Fixture *self, gconstpointer data)
{
  cut_at_every (self, "renameat,renameat2");
}

static void
test_unlink (Fixture *self, gconstpointer data)
{
  cut_at_every (self, "unlinkat");
}

/* After the end of the program the file is there, whatever happens next. */
static void
test_finished (Fixture *self, gconstpointer data)
{
  g_autofree char *state = NULL;
  guint requests = 0;

  if (!self->can)
    {
      g_test_skip ("needs root, strace, mkfs.ext4 and loop devices");
      return;
    }
  g_assert_false (live (self, "fsync", 1000));
  requests = gan_test_server_count (self->server, NULL);
  g_assert_true (run_words (self, "mount -o loop cut.img copy"));
  /* That the note is gone need not be durable; then the next run removes it. */
  state = g_build_filename (self->copy, "a.bin.part.json", NULL);
  if (g_file_test (state, G_FILE_TEST_EXISTS))
    {
      g_autoptr (GanTestRun) run = NULL;

      forge_boot (self);
      run = run_program (self, NULL, self->copy);
      g_assert_cmpint (gan_test_run_get_exit (run), ==, 0);
    }
  assert_whole (self);
  g_assert_cmpuint (gan_test_server_count (self->server, NULL), ==, requests);
  g_assert_true (run_words (self, "umount copy"));
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("/power/K18-write", test_write);
  ADD ("/power/K18-sync", test_sync);
  ADD ("/power/K18-rename", test_rename);
  ADD ("/power/K18-unlink", test_unlink);
  ADD ("/power/K18-finished", test_finished);
  return g_test_run ();
}
