/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-test-door.h"

#include "gan-json.h"

void
gan_test_door_init (GanTestDoor *self, gboolean tls)
{
  static const char *const hosts[] = { "127.0.0.1", "localhost", NULL };

  self->server = tls ? gan_test_server_new_for_hosts (hosts) : gan_test_server_new (FALSE);
  self->transport = gan_test_net_transport (self->server);
  self->clock = gan_fake_clock_new (g_get_real_time () / G_USEC_PER_SEC);
  self->http = gan_http_new (self->transport, GAN_CLOCK (self->clock));
}

void
gan_test_door_clear (GanTestDoor *self)
{
  g_clear_error (&self->error);
  g_assert_finalize_object (self->http);
  g_assert_finalize_object (self->clock);
  g_assert_finalize_object (self->transport);
  g_assert_finalize_object (self->server);
}

GanReply *
gan_test_door_fetch (GanTestDoor *self, GanRequest *request)
{
  g_clear_error (&self->error);
  return gan_http_fetch (self->http, request, NULL, &self->error);
}

/* Metadata from @path of the server. */
GanReply *
gan_test_door_get (GanTestDoor *self, const char *path)
{
  g_autoptr (GanRequest) request = gan_test_net_request (self->server, path, GAN_REQUEST_METADATA);

  return gan_test_door_fetch (self, request);
}

void
gan_test_door_fail (GanTestDoor *self, const char *path, GanErrorCode code, const char *reason)
{
  g_autoptr (GanReply) reply = gan_test_door_get (self, path);

  g_assert_null (reply);
  gan_test_net_assert_reason (self->error, code, reason);
}

static char *
dup_echo (GanReply *reply, const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) root = NULL;

  g_assert_nonnull (reply);
  root = gan_reply_parse_json (reply, &error);
  g_assert_no_error (error);
  return g_strdup (gan_json_get_string (root, path));
}

/* What the scenario echo saw of the request, such as "headers.cookie". */
void
gan_test_door_assert_echo (GanReply *reply, const char *path, const char *expected)
{
  g_autofree char *value = dup_echo (reply, path);

  g_assert_cmpstr (value, ==, expected);
}

/* With what must not go to another origin, marked, and what may. */
GanRequest *
gan_test_door_rich_request (GanTestDoor *self, const char *path)
{
  GanRequest *request = gan_test_net_request (self->server, path, GAN_REQUEST_METADATA);

  gan_request_set_header (request, "Authorization", "Bearer marker");
  gan_request_set_header (request, "Cookie", "sid=marker");
  gan_request_set_header (request, "Referer", "https://example.org/marker");
  gan_request_set_header (request, "X-Guest-Token", "marker");
  gan_request_set_header (request, "X-Custom", "marker");
  gan_request_set_header (request, "Accept-Language", "en");
  gan_request_set_header (request, "User-Agent", "Test/1");
  gan_request_set_range (request, 0, 99);
  return request;
}
