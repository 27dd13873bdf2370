/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-folder.h"

#include "gan-error.h"
#include "gan-limits.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

/* FAT keeps the size of a file in 32 bits. */
#define FAT_FILE_BYTES G_GINT64_CONSTANT (0xffffffff)

struct _GanFolder
{
  char *path;
  int fd;
};

/**
 * gan_folder_set_error:
 * @error: return location
 * @code: an errno
 * @doing: what failed: "cannot write"
 * @name: the file
 *
 * Turns what the kernel said into the code that tells the user what to do: make room, choose
 * another disk, look at the disk.
 */
void
gan_folder_set_error (GError **error, int code, const char *doing, const char *name)
{
  const char *what = g_strerror (code);

  switch (code)
    {
    case ENOSPC:
    case EDQUOT:
      gan_error_set (error, GAN_ERROR_NO_SPACE, NULL, "%s %s: %s", doing, name, what);
      break;
    case EFBIG:
      gan_error_set (error, GAN_ERROR_TOO_LARGE, "file-size-limit", "%s %s: %s", doing, name, what);
      break;
    case EROFS:
    case EACCES:
    case EPERM:
      gan_error_set (error, GAN_ERROR_DISK, "not-writable", "%s %s: %s", doing, name, what);
      break;
    default:
      gan_error_set (error, GAN_ERROR_DISK, NULL, "%s %s: %s", doing, name, what);
      break;
    }
}

/**
 * gan_folder_open:
 * @path: a folder
 * @create: whether to make it, with its parents, where it is missing
 * @error: return location
 *
 * The user's folder may be a symbolic link; what it leads to now is what counts from here on.
 * Fails with %GAN_ERROR_DISK.
 *
 * Returns: (transfer full): the open folder, or NULL
 */
GanFolder *
gan_folder_open (const char *path, gboolean create, GError **error)
{
  g_autoptr (GanFolder) self = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  self = g_new0 (GanFolder, 1);
  self->path = g_canonicalize_filename (path, NULL);
  self->fd = -1;
  if (!create || g_mkdir_with_parents (self->path, 0777) == 0)
    self->fd = open (self->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (self->fd < 0)
    {
      gan_folder_set_error (error, errno, "cannot open the folder", self->path);
      return NULL;
    }
  return g_steal_pointer (&self);
}

/**
 * gan_folder_free:
 * @self: a folder
 *
 * Closes it.
 */
void
gan_folder_free (GanFolder *self)
{
  if (self == NULL)
    return;
  if (self->fd >= 0)
    close (self->fd);
  g_free (self->path);
  g_free (self);
}

/**
 * gan_folder_get_fd:
 * @self: a folder
 *
 * Returns: its descriptor, for the *at() calls
 */
int
gan_folder_get_fd (GanFolder *self)
{
  g_return_val_if_fail (self != NULL, -1);

  return self->fd;
}

/**
 * gan_folder_dup_path:
 * @self: a folder
 * @name: a file in it
 *
 * Returns: (transfer full): the absolute path of the file, for people and for the result
 */
char *
gan_folder_dup_path (GanFolder *self, const char *name)
{
  g_return_val_if_fail (self != NULL && name != NULL, NULL);

  return g_build_filename (self->path, name, NULL);
}

/**
 * gan_folder_get_inode:
 * @self: a folder
 * @name: a file in it
 * @size: (out) (optional): its size in bytes
 *
 * Returns: the inode of the regular file @name, or 0 if there is none; a symbolic link is not
 * followed
 */
guint64
gan_folder_get_inode (GanFolder *self, const char *name, gint64 *size)
{
  struct stat info;

  g_return_val_if_fail (self != NULL && name != NULL, 0);

  if (fstatat (self->fd, name, &info, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISREG (info.st_mode))
    return 0;
  if (size != NULL)
    *size = info.st_size;
  return info.st_ino;
}

/**
 * gan_folder_has:
 * @self: a folder
 * @name: a name
 *
 * Returns: whether anything has this name, be it a symbolic link that leads nowhere
 */
gboolean
gan_folder_has (GanFolder *self, const char *name)
{
  struct stat info;

  g_return_val_if_fail (self != NULL && name != NULL, FALSE);

  return fstatat (self->fd, name, &info, AT_SYMLINK_NOFOLLOW) == 0 || errno != ENOENT;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(const char *const *) a, *(const char *const *) b);
}

/**
 * gan_folder_list:
 * @self: a folder
 * @suffix: how the names end
 *
 * Returns: (transfer full) (element-type utf8): the names in the folder that end so, sorted; none
 * where the folder cannot be read
 */
GPtrArray *
gan_folder_list (GanFolder *self, const char *suffix)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  struct dirent *entry = NULL;
  DIR *dir = NULL;
  int fd = -1;

  g_return_val_if_fail (self != NULL && suffix != NULL, NULL);

  fd = openat (self->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  dir = fd < 0 ? NULL : fdopendir (fd);
  if (dir == NULL)
    {
      if (fd >= 0)
        close (fd);
      return g_steal_pointer (&names);
    }
  while ((entry = readdir (dir)) != NULL)
    {
      if (g_str_has_suffix (entry->d_name, suffix))
        g_ptr_array_add (names, g_strdup (entry->d_name));
    }
  closedir (dir);
  g_ptr_array_sort (names, compare_names);
  return g_steal_pointer (&names);
}

/**
 * gan_folder_remove:
 * @self: a folder
 * @name: a file in it
 * @error: return location
 *
 * Removes it; that it is gone already is no error.
 *
 * Returns: whether it is gone
 */
gboolean
gan_folder_remove (GanFolder *self, const char *name, GError **error)
{
  g_return_val_if_fail (self != NULL && name != NULL, FALSE);

  if (unlinkat (self->fd, name, 0) == 0 || errno == ENOENT)
    return TRUE;
  gan_folder_set_error (error, errno, "cannot remove", name);
  return FALSE;
}

/**
 * gan_folder_move:
 * @self: a folder
 * @from: a file in it
 * @to: its new name; what has this name is replaced
 * @error: return location
 *
 * Only for names that belong to a transfer: see gan_folder_publish() for the user's.
 *
 * Returns: whether it was renamed
 */
gboolean
gan_folder_move (GanFolder *self, const char *from, const char *to, GError **error)
{
  g_return_val_if_fail (self != NULL && from != NULL && to != NULL, FALSE);

  if (renameat (self->fd, from, self->fd, to) == 0)
    return TRUE;
  gan_folder_set_error (error, errno, "cannot rename", from);
  return FALSE;
}

/* For file systems whose rename takes no flags, such as NFS. A kill between the two calls leaves
 * one file with two names, which gan_finish_heal() mends. */
static int
link_and_unlink (int fd, const char *from, const char *to)
{
  if (linkat (fd, from, fd, to, 0) < 0)
    return -1;
  return unlinkat (fd, from, 0);
}

/**
 * gan_folder_publish:
 * @self: a folder
 * @from: a file in it
 * @to: its new name
 * @error: return location
 *
 * Renames without ever replacing. Fails with %G_IO_ERROR_EXISTS, unchanged so that the caller can
 * choose another name, and like gan_folder_set_error().
 *
 * Returns: whether it was renamed
 */
gboolean
gan_folder_publish (GanFolder *self, const char *from, const char *to, GError **error)
{
  int result = -1;

  g_return_val_if_fail (self != NULL && from != NULL && to != NULL, FALSE);

  result = renameat2 (self->fd, from, self->fd, to, RENAME_NOREPLACE);
  if (result < 0 && (errno == EINVAL || errno == ENOSYS))
    result = link_and_unlink (self->fd, from, to);
  if (result == 0)
    return TRUE;
  if (errno == EEXIST)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS, "%s exists", to);
  else
    gan_folder_set_error (error, errno, "cannot rename", from);
  return FALSE;
}

