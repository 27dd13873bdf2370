/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-plan.h"

#include "gan-header-table.h"
#include "gan-limits.h"
#include "gan-record.h"

#include <string.h>

struct _GanPlan
{
  gatomicrefcount refs;
  char *platform;
  char *source_url;
  char *title;
  char *id;
  char *ext;
  gboolean plain_file;
  gint64 published;
  GPtrArray *tracks;
};

G_DEFINE_BOXED_TYPE (GanPlan, gan_plan, gan_plan_ref, gan_plan_unref)

/* Whoever holds the only reference is still building. */
#define IS_BUILDING(self) (g_atomic_ref_count_compare (&(self)->refs, 1))

static void
track_free (gpointer data)
{
  GanTrack *track = data;

  gan_url_unref (track->url);
  g_free (track->format_id);
  g_free (track->protocol);
  g_hash_table_unref (track->headers);
  g_free (track);
}

static char *
dup_text (const char *text)
{
  return text != NULL && *text != '\0'
             ? g_utf8_make_valid (text, (gssize) strnlen (text, GAN_LIMIT_TEXT_BYTES))
             : NULL;
}

/**
 * gan_plan_new:
 * @platform: (nullable): the site that makes it
 * @source_url: (nullable): the link as it was given, to ask again by
 *
 * Returns: (transfer full): a plan without a track. Until a second reference is taken it can be
 *   changed, by one thread; after that it is immutable and any thread may read it
 */
GanPlan *
gan_plan_new (const char *platform, const char *source_url)
{
  GanPlan *self = g_new0 (GanPlan, 1);

  g_atomic_ref_count_init (&self->refs);
  self->platform = dup_text (platform);
  self->source_url = dup_text (source_url);
  self->published = GAN_UNKNOWN_TIME;
  self->tracks = g_ptr_array_new_with_free_func (track_free);
  return self;
}

/**
 * gan_plan_ref:
 * @self: a plan, which from now on is immutable
 *
 * Returns: (transfer full): @self
 */
