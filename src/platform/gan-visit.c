/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-visit.h"

#include "gan-error.h"
#include "gan-redact.h"
#include "gan-tokens.h"

struct _GanVisit
{
  GObject parent_instance;

  GanHttp *http;
  GanRules *rules;
  GanConstraints constraints;
  GanAddressPolicy policy;
  GCancellable *cancellable;
  GStrv redirect_hosts; /* or NULL: anywhere that redirect_filter lets pass */
  GanRedirectFilter redirect_filter;
  gpointer redirect_filter_data;
  GanUrl *onward;
  char *log_domain;
};

G_DEFINE_FINAL_TYPE (GanVisit, gan_visit, G_TYPE_OBJECT)

/* The hosts of the site's origins: its redirects stay within them. */
static GStrv
make_redirect_hosts (GanRules *rules)
{
  const char *const *origins = gan_rules_get_origins (rules);
  g_autoptr (GStrvBuilder) hosts = g_strv_builder_new ();

  if (origins == NULL)
    return NULL;
  for (guint i = 0; origins[i] != NULL; i++)
    {
      const char *host = origins[i] + strlen ("https://");

      g_strv_builder_add (hosts, g_str_has_prefix (host, "*.") ? host + 2 : host);
    }
  return g_strv_builder_end (hosts);
}

static void
gan_visit_finalize (GObject *object)
{
  GanVisit *self = GAN_VISIT (object);

  g_clear_object (&self->http);
  g_clear_pointer (&self->rules, gan_rules_unref);
  g_clear_object (&self->cancellable);
  g_strfreev (self->redirect_hosts);
  g_clear_pointer (&self->onward, gan_url_unref);
  g_free (self->log_domain);
  G_OBJECT_CLASS (gan_visit_parent_class)->finalize (object);
}

static void
gan_visit_class_init (GanVisitClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = gan_visit_finalize;
}

static void
gan_visit_init (GanVisit *self)
{
}

/**
 * gan_visit_new:
 * @http: the door to the network
 * @rules: the rules of the site
 * @constraints: (nullable): what the caller will not have
 * @policy: where connections may go
 * @cancellable: (nullable): what ends the visit early
 *
 * Returns: (transfer full): all that one call of a site needs; used by one thread at a time
 */
GanVisit *
gan_visit_new (GanHttp *http,
               GanRules *rules,
               const GanConstraints *constraints,
               GanAddressPolicy policy,
               GCancellable *cancellable)
{
  GanVisit *self;

  g_return_val_if_fail (GAN_IS_HTTP (http), NULL);
  g_return_val_if_fail (rules != NULL, NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);

  self = g_object_new (GAN_TYPE_VISIT, NULL);
  self->http = g_object_ref (http);
  self->rules = gan_rules_ref (rules);
  if (constraints != NULL)
    self->constraints = *constraints;
  self->policy = policy;
  g_set_object (&self->cancellable, cancellable);
  self->redirect_hosts = make_redirect_hosts (rules);
  self->log_domain = g_strconcat ("gan-", gan_rules_get_id (rules), NULL);
  return self;
}

/**
 * gan_visit_set_redirect_filter:
 * @self: a visit of a site without origins
 * @filter: (nullable): says where its redirects may lead
 * @user_data: for @filter; must outlive the visit
 */
void
gan_visit_set_redirect_filter (GanVisit *self, GanRedirectFilter filter, gpointer user_data)
{
  g_return_if_fail (GAN_IS_VISIT (self));

  self->redirect_filter = filter;
  self->redirect_filter_data = user_data;
}

/**
 * gan_visit_get_onward:
 * @self: a visit
 *
 * Returns: (transfer none) (nullable): where a redirect leads that was none of this site's
 */
GanUrl *
gan_visit_get_onward (GanVisit *self)
{
  g_return_val_if_fail (GAN_IS_VISIT (self), NULL);

  return self->onward;
}

/**
 * gan_visit_get_http:
 * @self: a visit
 *
 * Returns: (transfer none): the door to the network
 */
GanHttp *
gan_visit_get_http (GanVisit *self)
{
  g_return_val_if_fail (GAN_IS_VISIT (self), NULL);

  return self->http;
}

/**
 * gan_visit_get_rules:
 * @self: a visit
 *
 * Returns: (transfer none): the rules of the site
 */
GanRules *
gan_visit_get_rules (GanVisit *self)
{
  g_return_val_if_fail (GAN_IS_VISIT (self), NULL);

  return self->rules;
}

