/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-registry.h"

#include "gan-error.h"
#include "gan-limits.h"
#include "gan-redact.h"
#include "gan-resolve-pool.h"
#include "gan-short-link.h"
#include "gan-sites.h"

#define GENERIC "generic"
#define DEFAULT_THREADS 4

struct _GanRegistry
{
  GObject parent_instance;

  GanHttp *http;
  GanSites *sites;
  GanAddressPolicy policy;
  GanConstraints constraints;
  guint max_threads;
  GStrv warnings;
  GPtrArray *middleware;

  GMutex mutex;
  GHashTable *handlers; /* id -> GanPlatformHandler; guarded by mutex */
};

/* One call of a site, from its first to its last line in the log. */
typedef struct
{
  GanCall call;
  char *subject;
  gint64 start;
} Span;

G_DEFINE_FINAL_TYPE (GanRegistry, gan_registry, G_TYPE_OBJECT)

static void
gan_registry_finalize (GObject *object)
{
  GanRegistry *self = GAN_REGISTRY (object);

  g_clear_object (&self->http);
  g_hash_table_unref (self->handlers);
  g_clear_pointer (&self->sites, gan_sites_free);
  g_strfreev (self->warnings);
  g_ptr_array_unref (self->middleware);
  g_mutex_clear (&self->mutex);
  G_OBJECT_CLASS (gan_registry_parent_class)->finalize (object);
}

static void
gan_registry_class_init (GanRegistryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = gan_registry_finalize;
}

static void
gan_registry_init (GanRegistry *self)
{
  g_mutex_init (&self->mutex);
  self->handlers = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_object_unref);
  self->middleware = g_ptr_array_new_with_free_func (g_object_unref);
}

static void
set_rate_limits (GanRegistry *self, const GanSite *site, const GanRateLimits *over)
{
  GanRateLimits limits = *gan_rules_get_rate_limits (site->rules);

  if (over->per_minute > 0)
    limits.per_minute = over->per_minute;
  if (over->per_hour > 0)
    limits.per_hour = over->per_hour;
  if (over->parallel > 0)
    limits.parallel = over->parallel;
  gan_http_set_rate_limits (self->http, site->id, &limits);
}

/**
 * gan_registry_new:
 * @table: the sites of this build
 * @n_entries: how many
 * @options: the door to the network, and what holds for every call
 *
 * Reads the rules of all sites and gives @options->http their rate limits. Rules that are no good
 * never stop it: see gan_registry_dup_warnings().
 *
 * Returns: (transfer full): a registry; all but gan_registry_add_middleware() may be called from
 *   any thread
 */
GanRegistry *
gan_registry_new (const GanPlatformEntry *table, gsize n_entries, const GanRegistryOptions *options)
{
  g_autoptr (GStrvBuilder) warnings = g_strv_builder_new ();
  GanRegistry *self;

  g_return_val_if_fail (table != NULL || n_entries == 0, NULL);
  g_return_val_if_fail (options != NULL && GAN_IS_HTTP (options->http), NULL);

  self = g_object_new (GAN_TYPE_REGISTRY, NULL);
  self->http = g_object_ref (options->http);
  self->policy = options->policy;
  self->constraints = options->constraints;
  self->max_threads = options->max_threads > 0 ? options->max_threads : DEFAULT_THREADS;
  self->sites = gan_sites_new (table, n_entries, options->override_dir, warnings);
  self->warnings = g_strv_builder_end (warnings);
  for (guint i = 0; i < gan_sites_get_n (self->sites); i++)
    set_rate_limits (self, gan_sites_get (self->sites, i), &options->rate_limits);
  return self;
}

/**
 * gan_registry_add_middleware:
 * @self: a registry that was not used yet
 * @middleware: what sees every call; the last one added sees its end first
 */
void
gan_registry_add_middleware (GanRegistry *self, GanMiddleware *middleware)
{
  g_return_if_fail (GAN_IS_REGISTRY (self));
  g_return_if_fail (GAN_IS_MIDDLEWARE (middleware));

  g_ptr_array_add (self->middleware, g_object_ref (middleware));
}

