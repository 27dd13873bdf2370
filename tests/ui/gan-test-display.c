/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-test-display.h"

#include <adwaita.h>
#include <glib/gstdio.h>
#include <locale.h>

#define WAIT_SECONDS 20

/* Folders of this run alone; what a window keeps or reads is in them. They go at its end. */
static void
make_folders (void)
{
  static const char *const names[]
      = { "HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR" };
  g_autoptr (GError) error = NULL;
  g_autofree char *root = g_dir_make_tmp ("gan-ui-XXXXXX", &error);

  g_assert_no_error (error);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *folder = g_build_filename (root, names[i], NULL);

      g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
      g_setenv (names[i], folder, TRUE);
    }
}

/**
 * gan_test_display_init:
 * @argc: of main()
 * @argv: of main()
 *
 * Sets up GTK and libadwaita; without a display the whole program counts as skipped.
 */
void
gan_test_display_init (int *argc, char ***argv)
{
  g_test_init (argc, argv, NULL);
  setlocale (LC_ALL, "C.UTF-8");
  make_folders ();
  if (!gtk_init_check ())
    {
      g_print ("1..0 # SKIP no display\n");
      exit (0);
    }
  adw_init ();
}

static gboolean
late_cb (gpointer data)
{
  gboolean *late = data;

  *late = TRUE;
  return G_SOURCE_CONTINUE;
}

/**
 * gan_test_display_wait:
 * @condition: what has to come true
 * @data: for @condition
 *
 * Runs the main loop until it does.
 */
void
gan_test_display_wait (GanTestCondition condition, gpointer data)
{
  gboolean late = FALSE;
  guint timer = g_timeout_add_seconds (WAIT_SECONDS, late_cb, &late);

  while (!condition (data) && !late)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (timer);
  g_assert_true (condition (data));
}

static gboolean
is_mapped (gpointer data)
{
  return gtk_widget_get_mapped (data) && gtk_widget_get_width (data) > 0;
}

/**
 * gan_test_display_wait_mapped:
 * @widget: a widget in a window that was presented
 */
void
gan_test_display_wait_mapped (GtkWidget *widget)
{
  gan_test_display_wait (is_mapped, widget);
}

/**
 * gan_test_display_drain:
 *
 * Lets everything happen that is ready to.
 */
void
gan_test_display_drain (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    continue;
}

static gboolean
is_called (GtkWidget *widget, const char *name)
{
  return name == NULL
         || g_strcmp0 (gtk_buildable_get_buildable_id (GTK_BUILDABLE (widget)), name) == 0;
}

/**
 * gan_test_display_find:
 * @root: where to look
 * @type: what to look for
 * @name: (nullable): its id in the template
 *
 * Returns: (transfer none) (nullable): the first such widget at or below @root
 */
GtkWidget *
gan_test_display_find (GtkWidget *root, GType type, const char *name)
{
  if (g_type_is_a (G_OBJECT_TYPE (root), type) && is_called (root, name))
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = gan_test_display_find (child, type, name);

      if (found != NULL)
        return found;
    }
  return NULL;
}
