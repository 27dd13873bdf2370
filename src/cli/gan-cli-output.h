/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What goes to stdout and stderr, and the exit codes (contracts.md §1). Foreign text never steers
 * the terminal. */
#pragma once

#include "gan-cli.h"
#include "gan-error.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

void gan_cli_output_json (JsonNode *node);
void gan_cli_output_line (const char *format, ...) G_GNUC_PRINTF (1, 2);
void gan_cli_output_field (const char *label, const char *foreign_text);
void gan_cli_output_complain (const char *message);
void gan_cli_output_error (const GError *error, gboolean json);
void gan_cli_output_error_object (const GError *error);
const char *gan_cli_output_describe (GanErrorCode code);
gboolean gan_cli_output_is_broken (void);

char *gan_cli_output_dup_echo (const char *text, gssize length) G_GNUC_WARN_UNUSED_RESULT;

int gan_cli_output_exit_code (const GError *error);
int gan_cli_output_finish (GanCli *cli, GanApp *app, GError *error, gboolean json);

G_END_DECLS
