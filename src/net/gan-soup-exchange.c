/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-soup-exchange.h"

#include "gan-error.h"
#include "gan-gunzip.h"
#include "gan-limits.h"
#include "gan-response-private.h"
#include "gan-soup-error.h"
#include "gan-soup-head.h"

#include <string.h>

/* libsoup gives up on a head of this size. */
#define MAX_HEAD_BYTES (64 * 1024)

/* libsoup reads the line that ends a chunked body into the caller's buffer and trips over one of a
 * single byte. */
#define MIN_READ_BYTES 256

#define BITS_OF_CONNECTION_ID 32

struct _GanSoupExchange
{
  GanSessionPool *pool;
  GanLease *lease;
  GanSlot *handshake;        /* while TLS is agreed on */
  GCancellable *cancellable; /* (unowned): of the call that sends */
  GanRequest *request;
  SoupMessage *message;
  GInputStream *stream;
  GanGunzip *gunzip;
  GanSoupStage stage;
  guint connect_seconds;
  gint64 connect_deadline;
  GTlsCertificateFlags certificate;
  guint n_informational;
  gboolean got_head;
  gboolean reusable;
  gboolean refuse_empty;
  gint64 announced; /* -1: no length */
  gint64 n_raw;
  GError *behind; /* what was met behind the bytes given last */
  gboolean is_at_end;
  gsize spill_start;
  gsize spill_end;
  guint8 spill[MIN_READ_BYTES];
};

/* The time to connect is one for all addresses of a host; a socket has its timeout in seconds. */
static void
limit_connect (GanSoupExchange *self, GIOStream *connection)
{
  gint64 left = self->connect_deadline - g_get_monotonic_time ();
  gint64 seconds = (left + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC;

  g_socket_set_timeout (g_socket_connection_get_socket (G_SOCKET_CONNECTION (connection)),
                        (guint) CLAMP (seconds, 1, self->connect_seconds));
}

/* GLib hands each handshake to a pool of threads of its own, and who waits there cannot be
 * cancelled: hosts that accept connections and then say nothing would hold up all others. So the
 * wait is here, and there is always a thread left. Whoever is cancelled here goes on and ends at
 * once. */
static void
begin_handshake (GanSoupExchange *self)
{
  if (self->handshake == NULL)
    self->handshake = gan_slots_acquire (gan_session_pool_get_handshakes (self->pool),
                                         gan_url_get_host (gan_request_get_url (self->request)),
                                         self->cancellable,
                                         NULL);
}

static void
network_event_cb (SoupMessage *message,
                  GSocketClientEvent event,
                  GIOStream *connection,
                  gpointer user_data)
{
  GanSoupExchange *self = user_data;

  if (event == G_SOCKET_CLIENT_RESOLVING)
    {
      self->stage = GAN_SOUP_CONNECT;
      self->connect_deadline
          = g_get_monotonic_time () + (gint64) self->connect_seconds * G_USEC_PER_SEC;
    }
  else if (event == G_SOCKET_CLIENT_CONNECTING && G_IS_SOCKET_CONNECTION (connection))
    limit_connect (self, connection);
  else if (event == G_SOCKET_CLIENT_TLS_HANDSHAKING)
    begin_handshake (self);
  else if (event == G_SOCKET_CLIENT_TLS_HANDSHAKED)
    g_clear_pointer (&self->handshake, gan_slot_release);
  else if (event == G_SOCKET_CLIENT_COMPLETE)
    {
      self->stage = GAN_SOUP_HEAD;
      gan_lease_set_stream (self->lease, connection);
    }
}

static gboolean
accept_certificate_cb (SoupMessage *message,
                       GTlsCertificate *certificate,
                       GTlsCertificateFlags flags,
                       gpointer user_data)
{
  GanSoupExchange *self = user_data;

  self->certificate = flags;
  return FALSE;
}

static void
got_informational_cb (SoupMessage *message, gpointer user_data)
{
  GanSoupExchange *self = user_data;

  if (++self->n_informational > GAN_LIMIT_INFORMATIONAL)
    gan_lease_break (self->lease);
}

static void
got_headers_cb (SoupMessage *message, gpointer user_data)
{
  GanSoupExchange *self = user_data;

  self->got_head = TRUE;
}

static void
copy_request_headers (GanRequest *request, SoupMessageHeaders *headers)
{
  GHashTableIter iter;
  gpointer name = NULL;
  gpointer value = NULL;

  g_hash_table_iter_init (&iter, gan_request_get_headers (request));
  while (g_hash_table_iter_next (&iter, &name, &value))
    soup_message_headers_replace (headers, name, value);
  soup_message_headers_replace (
      headers,
      "Accept-Encoding",
      gan_request_get_purpose (request) == GAN_REQUEST_METADATA ? "gzip" : "identity");
}

static SoupMessage *
create_message (GanRequest *request, GError **error)
{
  const char *text = gan_url_get_string (gan_request_get_url (request));
  g_autoptr (GUri) uri = g_uri_parse (text, SOUP_HTTP_URI_FLAGS, NULL);
  SoupMessage *message = NULL;

  if (uri != NULL)
    message = soup_message_new_from_uri (gan_request_get_method (request), uri);
  if (message == NULL)
    {
      gan_error_set (error, GAN_ERROR_UNSUPPORTED_URL, "url", "this URL cannot be asked");
      return NULL;
    }
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT | SOUP_MESSAGE_COLLECT_METRICS);
  if (gan_request_is_repeatable (request))
    soup_message_add_flags (message, SOUP_MESSAGE_IDEMPOTENT);
  if (gan_request_get_body (request) != NULL)
    soup_message_set_request_body_from_bytes (message, NULL, gan_request_get_body (request));
  copy_request_headers (request, soup_message_get_request_headers (message));
  return message;
}

