/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-error.h"
#include "gan-part-file.h"
#include "gan-test-fixture.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct
{
  GanTestFolder *place;
  GanFolder *folder;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  self->place = gan_test_folder_new ();
  self->folder = gan_folder_open (self->place->path, FALSE, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  gan_folder_free (self->folder);
  gan_test_folder_free (self->place);
}

static GanPartFile *
create (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  GanPartFile *part = NULL;

  g_assert_true (gan_part_file_create (self->folder, "x", &part, &error));
  g_assert_no_error (error);
  return part;
}

static GanPartFile *
reopen (Fixture *self, gboolean restarted)
{
  g_autoptr (GError) error = NULL;
  GanPartFile *part = NULL;

  g_assert_true (gan_part_file_open (self->folder, "x", restarted, &part, &error));
  g_assert_no_error (error);
  return part;
}

static void
put (GanPartFile *part, const char *text)
{
  g_assert_true (gan_part_file_truncate (part, 0, NULL));
  g_assert_true (gan_part_file_write (part, text, strlen (text), 0, NULL));
}

static void
assert_holds (GanPartFile *part, const char *text)
{
  char buffer[64];
  gssize n = gan_part_file_read (part, buffer, sizeof buffer, 0, NULL);

  g_assert_cmpmem (buffer, (gsize) n, text, strlen (text));
}

static void
assert_names (Fixture *self, const char *wanted)
{
  g_auto (GStrv) names = gan_test_folder_list (self->place);
  g_autofree char *joined = g_strjoinv (" ", names);

  g_assert_cmpstr (joined, ==, wanted);
}

static void
test_create (Fixture *self, gconstpointer data)
{
  g_autoptr (GanPartFile) part = create (self);
  g_autofree char *path = gan_test_folder_dup_path (self->place, "x.part");
  struct stat info;

  assert_names (self, "x.part");
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 0111, ==, 0);
  g_assert_cmpuint (gan_part_file_get_inode (part), ==, info.st_ino);
  put (part, "hello");
  g_assert_cmpint (gan_part_file_get_size (part), ==, 5);
  assert_holds (part, "hello");
  g_assert_true (gan_part_file_sync (part, 0, NULL));
}

/* One writer, in this process or another: the lock belongs to the open file. */
static void
test_lock (Fixture *self, gconstpointer data)
{
  GanPartFile *part = create (self);

  g_assert_null (create (self));
  g_assert_null (reopen (self, FALSE));
  put (part, "hello");
  gan_part_file_free (part);
  part = reopen (self, FALSE);
  g_assert_nonnull (part);
  gan_part_file_free (part);
}

/* K03: a kill between the part file and its state leaves an empty file, which is taken again. */
static void
test_empty (Fixture *self, gconstpointer data)
{
  GanPartFile *part = create (self);

  gan_part_file_free (part);
  part = create (self);
  g_assert_nonnull (part);
  put (part, "somebody's");
  gan_part_file_free (part);
  g_assert_null (create (self));
  assert_names (self, "x.part");
}

static void
test_links (Fixture *self, gconstpointer data)
{
  g_autofree char *victim = gan_test_folder_dup_path (self->place, "victim");
  g_autofree char *path = gan_test_folder_dup_path (self->place, "x.part");
  g_autoptr (GBytes) bytes = NULL;

  gan_test_folder_write (self->place, "victim", "", 0);
  g_assert_cmpint (symlink (victim, path), ==, 0);
  g_assert_null (create (self));
  g_assert_null (reopen (self, FALSE));
  g_unlink (path);
  g_assert_cmpint (link (victim, path), ==, 0);
  g_assert_null (create (self));
  g_unlink (path);
  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
  g_assert_null (create (self));
  g_unlink (path);
  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  g_assert_null (create (self));
}

static void
test_aside (Fixture *self, gconstpointer data)
{
  g_autoptr (GanPartFile) part = create (self);
  guint64 inode = gan_part_file_get_inode (part);

  put (part, "old");
  g_assert_true (gan_part_file_set_aside (part, NULL));
  g_assert_true (gan_part_file_has_aside (part));
  g_assert_cmpint (gan_part_file_get_size (part), ==, 0);
  g_assert_cmpuint (gan_part_file_get_inode (part), !=, inode);
  assert_names (self, "x.part x.part.old");

  put (part, "new");
  g_assert_true (gan_part_file_bring_back (part, NULL));
  assert_holds (part, "old");
  g_assert_cmpuint (gan_part_file_get_inode (part), ==, inode);
  assert_names (self, "x.part");

  g_assert_true (gan_part_file_set_aside (part, NULL));
  put (part, "new");
  g_assert_true (gan_part_file_drop_aside (part, NULL));
  g_assert_false (gan_part_file_has_aside (part));
  assert_holds (part, "new");
  assert_names (self, "x.part");
}

