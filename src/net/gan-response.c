/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-response-private.h"

#include "gan-error.h"
#include "gan-limits.h"

#include <string.h>

#define READ_ALL_STEP_BYTES ((gsize) 64 * 1024)

struct _GanResponse
{
  GObject parent_instance;

  GanUrl *url;
  GanHeaders *headers;
  GStrv header_names;
  char *content_type;
  GanResponseBody body;
  guint status;
  GanFraming framing;
  gint64 content_length;
  guint64 connection_id;
  guint64 n_read;
  gsize max_bytes;
  gboolean whole;
  gboolean proven;
};

G_DEFINE_FINAL_TYPE (GanResponse, gan_response, G_TYPE_OBJECT)

static void
finish_body (GanResponse *self, gboolean whole)
{
  GanResponseBody body = self->body;

  memset (&self->body, 0, sizeof self->body);
  if (body.finish == NULL)
    return;
  self->whole = whole;
  body.finish (body.data, whole);
}

static void
gan_response_dispose (GObject *object)
{
  finish_body (GAN_RESPONSE (object), FALSE);
  G_OBJECT_CLASS (gan_response_parent_class)->dispose (object);
}

static void
gan_response_finalize (GObject *object)
{
  GanResponse *self = GAN_RESPONSE (object);

  g_clear_pointer (&self->url, gan_url_unref);
  g_clear_pointer (&self->headers, gan_headers_unref);
  g_strfreev (self->header_names);
  g_free (self->content_type);
  G_OBJECT_CLASS (gan_response_parent_class)->finalize (object);
}

static void
gan_response_class_init (GanResponseClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = gan_response_dispose;
  object_class->finalize = gan_response_finalize;
}

static void
gan_response_init (GanResponse *self)
{
}

static GStrv
collect_names (GanHeaders *headers)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

  for (guint i = 0; i < gan_headers_get_n (headers); i++)
    g_strv_builder_add (names, gan_headers_get_name (headers, i));
  return g_strv_builder_end (names);
}

/**
 * gan_response_new:
 * @head: what the head said
 * @body: where the body comes from; its data belongs to the response from now on
 *
 * Returns: (transfer full): the response
 */
GanResponse *
gan_response_new (const GanResponseHead *head, const GanResponseBody *body)
{
  GanResponse *self = NULL;

  g_return_val_if_fail (head != NULL && head->url != NULL && head->headers != NULL, NULL);
  g_return_val_if_fail (body != NULL && body->read != NULL && body->finish != NULL, NULL);

  self = g_object_new (GAN_TYPE_RESPONSE, NULL);
  self->url = gan_url_ref (head->url);
  self->headers = gan_headers_ref (head->headers);
  self->header_names = collect_names (head->headers);
  self->content_type = gan_headers_dup_content_type (head->headers);
  self->status = head->status;
  self->framing = head->framing;
  self->content_length = head->content_length;
  self->connection_id = head->connection_id;
  self->max_bytes = head->max_bytes;
  self->body = *body;
  return self;
}

static gssize
read_stream (gpointer data, void *buffer, gsize size, GCancellable *cancellable, GError **error)
{
  return g_input_stream_read (data, buffer, size, cancellable, error);
}

static void
finish_stream (gpointer data, gboolean whole)
{
  g_object_unref (data);
}

/**
 * gan_response_new_from_bytes:
 * @head: what the head said
 * @bytes: the whole body
 *
 * Returns: (transfer full): a response whose body is in memory
 */
GanResponse *
gan_response_new_from_bytes (const GanResponseHead *head, GBytes *bytes)
{
  GanResponseBody body = { read_stream, finish_stream, NULL };

  g_return_val_if_fail (bytes != NULL, NULL);

  body.data = g_memory_input_stream_new_from_bytes (bytes);
  return gan_response_new (head, &body);
}

/**
 * gan_response_get_headers:
 * @self: a response
 *
 * Returns: (transfer none): its header fields
 */
GanHeaders *
gan_response_get_headers (GanResponse *self)
{
  g_return_val_if_fail (GAN_IS_RESPONSE (self), NULL);

  return self->headers;
}

/**
 * gan_response_get_head:
 * @self: a response
 * @head: (out): its head, as a response around it needs it; lent, without a largest body: @self
 *   itself sees to that
 */
