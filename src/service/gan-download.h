/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One call from a link to its files: resolve, choose, plan, transfer. */
#pragma once

#include "gan-app.h"
#include "gan-engine.h"

G_BEGIN_DECLS

typedef struct
{
  const char *folder;
  const char *name;
  GanChoice *choice;
  gint64 limit_rate;
  GanProgressFunc progress;
  gpointer user_data;
} GanDownloadOptions;

/* One GanTransferResult per file, in the order of the post. What a failed file leaves behind stays
 * resumable; the files that came before it are in results all the same. */
gboolean gan_download_run (GanApp *app,
                           GanUrl *url,
                           const GanDownloadOptions *options,
                           GPtrArray *results,
                           GCancellable *cancellable,
                           GError **error);

G_END_DECLS
