/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Header fields in the order they came, names without regard to case, bounded in number and bytes.
 * Private to net. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _GanHeaders GanHeaders;

GanHeaders *gan_headers_new (void) G_GNUC_WARN_UNUSED_RESULT;
GanHeaders *gan_headers_ref (GanHeaders *self);
void gan_headers_unref (GanHeaders *self);

gboolean gan_headers_append (GanHeaders *self, const char *name, const char *value);

guint gan_headers_get_n (GanHeaders *self);
const char *gan_headers_get_name (GanHeaders *self, guint index);
const char *gan_headers_get_value (GanHeaders *self, guint index);
const char *gan_headers_get (GanHeaders *self, const char *name);
GStrv gan_headers_dup_all (GanHeaders *self, const char *name) G_GNUC_WARN_UNUSED_RESULT;
char *gan_headers_dup_content_type (GanHeaders *self) G_GNUC_WARN_UNUSED_RESULT;
gint64 gan_headers_get_retry_after (GanHeaders *self);

gboolean gan_headers_name_is_valid (const char *name);
gboolean gan_headers_value_is_valid (const char *value);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanHeaders, gan_headers_unref)

G_END_DECLS
