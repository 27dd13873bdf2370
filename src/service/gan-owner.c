/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-owner.h"

#include "gan-error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <unistd.h>

#define LOCK_NAME "queue.lock"
#define CLAIM_NAME "queue.claim"
#define WAKE_NAME "queue.wake"

/* The kernel says that a descriptor is being closed a moment before its lock is free, so one who
 * waits looks again after that, and slowly for as long as it waits: another process may have held
 * the lock for the blink of a look. Milliseconds. */
static const guint waits[] = { 2, 20, 200, 5000 };

/* Where the kernel has no watches to spare. */
#define POLL_SECONDS 2

struct _GanOwner
{
  GObject parent_instance;

  char *folder;
  GanOwnerKind kind;
  gboolean is_started;
  gboolean is_owner;
  gboolean was_asked; /* to yield, and has not yet */
  int lock_fd;        /* held while owner; open while started */
  int claim_fd;       /* held by one who claims */
  int watch_fd;
  guint watch; /* source */
  guint timer; /* source, of one who waits */
  guint n_waits;
};

G_DEFINE_FINAL_TYPE (GanOwner, gan_owner, G_TYPE_OBJECT)

enum
{
  PROP_IS_OWNER = 1,
  N_PROPS
};

enum
{
  WOKEN,
  ASKED_TO_YIELD,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static gboolean
set_disk_error (const char *doing, const char *path, GError **error)
{
  int code = errno;

  gan_error_set (error,
                 code == ENOSPC || code == EDQUOT ? GAN_ERROR_NO_SPACE : GAN_ERROR_DISK,
                 code == EACCES || code == EROFS || code == EPERM ? "not-writable" : NULL,
                 "%s %s: %s",
                 doing,
                 path,
                 g_strerror (code));
  return FALSE;
}

static int
open_file (const char *folder, const char *name, int flags)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  return open (path, flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
}

/* A lock on a file, as long as the descriptor that comes back is open; -1 where somebody else has
 * one that excludes it. */
static int
lock_file (const char *folder, const char *name, int flags, int lock)
{
  int fd = open_file (folder, name, flags);

  if (fd >= 0 && flock (fd, lock | LOCK_NB) == 0)
    return fd;
  if (fd >= 0)
    close (fd);
  return -1;
}

static void
close_fd (int *fd)
{
  if (*fd >= 0)
    close (*fd);
  *fd = -1;
}

/* Looks without leaving a trace: a descriptor for reading wakes nobody when it is closed. */
static gboolean
is_locked (const char *folder, const char *name)
{
  int fd = open_file (folder, name, O_RDONLY);
  gboolean locked = FALSE;

  if (fd < 0)
    return FALSE;
  locked = flock (fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  close (fd);
  return locked;
}

static void
set_is_owner (GanOwner *self, gboolean is_owner)
{
  if (self->is_owner == is_owner)
    return;
  self->is_owner = is_owner;
  self->was_asked = FALSE;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_IS_OWNER]);
}

static void
stop_waiting (GanOwner *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  self->n_waits = 0;
}

static void try_to_own (GanOwner *self);

static gboolean
wait_cb (gpointer data)
{
  GanOwner *self = data;

  self->timer = 0;
  try_to_own (self);
  return G_SOURCE_REMOVE;
}

static void
wait_a_while (GanOwner *self)
{
  guint wait = waits[MIN (self->n_waits, G_N_ELEMENTS (waits) - 1)];

  if (self->timer != 0)
    return;
  self->n_waits++;
  self->timer = g_timeout_add (wait, wait_cb, self);
}

static gboolean
hold_claim (GanOwner *self)
{
  if (self->kind == GAN_OWNER_CLAIMS && self->claim_fd < 0)
    self->claim_fd = lock_file (self->folder, CLAIM_NAME, O_RDWR | O_CREAT, LOCK_SH);
  return self->claim_fd >= 0;
}

/* Somebody who claims goes first. */
static gboolean
may_own (GanOwner *self)
{
  if (self->kind == GAN_OWNER_YIELDS)
    return !is_locked (self->folder, CLAIM_NAME);
  if (self->claim_fd >= 0)
    return TRUE;
  if (hold_claim (self))
    gan_owner_wake (self->folder, NULL);
  return self->claim_fd >= 0;
}

static void
try_to_own (GanOwner *self)
{
  if (!self->is_started || self->is_owner)
    return;
  if (self->lock_fd < 0)
    self->lock_fd = open_file (self->folder, LOCK_NAME, O_RDWR | O_CREAT);
  if (self->lock_fd >= 0 && may_own (self) && flock (self->lock_fd, LOCK_EX | LOCK_NB) == 0)
    {
      stop_waiting (self);
      set_is_owner (self, TRUE);
      return;
    }
  wait_a_while (self);
}

