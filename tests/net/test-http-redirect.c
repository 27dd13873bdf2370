/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Redirects and what goes along with them, against the misbehaving server. What counts is what the
 * server saw. */
#include "config.h"

#include "gan-test-door.h"

#include "gan-limits.h"

#include <string.h>

static char *
dup_redirect (const char *to, const char *parameters)
{
  g_autofree char *escaped = g_uri_escape_string (to, NULL, FALSE);

  return g_strdup_printf ("/redir_to?url=%s&%s", escaped, parameters);
}

static void
test_twenty_redirects (void)
{
  g_auto (GanTestDoor) self = { 0 };
  g_autoptr (GanReply) reply = NULL;

  gan_test_door_init (&self, FALSE);
  reply = gan_test_door_get (&self, "/redir/a.bin?n=20");
  g_assert_no_error (self.error);
  g_assert_cmpuint (gan_reply_get_status (reply), ==, 200);
  g_assert_cmpuint (gan_test_server_count (self.server, NULL), ==, 21);
  g_assert_cmpuint (gan_test_server_get_n_connections (self.server), ==, 1);
  gan_test_door_fail (&self, "/redir/a.bin?n=21", GAN_ERROR_HTTP_STATUS, "redirects");
}

static void
test_redirect_loop (void)
{
  g_auto (GanTestDoor) self = { 0 };

  gan_test_door_init (&self, FALSE);
  gan_test_door_fail (&self, "/redir_loop", GAN_ERROR_HTTP_STATUS, "redirects");
  g_assert_cmpuint (gan_error_get_http_status (self.error), ==, 302);
  g_assert_cmpuint (gan_test_server_count (self.server, NULL), ==, GAN_LIMIT_REDIRECTS + 1);
}

/* None of these is ever asked for, and nothing of them gets into a request. */
static void
test_hostile_redirects (void)
{
  static const char *const paths[] = {
    "/redir_file",
    "/redir_ftp",
    "/redir_js",
    "/redir_data",
    "/redir_crlf",
    "/redir_userinfo",
    "/redir_to?url=//me@127.0.0.1/",
    "/redir_to?url=http:%5C%5Cme@127.0.0.1/",
    "/redir_to?url=http://",
    "/redir_to?url=http://exa%20mple/",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_auto (GanTestDoor) self = { 0 };

      g_test_message ("%s", paths[i]);
      gan_test_door_init (&self, FALSE);
      gan_test_door_fail (&self, paths[i], GAN_ERROR_UNSUPPORTED_URL, "redirect");
      g_assert_cmpuint (gan_test_server_count (self.server, NULL), ==, 1);
    }
}