/**
 * gan_folder_sync:
 * @self: a folder
 * @error: return location
 *
 * Makes its names durable: a rename without this can be lost in a power cut.
 *
 * Returns: whether it did
 */
gboolean
gan_folder_sync (GanFolder *self, GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  /* Some network file systems know no fsync() of a folder. */
  if (fsync (self->fd) == 0 || errno == EINVAL || errno == ENOSYS)
    return TRUE;
  gan_folder_set_error (error, errno, "cannot write the folder", self->path);
  return FALSE;
}

/**
 * gan_folder_check_place:
 * @self: a folder
 * @error: return location
 *
 * Returns: whether its path still leads to it; else %GAN_ERROR_DISK
 */
gboolean
gan_folder_check_place (GanFolder *self, GError **error)
{
  struct stat here;
  struct stat there;

  g_return_val_if_fail (self != NULL, FALSE);

  if (fstat (self->fd, &here) == 0 && stat (self->path, &there) == 0 && here.st_dev == there.st_dev
      && here.st_ino == there.st_ino)
    return TRUE;
  gan_error_set (error,
                 GAN_ERROR_DISK,
                 "folder-replaced",
                 "the folder %s was moved or replaced while the transfer ran",
                 self->path);
  return FALSE;
}

static gboolean
check_file_size (GanFolder *self, gint64 total, GError **error)
{
  struct statfs info;

  if (total <= FAT_FILE_BYTES || fstatfs (self->fd, &info) < 0 || info.f_type != MSDOS_SUPER_MAGIC)
    return TRUE;
  gan_error_set (error,
                 GAN_ERROR_TOO_LARGE,
                 "file-size-limit",
                 "the file system of %s takes no file of %" G_GINT64_FORMAT " bytes",
                 self->path,
                 total);
  return FALSE;
}

/**
 * gan_folder_check_space:
 * @self: a folder
 * @more: bytes still to be written
 * @total: size of the whole file, or 0 if unknown
 * @error: return location
 *
 * Returns: whether @more fits and leaves GAN_LIMIT_RESERVE_BYTES free, and the file system takes
 * files that large; else %GAN_ERROR_NO_SPACE or %GAN_ERROR_TOO_LARGE
 */
gboolean
gan_folder_check_space (GanFolder *self, gint64 more, gint64 total, GError **error)
{
  struct statvfs info;
  guint64 room = 0;

  g_return_val_if_fail (self != NULL && more >= 0 && total >= 0, FALSE);

  if (!check_file_size (self, total, error))
    return FALSE;
  if (fstatvfs (self->fd, &info) < 0)
    return TRUE;
  if (!g_uint64_checked_mul (&room, info.f_bavail, info.f_frsize))
    room = G_MAXUINT64;
  if (room >= GAN_LIMIT_RESERVE_BYTES && (guint64) more <= room - GAN_LIMIT_RESERVE_BYTES)
    return TRUE;
  gan_error_set (error,
                 GAN_ERROR_NO_SPACE,
                 NULL,
                 "%s has %" G_GUINT64_FORMAT " bytes free, %" G_GINT64_FORMAT
                 " and a reserve are needed",
                 self->path,
                 room,
                 more);
  return FALSE;
}
