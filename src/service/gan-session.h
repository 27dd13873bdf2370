/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A running Gannet with a queue, as the window and a headless owner have it: settings merged into
 * the configuration, the parts of GanApp, queue, library and thumbnails, opened and closed as one.
 * Lives on the main context. */
#pragma once

#include "gan-library.h"
#include "gan-queue.h"
#include "gan-settings.h"
#include "gan-thumbnails.h"

G_BEGIN_DECLS

#define GAN_TYPE_SESSION (gan_session_get_type ())
G_DECLARE_FINAL_TYPE (GanSession, gan_session, GAN, SESSION, GObject)

/* config: options and environment, without the settings; it is changed by the merge, and again
 * whenever a setting is, so it has to outlive the session. */
GanSession *gan_session_new (GanConfig *config,
                             GanOwnerKind kind,
                             const GanPlatformEntry *table,
                             gsize n_entries,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
GanApp *gan_session_get_app (GanSession *self);
const GanConfig *gan_session_get_config (GanSession *self);
GanSettings *gan_session_get_settings (GanSession *self);
GanQueue *gan_session_get_queue (GanSession *self);
GanLibrary *gan_session_get_library (GanSession *self);
GanThumbnails *gan_session_get_thumbnails (GanSession *self);

/* Opens the store and the queue. condition: what the user has to be told about the database. */
void gan_session_open_async (GanSession *self,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
gboolean gan_session_open_finish (GanSession *self,
                                  GAsyncResult *result,
                                  GanDatabaseCondition *condition,
                                  GError **error);

/* Closes the queue in good order; afterwards the session may be let go. */
void gan_session_close_async (GanSession *self, GAsyncReadyCallback callback, gpointer user_data);
gboolean gan_session_close_finish (GanSession *self, GAsyncResult *result, GError **error);

G_END_DECLS
