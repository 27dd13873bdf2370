/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-application.h"

#include "gan-window.h"

struct _GanApplication
{
  AdwApplication parent_instance;
};

G_DEFINE_FINAL_TYPE (GanApplication, gan_application, ADW_TYPE_APPLICATION)

static void
gan_application_activate (GApplication *application)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (application));

  if (window == NULL)
    window = GTK_WINDOW (gan_window_new (GTK_APPLICATION (application)));
  gtk_window_present (window);
}

static void
gan_application_class_init (GanApplicationClass *klass)
{
  G_APPLICATION_CLASS (klass)->activate = gan_application_activate;
}

static void
gan_application_init (GanApplication *self)
{
}

/**
 * gan_application_new:
 * @id: the application id
 *
 * Returns: (transfer full): the program, not yet running
 */
GanApplication *
gan_application_new (const char *id)
{
  return g_object_new (GAN_TYPE_APPLICATION,
                       "application-id",
                       id,
                       "resource-base-path",
                       GAN_RESOURCE_PATH,
                       NULL);
}
