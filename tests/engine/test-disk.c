/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Disks that are full, broken or taken away. Whatever happens, what is there is consistent, and
 * the next run goes on. */
#include "config.h"

#include "gan-error.h"
#include "gan-test-file.h"
#include "gan-test-run.h"
#include "gan-test-transfer.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#define SIZE 1048576
#define MIB (1024 * 1024)
#define PATIENCE 20000

/* Leaks are looked for by the same means that strace uses. */
static const char *const traced[]
    = { "ASAN_OPTIONS=detect_leaks=0:intercept_tls_get_addr=0", NULL };

static gboolean
has_strace (void)
{
  g_autofree char *path = g_find_program_in_path ("strace");

  if (path == NULL)
    g_test_skip ("strace is not installed");
  return path != NULL;
}

/* Runs a program that fetches, under what @words say, and looks at how it ends. */
static void
run_program (GanTestTransfer *self,
             const char *const *words,
             const char *target,
             int exit_status,
             const char *said)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autofree char *program = gan_test_program_dup_path ("tests/engine/engine-get");
  g_autofree char *url = gan_test_server_dup_url (self->server, target);
  g_autoptr (GanTestRun) run = NULL;
  g_autofree char *out = NULL;

  for (guint i = 0; words[i] != NULL; i++)
    g_ptr_array_add (argv, (gpointer) words[i]);
  g_ptr_array_add (argv, program);
  g_ptr_array_add (argv, (gpointer) "--haste=50");
  g_ptr_array_add (argv, url);
  g_ptr_array_add (argv, self->folder->path);
  g_ptr_array_add (argv, NULL);
  run = gan_test_run_start ((const char *const *) argv->pdata, traced, NULL, NULL);
  g_assert_true (gan_test_run_wait (run, PATIENCE));
  out = gan_test_run_dup_stdout (run);
  if (strstr (out, said) == NULL)
    g_test_message ("%s", out);
  g_assert_nonnull (strstr (out, said));
  g_assert_cmpint (gan_test_run_get_exit (run), ==, exit_status);
}

/* @call fails with @code where it is about the open file @name. */
static void
run_with_fault (GanTestTransfer *self,
                const char *name,
                const char *fault,
                const char *target,
                const char *said)
{
  g_autofree char *path = gan_test_folder_dup_path (self->folder, name);
  g_autofree char *call = g_strndup (fault, strcspn (fault, ":"));
  g_autofree char *trace = g_strconcat ("trace=", call, NULL);
  g_autofree char *inject = g_strconcat ("inject=", fault, NULL);
  const char *const words[]
      = { "strace", "-f", "-qq", "-o", "/dev/null", "-P", path, "-e", trace, "-e", inject, NULL };

  run_program (self, words, target, 1, said);
}

static void
test_no_space (GanTestTransfer *self, gconstpointer data)
{
  static const char target[] = "/file/a.bin?rate=4000000";
  gint64 have = 0;

  if (!has_strace ())
    return;
  run_with_fault (self, "a.bin.part", "pwrite64:error=ENOSPC:when=3+", target, "error no-space");
  gan_test_transfer_assert_names (self, "a.bin.part a.bin.part.json");
  have = gan_test_transfer_get_have (self, "a.bin");
  g_assert_cmpint (have, >, 0);
  g_assert_cmpint (have, <, SIZE);
  gan_test_transfer_assert_fetched (self, target, "a.bin", SIZE, 1, GAN_VERIFIED_LENGTH);
}

/* No room for the state file either: the one that stands counts. */
static void
test_no_space_for_state (GanTestTransfer *self, gconstpointer data)
{
  static const char target[] = "/file/a.bin?rate=4000000";

  if (!has_strace ())
    return;
  run_with_fault (self, "a.bin.part.new", "write:error=ENOSPC:when=2+", target, "error no-space");
  gan_test_transfer_assert_names (self, "a.bin.part a.bin.part.json");
  gan_test_transfer_assert_fetched (self, target, "a.bin", SIZE, 1, GAN_VERIFIED_LENGTH);
}

static void
test_write_error (GanTestTransfer *self, gconstpointer data)
{
  static const char target[] = "/file/a.bin?rate=4000000";

  if (!has_strace ())
    return;
  run_with_fault (self, "a.bin.part", "pwrite64:error=EIO:when=3", target, "error disk");
  gan_test_transfer_assert_fetched (self, target, "a.bin", SIZE, 1, GAN_VERIFIED_LENGTH);
}

