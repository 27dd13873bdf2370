/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The few selectors that gan-html.h promises, compiled. */
#pragma once

#include <glib.h>
#include <libxml/tree.h>

G_BEGIN_DECLS

typedef struct _GanSelector GanSelector;

GanSelector *gan_selector_new (const char *text) G_GNUC_WARN_UNUSED_RESULT;
void gan_selector_free (GanSelector *self);
gboolean gan_selector_matches (const GanSelector *self, const xmlNode *node);
gboolean gan_selector_node_has_class (const xmlNode *node, const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanSelector, gan_selector_free)

G_END_DECLS
