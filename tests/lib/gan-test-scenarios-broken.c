/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-test-file.h"
#include "gan-test-scenarios.h"

#include <string.h>

/* What has no end of its own stops here when a client takes it all. */
#define FLOOD_LIMIT (G_GINT64_CONSTANT (1) << 30)

/* Writes a piece again and again until the client hangs up or the parameter total (1 GiB) is
 * reached. */
static void
flood (GanTestExchange *exchange, const char *piece, gsize length)
{
  gint64 total = gan_test_exchange_get_number (exchange, "total", FLOOD_LIMIT);
  gint64 sent;

  for (sent = 0; sent < total; sent += length)
    if (!gan_test_exchange_write (exchange, piece, length))
      return;
}

/* Header lines without end. */
static void
run_endless_hdr (GanTestExchange *exchange)
{
  g_autoptr (GString) lines = g_string_new (NULL);
  guint i;

  for (i = 0; i < 1000; i++)
    g_string_append_printf (lines, "X-Filler-%u: %060u\r\n", i, i);
  gan_test_exchange_printf (exchange, "HTTP/1.1 200 OK\r\n");
  flood (exchange, lines->str, lines->len);
  gan_test_exchange_cut (exchange);
}

/* One header line without end. */
static void
run_endless_hdrline (GanTestExchange *exchange)
{
  g_autofree char *piece = g_strnfill (65536, 'a');

  gan_test_exchange_printf (exchange, "HTTP/1.1 200 OK\r\nX-Filler: ");
  flood (exchange, piece, 65536);
  gan_test_exchange_cut (exchange);
}

/* Interim answers before the file. count: how many (200000) */
static void
run_spam_1xx (GanTestExchange *exchange)
{
  static const char hint[] = "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n";
  gint64 count = gan_test_exchange_get_number (exchange, "count", 200000);
  g_auto (GanTestFile) file = { NULL };
  gint64 i;

  for (i = 0; i < count; i++)
    if (!gan_test_exchange_write_raw (exchange, hint, strlen (hint)))
      return;
  gan_test_file_init (&file, exchange);
  gan_test_file_serve (&file, exchange);
}

/* A body without length and end. type: its Content-Type */
static void
run_endless_body (GanTestExchange *exchange)
{
  g_autoptr (GBytes) piece = gan_test_body (65536, 1);

  gan_test_exchange_printf (
      exchange,
      "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: %s\r\n\r\n",
      gan_test_exchange_get_text (exchange, "type", "application/octet-stream"));
  flood (exchange, g_bytes_get_data (piece, NULL), 65536);
  gan_test_exchange_close (exchange, FALSE);
}

/* HTTP/0.9: the body and nothing else. */
static void
run_http09 (GanTestExchange *exchange)
{
  static const char page[] = "<html><body>no status line here</body></html>\n";

  gan_test_exchange_write (exchange, page, strlen (page));
  gan_test_exchange_close (exchange, FALSE);
}

/* Noise instead of a head. size: bytes (4096) */
static void
run_garbage (GanTestExchange *exchange)
{
  g_autoptr (GBytes) noise
      = gan_test_body (gan_test_exchange_get_number (exchange, "size", 4096), 77);
  gsize length = 0;
  const void *data = g_bytes_get_data (noise, &length);

  gan_test_exchange_write (exchange, data, length);
  gan_test_exchange_close (exchange, FALSE);
}

/* Reset before a byte of the answer. times: how many requests (all), then the file */
static void
run_rst_connect (GanTestExchange *exchange)
{
  g_auto (GanTestFile) file = { NULL };
  gint64 times = gan_test_exchange_get_number (exchange, "times", G_MAXINT);

  gan_test_file_init (&file, exchange);
  if (gan_test_exchange_get_nth (exchange) < times)
    gan_test_exchange_close (exchange, TRUE);
  else
    gan_test_file_serve (&file, exchange);
}

/* Hangs up without a byte of an answer. times as above */
static void
run_no_answer (GanTestExchange *exchange)
{
  g_auto (GanTestFile) file = { NULL };
  gint64 times = gan_test_exchange_get_number (exchange, "times", G_MAXINT);

  gan_test_file_init (&file, exchange);
  if (gan_test_exchange_get_nth (exchange) < times)
    gan_test_exchange_cut (exchange);
  else
    gan_test_file_serve (&file, exchange);
}

/* The request is read, and nothing comes. times: how many requests (all), then the file */
static void
run_stall_head (GanTestExchange *exchange)
{
  g_auto (GanTestFile) file = { NULL };
  gint64 times = gan_test_exchange_get_number (exchange, "times", G_MAXINT);

  gan_test_file_init (&file, exchange);
  if (gan_test_exchange_get_nth (exchange) >= times)
    {
      gan_test_file_serve (&file, exchange);
      return;
    }
  gan_test_exchange_wait_gone (exchange, G_MAXINT);
  gan_test_exchange_cut (exchange);
}

/* The head comes a byte at a time, and never ends. ms: between two bytes (100) */
static void
run_drip_head (GanTestExchange *exchange)
{
  guint wait = gan_test_exchange_get_number (exchange, "ms", 100);

  gan_test_exchange_printf (exchange, "HTTP/1.1 200 OK\r\nX-Filler: ");
  while (gan_test_exchange_printf (exchange, "a"))
    if (gan_test_exchange_wait_gone (exchange, wait))
      return;
}

const GanTestScenario gan_test_broken_scenarios[] = {
  { "endless_hdr", run_endless_hdr },
  { "endless_hdrline", run_endless_hdrline },
  { "spam_1xx", run_spam_1xx },
  { "endless_body", run_endless_body },
  { "http09", run_http09 },
  { "garbage", run_garbage },
  { "rst_connect", run_rst_connect },
  { "no_answer", run_no_answer },
  { "stall_head", run_stall_head },
  { "drip_head", run_drip_head },
  { NULL, NULL },
};
