/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-platform-handler.h"

#include "gan-error.h"
#include "gan-resolve-pool.h"

G_DEFINE_INTERFACE (GanPlatformHandler, gan_platform_handler, G_TYPE_OBJECT)

/* The arguments of a call on its way to a thread. */
typedef struct
{
  GanVisit *visit;
  GanMatch *match;
  char *cursor;
  guint limit;
} Call;

static void
gan_platform_handler_default_init (GanPlatformHandlerInterface *iface)
{
}

static void
call_free (gpointer data)
{
  Call *call = data;

  g_object_unref (call->visit);
  gan_match_unref (call->match);
  g_free (call->cursor);
  g_free (call);
}

/* Every error that leaves a site says of which site and link it is, and is one of ours. */
static void
pass_error (GanVisit *visit, const char *url, GError *site_error, GError **error)
{
  g_autoptr (GError) local = site_error;

  if (local == NULL)
    local = gan_error_new (GAN_ERROR_INTERNAL, "handler", "the site gave neither result nor error");
  if (local->domain != GAN_ERROR && !gan_error_is_cancelled (local))
    {
      GError *ours = NULL;

      gan_error_set_cause (&ours, GAN_ERROR_INTERNAL, "handler", g_steal_pointer (&local));
      local = ours;
    }
  if (gan_error_get_platform (local) == NULL)
    gan_error_set_platform (local, gan_rules_get_id (gan_visit_get_rules (visit)));
  if (gan_error_get_url (local) == NULL)
    gan_error_set_url (local, url);
  g_propagate_error (error, g_steal_pointer (&local));
}

/* What every medium of a site has, whether its handler thought of it or not. */
static void
complete_media (GanMedia *media, const char *platform)
{
  GPtrArray *items = gan_media_get_items (media);

  if (gan_record_is_sealed (GAN_RECORD (media)))
    return;
  if (gan_media_get_platform (media) == NULL)
    gan_media_set_platform (media, platform);
  for (guint i = 0; i < items->len; i++)
    {
      GanMedia *item = g_ptr_array_index (items, i);

      if (gan_media_get_url (item) == NULL && !gan_record_is_sealed (GAN_RECORD (item)))
        gan_media_set_url (item, gan_media_get_url (media));
      complete_media (item, platform);
    }
}

static const char *
get_match_url (GanMatch *match)
{
  const char *canonical = gan_match_get_canonical (match);

  return canonical != NULL ? canonical : gan_url_get_string (gan_match_get_url (match));
}

static GanPage *
pass_page (GanVisit *visit, GanPage *page)
{
  const char *platform = gan_rules_get_id (gan_visit_get_rules (visit));

  for (guint i = 0; i < gan_page_get_n_media (page); i++)
    {
      complete_media (gan_page_get_media (page, i), platform);
      gan_record_seal (GAN_RECORD (gan_page_get_media (page, i)));
    }
  return page;
}

/**
 * gan_platform_handler_match:
 * @self: a site
 * @rules: its rules
 * @url: a URL
 *
 * No network.
 *
 * Returns: (transfer full) (nullable): what the URL says, or %NULL if it is none of this site's
 *   media
 */
GanMatch *
gan_platform_handler_match (GanPlatformHandler *self, GanRules *rules, GanUrl *url)
{
  g_return_val_if_fail (GAN_IS_PLATFORM_HANDLER (self), NULL);
  g_return_val_if_fail (rules != NULL && url != NULL, NULL);

  return GAN_PLATFORM_HANDLER_GET_IFACE (self)->match (self, rules, url);
}

/**
 * gan_platform_handler_get_info:
 * @self: a site
 * @visit: the state of this call
 * @match: what is asked for
 * @error: return location for an error
 *
 * Blocks; for worker threads.
 *
 * Returns: (transfer full): what the link leads to, sealed; or %NULL and a %GAN_ERROR that names
 *   site and URL, or %G_IO_ERROR_CANCELLED
 */
