/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gannet-cli queue as its users meet it, while nobody executes the queue. */
#include "config.h"

#include "gan-test-cli.h"

#include <string.h>

#define MANY 100
#define PATIENCE 60000

static GPtrArray *
list (GanTestCli *self)
{
  g_autoptr (GanTestRun) ended = gan_test_cli_run (self, "queue", "list", "--json");

  gan_test_cli_assert_exit (ended, 0);
  return gan_test_cli_parse (ended);
}

/* The members @name of all rows, joined. */
static char *
join (GPtrArray *rows, const char *name)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < rows->len; i++)
    {
      const char *value = gan_json_get_string (rows->pdata[i], name);

      g_string_append_printf (text, "%s%s", i > 0 ? " " : "", value != NULL ? value : "-");
    }
  return g_strdup (text->str);
}

static void
assert_list (GanTestCli *self, const char *name, const char *expected)
{
  g_autoptr (GPtrArray) rows = list (self);
  g_autofree char *actual = join (rows, name);

  g_assert_cmpstr (actual, ==, expected);
}

static void
add (GanTestCli *self, const char *url)
{
  g_autoptr (GanTestRun) ended = gan_test_cli_run (self, "queue", "add", url);

  gan_test_cli_assert_exit (ended, 0);
}

static char *
dup_id (GanTestCli *self, guint index)
{
  g_autoptr (GPtrArray) rows = list (self);

  g_assert_cmpuint (index, <, rows->len);
  return g_strdup (gan_json_get_string (rows->pdata[index], "id"));
}

