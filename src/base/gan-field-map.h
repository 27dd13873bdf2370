/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a site's JSON to a record by rows of data: {source, target, transform, required}. */
#pragma once

#include "gan-record.h"

G_BEGIN_DECLS

typedef struct _GanFieldMap GanFieldMap;

GanFieldMap *
gan_field_map_new (JsonNode *rows, GType record_type, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void gan_field_map_free (GanFieldMap *self);
gboolean
gan_field_map_apply (const GanFieldMap *self, JsonNode *source, GanRecord *target, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanFieldMap, gan_field_map_free)

G_END_DECLS
