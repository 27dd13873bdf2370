/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gannet-cli: the terminal program (contracts.md §1). */
#include "config.h"

#include "gan-cli.h"

#include "gan-cli-options.h"
#include "gan-cli-output.h"
#include "gan-log.h"
#include "gan-net.h"

#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const GanCliVerb verbs[] = {
  { "detect",
    "URL…|-",
    "Says whose links these are, without asking the network.",
    gan_cli_run_detect },
  { "info", "URL", "Shows what a link leads to.", gan_cli_run_info },
  { "formats", "URL", "Shows the formats in which it can be had.", gan_cli_run_formats },
  { "get", "URL…", "Downloads what the links lead to.", gan_cli_run_get },
  { "list", "URL", "Lists a channel, a user or a playlist.", gan_cli_run_list },
  { "search", "PLATFORM QUERY", "Searches a site.", gan_cli_run_search },
  { "platforms", "", "Shows the sites of this build.", gan_cli_run_platforms },
  { "queue", "VERB …", "Keeps downloads until they are done.", gan_cli_run_queue },
};

/* The first signal ends the work in good order, so that part files are kept; the second ends the
 * program. */
static gpointer
wait_for_signals (gpointer data)
{
  GCancellable *cancellable = data;
  sigset_t signals;
  int number = 0;

  sigemptyset (&signals);
  sigaddset (&signals, SIGINT);
  sigaddset (&signals, SIGTERM);
  if (sigwait (&signals, &number) == 0)
    g_cancellable_cancel (cancellable);
  if (sigwait (&signals, &number) == 0)
    _exit (GAN_CLI_EXIT_INTERRUPTED);
  return NULL;
}

static void
catch_signals (GCancellable *cancellable)
{
  sigset_t signals;

  sigemptyset (&signals);
  sigaddset (&signals, SIGINT);
  sigaddset (&signals, SIGTERM);
  pthread_sigmask (SIG_BLOCK, &signals, NULL);
  g_thread_unref (g_thread_new ("signals", wait_for_signals, cancellable));
}

static int
run_verb (GanCli *cli, int argc, char **argv)
{
  if (cli->version)
    {
      gan_cli_output_line ("gannet-cli %s", GAN_VERSION);
      return 0;
    }
  if (argc < 2)
    return gan_cli_options_usage ("a verb is missing; gannet-cli --help shows them");
  cli->verb = gan_cli_options_find_verb (verbs, G_N_ELEMENTS (verbs), argv[1]);
  if (cli->verb == NULL)
    return gan_cli_options_usage ("%s is no verb; gannet-cli --help shows them", argv[1]);
  catch_signals (cli->cancellable);
  return cli->verb->run (cli, argc - 1, argv + 1);
}

int
main (int argc, char **argv)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autofree char *table = gan_cli_options_dup_verbs (verbs, G_N_ELEMENTS (verbs));
  g_autofree char *help
      = g_strconcat (table,
                     "\nOptions of a verb: gannet-cli VERB --help. The manual: man gannet-cli.",
                     NULL);
  GanCli cli = { .cancellable = cancellable };
  int code = GAN_CLI_EXIT_USAGE;

  gan_net_init ();
  gan_log_init (G_LOG_LEVEL_WARNING);
  setlocale (LC_CTYPE, "");
  g_set_prgname ("gannet-cli");
  cli.replay = g_ptr_array_new_with_free_func (g_free);
  cli.connect_to = g_ptr_array_new_with_free_func (g_free);

  if (gan_cli_options_parse_common (&cli,
                                    "Shows and downloads what a link leads to.",
                                    help,
                                    &argc,
                                    &argv))
    code = run_verb (&cli, argc, argv);

  g_clear_pointer (&cli.config, gan_config_free);
  g_ptr_array_unref (cli.replay);
  g_ptr_array_unref (cli.connect_to);
  g_free (cli.record);
  g_free (cli.ca_file);
  g_free (cli.proxy);
  return code;
}