static void
test_usage (GanTestCli *self, gconstpointer data)
{
  static const char *const lines[][6] = {
    { NULL },
    { "frobnicate" },
    { "--frobnicate" },
    { "add" },
    { "add", "-q", "enormous", "https://example.org/a.mp4" },
    { "add", "-q", "best", "-f", "x", "https://example.org/a.mp4" },
    { "list", "surplus" },
    { "pause" },
    { "pause", "--all", "7" },
    { "remove" },
    { "retry", "--json" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autoptr (GanTestRun) ended = gan_test_cli_run (self,
                                                       "queue",
                                                       lines[i][0],
                                                       lines[i][1],
                                                       lines[i][2],
                                                       lines[i][3],
                                                       lines[i][4]);

      g_test_message ("line %u", i);
      gan_test_cli_assert_usage (ended);
    }
}

static void
test_help (GanTestCli *self, gconstpointer data)
{
  g_autoptr (GanTestRun) top = gan_test_cli_run (self, "--help");
  g_autoptr (GanTestRun) queue = gan_test_cli_run (self, "queue", "--help");
  g_autoptr (GanTestRun) verb = gan_test_cli_run (self, "queue", "add", "--help");
  g_autofree char *top_text = gan_test_run_dup_stdout (top);
  g_autofree char *queue_text = gan_test_run_dup_stdout (queue);
  g_autofree char *verb_text = gan_test_run_dup_stdout (verb);

  gan_test_cli_assert_exit (queue, 0);
  gan_test_cli_assert_exit (verb, 0);
  g_assert_nonnull (strstr (top_text, "\n  queue      VERB …          Keeps"));
  g_assert_nonnull (strstr (top_text, "\n  get        URL…            Downloads"));
  g_assert_nonnull (strstr (queue_text, "gannet-cli queue [OPTION…] VERB …"));
  g_assert_nonnull (strstr (queue_text, "\n  pause      ID…             Stops"));
  g_assert_nonnull (strstr (verb_text, "gannet-cli queue add [OPTION…] URL…|-"));
  g_assert_nonnull (strstr (verb_text, "--directory"));
}

/* Links from arguments and input, in order; what is none does not stand in the way. */
static void
test_add (GanTestCli *self, gconstpointer data)
{
  static const char input[] = "https://example.org/2.mp4\r\n\nnonsense\nexample.org/3.mp4\n";
  g_autoptr (GanTestRun) ended = gan_test_cli_run_with_input (self,
                                                              input,
                                                              "queue",
                                                              "add",
                                                              "--json",
                                                              "-d",
                                                              "films",
                                                              "-q",
                                                              "720p",
                                                              "https://joe:word@example.org/1.mp4",
                                                              "-",
                                                              "https://t.me/",
                                                              "https://t.me/some_channel/76",
                                                              NULL);
  g_autoptr (GPtrArray) lines = gan_test_cli_parse (ended);
  g_autoptr (GPtrArray) rows = list (self);
  g_autofree char *folder = gan_test_folder_dup_path (self->folder, "films");
  JsonNode *row = NULL;

  gan_test_cli_assert_exit (ended, 3);
  gan_test_cli_assert_stderr (ended, "it will be downloaded when Gannet runs");
  g_assert_cmpuint (lines->len, ==, 6);
  for (guint i = 0; i < 2; i++)
    g_assert_cmpstr (gan_json_get_string (lines->pdata[i], "error.code"), ==, "unsupported-url");
  g_ptr_array_remove_range (lines, 0, 2);
  assert_list (self,
               "url",
               "https://example.org/1.mp4 https://example.org/2.mp4 https://example.org/3.mp4 "
               "https://t.me/some_channel/76");
  assert_list (self, "platform", "generic generic generic telegram");
  assert_list (self, "wish", "720p 720p 720p 720p");
  assert_list (self, "state", "waiting waiting waiting waiting");
  row = rows->pdata[3];
  g_assert_cmpstr (gan_json_get_string (row, "wanted"), ==, "run");
  g_assert_cmpstr (gan_json_get_string (row, "folder"), ==, folder);
  g_assert_true (json_object_get_null_member (json_node_get_object (row), "error"));
  g_assert_true (json_object_get_null_member (json_node_get_object (row), "total"));
  g_assert_true (json_object_get_null_member (json_node_get_object (row), "retry_at"));
  g_assert_false (json_object_has_member (json_node_get_object (row), "error_code"));
  g_assert_true (g_str_has_suffix (gan_json_get_string (row, "added_at"), "Z"));
  for (guint i = 0; i < 4; i++)
    g_assert_cmpstr (gan_json_get_string (lines->pdata[i], "id"),
                     ==,
                     gan_json_get_string (rows->pdata[i], "id"));
}

/* Where nothing is said the settings hold, unless they are not wanted. */
static void
test_settings (GanTestCli *self, gconstpointer data)
{
  g_autofree char *path = gan_test_folder_dup_path (self->folder, ".XDG_CONFIG_HOME/gannet");
  g_autoptr (GanTestRun) plain = NULL;
  g_autoptr (GanTestRun) format = NULL;
  g_autoptr (GPtrArray) rows = NULL;

  g_assert_cmpint (g_mkdir_with_parents (path, 0700), ==, 0);
  gan_test_folder_write (self->folder,
                         ".XDG_CONFIG_HOME/gannet/settings.ini",
                         "[gannet]\nwish='audio'\ndownload-folder='/srv/films'\n",
                         -1);
  add (self, "https://example.org/1.mp4");
  plain = gan_test_cli_run (self, "--no-config", "queue", "add", "https://example.org/2.mp4");
  gan_test_cli_assert_exit (plain, 0);
  format
      = gan_test_cli_run (self, "queue", "add", "-f", "22", "-d", "/", "https://example.org/3.mp4");
  gan_test_cli_assert_exit (format, 0);
  assert_list (self, "wish", "audio best format:22");
  rows = list (self);
  g_assert_cmpstr (gan_json_get_string (rows->pdata[0], "folder"), ==, "/srv/films");
  g_assert_cmpstr (gan_json_get_string (rows->pdata[1], "folder"), !=, "/srv/films");
  g_assert_cmpstr (gan_json_get_string (rows->pdata[2], "folder"), ==, "/");
}

static void
test_change (GanTestCli *self, gconstpointer data)
{
  g_autofree char *first = NULL;
  g_autofree char *prefix = NULL;
  g_autoptr (GanTestRun) paused = NULL;
  g_autoptr (GanTestRun) text = NULL;
  g_autoptr (GanTestRun) resumed = NULL;
  g_autoptr (GanTestRun) unknown = NULL;
  g_autoptr (GanTestRun) removed = NULL;
  g_autoptr (GanTestRun) retried = NULL;
  g_autoptr (GPtrArray) unknown_lines = NULL;
  g_autofree char *lines = NULL;

  add (self, "https://example.org/1.mp4");
  add (self, "https://example.org/2.mp4");
  first = dup_id (self, 0);
  prefix = g_strndup (first, 12);
  paused = gan_test_cli_run (self, "queue", "pause", prefix);
  gan_test_cli_assert_exit (paused, 0);
  assert_list (self, "wanted", "pause run");
  text = gan_test_cli_run (self, "queue", "list");
  lines = gan_test_run_dup_stdout (text);
  g_assert_nonnull (strstr (lines, "  paused               https://example.org/1.mp4\n"));
  g_assert_nonnull (strstr (lines, "  waiting              https://example.org/2.mp4\n"));

  resumed = gan_test_cli_run (self, "queue", "resume", "--all");
  gan_test_cli_assert_exit (resumed, 0);
  assert_list (self, "wanted", "run run");

  /* One that is not there does not stand in the way of one that is. */
  unknown = gan_test_cli_run (self, "queue", "cancel", "--json", "zzz", prefix);
  gan_test_cli_assert_exit (unknown, 4);
  gan_test_cli_assert_stderr (unknown, "gannet-cli: there is no download zzz");
  unknown_lines = gan_test_cli_parse (unknown);
  g_assert_cmpuint (unknown_lines->len, ==, 2);
  g_assert_cmpstr (gan_json_get_string (unknown_lines->pdata[0], "error.code"), ==, "not-found");
  g_assert_cmpstr (gan_json_get_string (unknown_lines->pdata[1], "wanted"), ==, "cancel");
  assert_list (self, "wanted", "cancel run");

  /* Of all, only those are begun again that have ended; these have not. */
  retried = gan_test_cli_run (self, "queue", "retry", "--all");
  gan_test_cli_assert_exit (retried, 0);
  assert_list (self, "wanted", "cancel run");

  removed = gan_test_cli_run (self, "queue", "remove", first);
  gan_test_cli_assert_exit (removed, 0);
  assert_list (self, "url", "https://example.org/2.mp4");
}

/* Of 17 ids two begin with the same digit. */
static void
test_ambiguous (GanTestCli *self, gconstpointer data)
{
  g_autoptr (GString) input = g_string_new (NULL);
  g_autoptr (GanTestRun) added = NULL;
  g_autoptr (GanTestRun) ended = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GPtrArray) after = NULL;
  g_autofree char *wanted = NULL;
  guint counts[128] = { 0 };
  char digit[2] = { 0 };

  for (guint i = 0; i < 17; i++)
    g_string_append_printf (input, "https://example.org/%u.mp4\n", i);
  added = gan_test_cli_run_with_input (self, input->str, "queue", "add", "-", NULL);
  gan_test_cli_assert_exit (added, 0);
  rows = list (self);
  for (guint i = 0; i < rows->len && digit[0] == 0; i++)
    {
      char c = *gan_json_get_string (rows->pdata[i], "id");

      if (++counts[c & 127] == 2)
        digit[0] = c;
    }
  ended = gan_test_cli_run (self, "queue", "pause", digit);
  gan_test_cli_assert_exit (ended, 2);
  gan_test_cli_assert_stderr (ended, "several");
  after = list (self);
  wanted = join (after, "wanted");
  g_assert_null (strstr (wanted, "pause"));
}

