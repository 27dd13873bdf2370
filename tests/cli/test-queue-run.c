/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gannet-cli queue run: the queue executed in a terminal, beside other programs. */
#include "config.h"

#include "gan-owner.h"
#include "gan-test-cli.h"

#include <signal.h>
#include <string.h>

#define PATIENCE 30000
#define MANY 12

static void
add (GanTestCli *self, const char *target)
{
  g_autofree char *url = gan_test_server_dup_url (self->server, target);
  g_autoptr (GanTestRun) ended = gan_test_cli_run (self, "queue", "add", "-d", "films", url);

  gan_test_cli_assert_exit (ended, 0);
}

static GPtrArray *
list (GanTestCli *self)
{
  g_autoptr (GanTestRun) ended = gan_test_cli_run (self, "queue", "list", "--json");

  gan_test_cli_assert_exit (ended, 0);
  return gan_test_cli_parse (ended);
}

static void
assert_empty (GanTestCli *self)
{
  g_autoptr (GPtrArray) rows = list (self);

  g_assert_cmpuint (rows->len, ==, 0);
}

/* The names in the folder of films, joined. */
static char *
dup_films (GanTestCli *self)
{
  g_autofree char *path = gan_test_folder_dup_path (self->folder, "films");
  GanTestFolder films = { .path = path };
  g_auto (GStrv) names = gan_test_folder_list (&films);

  return g_strjoinv (" ", names);
}

static void
assert_films (GanTestCli *self, const char *expected)
{
  g_autofree char *names = dup_films (self);

  g_assert_cmpstr (names, ==, expected);
}

static void
test_nothing (GanTestCli *self, gconstpointer data)
{
  g_autoptr (GanTestRun) ended = gan_test_cli_run (self, "queue", "run");
  g_autofree char *output = gan_test_run_dup_stdout (ended);

  gan_test_cli_assert_exit (ended, 0);
  g_assert_cmpstr (output, ==, "");
}

/* All are tried; the code is that of the first that failed. */
static void
test_run (GanTestCli *self, gconstpointer data)
{
  g_autoptr (GanTestRun) ended = NULL;
  g_autoptr (GanTestRun) again = NULL;
  g_autoptr (GanTestRun) text = NULL;
  g_autoptr (GPtrArray) lines = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  g_autofree char *shown = NULL;
  guint n_results = 0;

  add (self, "/file/a.mp4?size=50000&seed=1");
  add (self, "/status/b.mp4?status=404");
  add (self, "/file/c.mp4?size=60000&seed=3");
  ended = gan_test_cli_run (self, "queue", "run", "--json");
  gan_test_cli_assert_exit (ended, 4);
  gan_test_cli_assert_stderr (ended, "there is nothing to be had at this link");
  lines = gan_test_cli_parse (ended);
  g_assert_cmpuint (lines->len, ==, 3);
  for (guint i = 0; i < lines->len; i++)
    n_results += g_strcmp0 (gan_json_get_string (lines->pdata[i], "event"), "result") == 0;
  g_assert_cmpuint (n_results, ==, 2);
  assert_films (self, "a.mp4 c.mp4");
  gan_test_cli_assert_file (self->folder, "films/a.mp4", 50000, 1);
  gan_test_cli_assert_file (self->folder, "films/c.mp4", 60000, 3);

  rows = list (self);
  g_assert_cmpuint (rows->len, ==, 1);
  g_assert_cmpstr (gan_json_get_string (rows->pdata[0], "state"), ==, "failed");
  g_assert_cmpstr (gan_json_get_string (rows->pdata[0], "error.code"), ==, "not-found");
  text = gan_test_cli_run (self, "queue", "list");
  shown = gan_test_run_dup_stdout (text);
  g_assert_nonnull (strstr (shown, "  failed  "));
  g_assert_nonnull (strstr (shown, ": there is nothing to be had"));

  /* What has failed before is not tried again by itself, and is no failure of this run. */
  again = gan_test_cli_run (self, "queue", "run");
  gan_test_cli_assert_exit (again, 0);
}

static GanTestRun *
begin_to_stay (GanTestCli *self)
{
  return gan_test_cli_begin (self, "queue", "run", "--stay", "--json", NULL);
}

