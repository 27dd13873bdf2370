/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Serves the files of one folder on loopback: the offline demo, and what benchmarks need.
 *
 * gan-demo-server FOLDER prints the address of the folder on a line of its own, and serves until it
 * is told to end. */
#include "config.h"

#include "gan-test-file.h"

#include <glib-unix.h>
#include <stdio.h>

static const struct
{
  const char *suffix;
  const char *type;
} types[] = {
  { ".html", "text/html; charset=utf-8" },
  { ".mp4", "video/mp4" },
  { ".webm", "video/webm" },
  { ".jpg", "image/jpeg" },
};

static const char *
get_type (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_str_has_suffix (name, types[i].suffix))
      return types[i].type;
  return "application/octet-stream";
}

/* Only the last segment of the path counts: nothing outside the folder has a name here. */
static void
serve (GanTestExchange *exchange, gpointer user_data)
{
  const char *folder = user_data;
  const char *target = gan_test_exchange_get_request (exchange)->target;
  g_autofree char *name = g_path_get_basename (target);
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GMappedFile) mapped = g_mapped_file_new (path, FALSE, NULL);
  g_auto (GanTestFile) file = { .cut = -1 };

  if (mapped == NULL)
    {
      gan_test_exchange_reply (exchange, 404, "text/plain", "Not here.\n");
      return;
    }
  file.bytes = g_mapped_file_get_bytes (mapped);
  file.type = get_type (name);
  file.etag = g_strdup_printf ("\"%" G_GSIZE_FORMAT "\"", g_mapped_file_get_length (mapped));
  gan_test_file_serve (&file, exchange);
}

static gboolean
quit_cb (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_CONTINUE;
}

int
main (int argc, char **argv)
{
  g_autoptr (GanTestServer) server = NULL;
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autofree char *url = NULL;

  if (argc != 2)
    {
      g_printerr ("usage: gan-demo-server FOLDER\n");
      return 2;
    }
  server = gan_test_server_new (FALSE);
  gan_test_server_add (server, "demo", serve, argv[1]);
  url = gan_test_server_dup_url (server, "/demo/");
  g_unix_signal_add (SIGTERM, quit_cb, loop);
  g_unix_signal_add (SIGINT, quit_cb, loop);
  g_print ("%s\n", url);
  fflush (stdout);
  g_main_loop_run (loop);
  return 0;
}
