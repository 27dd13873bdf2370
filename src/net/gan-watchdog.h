/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ends blocking work that takes too long in all, however busy it looks: a server that sends one
 * byte a second never trips the timeout of a socket. Private to net. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _GanWatchdog GanWatchdog;
typedef struct _GanWatch GanWatch;

GanWatchdog *gan_watchdog_new (void) G_GNUC_WARN_UNUSED_RESULT;
void gan_watchdog_free (GanWatchdog *self);

GanWatch *gan_watchdog_start (GanWatchdog *self,
                              gint64 microseconds,
                              GCancellable *outer) G_GNUC_WARN_UNUSED_RESULT;
GCancellable *gan_watch_get_cancellable (GanWatch *self);
gint64 gan_watch_stop (GanWatch *self, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanWatchdog, gan_watchdog_free)

G_END_DECLS
