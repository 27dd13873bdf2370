/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-test-file.h"
#include "gan-test-scenarios.h"

/* The Retry-After line of the parameter retry: a value, "none", or "date" for two seconds from
 * now. */
static char *
dup_retry_line (GanTestExchange *exchange)
{
  const char *retry = gan_test_exchange_get_text (exchange, "retry", "1");
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr (GDateTime) then = g_date_time_add_seconds (now, 2);
  g_autofree char *date = gan_test_http_date (then);

  if (g_str_equal (retry, "none"))
    return g_strdup ("");
  return g_strdup_printf ("Retry-After: %s\r\n", g_str_equal (retry, "date") ? date : retry);
}

static void
refuse_first (GanTestExchange *exchange, guint status)
{
  g_autofree char *retry = dup_retry_line (exchange);
  g_auto (GanTestFile) file = { NULL };

  gan_test_file_init (&file, exchange);
  if (gan_test_exchange_get_nth (exchange) >= gan_test_exchange_get_number (exchange, "count", 1))
    gan_test_file_serve (&file, exchange);
  else
    gan_test_exchange_printf (exchange,
                              "HTTP/1.1 %u Later\r\n%sContent-Length: 0\r\n\r\n",
                              status,
                              retry);
}

/* The first `count` (1) requests are too many, then the file. retry: as above (1) */
static void
run_s429 (GanTestExchange *exchange)
{
  refuse_first (exchange, 429);
}

static void
run_s503 (GanTestExchange *exchange)
{
  refuse_first (exchange, 503);
}

/* Any status, always. status: 404; name and value: one more header; body: text */
static void
run_status (GanTestExchange *exchange)
{
  const char *name = gan_test_exchange_get_text (exchange, "name", "X-Scenario");
  const char *value = gan_test_exchange_get_text (exchange, "value", "status");
  const char *body = gan_test_exchange_get_text (exchange, "body", "as you wished\n");
  gint64 status = gan_test_exchange_get_number (exchange, "status", 404);

  gan_test_exchange_printf (exchange,
                            "HTTP/1.1 %d Status\r\n%s: %s\r\nContent-Type: text/plain\r\n",
                            (int) status,
                            name,
                            value);
  if (status == 204 || status == 304)
    gan_test_exchange_printf (exchange, "\r\n");
  else
    gan_test_exchange_printf (exchange,
                              "Content-Length: %" G_GSIZE_FORMAT "\r\n\r\n%s",
                              strlen (body),
                              body);
}

/* code: 302 or another; cookie: a Set-Cookie line */
static void
redirect (GanTestExchange *exchange, const char *location)
{
  const char *cookie = gan_test_exchange_get_text (exchange, "cookie", NULL);

  gan_test_exchange_printf (exchange,
                            "HTTP/1.1 %d Elsewhere\r\nLocation: %s\r\nContent-Length: 0\r\n",
                            (int) gan_test_exchange_get_number (exchange, "code", 302),
                            location);
  if (cookie != NULL)
    gan_test_exchange_printf (exchange, "Set-Cookie: %s\r\n", cookie);
  gan_test_exchange_printf (exchange, "\r\n");
}

/* `n` (1) hops, each to itself with one less, then the file. */
static void
run_redir (GanTestExchange *exchange)
{
  gint64 n = gan_test_exchange_get_number (exchange, "n", 1);
  g_autofree char *next
      = g_strdup_printf ("/redir/a.bin?n=%d&size=%d&seed=%d&code=%d",
                         (int) n - 1,
                         (int) gan_test_exchange_get_number (exchange, "size", 1000),
                         (int) gan_test_exchange_get_number (exchange, "seed", 1),
                         (int) gan_test_exchange_get_number (exchange, "code", 302));
  g_auto (GanTestFile) file = { NULL };

  if (n > 0)
    {
      redirect (exchange, next);
      return;
    }
  gan_test_file_init (&file, exchange);
  gan_test_file_serve (&file, exchange);
}

/* To itself, for ever, with a cookie each time. */
static void
run_redir_loop (GanTestExchange *exchange)
{
  gan_test_exchange_printf (exchange,
                            "HTTP/1.1 302 Elsewhere\r\nLocation: %s\r\nContent-Length: 0\r\n"
                            "Set-Cookie: round=%u\r\n\r\n",
                            gan_test_exchange_get_request (exchange)->target,
                            gan_test_exchange_get_nth (exchange));
}

/* To the parameter url, as it stands once percent-decoded. */
static void
run_redir_to (GanTestExchange *exchange)
{
  redirect (exchange, gan_test_exchange_get_text (exchange, "url", "/file/a.bin"));
}

static void
run_redir_file (GanTestExchange *exchange)
{
  redirect (exchange, "file:///etc/hostname");
}

static void
run_redir_ftp (GanTestExchange *exchange)
{
  redirect (exchange, "ftp://127.0.0.1/a.bin");
}

static void
run_redir_js (GanTestExchange *exchange)
{
  redirect (exchange, "javascript:alert(1)");
}

static void
run_redir_data (GanTestExchange *exchange)
{
  redirect (exchange, "data:text/plain,hello");
}

static void
run_redir_crlf (GanTestExchange *exchange)
{
  redirect (exchange, "http://127.0.0.1%0d%0aX-Injected:%201/a.bin");
}

static void
run_redir_userinfo (GanTestExchange *exchange)
{
  g_autofree char *location
      = g_strdup_printf ("http://user:word@127.0.0.1:%u/echo",
                         gan_test_server_get_port (gan_test_exchange_get_server (exchange)));

  redirect (exchange, location);
}

/* To the same server under another name (the parameter host, localhost), path `path` (/echo), in
 * the scheme of the parameter scheme. */
static void
run_redir_host (GanTestExchange *exchange)
{
  GanTestServer *server = gan_test_exchange_get_server (exchange);
  g_autofree char *own = gan_test_server_dup_url (server, "");
  const char *end = strstr (own, "://");
  g_autofree char *own_scheme = g_strndup (own, end - own);
  g_autofree char *location
      = g_strdup_printf ("%s://%s:%u%s",
                         gan_test_exchange_get_text (exchange, "scheme", own_scheme),
                         gan_test_exchange_get_text (exchange, "host", "localhost"),
                         gan_test_server_get_port (server),
                         gan_test_exchange_get_text (exchange, "path", "/echo"));

  redirect (exchange, location);
}

const GanTestScenario gan_test_status_scenarios[] = {
  { "s429", run_s429 },
  { "s503", run_s503 },
  { "status", run_status },
  { "redir", run_redir },
  { "redir_loop", run_redir_loop },
  { "redir_to", run_redir_to },
  { "redir_file", run_redir_file },
  { "redir_ftp", run_redir_ftp },
  { "redir_js", run_redir_js },
  { "redir_data", run_redir_data },
  { "redir_crlf", run_redir_crlf },
  { "redir_userinfo", run_redir_userinfo },
  { "redir_host", run_redir_host },
  { NULL, NULL },
};
