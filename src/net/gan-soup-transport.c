/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-soup-transport.h"

#include "gan-error.h"
#include "gan-limits.h"
#include "gan-session-pool.h"
#include "gan-soup-exchange.h"
#include "gan-trust.h"

struct _GanSoupTransport
{
  GObject parent_instance;

  GanSessionPool *pool;
  guint connect_seconds;
  gboolean has_proxy;
};

static void gan_soup_transport_iface_init (GanTransportInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (GanSoupTransport,
                               gan_soup_transport,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (GAN_TYPE_TRANSPORT,
                                                      gan_soup_transport_iface_init))

/* A proxy may resolve by itself and then goes where the policy does not allow; going around the
 * proxy would show what its user wants hidden. */
static gboolean
check_policy (GanSoupTransport *self, GanRequest *request, GError **error)
{
  if (!self->has_proxy || gan_request_get_address_policy (request) == GAN_ADDRESS_ANY)
    return TRUE;
  gan_error_set (error, GAN_ERROR_NOT_ALLOWED, "proxy", "not allowed through a proxy");
  return FALSE;
}

static GanResponse *
gan_soup_transport_send (GanTransport *transport,
                         GanRequest *request,
                         GCancellable *cancellable,
                         GError **error)
{
  GanSoupTransport *self = GAN_SOUP_TRANSPORT (transport);

  g_return_val_if_fail (g_main_context_get_thread_default () == NULL, NULL);

  if (!check_policy (self, request, error))
    return NULL;
  return gan_soup_exchange_run (gan_soup_exchange_new (self->pool, request, self->connect_seconds),
                                cancellable,
                                error);
}

static void
gan_soup_transport_iface_init (GanTransportInterface *iface)
{
  iface->send = gan_soup_transport_send;
}

static void
gan_soup_transport_dispose (GObject *object)
{
  GanSoupTransport *self = GAN_SOUP_TRANSPORT (object);

  g_clear_pointer (&self->pool, gan_session_pool_close);
  G_OBJECT_CLASS (gan_soup_transport_parent_class)->dispose (object);
}

static void
gan_soup_transport_class_init (GanSoupTransportClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = gan_soup_transport_dispose;
}

static void
gan_soup_transport_init (GanSoupTransport *self)
{
}

static gboolean
read_proxy (const char *url, GProxyResolver **resolver, GError **error)
{
  static const char *const schemes[] = { "http", "socks5", "socks4a", "socks4", "socks", NULL };
  g_autoptr (GUri) uri = NULL;

  if (url == NULL)
    return TRUE;
  uri = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);
  if (uri == NULL || g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0'
      || !g_strv_contains (schemes, g_uri_get_scheme (uri)))
    {
      gan_error_set (error,
                     GAN_ERROR_INVALID_DATA,
                     "proxy",
                     "the proxy is not http://HOST:PORT or socks5://HOST:PORT");
      return FALSE;
    }
  *resolver = g_simple_proxy_resolver_new (url, NULL);
  return TRUE;
}

static gboolean
read_authorities (const char *path, GTlsDatabase **database, GError **error)
{
  g_autoptr (GError) problem = NULL;

  if (path == NULL)
    return TRUE;
  *database = gan_trust_new_from_file (path, &problem);
  if (*database != NULL)
    return TRUE;
  gan_error_set (error,
                 GAN_ERROR_INVALID_DATA,
                 "ca-file",
                 "cannot read the authorities in '%s': %s",
                 path,
                 problem->message);
  return FALSE;
}

static gboolean
check_process (GError **error)
{
  /* lint-ok: banned: it is libsoup that reads this variable. */
  if (g_getenv ("SOUP_FORCE_HTTP1") != NULL)
    return TRUE;
  gan_error_set (error, GAN_ERROR_INTERNAL, "init", "gan_net_init() was not called");
  return FALSE;
}

