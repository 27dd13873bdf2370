/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-settings.h"

#include "gan-choice.h"
#include "gan-limits.h"
#include "gan-settings-file.h"

enum
{
  PROP_DOWNLOAD_FOLDER = 1,
  PROP_WISH,
  PROP_MAX_JOBS,
  PROP_MAX_JOBS_PER_HOST,
  PROP_LIMIT_RATE,
  PROP_NOTIFY,
  PROP_COLOR_SCHEME,
  PROP_WINDOW_WIDTH,
  PROP_WINDOW_HEIGHT,
  PROP_WINDOW_MAXIMIZED,
  N_PROPS,
};

/* The settings as the schema has them, for when it is not there. Indexed by property. */
static const struct
{
  const char *name;
  const char *type;
  const char *text; /* a string's default */
  gint64 number;    /* that of anything else */
  gint64 minimum;
  gint64 maximum;
} keys[N_PROPS] = {
  [PROP_DOWNLOAD_FOLDER] = { "download-folder", "s", .text = "" },
  [PROP_WISH] = { "wish", "s", .text = "best" },
  [PROP_MAX_JOBS] = { "max-jobs", "u", .number = GAN_LIMIT_JOBS, .minimum = 1, .maximum = 16 },
  [PROP_MAX_JOBS_PER_HOST]
  = { "max-jobs-per-host", "u", .number = GAN_LIMIT_JOBS_PER_HOST, .minimum = 1, .maximum = 8 },
  [PROP_LIMIT_RATE] = { "limit-rate", "x", .number = 0, .minimum = 0, .maximum = G_MAXINT64 },
  [PROP_NOTIFY] = { "notify", "b", .number = TRUE, .maximum = TRUE },
  [PROP_COLOR_SCHEME] = { "color-scheme", "s", .text = "default" },
  [PROP_WINDOW_WIDTH] = { "window-width", "i", .number = 820, .minimum = 200, .maximum = 16384 },
  [PROP_WINDOW_HEIGHT] = { "window-height", "i", .number = 680, .minimum = 200, .maximum = 16384 },
  [PROP_WINDOW_MAXIMIZED] = { "window-maximized", "b", .maximum = TRUE },
};

typedef struct
{
  char *text;
  gint64 number;
} Value;

struct _GanSettings
{
  GObject parent_instance;

  Value values[N_PROPS];
  char *default_folder; /* the user's download folder */
  GSettings *stored;    /* NULL: nothing is stored */
  char *path;           /* of the keyfile, NULL with another backend */
};

G_DEFINE_FINAL_TYPE (GanSettings, gan_settings, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];

static gboolean
is_wish (const char *text)
{
  g_autoptr (GanChoice) choice = gan_choice_new_from_quality (text, NULL);

  return choice != NULL;
}

/* Whether @text makes sense for a setting that is a string. */
static gboolean
is_valid_text (guint id, const char *text)
{
  switch (id)
    {
    case PROP_DOWNLOAD_FOLDER:
      return *text == '\0' || g_path_is_absolute (text);
    case PROP_WISH:
      return is_wish (text);
    case PROP_COLOR_SCHEME:
    default:
      return g_str_equal (text, "default") || g_str_equal (text, "light")
             || g_str_equal (text, "dark");
    }
}

/* Puts a value where it is remembered; tells whether it is another one than before. */
static gboolean
remember (GanSettings *self, guint id, const char *text, gint64 number)
{
  Value *value = &self->values[id];

  if (g_strcmp0 (value->text, text) == 0 && value->number == number)
    return FALSE;
  g_free (value->text);
  value->text = g_strdup (text);
  value->number = number;
  return TRUE;
}

static gint64
read_number (GanSettings *self, guint id)
{
  g_autoptr (GVariant) value = g_settings_get_value (self->stored, keys[id].name);

  switch (*keys[id].type)
    {
    case 'b':
      return g_variant_get_boolean (value);
    case 'i':
      return g_variant_get_int32 (value);
    case 'u':
      return g_variant_get_uint32 (value);
    case 'x':
    default:
      return g_variant_get_int64 (value);
    }
}

/* What is stored, or the default for what makes no sense. */
static gboolean
load (GanSettings *self, guint id)
{
  g_autofree char *text = NULL;
  gint64 number = 0;

  if (*keys[id].type != 's')
    {
      number = read_number (self, id);
      if (number < keys[id].minimum || number > keys[id].maximum)
        number = keys[id].number;
      return remember (self, id, NULL, number);
    }
  text = g_settings_get_string (self->stored, keys[id].name);
  return remember (self, id, is_valid_text (id, text) ? text : keys[id].text, 0);
}

