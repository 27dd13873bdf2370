/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The first thread that asks leads the flight and does the work, the others wait for what it
 * brings. A leader that is cancelled brings nothing: one of those who wait leads in its stead. */
#include "config.h"

#include "gan-single-flight.h"

#include "gan-error.h"
#include "gan-monitor.h"

typedef struct
{
  char *key;
  guint n_users;
  gboolean led;
  gboolean landed;
  GanReply *reply;
  GError *error;
} Flight;

struct _GanSingleFlight
{
  GanMonitor monitor;
  GHashTable *flights; /* key -> Flight that did not land yet */
};

/**
 * gan_single_flight_new:
 *
 * Returns: (transfer full): nothing in flight
 */
GanSingleFlight *
gan_single_flight_new (void)
{
  GanSingleFlight *self = g_new0 (GanSingleFlight, 1);

  gan_monitor_init (&self->monitor);
  self->flights = g_hash_table_new (g_str_hash, g_str_equal);
  return self;
}

/**
 * gan_single_flight_free:
 * @self: (transfer full): with nothing in flight
 */
void
gan_single_flight_free (GanSingleFlight *self)
{
  g_hash_table_unref (self->flights);
  gan_monitor_clear (&self->monitor);
  g_free (self);
}

static Flight *
board (GanSingleFlight *self, const char *key)
{
  Flight *flight = g_hash_table_lookup (self->flights, key);

  if (flight == NULL)
    {
      flight = g_new0 (Flight, 1);
      flight->key = g_strdup (key);
      g_hash_table_insert (self->flights, flight->key, flight);
    }
  flight->n_users++;
  return flight;
}

static void
alight (GanSingleFlight *self, Flight *flight)
{
  if (--flight->n_users > 0)
    return;
  if (!flight->landed)
    g_hash_table_remove (self->flights, flight->key);
  g_clear_object (&flight->reply);
  g_clear_error (&flight->error);
  g_free (flight->key);
  g_free (flight);
}

static GanReply *
dup_outcome (const Flight *flight, GError **error)
{
  if (flight->error != NULL)
    g_propagate_error (error, g_error_copy (flight->error));
  return flight->reply != NULL ? g_object_ref (flight->reply) : NULL;
}

/* Who gets FALSE leads, and owes a land(). */
static gboolean
wait_for_outcome (GanSingleFlight *self,
                  Flight *flight,
                  GanReply **reply,
                  GCancellable *cancellable,
                  GError **error)
{
  while (flight->led && !flight->landed)
    if (!gan_monitor_wait (&self->monitor, cancellable, error))
      return TRUE;
  if (flight->landed)
    *reply = dup_outcome (flight, error);
  else
    flight->led = TRUE;
  return flight->landed;
}

static void
land (GanSingleFlight *self, Flight *flight, GanReply *reply, const GError *error)
{
  flight->led = FALSE;
  if (!gan_error_is_cancelled (error))
    {
      flight->landed = TRUE;
      g_set_object (&flight->reply, reply);
      flight->error = error != NULL ? g_error_copy (error) : NULL;
      g_hash_table_remove (self->flights, flight->key);
    }
  gan_monitor_wake (&self->monitor);
}

/**
 * gan_single_flight_run:
 * @self: the flights
 * @key: what is asked; equal keys mean equal answers
 * @func: asks; called without a lock, in this thread, unless another is asking already
 * @data: for @func
 * @shared: (out): whether the answer, or the error, was brought by another thread
 * @cancellable: (nullable): ends the wait of this caller, never that of another one
 * @error: return location
 *
 * Returns: (transfer full): the answer, or NULL
 */
GanReply *
gan_single_flight_run (GanSingleFlight *self,
                       const char *key,
                       GanSingleFlightFunc func,
                       gpointer data,
                       gboolean *shared,
                       GCancellable *cancellable,
                       GError **error)
{
  g_autoptr (GanReply) reply = NULL;
  g_autoptr (GError) problem = NULL;
  gulong id = gan_monitor_enter (&self->monitor, cancellable);
  Flight *flight = board (self, key);

  *shared = wait_for_outcome (self, flight, &reply, cancellable, &problem);
  if (!*shared)
    {
      gan_monitor_leave (&self->monitor, cancellable, id);
      reply = func (data, cancellable, &problem);
      id = gan_monitor_enter (&self->monitor, NULL);
      land (self, flight, reply, problem);
      alight (self, flight);
      gan_monitor_leave (&self->monitor, NULL, id);
    }
  else
    {
      alight (self, flight);
      gan_monitor_leave (&self->monitor, cancellable, id);
    }
  if (problem != NULL)
    g_propagate_error (error, g_steal_pointer (&problem));
  return g_steal_pointer (&reply);
}

/**
 * gan_single_flight_get_n_waiting:
 * @self: the flights
 * @key: what is asked
 *
 * Returns: how many threads wait for the answer that another one brings
 */
guint
gan_single_flight_get_n_waiting (GanSingleFlight *self, const char *key)
{
  gulong id = gan_monitor_enter (&self->monitor, NULL);
  const Flight *flight = g_hash_table_lookup (self->flights, key);
  guint n_waiting = flight != NULL ? flight->n_users - (flight->led ? 1 : 0) : 0;

  gan_monitor_leave (&self->monitor, NULL, id);
  return n_waiting;
}
