/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-http.h"

#include "gan-error.h"
#include "gan-limits.h"
#include "gan-reply-cache.h"
#include "gan-retry.h"
#include "gan-single-flight.h"
#include "gan-wire.h"

#include <string.h>

#define DEFAULT_TRIES 4

struct _GanHttp
{
  GObject parent_instance;

  GanTransport *transport;
  GanClock *clock;
  GanWire *wire;
  GanReplyCache *cache;
  GanSingleFlight *flights;
  gboolean is_live;
  guint max_tries;   /* atomic */
  guint max_seconds; /* atomic */
};

/* A fetch on its way through cache and flights. */
typedef struct
{
  GanHttp *http;
  GanRequest *request;
  const char *key;
} Fetch;

G_DEFINE_FINAL_TYPE (GanHttp, gan_http, G_TYPE_OBJECT)

static void
gan_http_finalize (GObject *object)
{
  GanHttp *self = GAN_HTTP (object);

  gan_single_flight_free (self->flights);
  gan_reply_cache_free (self->cache);
  gan_wire_free (self->wire);
  g_object_unref (self->clock);
  g_object_unref (self->transport);
  G_OBJECT_CLASS (gan_http_parent_class)->finalize (object);
}

static void
gan_http_class_init (GanHttpClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = gan_http_finalize;
}

static void
gan_http_init (GanHttp *self)
{
  self->max_tries = DEFAULT_TRIES;
  self->max_seconds = GAN_LIMIT_METADATA_SECONDS;
}

/**
 * gan_http_new:
 * @transport: what carries the requests
 * @clock: what it waits by
 *
 * Returns: (transfer full): a door to the network, for any number of threads. Where @transport is
 * not live, waits, the cache, coalescing and rate limits are off.
 */
GanHttp *
gan_http_new (GanTransport *transport, GanClock *clock)
{
  GanHttp *self = NULL;

  g_return_val_if_fail (GAN_IS_TRANSPORT (transport) && GAN_IS_CLOCK (clock), NULL);

  self = g_object_new (GAN_TYPE_HTTP, NULL);
  self->transport = g_object_ref (transport);
  self->clock = g_object_ref (clock);
  self->wire = gan_wire_new (transport, clock);
  self->cache = gan_reply_cache_new (GAN_LIMIT_CACHE_ENTRIES, GAN_LIMIT_CACHE_BYTES);
  self->flights = gan_single_flight_new ();
  self->is_live = gan_transport_is_live (transport);
  return self;
}

/**
 * gan_http_set_user_agent:
 * @self: a door
 * @user_agent: what requests without a User-Agent of their own say
 */
void
gan_http_set_user_agent (GanHttp *self, const char *user_agent)
{
  g_return_if_fail (GAN_IS_HTTP (self) && user_agent != NULL);

  gan_wire_set_user_agent (self->wire, user_agent);
}

/**
 * gan_http_set_rate_limits:
 * @self: a door
 * @site: a site; "" for requests without one, which are counted for each host
 * @limits: its limits
 *
 * Requests for metadata wait until these allow them: in no minute or hour are there more, and no
 * more at the same time. Each redirect and each retry counts.
 */
void
gan_http_set_rate_limits (GanHttp *self, const char *site, const GanRateLimits *limits)
{
  g_return_if_fail (GAN_IS_HTTP (self) && site != NULL && limits != NULL);

  gan_wire_set_rate_limits (self->wire, site, limits);
}

/**
 * gan_http_set_retry_budget:
 * @self: a door
 * @max_tries: how often a request that says nothing else is sent in all, 1 or more
 */
void
gan_http_set_retry_budget (GanHttp *self, guint max_tries)
{
  g_return_if_fail (GAN_IS_HTTP (self) && max_tries > 0);

  g_atomic_int_set (&self->max_tries, max_tries);
}

/**
 * gan_http_set_time_limit:
 * @self: a door
 * @seconds: what one try of a whole fetch, or of the head of a stream, may take, waits for rate
 *   limits excepted; GAN_LIMIT_METADATA_SECONDS unless set
 */
void
gan_http_set_time_limit (GanHttp *self, guint seconds)
{
  g_return_if_fail (GAN_IS_HTTP (self) && seconds > 0);

  g_atomic_int_set (&self->max_seconds, seconds);
}

static void
count (GanHttp *self, GanRequest *request, const GanHttpCounters *more)
{
  gan_counters_add (gan_wire_get_counters (self->wire),
                    gan_url_get_host (gan_request_get_url (request)),
                    more);
}

/* Waits for the next try if there is to be one. What the server asked to wait for does not count
 * against the time that retries have: it is alive, so that time begins anew. */
static gboolean
wait_for_retry (GanHttp *self,
                GanRequest *request,
                GanRetryState *state,
                const GError *problem,
                GCancellable *cancellable,
                GError **error)
{
  gint64 wait = 0;
  gboolean asked = FALSE;

  if (!gan_request_is_repeatable (request) || !gan_retry_get_wait (state, problem, &wait, &asked))
    return FALSE;
  if (self->is_live && !gan_clock_wait (self->clock, wait, cancellable, error))
    return FALSE;
  state->spent = asked ? 0 : state->spent + wait;
  count (self, request, &(GanHttpCounters){ .retries = 1 });
  return TRUE;
}

