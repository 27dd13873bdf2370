/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-slots.h"

#include "gan-error.h"
#include "gan-limits.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* Each host owns 64 bytes of the shared file: one per slot, and the last to say that a process
 * waits. Only locks are ever put there (F_OFD_SETLK, fcntl(2)): the kernel takes them back when a
 * process dies, whatever it dies of. */
#define BYTES_PER_HOST 64
#define MAX_PER_HOST (BYTES_PER_HOST - 1)
#define WAITING_BYTE (BYTES_PER_HOST - 1)
#define HOST_MASK 0xffffff

#define POLL_MILLISECONDS 15

/* How long a process that was served holds back when another process waits for the same host. */
#define COURTESY_POLLS 3

/* The slots of one host that this process has. Hosts that share a hash share the limit. */
typedef struct
{
  guint key;
  guint n_held;
  guint n_waiting;     /* for the process' own limits */
  guint n_waiting_out; /* for other processes */
  guint64 locked;      /* bit i: byte i is locked by us */
  gboolean served;     /* had a slot already */
} Place;

typedef struct
{
  Place *place;
  GCond cond;
  gboolean granted;
} Waiter;

struct _GanSlots
{
  gatomicrefcount ref_count;
  guint max_in_all;
  guint max_per_host;
  int fd; /* -1: this process alone */

  GMutex mutex;
  guint n_held;
  guint n_waiting_out;
  GHashTable *places;
  GQueue waiters;
};

struct _GanSlot
{
  GanSlots *slots;
  Place *place;
  int index; /* of the locked byte, or -1 */
};

/**
 * gan_slots_new:
 * @path: (nullable): a file shared by all processes of the user, made with mode 0600 if missing;
 *   NULL counts within this process alone
 * @max_in_all: busy connections of this process
 * @max_per_host: busy connections to one host, over all processes that share the file; 63 at most
 * @error: return location
 *
 * Returns: (transfer full): the slots; NULL with %GAN_ERROR_DISK if the file cannot be used
 */
GanSlots *
gan_slots_new (const char *path, guint max_in_all, guint max_per_host, GError **error)
{
  GanSlots *self = NULL;
  int fd = -1;

  g_return_val_if_fail (max_in_all > 0 && max_per_host > 0, NULL);

  if (path != NULL)
    {
      fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
      if (fd < 0)
        {
          gan_error_set (error,
                         GAN_ERROR_DISK,
                         "slots",
                         "cannot open the connection slots: %s",
                         g_strerror (errno));
          return NULL;
        }
    }
  self = g_new0 (GanSlots, 1);
  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->mutex);
  g_queue_init (&self->waiters);
  self->places = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  self->max_in_all = max_in_all;
  self->max_per_host = MIN (max_per_host, MAX_PER_HOST);
  self->fd = fd;
  return self;
}

/**
 * gan_slots_ref:
 * @self: slots
 *
 * Returns: (transfer full): @self
 */
GanSlots *
gan_slots_ref (GanSlots *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * gan_slots_unref:
 * @self: (transfer full): slots
 */
void
gan_slots_unref (GanSlots *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_hash_table_unref (self->places);
  g_mutex_clear (&self->mutex);
  if (self->fd >= 0)
    close (self->fd);
  g_free (self);
}

/* FNV-1a: every version of the program must find the same bytes. */
static guint
key_of (const char *host)
{
  guint32 hash = 2166136261u;

  for (const char *p = host; *p != '\0'; p++)
    hash = (hash ^ (guchar) g_ascii_tolower (*p)) * 16777619u;
  return (hash ^ (hash >> 24)) & HOST_MASK;
}

static gboolean
is_unused_cb (gpointer key, gpointer value, gpointer user_data)
{
  Place *place = value;

  return place->n_held == 0 && place->n_waiting == 0;
}

static Place *
ensure_place (GanSlots *self, guint key)
{
  Place *place = g_hash_table_lookup (self->places, GUINT_TO_POINTER (key));

  if (place != NULL)
    return place;
  if (g_hash_table_size (self->places) >= GAN_LIMIT_HOSTS)
    g_hash_table_foreach_remove (self->places, is_unused_cb, NULL);
  place = g_new0 (Place, 1);
  place->key = key;
  g_hash_table_insert (self->places, GUINT_TO_POINTER (key), place);
  return place;
}

static gboolean
take_if_free (GanSlots *self, Place *place)
{
  if (self->n_held >= self->max_in_all || place->n_held >= self->max_per_host)
    return FALSE;
  self->n_held++;
  place->n_held++;
  return TRUE;
}

/* Serves those who wait in the order they came, as far as their hosts have room. */
static void
hand_on (GanSlots *self)
{
  GList *next = NULL;

  for (GList *l = self->waiters.head; l != NULL; l = next)
    {
      Waiter *waiter = l->data;

      next = l->next;
      if (!take_if_free (self, waiter->place))
        continue;
      g_queue_delete_link (&self->waiters, l);
      waiter->place->n_waiting--;
      waiter->granted = TRUE;
      g_cond_signal (&waiter->cond);
    }
}

static void
give_back (GanSlots *self, Place *place)
{
  self->n_held--;
  place->n_held--;
  hand_on (self);
}

typedef struct
{
  GanSlots *slots;
  Waiter *waiter;
} Wake;

static void
cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  Wake *wake = user_data;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&wake->slots->mutex);

  g_cond_signal (&wake->waiter->cond);
}

