/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-file-name.h"

#include "gan-content-disposition.h"
#include "gan-limits.h"
#include "gan-media-type.h"
#include "gan-part-file.h"

#include <string.h>

/* What a name may have, so that ".part.json" still fits behind it. */
#define NAME_BYTES (GAN_LIMIT_FILE_NAME_BYTES - (gsize) strlen (GAN_PART_SUFFIX_STATE))

/* More of a name than this is not even looked at. */
#define INPUT_BYTES 4096

#define EXTENSION_BYTES 12
#define ID_BYTES 64

#define FALLBACK_NAME "download"

/* Not allowed on Windows and the file systems made for it, so that a shared disk or folder takes
 * every name; "/" is not allowed anywhere. */
#define RESERVED_CHARACTERS "/\\:*?\"<>|"

static const char *const reserved_names[] = { "con", "prn", "aux", "nul" };

/* Files that a desktop starts or follows without being asked whether it is a program. */
static const char *const launchers[]
    = { "desktop", "directory", "url", "webloc", "website", "lnk", "scf", "pif", "library-ms" };

/* What a name has no use for: controls, and format characters that turn text around or cannot be
 * seen. The joiners stay, because Persian words and emoji are made with them. */
static gboolean
is_unwanted (gunichar c)
{
  GUnicodeType type = g_unichar_type (c);

  if (type == G_UNICODE_FORMAT)
    return c != 0x200c && c != 0x200d;
  return type == G_UNICODE_CONTROL || type == G_UNICODE_SURROGATE || type == G_UNICODE_UNASSIGNED
         || type == G_UNICODE_LINE_SEPARATOR || type == G_UNICODE_PARAGRAPH_SEPARATOR;
}

/* Unicode's shortest form, without what is_unwanted(), blanks as single spaces. */
static char *
clean (const char *text)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_autofree char *valid = g_utf8_make_valid (text, (gssize) strnlen (text, INPUT_BYTES));
  g_autofree char *normal = g_utf8_normalize (valid, -1, G_NORMALIZE_DEFAULT_COMPOSE);

  for (const char *at = normal; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (g_unichar_isspace (c))
        c = ' ';
      if (is_unwanted (c) || (c == ' ' && (out->len == 0 || out->str[out->len - 1] == ' ')))
        continue;
      g_string_append_unichar (out, c < 0x80 && strchr (RESERVED_CHARACTERS, (char) c) ? '_' : c);
    }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

/* Windows drops dots and blanks at the end, so that "a." and "a" are one file. */
static void
chomp_dots (char *name)
{
  gsize length = strlen (name);

  while (length > 0 && strchr (". ", name[length - 1]) != NULL)
    length--;
  name[length] = '\0';
}

static gboolean
has_visible_character (const char *name)
{
  for (const char *at = name; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (g_unichar_isgraph (c) && !g_unichar_ismark (c))
        return TRUE;
    }
  return FALSE;
}

/* CON, NUL, COM1 and the like, with any extension, are devices on Windows. */
static gboolean
is_reserved (const char *name)
{
  g_autofree char *base = g_ascii_strdown (name, (gssize) strcspn (name, "."));

  g_strchomp (base);
  for (guint i = 0; i < G_N_ELEMENTS (reserved_names); i++)
    {
      if (g_str_equal (base, reserved_names[i]))
        return TRUE;
    }
  return strlen (base) == 4 && (g_str_has_prefix (base, "com") || g_str_has_prefix (base, "lpt"))
         && g_ascii_isdigit (base[3]);
}

/* Where the extension begins, with its dot: letters and digits, not digits alone ("v1.2"). ".tar"
 * before it belongs to it. The end of the name if there is none. */
static gsize
find_extension (const char *name)
{
  const char *end = name + strlen (name);
  const char *dot = strrchr (name, '.');
  gboolean has_letter = FALSE;

  if (dot == NULL || dot == name || end - dot - 1 > EXTENSION_BYTES || dot[1] == '\0')
    return strlen (name);
  for (const char *at = dot + 1; at < end; at++)
    {
      if (!g_ascii_isalnum (*at) && *at != '-')
        return strlen (name);
      has_letter |= g_ascii_isalpha (*at);
    }
  if (!has_letter)
    return strlen (name);
  if (dot - name > 4 && g_ascii_strncasecmp (dot - 4, ".tar", 4) == 0)
    dot -= 4;
  return (gsize) (dot - name);
}

static gboolean
has_extension (const char *name, const char *extension)
{
  const char *dot = strrchr (name, '.');

  return dot != NULL && g_ascii_strcasecmp (dot + 1, extension) == 0;
}

/* Cuts between characters, and not between a letter and its accents. */
static gsize
cut_length (const char *text, gsize length, gsize most)
{
  gsize cut = MIN (length, most);

  while (
      cut > 0 && cut < length
      && (((guchar) text[cut] & 0xc0) == 0x80 || g_unichar_ismark (g_utf8_get_char (text + cut))))
    cut--;
  /* Accents alone, thousands of them: anywhere between characters will do. */
  if (cut == 0)
    for (cut = MIN (length, most); cut > 0 && cut < length && ((guchar) text[cut] & 0xc0) == 0x80;)
      cut--;
  return cut;
}

/* stem + tail, where the stem gives way when both are too long. */
static char *
join (const char *stem, gsize stem_length, const char *tail)
{
  gsize room = NAME_BYTES - MIN (strlen (tail), NAME_BYTES);
  g_autofree char *start = g_strndup (stem, cut_length (stem, stem_length, room));

  if (strlen (start) < stem_length)
    g_strchomp (start);
  return g_strconcat (start, tail, NULL);
}

