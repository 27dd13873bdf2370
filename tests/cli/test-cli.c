/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gannet-cli as its users meet it: a program with arguments, output and an exit code (contracts.md
 * §1). */
#include "config.h"

#include "gan-limits.h"
#include "gan-store.h"
#include "gan-test-cli.h"
#include "gan-test-har.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>

static void
test_usage (GanTestCli *fixture, gconstpointer data)
{
  static const char *const lines[][6] = {
    { NULL },
    { "frobnicate" },
    { "--frobnicate" },
    { "info" },
    { "info", "https://example.org/1", "https://example.org/2" },
    { "get" },
    { "get", "-o", "a/b", "https://example.org/1" },
    { "get", "-o", "..", "https://example.org/1" },
    { "get", "-o", "", "https://example.org/1" },
    { "get", "-o", "name", "https://example.org/1", "https://example.org/2" },
    { "get", "-q", "enormous", "https://example.org/1" },
    { "get", "-q", "best", "-f", "x", "https://example.org/1" },
    { "get", "--limit-rate", "fast", "https://example.org/1" },
    { "list", "--limit", "0", "https://example.org/1" },
    { "search", "telegram" },
    { "platforms", "surplus" },
    { "--connect-to", "nonsense", "detect", "https://example.org/1" },
    { "--proxy", "gopher://localhost", "info", "https://example.org/1" },
    { "--ca-file", "missing.pem", "info", "https://example.org/1" },
    { "--replay", "missing.har", "info", "https://example.org/1" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autoptr (GanTestRun) ended = gan_test_cli_run (fixture,
                                                       lines[i][0],
                                                       lines[i][1],
                                                       lines[i][2],
                                                       lines[i][3],
                                                       lines[i][4],
                                                       lines[i][5]);

      g_test_message ("line %u", i);
      gan_test_cli_assert_usage (ended);
    }
}

static void
test_help (GanTestCli *fixture, gconstpointer data)
{
  g_autoptr (GanTestRun) version = gan_test_cli_run (fixture, "--version");
  g_autoptr (GanTestRun) help = gan_test_cli_run (fixture, "--help");
  g_autoptr (GanTestRun) verb_help = gan_test_cli_run (fixture, "get", "--help");
  g_autofree char *version_text = gan_test_run_dup_stdout (version);
  g_autofree char *help_text = gan_test_run_dup_stdout (help);
  g_autofree char *verb_text = gan_test_run_dup_stdout (verb_help);

  gan_test_cli_assert_exit (version, 0);
  g_assert_cmpstr (version_text, ==, "gannet-cli " GAN_VERSION "\n");
  gan_test_cli_assert_exit (help, 0);
  g_assert_nonnull (strstr (help_text, "detect"));
  g_assert_nonnull (strstr (help_text, "--replay"));
  gan_test_cli_assert_exit (verb_help, 0);
  g_assert_nonnull (strstr (verb_text, "--limit-rate"));
}

/* An object for every non-empty line, in order, whatever stands in it. */
static void
test_detect (GanTestCli *fixture, gconstpointer data)
{
  g_autofree char *endless = g_strnfill (GAN_LIMIT_URL_BYTES + 1, 'a');
  g_autofree char *input = g_strdup_printf ("https://example.org/film.mp4\r\n"
                                            "\n"
                                            "example.org/song.MP3?x=1\n"
                                            "https://joe:word@example.org/\n"
                                            "caf\xe9 nonsense\n"
                                            "%s\n"
                                            "https://t.me/\n"
                                            "https://t.me/some_channel/76",
                                            endless);
  static const struct
  {
    const char *url;
    const char *platform;
    const char *kind;
    const char *id;
  } expected[] = {
    { "https://example.org/film.mp4", "generic", "video", "film.mp4" },
    { "example.org/song.MP3?x=1", "generic", "audio", "song.MP3" },
    { "https://example.org/", NULL, NULL, NULL },
    { "caf\xef\xbf\xbd nonsense", NULL, NULL, NULL },
    { NULL, NULL, NULL, NULL },
    { "https://t.me/", NULL, NULL, NULL },
    { "https://t.me/some_channel/76", "telegram", "post", "some_channel/76" },
  };
  g_autoptr (GanTestRun) ended
      = gan_test_cli_run_with_input (fixture, input, "detect", "--json", "-", NULL);
  g_autoptr (GPtrArray) lines = gan_test_cli_parse (ended);

  gan_test_cli_assert_exit (ended, 0);
  g_assert_cmpuint (lines->len, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < lines->len; i++)
    {
      JsonNode *line = g_ptr_array_index (lines, i);

      if (expected[i].url != NULL)
        g_assert_cmpstr (gan_json_get_string (line, "url"), ==, expected[i].url);
      g_assert_cmpstr (gan_json_get_string (line, "platform"), ==, expected[i].platform);
      g_assert_cmpstr (gan_json_get_string (line, "kind"), ==, expected[i].kind);
      g_assert_cmpstr (gan_json_get_string (line, "id"), ==, expected[i].id);
    }
  g_assert_cmpstr (gan_json_get_string (g_ptr_array_index (lines, 6), "canonical"),
                   ==,
                   "https://t.me/some_channel/76");
}

static void
test_get (GanTestCli *fixture, gconstpointer data)
{
  g_autofree char *url
      = gan_test_server_dup_url (fixture->server, "/file/film.bin?size=700000&seed=3");
  g_autoptr (GanTestRun) first
      = gan_test_cli_run (fixture, "get", "--json", "-d", "new/folder", url);
  g_autoptr (GanTestRun) second = gan_test_cli_run (fixture, "get", "-d", "new/folder", url);
  g_autoptr (GPtrArray) lines = gan_test_cli_parse (first);
  JsonNode *result = gan_test_cli_last (lines);
  g_autofree char *text = gan_test_run_dup_stdout (second);
  struct stat status;

  gan_test_cli_assert_exit (first, 0);
  g_assert_cmpstr (gan_json_get_string (result, "event"), ==, "result");
  g_assert_cmpint (gan_json_get_int (result, "index"), ==, 0);
  g_assert_cmpstr (gan_json_get_string (result, "url"), ==, url);
  g_assert_cmpint (gan_json_get_int (result, "size"), ==, 700000);
  g_assert_cmpstr (gan_json_get_string (result, "verified"), ==, "length");
  g_assert_false (gan_json_get_boolean (result, "resumed"));
  g_assert_true (g_path_is_absolute (gan_json_get_string (result, "file")));
  g_assert_true (g_str_has_suffix (gan_json_get_string (result, "file"), "/new/folder/film.bin"));
  gan_test_cli_assert_file (fixture->folder, "new/folder/film.bin", 700000, 3);

  gan_test_cli_assert_exit (second, 0);
  gan_test_cli_assert_file (fixture->folder, "new/folder/film (1).bin", 700000, 3);
  g_assert_nonnull (strstr (text, "film (1).bin"));
  g_assert_cmpint (g_stat (gan_json_get_string (result, "file"), &status), ==, 0);
  g_assert_false (status.st_mode & S_IXUSR);
}

/* The rows of the library. */
static GPtrArray *
load_library (GanTestCli *fixture)
{
  g_autofree char *path
      = gan_test_folder_dup_path (fixture->folder, ".XDG_DATA_HOME/gannet/gannet.db");
  g_autoptr (GanStore) store = gan_store_new (path);
  g_autoptr (GError) error = NULL;
  GPtrArray *rows = gan_store_find_files_sync (store, NULL, &error);

  g_assert_no_error (error);
  return rows;
}

static void
serve_until_closed (GanTestExchange *exchange, gpointer user_data)
{
  GBytes *file = user_data;

  gan_test_exchange_printf (exchange,
                            "HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\n"
                            "Connection: close\r\n\r\n");
  gan_test_exchange_write (exchange, g_bytes_get_data (file, NULL), g_bytes_get_size (file));
  gan_test_exchange_close (exchange, FALSE);
}

/* Of a file whose length nobody announced, gannet-media beside the program says whether it is
 * whole. */
static void
test_container (GanTestCli *fixture, gconstpointer data)
{
  g_autofree char *path = gan_test_program_dup_path ("tests/media/clip.mp4");
  g_autofree char *url = gan_test_server_dup_url (fixture->server, "/closed/clip.mp4");
  g_autoptr (GBytes) file = NULL;
  g_autoptr (GanTestRun) ended = NULL;
  g_autoptr (GPtrArray) lines = NULL;
  char *bytes = NULL;
  gsize length = 0;

  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  file = g_bytes_new_take (bytes, length);
  gan_test_server_add (fixture->server, "closed", serve_until_closed, file);
  ended = gan_test_cli_run (fixture, "get", "--json", url);
  gan_test_cli_assert_exit (ended, 0);
  lines = gan_test_cli_parse (ended);
  g_assert_cmpstr (gan_json_get_string (gan_test_cli_last (lines), "verified"), ==, "container");
}

static void
test_library (GanTestCli *fixture, gconstpointer data)
{
  g_autofree char *good
      = gan_test_server_dup_url (fixture->server, "/file/film.mp4?size=5000&seed=3&token=abc");
  g_autofree char *gone = gan_test_server_dup_url (fixture->server, "/status/b.bin?status=404");
  g_autoptr (GanTestRun) ended = gan_test_cli_run (fixture, "get", "-d", "films", gone, good);
  g_autofree char *errors = gan_test_run_dup_stderr (ended);
  g_autofree char *file = gan_test_folder_dup_path (fixture->folder, "films/film.mp4");
  g_autoptr (GPtrArray) rows = load_library (fixture);
  GanLibraryRow *row = NULL;

  gan_test_cli_assert_exit (ended, 4);
  g_assert_null (strstr (errors, "warning"));
  g_assert_cmpuint (rows->len, ==, 1);
  row = rows->pdata[0];
  g_assert_cmpstr (gan_library_row_get_file (row), ==, file);
  g_assert_cmpint (gan_library_row_get_size (row), ==, 5000);
  g_assert_cmpstr (gan_library_row_get_platform (row), ==, "generic");
  g_assert_cmpstr (gan_library_row_get_title (row), !=, NULL);
  g_assert_cmpstr (gan_library_row_get_verified (row), ==, "length");
  g_assert_cmpint (gan_library_row_get_finished_at (row), >, 0);
  g_assert_null (strstr (gan_library_row_get_url (row), "token=abc"));
}

/* A file that is there is there, whatever becomes of its row. */
static void
test_library_refused (GanTestCli *fixture, gconstpointer data)
{
  g_autofree char *url
      = gan_test_server_dup_url (fixture->server, "/file/film.mp4?size=5000&seed=3");
  g_autofree char *other
      = gan_test_server_dup_url (fixture->server, "/file/other.mp4?size=5000&seed=4");
  g_autoptr (GanTestRun) ended = NULL;
  g_autofree char *errors = NULL;
  const char *warning = NULL;

  gan_test_folder_write (fixture->folder, ".XDG_DATA_HOME", "no folder", -1);
  ended = gan_test_cli_run (fixture, "get", url, other);
  errors = gan_test_run_dup_stderr (ended);
  gan_test_cli_assert_exit (ended, 0);
  warning = strstr (errors, "gannet-cli: warning: ");
  g_assert_nonnull (warning);
  g_assert_null (strstr (warning + 1, "gannet-cli: warning: "));
  gan_test_cli_assert_file (fixture->folder, "film.mp4", 5000, 3);
  gan_test_cli_assert_file (fixture->folder, "other.mp4", 5000, 4);
}

static void
serve_page (GanTestExchange *exchange, gpointer user_data)
{
  const char *page = user_data;

  gan_test_exchange_printf (exchange,
                            "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
                            "Content-Length: %zu\r\n\r\n%s",
                            strlen (page),
                            page);
}

/* A page whose words are hostile: its media are had, its title neither steers the terminal nor
 * leaves the folder. */
static void
test_page (GanTestCli *fixture, gconstpointer data)
{
  static const char page[]
      = "<title>../\033[31mred\a\342\200\256 <b>film</b></title>"
        "<video><source src='/file/v.mp4?size=5000&seed=4' type=video/mp4></video>";
  g_autofree char *url = gan_test_server_dup_url (fixture->server, "/page/7");
  g_autoptr (GanTestRun) info = NULL;
  g_autoptr (GanTestRun) formats = NULL;
  g_autoptr (GanTestRun) get = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GPtrArray) format_lines = NULL;
  g_autoptr (GPtrArray) get_lines = NULL;
  g_autofree char *base = NULL;

  gan_test_server_add (fixture->server, "page", serve_page, (gpointer) page);
  info = gan_test_cli_run (fixture, "info", url);
  formats = gan_test_cli_run (fixture, "formats", "--json", url);
  get = gan_test_cli_run (fixture, "get", "--json", "-q", "720p", url);
  text = gan_test_run_dup_stdout (info);
  gan_test_cli_assert_exit (info, 0);
  g_assert_null (strchr (text, '\033'));
  g_assert_null (strchr (text, '\a'));

  gan_test_cli_assert_exit (formats, 0);
  format_lines = gan_test_cli_parse (formats);
  g_assert_cmpuint (format_lines->len, ==, 1);
  g_assert_cmpstr (gan_json_get_string (gan_test_cli_last (format_lines), "[0].ext"), ==, "mp4");

  gan_test_cli_assert_exit (get, 0);
  get_lines = gan_test_cli_parse (get);
  base = g_path_get_basename (gan_json_get_string (gan_test_cli_last (get_lines), "file"));
  g_assert_true (g_str_has_suffix (base, ".mp4"));
  g_assert_false (g_str_has_prefix (base, "."));
  gan_test_cli_assert_file (fixture->folder, base, 5000, 4);
}

