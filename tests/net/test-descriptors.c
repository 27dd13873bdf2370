/* SPDX-License-Identifier: GPL-3.0-or-later */
/* No descriptor is closed twice around a TLS handshake, not even when the thread in which GLib ran
 * it is slow to let go of the connection. A number that is closed twice is somebody else's the
 * second time; where that is what wakes another handshake, that one waits for ever.
 *
 * This program's own close() and g_source_attach() stand before those of the C library and of GLib,
 * for GIO too. They hold a thread back where the order matters, until what it is to meet has
 * happened, and no longer than a limit. */
#include "config.h"

#include "gan-test-net.h"

#include <dlfcn.h>
#include <errno.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_DESCRIPTORS 1024
#define LIMIT_MICROSECONDS (G_USEC_PER_SEC / 5)

/* The name that the linker knows a function of ours by. */
#define INSTEAD_OF(name) __asm__(#name)

/* The function behind ours. */
#define REAL(name)                                                                                 \
  ({                                                                                               \
    static gsize real_##name = 0;                                                                  \
    if (g_once_init_enter (&real_##name))                                                          \
      g_once_init_leave (&real_##name, (gsize) dlsym (RTLD_NEXT, #name));                          \
    (typeof (&name)) real_##name;                                                                  \
  })

static struct
{
  GMutex mutex;
  GCond changed;
  gint active;                    /* atomic */
  guint closing[MAX_DESCRIPTORS]; /* how many threads are at it */
  guint n_closing;                /* threads that wait for a second one */
  guint n_begun;                  /* sockets */
  guint n_twice;
  guint n_held; /* threads of GLib's pool */
} watch;

int test_descriptors_close (int descriptor) INSTEAD_OF (close);
guint test_descriptors_attach (GSource *source, GMainContext *context) INSTEAD_OF (g_source_attach);

static gboolean
is_active (void)
{
  return g_atomic_int_get (&watch.active);
}

static gboolean
is_watched_socket (int descriptor)
{
  struct stat status;

  return descriptor >= 0 && descriptor < MAX_DESCRIPTORS && fstat (descriptor, &status) == 0
         && S_ISSOCK (status.st_mode);
}

/* The first to come waits for a second. */
static void
begin_close (int descriptor)
{
  gint64 end = g_get_monotonic_time () + LIMIT_MICROSECONDS;

  g_mutex_lock (&watch.mutex);
  watch.n_begun++;
  if (++watch.closing[descriptor] > 1)
    watch.n_twice++;
  watch.n_closing++;
  g_cond_broadcast (&watch.changed);
  while (is_active () && watch.closing[descriptor] == 1
         && g_cond_wait_until (&watch.changed, &watch.mutex, end))
    continue;
  watch.n_closing--;
  g_mutex_unlock (&watch.mutex);
}

static void
end_close (int descriptor)
{
  g_mutex_lock (&watch.mutex);
  watch.closing[descriptor]--;
  g_mutex_unlock (&watch.mutex);
}

static void
count_twice (void)
{
  g_mutex_lock (&watch.mutex);
  watch.n_twice++;
  g_mutex_unlock (&watch.mutex);
}

int
test_descriptors_close (int descriptor)
{
  gboolean is_watched = is_active () && is_watched_socket (descriptor);
  int result = 0;
  int saved = 0;

  if (is_watched)
    begin_close (descriptor);
  result = REAL (close) (descriptor);
  saved = errno;
  if (is_watched)
    end_close (descriptor);
  if (result < 0 && saved == EBADF && is_active ())
    count_twice ();
  errno = saved;
  return result;
}

static gboolean
is_in_pool (void)
{
  char name[16] = "";

  prctl (PR_GET_NAME, name);
  return g_str_has_prefix (name, "pool");
}

/* A thread of the pool that has told whoever waits that the handshake is over goes on when that one
 * is about to close the socket. */
static void
hold_back (void)
{
  gint64 end = g_get_monotonic_time () + LIMIT_MICROSECONDS;

  g_mutex_lock (&watch.mutex);
  watch.n_held++;
  while (is_active () && watch.n_closing == 0
         && g_cond_wait_until (&watch.changed, &watch.mutex, end))
    continue;
  g_mutex_unlock (&watch.mutex);
}

guint
test_descriptors_attach (GSource *source, GMainContext *context)
{
  guint id = REAL (g_source_attach) (source, context);

  if (is_active () && is_in_pool ())
    hold_back ();
  return id;
}

static void
begin_watch (void)
{
  g_mutex_lock (&watch.mutex);
  g_atomic_int_set (&watch.active, TRUE);
  watch.n_begun = 0;
  watch.n_twice = 0;
  watch.n_held = 0;
  g_mutex_unlock (&watch.mutex);
}

static void
end_watch (void)
{
  g_mutex_lock (&watch.mutex);
  g_atomic_int_set (&watch.active, FALSE);
  g_cond_broadcast (&watch.changed);
  g_test_message ("%u threads held back, %u sockets closed", watch.n_held, watch.n_begun);
  g_assert_cmpuint (watch.n_twice, ==, 0);
  g_assert_cmpuint (watch.n_held, >, 0);
  g_assert_cmpuint (watch.n_begun, >, 0);
  g_mutex_unlock (&watch.mutex);
}

/* The server has taken one connection. */
static void
wait_connection (GanTestServer *server)
{
  gint64 end = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;

  while (gan_test_server_get_n_connections (server) == 0 && g_get_monotonic_time () < end)
    g_thread_yield ();
  g_assert_cmpuint (gan_test_server_get_n_connections (server), ==, 1);
}

/* Ends the server, and with it the connection that it had. */
static void
finalize_server (GanTestServer *server)
{
  gint64 end = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;

  wait_connection (server);
  while (gan_test_server_get_n_open (server) > 0 && g_get_monotonic_time () < end)
    g_thread_yield ();
  g_assert_cmpuint (gan_test_server_get_n_open (server), ==, 0);
  g_assert_finalize_object (server);
}

/* The server's side: what comes is no TLS. */
static void
test_server (void)
{
  GanTestServer *server = gan_test_server_new (TRUE);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection
      = g_socket_client_connect_to_host (client,
                                         "127.0.0.1",
                                         (guint16) gan_test_server_get_port (server),
                                         NULL,
                                         NULL);
  GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (connection));

  begin_watch ();
  g_assert_true (
      g_output_stream_write_all (output, "GET / HTTP/1.1\r\n\r\n", 18, NULL, NULL, NULL));
  finalize_server (server);
  end_watch ();
}

static gpointer
send_thread (gpointer data)
{
  GTask *task = data;
  GanTransport *transport = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (GanResponse) response = gan_transport_send (transport,
                                                         g_task_get_task_data (task),
                                                         g_task_get_cancellable (task),
                                                         &error);

  g_assert_null (response);
  return error;
}

/* Our side: cancelled in the handshake. */
static void
test_cancelled (void)
{
  g_autoptr (GanTestServer) server = gan_test_server_new (TRUE);
  g_autoptr (GanTransport) transport = gan_test_net_transport (server);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GTask) task = g_task_new (transport, cancellable, NULL, NULL);
  g_autoptr (GError) error = NULL;
  GThread *thread = NULL;

  gan_test_server_set_accept_mode (server, GAN_TEST_ACCEPT_SILENT);
  g_task_set_task_data (task,
                        gan_test_net_request (server, "/file/", GAN_REQUEST_MEDIA),
                        g_object_unref);
  begin_watch ();
  thread = g_thread_new ("send", send_thread, task);
  wait_connection (server);
  g_cancellable_cancel (cancellable);
  error = g_thread_join (thread);
  g_assert_true (gan_error_is_cancelled (error));
  end_watch ();
}

/* Our side: the certificate is refused. */
static void
test_refused (void)
{
  GanTestServer *server = gan_test_server_new_tls (GAN_TEST_TLS_EXPIRED);
  g_autoptr (GanTransport) transport = gan_test_net_transport (server);
  g_autoptr (GanRequest) request = gan_test_net_request (server, "/file/", GAN_REQUEST_MEDIA);
  g_autoptr (GError) error = NULL;

  begin_watch ();
  error = gan_test_net_fail (transport, request);
  gan_test_net_assert_reason (error, GAN_ERROR_TLS, "expired");
  finalize_server (server);
  end_watch ();
}

/* Both sides: all is well, and the connection ends while the threads that shook hands hold it. */
static void
test_answered (void)
{
  GanTestServer *server = gan_test_server_new (TRUE);
  GanTransport *transport = gan_test_net_transport (server);
  g_autoptr (GBytes) bytes = NULL;

  begin_watch ();
  bytes = gan_test_net_get (transport, server, "/file/a.bin?size=10");
  g_assert_cmpuint (g_bytes_get_size (bytes), ==, 10);
  g_assert_finalize_object (transport);
  finalize_server (server);
  end_watch ();
}

int
main (int argc, char **argv)
{
  gan_net_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/descriptors/server", test_server);
  g_test_add_func ("/descriptors/cancelled", test_cancelled);
  g_test_add_func ("/descriptors/refused", test_refused);
  g_test_add_func ("/descriptors/answered", test_answered);
  return g_test_run ();
}