static void
settings_clear (GanSessionSettings *settings)
{
  g_clear_object (&settings->clock);
  g_clear_pointer (&settings->slots, gan_slots_unref);
  g_clear_pointer (&settings->handshakes, gan_slots_unref);
  g_clear_pointer (&settings->connect_to, gan_connect_to_free);
  g_clear_object (&settings->proxy);
  g_clear_object (&settings->tls_database);
}

static gboolean
read_options (const GanSoupTransportOptions *options, GanSessionSettings *settings, GError **error)
{
  settings->clock
      = g_object_ref (options->clock != NULL ? options->clock : gan_clock_get_system ());
  settings->max_in_all
      = options->max_connections > 0 ? options->max_connections : GAN_LIMIT_CONNECTIONS;
  settings->max_per_host = options->max_connections_per_host > 0 ? options->max_connections_per_host
                                                                 : GAN_LIMIT_CONNECTIONS_PER_HOST;
  settings->io_seconds = options->io_seconds > 0 ? options->io_seconds : GAN_LIMIT_IO_SECONDS;
  settings->connect_to = gan_connect_to_new (options->connect_to, error);
  if (settings->connect_to == NULL || !read_proxy (options->proxy, &settings->proxy, error)
      || !read_authorities (options->ca_file, &settings->tls_database, error))
    return FALSE;
  settings->handshakes
      = gan_slots_new (NULL, GAN_LIMIT_HANDSHAKES, GAN_LIMIT_HANDSHAKES_PER_HOST, error);
  settings->slots
      = gan_slots_new (options->slots_path, settings->max_in_all, settings->max_per_host, error);
  return settings->slots != NULL && settings->handshakes != NULL;
}

/**
 * gan_soup_transport_new:
 * @options: (nullable): how to connect; NULL for all defaults
 * @error: return location
 *
 * A transport that goes out, over HTTP/1.1. Requests that differ in site, purpose, origin or
 * address policy never share a connection. An origin in connect_to is connected to directly, others
 * go through the proxy if there is one; the environment's proxies are not looked at. With a proxy,
 * requests of %GAN_ADDRESS_PUBLIC are refused: it could not be enforced. gan_net_init() comes
 * first.
 *
 * Returns: (transfer full): the transport; NULL with %GAN_ERROR_INVALID_DATA, reason "connect-to",
 *   "proxy" or "ca-file", or %GAN_ERROR_DISK, reason "slots"
 */
GanTransport *
gan_soup_transport_new (const GanSoupTransportOptions *options, GError **error)
{
  static const GanSoupTransportOptions defaults = { NULL };
  GanSessionSettings settings = { NULL };
  GanSoupTransport *self = NULL;

  if (options == NULL)
    options = &defaults;
  if (!check_process (error))
    return NULL;
  if (!read_options (options, &settings, error))
    {
      settings_clear (&settings);
      return NULL;
    }
  self = g_object_new (GAN_TYPE_SOUP_TRANSPORT, NULL);
  self->pool = gan_session_pool_new (&settings);
  self->has_proxy = settings.proxy != NULL;
  self->connect_seconds
      = options->connect_seconds > 0 ? options->connect_seconds : GAN_LIMIT_CONNECT_SECONDS;
  return GAN_TRANSPORT (self);
}

/**
 * gan_soup_transport_get_n_idle:
 * @self: a transport
 *
 * Returns: the number of connections kept open for the next request
 */
guint
gan_soup_transport_get_n_idle (GanSoupTransport *self)
{
  g_return_val_if_fail (GAN_IS_SOUP_TRANSPORT (self), 0);

  return gan_session_pool_get_n_idle (self->pool);
}

/**
 * gan_soup_transport_get_n_leased:
 * @self: a transport
 *
 * Returns: the number of connections in use
 */
guint
gan_soup_transport_get_n_leased (GanSoupTransport *self)
{
  g_return_val_if_fail (GAN_IS_SOUP_TRANSPORT (self), 0);

  return gan_session_pool_get_n_leased (self->pool);
}
