/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files of one transfer in its folder: finds those that an earlier run left, or claims new ones
 * under a name that nobody has. Private to engine. */
#pragma once

#include "gan-part-file.h"
#include "gan-state-file.h"

G_BEGIN_DECLS

/* Both NULL: nothing found or claimed yet. A state without a part file is a finished transfer. */
typedef struct
{
  GanFolder *folder; /* borrowed */
  GanStateFile *state;
  GanPartFile *part;
  const char *job; /* borrowed; NULL: none */
  GanJobGoneFunc is_job_gone;
  gpointer job_data;
} GanTarget;

gboolean gan_target_find (GanTarget *self, GanPlan *plan, const char *wanted_name, GError **error);
gboolean gan_target_claim (GanTarget *self,
                           GanPlan *plan,
                           const char *wanted_name,
                           const char *name,
                           GError **error);
gboolean gan_target_discard (GanTarget *self, GError **error);
gboolean gan_target_leave_job (GanFolder *folder, const char *job, GError **error);
void gan_target_sweep (GanFolder *folder, GHashTable *jobs);
char *gan_target_dup_free_name (GanTarget *self,
                                const char *name,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
void gan_target_clear (GanTarget *self);

gboolean gan_target_restart (GanTarget *self, GError **error);
gboolean gan_target_go_back (GanTarget *self, GError **error);
gboolean gan_target_drop_aside (GanTarget *self, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GanTarget, gan_target_clear)

G_END_DECLS
