/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-test-connection.h"

#include "gan-test-certificate.h"

#include <linux/sockios.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#define HEAD_LIMIT (256 * 1024)
#define BODY_LIMIT (64 * 1024 * 1024)
#define READ_SIZE (16 * 1024)

/* The thread in which GIO shook hands keeps TLS a moment longer than the handshake takes. Whoever
 * lets go of it last closes the socket with it, and two threads that close one socket may close the
 * descriptor of somebody else. So the socket is closed first, while the stream is still held here.
 */
struct _GanTestConnection
{
  GSocket *socket;
  GIOStream *stream; /* TLS from before its handshake on */
  GByteArray *input; /* read, but not yet consumed */
  guint number;
  GMutex lock;     /* between closing and waking: a closed descriptor may already be another's */
  gboolean closed; /* changed under the lock, by the thread of the connection alone */
};

GanTestConnection *
gan_test_connection_new (GSocket *socket, guint number)
{
  GanTestConnection *self = g_new0 (GanTestConnection, 1);

  self->socket = g_object_ref (socket);
  self->stream = G_IO_STREAM (g_socket_connection_factory_create_connection (socket));
  self->input = g_byte_array_new ();
  self->number = number;
  g_mutex_init (&self->lock);
  return self;
}

void
gan_test_connection_free (GanTestConnection *self)
{
  gan_test_connection_close (self, GAN_TEST_CLOSE_CUT);
  g_object_unref (self->stream);
  g_object_unref (self->socket);
  g_byte_array_unref (self->input);
  g_mutex_clear (&self->lock);
  g_free (self);
}

guint
gan_test_connection_get_number (GanTestConnection *self)
{
  return self->number;
}

gboolean
gan_test_connection_is_closed (GanTestConnection *self)
{
  return self->closed;
}

/**
 * gan_test_connection_wake:
 * @self: a connection that another thread uses
 *
 * Ends every wait on the socket, now and later. The caller sees to it that the connection is not
 * freed meanwhile.
 */
void
gan_test_connection_wake (GanTestConnection *self)
{
  g_mutex_lock (&self->lock);
  if (!self->closed)
    shutdown (g_socket_get_fd (self->socket), SHUT_RDWR);
  g_mutex_unlock (&self->lock);
}

/* Reads what has come, waiting for it. FALSE: the other side is gone. */
static gboolean
fill (GanTestConnection *self)
{
  guint8 piece[READ_SIZE];
  gssize n;

  if (self->closed)
    return FALSE;
  n = g_input_stream_read (g_io_stream_get_input_stream (self->stream),
                           piece,
                           sizeof piece,
                           NULL,
                           NULL);
  if (n <= 0)
    return FALSE;
  g_byte_array_append (self->input, piece, n);
  return TRUE;
}

gboolean
gan_test_connection_write (GanTestConnection *self, const void *data, gsize length)
{
  if (self->closed)
    return FALSE;
  return g_output_stream_write_all (g_io_stream_get_output_stream (self->stream),
                                    data,
                                    length,
                                    NULL,
                                    NULL,
                                    NULL);
}

/* g_tls_server_connection_new() reads all authorities of the system for every connection, unless a
 * database is there from the start. */
static GIOStream *
new_tls_stream (GIOStream *base, GTlsCertificate *certificate)
{
  return g_initable_new (g_tls_backend_get_server_connection_type (g_tls_backend_get_default ()),
                         NULL,
                         NULL,
                         "base-io-stream",
                         base,
                         "certificate",
                         certificate,
                         "database",
                         gan_test_certificate_get_database (),
                         NULL);
}

/* GIO shakes hands in a pool of ten threads that servers and clients of this process share: a
 * server that waits there for its client would keep the client out. */
static GMutex handshake_lock;
static GCond handshake_over;
static guint n_handshakes;

#define MAX_HANDSHAKES 2