/* It waits for more, does what others want, and keeps what is there when it is told to end. */
static void
test_stay (GanTestCli *self, gconstpointer data)
{
  g_autoptr (GanTestRun) run = begin_to_stay (self);
  g_autoptr (GanTestRun) second = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  g_autofree char *names = NULL;
  gint64 end = g_get_monotonic_time () + PATIENCE * (gint64) 1000;

  add (self, "/file/a.mp4?size=50000&seed=1");
  g_assert_true (gan_test_run_wait_output (run, "a.mp4\"", PATIENCE));
  /* 20 KiB a second: it takes longer than the test. */
  add (self, "/slow/b.mp4?size=3000000&seed=2&rate=20480");
  do
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      g_clear_pointer (&rows, g_ptr_array_unref);
      rows = list (self);
      g_assert_cmpuint (rows->len, ==, 1);
    }
  while (gan_json_get_int (rows->pdata[0], "downloaded") <= 0);
  gan_test_run_kill (run, SIGTERM);
  g_assert_true (gan_test_run_wait (run, PATIENCE));
  gan_test_cli_assert_exit (run, 130);
  names = dup_films (self);
  g_assert_nonnull (strstr (names, "b.mp4.part"));
  g_clear_pointer (&rows, g_ptr_array_unref);
  rows = list (self);
  g_assert_cmpstr (gan_json_get_string (rows->pdata[0], "state"), ==, "waiting");

  /* Taken off the list, it leaves nothing behind. */
  second = gan_test_cli_run (self, "queue", "remove", "--all");
  gan_test_cli_assert_exit (second, 0);
  assert_films (self, "a.mp4");
}

/* Of two that run, the one that downloads. */
static GanTestRun *
find_owner (GanTestRun *a, GanTestRun *b)
{
  for (guint i = 0; i < PATIENCE / 100; i++)
    {
      if (gan_test_run_wait_output (a, "result", 50))
        return a;
      if (gan_test_run_wait_output (b, "result", 50))
        return b;
    }
  g_assert_not_reached ();
}

/* Two at once of which the one that works is killed: each link is downloaded, and none twice. */
static void
test_two (GanTestCli *self, gconstpointer data)
{
  g_autoptr (GanTestRun) first = NULL;
  g_autoptr (GanTestRun) second = NULL;
  g_autoptr (GanTestRun) third = NULL;
  GanTestRun *owner = NULL;
  GanTestRun *other = NULL;
  g_autoptr (GString) expected = g_string_new (NULL);

  for (guint i = 0; i < MANY; i++)
    {
      g_autofree char *target = g_strdup_printf ("/file/%02u.mp4?size=200000&seed=%u", i, i);

      add (self, target);
      g_string_append_printf (expected, "%s%02u.mp4", i > 0 ? " " : "", i);
    }
  first = begin_to_stay (self);
  second = begin_to_stay (self);
  owner = find_owner (first, second);
  other = owner == first ? second : first;
  gan_test_run_kill (owner, SIGKILL);
  third = gan_test_cli_run (self, "queue", "run");
  gan_test_cli_assert_exit (third, 0);
  gan_test_run_kill (other, SIGINT);
  g_assert_true (gan_test_run_wait (other, PATIENCE));
  gan_test_cli_assert_exit (other, 130);
  assert_empty (self);
  assert_films (self, expected->str);
  for (guint i = 0; i < MANY; i++)
    {
      g_autofree char *name = g_strdup_printf ("films/%02u.mp4", i);

      gan_test_cli_assert_file (self->folder, name, 200000, i);
    }
}

static gboolean
give_up_cb (gpointer user_data)
{
  g_test_fail_printf ("nothing changed within %d ms", PATIENCE);
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

/* It gives way to a window, and goes on when that is closed. */
static void
test_yield (GanTestCli *self, gconstpointer data)
{
  g_autofree char *folder = gan_test_folder_dup_path (self->folder, ".XDG_DATA_HOME/gannet");
  g_autoptr (GanTestRun) run = begin_to_stay (self);
  g_autoptr (GanOwner) window = gan_owner_new (folder, GAN_OWNER_CLAIMS);
  g_autoptr (GError) error = NULL;
  gboolean is_late = FALSE;
  guint timeout = 0;

  add (self, "/file/a.mp4?size=50000&seed=1");
  g_assert_true (gan_test_run_wait_output (run, "a.mp4\"", PATIENCE));
  g_assert_true (gan_owner_start (window, &error));
  g_assert_no_error (error);
  timeout = g_timeout_add (PATIENCE, give_up_cb, &is_late);
  while (!gan_owner_is_owner (window) && !is_late)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (timeout);
  g_assert_true (gan_test_run_wait_output (run, "gives way to a window", PATIENCE));

  add (self, "/file/b.mp4?size=50000&seed=2");
  assert_films (self, "a.mp4");
  gan_owner_stop (window);
  g_assert_true (gan_test_run_wait_output (run, "b.mp4\"", PATIENCE));
  gan_test_run_kill (run, SIGINT);
  g_assert_true (gan_test_run_wait (run, PATIENCE));
  gan_test_cli_assert_exit (run, 130);
  assert_films (self, "a.mp4 b.mp4");
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *path;
    void (*func) (GanTestCli *self, gconstpointer data);
  } tests[] = {
    { "/queue-run/nothing", test_nothing }, { "/queue-run/run", test_run },
    { "/queue-run/stay", test_stay },       { "/queue-run/two", test_two },
    { "/queue-run/yield", test_yield },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path,
                GanTestCli,
                NULL,
                gan_test_cli_set_up,
                tests[i].func,
                gan_test_cli_tear_down);
  return g_test_run ();
}
