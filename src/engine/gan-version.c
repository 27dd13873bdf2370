/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-version.h"

#include "gan-json.h"
#include "gan-limits.h"
#include "gan-unknown.h"

/**
 * gan_version_new:
 *
 * Returns: (transfer full): a version of which nothing is known and nothing is here
 */
GanVersion *
gan_version_new (void)
{
  GanVersion *self = g_new0 (GanVersion, 1);

  self->length = GAN_UNKNOWN;
  self->segments = g_array_new (FALSE, FALSE, sizeof (GanSegment));
  return self;
}

/**
 * gan_version_free:
 * @self: a version
 */
void
gan_version_free (GanVersion *self)
{
  if (self == NULL)
    return;
  g_free (self->etag);
  g_free (self->last_modified);
  g_free (self->content_type);
  g_array_unref (self->segments);
  g_free (self);
}

/* A segment lies behind the one before it, and counts no byte it cannot have. */
static gboolean
segment_from_json (JsonNode *node, gint64 after, gint64 length, GanSegment *segment)
{
  gint64 room = 0;

  segment->start = gan_json_get_int (node, "start");
  segment->end = gan_json_get_int (node, "end");
  segment->done = gan_json_get_int (node, "done");
  segment->durable = gan_json_get_int (node, "durable");
  if (segment->start < after || segment->end < GAN_UNKNOWN || segment->done < 0
      || segment->durable < 0 || segment->durable > segment->done)
    return FALSE;
  room = segment->end != GAN_UNKNOWN ? segment->end : G_MAXINT64;
  if (length != GAN_UNKNOWN && room > length)
    room = length;
  return segment->start <= room && segment->done <= room - segment->start;
}

static gboolean
segments_from_json (GanVersion *self, JsonArray *array)
{
  gint64 after = 0;

  if (array == NULL || json_array_get_length (array) > GAN_LIMIT_SEGMENTS)
    return FALSE;
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      GanSegment segment;

      if (!segment_from_json (json_array_get_element (array, i), after, self->length, &segment))
        return FALSE;
      after = segment.start + segment.done;
      g_array_append_val (self->segments, segment);
    }
  return TRUE;
}

/**
 * gan_version_new_from_json:
 * @node: (nullable): an object of a state file, as hostile as a server
 *
 * Returns: (transfer full) (nullable): the version, or %NULL if it makes no sense
 */
GanVersion *
gan_version_new_from_json (JsonNode *node)
{
  g_autoptr (GanVersion) self = NULL;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return NULL;
  self = gan_version_new ();
  self->etag = g_strdup (gan_json_get_string (node, "etag"));
  self->last_modified = g_strdup (gan_json_get_string (node, "last_modified"));
  self->content_type = g_strdup (gan_json_get_string (node, "content_type"));
  self->length = gan_json_get_int (node, "length");
  if (self->length < GAN_UNKNOWN
      || !segments_from_json (self, gan_json_get_array (node, "segments")))
    return NULL;
  return g_steal_pointer (&self);
}

