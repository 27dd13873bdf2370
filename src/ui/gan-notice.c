/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-notice.h"

struct _GanNotice
{
  GtkWidget parent_instance;

  GtkRevealer *revealer;
  GtkLabel *label;
  GtkButton *button;
  GtkWidget *close;
};

enum
{
  SIGNAL_CLICKED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (GanNotice, gan_notice, GTK_TYPE_WIDGET)

static void
clicked_cb (GanNotice *self)
{
  g_signal_emit (self, signals[SIGNAL_CLICKED], 0);
}

static void
close_cb (GanNotice *self)
{
  gan_notice_hide (self);
}

/* A widget that is not to be seen takes no room, not even that of its margins. */
static void
revealed_cb (GanNotice *self)
{
  if (!gtk_revealer_get_reveal_child (self->revealer)
      && !gtk_revealer_get_child_revealed (self->revealer))
    gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

static void
gan_notice_dispose (GObject *object)
{
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (object));

  g_clear_pointer (&child, gtk_widget_unparent);
  G_OBJECT_CLASS (gan_notice_parent_class)->dispose (object);
}

static void
gan_notice_class_init (GanNoticeClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = gan_notice_dispose;
  signals[SIGNAL_CLICKED] = g_signal_new ("clicked",
                                          G_TYPE_FROM_CLASS (klass),
                                          G_SIGNAL_RUN_LAST,
                                          0,
                                          NULL,
                                          NULL,
                                          NULL,
                                          G_TYPE_NONE,
                                          0);

  gtk_widget_class_set_template_from_resource (widget_class, GAN_RESOURCE_PATH "/gan-notice.ui");
  gtk_widget_class_bind_template_child (widget_class, GanNotice, revealer);
  gtk_widget_class_bind_template_child (widget_class, GanNotice, label);
  gtk_widget_class_bind_template_child (widget_class, GanNotice, button);
  gtk_widget_class_bind_template_child (widget_class, GanNotice, close);
  gtk_widget_class_bind_template_callback (widget_class, clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, close_cb);
}

static void
gan_notice_init (GanNotice *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  g_signal_connect_object (self->revealer,
                           "notify::child-revealed",
                           G_CALLBACK (revealed_cb),
                           self,
                           G_CONNECT_SWAPPED);
}

/**
 * gan_notice_new:
 *
 * Returns: (transfer floating): a line that is hidden until it has something to say
 */
GtkWidget *
gan_notice_new (void)
{
  return g_object_new (GAN_TYPE_NOTICE, NULL);
}

/**
 * gan_notice_show:
 * @self: a notice
 * @text: what to say; not markup
 * @button: (nullable): what can be done about it, with a mnemonic
 * @can_close: whether people can put it away
 */
void
gan_notice_show (GanNotice *self, const char *text, const char *button, gboolean can_close)
{
  g_return_if_fail (GAN_IS_NOTICE (self));

  gtk_label_set_text (self->label, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  gtk_widget_set_visible (GTK_WIDGET (self->button), button != NULL);
  if (button != NULL)
    gtk_button_set_label (self->button, button);
  gtk_widget_set_visible (self->close, can_close);
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
  gtk_revealer_set_reveal_child (self->revealer, TRUE);
}

/**
 * gan_notice_hide:
 * @self: a notice
 */
void
gan_notice_hide (GanNotice *self)
{
  g_return_if_fail (GAN_IS_NOTICE (self));

  gtk_revealer_set_reveal_child (self->revealer, FALSE);
}
