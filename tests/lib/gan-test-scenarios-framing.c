/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-test-file.h"
#include "gan-test-scenarios.h"

#include <string.h>

/* A body in chunks. Parameters of all that use it: chunk (bytes of one, 32768), ranges (a resumed
 * request gets its range, with a length). */
static gboolean
begin_chunked (GanTestFile *file, GanTestExchange *exchange)
{
  g_autofree char *headers = NULL;

  gan_test_file_init (file, exchange);
  file->no_ranges = gan_test_exchange_get_number (exchange, "ranges", 0) == 0;
  if (!file->no_ranges && gan_test_file_is_resumed (exchange))
    {
      gan_test_file_serve (file, exchange);
      return FALSE;
    }
  headers = gan_test_file_dup_headers (file);
  return gan_test_exchange_printf (exchange,
                                   "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n%s\r\n",
                                   headers);
}

static void
send_chunks (GanTestFile *file, GanTestExchange *exchange, gint64 length)
{
  gint64 chunk = gan_test_exchange_get_number (exchange, "chunk", 32768);
  gint64 sent;

  for (sent = 0; sent < length; sent += chunk)
    {
      gint64 piece = MIN (chunk, length - sent);

      gan_test_exchange_printf (exchange, "%" G_GINT64_MODIFIER "x\r\n", piece);
      gan_test_file_send_bytes (file, exchange, sent, sent + piece - 1);
      if (!gan_test_exchange_printf (exchange, "\r\n"))
        return;
    }
}

static void
end_as_asked (GanTestExchange *exchange)
{
  if (gan_test_exchange_get_number (exchange, "notify", 0) != 0)
    gan_test_exchange_close (exchange, FALSE);
  else
    gan_test_exchange_cut (exchange);
}

/* Chunks, ended as they should be. */
static void
run_chunked (GanTestExchange *exchange)
{
  g_auto (GanTestFile) file = { NULL };

  if (!begin_chunked (&file, exchange))
    return;
  send_chunks (&file, exchange, gan_test_file_get_size (&file));
  gan_test_exchange_printf (exchange, "0\r\n\r\n");
}

/* Whole chunks, but not the last one. at: bytes (half); times: how many requests (all); notify: TLS
 * says goodbye first */
static void
run_chunk_trunc (GanTestExchange *exchange)
{
  g_auto (GanTestFile) file = { NULL };
  gint64 times = gan_test_exchange_get_number (exchange, "times", G_MAXINT);

  if (gan_test_exchange_get_nth (exchange) >= times)
    {
      run_chunked (exchange);
      return;
    }
  if (!begin_chunked (&file, exchange))
    return;
  send_chunks (&file,
               exchange,
               gan_test_exchange_get_number (exchange, "at", gan_test_file_get_size (&file) / 2));
  end_as_asked (exchange);
}

/* The end comes inside a chunk. at, times, notify as above */
static void
run_chunk_midcut (GanTestExchange *exchange)
{
  g_auto (GanTestFile) file = { NULL };
  gint64 times = gan_test_exchange_get_number (exchange, "times", G_MAXINT);
  gint64 at;

  if (gan_test_exchange_get_nth (exchange) >= times)
    {
      run_chunked (exchange);
      return;
    }
  if (!begin_chunked (&file, exchange))
    return;
  at = gan_test_exchange_get_number (exchange, "at", gan_test_file_get_size (&file) / 2);
  gan_test_exchange_printf (exchange, "%" G_GINT64_MODIFIER "x\r\n", at + 1000);
  gan_test_file_send_bytes (&file, exchange, 0, at - 1);
  end_as_asked (exchange);
}

/* No length: the end of the connection is the end of the body. at: bytes (all); cut: without TLS's
 * goodbye */
static void
run_close_delim (GanTestExchange *exchange)
{
  g_auto (GanTestFile) file = { NULL };
  g_autofree char *headers = NULL;
  gint64 at;

  gan_test_file_init (&file, exchange);
  file.no_ranges = gan_test_exchange_get_number (exchange, "ranges", 0) == 0;
  file.cut = -1;
  if (!file.no_ranges && gan_test_file_is_resumed (exchange))
    {
      gan_test_file_serve (&file, exchange);
      return;
    }
  headers = gan_test_file_dup_headers (&file);
  at = gan_test_exchange_get_number (exchange, "at", gan_test_file_get_size (&file));
  gan_test_exchange_printf (exchange, "HTTP/1.1 200 OK\r\nConnection: close\r\n%s\r\n", headers);
  gan_test_file_send_bytes (&file, exchange, 0, at - 1);
  if (gan_test_exchange_get_number (exchange, "cut", 0) != 0)
    gan_test_exchange_cut (exchange);
  else
    gan_test_exchange_close (exchange, FALSE);
}

static GBytes *
compress (const void *data, gsize length)
{
  g_autoptr (GConverter) gzip
      = G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, -1));
  g_autoptr (GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr (GOutputStream) packed = g_converter_output_stream_new (memory, gzip);

  g_output_stream_write_all (packed, data, length, NULL, NULL, NULL);
  g_output_stream_close (packed, NULL, NULL);
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (memory));
}

/* Puts the gzip of the file in the file's place. */
static void
pack (GanTestFile *file)
{
  g_autoptr (GBytes) plain = g_steal_pointer (&file->bytes);

  file->bytes = compress (g_bytes_get_data (plain, NULL), g_bytes_get_size (plain));
  file->coding = "gzip";
  file->no_ranges = TRUE;
}

