/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-picture-memory.h"

/* What an entry costs beside its pixels. */
#define ENTRY_BYTES 512

struct _GanPictureMemory
{
  gsize max_bytes;
  gsize n_bytes;
  GHashTable *entries; /* key → link of order */
  GQueue order;        /* of Entry, the last used first */
};

/* A picture, or an error that holds until some time. */
typedef struct
{
  char *key;
  GanPicture *picture;
  GError *error;
  gint64 until;
} Entry;

static gsize
get_cost (const Entry *entry)
{
  return ENTRY_BYTES + (entry->picture != NULL ? g_bytes_get_size (entry->picture->pixels) : 0);
}

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  g_free (entry->key);
  gan_picture_free (entry->picture);
  g_clear_error (&entry->error);
  g_free (entry);
}

/**
 * gan_picture_memory_copy:
 * @picture: a picture
 *
 * Returns: (transfer full): another one of the same pixels
 */
GanPicture *
gan_picture_memory_copy (const GanPicture *picture)
{
  GanPicture *copy = g_new0 (GanPicture, 1);

  *copy = *picture;
  g_bytes_ref (copy->pixels);
  return copy;
}

/**
 * gan_picture_memory_new:
 * @max_bytes: of all pixels
 *
 * Returns: (transfer full): an empty memory
 */
GanPictureMemory *
gan_picture_memory_new (gsize max_bytes)
{
  GanPictureMemory *self = g_new0 (GanPictureMemory, 1);

  self->max_bytes = max_bytes;
  self->entries = g_hash_table_new (g_str_hash, g_str_equal);
  g_queue_init (&self->order);
  return self;
}

/**
 * gan_picture_memory_free:
 * @self: (transfer full) (nullable): a memory
 */
void
gan_picture_memory_free (GanPictureMemory *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->entries);
  g_queue_clear_full (&self->order, entry_free);
  g_free (self);
}

static void
forget (GanPictureMemory *self, GList *link)
{
  Entry *entry = link->data;

  g_hash_table_remove (self->entries, entry->key);
  g_queue_delete_link (&self->order, link);
  self->n_bytes -= get_cost (entry);
  entry_free (entry);
}

static void
add (GanPictureMemory *self, Entry *entry)
{
  GList *known = g_hash_table_lookup (self->entries, entry->key);

  if (known != NULL)
    forget (self, known);
  self->n_bytes += get_cost (entry);
  g_queue_push_head (&self->order, entry);
  g_hash_table_insert (self->entries, entry->key, self->order.head);
  while (self->n_bytes > self->max_bytes && self->order.tail != NULL)
    forget (self, self->order.tail);
}

/**
 * gan_picture_memory_add:
 * @self: a memory
 * @key: what was asked for
 * @picture: the answer
 */
void
gan_picture_memory_add (GanPictureMemory *self, const char *key, const GanPicture *picture)
{
  Entry *entry = g_new0 (Entry, 1);

  entry->key = g_strdup (key);
  entry->picture = gan_picture_memory_copy (picture);
  entry->until = G_MAXINT64;
  add (self, entry);
}

/**
 * gan_picture_memory_add_failure:
 * @self: a memory
 * @key: what was asked for
 * @error: why there is none
 * @until: how long that is believed, on the clock of gan_picture_memory_find()
 */
void
gan_picture_memory_add_failure (GanPictureMemory *self,
                                const char *key,
                                const GError *error,
                                gint64 until)
{
  Entry *entry = g_new0 (Entry, 1);

  entry->key = g_strdup (key);
  entry->error = g_error_copy (error);
  entry->until = until;
  add (self, entry);
}

/**
 * gan_picture_memory_find:
 * @self: a memory
 * @key: what is asked for
 * @now: the time
 * @picture: (out) (transfer full) (nullable): the picture
 * @error: why there is none
 *
 * Returns: whether it knows about @key
 */
gboolean
gan_picture_memory_find (GanPictureMemory *self,
                         const char *key,
                         gint64 now,
                         GanPicture **picture,
                         GError **error)
{
  GList *link = g_hash_table_lookup (self->entries, key);
  Entry *entry = NULL;

  if (link == NULL)
    return FALSE;
  entry = link->data;
  if (entry->until <= now)
    {
      forget (self, link);
      return FALSE;
    }
  g_queue_unlink (&self->order, link);
  g_queue_push_head_link (&self->order, link);
  if (entry->picture != NULL)
    *picture = gan_picture_memory_copy (entry->picture);
  else if (error != NULL)
    *error = g_error_copy (entry->error);
  return TRUE;
}
