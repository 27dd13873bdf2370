/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long a transfer goes on asking when no new byte comes (contracts.md §1). Private to engine.
 */
#pragma once

#include "gan-clock.h"

G_BEGIN_DECLS

typedef struct
{
  GanClock *clock;
  guint attempts;       /* since the last new byte */
  gint64 first_failure; /* monotonic microseconds, GAN_UNKNOWN: none since then */
  gint64 asked_for;     /* microseconds waited since then because the server asked for it */
} GanRetryBudget;

void gan_retry_budget_init (GanRetryBudget *self, GanClock *clock);
void gan_retry_budget_reset (GanRetryBudget *self);
gint64 gan_retry_budget_get_delay (GanRetryBudget *self, const GError *failure, gint64 lasted);

G_END_DECLS
