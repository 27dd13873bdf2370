/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What happened with each host, counted from any thread. Private to net. */
#pragma once

#include "gan-http.h"

G_BEGIN_DECLS

typedef struct _GanCounters GanCounters;

GanCounters *gan_counters_new (void) G_GNUC_WARN_UNUSED_RESULT;
GanCounters *gan_counters_ref (GanCounters *self);
void gan_counters_unref (GanCounters *self);

void gan_counters_add (GanCounters *self, const char *host, const GanHttpCounters *more);
gboolean gan_counters_get (GanCounters *self, const char *host, GanHttpCounters *counters);

GanResponse *gan_counters_watch_body (GanCounters *self,
                                      const char *host,
                                      GanResponse *response) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanCounters, gan_counters_unref)

G_END_DECLS
