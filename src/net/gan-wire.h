/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One try of a request, from its first byte to the end of its redirects: tokens, cookies, time and
 * counters on the way. Private to net. */
#pragma once

#include "gan-counters.h"
#include "gan-http.h"

G_BEGIN_DECLS

typedef struct _GanWire GanWire;

GanWire *gan_wire_new (GanTransport *transport, GanClock *clock) G_GNUC_WARN_UNUSED_RESULT;
void gan_wire_free (GanWire *self);

void gan_wire_set_user_agent (GanWire *self, const char *user_agent);
void gan_wire_set_rate_limits (GanWire *self, const char *site, const GanRateLimits *limits);
GanCounters *gan_wire_get_counters (GanWire *self);
char *gan_wire_dup_cookies (GanWire *self, GanRequest *request) G_GNUC_WARN_UNUSED_RESULT;

GanResponse *gan_wire_open (GanWire *self,
                            GanRequest *request,
                            gint64 *time_left,
                            GCancellable *cancellable,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
GanReply *gan_wire_fetch (GanWire *self,
                          GanRequest *request,
                          gint64 *time_left,
                          GCancellable *cancellable,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanWire, gan_wire_free)

G_END_DECLS
