/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gannet: the program with a window. */
#include "config.h"

#include "gan-application.h"
#include "gan-log.h"
#include "gan-net.h"

#include <glib/gi18n.h>
#include <locale.h>

/* GTK warns when it finds no bus to tell screen readers of; without a session bus there is none. */
static void
check_bus (void)
{
  g_autoptr (GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);

  if (bus == NULL)
    g_setenv ("GTK_A11Y", "none", FALSE);
}

int
main (int argc, char **argv)
{
  g_autoptr (GanApplication) application = NULL;

  gan_net_init ();
  gan_log_init (G_LOG_LEVEL_WARNING);
  setlocale (LC_ALL, "");
  bindtextdomain (GAN_GETTEXT_DOMAIN, GAN_LOCALE_DIR);
  bind_textdomain_codeset (GAN_GETTEXT_DOMAIN, "UTF-8");
  textdomain (GAN_GETTEXT_DOMAIN);
  check_bus ();

  application = gan_application_new (GAN_APP_ID);
  return g_application_run (G_APPLICATION (application), argc, argv);
}
