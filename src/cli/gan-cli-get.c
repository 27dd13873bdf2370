/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-cli-options.h"
#include "gan-cli-output.h"
#include "gan-cli-progress.h"
#include "gan-cli-store.h"
#include "gan-download.h"
#include "gan-error-json.h"
#include "gan-owner.h"
#include "gan-text.h"

#include <errno.h>
#include <string.h>

/* What the command line asks for. */
typedef struct
{
  char *folder;
  char *name;
  char *quality;
  char *format;
  char *limit_rate;
  gboolean json;

  GanChoice *choice;
  gint64 bytes_per_second;
} Wish;

/* How the lines of the links are printed. */
typedef struct
{
  GanApp *app;
  GStrv echoes; /* the links as they may be shown */
  gboolean json;
  gboolean draw;
  gboolean has_store;  /* that could be opened */
  gboolean has_failed; /* to keep a file in the library */
} Printer;

static const char *
state_to_string (GanTransferState state)
{
  static const char *const names[] = {
    [GAN_TRANSFER_WAITING] = "waiting",   [GAN_TRANSFER_RUNNING] = "running",
    [GAN_TRANSFER_RETRYING] = "retrying", [GAN_TRANSFER_VERIFYING] = "verifying",
    [GAN_TRANSFER_DONE] = "done",
  };

  return names[state];
}

static const char *
verified_to_string (GanVerified verified)
{
  static const char *const names[] = {
    [GAN_VERIFIED_NONE] = "none",
    [GAN_VERIFIED_LENGTH] = "length",
    [GAN_VERIFIED_CONTAINER] = "container",
  };

  return names[verified];
}

static JsonObject *
begin_event (const Printer *printer, guint index, const char *event)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "event", event);
  json_object_set_int_member (object, "index", index);
  json_object_set_string_member (object, "url", printer->echoes[index]);
  return object;
}

static void
set_known (JsonObject *object, const char *name, gint64 value)
{
  if (value >= 0)
    json_object_set_int_member (object, name, value);
  else
    json_object_set_null_member (object, name);
}

static void
print_event (JsonObject *object)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);

  json_node_take_object (node, object);
  gan_cli_output_json (node);
}

static void
progress_cb (guint index, const GanProgress *progress, gpointer user_data)
{
  const Printer *printer = user_data;
  JsonObject *object = NULL;

  if (printer->draw)
    gan_cli_progress_draw (progress);
  if (!printer->json)
    return;
  object = begin_event (printer, index, "progress");
  json_object_set_string_member (object, "state", state_to_string (progress->state));
  json_object_set_string_member (object, "file", progress->file);
  set_known (object, "downloaded", progress->downloaded);
  set_known (object, "total", progress->total);
  set_known (object, "speed", progress->speed);
  set_known (object, "eta", progress->eta);
  print_event (object);
}

static void
print_result (const Printer *printer, guint index, const GanTransferResult *result)
{
  g_autofree char *size = NULL;
  JsonObject *object = NULL;

  if (!printer->json)
    {
      size = gan_text_from_size (result->size);
      gan_cli_output_line ("%s (%s, %s)",
                           result->file,
                           size,
                           result->verified == GAN_VERIFIED_NONE ? "length not verified"
                                                                 : "verified");
      return;
    }
  object = begin_event (printer, index, "result");
  json_object_set_string_member (object, "file", result->file);
  json_object_set_int_member (object, "size", result->size);
  json_object_set_string_member (object, "format_id", result->format_id);
  json_object_set_string_member (object, "verified", verified_to_string (result->verified));
  json_object_set_boolean_member (object, "resumed", result->resumed);
  print_event (object);
}

/* The file is there whether or not the library can be told: that is a warning, once. */
static void
keep (Printer *printer, GanLibraryRow *row)
{
  g_autoptr (GError) error = NULL;

  if (printer->has_failed)
    return;
  printer->has_store = printer->has_store || gan_cli_store_open (printer->app, &error);
  if (printer->has_store && gan_store_add_file_sync (gan_app_get_store (printer->app), row, &error))
    gan_owner_wake (gan_app_get_data_dir (printer->app), &error);
  if (error == NULL)
    return;
  printer->has_failed = TRUE;
  gan_cli_output_complain ("warning: the library does not know of this file");
  gan_cli_output_error (error, FALSE);
}

static void
finished_cb (guint index,
             GanLibraryRow *row,
             const GanTransferResult *result,
             const GError *error,
             gpointer user_data)
{
  Printer *printer = user_data;
  JsonObject *object = NULL;

  if (printer->draw)
    gan_cli_progress_clear ();
  if (result != NULL)
    {
      print_result (printer, index, result);
      keep (printer, row);
      return;
    }
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    gan_cli_output_error (error, FALSE);
  if (printer->json)
    {
      object = begin_event (printer, index, "error");
      json_object_set_member (object, "error", gan_error_to_json (error));
      print_event (object);
    }
}