/**
 * gan_registry_get_max_threads:
 * @self: a registry
 *
 * Returns: how many sites a batch may ask at a time
 */
guint
gan_registry_get_max_threads (GanRegistry *self)
{
  g_return_val_if_fail (GAN_IS_REGISTRY (self), 1);

  return self->max_threads;
}

/**
 * gan_registry_dup_ids:
 * @self: a registry
 *
 * Returns: (transfer full): ids of all sites, in the order of the table
 */
GStrv
gan_registry_dup_ids (GanRegistry *self)
{
  g_autoptr (GStrvBuilder) ids = g_strv_builder_new ();

  g_return_val_if_fail (GAN_IS_REGISTRY (self), NULL);

  for (guint i = 0; i < gan_sites_get_n (self->sites); i++)
    g_strv_builder_add (ids, gan_sites_get (self->sites, i)->id);
  return g_strv_builder_end (ids);
}

/**
 * gan_registry_get_rules:
 * @self: a registry
 * @id: id of a site
 *
 * Returns: (transfer none) (nullable): the rules that serve, or %NULL when there is no such site
 */
GanRules *
gan_registry_get_rules (GanRegistry *self, const char *id)
{
  const GanSite *site;

  g_return_val_if_fail (GAN_IS_REGISTRY (self), NULL);

  site = gan_sites_find_id (self->sites, id);
  return site == NULL ? NULL : site->rules;
}

/**
 * gan_registry_dup_warnings:
 * @self: a registry
 *
 * Returns: (transfer full): what was wrong with rules files, for people to read; may be empty
 */
GStrv
gan_registry_dup_warnings (GanRegistry *self)
{
  g_return_val_if_fail (GAN_IS_REGISTRY (self), NULL);

  return g_strdupv (self->warnings);
}

/* Made on first use, and kept: it has no state that could grow old. */
static GanPlatformHandler *
get_handler (GanRegistry *self, const GanSite *site)
{
  GanPlatformHandler *handler;

  g_mutex_lock (&self->mutex);
  handler = g_hash_table_lookup (self->handlers, site->id);
  if (handler == NULL)
    {
      handler = g_object_new (site->type, NULL);
      g_hash_table_insert (self->handlers, (gpointer) site->id, handler);
    }
  g_mutex_unlock (&self->mutex);
  return handler;
}

/**
 * gan_registry_get_handler:
 * @self: a registry
 * @id: id of a site
 *
 * Returns: (transfer none) (nullable): the site, or %NULL when there is no such site
 */
GanPlatformHandler *
gan_registry_get_handler (GanRegistry *self, const char *id)
{
  const GanSite *site;

  g_return_val_if_fail (GAN_IS_REGISTRY (self), NULL);

  site = gan_sites_find_id (self->sites, id);
  return site == NULL ? NULL : get_handler (self, site);
}

static GanMatch *
match_site (GanRegistry *self, const GanSite *site, GanUrl *url)
{
  return gan_platform_handler_match (get_handler (self, site), site->rules, url);
}

/**
 * gan_registry_match:
 * @self: a registry
 * @url: a URL
 * @claimed: (out) (optional): whether a site claims its host
 *
 * No network. A host that no site claims is asked of the generic site, which recognises what looks
 * like a media file or a manifest.
 *
 * Returns: (transfer full) (nullable): what the URL says, or %NULL when it is nobody's media
 */
GanMatch *
gan_registry_match (GanRegistry *self, GanUrl *url, gboolean *claimed)
{
  const GanSite *site;

  g_return_val_if_fail (GAN_IS_REGISTRY (self), NULL);
  g_return_val_if_fail (url != NULL, NULL);

  site = gan_sites_find_host (self->sites, gan_url_get_host (url));
  if (claimed != NULL)
    *claimed = site != NULL;
  if (site == NULL)
    site = gan_sites_find_id (self->sites, GENERIC);
  return site == NULL ? NULL : match_site (self, site, url);
}

