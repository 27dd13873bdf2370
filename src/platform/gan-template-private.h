/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the rules need of templates beside the public part: one URL against many of them, templates
 * of hosts, and the names in a pattern. */
#pragma once

#include "gan-template.h"

G_BEGIN_DECLS

#define GAN_TEMPLATE_MAX_SEGMENTS 16
#define GAN_TEMPLATE_MAX_CAPTURES 8

/* Some bytes of a string that lives elsewhere. */
typedef struct
{
  const char *text;
  gsize length;
} GanSlice;

/* A URL taken apart once, to be held against many templates. It points into the URL. n_segments and
 * n_labels count all there are, though no more are kept than a template can name. */
typedef struct
{
  GanSlice segments[GAN_TEMPLATE_MAX_SEGMENTS];
  guint n_segments;
  GanSlice labels[GAN_TEMPLATE_MAX_SEGMENTS];
  guint n_labels;
  guint n_common_labels; /* 1 where the host begins with www, m or mobile */
  const char *query;     /* or NULL */
} GanTemplateSubject;

GanTemplate *gan_template_new_host (const char *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;

void gan_template_subject_init (GanTemplateSubject *subject, GanUrl *url);
gboolean gan_template_match_subject (const GanTemplate *self,
                                     const GanTemplateSubject *subject,
                                     GHashTable *captures);
gboolean gan_template_captures (const GanTemplate *self, const char *name);

GStrv gan_template_dup_names (const char *pattern, GError **error) G_GNUC_WARN_UNUSED_RESULT;
char *gan_template_expand_plain (const char *pattern,
                                 GHashTable *values,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
const char *gan_template_skip_common_label (const char *host);

G_END_DECLS