/**
 * gan_visit_get_constraints:
 * @self: a visit
 *
 * Returns: (transfer none): what the caller will not have
 */
const GanConstraints *
gan_visit_get_constraints (GanVisit *self)
{
  g_return_val_if_fail (GAN_IS_VISIT (self), NULL);

  return &self->constraints;
}

/**
 * gan_visit_get_cancellable:
 * @self: a visit
 *
 * Returns: (transfer none) (nullable): what ends the visit early
 */
GCancellable *
gan_visit_get_cancellable (GanVisit *self)
{
  g_return_val_if_fail (GAN_IS_VISIT (self), NULL);

  return self->cancellable;
}

/**
 * gan_visit_get_wall:
 * @self: a visit
 *
 * Returns: the time of day, in seconds since 1970 UTC
 */
gint64
gan_visit_get_wall (GanVisit *self)
{
  g_return_val_if_fail (GAN_IS_VISIT (self), 0);

  return gan_clock_get_wall (gan_http_get_clock (self->http));
}

/**
 * gan_visit_request_url:
 * @self: a visit
 * @method: "GET" and so on
 * @url: where to ask
 *
 * Returns: (transfer full): a request with the site's headers, its best client's User-Agent, its
 *   tries and the address policy; its redirects stay within the site's origins. All of it can be
 *   changed before it is sent
 */
GanRequest *
gan_visit_request_url (GanVisit *self, const char *method, GanUrl *url)
{
  g_autoptr (GanRequest) request = NULL;
  const GanClient *client;
  GHashTableIter iter;
  gpointer name;
  gpointer value;

  g_return_val_if_fail (GAN_IS_VISIT (self), NULL);
  g_return_val_if_fail (method != NULL && url != NULL, NULL);

  request = gan_request_new (method, url);
  gan_request_set_site (request, gan_rules_get_id (self->rules));
  gan_request_set_address_policy (request, self->policy);
  gan_request_set_max_tries (request, gan_rules_get_max_tries (self->rules));
  if (self->redirect_hosts != NULL)
    {
      gan_request_set_redirect_mode (request, GAN_REDIRECT_SAME_SITE);
      gan_request_set_redirect_hosts (request, (const char *const *) self->redirect_hosts);
    }
  else
    gan_request_set_redirect_filter (request, self->redirect_filter, self->redirect_filter_data);
  client = gan_rules_get_client (self->rules, NULL);
  if (client != NULL)
    gan_request_set_header (request, "User-Agent", client->user_agent);
  g_hash_table_iter_init (&iter, gan_rules_get_headers (self->rules));
  while (g_hash_table_iter_next (&iter, &name, &value))
    gan_request_set_header (request, name, value);
  return g_steal_pointer (&request);
}

/**
 * gan_visit_request:
 * @self: a visit
 * @method: "GET" and so on
 * @endpoint: name of an endpoint of the rules
 * @error: return location for an error
 * @...: pairs of name and value for the endpoint's `{name}`s, not encoded; then %NULL
 *
 * Returns: (transfer full): a request as gan_visit_request_url() makes it, or %NULL with an error
 * as of gan_rules_dup_endpoint()
 */
GanRequest *
gan_visit_request (GanVisit *self, const char *method, const char *endpoint, GError **error, ...)
{
  g_autoptr (GHashTable) values = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GanUrl) url = NULL;
  const char *name;
  va_list args;

  g_return_val_if_fail (GAN_IS_VISIT (self), NULL);
  g_return_val_if_fail (method != NULL && endpoint != NULL, NULL);

  va_start (args, error);
  while ((name = va_arg (args, const char *)) != NULL)
    {
      const char *value = va_arg (args, const char *);

      g_hash_table_insert (values, (gpointer) name, (gpointer) value);
    }
  va_end (args);
  url = gan_rules_dup_endpoint (self->rules, endpoint, values, error);
  return url == NULL ? NULL : gan_visit_request_url (self, method, url);
}

static gboolean
check_origin (GanVisit *self, GanRequest *request, GError **error)
{
  GanUrl *url = gan_request_get_url (request);

  if (gan_rules_allows_url (self->rules, url))
    return TRUE;
  gan_error_set (error,
                 GAN_ERROR_NOT_ALLOWED,
                 "origin",
                 "%s is not among the origins of %s",
                 gan_url_get_origin (url),
                 gan_rules_get_id (self->rules));
  return FALSE;
}

