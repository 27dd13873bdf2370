/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-choice.h"
#include "gan-cli-lines.h"
#include "gan-cli-options.h"
#include "gan-cli-output.h"
#include "gan-cli-queue.h"
#include "gan-cli-store.h"
#include "gan-error.h"
#include "gan-limits.h"

#include <string.h>

typedef struct
{
  char *folder;
  char *quality;
  char *format;
  gboolean json;

  GanRegistry *registry;
  const char *wish;
  GPtrArray *rows;
  GError *first; /* what went wrong first */
} Addition;

/* Takes @error over and tells it; the first one decides the exit code. */
static void
fail (Addition *self, GError *error)
{
  gan_cli_output_error (error, self->json);
  if (self->first == NULL)
    self->first = error;
  else
    g_error_free (error);
}

/* Refused is what no site and no plain download could ever be. */
static GanMatch *
match_link (GanRegistry *registry, GanUrl *url, const char *link, GError **error)
{
  gboolean is_claimed = FALSE;
  GanMatch *match = gan_registry_match (registry, url, &is_claimed);

  if (match == NULL && is_claimed)
    {
      g_autofree char *echo = gan_cli_output_dup_echo (link, -1);

      gan_error_set (error, GAN_ERROR_UNSUPPORTED_URL, NULL, "the site has no such link");
      gan_error_set_url (*error, echo);
    }
  return match;
}

static void
add_link (const char *text, gsize length, gpointer user_data)
{
  Addition *self = user_data;
  GError *error = NULL;
  g_autoptr (GanUrl) url = NULL;
  g_autoptr (GanMatch) match = NULL;
  g_autoptr (GanJobRow) row = NULL;

  if (self->rows->len >= GAN_LIMIT_INPUT_URLS)
    gan_error_set (&error,
                   GAN_ERROR_TOO_LARGE,
                   "links",
                   "more links than %d",
                   GAN_LIMIT_INPUT_URLS);
  else if (length > GAN_LIMIT_URL_BYTES || !g_utf8_validate_len (text, length, NULL))
    gan_error_set (&error, GAN_ERROR_UNSUPPORTED_URL, NULL, "This is not a link");
  else
    url = gan_url_parse_input (text, &error);
  if (url != NULL)
    match = match_link (self->registry, url, text, &error);
  if (error != NULL)
    {
      fail (self, error);
      return;
    }
  row = gan_job_row_new (gan_url_get_string (url));
  gan_job_row_set_folder (row, self->folder);
  gan_job_row_set_wish (row, self->wish);
  if (match != NULL)
    {
      gan_job_row_set_platform (row, gan_match_get_platform (match));
      gan_job_row_set_platform_id (row, gan_match_get_id (match));
    }
  g_ptr_array_add (self->rows, g_steal_pointer (&row));
}

static void
read_links (GanCli *cli, Addition *self, int argc, char **argv)
{
  for (int i = 1; i < argc; i++)
    {
      if (strcmp (argv[i], "-") == 0)
        gan_cli_lines_read (cli, stdin, add_link, self);
      else
        add_link (argv[i], strlen (argv[i]), self);
    }
}

static void
print (GanApp *app, const Addition *self, GPtrArray *stored)
{
  g_autoptr (GPtrArray) all = NULL;
  guint length = 0;

  if (self->json)
    {
      gan_cli_queue_print_json (stored);
      return;
    }
  all = gan_store_load_jobs_sync (gan_app_get_store (app), NULL);
  length = gan_cli_queue_get_id_length (all != NULL ? all : stored);
  for (guint i = 0; i < stored->len; i++)
    gan_cli_output_line ("%.*s  %s",
                         (int) length,
                         gan_job_row_get_id (stored->pdata[i]),
                         gan_job_row_get_url (stored->pdata[i]));
}

