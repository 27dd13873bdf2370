/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One call from a link to its files: resolve, choose, plan, transfer. */
#pragma once

#include "gan-app.h"
#include "gan-transfer.h"

G_BEGIN_DECLS

/* Once per file, in the order of the post: result or error is set. Also once when there was no file
 * to begin with. */
typedef void (*GanDownloadFunc) (const GanTransferResult *result,
                                 const GError *error,
                                 gpointer user_data);

typedef struct
{
  const char *folder;
  const char *name;  /* literal last component, or NULL; the second file of a post gets "-2" */
  GanChoice *choice; /* which of the formats */
  gint64 limit_rate; /* bytes per second, 0: none */
  GanProgressFunc progress; /* may be NULL, like finished */
  GanDownloadFunc finished;
  gpointer user_data;
} GanDownloadOptions;

gboolean gan_download_run (GanApp *app,
                           GanUrl *url,
                           const GanDownloadOptions *options,
                           GCancellable *cancellable,
                           GError **error);

G_END_DECLS
