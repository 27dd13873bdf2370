/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-test-scenarios.h"

static const char error_page[] = "<html><body>the proxy has something to say</body></html>\n";

/* Every name leads to loopback; the port is the one that was asked for. */
static void
tunnel (GanTestExchange *exchange, gint64 limit)
{
  const char *target = gan_test_exchange_get_request (exchange)->target;
  const char *colon = strrchr (target, ':');
  guint16 port = colon == NULL ? 0 : g_ascii_strtoull (colon + 1, NULL, 10);

  gan_test_exchange_printf (exchange, "HTTP/1.1 200 Connection established\r\n\r\n");
  gan_test_connection_tunnel (gan_test_exchange_get_connection (exchange), port, limit);
}

/* CONNECT, as the phase of the server says: 0 opens the tunnel, 1 … 99 cuts it after so many KiB,
 * from 100 on it is the status of a refusal that tries to be taken for the origin's answer. */
static void
run_connect (GanTestExchange *exchange)
{
  int phase = gan_test_server_get_phase (gan_test_exchange_get_server (exchange));

  if (phase == 0)
    tunnel (exchange, G_MAXINT64);
  else if (phase < 100)
    tunnel (exchange, phase * 1024);
  else
    gan_test_exchange_printf (exchange,
                              "HTTP/1.1 %d Proxy\r\nContent-Type: text/html\r\n"
                              "Set-Cookie: proxy=1\r\nLocation: http://127.0.0.1:1/elsewhere\r\n"
                              "Proxy-Authenticate: Basic realm=\"proxy\"\r\nRetry-After: 3600\r\n"
                              "Content-Length: %" G_GSIZE_FORMAT "\r\n\r\n%s",
                              phase,
                              sizeof error_page - 1,
                              error_page);
}

const GanTestScenario gan_test_proxy_scenarios[] = {
  { "CONNECT", run_connect },
  { NULL, NULL },
};