static gboolean
shake_hands (GanTestConnection *self, GIOStream *tls)
{
  gboolean done;

  g_socket_condition_wait (self->socket, G_IO_IN, NULL, NULL);
  g_mutex_lock (&handshake_lock);
  while (n_handshakes >= MAX_HANDSHAKES)
    g_cond_wait (&handshake_over, &handshake_lock);
  n_handshakes++;
  g_mutex_unlock (&handshake_lock);
  done = g_tls_connection_handshake (G_TLS_CONNECTION (tls), NULL, NULL);
  g_mutex_lock (&handshake_lock);
  n_handshakes--;
  g_cond_signal (&handshake_over);
  g_mutex_unlock (&handshake_lock);
  return done;
}

/* The alert of RFC 5246 §7.2: fatal, protocol_version. */
static const guint8 version_alert[] = { 0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x46 };

/**
 * gan_test_connection_start_tls:
 * @self: a new connection
 * @mode: what the client shall meet
 * @certificate: (nullable): what to show
 *
 * Returns: whether HTTP can begin
 */
gboolean
gan_test_connection_start_tls (GanTestConnection *self,
                               GanTestTlsMode mode,
                               GTlsCertificate *certificate)
{
  g_autoptr (GIOStream) tls = NULL;

  if (mode == GAN_TEST_TLS_NONE)
    return TRUE;
  if (mode == GAN_TEST_TLS_OLD || mode == GAN_TEST_TLS_CUT)
    {
      if (fill (self) && mode == GAN_TEST_TLS_OLD)
        gan_test_connection_write (self, version_alert, sizeof version_alert);
      gan_test_connection_close (self, GAN_TEST_CLOSE_CUT);
      return FALSE;
    }
  tls = new_tls_stream (self->stream, certificate);
  if (tls == NULL)
    return FALSE;
  g_set_object (&self->stream, tls);
  return shake_hands (self, tls);
}

/**
 * gan_test_connection_wait_gone:
 * @self: a connection
 * @milliseconds: the longest wait
 *
 * What the client sends meanwhile is kept for the next request.
 *
 * Returns: whether the client (or the server, because it ends) hung up within the time
 */
gboolean
gan_test_connection_wait_gone (GanTestConnection *self, guint milliseconds)
{
  gint64 end = g_get_monotonic_time () + (gint64) milliseconds * 1000;

  while (!self->closed)
    {
      GInputStream *input = g_io_stream_get_input_stream (self->stream);
      g_autoptr (GError) error = NULL;
      guint8 piece[READ_SIZE];
      gint64 left = end - g_get_monotonic_time ();
      gssize n;

      n = g_pollable_input_stream_read_nonblocking (G_POLLABLE_INPUT_STREAM (input),
                                                    piece,
                                                    sizeof piece,
                                                    NULL,
                                                    &error);
      if (n > 0)
        g_byte_array_append (self->input, piece, n);
      else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
        return TRUE;
      else if (left <= 0)
        return FALSE;
      else
        g_socket_condition_timed_wait (self->socket, G_IO_IN, left, NULL, NULL);
    }
  return TRUE;
}

/* A reset throws away what the kernel has not sent yet, and a test wants to know what came. */
static void
wait_sent (GanTestConnection *self)
{
  int unsent = 0;
  guint tries;

  for (tries = 0; tries < 1000; tries++)
    {
      if (ioctl (g_socket_get_fd (self->socket), SIOCOUTQ, &unsent) < 0 || unsent == 0)
        return;
      if (gan_test_connection_wait_gone (self, 2))
        return;
    }
}

