/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A real server of somebody else's making: whole files over http and https, death at forty moments,
 * and files that are replaced meanwhile. */
#include "config.h"

#include "gan-folder.h"
#include "gan-state-file.h"
#include "gan-test-certificate.h"
#include "gan-test-fixture.h"
#include "gan-test-run.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATIENCE 30000
#define SIZE 3000000

/* Five seconds pass in one, so that the state file is renewed five times a second. */
#define HASTE "--haste=5"
#define RATE 1200000
#define LIMIT_RATE "--limit-rate=1200000"

typedef struct
{
  GanTestFolder *root;
  GanTestFolder *folder;
  GanTestRun *nginx;
  char *program;
  char *http;
  char *https;
  char *ca_option;
} Fixture;

static guint16
find_port (void)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();

  return g_socket_listener_add_any_inet_port (listener, NULL, NULL);
}

static void
write_certificate (Fixture *self)
{
  g_autoptr (GTlsCertificate) certificate = gan_test_certificate_new (GAN_TEST_TLS_VALID);
  g_autofree char *pem = NULL;
  g_autofree char *key = NULL;

  g_object_get (certificate, "certificate-pem", &pem, "private-key-pem", &key, NULL);
  gan_test_folder_write (self->root, "server.pem", pem, -1);
  gan_test_folder_write (self->root, "server.key", key, -1);
}

static void
write_config (Fixture *self, guint16 port, guint16 tls_port)
{
  g_autofree char *config = g_strdup_printf (
      "daemon off; worker_processes 1; pid nginx.pid; error_log error.log;\n"
      "events { worker_connections 64; }\n"
      "http { access_log off; default_type application/octet-stream;\n"
      "  client_body_temp_path t; proxy_temp_path t; fastcgi_temp_path t; uwsgi_temp_path t;\n"
      "  scgi_temp_path t;\n"
      "  server { listen 127.0.0.1:%u; listen 127.0.0.1:%u ssl; root files;\n"
      "    ssl_certificate server.pem; ssl_certificate_key server.key; } }\n",
      port,
      tls_port);

  gan_test_folder_write (self->root, "nginx.conf", config, -1);
}

static void
put_file (Fixture *self, const char *name, gsize size, guint32 seed)
{
  g_autoptr (GBytes) body = gan_test_body (size, seed);
  g_autofree char *path = g_strconcat ("files/", name, NULL);

  gan_test_folder_write (self->root, path, g_bytes_get_data (body, NULL), (gssize) size);
}

static void
wait_open (Fixture *self, guint16 port)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();

  for (guint i = 0; i < 100; i++)
    {
      g_autoptr (GSocketConnection) connection
          = g_socket_client_connect_to_host (client, "127.0.0.1", port, NULL, NULL);
      if (connection != NULL)
        return;
      g_assert_false (gan_test_run_wait (self->nginx, 50));
    }
  g_assert_not_reached ();
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autofree char *nginx = g_find_program_in_path ("nginx");
  g_autofree char *files = NULL;
  guint16 port = find_port ();
  guint16 tls_port = find_port ();
  const char *argv[] = { nginx, "-p", NULL, "-c", "nginx.conf", "-e", "error.log", NULL };

  self->root = gan_test_folder_new ();
  self->folder = gan_test_folder_new ();
  self->program = gan_test_program_dup_path ("tests/engine/engine-get");
  if (nginx == NULL)
    return;
  files = gan_test_folder_dup_path (self->root, "files");
  g_assert_cmpint (g_mkdir (files, 0755), ==, 0);
  /* The workers are somebody else when root starts them. */
  g_assert_cmpint (g_chmod (self->root->path, 0755), ==, 0);
  write_certificate (self);
  write_config (self, port, tls_port);
  argv[2] = self->root->path;
  self->nginx = gan_test_run_start (argv, NULL, self->root->path, NULL);
  wait_open (self, port);
  self->http = g_strdup_printf ("http://127.0.0.1:%u/", port);
  self->https = g_strdup_printf ("https://127.0.0.1:%u/", tls_port);
  self->ca_option = g_strconcat ("--ca-file=", gan_test_certificate_get_ca_file (), NULL);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  if (self->nginx != NULL)
    {
      gan_test_run_kill (self->nginx, SIGTERM);
      g_assert_true (gan_test_run_wait (self->nginx, PATIENCE));
      gan_test_run_free (self->nginx);
    }
  gan_test_folder_free (self->root);
  gan_test_folder_free (self->folder);
  g_free (self->program);
  g_free (self->http);
  g_free (self->https);
  g_free (self->ca_option);
}

