/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A lock with a condition whose waits end when a cancellable does. Private to net. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct
{
  GMutex mutex;
  GCond cond;
} GanMonitor;

void gan_monitor_init (GanMonitor *self);
void gan_monitor_clear (GanMonitor *self);

gulong gan_monitor_enter (GanMonitor *self, GCancellable *cancellable);
gboolean gan_monitor_wait (GanMonitor *self, GCancellable *cancellable, GError **error);
void gan_monitor_wake (GanMonitor *self);
void gan_monitor_leave (GanMonitor *self, GCancellable *cancellable, gulong id);

G_END_DECLS
