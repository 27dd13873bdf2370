/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-part-file.h"

#include "gan-error.h"
#include "gan-limits.h"
#include "gan-unknown.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* How much is written before the kernel is told to begin. Measured with 1 GiB on an SSD: a third
 * less CPU and wall than when all of it waits for the sync. */
#define WRITE_OUT_BYTES (8 * 1024 * 1024)

struct _GanPartFile
{
  GanFolder *folder; /* borrowed: outlives its files */
  char *name;
  char *aside_name;
  int fd;
  int aside_fd;     /* the earlier bytes, still locked; -1 where there are none */
  gint64 begun;     /* where what is on its way to the disk ends */
  gint64 unsynced;  /* bytes written since the last sync */
  gint64 synced_at; /* monotonic microseconds, GAN_UNKNOWN before the first write */
};

/**
 * gan_part_file_free:
 * @self: a part file
 *
 * Closes it and lets go of its lock. What is on disk stays.
 */
void
gan_part_file_free (GanPartFile *self)
{
  if (self == NULL)
    return;
  if (self->fd >= 0)
    close (self->fd);
  if (self->aside_fd >= 0)
    close (self->aside_fd);
  g_free (self->name);
  g_free (self->aside_name);
  g_free (self);
}

/* A file beyond RLIMIT_FSIZE is to be an error of write(), not the end of the program. */
static void
ignore_file_size_signal (void)
{
  static gsize once = 0;

  if (g_once_init_enter (&once))
    {
      signal (SIGXFSZ, SIG_IGN);
      g_once_init_leave (&once, 1);
    }
}

static GanPartFile *
part_file_new (GanFolder *folder, const char *stem)
{
  GanPartFile *self = g_new0 (GanPartFile, 1);

  ignore_file_size_signal ();
  self->folder = folder;
  self->name = g_strconcat (stem, GAN_PART_SUFFIX, NULL);
  self->aside_name = g_strconcat (stem, GAN_PART_SUFFIX_ASIDE, NULL);
  self->fd = -1;
  self->aside_fd = -1;
  self->synced_at = GAN_UNKNOWN;
  return self;
}

/* Opens and locks. The name may have been given to another file between the two, so it is looked
 * at again; a link to a file elsewhere is never written through. Returns -1 and an errno, which is
 * 0 where the file is not to be had. */
static int
open_locked (GanFolder *folder, const char *name, int flags)
{
  struct stat info;
  int fd = openat (gan_folder_get_fd (folder),
                   name,
                   O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | flags,
                   0666);

  if (fd < 0)
    {
      if (errno == ENOENT || errno == ELOOP || errno == EEXIST || errno == EISDIR || errno == ENXIO)
        errno = 0;
      return -1;
    }
  if (flock (fd, LOCK_EX | LOCK_NB) == 0 && fstat (fd, &info) == 0 && S_ISREG (info.st_mode)
      && info.st_nlink == 1 && gan_folder_get_inode (folder, name, NULL) == info.st_ino)
    return fd;
  close (fd);
  errno = 0;
  return -1;
}

static gboolean
take (GanPartFile *self, int flags, GanPartFile **part, GError **error)
{
  int code = 0;

  self->fd = open_locked (self->folder, self->name, flags);
  code = self->fd < 0 ? errno : 0;
  if (code != 0)
    gan_folder_set_error (error, code, "cannot open", self->name);
  *part = self->fd < 0 ? NULL : self;
  if (*part == NULL)
    gan_part_file_free (self);
  return code == 0;
}

/* Where a kill came after the bytes were set aside and before the state file said so. */
static gboolean
undo_set_aside (GanPartFile *self, GError **error)
{
  int fd = open_locked (self->folder, self->aside_name, 0);
  gboolean moved = TRUE;

  if (fd < 0)
    return TRUE;
  moved = gan_folder_move (self->folder, self->aside_name, self->name, error);
  close (fd);
  return moved;
}

/**
 * gan_part_file_open:
 * @folder: where
 * @stem: its name without the suffix
 * @restarted: whether the state file knows of bytes that were set aside
 * @part: (out) (transfer full) (nullable): the file, locked; %NULL if there is none, another
 *   transfer has it, or it is no plain file of one name
 * @error: return location
 *
 * Bytes that were set aside without the state file's knowledge are the part file again.
 *
 * Returns: FALSE on %GAN_ERROR_DISK
 */
gboolean
gan_part_file_open (GanFolder *folder,
                    const char *stem,
                    gboolean restarted,
                    GanPartFile **part,
                    GError **error)
{
  GanPartFile *self = NULL;

  g_return_val_if_fail (folder != NULL && stem != NULL && part != NULL, FALSE);

  self = part_file_new (folder, stem);
  if (!restarted && !undo_set_aside (self, error))
    {
      gan_part_file_free (self);
      return FALSE;
    }
  if (!take (self, 0, part, error))
    return FALSE;
  if (*part != NULL && restarted)
    (*part)->aside_fd = open_locked (folder, (*part)->aside_name, 0);
  return TRUE;
}

