/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The stateless base of a site. A subclass writes the blocking vfuncs it can serve; what it leaves
 * out answers unsupported-url. It has no instance fields: several threads call one object at once.
 */
#pragma once

#include "gan-platform-handler.h"

G_BEGIN_DECLS

#define GAN_TYPE_PLATFORM (gan_platform_get_type ())
G_DECLARE_DERIVABLE_TYPE (GanPlatform, gan_platform, GAN, PLATFORM, GObject)

struct _GanPlatformClass
{
  GObjectClass parent_class;

  /* Default: gan_rules_match(). NULL when the URL is none of this site's media. No network. */
  GanMatch *(*match) (GanPlatform *self, GanRules *rules, GanUrl *url);
  GanMedia *(*get_info) (GanPlatform *self, GanVisit *visit, GanMatch *match, GError **error);
  GanPage *(*list) (GanPlatform *self,
                    GanVisit *visit,
                    GanMatch *match,
                    const char *cursor,
                    guint limit,
                    GError **error);
  GanPage *(*search) (GanPlatform *self,
                      GanVisit *visit,
                      const char *query,
                      const char *cursor,
                      guint limit,
                      GanMatch *in,
                      GError **error);
  /* Default: gan_platform_prepare_formats(). */
  GanPlan *(*prepare) (GanPlatform *self,
                       GanVisit *visit,
                       GanMedia *media,
                       GanChoice *choice,
                       GError **error);
};

GanPlan *gan_platform_prepare_formats (GanPlatform *self,
                                       GanVisit *visit,
                                       GanMedia *media,
                                       GanChoice *choice,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* One row of the table that the build makes of the list in platforms/meson.build. */
typedef struct
{
  const char *id;
  GType (*get_type) (void);
} GanPlatformEntry;

G_END_DECLS