static void
test_redirect_forms (void)
{
  static const struct
  {
    const char *location;
    const char *target;
  } forms[] = {
    { "/echo?a=1", "/echo?a=1" },
    { "echo", "/echo" },
    { "?url=%2Fecho", "/redir_to?url=%2Fecho" },
    { "/x/../echo", "/echo" },
    { "/echo#part", "/echo" },
    { "/echo/a@b", "/echo/a@b" },
    { "/echo?u=http://me@example.org/", "/echo?u=http://me@example.org/" },
    { "/echo/caf\303\251 x", "/echo/caf%C3%A9%20x" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      g_auto (GanTestDoor) self = { 0 };
      g_autoptr (GanReply) reply = NULL;
      g_autoptr (GPtrArray) seen = NULL;
      g_autofree char *path = dup_redirect (forms[i].location, "");

      g_test_message ("%s", forms[i].location);
      gan_test_door_init (&self, FALSE);
      reply = gan_test_door_get (&self, path);
      g_assert_no_error (self.error);
      seen = gan_test_server_dup_requests (self.server, NULL);
      g_assert_cmpuint (seen->len, >=, 2);
      g_assert_cmpstr (((GanTestRequest *) g_ptr_array_index (seen, 1))->target,
                       ==,
                       forms[i].target);
    }
}

static void
test_redirect_methods (void)
{
  static const struct
  {
    const char *method;
    guint code;
    const char *expected;
    const char *body;
  } cases[] = {
    { "POST", 301, "GET", "" },     { "POST", 302, "GET", "" },     { "POST", 303, "GET", "" },
    { "POST", 307, "POST", "a=1" }, { "POST", 308, "POST", "a=1" }, { "PUT", 302, "PUT", "a=1" },
    { "PUT", 303, "GET", "" },      { "GET", 303, "GET", "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (GanTestDoor) self = { 0 };
      g_autofree char *path = g_strdup_printf ("/redir_to?url=/echo&code=%u", cases[i].code);
      g_autoptr (GanRequest) request = NULL;
      g_autoptr (GBytes) body = g_bytes_new_static ("a=1", 3);
      g_autoptr (GanReply) reply = NULL;

      gan_test_door_init (&self, FALSE);
      request = gan_test_net_request (self.server, path, GAN_REQUEST_METADATA);
      gan_request_set_method (request, cases[i].method);
      if (!g_str_equal (cases[i].method, "GET"))
        gan_request_set_body (request, "application/x-www-form-urlencoded", body);
      reply = gan_test_door_fetch (&self, request);
      g_assert_no_error (self.error);
      gan_test_door_assert_echo (reply, "method", cases[i].expected);
      gan_test_door_assert_echo (reply, "body", cases[i].body);
      gan_test_door_assert_echo (reply,
                                 "headers.content-type",
                                 *cases[i].body != '\0' ? "application/x-www-form-urlencoded"
                                                        : NULL);
    }
}

static void
assert_nothing_marked (GanReply *reply)
{
  g_assert_null (strstr (gan_reply_get_text (reply, NULL), "marker"));
}

/* Another host on the same machine is another origin. */
static void
test_redirect_drops_credentials (void)
{
  g_auto (GanTestDoor) self = { 0 };
  g_autoptr (GanRequest) request = NULL;
  g_autoptr (GanReply) reply = NULL;

  gan_test_door_init (&self, FALSE);
  request = gan_test_door_rich_request (&self, "/redir_host");
  reply = gan_test_door_fetch (&self, request);
  g_assert_no_error (self.error);
  assert_nothing_marked (reply);
  gan_test_door_assert_echo (reply, "headers.accept-language", "en");
  gan_test_door_assert_echo (reply, "headers.user-agent", "Test/1");
  gan_test_door_assert_echo (reply, "headers.range", "bytes=0-99");
}

static void
test_redirect_keeps_credentials_at_home (void)
{
  g_auto (GanTestDoor) self = { 0 };
  g_autoptr (GanRequest) request = NULL;
  g_autoptr (GanReply) reply = NULL;

  gan_test_door_init (&self, FALSE);
  request = gan_test_door_rich_request (&self, "/redir_to?url=/echo");
  reply = gan_test_door_fetch (&self, request);
  gan_test_door_assert_echo (reply, "headers.authorization", "Bearer marker");
  gan_test_door_assert_echo (reply, "headers.cookie", "sid=marker");
  gan_test_door_assert_echo (reply, "headers.x-custom", "marker");
}

/* What was dropped on the way out does not come back on the way home. */
static void
test_redirect_there_and_back (void)
{
  g_auto (GanTestDoor) self = { 0 };
  g_autofree char *home = NULL;
  g_autofree char *back = NULL;
  g_autofree char *there = NULL;
  g_autoptr (GanRequest) request = NULL;
  g_autoptr (GanReply) reply = NULL;

  gan_test_door_init (&self, FALSE);
  home = gan_test_server_dup_url (self.server, "/echo");
  back = dup_redirect (home, "");
  there = g_uri_escape_string (back, NULL, FALSE);
  g_free (back);
  back = g_strdup_printf ("/redir_host?path=%s", there);
  request = gan_test_door_rich_request (&self, back);
  reply = gan_test_door_fetch (&self, request);
  g_assert_no_error (self.error);
  g_assert_cmpuint (gan_test_server_count (self.server, NULL), ==, 3);
  assert_nothing_marked (reply);
}

static void
test_redirect_same_site (void)
{
  static const char *const hosts[] = { "example.org", "localhost", NULL };
  g_auto (GanTestDoor) self = { 0 };
  g_autoptr (GanRequest) request = NULL;
  g_autoptr (GanReply) away = NULL;
  g_autoptr (GanReply) reply = NULL;
  g_autoptr (GanReply) here = NULL;
  g_autoptr (GanRequest) inside = NULL;

  gan_test_door_init (&self, FALSE);
  request = gan_test_net_request (self.server, "/redir_host", GAN_REQUEST_METADATA);
  gan_request_set_redirect_mode (request, GAN_REDIRECT_SAME_SITE);
  away = gan_test_door_fetch (&self, request);
  g_assert_null (away);
  gan_test_net_assert_reason (self.error, GAN_ERROR_UNSUPPORTED_URL, "wrong-host");
  g_assert_cmpuint (gan_test_server_count (self.server, "echo"), ==, 0);

  gan_request_set_redirect_hosts (request, hosts);
  reply = gan_test_door_fetch (&self, request);
  g_assert_no_error (self.error);
  gan_test_door_assert_echo (reply, "method", "GET");

  inside = gan_test_net_request (self.server, "/redir_to?url=/echo", GAN_REQUEST_METADATA);
  gan_request_set_redirect_mode (inside, GAN_REDIRECT_SAME_SITE);
  here = gan_test_door_fetch (&self, inside);
  g_assert_no_error (self.error);
}

static void
test_redirect_never (void)
{
  g_auto (GanTestDoor) self = { 0 };
  g_autoptr (GanRequest) request = NULL;
  g_autoptr (GanReply) reply = NULL;

  gan_test_door_init (&self, FALSE);
  request = gan_test_net_request (self.server, "/redir_file", GAN_REQUEST_METADATA);
  gan_request_set_redirect_mode (request, GAN_REDIRECT_NEVER);
  reply = gan_test_door_fetch (&self, request);
  g_assert_no_error (self.error);
  g_assert_cmpuint (gan_reply_get_status (reply), ==, 302);
  g_assert_cmpstr (gan_reply_get_header (reply, "location"), ==, "file:///etc/hostname");
}

static gboolean
is_no_echo (GanUrl *target, gpointer user_data)
{
  guint *asked = user_data;

  (*asked)++;
  return !g_str_equal (gan_url_get_path (target), "/echo");
}

/* Asked at each hop; what it does not want followed is the answer, as it came. */
static void
test_redirect_filter (void)
{
  g_auto (GanTestDoor) self = { 0 };
  g_autoptr (GanRequest) request = NULL;
  g_autoptr (GanReply) reply = NULL;
  guint asked = 0;

  gan_test_door_init (&self, FALSE);
  request = gan_test_net_request (self.server, "/redir_to?url=/redir_host", GAN_REQUEST_METADATA);
  gan_request_set_redirect_filter (request, is_no_echo, &asked);
  reply = gan_test_door_fetch (&self, request);
  g_assert_no_error (self.error);
  g_assert_cmpuint (asked, ==, 2);
  g_assert_cmpuint (gan_reply_get_status (reply), ==, 302);
  g_assert_true (g_str_has_suffix (gan_reply_get_header (reply, "location"), "/echo"));
  g_assert_cmpuint (gan_test_server_count (self.server, "echo"), ==, 0);
}

/* An answer that came along a redirect is none for an asker who would not have followed it. */
static void
test_redirect_filter_remembered (void)
{
  g_auto (GanTestDoor) self = { 0 };
  g_autoptr (GanRequest) request = NULL;
  g_autoptr (GanReply) followed = NULL;
  g_autoptr (GanReply) reply = NULL;
  guint asked = 0;

  gan_test_door_init (&self, FALSE);
  request = gan_test_net_request (self.server, "/redir_to?url=/echo", GAN_REQUEST_METADATA);
  gan_request_set_cache_seconds (request, 60);
  followed = gan_test_door_fetch (&self, request);
  g_assert_cmpuint (gan_reply_get_status (followed), ==, 200);
  gan_request_set_redirect_filter (request, is_no_echo, &asked);
  reply = gan_test_door_fetch (&self, request);
  g_assert_cmpuint (gan_reply_get_status (reply), ==, 302);
}

/* From https to http: not with credentials, else by all means. */
static void
test_redirect_to_http (void)
{
  g_auto (GanTestDoor) self = { 0 };
  g_auto (GanTestDoor) plain = { 0 };
  g_autofree char *to = NULL;
  g_autofree char *path = NULL;
  g_autoptr (GanRequest) secret = NULL;
  g_autoptr (GanReply) refused = NULL;
  g_autoptr (GanReply) reply = NULL;
  g_autoptr (GanReply) with_cookie = NULL;
  g_autoptr (GanReply) cookie = NULL;

  gan_test_door_init (&self, TRUE);
  gan_test_door_init (&plain, FALSE);
  to = gan_test_server_dup_url (plain.server, "/echo");
  path = dup_redirect (to, "");

  secret = gan_test_net_request (self.server, path, GAN_REQUEST_METADATA);
  gan_request_set_header (secret, "X-Guest-Token", "marker");
  refused = gan_test_door_fetch (&self, secret);
  g_assert_null (refused);
  gan_test_net_assert_reason (self.error, GAN_ERROR_NOT_ALLOWED, "insecure-redirect");
  g_assert_cmpuint (gan_test_server_count (plain.server, NULL), ==, 0);

  reply = gan_test_door_get (&self, path);
  g_assert_no_error (self.error);
  g_assert_false (gan_url_is_https (gan_reply_get_url (reply)));
  g_assert_cmpuint (gan_test_server_count (plain.server, "echo"), ==, 1);

  cookie = gan_test_door_get (&self, "/set_cookie");
  g_assert_no_error (self.error);
  with_cookie = gan_test_door_get (&self, path);
  g_assert_null (with_cookie);
  gan_test_net_assert_reason (self.error, GAN_ERROR_NOT_ALLOWED, "insecure-redirect");
  g_assert_cmpuint (gan_test_server_count (plain.server, "echo"), ==, 1);
}

int
main (int argc, char *argv[])
{
  gan_net_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/http/redirect/twenty", test_twenty_redirects);
  g_test_add_func ("/http/redirect/loop", test_redirect_loop);
  g_test_add_func ("/http/redirect/hostile", test_hostile_redirects);
  g_test_add_func ("/http/redirect/forms", test_redirect_forms);
  g_test_add_func ("/http/redirect/methods", test_redirect_methods);
  g_test_add_func ("/http/redirect/drops-credentials", test_redirect_drops_credentials);
  g_test_add_func ("/http/redirect/keeps-credentials", test_redirect_keeps_credentials_at_home);
  g_test_add_func ("/http/redirect/there-and-back", test_redirect_there_and_back);
  g_test_add_func ("/http/redirect/same-site", test_redirect_same_site);
  g_test_add_func ("/http/redirect/never", test_redirect_never);
  g_test_add_func ("/http/redirect/filter", test_redirect_filter);
  g_test_add_func ("/http/redirect/filter-remembered", test_redirect_filter_remembered);
  g_test_add_func ("/http/redirect/to-http", test_redirect_to_http);
  return g_test_run ();
}
