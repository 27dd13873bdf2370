/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-open.h"

#include "gan-message.h"

#include <glib/gi18n.h>

/* What a desktop may run, or open in something that runs what it says. */
static const char *const running_types[] = {
  "application/x-desktop",
  "application/x-executable",
  "application/x-sharedlib",
  "application/x-shellscript",
  "application/x-ms-dos-executable",
  "application/x-msdownload",
  "application/x-ms-shortcut",
  "application/x-mswinurl",
  "application/x-java-archive",
  "application/java-archive",
  "application/vnd.appimage",
  "application/x-iso9660-appimage",
  "application/vnd.debian.binary-package",
  "application/vnd.flatpak",
  "application/vnd.flatpak.ref",
  "application/x-rpm",
  "text/html",
  "application/xhtml+xml",
  "image/svg+xml",
};

static void
show_message (GtkWidget *widget, const char *title, const char *text)
{
  AdwMessageDialog *dialog = gan_message_new (widget, title, text);

  adw_message_dialog_add_response (dialog, "close", _ ("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

static gboolean
check_there (GtkWidget *widget, const char *file)
{
  g_autofree char *name = g_filename_display_basename (file);
  g_autofree char *text = NULL;

  if (g_file_test (file, G_FILE_TEST_EXISTS))
    return TRUE;
  text = g_strdup_printf (_ ("“%s” was moved, renamed or deleted."), name);
  show_message (widget, _ ("The File Is No Longer There"), text);
  return FALSE;
}

static void
launched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GtkWidget) widget = user_data;
  g_autoptr (GError) error = NULL;

  if (!g_app_info_launch_default_for_uri_finish (result, &error)
      && gtk_widget_get_root (widget) != NULL)
    show_message (widget,
                  _ ("No Program Opens This File"),
                  _ ("Show it in its folder, and choose there what to open it with."));
}

static void
launch (GtkWidget *widget, const char *path)
{
  g_autofree char *uri = g_filename_to_uri (path, NULL, NULL);
  g_autoptr (GdkAppLaunchContext) context
      = gdk_display_get_app_launch_context (gtk_widget_get_display (widget));

  if (uri != NULL)
    g_app_info_launch_default_for_uri_async (uri,
                                             G_APP_LAUNCH_CONTEXT (context),
                                             NULL,
                                             launched_cb,
                                             g_object_ref (widget));
}

/**
 * gan_open_may_run:
 * @file: a path
 *
 * Judges by name and first bytes; a file that cannot be read may.
 *
 * Returns: whether opening the file could run a program or a script
 */
gboolean
gan_open_may_run (const char *file)
{
  g_autofree char *type = NULL;
  g_autoptr (GFile) location = g_file_new_for_path (file);
  g_autoptr (GFileInfo) info = g_file_query_info (location,
                                                  G_FILE_ATTRIBUTE_STANDARD_CONTENT_TYPE,
                                                  G_FILE_QUERY_INFO_NONE,
                                                  NULL,
                                                  NULL);

  if (info == NULL || g_file_info_get_content_type (info) == NULL)
    return TRUE;
  type = g_content_type_get_mime_type (g_file_info_get_content_type (info));
  if (type == NULL)
    return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (running_types); i++)
    {
      if (g_content_type_is_a (type, running_types[i]))
        return TRUE;
    }
  return FALSE;
}

static void
answered_cb (AdwMessageDialog *dialog, const char *response, gpointer user_data)
{
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (dialog));
  const char *file = g_object_get_data (G_OBJECT (dialog), "gan-file");

  if (parent == NULL)
    return;
  if (g_str_equal (response, "open"))
    launch (GTK_WIDGET (parent), file);
  else if (g_str_equal (response, "folder"))
    gan_open_folder_of (GTK_WIDGET (parent), file);
}

/**
 * gan_open_file:
 * @widget: who asks; its window is the parent of what is shown
 * @file: the path of a finished file
 *
 * Opens the file with the user's program for it; asks first where that could run a program. Says so
 * where the file is gone.
 */
void
gan_open_file (GtkWidget *widget, const char *file)
{
  AdwMessageDialog *dialog = NULL;
  g_autofree char *name = NULL;
  g_autofree char *text = NULL;

  g_return_if_fail (GTK_IS_WIDGET (widget));
  g_return_if_fail (file != NULL);

  if (!check_there (widget, file))
    return;
  if (!gan_open_may_run (file))
    {
      launch (widget, file);
      return;
    }
  name = g_filename_display_basename (file);
  text = g_strdup_printf (
      _ ("“%s” can run programs or scripts. Open it only if you trust where it comes from."),
      name);
  dialog = gan_message_new (widget, _ ("Open This File?"), text);
  adw_message_dialog_add_responses (dialog,
                                    "cancel",
                                    _ ("_Cancel"),
                                    "folder",
                                    _ ("_Show in Folder"),
                                    "open",
                                    _ ("_Open"),
                                    NULL);
  adw_message_dialog_set_response_appearance (dialog, "open", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_close_response (dialog, "cancel");
  g_object_set_data_full (G_OBJECT (dialog), "gan-file", g_strdup (file), g_free);
  g_signal_connect (dialog, "response", G_CALLBACK (answered_cb), NULL);
  gtk_window_present (GTK_WINDOW (dialog));
}

typedef struct
{
  GtkWidget *widget;
  char *file;
} Shown;

static void
shown_free (Shown *shown)
{
  g_object_unref (shown->widget);
  g_free (shown->file);
  g_free (shown);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Shown, shown_free)

static void
open_folder (GtkWidget *widget, const char *file)
{
  g_autofree char *folder = g_path_get_dirname (file);

  launch (widget, folder);
}

/* Without a file manager on the bus: the folder alone, in whatever opens folders. */
static void
shown_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Shown) shown = user_data;
  g_autoptr (GVariant) answer
      = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, NULL);

  if (answer == NULL)
    open_folder (shown->widget, shown->file);
}

/**
 * gan_open_folder_of:
 * @widget: who asks
 * @file: the path of a finished file
 *
 * Shows the file, selected, in the user's file manager.
 */
void
gan_open_folder_of (GtkWidget *widget, const char *file)
{
  GApplication *application = g_application_get_default ();
  GDBusConnection *bus
      = application != NULL ? g_application_get_dbus_connection (application) : NULL;
  g_autofree char *uri = g_filename_to_uri (file, NULL, NULL);
  const char *uris[] = { uri, NULL };
  Shown *shown = NULL;

  g_return_if_fail (GTK_IS_WIDGET (widget));
  g_return_if_fail (uri != NULL);

  if (!check_there (widget, file))
    return;
  if (bus == NULL)
    {
      open_folder (widget, file);
      return;
    }
  shown = g_new0 (Shown, 1);
  shown->widget = g_object_ref (widget);
  shown->file = g_strdup (file);
  g_dbus_connection_call (bus,
                          "org.freedesktop.FileManager1",
                          "/org/freedesktop/FileManager1",
                          "org.freedesktop.FileManager1",
                          "ShowItems",
                          g_variant_new ("(^ass)", uris, ""),
                          NULL,
                          G_DBUS_CALL_FLAGS_NONE,
                          -1,
                          NULL,
                          shown_cb,
                          shown);
}
