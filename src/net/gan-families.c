/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-families.h"

#include "gan-limits.h"

/* What IPv6 may cost once per host (RFC 8305 §5 recommends 250 ms). */
#define TRIAL_MILLISECONDS 300

/* How long an answer is believed: networks change under a laptop. */
#define MEMORY_SECONDS 600

typedef struct
{
  GSocketFamily family;
  gint64 until;
} Memory;

struct _GanFamilies
{
  gatomicrefcount ref_count;
  GanClock *clock;
  GMutex mutex;
  GHashTable *hosts;
};

/**
 * gan_families_new:
 * @clock: how long things are remembered
 *
 * Returns: (transfer full): a memory that several threads may share
 */
GanFamilies *
gan_families_new (GanClock *clock)
{
  GanFamilies *self = g_new0 (GanFamilies, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->mutex);
  self->clock = g_object_ref (clock);
  self->hosts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

/**
 * gan_families_ref:
 * @self: a memory
 *
 * Returns: (transfer full): @self
 */
GanFamilies *
gan_families_ref (GanFamilies *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * gan_families_unref:
 * @self: (transfer full): a memory
 */
void
gan_families_unref (GanFamilies *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_hash_table_unref (self->hosts);
  g_object_unref (self->clock);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

static GSocketFamily
recall (GanFamilies *self, const char *host)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  const Memory *memory = g_hash_table_lookup (self->hosts, host);

  if (memory == NULL || memory->until < gan_clock_get_monotonic (self->clock))
    return G_SOCKET_FAMILY_INVALID;
  return memory->family;
}

static void
remember (GanFamilies *self, const char *host, GSocketFamily family)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  Memory *memory = NULL;

  if (g_hash_table_size (self->hosts) >= GAN_LIMIT_HOSTS)
    g_hash_table_remove_all (self->hosts);
  memory = g_new0 (Memory, 1);
  memory->family = family;
  memory->until = gan_clock_get_monotonic (self->clock) + MEMORY_SECONDS * G_USEC_PER_SEC;
  g_hash_table_replace (self->hosts, g_strdup (host), memory);
}

/* Whether @address takes a TCP connection in time. It costs the server one connection that is
 * closed at once; only a cancel is an error. */
static gboolean
try_connect (GInetAddress *address,
             guint16 port,
             gboolean *answered,
             GCancellable *cancellable,
             GError **error)
{
  g_autoptr (GSocketAddress) target = g_inet_socket_address_new (address, port);
  g_autoptr (GSocket) socket = g_socket_new (g_inet_address_get_family (address),
                                             G_SOCKET_TYPE_STREAM,
                                             G_SOCKET_PROTOCOL_TCP,
                                             NULL);
  g_autoptr (GError) problem = NULL;

  *answered = FALSE;
  if (socket == NULL)
    return TRUE;
  g_socket_set_blocking (socket, FALSE);
  if (g_socket_connect (socket, target, NULL, &problem))
    *answered = TRUE;
  else if (g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_PENDING))
    *answered = g_socket_condition_timed_wait (socket,
                                               G_IO_OUT,
                                               (gint64) TRIAL_MILLISECONDS * 1000,
                                               cancellable,
                                               NULL)
                && g_socket_check_connect_result (socket, NULL);
  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}

static GInetAddress *
first_of (GPtrArray *addresses, GSocketFamily family)
{
  for (guint i = 0; i < addresses->len; i++)
    if (g_inet_address_get_family (addresses->pdata[i]) == family)
      return addresses->pdata[i];
  return NULL;
}

/* Moves one family to the front and keeps the order within each. */
static void
prefer (GPtrArray *addresses, GSocketFamily family)
{
  g_autoptr (GPtrArray) others = g_ptr_array_new ();
  guint n_preferred = 0;

  for (guint i = 0; i < addresses->len; i++)
    if (g_inet_address_get_family (addresses->pdata[i]) == family)
      addresses->pdata[n_preferred++] = addresses->pdata[i];
    else
      g_ptr_array_add (others, addresses->pdata[i]);
  for (guint i = 0; i < others->len; i++)
    addresses->pdata[n_preferred + i] = others->pdata[i];
}

/**
 * gan_families_sort:
 * @self: a memory
 * @host: the host in question
 * @port: where it will be connected to
 * @addresses: (element-type GInetAddress): its addresses, as the resolver orders them
 * @cancellable: (nullable): stops it
 * @error: return location
 *
 * Puts first the family that answers. Where the resolver gives IPv6 before IPv4 and nothing is
 * remembered, IPv6 is tried for a third of a second at most; the outcome is remembered. Blocks.
 *
 * Returns: FALSE if cancelled
 */
gboolean
gan_families_sort (GanFamilies *self,
                   const char *host,
                   guint16 port,
                   GPtrArray *addresses,
                   GCancellable *cancellable,
                   GError **error)
{
  GInetAddress *ipv6 = NULL;
  GSocketFamily family = G_SOCKET_FAMILY_INVALID;
  gboolean answered = FALSE;

  g_return_val_if_fail (self != NULL && host != NULL && addresses != NULL, FALSE);

  ipv6 = first_of (addresses, G_SOCKET_FAMILY_IPV6);
  if (ipv6 == NULL || first_of (addresses, G_SOCKET_FAMILY_IPV4) == NULL)
    return TRUE;
  family = recall (self, host);
  if (family == G_SOCKET_FAMILY_INVALID && addresses->pdata[0] == ipv6)
    {
      if (!try_connect (ipv6, port, &answered, cancellable, error))
        return FALSE;
      family = answered ? G_SOCKET_FAMILY_IPV6 : G_SOCKET_FAMILY_IPV4;
      remember (self, host, family);
    }
  if (family != G_SOCKET_FAMILY_INVALID)
    prefer (addresses, family);
  return TRUE;
}

/**
 * gan_families_forget:
 * @self: a memory
 * @host: a host that could not be reached
 *
 * Has the next gan_families_sort() try again.
 */
void
gan_families_forget (GanFamilies *self, const char *host)
{
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_if_fail (self != NULL && host != NULL);

  locker = g_mutex_locker_new (&self->mutex);
  g_hash_table_remove (self->hosts, host);
}