/* Adds many links whose names begin with @prefix. */
static GanTestRun *
begin_many (GanTestCli *self, const char *prefix)
{
  g_autoptr (GString) command = g_string_new (NULL);
  g_autofree char *data
      = g_strconcat ("XDG_DATA_HOME=", self->folder->path, "/.XDG_DATA_HOME", NULL);
  const char *const environment[] = { data, NULL };
  const char *argv[] = { "sh", "-c", NULL, NULL };

  g_string_append_printf (command, "exec %s --no-config queue add", self->program);
  for (guint i = 0; i < MANY; i++)
    g_string_append_printf (command, " https://example.org/%s%u.mp4", prefix, i);
  argv[2] = command->str;
  return gan_test_run_start (argv, environment, self->folder->path, NULL);
}

/* Two programs at once, each with many links: all are there once, in the order of each. */
static void
test_two_at_once (GanTestCli *self, gconstpointer data)
{
  g_autoptr (GanTestRun) a = begin_many (self, "a");
  g_autoptr (GanTestRun) b = begin_many (self, "b");
  g_autoptr (GPtrArray) rows = NULL;
  guint next[2] = { 0 };

  g_assert_true (gan_test_run_wait (a, PATIENCE));
  g_assert_true (gan_test_run_wait (b, PATIENCE));
  gan_test_cli_assert_exit (a, 0);
  gan_test_cli_assert_exit (b, 0);
  rows = list (self);
  g_assert_cmpuint (rows->len, ==, 2 * MANY);
  for (guint i = 0; i < rows->len; i++)
    {
      const char *url = gan_json_get_string (rows->pdata[i], "url");
      guint which = strstr (url, "/b") != NULL;
      g_autofree char *expected
          = g_strdup_printf ("https://example.org/%s%u.mp4", which ? "b" : "a", next[which]++);

      g_assert_cmpstr (url, ==, expected);
      g_assert_cmpint (gan_json_get_int (rows->pdata[i], "position"), ==, i);
    }
}

