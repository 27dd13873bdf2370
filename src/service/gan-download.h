/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One call from a link to its files: resolve, choose, plan, transfer; and the same for many links.
 */
#pragma once

#include "gan-app.h"
#include "gan-library-row.h"
#include "gan-transfer.h"

G_BEGIN_DECLS

/* Once, when it is known what the link leads to. */
typedef void (*GanResolvedFunc) (GanMedia *media, gpointer user_data);

/* Once per file, in the order of the post: result or error is set. Also once, with item NULL, when
 * there was no file to begin with. */
typedef void (*GanDownloadFunc) (GanMedia *item,
                                 const GanTransferResult *result,
                                 const GError *error,
                                 gpointer user_data);

typedef struct
{
  const char *folder;
  const char *name;      /* literal last component, or NULL; the second file of a post gets "-2" */
  const char *job;       /* id of the job that it is, or NULL: see gan_transfer_leave_job() */
  GanChoice *choice;     /* which of the formats */
  gint64 limit_rate;     /* bytes per second, 0: none */
  GanThrottle *throttle; /* holds for several downloads together; NULL: none */
  const GanConstraints *constraints; /* NULL: none but those of the registry */
  GanResolvedFunc resolved;          /* may be NULL, like what follows */
  GanProgressFunc progress;
  GanDownloadFunc finished;
  gpointer user_data;
} GanDownloadOptions;

gboolean gan_download_run (GanApp *app,
                           GanUrl *url,
                           const GanDownloadOptions *options,
                           GCancellable *cancellable,
                           GError **error);

/* What the library keeps of a file; url: the link that led to it. */
GanLibraryRow *gan_download_make_row (const char *url,
                                      GanMedia *post,
                                      GanMedia *item,
                                      const GanTransferResult *result) G_GNUC_WARN_UNUSED_RESULT;

/* Of many links. Bytes of all files that were begun; GAN_UNKNOWN where one of them is. */
typedef struct
{
  guint n_links;
  guint n_done;
  guint n_failed;
  gint64 downloaded;
  gint64 total;
  gint64 speed;
} GanDownloadTotals;

/* What is told while many links are downloaded: from their threads, one call at a time. index:
 * of the link; row: what the library keeps of the file, set with result. Files are told in the
 * order of the links, progress as it comes. May be NULL. */
typedef struct
{
  void (*progress) (guint index, const GanProgress *progress, gpointer user_data);
  void (*finished) (guint index,
                    GanLibraryRow *row,
                    const GanTransferResult *result,
                    const GError *error,
                    gpointer user_data);
  void (*totals) (const GanDownloadTotals *totals, gpointer user_data);
  gpointer user_data;
} GanDownloadListener;

gboolean gan_download_run_many (GanApp *app,
                                const char *const *links,
                                guint n_at_once,
                                const GanDownloadOptions *options,
                                const GanDownloadListener *listener,
                                GCancellable *cancellable,
                                GError **error);

G_END_DECLS
