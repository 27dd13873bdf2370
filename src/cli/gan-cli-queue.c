/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gannet-cli queue: rows of the store, and a word to whoever executes them (design.md §8). */
#include "config.h"

#include "gan-cli-queue.h"

#include "gan-cli-options.h"
#include "gan-cli-output.h"
#include "gan-cli-store.h"
#include "gan-error.h"
#include "gan-owner.h"

static const GanCliVerb verbs[] = {
  { "queue add", "URL…|-", "Adds links.", gan_cli_run_queue_add },
  { "queue list", "", "Shows what is to be done, and how far it is.", gan_cli_run_queue_list },
  { "queue pause", "ID…", "Stops downloads; what is there is kept.", gan_cli_run_queue_pause },
  { "queue resume", "ID…", "Goes on with what was paused.", gan_cli_run_queue_resume },
  { "queue cancel", "ID…", "Stops downloads and deletes what is there.", gan_cli_run_queue_cancel },
  { "queue retry", "ID…", "Begins again what failed or was cancelled.", gan_cli_run_queue_retry },
  { "queue remove", "ID…", "Takes downloads off the list.", gan_cli_run_queue_remove },
  { "queue run", "", "Downloads what is to be done, here.", gan_cli_run_queue_run },
};

/**
 * gan_cli_run_queue:
 * @cli: the command line
 * @argc: number of arguments, the verb first
 * @argv: arguments
 *
 * Returns: the exit code
 */
int
gan_cli_run_queue (GanCli *cli, int argc, char **argv)
{
  g_autofree char *table = gan_cli_options_dup_verbs (verbs, G_N_ELEMENTS (verbs));
  gboolean ok = FALSE;

  g_set_prgname ("gannet-cli queue");
  ok = gan_cli_options_parse_common (cli, cli->verb->summary, table, &argc, &argv);
  g_set_prgname ("gannet-cli");
  if (!ok)
    return GAN_CLI_EXIT_USAGE;
  if (argc < 2)
    return gan_cli_options_usage ("a verb is missing; gannet-cli queue --help shows them");
  cli->verb = gan_cli_options_find_verb (verbs, G_N_ELEMENTS (verbs), argv[1]);
  if (cli->verb == NULL)
    return gan_cli_options_usage ("queue %s is no verb; gannet-cli queue --help shows them",
                                  argv[1]);
  return cli->verb->run (cli, argc - 1, argv + 1);
}

/**
 * gan_cli_queue_wake:
 * @app: the parts of the program
 * @begins: whether something is to be downloaded now
 * @error: return location
 *
 * Leaves word for whoever executes the queue. If nobody does, the user is told what that means.
 *
 * Returns: whether word is left
 */
gboolean
gan_cli_queue_wake (GanApp *app, gboolean begins, GError **error)
{
  const char *folder = gan_app_get_data_dir (app);

  if (!gan_owner_wake (folder, error))
    return FALSE;
  if (begins && !gan_owner_is_there (folder))
    gan_cli_output_complain (
        "stored; it will be downloaded when Gannet runs, or by: gannet-cli queue run");
  return TRUE;
}

/**
 * gan_cli_queue_has_ended:
 * @row: a job
 *
 * Returns: whether it has failed, was cancelled or is done
 */
gboolean
gan_cli_queue_has_ended (GanJobRow *row)
{
  const char *const ends[] = { GAN_JOB_FAILED, GAN_JOB_CANCELLED, GAN_JOB_DONE, NULL };
  const char *state = gan_job_row_get_state (row);

  return state != NULL && g_strv_contains (ends, state);
}

/**
 * gan_cli_run_queue_list:
 * @cli: the command line
 * @argc: number of arguments, the verb first
 * @argv: arguments
 *
 * Returns: the exit code
 */
int
gan_cli_run_queue_list (GanCli *cli, int argc, char **argv)
{
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, "Print one JSON object per download", NULL },
    { NULL },
  };
  g_autoptr (GanApp) app = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  GError *error = NULL;

  if (!gan_cli_options_parse_verb (cli, entries, 0, 0, &argc, &argv))
    return GAN_CLI_EXIT_USAGE;
  app = gan_cli_options_make_app (cli, &error);
  if (app != NULL && gan_cli_store_open (app, &error))
    rows = gan_store_load_jobs_sync (gan_app_get_store (app), &error);
  if (rows != NULL && json)
    gan_cli_queue_print_json (rows);
  else if (rows != NULL)
    gan_cli_queue_print_text (rows, rows, gan_owner_is_there (gan_app_get_data_dir (app)));
  return gan_cli_output_finish (cli, app, error, json);
}
