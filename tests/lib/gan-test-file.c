/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-test-file.h"

#include <string.h>

#define SLICE (64 * 1024)
#define SLICES_A_SECOND 20

/**
 * gan_test_http_date:
 * @date: a time
 *
 * Returns: (transfer full): as HTTP writes it (RFC 9110 §5.6.7), in whatever locale
 */
char *
gan_test_http_date (GDateTime *date)
{
  static const char *const days[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
  static const char *const months[]
      = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
  g_autofree char *clock = g_date_time_format (date, "%H:%M:%S");

  return g_strdup_printf ("%s, %02d %s %04d %s GMT",
                          days[g_date_time_get_day_of_week (date) - 1],
                          g_date_time_get_day_of_month (date),
                          months[g_date_time_get_month (date) - 1],
                          g_date_time_get_year (date),
                          clock);
}

/* A validator as the query gives it: absent, "none", or a value. */
static char *
dup_validator (GanTestExchange *exchange, const char *key, char *fallback)
{
  g_autofree char *own = fallback;
  const char *value = gan_test_exchange_get_text (exchange, key, own);

  return g_str_equal (value, "none") ? NULL : g_strdup (value);
}

/**
 * gan_test_file_set_version:
 * @self: a file
 * @exchange: its exchange
 * @version: 0 for the first
 *
 * Gives bytes and validators of another version of the same length, but for those that the query
 * sets.
 */
void
gan_test_file_set_version (GanTestFile *self, GanTestExchange *exchange, int version)
{
  gsize size = gan_test_exchange_get_number (exchange, "size", 1048576);
  const char *text = gan_test_exchange_get_text (exchange, "text", NULL);
  g_autoptr (GDateTime) first = g_date_time_new_utc (2025, 1, 1, 12, 0, 0);
  g_autoptr (GDateTime) date = g_date_time_add_days (first, version);

  gan_test_file_clear (self);
  self->seed = gan_test_exchange_get_number (exchange, "seed", 1) + version * 1000;
  self->bytes = text == NULL ? gan_test_body (size, self->seed) : g_bytes_new (text, strlen (text));
  self->etag = dup_validator (
      exchange,
      "etag",
      g_strdup_printf ("\"%" G_GSIZE_FORMAT "-%u\"", g_bytes_get_size (self->bytes), self->seed));
  self->last_modified = dup_validator (exchange, "lm", gan_test_http_date (date));
}

/**
 * gan_test_file_init:
 * @self: (out caller-allocates): what the query describes, in its first version
 * @exchange: the exchange
 */
void
gan_test_file_init (GanTestFile *self, GanTestExchange *exchange)
{
  gint64 cuts = gan_test_exchange_get_number (exchange, "cuts", 1);

  memset (self, 0, sizeof *self);
  gan_test_file_set_version (self, exchange, 0);
  self->type = gan_test_exchange_get_text (exchange, "type", "application/octet-stream");
  self->disposition = gan_test_exchange_get_text (exchange, "cd", NULL);
  self->rate = gan_test_exchange_get_number (exchange, "rate", 0);
  self->cut = -1;
  if (gan_test_exchange_get_nth (exchange) < cuts)
    self->cut = gan_test_exchange_get_number (exchange, "cut", -1);
  self->cut_resets = gan_test_exchange_get_number (exchange, "reset", 0) != 0;
}

void
gan_test_file_clear (GanTestFile *self)
{
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_clear_pointer (&self->etag, g_free);
  g_clear_pointer (&self->last_modified, g_free);
}

/**
 * gan_test_file_get_phase:
 * @exchange: an exchange
 *
 * Returns: the phase of the server; with the parameter auto at least 1 after the first request
 */
int
gan_test_file_get_phase (GanTestExchange *exchange)
{
  int phase = gan_test_server_get_phase (gan_test_exchange_get_server (exchange));

  if (gan_test_exchange_get_number (exchange, "auto", 0) != 0
      && gan_test_exchange_get_nth (exchange) > 0)
    return MAX (phase, 1);
  return phase;
}

gint64
gan_test_file_get_size (GanTestFile *self)
{
  return g_bytes_get_size (self->bytes);
}

/**
 * gan_test_file_dup_headers:
 * @self: a file
 *
 * Returns: (transfer full): header lines of everything but framing
 */
char *
gan_test_file_dup_headers (GanTestFile *self)
{
  GString *lines = g_string_new (NULL);

  if (self->type != NULL)
    g_string_append_printf (lines, "Content-Type: %s\r\n", self->type);
  if (self->etag != NULL)
    g_string_append_printf (lines, "ETag: %s\r\n", self->etag);
  if (self->last_modified != NULL)
    g_string_append_printf (lines, "Last-Modified: %s\r\n", self->last_modified);
  if (self->disposition != NULL)
    g_string_append_printf (lines, "Content-Disposition: %s\r\n", self->disposition);
  if (self->coding != NULL)
    g_string_append_printf (lines, "Content-Encoding: %s\r\n", self->coding);
  if (!self->no_ranges)
    g_string_append (lines, "Accept-Ranges: bytes\r\n");
  return g_string_free (lines, FALSE);
}

/* If-Range holds by the very bytes of the strong tag or of the date (RFC 9110 §13.1.5). */
static gboolean
if_range_holds (GanTestFile *self, GanTestExchange *exchange)
{
  const GanTestRequest *request = gan_test_exchange_get_request (exchange);
  const char *wanted = g_hash_table_lookup (request->headers, "if-range");

  if (wanted == NULL || self->ignore_if_range)
    return TRUE;
  return !g_str_has_prefix (wanted, "W/")
         && (g_strcmp0 (wanted, self->etag) == 0 || g_strcmp0 (wanted, self->last_modified) == 0);
}

/**
 * gan_test_file_resolve_range:
 * @self: a file
 * @exchange: what was asked
 * @first: (out): first byte
 * @last: (out): last byte; before @first when nothing of the file is in the range
 *
 * Returns: whether a range holds; otherwise the whole file is to be served
 */
gboolean
gan_test_file_resolve_range (GanTestFile *self,
                             GanTestExchange *exchange,
                             gint64 *first,
                             gint64 *last)
{
  gint64 size = gan_test_file_get_size (self);

  if (self->no_ranges || !gan_test_exchange_get_range (exchange, first, last)
      || !if_range_holds (self, exchange))
    {
      *first = 0;
      *last = size - 1;
      return FALSE;
    }
  if (*first < 0)
    {
      *first = MAX (0, size + *first);
      *last = size - 1;
    }
  if (*last < 0 || *last >= size)
    *last = size - 1;
  return TRUE;
}

/**
 * gan_test_file_is_resumed:
 * @exchange: an exchange
 *
 * Returns: whether a range that does not begin at 0 was asked for
 */
gboolean
gan_test_file_is_resumed (GanTestExchange *exchange)
{
  gint64 first, last;

  return gan_test_exchange_get_range (exchange, &first, &last) && first > 0;
}

static gint64
slice_size (GanTestFile *self, gint64 sent)
{
  if (self->rate <= 0 || sent < self->fast)
    return SLICE;
  return MAX (1, self->rate / SLICES_A_SECOND);
}

static guint
slice_pause (GanTestFile *self, gint64 sent, gint64 slice)
{
  if (self->rate <= 0 || sent < self->fast)
    return 0;
  return slice * 1000 / self->rate;
}

/**
 * gan_test_file_send_bytes:
 * @self: a file
 * @exchange: where to
 * @first: first byte
 * @last: last byte
 *
 * Writes a piece of the body at the file's rate, or as much of it as is sent before the cut.
 */
void
gan_test_file_send_bytes (GanTestFile *self, GanTestExchange *exchange, gint64 first, gint64 last)
{
  const guint8 *data = g_bytes_get_data (self->bytes, NULL);
  gint64 length = last - first + 1;
  gint64 stop = self->cut >= 0 ? MIN (self->cut, length) : length;
  gint64 sent = 0;

  while (sent < stop)
    {
      gint64 slice = MIN (slice_size (self, sent), stop - sent);
      guint pause = slice_pause (self, sent, slice);

      if (!gan_test_exchange_write (exchange, data + first + sent, slice)
          || (pause > 0 && gan_test_exchange_wait_gone (exchange, pause)))
        return;
      sent += slice;
    }
  if (stop < length && self->cut_resets)
    gan_test_exchange_close (exchange, TRUE);
  else if (stop < length)
    gan_test_exchange_cut (exchange);
}

/**
 * gan_test_file_serve:
 * @self: a file
 * @exchange: what was asked
 *
 * Answers as RFC 9110 wants: 200, 206 or 416, with If-Range and HEAD.
 */
void
gan_test_file_serve (GanTestFile *self, GanTestExchange *exchange)
{
  const GanTestRequest *request = gan_test_exchange_get_request (exchange);
  g_autofree char *headers = gan_test_file_dup_headers (self);
  gint64 wait = gan_test_exchange_get_number (exchange, "ms", 0);
  gint64 size = gan_test_file_get_size (self);
  gint64 first, last;
  gboolean partial = gan_test_file_resolve_range (self, exchange, &first, &last);

  if (wait > 0 && gan_test_exchange_wait_gone (exchange, wait))
    return;
  if (partial && first > last)
    {
      gan_test_exchange_printf (exchange,
                                "HTTP/1.1 416 Range Not Satisfiable\r\n"
                                "Content-Range: bytes */%" G_GINT64_FORMAT
                                "\r\nContent-Length: 0\r\n\r\n",
                                size);
      return;
    }
  if (partial)
    gan_test_exchange_printf (exchange,
                              "HTTP/1.1 206 Partial Content\r\n"
                              "Content-Range: bytes %" G_GINT64_FORMAT "-%" G_GINT64_FORMAT
                              "/%" G_GINT64_FORMAT "\r\n",
                              first,
                              last,
                              size);
  else
    gan_test_exchange_printf (exchange, "HTTP/1.1 200 OK\r\n");
  gan_test_exchange_printf (exchange,
                            "Content-Length: %" G_GINT64_FORMAT "\r\n%s\r\n",
                            last - first + 1,
                            headers);
  if (!g_str_equal (request->method, "HEAD"))
    gan_test_file_send_bytes (self, exchange, first, last);
}
