/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-tokens.h"

typedef struct
{
  char *value;
  gint64 expires_at; /* monotonic, microseconds */
} Token;

/* Guards the store of every GanHttp: a look-up is short and happens once a call. */
static GMutex tokens_mutex;

static void
token_free (gpointer data)
{
  Token *token = data;

  g_free (token->value);
  g_free (token);
}

/* With the mutex held. */
static GHashTable *
get_store (GanHttp *http)
{
  static const char *const key = "gan-tokens";
  GHashTable *store = g_object_get_data (G_OBJECT (http), key);

  if (store == NULL)
    {
      store = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, token_free);
      g_object_set_data_full (G_OBJECT (http), key, store, (GDestroyNotify) g_hash_table_unref);
    }
  return store;
}

/**
 * gan_tokens_dup:
 * @http: whose store
 * @site: id of a site
 * @name: name of a token
 *
 * Returns: (transfer full) (nullable): the token, unless it was never stored, dropped or expired
 */
char *
gan_tokens_dup (GanHttp *http, const char *site, const char *name)
{
  g_autofree char *key = g_strconcat (site, "/", name, NULL);
  gint64 now = gan_clock_get_monotonic (gan_http_get_clock (http));
  char *value = NULL;
  const Token *token;

  g_mutex_lock (&tokens_mutex);
  token = g_hash_table_lookup (get_store (http), key);
  if (token != NULL && token->expires_at > now)
    value = g_strdup (token->value);
  g_mutex_unlock (&tokens_mutex);
  return value;
}

/**
 * gan_tokens_store:
 * @http: whose store
 * @site: id of a site
 * @name: name of the token
 * @token: the token
 * @seconds: how long it may be used
 *
 * Keeps a token in place of an older one of that name.
 */
void
gan_tokens_store (GanHttp *http,
                  const char *site,
                  const char *name,
                  const char *token,
                  guint seconds)
{
  Token *entry = g_new0 (Token, 1);

  entry->value = g_strdup (token);
  entry->expires_at
      = gan_clock_get_monotonic (gan_http_get_clock (http)) + (gint64) seconds * G_USEC_PER_SEC;
  g_mutex_lock (&tokens_mutex);
  g_hash_table_replace (get_store (http), g_strconcat (site, "/", name, NULL), entry);
  g_mutex_unlock (&tokens_mutex);
}

/**
 * gan_tokens_drop:
 * @http: whose store
 * @site: id of a site
 * @name: name of the token
 * @token: the token that did not work
 *
 * Forgets a token, but not one that another thread has stored in its place meanwhile.
 */
void
gan_tokens_drop (GanHttp *http, const char *site, const char *name, const char *token)
{
  g_autofree char *key = g_strconcat (site, "/", name, NULL);
  const Token *entry;

  g_mutex_lock (&tokens_mutex);
  entry = g_hash_table_lookup (get_store (http), key);
  if (entry != NULL && g_str_equal (entry->value, token))
    g_hash_table_remove (get_store (http), key);
  g_mutex_unlock (&tokens_mutex);
}
