/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page of downloads: the queue, and below it what was finished while the window was open. */
#pragma once

#include "gan-finished.h"
#include "gan-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define GAN_TYPE_DOWNLOADS_VIEW (gan_downloads_view_get_type ())
G_DECLARE_FINAL_TYPE (GanDownloadsView, gan_downloads_view, GAN, DOWNLOADS_VIEW, GtkWidget)

/* Properties "session" (GanSession or NULL), "narrow", and "ready": whether the session's queue is
 * loaded; before that there is nothing to be seen. Signal "toast" (AdwToast). */
GanFinished *gan_downloads_view_find_finished (GanDownloadsView *self, const char *id);
GListModel *gan_downloads_view_get_model (GanDownloadsView *self);

/* What can still be undone is done for good. */
void gan_downloads_view_commit (GanDownloadsView *self);

G_END_DECLS