/* Something happened: whoever waits looks at once, and soon again. */
static void
look (GanOwner *self)
{
  if (!self->is_owner)
    {
      stop_waiting (self);
      try_to_own (self);
      return;
    }
  if (self->kind != GAN_OWNER_YIELDS || self->was_asked || !is_locked (self->folder, CLAIM_NAME))
    return;
  self->was_asked = TRUE;
  g_signal_emit (self, signals[ASKED_TO_YIELD], 0);
}

/* Reads what the kernel has to say. Returns whether rows were changed. */
static gboolean
read_events (GanOwner *self, gboolean *is_ours)
{
  union
  {
    struct inotify_event event;
    char bytes[4096];
  } buffer;
  gboolean woken = FALSE;
  gssize n = 0;

  while ((n = read (self->watch_fd, &buffer, sizeof buffer)) > 0)
    {
      for (gssize at = 0; at < n;)
        {
          const struct inotify_event *event = (gpointer) (buffer.bytes + at);

          at += (gssize) (sizeof *event + event->len);
          if ((event->mask & IN_Q_OVERFLOW) != 0
              || (event->len > 0 && g_str_equal (event->name, WAKE_NAME)))
            woken = TRUE;
          else if (event->len > 0
                   && (g_str_equal (event->name, LOCK_NAME)
                       || g_str_equal (event->name, CLAIM_NAME)))
            *is_ours = TRUE;
        }
    }
  return woken;
}

static gboolean
watch_cb (int fd, GIOCondition condition, gpointer data)
{
  g_autoptr (GanOwner) self = g_object_ref (data);
  gboolean is_ours = FALSE;
  gboolean woken = read_events (self, &is_ours);

  if (woken || is_ours)
    look (self);
  if (woken && self->is_started)
    g_signal_emit (self, signals[WOKEN], 0);
  return G_SOURCE_CONTINUE;
}

static gboolean
poll_cb (gpointer data)
{
  g_autoptr (GanOwner) self = g_object_ref (data);

  look (self);
  if (self->is_started)
    g_signal_emit (self, signals[WOKEN], 0);
  return G_SOURCE_CONTINUE;
}

/* The folder is watched, not its files: they may still have to be made. */
static void
begin_watch (GanOwner *self)
{
  self->watch_fd = inotify_init1 (IN_CLOEXEC | IN_NONBLOCK);
  if (self->watch_fd >= 0
      && inotify_add_watch (self->watch_fd, self->folder, IN_CLOSE_WRITE | IN_ONLYDIR) >= 0)
    {
      self->watch = g_unix_fd_add (self->watch_fd, G_IO_IN, watch_cb, self);
      return;
    }
  g_info ("cannot watch %s: %s", self->folder, g_strerror (errno));
  close_fd (&self->watch_fd);
  self->watch = g_timeout_add_seconds (POLL_SECONDS, poll_cb, self);
}

static void
gan_owner_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  GanOwner *self = GAN_OWNER (object);

  if (id == PROP_IS_OWNER)
    g_value_set_boolean (value, self->is_owner);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

/* Free first, closed then: what tells others of the one comes after the other. */
static void
release (int *fd)
{
  if (*fd >= 0)
    flock (*fd, LOCK_UN);
  close_fd (fd);
}

static void
let_go (GanOwner *self)
{
  self->is_started = FALSE;
  g_clear_handle_id (&self->watch, g_source_remove);
  close_fd (&self->watch_fd);
  stop_waiting (self);
  release (&self->claim_fd);
  release (&self->lock_fd);
}

static void
gan_owner_finalize (GObject *object)
{
  GanOwner *self = GAN_OWNER (object);

  let_go (self);
  g_free (self->folder);
  G_OBJECT_CLASS (gan_owner_parent_class)->finalize (object);
}

