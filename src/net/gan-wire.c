/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-wire.h"

#include "gan-cookie-jar.h"
#include "gan-error.h"
#include "gan-limits.h"
#include "gan-rate-limiter.h"
#include "gan-redact.h"
#include "gan-redirect.h"
#include "gan-reply-private.h"
#include "gan-watchdog.h"

/* The body of a redirect is read up to here, so that its connection can be used again. */
#define DRAIN_BYTES 8192

struct _GanWire
{
  GanTransport *transport;
  GanCookieJar *jar;
  GanRateLimiter *limiter;
  GanCounters *counters;
  GanWatchdog *watchdog;
  gboolean is_live;

  GMutex mutex; /* of what follows */
  char *user_agent;
};

/**
 * gan_wire_new:
 * @transport: what carries the requests
 * @clock: what rate limits wait and cookies expire by
 *
 * Returns: (transfer full): a wire
 */
GanWire *
gan_wire_new (GanTransport *transport, GanClock *clock)
{
  GanWire *self = g_new0 (GanWire, 1);

  self->transport = g_object_ref (transport);
  self->jar = gan_cookie_jar_new (clock);
  self->limiter = gan_rate_limiter_new (clock);
  self->counters = gan_counters_new ();
  self->watchdog = gan_watchdog_new ();
  self->is_live = gan_transport_is_live (transport);
  g_mutex_init (&self->mutex);
  self->user_agent = g_strdup ("Gannet/" GAN_VERSION);
  return self;
}

/**
 * gan_wire_free:
 * @self: (transfer full): a wire that nothing is under way on
 */
void
gan_wire_free (GanWire *self)
{
  g_free (self->user_agent);
  g_mutex_clear (&self->mutex);
  gan_watchdog_free (self->watchdog);
  gan_counters_unref (self->counters);
  gan_rate_limiter_free (self->limiter);
  gan_cookie_jar_free (self->jar);
  g_object_unref (self->transport);
  g_free (self);
}

/**
 * gan_wire_set_user_agent:
 * @self: a wire
 * @user_agent: what requests without one of their own say
 */
void
gan_wire_set_user_agent (GanWire *self, const char *user_agent)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  g_free (self->user_agent);
  self->user_agent = g_strdup (user_agent);
}

/**
 * gan_wire_set_rate_limits:
 * @self: a wire
 * @site: a site, "" for requests without one
 * @limits: its limits
 */
void
gan_wire_set_rate_limits (GanWire *self, const char *site, const GanRateLimits *limits)
{
  gan_rate_limiter_set (self->limiter, site, limits);
}

/**
 * gan_wire_get_counters:
 * @self: a wire
 *
 * Returns: (transfer none): its counters
 */
GanCounters *
gan_wire_get_counters (GanWire *self)
{
  return self->counters;
}

static const char *
get_site (GanRequest *request)
{
  const char *site = gan_request_get_site (request);

  return site != NULL ? site : "";
}

/**
 * gan_wire_dup_cookies:
 * @self: a wire
 * @request: a request
 *
 * Cookies are for metadata: who asks for a file shows what its URL shows. A request that brings a
 * Cookie header of its own gets no other.
 *
 * Returns: (transfer full) (nullable): the cookies that would go along
 */
char *
gan_wire_dup_cookies (GanWire *self, GanRequest *request)
{
  if (gan_request_get_purpose (request) == GAN_REQUEST_MEDIA
      || gan_request_get_header (request, "Cookie") != NULL)
    return NULL;
  return gan_cookie_jar_dup_header (self->jar, get_site (request), gan_request_get_url (request));
}

/* The request as it is sent: a copy, so that nothing of this hop is carried to the next one. */
static GanRequest *
dress (GanWire *self, GanRequest *request, gboolean *has_cookies)
{
  GanRequest *dressed = gan_request_copy (request, gan_request_get_url (request));
  g_autofree char *cookies = gan_wire_dup_cookies (self, request);

  *has_cookies = cookies != NULL;
  if (cookies != NULL)
    gan_request_set_header (dressed, "Cookie", cookies);
  if (gan_request_get_header (dressed, "Accept") == NULL)
    gan_request_set_header (dressed, "Accept", "*/*");
  if (gan_request_get_header (dressed, "User-Agent") == NULL)
    {
      g_mutex_lock (&self->mutex);
      gan_request_set_header (dressed, "User-Agent", self->user_agent);
      g_mutex_unlock (&self->mutex);
    }
  return dressed;
}

