/* SPDX-License-Identifier: GPL-3.0-or-later */
/* URL templates instead of regular expressions: /@{user:word}/video/{id:digits}, /watch?v={id:yt},
 * and two stars for a rest. Compiled once, linear in the length of the URL by construction. */
#pragma once

#include "gan-url.h"

G_BEGIN_DECLS

typedef struct _GanTemplate GanTemplate;

GanTemplate *gan_template_new (const char *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void gan_template_free (GanTemplate *self);
const char *gan_template_get_text (const GanTemplate *self);
GHashTable *gan_template_match (const GanTemplate *self, GanUrl *url) G_GNUC_WARN_UNUSED_RESULT;

/* Puts values into {name} of a pattern, percent-encoded as their place (host, path, query) asks. */
char *gan_template_expand (const char *pattern,
                           GHashTable *values,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanTemplate, gan_template_free)

G_END_DECLS