static gboolean
has_nginx (Fixture *self)
{
  if (self->nginx == NULL)
    g_test_skip ("nginx is not installed");
  return self->nginx != NULL;
}

static GanTestRun *
start (Fixture *self, const char *origin, const char *name)
{
  g_autofree char *url = g_strconcat (origin, name, NULL);
  const char *const argv[]
      = { self->program, self->ca_option, HASTE, LIMIT_RATE, url, self->folder->path, NULL };

  return gan_test_run_start (argv, NULL, NULL, NULL);
}

static void
assert_whole (Fixture *self, const char *name, gsize size, guint32 seed)
{
  g_auto (GStrv) names = gan_test_folder_list (self->folder);
  g_autofree char *joined = g_strjoinv (" ", names);
  g_autoptr (GBytes) wanted = gan_test_body (size, seed);
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *sum = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, wanted);
  g_autofree char *got = NULL;

  g_assert_cmpstr (joined, ==, name);
  bytes = gan_test_folder_load (self->folder, name);
  got = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
  g_assert_cmpstr (got, ==, sum);
}

static void
finish (Fixture *self, const char *origin, const char *name)
{
  g_autoptr (GanTestRun) run = start (self, origin, name);
  g_autofree char *out = NULL;

  g_assert_true (gan_test_run_wait (run, PATIENCE));
  out = gan_test_run_dup_stdout (run);
  if (gan_test_run_get_exit (run) != 0)
    g_test_message ("%s", out);
  g_assert_cmpint (gan_test_run_get_exit (run), ==, 0);
}

static void
empty_folder (Fixture *self)
{
  gan_test_folder_free (self->folder);
  self->folder = gan_test_folder_new ();
}

/* Peak of the resident memory, in kB, as the program says it at its end. */
static gint64
get_peak (Fixture *self, const char *name, goffset size)
{
  g_autofree char *path = g_build_filename (self->root->path, "files", name, NULL);
  g_autofree char *url = g_strconcat (self->http, name, NULL);
  const char *const argv[] = { self->program, url, self->folder->path, NULL };
  g_autoptr (GanTestRun) run = NULL;
  g_autofree char *out = NULL;
  const char *peak = NULL;

  gan_test_folder_write (self->root, path + strlen (self->root->path), "", 0);
  g_assert_cmpint (truncate (path, size), ==, 0);
  run = gan_test_run_start (argv, NULL, NULL, NULL);
  g_assert_true (gan_test_run_wait (run, PATIENCE));
  g_assert_cmpint (gan_test_run_get_exit (run), ==, 0);
  out = gan_test_run_dup_stdout (run);
  peak = strstr (out, "peak ");
  g_assert_nonnull (peak);
  return g_ascii_strtoll (peak + strlen ("peak "), NULL, 10);
}

static void
test_memory (Fixture *self, gconstpointer data)
{
  gint64 small = 0;
  gint64 large = 0;

  if (!has_nginx (self))
    return;
  small = get_peak (self, "small", 4 * 1024 * 1024);
  large = get_peak (self, "large", 400 * 1024 * 1024);
  g_test_message ("%d kB for 4 MiB, %d kB for 400 MiB", (int) small, (int) large);
  g_assert_cmpint (large, <=, small + 8 * 1024);
}

static void
test_whole (Fixture *self, gconstpointer data)
{
  const gsize sizes[] = { 0, 1, 65536, 300000, SIZE };

  if (!has_nginx (self))
    return;
  for (guint i = 0; i < G_N_ELEMENTS (sizes) * 2; i++)
    {
      put_file (self, "a.bin", sizes[i / 2], i);
      finish (self, i % 2 == 0 ? self->http : self->https, "a.bin");
      assert_whole (self, "a.bin", sizes[i / 2], i);
      empty_folder (self);
    }
}

