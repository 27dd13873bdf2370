/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Time as the program sees it: the wall clock in seconds since 1970 UTC, all else in microseconds.
 * Tests turn a fake one by hand; it never blocks. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define GAN_TYPE_CLOCK (gan_clock_get_type ())
G_DECLARE_DERIVABLE_TYPE (GanClock, gan_clock, GAN, CLOCK, GObject)

struct _GanClockClass
{
  GObjectClass parent_class;

  gint64 (*get_wall) (GanClock *self);
  gint64 (*get_monotonic) (GanClock *self);
  gboolean (*wait) (GanClock *self, gint64 microseconds, GCancellable *cancellable, GError **error);
};

GanClock *gan_clock_get_system (void);

gint64 gan_clock_get_wall (GanClock *self);
gint64 gan_clock_get_monotonic (GanClock *self);
gboolean
gan_clock_wait (GanClock *self, gint64 microseconds, GCancellable *cancellable, GError **error);

#define GAN_TYPE_FAKE_CLOCK (gan_fake_clock_get_type ())
G_DECLARE_FINAL_TYPE (GanFakeClock, gan_fake_clock, GAN, FAKE_CLOCK, GanClock)

GanFakeClock *gan_fake_clock_new (gint64 wall_seconds) G_GNUC_WARN_UNUSED_RESULT;
void gan_fake_clock_advance (GanFakeClock *self, gint64 microseconds);
gint64 gan_fake_clock_get_waited (GanFakeClock *self);

G_END_DECLS
