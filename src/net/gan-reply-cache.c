/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-reply-cache.h"

#include <string.h>

/* What an entry costs beside its key and its body, which counts twice: as bytes and as text. */
#define ENTRY_OVERHEAD_BYTES 2048

typedef struct
{
  char *key;
  GanReply *reply;
  gint64 stored;
  gsize n_bytes;
  GList link; /* in the order of use */
} Entry;

struct _GanReplyCache
{
  GMutex mutex;
  GHashTable *entries;
  GQueue used; /* newest first */
  guint max_entries;
  gsize max_bytes;
  gsize n_bytes;
};

/**
 * gan_reply_cache_new:
 * @max_entries: how many answers it keeps
 * @max_bytes: how many bytes they may take together
 *
 * Returns: (transfer full): an empty cache
 */
GanReplyCache *
gan_reply_cache_new (guint max_entries, gsize max_bytes)
{
  GanReplyCache *self = g_new0 (GanReplyCache, 1);

  g_mutex_init (&self->mutex);
  self->entries = g_hash_table_new (g_str_hash, g_str_equal);
  g_queue_init (&self->used);
  self->max_entries = max_entries;
  self->max_bytes = max_bytes;
  return self;
}

static void
drop (GanReplyCache *self, Entry *entry)
{
  g_hash_table_remove (self->entries, entry->key);
  g_queue_unlink (&self->used, &entry->link);
  self->n_bytes -= entry->n_bytes;
  g_object_unref (entry->reply);
  g_free (entry->key);
  g_free (entry);
}

static void
drop_oldest (GanReplyCache *self)
{
  drop (self, g_queue_peek_tail (&self->used));
}

/**
 * gan_reply_cache_free:
 * @self: (transfer full): a cache
 */
void
gan_reply_cache_free (GanReplyCache *self)
{
  while (!g_queue_is_empty (&self->used))
    drop_oldest (self);
  g_hash_table_unref (self->entries);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

/**
 * gan_reply_cache_lookup:
 * @self: a cache
 * @key: what was asked
 * @not_before: the oldest time of storing that will do, in the microseconds of
 *   gan_reply_cache_store()
 *
 * Returns: (transfer full) (nullable): the answer that is remembered
 */
GanReply *
gan_reply_cache_lookup (GanReplyCache *self, const char *key, gint64 not_before)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  Entry *entry = g_hash_table_lookup (self->entries, key);

  if (entry == NULL || entry->stored < not_before)
    return NULL;
  g_queue_unlink (&self->used, &entry->link);
  g_queue_push_head_link (&self->used, &entry->link);
  return g_object_ref (entry->reply);
}

/**
 * gan_reply_cache_store:
 * @self: a cache
 * @key: what was asked
 * @reply: what came
 * @now: when, in microseconds of a clock that never goes back
 *
 * Replaces what stood there; makes room by dropping what was not used for longest. An answer larger
 * than a quarter of the cache is not worth that.
 */
void
gan_reply_cache_store (GanReplyCache *self, const char *key, GanReply *reply, gint64 now)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  Entry *entry = g_hash_table_lookup (self->entries, key);
  gsize n_bytes
      = ENTRY_OVERHEAD_BYTES + strlen (key) + 2 * g_bytes_get_size (gan_reply_get_bytes (reply));

  if (entry != NULL)
    drop (self, entry);
  if (n_bytes > self->max_bytes / 4)
    return;
  while (!g_queue_is_empty (&self->used)
         && (self->used.length >= self->max_entries || self->n_bytes + n_bytes > self->max_bytes))
    drop_oldest (self);

  entry = g_new0 (Entry, 1);
  entry->key = g_strdup (key);
  entry->reply = g_object_ref (reply);
  entry->stored = now;
  entry->n_bytes = n_bytes;
  entry->link.data = entry;
  g_hash_table_insert (self->entries, entry->key, entry);
  g_queue_push_head_link (&self->used, &entry->link);
  self->n_bytes += n_bytes;
}
