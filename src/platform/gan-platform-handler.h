/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the rest of Gannet sees of a site. The blocking calls are for worker threads; the _async
 * ones run them in one bounded pool. */
#pragma once

#include "gan-choice.h"
#include "gan-page.h"
#include "gan-plan.h"
#include "gan-visit.h"

G_BEGIN_DECLS

#define GAN_TYPE_PLATFORM_HANDLER (gan_platform_handler_get_type ())
G_DECLARE_INTERFACE (GanPlatformHandler, gan_platform_handler, GAN, PLATFORM_HANDLER, GObject)

struct _GanPlatformHandlerInterface
{
  GTypeInterface parent_iface;

  GanMatch *(*match) (GanPlatformHandler *self, GanRules *rules, GanUrl *url);
  GanMedia *(*get_info) (GanPlatformHandler *self,
                         GanVisit *visit,
                         GanMatch *match,
                         GError **error);
  GanPage *(*list) (GanPlatformHandler *self,
                    GanVisit *visit,
                    GanMatch *match,
                    const char *cursor,
                    guint limit,
                    GError **error);
  GanPage *(*search) (GanPlatformHandler *self,
                      GanVisit *visit,
                      const char *query,
                      const char *cursor,
                      guint limit,
                      GanMatch *in,
                      GError **error);
  GanPlan *(*prepare) (GanPlatformHandler *self,
                       GanVisit *visit,
                       GanMedia *media,
                       GanChoice *choice,
                       GError **error);
};

GanMatch *gan_platform_handler_match (GanPlatformHandler *self,
                                      GanRules *rules,
                                      GanUrl *url) G_GNUC_WARN_UNUSED_RESULT;
GanMedia *gan_platform_handler_get_info (GanPlatformHandler *self,
                                         GanVisit *visit,
                                         GanMatch *match,
                                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
GanPage *gan_platform_handler_list (GanPlatformHandler *self,
                                    GanVisit *visit,
                                    GanMatch *match,
                                    const char *cursor,
                                    guint limit,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
GanPage *gan_platform_handler_search (GanPlatformHandler *self,
                                      GanVisit *visit,
                                      const char *query,
                                      const char *cursor,
                                      guint limit,
                                      GanMatch *in,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
GanPlan *gan_platform_handler_prepare (GanPlatformHandler *self,
                                       GanVisit *visit,
                                       GanMedia *media,
                                       GanChoice *choice,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

void gan_platform_handler_get_info_async (GanPlatformHandler *self,
                                          GanVisit *visit,
                                          GanMatch *match,
                                          GAsyncReadyCallback callback,
                                          gpointer user_data);
GanMedia *gan_platform_handler_get_info_finish (GanPlatformHandler *self,
                                                GAsyncResult *result,
                                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
void gan_platform_handler_list_async (GanPlatformHandler *self,
                                      GanVisit *visit,
                                      GanMatch *match,
                                      const char *cursor,
                                      guint limit,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data);
GanPage *gan_platform_handler_list_finish (GanPlatformHandler *self,
                                           GAsyncResult *result,
                                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
