/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-endpoint.h"

#include "gan-address-policy.h"
#include "gan-error.h"
#include "gan-limits.h"

struct _GanEndpoint
{
  GNetworkAddress parent_instance;

  char *to_host;
  guint16 to_port;
  GanAddressPolicy policy;
  GanFamilies *families;
};

/* Gives the addresses of an endpoint one by one; resolves when the first is asked for. */
#define GAN_TYPE_ENDPOINT_ADDRESSES (gan_endpoint_addresses_get_type ())
G_DECLARE_FINAL_TYPE (GanEndpointAddresses,
                      gan_endpoint_addresses,
                      GAN,
                      ENDPOINT_ADDRESSES,
                      GSocketAddressEnumerator)

struct _GanEndpointAddresses
{
  GSocketAddressEnumerator parent_instance;

  GanEndpoint *endpoint;
  GPtrArray *addresses;
  guint next;
};

G_DEFINE_FINAL_TYPE (GanEndpointAddresses, gan_endpoint_addresses, G_TYPE_SOCKET_ADDRESS_ENUMERATOR)

static void gan_endpoint_connectable_init (GSocketConnectableIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (GanEndpoint,
                               gan_endpoint,
                               G_TYPE_NETWORK_ADDRESS,
                               G_IMPLEMENT_INTERFACE (G_TYPE_SOCKET_CONNECTABLE,
                                                      gan_endpoint_connectable_init))

static GList *
lookup (const char *host, GCancellable *cancellable, GError **error)
{
  GInetAddress *literal = g_inet_address_new_from_string (host);
  g_autoptr (GResolver) resolver = NULL;

  if (literal != NULL)
    return g_list_prepend (NULL, literal);
  resolver = g_resolver_get_default ();
  return g_resolver_lookup_by_name (resolver, host, cancellable, error);
}

/* The policy is applied to what was resolved, here and nowhere else: no other address is ever given
 * to a socket. */
static gboolean
resolve (GanEndpointAddresses *self, GCancellable *cancellable, GError **error)
{
  GanEndpoint *endpoint = self->endpoint;
  const char *host = g_network_address_get_hostname (G_NETWORK_ADDRESS (endpoint));
  g_autoptr (GPtrArray) allowed = g_ptr_array_new_with_free_func (g_object_unref);
  g_autolist (GInetAddress) found = lookup (endpoint->to_host, cancellable, error);

  if (found == NULL)
    return FALSE;
  for (GList *l = found; l != NULL && allowed->len < GAN_LIMIT_ADDRESSES; l = l->next)
    if (gan_address_policy_allows (endpoint->policy, l->data))
      g_ptr_array_add (allowed, g_object_ref (l->data));
  if (allowed->len == 0)
    {
      gan_error_set (error, GAN_ERROR_NOT_ALLOWED, "address", "this address may not be reached");
      return FALSE;
    }
  if (!gan_families_sort (endpoint->families, host, endpoint->to_port, allowed, cancellable, error))
    return FALSE;
  self->addresses = g_steal_pointer (&allowed);
  return TRUE;
}

static GSocketAddress *
gan_endpoint_addresses_next (GSocketAddressEnumerator *enumerator,
                             GCancellable *cancellable,
                             GError **error)
{
  GanEndpointAddresses *self = GAN_ENDPOINT_ADDRESSES (enumerator);

  if (self->addresses == NULL && !resolve (self, cancellable, error))
    return NULL;
  if (self->next >= self->addresses->len)
    return NULL;
  return g_inet_socket_address_new (self->addresses->pdata[self->next++], self->endpoint->to_port);
}

static void
gan_endpoint_addresses_finalize (GObject *object)
{
  GanEndpointAddresses *self = GAN_ENDPOINT_ADDRESSES (object);

  g_clear_pointer (&self->addresses, g_ptr_array_unref);
  g_clear_object (&self->endpoint);
  G_OBJECT_CLASS (gan_endpoint_addresses_parent_class)->finalize (object);
}

static void
gan_endpoint_addresses_class_init (GanEndpointAddressesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = gan_endpoint_addresses_finalize;
  G_SOCKET_ADDRESS_ENUMERATOR_CLASS (klass)->next = gan_endpoint_addresses_next;
}

static void
gan_endpoint_addresses_init (GanEndpointAddresses *self)
{
}

static GSocketAddressEnumerator *
gan_endpoint_enumerate (GSocketConnectable *connectable)
{
  GanEndpointAddresses *addresses = g_object_new (GAN_TYPE_ENDPOINT_ADDRESSES, NULL);

  addresses->endpoint = g_object_ref (GAN_ENDPOINT (connectable));
  return G_SOCKET_ADDRESS_ENUMERATOR (addresses);
}

/* With a proxy it is the proxy that is connected to: that enumeration stays GNetworkAddress's. */
static void
gan_endpoint_connectable_init (GSocketConnectableIface *iface)
{
  iface->enumerate = gan_endpoint_enumerate;
}

static void
gan_endpoint_finalize (GObject *object)
{
  GanEndpoint *self = GAN_ENDPOINT (object);

  g_free (self->to_host);
  g_clear_pointer (&self->families, gan_families_unref);
  G_OBJECT_CLASS (gan_endpoint_parent_class)->finalize (object);
}

static void
gan_endpoint_class_init (GanEndpointClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = gan_endpoint_finalize;
}

static void
gan_endpoint_init (GanEndpoint *self)
{
}

/**
 * gan_endpoint_new:
 * @target: where to
 * @families: which IP family answers for which host
 *
 * A #GNetworkAddress keeps the host name of the URL, so that TLS sends and checks that name
 * whatever is connected to. What it enumerates is its own: the addresses of the target that the
 * policy allows, the family that answers first. Used by one session, that is one thread at a time.
 *
 * Returns: (transfer full): the endpoint
 */
GanEndpoint *
gan_endpoint_new (const GanEndpointTarget *target, GanFamilies *families)
{
  GanEndpoint *self = NULL;

  g_return_val_if_fail (target != NULL && families != NULL, NULL);
  g_return_val_if_fail (target->host != NULL && target->to_host != NULL, NULL);

  self = g_object_new (GAN_TYPE_ENDPOINT,
                       "scheme",
                       target->scheme,
                       "hostname",
                       target->host,
                       "port",
                       (guint) target->port,
                       NULL);
  self->to_host = g_strdup (target->to_host);
  self->to_port = target->to_port;
  self->policy = target->policy;
  self->families = gan_families_ref (families);
  return self;
}