GanMedia *
gan_platform_handler_get_info (GanPlatformHandler *self,
                               GanVisit *visit,
                               GanMatch *match,
                               GError **error)
{
  GError *local = NULL;
  GanMedia *media;

  g_return_val_if_fail (GAN_IS_PLATFORM_HANDLER (self), NULL);
  g_return_val_if_fail (GAN_IS_VISIT (visit) && match != NULL, NULL);

  media = GAN_PLATFORM_HANDLER_GET_IFACE (self)->get_info (self, visit, match, &local);
  if (media == NULL)
    {
      pass_error (visit, get_match_url (match), local, error);
      return NULL;
    }
  if (gan_media_get_url (media) == NULL)
    gan_media_set_url (media, get_match_url (match));
  if (gan_media_get_platform_id (media) == NULL)
    gan_media_set_platform_id (media, gan_match_get_id (match));
  if (gan_media_get_content_type (media) == NULL)
    gan_media_set_content_type (media, gan_kind_to_string (gan_match_get_kind (match)));
  complete_media (media, gan_rules_get_id (gan_visit_get_rules (visit)));
  gan_record_seal (GAN_RECORD (media));
  return media;
}

/**
 * gan_platform_handler_list:
 * @self: a site
 * @visit: the state of this call
 * @match: the playlist, channel, user or tag that is asked for
 * @cursor: (nullable): where to go on, as the page before said; %NULL for the first page
 * @limit: how many are wanted; a page may have more or less
 * @error: return location for an error
 *
 * Blocks; for worker threads.
 *
 * Returns: (transfer full): a page of sealed media; or %NULL and an error as of
 *   gan_platform_handler_get_info()
 */
GanPage *
gan_platform_handler_list (GanPlatformHandler *self,
                           GanVisit *visit,
                           GanMatch *match,
                           const char *cursor,
                           guint limit,
                           GError **error)
{
  GError *local = NULL;
  GanPage *page;

  g_return_val_if_fail (GAN_IS_PLATFORM_HANDLER (self), NULL);
  g_return_val_if_fail (GAN_IS_VISIT (visit) && match != NULL, NULL);

  page = GAN_PLATFORM_HANDLER_GET_IFACE (self)->list (self, visit, match, cursor, limit, &local);
  if (page == NULL)
    {
      pass_error (visit, get_match_url (match), local, error);
      return NULL;
    }
  return pass_page (visit, page);
}

/**
 * gan_platform_handler_search:
 * @self: a site
 * @visit: the state of this call
 * @query: what is looked for, in the words of a person
 * @cursor: (nullable): where to go on, as the page before said; %NULL for the first page
 * @limit: how many are wanted; a page may have more or less
 * @in: (nullable): the channel or user to search in; %NULL for the whole site
 * @error: return location for an error
 *
 * Blocks; for worker threads.
 *
 * Returns: (transfer full): a page of sealed media; or %NULL and an error as of
 *   gan_platform_handler_get_info()
 */
GanPage *
gan_platform_handler_search (GanPlatformHandler *self,
                             GanVisit *visit,
                             const char *query,
                             const char *cursor,
                             guint limit,
                             GanMatch *in,
                             GError **error)
{
  GanPlatformHandlerInterface *iface;
  GError *local = NULL;
  GanPage *page;

  g_return_val_if_fail (GAN_IS_PLATFORM_HANDLER (self), NULL);
  g_return_val_if_fail (GAN_IS_VISIT (visit) && query != NULL, NULL);

  iface = GAN_PLATFORM_HANDLER_GET_IFACE (self);
  page = iface->search (self, visit, query, cursor, limit, in, &local);
  if (page == NULL)
    {
      pass_error (visit, in == NULL ? NULL : get_match_url (in), local, error);
      return NULL;
    }
  return pass_page (visit, page);
}

/**
 * gan_platform_handler_prepare:
 * @self: a site
 * @visit: the state of this call
 * @media: what was found before
 * @choice: which of its formats
 * @error: return location for an error
 *
 * Blocks; for worker threads. Asked again when a URL of the plan has expired.
 *
 * Returns: (transfer full): what is to be fetched, and how; or %NULL and an error as of
 *   gan_platform_handler_get_info()
 */
