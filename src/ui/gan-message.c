/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-message.h"

#define SPACING 10

static GtkWidget *
make_label (const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_CENTER);
  gtk_widget_add_css_class (label, css_class);
  return label;
}

/**
 * gan_message_new:
 * @widget: in the window that it is about
 * @heading: what it is, in a few words
 * @body: what there is to know, in sentences
 *
 * Makes a dialog without answers, to be presented by the caller when it has them. Its texts are
 * labels of our own: the heading of an #AdwMessageDialog does not wrap, and GTK 4.18 warns whenever
 * libadwaita 1.7 measures it for less room than it needs.
 *
 * Returns: (transfer none): the dialog, which belongs to GTK until it is closed
 */
AdwMessageDialog *
gan_message_new (GtkWidget *widget, const char *heading, const char *body)
{
  GtkRoot *root = gtk_widget_get_root (widget);
  GtkWidget *dialog
      = adw_message_dialog_new (GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, NULL, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, SPACING);
  GtkWidget *title = make_label (heading, "title-2");
  GtkWidget *text = make_label (body, "body");

  gtk_box_append (GTK_BOX (box), title);
  gtk_box_append (GTK_BOX (box), text);
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), box);
  gtk_window_set_title (GTK_WINDOW (dialog), heading);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (dialog),
                                  GTK_ACCESSIBLE_RELATION_LABELLED_BY,
                                  title,
                                  NULL,
                                  GTK_ACCESSIBLE_RELATION_DESCRIBED_BY,
                                  text,
                                  NULL,
                                  -1);
  return ADW_MESSAGE_DIALOG (dialog);
}
