/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What has come of all downloads so far, site by site and together. */
#pragma once

#include "gan-app.h"

G_BEGIN_DECLS

typedef struct
{
  char *platform; /* NULL in the sum of all */
  char *name;     /* of the site; its id where this build does not know it */
  gint64 finished;
  gint64 failed;
  gint64 bytes;
} GanStat;

typedef struct
{
  GPtrArray *sites; /* of GanStat, most files first */
  GanStat total;
} GanStats;

void gan_stats_free (GanStats *self);
void gan_stats_load_async (GanApp *app,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
GanStats *gan_stats_load_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanStats, gan_stats_free)

G_END_DECLS
