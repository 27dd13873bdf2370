/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether a failed request is sent again, and when. Private to net. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  guint max_tries;
  guint n_tries; /* made so far */
  gint64 spent;  /* microseconds gone, waits that a server asked for excepted */
} GanRetryState;

gboolean
gan_retry_get_wait (const GanRetryState *state, const GError *error, gint64 *wait, gboolean *asked);

G_END_DECLS
