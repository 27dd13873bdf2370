/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-test-transport.h"

struct _GanTestTransport
{
  GObject parent_instance;

  GanTransport *inner;
  gboolean live;
  GMutex mutex;
  GPtrArray *requests;
};

static GanResponse *
gan_test_transport_send (GanTransport *transport,
                         GanRequest *request,
                         GCancellable *cancellable,
                         GError **error)
{
  GanTestTransport *self = GAN_TEST_TRANSPORT (transport);

  g_mutex_lock (&self->mutex);
  g_ptr_array_add (self->requests, g_object_ref (request));
  g_mutex_unlock (&self->mutex);
  return gan_transport_send (self->inner, request, cancellable, error);
}

static gboolean
gan_test_transport_is_live (GanTransport *transport)
{
  return GAN_TEST_TRANSPORT (transport)->live;
}

static void
transport_init (GanTransportInterface *iface)
{
  iface->send = gan_test_transport_send;
  iface->is_live = gan_test_transport_is_live;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (GanTestTransport,
                               gan_test_transport,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (GAN_TYPE_TRANSPORT, transport_init))

static void
gan_test_transport_finalize (GObject *object)
{
  GanTestTransport *self = GAN_TEST_TRANSPORT (object);

  g_clear_object (&self->inner);
  g_mutex_clear (&self->mutex);
  g_ptr_array_unref (self->requests);
  G_OBJECT_CLASS (gan_test_transport_parent_class)->finalize (object);
}

static void
gan_test_transport_class_init (GanTestTransportClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = gan_test_transport_finalize;
}

static void
gan_test_transport_init (GanTestTransport *self)
{
  g_mutex_init (&self->mutex);
  self->requests = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * gan_test_transport_new:
 * @inner: what answers
 * @live: whether GanHttp is to think that it goes out, so that its waits, caches and rate limits
 *   are on
 *
 * Returns: (transfer full): a transport
 */
GanTestTransport *
gan_test_transport_new (GanTransport *inner, gboolean live)
{
  GanTestTransport *self = g_object_new (GAN_TYPE_TEST_TRANSPORT, NULL);

  self->inner = g_object_ref (inner);
  self->live = live;
  return self;
}

/**
 * gan_test_transport_dup_requests:
 * @self: a transport
 *
 * Returns: (transfer full) (element-type GanRequest): what was asked, in order
 */
GPtrArray *
gan_test_transport_dup_requests (GanTestTransport *self)
{
  GPtrArray *copy = g_ptr_array_new_with_free_func (g_object_unref);

  g_mutex_lock (&self->mutex);
  for (guint i = 0; i < self->requests->len; i++)
    g_ptr_array_add (copy, g_object_ref (g_ptr_array_index (self->requests, i)));
  g_mutex_unlock (&self->mutex);
  return copy;
}

/**
 * gan_test_transport_dup_lines:
 * @self: a transport
 *
 * Returns: (transfer full): "METHOD URL" of what was asked, in order
 */
GStrv
gan_test_transport_dup_lines (GanTestTransport *self)
{
  g_autoptr (GPtrArray) requests = gan_test_transport_dup_requests (self);
  g_autoptr (GStrvBuilder) lines = g_strv_builder_new ();

  for (guint i = 0; i < requests->len; i++)
    {
      GanRequest *request = g_ptr_array_index (requests, i);
      g_autofree char *line = g_strdup_printf ("%s %s",
                                               gan_request_get_method (request),
                                               gan_url_get_string (gan_request_get_url (request)));

      g_strv_builder_add (lines, line);
    }
  return g_strv_builder_end (lines);
}
