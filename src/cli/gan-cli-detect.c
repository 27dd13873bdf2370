/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-cli-lines.h"
#include "gan-cli-options.h"
#include "gan-cli-output.h"
#include "gan-limits.h"

#include <json-glib/json-glib.h>
#include <stdio.h>
#include <string.h>

static void
print_json (const char *echo, GanMatch *match)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  const struct
  {
    const char *name;
    const char *value;
  } members[] = {
    { "url", echo },
    { "platform", match != NULL ? gan_match_get_platform (match) : NULL },
    { "kind", match != NULL ? gan_kind_to_string (gan_match_get_kind (match)) : NULL },
    { "id", match != NULL ? gan_match_get_id (match) : NULL },
    { "canonical", match != NULL ? gan_match_get_canonical (match) : NULL },
  };

  json_builder_begin_object (builder);
  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    {
      json_builder_set_member_name (builder, members[i].name);
      if (members[i].value != NULL)
        json_builder_add_string_value (builder, members[i].value);
      else
        json_builder_add_null_value (builder);
    }
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  gan_cli_output_json (root);
}

static void
print_text (const char *echo, GanMatch *match)
{
  if (match == NULL)
    gan_cli_output_line ("not recognised  %s", echo);
  else
    gan_cli_output_line ("%s %s %s  %s",
                         gan_match_get_platform (match),
                         gan_kind_to_string (gan_match_get_kind (match)),
                         gan_match_get_id (match) != NULL ? gan_match_get_id (match) : "-",
                         gan_match_get_canonical (match) != NULL ? gan_match_get_canonical (match)
                                                                 : echo);
}

static void
detect (GanRegistry *registry, const char *text, gsize length, gboolean json)
{
  gsize kept = MIN (length, GAN_CLI_LINE_BYTES);
  g_autofree char *echo = gan_cli_output_dup_echo (text, (gssize) kept);
  g_autoptr (GanMatch) match = NULL;
  g_autoptr (GanUrl) url = NULL;

  if (length <= GAN_LIMIT_URL_BYTES && g_utf8_validate_len (text, length, NULL))
    url = gan_url_parse_input (text, NULL);
  if (url != NULL)
    match = gan_registry_match (registry, url, NULL);
  if (json)
    print_json (echo, match);
  else
    print_text (echo, match);
}

/* Whose links these are, and how it is told. */
typedef struct
{
  GanRegistry *registry;
  gboolean json;
} Reader;

static void
detect_line (const char *text, gsize length, gpointer user_data)
{
  const Reader *reader = user_data;

  detect (reader->registry, text, length, reader->json);
}

/**
 * gan_cli_run_detect:
 * @cli: the command line
 * @argc: number of arguments, the verb first
 * @argv: arguments
 *
 * One line or object per link, in order; "-" reads them from stdin, one a line.
 *
 * Returns: 0, or the exit code of a command line that makes no sense
 */
int
gan_cli_run_detect (GanCli *cli, int argc, char **argv)
{
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, "Print one JSON object per link", NULL },
    { NULL },
  };
  g_autoptr (GanApp) app = NULL;
  GError *error = NULL;

  if (!gan_cli_options_parse_verb (cli, entries, 1, G_MAXINT, &argc, &argv))
    return GAN_CLI_EXIT_USAGE;
  app = gan_cli_options_make_app (cli, &error);
  for (int i = 1; app != NULL && i < argc; i++)
    {
      Reader reader = { .registry = gan_app_get_registry (app), .json = json };

      if (strcmp (argv[i], "-") == 0)
        gan_cli_lines_read (cli, stdin, detect_line, &reader);
      else
        detect (gan_app_get_registry (app), argv[i], strlen (argv[i]), json);
    }
  if (g_cancellable_is_cancelled (cli->cancellable))
    return GAN_CLI_EXIT_INTERRUPTED;
  return gan_cli_output_finish (cli, app, error, json);
}