static void
learn (GanWire *self, GanRequest *request, GanResponse *response)
{
  GanUrl *url = gan_request_get_url (request);
  guint status = gan_response_get_status (response);
  gint64 retry_after = gan_response_get_retry_after (response);
  g_auto (GStrv) cookies = gan_response_dup_header_values (response, "Set-Cookie");

  if (gan_request_get_purpose (request) == GAN_REQUEST_METADATA)
    for (gsize i = 0; cookies[i] != NULL; i++)
      gan_cookie_jar_store (self->jar, get_site (request), url, cookies[i]);
  if (self->is_live && retry_after > 0 && (status == 429 || status == 503))
    gan_rate_limiter_hold (self->limiter, gan_url_get_host (url), retry_after, status);
}

static void
log_hop (GanRequest *request, GanResponse *response, const GError *problem)
{
  g_autofree char *url = gan_redact_url (gan_url_get_string (gan_request_get_url (request)));

  if (response != NULL)
    g_debug ("%s %s: %u",
             gan_request_get_method (request),
             url,
             gan_response_get_status (response));
  else
    g_debug ("%s %s: %s", gan_request_get_method (request), url, problem->message);
}

static void
count_hop (GanWire *self, GanRequest *request, GanResponse *response, gint64 elapsed)
{
  GanHttpCounters more = { .requests = 1, .microseconds = elapsed };

  if (response == NULL || gan_response_get_status (response) >= 400)
    more.errors = 1;
  gan_counters_add (self->counters, gan_url_get_host (gan_request_get_url (request)), &more);
}

/* One request and the head of its answer. */
static GanResponse *
send_hop (GanWire *self,
          GanRequest *request,
          gboolean *sent_cookies,
          gint64 *time_left,
          GCancellable *cancellable,
          GError **error)
{
  g_autoptr (GanRequest) dressed = NULL;
  g_autoptr (GanResponse) response = NULL;
  g_autoptr (GError) problem = NULL;
  GanWatch *watch = NULL;
  gint64 elapsed = 0;

  if (self->is_live && !gan_rate_limiter_take (self->limiter, request, cancellable, error))
    return NULL;
  dressed = dress (self, request, sent_cookies);
  watch = gan_watchdog_start (self->watchdog, *time_left, cancellable);
  response
      = gan_transport_send (self->transport, dressed, gan_watch_get_cancellable (watch), &problem);
  elapsed = gan_watch_stop (watch, &problem);
  *time_left -= elapsed;
  count_hop (self, request, response, elapsed);
  log_hop (request, response, problem);
  if (response == NULL)
    {
      if (gan_error_get_url (problem) == NULL)
        gan_error_set_url (problem, gan_url_get_string (gan_request_get_url (request)));
      g_propagate_error (error, g_steal_pointer (&problem));
      return NULL;
    }
  learn (self, request, response);
  return g_steal_pointer (&response);
}

/* What goes wrong here costs a connection, nothing else. */
static void
drain (GanWire *self, GanResponse *response, gint64 *time_left, GCancellable *cancellable)
{
  GanWatch *watch = gan_watchdog_start (self->watchdog, *time_left, cancellable);
  g_autoptr (GBytes) body
      = gan_response_read_all (response, DRAIN_BYTES, gan_watch_get_cancellable (watch), NULL);

  *time_left -= gan_watch_stop (watch, NULL);
}

static void
set_redirect_error (GanRequest *request, guint status, GError **error)
{
  g_autoptr (GError) problem = gan_error_new (GAN_ERROR_HTTP_STATUS,
                                              "redirects",
                                              "more than %d redirects",
                                              GAN_LIMIT_REDIRECTS);

  gan_error_set_http_status (problem, status);
  gan_error_set_url (problem, gan_url_get_string (gan_request_get_url (request)));
  g_propagate_error (error, g_steal_pointer (&problem));
}

