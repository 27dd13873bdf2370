/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-settings-file.h"

#include "gan-config.h"
#include "gan-limits.h"

#define G_SETTINGS_ENABLE_BACKEND
#include <errno.h>
#include <fcntl.h>
#include <gio/gsettingsbackend.h>
#include <glib/gstdio.h>

#define ROOT_PATH "/io/github/gannet_app/Gannet/"
#define ROOT_GROUP "gannet"

/* Copies of damaged files that are kept; the next one is not moved, and not written over either. */
#define MAX_DAMAGED 100

/* What stands in the file before the first setting. */
#define EMPTY_FILE "[" ROOT_GROUP "]\n"

/* Relative to the program: where it is installed, and in the build folder. A schema that belongs to
 * this very program goes before one that some other version has installed. */
static const char *const own_folders[] = { "../share/glib-2.0/schemas", "../../data" };

static GSettingsSchema *
find_in_folder (const char *folder, GSettingsSchemaSource *parent)
{
  g_autofree char *compiled = g_build_filename (folder, "gschemas.compiled", NULL);
  g_autoptr (GSettingsSchemaSource) source = NULL;
  g_autoptr (GError) error = NULL;

  if (!g_file_test (compiled, G_FILE_TEST_IS_REGULAR))
    return NULL;
  source = g_settings_schema_source_new_from_directory (folder, parent, FALSE, &error);
  if (source == NULL)
    {
      g_message ("%s cannot be read: %s", compiled, error->message);
      return NULL;
    }
  return g_settings_schema_source_lookup (source, GAN_APP_ID, FALSE);
}

static GSettingsSchema *
find_schema (void)
{
  GSettingsSchemaSource *installed = g_settings_schema_source_get_default ();
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *home = program != NULL ? g_path_get_dirname (program) : NULL;
  GSettingsSchema *schema = NULL;

  for (guint i = 0; home != NULL && schema == NULL && i < G_N_ELEMENTS (own_folders); i++)
    {
      g_autofree char *folder = g_build_filename (home, own_folders[i], NULL);

      schema = find_in_folder (folder, installed);
    }
  if (schema == NULL && installed != NULL)
    schema = g_settings_schema_source_lookup (installed, GAN_APP_ID, TRUE);
  return schema;
}

/* Asking GSettings for a key that its schema does not have ends the program. */
static gboolean
has_keys (GSettingsSchema *schema, const char *const *names, const char *const *types)
{
  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autoptr (GSettingsSchemaKey) key = NULL;

      if (!g_settings_schema_has_key (schema, names[i]))
        return FALSE;
      key = g_settings_schema_get_key (schema, names[i]);
      if (!g_variant_type_equal (g_settings_schema_key_get_value_type (key), types[i]))
        return FALSE;
    }
  return TRUE;
}

/* The first name that is free, by a move that takes no name of another file. */
static gboolean
set_aside (const char *path)
{
  for (guint i = 1; i <= MAX_DAMAGED; i++)
    {
      g_autofree char *name = i == 1 ? g_strconcat (path, ".damaged", NULL)
                                     : g_strdup_printf ("%s.damaged-%u", path, i);

      if (renameat2 (AT_FDCWD, path, AT_FDCWD, name, RENAME_NOREPLACE) == 0)
        {
          g_warning ("%s was damaged and is now %s; the settings are the defaults", path, name);
          return TRUE;
        }
      if (errno == ENOENT)
        return TRUE;
      if (errno != EEXIST)
        break;
    }
  g_warning ("%s is damaged and cannot be set aside", path);
  return FALSE;
}

static gboolean
is_keyfile (const char *path, gboolean *is_readable)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  gsize length = 0;

  *is_readable = g_file_get_contents (path, &text, &length, &error);
  if (!*is_readable)
    {
      g_warning ("%s", error->message);
      return FALSE;
    }
  return length == 0
         || g_key_file_load_from_data (file, text, length, G_KEY_FILE_KEEP_COMMENTS, NULL);
}

/* Something that is there and can be read as settings, or nothing at all. */
static gboolean
make_sound (const char *path)
{
  struct stat status;
  gboolean is_readable = FALSE;

  if (g_stat (path, &status) != 0)
    return errno == ENOENT;
  if (!S_ISREG (status.st_mode))
    {
      g_warning ("%s is no file; the settings are the defaults", path);
      return FALSE;
    }
  if (status.st_size > GAN_LIMIT_SETTINGS_BYTES)
    return set_aside (path);
  return is_keyfile (path, &is_readable) || (is_readable && set_aside (path));
}

/**
 * gan_settings_file_prepare:
 * @path: of the keyfile
 *
 * To be called before something is written. What GLib's backend cannot read it would write over:
 * that is set aside first. A file that is not there it would fill where it lies, instead of beside
 * it: so there is always one.
 *
 * Returns: whether it can be written now
 */
gboolean
gan_settings_file_prepare (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;

  if (!make_sound (path))
    return FALSE;
  if (g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  if (g_mkdir_with_parents (folder, 0700) != 0)
    g_warning ("%s cannot be made: %s", folder, g_strerror (errno));
  else if (g_file_set_contents_full (path,
                                     EMPTY_FILE,
                                     -1,
                                     G_FILE_SET_CONTENTS_CONSISTENT,
                                     0600,
                                     &error))
    return TRUE;
  else
    g_warning ("%s", error->message);
  return FALSE;
}

/**
 * gan_settings_file_open:
 * @names: (array zero-terminated=1): the keys that the schema has to have
 * @types: (array): their types, in the order of @names
 * @path: (out) (nullable): the keyfile; %NULL where another backend was asked for
 *
 * Finds the schema and puts it over the keyfile, or over the backend that the environment names. A
 * damaged keyfile is set aside, with a warning.
 *
 * Returns: (transfer full) (nullable): the settings; %NULL where there is no schema of this version
 *   or the file is none
 */
GSettings *
gan_settings_file_open (const char *const *names, const char *const *types, char **path)
{
  g_autoptr (GSettingsSchema) schema = find_schema ();
  g_autoptr (GSettingsBackend) backend = NULL;

  *path = NULL;
  if (schema == NULL || !has_keys (schema, names, types))
    {
      g_message ("there is no schema %s of this version; settings last for this run", GAN_APP_ID);
      return NULL;
    }
  if (gan_config_names_settings_backend ())
    return g_settings_new_full (schema, NULL, NULL);
  *path = g_build_filename (g_get_user_config_dir (), "gannet", "settings.ini", NULL);
  if (!make_sound (*path))
    {
      g_clear_pointer (path, g_free);
      return NULL;
    }
  backend = g_keyfile_settings_backend_new (*path, ROOT_PATH, ROOT_GROUP);
  return g_settings_new_full (schema, backend, NULL);
}
