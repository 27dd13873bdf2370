/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-cli-options.h"
#include "gan-cli-output.h"
#include "gan-error.h"
#include "gan-limits.h"

/* As many as a page of most sites holds. */
#define DEFAULT_LIMIT 20

static void
print_entry (GanMedia *media, gboolean json)
{
  g_autoptr (JsonNode) node = NULL;

  if (!json)
    {
      const char *title = gan_media_get_title (media);

      gan_cli_output_line ("%s  %s",
                           gan_media_get_url (media),
                           title != NULL ? title : "(no title)");
      return;
    }
  node = gan_record_to_json (GAN_RECORD (media));
  gan_cli_output_json (node);
}

/* Where pages come from: a listing when query is NULL, a search of platform else. */
typedef struct
{
  GanRegistry *registry;
  GanUrl *url; /* of the listing, or where to search in */
  const char *platform;
  const char *query;
} Source;

static GanPage *
get_page (const Source *source,
          const char *cursor,
          guint limit,
          GCancellable *cancellable,
          GError **error)
{
  if (source->query == NULL)
    return gan_registry_list (source->registry, source->url, cursor, limit, cancellable, error);
  return gan_registry_search (source->registry,
                              source->platform,
                              source->query,
                              source->url,
                              cursor,
                              limit,
                              cancellable,
                              error);
}

/* Page after page, each shown as soon as it is there. */
static gboolean
print_pages (GanCli *cli, const Source *source, guint limit, gboolean json, GError **error)
{
  g_autofree char *cursor = NULL;
  guint shown = 0;

  do
    {
      g_autoptr (GanPage) page = get_page (source, cursor, limit - shown, cli->cancellable, error);

      if (page == NULL)
        return FALSE;
      for (guint i = 0; i < gan_page_get_n_media (page) && shown < limit; i++, shown++)
        print_entry (gan_page_get_media (page, i), json);
      g_free (cursor);
      cursor = gan_page_get_n_media (page) > 0 ? g_strdup (gan_page_get_next_cursor (page)) : NULL;
    }
  while (cursor != NULL && shown < limit && !gan_cli_output_is_broken ());
  return TRUE;
}

static gboolean
check_limit (int limit)
{
  if (limit >= 1 && limit <= GAN_LIMIT_LIST_ENTRIES)
    return TRUE;
  gan_cli_options_usage ("--limit takes a number from 1 to %d", GAN_LIMIT_LIST_ENTRIES);
  return FALSE;
}

/**
 * gan_cli_run_list:
 * @cli: the command line
 * @argc: number of arguments, the verb first
 * @argv: arguments
 *
 * Returns: the exit code
 */
int
gan_cli_run_list (GanCli *cli, int argc, char **argv)
{
  gboolean json = FALSE;
  int limit = DEFAULT_LIMIT;
  const GOptionEntry entries[] = {
    { "limit", 0, 0, G_OPTION_ARG_INT, &limit, "Stop after so many (20)", "N" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, "Print one JSON object per entry", NULL },
    { NULL },
  };
  g_autoptr (GanApp) app = NULL;
  g_autoptr (GanUrl) url = NULL;
  GError *error = NULL;

  if (!gan_cli_options_parse_verb (cli, entries, 1, 1, &argc, &argv) || !check_limit (limit))
    return GAN_CLI_EXIT_USAGE;
  app = gan_cli_options_make_app (cli, &error);
  if (app != NULL)
    url = gan_url_parse_input (argv[1], &error);
  if (url != NULL)
    {
      const Source source = { .registry = gan_app_get_registry (app), .url = url };

      print_pages (cli, &source, (guint) limit, json, &error);
    }
  return gan_cli_output_finish (cli, app, error, json);
}

static gboolean
search (GanCli *cli,
        GanApp *app,
        char **arguments,
        const char *in,
        guint limit,
        gboolean json,
        GError **error)
{
  g_autoptr (GanUrl) url = in != NULL ? gan_url_parse_input (in, error) : NULL;
  const Source source = {
    .registry = gan_app_get_registry (app),
    .url = url,
    .platform = arguments[1],
    .query = arguments[2],
  };

  if (in != NULL && url == NULL)
    return FALSE;
  if (gan_registry_get_rules (source.registry, source.platform) == NULL)
    {
      gan_error_set (error,
                     GAN_ERROR_UNSUPPORTED_URL,
                     "platform",
                     "there is no platform named %s",
                     source.platform);
      return FALSE;
    }
  return print_pages (cli, &source, limit, json, error);
}

/**
 * gan_cli_run_search:
 * @cli: the command line
 * @argc: number of arguments, the verb first
 * @argv: arguments
 *
 * Returns: the exit code
 */
int
gan_cli_run_search (GanCli *cli, int argc, char **argv)
{
  gboolean json = FALSE;
  int limit = DEFAULT_LIMIT;
  g_autofree char *in = NULL;
  const GOptionEntry entries[] = {
    { "limit", 0, 0, G_OPTION_ARG_INT, &limit, "Stop after so many (20)", "N" },
    { "in", 0, 0, G_OPTION_ARG_STRING, &in, "Search within this channel or user", "URL" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, "Print one JSON object per entry", NULL },
    { NULL },
  };
  g_autoptr (GanApp) app = NULL;
  GError *error = NULL;

  if (!gan_cli_options_parse_verb (cli, entries, 2, 2, &argc, &argv) || !check_limit (limit))
    return GAN_CLI_EXIT_USAGE;
  app = gan_cli_options_make_app (cli, &error);
  if (app != NULL)
    search (cli, app, argv, in, (guint) limit, json, &error);
  return gan_cli_output_finish (cli, app, error, json);
}