/**
 * gan_soup_exchange_new:
 * @pool: where its connection comes from; outlives gan_soup_exchange_run()
 * @request: what to ask
 * @connect_seconds: how long connecting may take
 *
 * Returns: (transfer full): an exchange that has not begun
 */
GanSoupExchange *
gan_soup_exchange_new (GanSessionPool *pool, GanRequest *request, guint connect_seconds)
{
  GanSoupExchange *self = g_new0 (GanSoupExchange, 1);

  self->pool = pool;
  self->request = g_object_ref (request);
  self->connect_seconds = connect_seconds;
  self->announced = -1;
  return self;
}

/**
 * gan_soup_exchange_free:
 * @self: (transfer full): an exchange
 *
 * Gives the connection back if it was left as good as new, else ends it. To be called in the thread
 * that ran it.
 */
void
gan_soup_exchange_free (GanSoupExchange *self)
{
  if (self->message != NULL)
    g_signal_handlers_disconnect_by_data (self->message, self);
  if (self->stream != NULL)
    g_input_stream_close (self->stream, NULL, NULL);
  g_clear_object (&self->stream);
  g_clear_object (&self->message);
  if (self->lease != NULL)
    gan_lease_return (self->lease, self->reusable);
  g_clear_pointer (&self->gunzip, gan_gunzip_free);
  g_clear_error (&self->behind);
  g_object_unref (self->request);
  g_free (self);
}

static void
fail (GanSoupExchange *self, GError **error, GError *cause)
{
  self->reusable = FALSE;
  gan_soup_error_set (error, cause, self->stage, self->certificate);
  if (error != NULL)
    gan_error_set_url (*error, gan_url_get_string (gan_request_get_url (self->request)));
}

static gboolean
check_end (GanSoupExchange *self, GError **error)
{
  if (self->announced >= 0 && self->n_raw < self->announced)
    gan_error_set (error,
                   GAN_ERROR_TRUNCATED,
                   "cut",
                   "%" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " bytes came",
                   self->n_raw,
                   self->announced);
  else if (self->refuse_empty && self->n_raw == 0)
    gan_error_set (error, GAN_ERROR_TRUNCATED, "head", "the answer ended with its head");
  else
    return TRUE;
  return FALSE;
}

/* What else has come by now. TLS and chunks give a record or a chunk at a time; whoever asks for
 * more would rather have more. What is met behind the last byte is kept for the next call. */
