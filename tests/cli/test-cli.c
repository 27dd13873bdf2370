/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gannet-cli as its users meet it: a program with arguments, output and an exit code (contracts.md
 * §1). */
#include "config.h"

#include "gan-json.h"
#include "gan-limits.h"
#include "gan-test-fixture.h"
#include "gan-test-har.h"
#include "gan-test-run.h"
#include "gan-test-server.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>

#define MAX_ARGUMENTS 24

typedef struct
{
  GanTestFolder *folder; /* where the program runs */
  GanTestServer *server;
  char *program;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = gan_test_folder_new ();
  fixture->server = gan_test_server_new (FALSE);
  fixture->program = gan_test_program_dup_path ("src/cli/gannet-cli");
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_free (fixture->program);
  g_assert_finalize_object (fixture->server);
  gan_test_folder_free (fixture->folder);
}

/* Starts gannet-cli with what follows, NULL last, away from the settings of whoever runs the test.
 */
static GanTestRun *
start (Fixture *fixture, const char *input, va_list arguments)
{
  g_autofree char *data = g_strconcat ("XDG_DATA_HOME=", fixture->folder->path, "/data", NULL);
  g_autofree char *runtime = g_strconcat ("XDG_RUNTIME_DIR=", fixture->folder->path, "/run", NULL);
  const char *environment[] = { data, runtime, "GANNET_DOWNLOAD_DIR", "GANNET_LOG_LEVEL", NULL };
  const char *argv[MAX_ARGUMENTS] = { fixture->program };
  guint n = 1;

  while ((argv[n] = va_arg (arguments, const char *)) != NULL)
    g_assert_cmpuint (++n, <, MAX_ARGUMENTS);
  return gan_test_run_start (argv, environment, fixture->folder->path, input);
}

static GanTestRun *run_with_input (Fixture *fixture, const char *input, ...) G_GNUC_NULL_TERMINATED;

static GanTestRun *
run_with_input (Fixture *fixture, const char *input, ...)
{
  GanTestRun *run = NULL;
  va_list arguments;

  va_start (arguments, input);
  run = start (fixture, input, arguments);
  va_end (arguments);
  g_assert_true (gan_test_run_wait (run, 60000));
  return run;
}

#define run(fixture, ...) run_with_input (fixture, NULL, __VA_ARGS__, NULL)

static GanTestRun *begin (Fixture *fixture, ...) G_GNUC_NULL_TERMINATED;

static GanTestRun *
begin (Fixture *fixture, ...)
{
  GanTestRun *started = NULL;
  va_list arguments;

  va_start (arguments, fixture);
  started = start (fixture, NULL, arguments);
  va_end (arguments);
  return started;
}

static void
assert_exit (GanTestRun *ended, int expected)
{
  g_autofree char *errors = gan_test_run_dup_stderr (ended);

  if (gan_test_run_get_exit (ended) != expected)
    g_test_message ("stderr: %s", errors);
  g_assert_cmpint (gan_test_run_get_exit (ended), ==, expected);
}

static void
assert_stderr_has (GanTestRun *ended, const char *words)
{
  g_autofree char *errors = gan_test_run_dup_stderr (ended);

  if (strstr (errors, words) == NULL)
    g_test_message ("\"%s\" is not in: %s", words, errors);
  g_assert_nonnull (strstr (errors, words));
}

/* Every line of stdout is JSON. */
static GPtrArray *
parse_lines (GanTestRun *ended)
{
  g_autofree char *output = gan_test_run_dup_stdout (ended);
  g_auto (GStrv) lines = g_strsplit (output, "\n", -1);
  GPtrArray *nodes = g_ptr_array_new_with_free_func ((GDestroyNotify) json_node_unref);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_autoptr (GError) error = NULL;
      JsonNode *node = NULL;

      if (*lines[i] == '\0')
        continue;
      node = gan_json_parse (lines[i], -1, GAN_LIMIT_JSON_BYTES, GAN_LIMIT_JSON_DEPTH, &error);
      g_assert_no_error (error);
      g_ptr_array_add (nodes, node);
    }
  return nodes;
}

static JsonNode *
last_line (GPtrArray *lines)
{
  g_assert_cmpuint (lines->len, >, 0);
  return g_ptr_array_index (lines, lines->len - 1);
}

static void
test_usage (Fixture *fixture, gconstpointer data)
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
      g_autoptr (GanTestRun) ended = run (fixture,
                                          lines[i][0],
                                          lines[i][1],
                                          lines[i][2],
                                          lines[i][3],
                                          lines[i][4],
                                          lines[i][5]);
      g_autofree char *output = gan_test_run_dup_stdout (ended);

      g_test_message ("line %u", i);
      assert_exit (ended, 2);
      assert_stderr_has (ended, "gannet-cli: ");
      g_assert_cmpstr (output, ==, "");
    }
}

