/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-window.h"

struct _GanWindow
{
  AdwApplicationWindow parent_instance;

  AdwToastOverlay *toasts;
  AdwViewStack *stack;
};

G_DEFINE_FINAL_TYPE (GanWindow, gan_window, ADW_TYPE_APPLICATION_WINDOW)

static void
gan_window_class_init (GanWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class, GAN_RESOURCE_PATH "/gan-window.ui");
  gtk_widget_class_bind_template_child (widget_class, GanWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, GanWindow, stack);
}

static void
gan_window_init (GanWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * gan_window_new:
 * @application: whose window it is
 *
 * Returns: (transfer none): a window that is not shown yet; GTK keeps it until it is closed
 */
GanWindow *
gan_window_new (GtkApplication *application)
{
  return g_object_new (GAN_TYPE_WINDOW, "application", application, NULL);
}
