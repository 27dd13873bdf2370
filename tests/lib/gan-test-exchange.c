/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-test-exchange.h"

#include <string.h>

struct _GanTestExchange
{
  GanTestServer *server;
  GanTestConnection *connection;
  GanTestRequest *request;
  GHashTable *query;
  char *scenario;
  guint nth;
  guint nth_on_connection;
};

/* Where the path begins in a target of either form: /path or http://host/path. */
static const char *
skip_origin (const char *target)
{
  const char *after = strstr (target, "://");

  if (*target == '/' || after == NULL)
    return target;
  after = strchr (after + 3, '/');
  return after == NULL ? "/" : after;
}

/**
 * gan_test_request_dup_scenario:
 * @request: a request
 *
 * Returns: (transfer full): the first segment of the path, or CONNECT for what a proxy is asked
 */
char *
gan_test_request_dup_scenario (const GanTestRequest *request)
{
  const char *path = skip_origin (request->target);

  if (g_str_equal (request->method, "CONNECT"))
    return g_strdup ("CONNECT");
  path += *path == '/';
  return g_strndup (path, strcspn (path, "/?"));
}

static GHashTable *
parse_query (const char *target)
{
  GHashTable *query = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  const char *text = strchr (target, '?');
  g_auto (GStrv) pairs = NULL;
  guint i;

  if (text == NULL)
    return query;
  pairs = g_strsplit (text + 1, "&", -1);
  for (i = 0; pairs[i] != NULL; i++)
    {
      char *equals = strchr (pairs[i], '=');
      g_autofree char *value = g_uri_unescape_string (equals == NULL ? "" : equals + 1, NULL);

      if (equals != NULL)
        *equals = '\0';
      if (value != NULL)
        g_hash_table_replace (query, g_strdup (pairs[i]), g_steal_pointer (&value));
    }
  return query;
}

/* Takes the reference of the request. */
GanTestExchange *
gan_test_exchange_new (GanTestServer *server,
                       GanTestConnection *connection,
                       GanTestRequest *request,
                       guint nth,
                       guint nth_on_connection)
{
  GanTestExchange *self = g_new0 (GanTestExchange, 1);

  self->server = server;
  self->connection = connection;
  self->request = request;
  self->query = parse_query (request->target);
  self->scenario = gan_test_request_dup_scenario (request);
  self->nth = nth;
  self->nth_on_connection = nth_on_connection;
  return self;
}

void
gan_test_exchange_free (GanTestExchange *self)
{
  gan_test_request_unref (self->request);
  g_hash_table_unref (self->query);
  g_free (self->scenario);
  g_free (self);
}

const char *
gan_test_exchange_get_scenario (GanTestExchange *self)
{
  return self->scenario;
}

GanTestConnection *
gan_test_exchange_get_connection (GanTestExchange *self)
{
  return self->connection;
}

const GanTestRequest *
gan_test_exchange_get_request (GanTestExchange *exchange)
{
  return exchange->request;
}

GanTestServer *
gan_test_exchange_get_server (GanTestExchange *exchange)
{
  return exchange->server;
}

/**
 * gan_test_exchange_get_nth:
 * @exchange: an exchange
 *
 * Returns: how many requests for the very same target came before this one
 */
guint
gan_test_exchange_get_nth (GanTestExchange *exchange)
{
  return exchange->nth;
}

/**
 * gan_test_exchange_get_nth_on_connection:
 * @exchange: an exchange
 *
 * Returns: how many requests came before this one on its connection
 */
guint
gan_test_exchange_get_nth_on_connection (GanTestExchange *exchange)
{
  return exchange->nth_on_connection;
}

/**
 * gan_test_exchange_get_text:
 * @exchange: an exchange
 * @key: a key of the query
 * @fallback: (nullable): what holds without it
 *
 * Returns: (nullable): the value, percent-decoded
 */
const char *
gan_test_exchange_get_text (GanTestExchange *exchange, const char *key, const char *fallback)
{
  const char *value = g_hash_table_lookup (exchange->query, key);

  return value == NULL ? fallback : value;
}

