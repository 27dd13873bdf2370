/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A program with nothing but the queue in it, for tests that kill it or run several at once:
 *
 *   queue-run DATA yields|claims       executes the queue, or follows it, until SIGTERM
 *   queue-run DATA idle                the same until nothing is left to do
 *   queue-run DATA add FILMS PREFIX COUNT   adds PREFIX0, PREFIX1 …, each by a call of its own
 *
 * It says what happens, a line each. */
#include "config.h"

#include "gan-test-queue.h"

#include <glib-unix.h>
#include <stdio.h>

typedef struct
{
  GMainLoop *loop;
  GanQueue *queue;
  gboolean ends_idle;
  gboolean is_ending;
} Program;

static void say (const char *format, ...) G_GNUC_PRINTF (1, 2);

static void
say (const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  vprintf (format, arguments);
  va_end (arguments);
  putchar ('\n');
  fflush (stdout);
}

static void
closed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Program *self = user_data;

  g_assert_true (gan_queue_close_finish (GAN_QUEUE (source), result, NULL));
  say ("closed");
  g_main_loop_quit (self->loop);
}

static void
end (Program *self)
{
  if (self->is_ending)
    return;
  self->is_ending = TRUE;
  gan_queue_close_async (self->queue, closed_cb, self);
}

static gboolean
term_cb (gpointer data)
{
  end (data);
  return G_SOURCE_CONTINUE;
}

static void
owner_cb (GanQueue *queue, GParamSpec *pspec, gpointer user_data)
{
  say ("owner %d", gan_queue_is_owner (queue));
}

static void
finished_cb (GanQueue *queue, GanJob *job, GPtrArray *files, gpointer user_data)
{
  for (guint i = 0; i < files->len; i++)
    say ("finished %s", gan_library_row_get_file (files->pdata[i]));
}

static void
failed_cb (GanQueue *queue, GanJob *job, gpointer user_data)
{
  say ("failed %s", gan_job_row_get_error_message (gan_job_get_row (job)));
}

/* What it would do is known only to the one who owns. */
static void
totals_cb (GanQueue *queue, gpointer user_data)
{
  Program *self = user_data;
  const GanQueueTotals *totals = gan_queue_get_totals (queue);
  gboolean is_idle = FALSE;

  g_object_get (queue, "is-idle", &is_idle, NULL);
  say ("totals %u %u %u", totals->n_waiting, totals->n_active, totals->n_failed);
  if (self->ends_idle && is_idle && gan_queue_is_owner (queue))
    end (self);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Program *self = user_data;
  g_autoptr (GError) error = NULL;

  if (!gan_queue_open_finish (GAN_QUEUE (source), result, &error))
    {
      say ("error %s", error->message);
      g_main_loop_quit (self->loop);
      return;
    }
  say ("open");
  totals_cb (self->queue, self);
}

static void
execute (GanApp *app, GanOwnerKind kind, gboolean ends_idle)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  const GanQueueOptions options = { .kind = kind, .max_jobs = 8, .max_jobs_per_host = 8 };
  Program self = { .loop = loop, .ends_idle = ends_idle };

  self.queue = gan_queue_new (app, &options);
  g_signal_connect (self.queue, "notify::is-owner", G_CALLBACK (owner_cb), NULL);
  g_signal_connect (self.queue, "job-finished", G_CALLBACK (finished_cb), NULL);
  g_signal_connect (self.queue, "job-failed", G_CALLBACK (failed_cb), NULL);
  g_signal_connect (self.queue, "totals-changed", G_CALLBACK (totals_cb), &self);
  g_unix_signal_add (SIGTERM, term_cb, &self);
  gan_queue_open_async (self.queue, NULL, opened_cb, &self);
  g_main_loop_run (loop);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_assert_finalize_object (self.queue);
}

static int
add (GanApp *app, char **arguments)
{
  guint count = (guint) g_ascii_strtoull (arguments[2], NULL, 10);

  for (guint i = 0; i < count; i++)
    {
      g_autofree char *url = g_strdup_printf ("%s%u", arguments[1], i);
      g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
      g_autoptr (GPtrArray) stored = NULL;
      g_autoptr (GError) error = NULL;

      g_ptr_array_add (rows, gan_job_row_new (url));
      gan_job_row_set_folder (rows->pdata[0], arguments[0]);
      stored = gan_store_add_jobs_sync (gan_app_get_store (app), rows, &error);
      if (stored == NULL || !gan_owner_wake (gan_app_get_data_dir (app), &error))
        {
          say ("error %s", error->message);
          return 1;
        }
      say ("added %s", url);
    }
  return 0;
}

int
main (int argc, char **argv)
{
  g_autoptr (GanApp) app = argc >= 3 ? gan_test_queue_new_app (argv[1]) : NULL;

  if (argc == 6 && g_str_equal (argv[2], "add"))
    return add (app, argv + 3);
  if (argc != 3)
    return 2;
  execute (app,
           g_str_equal (argv[2], "claims") ? GAN_OWNER_CLAIMS : GAN_OWNER_YIELDS,
           g_str_equal (argv[2], "idle"));
  return 0;
}
