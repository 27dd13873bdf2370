/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tells the desktop what was finished while nobody looked. Says nothing, and warns of nothing,
 * where no notification service answers. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define GAN_TYPE_NOTIFIER (gan_notifier_get_type ())
G_DECLARE_FINAL_TYPE (GanNotifier, gan_notifier, GAN, NOTIFIER, GObject)

GanNotifier *gan_notifier_new (GApplication *application) G_GNUC_WARN_UNUSED_RESULT;
void gan_notifier_tell_finished (GanNotifier *self, const char *id, const char *title);
void gan_notifier_tell_failed (GanNotifier *self, const char *title, const char *why);
void gan_notifier_withdraw (GanNotifier *self);

G_END_DECLS
