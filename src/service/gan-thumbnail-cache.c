/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-thumbnail-cache.h"

#include "gan-clock.h"
#include "gan-error.h"
#include "gan-limits.h"
#include "gan-thumbnail-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEY_LENGTH 64
#define MAX_FILE_BYTES (1024 * 1024)
/* A use within this time is not noted again. */
#define USE_SECONDS 3600
/* A file that was being written is given up after this time: its writer is gone. */
#define UNFINISHED_SECONDS 600

struct _GanThumbnailCache
{
  char *folder;
  gint64 max_bytes;
  guint max_files;

  GMutex mutex;
  gboolean is_counted;
  gint64 n_bytes;
  guint n_files;
};

/* A file of the folder. */
typedef struct
{
  char *name;
  gint64 n_bytes;
  gint64 used;
} Entry;

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  g_free (entry->name);
  g_free (entry);
}

/**
 * gan_thumbnail_cache_new:
 * @folder: where; made when the first thumbnail is stored
 * @max_bytes: of all files
 * @max_files: how many
 *
 * Returns: (transfer full): the cache; nothing is read yet
 */
GanThumbnailCache *
gan_thumbnail_cache_new (const char *folder, gint64 max_bytes, guint max_files)
{
  GanThumbnailCache *self = NULL;

  g_return_val_if_fail (folder != NULL, NULL);

  self = g_new0 (GanThumbnailCache, 1);
  self->folder = g_strdup (folder);
  self->max_bytes = max_bytes;
  self->max_files = max_files;
  g_mutex_init (&self->mutex);
  return self;
}

/**
 * gan_thumbnail_cache_free:
 * @self: (transfer full) (nullable): a cache that nobody uses any more
 */
void
gan_thumbnail_cache_free (GanThumbnailCache *self)
{
  if (self == NULL)
    return;
  g_mutex_clear (&self->mutex);
  g_free (self->folder);
  g_free (self);
}

static gboolean
is_key (const char *name)
{
  gsize length = 0;

  while (g_ascii_isxdigit (name[length]))
    length += 1;
  return length == KEY_LENGTH && name[length] == '\0';
}

/* NULL where there is no regular file, or one that no thumbnail fills. */
static GBytes *
read_file (int descriptor, gint64 *used)
{
  struct stat status;
  g_autofree guint8 *data = NULL;
  gsize length = 0;

  if (fstat (descriptor, &status) != 0 || !S_ISREG (status.st_mode) || status.st_size < 1
      || status.st_size > MAX_FILE_BYTES)
    return NULL;
  *used = status.st_mtime;
  data = g_malloc ((gsize) status.st_size);
  while (length < (gsize) status.st_size)
    {
      gssize n = read (descriptor, data + length, (gsize) status.st_size - length);

      if (n <= 0)
        return NULL;
      length += (gsize) n;
    }
  return g_bytes_new_take (g_steal_pointer (&data), length);
}

/**
 * gan_thumbnail_cache_load:
 * @self: a cache
 * @key: 64 hexadecimal digits
 *
 * A damaged file is removed.
 *
 * Returns: (transfer full) (nullable): the picture; NULL where there is none
 */
GanPicture *
gan_thumbnail_cache_load (GanThumbnailCache *self, const char *key)
{
  g_autofree char *path = NULL;
  g_autoptr (GBytes) file = NULL;
  GanPicture *picture = NULL;
  gint64 used = 0;
  int descriptor = -1;

  g_return_val_if_fail (self != NULL && is_key (key), NULL);

  path = g_build_filename (self->folder, key, NULL);
  descriptor = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (descriptor < 0)
    return NULL;
  file = read_file (descriptor, &used);
  picture = file != NULL ? gan_thumbnail_file_unpack (file, NULL) : NULL;
  if (picture == NULL)
    g_unlink (path);
  else if (gan_clock_get_wall (gan_clock_get_system ()) - used > USE_SECONDS)
    futimens (descriptor, NULL);
  close (descriptor);
  return picture;
}

static int
compare_use (gconstpointer a, gconstpointer b)
{
  const Entry *first = *(const Entry *const *) a;
  const Entry *second = *(const Entry *const *) b;

  return first->used < second->used ? -1 : first->used > second->used;
}

