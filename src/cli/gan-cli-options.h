/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command line: common options before or after the verb, a verb's own after it. */
#pragma once

#include "gan-cli.h"

G_BEGIN_DECLS

const GanCliVerb *
gan_cli_options_find_verb (const GanCliVerb *verbs, gsize n_verbs, const char *name);
char *gan_cli_options_dup_verbs (const GanCliVerb *verbs, gsize n_verbs) G_GNUC_WARN_UNUSED_RESULT;
gboolean gan_cli_options_parse_common (GanCli *cli,
                                       const char *summary,
                                       const char *description,
                                       int *argc,
                                       char ***argv);
gboolean gan_cli_options_parse_verb (GanCli *cli,
                                     const GOptionEntry *entries,
                                     guint min_arguments,
                                     guint max_arguments,
                                     int *argc,
                                     char ***argv);
gboolean gan_cli_options_make_config (GanCli *cli, GError **error);
GanApp *gan_cli_options_make_app (GanCli *cli, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void gan_cli_options_merge_settings (GanCli *cli);
int gan_cli_options_usage (const char *format, ...) G_GNUC_PRINTF (1, 2);

G_END_DECLS