/* The first try may take its time, later ones what is left for retries. */
static gint64
get_time_limit (GanHttp *self, const GanRetryState *state)
{
  gint64 limit = (gint64) g_atomic_int_get (&self->max_seconds) * G_USEC_PER_SEC;
  gint64 left = (gint64) GAN_LIMIT_RETRY_SECONDS * G_USEC_PER_SEC - state->spent;

  return state->n_tries == 0 ? limit : MIN (limit, left);
}

static gpointer
try_once (GanHttp *self,
          GanRequest *request,
          gboolean whole,
          GanRetryState *state,
          GCancellable *cancellable,
          GError **error)
{
  gint64 limit = get_time_limit (self, state);
  gint64 left = limit;
  GObject *outcome = NULL;

  state->n_tries++;
  if (whole)
    outcome = (GObject *) gan_wire_fetch (self->wire, request, &left, cancellable, error);
  else
    outcome = (GObject *) gan_wire_open (self->wire, request, &left, cancellable, error);
  state->spent += limit - left;
  if (outcome != NULL && whole)
    gan_reply_check_status (GAN_REPLY (outcome), error);
  else if (outcome != NULL)
    gan_response_check_status (GAN_RESPONSE (outcome), error);
  return outcome;
}

/* Tries until there is an answer that another try would not better. @whole: a GanReply is wanted,
 * else a GanResponse. */
static gpointer
persevere (GanHttp *self,
           GanRequest *request,
           gboolean whole,
           GCancellable *cancellable,
           GError **error)
{
  guint max_tries = gan_request_get_max_tries (request);
  GanRetryState state = { 0 };

  state.max_tries = max_tries > 0 ? max_tries : (guint) g_atomic_int_get (&self->max_tries);
  while (TRUE)
    {
      g_autoptr (GError) problem = NULL;
      g_autoptr (GError) cancelled = NULL;
      g_autoptr (GObject) outcome = try_once (self, request, whole, &state, cancellable, &problem);

      if (problem != NULL
          && wait_for_retry (self, request, &state, problem, cancellable, &cancelled))
        continue;
      if (cancelled != NULL)
        g_propagate_error (error, g_steal_pointer (&cancelled));
      else if (outcome != NULL)
        return g_steal_pointer (&outcome);
      else
        g_propagate_error (error, g_steal_pointer (&problem));
      return NULL;
    }
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return g_ascii_strcasecmp (a, b);
}

static void
append_headers (GString *key, GanRequest *request)
{
  GHashTable *headers = gan_request_get_headers (request);
  g_autoptr (GList) names = g_list_sort (g_hash_table_get_keys (headers), compare_names);

  for (GList *l = names; l != NULL; l = l->next)
    g_string_append_printf (key,
                            "%s: %s\n",
                            (const char *) l->data,
                            (const char *) g_hash_table_lookup (headers, l->data));
}

/* All that an answer may depend on. A hash, as it may hold secrets. NULL: the answer is for this
 * asker alone. */
static char *
dup_key (GanHttp *self, GanRequest *request)
{
  g_autoptr (GString) key = NULL;
  g_autofree char *cookies = NULL;
  const char *const *hosts = gan_request_get_redirect_hosts (request);
  gpointer filter_data = NULL;
  GanRedirectFilter filter = gan_request_get_redirect_filter (request, &filter_data);

  if (!self->is_live || !g_str_equal (gan_request_get_method (request), "GET")
      || gan_request_get_body (request) != NULL
      || gan_request_get_purpose (request) == GAN_REQUEST_MEDIA)
    return NULL;
  cookies = gan_wire_dup_cookies (self->wire, request);
  key = g_string_new (gan_url_get_string (gan_request_get_url (request)));
  g_string_append_printf (key,
                          "\n%s\n%d %d %" G_GSIZE_FORMAT "\n%s\n",
                          gan_request_get_site (request) != NULL ? gan_request_get_site (request)
                                                                 : "",
                          gan_request_get_address_policy (request),
                          gan_request_get_redirect_mode (request),
                          gan_request_get_max_bytes (request),
                          cookies != NULL ? cookies : "");
  append_headers (key, request);
  for (gsize i = 0; hosts != NULL && hosts[i] != NULL; i++)
    g_string_append_printf (key, "%s\n", hosts[i]);
  g_string_append_printf (key, "%p %p", (gpointer) filter, filter_data);
  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) key->str, key->len);
}

static GanReply *
look_up (Fetch *fetch)
{
  gint64 age = (gint64) gan_request_get_cache_seconds (fetch->request) * G_USEC_PER_SEC;
  GanReply *reply = NULL;

  if (age == 0)
    return NULL;
  reply = gan_reply_cache_lookup (fetch->http->cache,
                                  fetch->key,
                                  gan_clock_get_monotonic (fetch->http->clock) - age + 1);
  if (reply != NULL)
    count (fetch->http, fetch->request, &(GanHttpCounters){ .cache_hits = 1 });
  return reply;
}

