/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The lists of what may stay in a recording: by name, for every site and for single ones. Private
 * to net. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef enum
{
  GAN_HARMLESS_NOTHING, /* not even its name */
  GAN_HARMLESS_NAME,    /* its name without its value */
  GAN_HARMLESS_TEXT,
  GAN_HARMLESS_URL,
} GanHarmlessKind;

typedef struct _GanHarmless GanHarmless;

GanHarmless *gan_harmless_new (void) G_GNUC_WARN_UNUSED_RESULT;
void gan_harmless_free (GanHarmless *self);

void gan_harmless_allow (GanHarmless *self,
                         const char *site,
                         const char *const *query_keys,
                         const char *const *json_fields);

GanHarmlessKind gan_harmless_get_header (const char *name);
gboolean gan_harmless_has_key (GanHarmless *self, const char *site, const char *key);
gboolean
gan_harmless_has_field (GanHarmless *self, const char *site, const char *name, JsonNode *value);

G_END_DECLS