GanPlan *
gan_platform_handler_prepare (GanPlatformHandler *self,
                              GanVisit *visit,
                              GanMedia *media,
                              GanChoice *choice,
                              GError **error)
{
  GError *local = NULL;
  GanPlan *plan;

  g_return_val_if_fail (GAN_IS_PLATFORM_HANDLER (self), NULL);
  g_return_val_if_fail (GAN_IS_VISIT (visit), NULL);
  g_return_val_if_fail (GAN_IS_MEDIA (media) && choice != NULL, NULL);

  plan = GAN_PLATFORM_HANDLER_GET_IFACE (self)->prepare (self, visit, media, choice, &local);
  if (plan == NULL)
    pass_error (visit, gan_media_get_url (media), local, error);
  return plan;
}

static GTask *
new_task (GanPlatformHandler *self,
          GanVisit *visit,
          GanMatch *match,
          GAsyncReadyCallback callback,
          gpointer user_data)
{
  GTask *task = g_task_new (self, gan_visit_get_cancellable (visit), callback, user_data);
  Call *call = g_new0 (Call, 1);

  call->visit = g_object_ref (visit);
  call->match = gan_match_ref (match);
  g_task_set_task_data (task, call, call_free);
  return task;
}

static void
get_info_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Call *call = data;
  GError *error = NULL;
  GanMedia *media = gan_platform_handler_get_info (source, call->visit, call->match, &error);

  if (media == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, media, g_object_unref);
}

/**
 * gan_platform_handler_get_info_async:
 * @self: a site
 * @visit: the state of this call, whose cancellable ends it; not to be used until @callback
 * @match: what is asked for
 * @callback: called in the thread-default main context of the caller
 * @user_data: for @callback
 *
 * gan_platform_handler_get_info() in a thread of the pool for resolving.
 */
void
gan_platform_handler_get_info_async (GanPlatformHandler *self,
                                     GanVisit *visit,
                                     GanMatch *match,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (GAN_IS_PLATFORM_HANDLER (self));
  g_return_if_fail (GAN_IS_VISIT (visit) && match != NULL);

  task = new_task (self, visit, match, callback, user_data);
  g_task_set_source_tag (task, gan_platform_handler_get_info_async);
  gan_pool_run (gan_resolve_pool_get (), task, get_info_thread);
}

/**
 * gan_platform_handler_get_info_finish:
 * @self: a site
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full): as gan_platform_handler_get_info()
 */
GanMedia *
gan_platform_handler_get_info_finish (GanPlatformHandler *self,
                                      GAsyncResult *result,
                                      GError **error)
{
  g_return_val_if_fail (GAN_IS_PLATFORM_HANDLER (self), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
list_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Call *call = data;
  GError *error = NULL;
  GanPage *page = gan_platform_handler_list (source,
                                             call->visit,
                                             call->match,
                                             call->cursor,
                                             call->limit,
                                             &error);

  if (page == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, page, (GDestroyNotify) gan_page_unref);
}

/**
 * gan_platform_handler_list_async:
 * @self: a site
 * @visit: the state of this call, whose cancellable ends it; not to be used until @callback
 * @match: what is asked for
 * @cursor: (nullable): where to go on; %NULL for the first page
 * @limit: how many are wanted
 * @callback: called in the thread-default main context of the caller
 * @user_data: for @callback
 *
 * gan_platform_handler_list() in a thread of the pool for resolving.
 */
void
gan_platform_handler_list_async (GanPlatformHandler *self,
                                 GanVisit *visit,
                                 GanMatch *match,
                                 const char *cursor,
                                 guint limit,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Call *call;

  g_return_if_fail (GAN_IS_PLATFORM_HANDLER (self));
  g_return_if_fail (GAN_IS_VISIT (visit) && match != NULL);

  task = new_task (self, visit, match, callback, user_data);
  g_task_set_source_tag (task, gan_platform_handler_list_async);
  call = g_task_get_task_data (task);
  call->cursor = g_strdup (cursor);
  call->limit = limit;
  gan_pool_run (gan_resolve_pool_get (), task, list_thread);
}

/**
 * gan_platform_handler_list_finish:
 * @self: a site
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full): as gan_platform_handler_list()
 */
GanPage *
gan_platform_handler_list_finish (GanPlatformHandler *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (GAN_IS_PLATFORM_HANDLER (self), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
