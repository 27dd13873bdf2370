/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Made recordings, folders that go, programs under test, the server as a program. */
#include "config.h"

#include "gan-test-fixture.h"
#include "gan-test-har.h"
#include "gan-test-run.h"
#include "gan-test-server.h"

#include <signal.h>
#include <string.h>

static void
test_har (void)
{
  static const char *const headers[] = { "Content-Type: text/plain", "X-One: 1", NULL };
  g_autoptr (GanTestHar) har = gan_test_har_new ();
  g_autoptr (GanTestFolder) folder = gan_test_folder_new ();
  g_autofree char *folder_path = g_strdup (folder->path);
  g_autofree char *path = gan_test_folder_dup_path (folder, "a.har");
  g_autoptr (GBytes) noise = gan_test_body (10, 1);
  g_autoptr (GBytes) written = NULL;
  g_autofree char *text = NULL;
  g_auto (GStrv) names = NULL;

  gan_test_har_add (har, "POST", "https://a.test/x?y=1", 200, headers, "hello");
  gan_test_har_set_request_body (har, "application/json", "{}");
  gan_test_har_set_request_header (har, "Range", "bytes=0-");
  gan_test_har_add_bytes (har, "GET", "https://a.test/z", 404, NULL, noise);
  gan_test_har_write (har, path);
  text = gan_test_har_dup_text (har);
  g_assert_nonnull (strstr (text, "\"text\" : \"hello\""));
  g_assert_nonnull (strstr (text, "\"base64\""));
  written = gan_test_folder_load (folder, "a.har");
  g_assert_cmpmem (g_bytes_get_data (written, NULL),
                   g_bytes_get_size (written),
                   text,
                   strlen (text));
  names = gan_test_folder_list (folder);
  g_assert_cmpstr (names[0], ==, "a.har");
  g_assert_null (names[1]);
  gan_test_folder_free (g_steal_pointer (&folder));
  g_assert_false (g_file_test (folder_path, G_FILE_TEST_EXISTS));
}

static void
test_run (void)
{
  static const char *const talk[] = { "sh", "-c", "cat; echo $WORD; echo no >&2; exit 3", NULL };
  static const char *const hang[] = { "sh", "-c", "echo ready; exec sleep 1000", NULL };
  static const char *const environment[] = { "WORD=yes", NULL };
  g_autoptr (GanTestRun) first = gan_test_run_sync (talk, environment, NULL, "in\n");
  g_autoptr (GanTestRun) second = gan_test_run_start (hang, NULL, NULL, NULL);
  g_autofree char *out = gan_test_run_dup_stdout (first);
  g_autofree char *err = gan_test_run_dup_stderr (first);

  g_assert_cmpstr (out, ==, "in\nyes\n");
  g_assert_cmpstr (err, ==, "no\n");
  g_assert_cmpint (gan_test_run_get_exit (first), ==, 3);
  g_assert_true (gan_test_run_wait_output (second, "ready", 20000));
  g_assert_false (gan_test_run_wait (second, 1));
  gan_test_run_kill (second, SIGKILL);
  g_assert_true (gan_test_run_wait (second, 20000));
  g_assert_cmpint (gan_test_run_get_exit (second), ==, -SIGKILL);
}

static void
test_serverd (void)
{
  g_autofree char *program = gan_test_program_dup_path ("tests/lib/gan-test-serverd");
  const char *const argv[] = { program, "--tls", NULL };
  g_autoptr (GanTestRun) run = gan_test_run_sync (argv, NULL, NULL, "");
  g_autofree char *out = gan_test_run_dup_stdout (run);

  g_assert_cmpint (gan_test_run_get_exit (run), ==, 0);
  g_assert_true (g_str_has_prefix (out, "https://127.0.0.1:"));
  g_assert_nonnull (strstr (out, "/ca.pem\n"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fixture/har", test_har);
  g_test_add_func ("/fixture/run", test_run);
  g_test_add_func ("/fixture/serverd", test_serverd);
  return g_test_run ();
}
