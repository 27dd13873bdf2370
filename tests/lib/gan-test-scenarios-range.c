/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-test-file.h"
#include "gan-test-scenarios.h"

#define OFFSET_ERROR 1000

/* A new version with each phase; right in everything else. */
static void
run_changed (GanTestExchange *exchange)
{
  g_auto (GanTestFile) file = { NULL };

  gan_test_file_init (&file, exchange);
  gan_test_file_set_version (&file, exchange, gan_test_file_get_phase (exchange));
  gan_test_file_serve (&file, exchange);
}

static void
forget_validators (GanTestFile *file)
{
  g_clear_pointer (&file->etag, g_free);
  g_clear_pointer (&file->last_modified, g_free);
}

/* As changed, without ETag and Last-Modified. */
static void
run_changed_noval (GanTestExchange *exchange)
{
  g_auto (GanTestFile) file = { NULL };

  gan_test_file_init (&file, exchange);
  gan_test_file_set_version (&file, exchange, gan_test_file_get_phase (exchange));
  forget_validators (&file);
  gan_test_file_serve (&file, exchange);
}

/* A new version of another length, without validators. grow: bytes, also negative (12345) */
static void
run_changed_len (GanTestExchange *exchange)
{
  g_auto (GanTestFile) file = { NULL };
  int phase = gan_test_file_get_phase (exchange);
  gint64 grow = gan_test_exchange_get_number (exchange, "grow", 12345);
  gint64 size;

  gan_test_file_init (&file, exchange);
  size = gan_test_file_get_size (&file) + grow * phase;
  gan_test_file_set_version (&file, exchange, phase);
  g_bytes_unref (file.bytes);
  file.bytes = gan_test_body (size, file.seed);
  forget_validators (&file);
  gan_test_file_serve (&file, exchange);
}

/* As changed, but a range is served although If-Range names the old version. */
static void
run_ignore_ifrange (GanTestExchange *exchange)
{
  g_auto (GanTestFile) file = { NULL };

  gan_test_file_init (&file, exchange);
  gan_test_file_set_version (&file, exchange, gan_test_file_get_phase (exchange));
  file.ignore_if_range = TRUE;
  gan_test_file_serve (&file, exchange);
}

/* Any If-Range with an entity tag is answered by the whole file, though nothing changed. */
static void
run_ifrange_etag_200 (GanTestExchange *exchange)
{
  const GanTestRequest *request = gan_test_exchange_get_request (exchange);
  const char *wanted = g_hash_table_lookup (request->headers, "if-range");
  g_auto (GanTestFile) file = { NULL };

  gan_test_file_init (&file, exchange);
  file.no_ranges = wanted != NULL && g_str_has_prefix (wanted, "\"");
  gan_test_file_serve (&file, exchange);
}

/* The same bytes under a new tag with every request. */
static void
run_etag_each (GanTestExchange *exchange)
{
  GanTestServer *server = gan_test_exchange_get_server (exchange);
  g_auto (GanTestFile) file = { NULL };

  gan_test_file_init (&file, exchange);
  g_free (file.etag);
  file.etag = g_strdup_printf ("\"node-%u\"", gan_test_server_count (server, NULL));
  gan_test_file_serve (&file, exchange);
}

/* Ranges are ignored. */
static void
run_norange (GanTestExchange *exchange)
{
  g_auto (GanTestFile) file = { NULL };

  gan_test_file_init (&file, exchange);
  file.no_ranges = TRUE;
  gan_test_file_serve (&file, exchange);
}

/* Ranges are ignored, and the first answer ends half-way. */
static void
run_norange_resume (GanTestExchange *exchange)
{
  g_auto (GanTestFile) file = { NULL };

  gan_test_file_init (&file, exchange);
  file.no_ranges = TRUE;
  if (gan_test_exchange_get_nth (exchange) == 0)
    file.cut = gan_test_file_get_size (&file) / 2;
  gan_test_file_serve (&file, exchange);
}

