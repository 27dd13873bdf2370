/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-test-cli.h"

#include "gan-limits.h"

#include <string.h>

#define MAX_ARGUMENTS 24
#define PATIENCE 60000

void
gan_test_cli_set_up (GanTestCli *self, gconstpointer data)
{
  self->folder = gan_test_folder_new ();
  self->server = gan_test_server_new (FALSE);
  self->program = gan_test_program_dup_path ("src/cli/gannet-cli");
}

void
gan_test_cli_tear_down (GanTestCli *self, gconstpointer data)
{
  g_free (self->program);
  g_assert_finalize_object (self->server);
  gan_test_folder_free (self->folder);
}

static GanTestRun *
start (GanTestCli *self, const char *input, va_list arguments)
{
  static const char *const places[]
      = { "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR" };
  g_autoptr (GPtrArray) environment = g_ptr_array_new_with_free_func (g_free);
  const char *argv[MAX_ARGUMENTS] = { self->program };
  guint n = 1;

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    g_ptr_array_add (environment,
                     g_strdup_printf ("%s=%s/.%s", places[i], self->folder->path, places[i]));
  g_ptr_array_add (environment, g_strdup ("GANNET_DOWNLOAD_DIR"));
  g_ptr_array_add (environment, g_strdup ("GANNET_LOG_LEVEL"));
  g_ptr_array_add (environment, g_strdup ("GSETTINGS_BACKEND"));
  g_ptr_array_add (environment, NULL);
  while ((argv[n] = va_arg (arguments, const char *)) != NULL)
    g_assert_cmpuint (++n, <, MAX_ARGUMENTS);
  return gan_test_run_start (argv,
                             (const char *const *) environment->pdata,
                             self->folder->path,
                             input);
}

/**
 * gan_test_cli_run_with_input:
 * @self: a test
 * @input: (nullable): its standard input
 * @...: arguments, %NULL last
 *
 * Returns: (transfer full): the program, after its end
 */
GanTestRun *
gan_test_cli_run_with_input (GanTestCli *self, const char *input, ...)
{
  GanTestRun *run = NULL;
  va_list arguments;

  va_start (arguments, input);
  run = start (self, input, arguments);
  va_end (arguments);
  g_assert_true (gan_test_run_wait (run, PATIENCE));
  return run;
}

/**
 * gan_test_cli_begin:
 * @self: a test
 * @...: arguments, %NULL last
 *
 * Returns: (transfer full): the program while it runs
 */
GanTestRun *
gan_test_cli_begin (GanTestCli *self, ...)
{
  GanTestRun *run = NULL;
  va_list arguments;

  va_start (arguments, self);
  run = start (self, NULL, arguments);
  va_end (arguments);
  return run;
}

void
gan_test_cli_assert_exit (GanTestRun *ended, int expected)
{
  g_autofree char *errors = gan_test_run_dup_stderr (ended);

  if (gan_test_run_get_exit (ended) != expected)
    g_test_message ("stderr: %s", errors);
  g_assert_cmpint (gan_test_run_get_exit (ended), ==, expected);
}

void
gan_test_cli_assert_stderr (GanTestRun *ended, const char *words)
{
  g_autofree char *errors = gan_test_run_dup_stderr (ended);

  if (strstr (errors, words) == NULL)
    g_test_message ("\"%s\" is not in: %s", words, errors);
  g_assert_nonnull (strstr (errors, words));
}

/**
 * gan_test_cli_parse:
 * @ended: a program that has ended
 *
 * Returns: (transfer full) (element-type JsonNode): its output, every line of which is JSON
 */
GPtrArray *
gan_test_cli_parse (GanTestRun *ended)
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

JsonNode *
gan_test_cli_last (GPtrArray *lines)
{
  g_assert_cmpuint (lines->len, >, 0);
  return g_ptr_array_index (lines, lines->len - 1);
}

void
gan_test_cli_assert_usage (GanTestRun *ended)
{
  g_autofree char *output = gan_test_run_dup_stdout (ended);

  gan_test_cli_assert_exit (ended, 2);
  gan_test_cli_assert_stderr (ended, "gannet-cli: ");
  g_assert_cmpstr (output, ==, "");
}

void
gan_test_cli_assert_file (GanTestFolder *folder, const char *name, gsize size, guint32 seed)
{
  g_autoptr (GBytes) expected = gan_test_body (size, seed);
  g_autoptr (GBytes) actual = gan_test_folder_load (folder, name);

  g_assert_nonnull (actual);
  g_assert_true (g_bytes_equal (expected, actual));
}
