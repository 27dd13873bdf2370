/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A bucket holds as many tokens as a site allows in a period, and a token that was taken comes back
 * one period later. So no window of that length ever sees more requests than allowed, which a
 * bucket that fills evenly does not promise.
 *
 * Tokens and places count requests for metadata. Media is bounded by connection slots and by the
 * throttle of the engine, and would eat up the tokens of its site. A request without a site is
 * counted for its host. */
#include "config.h"

#include "gan-rate-limiter.h"

#include "gan-error.h"
#include "gan-limits.h"
#include "gan-monitor.h"

#define MINUTE ((gint64) 60 * G_USEC_PER_SEC)
#define HOUR (60 * MINUTE)
#define LONG_AGO (G_MININT64 / 2)

/* More tokens than that are no limit. */
#define MAX_TOKENS 100000

typedef struct
{
  gint64 period;
  guint n_tokens;
  guint oldest;  /* index of the token taken longest ago */
  gint64 *taken; /* when each token was taken */
} Tokens;

struct _GanRateBucket
{
  GanRateLimits limits;
  Tokens per_minute;
  Tokens per_hour;
  guint n_inside; /* requests under way */
  guint n_users;  /* these, and threads that wait for a place: they keep a pointer to it */
};

typedef struct
{
  gint64 until;
  guint status;
} Hold;

struct _GanRateLimiter
{
  GanClock *clock;
  GanMonitor monitor;
  GHashTable *limits;  /* site -> GanRateLimits */
  GHashTable *buckets; /* site, or host -> GanRateBucket */
  GHashTable *holds;   /* host -> Hold */
};

static void
tokens_init (Tokens *self, guint n_tokens, gint64 period)
{
  self->period = period;
  self->n_tokens = MIN (n_tokens, MAX_TOKENS);
  self->taken = g_new (gint64, self->n_tokens);
  for (guint i = 0; i < self->n_tokens; i++)
    self->taken[i] = LONG_AGO;
}

static gint64
tokens_get_wait (const Tokens *self, gint64 now)
{
  return self->n_tokens > 0 ? self->taken[self->oldest] + self->period - now : 0;
}

static void
tokens_take (Tokens *self, gint64 now)
{
  if (self->n_tokens == 0)
    return;
  self->taken[self->oldest] = now;
  self->oldest = (self->oldest + 1) % self->n_tokens;
}

static void
bucket_free (gpointer data)
{
  GanRateBucket *self = data;

  g_free (self->per_minute.taken);
  g_free (self->per_hour.taken);
  g_free (self);
}

static GanRateBucket *
bucket_new (const GanRateLimits *limits)
{
  GanRateBucket *self = g_new0 (GanRateBucket, 1);

  self->limits = *limits;
  tokens_init (&self->per_minute, limits->per_minute, MINUTE);
  tokens_init (&self->per_hour, limits->per_hour, HOUR);
  return self;
}

/**
 * gan_rate_limiter_new:
 * @clock: what it waits by
 *
 * Returns: (transfer full): a limiter without limits
 */
GanRateLimiter *
gan_rate_limiter_new (GanClock *clock)
{
  GanRateLimiter *self = g_new0 (GanRateLimiter, 1);

  self->clock = g_object_ref (clock);
  gan_monitor_init (&self->monitor);
  self->limits = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->buckets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, bucket_free);
  self->holds = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

/**
 * gan_rate_limiter_free:
 * @self: (transfer full): a limiter that nobody waits in
 */
void
gan_rate_limiter_free (GanRateLimiter *self)
{
  g_hash_table_unref (self->holds);
  g_hash_table_unref (self->buckets);
  g_hash_table_unref (self->limits);
  gan_monitor_clear (&self->monitor);
  g_object_unref (self->clock);
  g_free (self);
}

static gboolean
limits_equal (const GanRateLimits *a, const GanRateLimits *b)
{
  return a->per_minute == b->per_minute && a->per_hour == b->per_hour && a->parallel == b->parallel;
}

/**
 * gan_rate_limiter_set:
 * @self: a limiter
 * @site: the site, "" for requests without one
 * @limits: its limits
 *
 * New limits start with full buckets, once no request of the site is under way; the same ones again
 * change nothing.
 */
