/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "gan-test-registry.h"

#include <string.h>

/**
 * gan_test_registry_new:
 * @har: (nullable): what answers
 * @options: (nullable): for the registry; its http is not looked at
 *
 * Forgets what the sites did, and what for.
 *
 * Returns: (transfer full): a registry and what is around it
 */
GanTestRegistry *
gan_test_registry_new (GanTestHar *har, const GanRegistryOptions *options)
{
  return gan_test_registry_new_with_table (har,
                                           options,
                                           gan_test_platform_table,
                                           gan_test_platform_table_size);
}

/**
 * gan_test_registry_new_with_table:
 * @har: (nullable): what answers
 * @options: (nullable): for the registry; its http is not looked at
 * @table: the sites
 * @n_entries: how many
 *
 * Returns: (transfer full): as gan_test_registry_new()
 */
GanTestRegistry *
gan_test_registry_new_with_table (GanTestHar *har,
                                  const GanRegistryOptions *options,
                                  const GanPlatformEntry *table,
                                  gsize n_entries)
{
  GanTestRegistry *self = g_new0 (GanTestRegistry, 1);
  GanRegistryOptions copy = options != NULL ? *options : (GanRegistryOptions){ 0 };

  gan_test_platform_reset ();
  self->clock = gan_fake_clock_new (1795262400);
  self->replay = gan_replay_transport_new ();
  if (har != NULL)
    {
      g_autofree char *text = gan_test_har_dup_text (har);
      g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
      g_autoptr (GError) error = NULL;

      gan_replay_transport_add_data (self->replay, bytes, &error);
      g_assert_no_error (error);
    }
  self->transport = gan_test_transport_new (GAN_TRANSPORT (self->replay), FALSE);
  self->http = gan_http_new (GAN_TRANSPORT (self->transport), GAN_CLOCK (self->clock));
  copy.http = self->http;
  self->registry = gan_registry_new (table, n_entries, &copy);
  return self;
}

typedef struct
{
  GMutex mutex;
  GCond cond;
  gboolean gone;
} Burial;

static void
note_gone (gpointer data, GObject *where)
{
  Burial *burial = data;

  g_mutex_lock (&burial->mutex);
  burial->gone = TRUE;
  g_cond_signal (&burial->cond);
  g_mutex_unlock (&burial->mutex);
}

/* Gives back what must be the last reference but for that of a thread that is just ending. */
static void
assert_finalized (gpointer object)
{
  gint64 deadline = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;
  Burial burial = { .gone = FALSE };

  g_mutex_init (&burial.mutex);
  g_cond_init (&burial.cond);
  g_object_weak_ref (object, note_gone, &burial);
  g_object_unref (object);
  g_mutex_lock (&burial.mutex);
  while (!burial.gone)
    g_assert_true (g_cond_wait_until (&burial.cond, &burial.mutex, deadline));
  g_mutex_unlock (&burial.mutex);
  g_cond_clear (&burial.cond);
  g_mutex_clear (&burial.mutex);
}

/**
 * gan_test_registry_free:
 * @self: (transfer full): a registry and what is around it
 *
 * Asserts that nobody holds registry and GanHttp any more.
 */
void
gan_test_registry_free (GanTestRegistry *self)
{
  assert_finalized (self->registry);
  assert_finalized (self->http);
  g_object_unref (self->transport);
  g_object_unref (self->replay);
  g_object_unref (self->clock);
  g_free (self);
}

/**
 * gan_test_registry_parse:
 * @text: a URL
 *
 * Returns: (transfer full): the URL
 */
GanUrl *
gan_test_registry_parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  GanUrl *url = gan_url_parse (text, &error);

  g_assert_no_error (error);
  return url;
}

/**
 * gan_test_registry_resolve:
 * @self: a registry
 * @url: a link
 * @error: return location for an error
 *
 * Returns: (transfer full): as gan_registry_resolve()
 */
GanMedia *
gan_test_registry_resolve (GanTestRegistry *self, const char *url, GError **error)
{
  g_autoptr (GanUrl) parsed = gan_test_registry_parse (url);

  return gan_registry_resolve (self->registry, parsed, NULL, error);
}

/**
 * gan_test_registry_visit:
 * @self: a registry
 * @id: id of a site
 * @cancellable: (nullable): what ends the visit early
 *
 * Returns: (transfer full): a visit of that site
 */
GanVisit *
gan_test_registry_visit (GanTestRegistry *self, const char *id, GCancellable *cancellable)
{
  return gan_visit_new (self->http,
                        gan_registry_get_rules (self->registry, id),
                        NULL,
                        GAN_ADDRESS_PUBLIC,
                        cancellable);
}
