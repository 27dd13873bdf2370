/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-database-file.h"

#include "gan-error.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

/**
 * gan_database_file_fail:
 * @error: return location
 * @code: an errno
 * @doing: what failed: "create"
 * @path: the file
 *
 * Returns: %FALSE
 */
gboolean
gan_database_file_fail (GError **error, int code, const char *doing, const char *path)
{
  g_autofree char *name = g_path_get_basename (path);
  GanErrorCode ours = code == ENOSPC || code == EDQUOT ? GAN_ERROR_NO_SPACE : GAN_ERROR_DISK;
  const char *reason = code == EROFS || code == EACCES || code == EPERM ? "not-writable" : NULL;

  gan_error_set (error, ours, reason, "cannot %s %s: %s", doing, name, g_strerror (code));
  return FALSE;
}

/**
 * gan_database_file_exists:
 * @path: a file
 *
 * Returns: whether something has this name
 */
gboolean
gan_database_file_exists (const char *path)
{
  return access (path, F_OK) == 0;
}

/**
 * gan_database_file_create:
 * @path: a file
 * @error: return location
 *
 * Makes the file, readable for the user alone, where it is missing. SQLite gives what it puts
 * beside it the same mode.
 *
 * Returns: whether it is there
 */
gboolean
gan_database_file_create (const char *path, GError **error)
{
  int fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY, 0600);

  if (fd < 0)
    return gan_database_file_fail (error, errno, "create", path);
  close (fd);
  return TRUE;
}

/**
 * gan_database_file_create_folder:
 * @path: a file
 * @error: return location
 *
 * Makes its folder, for the user alone, where it is missing.
 *
 * Returns: whether it is there
 */
gboolean
gan_database_file_create_folder (const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);

  if (g_mkdir_with_parents (folder, 0700) == 0)
    return TRUE;
  return gan_database_file_fail (error, errno, "create the folder", folder);
}

/**
 * gan_database_file_copy:
 * @from: a file; that it is missing is no error
 * @to: where to; what is there is replaced
 * @cancellable: (nullable): a cancellable
 * @error: return location
 *
 * Returns: whether @to is as @from
 */
gboolean
gan_database_file_copy (const char *from, const char *to, GCancellable *cancellable, GError **error)
{
  g_autoptr (GFile) source = g_file_new_for_path (from);
  g_autoptr (GFile) target = g_file_new_for_path (to);
  g_autoptr (GError) inner = NULL;

  if (!gan_database_file_remove (to, error))
    return FALSE;
  if (g_file_copy (source, target, G_FILE_COPY_OVERWRITE, cancellable, NULL, NULL, &inner)
      || g_error_matches (inner, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    return TRUE;
  gan_error_set_cause (error,
                       g_error_matches (inner, G_IO_ERROR, G_IO_ERROR_NO_SPACE) ? GAN_ERROR_NO_SPACE
                                                                                : GAN_ERROR_DISK,
                       NULL,
                       g_steal_pointer (&inner));
  return FALSE;
}

static gboolean
sync_folder (const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  int code = 0;

  if (fd < 0)
    return gan_database_file_fail (error, errno, "open the folder", folder);
  if (fsync (fd) < 0)
    code = errno;
  close (fd);
  /* Some network file systems know no fsync() of a folder. */
  if (code == 0 || code == EINVAL || code == ENOSYS)
    return TRUE;
  return gan_database_file_fail (error, code, "write the folder", folder);
}

/**
 * gan_database_file_move:
 * @from: a file that is on the disk already; that it is missing is no error
 * @to: its new name; what has it is replaced
 * @error: return location
 *
 * Returns: whether it has its new name, and would after a power cut
 */
gboolean
gan_database_file_move (const char *from, const char *to, GError **error)
{
  if (rename (from, to) < 0)
    return errno == ENOENT || gan_database_file_fail (error, errno, "rename", from);
  return sync_folder (to, error);
}

/**
 * gan_database_file_remove:
 * @path: a file; that it is gone already is no error
 * @error: return location
 *
 * Returns: whether it is gone
 */
gboolean
gan_database_file_remove (const char *path, GError **error)
{
  if (unlink (path) == 0 || errno == ENOENT)
    return TRUE;
  return gan_database_file_fail (error, errno, "remove", path);
}