/**
 * gan_part_file_create:
 * @folder: where
 * @stem: its name without the suffix
 * @part: (out) (transfer full) (nullable): the file, empty and locked; %NULL if the name is taken
 * @error: return location
 *
 * Makes the file with the permissions that the finished one is to have. An empty one that nobody
 * uses is what a kill left before the state file was written, and is taken.
 *
 * Returns: FALSE on %GAN_ERROR_DISK or %GAN_ERROR_NO_SPACE
 */
gboolean
gan_part_file_create (GanFolder *folder, const char *stem, GanPartFile **part, GError **error)
{
  g_return_val_if_fail (folder != NULL && stem != NULL && part != NULL, FALSE);

  if (!take (part_file_new (folder, stem), O_CREAT | O_EXCL, part, error))
    return FALSE;
  if (*part != NULL)
    return TRUE;
  if (!take (part_file_new (folder, stem), 0, part, error))
    return FALSE;
  if (*part != NULL && gan_part_file_get_size (*part) != 0)
    g_clear_pointer (part, gan_part_file_free);
  return TRUE;
}

/**
 * gan_part_file_get_name:
 * @self: a part file
 *
 * Returns: (transfer none): its name in the folder
 */
const char *
gan_part_file_get_name (GanPartFile *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->name;
}

/**
 * gan_part_file_get_size:
 * @self: a part file
 *
 * Returns: its size on disk in bytes; what is in it is a matter of the state file
 */
gint64
gan_part_file_get_size (GanPartFile *self)
{
  struct stat info;

  g_return_val_if_fail (self != NULL, 0);

  return fstat (self->fd, &info) == 0 ? info.st_size : 0;
}

/**
 * gan_part_file_get_inode:
 * @self: a part file
 *
 * Returns: its inode, by which it is known again under its final name
 */
guint64
gan_part_file_get_inode (GanPartFile *self)
{
  struct stat info;

  g_return_val_if_fail (self != NULL, 0);

  return fstat (self->fd, &info) == 0 ? info.st_ino : 0;
}

/**
 * gan_part_file_get_descriptor:
 * @self: a part file
 *
 * Returns: what it is read and written by; stays the part file's
 */
int
gan_part_file_get_descriptor (GanPartFile *self)
{
  return self->fd;
}

/**
 * gan_part_file_read:
 * @self: a part file
 * @buffer: where to
 * @size: how many bytes
 * @offset: from where
 * @error: return location
 *
 * Returns: how many bytes there were, less than @size only at the end; -1 on %GAN_ERROR_DISK
 */
gssize
gan_part_file_read (GanPartFile *self, void *buffer, gsize size, gint64 offset, GError **error)
{
  gsize got = 0;

  g_return_val_if_fail (self != NULL && buffer != NULL, -1);

  while (got < size)
    {
      gssize n = pread (self->fd, (char *) buffer + got, size - got, offset + (gint64) got);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          gan_folder_set_error (error, errno, "cannot read", self->name);
          return -1;
        }
      if (n == 0)
        break;
      got += (gsize) n;
    }
  return (gssize) got;
}

/* Only to spread the work: that it cannot is no failure. */
static void
begin_write_out (GanPartFile *self, gint64 end)
{
  if (end < self->begun)
    self->begun = end;
  if (end - self->begun < WRITE_OUT_BYTES)
    return;
  sync_file_range (self->fd, self->begun, end - self->begun, SYNC_FILE_RANGE_WRITE);
  self->begun = end;
}

/**
 * gan_part_file_write:
 * @self: a part file
 * @data: bytes
 * @size: how many
 * @offset: where in the file
 * @error: return location
 *
 * Fails with %GAN_ERROR_NO_SPACE, %GAN_ERROR_TOO_LARGE where the file system or the process may
 * not make files that large, or %GAN_ERROR_DISK. Some of the bytes may be written then.
 *
 * Returns: whether all were written
 */
gboolean
gan_part_file_write (GanPartFile *self, const void *data, gsize size, gint64 offset, GError **error)
{
  gsize done = 0;

  g_return_val_if_fail (self != NULL && data != NULL, FALSE);

  while (done < size)
    {
      gssize n = pwrite (self->fd, (const char *) data + done, size - done, offset + (gint64) done);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        {
          gan_folder_set_error (error, n < 0 ? errno : EIO, "cannot write", self->name);
          return FALSE;
        }
      done += (gsize) n;
    }
  self->unsynced += (gint64) size;
  begin_write_out (self, offset + (gint64) size);
  return TRUE;
}

