/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The transforms that a field map names: from the value a site wrote to the one a record takes. */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

typedef struct _GanTransform GanTransform;

GanTransform *gan_transform_parse (const char *text) G_GNUC_WARN_UNUSED_RESULT;
void gan_transform_free (GanTransform *self);
gboolean gan_transform_apply (const GanTransform *self, GValue *value);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanTransform, gan_transform_free)

G_END_DECLS