void
gan_response_get_head (GanResponse *self, GanResponseHead *head)
{
  g_return_if_fail (GAN_IS_RESPONSE (self) && head != NULL);

  *head = (GanResponseHead){ 0 };
  head->url = self->url;
  head->status = self->status;
  head->headers = self->headers;
  head->framing = self->framing;
  head->content_length = self->content_length;
  head->connection_id = self->connection_id;
}

/**
 * gan_response_get_status:
 * @self: a response
 *
 * Returns: the status, 200 to 599
 */
guint
gan_response_get_status (GanResponse *self)
{
  g_return_val_if_fail (GAN_IS_RESPONSE (self), 0);

  return self->status;
}

/**
 * gan_response_get_url:
 * @self: a response
 *
 * Returns: (transfer none): the URL that answered: the last one where redirects were followed
 */
GanUrl *
gan_response_get_url (GanResponse *self)
{
  g_return_val_if_fail (GAN_IS_RESPONSE (self), NULL);

  return self->url;
}

/**
 * gan_response_get_header:
 * @self: a response
 * @name: a field's name, in any case
 *
 * Returns: (nullable): the value of the first such field; hostile text without control characters
 */
const char *
gan_response_get_header (GanResponse *self, const char *name)
{
  g_return_val_if_fail (GAN_IS_RESPONSE (self) && name != NULL, NULL);

  return gan_headers_get (self->headers, name);
}

/**
 * gan_response_get_header_names:
 * @self: a response
 *
 * Returns: (transfer none): the name of every field, in order; a name comes as often as the field
 */
const char *const *
gan_response_get_header_names (GanResponse *self)
{
  g_return_val_if_fail (GAN_IS_RESPONSE (self), NULL);

  return (const char *const *) self->header_names;
}

/**
 * gan_response_dup_header_values:
 * @self: a response
 * @name: a field's name, in any case
 *
 * Returns: (transfer full): the values of all such fields, in order, such as of Set-Cookie
 */
GStrv
gan_response_dup_header_values (GanResponse *self, const char *name)
{
  g_return_val_if_fail (GAN_IS_RESPONSE (self) && name != NULL, NULL);

  return gan_headers_dup_all (self->headers, name);
}

/**
 * gan_response_get_content_type:
 * @self: a response
 *
 * Returns: (nullable): the media type in lower case, without parameters
 */
const char *
gan_response_get_content_type (GanResponse *self)
{
  g_return_val_if_fail (GAN_IS_RESPONSE (self), NULL);

  return self->content_type;
}

/**
 * gan_response_get_framing:
 * @self: a response
 *
 * With %GAN_FRAMING_LENGTH an end before the announced length is an error. With
 * %GAN_FRAMING_CHUNKED and %GAN_FRAMING_CLOSE the end of the body proves nothing (contracts.md §5).
 *
 * Returns: how the server said where the body ends
 */
GanFraming
gan_response_get_framing (GanResponse *self)
{
  g_return_val_if_fail (GAN_IS_RESPONSE (self), GAN_FRAMING_NONE);

  return self->framing;
}

/**
 * gan_response_get_content_length:
 * @self: a response
 *
 * Returns: the number of bytes that gan_response_read() will give in all; -1 where the server did
 * not say, or where they are decoded
 */
gint64
gan_response_get_content_length (GanResponse *self)
{
  g_return_val_if_fail (GAN_IS_RESPONSE (self), -1);

  return self->content_length;
}

static gboolean
read_offset (const char **cursor, gint64 *offset)
{
  gsize n_digits = strspn (*cursor, "0123456789");
  g_autofree char *digits = g_strndup (*cursor, n_digits);

  *cursor += n_digits;
  return g_ascii_string_to_signed (digits, 10, 0, G_MAXINT64, offset, NULL);
}

static gboolean
read_unknown (const char **cursor)
{
  if (**cursor != '*')
    return FALSE;
  (*cursor)++;
  return TRUE;
}

/**
 * gan_response_get_content_range:
 * @self: a response
 * @first: (out): offset of the first byte sent; -1 if the range could not be served
 * @last: (out): offset of the last byte sent; -1 if the range could not be served
 * @total: (out): size of the whole; -1 if the server does not know
 *
 * Reads Content-Range (RFC 9110 §14.4). An asterisk stands for an unknown size and, in a 416, for
 * the range.
 *
 * Returns: FALSE if there is none, or it contradicts itself
 */
