/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-test-server.h"

#include "gan-test-certificate.h"
#include "gan-test-exchange.h"
#include "gan-test-scenarios.h"

#include <sys/socket.h>

/* What lies in the kernel when a connection is cut stays small, so that bytes written are nearly
 * bytes arrived. */
#define SEND_BUFFER (128 * 1024)

typedef struct
{
  GanTestHandler handler;
  gpointer user_data;
} Custom;

typedef struct
{
  GanTestServer *server; /* (unowned): it joins the thread before it goes */
  GanTestConnection *connection;
  GThread *thread;
} Worker;

struct _GanTestServer
{
  GObject parent_instance;

  GSocket *socket;
  guint16 port;
  GanTestTlsMode tls;
  GTlsCertificate *certificate;
  GThread *thread;

  GMutex lock;
  GCond changed; /* a request was logged, a worker ended */
  gboolean stopping;
  GHashTable *customs; /* scenario → Custom */
  GHashTable *targets; /* target → how many requests */
  GPtrArray *requests; /* GanTestRequest */
  GHashTable *counts;  /* scenario → how many requests */
  GPtrArray *workers;  /* at work */
  GPtrArray *finished; /* to be joined */
  GanTestAcceptMode accept_mode;
  gboolean keep_requests;
  guint n_requests;
  guint n_connections;
  guint64 body_bytes;
  int phase;
};

G_DEFINE_FINAL_TYPE (GanTestServer, gan_test_server, G_TYPE_OBJECT)

static guint
increment (GHashTable *table, const char *key)
{
  guint before = GPOINTER_TO_UINT (g_hash_table_lookup (table, key));

  g_hash_table_replace (table, g_strdup (key), GUINT_TO_POINTER (before + 1));
  return before;
}

/* Writes the request into the log and says how many of the same target were there before. */
static guint
log_request (GanTestServer *self, GanTestRequest *request)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  g_autofree char *scenario = gan_test_request_dup_scenario (request);

  self->n_requests++;
  increment (self->counts, scenario);
  if (self->keep_requests)
    g_ptr_array_add (self->requests, gan_test_request_ref (request));
  g_cond_broadcast (&self->changed);
  return self->keep_requests ? increment (self->targets, request->target) : 0;
}

static void
run_handler (GanTestServer *self, GanTestExchange *exchange)
{
  const char *scenario = gan_test_exchange_get_scenario (exchange);
  Custom custom = { NULL, NULL };
  Custom *found;

  g_mutex_lock (&self->lock);
  found = g_hash_table_lookup (self->customs, scenario);
  if (found != NULL)
    custom = *found;
  g_mutex_unlock (&self->lock);

  if (custom.handler != NULL)
    custom.handler (exchange, custom.user_data);
  else
    gan_test_scenario_run (scenario, exchange);
}

static gboolean
wants_close (GanTestRequest *request)
{
  const char *value = g_hash_table_lookup (request->headers, "connection");

  return value != NULL && g_ascii_strcasecmp (value, "close") == 0;
}

static void
serve (GanTestServer *self, GanTestConnection *connection)
{
  guint served;

  for (served = 0; !gan_test_connection_is_closed (connection); served++)
    {
      GanTestRequest *request = gan_test_connection_read_request (connection);
      GanTestExchange *exchange;
      gboolean last;
      guint nth;

      if (request == NULL)
        {
          gan_test_connection_close (connection, GAN_TEST_CLOSE_ORDERLY);
          return;
        }
      last = wants_close (request);
      nth = log_request (self, request);
      exchange = gan_test_exchange_new (self, connection, request, nth, served);
      run_handler (self, exchange);
      gan_test_exchange_free (exchange);
      if (last)
        gan_test_connection_close (connection, GAN_TEST_CLOSE_ORDERLY);
    }
}

