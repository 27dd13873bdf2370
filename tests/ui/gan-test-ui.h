/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A session of its own in a folder of its own, a server, and a way to look at windows as people do:
 * by what stands in them. */
#pragma once

#include "gan-session.h"
#include "gan-test-fixture.h"
#include "gan-test-server.h"

#include <adwaita.h>

G_BEGIN_DECLS

typedef struct
{
  GanTestFolder *folder;
  GanTestServer *server;
  GanConfig *config;
  GanSession *session;
} GanTestUi;

typedef gboolean (*GanTestCondition) (gpointer user_data);

/* Without a display the program ends here, and says so. */
void gan_test_ui_init (int *argc, char ***argv);

void gan_test_ui_set_up (GanTestUi *self, gconstpointer data);
void gan_test_ui_tear_down (GanTestUi *self, gconstpointer data);

void gan_test_ui_open (GanTestUi *self);
void gan_test_ui_close (GanTestUi *self);

void gan_test_ui_wait (GanTestCondition condition, gpointer user_data);
void gan_test_ui_wait_mapped (gpointer widget);
void gan_test_ui_wait_shown (gpointer widget, const char *text);
void gan_test_ui_wait_hidden (gpointer widget, const char *text);
gboolean gan_test_ui_shows (gpointer widget, const char *text);
guint gan_test_ui_count (gpointer widget, GType type);
guint gan_test_ui_count_children (gpointer widget);
gpointer gan_test_ui_find (gpointer widget, GType type, const char *name);
AdwMessageDialog *gan_test_ui_find_dialog (void);
gpointer gan_test_ui_get_child (gpointer widget, const char *name);
void gan_test_ui_click (gpointer widget, const char *name);
void gan_test_ui_destroy (gpointer window);
GanLibraryRow *gan_test_ui_add_file (GanTestUi *self, const char *name, const char *title);

G_END_DECLS
