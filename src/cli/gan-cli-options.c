/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-cli-options.h"

#include "gan-cli-output.h"
#include "gan-error.h"
#include "gan-log.h"
#include "gan-platform-table.h"
#include "gan-settings.h"

#include <stdio.h>
#include <string.h>

/* Options that may be given again, before and after the verb: each adds to what is there. */
static gboolean
add_replay (const char *name, const char *value, gpointer data, GError **error)
{
  GanCli *cli = data;

  g_ptr_array_add (cli->replay, g_strdup (value));
  return TRUE;
}

static gboolean
add_connect_to (const char *name, const char *value, gpointer data, GError **error)
{
  GanCli *cli = data;

  g_ptr_array_add (cli->connect_to, g_strdup (value));
  return TRUE;
}

static GOptionGroup *
make_common_group (GanCli *cli)
{
  const GOptionEntry entries[] = {
    { "replay",
      0,
      G_OPTION_FLAG_FILENAME,
      G_OPTION_ARG_CALLBACK,
      add_replay,
      "Answer only from this HAR file",
      "FILE" },
    { "record",
      0,
      0,
      G_OPTION_ARG_FILENAME,
      &cli->record,
      "Write a HAR file, secrets left out",
      "FILE" },
    { "connect-to",
      0,
      0,
      G_OPTION_ARG_CALLBACK,
      add_connect_to,
      "Go elsewhere",
      "HOST:PORT:HOST2:PORT2" },
    { "ca-file",
      0,
      0,
      G_OPTION_ARG_FILENAME,
      &cli->ca_file,
      "Trust these authorities only",
      "PEM" },
    { "proxy", 0, 0, G_OPTION_ARG_STRING, &cli->proxy, "Connect through this proxy", "URL" },
    { "no-config", 0, 0, G_OPTION_ARG_NONE, &cli->no_config, "No settings, rules, accounts", NULL },
    { "verbose", 'v', 0, G_OPTION_ARG_NONE, &cli->verbose, "Say on stderr what happens", NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, &cli->version, "Show the version", NULL },
    { NULL },
  };
  GOptionGroup *group
      = g_option_group_new ("common", "Common options", "Common options", cli, NULL);

  g_option_group_add_entries (group, entries);
  return group;
}

/* "-" is an argument, not an option; GOption leaves it alone. */
static gboolean
parse (GOptionContext *context, int *argc, char ***argv)
{
  g_autoptr (GError) error = NULL;

  if (g_option_context_parse (context, argc, argv, &error))
    return TRUE;
  gan_cli_options_usage ("%s", error->message);
  return FALSE;
}

/**
 * gan_cli_options_find_verb:
 * @verbs: (array length=n_verbs): verbs
 * @n_verbs: how many
 * @name: what somebody typed
 *
 * Returns: (nullable): the verb of which @name is the last word
 */
const GanCliVerb *
gan_cli_options_find_verb (const GanCliVerb *verbs, gsize n_verbs, const char *name)
{
  for (gsize i = 0; i < n_verbs; i++)
    {
      const char *blank = strrchr (verbs[i].name, ' ');

      if (g_str_equal (blank != NULL ? blank + 1 : verbs[i].name, name))
        return &verbs[i];
    }
  return NULL;
}

/* Padded by what is seen: an ellipsis has three bytes. */
static void
append_padded (GString *text, const char *word, glong width)
{
  glong length = g_utf8_strlen (word, -1);

  g_string_append (text, word);
  for (glong i = length; i < width; i++)
    g_string_append_c (text, ' ');
}

/**
 * gan_cli_options_dup_verbs:
 * @verbs: (array length=n_verbs): verbs
 * @n_verbs: how many
 *
 * Returns: (transfer full): a table of the verbs and what they do, for the help
 */
char *
gan_cli_options_dup_verbs (const GanCliVerb *verbs, gsize n_verbs)
{
  g_autoptr (GString) text = g_string_new ("Verbs:\n");

  for (gsize i = 0; i < n_verbs; i++)
    {
      const char *blank = strrchr (verbs[i].name, ' ');

      g_string_append (text, "  ");
      append_padded (text, blank != NULL ? blank + 1 : verbs[i].name, 11);
      append_padded (text, verbs[i].arguments, 16);
      g_string_append (text, verbs[i].summary);
      g_string_append_c (text, '\n');
    }
  return g_strdup (text->str);
}

/**
 * gan_cli_options_parse_common:
 * @cli: where the values go
 * @summary: what the help says above the options
 * @description: what it says below them
 * @argc: (inout): number of arguments
 * @argv: (inout): arguments; what stands before the verb is taken out
 *
 * Returns: FALSE, with the reason on stderr, when the command line makes no sense
 */