static void
span_begin (GanRegistry *self,
            Span *span,
            const GanSite *site,
            const char *verb,
            const char *subject)
{
  span->subject = gan_redact_text (subject);
  span->call = (GanCall){ .platform = site->id, .verb = verb, .subject = span->subject };
  span->start = gan_clock_get_monotonic (gan_http_get_clock (self->http));
  for (guint i = 0; i < self->middleware->len; i++)
    gan_middleware_before (g_ptr_array_index (self->middleware, i), &span->call);
}

static void
span_end (GanRegistry *self, Span *span, GError *local, GError **error)
{
  gint64 now = gan_clock_get_monotonic (gan_http_get_clock (self->http));

  span->call.microseconds = now - span->start;
  span->call.error = local;
  for (guint i = self->middleware->len; i > 0; i--)
    gan_middleware_after (g_ptr_array_index (self->middleware, i - 1), &span->call);
  g_free (span->subject);
  if (local != NULL)
    g_propagate_error (error, local);
}

/* Of a host that a site claims, no other site reads a page. */
static gboolean
is_unclaimed (GanUrl *url, gpointer user_data)
{
  GanRegistry *self = user_data;

  return gan_sites_find_host (self->sites, gan_url_get_host (url)) == NULL;
}

static GanVisit *
new_visit (GanRegistry *self, const GanSite *site, GCancellable *cancellable)
{
  GanVisit *visit
      = gan_visit_new (self->http, site->rules, &self->constraints, self->policy, cancellable);

  gan_visit_set_redirect_filter (visit, is_unclaimed, self);
  return visit;
}

static void
refuse (GError **error, const char *reason, const GanSite *site, GanUrl *url, const char *text)
{
  GError *local = gan_error_new (GAN_ERROR_UNSUPPORTED_URL, reason, "%s", text);

  if (site != NULL)
    gan_error_set_platform (local, site->id);
  gan_error_set_url (local, gan_url_get_string (url));
  g_propagate_error (error, local);
}

/* Whose link it is. Any page of an unclaimed host may hold media: that is for generic to find out.
 */
static GanMatch *
dispatch (GanRegistry *self, GanUrl *url, const GanSite **site, GError **error)
{
  GanMatch *match = NULL;

  *site = gan_sites_find_host (self->sites, gan_url_get_host (url));
  if (*site != NULL)
    {
      match = match_site (self, *site, url);
      if (match == NULL)
        refuse (error, "form", *site, url, "this is no link to media of that site");
      return match;
    }
  *site = gan_sites_find_id (self->sites, GENERIC);
  if (*site == NULL)
    {
      refuse (error, "host", NULL, url, "no site claims this host");
      return NULL;
    }
  match = match_site (self, *site, url);
  return match != NULL ? match : gan_match_new (GENERIC, GAN_KIND_POST, NULL, url);
}

static GanUrl *
follow (GanRegistry *self,
        const GanSite *site,
        GanMatch *match,
        GCancellable *cancellable,
        GError **error)
{
  g_autoptr (GanVisit) visit = new_visit (self, site, cancellable);
  GError *local = NULL;
  GanUrl *target;
  Span span;

  span_begin (self, &span, site, "follow", gan_url_get_string (gan_match_get_url (match)));
  target = gan_short_link_follow (visit, match, &local);
  if (local != NULL && gan_error_get_platform (local) == NULL)
    gan_error_set_platform (local, site->id);
  span_end (self, &span, local, error);
  return target;
}

/* @hops: taken so far, from link to link. */
static gboolean
take_hop (guint *hops, const GanSite *site, GanUrl *url, GError **error)
{
  if (*hops == GAN_LIMIT_SHORT_LINK_HOPS)
    {
      refuse (error, "short-link", site, url, "one short link leads to another, again and again");
      return FALSE;
    }
  (*hops)++;
  return TRUE;
}

