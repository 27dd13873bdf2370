/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The queue executed in a terminal, as long as no window claims it. */
#include "config.h"

#include "gan-cli-options.h"
#include "gan-cli-output.h"
#include "gan-cli-progress.h"
#include "gan-cli-queue.h"
#include "gan-cli-store.h"
#include "gan-error-json.h"
#include "gan-platform-table.h"
#include "gan-session.h"
#include "gan-text.h"

typedef struct
{
  GanCli *cli;
  GanSession *session;
  GMainLoop *loop;
  gboolean json;
  gboolean stay;
  gboolean draw;

  gboolean is_open;
  gboolean is_closing;
  GError *first; /* what went wrong first; it is told */
} Run;

static JsonObject *
begin_event (const char *event, GanJobRow *row)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "event", event);
  json_object_set_string_member (object, "id", gan_job_row_get_id (row));
  json_object_set_string_member (object, "url", gan_job_row_get_url (row));
  return object;
}

static void
print_event (JsonObject *object)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);

  json_node_take_object (node, object);
  gan_cli_output_json (node);
}

static void
print_file (const Run *self, GanJobRow *job, GanLibraryRow *file)
{
  g_autofree char *size = gan_text_from_size (gan_library_row_get_size (file));
  const char *verified = gan_library_row_get_verified (file);
  JsonObject *object = NULL;

  if (!self->json)
    {
      gan_cli_output_line ("%s (%s, %s)",
                           gan_library_row_get_file (file),
                           size,
                           g_strcmp0 (verified, "none") == 0 ? "length not verified" : "verified");
      return;
    }
  object = begin_event ("result", job);
  json_object_set_string_member (object, "file", gan_library_row_get_file (file));
  json_object_set_int_member (object, "size", gan_library_row_get_size (file));
  json_object_set_string_member (object, "format_id", gan_library_row_get_format_id (file));
  json_object_set_string_member (object, "verified", verified);
  print_event (object);
}

static void
finished_cb (GanQueue *queue, GanJob *job, GPtrArray *files, Run *self)
{
  if (self->draw)
    gan_cli_progress_clear ();
  for (guint i = 0; i < files->len; i++)
    print_file (self, gan_job_get_row (job), files->pdata[i]);
}

static void
failed_cb (GanQueue *queue, GanJob *job, Run *self)
{
  GanJobRow *row = gan_job_get_row (job);
  g_autoptr (GError) error = gan_cli_queue_dup_error (row);

  if (error == NULL)
    return;
  if (self->draw)
    gan_cli_progress_clear ();
  gan_cli_output_error (error, FALSE);
  if (self->json)
    {
      JsonObject *object = begin_event ("error", row);

      json_object_set_member (object, "error", gan_error_to_json (error));
      print_event (object);
    }
  if (self->first == NULL)
    self->first = g_steal_pointer (&error);
}

static void
totals_cb (GanQueue *queue, Run *self)
{
  const GanQueueTotals *totals = gan_queue_get_totals (queue);
  g_autofree char *name = g_strdup_printf ("%u of %u downloads",
                                           totals->n_active,
                                           totals->n_active + totals->n_waiting);
  const GanProgress progress = {
    .state = totals->n_active > 0 ? GAN_TRANSFER_RUNNING : GAN_TRANSFER_RETRYING,
    .file = name,
    .downloaded = MAX (totals->downloaded, 0),
    .total = totals->total,
    .speed = totals->speed,
    .eta = totals->total > 0 && totals->speed > 0
               ? (totals->total - totals->downloaded) / totals->speed
               : GAN_UNKNOWN,
  };

  if (totals->n_active + totals->n_waiting > 0)
    gan_cli_progress_draw (&progress);
  else
    gan_cli_progress_clear ();
}

static void
closed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Run *self = user_data;

  gan_session_close_finish (GAN_SESSION (source), result, NULL);
  g_main_loop_quit (self->loop);
}

static void
close_session (Run *self)
{
  if (self->is_closing)
    return;
  self->is_closing = TRUE;
  gan_session_close_async (self->session, closed_cb, self);
}

/* The end, when nothing is left and nothing more is waited for. */
static void
look (Run *self)
{
  gboolean is_idle = FALSE;

  g_object_get (gan_session_get_queue (self->session), "is-idle", &is_idle, NULL);
  if (self->is_open && is_idle && !self->stay)
    close_session (self);
}

