/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One link of the add view: what it is by its text, then what it leads to. Lives on the main
 * context. */
#pragma once

#include "gan-job-row.h"
#include "gan-registry.h"

G_BEGIN_DECLS

typedef enum
{
  GAN_ADD_WAITING,
  GAN_ADD_RESOLVING,
  GAN_ADD_READY,
  GAN_ADD_FAILED,
} GanAddState;

#define GAN_ADD_N_STATES (GAN_ADD_FAILED + 1)

#define GAN_TYPE_ADD_ITEM (gan_add_item_get_type ())
G_DECLARE_FINAL_TYPE (GanAddItem, gan_add_item, GAN, ADD_ITEM, GObject)

/* Signal "changed" (guint: the state before). */
GanAddItem *gan_add_item_new (GanRegistry *registry, const char *link) G_GNUC_WARN_UNUSED_RESULT;
void gan_add_item_resolve (GanAddItem *self);
gboolean gan_add_item_can_retry (GanAddItem *self);
void gan_add_item_retry (GanAddItem *self); /* from failed to waiting */
void gan_add_item_cancel (GanAddItem *self);

const char *gan_add_item_get_link (GanAddItem *self);
GanAddState gan_add_item_get_state (GanAddItem *self);
GanMedia *gan_add_item_get_media (GanAddItem *self);     /* NULL before it is ready */
const GError *gan_add_item_get_error (GanAddItem *self); /* NULL unless it failed */
const char *gan_add_item_get_kind (GanAddItem *self);
const char *gan_add_item_get_title (GanAddItem *self); /* the link, where there is none */
const char *gan_add_item_get_site (GanAddItem *self);  /* its name */
guint gan_add_item_get_n_files (GanAddItem *self);     /* 0: not known yet */
gboolean gan_add_item_is_queued (GanAddItem *self, GListModel *queue);
GanJobRow *gan_add_item_make_row (GanAddItem *self,
                                  const char *folder,
                                  const char *wish) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