/* All links that make sense, in one transaction. */
static void
store (GanApp *app, Addition *self)
{
  g_autoptr (GPtrArray) stored = NULL;
  GError *error = NULL;

  if (self->rows->len == 0)
    return;
  if (gan_cli_store_open (app, &error))
    stored = gan_store_add_jobs_sync (gan_app_get_store (app), self->rows, &error);
  if (stored != NULL)
    {
      print (app, self, stored);
      gan_cli_queue_wake (app, TRUE, &error);
    }
  if (error != NULL)
    fail (self, error);
}

/* Another process, from another folder, will put the files there. */
static gboolean
find_folder (GanCli *cli, Addition *self)
{
  const char *folder = self->folder != NULL ? self->folder : cli->config->download_dir;
  char *absolute = g_canonicalize_filename (folder, NULL);

  g_free (self->folder);
  self->folder = absolute;
  if (g_utf8_validate (absolute, -1, NULL))
    return TRUE;
  gan_cli_options_usage ("the name of the folder is not UTF-8");
  return FALSE;
}

static char *
dup_wish (GanCli *cli, const Addition *self)
{
  if (self->format != NULL)
    return g_strconcat ("format:", self->format, NULL);
  return g_strdup (self->quality != NULL ? self->quality : cli->config->wish);
}

static gboolean
check (const Addition *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GanChoice) choice
      = self->quality != NULL ? gan_choice_new_from_quality (self->quality, &error) : NULL;

  if (self->quality != NULL && self->format != NULL)
    gan_cli_options_usage ("-q and -f do not go together");
  else if (error != NULL)
    gan_cli_options_usage ("-q takes best, audio or a height such as 1080p");
  else
    return TRUE;
  return FALSE;
}

static int
run (GanCli *cli, Addition *self, int argc, char **argv)
{
  GError *error = NULL;
  g_autoptr (GanApp) app = gan_cli_options_make_app (cli, &error);
  g_autofree char *wish = NULL;
  int end_code = 0;

  if (app == NULL)
    return gan_cli_output_finish (cli, NULL, error, self->json);
  gan_cli_options_merge_settings (cli);
  if (!find_folder (cli, self))
    return GAN_CLI_EXIT_USAGE;
  wish = dup_wish (cli, self);
  self->wish = wish;
  self->registry = gan_app_get_registry (app);
  read_links (cli, self, argc, argv);
  if (g_cancellable_is_cancelled (cli->cancellable))
    return GAN_CLI_EXIT_INTERRUPTED;
  store (app, self);
  end_code = gan_cli_output_finish (cli, app, NULL, self->json);
  return self->first != NULL ? gan_cli_output_exit_code (self->first) : end_code;
}

/**
 * gan_cli_run_queue_add:
 * @cli: the command line
 * @argc: number of arguments, the verb first
 * @argv: arguments
 *
 * Returns: the exit code
 */
int
gan_cli_run_queue_add (GanCli *cli, int argc, char **argv)
{
  Addition self = { NULL };
  const GOptionEntry entries[] = {
    { "directory", 'd', 0, G_OPTION_ARG_FILENAME, &self.folder, "Where to put the files", "DIR" },
    { "quality",
      'q',
      0,
      G_OPTION_ARG_STRING,
      &self.quality,
      "best, audio or a height: 1080p",
      "QUALITY" },
    { "format", 'f', 0, G_OPTION_ARG_STRING, &self.format, "The format of this id", "FORMAT" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &self.json, "Print one JSON object per download", NULL },
    { NULL },
  };
  int code = GAN_CLI_EXIT_USAGE;

  self.rows = g_ptr_array_new_with_free_func (g_object_unref);
  if (gan_cli_options_parse_verb (cli, entries, 1, G_MAXINT, &argc, &argv) && check (&self))
    code = run (cli, &self, argc, argv);
  g_ptr_array_unref (self.rows);
  g_clear_error (&self.first);
  g_free (self.folder);
  g_free (self.quality);
  g_free (self.format);
  return code;
}
