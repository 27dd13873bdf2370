/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-helper-process.h"

#include "gan-clock.h"
#include "gan-error.h"
#include "gan-json.h"
#include "gan-limits.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixfdmessage.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define LIFE_LINE 3
#define STDERR_BYTES 4096
#define MAX_DEPTH 4

struct _GanHelperProcess
{
  GSubprocess *process;
  GSocket *socket; /* its stdin and stdout */
  int life_line;   /* closed with this process, which kills the helper */
  int messages;    /* its stderr: a pipe of a few pages, what does not fit is lost */
  gint64 last_id;
  gboolean is_done; /* said that it ends, or went wrong */
};

/* Both ends of everything that is shared with the helper; -1 where it has been handed on. */
typedef struct
{
  int sockets[2];
  int life_line[2];
  int messages[2];
} Ends;

static void
close_pair (int *pair)
{
  for (guint i = 0; i < 2; i++)
    {
      if (pair[i] >= 0)
        close (pair[i]);
    }
}

static void
ends_clear (Ends *self)
{
  close_pair (self->sockets);
  close_pair (self->life_line);
  close_pair (self->messages);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Ends, ends_clear)

static int
steal (int *descriptor)
{
  int stolen = *descriptor;

  *descriptor = -1;
  return stolen;
}

static void
set_missing (GError **error, const char *message)
{
  gan_error_set (error, GAN_ERROR_INTERNAL, "helper-missing", "gannet-media: %s", message);
}

static gboolean
open_ends (Ends *ends, GError **error)
{
  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends->sockets) != 0
      || pipe2 (ends->life_line, O_CLOEXEC) != 0
      || pipe2 (ends->messages, O_CLOEXEC | O_NONBLOCK) != 0
      || fcntl (ends->messages[1], F_SETPIPE_SZ, STDERR_BYTES) < 0)
    {
      set_missing (error, g_strerror (errno));
      return FALSE;
    }
  return TRUE;
}

/* With nothing of this process's environment: what changes libraries or goes to a proxy is not for
 * the helper. */
static GSubprocess *
spawn (const char *program, Ends *ends, GError **error)
{
  static const char *const environment[] = { "LC_ALL=C", NULL };
  const char *argv[] = { program, NULL };
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) problem = NULL;
  int copy = fcntl (ends->sockets[1], F_DUPFD_CLOEXEC, LIFE_LINE);

  g_subprocess_launcher_set_environ (launcher, (char **) environment);
  g_subprocess_launcher_set_cwd (launcher, "/");
  g_subprocess_launcher_take_stdin_fd (launcher, steal (&ends->sockets[1]));
  g_subprocess_launcher_take_stdout_fd (launcher, copy);
  g_subprocess_launcher_take_stderr_fd (launcher, steal (&ends->messages[1]));
  g_subprocess_launcher_take_fd (launcher, steal (&ends->life_line[0]), LIFE_LINE);
  process = g_subprocess_launcher_spawnv (launcher, argv, &problem);
  if (process == NULL)
    set_missing (error, problem->message);
  return g_steal_pointer (&process);
}

/* Its own words, for the log only. */
static void
log_messages (GanHelperProcess *self)
{
  char text[STDERR_BYTES];
  gssize n = read (self->messages, text, sizeof text - 1);
  g_autofree char *escaped = NULL;

  if (n <= 0)
    return;
  text[n] = '\0';
  escaped = g_strescape (text, NULL);
  g_debug ("gannet-media said: %s", escaped);
}

/**
 * gan_helper_process_free:
 * @self: (transfer full) (nullable): a helper
 *
 * Kills it. Does not block: GLib waits for its end.
 */
void
gan_helper_process_free (GanHelperProcess *self)
{
  if (self == NULL)
    return;
  if (self->process != NULL)
    g_subprocess_force_exit (self->process);
  if (self->messages >= 0)
    {
      log_messages (self);
      close (self->messages);
    }
  if (self->life_line >= 0)
    close (self->life_line);
  g_clear_object (&self->socket);
  g_clear_object (&self->process);
  g_free (self);
}

/**
 * gan_helper_process_is_usable:
 * @self: a helper
 *
 * Returns: whether it can be asked again, as far as is known
 */
gboolean
gan_helper_process_is_usable (GanHelperProcess *self)
{
  return !self->is_done && g_subprocess_get_identifier (self->process) != NULL
         && (g_socket_condition_check (self->socket, G_IO_IN | G_IO_HUP | G_IO_ERR) == 0);
}

static void
set_died (GError **error)
{
  gan_error_set (error,
                 GAN_ERROR_INVALID_DATA,
                 "helper-died",
                 "gannet-media did not survive these bytes");
}

/* Waits until there is something to read. */
static gboolean
wait_readable (GanHelperProcess *self, gint64 deadline, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) problem = NULL;
  gint64 left = deadline - gan_clock_get_monotonic (gan_clock_get_system ());

  if (left > 0
      && g_socket_condition_timed_wait (self->socket, G_IO_IN, left, cancellable, &problem))
    return TRUE;
  if (problem != NULL && gan_error_is_cancelled (problem))
    g_propagate_error (error, g_steal_pointer (&problem));
  else
    gan_error_set (error, GAN_ERROR_TIMEOUT, "helper-slow", "gannet-media did not answer in time");
  return FALSE;
}

