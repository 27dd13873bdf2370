/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All sites of this build. Recognises links, hands out handlers (made on first use) and their
 * rules, and is the one place where a call of a site begins: visits, middleware and the way from a
 * link to its media. */
#pragma once

#include "gan-middleware.h"
#include "gan-platform.h"

G_BEGIN_DECLS

typedef struct
{
  GanHttp *http;
  const char *override_dir; /* folder of the user's rules files, or NULL for none */
  GanAddressPolicy policy;
  GanConstraints constraints;
  GanRateLimits rate_limits; /* in place of those of every site's rules; 0: the rules' */
  guint max_threads;         /* of a batch; 0: 4 */
} GanRegistryOptions;

#define GAN_TYPE_REGISTRY (gan_registry_get_type ())
G_DECLARE_FINAL_TYPE (GanRegistry, gan_registry, GAN, REGISTRY, GObject)

GanRegistry *gan_registry_new (const GanPlatformEntry *table,
                               gsize n_entries,
                               const GanRegistryOptions *options) G_GNUC_WARN_UNUSED_RESULT;
void gan_registry_add_middleware (GanRegistry *self, GanMiddleware *middleware);
guint gan_registry_get_max_threads (GanRegistry *self);

GStrv gan_registry_dup_ids (GanRegistry *self) G_GNUC_WARN_UNUSED_RESULT;
GanRules *gan_registry_get_rules (GanRegistry *self, const char *id);
GanPlatformHandler *gan_registry_get_handler (GanRegistry *self, const char *id);
GStrv gan_registry_dup_warnings (GanRegistry *self) G_GNUC_WARN_UNUSED_RESULT;

/* No network. NULL when no site claims this very URL; claimed tells whether a site claims its host.
 */
GanMatch *
gan_registry_match (GanRegistry *self, GanUrl *url, gboolean *claimed) G_GNUC_WARN_UNUSED_RESULT;

/* From a link to its media: match, short links followed, unclaimed hosts to the generic site.
 * Blocking. */
GanMedia *gan_registry_resolve (GanRegistry *self,
                                GanUrl *url,
                                GCancellable *cancellable,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
GanPage *gan_registry_list (GanRegistry *self,
                            GanUrl *url,
                            const char *cursor,
                            guint limit,
                            GCancellable *cancellable,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
GanPage *gan_registry_search (GanRegistry *self,
                              const char *platform,
                              const char *query,
                              GanUrl *in,
                              const char *cursor,
                              guint limit,
                              GCancellable *cancellable,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
GanPlan *gan_registry_prepare (GanRegistry *self,
                               GanMedia *media,
                               GanChoice *choice,
                               GCancellable *cancellable,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

void gan_registry_resolve_async (GanRegistry *self,
                                 GanUrl *url,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
GanMedia *gan_registry_resolve_finish (GanRegistry *self,
                                       GAsyncResult *result,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
