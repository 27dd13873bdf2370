/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "gan-config.h"
#include "gan-error.h"

#include <string.h>

static const char *const variables[] = {
  "GANNET_DOWNLOAD_DIR",        "GANNET_LOG_LEVEL",
  "GANNET_MAX_CONNECTIONS",     "GANNET_MAX_CONNECTIONS_PER_HOST",
  "GANNET_RATE_LIMIT_PER_HOUR", "GANNET_RATE_LIMIT_PER_MINUTE",
};

/* Nothing of the environment that the tests were started in. */
static void
clear_environment (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (variables); i++)
    g_unsetenv (variables[i]);
}

static void
test_defaults (void)
{
  g_autoptr (GanConfig) config = NULL;
  g_autoptr (GError) error = NULL;

  clear_environment ();
  config = gan_config_new (TRUE, &error);
  g_assert_no_error (error);
  g_assert_null (config->download_dir);
  g_assert_true (g_str_has_prefix (config->rules_dir, g_get_user_data_dir ()));
  g_assert_true (g_str_has_suffix (config->rules_dir, "/gannet/platforms"));
  g_assert_true (g_str_has_prefix (config->slots_path, g_get_user_runtime_dir ()));
  g_assert_true (g_str_has_suffix (config->media_program, "/gannet-media"));
  g_assert_cmpint (config->log_level, ==, G_LOG_LEVEL_WARNING);
  g_assert_cmpuint (config->max_connections, ==, 0);
  g_assert_cmpuint (config->max_connections_per_host, ==, 0);
  g_assert_cmpuint (config->rate_limits.per_minute, ==, 0);
  g_assert_cmpuint (config->rate_limits.per_hour, ==, 0);
  g_assert_cmpuint (config->rate_limits.parallel, ==, 0);
  g_assert_null (config->connect_to);
  g_assert_null (config->ca_file);
  g_assert_null (config->proxy);
  g_assert_null (config->replay);
  g_assert_null (config->record);
}

static void
test_no_user_files (void)
{
  g_autoptr (GanConfig) config = NULL;
  g_autoptr (GError) error = NULL;

  clear_environment ();
  config = gan_config_new (FALSE, &error);
  g_assert_no_error (error);
  g_assert_null (config->rules_dir);
  g_assert_nonnull (config->slots_path);
}

static void
test_environment (void)
{
  g_autoptr (GanConfig) config = NULL;
  g_autoptr (GError) error = NULL;

  clear_environment ();
  g_setenv ("GANNET_DOWNLOAD_DIR", "/srv/films", TRUE);
  g_setenv ("GANNET_LOG_LEVEL", "Debug", TRUE);
  g_setenv ("GANNET_MAX_CONNECTIONS", "12", TRUE);
  g_setenv ("GANNET_MAX_CONNECTIONS_PER_HOST", "3", TRUE);
  g_setenv ("GANNET_RATE_LIMIT_PER_MINUTE", "30", TRUE);
  g_setenv ("GANNET_RATE_LIMIT_PER_HOUR", "2147483647", TRUE);
  config = gan_config_new (FALSE, &error);
  clear_environment ();
  g_assert_no_error (error);
  g_assert_cmpstr (config->download_dir, ==, "/srv/films");
  g_assert_cmpint (config->log_level, ==, G_LOG_LEVEL_DEBUG);
  g_assert_cmpuint (config->max_connections, ==, 12);
  g_assert_cmpuint (config->max_connections_per_host, ==, 3);
  g_assert_cmpuint (config->rate_limits.per_minute, ==, 30);
  g_assert_cmpuint (config->rate_limits.per_hour, ==, 2147483647);
}