void
gan_rate_limiter_set (GanRateLimiter *self, const char *site, const GanRateLimits *limits)
{
  gulong id = gan_monitor_enter (&self->monitor, NULL);
  const GanRateLimits *old = g_hash_table_lookup (self->limits, site);

  if (old == NULL || !limits_equal (old, limits))
    g_hash_table_replace (self->limits,
                          g_strdup (site),
                          g_memdup2 (limits, sizeof (GanRateLimits)));
  gan_monitor_wake (&self->monitor);
  gan_monitor_leave (&self->monitor, NULL, id);
}

static gboolean
hold_is_over_cb (gpointer key, gpointer value, gpointer user_data)
{
  const Hold *hold = value;
  const gint64 *now = user_data;

  return hold->until <= *now;
}

/**
 * gan_rate_limiter_hold:
 * @self: a limiter
 * @host: a host that sent Retry-After
 * @seconds: for how long
 * @status: what it sent that with
 *
 * Leaves @host alone, whoever asks; of two such times the later one counts.
 */
void
gan_rate_limiter_hold (GanRateLimiter *self, const char *host, gint64 seconds, guint status)
{
  gint64 now = gan_clock_get_monotonic (self->clock);
  gulong id = gan_monitor_enter (&self->monitor, NULL);
  Hold *hold = g_hash_table_lookup (self->holds, host);
  gint64 until = now + MIN (seconds, GAN_LIMIT_RETRY_AFTER_SECONDS) * G_USEC_PER_SEC;

  if (hold == NULL && g_hash_table_size (self->holds) >= GAN_LIMIT_HOSTS)
    g_hash_table_foreach_remove (self->holds, hold_is_over_cb, &now);
  if (hold == NULL && g_hash_table_size (self->holds) < GAN_LIMIT_HOSTS)
    {
      hold = g_new0 (Hold, 1);
      g_hash_table_insert (self->holds, g_strdup (host), hold);
    }
  if (hold != NULL && hold->until < until)
    {
      hold->until = until;
      hold->status = status;
    }
  gan_monitor_leave (&self->monitor, NULL, id);
}

static gboolean
bucket_is_idle_cb (gpointer key, gpointer value, gpointer user_data)
{
  const GanRateBucket *bucket = value;

  return bucket->n_users == 0;
}

static const char *
get_site (GanRequest *request)
{
  const char *site = gan_request_get_site (request);

  return site != NULL ? site : "";
}

/* NULL: the request is not limited. */
static GanRateBucket *
find_bucket (GanRateLimiter *self, GanRequest *request)
{
  const char *site = get_site (request);
  const char *key = *site != '\0' ? site : gan_url_get_host (gan_request_get_url (request));
  const GanRateLimits *limits = g_hash_table_lookup (self->limits, site);
  GanRateBucket *bucket = g_hash_table_lookup (self->buckets, key);

  if (limits == NULL || gan_request_get_purpose (request) == GAN_REQUEST_MEDIA)
    return NULL;
  if (bucket != NULL && (bucket->n_users > 0 || limits_equal (&bucket->limits, limits)))
    return bucket;
  if (g_hash_table_size (self->buckets) >= GAN_LIMIT_HOSTS)
    g_hash_table_foreach_remove (self->buckets, bucket_is_idle_cb, NULL);
  bucket = bucket_new (limits);
  g_hash_table_replace (self->buckets, g_strdup (key), bucket);
  return bucket;
}

