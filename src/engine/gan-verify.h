/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether a body whose length nobody announced is the whole file (contracts.md §5). Private to
 * engine. */
#pragma once

#include "gan-part-file.h"
#include "gan-remote.h"
#include "gan-transfer.h"

G_BEGIN_DECLS

gboolean gan_verify_end (GanRemote *remote,
                         const GanAnswer *answer,
                         gint64 have,
                         GanPartFile *part,
                         GanMediaHelper *media,
                         GanVerified *verified,
                         GCancellable *cancellable,
                         GError **error);
gboolean gan_verify_container (GanPartFile *part,
                               GanMediaHelper *media,
                               gboolean *whole,
                               GCancellable *cancellable,
                               GError **error);

G_END_DECLS
