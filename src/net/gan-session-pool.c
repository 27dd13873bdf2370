/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-session-pool.h"

#include "gan-endpoint.h"
#include "gan-limits.h"
#include "gan-trust.h"

#include <sys/socket.h>

/* How often a program with a main loop looks for what rested too long. */
#define REAP_SECONDS 4

struct _GanSessionPool
{
  gatomicrefcount ref_count;
  GanSessionSettings settings;
  GanFamilies *families;

  GMutex mutex;
  GQueue idle;   /* of GanLease, the one used last at the head */
  GQueue leased; /* of GanLease */
  guint64 next_id;
  GSource *reaper;
  gboolean closed;
};

/* A connection; while it is leased it holds a slot and a reference to the pool. */
struct _GanLease
{
  GanSessionPool *pool;
  GanSlot *slot;
  char *key;
  char *host;
  SoupSession *session;
  GIOStream *stream; /* what the session connected, once it did */
  guint64 id;
  gint64 idle_since;
};

static GanSessionPool *
pool_ref (GanSessionPool *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

static void
pool_unref (GanSessionPool *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_object_unref (self->settings.clock);
  gan_slots_unref (self->settings.slots);
  gan_slots_unref (self->settings.handshakes);
  gan_connect_to_free (self->settings.connect_to);
  g_clear_object (&self->settings.proxy);
  g_clear_object (&self->settings.tls_database);
  gan_families_unref (self->families);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

/**
 * gan_session_pool_new:
 * @settings: (transfer full): what its sessions have in common; the objects in it are taken over
 *
 * Returns: (transfer full): the pool, to be ended by gan_session_pool_close()
 */
GanSessionPool *
gan_session_pool_new (const GanSessionSettings *settings)
{
  GanSessionPool *self = g_new0 (GanSessionPool, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->mutex);
  g_queue_init (&self->idle);
  g_queue_init (&self->leased);
  self->settings = *settings;
  self->families = gan_families_new (settings->clock);
  return self;
}

static void
lease_free (gpointer data)
{
  GanLease *lease = data;

  soup_session_abort (lease->session);
  g_object_unref (lease->session);
  g_clear_object (&lease->stream);
  g_free (lease->key);
  g_free (lease->host);
  g_free (lease);
}

/* Takes out what rested too long; the caller frees it without the lock, for closing a connection
 * may write. */
static GList *
take_expired (GanSessionPool *self)
{
  gint64 now = gan_clock_get_monotonic (self->settings.clock);
  GList *expired = NULL;
  GanLease *oldest = NULL;

  while ((oldest = g_queue_peek_tail (&self->idle)) != NULL
         && now - oldest->idle_since >= GAN_LIMIT_IDLE_SECONDS * G_USEC_PER_SEC)
    expired = g_list_prepend (expired, g_queue_pop_tail (&self->idle));
  return expired;
}

static gboolean
reap_cb (gpointer data)
{
  GanSessionPool *self = data;
  GList *expired = NULL;
  gboolean more = FALSE;

  g_mutex_lock (&self->mutex);
  expired = take_expired (self);
  more = !self->closed && self->idle.length > 0;
  if (!more)
    g_clear_pointer (&self->reaper, g_source_unref);
  g_mutex_unlock (&self->mutex);
  g_list_free_full (expired, lease_free);
  return more ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

/* In a program with a main loop nothing rests longer than it should; without one it is the next
 * request that finds what expired. */
static void
arm_reaper (GanSessionPool *self)
{
  if (self->reaper != NULL)
    return;
  self->reaper = g_timeout_source_new_seconds (REAP_SECONDS);
  g_source_set_callback (self->reaper, reap_cb, pool_ref (self), (GDestroyNotify) pool_unref);
  g_source_attach (self->reaper, NULL);
}

/**
 * gan_session_pool_close:
 * @self: (transfer full): a pool
 *
 * Ends all connections at rest; those still leased end when they are returned.
 */
void
gan_session_pool_close (GanSessionPool *self)
{
  GQueue idle = G_QUEUE_INIT;
  GSource *reaper = NULL;

  g_return_if_fail (self != NULL);

  g_mutex_lock (&self->mutex);
  self->closed = TRUE;
  idle = self->idle;
  g_queue_init (&self->idle);
  reaper = g_steal_pointer (&self->reaper);
  g_mutex_unlock (&self->mutex);

  g_queue_clear_full (&idle, lease_free);
  if (reaper != NULL)
    {
      g_source_destroy (reaper);
      g_source_unref (reaper);
    }
  pool_unref (self);
}

static SoupSession *
create_session (GanSessionPool *self, GanRequest *request)
{
  GanUrl *url = gan_request_get_url (request);
  g_autoptr (GanEndpoint) endpoint = NULL;
  SoupSession *session = NULL;
  GanEndpointTarget target = {
    .scheme = gan_url_get_scheme (url),
    .host = gan_url_get_host (url),
    .port = (guint16) gan_url_get_port (url),
    .policy = gan_request_get_address_policy (request),
  };
  gboolean diverted = gan_connect_to_find (self->settings.connect_to,
                                           target.host,
                                           target.port,
                                           &target.to_host,
                                           &target.to_port);

  if (gan_url_is_https (url))
    gan_trust_ensure_system ();
  endpoint = gan_endpoint_new (&target, self->families);
  session = g_object_new (SOUP_TYPE_SESSION,
                          "remote-connectable",
                          endpoint,
                          "proxy-resolver",
                          diverted ? NULL : self->settings.proxy,
                          "max-conns",
                          1,
                          "max-conns-per-host",
                          1,
                          "idle-timeout",
                          0,
                          "timeout",
                          self->settings.io_seconds,
                          NULL);
  if (self->settings.tls_database != NULL)
    soup_session_set_tls_database (session, self->settings.tls_database);
  soup_session_remove_feature_by_type (session, SOUP_TYPE_AUTH_MANAGER);
  soup_session_remove_feature_by_type (session, SOUP_TYPE_CONTENT_DECODER);
  return session;
}

/* Proxy, connect-to and TLS settings are the same in all of a pool. */
static char *
key_of (GanRequest *request)
{
  const char *site = gan_request_get_site (request);

  return g_strdup_printf ("%s\n%d\n%d\n%s",
                          site != NULL ? site : "",
                          gan_request_get_purpose (request),
                          gan_request_get_address_policy (request),
                          gan_url_get_origin (gan_request_get_url (request)));
}

static GanLease *
take_idle (GanSessionPool *self, const char *key)
{
  for (GList *l = self->idle.head; l != NULL; l = l->next)
    {
      GanLease *lease = l->data;

      if (g_str_equal (lease->key, key))
        {
          g_queue_delete_link (&self->idle, l);
          return lease;
        }
    }
  return NULL;
}

static guint
count_host (GQueue *leases, const char *host)
{
  guint n_leases = 0;

  for (GList *l = leases->head; l != NULL; l = l->next)
    if (g_str_equal (((GanLease *) l->data)->host, host))
      n_leases++;
  return n_leases;
}

static GanLease *
take_oldest (GanSessionPool *self, const char *host)
{
  for (GList *l = self->idle.tail; l != NULL; l = l->prev)
    {
      GanLease *lease = l->data;

      if (host == NULL || g_str_equal (lease->host, host))
        {
          g_queue_delete_link (&self->idle, l);
          return lease;
        }
    }
  return NULL;
}

/* Slots count busy connections only; that those at rest do not come on top is seen to here. */
static GList *
make_room (GanSessionPool *self, const char *host)
{
  GList *dropped = NULL;
  GanLease *oldest = NULL;

  if (count_host (&self->leased, host) + count_host (&self->idle, host)
          >= self->settings.max_per_host
      && (oldest = take_oldest (self, host)) != NULL)
    dropped = g_list_prepend (dropped, oldest);
  if (self->leased.length + self->idle.length >= self->settings.max_in_all
      && (oldest = take_oldest (self, NULL)) != NULL)
    dropped = g_list_prepend (dropped, oldest);
  return dropped;
}

static GanLease *
find_or_create (GanSessionPool *self, GanRequest *request)
{
  g_autofree char *key = key_of (request);
  const char *host = gan_url_get_host (gan_request_get_url (request));
  GanLease *lease = NULL;
  GList *dropped = NULL;

  g_mutex_lock (&self->mutex);
  dropped = take_expired (self);
  lease = take_idle (self, key);
  if (lease == NULL)
    {
      dropped = g_list_concat (make_room (self, host), dropped);
      lease = g_new0 (GanLease, 1);
      lease->key = g_steal_pointer (&key);
      lease->host = g_strdup (host);
      lease->id = ++self->next_id;
    }
  g_queue_push_tail (&self->leased, lease);
  g_mutex_unlock (&self->mutex);

  g_list_free_full (dropped, lease_free);
  if (lease->session == NULL)
    lease->session = create_session (self, request);
  return lease;
}

/**
 * gan_session_pool_lease:
 * @self: a pool
 * @request: what the connection is for
 * @cancellable: (nullable): ends the wait for a slot
 * @error: return location
 *
 * Waits for a slot and gives a connection at rest that fits, else a new one: of the same trust
 * domain (the site, and whether it is for metadata or media), origin and address policy. It belongs
 * to the calling thread until gan_lease_return().
 *
 * Returns: (transfer full): the lease, or NULL with %G_IO_ERROR_CANCELLED
 */
GanLease *
gan_session_pool_lease (GanSessionPool *self,
                        GanRequest *request,
                        GCancellable *cancellable,
                        GError **error)
{
  GanLease *lease = NULL;
  GanSlot *slot = NULL;

  g_return_val_if_fail (self != NULL && GAN_IS_REQUEST (request), NULL);

  slot = gan_slots_acquire (self->settings.slots,
                            gan_url_get_host (gan_request_get_url (request)),
                            cancellable,
                            error);
  if (slot == NULL)
    return NULL;
  lease = find_or_create (self, request);
  lease->slot = slot;
  lease->pool = pool_ref (self);
  return lease;
}

/**
 * gan_session_pool_get_n_idle:
 * @self: a pool
 *
 * Returns: the number of connections at rest
 */
guint
gan_session_pool_get_n_idle (GanSessionPool *self)
{
  GList *expired = NULL;
  guint n_idle = 0;

  g_return_val_if_fail (self != NULL, 0);

  g_mutex_lock (&self->mutex);
  expired = take_expired (self);
  n_idle = self->idle.length;
  g_mutex_unlock (&self->mutex);
  g_list_free_full (expired, lease_free);
  return n_idle;
}

/**
 * gan_session_pool_get_n_leased:
 * @self: a pool
 *
 * Returns: the number of connections in use
 */
guint
gan_session_pool_get_n_leased (GanSessionPool *self)
{
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_val_if_fail (self != NULL, 0);

  locker = g_mutex_locker_new (&self->mutex);
  return self->leased.length;
}

/**
 * gan_session_pool_forget_family:
 * @self: a pool
 * @host: a host that could not be reached
 *
 * Has the next connection to @host try IPv6 and IPv4 anew.
 */
void
gan_session_pool_forget_family (GanSessionPool *self, const char *host)
{
  g_return_if_fail (self != NULL);

  gan_families_forget (self->families, host);
}

/**
 * gan_session_pool_get_handshakes:
 * @self: a pool
 *
 * Returns: (transfer none): the slots of connections that shake hands for TLS
 */
GanSlots *
gan_session_pool_get_handshakes (GanSessionPool *self)
{
  return self->settings.handshakes;
}

/**
 * gan_lease_get_session:
 * @lease: a lease
 *
 * Returns: (transfer none): the session, with one connection at most
 */
SoupSession *
gan_lease_get_session (GanLease *lease)
{
  return lease->session;
}

/**
 * gan_lease_get_id:
 * @lease: a lease
 *
 * Returns: the number of its session in the pool, from 1
 */
guint64
gan_lease_get_id (GanLease *lease)
{
  return lease->id;
}

/**
 * gan_lease_set_stream:
 * @lease: a lease
 * @stream: what its session connected: a socket, or TLS over one
 */
void
gan_lease_set_stream (GanLease *lease, GIOStream *stream)
{
  g_set_object (&lease->stream, stream);
}

/**
 * gan_lease_is_open:
 * @lease: a lease whose answer was read to its end
 *
 * Looks at the connection without waiting. One that is open and silent shows that the answer ended
 * by itself: libsoup 3.2 takes a chunked body as complete, too, when the connection ends between
 * two chunks, but then it has met that end, and so does this. A byte that comes is one too many;
 * the connection is then of no use.
 *
 * Returns: whether the connection is open and silent
 */
gboolean
gan_lease_is_open (GanLease *lease)
{
  g_autoptr (GError) problem = NULL;
  GInputStream *input = NULL;
  guint8 byte = 0;

  if (lease->stream == NULL || g_io_stream_is_closed (lease->stream))
    return FALSE;
  input = g_io_stream_get_input_stream (lease->stream);
  if (g_pollable_input_stream_read_nonblocking (G_POLLABLE_INPUT_STREAM (input),
                                                &byte,
                                                sizeof byte,
                                                NULL,
                                                &problem)
      >= 0)
    return FALSE;
  return g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
}

/* A server that floods is not told politely: it might wait a minute for us to take more. */
static void
break_socket (GSocket *socket)
{
  struct linger at_once = { .l_onoff = 1, .l_linger = 0 };

  setsockopt (g_socket_get_fd (socket), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  g_socket_shutdown (socket, TRUE, FALSE, NULL);
}

/**
 * gan_lease_break:
 * @lease: a lease
 *
 * Has whatever its thread reads from the connection next meet the end: the way out of a signal
 * handler of libsoup.
 */
void
gan_lease_break (GanLease *lease)
{
  g_autoptr (GIOStream) base = NULL;

  if (G_IS_TLS_CONNECTION (lease->stream))
    g_object_get (lease->stream, "base-io-stream", &base, NULL);
  else if (lease->stream != NULL)
    base = g_object_ref (lease->stream);
  if (G_IS_SOCKET_CONNECTION (base))
    break_socket (g_socket_connection_get_socket (G_SOCKET_CONNECTION (base)));
}

/* Returns what goes over the bounds. */
static GList *
put_to_rest (GanSessionPool *self, GanLease *lease)
{
  GList *dropped = NULL;

  lease->idle_since = gan_clock_get_monotonic (self->settings.clock);
  g_queue_push_head (&self->idle, lease);
  dropped = take_expired (self);
  if (self->idle.length > GAN_LIMIT_IDLE_CONNECTIONS)
    dropped = g_list_prepend (dropped, g_queue_pop_tail (&self->idle));
  if (self->idle.length > 0)
    arm_reaper (self);
  return dropped;
}

/**
 * gan_lease_return:
 * @lease: (transfer full): a lease
 * @reusable: whether the connection is as good as new: its answer was read to the end, nothing
 *   failed and nothing was cancelled
 *
 * Gives the connection back, or ends it, and frees its slot.
 */
void
gan_lease_return (GanLease *lease, gboolean reusable)
{
  GanSessionPool *pool = NULL;
  GanSlot *slot = NULL;
  GList *dropped = NULL;

  g_return_if_fail (lease != NULL);

  pool = g_steal_pointer (&lease->pool);
  slot = g_steal_pointer (&lease->slot);
  g_mutex_lock (&pool->mutex);
  g_queue_remove (&pool->leased, lease);
  if (reusable && !pool->closed)
    dropped = put_to_rest (pool, lease);
  else
    dropped = g_list_prepend (NULL, lease);
  g_mutex_unlock (&pool->mutex);

  g_list_free_full (dropped, lease_free);
  gan_slot_release (slot);
  pool_unref (pool);
}