/* Looks into the cache here as well: an equal flight may have landed since it was looked into
 * first. */
static GanReply *
lead_flight (gpointer data, GCancellable *cancellable, GError **error)
{
  Fetch *fetch = data;
  GanReply *reply = look_up (fetch);

  if (reply != NULL)
    return reply;
  reply = persevere (fetch->http, fetch->request, TRUE, cancellable, error);
  if (reply != NULL && gan_request_get_cache_seconds (fetch->request) > 0
      && gan_reply_check_status (reply, NULL))
    gan_reply_cache_store (fetch->http->cache,
                           fetch->key,
                           reply,
                           gan_clock_get_monotonic (fetch->http->clock));
  return reply;
}

/**
 * gan_http_fetch:
 * @self: a door
 * @request: what to ask; not changed any more
 * @cancellable: (nullable): stops it
 * @error: return location
 *
 * The whole answer to a small question: redirects followed, cookies kept, retried by class of
 * failure, remembered for as long as the request says, shared with who asks the same at the same
 * time. Blocks; may be called from any thread.
 *
 * A status is no error here, gan_reply_check_status() makes one of it. Fails with
 * %G_IO_ERROR_CANCELLED; with what gan_transport_send() and gan_response_read() fail with; with
 * %GAN_ERROR_TIMEOUT, reason "too-slow"; with %GAN_ERROR_HTTP_STATUS, reason "redirects", after too
 * many; with %GAN_ERROR_UNSUPPORTED_URL or %GAN_ERROR_NOT_ALLOWED for a redirect that is not
 * followed; with %GAN_ERROR_RATE_LIMITED or %GAN_ERROR_HTTP_STATUS, reason "retry-after", while the
 * host wants to be left alone.
 *
 * Returns: (transfer full): the reply, or NULL
 */
GanReply *
gan_http_fetch (GanHttp *self, GanRequest *request, GCancellable *cancellable, GError **error)
{
  g_autofree char *key = NULL;
  Fetch fetch = { self, request, NULL };
  GanReply *reply = NULL;
  gboolean shared = FALSE;

  g_return_val_if_fail (GAN_IS_HTTP (self) && GAN_IS_REQUEST (request), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);

  if (g_cancellable_set_error_if_cancelled (cancellable, error)
      || !gan_request_check (request, error))
    return NULL;
  key = dup_key (self, request);
  if (key == NULL)
    return persevere (self, request, TRUE, cancellable, error);
  fetch.key = key;
  reply = look_up (&fetch);
  if (reply != NULL)
    return reply;
  reply = gan_single_flight_run (self->flights,
                                 key,
                                 lead_flight,
                                 &fetch,
                                 &shared,
                                 cancellable,
                                 error);
  if (shared && reply != NULL)
    count (self, request, &(GanHttpCounters){ .coalesced = 1 });
  return reply;
}

/**
 * gan_http_open:
 * @self: a door
 * @request: what to ask; not changed any more
 * @cancellable: (nullable): stops it; give one to each gan_response_read() too
 * @error: return location
 *
 * The answer as a stream, with redirects followed. Retries end when the head has come: what goes
 * wrong later is for the reader to resume. Fails as gan_http_fetch(). Blocks; may be called from
 * any thread.
 *
 * Returns: (transfer full): the answer, whatever its status, or NULL
 */
GanResponse *
gan_http_open (GanHttp *self, GanRequest *request, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (GAN_IS_HTTP (self) && GAN_IS_REQUEST (request), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);

  if (g_cancellable_set_error_if_cancelled (cancellable, error)
      || !gan_request_check (request, error))
    return NULL;
  return persevere (self, request, FALSE, cancellable, error);
}

/**
 * gan_http_get_clock:
 * @self: a door
 *
 * Returns: (transfer none): what it waits by
 */
GanClock *
gan_http_get_clock (GanHttp *self)
{
  g_return_val_if_fail (GAN_IS_HTTP (self), NULL);

  return self->clock;
}

/**
 * gan_http_get_transport:
 * @self: a door
 *
 * Returns: (transfer none): what carries its requests
 */
GanTransport *
gan_http_get_transport (GanHttp *self)
{
  g_return_val_if_fail (GAN_IS_HTTP (self), NULL);

  return self->transport;
}

/**
 * gan_http_get_counters:
 * @self: a door
 * @host: (nullable): a host, or NULL for all of them together
 * @counters: (out): what happened so far; bytes are those of bodies, decoded
 *
 * Returns: whether there was anything with @host
 */
gboolean
gan_http_get_counters (GanHttp *self, const char *host, GanHttpCounters *counters)
{
  g_return_val_if_fail (GAN_IS_HTTP (self) && counters != NULL, FALSE);

  return gan_counters_get (gan_wire_get_counters (self->wire), host, counters);
}
