/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-request.h"

#include "gan-error.h"
#include "gan-headers.h"
#include "gan-limits.h"

#include <string.h>

#define MAX_METHOD_BYTES 32

struct _GanRequest
{
  GObject parent_instance;

  char *method;
  GanUrl *url;
  GHashTable *headers;
  GBytes *body;
  char *site;
  GStrv redirect_hosts;
  GanRedirectFilter redirect_filter;
  gpointer redirect_filter_data;
  GanRequestPurpose purpose;
  GanAddressPolicy address_policy;
  GanRedirectMode redirect_mode;
  gsize max_bytes;
  guint cache_seconds;
  guint max_tries;
  gboolean repeatable;
};

G_DEFINE_FINAL_TYPE (GanRequest, gan_request, G_TYPE_OBJECT)

static guint
name_hash (gconstpointer key)
{
  guint hash = 5381;

  for (const char *p = key; *p != '\0'; p++)
    hash = hash * 33 + (guchar) g_ascii_tolower (*p);
  return hash;
}

static gboolean
name_equal (gconstpointer a, gconstpointer b)
{
  return g_ascii_strcasecmp (a, b) == 0;
}

static void
gan_request_finalize (GObject *object)
{
  GanRequest *self = GAN_REQUEST (object);

  g_free (self->method);
  g_clear_pointer (&self->url, gan_url_unref);
  g_hash_table_unref (self->headers);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_free (self->site);
  g_strfreev (self->redirect_hosts);
  G_OBJECT_CLASS (gan_request_parent_class)->finalize (object);
}

static void
gan_request_class_init (GanRequestClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = gan_request_finalize;
}

static void
gan_request_init (GanRequest *self)
{
  self->headers = g_hash_table_new_full (name_hash, name_equal, g_free, g_free);
  self->max_bytes = GAN_LIMIT_PAGE_BYTES;
}

/**
 * gan_request_new:
 * @method: "GET", "HEAD", "POST" …
 * @url: where to ask
 *
 * A metadata request with no header of its own. GET and HEAD may be repeated, others only if
 * gan_request_set_repeatable() says so.
 *
 * Returns: (transfer full): the request
 */
GanRequest *
gan_request_new (const char *method, GanUrl *url)
{
  GanRequest *self = NULL;

  g_return_val_if_fail (method != NULL && url != NULL, NULL);

  self = g_object_new (GAN_TYPE_REQUEST, NULL);
  self->method = g_strdup (method);
  self->url = gan_url_ref (url);
  self->repeatable = g_str_equal (method, "GET") || g_str_equal (method, "HEAD");
  return self;
}

/**
 * gan_request_copy:
 * @self: a request
 * @url: where the copy asks
 *
 * Returns: (transfer full): a request that differs from @self in its URL alone
 */
GanRequest *
gan_request_copy (GanRequest *self, GanUrl *url)
{
  GanRequest *copy = NULL;
  GHashTableIter iter;
  gpointer name = NULL;
  gpointer value = NULL;

  g_return_val_if_fail (GAN_IS_REQUEST (self) && url != NULL, NULL);

  copy = gan_request_new (self->method, url);
  g_hash_table_iter_init (&iter, self->headers);
  while (g_hash_table_iter_next (&iter, &name, &value))
    gan_request_set_header (copy, name, value);
  copy->body = self->body != NULL ? g_bytes_ref (self->body) : NULL;
  copy->site = g_strdup (self->site);
  copy->redirect_hosts = g_strdupv (self->redirect_hosts);
  copy->redirect_filter = self->redirect_filter;
  copy->redirect_filter_data = self->redirect_filter_data;
  copy->purpose = self->purpose;
  copy->address_policy = self->address_policy;
  copy->redirect_mode = self->redirect_mode;
  copy->max_bytes = self->max_bytes;
  copy->cache_seconds = self->cache_seconds;
  copy->max_tries = self->max_tries;
  copy->repeatable = self->repeatable;
  return copy;
}

/**
 * gan_request_set_method:
 * @self: a request
 * @method: "GET", "HEAD", "POST" …
 *
 * Whether it may be repeated stays as it is.
 */
void
gan_request_set_method (GanRequest *self, const char *method)
{
  char *copy = NULL;

  g_return_if_fail (GAN_IS_REQUEST (self) && method != NULL);

  copy = g_strdup (method);
  g_free (self->method);
  self->method = copy;
}

/**
 * gan_request_set_purpose:
 * @self: a request
 * @purpose: what the answer is for
 *
 * Sets the largest body too: GAN_LIMIT_PAGE_BYTES for metadata, none for media.
 */
void
gan_request_set_purpose (GanRequest *self, GanRequestPurpose purpose)
{
  g_return_if_fail (GAN_IS_REQUEST (self));

  self->purpose = purpose;
  self->max_bytes = purpose == GAN_REQUEST_METADATA ? GAN_LIMIT_PAGE_BYTES : 0;
}