/**
 * gan_test_exchange_get_number:
 * @exchange: an exchange
 * @key: a key of the query
 * @fallback: what holds without it
 *
 * Returns: the value
 */
gint64
gan_test_exchange_get_number (GanTestExchange *exchange, const char *key, gint64 fallback)
{
  const char *value = g_hash_table_lookup (exchange->query, key);

  return value == NULL ? fallback : g_ascii_strtoll (value, NULL, 10);
}

/**
 * gan_test_exchange_get_range:
 * @exchange: an exchange
 * @first: (out): first byte; negative for a suffix: -500 is the last 500 bytes
 * @last: (out): last byte, -1 for "to the end"
 *
 * Returns: whether the request has a range of one piece
 */
gboolean
gan_test_exchange_get_range (GanTestExchange *exchange, gint64 *first, gint64 *last)
{
  const char *text = g_hash_table_lookup (exchange->request->headers, "range");
  char *end = NULL;

  if (text == NULL || !g_str_has_prefix (text, "bytes="))
    return FALSE;
  text += strlen ("bytes=");
  *first = g_ascii_strtoll (text, &end, 10);
  *last = -1;
  if (end == text)
    return FALSE;
  if (*first < 0)
    return *end == '\0';
  if (*end++ != '-')
    return FALSE;
  if (g_ascii_isdigit (*end))
    *last = g_ascii_strtoll (end, &end, 10);
  return *end == '\0';
}

gboolean
gan_test_exchange_write_raw (GanTestExchange *self, const void *data, gsize length)
{
  return gan_test_connection_write (self->connection, data, length);
}

/**
 * gan_test_exchange_write:
 * @exchange: an exchange
 * @data: bytes of a body
 * @length: how many
 *
 * Returns: whether the kernel took them; %FALSE when the client is gone
 */
gboolean
gan_test_exchange_write (GanTestExchange *exchange, const void *data, gsize length)
{
  if (!gan_test_connection_write (exchange->connection, data, length))
    return FALSE;
  gan_test_server_add_body_bytes (exchange->server, length);
  return TRUE;
}

/**
 * gan_test_exchange_printf:
 * @exchange: an exchange
 * @format: status line, headers, framing
 *
 * Returns: whether the kernel took it
 */
gboolean
gan_test_exchange_printf (GanTestExchange *exchange, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  return gan_test_exchange_write_raw (exchange, text, strlen (text));
}

/**
 * gan_test_exchange_close:
 * @exchange: an exchange
 * @reset: by RST, once what was written has arrived; otherwise as a polite server does
 *
 * Without a close the connection waits for its next request.
 */
void
gan_test_exchange_close (GanTestExchange *exchange, gboolean reset)
{
  gan_test_connection_close (exchange->connection,
                             reset ? GAN_TEST_CLOSE_RESET : GAN_TEST_CLOSE_ORDERLY);
}

/**
 * gan_test_exchange_cut:
 * @exchange: an exchange
 *
 * Ends the connection as a killed server does: FIN, and under TLS no close_notify before it.
 */
void
gan_test_exchange_cut (GanTestExchange *exchange)
{
  gan_test_connection_close (exchange->connection, GAN_TEST_CLOSE_CUT);
}

/**
 * gan_test_exchange_end_output:
 * @exchange: an exchange
 *
 * Says that nothing more will come, by TLS's goodbye alone, or by FIN; the connection stays until
 * the client ends it.
 */
void
gan_test_exchange_end_output (GanTestExchange *exchange)
{
  gan_test_connection_end_output (exchange->connection);
}

/**
 * gan_test_exchange_wait_gone:
 * @exchange: an exchange
 * @milliseconds: the longest wait
 *
 * Returns: whether the client hung up (or the server ends); %FALSE when the time is over
 */
gboolean
gan_test_exchange_wait_gone (GanTestExchange *exchange, guint milliseconds)
{
  return gan_test_connection_wait_gone (exchange->connection, milliseconds);
}