/* The first version that was set aside is worth more than the second. */
static void
test_aside_twice (Fixture *self, gconstpointer data)
{
  g_autoptr (GanPartFile) part = create (self);

  put (part, "first");
  g_assert_true (gan_part_file_set_aside (part, NULL));
  put (part, "second");
  g_assert_true (gan_part_file_set_aside (part, NULL));
  g_assert_cmpint (gan_part_file_get_size (part), ==, 0);
  g_assert_true (gan_part_file_bring_back (part, NULL));
  assert_holds (part, "first");
}

/* A kill after the bytes were set aside, with and without the state file's knowledge. */
static void
test_aside_killed (Fixture *self, gconstpointer data)
{
  GanPartFile *part = create (self);

  put (part, "old");
  g_assert_true (gan_part_file_set_aside (part, NULL));
  put (part, "n");
  gan_part_file_free (part);
  part = reopen (self, TRUE);
  assert_holds (part, "n");
  g_assert_true (gan_part_file_has_aside (part));
  gan_part_file_free (part);
  part = reopen (self, FALSE);
  assert_holds (part, "old");
  g_assert_false (gan_part_file_has_aside (part));
  assert_names (self, "x.part");
  gan_part_file_free (part);
}

static void
test_sync_due (Fixture *self, gconstpointer data)
{
  g_autoptr (GanPartFile) part = create (self);
  g_autofree char *megabyte = g_malloc0 (1024 * 1024);
  const gint64 second = G_USEC_PER_SEC;

  g_assert_false (gan_part_file_needs_sync (part, 0));
  put (part, "x");
  g_assert_false (gan_part_file_needs_sync (part, second));
  g_assert_true (gan_part_file_needs_sync (part, 30 * second));
  g_assert_true (gan_part_file_sync (part, 30 * second, NULL));
  g_assert_false (gan_part_file_needs_sync (part, 300 * second));
  for (guint i = 0; i < 256; i++)
    g_assert_true (gan_part_file_write (part, megabyte, 1024 * 1024, 0, NULL));
  g_assert_true (gan_part_file_needs_sync (part, 31 * second));
}

static void
test_publish (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *dangling = gan_test_folder_dup_path (self->place, "dangling");

  gan_test_folder_write (self->place, "from", "new", -1);
  gan_test_folder_write (self->place, "to", "old", -1);
  g_assert_cmpint (symlink ("nowhere", dangling), ==, 0);
  g_assert_false (gan_folder_publish (self->folder, "from", "to", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS);
  g_clear_error (&error);
  g_assert_false (gan_folder_publish (self->folder, "from", "dangling", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS);
  g_assert_true (gan_folder_publish (self->folder, "from", "free", NULL));
  bytes = gan_test_folder_load (self->place, "to");
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "old", 3);
  assert_names (self, "dangling free to");
}

static void
test_errors (void)
{
  const struct
  {
    int code;
    GanErrorCode error;
  } rows[] = {
    { ENOSPC, GAN_ERROR_NO_SPACE }, { EDQUOT, GAN_ERROR_NO_SPACE }, { EFBIG, GAN_ERROR_TOO_LARGE },
    { EROFS, GAN_ERROR_DISK },      { EACCES, GAN_ERROR_DISK },     { EIO, GAN_ERROR_DISK },
    { ENOENT, GAN_ERROR_DISK },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;

      gan_folder_set_error (&error, rows[i].code, "cannot write", "x");
      g_assert_error (error, GAN_ERROR, (int) rows[i].error);
    }
}

static void
test_space (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (gan_folder_check_space (self->folder, 0, 0, NULL));
  g_assert_false (gan_folder_check_space (self->folder, G_MAXINT64, G_MAXINT64, &error));
  g_assert_error (error, GAN_ERROR, GAN_ERROR_NO_SPACE);
}

/* D06: the folder is another one than its name leads to. */
static void
test_place (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *moved = g_strconcat (self->place->path, "-moved", NULL);

  g_assert_true (gan_folder_check_place (self->folder, NULL));
  g_assert_cmpint (g_rename (self->place->path, moved), ==, 0);
  g_assert_false (gan_folder_check_place (self->folder, &error));
  g_assert_error (error, GAN_ERROR, GAN_ERROR_DISK);
  g_assert_cmpint (symlink ("/tmp", self->place->path), ==, 0);
  g_assert_false (gan_folder_check_place (self->folder, NULL));
  g_unlink (self->place->path);
  g_assert_cmpint (g_rename (moved, self->place->path), ==, 0);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("/part-file/create", test_create);
  ADD ("/part-file/D08-lock", test_lock);
  ADD ("/part-file/K03-empty", test_empty);
  ADD ("/part-file/D06-links", test_links);
  ADD ("/part-file/aside", test_aside);
  ADD ("/part-file/aside-twice", test_aside_twice);
  ADD ("/part-file/aside-killed", test_aside_killed);
  ADD ("/part-file/sync-due", test_sync_due);
  ADD ("/folder/D07-publish", test_publish);
  g_test_add_func ("/folder/errors", test_errors);
  ADD ("/folder/space", test_space);
  ADD ("/folder/D06-place", test_place);
  return g_test_run ();
}
