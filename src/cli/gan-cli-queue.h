/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the verbs of the queue share. */
#pragma once

#include "gan-cli.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

int gan_cli_run_queue_add (GanCli *cli, int argc, char **argv);
int gan_cli_run_queue_list (GanCli *cli, int argc, char **argv);
int gan_cli_run_queue_pause (GanCli *cli, int argc, char **argv);
int gan_cli_run_queue_resume (GanCli *cli, int argc, char **argv);
int gan_cli_run_queue_cancel (GanCli *cli, int argc, char **argv);
int gan_cli_run_queue_retry (GanCli *cli, int argc, char **argv);
int gan_cli_run_queue_remove (GanCli *cli, int argc, char **argv);
int gan_cli_run_queue_run (GanCli *cli, int argc, char **argv);

gboolean gan_cli_queue_wake (GanApp *app, gboolean begins, GError **error);
gboolean gan_cli_queue_has_ended (GanJobRow *row);

GError *gan_cli_queue_dup_error (GanJobRow *row) G_GNUC_WARN_UNUSED_RESULT;
void gan_cli_queue_print_json (GPtrArray *rows);
void gan_cli_queue_print_text (GPtrArray *rows, GPtrArray *all, gboolean has_owner);
guint gan_cli_queue_get_id_length (GPtrArray *rows);

G_END_DECLS
