/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sites of a registry: their rules, compiled in or from a file of the user, and who claims a
 * host. Does not change once it is made. */
#pragma once

#include "gan-platform.h"

G_BEGIN_DECLS

/* Where the rules of all sites are compiled in. */
#define GAN_SITES_RESOURCE_FOLDER "/io/github/gannet_app/Gannet/platforms/"

typedef struct
{
  const char *id; /* that of rules */
  GanRules *rules;
  GType type;
} GanSite;

typedef struct _GanSites GanSites;

GanSites *gan_sites_new (const GanPlatformEntry *table,
                         gsize n_entries,
                         const char *override_dir,
                         GStrvBuilder *warnings) G_GNUC_WARN_UNUSED_RESULT;
void gan_sites_free (GanSites *self);
guint gan_sites_get_n (const GanSites *self);
const GanSite *gan_sites_get (const GanSites *self, guint index);
const GanSite *gan_sites_find_id (const GanSites *self, const char *id);
const GanSite *gan_sites_find_host (const GanSites *self, const char *host);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanSites, gan_sites_free)

G_END_DECLS
