/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The library: a GListModel of GanLibraryRow, newest first, loaded in pieces and narrowed by search
 * and filter in the store. Follows what this process and others add without walking the whole list.
 * Lives on the main context. */
#pragma once

#include "gan-app.h"
#include "gan-library-row.h"

G_BEGIN_DECLS

#define GAN_TYPE_LIBRARY (gan_library_get_type ())
G_DECLARE_FINAL_TYPE (GanLibrary, gan_library, GAN, LIBRARY, GObject)

/* Properties "search" (text or NULL), "platform" (id or NULL), "content-type" (kind or NULL),
 * "loading". Signal "failed" (GError) when a search could not be done. */
GanLibrary *gan_library_new (GanApp *app) G_GNUC_WARN_UNUSED_RESULT;
void gan_library_set_search (GanLibrary *self, const char *text);
void gan_library_set_platform (GanLibrary *self, const char *platform);
void gan_library_set_content_type (GanLibrary *self, const char *content_type);
gboolean gan_library_is_loading (GanLibrary *self);
void gan_library_refresh (GanLibrary *self); /* something was added or taken away elsewhere */
void gan_library_follow (GanLibrary *self);  /* another process may have; asks before it looks */

/* rows: of GanLibraryRow. forget leaves the files alone; trash moves them to the wastebasket first
 * and forgets only those that are gone; restore takes back a forget. */
void gan_library_forget_async (GanLibrary *self,
                               GPtrArray *rows,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
gboolean gan_library_forget_finish (GanLibrary *self, GAsyncResult *result, GError **error);
void gan_library_trash_async (GanLibrary *self,
                              GPtrArray *rows,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
gboolean gan_library_trash_finish (GanLibrary *self, GAsyncResult *result, GError **error);
void gan_library_restore_async (GanLibrary *self,
                                GPtrArray *rows,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
gboolean gan_library_restore_finish (GanLibrary *self, GAsyncResult *result, GError **error);

/* Which of the rows have lost their file; asks the disk in a thread. */
void gan_library_check_async (GanLibrary *self,
                              GPtrArray *rows,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
GPtrArray *gan_library_check_finish (GanLibrary *self,
                                     GAsyncResult *result,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
