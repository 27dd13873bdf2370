/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-test-net.h"

#define MAX_BYTES ((gsize) 64 * 1024 * 1024)

/* A transport that trusts the server and is not patient. */
GanTransport *
gan_test_net_transport (GanTestServer *server)
{
  GanSoupTransportOptions options = {
    .ca_file = gan_test_server_get_ca_file (server),
    .connect_seconds = 5,
    .io_seconds = 10,
  };
  g_autoptr (GError) error = NULL;
  GanTransport *transport = gan_soup_transport_new (&options, &error);

  g_assert_no_error (error);
  return transport;
}

GanRequest *
gan_test_net_request (GanTestServer *server, const char *path, GanRequestPurpose purpose)
{
  g_autofree char *text = gan_test_server_dup_url (server, path);
  g_autoptr (GError) error = NULL;
  g_autoptr (GanUrl) url = gan_url_parse (text, &error);
  GanRequest *request = NULL;

  g_assert_no_error (error);
  request = gan_request_new ("GET", url);
  gan_request_set_purpose (request, purpose);
  return request;
}

GanResponse *
gan_test_net_send (GanTransport *transport, GanRequest *request, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;
  GanResponse *response = gan_transport_send (transport, request, cancellable, &error);

  g_assert_no_error (error);
  g_assert_nonnull (response);
  return response;
}

/* The answer to a media request. */
GanResponse *
gan_test_net_open (GanTransport *transport, GanTestServer *server, const char *path)
{
  g_autoptr (GanRequest) request = gan_test_net_request (server, path, GAN_REQUEST_MEDIA);

  return gan_test_net_send (transport, request, NULL);
}

GBytes *
gan_test_net_get (GanTransport *transport, GanTestServer *server, const char *path)
{
  g_autoptr (GanResponse) response = gan_test_net_open (transport, server, path);
  g_autoptr (GError) error = NULL;
  GBytes *bytes = gan_response_read_all (response, MAX_BYTES, NULL, &error);

  g_assert_no_error (error);
  return bytes;
}

/* The error of a request that cannot do, in head or body. */
GError *
gan_test_net_fail (GanTransport *transport, GanRequest *request)
{
  GError *error = NULL;
  g_autoptr (GanResponse) response = gan_transport_send (transport, request, NULL, &error);
  g_autoptr (GBytes) bytes = NULL;

  if (response != NULL)
    bytes = gan_response_read_all (response, MAX_BYTES, NULL, &error);
  g_assert_null (bytes);
  g_assert_nonnull (error);
  g_test_message ("%s", error->message);
  return error;
}

void
gan_test_net_assert_reason (const GError *error, GanErrorCode code, const char *reason)
{
  g_assert_error (error, GAN_ERROR, (int) code);
  g_assert_cmpstr (gan_error_get_reason (error), ==, reason);
  g_assert_nonnull (gan_error_get_url (error));
}
