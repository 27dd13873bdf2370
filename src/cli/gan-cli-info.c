/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-cli-options.h"
#include "gan-cli-output.h"
#include "gan-text.h"

static char *
dup_count (gint64 count)
{
  return count >= 0 ? g_strdup_printf ("%" G_GINT64_FORMAT, count) : NULL;
}

static char *
dup_size (GanFormat *format)
{
  return gan_format_get_filesize (format) >= 0
             ? gan_text_from_size (gan_format_get_filesize (format))
             : g_strdup ("-");
}

static char *
dup_quality (GanFormat *format)
{
  if (gan_format_get_quality (format) != NULL)
    return g_strdup (gan_format_get_quality (format));
  if (gan_format_get_height (format) > 0)
    return g_strdup_printf ("%" G_GINT64_FORMAT "p", gan_format_get_height (format));
  return g_strdup ("-");
}

static const char *
or_dash (const char *text)
{
  return text != NULL ? text : "-";
}

static void
print_formats (GanMedia *media)
{
  GPtrArray *formats = gan_media_get_formats (media);
  GPtrArray *items = gan_media_get_items (media);

  if (formats->len > 0)
    gan_cli_output_line ("%-16s %-8s %-5s %-11s %-5s %s",
                         "ID",
                         "QUALITY",
                         "EXT",
                         "SIZE",
                         "VIA",
                         "CODECS");
  for (guint i = 0; i < formats->len; i++)
    {
      GanFormat *format = g_ptr_array_index (formats, i);
      g_autofree char *quality = dup_quality (format);
      g_autofree char *size = dup_size (format);

      gan_cli_output_line ("%-16s %-8s %-5s %-11s %-5s %s/%s",
                           or_dash (gan_format_get_format_id (format)),
                           quality,
                           or_dash (gan_format_get_ext (format)),
                           size,
                           or_dash (gan_format_get_protocol (format)),
                           or_dash (gan_format_get_vcodec (format)),
                           or_dash (gan_format_get_acodec (format)));
    }
  for (guint i = 0; i < items->len; i++)
    {
      GanMedia *item = g_ptr_array_index (items, i);

      gan_cli_output_line ("— %u of %u: %s",
                           i + 1,
                           items->len,
                           or_dash (gan_media_get_content_type (item)));
      print_formats (item);
    }
}

static void
print_card (GanMedia *media)
{
  g_autofree char *duration = gan_media_get_duration (media) >= 0
                                  ? gan_text_from_duration (gan_media_get_duration (media))
                                  : NULL;
  g_autofree char *published = gan_media_get_published_at (media) != GAN_UNKNOWN_TIME
                                   ? gan_text_from_time (gan_media_get_published_at (media))
                                   : NULL;
  g_autofree char *views = dup_count (gan_media_get_view_count (media));
  g_autofree char *likes = dup_count (gan_media_get_like_count (media));

  gan_cli_output_field ("Title", gan_media_get_title (media));
  gan_cli_output_field ("By", gan_media_get_creator (media));
  gan_cli_output_field ("Site", gan_media_get_platform (media));
  gan_cli_output_field ("Kind", gan_media_get_content_type (media));
  gan_cli_output_field ("Duration", duration);
  gan_cli_output_field ("Published", published);
  gan_cli_output_field ("Views", views);
  gan_cli_output_field ("Likes", likes);
  gan_cli_output_field ("Thumbnail", gan_media_get_thumbnail_url (media));
  gan_cli_output_field ("Link", gan_media_get_url (media));
  if (!gan_media_has_media (media))
    gan_cli_output_line ("There is no media in this post.");
  print_formats (media);
}

static void
collect_formats (GanMedia *media, JsonArray *array)
{
  GPtrArray *formats = gan_media_get_formats (media);
  GPtrArray *items = gan_media_get_items (media);

  for (guint i = 0; i < formats->len; i++)
    json_array_add_element (array, gan_record_to_json (g_ptr_array_index (formats, i)));
  for (guint i = 0; i < items->len; i++)
    collect_formats (g_ptr_array_index (items, i), array);
}

static void
show_info (GanMedia *media, gboolean json)
{
  g_autoptr (JsonNode) node = NULL;

  if (!json)
    {
      print_card (media);
      return;
    }
  node = gan_record_to_json (GAN_RECORD (media));
  gan_cli_output_json (node);
}

static void
show_formats (GanMedia *media, gboolean json)
{
  g_autoptr (JsonNode) node = NULL;

  if (!json)
    {
      print_formats (media);
      return;
    }
  node = json_node_new (JSON_NODE_ARRAY);
  json_node_take_array (node, json_array_new ());
  collect_formats (media, json_node_get_array (node));
  gan_cli_output_json (node);
}

static int
resolve_and_show (GanCli *cli, void (*show) (GanMedia *media, gboolean json), int argc, char **argv)
{
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, "Print JSON", NULL },
    { NULL },
  };
  g_autoptr (GanApp) app = NULL;
  g_autoptr (GanUrl) url = NULL;
  g_autoptr (GanMedia) media = NULL;
  GError *error = NULL;

  if (!gan_cli_options_parse_verb (cli, entries, 1, 1, &argc, &argv))
    return GAN_CLI_EXIT_USAGE;
  app = gan_cli_options_make_app (cli, &error);
  if (app != NULL)
    url = gan_url_parse_input (argv[1], &error);
  if (url != NULL)
    media = gan_registry_resolve (gan_app_get_registry (app), url, cli->cancellable, &error);
  if (media != NULL)
    show (media, json);
  return gan_cli_output_finish (cli, app, error, json);
}

/**
 * gan_cli_run_info:
 * @cli: the command line
 * @argc: number of arguments, the verb first
 * @argv: arguments
 *
 * Returns: the exit code
 */
int
gan_cli_run_info (GanCli *cli, int argc, char **argv)
{
  return resolve_and_show (cli, show_info, argc, argv);
}

/**
 * gan_cli_run_formats:
 * @cli: the command line
 * @argc: number of arguments, the verb first
 * @argv: arguments
 *
 * Returns: the exit code
 */
int
gan_cli_run_formats (GanCli *cli, int argc, char **argv)
{
  return resolve_and_show (cli, show_formats, argc, argv);
}