static gboolean
check_hold (GanRequest *request, const Hold *hold, gint64 wait, GError **error)
{
  g_autoptr (GError) problem = NULL;

  if (wait <= (gint64) GAN_LIMIT_RETRY_AFTER_WAIT_SECONDS * G_USEC_PER_SEC)
    return TRUE;
  problem = gan_error_new (hold->status == 429 ? GAN_ERROR_RATE_LIMITED : GAN_ERROR_HTTP_STATUS,
                           "retry-after",
                           "the server asked not to be asked again so soon");
  gan_error_set_http_status (problem, hold->status);
  gan_error_set_url (problem, gan_url_get_string (gan_request_get_url (request)));
  gan_error_set_retry_after (problem, (wait + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC);
  g_propagate_error (error, g_steal_pointer (&problem));
  return FALSE;
}

/* Takes a token, or says how long to wait for one. */
static gboolean
try_take (GanRateLimiter *self, GanRequest *request, gint64 *wait, GError **error)
{
  gint64 now = gan_clock_get_monotonic (self->clock);
  const Hold *hold
      = g_hash_table_lookup (self->holds, gan_url_get_host (gan_request_get_url (request)));
  GanRateBucket *bucket = find_bucket (self, request);

  *wait = hold != NULL ? MAX (hold->until - now, 0) : 0;
  if (hold != NULL && !check_hold (request, hold, *wait, error))
    return FALSE;
  if (bucket == NULL)
    return TRUE;
  *wait = MAX (*wait, tokens_get_wait (&bucket->per_minute, now));
  *wait = MAX (*wait, tokens_get_wait (&bucket->per_hour, now));
  if (*wait > 0)
    return TRUE;
  tokens_take (&bucket->per_minute, now);
  tokens_take (&bucket->per_hour, now);
  return TRUE;
}

/**
 * gan_rate_limiter_take:
 * @self: a limiter
 * @request: what is to be sent
 * @cancellable: (nullable): stops the wait
 * @error: return location
 *
 * Takes a token for one request on the wire, waiting for it where need be, and waits out what the
 * host asked for. A host that wants to be left alone for longer than
 * GAN_LIMIT_RETRY_AFTER_WAIT_SECONDS is an error at once: %GAN_ERROR_RATE_LIMITED, or
 * %GAN_ERROR_HTTP_STATUS after a 503, with retry_after, reason "retry-after".
 *
 * Returns: whether the request may be sent
 */
gboolean
gan_rate_limiter_take (GanRateLimiter *self,
                       GanRequest *request,
                       GCancellable *cancellable,
                       GError **error)
{
  while (TRUE)
    {
      gint64 wait = 0;
      gulong id = gan_monitor_enter (&self->monitor, NULL);
      gboolean allowed = try_take (self, request, &wait, error);

      gan_monitor_leave (&self->monitor, NULL, id);
      if (!allowed || wait <= 0)
        return allowed;
      g_info ("waiting %.1f s for the rate limit of %s",
              (double) wait / G_USEC_PER_SEC,
              gan_url_get_host (gan_request_get_url (request)));
      if (!gan_clock_wait (self->clock, wait, cancellable, error))
        return FALSE;
    }
}

/**
 * gan_rate_limiter_enter:
 * @self: a limiter
 * @request: what is to be sent
 * @place: (out): for gan_rate_limiter_leave(); may be NULL
 * @cancellable: (nullable): stops the wait
 * @error: return location
 *
 * Waits for one of the places that the site has for requests at the same time. A thread must not
 * enter again before it left.
 *
 * Returns: FALSE with %G_IO_ERROR_CANCELLED
 */
gboolean
gan_rate_limiter_enter (GanRateLimiter *self,
                        GanRequest *request,
                        GanRateBucket **place,
                        GCancellable *cancellable,
                        GError **error)
{
  gulong id = gan_monitor_enter (&self->monitor, cancellable);
  GanRateBucket *bucket = find_bucket (self, request);
  gboolean entered = TRUE;

  if (bucket != NULL)
    {
      bucket->n_users++;
      while (entered && bucket->limits.parallel > 0 && bucket->n_inside >= bucket->limits.parallel)
        entered = gan_monitor_wait (&self->monitor, cancellable, error);
      if (entered)
        bucket->n_inside++;
      else
        bucket->n_users--;
    }
  gan_monitor_leave (&self->monitor, cancellable, id);
  *place = entered ? bucket : NULL;
  return entered;
}

/**
 * gan_rate_limiter_leave:
 * @self: a limiter
 * @place: (nullable): what gan_rate_limiter_enter() gave
 */
void
gan_rate_limiter_leave (GanRateLimiter *self, GanRateBucket *place)
{
  gulong id = 0;

  if (place == NULL)
    return;
  id = gan_monitor_enter (&self->monitor, NULL);
  place->n_inside--;
  place->n_users--;
  gan_monitor_wake (&self->monitor);
  gan_monitor_leave (&self->monitor, NULL, id);
}
