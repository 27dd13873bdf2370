/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Everything about a site that rots, as data: hosts, templates, endpoints, client identities, field
 * map, limits. Immutable, atomically ref-counted. The schema stands in docs beside this header:
 * RULES.md. */
#pragma once

#include "gan-field-map.h"
#include "gan-http.h"
#include "gan-match.h"

G_BEGIN_DECLS

typedef enum
{
  GAN_SITE_OK,
  GAN_SITE_DEGRADED,
  GAN_SITE_BROKEN,
} GanSiteStatus;

typedef enum
{
  GAN_CAPABILITY_INFO = 1 << 0,
  GAN_CAPABILITY_LIST = 1 << 1,
  GAN_CAPABILITY_SEARCH = 1 << 2,
  GAN_CAPABILITY_SEARCH_IN = 1 << 3,
} GanCapability;

typedef struct
{
  char *name;
  char *version;
  char *user_agent;
  gboolean crawler; /* another company's crawler: off until the user allows it for that site */
} GanClient;

typedef struct _GanRules GanRules;

GanRules *gan_rules_new (GBytes *json, GError **error) G_GNUC_WARN_UNUSED_RESULT;
GanRules *
gan_rules_new_override (GanRules *built_in, GBytes *json, GError **error) G_GNUC_WARN_UNUSED_RESULT;
GanRules *gan_rules_ref (GanRules *self);
void gan_rules_unref (GanRules *self);

const char *gan_rules_get_id (GanRules *self);
const char *gan_rules_get_name (GanRules *self);
gint64 gan_rules_get_serial (GanRules *self);
GanSiteStatus gan_rules_get_status (GanRules *self);
const char *gan_rules_get_verified (GanRules *self);
guint gan_rules_get_capabilities (GanRules *self);
const char *const *gan_rules_get_hosts (GanRules *self);
const char *const *gan_rules_get_origins (GanRules *self);
const GanRateLimits *gan_rules_get_rate_limits (GanRules *self);
guint gan_rules_get_max_tries (GanRules *self);
GHashTable *gan_rules_get_headers (GanRules *self);
GHashTable *gan_rules_get_media_headers (GanRules *self);
const char *const *gan_rules_get_har_query_keys (GanRules *self);
const char *const *gan_rules_get_har_json_fields (GanRules *self);
gboolean gan_rules_is_override (GanRules *self);
gboolean gan_rules_allows_url (GanRules *self, GanUrl *url);

GanMatch *gan_rules_match (GanRules *self, GanUrl *url) G_GNUC_WARN_UNUSED_RESULT;
GanUrl *gan_rules_dup_endpoint (GanRules *self,
                                const char *name,
                                GHashTable *values,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
const GanClient *gan_rules_get_client (GanRules *self, const char *name);
const GanFieldMap *gan_rules_get_field_map (GanRules *self, const char *name);
const char *gan_rules_get_constant (GanRules *self, const char *name);
JsonNode *gan_rules_get_data (GanRules *self, const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanRules, gan_rules_unref)

G_END_DECLS