/* As dispatch(), with short links followed: each target may be of any site. */
static GanMatch *
dispatch_following (GanRegistry *self,
                    GanUrl *url,
                    guint *hops,
                    const GanSite **site,
                    GCancellable *cancellable,
                    GError **error)
{
  g_autoptr (GanUrl) current = gan_url_ref (url);

  while (TRUE)
    {
      g_autoptr (GanMatch) match = dispatch (self, current, site, error);
      GanUrl *target = NULL;

      if (match == NULL)
        return NULL;
      if (gan_match_get_kind (match) != GAN_KIND_SHORT_LINK)
        return g_steal_pointer (&match);
      if (take_hop (hops, *site, url, error))
        target = follow (self, *site, match, cancellable, error);
      if (target == NULL)
        return NULL;
      gan_url_unref (current);
      current = target;
    }
}

/* @onward: where it turned out to lead, when it is a link of another site. */
static GanMedia *
ask_info (GanRegistry *self,
          const GanSite *site,
          GanMatch *match,
          GanUrl **onward,
          GCancellable *cancellable,
          GError **error)
{
  const char *subject = gan_url_get_string (gan_match_get_url (match));
  g_autoptr (GanVisit) visit = new_visit (self, site, cancellable);
  g_autoptr (GanMedia) media = NULL;
  GError *local = NULL;
  Span span;

  span_begin (self, &span, site, "get_info", subject);
  media = gan_platform_handler_get_info (get_handler (self, site), visit, match, &local);
  if (media == NULL && gan_visit_get_onward (visit) != NULL)
    {
      *onward = gan_url_ref (gan_visit_get_onward (visit));
      g_clear_error (&local);
    }
  if (media != NULL && !gan_constraints_check_media (&self->constraints, media, &local))
    {
      g_clear_object (&media);
      gan_error_set_platform (local, site->id);
      gan_error_set_url (local, subject);
    }
  span_end (self, &span, local, error);
  return g_steal_pointer (&media);
}

/**
 * gan_registry_resolve:
 * @self: a registry
 * @url: a link
 * @cancellable: (nullable): to end it early
 * @error: return location for an error
 *
 * From a link to its media: whose it is, short links followed (at most 5, each asked once),
 * unclaimed hosts to the generic site, a claimed host never: where an unclaimed one redirects to
 * it, its site is asked instead. Blocks.
 *
 * Returns: (transfer full): the media, sealed; or %NULL and the site's error, or
 *   %GAN_ERROR_UNSUPPORTED_URL, or %GAN_ERROR_TOO_LARGE when the caller's constraints exclude it
 */
GanMedia *
gan_registry_resolve (GanRegistry *self, GanUrl *url, GCancellable *cancellable, GError **error)
{
  g_autoptr (GanUrl) current = NULL;
  const GanSite *site = NULL;
  guint hops = 0;

  g_return_val_if_fail (GAN_IS_REGISTRY (self), NULL);
  g_return_val_if_fail (url != NULL, NULL);

  current = gan_url_ref (url);
  while (TRUE)
    {
      g_autoptr (GanMatch) match
          = dispatch_following (self, current, &hops, &site, cancellable, error);
      GanUrl *onward = NULL;
      GanMedia *media = NULL;

      if (match == NULL)
        return NULL;
      media = ask_info (self, site, match, &onward, cancellable, error);
      if (onward == NULL)
        return media;
      gan_url_unref (current);
      current = onward;
      if (!take_hop (&hops, site, url, error))
        return NULL;
    }
}

/* As dispatch_following() for a link to a listing. The generic site has none, but a link of an
 * unclaimed host may lead to one. */
