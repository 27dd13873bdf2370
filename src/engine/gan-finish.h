/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The last steps of a transfer, in the one order that survives a kill or a power cut between any
 * two of them: make the file durable, note that it is complete, rename it without replacing
 * anything, make the folder durable, remove the note (reliability.md §0.9). Private to engine. */
#pragma once

#include "gan-target.h"

G_BEGIN_DECLS

gboolean gan_finish_run (GanTarget *target, gint64 modified, GanClock *clock, GError **error);
gboolean gan_finish_is_done (GanFolder *folder, GanStateFile *state);
gboolean gan_finish_heal (GanTarget *target, GError **error);

G_END_DECLS
