/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-quality.h"

#include "gan-choice.h"
#include "gan-media-type.h"

#include <glib/gi18n.h>

#define FORMAT_PREFIX "format:"
#define MAX_CHOICES 32

struct _GanQuality
{
  GObject parent_instance;

  char *label;
  char *wish;
};

enum
{
  PROP_LABEL = 1,
  PROP_WISH,
};

static GParamSpec *properties[PROP_WISH + 1];

G_DEFINE_FINAL_TYPE (GanQuality, gan_quality, G_TYPE_OBJECT)

static void
gan_quality_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  GanQuality *self = GAN_QUALITY (object);

  switch (id)
    {
    case PROP_LABEL:
      g_value_set_string (value, self->label);
      break;
    case PROP_WISH:
      g_value_set_string (value, self->wish);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      break;
    }
}

static void
gan_quality_finalize (GObject *object)
{
  GanQuality *self = GAN_QUALITY (object);

  g_free (self->label);
  g_free (self->wish);
  G_OBJECT_CLASS (gan_quality_parent_class)->finalize (object);
}

static void
gan_quality_class_init (GanQualityClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = gan_quality_get_property;
  object_class->finalize = gan_quality_finalize;
  properties[PROP_LABEL]
      = g_param_spec_string ("label", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_WISH]
      = g_param_spec_string ("wish", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
gan_quality_init (GanQuality *self)
{
}

/* label: (transfer full) */
static void
append (GListStore *list, char *label, const char *wish)
{
  g_autoptr (GanQuality) self = g_object_new (GAN_TYPE_QUALITY, NULL);

  self->label = label;
  self->wish = g_strdup (wish);
  g_list_store_append (list, self);
}

/**
 * gan_quality_get_label:
 * @self: a quality
 *
 * Returns: (transfer none): its name in a list, translated
 */
const char *
gan_quality_get_label (GanQuality *self)
{
  g_return_val_if_fail (GAN_IS_QUALITY (self), NULL);

  return self->label;
}

/**
 * gan_quality_get_wish:
 * @self: a quality
 *
 * Returns: (transfer none): "best", "audio", "1080p" or "format:ID"
 */
const char *
gan_quality_get_wish (GanQuality *self)
{
  g_return_val_if_fail (GAN_IS_QUALITY (self), NULL);

  return self->wish;
}

static GanFormat *
select_format (GanMedia *media, const char *wish)
{
  g_autoptr (GanChoice) choice = NULL;

  if (g_str_has_prefix (wish, FORMAT_PREFIX))
    choice = gan_choice_new_from_format_id (wish + strlen (FORMAT_PREFIX));
  else
    choice = gan_choice_new_from_quality (wish, NULL);
  return choice != NULL ? gan_choice_select (choice, media, NULL) : NULL;
}

static void
add_part (GPtrArray *parts, GanMedia *media)
{
  g_autoptr (GanFormat) format = select_format (media, "best");

  if (format != NULL)
    g_ptr_array_add (parts, media);
}

/* The media of a post, or the one itself, as far as they can be downloaded. */
static GPtrArray *
list_parts (GanMedia *media)
{
  GPtrArray *items = gan_media_get_items (media);
  GPtrArray *parts = g_ptr_array_new ();

  if (items->len == 0)
    add_part (parts, media);
  for (guint i = 0; i < items->len; i++)
    add_part (parts, g_ptr_array_index (items, i));
  return parts;
}

/* Of all files that a wish stands for; GAN_UNKNOWN where one is not known. */
static gint64
sum_sizes (GPtrArray *parts, const char *wish)
{
  gint64 sum = 0;

  for (guint i = 0; i < parts->len; i++)
    {
      g_autoptr (GanFormat) format = select_format (g_ptr_array_index (parts, i), wish);
      gint64 size = format != NULL ? gan_format_get_filesize (format) : GAN_UNKNOWN;

      if (size < 0 || size > G_MAXINT64 - sum)
        return GAN_UNKNOWN;
      sum += size;
    }
  return sum;
}

/* name: (transfer full) */
static char *
dup_with_size (char *name, gint64 bytes)
{
  g_autofree char *owned = name;
  g_autofree char *size = bytes > 0 ? g_format_size ((guint64) bytes) : NULL;

  return size != NULL ? g_strdup_printf ("%s · %s", owned, size) : g_steal_pointer (&owned);
}

static gint64
get_lines (GanFormat *format)
{
  gint64 width = gan_format_get_width (format);
  gint64 height = gan_format_get_height (format);

  return width > 0 && height > 0 ? MIN (width, height) : MAX (height, 0);
}

static int
compare_lines (gconstpointer a, gconstpointer b)
{
  gint64 first = *(const gint64 *) a;
  gint64 second = *(const gint64 *) b;

  return (first < second) - (first > second);
}

static gboolean
has_lines (GArray *lines, gint64 n)
{
  for (guint i = 0; i < lines->len; i++)
    {
      if (g_array_index (lines, gint64, i) == n)
        return TRUE;
    }
  return FALSE;
}

/* The lines that are really to be had: those that a wish for them ends at. Most first. */
static GArray *
list_lines (GPtrArray *parts)
{
  g_autoptr (GArray) lines = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (guint i = 0; i < parts->len; i++)
    {
      GanMedia *media = g_ptr_array_index (parts, i);
      GPtrArray *formats = gan_media_get_formats (media);

      for (guint j = 0; j < formats->len && lines->len < MAX_CHOICES; j++)
        {
          GanFormat *format = g_ptr_array_index (formats, j);
          gint64 n = get_lines (format);
          g_autofree char *wish = g_strdup_printf ("%" G_GINT64_FORMAT "p", n);
          g_autoptr (GanFormat) chosen = NULL;

          if (n <= 0 || !gan_format_is_direct (format) || !gan_format_has_video (format)
              || has_lines (lines, n))
            continue;
          chosen = select_format (media, wish);
          if (chosen != NULL && get_lines (chosen) == n)
            g_array_append_val (lines, n);
        }
    }
  g_array_sort (lines, compare_lines);
  return g_steal_pointer (&lines);
}

static guint
count_direct (GanMedia *media)
{
  GPtrArray *formats = gan_media_get_formats (media);
  guint n = 0;

  for (guint i = 0; i < formats->len; i++)
    n += gan_format_is_direct (g_ptr_array_index (formats, i));
  return n;
}

/* Where there is nothing to choose, what comes can still be said. */
static char *
dup_best_name (GPtrArray *parts, gint64 lines)
{
  GanMedia *first = g_ptr_array_index (parts, 0);
  const char *kind = gan_media_get_content_type (first);

  if (lines > 0)
    return g_strdup_printf (_ ("Best (%dp)"), (int) lines);
  if (parts->len > 1 || count_direct (first) > 1)
    return g_strdup (_ ("Best"));
  if (g_strcmp0 (kind, "video") == 0)
    return g_strdup (_ ("Original video"));
  if (g_strcmp0 (kind, "audio") == 0)
    return g_strdup (_ ("Original audio"));
  if (g_strcmp0 (kind, "image") == 0)
    return g_strdup (_ ("Original picture"));
  return g_strdup (_ ("Original file"));
}

static gboolean
has_wish (GPtrArray *parts, const char *wish)
{
  for (guint i = 0; i < parts->len; i++)
    {
      g_autoptr (GanFormat) format = select_format (g_ptr_array_index (parts, i), wish);

      if (format == NULL)
        return FALSE;
    }
  return parts->len > 0;
}

static gboolean
has_video (GPtrArray *parts)
{
  for (guint i = 0; i < parts->len; i++)
    {
      g_autoptr (GanFormat) format = select_format (g_ptr_array_index (parts, i), "best");

      if (format != NULL && gan_format_has_video (format))
        return TRUE;
    }
  return FALSE;
}

/* "MP3 · 320 kbit/s", as far as it is known. */
static char *
dup_format_name (GanFormat *format)
{
  g_autoptr (GString) name = g_string_new (NULL);
  g_autofree char *ext = NULL;

  if (gan_format_get_quality (format) != NULL)
    g_string_append (name, gan_format_get_quality (format));
  if (gan_format_get_ext (format) != NULL)
    {
      ext = g_ascii_strup (gan_format_get_ext (format), -1);
      g_string_append_printf (name, "%s%s", name->len > 0 ? " · " : "", ext);
    }
  if (gan_format_get_bitrate (format) > 0)
    {
      g_string_append (name, name->len > 0 ? " · " : "");
      /* Translators: the bit rate of a sound track, thousands of bits a second. */
      g_string_append_printf (name,
                              _ ("%d kbit/s"),
                              (int) MIN (gan_format_get_bitrate (format) / 1000, G_MAXINT));
    }
  if (name->len == 0)
    g_string_append (name, gan_format_get_format_id (format));
  return g_strdup (name->str);
}

/* Formats that no number of lines tells apart go by their ids. The best one stands on top already.
 */
static void
append_formats (GListStore *list, GanMedia *media)
{
  g_autoptr (GanFormat) best = select_format (media, "best");
  GPtrArray *formats = gan_media_get_formats (media);

  for (guint i = 0; i < formats->len && i < MAX_CHOICES; i++)
    {
      GanFormat *format = g_ptr_array_index (formats, i);
      const char *id = gan_format_get_format_id (format);
      g_autofree char *wish = g_strconcat (FORMAT_PREFIX, id, NULL);

      if (id == NULL || format == best || !gan_format_is_direct (format)
          || gan_format_has_video (format) != gan_format_has_video (best))
        continue;
      append (list,
              dup_with_size (dup_format_name (format), gan_format_get_filesize (format)),
              wish);
    }
}

static void
append_lines (GListStore *list, GPtrArray *parts, GArray *lines)
{
  for (guint i = 1; i < lines->len; i++)
    {
      int n = (int) g_array_index (lines, gint64, i);
      g_autofree char *wish = g_strdup_printf ("%dp", n);

      append (list, dup_with_size (g_strdup_printf ("%dp", n), sum_sizes (parts, wish)), wish);
    }
}

/**
 * gan_quality_list_for_media:
 * @media: what a link leads to
 *
 * The best comes first, then what is smaller, then sound alone. A post of several media has the
 * wishes that fit them, with the size of all files together. Where nothing can be downloaded, the
 * list is empty.
 *
 * Returns: (transfer full): a model of #GanQuality
 */
GListModel *
gan_quality_list_for_media (GanMedia *media)
{
  GListStore *list = g_list_store_new (GAN_TYPE_QUALITY);
  g_autoptr (GPtrArray) parts = NULL;
  g_autoptr (GArray) lines = NULL;
  gint64 most = 0;

  g_return_val_if_fail (GAN_IS_MEDIA (media), G_LIST_MODEL (list));

  parts = list_parts (media);
  if (parts->len == 0)
    return G_LIST_MODEL (list);
  lines = list_lines (parts);
  most = lines->len > 0 ? g_array_index (lines, gint64, 0) : 0;
  append (list, dup_with_size (dup_best_name (parts, most), sum_sizes (parts, "best")), "best");
  if (lines->len > 0)
    append_lines (list, parts, lines);
  else if (parts->len == 1)
    append_formats (list, media);
  if (has_video (parts) && has_wish (parts, "audio"))
    append (list, dup_with_size (g_strdup (_ ("Audio only")), sum_sizes (parts, "audio")), "audio");
  return G_LIST_MODEL (list);
}

/**
 * gan_quality_list_wishes:
 *
 * Returns: (transfer full): a model of #GanQuality: what can be wished for before anything is known
 */
GListModel *
gan_quality_list_wishes (void)
{
  static const int lines[] = { 2160, 1440, 1080, 720, 480, 360 };
  GListStore *list = g_list_store_new (GAN_TYPE_QUALITY);

  append (list, g_strdup (_ ("Best available")), "best");
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autofree char *wish = g_strdup_printf ("%dp", lines[i]);

      append (list, g_strdup_printf (_ ("Up to %dp"), lines[i]), wish);
    }
  append (list, g_strdup (_ ("Audio only")), "audio");
  return G_LIST_MODEL (list);
}

/**
 * gan_quality_find_wish:
 * @wishes: a model of #GanQuality
 * @wish: (nullable): a wish
 *
 * Returns: the position of that very wish, 0 where it is not there
 */
guint
gan_quality_find_wish (GListModel *wishes, const char *wish)
{
  for (guint i = 0; i < g_list_model_get_n_items (wishes); i++)
    {
      g_autoptr (GanQuality) quality = g_list_model_get_item (wishes, i);

      if (g_strcmp0 (quality->wish, wish) == 0)
        return i;
    }
  return 0;
}

/**
 * gan_quality_find_for_media:
 * @qualities: what gan_quality_list_for_media() gave for @media
 * @media: what a link leads to
 * @wish: (nullable): what was wished for once, such as "1080p" for the best up to that
 *
 * Returns: the position of the quality that the wish comes to
 */
guint
gan_quality_find_for_media (GListModel *qualities, GanMedia *media, const char *wish)
{
  g_autoptr (GPtrArray) parts = list_parts (media);
  GanMedia *part = parts->len > 0 ? g_ptr_array_index (parts, 0) : NULL;
  g_autoptr (GanFormat) wished = NULL;

  if (wish != NULL && part != NULL)
    wished = select_format (part, wish);
  for (guint i = 0; wished != NULL && i < g_list_model_get_n_items (qualities); i++)
    {
      g_autoptr (GanQuality) quality = g_list_model_get_item (qualities, i);
      g_autoptr (GanFormat) format = select_format (part, quality->wish);

      if (format == wished)
        return i;
    }
  return gan_quality_find_wish (qualities, wish);
}

/**
 * gan_quality_is_on_offer:
 * @media: what a link leads to
 * @wish: a wish
 *
 * Returns: whether every file of it can be had as wished
 */
gboolean
gan_quality_is_on_offer (GanMedia *media, const char *wish)
{
  g_autoptr (GPtrArray) parts = NULL;

  g_return_val_if_fail (GAN_IS_MEDIA (media), FALSE);
  g_return_val_if_fail (wish != NULL, FALSE);

  parts = list_parts (media);
  return has_wish (parts, wish);
}

/**
 * gan_quality_has_video:
 * @media: what a link leads to
 *
 * Returns: whether the best there is has moving pictures
 */
gboolean
gan_quality_has_video (GanMedia *media)
{
  g_autoptr (GPtrArray) parts = NULL;

  g_return_val_if_fail (GAN_IS_MEDIA (media), FALSE);

  parts = list_parts (media);
  return has_video (parts);
}

/**
 * gan_quality_is_one_format:
 * @wish: a wish
 *
 * Returns: whether it names one format of one medium, so that it is nothing to remember
 */
gboolean
gan_quality_is_one_format (const char *wish)
{
  return g_str_has_prefix (wish, FORMAT_PREFIX);
}