gboolean
gan_cli_options_parse_common (GanCli *cli,
                              const char *summary,
                              const char *description,
                              int *argc,
                              char ***argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new ("VERB …");

  g_option_context_set_strict_posix (context, TRUE);
  g_option_context_set_summary (context, summary);
  g_option_context_set_description (context, description);
  g_option_context_set_main_group (context, make_common_group (cli));
  return parse (context, argc, argv);
}

/**
 * gan_cli_options_parse_verb:
 * @cli: where the values of common options go; tells the verb
 * @entries: (array zero-terminated=1): its own options
 * @min_arguments: how many arguments it needs
 * @max_arguments: how many it takes at most
 * @argc: (inout): number of arguments, the verb's name first
 * @argv: (inout): arguments; options are taken out
 *
 * Returns: FALSE, with the reason on stderr, when the command line makes no sense
 */
gboolean
gan_cli_options_parse_verb (GanCli *cli,
                            const GOptionEntry *entries,
                            guint min_arguments,
                            guint max_arguments,
                            int *argc,
                            char ***argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new (cli->verb->arguments);
  g_autofree char *program = g_strconcat ("gannet-cli ", cli->verb->name, NULL);
  guint n_arguments = 0;

  g_set_prgname (program);
  g_option_context_set_summary (context, cli->verb->summary);
  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_add_group (context, make_common_group (cli));
  if (!parse (context, argc, argv))
    return FALSE;
  g_set_prgname ("gannet-cli");

  /* GOption leaves "--" in place when an argument before it was kept. */
  for (int i = 1; i < *argc; i++)
    {
      if (g_str_equal ((*argv)[i], "--"))
        {
          for (int k = i; k < *argc; k++)
            (*argv)[k] = (*argv)[k + 1];
          (*argc)--;
          break;
        }
    }
  n_arguments = (guint) (*argc - 1);
  if (n_arguments < min_arguments || n_arguments > max_arguments)
    {
      gan_cli_options_usage ("usage: gannet-cli %s [OPTION…] %s",
                             cli->verb->name,
                             cli->verb->arguments);
      return FALSE;
    }
  return TRUE;
}

static GStrv
steal_strings (GPtrArray *strings)
{
  GStrvBuilder *builder = g_strv_builder_new ();
  GStrv result = NULL;

  for (guint i = 0; i < strings->len; i++)
    g_strv_builder_add (builder, g_ptr_array_index (strings, i));
  result = g_strv_builder_end (builder);
  g_strv_builder_unref (builder);
  return result;
}

/**
 * gan_cli_options_make_config:
 * @cli: the parsed command line
 * @error: what of the environment makes no sense
 *
 * Puts the options over what the environment says.
 *
 * Returns: whether @cli has a configuration now
 */
gboolean
gan_cli_options_make_config (GanCli *cli, GError **error)
{
  g_autoptr (GanConfig) config = gan_config_new (!cli->no_config, error);

  if (config == NULL)
    return FALSE;
  gan_log_set_level (cli->verbose ? MAX (config->log_level, G_LOG_LEVEL_INFO) : config->log_level);
  config->replay = steal_strings (cli->replay);
  config->connect_to = steal_strings (cli->connect_to);
  config->record = g_strdup (cli->record);
  config->ca_file = g_strdup (cli->ca_file);
  config->proxy = g_strdup (cli->proxy);
  g_clear_pointer (&cli->config, gan_config_free);
  cli->config = g_steal_pointer (&config);
  return TRUE;
}

/**
 * gan_cli_options_make_app:
 * @cli: the parsed command line
 * @error: what of it cannot be had
 *
 * Puts the options over the configuration and starts what needs it.
 *
 * Returns: (transfer full): the parts of the program
 */
GanApp *
gan_cli_options_make_app (GanCli *cli, GError **error)
{
  if (!gan_cli_options_make_config (cli, error))
    return NULL;
  return gan_app_new (cli->config, gan_platform_table, gan_platform_table_size, error);
}

/**
 * gan_cli_options_merge_settings:
 * @cli: the command line, after gan_cli_options_make_app()
 *
 * Puts the user's settings where neither option nor variable has spoken; with --no-config, the
 * defaults.
 */
void
gan_cli_options_merge_settings (GanCli *cli)
{
  g_autoptr (GanSettings) settings
      = cli->config->with_user_files ? gan_settings_new () : gan_settings_new_default ();

  gan_settings_merge (settings, cli->config);
}

/**
 * gan_cli_options_usage:
 * @format: printf format of one line
 *
 * Says on stderr what is wrong with the command line.
 *
 * Returns: the exit code for it
 */
int
gan_cli_options_usage (const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list arguments;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  gan_cli_output_complain (message);
  return GAN_CLI_EXIT_USAGE;
}