/* Serves a resumed range with another Content-Range, other bytes, or neither. */
static void
serve_moved (GanTestExchange *exchange, gint64 shown, gint64 sent, gboolean with_range)
{
  g_auto (GanTestFile) file = { NULL };
  g_autofree char *headers = NULL;
  gint64 first, last, size, length;

  gan_test_file_init (&file, exchange);
  if (!gan_test_file_is_resumed (exchange)
      || !gan_test_file_resolve_range (&file, exchange, &first, &last) || first > last)
    {
      gan_test_file_serve (&file, exchange);
      return;
    }
  size = gan_test_file_get_size (&file);
  shown = MIN (first + shown, size - 1);
  sent = MIN (first + sent, size - 1);
  length = size - MAX (shown, sent);
  headers = gan_test_file_dup_headers (&file);
  gan_test_exchange_printf (exchange, "HTTP/1.1 206 Partial Content\r\n");
  if (with_range)
    gan_test_exchange_printf (exchange,
                              "Content-Range: bytes %" G_GINT64_FORMAT "-%" G_GINT64_FORMAT
                              "/%" G_GINT64_FORMAT "\r\n",
                              shown,
                              shown + length - 1,
                              size);
  gan_test_exchange_printf (exchange,
                            "Content-Length: %" G_GINT64_FORMAT "\r\n%s\r\n",
                            length,
                            headers);
  gan_test_file_send_bytes (&file, exchange, sent, sent + length - 1);
}

/* A resumed range comes from another place, and says so. */
static void
run_wrong_offset (GanTestExchange *exchange)
{
  serve_moved (exchange, OFFSET_ERROR, OFFSET_ERROR, TRUE);
}

/* A resumed range says the right place, but its bytes are of another. */
static void
run_lying_206 (GanTestExchange *exchange)
{
  serve_moved (exchange, 0, OFFSET_ERROR, TRUE);
}

/* A resumed range does not say its place. */
static void
run_no_crange (GanTestExchange *exchange)
{
  serve_moved (exchange, 0, 0, FALSE);
}

/* One range is answered by multipart/byteranges. */
static void
run_multipart (GanTestExchange *exchange)
{
  g_auto (GanTestFile) file = { NULL };
  g_autofree char *headers = NULL;
  g_autofree char *part = NULL;
  static const char end[] = "\r\n--THIS_SEPARATES--\r\n";
  gint64 first, last, size;

  gan_test_file_init (&file, exchange);
  size = gan_test_file_get_size (&file);
  if (!gan_test_file_is_resumed (exchange)
      || !gan_test_file_resolve_range (&file, exchange, &first, &last) || first > last)
    {
      gan_test_file_serve (&file, exchange);
      return;
    }
  part = g_strdup_printf ("--THIS_SEPARATES\r\nContent-Type: application/octet-stream\r\n"
                          "Content-Range: bytes %" G_GINT64_FORMAT "-%" G_GINT64_FORMAT
                          "/%" G_GINT64_FORMAT "\r\n\r\n",
                          first,
                          last,
                          size);
  file.type = "multipart/byteranges; boundary=THIS_SEPARATES";
  headers = gan_test_file_dup_headers (&file);
  gan_test_exchange_printf (exchange,
                            "HTTP/1.1 206 Partial Content\r\nContent-Length: %" G_GINT64_FORMAT
                            "\r\n%s\r\n%s",
                            (gint64) strlen (part) + last - first + 1 + (gint64) strlen (end),
                            headers,
                            part);
  gan_test_file_send_bytes (&file, exchange, first, last);
  gan_test_exchange_write_raw (exchange, end, strlen (end));
}

static const char portal_page[]
    = "<!DOCTYPE html><html><head><title>Sign in to the network</title></head>"
      "<body><form action=\"/login\"><input name=\"room\"></form></body></html>\n";

/* A resumed range meets the sign-in page of a network. */
static void
run_portal (GanTestExchange *exchange)
{
  g_auto (GanTestFile) file = { NULL };

  gan_test_file_init (&file, exchange);
  if (gan_test_file_is_resumed (exchange))
    gan_test_exchange_reply (exchange, 200, "text/html", portal_page);
  else
    gan_test_file_serve (&file, exchange);
}