static void
test_help (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GanTestRun) version = run (fixture, "--version");
  g_autoptr (GanTestRun) help = run (fixture, "--help");
  g_autoptr (GanTestRun) verb_help = run (fixture, "get", "--help");
  g_autofree char *version_text = gan_test_run_dup_stdout (version);
  g_autofree char *help_text = gan_test_run_dup_stdout (help);
  g_autofree char *verb_text = gan_test_run_dup_stdout (verb_help);

  assert_exit (version, 0);
  g_assert_cmpstr (version_text, ==, "gannet-cli " GAN_VERSION "\n");
  assert_exit (help, 0);
  g_assert_nonnull (strstr (help_text, "detect"));
  g_assert_nonnull (strstr (help_text, "--replay"));
  assert_exit (verb_help, 0);
  g_assert_nonnull (strstr (verb_text, "--limit-rate"));
}

/* An object for every non-empty line, in order, whatever stands in it. */
static void
test_detect (Fixture *fixture, gconstpointer data)
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
  g_autoptr (GanTestRun) ended = run_with_input (fixture, input, "detect", "--json", "-", NULL);
  g_autoptr (GPtrArray) lines = parse_lines (ended);

  assert_exit (ended, 0);
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
assert_file (GanTestFolder *folder, const char *name, gsize size, guint32 seed)
{
  g_autoptr (GBytes) expected = gan_test_body (size, seed);
  g_autoptr (GBytes) actual = gan_test_folder_load (folder, name);

  g_assert_nonnull (actual);
  g_assert_true (g_bytes_equal (expected, actual));
}

static void
test_get (Fixture *fixture, gconstpointer data)
{
  g_autofree char *url
      = gan_test_server_dup_url (fixture->server, "/file/film.bin?size=700000&seed=3");
  g_autoptr (GanTestRun) first = run (fixture, "get", "--json", "-d", "new/folder", url);
  g_autoptr (GanTestRun) second = run (fixture, "get", "-d", "new/folder", url);
  g_autoptr (GPtrArray) lines = parse_lines (first);
  JsonNode *result = last_line (lines);
  g_autofree char *text = gan_test_run_dup_stdout (second);
  struct stat status;

  assert_exit (first, 0);
  g_assert_cmpstr (gan_json_get_string (result, "event"), ==, "result");
  g_assert_cmpint (gan_json_get_int (result, "index"), ==, 0);
  g_assert_cmpstr (gan_json_get_string (result, "url"), ==, url);
  g_assert_cmpint (gan_json_get_int (result, "size"), ==, 700000);
  g_assert_cmpstr (gan_json_get_string (result, "verified"), ==, "length");
  g_assert_false (gan_json_get_boolean (result, "resumed"));
  g_assert_true (g_path_is_absolute (gan_json_get_string (result, "file")));
  g_assert_true (g_str_has_suffix (gan_json_get_string (result, "file"), "/new/folder/film.bin"));
  assert_file (fixture->folder, "new/folder/film.bin", 700000, 3);

  assert_exit (second, 0);
  assert_file (fixture->folder, "new/folder/film (1).bin", 700000, 3);
  g_assert_nonnull (strstr (text, "film (1).bin"));
  g_assert_cmpint (g_stat (gan_json_get_string (result, "file"), &status), ==, 0);
  g_assert_false (status.st_mode & S_IXUSR);
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
test_page (Fixture *fixture, gconstpointer data)
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
  info = run (fixture, "info", url);
  formats = run (fixture, "formats", "--json", url);
  get = run (fixture, "get", "--json", "-q", "720p", url);
  text = gan_test_run_dup_stdout (info);
  assert_exit (info, 0);
  g_assert_null (strchr (text, '\033'));
  g_assert_null (strchr (text, '\a'));

  assert_exit (formats, 0);
  format_lines = parse_lines (formats);
  g_assert_cmpuint (format_lines->len, ==, 1);
  g_assert_cmpstr (gan_json_get_string (last_line (format_lines), "[0].ext"), ==, "mp4");

  assert_exit (get, 0);
  get_lines = parse_lines (get);
  base = g_path_get_basename (gan_json_get_string (last_line (get_lines), "file"));
  g_assert_true (g_str_has_suffix (base, ".mp4"));
  g_assert_false (g_str_has_prefix (base, "."));
  assert_file (fixture->folder, base, 5000, 4);
}

/* What each answer to a plain file comes to: code, exit status, and an error object on stdout. */
static void
test_statuses (Fixture *fixture, gconstpointer data)
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
      ended = run (fixture, "--replay", path, "get", "--json", "https://example.org/a.bin");
      lines = parse_lines (ended);
      g_test_message ("status %u", expected[i].status);
      assert_exit (ended, expected[i].exit);
      g_assert_cmpstr (gan_json_get_string (last_line (lines), "event"), ==, "error");
      g_assert_cmpstr (gan_json_get_string (last_line (lines), "error.code"), ==, expected[i].code);
      g_assert_cmpint (gan_json_get_int (last_line (lines), "error.http_status"),
                       ==,
                       expected[i].status);
      assert_stderr_has (ended, "gannet-cli: ");
    }
}