static GanMatch *
dispatch_listing (GanRegistry *self,
                  GanUrl *url,
                  const GanSite **site,
                  GCancellable *cancellable,
                  GError **error)
{
  g_autoptr (GanUrl) current = gan_url_ref (url);
  guint hops = 0;

  while (TRUE)
    {
      g_autoptr (GanMatch) match
          = dispatch_following (self, current, &hops, site, cancellable, error);
      g_autoptr (GError) local = NULL;
      GanUrl *target = NULL;

      if (match == NULL)
        return NULL;
      if ((gan_rules_get_capabilities ((*site)->rules) & GAN_CAPABILITY_LIST) != 0)
        return g_steal_pointer (&match);
      if (g_str_equal ((*site)->id, GENERIC) && take_hop (&hops, *site, url, &local))
        target = follow (self, *site, match, cancellable, &local);
      if (target == NULL)
        {
          if (local == NULL || gan_error_matches (local, GAN_ERROR_SITE_CHANGED))
            refuse (error, "capability", *site, url, "this site cannot be listed");
          else
            g_propagate_error (error, g_steal_pointer (&local));
          return NULL;
        }
      gan_url_unref (current);
      current = target;
    }
}

/**
 * gan_registry_list:
 * @self: a registry
 * @url: a link to a playlist, channel, user or tag
 * @cursor: (nullable): where to go on, as the page before said; %NULL for the first page
 * @limit: how many are wanted; a page may have more or less
 * @cancellable: (nullable): to end it early
 * @error: return location for an error
 *
 * Blocks.
 *
 * Returns: (transfer full): a page of sealed media; or %NULL and an error as of
 *   gan_registry_resolve()
 */
GanPage *
gan_registry_list (GanRegistry *self,
                   GanUrl *url,
                   const char *cursor,
                   guint limit,
                   GCancellable *cancellable,
                   GError **error)
{
  g_autoptr (GanMatch) match = NULL;
  g_autoptr (GanVisit) visit = NULL;
  const GanSite *site = NULL;
  GError *local = NULL;
  GanPage *page;
  Span span;

  g_return_val_if_fail (GAN_IS_REGISTRY (self), NULL);
  g_return_val_if_fail (url != NULL, NULL);

  match = dispatch_listing (self, url, &site, cancellable, error);
  if (match == NULL)
    return NULL;
  visit = new_visit (self, site, cancellable);
  span_begin (self, &span, site, "list", gan_url_get_string (gan_match_get_url (match)));
  page = gan_platform_handler_list (get_handler (self, site), visit, match, cursor, limit, &local);
  span_end (self, &span, local, error);
  return page;
}

/* The site to search, and where in it. */
static const GanSite *
dispatch_search (GanRegistry *self,
                 const char *platform,
                 GanUrl *in,
                 GanMatch **match,
                 GError **error)
{
  const GanSite *site = gan_sites_find_id (self->sites, platform);
  guint wanted = in == NULL ? GAN_CAPABILITY_SEARCH : GAN_CAPABILITY_SEARCH_IN;

  if (site == NULL)
    {
      gan_error_set (error,
                     GAN_ERROR_UNSUPPORTED_URL,
                     "platform",
                     "there is no site '%s'",
                     platform);
      return NULL;
    }
  if ((gan_rules_get_capabilities (site->rules) & wanted) == 0)
    {
      GError *local = gan_error_new (GAN_ERROR_UNSUPPORTED_URL,
                                     "capability",
                                     "%s cannot be %s",
                                     gan_rules_get_name (site->rules),
                                     in == NULL ? "searched as a whole" : "searched in one place");

      gan_error_set_platform (local, site->id);
      g_propagate_error (error, local);
      return NULL;
    }
  if (in == NULL)
    return site;
  *match = match_site (self, site, in);
  if (*match == NULL)
    {
      refuse (error, "form", site, in, "this is no place of that site");
      return NULL;
    }
  return site;
}

/**
 * gan_registry_search:
 * @self: a registry
 * @platform: id of a site
 * @query: what is looked for
 * @in: (nullable): link to the channel or user to search in; %NULL for the whole site
 * @cursor: (nullable): where to go on, as the page before said; %NULL for the first page
 * @limit: how many are wanted; a page may have more or less
 * @cancellable: (nullable): to end it early
 * @error: return location for an error
 *
 * Blocks.
 *
 * Returns: (transfer full): a page of sealed media; or %NULL and an error as of
 *   gan_registry_resolve()
 */
