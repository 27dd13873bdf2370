/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The window: downloads, library, and the ways in: the button, paste, drop. */
#pragma once

#include "gan-links.h"
#include "gan-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define GAN_TYPE_WINDOW (gan_window_get_type ())
G_DECLARE_FINAL_TYPE (GanWindow, gan_window, GAN, WINDOW, AdwApplicationWindow)

/* Property "session": NULL until there is one. */
GanWindow *gan_window_new (GtkApplication *application);
void gan_window_set_session (GanWindow *self, GanSession *session);

/* page: "downloads" or "library". */
void gan_window_show_page (GanWindow *self, const char *page);
void gan_window_toast (GanWindow *self, const char *text);

/* Opens the add view; without links where there are none. Waits for the
 * session. */
void gan_window_add_links (GanWindow *self, GanLinks *links);
gboolean gan_window_open_job (GanWindow *self, const char *id);

/* What lasts: the state of the database, who executes the queue, why nothing
 * works. */
void gan_window_show_condition (GanWindow *self, GanDatabaseCondition condition);
void gan_window_show_failure (GanWindow *self, const GError *error);

void gan_window_restore_size (GanWindow *self, GanSettings *settings);

/* What can still be undone is done, and the size is kept. */
void gan_window_prepare_to_close (GanWindow *self);

G_END_DECLS
