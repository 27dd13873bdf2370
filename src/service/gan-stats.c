/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-stats.h"

static void
stat_free (gpointer data)
{
  GanStat *stat = data;

  g_free (stat->platform);
  g_free (stat->name);
  g_free (stat);
}

/**
 * gan_stats_free:
 * @self: (transfer full) (nullable): statistics
 */
void
gan_stats_free (GanStats *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->sites);
  g_free (self);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  const GanStat *x = *(const GanStat *const *) a;
  const GanStat *y = *(const GanStat *const *) b;

  if (x->finished != y->finished)
    return x->finished > y->finished ? -1 : 1;
  return g_strcmp0 (x->platform, y->platform);
}

/* What one site has, added to the sum of all. */
static void
add_site (GanStats *self, GanRegistry *registry, const GanSiteStats *site)
{
  GanRules *rules = gan_registry_get_rules (registry, site->platform);
  GanStat *stat = g_new0 (GanStat, 1);

  stat->platform = g_strdup (site->platform);
  stat->name = g_strdup (rules != NULL ? gan_rules_get_name (rules) : site->platform);
  stat->finished = site->finished;
  stat->failed = site->failed;
  stat->bytes = site->bytes;
  g_ptr_array_add (self->sites, stat);
  self->total.finished += site->finished;
  self->total.failed += site->failed;
  self->total.bytes += site->bytes;
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GanRegistry *registry = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GArray) sites = gan_store_load_stats_finish (GAN_STORE (source), result, &error);
  GanStats *self = NULL;

  if (sites == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  self = g_new0 (GanStats, 1);
  self->sites = g_ptr_array_new_with_free_func (stat_free);
  for (guint i = 0; i < sites->len; i++)
    add_site (self, registry, &g_array_index (sites, GanSiteStats, i));
  g_ptr_array_sort (self->sites, compare);
  g_task_return_pointer (task, self, (GDestroyNotify) gan_stats_free);
}

/**
 * gan_stats_load_async:
 * @app: a running program's parts, with a data folder
 * @cancellable: (nullable): a cancellable
 * @callback: called when it is known; its source object is NULL
 * @user_data: for @callback
 *
 * Asks the store what has come of all downloads.
 */
void
gan_stats_load_async (GanApp *app,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  GTask *task = NULL;

  g_return_if_fail (app != NULL && gan_app_get_store (app) != NULL);

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, gan_stats_load_async);
  g_task_set_task_data (task, g_object_ref (gan_app_get_registry (app)), g_object_unref);
  gan_store_load_stats_async (gan_app_get_store (app), cancellable, loaded_cb, task);
}

/**
 * gan_stats_load_finish:
 * @result: what the callback got
 * @error: return location
 *
 * Returns: (transfer full): the statistics, or %NULL
 */
GanStats *
gan_stats_load_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, gan_stats_load_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