static void
changed_cb (GSettings *stored, const char *name, GanSettings *self)
{
  for (guint id = 1; id < N_PROPS; id++)
    {
      if (g_str_equal (keys[id].name, name) && load (self, id))
        g_object_notify_by_pspec (G_OBJECT (self), properties[id]);
    }
}

static GVariant *
make_variant (guint id, const Value *value)
{
  switch (*keys[id].type)
    {
    case 's':
      return g_variant_new_string (value->text);
    case 'b':
      return g_variant_new_boolean (value->number != 0);
    case 'i':
      return g_variant_new_int32 ((gint32) value->number);
    case 'u':
      return g_variant_new_uint32 ((guint32) value->number);
    case 'x':
    default:
      return g_variant_new_int64 (value->number);
    }
}

/* What cannot be stored holds for this run. */
static void
store (GanSettings *self, guint id)
{
  if (self->stored == NULL || (self->path != NULL && !gan_settings_file_prepare (self->path)))
    return;
  if (!g_settings_set_value (self->stored, keys[id].name, make_variant (id, &self->values[id])))
    g_warning ("the setting %s cannot be stored", keys[id].name);
}

static void
set_number (GanSettings *self, guint id, gint64 number)
{
  number = CLAMP (number, keys[id].minimum, keys[id].maximum);
  if (!remember (self, id, NULL, number))
    return;
  store (self, id);
  g_object_notify_by_pspec (G_OBJECT (self), properties[id]);
}

static void
set_text (GanSettings *self, guint id, const char *text)
{
  if (!g_utf8_validate (text, -1, NULL) || !is_valid_text (id, text)
      || !remember (self, id, text, 0))
    return;
  store (self, id);
  g_object_notify_by_pspec (G_OBJECT (self), properties[id]);
}

static void
gan_settings_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  GanSettings *self = GAN_SETTINGS (object);

  switch (*keys[id].type)
    {
    case 's':
      g_value_set_string (value,
                          id == PROP_DOWNLOAD_FOLDER ? gan_settings_get_download_folder (self)
                                                     : self->values[id].text);
      break;
    case 'b':
      g_value_set_boolean (value, self->values[id].number != 0);
      break;
    case 'i':
      g_value_set_int (value, (int) self->values[id].number);
      break;
    case 'u':
      g_value_set_uint (value, (guint) self->values[id].number);
      break;
    case 'x':
    default:
      g_value_set_int64 (value, self->values[id].number);
      break;
    }
}

static void
gan_settings_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  GanSettings *self = GAN_SETTINGS (object);

  switch (*keys[id].type)
    {
    case 's':
      if (g_value_get_string (value) != NULL)
        set_text (self, id, g_value_get_string (value));
      break;
    case 'b':
      set_number (self, id, g_value_get_boolean (value));
      break;
    case 'i':
      set_number (self, id, g_value_get_int (value));
      break;
    case 'u':
      set_number (self, id, g_value_get_uint (value));
      break;
    case 'x':
    default:
      set_number (self, id, g_value_get_int64 (value));
      break;
    }
}

static GParamSpec *
make_property (guint id)
{
  const char *name = keys[id].name;
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  gint64 minimum = keys[id].minimum;
  gint64 maximum = keys[id].maximum;
  gint64 number = keys[id].number;

  switch (*keys[id].type)
    {
    case 's':
      return g_param_spec_string (name, NULL, NULL, keys[id].text, flags);
    case 'b':
      return g_param_spec_boolean (name, NULL, NULL, number != 0, flags);
    case 'i':
      return g_param_spec_int (name, NULL, NULL, (int) minimum, (int) maximum, (int) number, flags);
    case 'u':
      return g_param_spec_uint (name,
                                NULL,
                                NULL,
                                (guint) minimum,
                                (guint) maximum,
                                (guint) number,
                                flags);
    case 'x':
    default:
      return g_param_spec_int64 (name, NULL, NULL, minimum, maximum, number, flags);
    }
}

static void
gan_settings_finalize (GObject *object)
{
  GanSettings *self = GAN_SETTINGS (object);

  for (guint id = 1; id < N_PROPS; id++)
    g_free (self->values[id].text);
  g_free (self->default_folder);
  g_clear_object (&self->stored);
  g_free (self->path);
  G_OBJECT_CLASS (gan_settings_parent_class)->finalize (object);
}

