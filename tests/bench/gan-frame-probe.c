/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Watches the frames of any GTK program from outside of its code: preloaded, it writes the
 * monotonic time in microseconds, one a line, to the file GAN_FRAME_FILE when a frame has been
 * painted. With GAN_FRAME_ALWAYS the program paints all the time, as if something moved, so that
 * whatever holds up its main thread is seen as a gap between two frames. */
#include "config.h"

#include <fcntl.h>
#include <gtk/gtk.h>
#include <stdio.h>
#include <unistd.h>

static int frames = -1;
static gboolean always;

static gboolean
painted_cb (GSignalInvocationHint *hint, guint n_values, const GValue *values, gpointer user_data)
{
  GdkFrameClock *clock = g_value_get_object (&values[0]);

  dprintf (frames, "%" G_GINT64_FORMAT "\n", g_get_monotonic_time ());
  if (always && g_object_get_data (G_OBJECT (clock), "gan-always") == NULL)
    {
      g_object_set_data (G_OBJECT (clock), "gan-always", (gpointer) "");
      gdk_frame_clock_begin_updating (clock);
    }
  return TRUE;
}

__attribute__ ((constructor)) static void
watch (void)
{
  const char *path = g_getenv ("GAN_FRAME_FILE");

  always = g_getenv ("GAN_FRAME_ALWAYS") != NULL;
  /* The programs that this one starts are not watched. */
  g_unsetenv ("LD_PRELOAD");
  g_unsetenv ("GAN_FRAME_FILE");
  if (path == NULL)
    return;
  frames = open (path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  g_type_class_ref (GDK_TYPE_FRAME_CLOCK);
  g_signal_add_emission_hook (g_signal_lookup ("after-paint", GDK_TYPE_FRAME_CLOCK),
                              0,
                              painted_cb,
                              NULL,
                              NULL);
}
