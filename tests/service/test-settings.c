/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-settings.h"
#include "gan-test-fixture.h"
#include "gan-test-run.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

#define PATIENCE 20000

/* More calls of one kind than a run of settings-run makes. */
#define MOST_CALLS 200

/* What changes a file or what it is called. strace counts the calls of each name for themselves. */
static const char *const changes[]
    = { "write", "fsync", "fdatasync", "rename", "renameat2", "unlink", "close" };

static const char folder_name[] = "gannet";
static const char file_name[] = "gannet/settings.ini";

/* GLib remembers the folder of the first question: there is one for all tests. */
static char *config_home;

static void
empty_config (void)
{
  g_autofree char *folder = g_build_filename (config_home, folder_name, NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name = NULL;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_remove (path) != 0)
        g_assert_cmpint (g_rmdir (path), ==, 0);
    }
  g_rmdir (folder);
}

static char *
dup_path (void)
{
  return g_build_filename (config_home, file_name, NULL);
}

static void
write_file (const char *text)
{
  g_autofree char *path = dup_path ();
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, text, -1, &error));
  g_assert_no_error (error);
}

static char *
read_file (void)
{
  g_autofree char *path = dup_path ();
  char *text = NULL;

  return g_file_get_contents (path, &text, NULL, NULL) ? text : NULL;
}

static void
expect_warning (const char *pattern)
{
  g_test_expect_message ("gan-service", G_LOG_LEVEL_WARNING, pattern);
}

/* The defaults of the code are those of the schema. */
static void
test_defaults (void)
{
  g_autoptr (GanSettings) settings = gan_settings_new ();
  g_autoptr (GanSettings) plain = gan_settings_new_default ();
  g_autofree GParamSpec **specs = NULL;
  guint n_specs = 0;
  int width = 0;
  int height = 0;
  gboolean maximized = TRUE;

  g_assert_cmpstr (gan_settings_get_wish (settings), ==, "best");
  g_assert_cmpuint (gan_settings_get_max_jobs (settings), ==, 4);
  g_assert_cmpuint (gan_settings_get_max_jobs_per_host (settings), ==, 2);
  g_assert_cmpint (gan_settings_get_limit_rate (settings), ==, 0);
  g_assert_true (gan_settings_get_notify (settings));
  g_assert_cmpstr (gan_settings_get_color_scheme (settings), ==, "default");
  gan_settings_get_window (settings, &width, &height, &maximized);
  g_assert_cmpint (width, ==, 820);
  g_assert_cmpint (height, ==, 680);
  g_assert_false (maximized);
  g_assert_true (g_path_is_absolute (gan_settings_get_download_folder (settings)));

  specs = g_object_class_list_properties (G_OBJECT_GET_CLASS (settings), &n_specs);
  g_assert_cmpuint (n_specs, ==, 10);
  for (guint i = 0; i < n_specs; i++)
    {
      g_auto (GValue) stored = G_VALUE_INIT;
      g_auto (GValue) built_in = G_VALUE_INIT;

      g_object_get_property (G_OBJECT (settings), specs[i]->name, &stored);
      g_object_get_property (G_OBJECT (plain), specs[i]->name, &built_in);
      g_assert_cmpint (g_param_values_cmp (specs[i], &stored, &built_in), ==, 0);
    }
  g_assert_finalize_object (g_steal_pointer (&settings));
  g_assert_finalize_object (g_steal_pointer (&plain));
}