/* One line and nothing behind it. */
static JsonNode *
read_line (GanHelperProcess *self, gint64 deadline, GCancellable *cancellable, GError **error)
{
  char line[GAN_LIMIT_HELPER_LINE_BYTES];
  gsize length = 0;
  JsonNode *json = NULL;

  while (length == 0 || line[length - 1] != '\n')
    {
      gssize n = 0;

      if (!wait_readable (self, deadline, cancellable, error))
        return NULL;
      if (length < sizeof line)
        n = g_socket_receive_with_blocking (self->socket,
                                            line + length,
                                            sizeof line - length,
                                            FALSE,
                                            NULL,
                                            NULL);
      if (n <= 0)
        {
          set_died (error);
          return NULL;
        }
      length += (gsize) n;
    }
  json = gan_json_parse (line, (gssize) length, sizeof line, MAX_DEPTH, NULL);
  if (json == NULL)
    set_died (error);
  return json;
}

/* What it says of itself once it is locked in. */
static gboolean
read_hello (GanHelperProcess *self, GCancellable *cancellable, GError **error)
{
  gint64 deadline = gan_clock_get_monotonic (gan_clock_get_system ())
                    + GAN_LIMIT_HELPER_START_SECONDS * G_TIME_SPAN_SECOND;
  g_autoptr (GError) problem = NULL;
  g_autoptr (JsonNode) hello = read_line (self, deadline, cancellable, &problem);

  if (hello != NULL && gan_json_get_int (hello, "hello") == 1)
    {
      if (gan_json_get_int (hello, "landlock") <= 0)
        g_info ("gannet-media has no Landlock here; seccomp holds alone");
      return TRUE;
    }
  if (problem != NULL && gan_error_is_cancelled (problem))
    g_propagate_error (error, g_steal_pointer (&problem));
  else
    set_missing (error, "does not start");
  return FALSE;
}

/**
 * gan_helper_process_start:
 * @program: path of gannet-media
 * @cancellable: (nullable): ends the wait at once
 * @error: %GAN_ERROR_INTERNAL with reason "helper-missing" when it does not start
 *
 * Returns: (transfer full): a helper that is locked in
 */
GanHelperProcess *
gan_helper_process_start (const char *program, GCancellable *cancellable, GError **error)
{
  g_auto (Ends) ends = { { -1, -1 }, { -1, -1 }, { -1, -1 } };
  g_autoptr (GanHelperProcess) self = NULL;
  g_autoptr (GError) problem = NULL;

  g_return_val_if_fail (program != NULL, NULL);

  if (!open_ends (&ends, error))
    return NULL;
  self = g_new0 (GanHelperProcess, 1);
  self->messages = self->life_line = -1;
  self->process = spawn (program, &ends, error);
  if (self->process == NULL)
    return NULL;
  self->life_line = steal (&ends.life_line[1]);
  self->messages = steal (&ends.messages[0]);
  self->socket = g_socket_new_from_fd (ends.sockets[0], &problem);
  if (self->socket == NULL)
    {
      set_missing (error, problem->message);
      return NULL;
    }
  steal (&ends.sockets[0]);
  return read_hello (self, cancellable, error) ? g_steal_pointer (&self) : NULL;
}

static gboolean
send_line (GanHelperProcess *self, JsonBuilder *request, GUnixFDList *descriptors)
{
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;
  g_autofree char *line = NULL;
  GSocketControlMessage *message = g_unix_fd_message_new_with_fd_list (descriptors);
  GOutputVector bytes = { NULL, 0 };
  gssize sent = 0;

  json_builder_set_member_name (request, "id");
  json_builder_add_int_value (request, ++self->last_id);
  json_builder_end_object (request);
  root = json_builder_get_root (request);
  text = gan_json_to_string (root, FALSE);
  line = g_strconcat (text, "\n", NULL);
  bytes.buffer = line;
  bytes.size = strlen (line);
  /* A helper that waits for a request takes a few bytes at once. */
  sent = g_socket_send_message (self->socket, NULL, &bytes, 1, &message, 1, 0, NULL, NULL);
  g_object_unref (message);
  return sent == (gssize) bytes.size;
}

/**
 * gan_helper_process_call:
 * @self: a usable helper
 * @request: an object that was begun, without its id
 * @descriptors: what goes along
 * @microseconds: how long it may take
 * @cancellable: (nullable): ends the wait at once
 * @error: %GAN_ERROR_TIMEOUT with reason "helper-slow"; %GAN_ERROR_INVALID_DATA with reason
 *   "helper-died" when it dies, or talks nonsense; %G_IO_ERROR_CANCELLED
 *
 * Asks one thing. After an error the helper is of no more use.
 *
 * Returns: (transfer full): its answer, which is as hostile as what it read
 */
JsonNode *
gan_helper_process_call (GanHelperProcess *self,
                         JsonBuilder *request,
                         GUnixFDList *descriptors,
                         gint64 microseconds,
                         GCancellable *cancellable,
                         GError **error)
{
  g_autoptr (JsonNode) answer = NULL;
  gint64 deadline = gan_clock_get_monotonic (gan_clock_get_system ()) + microseconds;

  g_return_val_if_fail (self != NULL && request != NULL && descriptors != NULL, NULL);

  self->is_done = TRUE;
  if (!send_line (self, request, descriptors))
    {
      set_died (error);
      return NULL;
    }
  answer = read_line (self, deadline, cancellable, error);
  if (answer == NULL)
    return NULL;
  if (gan_json_get_int (answer, "id") != self->last_id)
    {
      set_died (error);
      return NULL;
    }
  self->is_done = gan_json_get_boolean (answer, "last");
  return g_steal_pointer (&answer);
}