/* A lost write is reported once: what was not durable before is fetched again. */
static void
test_sync_error (GanTestTransfer *self, gconstpointer data)
{
  static const char target[] = "/file/a.bin?rate=2000000";
  gint64 have = 0;

  if (!has_strace ())
    return;
  run_with_fault (self, "a.bin.part", "fsync:error=EIO:when=1", target, "error disk");
  g_assert_cmpint (gan_test_transfer_get_have (self, "a.bin"), ==, 0);
  run_with_fault (self, "a.bin.part", "fsync:error=EIO:when=2", target, "error disk");
  have = gan_test_transfer_get_have (self, "a.bin");
  g_assert_cmpint (have, >, 0);
  g_assert_cmpint (have, <, SIZE);
  gan_test_transfer_assert_fetched (self, target, "a.bin", SIZE, 1, GAN_VERIFIED_LENGTH);
}

static void
test_read_only (GanTestTransfer *self, gconstpointer data)
{
  const char *const words[] = { "strace",
                                "-f",
                                "-qq",
                                "-o",
                                "/dev/null",
                                "-e",
                                "trace=renameat2",
                                "-e",
                                "inject=renameat2:error=EROFS",
                                NULL };

  if (!has_strace ())
    return;
  run_program (self, words, "/file/a.bin", 1, "error disk not-writable");
  gan_test_transfer_assert_names (self, "a.bin.part a.bin.part.json");
  gan_test_transfer_assert_fetched (self, "/file/a.bin", "a.bin", SIZE, 1, GAN_VERIFIED_LENGTH);
  /* All bytes were there. */
  g_assert_cmpuint (gan_test_server_count (self->server, NULL), ==, 1);
}

/* A file system whose rename() takes no flags: a link does as well. */
static void
test_no_flags (GanTestTransfer *self, gconstpointer data)
{
  g_autofree char *path = gan_test_folder_dup_path (self->folder, "a.bin.part");
  const char *const words[] = { "strace",
                                "-f",
                                "-qq",
                                "-o",
                                "/dev/null",
                                "-e",
                                "trace=renameat2",
                                "-e",
                                "inject=renameat2:error=EINVAL",
                                NULL };

  if (!has_strace ())
    return;
  run_program (self, words, "/file/a.bin", 0, "ok ");
  gan_test_transfer_assert_names (self, "a.bin");
  gan_test_transfer_assert_bytes (self, "a.bin", SIZE, 1);
  gan_test_folder_write (self->folder, "b.bin", "old", -1);
  run_program (self, words, "/file/b.bin", 0, "b (1).bin");
}

/* FAT keeps 32 bits of a size. The kernel's word for its kind of file system is replaced. */
static void
test_fat (GanTestTransfer *self, gconstpointer data)
{
  const char *const words[] = { "strace",
                                "-f",
                                "-qq",
                                "-o",
                                "/dev/null",
                                "-e",
                                "trace=fstatfs",
                                "-e",
                                "inject=fstatfs:poke_exit=@arg2=444d000000000000",
                                NULL };

  if (!has_strace ())
    return;
  run_program (self,
               words,
               "/cl_small/a.bin?announced=5000000000",
               1,
               "error too-large file-size-limit");
  gan_test_transfer_assert_names (self, "");
  run_program (self, words, "/file/a.bin", 0, "ok ");
}

/* The process may not make a file that large: an error, not a signal. */
static void
test_file_size_limit (GanTestTransfer *self, gconstpointer data)
{
  const char *const words[] = { "sh", "-c", "ulimit -f 600; exec \"$@\"", "sh", NULL };

  run_program (self, words, "/file/a.bin", 1, "error too-large file-size-limit");
  gan_test_transfer_assert_names (self, "a.bin.part a.bin.part.json");
  g_assert_cmpint (gan_test_transfer_get_have (self, "a.bin"), >, 0);
  gan_test_transfer_assert_fetched (self, "/file/a.bin", "a.bin", SIZE, 1, GAN_VERIFIED_LENGTH);
}

/* Serves the file, and half-way does what the test wants. */
typedef struct
{
  GanTestTransfer *fixture;
  void (*meddle) (GanTestTransfer *self);
} Meddler;

static void
serve_meddled (GanTestExchange *exchange, gpointer user_data)
{
  Meddler *meddler = user_data;
  g_auto (GanTestFile) file = { NULL };
  gint64 size = 0;

  gan_test_file_init (&file, exchange);
  size = gan_test_file_get_size (&file);
  gan_test_exchange_printf (exchange,
                            "HTTP/1.1 200 OK\r\nContent-Length: %" G_GINT64_FORMAT "\r\n\r\n",
                            size);
  gan_test_file_send_bytes (&file, exchange, 0, size / 2 - 1);
  /* What is written after this is read after it. */
  while (!g_atomic_int_get (&meddler->fixture->n_told))
    gan_test_exchange_wait_gone (exchange, 5);
  meddler->meddle (meddler->fixture);
  gan_test_file_send_bytes (&file, exchange, size / 2, size - 1);
}

