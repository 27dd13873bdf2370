/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The library: what was downloaded, to be found, opened, and taken away. */
#pragma once

#include "gan-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define GAN_TYPE_LIBRARY_VIEW (gan_library_view_get_type ())
G_DECLARE_FINAL_TYPE (GanLibraryView, gan_library_view, GAN, LIBRARY_VIEW, AdwBin)

/* Properties "session", "search-mode" (whether the search is open) and "narrow". Signal "toast"
 * (AdwToast, lent) when there is something to say. */
GanLibraryView *gan_library_view_new (GanSession *session);
void gan_library_view_set_session (GanLibraryView *self, GanSession *session);
void gan_library_view_set_search_mode (GanLibraryView *self, gboolean search_mode);
gboolean gan_library_view_get_search_mode (GanLibraryView *self);

G_END_DECLS