/**
 * gan_request_set_header:
 * @self: a request
 * @name: a field's name, in any case
 * @value: (nullable): its value; NULL takes the field out
 *
 * A field of the same name is replaced. What may not be sent is found by gan_request_check().
 */
void
gan_request_set_header (GanRequest *self, const char *name, const char *value)
{
  g_return_if_fail (GAN_IS_REQUEST (self));
  g_return_if_fail (name != NULL);

  if (value == NULL)
    g_hash_table_remove (self->headers, name);
  else
    g_hash_table_replace (self->headers, g_strdup (name), g_strdup (value));
}

/**
 * gan_request_set_body:
 * @self: a request
 * @content_type: (nullable): what the body is
 * @body: (nullable): the body; NULL for none
 */
void
gan_request_set_body (GanRequest *self, const char *content_type, GBytes *body)
{
  g_return_if_fail (GAN_IS_REQUEST (self));

  if (body != NULL)
    g_bytes_ref (body);
  g_clear_pointer (&self->body, g_bytes_unref);
  self->body = body;
  gan_request_set_header (self, "Content-Type", content_type);
}

/**
 * gan_request_set_range:
 * @self: a request
 * @first: offset of the first byte wanted, 0 or more
 * @last: offset of the last byte wanted, or -1 for all that follow
 *
 * Sets the header Range (RFC 9110 §14.2).
 */
void
gan_request_set_range (GanRequest *self, gint64 first, gint64 last)
{
  g_autofree char *value = NULL;

  g_return_if_fail (GAN_IS_REQUEST (self));
  g_return_if_fail (first >= 0 && (last == -1 || last >= first));

  if (last >= 0)
    value = g_strdup_printf ("bytes=%" G_GINT64_FORMAT "-%" G_GINT64_FORMAT, first, last);
  else
    value = g_strdup_printf ("bytes=%" G_GINT64_FORMAT "-", first);
  gan_request_set_header (self, "Range", value);
}

/**
 * gan_request_set_site:
 * @self: a request
 * @site: (nullable): id of the site that asks
 *
 * Requests of different sites never share a connection; rate limits of a site count its requests.
 */
void
gan_request_set_site (GanRequest *self, const char *site)
{
  g_return_if_fail (GAN_IS_REQUEST (self));

  g_free (self->site);
  self->site = g_strdup (site);
}

/**
 * gan_request_set_address_policy:
 * @self: a request
 * @policy: where its connection may go; %GAN_ADDRESS_ANY unless set
 */
void
gan_request_set_address_policy (GanRequest *self, GanAddressPolicy policy)
{
  g_return_if_fail (GAN_IS_REQUEST (self));

  self->address_policy = policy;
}

/**
 * gan_request_set_redirect_mode:
 * @self: a request
 * @mode: what to do with a 3xx; %GAN_REDIRECT_FOLLOW unless set
 */
void
gan_request_set_redirect_mode (GanRequest *self, GanRedirectMode mode)
{
  g_return_if_fail (GAN_IS_REQUEST (self));

  self->redirect_mode = mode;
}

/**
 * gan_request_set_redirect_hosts:
 * @self: a request
 * @hosts: (nullable): domains, with all that is below them, NULL-terminated
 *
 * Where %GAN_REDIRECT_SAME_SITE may lead, beside the host that redirects.
 */
void
gan_request_set_redirect_hosts (GanRequest *self, const char *const *hosts)
{
  GStrv copy = NULL;

  g_return_if_fail (GAN_IS_REQUEST (self));

  copy = g_strdupv ((char **) hosts);
  g_strfreev (self->redirect_hosts);
  self->redirect_hosts = copy;
}

/**
 * gan_request_set_redirect_filter:
 * @self: a request
 * @filter: (nullable): asked before each redirect
 * @user_data: for @filter; must outlive the asking
 *
 * A redirect that @filter does not want followed is the answer, as with %GAN_REDIRECT_NEVER.
 */
void
gan_request_set_redirect_filter (GanRequest *self, GanRedirectFilter filter, gpointer user_data)
{
  g_return_if_fail (GAN_IS_REQUEST (self));

  self->redirect_filter = filter;
  self->redirect_filter_data = user_data;
}

/**
 * gan_request_set_max_bytes:
 * @self: a request
 * @max_bytes: the largest decoded body, in bytes; 0 for no limit
 */
void
gan_request_set_max_bytes (GanRequest *self, gsize max_bytes)
{
  g_return_if_fail (GAN_IS_REQUEST (self));

  self->max_bytes = max_bytes;
}

/**
 * gan_request_set_cache_seconds:
 * @self: a request
 * @seconds: how old a remembered answer may be; 0, the default, asks anew
 */
