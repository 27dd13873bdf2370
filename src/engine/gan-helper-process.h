/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One running gannet-media: started, asked one thing at a time, killed. src/media/README.md is the
 * protocol. Private to engine. */
#pragma once

#include <json-glib/json-glib.h>

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _GanHelperProcess GanHelperProcess;

GanHelperProcess *gan_helper_process_start (const char *program,
                                            GCancellable *cancellable,
                                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
void gan_helper_process_free (GanHelperProcess *self);
gboolean gan_helper_process_is_usable (GanHelperProcess *self);

JsonNode *gan_helper_process_call (GanHelperProcess *self,
                                   JsonBuilder *request,
                                   GUnixFDList *descriptors,
                                   gint64 microseconds,
                                   GCancellable *cancellable,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanHelperProcess, gan_helper_process_free)

G_END_DECLS