static void
handle_connection (GanTestServer *self, GanTestConnection *connection)
{
  GanTestAcceptMode mode;

  g_mutex_lock (&self->lock);
  mode = self->accept_mode;
  g_mutex_unlock (&self->lock);

  if (mode == GAN_TEST_ACCEPT_RESET)
    gan_test_connection_close (connection, GAN_TEST_CLOSE_RESET);
  else if (mode == GAN_TEST_ACCEPT_SILENT)
    gan_test_connection_wait_gone (connection, G_MAXINT);
  else if (gan_test_connection_start_tls (connection, self->tls, self->certificate))
    serve (self, connection);
}

static gpointer
worker_main (gpointer data)
{
  Worker *worker = data;
  GanTestServer *self = worker->server;
  GanTestConnection *connection = worker->connection;

  handle_connection (self, connection);

  g_mutex_lock (&self->lock);
  g_ptr_array_remove_fast (self->workers, worker);
  g_ptr_array_add (self->finished, worker);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
  gan_test_connection_free (connection);
  return NULL;
}

static void
worker_join (gpointer data)
{
  Worker *worker = data;

  g_thread_join (worker->thread);
  g_free (worker);
}

/* Also when it comes while the server stops: then the thread ends at its first read. */
static void
add_worker (GanTestServer *self, GSocket *socket)
{
  g_autoptr (GPtrArray) finished = NULL;
  Worker *worker = g_new0 (Worker, 1);
  int size = SEND_BUFFER;

  setsockopt (g_socket_get_fd (socket), SOL_SOCKET, SO_SNDBUF, &size, sizeof size);

  g_mutex_lock (&self->lock);
  worker->server = self;
  worker->connection = gan_test_connection_new (socket, self->n_connections++);
  if (self->stopping)
    gan_test_connection_wake (worker->connection);
  g_ptr_array_add (self->workers, worker);
  finished = g_steal_pointer (&self->finished);
  self->finished = g_ptr_array_new_with_free_func (worker_join);
  worker->thread = g_thread_new ("test-connection", worker_main, worker);
  g_mutex_unlock (&self->lock);
}

static gpointer
accept_main (gpointer data)
{
  GanTestServer *self = data;
  gboolean stopping = FALSE;

  while (!stopping)
    {
      g_autoptr (GSocket) socket = g_socket_accept (self->socket, NULL, NULL);

      if (socket != NULL)
        add_worker (self, socket);
      g_mutex_lock (&self->lock);
      stopping = self->stopping;
      g_mutex_unlock (&self->lock);
    }
  return NULL;
}

static void
stop (GanTestServer *self)
{
  guint i;

  if (self->thread == NULL)
    return;
  g_mutex_lock (&self->lock);
  self->stopping = TRUE;
  for (i = 0; i < self->workers->len; i++)
    {
      Worker *worker = g_ptr_array_index (self->workers, i);

      gan_test_connection_wake (worker->connection);
    }
  g_mutex_unlock (&self->lock);

  shutdown (g_socket_get_fd (self->socket), SHUT_RDWR);
  g_thread_join (g_steal_pointer (&self->thread));

  g_mutex_lock (&self->lock);
  while (self->workers->len > 0)
    g_cond_wait (&self->changed, &self->lock);
  g_mutex_unlock (&self->lock);
  g_ptr_array_set_size (self->finished, 0);
}

static void
gan_test_server_finalize (GObject *object)
{
  GanTestServer *self = GAN_TEST_SERVER (object);

  stop (self);
  g_clear_object (&self->socket);
  g_clear_object (&self->certificate);
  g_hash_table_unref (self->customs);
  g_hash_table_unref (self->targets);
  g_hash_table_unref (self->counts);
  g_ptr_array_unref (self->requests);
  g_ptr_array_unref (self->workers);
  g_ptr_array_unref (self->finished);
  g_cond_clear (&self->changed);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (gan_test_server_parent_class)->finalize (object);
}

static void
gan_test_server_class_init (GanTestServerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = gan_test_server_finalize;
}

