/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The members of a rules file, for the files that read, ask and compare them. */
#pragma once

#include "gan-rules.h"
#include "gan-template-private.h"

G_BEGIN_DECLS

/* One entry of "urls". */
typedef struct
{
  char *form;        /* or NULL */
  GanTemplate *host; /* or NULL: every host of the site */
  GanTemplate *template;
  GanKind kind;
  char *id;
  char *canonical; /* or NULL */
} GanUrlRule;

/* One entry of "field_maps". */
typedef struct
{
  GType record_type;
  GanFieldMap *map;
} GanNamedMap;

struct _GanRules
{
  char *id;
  char *name;
  gint64 serial;
  GanSiteStatus status;
  char *verified;
  guint capabilities;
  GStrv hosts;
  GStrv origins;     /* or NULL: anywhere */
  GPtrArray *urls;   /* GanUrlRule */
  GPtrArray *reject; /* GanTemplate */
  GHashTable *endpoints;
  GPtrArray *clients; /* GanClient, best first */
  GHashTable *headers;
  GHashTable *media_headers;
  GHashTable *constants;
  JsonObject *data;       /* or NULL */
  GHashTable *field_maps; /* name -> GanNamedMap */
  GanRateLimits limits;
  guint max_tries;
  GStrv har_query_keys;  /* or NULL */
  GStrv har_json_fields; /* or NULL */
  gboolean is_override;
};

gboolean gan_rules_parse (GanRules *self, JsonNode *node, GError **error);
gboolean gan_rules_check_override (GanRules *built_in, GanRules *override, GError **error);

gboolean gan_rules_is_host_pattern (const char *text);
gboolean gan_rules_hosts_cover (const char *const *hosts, const char *host);
gboolean gan_rules_origins_cover (const char *const *origins, const char *url);

G_END_DECLS