static void
add_string (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  if (value != NULL)
    json_builder_add_string_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

static void
add_int (JsonBuilder *builder, const char *name, gint64 value)
{
  json_builder_set_member_name (builder, name);
  if (value != GAN_UNKNOWN)
    json_builder_add_int_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

/**
 * gan_version_add_json:
 * @self: a version
 * @builder: where its object is added
 */
void
gan_version_add_json (const GanVersion *self, JsonBuilder *builder)
{
  g_return_if_fail (self != NULL && JSON_IS_BUILDER (builder));

  json_builder_begin_object (builder);
  add_string (builder, "etag", self->etag);
  add_string (builder, "last_modified", self->last_modified);
  add_string (builder, "content_type", self->content_type);
  add_int (builder, "length", self->length);
  json_builder_set_member_name (builder, "segments");
  json_builder_begin_array (builder);
  for (guint i = 0; i < self->segments->len; i++)
    {
      const GanSegment *segment = &g_array_index (self->segments, GanSegment, i);

      json_builder_begin_object (builder);
      add_int (builder, "start", segment->start);
      add_int (builder, "end", segment->end);
      add_int (builder, "done", segment->done);
      add_int (builder, "durable", segment->durable);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}

/**
 * gan_version_has_strong_etag:
 * @self: a version
 *
 * Returns: whether its ETag promises equal bytes (RFC 9110 §8.8.1), not only equal meaning
 */
gboolean
gan_version_has_strong_etag (const GanVersion *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->etag != NULL && self->etag[0] == '"';
}

static gboolean
differ (const char *a, const char *b)
{
  return a != NULL && b != NULL && g_strcmp0 (a, b) != 0;
}

/**
 * gan_version_compare:
 * @self: the version that we have bytes of
 * @other: what an answer says
 *
 * Only what both name is compared. An equal strong ETag outweighs a date, because servers that
 * share a file may date it each in its own way.
 *
 * Returns: what follows
 */
GanVersionMatch
gan_version_compare (const GanVersion *self, const GanVersion *other)
{
  g_return_val_if_fail (self != NULL && other != NULL, GAN_VERSION_OTHER);

  if (self->length != GAN_UNKNOWN && other->length != GAN_UNKNOWN && self->length != other->length)
    return GAN_VERSION_OTHER;
  if (gan_version_has_strong_etag (self) && g_strcmp0 (self->etag, other->etag) == 0)
    return GAN_VERSION_SAME;
  if (differ (self->last_modified, other->last_modified))
    return GAN_VERSION_OTHER;
  return differ (self->etag, other->etag) ? GAN_VERSION_UNSURE : GAN_VERSION_SAME;
}

/**
 * gan_version_learn:
 * @self: a version
 * @other: what an answer says of the same version
 *
 * Takes over what was not known before.
 */
void
gan_version_learn (GanVersion *self, const GanVersion *other)
{
  g_return_if_fail (self != NULL && other != NULL);

  if (self->etag == NULL)
    self->etag = g_strdup (other->etag);
  if (self->last_modified == NULL)
    self->last_modified = g_strdup (other->last_modified);
  if (self->content_type == NULL)
    self->content_type = g_strdup (other->content_type);
  if (self->length == GAN_UNKNOWN)
    self->length = other->length;
}

/**
 * gan_version_get_have:
 * @self: a version
 *
 * Returns: how many bytes are here from the beginning on, without a gap
 */
gint64
gan_version_get_have (const GanVersion *self)
{
  gint64 have = 0;

  g_return_val_if_fail (self != NULL, 0);

  for (guint i = 0; i < self->segments->len; i++)
    {
      const GanSegment *segment = &g_array_index (self->segments, GanSegment, i);

      if (segment->start != have)
        break;
      have += segment->done;
    }
  return have;
}

/**
 * gan_version_set_have:
 * @self: a version
 * @have: bytes from the beginning on
 *
 * From now on there is one segment, with @have bytes in it. What was durable of them still is.
 */
void
gan_version_set_have (GanVersion *self, gint64 have)
{
  GanSegment segment = { 0, GAN_UNKNOWN, have, 0 };

  g_return_if_fail (self != NULL && have >= 0);

  if (self->segments->len > 0)
    segment.durable = MIN (g_array_index (self->segments, GanSegment, 0).durable, have);
  segment.end = self->length;
  g_array_set_size (self->segments, 0);
  g_array_append_val (self->segments, segment);
}

/**
 * gan_version_set_durable:
 * @self: a version
 *
 * What is here survives a power cut now.
 */
void
gan_version_set_durable (GanVersion *self)
{
  g_return_if_fail (self != NULL);

  for (guint i = 0; i < self->segments->len; i++)
    {
      GanSegment *segment = &g_array_index (self->segments, GanSegment, i);

      segment->durable = segment->done;
    }
}

/**
 * gan_version_trust_durable:
 * @self: a version
 *
 * Forgets what may not have survived: after a power cut, or when the disk lost writes.
 */
void
gan_version_trust_durable (GanVersion *self)
{
  g_return_if_fail (self != NULL);

  for (guint i = 0; i < self->segments->len; i++)
    {
      GanSegment *segment = &g_array_index (self->segments, GanSegment, i);

      segment->done = segment->durable;
    }
}