/* All links are tried; the code is that of the first that failed. */
static void
test_several (Fixture *fixture, gconstpointer data)
{
  g_autofree char *good = gan_test_server_dup_url (fixture->server, "/file/a.bin?size=10&seed=1");
  g_autofree char *gone = gan_test_server_dup_url (fixture->server, "/status/b.bin?status=404");
  g_autofree char *login = gan_test_server_dup_url (fixture->server, "/status/c.bin?status=401");
  g_autoptr (GanTestRun) ended = run (fixture, "get", "--json", gone, "nonsense", good, login);
  g_autoptr (GPtrArray) lines = parse_lines (ended);
  guint errors = 0;

  assert_exit (ended, 4);
  for (guint i = 0; i < lines->len; i++)
    errors += g_strcmp0 (gan_json_get_string (g_ptr_array_index (lines, i), "event"), "error") == 0;
  g_assert_cmpuint (errors, ==, 3);
  assert_file (fixture->folder, "a.bin", 10, 1);
}

static void
test_not_recorded (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GanTestHar) har = gan_test_har_new ();
  g_autofree char *path = gan_test_folder_dup_path (fixture->folder, "empty.har");
  g_autoptr (GanTestRun) ended = NULL;
  g_autoptr (GPtrArray) lines = NULL;

  gan_test_har_write (har, path);
  ended = run (fixture, "info", "--json", "https://example.org/a.mp4", "--replay", path);
  lines = parse_lines (ended);
  assert_exit (ended, 7);
  assert_stderr_has (ended, "not recorded: GET https://example.org/a.mp4");
  g_assert_cmpstr (gan_json_get_string (last_line (lines), "error.code"), ==, "network");
  g_assert_cmpstr (gan_json_get_string (last_line (lines), "error.reason"), ==, "not-recorded");
}

/* What was recorded answers again, is for its owner's eyes only, and holds no secret. */
static void
test_record (Fixture *fixture, gconstpointer data)
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
  recorded = run (fixture, "info", "--record", path, url);
  assert_exit (recorded, 0);
  g_assert_cmpint (g_stat (path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
  har = gan_test_folder_load (fixture->folder, "made.har");
  text = g_strndup (g_bytes_get_data (har, NULL), g_bytes_get_size (har));
  g_assert_null (strstr (text, "Zm9vYmFyYmF6cXV4"));

  replayed = run (fixture, "info", "--replay", path, url);
  assert_exit (replayed, 0);
  first = gan_test_run_dup_stdout (recorded);
  second = gan_test_run_dup_stdout (replayed);
  g_assert_cmpstr (first, ==, second);
}

/* SIGINT keeps the part file, and the next run takes it up without being asked. */
static void
test_interrupt (Fixture *fixture, gconstpointer data)
{
  g_autofree char *url
      = gan_test_server_dup_url (fixture->server, "/file/f.bin?size=3000000&seed=9");
  g_autoptr (GanTestRun) first
      = begin (fixture, "get", "--json", "--limit-rate", "500K", url, NULL);
  g_autoptr (GanTestRun) second = NULL;
  g_autoptr (GPtrArray) lines = NULL;
  g_auto (GStrv) names = NULL;

  g_assert_true (gan_test_run_wait_output (first, "\"running\"", 30000));
  gan_test_run_kill (first, SIGINT);
  g_assert_true (gan_test_run_wait (first, 30000));
  assert_exit (first, 130);
  names = gan_test_folder_list (fixture->folder);
  g_assert_true (g_strv_contains ((const char *const *) names, "f.bin.part"));
  g_assert_true (g_strv_contains ((const char *const *) names, "f.bin.part.json"));
  g_assert_false (g_strv_contains ((const char *const *) names, "f.bin"));

  second = run (fixture, "get", "--json", url);
  lines = parse_lines (second);
  assert_exit (second, 0);
  g_assert_true (gan_json_get_boolean (last_line (lines), "resumed"));
  assert_file (fixture->folder, "f.bin", 3000000, 9);
}

static void
test_platforms (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GanTestRun) ended = run (fixture, "platforms", "--json");
  g_autoptr (GPtrArray) lines = parse_lines (ended);
  gboolean generic = FALSE;

  assert_exit (ended, 0);
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
    void (*func) (Fixture *fixture, gconstpointer data);
  } tests[] = {
    { "/cli/usage", test_usage },         { "/cli/help", test_help },
    { "/cli/detect", test_detect },       { "/cli/get", test_get },
    { "/cli/page", test_page },           { "/cli/statuses", test_statuses },
    { "/cli/several", test_several },     { "/cli/not-recorded", test_not_recorded },
    { "/cli/record", test_record },       { "/cli/interrupt", test_interrupt },
    { "/cli/platforms", test_platforms },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].func, tear_down);
  return g_test_run ();
}