static void
leave_alone (GanTestTransfer *self)
{
}

static void
take_name (GanTestTransfer *self)
{
  gan_test_folder_write (self->folder, "a.bin", "somebody's", -1);
}

static void
test_name_taken (GanTestTransfer *self, gconstpointer data)
{
  Meddler meddler = { self, take_name };
  g_autoptr (GanTransferResult) result = NULL;
  g_autoptr (GBytes) bytes = NULL;

  gan_test_server_add (self->server, "meddled", serve_meddled, &meddler);
  result = gan_test_transfer_run (self, "/meddled/a.bin", NULL);
  g_assert_nonnull (result);
  g_assert_true (g_str_has_suffix (result->file, "/a (1).bin"));
  gan_test_transfer_assert_names (self, "a (1).bin a.bin");
  gan_test_transfer_assert_bytes (self, "a (1).bin", SIZE, 1);
  bytes = gan_test_folder_load (self->folder, "a.bin");
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "somebody's", 10);
}

static char *
dup_moved_path (GanTestTransfer *self)
{
  return g_strconcat (self->folder->path, "-moved", NULL);
}

static void
replace_folder (GanTestTransfer *self)
{
  g_autofree char *moved = dup_moved_path (self);
  g_autofree char *trap = g_strconcat (self->folder->path, "-trap", NULL);

  g_assert_cmpint (g_rename (self->folder->path, moved), ==, 0);
  g_assert_cmpint (g_mkdir (trap, 0700), ==, 0);
  g_assert_cmpint (symlink (trap, self->folder->path), ==, 0);
}

/* Where the folder was there is now a link to another: nothing is ever written there. */
static void
test_folder_replaced (GanTestTransfer *self, gconstpointer data)
{
  Meddler meddler = { self, replace_folder };
  Meddler harmless = { self, leave_alone };
  g_autofree char *moved = dup_moved_path (self);
  g_autofree char *trap = g_strconcat (self->folder->path, "-trap", NULL);

  gan_test_server_add (self->server, "meddled", serve_meddled, &meddler);
  gan_test_transfer_assert_fails (self, "/meddled/a.bin", GAN_ERROR_DISK, "folder-replaced");
  g_assert_cmpint (g_rmdir (trap), ==, 0);
  g_assert_cmpint (g_unlink (self->folder->path), ==, 0);
  g_assert_cmpint (g_rename (moved, self->folder->path), ==, 0);
  gan_test_transfer_assert_names (self, "a.bin.part a.bin.part.json");
  gan_test_server_add (self->server, "meddled", serve_meddled, &harmless);
  gan_test_transfer_assert_fetched (self, "/meddled/a.bin", "a.bin", SIZE, 1, GAN_VERIFIED_LENGTH);
}

static void
remove_folder (GanTestTransfer *self)
{
  const char *const names[] = { "a.bin.part", "a.bin.part.json" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = gan_test_folder_dup_path (self->folder, names[i]);

      g_unlink (path);
    }
  g_assert_cmpint (g_rmdir (self->folder->path), ==, 0);
}

static void
test_folder_removed (GanTestTransfer *self, gconstpointer data)
{
  Meddler meddler = { self, remove_folder };

  gan_test_server_add (self->server, "meddled", serve_meddled, &meddler);
  gan_test_transfer_assert_fails (self, "/meddled/a.bin", GAN_ERROR_DISK, NULL);
  g_assert_false (g_file_test (self->folder->path, G_FILE_TEST_EXISTS));
}

static void
test_folder_missing (GanTestTransfer *self, gconstpointer data)
{
  g_autofree char *deep = gan_test_folder_dup_path (self->folder, "made/on/the/way");
  g_autofree char *file = gan_test_folder_dup_path (self->folder, "file");
  g_autofree char *below = gan_test_folder_dup_path (self->folder, "file/below");
  g_autoptr (GanTransferResult) result = NULL;

  self->options.folder = deep;
  result = gan_test_transfer_run (self, "/file/a.bin", NULL);
  g_assert_nonnull (result);
  gan_test_folder_write (self->folder, "file", "", 0);
  self->options.folder = file;
  gan_test_transfer_assert_fails (self, "/file/a.bin", GAN_ERROR_DISK, NULL);
  self->options.folder = below;
  gan_test_transfer_assert_fails (self, "/file/a.bin", GAN_ERROR_DISK, NULL);
}

