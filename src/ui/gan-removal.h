/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Jobs that were taken off the list and can still be brought back: they are held, and their part
 * files stay, until it is settled. */
#pragma once

#include "gan-queue.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define GAN_TYPE_REMOVAL (gan_removal_get_type ())
G_DECLARE_FINAL_TYPE (GanRemoval, gan_removal, GAN, REMOVAL, GObject)

/* Signals "settled": undone or committed; "failed" (GError): the queue could not do it. */
GanRemoval *gan_removal_new (GanQueue *queue, GPtrArray *jobs) G_GNUC_WARN_UNUSED_RESULT;
gboolean gan_removal_holds (GanRemoval *self, const char *id);
AdwToast *gan_removal_make_toast (GanRemoval *self) G_GNUC_WARN_UNUSED_RESULT;
void gan_removal_undo (GanRemoval *self);
void gan_removal_commit (GanRemoval *self);

G_END_DECLS
