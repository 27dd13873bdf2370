/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-test-file.h"
#include "gan-test-scenarios.h"

/* Right in everything: ranges, If-Range, 416, HEAD. */
static void
run_file (GanTestExchange *exchange)
{
  g_auto (GanTestFile) file = { NULL };

  gan_test_file_init (&file, exchange);
  gan_test_file_serve (&file, exchange);
}

/* The first answer ends after a third. at: bytes */
static void
run_trunc_once (GanTestExchange *exchange)
{
  g_auto (GanTestFile) file = { NULL };

  gan_test_file_init (&file, exchange);
  if (gan_test_exchange_get_nth (exchange) == 0)
    file.cut = gan_test_exchange_get_number (exchange, "at", gan_test_file_get_size (&file) / 3);
  gan_test_file_serve (&file, exchange);
}

/* Every answer ends after an eighth of the file. at: bytes */
static void
run_trunc_always (GanTestExchange *exchange)
{
  g_auto (GanTestFile) file = { NULL };

  gan_test_file_init (&file, exchange);
  file.cut = gan_test_exchange_get_number (exchange, "at", gan_test_file_get_size (&file) / 8);
  gan_test_file_serve (&file, exchange);
}

/* The first answer ends by a reset after a third. at: bytes; always: every one */
static void
run_rst_mid (GanTestExchange *exchange)
{
  g_auto (GanTestFile) file = { NULL };

  gan_test_file_init (&file, exchange);
  if (gan_test_exchange_get_nth (exchange) == 0
      || gan_test_exchange_get_number (exchange, "always", 0) != 0)
    file.cut = gan_test_exchange_get_number (exchange, "at", gan_test_file_get_size (&file) / 3);
  file.cut_resets = TRUE;
  gan_test_file_serve (&file, exchange);
}

/* 64 KiB a second, or the parameter rate. */
static void
run_slow (GanTestExchange *exchange)
{
  g_auto (GanTestFile) file = { NULL };

  gan_test_file_init (&file, exchange);
  if (file.rate == 0)
    file.rate = 64 * 1024;
  gan_test_file_serve (&file, exchange);
}

/* One byte a second. fast: bytes that come at once before */
static void
run_drip (GanTestExchange *exchange)
{
  g_auto (GanTestFile) file = { NULL };

  gan_test_file_init (&file, exchange);
  if (file.rate == 0)
    file.rate = 1;
  file.fast = gan_test_exchange_get_number (exchange, "fast", 0);
  gan_test_file_serve (&file, exchange);
}

/* A part of the body, then silence. at: bytes (half); always: on every request, else the first */
static void
run_stall_body (GanTestExchange *exchange)
{
  g_auto (GanTestFile) file = { NULL };
  g_autofree char *headers = NULL;
  gint64 at, size;

  gan_test_file_init (&file, exchange);
  size = gan_test_file_get_size (&file);
  at = gan_test_exchange_get_number (exchange, "at", size / 2);
  if (gan_test_exchange_get_nth (exchange) > 0
      && gan_test_exchange_get_number (exchange, "always", 0) == 0)
    {
      gan_test_file_serve (&file, exchange);
      return;
    }
  headers = gan_test_file_dup_headers (&file);
  gan_test_exchange_printf (exchange,
                            "HTTP/1.1 200 OK\r\nContent-Length: %" G_GINT64_FORMAT "\r\n%s\r\n",
                            size,
                            headers);
  gan_test_file_send_bytes (&file, exchange, 0, at - 1);
  gan_test_exchange_wait_gone (exchange, G_MAXINT);
  gan_test_exchange_cut (exchange);
}

/* A signed URL that runs out: the first answer ends half-way, then 403. status: another code */
static void
run_forbid_second (GanTestExchange *exchange)
{
  g_auto (GanTestFile) file = { NULL };

  if (gan_test_exchange_get_nth (exchange) > 0)
    {
      gan_test_exchange_reply (exchange,
                               gan_test_exchange_get_number (exchange, "status", 403),
                               "text/plain",
                               "link has expired\n");
      return;
    }
  gan_test_file_init (&file, exchange);
  file.cut = gan_test_file_get_size (&file) / 2;
  gan_test_file_serve (&file, exchange);
}

/* The first answer ends half-way, the next `count` (1) are errors. status: 500 */
static void
run_e500_mid (GanTestExchange *exchange)
{
  g_auto (GanTestFile) file = { NULL };
  guint nth = gan_test_exchange_get_nth (exchange);

  if (nth > 0 && nth <= gan_test_exchange_get_number (exchange, "count", 1))
    {
      gan_test_exchange_reply (exchange,
                               gan_test_exchange_get_number (exchange, "status", 500),
                               "text/plain",
                               "try again\n");
      return;
    }
  gan_test_file_init (&file, exchange);
  if (nth == 0)
    file.cut = gan_test_file_get_size (&file) / 2;
  gan_test_file_serve (&file, exchange);
}

/* HEAD is answered otherwise than GET. status: 405, or 0 for silence */
static void
run_head_differs (GanTestExchange *exchange)
{
  const GanTestRequest *request = gan_test_exchange_get_request (exchange);
  gint64 status = gan_test_exchange_get_number (exchange, "status", 405);

  if (!g_str_equal (request->method, "HEAD"))
    run_file (exchange);
  else if (status == 0)
    gan_test_exchange_wait_gone (exchange, G_MAXINT);
  else
    gan_test_exchange_printf (exchange,
                              "HTTP/1.1 %d No\r\nContent-Length: 0\r\n\r\n",
                              (int) status);
}

/* Answers the first request of a connection and hangs up when it is used again, so that the client
 * finds out by its second request. Any method; the body is the file. */
static void
run_close_idle (GanTestExchange *exchange)
{
  if (gan_test_exchange_get_nth_on_connection (exchange) > 0)
    gan_test_exchange_cut (exchange);
  else
    run_file (exchange);
}

/* Promises to keep the connection, and hangs up behind the answer. */
static void
run_close_after (GanTestExchange *exchange)
{
  run_file (exchange);
  gan_test_exchange_close (exchange, FALSE);
}

const GanTestScenario gan_test_file_scenarios[] = {
  { "file", run_file },
  { "trunc_once", run_trunc_once },
  { "trunc_always", run_trunc_always },
  { "rst_mid", run_rst_mid },
  { "slow", run_slow },
  { "drip", run_drip },
  { "stall_body", run_stall_body },
  { "forbid_second", run_forbid_second },
  { "e500_mid", run_e500_mid },
  { "head_differs", run_head_differs },
  { "close_idle", run_close_idle },
  { "close_after", run_close_after },
  { NULL, NULL },
};
