/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-test-server.h"

#include <string.h>

/* A test names few bodies, but asks for each many times, from many threads. */
static GMutex cache_lock;
static GHashTable *cache;

static guint64
next_word (guint64 *state)
{
  *state ^= *state << 13;
  *state ^= *state >> 7;
  *state ^= *state << 17;
  return *state;
}

static GBytes *
make_body (gsize size, guint32 seed)
{
  guint8 *bytes = g_malloc (size + 8);
  guint64 state = ((guint64) seed + 1) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  gsize at;

  for (at = 0; at < size; at += 8)
    {
      guint64 word = GUINT64_TO_LE (next_word (&state));

      memcpy (bytes + at, &word, 8);
    }
  return g_bytes_new_take (bytes, size);
}

/**
 * gan_test_body:
 * @size: length in bytes
 * @seed: which of the bodies of this length
 *
 * The same pair gives the same bytes in every process. The first bytes of a longer body are those
 * of a shorter one of the same seed; two seeds share nothing. The generator is Marsaglia's
 * xorshift64.
 *
 * Returns: (transfer full): the bytes
 */
GBytes *
gan_test_body (gsize size, guint32 seed)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&cache_lock);
  g_autofree char *key = g_strdup_printf ("%" G_GSIZE_FORMAT "/%u", size, seed);
  GBytes *body;

  if (cache == NULL)
    cache = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
  body = g_hash_table_lookup (cache, key);
  if (body == NULL)
    {
      body = make_body (size, seed);
      g_hash_table_insert (cache, g_steal_pointer (&key), body);
    }
  return g_bytes_ref (body);
}
