/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Option > GANNET_* > default, merged once into one struct that is passed down (design.md §9): no
 * lower layer reads the environment. Programs put their options over what gan_config_new() gives.
 */
#pragma once

#include "gan-http.h"

G_BEGIN_DECLS

typedef struct
{
  char *download_dir;             /* NULL: where the program sees fit */
  char *data_dir;                 /* database and queue.lock */
  char *cache_dir;                /* what can be made again: thumbnails */
  char *rules_dir;                /* folder of the user's rules files, or NULL for none */
  char *slots_path;               /* file of the connection slots shared by all processes */
  GLogLevelFlags log_level;       /* what is written to stderr: this level and those above */
  guint max_connections;          /* 0: the built-in limit */
  guint max_connections_per_host; /* likewise */
  GanRateLimits rate_limits;      /* over those of every site's rules; 0: the rules' */
  GStrv connect_to;               /* HOST:PORT:HOST2:PORT2 */
  char *ca_file;
  char *proxy;
  GStrv replay; /* HAR files: with any, nothing goes out */
  char *record; /* HAR file to write, or NULL */
} GanConfig;

GanConfig *gan_config_new (gboolean with_user_files, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void gan_config_free (GanConfig *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanConfig, gan_config_free)

G_END_DECLS
