/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-platform.h"

#include "gan-error.h"

static void handler_init (GanPlatformHandlerInterface *iface);

G_DEFINE_ABSTRACT_TYPE_WITH_CODE (GanPlatform,
                                  gan_platform,
                                  G_TYPE_OBJECT,
                                  G_IMPLEMENT_INTERFACE (GAN_TYPE_PLATFORM_HANDLER, handler_init))

static GanMatch *
default_match (GanPlatform *self, GanRules *rules, GanUrl *url)
{
  return gan_rules_match (rules, url);
}

static void
set_unsupported (GanVisit *visit, const char *what, GError **error)
{
  gan_error_set (error,
                 GAN_ERROR_UNSUPPORTED_URL,
                 "capability",
                 "%s cannot %s",
                 gan_rules_get_name (gan_visit_get_rules (visit)),
                 what);
}

static GanMedia *
default_get_info (GanPlatform *self, GanVisit *visit, GanMatch *match, GError **error)
{
  set_unsupported (visit, "be asked about one link", error);
  return NULL;
}

static GanPage *
default_list (GanPlatform *self,
              GanVisit *visit,
              GanMatch *match,
              const char *cursor,
              guint limit,
              GError **error)
{
  set_unsupported (visit, "be listed", error);
  return NULL;
}

static GanPage *
default_search (GanPlatform *self,
                GanVisit *visit,
                const char *query,
                const char *cursor,
                guint limit,
                GanMatch *in,
                GError **error)
{
  set_unsupported (visit, "be searched", error);
  return NULL;
}

static GanMatch *
handler_match (GanPlatformHandler *handler, GanRules *rules, GanUrl *url)
{
  GanPlatform *self = GAN_PLATFORM (handler);

  return GAN_PLATFORM_GET_CLASS (self)->match (self, rules, url);
}

static GanMedia *
handler_get_info (GanPlatformHandler *handler, GanVisit *visit, GanMatch *match, GError **error)
{
  GanPlatform *self = GAN_PLATFORM (handler);

  return GAN_PLATFORM_GET_CLASS (self)->get_info (self, visit, match, error);
}

static GanPage *
handler_list (GanPlatformHandler *handler,
              GanVisit *visit,
              GanMatch *match,
              const char *cursor,
              guint limit,
              GError **error)
{
  GanPlatform *self = GAN_PLATFORM (handler);

  return GAN_PLATFORM_GET_CLASS (self)->list (self, visit, match, cursor, limit, error);
}

static GanPage *
handler_search (GanPlatformHandler *handler,
                GanVisit *visit,
                const char *query,
                const char *cursor,
                guint limit,
                GanMatch *in,
                GError **error)
{
  GanPlatform *self = GAN_PLATFORM (handler);

  return GAN_PLATFORM_GET_CLASS (self)->search (self, visit, query, cursor, limit, in, error);
}

static GanPlan *
handler_prepare (GanPlatformHandler *handler,
                 GanVisit *visit,
                 GanMedia *media,
                 GanChoice *choice,
                 GError **error)
{
  GanPlatform *self = GAN_PLATFORM (handler);

  return GAN_PLATFORM_GET_CLASS (self)->prepare (self, visit, media, choice, error);
}

static void
handler_init (GanPlatformHandlerInterface *iface)
{
  iface->match = handler_match;
  iface->get_info = handler_get_info;
  iface->list = handler_list;
  iface->search = handler_search;
  iface->prepare = handler_prepare;
}

static void
gan_platform_class_init (GanPlatformClass *klass)
{
  klass->match = default_match;
  klass->get_info = default_get_info;
  klass->list = default_list;
  klass->search = default_search;
  klass->prepare = gan_platform_prepare_formats;
}

static void
gan_platform_init (GanPlatform *self)
{
}

static void
set_headers (GanTrack *track, GHashTable *headers)
{
  GHashTableIter iter;
  gpointer name;
  gpointer value;

  if (headers == NULL)
    return;
  g_hash_table_iter_init (&iter, headers);
  while (g_hash_table_iter_next (&iter, &name, &value))
    gan_track_set_header (track, name, value);
}

/**
 * gan_platform_prepare_formats:
 * @self: a site
 * @visit: the state of this call
 * @media: what was found
 * @choice: which of its formats
 * @error: return location for an error
 *
 * Makes a plan of the format that @choice selects, without a request: its URL, the rules' headers
 * for media and over them those of the format, its size, and what the file is named by.
 *
 * Returns: (transfer full): the plan; or %NULL with an error of gan_choice_select(), or with
 *   %GAN_ERROR_TOO_LARGE, or with %GAN_ERROR_SITE_CHANGED, field "url", for a format without a URL
 */
GanPlan *
gan_platform_prepare_formats (GanPlatform *self,
                              GanVisit *visit,
                              GanMedia *media,
                              GanChoice *choice,
                              GError **error)
{
  g_autoptr (GanFormat) format = NULL;
  g_autoptr (GanPlan) plan = NULL;
  g_autoptr (GanUrl) url = NULL;
  GError *local = NULL;
  const char *text;
  GanTrack *track;

  g_return_val_if_fail (GAN_IS_PLATFORM (self), NULL);
  g_return_val_if_fail (GAN_IS_VISIT (visit), NULL);

  format = gan_choice_select (choice, media, error);
  if (format == NULL
      || !gan_constraints_check_format (gan_visit_get_constraints (visit), format, error))
    return NULL;
  text = gan_format_get_url (format);
  url = gan_url_parse (text == NULL ? "" : text, &local);
  if (url == NULL)
    {
      gan_error_set_cause (error, GAN_ERROR_SITE_CHANGED, "url", local);
      if (error != NULL)
        gan_error_set_field (*error, "url");
      return NULL;
    }
  plan = gan_plan_new (gan_media_get_platform (media), gan_media_get_url (media));
  gan_plan_set_name (plan,
                     gan_media_get_title (media),
                     gan_media_get_platform_id (media),
                     gan_format_get_ext (format));
  gan_plan_set_published (plan, gan_media_get_published_at (media));
  track = gan_plan_add_track (plan,
                              GAN_TRACK_FILE,
                              url,
                              gan_format_get_format_id (format),
                              gan_format_get_protocol (format));
  track->size = gan_format_get_filesize (format);
  set_headers (track, gan_rules_get_media_headers (gan_visit_get_rules (visit)));
  set_headers (track, gan_format_get_headers (format));
  return g_steal_pointer (&plan);
}
