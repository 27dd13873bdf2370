/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Something to drag: gan-drag-source TYPE TEXT shows a small window whose whole face gives TEXT as
 * TYPE, for instance text/uri-list, to whom it is dropped on. Says on stdout whether the one it is
 * held over takes it. */
#include "config.h"

#include <gtk/gtk.h>

/* Whom it is held over takes it, or no longer does. */
static void
action_cb (GdkDrag *drag, GParamSpec *pspec, gpointer user_data)
{
  g_print ("%s\n", gdk_drag_get_selected_action (drag) != 0 ? "taken" : "refused");
}

static void
begin_cb (GtkDragSource *source, GdkDrag *drag, gpointer user_data)
{
  g_signal_connect (drag, "notify::selected-action", G_CALLBACK (action_cb), NULL);
}

static void
activate_cb (GtkApplication *application, gpointer user_data)
{
  char **argv = user_data;
  g_autoptr (GBytes) bytes = g_bytes_new (argv[2], strlen (argv[2]));
  g_autoptr (GdkContentProvider) content = gdk_content_provider_new_for_bytes (argv[1], bytes);
  GtkWidget *window = gtk_application_window_new (application);
  GtkDragSource *source = gtk_drag_source_new ();

  gtk_drag_source_set_content (source, content);
  gtk_drag_source_set_actions (source, GDK_ACTION_COPY);
  g_signal_connect (source, "drag-begin", G_CALLBACK (begin_cb), NULL);
  gtk_widget_add_controller (window, GTK_EVENT_CONTROLLER (source));
  gtk_window_set_child (GTK_WINDOW (window), gtk_label_new ("Drag me"));
  gtk_window_set_decorated (GTK_WINDOW (window), FALSE);
  gtk_window_set_default_size (GTK_WINDOW (window), 100, 100);
  gtk_window_present (GTK_WINDOW (window));
}

int
main (int argc, char **argv)
{
  g_autoptr (GtkApplication) application = NULL;

  if (argc != 3)
    {
      g_printerr ("usage: gan-drag-source TYPE TEXT\n");
      return 2;
    }
  application = gtk_application_new (NULL, G_APPLICATION_NON_UNIQUE);
  g_signal_connect (application, "activate", G_CALLBACK (activate_cb), argv);
  return g_application_run (G_APPLICATION (application), 1, argv);
}