static void
gan_test_server_init (GanTestServer *self)
{
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  self->customs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->targets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->requests = g_ptr_array_new_with_free_func ((GDestroyNotify) gan_test_request_unref);
  self->workers = g_ptr_array_new ();
  self->finished = g_ptr_array_new_with_free_func (worker_join);
  self->keep_requests = TRUE;
}

static void
start (GanTestServer *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) wanted = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) bound = NULL;

  self->socket
      = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, &error);
  g_assert_no_error (error);
  g_socket_set_listen_backlog (self->socket, 512);
  g_socket_bind (self->socket, wanted, FALSE, &error);
  g_assert_no_error (error);
  g_socket_listen (self->socket, &error);
  g_assert_no_error (error);
  bound = g_socket_get_local_address (self->socket, &error);
  g_assert_no_error (error);
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
  self->thread = g_thread_new ("test-accept", accept_main, self);
}

/**
 * gan_test_server_new:
 * @tls: whether to speak TLS, with a certificate for 127.0.0.1, localhost, example.test,
 * other.test, site1.test to site4.test, site.test and every name below that
 *
 * Returns: (transfer full): a server that already listens on a port of its own; its last unref ends
 *   all its threads and connections
 */
GanTestServer *
gan_test_server_new (gboolean tls)
{
  return gan_test_server_new_tls (tls ? GAN_TEST_TLS_VALID : GAN_TEST_TLS_NONE);
}

/**
 * gan_test_server_new_tls:
 * @mode: what a client meets in the handshake
 *
 * Returns: (transfer full): a server as gan_test_server_new() gives
 */
GanTestServer *
gan_test_server_new_tls (GanTestTlsMode mode)
{
  GanTestServer *self = g_object_new (GAN_TYPE_TEST_SERVER, NULL);

  self->tls = mode;
  self->certificate = gan_test_certificate_new (mode);
  start (self);
  return self;
}

/**
 * gan_test_server_new_for_hosts:
 * @hosts: (array zero-terminated=1): names of the certificate
 *
 * For sites whose real names reach this server by a connect-to rule.
 *
 * Returns: (transfer full): a server with TLS as gan_test_server_new() gives
 */
GanTestServer *
gan_test_server_new_for_hosts (const char *const *hosts)
{
  GanTestServer *self = g_object_new (GAN_TYPE_TEST_SERVER, NULL);

  self->tls = GAN_TEST_TLS_VALID;
  self->certificate = gan_test_certificate_new_for_hosts (hosts);
  start (self);
  return self;
}

guint16
gan_test_server_get_port (GanTestServer *self)
{
  return self->port;
}

/**
 * gan_test_server_get_ca_file:
 * @self: a server
 *
 * Returns: path of the PEM file of the authority that signs for all servers of this process
 */
const char *
gan_test_server_get_ca_file (GanTestServer *self)
{
  return gan_test_certificate_get_ca_file ();
}

/**
 * gan_test_server_dup_url:
 * @self: a server
 * @path_and_query: from the first slash on
 *
 * Returns: (transfer full): the absolute URL, by address
 */
char *
gan_test_server_dup_url (GanTestServer *self, const char *path_and_query)
{
  return g_strdup_printf ("%s://127.0.0.1:%u%s",
                          self->tls == GAN_TEST_TLS_NONE ? "http" : "https",
                          self->port,
                          path_and_query);
}

/**
 * gan_test_server_set_accept_mode:
 * @self: a server
 * @mode: what happens to connections accepted from now on
 */
void
gan_test_server_set_accept_mode (GanTestServer *self, GanTestAcceptMode mode)
{
  g_mutex_lock (&self->lock);
  self->accept_mode = mode;
  g_mutex_unlock (&self->lock);
}

/**
 * gan_test_server_add:
 * @self: a server
 * @scenario: first segment of the paths; hides a built-in one of the same name
 * @handler: called in the thread of the connection
 * @user_data: given to it; must outlive the server
 */