/**
 * gan_visit_fetch:
 * @self: a visit
 * @request: what to ask
 * @error: return location for an error
 *
 * Asks and waits for the whole answer. An answer with a status such as 404 is no error here.
 *
 * Returns: (transfer full): the answer; or %NULL with an error of gan_http_fetch(), or with
 *   %GAN_ERROR_NOT_ALLOWED, reason "origin", when the rules do not let the site ask there
 */
GanReply *
gan_visit_fetch (GanVisit *self, GanRequest *request, GError **error)
{
  g_return_val_if_fail (GAN_IS_VISIT (self), NULL);
  g_return_val_if_fail (GAN_IS_REQUEST (request), NULL);

  if (!check_origin (self, request, error))
    return NULL;
  return gan_http_fetch (self->http, request, self->cancellable, error);
}

/* A redirect that would have been followed, were it not for the filter. */
static GanUrl *
find_onward (GanRequest *request, GanResponse *response)
{
  const char *location = gan_response_get_header (response, "Location");
  g_autoptr (GanUrl) target = NULL;

  if (gan_response_get_status (response) / 100 != 3 || location == NULL
      || gan_request_get_redirect_mode (request) == GAN_REDIRECT_NEVER)
    return NULL;
  target = gan_url_resolve (gan_response_get_url (response), location, NULL);
  return target == NULL || gan_request_may_follow (request, target) ? NULL
                                                                    : g_steal_pointer (&target);
}

/**
 * gan_visit_open:
 * @self: a visit
 * @request: what to ask
 * @error: return location for an error
 *
 * As gan_visit_fetch(), but returns when the head of the answer has come.
 *
 * Returns: (transfer full): the answer, whose body is read by the caller; or %NULL and an error,
 *   among them %GAN_ERROR_UNSUPPORTED_URL, reason "onward", for a redirect that another site is to
 *   deal with
 */
GanResponse *
gan_visit_open (GanVisit *self, GanRequest *request, GError **error)
{
  g_autoptr (GanResponse) response = NULL;

  g_return_val_if_fail (GAN_IS_VISIT (self), NULL);
  g_return_val_if_fail (GAN_IS_REQUEST (request), NULL);

  if (!check_origin (self, request, error))
    return NULL;
  response = gan_http_open (self->http, request, self->cancellable, error);
  if (response == NULL)
    return NULL;
  g_clear_pointer (&self->onward, gan_url_unref);
  self->onward = find_onward (request, response);
  if (self->onward == NULL)
    return g_steal_pointer (&response);
  gan_error_set (error, GAN_ERROR_UNSUPPORTED_URL, "onward", "a redirect leads to another site");
  return NULL;
}

/**
 * gan_visit_dup_token:
 * @self: a visit
 * @name: name of a token
 *
 * Returns: (transfer full) (nullable): a token of the site that gan_visit_store_token() kept, also
 *   that of another visit, unless it was dropped or has expired
 */
char *
gan_visit_dup_token (GanVisit *self, const char *name)
{
  g_return_val_if_fail (GAN_IS_VISIT (self) && name != NULL, NULL);

  return gan_tokens_dup (self->http, gan_rules_get_id (self->rules), name);
}

/**
 * gan_visit_store_token:
 * @self: a visit
 * @name: name of the token
 * @token: a token that the site hands out to anyone; never a credential
 * @seconds: how long it may be used
 */
void
gan_visit_store_token (GanVisit *self, const char *name, const char *token, guint seconds)
{
  g_return_if_fail (GAN_IS_VISIT (self));
  g_return_if_fail (name != NULL && token != NULL);

  gan_tokens_store (self->http, gan_rules_get_id (self->rules), name, token, seconds);
}

/**
 * gan_visit_drop_token:
 * @self: a visit
 * @name: name of the token
 * @token: the token that did not work; a newer one of another visit stays
 */
void
gan_visit_drop_token (GanVisit *self, const char *name, const char *token)
{
  g_return_if_fail (GAN_IS_VISIT (self));
  g_return_if_fail (name != NULL && token != NULL);

  gan_tokens_drop (self->http, gan_rules_get_id (self->rules), name, token);
}

/**
 * gan_visit_log:
 * @self: a visit
 * @format: printf() format
 * @...: its arguments
 *
 * Writes a debug message in the domain of the site, secrets taken out.
 */
void
gan_visit_log (GanVisit *self, const char *format, ...)
{
  g_autofree char *text = NULL;
  g_autofree char *redacted = NULL;
  va_list args;

  g_return_if_fail (GAN_IS_VISIT (self));

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  redacted = gan_redact_text (text);
  g_log (self->log_domain, G_LOG_LEVEL_DEBUG, "%s", redacted);
}