static void
gan_settings_class_init (GanSettingsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = gan_settings_finalize;
  object_class->get_property = gan_settings_get_property;
  object_class->set_property = gan_settings_set_property;
  for (guint id = 1; id < N_PROPS; id++)
    properties[id] = make_property (id);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
gan_settings_init (GanSettings *self)
{
  const char *folder = g_get_user_special_dir (G_USER_DIRECTORY_DOWNLOAD);

  self->default_folder = folder != NULL ? g_strdup (folder)
                                        : g_build_filename (g_get_home_dir (), "Downloads", NULL);
  for (guint id = 1; id < N_PROPS; id++)
    remember (self, id, keys[id].text, keys[id].number);
}

/**
 * gan_settings_new:
 *
 * Returns: (transfer full): the user's settings
 */
GanSettings *
gan_settings_new (void)
{
  GanSettings *self = gan_settings_new_default ();
  const char *names[N_PROPS] = { NULL };
  const char *types[N_PROPS] = { NULL };

  for (guint id = 1; id < N_PROPS; id++)
    {
      names[id - 1] = keys[id].name;
      types[id - 1] = keys[id].type;
    }
  self->stored = gan_settings_file_open (names, types, &self->path);
  if (self->stored == NULL)
    return self;
  /* A key has to be read once before GSettings tells of its changes. */
  g_signal_connect_object (self->stored, "changed", G_CALLBACK (changed_cb), self, 0);
  for (guint id = 1; id < N_PROPS; id++)
    load (self, id);
  return self;
}

/**
 * gan_settings_new_default:
 *
 * Returns: (transfer full): the defaults; what is set holds for this run and is stored nowhere
 */
GanSettings *
gan_settings_new_default (void)
{
  return g_object_new (GAN_TYPE_SETTINGS, NULL);
}

/**
 * gan_settings_get_download_folder:
 * @self: settings
 *
 * Returns: (transfer none): an absolute path, which may not exist yet
 */
const char *
gan_settings_get_download_folder (GanSettings *self)
{
  const char *folder = NULL;

  g_return_val_if_fail (GAN_IS_SETTINGS (self), NULL);

  folder = self->values[PROP_DOWNLOAD_FOLDER].text;
  return *folder != '\0' ? folder : self->default_folder;
}

/**
 * gan_settings_set_download_folder:
 * @self: settings
 * @folder: (nullable): an absolute path in UTF-8, %NULL or "" for the user's download folder;
 *   nothing else is taken
 */
void
gan_settings_set_download_folder (GanSettings *self, const char *folder)
{
  g_return_if_fail (GAN_IS_SETTINGS (self));

  set_text (self, PROP_DOWNLOAD_FOLDER, folder != NULL ? folder : "");
}

/**
 * gan_settings_get_wish:
 * @self: settings
 *
 * Returns: (transfer none): what gan_choice_new_from_quality() takes
 */
const char *
gan_settings_get_wish (GanSettings *self)
{
  g_return_val_if_fail (GAN_IS_SETTINGS (self), NULL);

  return self->values[PROP_WISH].text;
}

/**
 * gan_settings_set_wish:
 * @self: settings
 * @wish: what gan_choice_new_from_quality() takes; nothing else is taken
 */
void
gan_settings_set_wish (GanSettings *self, const char *wish)
{
  g_return_if_fail (GAN_IS_SETTINGS (self));
  g_return_if_fail (wish != NULL);

  set_text (self, PROP_WISH, wish);
}

/**
 * gan_settings_get_max_jobs:
 * @self: settings
 *
 * Returns: how many jobs of the queue may run at once, 1 to 16
 */
guint
gan_settings_get_max_jobs (GanSettings *self)
{
  g_return_val_if_fail (GAN_IS_SETTINGS (self), 0);

  return (guint) self->values[PROP_MAX_JOBS].number;
}

/**
 * gan_settings_set_max_jobs:
 * @self: settings
 * @n: how many jobs may run at once; the nearest of 1 to 16 is taken
 */
void
gan_settings_set_max_jobs (GanSettings *self, guint n)
{
  g_return_if_fail (GAN_IS_SETTINGS (self));

  set_number (self, PROP_MAX_JOBS, n);
}

/**
 * gan_settings_get_max_jobs_per_host:
 * @self: settings
 *
 * Returns: how many jobs may ask one host at once, 1 to 8
 */
guint
gan_settings_get_max_jobs_per_host (GanSettings *self)
{
  g_return_val_if_fail (GAN_IS_SETTINGS (self), 0);

  return (guint) self->values[PROP_MAX_JOBS_PER_HOST].number;
}

/**
 * gan_settings_set_max_jobs_per_host:
 * @self: settings
 * @n: how many jobs may ask one host at once; the nearest of 1 to 8 is taken
 */
void
gan_settings_set_max_jobs_per_host (GanSettings *self, guint n)
{
  g_return_if_fail (GAN_IS_SETTINGS (self));

  set_number (self, PROP_MAX_JOBS_PER_HOST, n);
}

/**
 * gan_settings_get_limit_rate:
 * @self: settings
 *
 * Returns: bytes a second for all jobs together, 0 for no limit
 */
gint64
gan_settings_get_limit_rate (GanSettings *self)
{
  g_return_val_if_fail (GAN_IS_SETTINGS (self), 0);

  return self->values[PROP_LIMIT_RATE].number;
}

/**
 * gan_settings_set_limit_rate:
 * @self: settings
 * @bytes_per_second: for all jobs together, 0 for no limit
 */
void
gan_settings_set_limit_rate (GanSettings *self, gint64 bytes_per_second)
{
  g_return_if_fail (GAN_IS_SETTINGS (self));

  set_number (self, PROP_LIMIT_RATE, bytes_per_second);
}

/**
 * gan_settings_get_notify:
 * @self: settings
 *
 * Returns: whether to tell when something has ended and the window is not looked at
 */
gboolean
gan_settings_get_notify (GanSettings *self)
{
  g_return_val_if_fail (GAN_IS_SETTINGS (self), FALSE);

  return self->values[PROP_NOTIFY].number != 0;
}

/**
 * gan_settings_set_notify:
 * @self: settings
 * @notify: whether to tell
 */
void
gan_settings_set_notify (GanSettings *self, gboolean notify)
{
  g_return_if_fail (GAN_IS_SETTINGS (self));

  set_number (self, PROP_NOTIFY, notify);
}

/**
 * gan_settings_get_color_scheme:
 * @self: settings
 *
 * Returns: (transfer none): "default", "light" or "dark"
 */
const char *
gan_settings_get_color_scheme (GanSettings *self)
{
  g_return_val_if_fail (GAN_IS_SETTINGS (self), NULL);

  return self->values[PROP_COLOR_SCHEME].text;
}

/**
 * gan_settings_set_color_scheme:
 * @self: settings
 * @scheme: "default", "light" or "dark"; nothing else is taken
 */
void
gan_settings_set_color_scheme (GanSettings *self, const char *scheme)
{
  g_return_if_fail (GAN_IS_SETTINGS (self));
  g_return_if_fail (scheme != NULL);

  set_text (self, PROP_COLOR_SCHEME, scheme);
}

/**
 * gan_settings_get_window:
 * @self: settings
 * @width: (out): of the window, in application pixels
 * @height: (out): likewise
 * @maximized: (out): whether it fills the screen
 */
void
gan_settings_get_window (GanSettings *self, int *width, int *height, gboolean *maximized)
{
  g_return_if_fail (GAN_IS_SETTINGS (self));

  *width = (int) self->values[PROP_WINDOW_WIDTH].number;
  *height = (int) self->values[PROP_WINDOW_HEIGHT].number;
  *maximized = self->values[PROP_WINDOW_MAXIMIZED].number != 0;
}

/**
 * gan_settings_set_window:
 * @self: settings
 * @width: of the window while it does not fill the screen
 * @height: likewise
 * @maximized: whether it fills the screen
 */
void
gan_settings_set_window (GanSettings *self, int width, int height, gboolean maximized)
{
  g_return_if_fail (GAN_IS_SETTINGS (self));

  set_number (self, PROP_WINDOW_WIDTH, width);
  set_number (self, PROP_WINDOW_HEIGHT, height);
  set_number (self, PROP_WINDOW_MAXIMIZED, maximized);
}

/* Whether the settings may speak: nobody above them has, or they have themselves. */
static gboolean
may_speak (GanConfig *config, GanConfigField field, gboolean is_unset)
{
  if (is_unset)
    config->from_settings |= field;
  return (config->from_settings & field) != 0;
}

/**
 * gan_settings_merge:
 * @self: settings
 * @config: (inout): what options and environment come to
 *
 * Puts the settings where neither option nor variable has spoken. May be called again when they
 * have changed.
 */
void
gan_settings_merge (GanSettings *self, GanConfig *config)
{
  g_return_if_fail (GAN_IS_SETTINGS (self));
  g_return_if_fail (config != NULL);

  if (may_speak (config, GAN_CONFIG_DOWNLOAD_DIR, config->download_dir == NULL))
    {
      g_free (config->download_dir);
      config->download_dir = g_strdup (gan_settings_get_download_folder (self));
    }
  if (may_speak (config, GAN_CONFIG_WISH, config->wish == NULL))
    {
      g_free (config->wish);
      config->wish = g_strdup (gan_settings_get_wish (self));
    }
  if (may_speak (config, GAN_CONFIG_MAX_JOBS, config->max_jobs == 0))
    config->max_jobs = gan_settings_get_max_jobs (self);
  if (may_speak (config, GAN_CONFIG_MAX_JOBS_PER_HOST, config->max_jobs_per_host == 0))
    config->max_jobs_per_host = gan_settings_get_max_jobs_per_host (self);
  if (may_speak (config, GAN_CONFIG_LIMIT_RATE, config->limit_rate == GAN_UNKNOWN))
    config->limit_rate = gan_settings_get_limit_rate (self);
}
