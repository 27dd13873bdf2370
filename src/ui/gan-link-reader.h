/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads the links that a clipboard or a drag offers, whatever form they come in, without waiting
 * and without taking more than gan-limits.h allows. */
#pragma once

#include "gan-links.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

GdkContentFormats *gan_link_reader_make_formats (void) G_GNUC_WARN_UNUSED_RESULT;

void gan_link_reader_read_clipboard_async (GdkClipboard *clipboard,
                                           GCancellable *cancellable,
                                           GAsyncReadyCallback callback,
                                           gpointer user_data);
void gan_link_reader_read_drop_async (GdkDrop *drop,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data);
GanLinks *gan_link_reader_read_finish (GAsyncResult *result,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
