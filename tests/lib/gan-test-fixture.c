/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-test-fixture.h"

#include <glib/gstdio.h>

/**
 * gan_test_fixture_dup_path:
 * @name: path below tests/
 *
 * Returns: (transfer full): where the file is
 */
char *
gan_test_fixture_dup_path (const char *name)
{
  return g_test_build_filename (G_TEST_DIST, name, NULL);
}

static GBytes *
load (const char *path)
{
  g_autoptr (GError) error = NULL;
  char *data = NULL;
  gsize length = 0;

  g_file_get_contents (path, &data, &length, &error);
  g_assert_no_error (error);
  return g_bytes_new_take (data, length);
}

/**
 * gan_test_fixture_load:
 * @name: path below tests/
 *
 * Returns: (transfer full): the bytes of the file
 */
GBytes *
gan_test_fixture_load (const char *name)
{
  g_autofree char *path = gan_test_fixture_dup_path (name);

  return load (path);
}

/**
 * gan_test_program_dup_path:
 * @name: path below the build folder, as "src/cli/gannet-cli"
 *
 * Returns: (transfer full): where the program is
 */
char *
gan_test_program_dup_path (const char *name)
{
  return g_test_build_filename (G_TEST_BUILT, "..", name, NULL);
}

/**
 * gan_test_folder_new:
 *
 * Returns: (transfer full): an empty folder in the folder for temporary files
 */
GanTestFolder *
gan_test_folder_new (void)
{
  g_autoptr (GError) error = NULL;
  GanTestFolder *self = g_new0 (GanTestFolder, 1);

  self->path = g_dir_make_tmp ("gannet-test-XXXXXX", &error);
  g_assert_no_error (error);
  return self;
}

/* Below a folder that a test made itself; links are removed, not followed. */
static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = NULL;
  const char *name;

  if (g_file_test (path, G_FILE_TEST_IS_DIR) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK))
    {
      g_chmod (path, 0700);
      dir = g_dir_open (path, 0, NULL);
    }
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_remove (path);
}

/**
 * gan_test_folder_free:
 * @self: (transfer full): a folder
 *
 * Removes it with all it holds.
 */
void
gan_test_folder_free (GanTestFolder *self)
{
  remove_tree (self->path);
  g_free (self->path);
  g_free (self);
}

char *
gan_test_folder_dup_path (GanTestFolder *self, const char *name)
{
  return g_build_filename (self->path, name, NULL);
}

/**
 * gan_test_folder_write:
 * @self: a folder
 * @name: name of a file in it
 * @data: what it shall hold
 * @length: bytes, or -1 for text that ends with NUL
 */
void
gan_test_folder_write (GanTestFolder *self, const char *name, const void *data, gssize length)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = gan_test_folder_dup_path (self, name);

  g_file_set_contents (path, data, length, &error);
  g_assert_no_error (error);
}

GBytes *
gan_test_folder_load (GanTestFolder *self, const char *name)
{
  g_autofree char *path = gan_test_folder_dup_path (self, name);

  return load (path);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(const char *const *) a, *(const char *const *) b);
}

/**
 * gan_test_folder_list:
 * @self: a folder
 *
 * Returns: (transfer full): the sorted names of what is directly in it
 */
GStrv
gan_test_folder_list (GanTestFolder *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = g_dir_open (self->path, 0, &error);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  g_assert_no_error (error);
  while ((name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  g_ptr_array_add (names, NULL);
  return (GStrv) g_ptr_array_steal (names, NULL);
}

/**
 * gan_test_count_descriptors:
 *
 * Returns: how many file descriptors this process has open
 */
guint
gan_test_count_descriptors (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n - 1;
}