/**
 * gan_part_file_truncate:
 * @self: a part file
 * @size: its new size
 * @error: return location
 *
 * Cuts off what lies beyond @size, such as bytes that no state file vouches for.
 *
 * Returns: whether it did
 */
gboolean
gan_part_file_truncate (GanPartFile *self, gint64 size, GError **error)
{
  g_return_val_if_fail (self != NULL && size >= 0, FALSE);

  if (gan_part_file_get_size (self) == size || ftruncate (self->fd, size) == 0)
    return TRUE;
  gan_folder_set_error (error, errno, "cannot cut", self->name);
  return FALSE;
}

/**
 * gan_part_file_set_time:
 * @self: a part file
 * @unix_seconds: when the remote file was last changed
 *
 * Sets its time of modification. A file system that cannot is no failure.
 */
void
gan_part_file_set_time (GanPartFile *self, gint64 unix_seconds)
{
  const struct timespec times[2]
      = { { .tv_nsec = UTIME_OMIT }, { .tv_sec = unix_seconds, .tv_nsec = 0 } };

  g_return_if_fail (self != NULL);

  if (futimens (self->fd, times) < 0)
    g_debug ("no time for %s: %s", self->name, g_strerror (errno));
}

/**
 * gan_part_file_needs_sync:
 * @self: a part file
 * @now: monotonic microseconds
 *
 * Returns: whether so much was written, or the last sync is so long ago, that a power cut would
 * cost more than is promised
 */
gboolean
gan_part_file_needs_sync (GanPartFile *self, gint64 now)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (self->synced_at == GAN_UNKNOWN)
    self->synced_at = now;
  return self->unsynced >= GAN_LIMIT_UNSYNCED_BYTES
         || (self->unsynced > 0
             && now - self->synced_at >= GAN_LIMIT_UNSYNCED_SECONDS * G_USEC_PER_SEC);
}

/**
 * gan_part_file_sync:
 * @self: a part file
 * @now: monotonic microseconds
 * @error: return location
 *
 * Makes what was written durable. After a failure no byte since the last success may be trusted:
 * the kernel reports a lost write once and then forgets it.
 *
 * Returns: whether it did
 */
gboolean
gan_part_file_sync (GanPartFile *self, gint64 now, GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (fsync (self->fd) < 0)
    {
      gan_folder_set_error (error, errno, "cannot make durable", self->name);
      return FALSE;
    }
  self->unsynced = 0;
  self->synced_at = now;
  return TRUE;
}

/**
 * gan_part_file_has_aside:
 * @self: a part file
 *
 * Returns: whether bytes were set aside and are still there
 */
gboolean
gan_part_file_has_aside (GanPartFile *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->aside_fd >= 0;
}

/**
 * gan_part_file_set_aside:
 * @self: a part file
 * @error: return location
 *
 * Keeps its bytes under another name and begins an empty file, which counts once the state file
 * says so. Where bytes were set aside before, those are kept and the present ones dropped.
 *
 * Returns: whether it did
 */
gboolean
gan_part_file_set_aside (GanPartFile *self, GError **error)
{
  int fd = -1;

  g_return_val_if_fail (self != NULL, FALSE);

  if (self->aside_fd >= 0)
    return gan_part_file_truncate (self, 0, error);
  if (!gan_folder_move (self->folder, self->name, self->aside_name, error))
    return FALSE;
  fd = open_locked (self->folder, self->name, O_CREAT | O_EXCL);
  if (fd < 0)
    {
      gan_folder_set_error (error, errno == 0 ? EEXIST : errno, "cannot make", self->name);
      return FALSE;
    }
  self->aside_fd = self->fd;
  self->fd = fd;
  self->begun = 0;
  self->unsynced = 0;
  return TRUE;
}

/**
 * gan_part_file_bring_back:
 * @self: a part file
 * @error: return location
 *
 * Puts the bytes that were set aside in the place of the present ones, which are dropped. The
 * caller has written the state file without them before.
 *
 * Returns: whether it did, or none were set aside
 */
gboolean
gan_part_file_bring_back (GanPartFile *self, GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (self->aside_fd < 0)
    return TRUE;
  if (!gan_folder_move (self->folder, self->aside_name, self->name, error))
    return FALSE;
  close (self->fd);
  self->fd = self->aside_fd;
  self->aside_fd = -1;
  return TRUE;
}

/**
 * gan_part_file_drop_aside:
 * @self: a part file
 * @error: return location
 *
 * Removes the bytes that were set aside.
 *
 * Returns: whether they are gone
 */
gboolean
gan_part_file_drop_aside (GanPartFile *self, GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (self->aside_fd >= 0)
    close (self->aside_fd);
  self->aside_fd = -1;
  return gan_folder_remove (self->folder, self->aside_name, error);
}
