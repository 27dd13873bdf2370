/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Takes the gzip off a body as it comes. Private to net. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Works like g_input_stream_read(). */
typedef gssize (*GanGunzipSource) (gpointer data,
                                   void *buffer,
                                   gsize size,
                                   GCancellable *cancellable,
                                   GError **error);

typedef struct _GanGunzip GanGunzip;

GanGunzip *
gan_gunzip_new (GanGunzipSource source, gpointer data, gsize max_coded) G_GNUC_WARN_UNUSED_RESULT;
void gan_gunzip_free (GanGunzip *self);

gssize gan_gunzip_read (GanGunzip *self,
                        void *buffer,
                        gsize size,
                        GCancellable *cancellable,
                        GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanGunzip, gan_gunzip_free)

G_END_DECLS
