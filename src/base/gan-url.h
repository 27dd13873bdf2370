/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An http or https address that was checked once and does not change: immutable, atomically
 * ref-counted. */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define GAN_TYPE_URL (gan_url_get_type ())

typedef struct _GanUrl GanUrl;

GType gan_url_get_type (void);

GanUrl *gan_url_parse (const char *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;
GanUrl *gan_url_parse_input (const char *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;
GanUrl *
gan_url_resolve (GanUrl *base, const char *reference, GError **error) G_GNUC_WARN_UNUSED_RESULT;
GanUrl *gan_url_with_query (GanUrl *self, const char *query) G_GNUC_WARN_UNUSED_RESULT;
GanUrl *gan_url_ref (GanUrl *self);
void gan_url_unref (GanUrl *self);

const char *gan_url_get_string (GanUrl *self);
const char *gan_url_get_scheme (GanUrl *self);
const char *gan_url_get_host (GanUrl *self);
guint gan_url_get_port (GanUrl *self);
const char *gan_url_get_path (GanUrl *self);
const char *gan_url_get_query (GanUrl *self);
const char *gan_url_get_fragment (GanUrl *self);
const char *gan_url_get_origin (GanUrl *self);

gboolean gan_url_is_https (GanUrl *self);
gboolean gan_url_host_is (GanUrl *self, const char *domain);
gboolean gan_url_equal (GanUrl *a, GanUrl *b);
gboolean gan_url_same_origin (GanUrl *a, GanUrl *b);

char *gan_url_dup_query_value (GanUrl *self, const char *key) G_GNUC_WARN_UNUSED_RESULT;
char *gan_url_dup_basename (GanUrl *self) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanUrl, gan_url_unref)

G_END_DECLS
