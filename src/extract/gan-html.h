/* SPDX-License-Identifier: GPL-3.0-or-later */
/* HTML as sites send it: parsed leniently by libxml2 without network, entities or scripts, then
 * asked by class, name and attribute. Nodes belong to their document. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _GanHtml GanHtml;
typedef struct _xmlNode GanHtmlNode;

GanHtml *gan_html_parse (const char *data, gssize length, GError **error) G_GNUC_WARN_UNUSED_RESULT;
GanHtml *gan_html_parse_bytes (GBytes *bytes,
                               const char *content_type,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
void gan_html_free (GanHtml *self);
GanHtmlNode *gan_html_get_root (GanHtml *self);

/* Selectors: "tag", ".class", "tag.class.other", "[attr]", "tag[attr=value]", "[attr^=beginning]",
 * "[attr*=part]", "#id", "a b" for a descendant, "a, b" for either. NULL scope: the whole document.
 * Document order. */
GanHtmlNode *gan_html_find (GanHtml *self, GanHtmlNode *scope, const char *selector);
GPtrArray *gan_html_find_all (GanHtml *self,
                              GanHtmlNode *scope,
                              const char *selector) G_GNUC_WARN_UNUSED_RESULT;

char *gan_html_dup_attribute (GanHtmlNode *node, const char *name) G_GNUC_WARN_UNUSED_RESULT;
char *gan_html_dup_text (GanHtmlNode *node) G_GNUC_WARN_UNUSED_RESULT;
char *gan_html_dup_script (GanHtmlNode *node) G_GNUC_WARN_UNUSED_RESULT;
gboolean gan_html_has_class (GanHtmlNode *node, const char *name);
GanHtmlNode *gan_html_get_ancestor (GanHtmlNode *node, const char *selector);
char *gan_html_dup_style_url (GanHtmlNode *node) G_GNUC_WARN_UNUSED_RESULT;
char *gan_html_dup_meta (GanHtml *self, const char *name) G_GNUC_WARN_UNUSED_RESULT;
char *gan_html_dup_base_url (GanHtml *self) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanHtml, gan_html_free)

G_END_DECLS