void
gan_test_connection_close (GanTestConnection *self, GanTestClose how)
{
  struct linger linger = { .l_onoff = 1, .l_linger = 0 };

  if (self->closed)
    return;
  if (how == GAN_TEST_CLOSE_ORDERLY && G_IS_TLS_CONNECTION (self->stream))
    g_output_stream_close (g_io_stream_get_output_stream (self->stream), NULL, NULL);
  if (how == GAN_TEST_CLOSE_RESET)
    {
      wait_sent (self);
      setsockopt (g_socket_get_fd (self->socket), SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
    }
  g_mutex_lock (&self->lock);
  self->closed = TRUE;
  g_socket_close (self->socket, NULL);
  g_mutex_unlock (&self->lock);
}

static GSocket *
connect_loopback (guint16 port)
{
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loopback, port);
  g_autoptr (GSocket) socket
      = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);

  if (socket == NULL || !g_socket_connect (socket, address, NULL, NULL))
    return NULL;
  return g_steal_pointer (&socket);
}

/* Moves what one side has sent to the other. Returns how much, 0 or less at its end. */
static gssize
move (GSocket *from, GSocket *to)
{
  char piece[READ_SIZE];
  gssize n = g_socket_receive (from, piece, sizeof piece, NULL, NULL);
  gssize sent, done;

  for (done = 0; done < n; done += sent)
    {
      sent = g_socket_send (to, piece + done, n - done, NULL, NULL);
      if (sent <= 0)
        return -1;
    }
  return n;
}

/**
 * gan_test_connection_tunnel:
 * @self: a connection without TLS
 * @port: port on loopback of the other end
 * @limit: after so many bytes from there both ends are cut
 *
 * Carries bytes both ways until one side hangs up.
 *
 * Returns: bytes from the other end, -1 when it cannot be reached
 */
gint64
gan_test_connection_tunnel (GanTestConnection *self, guint16 port, gint64 limit)
{
  g_autoptr (GSocket) other = connect_loopback (port);
  gint64 carried = 0;
  gssize n = 1;

  if (other == NULL)
    return -1;
  if (self->input->len > 0)
    n = g_socket_send (other, (const char *) self->input->data, self->input->len, NULL, NULL);
  while (n > 0 && carried < limit)
    {
      GPollFD ends[2] = { { g_socket_get_fd (self->socket), G_IO_IN, 0 },
                          { g_socket_get_fd (other), G_IO_IN, 0 } };

      g_poll (ends, 2, -1);
      if (ends[0].revents != 0)
        n = move (self->socket, other);
      if (n > 0 && ends[1].revents != 0)
        {
          n = move (other, self->socket);
          carried += MAX (n, 0);
        }
    }
  gan_test_connection_close (self, GAN_TEST_CLOSE_CUT);
  return carried;
}

/**
 * gan_test_connection_end_output:
 * @self: a connection
 *
 * Says that nothing more will come, by TLS's goodbye without a FIN, or by FIN, and stays.
 */
void
gan_test_connection_end_output (GanTestConnection *self)
{
  if (G_IS_TLS_CONNECTION (self->stream))
    g_output_stream_close (g_io_stream_get_output_stream (self->stream), NULL, NULL);
  else
    g_socket_shutdown (self->socket, FALSE, TRUE, NULL);
}

static void
request_clear (gpointer data)
{
  GanTestRequest *self = data;

  g_free (self->method);
  g_free (self->target);
  g_clear_pointer (&self->headers, g_hash_table_unref);
  g_clear_pointer (&self->body, g_bytes_unref);
}

