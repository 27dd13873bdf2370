/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is to be fetched for one file: made by a site, executed by the engine. Immutable once built,
 * atomically ref-counted. */
#pragma once

#include "gan-url.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  GAN_TRACK_FILE, /* the whole thing: a plain file, or audio and video in one container */
  GAN_TRACK_VIDEO,
  GAN_TRACK_AUDIO,
} GanTrackRole;

/* One stream of bytes of a plan. All strings may be NULL but format_id. Headers are
 * set by gan_track_set_header() only. */
typedef struct
{
  GanTrackRole role;
  GanUrl *url;
  char *format_id;
  char *protocol;      /* GAN_PROTOCOL_HTTP … */
  GHashTable *headers; /* what this site's media hosts want; never a credential */
  gint64 size;         /* bytes, or GAN_UNKNOWN */
  gint64 range_cap;    /* largest range that one request may ask for, or 0 */
  gint64 expires_at;   /* Unix seconds after which the URL must be asked for again, or 0 */
} GanTrack;

#define GAN_TYPE_PLAN (gan_plan_get_type ())

typedef struct _GanPlan GanPlan;

GType gan_plan_get_type (void);

GanPlan *gan_plan_new (const char *platform, const char *source_url) G_GNUC_WARN_UNUSED_RESULT;
GanPlan *gan_plan_ref (GanPlan *self);
void gan_plan_unref (GanPlan *self);

void gan_plan_set_name (GanPlan *self, const char *title, const char *id, const char *ext);
void gan_plan_set_plain_file (GanPlan *self, gboolean plain_file);
void gan_plan_set_published (GanPlan *self, gint64 unix_seconds);
GanTrack *gan_plan_add_track (GanPlan *self,
                              GanTrackRole role,
                              GanUrl *url,
                              const char *format_id,
                              const char *protocol);
gboolean gan_track_set_header (GanTrack *track, const char *name, const char *value);

const char *gan_plan_get_platform (GanPlan *self);
const char *gan_plan_get_source_url (GanPlan *self);
const char *gan_plan_get_title (GanPlan *self);
const char *gan_plan_get_id (GanPlan *self);
const char *gan_plan_get_ext (GanPlan *self);
gboolean gan_plan_is_plain_file (GanPlan *self);
gint64 gan_plan_get_published (GanPlan *self);
guint gan_plan_get_n_tracks (GanPlan *self);
const GanTrack *gan_plan_get_track (GanPlan *self, guint index);
char *gan_plan_dup_format_id (GanPlan *self) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanPlan, gan_plan_unref)

G_END_DECLS
