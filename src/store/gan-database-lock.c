/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-database-lock.h"

#include "gan-clock.h"
#include "gan-database-file.h"
#include "gan-database-private.h"
#include "gan-error.h"
#include "gan-limits.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define LOOK_MICROSECONDS (10 * 1000)

/* The bytes of the file. */
enum
{
  OPENING, /* held by the one who opens */
  USING,   /* shared by all who have it open */
};

struct _GanDatabaseLock
{
  int fd;
};

/* Locks of the open file description: two databases of one process count as two. Where the file
 * system has no locks, SQLite has none either and says so. */
static gboolean
set_lock (GanDatabaseLock *self, int byte, short type)
{
  struct flock lock = { .l_type = type, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1 };

  return fcntl (self->fd, F_OFD_SETLK, &lock) == 0 || (errno != EAGAIN && errno != EACCES);
}

static gboolean
wait_for_turn (GanDatabaseLock *self, GCancellable *cancellable, GError **error)
{
  GanClock *clock = gan_clock_get_system ();
  gint64 end = gan_clock_get_monotonic (clock) + GAN_LIMIT_BUSY_SECONDS * G_USEC_PER_SEC;

  while (!set_lock (self, OPENING, F_WRLCK))
    {
      if (gan_clock_get_monotonic (clock) > end)
        {
          gan_error_set (error,
                         GAN_ERROR_DISK,
                         GAN_DATABASE_BUSY,
                         "another process has been opening the database for too long");
          return FALSE;
        }
      if (!gan_clock_wait (clock, LOOK_MICROSECONDS, cancellable, error))
        return FALSE;
    }
  return TRUE;
}

/**
 * gan_database_lock_new:
 * @path: of the database
 * @cancellable: (nullable): a cancellable
 * @error: return location
 *
 * Waits until nobody else is opening the database, at most %GAN_LIMIT_BUSY_SECONDS. Fails with
 * %GAN_ERROR_DISK, reason busy, after that.
 *
 * Returns: (transfer full): the lock, or %NULL
 */
GanDatabaseLock *
gan_database_lock_new (const char *path, GCancellable *cancellable, GError **error)
{
  g_autoptr (GanDatabaseLock) self = NULL;
  g_autofree char *file = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  file = g_strconcat (path, ".lock", NULL);
  self = g_new0 (GanDatabaseLock, 1);
  self->fd = open (file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (self->fd < 0)
    {
      gan_database_file_fail (error, errno, "create", file);
      return NULL;
    }
  if (!wait_for_turn (self, cancellable, error))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * gan_database_lock_free:
 * @self: (nullable) (transfer full): a lock
 */
void
gan_database_lock_free (GanDatabaseLock *self)
{
  if (self == NULL)
    return;
  if (self->fd >= 0)
    close (self->fd);
  g_free (self);
}

/**
 * gan_database_lock_is_alone:
 * @self: a lock
 *
 * Returns: whether nobody else has the database open; nobody can open it before
 * gan_database_lock_end_opening()
 */
gboolean
gan_database_lock_is_alone (GanDatabaseLock *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return set_lock (self, USING, F_WRLCK);
}

/**
 * gan_database_lock_end_opening:
 * @self: a lock
 *
 * The database is open: others may open it too, none may set it aside.
 */
void
gan_database_lock_end_opening (GanDatabaseLock *self)
{
  g_return_if_fail (self != NULL);

  set_lock (self, USING, F_RDLCK);
  set_lock (self, OPENING, F_UNLCK);
}