void
gan_test_server_add (GanTestServer *self,
                     const char *scenario,
                     GanTestHandler handler,
                     gpointer user_data)
{
  Custom *custom = g_new (Custom, 1);

  custom->handler = handler;
  custom->user_data = user_data;
  g_mutex_lock (&self->lock);
  g_hash_table_replace (self->customs, g_strdup (scenario), custom);
  g_mutex_unlock (&self->lock);
}

void
gan_test_server_set_phase (GanTestServer *self, int phase)
{
  g_mutex_lock (&self->lock);
  self->phase = phase;
  g_mutex_unlock (&self->lock);
}

int
gan_test_server_get_phase (GanTestServer *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->phase;
}

/**
 * gan_test_server_dup_requests:
 * @self: a server
 * @scenario: (nullable): only requests for this one
 *
 * Returns: (transfer container) (element-type GanTestRequest): requests in the order they came
 */
GPtrArray *
gan_test_server_dup_requests (GanTestServer *self, const char *scenario)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  GPtrArray *found = g_ptr_array_new_with_free_func ((GDestroyNotify) gan_test_request_unref);
  guint i;

  for (i = 0; i < self->requests->len; i++)
    {
      GanTestRequest *request = g_ptr_array_index (self->requests, i);
      g_autofree char *name = gan_test_request_dup_scenario (request);

      if (scenario == NULL || g_str_equal (name, scenario))
        g_ptr_array_add (found, gan_test_request_ref (request));
    }
  return found;
}

static guint
count_unlocked (GanTestServer *self, const char *scenario)
{
  if (scenario == NULL)
    return self->n_requests;
  return GPOINTER_TO_UINT (g_hash_table_lookup (self->counts, scenario));
}

guint
gan_test_server_count (GanTestServer *self, const char *scenario)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return count_unlocked (self, scenario);
}

/**
 * gan_test_server_get_n_connections:
 * @self: a server
 *
 * Returns: connections accepted so far, also those that never sent a request
 */
guint
gan_test_server_get_n_connections (GanTestServer *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->n_connections;
}

guint
gan_test_server_get_n_open (GanTestServer *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->workers->len;
}

/**
 * gan_test_server_get_body_bytes:
 * @self: a server
 *
 * Returns: bytes of bodies that the kernel took, without heads and chunk lengths
 */
guint64
gan_test_server_get_body_bytes (GanTestServer *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->body_bytes;
}

void
gan_test_server_add_body_bytes (GanTestServer *self, gsize length)
{
  g_mutex_lock (&self->lock);
  self->body_bytes += length;
  g_mutex_unlock (&self->lock);
}

/**
 * gan_test_server_set_keep_requests:
 * @self: a server
 * @keep: whether the log holds requests, or only counts them; without the log every request is the
 *   first of its target
 */
void
gan_test_server_set_keep_requests (GanTestServer *self, gboolean keep)
{
  g_mutex_lock (&self->lock);
  self->keep_requests = keep;
  g_mutex_unlock (&self->lock);
}

/**
 * gan_test_server_reset:
 * @self: a server
 *
 * Empties the log, the counters and the phase. Connections stay, and their numbers go on.
 */
void
gan_test_server_reset (GanTestServer *self)
{
  g_mutex_lock (&self->lock);
  g_ptr_array_set_size (self->requests, 0);
  g_hash_table_remove_all (self->targets);
  g_hash_table_remove_all (self->counts);
  self->n_requests = 0;
  self->body_bytes = 0;
  self->phase = 0;
  g_mutex_unlock (&self->lock);
}

/**
 * gan_test_server_wait_count:
 * @self: a server
 * @scenario: (nullable): which requests
 * @count: how many
 * @milliseconds: the longest wait
 *
 * Returns: whether so many came in time
 */
gboolean
gan_test_server_wait_count (GanTestServer *self,
                            const char *scenario,
                            guint count,
                            guint milliseconds)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  gint64 end = g_get_monotonic_time () + (gint64) milliseconds * 1000;

  while (count_unlocked (self, scenario) < count)
    if (!g_cond_wait_until (&self->changed, &self->lock, end))
      return FALSE;
  return TRUE;
}
