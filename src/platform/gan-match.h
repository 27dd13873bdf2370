/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the text of a URL alone says: whose it is, what kind of thing, which one. Immutable,
 * atomically ref-counted. */
#pragma once

#include "gan-url.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef enum
{
  GAN_KIND_VIDEO,
  GAN_KIND_AUDIO,
  GAN_KIND_IMAGE,
  GAN_KIND_POST,
  GAN_KIND_PLAYLIST,
  GAN_KIND_CHANNEL,
  GAN_KIND_USER,
  GAN_KIND_TAG,
  GAN_KIND_LIVE,
  GAN_KIND_SHORT_LINK,
} GanKind;

#define GAN_TYPE_MATCH (gan_match_get_type ())

typedef struct _GanMatch GanMatch;

GType gan_match_get_type (void);
const char *gan_kind_to_string (GanKind kind);
gboolean gan_kind_from_string (const char *name, GanKind *kind);

GanMatch *gan_match_new (const char *platform, GanKind kind, const char *id, GanUrl *url)
    G_GNUC_WARN_UNUSED_RESULT;
GanMatch *gan_match_ref (GanMatch *self);
void gan_match_unref (GanMatch *self);
void gan_match_set_canonical (GanMatch *self, const char *canonical);
void gan_match_set_form (GanMatch *self, const char *form);
void gan_match_set_capture (GanMatch *self, const char *name, const char *value);

const char *gan_match_get_platform (GanMatch *self);
GanKind gan_match_get_kind (GanMatch *self);
const char *gan_match_get_id (GanMatch *self);
const char *gan_match_get_canonical (GanMatch *self);
const char *gan_match_get_form (GanMatch *self);
const char *gan_match_get_capture (GanMatch *self, const char *name);
GanUrl *gan_match_get_url (GanMatch *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanMatch, gan_match_unref)

G_END_DECLS
