/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-cli-options.h"
#include "gan-cli-output.h"

#include <json-glib/json-glib.h>

static const struct
{
  GanCapability capability;
  const char *name;
} capabilities[] = {
  { GAN_CAPABILITY_INFO, "info" },
  { GAN_CAPABILITY_LIST, "list" },
  { GAN_CAPABILITY_SEARCH, "search" },
  { GAN_CAPABILITY_SEARCH_IN, "search-in" },
};

static const char *
status_to_string (GanSiteStatus status)
{
  static const char *const names[] = {
    [GAN_SITE_OK] = "ok",
    [GAN_SITE_DEGRADED] = "degraded",
    [GAN_SITE_BROKEN] = "broken",
  };

  return names[status];
}

static void
print_json (GanRules *rules)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();
  JsonArray *can = json_array_new ();
  JsonArray *hosts = json_array_new ();
  const char *const *host = gan_rules_get_hosts (rules);

  for (guint i = 0; i < G_N_ELEMENTS (capabilities); i++)
    {
      if (gan_rules_get_capabilities (rules) & capabilities[i].capability)
        json_array_add_string_element (can, capabilities[i].name);
    }
  for (; host != NULL && *host != NULL; host++)
    json_array_add_string_element (hosts, *host);
  json_object_set_string_member (object, "id", gan_rules_get_id (rules));
  json_object_set_string_member (object, "name", gan_rules_get_name (rules));
  json_object_set_string_member (object, "status", status_to_string (gan_rules_get_status (rules)));
  json_object_set_string_member (object, "verified", gan_rules_get_verified (rules));
  json_object_set_int_member (object, "serial", gan_rules_get_serial (rules));
  json_object_set_boolean_member (object, "user_rules", gan_rules_is_override (rules));
  json_object_set_array_member (object, "capabilities", can);
  json_object_set_array_member (object, "hosts", hosts);
  json_node_take_object (node, object);
  gan_cli_output_json (node);
}

static void
print_text (GanRules *rules)
{
  gan_cli_output_line ("%-14s %-20s %-9s verified %s%s",
                       gan_rules_get_id (rules),
                       gan_rules_get_name (rules),
                       status_to_string (gan_rules_get_status (rules)),
                       gan_rules_get_verified (rules),
                       gan_rules_is_override (rules) ? " (your own rules)" : "");
}

/**
 * gan_cli_run_platforms:
 * @cli: the command line
 * @argc: number of arguments, the verb first
 * @argv: arguments
 *
 * Returns: the exit code
 */
int
gan_cli_run_platforms (GanCli *cli, int argc, char **argv)
{
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, "Print one JSON object per site", NULL },
    { NULL },
  };
  g_autoptr (GanApp) app = NULL;
  g_auto (GStrv) ids = NULL;
  g_auto (GStrv) warnings = NULL;
  GError *error = NULL;

  if (!gan_cli_options_parse_verb (cli, entries, 0, 0, &argc, &argv))
    return GAN_CLI_EXIT_USAGE;
  app = gan_cli_options_make_app (cli, &error);
  if (app == NULL)
    return gan_cli_output_finish (cli, NULL, error, json);
  ids = gan_registry_dup_ids (gan_app_get_registry (app));
  for (guint i = 0; ids[i] != NULL; i++)
    {
      GanRules *rules = gan_registry_get_rules (gan_app_get_registry (app), ids[i]);

      if (json)
        print_json (rules);
      else
        print_text (rules);
    }
  warnings = gan_registry_dup_warnings (gan_app_get_registry (app));
  for (guint i = 0; warnings[i] != NULL; i++)
    gan_cli_output_complain (warnings[i]);
  return gan_cli_output_finish (cli, app, NULL, json);
}
