/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files of library rows, asked for and moved in a thread. Private to library. */
#pragma once

#include "gan-library-row.h"

G_BEGIN_DECLS

void gan_library_disk_check (GPtrArray *rows,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
void gan_library_disk_trash (GPtrArray *rows,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
GPtrArray *gan_library_disk_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
