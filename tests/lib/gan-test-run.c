/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-test-run.h"

#include <signal.h>
#include <string.h>

/* What a run takes at the longest: a hanging program fails its test instead of the whole suite. */
#define SYNC_MILLISECONDS (120 * 1000)

typedef struct
{
  GanTestRun *run;
  GInputStream *stream;
  GString *text;
  gboolean ended;
  GThread *thread;
} Reader;

struct _GanTestRun
{
  GSubprocess *process;
  GPid pid;
  GThread *waiter;
  GMutex lock;
  GCond changed;
  gboolean exited;
  Reader readers[2]; /* stdout, stderr */
};

static gpointer
reader_main (gpointer data)
{
  Reader *reader = data;
  GanTestRun *self = reader->run;
  char piece[4096];
  gssize n;

  do
    {
      n = g_input_stream_read (reader->stream, piece, sizeof piece, NULL, NULL);
      g_mutex_lock (&self->lock);
      if (n > 0)
        g_string_append_len (reader->text, piece, n);
      else
        reader->ended = TRUE;
      g_cond_broadcast (&self->changed);
      g_mutex_unlock (&self->lock);
    }
  while (n > 0);
  return NULL;
}

static gpointer
waiter_main (gpointer data)
{
  GanTestRun *self = data;

  g_subprocess_wait (self->process, NULL, NULL);
  g_mutex_lock (&self->lock);
  self->exited = TRUE;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
  return NULL;
}

static void
start_reader (GanTestRun *self, guint index, GInputStream *stream)
{
  Reader *reader = &self->readers[index];

  reader->run = self;
  reader->stream = stream;
  reader->text = g_string_new (NULL);
  reader->thread = g_thread_new ("test-run-reader", reader_main, reader);
}

static void
write_input (GanTestRun *self, const char *input)
{
  GOutputStream *stdin_pipe = g_subprocess_get_stdin_pipe (self->process);

  if (stdin_pipe == NULL)
    return;
  g_output_stream_write_all (stdin_pipe, input, strlen (input), NULL, NULL, NULL);
  g_output_stream_close (stdin_pipe, NULL, NULL);
}

/**
 * gan_test_run_start:
 * @argv: (array zero-terminated=1): program and arguments
 * @environment: (nullable) (array zero-terminated=1): "NAME=value", beside what is inherited;
 *   "NAME" alone takes one away
 * @folder: (nullable): where it runs
 * @input: (nullable): its standard input; without it, that is empty
 *
 * Returns: (transfer full): the running program; its free kills what still runs
 */
GanTestRun *
gan_test_run_start (const char *const *argv,
                    const char *const *environment,
                    const char *folder,
                    const char *input)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocessLauncher) launcher
      = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE
                                   | (input == NULL ? 0 : G_SUBPROCESS_FLAGS_STDIN_PIPE));
  GanTestRun *self = g_new0 (GanTestRun, 1);
  const char *identifier;
  guint i;

  for (i = 0; environment != NULL && environment[i] != NULL; i++)
    {
      g_auto (GStrv) pair = g_strsplit (environment[i], "=", 2);

      if (pair[1] == NULL)
        g_subprocess_launcher_unsetenv (launcher, pair[0]);
      else
        g_subprocess_launcher_setenv (launcher, pair[0], pair[1], TRUE);
    }
  if (folder != NULL)
    g_subprocess_launcher_set_cwd (launcher, folder);
  self->process = g_subprocess_launcher_spawnv (launcher, argv, &error);
  g_assert_no_error (error);
  /* A program that has ended already has none. */
  identifier = g_subprocess_get_identifier (self->process);
  if (identifier != NULL)
    self->pid = (GPid) g_ascii_strtoll (identifier, NULL, 10);
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  start_reader (self, 0, g_subprocess_get_stdout_pipe (self->process));
  start_reader (self, 1, g_subprocess_get_stderr_pipe (self->process));
  self->waiter = g_thread_new ("test-run-waiter", waiter_main, self);
  write_input (self, input);
  return self;
}