/* Other programs, which stand elsewhere, are told of the folder. */
static void
test_relative (void)
{
  g_autoptr (GanConfig) config = NULL;
  g_autofree char *here = g_get_current_dir ();
  g_autofree char *expected = g_build_filename (here, "films", NULL);
  g_autoptr (GError) error = NULL;

  clear_environment ();
  g_setenv ("GANNET_DOWNLOAD_DIR", "films/../films", TRUE);
  config = gan_config_new (FALSE, &error);
  clear_environment ();
  g_assert_no_error (error);
  g_assert_cmpstr (config->download_dir, ==, expected);
}

/* A variable that is set to nothing is not set. */
static void
test_empty (void)
{
  g_autoptr (GanConfig) config = NULL;
  g_autoptr (GError) error = NULL;

  clear_environment ();
  for (guint i = 0; i < G_N_ELEMENTS (variables); i++)
    g_setenv (variables[i], "", TRUE);
  config = gan_config_new (FALSE, &error);
  clear_environment ();
  g_assert_no_error (error);
  g_assert_null (config->download_dir);
  g_assert_cmpint (config->log_level, ==, G_LOG_LEVEL_WARNING);
  g_assert_cmpuint (config->max_connections, ==, 0);
}

static void
test_levels (void)
{
  static const struct
  {
    const char *name;
    GLogLevelFlags level;
  } cases[] = {
    { "error", G_LOG_LEVEL_CRITICAL },  { "warning", G_LOG_LEVEL_WARNING },
    { "WARNING", G_LOG_LEVEL_WARNING }, { "message", G_LOG_LEVEL_MESSAGE },
    { "info", G_LOG_LEVEL_INFO },       { "debug", G_LOG_LEVEL_DEBUG },
  };

  clear_environment ();
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GanConfig) config = NULL;
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", cases[i].name);
      g_setenv ("GANNET_LOG_LEVEL", cases[i].name, TRUE);
      config = gan_config_new (FALSE, &error);
      g_assert_no_error (error);
      g_assert_cmpint (config->log_level, ==, cases[i].level);
    }
  clear_environment ();
}

/* What makes no sense is said, with the name of the variable, and never guessed at. */
static void
test_nonsense (void)
{
  static const struct
  {
    const char *variable;
    const char *value;
  } cases[] = {
    { "GANNET_LOG_LEVEL", "loud" },
    { "GANNET_LOG_LEVEL", " debug" },
    { "GANNET_MAX_CONNECTIONS", "0" },
    { "GANNET_MAX_CONNECTIONS", "-1" },
    { "GANNET_MAX_CONNECTIONS", "many" },
    { "GANNET_MAX_CONNECTIONS", "3 " },
    { "GANNET_MAX_CONNECTIONS", "0x10" },
    { "GANNET_MAX_CONNECTIONS_PER_HOST", "1.5" },
    { "GANNET_MAX_CONNECTIONS_PER_HOST", "+2" },
    { "GANNET_RATE_LIMIT_PER_MINUTE", "1e3" },
    { "GANNET_RATE_LIMIT_PER_MINUTE", "2147483648" },
    { "GANNET_RATE_LIMIT_PER_HOUR", "99999999999999999999999" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GanConfig) config = NULL;
      g_autoptr (GError) error = NULL;

      g_test_message ("%s=%s", cases[i].variable, cases[i].value);
      clear_environment ();
      g_setenv (cases[i].variable, cases[i].value, TRUE);
      config = gan_config_new (FALSE, &error);
      g_assert_null (config);
      g_assert_true (gan_error_matches (error, GAN_ERROR_NOT_ALLOWED));
      g_assert_cmpstr (gan_error_get_reason (error), ==, "setting");
      g_assert_nonnull (strstr (error->message, cases[i].variable));
    }
  clear_environment ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/config/defaults", test_defaults);
  g_test_add_func ("/config/no-user-files", test_no_user_files);
  g_test_add_func ("/config/environment", test_environment);
  g_test_add_func ("/config/relative", test_relative);
  g_test_add_func ("/config/empty", test_empty);
  g_test_add_func ("/config/levels", test_levels);
  g_test_add_func ("/config/nonsense", test_nonsense);
  return g_test_run ();
}
