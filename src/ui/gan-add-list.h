/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The links of the add view: a GListModel of GanAddItem that asks for a few of them at a time, in
 * their order. Lives on the main context. */
#pragma once

#include "gan-add-item.h"

G_BEGIN_DECLS

#define GAN_TYPE_ADD_LIST (gan_add_list_get_type ())
G_DECLARE_FINAL_TYPE (GanAddList, gan_add_list, GAN, ADD_LIST, GObject)

/* Signal "changed": a link is there, is gone, or knows more. */
GanAddList *gan_add_list_new (GanRegistry *registry) G_GNUC_WARN_UNUSED_RESULT;

/* Links that are there already keep what is known of them. */
void gan_add_list_set_links (GanAddList *self, const char *const *links);
void gan_add_list_remove (GanAddList *self, GanAddItem *item);
void gan_add_list_cancel (GanAddList *self);

guint gan_add_list_get_n (GanAddList *self);
guint gan_add_list_count (GanAddList *self, GanAddState state);
guint gan_add_list_count_usable (GanAddList *self); /* all but those that failed */
GanAddItem *gan_add_list_get_item (GanAddList *self, guint position);

G_END_DECLS