/* All thumbnails, the least recently used first. What was never finished is removed. */
static GPtrArray *
list_entries (GanThumbnailCache *self)
{
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func (entry_free);
  g_autoptr (GDir) dir = g_dir_open (self->folder, 0, NULL);
  gint64 now = gan_clock_get_wall (gan_clock_get_system ());
  const char *name = NULL;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (self->folder, name, NULL);
      struct stat status;
      Entry *entry = NULL;

      if (g_lstat (path, &status) != 0 || !S_ISREG (status.st_mode))
        continue;
      if (!is_key (name))
        {
          if (now - status.st_mtime > UNFINISHED_SECONDS)
            g_unlink (path);
          continue;
        }
      entry = g_new0 (Entry, 1);
      entry->name = g_strdup (name);
      entry->n_bytes = status.st_size;
      entry->used = status.st_mtime;
      g_ptr_array_add (entries, entry);
    }
  g_ptr_array_sort (entries, compare_use);
  return g_steal_pointer (&entries);
}

static void
count_entries (GanThumbnailCache *self, GPtrArray *entries)
{
  self->n_bytes = 0;
  self->n_files = entries->len;
  for (guint i = 0; i < entries->len; i++)
    {
      const Entry *entry = g_ptr_array_index (entries, i);

      self->n_bytes += entry->n_bytes;
    }
  self->is_counted = TRUE;
}

static gboolean
is_within (GanThumbnailCache *self, gint64 max_bytes, guint max_files)
{
  return self->n_bytes <= max_bytes && self->n_files <= max_files;
}

/* Makes more room than is needed just now, so that not every thumbnail looks for the oldest. */
static void
trim (GanThumbnailCache *self)
{
  g_autoptr (GPtrArray) entries = list_entries (self);

  count_entries (self, entries);
  if (is_within (self, self->max_bytes, self->max_files))
    return;
  for (guint i = 0; i < entries->len; i++)
    {
      const Entry *entry = g_ptr_array_index (entries, i);
      g_autofree char *path = g_build_filename (self->folder, entry->name, NULL);

      if (is_within (self,
                     self->max_bytes - self->max_bytes / 8,
                     self->max_files - self->max_files / 8))
        break;
      if (g_unlink (path) != 0 && errno != ENOENT)
        continue;
      self->n_bytes -= entry->n_bytes;
      self->n_files -= 1;
    }
}

/**
 * gan_thumbnail_cache_trim:
 * @self: a cache
 *
 * Looks through the folder, and removes what is too much.
 */
void
gan_thumbnail_cache_trim (GanThumbnailCache *self)
{
  g_return_if_fail (self != NULL);

  g_mutex_lock (&self->mutex);
  trim (self);
  g_mutex_unlock (&self->mutex);
}

/* The folder is looked through once in the life of a program, and when there is too much. */
static void
note_stored (GanThumbnailCache *self, gint64 n_bytes)
{
  g_mutex_lock (&self->mutex);
  self->n_bytes += n_bytes;
  self->n_files += 1;
  if (!self->is_counted || !is_within (self, self->max_bytes, self->max_files))
    trim (self);
  g_mutex_unlock (&self->mutex);
}

/**
 * gan_thumbnail_cache_store:
 * @self: a cache
 * @key: 64 hexadecimal digits
 * @picture: a picture of at most %GAN_LIMIT_THUMBNAIL_SIZE
 * @error: %GAN_ERROR_DISK, %GAN_ERROR_NO_SPACE
 *
 * Under its name a thumbnail is there as a whole or not at all.
 *
 * Returns: whether it is stored
 */
gboolean
gan_thumbnail_cache_store (GanThumbnailCache *self,
                           const char *key,
                           const GanPicture *picture,
                           GError **error)
{
  g_autofree char *path = NULL;
  g_autoptr (GBytes) file = NULL;
  g_autoptr (GError) problem = NULL;

  g_return_val_if_fail (self != NULL && is_key (key) && picture != NULL, FALSE);

  file = gan_thumbnail_file_pack (picture, error);
  if (file == NULL)
    return FALSE;
  path = g_build_filename (self->folder, key, NULL);
  g_mkdir_with_parents (self->folder, 0700);
  if (!g_file_set_contents_full (path,
                                 g_bytes_get_data (file, NULL),
                                 (gssize) g_bytes_get_size (file),
                                 G_FILE_SET_CONTENTS_CONSISTENT,
                                 0600,
                                 &problem))
    {
      gan_error_set (error,
                     g_error_matches (problem, G_FILE_ERROR, G_FILE_ERROR_NOSPC)
                         ? GAN_ERROR_NO_SPACE
                         : GAN_ERROR_DISK,
                     NULL,
                     "%s",
                     problem->message);
      return FALSE;
    }
  note_stored (self, (gint64) g_bytes_get_size (file));
  return TRUE;
}
