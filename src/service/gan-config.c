/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-config.h"

#include "gan-error.h"

/* An environment variable that holds a count; FALSE and an error when it holds anything else. */
static gboolean
read_count (const char *variable, guint *value, GError **error)
{
  const char *text = g_getenv (variable);
  guint64 number = 0;

  if (text == NULL || *text == '\0')
    return TRUE;
  if (!g_ascii_string_to_unsigned (text, 10, 1, G_MAXINT, &number, NULL))
    {
      gan_error_set (error, GAN_ERROR_NOT_ALLOWED, "setting", "%s is not a count", variable);
      return FALSE;
    }
  *value = (guint) number;
  return TRUE;
}

static gboolean
read_log_level (GLogLevelFlags *level, GError **error)
{
  static const struct
  {
    const char *name;
    GLogLevelFlags level;
  } levels[] = {
    { "error", G_LOG_LEVEL_CRITICAL },  { "warning", G_LOG_LEVEL_WARNING },
    { "message", G_LOG_LEVEL_MESSAGE }, { "info", G_LOG_LEVEL_INFO },
    { "debug", G_LOG_LEVEL_DEBUG },
  };
  const char *name = g_getenv ("GANNET_LOG_LEVEL");

  *level = G_LOG_LEVEL_WARNING;
  if (name == NULL || *name == '\0')
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (levels); i++)
    {
      if (g_ascii_strcasecmp (name, levels[i].name) == 0)
        {
          *level = levels[i].level;
          return TRUE;
        }
    }
  gan_error_set (error,
                 GAN_ERROR_NOT_ALLOWED,
                 "setting",
                 "GANNET_LOG_LEVEL is none of error, warning, message, info, debug");
  return FALSE;
}

static gboolean
read_environment (GanConfig *self, GError **error)
{
  const char *folder = g_getenv ("GANNET_DOWNLOAD_DIR");

  /* A job of the queue may be executed by a program that stands elsewhere. */
  if (folder != NULL && *folder != '\0')
    self->download_dir = g_canonicalize_filename (folder, NULL);
  return read_log_level (&self->log_level, error)
         && read_count ("GANNET_MAX_CONNECTIONS", &self->max_connections, error)
         && read_count ("GANNET_MAX_CONNECTIONS_PER_HOST", &self->max_connections_per_host, error)
         && read_count ("GANNET_RATE_LIMIT_PER_MINUTE", &self->rate_limits.per_minute, error)
         && read_count ("GANNET_RATE_LIMIT_PER_HOUR", &self->rate_limits.per_hour, error);
}

/* The helper is no command, so it is not on the PATH. A program that runs from the build folder
 * takes the one that was built with it. */
static char *
find_media_program (void)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = program != NULL ? g_path_get_dirname (program) : NULL;
  g_autofree char *parent = folder != NULL ? g_path_get_dirname (folder) : NULL;
  g_autofree char *built = NULL;

  if (parent != NULL && g_str_has_suffix (parent, G_DIR_SEPARATOR_S "src"))
    built = g_build_filename (parent, "media", "gannet-media", NULL);
  if (built != NULL && g_file_test (built, G_FILE_TEST_IS_EXECUTABLE))
    return g_steal_pointer (&built);
  return g_build_filename (GAN_LIBEXECDIR, "gannet-media", NULL);
}

/**
 * gan_config_new:
 * @with_user_files: FALSE for `--no-config`: no settings, user rules or accounts
 * @error: not-allowed when a GANNET_* variable makes no sense
 *
 * Returns: (transfer full): the defaults with the environment over them
 */
GanConfig *
gan_config_new (gboolean with_user_files, GError **error)
{
  g_autoptr (GanConfig) self = g_new0 (GanConfig, 1);

  self->with_user_files = with_user_files;
  self->limit_rate = GAN_UNKNOWN;
  self->slots_path = g_build_filename (g_get_user_runtime_dir (), "gannet", "slots", NULL);
  self->data_dir = g_build_filename (g_get_user_data_dir (), "gannet", NULL);
  self->cache_dir = g_build_filename (g_get_user_cache_dir (), "gannet", NULL);
  self->media_program = find_media_program ();
  if (with_user_files)
    self->rules_dir = g_build_filename (g_get_user_data_dir (), "gannet", "platforms", NULL);
  if (!read_environment (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * gan_config_free:
 * @self: (transfer full) (nullable): a configuration
 */
void
gan_config_free (GanConfig *self)
{
  if (self == NULL)
    return;
  g_free (self->download_dir);
  g_free (self->wish);
  g_free (self->data_dir);
  g_free (self->cache_dir);
  g_free (self->rules_dir);
  g_free (self->slots_path);
  g_free (self->media_program);
  g_strfreev (self->connect_to);
  g_free (self->ca_file);
  g_free (self->proxy);
  g_strfreev (self->replay);
  g_free (self->record);
  g_free (self);
}

/**
 * gan_config_names_settings_backend:
 *
 * Returns: whether GSETTINGS_BACKEND says where GSettings are kept
 */
gboolean
gan_config_names_settings_backend (void)
{
  const char *name = g_getenv ("GSETTINGS_BACKEND");

  return name != NULL && *name != '\0';
}