static void
gan_owner_class_init (GanOwnerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = gan_owner_get_property;
  object_class->finalize = gan_owner_finalize;
  properties[PROP_IS_OWNER] = g_param_spec_boolean ("is-owner",
                                                    NULL,
                                                    NULL,
                                                    FALSE,
                                                    G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[WOKEN] = g_signal_new ("woken",
                                 GAN_TYPE_OWNER,
                                 G_SIGNAL_RUN_LAST,
                                 0,
                                 NULL,
                                 NULL,
                                 NULL,
                                 G_TYPE_NONE,
                                 0);
  signals[ASKED_TO_YIELD] = g_signal_new ("asked-to-yield",
                                          GAN_TYPE_OWNER,
                                          G_SIGNAL_RUN_LAST,
                                          0,
                                          NULL,
                                          NULL,
                                          NULL,
                                          G_TYPE_NONE,
                                          0);
}

static void
gan_owner_init (GanOwner *self)
{
  self->lock_fd = -1;
  self->claim_fd = -1;
  self->watch_fd = -1;
}

/**
 * gan_owner_new:
 * @folder: where the queue is
 * @kind: whether it claims or yields
 *
 * Returns: (transfer full): one who owns nothing yet
 */
GanOwner *
gan_owner_new (const char *folder, GanOwnerKind kind)
{
  GanOwner *self = NULL;

  g_return_val_if_fail (folder != NULL, NULL);

  self = g_object_new (GAN_TYPE_OWNER, NULL);
  self->folder = g_strdup (folder);
  self->kind = kind;
  return self;
}

/* Some file systems know no locks: waiting for one would last for ever. */
static gboolean
can_lock (int fd)
{
  if (flock (fd, LOCK_SH | LOCK_NB) != 0)
    return errno == EWOULDBLOCK;
  flock (fd, LOCK_UN);
  return TRUE;
}

/**
 * gan_owner_start:
 * @self: an owner to be
 * @error: %GAN_ERROR_DISK or %GAN_ERROR_NO_SPACE where the folder cannot be written to, or its file
 *   system knows no locks
 *
 * Begins to watch, claims if it is one who does, and takes the queue if it is free; otherwise
 * waits for it. "is-owner" may change before it returns.
 *
 * Returns: whether it has begun
 */
gboolean
gan_owner_start (GanOwner *self, GError **error)
{
  g_return_val_if_fail (GAN_IS_OWNER (self) && !self->is_started, FALSE);

  if (g_mkdir_with_parents (self->folder, 0700) != 0)
    return set_disk_error ("cannot make", self->folder, error);
  self->lock_fd = open_file (self->folder, LOCK_NAME, O_RDWR | O_CREAT);
  if (self->lock_fd < 0)
    return set_disk_error ("cannot open " LOCK_NAME " in", self->folder, error);
  if (!can_lock (self->lock_fd))
    {
      set_disk_error ("cannot lock files in", self->folder, error);
      close_fd (&self->lock_fd);
      return FALSE;
    }
  self->is_started = TRUE;
  begin_watch (self);
  try_to_own (self);
  return TRUE;
}

/**
 * gan_owner_is_owner:
 * @self: an owner to be
 *
 * Returns: whether this process executes the queue
 */
gboolean
gan_owner_is_owner (GanOwner *self)
{
  g_return_val_if_fail (GAN_IS_OWNER (self), FALSE);

  return self->is_owner;
}

/**
 * gan_owner_yield:
 * @self: an owner that was asked to, and has ended what it did
 *
 * Gives the queue to the one who claims, and waits to take it over again.
 */
void
gan_owner_yield (GanOwner *self)
{
  g_return_if_fail (GAN_IS_OWNER (self));

  if (!self->is_owner)
    return;
  release (&self->lock_fd);
  set_is_owner (self, FALSE);
  look (self);
}

/**
 * gan_owner_stop:
 * @self: an owner to be
 *
 * Gives back what it holds, and watches no longer.
 */
void
gan_owner_stop (GanOwner *self)
{
  g_return_if_fail (GAN_IS_OWNER (self));

  let_go (self);
  set_is_owner (self, FALSE);
}

/**
 * gan_owner_wake:
 * @folder: where the queue is
 * @error: %GAN_ERROR_DISK or %GAN_ERROR_NO_SPACE
 *
 * Tells all who watch the queue that its rows were changed. May be called from any thread, whether
 * anybody watches or not.
 *
 * Returns: whether it did
 */
gboolean
gan_owner_wake (const char *folder, GError **error)
{
  int fd = -1;

  g_return_val_if_fail (folder != NULL, FALSE);

  fd = open_file (folder, WAKE_NAME, O_WRONLY | O_CREAT);
  if (fd < 0)
    return set_disk_error ("cannot open " WAKE_NAME " in", folder, error);
  close (fd);
  return TRUE;
}

/**
 * gan_owner_is_there:
 * @folder: where the queue is
 *
 * May be called from any thread; the answer is of this moment.
 *
 * Returns: whether some process executes the queue
 */
gboolean
gan_owner_is_there (const char *folder)
{
  g_return_val_if_fail (folder != NULL, FALSE);

  return is_locked (folder, LOCK_NAME);
}
