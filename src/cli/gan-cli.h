/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the verbs of gannet-cli share. */
#pragma once

#include "gan-app.h"
#include "gan-config.h"

G_BEGIN_DECLS

#define GAN_CLI_EXIT_USAGE 2
#define GAN_CLI_EXIT_INTERRUPTED 130

typedef struct _GanCli GanCli;

typedef struct
{
  const char *name;
  const char *arguments; /* what follows the options in the synopsis */
  const char *summary;
  int (*run) (GanCli *cli, int argc, char **argv);
} GanCliVerb;

/* The common options of contracts.md §1 on top of the configuration, and what every verb needs from
 * main(). */
struct _GanCli
{
  GPtrArray *replay;
  GPtrArray *connect_to;
  char *record;
  char *ca_file;
  char *proxy;
  gboolean no_config;
  gboolean verbose;
  gboolean version;

  const GanCliVerb *verb; /* the one that runs */
  GanConfig *config;
  GCancellable *cancellable;
};

int gan_cli_run_detect (GanCli *cli, int argc, char **argv);
int gan_cli_run_info (GanCli *cli, int argc, char **argv);
int gan_cli_run_formats (GanCli *cli, int argc, char **argv);
int gan_cli_run_get (GanCli *cli, int argc, char **argv);
int gan_cli_run_list (GanCli *cli, int argc, char **argv);
int gan_cli_run_search (GanCli *cli, int argc, char **argv);
int gan_cli_run_platforms (GanCli *cli, int argc, char **argv);
int gan_cli_run_queue (GanCli *cli, int argc, char **argv);

G_END_DECLS