static gsize
read_on (GanSoupExchange *self, guint8 *buffer, gsize size, GCancellable *cancellable)
{
  GPollableInputStream *stream = G_POLLABLE_INPUT_STREAM (self->stream);
  gssize n_read = 1;
  gsize n_more = 0;

  while (n_read > 0 && size - n_more >= MIN_READ_BYTES && !g_cancellable_is_cancelled (cancellable))
    {
      n_read = g_pollable_input_stream_read_nonblocking (stream,
                                                         buffer + n_more,
                                                         size - n_more,
                                                         NULL,
                                                         &self->behind);
      if (n_read > 0)
        n_more += (gsize) n_read;
    }
  self->is_at_end = n_read == 0;
  if (g_error_matches (self->behind, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    g_clear_error (&self->behind);
  return n_more;
}

static gssize
read_stream (GanSoupExchange *self,
             guint8 *buffer,
             gsize size,
             GCancellable *cancellable,
             GError **error)
{
  g_autoptr (GError) problem = g_steal_pointer (&self->behind);
  gssize n_read = 0;

  if (problem == NULL && !self->is_at_end)
    n_read = g_input_stream_read (self->stream, buffer, size, cancellable, &problem);
  if (n_read > 0)
    {
      n_read += (gssize) read_on (self, buffer + n_read, size - (gsize) n_read, cancellable);
      self->n_raw += n_read;
      return n_read;
    }
  if (problem == NULL && check_end (self, &problem))
    return 0;
  fail (self, error, g_steal_pointer (&problem));
  return -1;
}

/* The bytes as the server sent them. */
static gssize
read_raw (gpointer data, void *buffer, gsize size, GCancellable *cancellable, GError **error)
{
  GanSoupExchange *self = data;
  gssize n_read = 0;

  if (self->spill_start == self->spill_end && size >= MIN_READ_BYTES)
    return read_stream (self, buffer, size, cancellable, error);
  if (self->spill_start == self->spill_end)
    {
      n_read = read_stream (self, self->spill, MIN_READ_BYTES, cancellable, error);
      if (n_read <= 0)
        return n_read;
      self->spill_start = 0;
      self->spill_end = (gsize) n_read;
    }
  n_read = (gssize) MIN (size, self->spill_end - self->spill_start);
  memcpy (buffer, self->spill + self->spill_start, (gsize) n_read);
  self->spill_start += (gsize) n_read;
  return n_read;
}

static gssize
read_body (gpointer data, void *buffer, gsize size, GCancellable *cancellable, GError **error)
{
  GanSoupExchange *self = data;
  g_autoptr (GError) problem = NULL;
  gssize n_read = 0;

  if (self->gunzip == NULL)
    return read_raw (self, buffer, size, cancellable, error);
  n_read = gan_gunzip_read (self->gunzip, buffer, size, cancellable, &problem);
  if (n_read < 0)
    fail (self, error, g_steal_pointer (&problem));
  return n_read;
}

static gboolean
is_proven (gpointer data)
{
  GanSoupExchange *self = data;
  gboolean open = gan_lease_is_open (self->lease);

  self->reusable = self->reusable && open;
  return open;
}

static void
finish_body (gpointer data, gboolean whole)
{
  GanSoupExchange *self = data;

  self->reusable = self->reusable && whole;
  gan_soup_exchange_free (self);
}

/* Gzip was asked for with metadata; anything else in the way of the text is a fault of the server.
 * Media are given as they are, and whoever asked looks at the header. */
static gboolean
prepare_decoding (GanSoupExchange *self, GanSoupHead *head, GError **error)
{
  const char *encoding = gan_headers_get (head->headers, "Content-Encoding");

  if (encoding == NULL || gan_request_get_purpose (self->request) == GAN_REQUEST_MEDIA
      || head->framing == GAN_FRAMING_NONE || *encoding == '\0'
      || g_ascii_strcasecmp (encoding, "identity") == 0)
    return TRUE;
  if (g_ascii_strcasecmp (encoding, "gzip") == 0 || g_ascii_strcasecmp (encoding, "x-gzip") == 0)
    {
      self->gunzip = gan_gunzip_new (read_raw, self, gan_request_get_max_bytes (self->request));
      return TRUE;
    }
  gan_error_set (error,
                 GAN_ERROR_INVALID_DATA,
                 "content-encoding",
                 "the answer came in an encoding that was not asked for");
  return FALSE;
}

static guint64
connection_id (GanSoupExchange *self)
{
  return (gan_lease_get_id (self->lease) << BITS_OF_CONNECTION_ID)
         + soup_message_get_connection_id (self->message);
}

static GanResponse *
make_response (GanSoupExchange *self, GError **error)
{
  g_auto (GanSoupHead) head = { NULL };
  GanResponseHead response = { NULL };
  GanResponseBody body = { read_body, finish_body, self, is_proven };
  guint status = soup_message_get_status (self->message);

  if (!gan_soup_head_read (self->message, &head, error) || !prepare_decoding (self, &head, error))
    return NULL;
  if (head.contradictory)
    g_message ("an answer has both a length and chunks: its connection is not used again");
  self->reusable = !head.contradictory && soup_message_is_keepalive (self->message);
  self->announced = head.framing == GAN_FRAMING_LENGTH ? head.length : -1;
  self->refuse_empty = head.framing == GAN_FRAMING_CLOSE && SOUP_STATUS_IS_SUCCESSFUL (status)
                       && gan_request_get_purpose (self->request) == GAN_REQUEST_MEDIA;

  response.url = gan_request_get_url (self->request);
  response.status = status;
  response.headers = head.headers;
  response.framing = head.framing;
  response.content_length = self->gunzip == NULL ? self->announced : -1;
  response.connection_id = connection_id (self);
  response.max_bytes = gan_request_get_max_bytes (self->request);
  return gan_response_new (&response, &body);
}

/* A proxy that will not open the tunnel answers in the origin's place, as does any that wants a
 * password: nothing of such an answer is the origin's. */
static gboolean
check_proxy (GanSoupExchange *self, GError **error)
{
  guint status = soup_message_get_status (self->message);

  if (self->got_head && status != SOUP_STATUS_PROXY_AUTHENTICATION_REQUIRED)
    return TRUE;
  gan_error_set (error, GAN_ERROR_NETWORK, "proxy", "the proxy answered %u", status);
  return FALSE;
}

/* libsoup says the same of an endless head and of a connection that ended. */
static gboolean
is_endless_head (GanSoupExchange *self)
{
  SoupMessageMetrics *metrics = soup_message_get_metrics (self->message);

  return self->stage == GAN_SOUP_HEAD && !self->got_head
         && (self->n_informational > GAN_LIMIT_INFORMATIONAL
             || soup_message_metrics_get_response_header_bytes_received (metrics) > MAX_HEAD_BYTES);
}

static gboolean
send_message (GanSoupExchange *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) problem = NULL;

  self->stage = GAN_SOUP_HEAD;
  self->cancellable = cancellable;
  self->stream = soup_session_send (gan_lease_get_session (self->lease),
                                    self->message,
                                    cancellable,
                                    &problem);
  self->cancellable = NULL;
  g_clear_pointer (&self->handshake, gan_slot_release);
  if (self->stream != NULL)
    {
      self->stage = GAN_SOUP_BODY;
      return TRUE;
    }
  if (self->stage == GAN_SOUP_CONNECT)
    gan_session_pool_forget_family (self->pool,
                                    gan_url_get_host (gan_request_get_url (self->request)));
  if (!gan_error_is_cancelled (problem) && is_endless_head (self))
    {
      g_clear_error (&problem);
      problem = gan_error_new (GAN_ERROR_INVALID_DATA, "head", "the answer's head has no end");
    }
  fail (self, error, g_steal_pointer (&problem));
  return FALSE;
}

/**
 * gan_soup_exchange_run:
 * @self: (transfer full): an exchange that has not begun
 * @cancellable: (nullable): stops it
 * @error: return location
 *
 * Waits for a connection, sends the request and reads the head of the answer.
 *
 * Returns: (transfer full): the answer, which owns @self; NULL on error
 */
GanResponse *
gan_soup_exchange_run (GanSoupExchange *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (GanSoupExchange) owned = self;
  g_autoptr (GError) problem = NULL;
  GanResponse *response = NULL;

  self->message = create_message (self->request, error);
  if (self->message == NULL)
    return NULL;
  g_signal_connect (self->message, "network-event", G_CALLBACK (network_event_cb), self);
  g_signal_connect (self->message, "accept-certificate", G_CALLBACK (accept_certificate_cb), self);
  g_signal_connect (self->message, "got-informational", G_CALLBACK (got_informational_cb), self);
  g_signal_connect (self->message, "got-headers", G_CALLBACK (got_headers_cb), self);
  self->lease = gan_session_pool_lease (self->pool, self->request, cancellable, error);
  if (self->lease == NULL || !send_message (self, cancellable, error))
    return NULL;

  if (check_proxy (self, &problem))
    response = make_response (self, &problem);
  if (response == NULL)
    {
      fail (self, error, g_steal_pointer (&problem));
      return NULL;
    }
  g_steal_pointer (&owned);
  return response;
}
