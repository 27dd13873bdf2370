/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The misbehaving server as a program: prints its URL, and with --tls the path of the authority to
 * trust; serves until its standard input ends. */
#include "config.h"

#include "gan-test-server.h"

#include <stdio.h>

int
main (int argc, char *argv[])
{
  gboolean tls = argc > 1 && g_str_equal (argv[1], "--tls");
  g_autoptr (GanTestServer) server = gan_test_server_new (tls);
  g_autofree char *url = gan_test_server_dup_url (server, "");

  g_print ("%s\n", url);
  if (tls)
    g_print ("%s\n", gan_test_server_get_ca_file (server));
  while (getchar () != EOF)
    continue;
  return 0;
}