static void
idle_cb (GanQueue *queue, GParamSpec *pspec, Run *self)
{
  look (self);
}

static void
owner_cb (GanQueue *queue, GParamSpec *pspec, Run *self)
{
  if (self->is_closing || !self->is_open)
    return;
  if (gan_queue_is_owner (queue))
    gan_cli_output_complain ("goes on here");
  else
    gan_cli_output_complain ("gives way to a window; goes on here when that is closed");
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Run *self = user_data;
  GanDatabaseCondition condition = GAN_DATABASE_FINE;
  GError *error = NULL;

  self->is_open = gan_session_open_finish (self->session, result, &condition, &error);
  gan_cli_store_tell (condition);
  if (!self->is_open)
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        gan_cli_output_error (error, self->json);
      self->first = error;
      close_session (self);
      return;
    }
  if (!gan_queue_is_owner (gan_session_get_queue (self->session)))
    gan_cli_output_complain ("another Gannet is at it; goes on here when that ends");
  look (self);
}

/* A signal: what is there is kept. */
static gboolean
interrupted_cb (GCancellable *cancellable, gpointer user_data)
{
  close_session (user_data);
  return G_SOURCE_REMOVE;
}

static void
connect_signals (Run *self)
{
  GanQueue *queue = gan_session_get_queue (self->session);

  g_signal_connect (queue, "job-finished", G_CALLBACK (finished_cb), self);
  g_signal_connect (queue, "job-failed", G_CALLBACK (failed_cb), self);
  g_signal_connect (queue, "notify::is-idle", G_CALLBACK (idle_cb), self);
  g_signal_connect (queue, "notify::is-owner", G_CALLBACK (owner_cb), self);
  if (self->draw)
    g_signal_connect (queue, "totals-changed", G_CALLBACK (totals_cb), self);
}

static void
run_loop (Run *self)
{
  g_autoptr (GSource) interrupted = g_cancellable_source_new (self->cli->cancellable);

  self->loop = g_main_loop_new (NULL, FALSE);
  g_source_set_callback (interrupted, G_SOURCE_FUNC (interrupted_cb), self, NULL);
  g_source_attach (interrupted, NULL);
  connect_signals (self);
  gan_session_open_async (self->session, NULL, opened_cb, self);
  g_main_loop_run (self->loop);
  g_signal_handlers_disconnect_by_data (gan_session_get_queue (self->session), self);
  g_source_destroy (interrupted);
  g_main_loop_unref (self->loop);
}

static int
run (Run *self)
{
  GError *error = NULL;
  int end_code = 0;

  if (gan_cli_options_make_config (self->cli, &error))
    self->session = gan_session_new (self->cli->config,
                                     GAN_OWNER_YIELDS,
                                     gan_platform_table,
                                     gan_platform_table_size,
                                     &error);
  if (self->session == NULL)
    return gan_cli_output_finish (self->cli, NULL, error, self->json);
  run_loop (self);
  end_code
      = gan_cli_output_finish (self->cli, gan_session_get_app (self->session), NULL, self->json);
  g_object_unref (self->session);
  if (g_cancellable_is_cancelled (self->cli->cancellable))
    return GAN_CLI_EXIT_INTERRUPTED;
  return self->first != NULL ? gan_cli_output_exit_code (self->first) : end_code;
}

/**
 * gan_cli_run_queue_run:
 * @cli: the command line
 * @argc: number of arguments, the verb first
 * @argv: arguments
 *
 * Executes the queue until nothing is left to do.
 *
 * Returns: the exit code: that of the first download that failed
 */
int
gan_cli_run_queue_run (GanCli *cli, int argc, char **argv)
{
  Run self = { .cli = cli };
  const GOptionEntry entries[] = {
    { "stay", 0, 0, G_OPTION_ARG_NONE, &self.stay, "Wait for more when all is done", NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &self.json, "Print JSON lines", NULL },
    { NULL },
  };
  int code = GAN_CLI_EXIT_USAGE;

  if (gan_cli_options_parse_verb (cli, entries, 0, 0, &argc, &argv))
    {
      self.draw = !self.json && gan_cli_progress_is_wanted ();
      code = run (&self);
    }
  g_clear_error (&self.first);
  return code;
}