static GanResponse *
follow (GanWire *self,
        GanRequest *request,
        gint64 *time_left,
        GCancellable *cancellable,
        GError **error)
{
  g_autoptr (GanRequest) hop = g_object_ref (request);

  for (guint n = 0;; n++)
    {
      gboolean sent_cookies = FALSE;
      g_autoptr (GanResponse) response
          = send_hop (self, hop, &sent_cookies, time_left, cancellable, error);
      g_autoptr (GanRequest) next = NULL;

      if (response == NULL)
        return NULL;
      if (!gan_redirect_applies (hop, response))
        return gan_counters_watch_body (self->counters,
                                        gan_url_get_host (gan_request_get_url (hop)),
                                        response);
      if (n == GAN_LIMIT_REDIRECTS)
        {
          set_redirect_error (request, gan_response_get_status (response), error);
          return NULL;
        }
      next = gan_redirect_follow (hop, response, sent_cookies, error);
      if (next == NULL)
        return NULL;
      drain (self, response, time_left, cancellable);
      g_set_object (&hop, next);
    }
}

/**
 * gan_wire_open:
 * @self: a wire
 * @request: what to ask
 * @time_left: in and out: microseconds that may pass until the head of the final answer; waits for
 *   rate limits do not count
 * @cancellable: (nullable): stops it
 * @error: return location
 *
 * Returns: (transfer full): the answer after all redirects, whatever its status, or NULL
 */
GanResponse *
gan_wire_open (GanWire *self,
               GanRequest *request,
               gint64 *time_left,
               GCancellable *cancellable,
               GError **error)
{
  GanRateBucket *place = NULL;
  GanResponse *response = NULL;

  if (self->is_live && !gan_rate_limiter_enter (self->limiter, request, &place, cancellable, error))
    return NULL;
  response = follow (self, request, time_left, cancellable, error);
  gan_rate_limiter_leave (self->limiter, place);
  return response;
}

static GBytes *
read_body (GanWire *self,
           GanRequest *request,
           GanResponse *response,
           gint64 *time_left,
           GCancellable *cancellable,
           GError **error)
{
  gsize max_bytes = gan_request_get_max_bytes (request);
  GanWatch *watch = gan_watchdog_start (self->watchdog, *time_left, cancellable);
  g_autoptr (GError) problem = NULL;
  GBytes *body = gan_response_read_all (response,
                                        max_bytes > 0 ? max_bytes : GAN_LIMIT_PAGE_BYTES,
                                        gan_watch_get_cancellable (watch),
                                        &problem);

  *time_left -= gan_watch_stop (watch, &problem);
  if (problem != NULL)
    {
      gan_error_set_url (problem, gan_url_get_string (gan_response_get_url (response)));
      g_propagate_error (error, g_steal_pointer (&problem));
    }
  return body;
}

/**
 * gan_wire_fetch:
 * @self: a wire
 * @request: what to ask
 * @time_left: in and out: microseconds that all of it may take; waits for rate limits do not count
 * @cancellable: (nullable): stops it
 * @error: return location
 *
 * Returns: (transfer full): the whole answer after all redirects, whatever its status, or NULL
 */
GanReply *
gan_wire_fetch (GanWire *self,
                GanRequest *request,
                gint64 *time_left,
                GCancellable *cancellable,
                GError **error)
{
  GanRateBucket *place = NULL;
  g_autoptr (GanResponse) response = NULL;
  g_autoptr (GBytes) body = NULL;

  if (self->is_live && !gan_rate_limiter_enter (self->limiter, request, &place, cancellable, error))
    return NULL;
  response = follow (self, request, time_left, cancellable, error);
  if (response != NULL)
    body = read_body (self, request, response, time_left, cancellable, error);
  gan_rate_limiter_leave (self->limiter, place);
  return body != NULL ? gan_reply_new (response, body) : NULL;
}
