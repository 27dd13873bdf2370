/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-cli-options.h"
#include "gan-cli-output.h"
#include "gan-limits.h"

#include <json-glib/json-glib.h>
#include <stdio.h>
#include <string.h>

/* How much of an over-long line is echoed. */
#define ECHO_BYTES 65536

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
  gsize kept = MIN (length, ECHO_BYTES);
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

static void
detect_line (GanRegistry *registry, GString *line, gsize length, gboolean json)
{
  if (length == line->len && length > 0 && line->str[length - 1] == '\r')
    g_string_truncate (line, --length);
  if (length > 0)
    detect (registry, line->str, length, json);
}

/* Lines of any length; of one that is too long for a URL only the beginning is kept. */
static void
detect_lines (GanCli *cli, GanRegistry *registry, FILE *input, gboolean json)
{
  g_autoptr (GString) line = g_string_new (NULL);
  gsize length = 0;
  int c = 0;

  while ((c = getc_unlocked (input)) != EOF && !gan_cli_output_is_broken ()
         && !g_cancellable_is_cancelled (cli->cancellable))
    {
      if (c != '\n')
        {
          length++;
          if (line->len < ECHO_BYTES)
            g_string_append_c (line, (char) c);
          continue;
        }
      detect_line (registry, line, length, json);
      g_string_truncate (line, 0);
      length = 0;
    }
  detect_line (registry, line, length, json);
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
      if (strcmp (argv[i], "-") == 0)
        detect_lines (cli, gan_app_get_registry (app), stdin, json);
      else
        detect (gan_app_get_registry (app), argv[i], strlen (argv[i]), json);
    }
  if (g_cancellable_is_cancelled (cli->cancellable))
    return GAN_CLI_EXIT_INTERRUPTED;
  return gan_cli_output_finish (cli, app, error, json);
}