GanPage *
gan_registry_search (GanRegistry *self,
                     const char *platform,
                     const char *query,
                     GanUrl *in,
                     const char *cursor,
                     guint limit,
                     GCancellable *cancellable,
                     GError **error)
{
  g_autoptr (GanMatch) match = NULL;
  g_autoptr (GanVisit) visit = NULL;
  const GanSite *site;
  GError *local = NULL;
  GanPage *page;
  Span span;

  g_return_val_if_fail (GAN_IS_REGISTRY (self), NULL);
  g_return_val_if_fail (platform != NULL && query != NULL, NULL);

  site = dispatch_search (self, platform, in, &match, error);
  if (site == NULL)
    return NULL;
  visit = new_visit (self, site, cancellable);
  span_begin (self, &span, site, "search", query);
  page = gan_platform_handler_search (get_handler (self, site),
                                      visit,
                                      query,
                                      cursor,
                                      limit,
                                      match,
                                      &local);
  span_end (self, &span, local, error);
  return page;
}

/**
 * gan_registry_prepare:
 * @self: a registry
 * @media: what gan_registry_resolve() found, or one of its items
 * @choice: which of its formats
 * @cancellable: (nullable): to end it early
 * @error: return location for an error
 *
 * Blocks.
 *
 * Returns: (transfer full): what is to be fetched, and how; or %NULL and the site's error, or
 *   %GAN_ERROR_TOO_LARGE when the caller's constraints exclude it
 */
GanPlan *
gan_registry_prepare (GanRegistry *self,
                      GanMedia *media,
                      GanChoice *choice,
                      GCancellable *cancellable,
                      GError **error)
{
  g_autoptr (GanVisit) visit = NULL;
  const GanSite *site;
  GError *local = NULL;
  GanPlan *plan = NULL;
  Span span;

  g_return_val_if_fail (GAN_IS_REGISTRY (self), NULL);
  g_return_val_if_fail (GAN_IS_MEDIA (media) && choice != NULL, NULL);

  site = gan_sites_find_id (self->sites, gan_media_get_platform (media));
  if (site == NULL)
    {
      gan_error_set (error,
                     GAN_ERROR_UNSUPPORTED_URL,
                     "platform",
                     "there is no site '%s'",
                     gan_media_get_platform (media));
      return NULL;
    }
  visit = new_visit (self, site, cancellable);
  span_begin (self, &span, site, "prepare", gan_media_get_url (media));
  if (gan_constraints_check_media (&self->constraints, media, &local))
    plan = gan_platform_handler_prepare (get_handler (self, site), visit, media, choice, &local);
  else
    gan_error_set_platform (local, site->id);
  span_end (self, &span, local, error);
  return plan;
}

static void
resolve_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  GanMedia *media = gan_registry_resolve (source, data, cancellable, &error);

  if (media == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, media, g_object_unref);
}

/**
 * gan_registry_resolve_async:
 * @self: a registry
 * @url: a link
 * @cancellable: (nullable): to end it early
 * @callback: called in the thread-default main context of the caller
 * @user_data: for @callback
 *
 * gan_registry_resolve() in a thread of the pool for resolving.
 */
void
gan_registry_resolve_async (GanRegistry *self,
                            GanUrl *url,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (GAN_IS_REGISTRY (self));
  g_return_if_fail (url != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, gan_registry_resolve_async);
  g_task_set_task_data (task, gan_url_ref (url), (GDestroyNotify) gan_url_unref);
  gan_pool_run (gan_resolve_pool_get (), task, resolve_thread);
}

/**
 * gan_registry_resolve_finish:
 * @self: a registry
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full): as gan_registry_resolve()
 */
GanMedia *
gan_registry_resolve_finish (GanRegistry *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (GAN_IS_REGISTRY (self), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