/**
 * gan_file_name_make_safe:
 * @name: (nullable): anything, from anywhere
 *
 * Makes of it one component that is safe to create on any file system and to hand to any program:
 * valid composed UTF-8 without controls and characters that turn text around, no slash, no colon
 * and the like, no leading dot or dash, no trailing dot or blank, no device of Windows, and so
 * short that ".part.json" fits behind it; the extension is kept.
 *
 * Returns: (transfer full): the name, never empty
 */
char *
gan_file_name_make_safe (const char *name)
{
  g_autofree char *safe = clean (name != NULL ? name : "");
  gsize dot = 0;

  chomp_dots (safe);
  if (!has_visible_character (safe))
    return g_strdup (FALLBACK_NAME);
  if (safe[0] == '.')
    safe[0] = '_';
  if (safe[0] == '-' || is_reserved (safe))
    {
      g_autofree char *bare = g_steal_pointer (&safe);

      safe = g_strconcat ("_", bare, NULL);
    }
  dot = find_extension (safe);
  return join (safe, dot, safe + dot);
}

/**
 * gan_file_name_add_suffix:
 * @name: a safe name
 * @suffix: what comes before the extension, such as " (1)" or "-2"
 *
 * Returns: (transfer full): the name with it, no longer than a name may be
 */
char *
gan_file_name_add_suffix (const char *name, const char *suffix)
{
  g_autofree char *tail = NULL;
  gsize dot = 0;

  g_return_val_if_fail (name != NULL && suffix != NULL, NULL);

  dot = find_extension (name);
  tail = g_strconcat (suffix, name + dot, NULL);
  return join (name, dot, tail);
}

/* Only what a player or viewer opens: never what a site made up. */
static gboolean
is_media_extension (const char *ext)
{
  g_autofree char *name = g_strconcat ("x.", ext, NULL);
  GanMediaType type = gan_media_type_from_path (name);

  return type == GAN_MEDIA_TYPE_VIDEO || type == GAN_MEDIA_TYPE_AUDIO
         || type == GAN_MEDIA_TYPE_IMAGE;
}

/**
 * gan_file_name_for_media:
 * @title: (nullable): of the medium
 * @id: (nullable): the site's
 * @ext: (nullable): of the container, without the dot
 *
 * Makes `Title [id].ext` (contracts.md §1). The title gives way where the name would be too long.
 * An @ext that is none of a medium becomes "bin".
 *
 * Returns: (transfer full): a safe name
 */
char *
gan_file_name_for_media (const char *title, const char *id, const char *ext)
{
  g_autofree char *start = title != NULL ? clean (title) : g_strdup ("");
  g_autofree char *mark = id != NULL ? clean (id) : g_strdup ("");
  g_autofree char *tail = NULL;
  g_autofree char *joined = NULL;
  const char *end = ext != NULL && is_media_extension (ext) ? ext : "bin";

  g_strchomp (start);
  mark[cut_length (mark, strlen (mark), ID_BYTES)] = '\0';
  if (!has_visible_character (start))
    start[0] = '\0';
  if (*start != '\0' && *mark != '\0')
    tail = g_strdup_printf (" [%s].%s", mark, end);
  else if (*start != '\0')
    tail = g_strdup_printf (".%s", end);
  else
    tail = g_strdup_printf ("%s.%s", *mark != '\0' ? mark : FALLBACK_NAME, end);
  joined = join (start, strlen (start), tail);
  return gan_file_name_make_safe (joined);
}

/* What follows the last slash of either kind. */
static const char *
last_component (const char *name)
{
  const char *at = name + strlen (name);

  while (at > name && at[-1] != '/' && at[-1] != '\\')
    at--;
  return at;
}

static char *
dup_safe_component (const char *name)
{
  g_autofree char *safe = NULL;

  if (name == NULL)
    return NULL;
  safe = gan_file_name_make_safe (last_component (name));
  return g_str_equal (safe, FALLBACK_NAME) ? NULL : g_steal_pointer (&safe);
}

/**
 * gan_file_name_for_plain_file:
 * @content_disposition: (nullable): the header of that name
 * @url_basename: (nullable): the last segment of the path, decoded
 * @content_type: (nullable): the media type
 *
 * Chooses the server's name: from Content-Disposition, else from the URL, else "download"; an
 * extension is added by @content_type only where there is none. Files that a desktop would start
 * or follow get ".download" behind their name.
 *
 * Returns: (transfer full): a safe name
 */
char *
gan_file_name_for_plain_file (const char *content_disposition,
                              const char *url_basename,
                              const char *content_type)
{
  g_autofree char *wanted = gan_content_disposition_dup_name (content_disposition);
  g_autofree char *name = dup_safe_component (wanted);
  const char *tail = NULL;
  const char *ext = content_type != NULL ? gan_media_type_get_extension (content_type) : NULL;
  g_autofree char *dotted = ext != NULL ? g_strconcat (".", ext, NULL) : NULL;

  if (name == NULL)
    name = dup_safe_component (url_basename);
  if (name == NULL)
    name = g_strdup (FALLBACK_NAME);
  if (name[find_extension (name)] == '\0')
    tail = dotted;
  for (guint i = 0; i < G_N_ELEMENTS (launchers); i++)
    {
      if (has_extension (name, launchers[i]))
        tail = ".download";
    }
  return tail != NULL ? join (name, strlen (name), tail) : g_steal_pointer (&name);
}
