/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-counters.h"

#include "gan-limits.h"
#include "gan-response-private.h"

struct _GanCounters
{
  gatomicrefcount ref_count;
  GMutex mutex;
  GHashTable *hosts;
  GanHttpCounters total;
};

/* The body of a response under way, and what it was counted for. */
typedef struct
{
  GanCounters *counters;
  char *host;
  GanResponse *inner;
  GanHttpCounters pending;
} Body;

/**
 * gan_counters_new:
 *
 * Returns: (transfer full): counters at zero
 */
GanCounters *
gan_counters_new (void)
{
  GanCounters *self = g_new0 (GanCounters, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->mutex);
  self->hosts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

/**
 * gan_counters_ref:
 * @self: counters
 *
 * Returns: (transfer full): @self
 */
GanCounters *
gan_counters_ref (GanCounters *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * gan_counters_unref:
 * @self: (transfer full): counters
 */
void
gan_counters_unref (GanCounters *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_hash_table_unref (self->hosts);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

static void
add (GanHttpCounters *sum, const GanHttpCounters *more)
{
  sum->requests += more->requests;
  sum->retries += more->retries;
  sum->cache_hits += more->cache_hits;
  sum->coalesced += more->coalesced;
  sum->errors += more->errors;
  sum->bytes += more->bytes;
  sum->microseconds += more->microseconds;
}

/**
 * gan_counters_add:
 * @self: counters
 * @host: whom it is about
 * @more: what to add
 *
 * Beyond GAN_LIMIT_HOSTS hosts only the sum over all goes on.
 */
void
gan_counters_add (GanCounters *self, const char *host, const GanHttpCounters *more)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  GanHttpCounters *sum = g_hash_table_lookup (self->hosts, host);

  if (sum == NULL && g_hash_table_size (self->hosts) < GAN_LIMIT_HOSTS)
    {
      sum = g_new0 (GanHttpCounters, 1);
      g_hash_table_insert (self->hosts, g_strdup (host), sum);
    }
  if (sum != NULL)
    add (sum, more);
  add (&self->total, more);
}

/**
 * gan_counters_get:
 * @self: counters
 * @host: (nullable): a host, or NULL for all of them together
 * @counters: (out): its counters, or zeros
 *
 * Returns: whether anything was counted for @host
 */
gboolean
gan_counters_get (GanCounters *self, const char *host, GanHttpCounters *counters)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  const GanHttpCounters *sum
      = host != NULL ? g_hash_table_lookup (self->hosts, host) : &self->total;

  *counters = sum != NULL ? *sum : (GanHttpCounters){ 0 };
  return sum != NULL;
}

static gssize
body_read (gpointer data, void *buffer, gsize size, GCancellable *cancellable, GError **error)
{
  Body *body = data;
  gint64 started = g_get_monotonic_time ();
  gssize n_read = gan_response_read (body->inner, buffer, size, cancellable, error);

  body->pending.microseconds += g_get_monotonic_time () - started;
  if (n_read > 0)
    body->pending.bytes += (guint64) n_read;
  else if (n_read < 0)
    body->pending.errors = 1;
  return n_read;
}

static gboolean
body_is_proven (gpointer data)
{
  Body *body = data;

  return gan_response_is_proven_whole (body->inner);
}

static void
body_finish (gpointer data, gboolean whole)
{
  Body *body = data;

  gan_response_close (body->inner);
  gan_counters_add (body->counters, body->host, &body->pending);
  gan_counters_unref (body->counters);
  g_free (body->host);
  g_object_unref (body->inner);
  g_free (body);
}

/**
 * gan_counters_watch_body:
 * @self: counters
 * @host: whom the bytes are counted for
 * @response: (transfer none): an answer whose body was not read yet
 *
 * Returns: (transfer full): an answer that counts bytes, time and a broken body of @response; read
 * this one from now on
 */
GanResponse *
gan_counters_watch_body (GanCounters *self, const char *host, GanResponse *response)
{
  GanResponseHead head = { 0 };
  GanResponseBody body = { body_read, body_finish, NULL, body_is_proven };
  Body *data = g_new0 (Body, 1);

  gan_response_get_head (response, &head);
  data->counters = gan_counters_ref (self);
  data->host = g_strdup (host);
  data->inner = g_object_ref (response);
  body.data = data;
  return gan_response_new (&head, &body);
}
