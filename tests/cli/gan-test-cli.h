/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gannet-cli in a folder of its own, away from the settings of whoever runs the test, and a server
 * for it. */
#pragma once

#include "gan-json.h"
#include "gan-test-fixture.h"
#include "gan-test-run.h"
#include "gan-test-server.h"

G_BEGIN_DECLS

typedef struct
{
  GanTestFolder *folder; /* where the program runs */
  GanTestServer *server;
  char *program;
} GanTestCli;

void gan_test_cli_set_up (GanTestCli *self, gconstpointer data);
void gan_test_cli_tear_down (GanTestCli *self, gconstpointer data);

GanTestRun *gan_test_cli_begin (GanTestCli *self, ...) G_GNUC_NULL_TERMINATED;
GanTestRun *
gan_test_cli_run_with_input (GanTestCli *self, const char *input, ...) G_GNUC_NULL_TERMINATED;

/* Runs it with these arguments until it ends. */
#define gan_test_cli_run(self, ...) gan_test_cli_run_with_input (self, NULL, __VA_ARGS__, NULL)

void gan_test_cli_assert_exit (GanTestRun *ended, int expected);
void gan_test_cli_assert_stderr (GanTestRun *ended, const char *words);
void gan_test_cli_assert_usage (GanTestRun *ended); /* refused: exit code 2, nothing on stdout */
void gan_test_cli_assert_file (GanTestFolder *folder, const char *name, gsize size, guint32 seed);
GPtrArray *gan_test_cli_parse (GanTestRun *ended);
JsonNode *gan_test_cli_last (GPtrArray *lines);

G_END_DECLS