/**
 * gan_test_run_sync:
 * @argv: (array zero-terminated=1): program and arguments
 * @environment: (nullable) (array zero-terminated=1): as for gan_test_run_start()
 * @folder: (nullable): where it runs
 * @input: (nullable): its standard input
 *
 * Returns: (transfer full): the program, after its end
 */
GanTestRun *
gan_test_run_sync (const char *const *argv,
                   const char *const *environment,
                   const char *folder,
                   const char *input)
{
  GanTestRun *self = gan_test_run_start (argv, environment, folder, input);

  g_assert_true (gan_test_run_wait (self, SYNC_MILLISECONDS));
  return self;
}

void
gan_test_run_free (GanTestRun *self)
{
  guint i;

  gan_test_run_kill (self, SIGKILL);
  g_thread_join (self->waiter);
  for (i = 0; i < G_N_ELEMENTS (self->readers); i++)
    {
      g_thread_join (self->readers[i].thread);
      g_string_free (self->readers[i].text, TRUE);
    }
  g_object_unref (self->process);
  g_cond_clear (&self->changed);
  g_mutex_clear (&self->lock);
  g_free (self);
}

static gboolean
is_over (GanTestRun *self)
{
  return self->exited && self->readers[0].ended && self->readers[1].ended;
}

/**
 * gan_test_run_wait:
 * @self: a run
 * @milliseconds: the longest wait
 *
 * Returns: whether the program ended in time, and all of its output is here
 */
gboolean
gan_test_run_wait (GanTestRun *self, guint milliseconds)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  gint64 end = g_get_monotonic_time () + (gint64) milliseconds * 1000;

  while (!is_over (self))
    if (!g_cond_wait_until (&self->changed, &self->lock, end))
      return FALSE;
  return TRUE;
}

/**
 * gan_test_run_wait_output:
 * @self: a run
 * @text: what is waited for
 * @milliseconds: the longest wait
 *
 * Returns: whether the text came on stdout or stderr in time
 */
gboolean
gan_test_run_wait_output (GanTestRun *self, const char *text, guint milliseconds)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  gint64 end = g_get_monotonic_time () + (gint64) milliseconds * 1000;

  while (strstr (self->readers[0].text->str, text) == NULL
         && strstr (self->readers[1].text->str, text) == NULL)
    if (is_over (self) || !g_cond_wait_until (&self->changed, &self->lock, end))
      return FALSE;
  return TRUE;
}

/**
 * gan_test_run_kill:
 * @self: a run
 * @signal_number: what to send; nothing when the program has ended
 */
void
gan_test_run_kill (GanTestRun *self, int signal_number)
{
  g_subprocess_send_signal (self->process, signal_number);
}

GPid
gan_test_run_get_pid (GanTestRun *self)
{
  return self->pid;
}

/**
 * gan_test_run_get_exit:
 * @self: a run that has ended
 *
 * Returns: the exit status, or the negative number of the signal that ended it
 */
int
gan_test_run_get_exit (GanTestRun *self)
{
  if (g_subprocess_get_if_exited (self->process))
    return g_subprocess_get_exit_status (self->process);
  return -g_subprocess_get_term_sig (self->process);
}

static char *
dup_text (GanTestRun *self, guint index)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return g_strdup (self->readers[index].text->str);
}

/**
 * gan_test_run_dup_stdout:
 * @self: a run
 *
 * Returns: (transfer full): what it has written so far
 */
char *
gan_test_run_dup_stdout (GanTestRun *self)
{
  return dup_text (self, 0);
}

/**
 * gan_test_run_dup_stderr:
 * @self: a run
 *
 * Returns: (transfer full): what it has written so far
 */
char *
gan_test_run_dup_stderr (GanTestRun *self)
{
  return dup_text (self, 1);
}