/* Waits its turn within this process. */
static gboolean
wait_in (GanSlots *self, Waiter *waiter, GCancellable *cancellable, GError **error)
{
  Wake wake = { self, waiter };
  gulong handler = 0;

  if (cancellable != NULL)
    handler = g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb), &wake, NULL);

  g_mutex_lock (&self->mutex);
  while (!waiter->granted && !g_cancellable_is_cancelled (cancellable))
    g_cond_wait (&waiter->cond, &self->mutex);
  if (!waiter->granted)
    {
      g_queue_remove (&self->waiters, waiter);
      waiter->place->n_waiting--;
    }
  g_mutex_unlock (&self->mutex);

  g_cancellable_disconnect (cancellable, handler);
  return waiter->granted || !g_cancellable_set_error_if_cancelled (cancellable, error);
}

/* Returns the host's place with one more slot held in it, or NULL if cancelled. */
static Place *
acquire_in (GanSlots *self, const char *host, GCancellable *cancellable, GError **error)
{
  Waiter waiter = { NULL };
  gboolean granted = FALSE;

  g_mutex_lock (&self->mutex);
  waiter.place = ensure_place (self, key_of (host));
  granted = waiter.place->n_waiting == 0 && take_if_free (self, waiter.place);
  if (!granted)
    {
      g_cond_init (&waiter.cond);
      waiter.place->n_waiting++;
      g_queue_push_tail (&self->waiters, &waiter);
    }
  g_mutex_unlock (&self->mutex);

  if (!granted)
    {
      granted = wait_in (self, &waiter, cancellable, error);
      g_cond_clear (&waiter.cond);
    }
  return granted ? waiter.place : NULL;
}

static int
lock_byte (GanSlots *self, Place *place, guint byte, int command, short type)
{
  struct flock lock = {
    .l_type = type,
    .l_whence = SEEK_SET,
    .l_start = (off_t) place->key * BYTES_PER_HOST + byte,
    .l_len = 1,
  };

  if (fcntl (self->fd, command, &lock) != 0)
    return -errno;
  return lock.l_type;
}

/* Returns FALSE if all are taken. A file system that cannot lock is no reason not to download: the
 * limit then holds within this process. */
static gboolean
try_out (GanSlots *self, Place *place, int *index)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  for (guint i = 0; i < self->max_per_host; i++)
    {
      int result = 0;

      if ((place->locked & (G_GUINT64_CONSTANT (1) << i)) != 0)
        continue;
      result = lock_byte (self, place, i, F_OFD_SETLK, F_WRLCK);
      if (result == -EAGAIN || result == -EACCES)
        continue;
      if (result >= 0)
        {
          place->locked |= G_GUINT64_CONSTANT (1) << i;
          place->served = TRUE;
          *index = (int) i;
        }
      return TRUE;
    }
  return FALSE;
}

/* A shared lock on the host's last byte tells other processes that this one waits. */
static void
set_waiting_out (GanSlots *self, Place *place, gboolean waiting)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  self->n_waiting_out += waiting ? 1 : -1;
  if (waiting && place->n_waiting_out++ == 0)
    lock_byte (self, place, WAITING_BYTE, F_OFD_SETLK, F_RDLCK);
  else if (!waiting && --place->n_waiting_out == 0)
    lock_byte (self, place, WAITING_BYTE, F_OFD_SETLK, F_UNLCK);
}