/* A disk of its own. Returns whether there may be one. */
static gboolean
mount_small (GanTestTransfer *self, const char *size)
{
  g_autofree char *options = g_strdup_printf ("size=%s,mode=0700", size);

  if (mount ("tmpfs", self->folder->path, "tmpfs", 0, options) == 0)
    return TRUE;
  g_test_skip ("needs the right to mount");
  return FALSE;
}

static void
unmount (GanTestTransfer *self)
{
  g_assert_cmpint (umount2 (self->folder->path, MNT_DETACH), ==, 0);
}

/* The length is known: not a byte of the body is asked for in vain. */
static void
test_small_disk (GanTestTransfer *self, gconstpointer data)
{
  if (!mount_small (self, "40m"))
    return;
  gan_test_transfer_assert_fails (self,
                                  "/file/a.bin?size=30000000&rate=1000000",
                                  GAN_ERROR_NO_SPACE,
                                  NULL);
  gan_test_transfer_assert_names (self, "");
  unmount (self);
}

/* The length is not known: it stops at the reserve, and goes on when there is room. */
static void
test_small_disk_unknown (GanTestTransfer *self, gconstpointer data)
{
  static const char target[] = "/chunked/a.bin?size=40000000&ranges=1";
  gint64 have = 0;

  if (!mount_small (self, "40m"))
    return;
  gan_test_transfer_assert_fails (self, target, GAN_ERROR_NO_SPACE, NULL);
  have = gan_test_transfer_get_have (self, "a.bin");
  g_assert_cmpint (have, >, 16 * MIB);
  g_assert_cmpint (have, <, 30 * MIB);
  g_assert_cmpint (mount ("tmpfs", self->folder->path, "tmpfs", MS_REMOUNT, "size=100m"), ==, 0);
  gan_test_transfer_assert_fetched (self, target, "a.bin", 40000000, 1, GAN_VERIFIED_LENGTH);
  unmount (self);
}

/* So full that there is no room for the state file: the last bytes make some. */
static void
fill_disk (GanTestTransfer *self)
{
  g_autofree char *path = gan_test_folder_dup_path (self->folder, "filler");
  g_autofree char *megabyte = g_malloc0 (MIB);
  FILE *file = g_fopen (path, "w");

  setvbuf (file, NULL, _IONBF, 0);
  while (fwrite (megabyte, 1, MIB, file) == MIB)
    ;
  fclose (file);
}

static void
test_full_disk (GanTestTransfer *self, gconstpointer data)
{
  Meddler filling = { self, fill_disk };
  Meddler harmless = { self, leave_alone };
  g_autofree char *filler = gan_test_folder_dup_path (self->folder, "filler");

  if (!mount_small (self, "20m"))
    return;
  gan_test_server_add (self->server, "meddled", serve_meddled, &filling);
  gan_test_transfer_assert_fails (self, "/meddled/a.bin", GAN_ERROR_NO_SPACE, NULL);
  g_assert_cmpint (gan_test_transfer_get_have (self, "a.bin"), >, SIZE / 4);
  g_assert_cmpint (g_unlink (filler), ==, 0);
  gan_test_server_add (self->server, "meddled", serve_meddled, &harmless);
  gan_test_transfer_assert_fetched (self, "/meddled/a.bin", "a.bin", SIZE, 1, GAN_VERIFIED_LENGTH);
  unmount (self);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  GAN_TEST_ADD ("/disk/D01-no-space", test_no_space);
  GAN_TEST_ADD ("/disk/D01-no-space-for-state", test_no_space_for_state);
  GAN_TEST_ADD ("/disk/D01-full-disk", test_full_disk);
  GAN_TEST_ADD ("/disk/D02-small-disk", test_small_disk);
  GAN_TEST_ADD ("/disk/S32-small-disk-unknown", test_small_disk_unknown);
  GAN_TEST_ADD ("/disk/D04-write-error", test_write_error);
  GAN_TEST_ADD ("/disk/D04-sync-error", test_sync_error);
  GAN_TEST_ADD ("/disk/D05-file-size-limit", test_file_size_limit);
  GAN_TEST_ADD ("/disk/D10-fat", test_fat);
  GAN_TEST_ADD ("/disk/D06-read-only", test_read_only);
  GAN_TEST_ADD ("/disk/D06-folder-replaced", test_folder_replaced);
  GAN_TEST_ADD ("/disk/D06-folder-removed", test_folder_removed);
  GAN_TEST_ADD ("/disk/D06-folder-missing", test_folder_missing);
  GAN_TEST_ADD ("/disk/D07-name-taken", test_name_taken);
  GAN_TEST_ADD ("/disk/D07-no-flags", test_no_flags);
  return g_test_run ();
}