GanTestRequest *
gan_test_request_ref (GanTestRequest *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
gan_test_request_unref (GanTestRequest *self)
{
  g_atomic_rc_box_release_full (self, request_clear);
}

/* Takes the next line off the input, without its line end. */
static char *
read_line (GanTestConnection *self)
{
  const guint8 *end;
  char *line;
  gsize length;

  while (TRUE)
    {
      end = self->input->len == 0 ? NULL : memchr (self->input->data, '\n', self->input->len);
      if (end != NULL)
        break;
      if (self->input->len > HEAD_LIMIT || !fill (self))
        return NULL;
    }
  length = end - self->input->data;
  line = g_strndup ((const char *) self->input->data, length);
  g_byte_array_remove_range (self->input, 0, length + 1);
  return g_strchomp (line);
}

static gboolean
read_exactly (GanTestConnection *self, GByteArray *body, guint64 length)
{
  if (length > BODY_LIMIT || body->len + length > BODY_LIMIT)
    return FALSE;
  while (self->input->len < length)
    if (!fill (self))
      return FALSE;
  g_byte_array_append (body, self->input->data, length);
  g_byte_array_remove_range (self->input, 0, length);
  return TRUE;
}

static gboolean
read_chunks (GanTestConnection *self, GByteArray *body)
{
  while (TRUE)
    {
      g_autofree char *line = read_line (self);
      g_autofree char *rest = NULL;
      guint64 length;

      if (line == NULL || !g_ascii_isxdigit (*line))
        return FALSE;
      length = g_ascii_strtoull (line, NULL, 16);
      if (length > 0 && !read_exactly (self, body, length))
        return FALSE;
      rest = read_line (self);
      if (rest == NULL || *rest != '\0')
        return FALSE;
      if (length == 0)
        return TRUE;
    }
}

static gboolean
read_body (GanTestConnection *self, GanTestRequest *request)
{
  g_autoptr (GByteArray) body = g_byte_array_new ();
  const char *coding = g_hash_table_lookup (request->headers, "transfer-encoding");
  const char *length = g_hash_table_lookup (request->headers, "content-length");
  const char *expect = g_hash_table_lookup (request->headers, "expect");
  static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";

  if (expect != NULL && !gan_test_connection_write (self, go_on, strlen (go_on)))
    return FALSE;
  if (coding != NULL && g_ascii_strcasecmp (coding, "chunked") == 0)
    {
      if (!read_chunks (self, body))
        return FALSE;
    }
  else if (length != NULL)
    {
      if (!read_exactly (self, body, g_ascii_strtoull (length, NULL, 10)))
        return FALSE;
    }
  request->body = g_byte_array_free_to_bytes (g_steal_pointer (&body));
  return TRUE;
}

static gboolean
read_headers (GanTestConnection *self, GanTestRequest *request)
{
  while (TRUE)
    {
      g_autofree char *line = read_line (self);
      g_autofree char *name = NULL;
      const char *before;
      char *colon;

      if (line == NULL)
        return FALSE;
      if (*line == '\0')
        return TRUE;
      colon = strchr (line, ':');
      if (colon == NULL)
        return FALSE;
      *colon = '\0';
      name = g_ascii_strdown (line, -1);
      before = g_hash_table_lookup (request->headers, name);
      g_hash_table_replace (request->headers,
                            g_steal_pointer (&name),
                            before == NULL
                                ? g_strdup (g_strstrip (colon + 1))
                                : g_strdup_printf ("%s, %s", before, g_strstrip (colon + 1)));
    }
}

/**
 * gan_test_connection_read_request:
 * @self: a connection
 *
 * Waits for the next request and reads it whole, body by length or by chunks.
 *
 * Returns: (transfer full) (nullable): the request, %NULL when the client is gone or talks nonsense
 */
GanTestRequest *
gan_test_connection_read_request (GanTestConnection *self)
{
  GanTestRequest *request;
  g_autofree char *line = read_line (self);
  g_auto (GStrv) words = NULL;

  if (line == NULL)
    return NULL;
  words = g_strsplit (line, " ", 3);
  if (g_strv_length (words) != 3 || !g_str_has_prefix (words[2], "HTTP/1."))
    return NULL;
  request = g_atomic_rc_box_new0 (GanTestRequest);
  request->method = g_strdup (words[0]);
  request->target = g_strdup (words[1]);
  request->connection = self->number;
  request->headers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  if (!read_headers (self, request) || !read_body (self, request))
    {
      gan_test_request_unref (request);
      return NULL;
    }
  return request;
}
