/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Queries and forms as lists of decoded pairs, and texts in which REDACTED stands for anything.
 * Private to net. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  char *key;
  char *value;
} GanPair;

GPtrArray *gan_pairs_new (void) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray *gan_pairs_parse (const char *text, gsize length) G_GNUC_WARN_UNUSED_RESULT;
void gan_pairs_add (GPtrArray *pairs, const char *key, const char *value);

gboolean gan_pairs_match (GPtrArray *recorded, GPtrArray *asked);
gboolean gan_pairs_match_text (const char *recorded, const char *asked);

G_END_DECLS
