/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Links from standard input, one a line. */
#pragma once

#include "gan-cli.h"

#include <stdio.h>

G_BEGIN_DECLS

/* How much of an over-long line is kept. */
#define GAN_CLI_LINE_BYTES 65536

/* text: ends with a NUL, at most GAN_CLI_LINE_BYTES of a line that is length bytes long. */
typedef void (*GanCliLineFunc) (const char *text, gsize length, gpointer user_data);

void gan_cli_lines_read (GanCli *cli, FILE *input, GanCliLineFunc func, gpointer user_data);

G_END_DECLS