GanPlan *
gan_plan_ref (GanPlan *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/**
 * gan_plan_unref:
 * @self: (transfer full): a plan
 */
void
gan_plan_unref (GanPlan *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_free (self->platform);
  g_free (self->source_url);
  g_free (self->title);
  g_free (self->id);
  g_free (self->ext);
  g_ptr_array_unref (self->tracks);
  g_free (self);
}

/**
 * gan_plan_set_name:
 * @self: a plan that is being built
 * @title: (nullable): of the medium
 * @id: (nullable): the site's
 * @ext: (nullable): without the dot
 *
 * Sets what the file is named by: `Title [id].ext` for sites (contracts.md §1).
 */
void
gan_plan_set_name (GanPlan *self, const char *title, const char *id, const char *ext)
{
  g_return_if_fail (self != NULL && IS_BUILDING (self));

  g_free (self->title);
  g_free (self->id);
  g_free (self->ext);
  self->title = dup_text (title);
  self->id = dup_text (id);
  self->ext = dup_text (ext);
}

/**
 * gan_plan_set_plain_file:
 * @self: a plan that is being built
 * @plain_file: whether the server's name for the file counts instead
 */
void
gan_plan_set_plain_file (GanPlan *self, gboolean plain_file)
{
  g_return_if_fail (self != NULL && IS_BUILDING (self));

  self->plain_file = plain_file;
}

/**
 * gan_plan_set_published:
 * @self: a plan that is being built
 * @unix_seconds: when the medium was published, or %GAN_UNKNOWN_TIME
 */
void
gan_plan_set_published (GanPlan *self, gint64 unix_seconds)
{
  g_return_if_fail (self != NULL && IS_BUILDING (self));

  self->published = unix_seconds >= 0 && unix_seconds <= GAN_LIMIT_TIME_SECONDS ? unix_seconds
                                                                                : GAN_UNKNOWN_TIME;
}

/**
 * gan_plan_add_track:
 * @self: a plan that is being built
 * @role: what the track holds
 * @url: where it is
 * @format_id: (nullable): of the format; "0" if there is none
 * @protocol: (nullable): %GAN_PROTOCOL_HTTP and so on
 *
 * Adds a track. Its size, range cap and expiry can be set in the struct while the plan is being
 * built, its headers with gan_track_set_header().
 *
 * Returns: (transfer none): the track
 */
GanTrack *
gan_plan_add_track (GanPlan *self,
                    GanTrackRole role,
                    GanUrl *url,
                    const char *format_id,
                    const char *protocol)
{
  GanTrack *track;

  g_return_val_if_fail (self != NULL && IS_BUILDING (self), NULL);
  g_return_val_if_fail (url != NULL, NULL);

  track = g_new0 (GanTrack, 1);
  track->role = role;
  track->url = gan_url_ref (url);
  track->format_id = dup_text (format_id);
  if (track->format_id == NULL)
    track->format_id = g_strdup ("0");
  track->protocol = dup_text (protocol);
  track->headers = gan_header_table_new ();
  track->size = GAN_UNKNOWN;
  g_ptr_array_add (self->tracks, track);
  return track;
}

/**
 * gan_track_set_header:
 * @track: a track of a plan that is being built
 * @name: such as "Referer"
 * @value: (nullable): %NULL takes it out
 *
 * Sets a request header for the media host; see gan_header_table_set() for what is refused,
 * credentials first of all.
 *
 * Returns: whether it was set
 */
gboolean
gan_track_set_header (GanTrack *track, const char *name, const char *value)
{
  g_return_val_if_fail (track != NULL, FALSE);
  g_return_val_if_fail (name != NULL, FALSE);

  return gan_header_table_set (track->headers, name, value);
}

/**
 * gan_plan_get_platform:
 * @self: a plan
 *
 * Returns: (nullable): the site that made it
 */
const char *
gan_plan_get_platform (GanPlan *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->platform;
}

/**
 * gan_plan_get_source_url:
 * @self: a plan
 *
 * Returns: (nullable): the link as it was given
 */
const char *
gan_plan_get_source_url (GanPlan *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->source_url;
}

/**
 * gan_plan_get_title:
 * @self: a plan
 *
 * Returns: (nullable): the title of the medium
 */
const char *
gan_plan_get_title (GanPlan *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->title;
}

/**
 * gan_plan_get_id:
 * @self: a plan
 *
 * Returns: (nullable): the site's id of the medium
 */
const char *
gan_plan_get_id (GanPlan *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->id;
}

/**
 * gan_plan_get_ext:
 * @self: a plan
 *
 * Returns: (nullable): the extension that is expected, without the dot
 */
const char *
gan_plan_get_ext (GanPlan *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->ext;
}

/**
 * gan_plan_is_plain_file:
 * @self: a plan
 *
 * Returns: whether the file keeps the server's name
 */
gboolean
gan_plan_is_plain_file (GanPlan *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->plain_file;
}

/**
 * gan_plan_get_published:
 * @self: a plan
 *
 * Returns: when the medium was published, in Unix seconds, or %GAN_UNKNOWN_TIME
 */
gint64
gan_plan_get_published (GanPlan *self)
{
  g_return_val_if_fail (self != NULL, GAN_UNKNOWN_TIME);

  return self->published;
}

/**
 * gan_plan_get_n_tracks:
 * @self: a plan
 *
 * Returns: how many tracks it has
 */
guint
gan_plan_get_n_tracks (GanPlan *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->tracks->len;
}

/**
 * gan_plan_get_track:
 * @self: a plan
 * @index: from 0
 *
 * Returns: (transfer none): the track
 */
const GanTrack *
gan_plan_get_track (GanPlan *self, guint index)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (index < self->tracks->len, NULL);

  return self->tracks->pdata[index];
}

/**
 * gan_plan_dup_format_id:
 * @self: a plan
 *
 * Returns: (transfer full): the format ids of the tracks, joined by "+"
 */
char *
gan_plan_dup_format_id (GanPlan *self)
{
  GString *joined;

  g_return_val_if_fail (self != NULL, NULL);

  joined = g_string_new (NULL);
  for (guint i = 0; i < self->tracks->len; i++)
    {
      const GanTrack *track = self->tracks->pdata[i];

      if (i > 0)
        g_string_append_c (joined, '+');
      g_string_append (joined, track->format_id);
    }
  return g_string_free (joined, FALSE);
}