/* A damaged database is told, and is no reason to stop. */
static void
test_damaged (GanTestCli *self, gconstpointer data)
{
  static const char path[] = ".XDG_DATA_HOME/gannet/gannet.db";
  g_autofree char *garbage = g_strnfill (40000, 'x');
  g_autoptr (GanTestRun) ended = NULL;

  add (self, "https://example.org/1.mp4");
  gan_test_folder_write (self->folder, path, garbage, -1);
  ended = gan_test_cli_run (self, "queue", "add", "https://example.org/2.mp4");
  gan_test_cli_assert_exit (ended, 0);
  gan_test_cli_assert_stderr (ended, "the database was damaged");
  assert_list (self, "url", "https://example.org/2.mp4");
}

/* A disk that does not take the row is an error, and nothing was added. */
static void
test_no_place (GanTestCli *self, gconstpointer data)
{
  g_autoptr (GanTestRun) ended = NULL;
  g_autoptr (GPtrArray) lines = NULL;

  gan_test_folder_write (self->folder, ".XDG_DATA_HOME", "no folder", -1);
  ended = gan_test_cli_run (self, "queue", "add", "--json", "https://example.org/1.mp4");
  gan_test_cli_assert_exit (ended, 9);
  lines = gan_test_cli_parse (ended);
  g_assert_cmpstr (gan_json_get_string (gan_test_cli_last (lines), "error.code"), ==, "disk");
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *path;
    void (*func) (GanTestCli *self, gconstpointer data);
  } tests[] = {
    { "/cli-queue/usage", test_usage },       { "/cli-queue/help", test_help },
    { "/cli-queue/add", test_add },           { "/cli-queue/settings", test_settings },
    { "/cli-queue/change", test_change },     { "/cli-queue/ambiguous", test_ambiguous },
    { "/cli-queue/two", test_two_at_once },   { "/cli-queue/damaged", test_damaged },
    { "/cli-queue/no-place", test_no_place },
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
