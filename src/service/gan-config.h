/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Option > GANNET_* > settings > default, merged once into one struct that is passed down
 * (design.md §9): no lower layer reads the environment. Programs put their options over what
 * gan_config_new() gives, and gan_settings_merge() fills in what neither has said. */
#pragma once

#include "gan-http.h"

G_BEGIN_DECLS

/* What the settings may say. */
typedef enum
{
  GAN_CONFIG_DOWNLOAD_DIR = 1 << 0,
  GAN_CONFIG_WISH = 1 << 1,
  GAN_CONFIG_MAX_JOBS = 1 << 2,
  GAN_CONFIG_MAX_JOBS_PER_HOST = 1 << 3,
  GAN_CONFIG_LIMIT_RATE = 1 << 4,
} GanConfigField;

typedef struct
{
  gboolean with_user_files;       /* whether settings, user rules and accounts are used */
  GanConfigField from_settings;   /* which fields the settings have filled in */
  char *download_dir;             /* NULL: where the program sees fit */
  char *wish;                     /* "best", "audio" or a height; NULL: nobody has said */
  guint max_jobs;                 /* of the queue, at once; 0: nobody has said */
  guint max_jobs_per_host;        /* likewise */
  gint64 limit_rate;              /* bytes a second, all jobs; 0: none, GAN_UNKNOWN: nobody */
  char *data_dir;                 /* database and queue.lock */
  char *cache_dir;                /* what can be made again: thumbnails */
  char *rules_dir;                /* folder of the user's rules files, or NULL for none */
  char *media_program;            /* path of gannet-media, or NULL: thumbnails do without */
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
gboolean gan_config_names_settings_backend (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanConfig, gan_config_free)

G_END_DECLS
