/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A page of a listing or a search, and where the next one begins. Immutable once handed out,
 * atomically ref-counted. */
#pragma once

#include "gan-media.h"

G_BEGIN_DECLS

typedef struct _GanPage GanPage;

GanPage *gan_page_new (void) G_GNUC_WARN_UNUSED_RESULT;
GanPage *gan_page_ref (GanPage *self);
void gan_page_unref (GanPage *self);
void gan_page_append (GanPage *self, GanMedia *media);
void gan_page_set_next_cursor (GanPage *self, const char *cursor);
guint gan_page_get_n_media (GanPage *self);
GanMedia *gan_page_get_media (GanPage *self, guint index);
const char *gan_page_get_next_cursor (GanPage *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanPage, gan_page_unref)

G_END_DECLS