/* The same page, under the status and the range of what was asked. */
static void
run_portal206 (GanTestExchange *exchange)
{
  g_auto (GanTestFile) file = { NULL };
  gint64 first, last, length = strlen (portal_page);

  gan_test_file_init (&file, exchange);
  if (!gan_test_file_is_resumed (exchange)
      || !gan_test_exchange_get_range (exchange, &first, &last))
    {
      gan_test_file_serve (&file, exchange);
      return;
    }
  gan_test_exchange_printf (exchange,
                            "HTTP/1.1 206 Partial Content\r\nContent-Type: text/html\r\n"
                            "Content-Range: bytes %" G_GINT64_FORMAT "-%" G_GINT64_FORMAT
                            "/%" G_GINT64_FORMAT "\r\nContent-Length: %" G_GINT64_FORMAT
                            "\r\n\r\n%s",
                            first,
                            first + length - 1,
                            gan_test_file_get_size (&file),
                            length,
                            portal_page);
}

/* Two mirrors behind one name, a version apart; each request meets the other one. strict: the
 * mirrors at least look at If-Range */
static void
run_mixed (GanTestExchange *exchange)
{
  g_auto (GanTestFile) file = { NULL };

  gan_test_file_init (&file, exchange);
  gan_test_file_set_version (&file, exchange, gan_test_exchange_get_nth (exchange) % 2);
  file.ignore_if_range = gan_test_exchange_get_number (exchange, "strict", 0) == 0;
  gan_test_file_serve (&file, exchange);
}

/* Whatever is resumed is said to be complete already. */
static void
run_done_416 (GanTestExchange *exchange)
{
  g_auto (GanTestFile) file = { NULL };

  gan_test_file_init (&file, exchange);
  if (gan_test_file_is_resumed (exchange))
    gan_test_exchange_printf (exchange,
                              "HTTP/1.1 416 Range Not Satisfiable\r\nContent-Length: 0\r\n"
                              "Content-Range: bytes */%" G_GINT64_FORMAT "\r\n\r\n",
                              gan_test_file_get_size (&file));
  else
    gan_test_file_serve (&file, exchange);
}

/* The first answer ends half-way; then the file is a quarter as long, so that a resume is beyond
 * its end. */
static void
run_longer_416 (GanTestExchange *exchange)
{
  g_auto (GanTestFile) file = { NULL };
  gint64 size;

  gan_test_file_init (&file, exchange);
  size = gan_test_file_get_size (&file);
  if (gan_test_exchange_get_nth (exchange) == 0)
    file.cut = size / 2;
  else
    {
      gan_test_file_set_version (&file, exchange, 1);
      g_bytes_unref (file.bytes);
      file.bytes = gan_test_body (size / 4, file.seed);
      file.ignore_if_range = TRUE;
    }
  gan_test_file_serve (&file, exchange);
}

/* Longer with each request, without validators: a recording that goes on. grow: bytes (65536) */
static void
run_live_grow (GanTestExchange *exchange)
{
  g_auto (GanTestFile) file = { NULL };
  gint64 grow = gan_test_exchange_get_number (exchange, "grow", 65536);
  gint64 size;

  gan_test_file_init (&file, exchange);
  size = gan_test_file_get_size (&file) + grow * gan_test_exchange_get_nth (exchange);
  g_bytes_unref (file.bytes);
  file.bytes = gan_test_body (size, file.seed);
  forget_validators (&file);
  gan_test_file_serve (&file, exchange);
}

const GanTestScenario gan_test_range_scenarios[] = {
  { "changed", run_changed },
  { "changed_noval", run_changed_noval },
  { "changed_len", run_changed_len },
  { "ignore_ifrange", run_ignore_ifrange },
  { "ifrange_etag_200", run_ifrange_etag_200 },
  { "etag_each", run_etag_each },
  { "norange", run_norange },
  { "norange_resume", run_norange_resume },
  { "wrong_offset", run_wrong_offset },
  { "lying_206", run_lying_206 },
  { "no_crange", run_no_crange },
  { "multipart", run_multipart },
  { "portal", run_portal },
  { "portal206", run_portal206 },
  { "mixed", run_mixed },
  { "done_416", run_done_416 },
  { "longer_416", run_longer_416 },
  { "live_grow", run_live_grow },
  { NULL, NULL },
};