gboolean
gan_response_get_content_range (GanResponse *self, gint64 *first, gint64 *last, gint64 *total)
{
  const char *cursor = NULL;
  gint64 from = -1;
  gint64 to = -1;
  gint64 size = -1;

  g_return_val_if_fail (GAN_IS_RESPONSE (self), FALSE);
  g_return_val_if_fail (first != NULL && last != NULL && total != NULL, FALSE);

  cursor = gan_headers_get (self->headers, "Content-Range");
  if (cursor == NULL || g_ascii_strncasecmp (cursor, "bytes ", 6) != 0)
    return FALSE;
  cursor += 6;
  if (!read_unknown (&cursor)
      && (!read_offset (&cursor, &from) || *cursor++ != '-' || !read_offset (&cursor, &to)))
    return FALSE;
  if (*cursor++ != '/' || (!read_unknown (&cursor) && !read_offset (&cursor, &size))
      || *cursor != '\0')
    return FALSE;
  if (to < from || (size >= 0 && to >= size) || (from < 0 && size < 0))
    return FALSE;

  *first = from;
  *last = to;
  *total = size;
  return TRUE;
}

/**
 * gan_response_get_connection_id:
 * @self: a response
 *
 * Returns: a number that two answers share if and only if they came over the same connection; 0
 * where there is none, as in a replay
 */
guint64
gan_response_get_connection_id (GanResponse *self)
{
  g_return_val_if_fail (GAN_IS_RESPONSE (self), 0);

  return self->connection_id;
}

/**
 * gan_response_get_retry_after:
 * @self: a response
 *
 * Returns: seconds to wait as the server asks, 0 to GAN_LIMIT_RETRY_AFTER_SECONDS; -1 if it does
 * not
 */
gint64
gan_response_get_retry_after (GanResponse *self)
{
  g_return_val_if_fail (GAN_IS_RESPONSE (self), -1);

  return gan_headers_get_retry_after (self->headers);
}

static gboolean
prove_whole (GanResponse *self)
{
  switch (self->framing)
    {
    case GAN_FRAMING_LENGTH:
    case GAN_FRAMING_NONE:
      return TRUE;
    case GAN_FRAMING_CHUNKED:
      return self->body.is_proven != NULL && self->body.is_proven (self->body.data);
    case GAN_FRAMING_CLOSE:
    default:
      return FALSE;
    }
}

static gboolean
check_cap (GanResponse *self, gssize n_new, GError **error)
{
  self->n_read += (guint64) n_new;
  if (self->max_bytes == 0 || self->n_read <= self->max_bytes)
    return TRUE;
  gan_error_set (error,
                 GAN_ERROR_TOO_LARGE,
                 "body",
                 "the answer is larger than %" G_GSIZE_FORMAT " bytes",
                 self->max_bytes);
  if (error != NULL)
    gan_error_set_url (*error, gan_url_get_string (self->url));
  return FALSE;
}

/**
 * gan_response_read:
 * @self: a response
 * @buffer: where to
 * @size: room in @buffer, 1 or more; 256 KiB is cheapest for large bodies
 * @cancellable: (nullable): stops it
 * @error: return location
 *
 * Waits for some of the body and reads as much of it as has come by then. After the end it gives 0
 * again and again, after an error or a gan_response_close() before the end it fails again and
 * again.
 *
 * Fails with %G_IO_ERROR_CANCELLED, or %GAN_ERROR_TRUNCATED when the body ends too soon,
 * %GAN_ERROR_TOO_LARGE beyond the largest size of the request, %GAN_ERROR_NETWORK,
 * %GAN_ERROR_TIMEOUT, %GAN_ERROR_TLS, or %GAN_ERROR_INVALID_DATA when an encoding that was asked
 * for is broken.
 *
 * Returns: the number of bytes, 0 at the end, -1 on error
 */
gssize
gan_response_read (GanResponse *self,
                   void *buffer,
                   gsize size,
                   GCancellable *cancellable,
                   GError **error)
{
  gssize n_read = 0;

  g_return_val_if_fail (GAN_IS_RESPONSE (self), -1);
  g_return_val_if_fail (buffer != NULL && size > 0, -1);

  if (self->body.read == NULL && self->whole)
    return 0;
  if (self->body.read == NULL)
    {
      gan_error_set (error, GAN_ERROR_TRUNCATED, "closed", "the answer was closed before its end");
      return -1;
    }
  n_read = self->body.read (self->body.data, buffer, size, cancellable, error);
  if (n_read > 0 && !check_cap (self, n_read, error))
    n_read = -1;
  if (n_read == 0)
    self->proven = prove_whole (self);
  if (n_read <= 0)
    finish_body (self, n_read == 0);
  return n_read;
}

