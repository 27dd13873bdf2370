/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-row-name.h"

static void
set_name (GtkWidget *widget, const char *name)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

/**
 * gan_row_name_set:
 * @row: a row, in a list or not
 * @name: its accessible name
 *
 * Names the row and the list's own item around it, which is what the keyboard is at.
 */
void
gan_row_name_set (GtkWidget *row, const char *name)
{
  GtkWidget *item = gtk_widget_get_parent (row);

  set_name (row, name);
  if (item != NULL
      && gtk_accessible_get_accessible_role (GTK_ACCESSIBLE (item))
             == GTK_ACCESSIBLE_ROLE_LIST_ITEM)
    set_name (item, name);
}
