/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-app.h"

#include "gan-replay-transport.h"
#include "gan-soup-transport.h"

#include <glib/gstdio.h>

struct _GanApp
{
  GanReplayTransport *replay; /* NULL when the network is live */
  GanRecorder *recorder;      /* NULL when nothing is recorded */
  char *record_path;
  GanHttp *http;
  GanRegistry *registry;
  char *data_dir;
  char *cache_dir;
  GanStore *store;
  GanMediaHelper *media;
};

static GanTransport *
make_replay (GanApp *self, const GanConfig *config, GError **error)
{
  self->replay = gan_replay_transport_new ();
  for (guint i = 0; config->replay[i] != NULL; i++)
    {
      if (!gan_replay_transport_add_file (self->replay, config->replay[i], error))
        return NULL;
    }
  return g_object_ref (GAN_TRANSPORT (self->replay));
}

static GanTransport *
make_soup (const GanConfig *config, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (config->slots_path);
  GanSoupTransportOptions options = {
    .connect_to = (const char *const *) config->connect_to,
    .proxy = config->proxy,
    .ca_file = config->ca_file,
    .slots_path = config->slots_path,
    .max_connections = config->max_connections,
    .max_connections_per_host = config->max_connections_per_host,
  };

  /* Without the shared file the limit per host holds within this process only: better than no
   * network. */
  if (g_mkdir_with_parents (folder, 0700) != 0)
    options.slots_path = NULL;
  return gan_soup_transport_new (&options, error);
}

static GanTransport *
make_transport (GanApp *self, const GanConfig *config, GError **error)
{
  g_autoptr (GanTransport) transport = config->replay != NULL && config->replay[0] != NULL
                                           ? make_replay (self, config, error)
                                           : make_soup (config, error);

  if (transport == NULL || config->record == NULL)
    return g_steal_pointer (&transport);
  self->recorder = gan_recorder_new (transport);
  self->record_path = g_strdup (config->record);
  return g_object_ref (GAN_TRANSPORT (self->recorder));
}

/* A recording keeps of a site's queries and JSON what its rules call harmless. */
static void
allow_records (GanApp *self)
{
  g_auto (GStrv) ids = gan_registry_dup_ids (self->registry);

  for (guint i = 0; ids[i] != NULL; i++)
    {
      GanRules *rules = gan_registry_get_rules (self->registry, ids[i]);

      gan_recorder_allow (self->recorder,
                          ids[i],
                          gan_rules_get_har_query_keys (rules),
                          gan_rules_get_har_json_fields (rules));
    }
}

/* Its thread and its file wait for the first call. */
static void
make_store (GanApp *self, const GanConfig *config)
{
  g_autofree char *path = NULL;

  self->data_dir = g_strdup (config->data_dir);
  self->cache_dir = g_strdup (config->cache_dir);
  if (self->data_dir == NULL)
    return;
  path = g_build_filename (self->data_dir, "gannet.db", NULL);
  self->store = gan_store_new (path);
}

/**
 * gan_app_new:
 * @config: what options, environment and defaults come to
 * @table: (array length=n_entries): the sites of this build
 * @n_entries: their number
 * @error: a HAR file that cannot be read, a CA file or proxy that makes no sense
 *
 * Returns: (transfer full): the transport, GanHttp, registry and store of a running program
 */
GanApp *
gan_app_new (const GanConfig *config,
             const GanPlatformEntry *table,
             gsize n_entries,
             GError **error)
{
  g_autoptr (GanApp) self = g_new0 (GanApp, 1);
  g_autoptr (GanTransport) transport = make_transport (self, config, error);
  GanRegistryOptions options = { 0 };

  if (transport == NULL)
    return NULL;
  self->http = gan_http_new (transport, gan_clock_get_system ());
  gan_http_set_user_agent (self->http, "Gannet/" GAN_VERSION);
  options.http = self->http;
  options.override_dir = config->rules_dir;
  options.policy = GAN_ADDRESS_ANY;
  options.rate_limits = config->rate_limits;
  self->registry = gan_registry_new (table, n_entries, &options);
  if (self->recorder != NULL)
    allow_records (self);
  make_store (self, config);
  if (config->media_program != NULL)
    self->media = gan_media_helper_new (config->media_program);
  return g_steal_pointer (&self);
}

/**
 * gan_app_free:
 * @self: (transfer full) (nullable): a running program's parts, no call of them under way
 */
void
gan_app_free (GanApp *self)
{
  if (self == NULL)
    return;
  g_clear_object (&self->registry);
  g_clear_object (&self->http);
  g_clear_object (&self->recorder);
  g_clear_object (&self->replay);
  if (self->store != NULL)
    gan_store_close_sync (self->store);
  g_clear_object (&self->store);
  g_clear_pointer (&self->media, gan_media_helper_free);
  g_free (self->data_dir);
  g_free (self->cache_dir);
  g_free (self->record_path);
  g_free (self);
}

/**
 * gan_app_get_http:
 * @self: a running program's parts
 *
 * Returns: (transfer none): its door to the network
 */
GanHttp *
gan_app_get_http (GanApp *self)
{
  return self->http;
}

/**
 * gan_app_get_registry:
 * @self: a running program's parts
 *
 * Returns: (transfer none): its sites
 */
GanRegistry *
gan_app_get_registry (GanApp *self)
{
  return self->registry;
}

/**
 * gan_app_get_store:
 * @self: a running program's parts
 *
 * Returns: (transfer none) (nullable): queue, library and statistics, opened by the first call;
 * NULL where the configuration has no data_dir
 */
GanStore *
gan_app_get_store (GanApp *self)
{
  return self->store;
}

/**
 * gan_app_get_media:
 * @self: a running program's parts
 *
 * Returns: (transfer none) (nullable): what reads pictures and containers, in processes that start
 *   with its first call; NULL where the configuration has no media_program
 */
GanMediaHelper *
gan_app_get_media (GanApp *self)
{
  return self->media;
}

/**
 * gan_app_get_data_dir:
 * @self: a running program's parts
 *
 * Returns: (transfer none) (nullable): the folder of the database and of queue.lock, which may not
 *   exist yet
 */
const char *
gan_app_get_data_dir (GanApp *self)
{
  return self->data_dir;
}

/**
 * gan_app_get_cache_dir:
 * @self: a running program's parts
 *
 * Returns: (transfer none) (nullable): the folder for what can be made again, which may not exist
 *   yet
 */
const char *
gan_app_get_cache_dir (GanApp *self)
{
  return self->cache_dir;
}

/**
 * gan_app_write_record:
 * @self: a running program's parts
 * @error: disk or no-space
 *
 * Writes what passed so far as a HAR, when that was asked for; called after success and failure
 * alike.
 *
 * Returns: whether there was nothing to write or it was written
 */
gboolean
gan_app_write_record (GanApp *self, GError **error)
{
  return self->recorder == NULL || gan_recorder_write (self->recorder, self->record_path, error);
}

/**
 * gan_app_dup_missed:
 * @self: a running program's parts
 *
 * Returns: (transfer full): "METHOD URL" of the requests that the replayed recordings had no answer
 * for
 */
GStrv
gan_app_dup_missed (GanApp *self)
{
  return self->replay != NULL ? gan_replay_transport_dup_missed (self->replay) : g_new0 (char *, 1);
}
