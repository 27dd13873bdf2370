/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Option > GANNET_* > default, merged once into one struct that is passed down (design.md §9). */
#pragma once

#include "gan-base.h"

G_BEGIN_DECLS

typedef struct
{
  char *download_dir;
  char *rules_dir; /* NULL: no user rules */
  char *slots_path;
  char *user_agent;
  guint max_connections;
  guint max_connections_per_host;
  GStrv connect_to;
  char *ca_file;
  char *proxy;
  GStrv replay;
  char *record;
} GanConfig;

GanConfig *gan_config_new (gboolean with_user_files) G_GNUC_WARN_UNUSED_RESULT;
void gan_config_free (GanConfig *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanConfig, gan_config_free)

G_END_DECLS