/* The file, gzip-coded, rightly. */
static void
run_gz (GanTestExchange *exchange)
{
  g_auto (GanTestFile) file = { NULL };

  gan_test_file_init (&file, exchange);
  pack (&file);
  gan_test_file_serve (&file, exchange);
}

/* The coding stops half-way, but the length is right. */
static void
run_gz_trunc (GanTestExchange *exchange)
{
  g_auto (GanTestFile) file = { NULL };
  g_autoptr (GBytes) whole = NULL;

  gan_test_file_init (&file, exchange);
  pack (&file);
  whole = g_steal_pointer (&file.bytes);
  file.bytes = g_bytes_new_from_bytes (whole, 0, g_bytes_get_size (whole) / 2);
  gan_test_file_serve (&file, exchange);
}

/* A little that unpacks to a lot of spaces. unpacked: bytes (64 MiB) */
static void
run_gz_bomb (GanTestExchange *exchange)
{
  g_auto (GanTestFile) file = { NULL };
  gsize size = gan_test_exchange_get_number (exchange, "unpacked", 64 * 1024 * 1024);
  g_autofree char *spaces = g_malloc (size);

  memset (spaces, ' ', size);
  gan_test_file_init (&file, exchange);
  g_bytes_unref (file.bytes);
  file.bytes = g_bytes_new_take (g_steal_pointer (&spaces), size);
  pack (&file);
  gan_test_file_serve (&file, exchange);
}

/* A .gz file whose own format is declared as a transfer coding. The body is gzip of the file */
static void
run_gz_file (GanTestExchange *exchange)
{
  g_auto (GanTestFile) file = { NULL };

  gan_test_file_init (&file, exchange);
  pack (&file);
  file.type = gan_test_exchange_get_text (exchange, "type", "application/gzip");
  gan_test_file_serve (&file, exchange);
}

/* Sends the file under framing headers that the scenario words itself. */
static void
serve_framed (GanTestExchange *exchange, const char *framing)
{
  g_auto (GanTestFile) file = { NULL };
  g_autofree char *headers = NULL;

  gan_test_file_init (&file, exchange);
  file.no_ranges = TRUE;
  headers = gan_test_file_dup_headers (&file);
  gan_test_exchange_printf (exchange, "HTTP/1.1 200 OK\r\n%s%s\r\n", framing, headers);
  gan_test_file_send_bytes (&file, exchange, 0, gan_test_file_get_size (&file) - 1);
  gan_test_exchange_close (exchange, FALSE);
}

static void
run_cl_neg (GanTestExchange *exchange)
{
  serve_framed (exchange, "Content-Length: -5\r\n");
}

/* More than 64 bits hold. */
static void
run_cl_huge (GanTestExchange *exchange)
{
  serve_framed (exchange, "Content-Length: 99999999999999999999999\r\n");
}

/* Two lengths. list: in one line */
static void
run_dup_cl (GanTestExchange *exchange)
{
  gint64 size = gan_test_exchange_get_number (exchange, "size", 1048576);
  gboolean list = gan_test_exchange_get_number (exchange, "list", 0) != 0;
  g_autofree char *framing
      = g_strdup_printf (list ? "Content-Length: 100, %" G_GINT64_FORMAT "\r\n"
                              : "Content-Length: 100\r\nContent-Length: %" G_GINT64_FORMAT "\r\n",
                         size);

  serve_framed (exchange, framing);
}

static void
run_cl_lie_big (GanTestExchange *exchange)
{
  serve_framed (exchange, "Content-Length: 9223372036854775807\r\n");
}

/* Announces `announced` (1000) bytes and sends the file. */
static void
run_cl_small (GanTestExchange *exchange)
{
  g_autofree char *framing
      = g_strdup_printf ("Content-Length: %" G_GINT64_FORMAT "\r\n",
                         gan_test_exchange_get_number (exchange, "announced", 1000));

  serve_framed (exchange, framing);
}

/* A length and chunks; the chunks are right. announced: the length (100) */
static void
run_cl_te (GanTestExchange *exchange)
{
  g_auto (GanTestFile) file = { NULL };
  g_autofree char *headers = NULL;

  gan_test_file_init (&file, exchange);
  file.no_ranges = TRUE;
  headers = gan_test_file_dup_headers (&file);
  gan_test_exchange_printf (exchange,
                            "HTTP/1.1 200 OK\r\nContent-Length: %" G_GINT64_FORMAT
                            "\r\nTransfer-Encoding: chunked\r\n%s\r\n",
                            gan_test_exchange_get_number (exchange, "announced", 100),
                            headers);
  send_chunks (&file, exchange, gan_test_file_get_size (&file));
  gan_test_exchange_printf (exchange, "0\r\n\r\n");
}

const GanTestScenario gan_test_framing_scenarios[] = {
  { "chunked", run_chunked },
  { "chunk_trunc", run_chunk_trunc },
  { "chunk_midcut", run_chunk_midcut },
  { "close_delim", run_close_delim },
  { "gz", run_gz },
  { "gz_trunc", run_gz_trunc },
  { "gz_bomb", run_gz_bomb },
  { "gz_file", run_gz_file },
  { "cl_neg", run_cl_neg },
  { "cl_huge", run_cl_huge },
  { "dup_cl", run_dup_cl },
  { "cl_lie_big", run_cl_lie_big },
  { "cl_small", run_cl_small },
  { "cl_te", run_cl_te },
  { NULL, NULL },
};
