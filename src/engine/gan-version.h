/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One version of a remote file, as far as the server names it, and what we have of its bytes.
 * Private to engine. */
#pragma once

#include <glib.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Bytes start to end - 1 of the remote file; end is GAN_UNKNOWN where nobody knows. The first done
 * of them are written, the first durable of them survive a power cut. */
typedef struct
{
  gint64 start;
  gint64 end;
  gint64 done;
  gint64 durable;
} GanSegment;

typedef struct
{
  char *etag;
  char *last_modified;
  char *content_type;
  gint64 length; /* of the whole file, or GAN_UNKNOWN */
  GArray *segments;
} GanVersion;

/* What the validators of two answers say about each other. */
typedef enum
{
  GAN_VERSION_SAME,
  GAN_VERSION_UNSURE, /* only the ETag differs: some servers make a new one for every answer */
  GAN_VERSION_OTHER,
} GanVersionMatch;

GanVersion *gan_version_new (void) G_GNUC_WARN_UNUSED_RESULT;
GanVersion *gan_version_new_from_json (JsonNode *node) G_GNUC_WARN_UNUSED_RESULT;
void gan_version_free (GanVersion *self);
void gan_version_add_json (const GanVersion *self, JsonBuilder *builder);

GanVersionMatch gan_version_compare (const GanVersion *self, const GanVersion *other);
gboolean gan_version_has_strong_etag (const GanVersion *self);
void gan_version_learn (GanVersion *self, const GanVersion *other);

gint64 gan_version_get_have (const GanVersion *self);
void gan_version_set_have (GanVersion *self, gint64 have);
void gan_version_set_durable (GanVersion *self);
void gan_version_trust_durable (GanVersion *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanVersion, gan_version_free)

G_END_DECLS
