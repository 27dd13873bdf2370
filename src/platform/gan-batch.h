/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Many links at once, or one long listing, with bounded parallelism; results come one by one as
 * they are there. */
#pragma once

#include "gan-registry.h"

G_BEGIN_DECLS

/* Called from a worker thread, one call at a time, media or error set. FALSE stops the rest. */
typedef gboolean (*GanBatchFunc) (guint index,
                                  GanMedia *media,
                                  const GError *error,
                                  gpointer user_data);

gboolean gan_batch_resolve (GanRegistry *registry,
                            GPtrArray *urls,
                            guint parallel,
                            GanBatchFunc func,
                            gpointer user_data,
                            GCancellable *cancellable,
                            GError **error);
gboolean gan_batch_list (GanRegistry *registry,
                         GanUrl *url,
                         guint limit,
                         GanBatchFunc func,
                         gpointer user_data,
                         GCancellable *cancellable,
                         GError **error);

G_END_DECLS