/**
 * gan_response_is_proven_whole:
 * @self: a response
 *
 * Tells, once gan_response_read() gave 0, whether nothing can be missing: the announced length has
 * come, or the server ended a chunked body and kept the connection open. A chunked body that came
 * with the end of its connection, or a body without any framing, may be whole all the same; that is
 * then to be found out by asking for more (`416` beyond the end), or from the body itself.
 *
 * Returns: TRUE if the body is certainly whole
 */
gboolean
gan_response_is_proven_whole (GanResponse *self)
{
  g_return_val_if_fail (GAN_IS_RESPONSE (self), FALSE);

  return self->proven;
}

/**
 * gan_response_read_all:
 * @self: a response
 * @max_bytes: the largest body to take
 * @cancellable: (nullable): stops it
 * @error: return location
 *
 * Reads the rest of the body into memory, which grows with what comes, never with what is
 * announced. Fails like gan_response_read(), and with %GAN_ERROR_TOO_LARGE beyond @max_bytes.
 *
 * Returns: (transfer full): the bytes, or NULL
 */
GBytes *
gan_response_read_all (GanResponse *self,
                       gsize max_bytes,
                       GCancellable *cancellable,
                       GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autofree guint8 *buffer = g_malloc (READ_ALL_STEP_BYTES);
  gssize n_read = 0;

  g_return_val_if_fail (GAN_IS_RESPONSE (self), NULL);

  max_bytes = MIN (max_bytes, G_MAXINT32);
  while ((n_read = gan_response_read (self, buffer, READ_ALL_STEP_BYTES, cancellable, error)) > 0)
    {
      if ((gsize) n_read > max_bytes - bytes->len)
        {
          gan_response_close (self);
          gan_error_set (error,
                         GAN_ERROR_TOO_LARGE,
                         "body",
                         "the answer is larger than %" G_GSIZE_FORMAT " bytes",
                         max_bytes);
          return NULL;
        }
      g_byte_array_append (bytes, buffer, (guint) n_read);
    }
  if (n_read < 0)
    return NULL;
  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}

static GanErrorCode
code_of_status (guint status)
{
  switch (status)
    {
    case 404:
    case 410:
      return GAN_ERROR_NOT_FOUND;
    case 401:
      return GAN_ERROR_LOGIN_REQUIRED;
    case 403:
      return GAN_ERROR_NOT_ALLOWED;
    case 429:
      return GAN_ERROR_RATE_LIMITED;
    default:
      return GAN_ERROR_HTTP_STATUS;
    }
}

/**
 * gan_response_check_head:
 * @status: a status
 * @headers: the fields that came with it
 * @url: the URL that answered
 * @error: return location
 *
 * gan_response_check_status() for those who have no #GanResponse any more.
 *
 * Returns: whether @status is a success
 */
gboolean
gan_response_check_head (guint status, GanHeaders *headers, GanUrl *url, GError **error)
{
  g_autoptr (GError) problem = NULL;
  gint64 retry_after = -1;

  if (status >= 200 && status < 300)
    return TRUE;
  problem = gan_error_new (code_of_status (status), NULL, "the server answered %u", status);
  gan_error_set_http_status (problem, status);
  gan_error_set_url (problem, gan_url_get_string (url));
  retry_after = gan_headers_get_retry_after (headers);
  if (retry_after >= 0)
    gan_error_set_retry_after (problem, retry_after);
  g_propagate_error (error, g_steal_pointer (&problem));
  return FALSE;
}

/**
 * gan_response_check_status:
 * @self: a response
 * @error: return location
 *
 * Turns a status that is no success into the error of a plain file (contracts.md §1): 404 and 410
 * not-found, 401 login-required, 403 not-allowed, 429 rate-limited, others http-status, with the
 * status and Retry-After. The body is left unread.
 *
 * Returns: whether the status is 200 to 299
 */
gboolean
gan_response_check_status (GanResponse *self, GError **error)
{
  g_return_val_if_fail (GAN_IS_RESPONSE (self), FALSE);

  return gan_response_check_head (self->status, self->headers, self->url, error);
}

/**
 * gan_response_close:
 * @self: a response
 *
 * Ends it in the calling thread. A body that was not read to its end costs the connection. Safe to
 * call twice; dropping the last reference does the same.
 */
void
gan_response_close (GanResponse *self)
{
  g_return_if_fail (GAN_IS_RESPONSE (self));

  finish_body (self, FALSE);
}