void
gan_request_set_cache_seconds (GanRequest *self, guint seconds)
{
  g_return_if_fail (GAN_IS_REQUEST (self));

  self->cache_seconds = seconds;
}

/**
 * gan_request_set_repeatable:
 * @self: a request
 * @repeatable: whether sending it twice does no harm
 */
void
gan_request_set_repeatable (GanRequest *self, gboolean repeatable)
{
  g_return_if_fail (GAN_IS_REQUEST (self));

  self->repeatable = repeatable;
}

/**
 * gan_request_set_max_tries:
 * @self: a request
 * @tries: how often it may be sent in all; 0, the default, leaves it to GanHttp
 */
void
gan_request_set_max_tries (GanRequest *self, guint tries)
{
  g_return_if_fail (GAN_IS_REQUEST (self));

  self->max_tries = tries;
}

/**
 * gan_request_get_method:
 * @self: a request
 *
 * Returns: the method
 */
const char *
gan_request_get_method (GanRequest *self)
{
  g_return_val_if_fail (GAN_IS_REQUEST (self), NULL);

  return self->method;
}

/**
 * gan_request_get_url:
 * @self: a request
 *
 * Returns: (transfer none): where it asks
 */
GanUrl *
gan_request_get_url (GanRequest *self)
{
  g_return_val_if_fail (GAN_IS_REQUEST (self), NULL);

  return self->url;
}

/**
 * gan_request_get_purpose:
 * @self: a request
 *
 * Returns: what the answer is for
 */
GanRequestPurpose
gan_request_get_purpose (GanRequest *self)
{
  g_return_val_if_fail (GAN_IS_REQUEST (self), GAN_REQUEST_METADATA);

  return self->purpose;
}

/**
 * gan_request_get_headers:
 * @self: a request
 *
 * Returns: (transfer none) (element-type utf8 utf8): the fields, looked up without regard to case
 */
GHashTable *
gan_request_get_headers (GanRequest *self)
{
  g_return_val_if_fail (GAN_IS_REQUEST (self), NULL);

  return self->headers;
}

/**
 * gan_request_get_header:
 * @self: a request
 * @name: a field's name, in any case
 *
 * Returns: (nullable): its value
 */
const char *
gan_request_get_header (GanRequest *self, const char *name)
{
  g_return_val_if_fail (GAN_IS_REQUEST (self) && name != NULL, NULL);

  return g_hash_table_lookup (self->headers, name);
}

/**
 * gan_request_get_body:
 * @self: a request
 *
 * Returns: (transfer none) (nullable): the body
 */
GBytes *
gan_request_get_body (GanRequest *self)
{
  g_return_val_if_fail (GAN_IS_REQUEST (self), NULL);

  return self->body;
}

/**
 * gan_request_get_site:
 * @self: a request
 *
 * Returns: (nullable): the id of the site that asks
 */
const char *
gan_request_get_site (GanRequest *self)
{
  g_return_val_if_fail (GAN_IS_REQUEST (self), NULL);

  return self->site;
}

/**
 * gan_request_get_address_policy:
 * @self: a request
 *
 * Returns: where its connection may go
 */
GanAddressPolicy
gan_request_get_address_policy (GanRequest *self)
{
  g_return_val_if_fail (GAN_IS_REQUEST (self), GAN_ADDRESS_PUBLIC);

  return self->address_policy;
}

/**
 * gan_request_get_redirect_mode:
 * @self: a request
 *
 * Returns: what to do with a 3xx
 */
GanRedirectMode
gan_request_get_redirect_mode (GanRequest *self)
{
  g_return_val_if_fail (GAN_IS_REQUEST (self), GAN_REDIRECT_NEVER);

  return self->redirect_mode;
}

/**
 * gan_request_get_redirect_hosts:
 * @self: a request
 *
 * Returns: (nullable): the domains that %GAN_REDIRECT_SAME_SITE may lead to
 */
const char *const *
gan_request_get_redirect_hosts (GanRequest *self)
{
  g_return_val_if_fail (GAN_IS_REQUEST (self), NULL);

  return (const char *const *) self->redirect_hosts;
}

/**
 * gan_request_get_redirect_filter:
 * @self: a request
 * @user_data: (out): what it is called with
 *
 * Returns: (nullable): the filter for redirects
 */
GanRedirectFilter
gan_request_get_redirect_filter (GanRequest *self, gpointer *user_data)
{
  g_return_val_if_fail (GAN_IS_REQUEST (self) && user_data != NULL, NULL);

  *user_data = self->redirect_filter_data;
  return self->redirect_filter;
}

/**
 * gan_request_may_follow:
 * @self: a request
 * @target: where a redirect leads
 *
 * Returns: whether the filter for redirects, if there is one, wants it followed
 */
