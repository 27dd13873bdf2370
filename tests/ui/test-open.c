/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is asked before a file is opened. */
#include "config.h"

#include "gan-open.h"
#include "gan-test-ui.h"

#include <string.h>

typedef struct
{
  const char *name;
  const char *start;
  gboolean may_run;
} Case;

static const Case cases[] = {
  { "clip.mp4",
    "\0\0\0\x18"
    "ftypmp42",
    FALSE },
  { "song.mp3", "ID3\x03", FALSE },
  { "notes.txt", "hello\n", FALSE },
  { "picture.jpg", "\xff\xd8\xff\xe0", FALSE },
  { "page.html", "<!DOCTYPE html><html>", TRUE },
  { "drawing.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>", TRUE },
  { "starter.desktop", "[Desktop Entry]\n", TRUE },
  { "script.sh", "#!/bin/sh\n", TRUE },
  { "setup.exe", "MZ\x90", TRUE },
  { "tool.jar", "PK\x03\x04", TRUE },
};

static void
test_may_run (void)
{
  g_autoptr (GanTestFolder) folder = gan_test_folder_new ();
  g_autofree char *missing = gan_test_folder_dup_path (folder, "missing.mp4");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = gan_test_folder_dup_path (folder, cases[i].name);
      gsize length = cases[i].start[0] == '\0' ? 12 : strlen (cases[i].start);

      gan_test_folder_write (folder, cases[i].name, cases[i].start, (gssize) length);
      g_test_message ("%s", cases[i].name);
      g_assert_cmpint (gan_open_may_run (path), ==, cases[i].may_run);
    }
  g_assert_true (gan_open_may_run (missing));
}

static GtkWindow *
find_dialog (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);

      if (ADW_IS_MESSAGE_DIALOG (window))
        return window;
    }
  return NULL;
}

/* Nothing is opened before the question is answered; a file that is gone is said to be. */
static void
test_asks (void)
{
  g_autoptr (GanTestFolder) folder = gan_test_folder_new ();
  g_autofree char *script = gan_test_folder_dup_path (folder, "script.sh");
  g_autofree char *gone = gan_test_folder_dup_path (folder, "gone.mp4");
  GtkWidget *window = gtk_window_new ();

  gtk_window_present (GTK_WINDOW (window));
  gan_test_folder_write (folder, "script.sh", "#!/bin/sh\n", -1);
  gan_open_file (window, script);
  g_assert_nonnull (find_dialog ());
  gan_test_ui_wait_shown (find_dialog (), "Open This File?");
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (find_dialog ()), "cancel");
  gtk_window_destroy (find_dialog ());

  gan_open_file (window, gone);
  gan_test_ui_wait_shown (find_dialog (), "The File Is No Longer There");
  gtk_window_destroy (find_dialog ());
  gan_test_ui_destroy (window);
}

int
main (int argc, char **argv)
{
  gan_test_ui_init (&argc, &argv);
  g_test_add_func ("/open/may-run", test_may_run);
  g_test_add_func ("/open/asks", test_asks);
  return g_test_run ();
}