static gboolean
must_hold_back (GanSlots *self, Place *place)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  if (!place->served)
    return FALSE;
  return lock_byte (self, place, WAITING_BYTE, F_OFD_GETLK, F_WRLCK) != F_UNLCK;
}

/* Sleeps until the next try; other processes free their slots in real time, whatever clock the
 * program goes by. */
static gboolean
wait_a_turn (GCancellable *cancellable, GError **error)
{
  GPollFD poll = { -1, 0, 0 };

  if (g_cancellable_make_pollfd (cancellable, &poll))
    {
      g_poll (&poll, 1, POLL_MILLISECONDS);
      g_cancellable_release_fd (cancellable);
    }
  else
    g_poll (NULL, 0, POLL_MILLISECONDS);
  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}

static gboolean
wait_out (GanSlots *self, Place *place, int *index, GCancellable *cancellable, GError **error)
{
  gboolean right = TRUE;
  gboolean found = FALSE;
  guint n_turns = must_hold_back (self, place) ? COURTESY_POLLS : 0;

  if (n_turns == 0 && try_out (self, place, index))
    return TRUE;
  set_waiting_out (self, place, TRUE);
  for (guint turn = 1; right && !found; turn++)
    {
      right = wait_a_turn (cancellable, error);
      found = right && turn >= n_turns && try_out (self, place, index);
    }
  set_waiting_out (self, place, FALSE);
  return right;
}

/**
 * gan_slots_acquire:
 * @self: slots
 * @host: whom the connection is to
 * @cancellable: (nullable): ends the wait
 * @error: return location
 *
 * Waits until one more connection to @host may be busy. Threads of this process are served in the
 * order they came; between processes, one that was served already lets those go first that wait.
 * Any thread may call it.
 *
 * Returns: (transfer full): the slot, or NULL with %G_IO_ERROR_CANCELLED
 */
GanSlot *
gan_slots_acquire (GanSlots *self, const char *host, GCancellable *cancellable, GError **error)
{
  GanSlot *slot = NULL;
  Place *place = NULL;
  int index = -1;

  g_return_val_if_fail (self != NULL && host != NULL, NULL);

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  place = acquire_in (self, host, cancellable, error);
  if (place == NULL)
    return NULL;
  if (self->fd >= 0 && !wait_out (self, place, &index, cancellable, error))
    {
      g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

      give_back (self, place);
      return NULL;
    }
  slot = g_new0 (GanSlot, 1);
  slot->slots = gan_slots_ref (self);
  slot->place = place;
  slot->index = index;
  return slot;
}

/**
 * gan_slot_release:
 * @slot: (transfer full): a slot
 *
 * Lets the next one go ahead. Any thread may call it.
 */
void
gan_slot_release (GanSlot *slot)
{
  GanSlots *slots = NULL;

  g_return_if_fail (slot != NULL);

  slots = slot->slots;
  g_mutex_lock (&slots->mutex);
  if (slot->index >= 0)
    {
      lock_byte (slots, slot->place, (guint) slot->index, F_OFD_SETLK, F_UNLCK);
      slot->place->locked &= ~(G_GUINT64_CONSTANT (1) << slot->index);
    }
  give_back (slots, slot->place);
  g_mutex_unlock (&slots->mutex);
  gan_slots_unref (slots);
  g_free (slot);
}

/**
 * gan_slots_get_n_held:
 * @self: slots
 *
 * Returns: how many slots this process holds, those included that wait for other processes
 */
guint
gan_slots_get_n_held (GanSlots *self)
{
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_val_if_fail (self != NULL, 0);

  locker = g_mutex_locker_new (&self->mutex);
  return self->n_held;
}

/**
 * gan_slots_get_n_waiting:
 * @self: slots
 *
 * Returns: how many threads of this process wait for a slot
 */
guint
gan_slots_get_n_waiting (GanSlots *self)
{
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_val_if_fail (self != NULL, 0);

  locker = g_mutex_locker_new (&self->mutex);
  return self->waiters.length + self->n_waiting_out;
}