gboolean
gan_request_may_follow (GanRequest *self, GanUrl *target)
{
  g_return_val_if_fail (GAN_IS_REQUEST (self) && target != NULL, FALSE);

  return self->redirect_filter == NULL
         || self->redirect_filter (target, self->redirect_filter_data);
}

/**
 * gan_request_get_max_bytes:
 * @self: a request
 *
 * Returns: the largest decoded body, in bytes; 0 for no limit
 */
gsize
gan_request_get_max_bytes (GanRequest *self)
{
  g_return_val_if_fail (GAN_IS_REQUEST (self), 0);

  return self->max_bytes;
}

/**
 * gan_request_get_cache_seconds:
 * @self: a request
 *
 * Returns: how old a remembered answer may be, in seconds
 */
guint
gan_request_get_cache_seconds (GanRequest *self)
{
  g_return_val_if_fail (GAN_IS_REQUEST (self), 0);

  return self->cache_seconds;
}

/**
 * gan_request_is_repeatable:
 * @self: a request
 *
 * Returns: whether sending it twice does no harm
 */
gboolean
gan_request_is_repeatable (GanRequest *self)
{
  g_return_val_if_fail (GAN_IS_REQUEST (self), FALSE);

  return self->repeatable;
}

/**
 * gan_request_get_max_tries:
 * @self: a request
 *
 * Returns: how often it may be sent in all; 0 leaves it to GanHttp
 */
guint
gan_request_get_max_tries (GanRequest *self)
{
  g_return_val_if_fail (GAN_IS_REQUEST (self), 0);

  return self->max_tries;
}

static gboolean
check_method (GanRequest *self, GError **error)
{
  if (gan_headers_name_is_valid (self->method) && strlen (self->method) <= MAX_METHOD_BYTES
      && !g_str_equal (self->method, "CONNECT") && !g_str_equal (self->method, "TRACE"))
    return TRUE;
  gan_error_set (error, GAN_ERROR_NOT_ALLOWED, "method", "this HTTP method may not be sent");
  return FALSE;
}

/* The fields by which a connection is run belong to the transport: one that came from a site's data
 * could split requests, or lead to another host. */
static gboolean
check_header (const char *name, const char *value, GError **error)
{
  static const char *const transports[]
      = { "Connection", "Content-Length",    "Expect", "Host",    "HTTP2-Settings",
          "Keep-Alive", "Transfer-Encoding", "TE",     "Trailer", "Upgrade",
          NULL };

  if (!gan_headers_name_is_valid (name))
    {
      gan_error_set (error, GAN_ERROR_INVALID_DATA, "header", "a header's name is no token");
      return FALSE;
    }
  if (!gan_headers_value_is_valid (value))
    {
      gan_error_set (error,
                     GAN_ERROR_INVALID_DATA,
                     "header",
                     "the header %s holds a control character",
                     name);
      return FALSE;
    }
  for (gsize i = 0; transports[i] != NULL; i++)
    if (g_ascii_strcasecmp (name, transports[i]) == 0)
      {
        gan_error_set (error, GAN_ERROR_NOT_ALLOWED, "header", "the header %s is not yours", name);
        return FALSE;
      }
  if (g_ascii_strncasecmp (name, "Proxy-", 6) == 0)
    {
      gan_error_set (error, GAN_ERROR_NOT_ALLOWED, "header", "a proxy gets no header of a site");
      return FALSE;
    }
  return TRUE;
}

/**
 * gan_request_check:
 * @self: a request
 * @error: return location
 *
 * The gate that every request passes before it is sent: the method is a token and neither CONNECT
 * nor TRACE, no name or value of a header can break out of its line, no header belongs to the
 * transport or to a proxy, and all of them stay within GAN_LIMIT_HEADER_COUNT and
 * GAN_LIMIT_HEADER_BYTES.
 *
 * Returns: FALSE with %GAN_ERROR_INVALID_DATA or %GAN_ERROR_NOT_ALLOWED, reason "method" or
 * "header"
 */
gboolean
gan_request_check (GanRequest *self, GError **error)
{
  GHashTableIter iter;
  gpointer name = NULL;
  gpointer value = NULL;
  gsize n_bytes = 0;

  g_return_val_if_fail (GAN_IS_REQUEST (self), FALSE);

  if (!check_method (self, error))
    return FALSE;
  g_hash_table_iter_init (&iter, self->headers);
  while (g_hash_table_iter_next (&iter, &name, &value))
    {
      if (!check_header (name, value, error))
        return FALSE;
      n_bytes += strlen (name) + strlen (value);
    }
  if (g_hash_table_size (self->headers) <= GAN_LIMIT_HEADER_COUNT
      && n_bytes <= GAN_LIMIT_HEADER_BYTES)
    return TRUE;
  gan_error_set (error, GAN_ERROR_INVALID_DATA, "header", "too many or too long headers");
  return FALSE;
}