/* What the killed run had written, and nobody vouches for. */
static gint64
get_loss (Fixture *self)
{
  g_autoptr (GanFolder) folder = gan_folder_open (self->folder->path, FALSE, NULL);
  g_autoptr (GanStateFile) state = gan_state_file_load (folder, "a.bin");
  gint64 size = 0;

  if (gan_folder_get_inode (folder, "a.bin.part", &size) == 0)
    return 0;
  return size - (state != NULL ? gan_version_get_have (state->version) : 0);
}

/* Killed after all was done, but before it could say so. */
static gboolean
is_done (Fixture *self)
{
  g_auto (GStrv) names = gan_test_folder_list (self->folder);

  return g_strv_length (names) == 1 && g_str_equal (names[0], "a.bin");
}

/* Kills when the program has said how far it is, a little later each time. */
static void
kill_at (Fixture *self, guint moment)
{
  const char *origin = moment % 2 == 0 ? self->http : self->https;
  g_autoptr (GanTestRun) run = start (self, origin, "a.bin");
  gint64 loss = 0;

  if (moment < 10)
    g_assert_false (gan_test_run_wait (run, moment * 8));
  else if (moment < 30)
    {
      g_assert_true (gan_test_run_wait_output (run, "progress", PATIENCE));
      gan_test_run_wait (run, (moment - 10) * 24);
    }
  else
    {
      g_assert_true (gan_test_run_wait_output (run, "progress 3000000", PATIENCE));
      gan_test_run_wait (run, (moment - 30) / 3);
    }
  gan_test_run_kill (run, SIGKILL);
  g_assert_true (gan_test_run_wait (run, PATIENCE));
  loss = get_loss (self);
  g_test_message ("moment %u: %d, %u bytes lost",
                  moment,
                  gan_test_run_get_exit (run),
                  (guint) loss);
  /* Five seconds are promised; the state file is two old at most. */
  g_assert_cmpint (loss, <=, 2 * RATE);
  if (!is_done (self))
    finish (self, origin, "a.bin");
  assert_whole (self, "a.bin", SIZE, 1);
  empty_folder (self);
}

static void
test_kill (Fixture *self, gconstpointer data)
{
  if (!has_nginx (self))
    return;
  put_file (self, "a.bin", SIZE, 1);
  for (guint moment = 0; moment < 40; moment++)
    kill_at (self, moment);
}

static void
set_time (Fixture *self, const char *name, const struct stat *info)
{
  g_autofree char *path = g_build_filename (self->root->path, "files", name, NULL);
  const struct timespec times[2] = { info->st_atim, info->st_mtim };

  g_assert_cmpint (utimensat (AT_FDCWD, path, times, 0), ==, 0);
}

/* Another file under the same name, in three disguises: other size, other date, neither. */
static void
test_replaced (Fixture *self, gconstpointer data)
{
  const gsize sizes[] = { SIZE + 1000, SIZE, SIZE };
  g_autofree char *path = NULL;

  if (!has_nginx (self))
    return;
  path = g_build_filename (self->root->path, "files", "a.bin", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (sizes) * 2; i++)
    {
      const char *origin = i % 2 == 0 ? self->http : self->https;
      g_autoptr (GanTestRun) run = NULL;
      struct stat old;

      put_file (self, "a.bin", SIZE, 1);
      g_assert_cmpint (g_stat (path, &old), ==, 0);
      old.st_mtim.tv_sec -= 3600;
      set_time (self, "a.bin", &old);
      run = start (self, origin, "a.bin");
      g_assert_true (gan_test_run_wait_output (run, "progress", PATIENCE));
      g_assert_false (gan_test_run_wait (run, 200));
      gan_test_run_kill (run, SIGKILL);
      g_assert_true (gan_test_run_wait (run, PATIENCE));
      put_file (self, "a.bin", sizes[i / 2], 2);
      if (i / 2 == 2)
        set_time (self, "a.bin", &old);
      finish (self, origin, "a.bin");
      assert_whole (self, "a.bin", sizes[i / 2], 2);
      empty_folder (self);
    }
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("/nginx/whole", test_whole);
  ADD ("/nginx/K16-memory", test_memory);
  ADD ("/nginx/K04-K08-kill", test_kill);
  ADD ("/nginx/S10-replaced", test_replaced);
  return g_test_run ();
}