static gboolean
check_name (const char *name, int n_links)
{
  if (name == NULL)
    return TRUE;
  if (n_links > 1)
    gan_cli_options_usage ("-o goes with one link only");
  else if (*name == '\0' || strchr (name, '/') != NULL || strcmp (name, ".") == 0
           || strcmp (name, "..") == 0)
    gan_cli_options_usage ("-o takes the name of a file, not a path");
  else
    return TRUE;
  return FALSE;
}

static gboolean
make_choice (Wish *wish)
{
  g_autoptr (GError) error = NULL;

  if (wish->quality != NULL && wish->format != NULL)
    gan_cli_options_usage ("-q and -f do not go together");
  else if (wish->format != NULL)
    wish->choice = gan_choice_new_from_format_id (wish->format);
  else if (wish->quality == NULL)
    wish->choice = gan_choice_new_best ();
  else
    wish->choice = gan_choice_new_from_quality (wish->quality, &error);
  if (error != NULL)
    gan_cli_options_usage ("-q takes best, audio or a height such as 1080p");
  return wish->choice != NULL;
}

static gboolean
check_wish (Wish *wish, int n_links)
{
  if (!check_name (wish->name, n_links) || !make_choice (wish))
    return FALSE;
  if (wish->limit_rate == NULL)
    return TRUE;
  if (gan_text_to_size (wish->limit_rate, &wish->bytes_per_second) && wish->bytes_per_second > 0)
    return TRUE;
  gan_cli_options_usage ("--limit-rate takes bytes per second, such as 500K or 2M");
  return FALSE;
}

static GStrv
dup_echoes (int argc, char **argv)
{
  GStrv echoes = g_new0 (char *, argc);

  for (int i = 1; i < argc; i++)
    echoes[i - 1] = gan_cli_output_dup_echo (argv[i], -1);
  return echoes;
}

/* All links are tried; the exit code is that of the first that failed. */
static int
get_links (GanCli *cli, GanApp *app, const Wish *wish, int argc, char **argv)
{
  g_auto (GStrv) echoes = dup_echoes (argc, argv);
  g_autoptr (GError) error = NULL;
  Printer printer = {
    .app = app,
    .echoes = echoes,
    .json = wish->json,
    .draw = !wish->json && gan_cli_progress_is_wanted (),
  };
  const GanDownloadOptions options = {
    .folder = wish->folder,
    .name = wish->name,
    .choice = wish->choice,
    .limit_rate = wish->bytes_per_second,
  };
  const GanDownloadListener listener = {
    .progress = progress_cb,
    .finished = finished_cb,
    .user_data = &printer,
  };

  gan_download_run_many (app,
                         (const char *const *) argv + 1,
                         1,
                         &options,
                         &listener,
                         cli->cancellable,
                         &error);
  if (g_cancellable_is_cancelled (cli->cancellable))
    return GAN_CLI_EXIT_INTERRUPTED;
  return error != NULL ? gan_cli_output_exit_code (error) : 0;
}

static int
run (GanCli *cli, Wish *wish, int argc, char **argv)
{
  GError *error = NULL;
  g_autoptr (GanApp) app = gan_cli_options_make_app (cli, &error);
  int code = 0;
  int end_code = 0;

  if (app != NULL)
    {
      if (wish->folder == NULL)
        wish->folder
            = g_strdup (cli->config->download_dir != NULL ? cli->config->download_dir : ".");
      code = get_links (cli, app, wish, argc, argv);
    }
  end_code = gan_cli_output_finish (cli, app, error, wish->json);
  return code != 0 ? code : end_code;
}

/**
 * gan_cli_run_get:
 * @cli: the command line
 * @argc: number of arguments, the verb first
 * @argv: arguments
 *
 * Returns: the exit code
 */
int
gan_cli_run_get (GanCli *cli, int argc, char **argv)
{
  Wish wish = { 0 };
  const GOptionEntry entries[] = {
    { "directory", 'd', 0, G_OPTION_ARG_FILENAME, &wish.folder, "Where to put the files", "DIR" },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &wish.name, "What to call the file", "NAME" },
    { "quality",
      'q',
      0,
      G_OPTION_ARG_STRING,
      &wish.quality,
      "best, audio or a height: 1080p",
      "QUALITY" },
    { "format", 'f', 0, G_OPTION_ARG_STRING, &wish.format, "The format of this id", "FORMAT" },
    { "limit-rate",
      0,
      0,
      G_OPTION_ARG_STRING,
      &wish.limit_rate,
      "Bytes per second; K, M, G",
      "RATE" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &wish.json, "Print JSON lines", NULL },
    { NULL },
  };
  int code = GAN_CLI_EXIT_USAGE;

  if (gan_cli_options_parse_verb (cli, entries, 1, G_MAXINT, &argc, &argv)
      && check_wish (&wish, argc - 1))
    code = run (cli, &wish, argc, argv);

  g_free (wish.folder);
  g_free (wish.name);
  g_free (wish.quality);
  g_free (wish.format);
  g_free (wish.limit_rate);
  g_clear_pointer (&wish.choice, gan_choice_unref);
  return code;
}