/* Nothing is written by reading. */
static void
test_round_trip (void)
{
  g_autoptr (GanSettings) settings = gan_settings_new ();
  g_autofree char *path = dup_path ();
  g_autofree char *text = NULL;
  GStatBuf status;

  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  gan_settings_set_download_folder (settings, "/srv/Фильмы");
  gan_settings_set_wish (settings, "1080p");
  gan_settings_set_max_jobs (settings, 7);
  gan_settings_set_max_jobs_per_host (settings, 4);
  gan_settings_set_limit_rate (settings, G_GINT64_CONSTANT (5000000000));
  gan_settings_set_notify (settings, FALSE);
  gan_settings_set_color_scheme (settings, "dark");
  gan_settings_set_window (settings, 1200, 900, TRUE);
  g_assert_finalize_object (g_steal_pointer (&settings));

  g_assert_cmpint (g_stat (path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
  text = read_file ();
  g_assert_nonnull (strstr (text, "[gannet]"));
  g_assert_nonnull (strstr (text, "wish='1080p'"));

  settings = gan_settings_new ();
  g_assert_cmpstr (gan_settings_get_download_folder (settings), ==, "/srv/Фильмы");
  g_assert_cmpstr (gan_settings_get_wish (settings), ==, "1080p");
  g_assert_cmpuint (gan_settings_get_max_jobs (settings), ==, 7);
  g_assert_cmpuint (gan_settings_get_max_jobs_per_host (settings), ==, 4);
  g_assert_cmpint (gan_settings_get_limit_rate (settings), ==, G_GINT64_CONSTANT (5000000000));
  g_assert_false (gan_settings_get_notify (settings));
  g_assert_cmpstr (gan_settings_get_color_scheme (settings), ==, "dark");
  g_assert_finalize_object (g_steal_pointer (&settings));
}

static void
test_ranges (void)
{
  g_autoptr (GanSettings) settings = gan_settings_new ();
  int width = 0;
  int height = 0;
  gboolean maximized = FALSE;

  gan_settings_set_max_jobs (settings, 0);
  g_assert_cmpuint (gan_settings_get_max_jobs (settings), ==, 1);
  gan_settings_set_max_jobs (settings, G_MAXUINT);
  g_assert_cmpuint (gan_settings_get_max_jobs (settings), ==, 16);
  gan_settings_set_max_jobs_per_host (settings, 9);
  g_assert_cmpuint (gan_settings_get_max_jobs_per_host (settings), ==, 8);
  gan_settings_set_limit_rate (settings, -1);
  g_assert_cmpint (gan_settings_get_limit_rate (settings), ==, 0);
  gan_settings_set_wish (settings, "enormous");
  gan_settings_set_wish (settings, "\xff");
  g_assert_cmpstr (gan_settings_get_wish (settings), ==, "best");
  gan_settings_set_color_scheme (settings, "pink");
  g_assert_cmpstr (gan_settings_get_color_scheme (settings), ==, "default");
  gan_settings_set_download_folder (settings, "films");
  g_assert_true (g_path_is_absolute (gan_settings_get_download_folder (settings)));
  gan_settings_set_window (settings, -5, 1 << 30, FALSE);
  gan_settings_get_window (settings, &width, &height, &maximized);
  g_assert_cmpint (width, ==, 200);
  g_assert_cmpint (height, ==, 16384);
}

/* What somebody wrote into the file that makes no sense is the default, what does is kept. */
static void
test_nonsense (void)
{
  g_autoptr (GanSettings) settings = NULL;

  write_file ("[gannet]\nmax-jobs=uint32 400\nmax-jobs-per-host='many'\nwish='enormous'\n"
              "limit-rate=-3\ncolor-scheme='pink'\ndownload-folder='films'\nnotify=false\n");
  settings = gan_settings_new ();
  g_assert_cmpuint (gan_settings_get_max_jobs (settings), ==, 4);
  g_assert_cmpuint (gan_settings_get_max_jobs_per_host (settings), ==, 2);
  g_assert_cmpstr (gan_settings_get_wish (settings), ==, "best");
  g_assert_cmpint (gan_settings_get_limit_rate (settings), ==, 0);
  g_assert_cmpstr (gan_settings_get_color_scheme (settings), ==, "default");
  g_assert_true (g_path_is_absolute (gan_settings_get_download_folder (settings)));
  g_assert_false (gan_settings_get_notify (settings));
}

/* A damaged file is set aside as it is, and what is set afterwards is stored. */
static void
test_damaged (void)
{
  static const char damage[] = "[gannet]\nwish='720p'\nthis is no setting\n";
  g_autofree char *path = dup_path ();
  g_autofree char *aside = g_strconcat (path, ".damaged", NULL);
  g_autofree char *second = g_strconcat (path, ".damaged-2", NULL);
  g_autofree char *kept = NULL;
  g_autoptr (GanSettings) settings = NULL;

  write_file (damage);
  expect_warning ("*settings.ini was damaged*");
  settings = gan_settings_new ();
  g_test_assert_expected_messages ();
  g_assert_cmpstr (gan_settings_get_wish (settings), ==, "best");
  g_assert_true (g_file_get_contents (aside, &kept, NULL, NULL));
  g_assert_cmpstr (kept, ==, damage);

  /* Once more, while the program runs. */
  write_file ("[gannet\n");
  expect_warning ("*settings.ini was damaged*");
  gan_settings_set_wish (settings, "480p");
  g_test_assert_expected_messages ();
  g_assert_true (g_file_test (second, G_FILE_TEST_EXISTS));
  g_assert_finalize_object (g_steal_pointer (&settings));
  settings = gan_settings_new ();
  g_assert_cmpstr (gan_settings_get_wish (settings), ==, "480p");
}

/* Something that is no file is left alone, and so is one that cannot be read. */
static void
test_no_file (void)
{
  g_autofree char *path = dup_path ();
  g_autoptr (GanSettings) settings = NULL;

  g_assert_cmpint (g_mkdir_with_parents (path, 0700), ==, 0);
  expect_warning ("*is no file*");
  settings = gan_settings_new ();
  g_test_assert_expected_messages ();
  gan_settings_set_max_jobs (settings, 5);
  g_assert_cmpuint (gan_settings_get_max_jobs (settings), ==, 5);
  g_assert_true (g_file_test (path, G_FILE_TEST_IS_DIR));
}

static void
count_cb (GObject *object, GParamSpec *pspec, gpointer user_data)
{
  guint *count = user_data;

  (*count)++;
}

static void
test_notify (void)
{
  g_autoptr (GanSettings) settings = gan_settings_new ();
  guint count = 0;

  g_signal_connect (settings, "notify", G_CALLBACK (count_cb), &count);
  gan_settings_set_max_jobs (settings, 5);
  g_assert_cmpuint (count, ==, 1);
  gan_settings_set_max_jobs (settings, 5);
  g_assert_cmpuint (count, ==, 1);
  g_object_set (settings, "wish", "audio", NULL);
  g_assert_cmpuint (count, ==, 2);
  g_object_set (settings, "wish", "audio", NULL);
  g_assert_cmpuint (count, ==, 2);
}

static gboolean
give_up_cb (gpointer user_data)
{
  g_test_fail_printf ("nothing was told within %d ms", PATIENCE);
  return G_SOURCE_REMOVE;
}

/* What another process writes is told here. */
static void
test_other_process (void)
{
  g_autofree char *program = gan_test_program_dup_path ("tests/service/settings-run");
  const char *const argv[] = { program, "9", NULL };
  g_autofree char *home = g_strconcat ("XDG_CONFIG_HOME=", config_home, NULL);
  const char *const environment[] = { home, NULL };
  g_autoptr (GanSettings) settings = NULL;
  g_autoptr (GanTestRun) run = NULL;
  guint count = 0;
  guint limit = 0;

  write_file ("[gannet]\nwish='720p'\n");
  settings = gan_settings_new ();
  g_signal_connect (settings, "notify::max-jobs", G_CALLBACK (count_cb), &count);
  run = gan_test_run_start (argv, environment, NULL, NULL);
  limit = g_timeout_add (PATIENCE, give_up_cb, NULL);
  while (count == 0 && !g_test_failed ())
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (limit);
  g_assert_cmpuint (gan_settings_get_max_jobs (settings), ==, 9);
  g_assert_cmpstr (gan_settings_get_wish (settings), ==, "720p");
  g_assert_true (gan_test_run_wait (run, PATIENCE));
  g_assert_cmpint (gan_test_run_get_exit (run), ==, 0);
}

/* Options and variables stand above the settings, also when these change. */
static void
test_merge (void)
{
  g_autoptr (GanSettings) settings = gan_settings_new_default ();
  g_autoptr (GanConfig) config = NULL;
  g_autoptr (GanConfig) spoken = NULL;
  g_autoptr (GError) error = NULL;

  gan_settings_set_wish (settings, "720p");
  gan_settings_set_download_folder (settings, "/srv/films");
  gan_settings_set_limit_rate (settings, 1000);
  config = gan_config_new (TRUE, &error);
  g_assert_no_error (error);
  gan_settings_merge (settings, config);
  g_assert_cmpstr (config->download_dir, ==, "/srv/films");
  g_assert_cmpstr (config->wish, ==, "720p");
  g_assert_cmpuint (config->max_jobs, ==, 4);
  g_assert_cmpuint (config->max_jobs_per_host, ==, 2);
  g_assert_cmpint (config->limit_rate, ==, 1000);
  gan_settings_set_wish (settings, "audio");
  gan_settings_set_max_jobs (settings, 8);
  gan_settings_set_download_folder (settings, "/srv/songs");
  gan_settings_merge (settings, config);
  g_assert_cmpstr (config->wish, ==, "audio");
  g_assert_cmpuint (config->max_jobs, ==, 8);
  g_assert_cmpstr (config->download_dir, ==, "/srv/songs");

  g_setenv ("GANNET_DOWNLOAD_DIR", "/srv/other", TRUE);
  spoken = gan_config_new (TRUE, &error);
  g_unsetenv ("GANNET_DOWNLOAD_DIR");
  g_assert_no_error (error);
  spoken->limit_rate = 0;
  spoken->max_jobs = 1;
  for (guint i = 0; i < 2; i++)
    {
      gan_settings_merge (settings, spoken);
      g_assert_cmpstr (spoken->download_dir, ==, "/srv/other");
      g_assert_cmpint (spoken->limit_rate, ==, 0);
      g_assert_cmpuint (spoken->max_jobs, ==, 1);
      g_assert_cmpstr (spoken->wish, ==, "audio");
    }
}

/* Runs settings-run, under strace with the rule @inject if not NULL. */
static GanTestRun *
run_settings (const char *inject, const char *extra)
{
  g_autofree char *program = gan_test_program_dup_path ("tests/service/settings-run");
  g_autofree char *home = g_strconcat ("XDG_CONFIG_HOME=", config_home, NULL);
  const char *const wrapper[] = { "strace", "-f", "-qq", "-o", "/dev/null", "-e", inject, NULL };
  const char *environment[]
      = { home, "ASAN_OPTIONS=detect_leaks=0:intercept_tls_get_addr=0", extra, NULL };
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  GanTestRun *run = NULL;

  for (guint i = 0; inject != NULL && wrapper[i] != NULL; i++)
    g_ptr_array_add (argv, (gpointer) wrapper[i]);
  g_ptr_array_add (argv, program);
  g_ptr_array_add (argv, (gpointer) "9");
  g_ptr_array_add (argv, NULL);
  run = gan_test_run_start ((const char *const *) argv->pdata, environment, NULL, NULL);
  g_assert_true (gan_test_run_wait (run, PATIENCE));
  return run;
}

/* The old settings or the new ones, whole; nothing where there was nothing. */
static void
assert_whole (const char *before, gboolean has_ended)
{
  g_autofree char *text = read_file ();
  g_autoptr (GKeyFile) file = g_key_file_new ();
  gboolean has_new = text != NULL && strstr (text, "max-jobs=9\n") != NULL;

  g_assert_true (has_new || !has_ended);
  if (text == NULL)
    {
      g_assert_null (before);
      return;
    }
  g_assert_cmpstr (text, !=, "");
  g_assert_true (g_key_file_load_from_data (file, text, strlen (text), 0, NULL));
  if (before != NULL && has_new)
    g_assert_true (g_str_has_prefix (text, before));
  else if (before != NULL)
    g_assert_cmpstr (text, ==, before);
}

/* Killed at each call @name; returns how many times. */
static guint
kill_at_each (const char *name, const char *before)
{
  for (guint n = 1; n <= MOST_CALLS; n++)
    {
      g_autofree char *rule = g_strdup_printf ("inject=%s:signal=KILL:when=%u", name, n);
      g_autoptr (GanTestRun) run = NULL;

      empty_config ();
      if (before != NULL)
        write_file (before);
      run = run_settings (rule, NULL);
      assert_whole (before, gan_test_run_get_exit (run) == 0);
      if (gan_test_run_get_exit (run) == 0)
        return n - 1;
      g_assert_cmpint (gan_test_run_get_exit (run), ==, -SIGKILL);
    }
  g_assert_not_reached ();
}

/* @before: the file, NULL for none. */
static void
kill_at_every (const char *before)
{
  g_autofree char *strace = g_find_program_in_path ("strace");
  guint n_killed = 0;

  if (strace == NULL)
    {
      g_test_skip ("strace is not installed");
      return;
    }
  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    n_killed += kill_at_each (changes[i], before);
  g_test_message ("killed at %u calls", n_killed);
  g_assert_cmpuint (n_killed, >, 10);
}

static void
test_kill (void)
{
  kill_at_every ("[gannet]\nwish='720p'\n");
}

static void
test_kill_first (void)
{
  kill_at_every (NULL);
}

/* In a program that lies where no schema is. */
static void
test_no_schema (void)
{
  g_autoptr (GanTestFolder) folder = gan_test_folder_new ();
  g_autofree char *program = gan_test_program_dup_path ("tests/service/settings-run");
  g_autofree char *copy = gan_test_folder_dup_path (folder, "settings-run");
  g_autoptr (GFile) from = g_file_new_for_path (program);
  g_autoptr (GFile) to = g_file_new_for_path (copy);
  g_autofree char *home = g_strconcat ("XDG_CONFIG_HOME=", config_home, NULL);
  g_autofree char *data = g_strconcat ("XDG_DATA_DIRS=", folder->path, NULL);
  g_autofree char *path = dup_path ();
  const char *const argv[] = { copy, "9", NULL };
  const char *const environment[] = { home, data, "GSETTINGS_SCHEMA_DIR", NULL };
  g_autoptr (GanTestRun) run = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_copy (from, to, G_FILE_COPY_NONE, NULL, NULL, NULL, &error));
  g_assert_no_error (error);
  run = gan_test_run_sync (argv, environment, NULL, NULL);
  g_assert_cmpint (gan_test_run_get_exit (run), ==, 0);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

/* GSETTINGS_BACKEND says otherwise. */
static void
test_other_backend (void)
{
  g_autoptr (GanTestRun) run = run_settings (NULL, "GSETTINGS_BACKEND=memory");
  g_autofree char *path = dup_path ();

  g_assert_cmpint (gan_test_run_get_exit (run), ==, 0);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

typedef void (*Test) (void);

static void
run_test (gconstpointer data)
{
  Test test = (Test) data;

  empty_config ();
  test ();
}

static void
add (const char *path, Test test)
{
  g_test_add_data_func (path, (gconstpointer) test, run_test);
}

int
main (int argc, char **argv)
{
  g_autoptr (GanTestFolder) folder = gan_test_folder_new ();

  config_home = folder->path;
  g_setenv ("XDG_CONFIG_HOME", config_home, TRUE);
  g_unsetenv ("GSETTINGS_BACKEND");
  g_unsetenv ("GANNET_DOWNLOAD_DIR");
  g_test_init (&argc, &argv, NULL);
  add ("/settings/defaults", test_defaults);
  add ("/settings/round-trip", test_round_trip);
  add ("/settings/ranges", test_ranges);
  add ("/settings/nonsense", test_nonsense);
  add ("/settings/damaged", test_damaged);
  add ("/settings/no-file", test_no_file);
  add ("/settings/notify", test_notify);
  add ("/settings/other-process", test_other_process);
  add ("/settings/merge", test_merge);
  add ("/settings/no-schema", test_no_schema);
  add ("/settings/other-backend", test_other_backend);
  add ("/settings/K12-kill", test_kill);
  add ("/settings/K12-kill-first", test_kill_first);
  return g_test_run ();
}