/* What each answer to a plain file comes to: code, exit status, and an error object on stdout. */
static void
test_statuses (GanTestCli *fixture, gconstpointer data)
{
  static const struct
  {
    guint status;
    const char *code;
    int exit;
  } expected[] = {
    { 401, "login-required", 5 }, { 403, "not-allowed", 1 }, { 404, "not-found", 4 },
    { 410, "not-found", 4 },      { 418, "http-status", 7 }, { 429, "rate-limited", 6 },
    { 500, "http-status", 7 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      g_autoptr (GanTestHar) har = gan_test_har_new ();
      g_autofree char *path = gan_test_folder_dup_path (fixture->folder, "x.har");
      g_autoptr (GanTestRun) ended = NULL;
      g_autoptr (GPtrArray) lines = NULL;

      gan_test_har_add (har, "GET", "https://example.org/a.bin", expected[i].status, NULL, "no");
      gan_test_har_write (har, path);
      ended = gan_test_cli_run (fixture,
                                "--replay",
                                path,
                                "get",
                                "--json",
                                "https://example.org/a.bin");
      lines = gan_test_cli_parse (ended);
      g_test_message ("status %u", expected[i].status);
      gan_test_cli_assert_exit (ended, expected[i].exit);
      g_assert_cmpstr (gan_json_get_string (gan_test_cli_last (lines), "event"), ==, "error");
      g_assert_cmpstr (gan_json_get_string (gan_test_cli_last (lines), "error.code"),
                       ==,
                       expected[i].code);
      g_assert_cmpint (gan_json_get_int (gan_test_cli_last (lines), "error.http_status"),
                       ==,
                       expected[i].status);
      gan_test_cli_assert_stderr (ended, "gannet-cli: ");
    }
}

/* All links are tried; the code is that of the first that failed. */
static void
test_several (GanTestCli *fixture, gconstpointer data)
{
  g_autofree char *good = gan_test_server_dup_url (fixture->server, "/file/a.bin?size=10&seed=1");
  g_autofree char *gone = gan_test_server_dup_url (fixture->server, "/status/b.bin?status=404");
  g_autofree char *login = gan_test_server_dup_url (fixture->server, "/status/c.bin?status=401");
  g_autoptr (GanTestRun) ended
      = gan_test_cli_run (fixture, "get", "--json", gone, "nonsense", good, login);
  g_autoptr (GPtrArray) lines = gan_test_cli_parse (ended);
  guint errors = 0;

  gan_test_cli_assert_exit (ended, 4);
  for (guint i = 0; i < lines->len; i++)
    errors += g_strcmp0 (gan_json_get_string (g_ptr_array_index (lines, i), "event"), "error") == 0;
  g_assert_cmpuint (errors, ==, 3);
  gan_test_cli_assert_file (fixture->folder, "a.bin", 10, 1);
}

static void
test_not_recorded (GanTestCli *fixture, gconstpointer data)
{
  g_autoptr (GanTestHar) har = gan_test_har_new ();
  g_autofree char *path = gan_test_folder_dup_path (fixture->folder, "empty.har");
  g_autoptr (GanTestRun) ended = NULL;
  g_autoptr (GPtrArray) lines = NULL;

  gan_test_har_write (har, path);
  ended
      = gan_test_cli_run (fixture, "info", "--json", "https://example.org/a.mp4", "--replay", path);
  lines = gan_test_cli_parse (ended);
  gan_test_cli_assert_exit (ended, 7);
  gan_test_cli_assert_stderr (ended, "not recorded: GET https://example.org/a.mp4");
  g_assert_cmpstr (gan_json_get_string (gan_test_cli_last (lines), "error.code"), ==, "network");
  g_assert_cmpstr (gan_json_get_string (gan_test_cli_last (lines), "error.reason"),
                   ==,
                   "not-recorded");
}

/* What was recorded answers again, is for its owner's eyes only, and holds no secret. */
static void
test_record (GanTestCli *fixture, gconstpointer data)
{
  static const char page[] = "<title>Film</title><meta property='og:video' content='/v.mp4'>";
  g_autofree char *url
      = gan_test_server_dup_url (fixture->server, "/page/7?token=Zm9vYmFyYmF6cXV4");
  g_autofree char *path = gan_test_folder_dup_path (fixture->folder, "made.har");
  g_autoptr (GanTestRun) recorded = NULL;
  g_autoptr (GanTestRun) replayed = NULL;
  g_autoptr (GBytes) har = NULL;
  g_autofree char *text = NULL;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  struct stat status;

  gan_test_server_add (fixture->server, "page", serve_page, (gpointer) page);
  recorded = gan_test_cli_run (fixture, "info", "--record", path, url);
  gan_test_cli_assert_exit (recorded, 0);
  g_assert_cmpint (g_stat (path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
  har = gan_test_folder_load (fixture->folder, "made.har");
  text = g_strndup (g_bytes_get_data (har, NULL), g_bytes_get_size (har));
  g_assert_null (strstr (text, "Zm9vYmFyYmF6cXV4"));

  replayed = gan_test_cli_run (fixture, "info", "--replay", path, url);
  gan_test_cli_assert_exit (replayed, 0);
  first = gan_test_run_dup_stdout (recorded);
  second = gan_test_run_dup_stdout (replayed);
  g_assert_cmpstr (first, ==, second);
}

/* SIGINT keeps the part file, and the next run takes it up without being asked. */
static void
test_interrupt (GanTestCli *fixture, gconstpointer data)
{
  g_autofree char *url
      = gan_test_server_dup_url (fixture->server, "/file/f.bin?size=3000000&seed=9");
  g_autoptr (GanTestRun) first
      = gan_test_cli_begin (fixture, "get", "--json", "--limit-rate", "500K", url, NULL);
  g_autoptr (GanTestRun) second = NULL;
  g_autoptr (GPtrArray) lines = NULL;
  g_auto (GStrv) names = NULL;

  g_assert_true (gan_test_run_wait_output (first, "\"running\"", 30000));
  gan_test_run_kill (first, SIGINT);
  g_assert_true (gan_test_run_wait (first, 30000));
  gan_test_cli_assert_exit (first, 130);
  names = gan_test_folder_list (fixture->folder);
  g_assert_true (g_strv_contains ((const char *const *) names, "f.bin.part"));
  g_assert_true (g_strv_contains ((const char *const *) names, "f.bin.part.json"));
  g_assert_false (g_strv_contains ((const char *const *) names, "f.bin"));

  second = gan_test_cli_run (fixture, "get", "--json", url);
  lines = gan_test_cli_parse (second);
  gan_test_cli_assert_exit (second, 0);
  g_assert_true (gan_json_get_boolean (gan_test_cli_last (lines), "resumed"));
  gan_test_cli_assert_file (fixture->folder, "f.bin", 3000000, 9);
}

static void
test_platforms (GanTestCli *fixture, gconstpointer data)
{
  g_autoptr (GanTestRun) ended = gan_test_cli_run (fixture, "platforms", "--json");
  g_autoptr (GPtrArray) lines = gan_test_cli_parse (ended);
  gboolean generic = FALSE;

  gan_test_cli_assert_exit (ended, 0);
  for (guint i = 0; i < lines->len; i++)
    {
      JsonNode *line = g_ptr_array_index (lines, i);

      g_assert_nonnull (gan_json_get_string (line, "name"));
      g_assert_nonnull (gan_json_get_string (line, "verified"));
      generic |= g_strcmp0 (gan_json_get_string (line, "id"), "generic") == 0;
    }
  g_assert_true (generic);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *path;
    void (*func) (GanTestCli *fixture, gconstpointer data);
  } tests[] = {
    { "/cli/usage", test_usage },
    { "/cli/help", test_help },
    { "/cli/detect", test_detect },
    { "/cli/get", test_get },
    { "/cli/container", test_container },
    { "/cli/page", test_page },
    { "/cli/statuses", test_statuses },
    { "/cli/several", test_several },
    { "/cli/not-recorded", test_not_recorded },
    { "/cli/record", test_record },
    { "/cli/interrupt", test_interrupt },
    { "/cli/platforms", test_platforms },
    { "/cli/library", test_library },
    { "/cli/library-refused", test_library_refused },
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
