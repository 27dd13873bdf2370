/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who executes the queue (design.md §8): the process that holds flock on <data>/queue.lock. The
 * kernel frees it on any death. Everyone else commits rows and touches <data>/queue.wake. A window
 * claims: it holds <data>/queue.claim for as long as it runs, and an owner that yields gives way as
 * soon as somebody claims. Lives on the main context; no timer runs while it owns. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  GAN_OWNER_YIELDS, /* a headless program: gives way to a window, takes over again after it */
  GAN_OWNER_CLAIMS, /* the window */
} GanOwnerKind;

#define GAN_TYPE_OWNER (gan_owner_get_type ())
G_DECLARE_FINAL_TYPE (GanOwner, gan_owner, GAN, OWNER, GObject)

/* Property "is-owner". Signal "woken": somebody changed rows. Signal "asked-to-yield": stop, then
 * call gan_owner_yield(). */
GanOwner *gan_owner_new (const char *folder, GanOwnerKind kind) G_GNUC_WARN_UNUSED_RESULT;
gboolean gan_owner_start (GanOwner *self, GError **error);
gboolean gan_owner_is_owner (GanOwner *self);
void gan_owner_yield (GanOwner *self);
void gan_owner_stop (GanOwner *self);

/* For those who only leave word; any thread. */
gboolean gan_owner_wake (const char *folder, GError **error);
gboolean gan_owner_is_there (const char *folder);

G_END_DECLS
