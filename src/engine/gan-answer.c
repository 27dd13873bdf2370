/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-answer.h"

#include "gan-error.h"
#include "gan-media-type.h"
#include "gan-unknown.h"

#include <string.h>

/* An encoding, and the files that are of that format themselves. */
static const struct
{
  const char *coding;
  const char *extensions[4];
  const char *types[3];
} encodings[] = {
  { "gzip", { ".gz", ".tgz", ".svgz" }, { "application/gzip", "application/x-gzip" } },
  { "x-gzip", { ".gz", ".tgz", ".svgz" }, { "application/gzip", "application/x-gzip" } },
  { "compress", { ".z", ".taz" }, { "application/x-compress" } },
  { "br", { ".br" }, { "application/x-brotli" } },
  { "zstd", { ".zst", ".tzst" }, { "application/zstd" } },
};

/**
 * gan_answer_new:
 * @response: an answer whose body was not read yet
 *
 * Returns: (transfer full): what its head says
 */
GanAnswer *
gan_answer_new (GanResponse *response)
{
  GanAnswer *self = NULL;

  g_return_val_if_fail (GAN_IS_RESPONSE (response), NULL);

  self = g_new0 (GanAnswer, 1);
  self->response = g_object_ref (response);
  self->status = gan_response_get_status (response);
  self->framing = gan_response_get_framing (response);
  self->content_length = gan_response_get_content_length (response);
  self->is_multipart
      = g_strcmp0 (gan_response_get_content_type (response), "multipart/byteranges") == 0;
  self->first = self->last = self->total = GAN_UNKNOWN;
  self->has_range
      = gan_response_get_content_range (response, &self->first, &self->last, &self->total);
  self->version = gan_version_new ();
  self->version->etag = g_strdup (gan_response_get_header (response, "ETag"));
  self->version->last_modified = g_strdup (gan_response_get_header (response, "Last-Modified"));
  self->version->content_type = g_strdup (gan_response_get_content_type (response));
  if (self->status == 206)
    self->version->length = self->total;
  else if (self->framing == GAN_FRAMING_LENGTH)
    self->version->length = self->content_length;
  else if (self->framing == GAN_FRAMING_NONE)
    self->version->length = 0;
  return self;
}

/**
 * gan_answer_free:
 * @self: an answer
 *
 * Closes the response where its body was not read to the end.
 */
void
gan_answer_free (GanAnswer *self)
{
  if (self == NULL)
    return;
  if (self->response != NULL)
    gan_response_close (self->response);
  g_clear_object (&self->response);
  g_clear_pointer (&self->version, gan_version_free);
  g_free (self);
}

static gboolean
is_page (const GanVersion *version)
{
  return version->content_type != NULL
         && gan_media_type_from_content_type (version->content_type) == GAN_MEDIA_TYPE_HTML;
}

/* What a sign-in page of a network looks like: it answers for everything, with success. */
static gboolean
is_unwanted_page (const GanAnswer *self, const GanQuestion *question)
{
  if (!is_page (self->version))
    return FALSE;
  return question->media || (question->known != NULL && !is_page (question->known));
}

static gboolean
is_range_asked_for (const GanAnswer *self, const GanQuestion *question)
{
  gint64 size = 0;

  if (question->plain || self->is_multipart || !self->has_range || self->first != question->first)
    return FALSE;
  size = self->last - self->first + 1;
  return self->framing != GAN_FRAMING_LENGTH || self->content_length == size;
}

/* A client error that a server without ranges may give to Range itself. */
static gboolean
may_be_about_range (guint status)
{
  switch (status)
    {
    case 400:
    case 403:
    case 405:
    case 406:
    case 412:
    case 416:
    case 501:
      return TRUE;
    default:
      return FALSE;
    }
}

static GanVerdict
judge_first (GanAnswer *self, const GanQuestion *question)
{
  if (self->status == 206)
    {
      if (is_range_asked_for (self, question))
        return GAN_VERDICT_PART;
      return question->plain ? GAN_VERDICT_BAD_RANGE : GAN_VERDICT_ASK_PLAIN;
    }
  if (self->status == 200)
    return GAN_VERDICT_WHOLE;
  if (!question->plain && may_be_about_range (self->status))
    return GAN_VERDICT_ASK_PLAIN;
  return GAN_VERDICT_REFUSED;
}

/* Another ETag alone may mean another version, or a server that makes one for every answer: asked
 * again, the latter has a third. */
static GanVerdict
judge_doubt (GanAnswer *self, const GanQuestion *question)
{
  if (!question->again)
    return GAN_VERDICT_ASK_AGAIN;
  if (g_strcmp0 (self->version->etag, question->doubtful) == 0)
    return GAN_VERDICT_CHANGED;
  self->etag_is_random = TRUE;
  return GAN_VERDICT_PART;
}

static GanVerdict
judge_part (GanAnswer *self, const GanQuestion *question)
{
  gint64 have = gan_version_get_have (question->known);

  if (!is_range_asked_for (self, question))
    return GAN_VERDICT_BAD_RANGE;
  if (self->total != GAN_UNKNOWN && self->total < have)
    return GAN_VERDICT_CHANGED;
  if (question->known->length != GAN_UNKNOWN && self->last >= question->known->length)
    return GAN_VERDICT_CHANGED;
  switch (gan_version_compare (question->known, self->version))
    {
    case GAN_VERSION_SAME:
      return GAN_VERDICT_PART;
    case GAN_VERSION_UNSURE:
      return judge_doubt (self, question);
    case GAN_VERSION_OTHER:
    default:
      return GAN_VERDICT_CHANGED;
    }
}

static GanVerdict
judge_whole (GanAnswer *self, const GanQuestion *question)
{
  GanVersionMatch match = gan_version_compare (question->known, self->version);

  if (match == GAN_VERSION_OTHER)
    return GAN_VERDICT_CHANGED;
  if (!question->again && (question->guarded || match == GAN_VERSION_UNSURE))
    return GAN_VERDICT_ASK_AGAIN;
  if (match == GAN_VERSION_UNSURE && g_strcmp0 (self->version->etag, question->doubtful) == 0)
    return GAN_VERDICT_CHANGED;
  return GAN_VERDICT_NO_RANGES;
}

static GanVerdict
judge_unsatisfied (GanAnswer *self, const GanQuestion *question)
{
  gint64 have = gan_version_get_have (question->known);

  if (!self->has_range)
    return question->first >= have ? GAN_VERDICT_END : GAN_VERDICT_BAD_RANGE;
  if (self->total == have)
    return GAN_VERDICT_END;
  return self->total < have ? GAN_VERDICT_CHANGED : GAN_VERDICT_BAD_RANGE;
}

static GanVerdict
judge_next (GanAnswer *self, const GanQuestion *question)
{
  switch (self->status)
    {
    case 200:
      return judge_whole (self, question);
    case 206:
      return judge_part (self, question);
    case 416:
      return judge_unsatisfied (self, question);
    case 400:
    case 405:
    case 412:
    case 501:
      return GAN_VERDICT_BAD_RANGE;
    default:
      return GAN_VERDICT_REFUSED;
    }
}

/**
 * gan_answer_judge:
 * @self: an answer
 * @question: what was asked
 *
 * Decides what the answer means, from status, Content-Range (RFC 9110 §14.4), validators (§8.8),
 * length and type. Bytes of two versions never come together after this but where the server lies;
 * that is what the overlap is compared for.
 *
 * Returns: the verdict, which is also kept in @self
 */
GanVerdict
gan_answer_judge (GanAnswer *self, const GanQuestion *question)
{
  g_return_val_if_fail (self != NULL && question != NULL, GAN_VERDICT_REFUSED);

  if ((self->status == 200 || self->status == 206) && is_unwanted_page (self, question))
    self->verdict = GAN_VERDICT_WEB_PAGE;
  else if (question->known == NULL)
    self->verdict = judge_first (self, question);
  else
    self->verdict = judge_next (self, question);
  return self->verdict;
}

/**
 * gan_answer_begins_at_zero:
 * @self: an answer
 *
 * Returns: whether its body is the file from its first byte on, so that it serves for a restart
 */
gboolean
gan_answer_begins_at_zero (const GanAnswer *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->status == 200 || (self->status == 206 && self->has_range && self->first == 0);
}

/**
 * gan_answer_get_end:
 * @self: an answer with a body
 *
 * Returns: the offset in the file at which its body is announced to end, or GAN_UNKNOWN
 */
gint64
gan_answer_get_end (const GanAnswer *self)
{
  g_return_val_if_fail (self != NULL, GAN_UNKNOWN);

  if (self->status == 206)
    return self->last + 1;
  return self->version->length;
}

static gboolean
has_suffix (const char *text, const char *suffix)
{
  gsize length = text != NULL ? strlen (text) : 0;
  gsize tail = strlen (suffix);

  return length >= tail && g_ascii_strcasecmp (text + length - tail, suffix) == 0;
}

static gboolean
is_encoding_itself (guint i, const char *name, const char *type)
{
  for (guint k = 0; k < G_N_ELEMENTS (encodings[i].extensions); k++)
    {
      if (encodings[i].extensions[k] != NULL && has_suffix (name, encodings[i].extensions[k]))
        return TRUE;
    }
  for (guint k = 0; k < G_N_ELEMENTS (encodings[i].types); k++)
    {
      if (encodings[i].types[k] != NULL && g_strcmp0 (type, encodings[i].types[k]) == 0)
        return TRUE;
    }
  return FALSE;
}

/**
 * gan_answer_check_encoding:
 * @self: an answer
 * @name: (nullable): the file's name
 * @error: return location
 *
 * No encoding is ever asked for. One that comes all the same is stored as sent where the file is of
 * that format itself (x.tar.gz); else nobody could use it (contracts.md §5).
 *
 * Returns: whether the bytes can be stored; else %GAN_ERROR_INVALID_DATA
 */
gboolean
gan_answer_check_encoding (const GanAnswer *self, const char *name, GError **error)
{
  const char *coding = NULL;

  g_return_val_if_fail (self != NULL, FALSE);

  coding = gan_response_get_header (self->response, "Content-Encoding");
  if (coding == NULL || *coding == '\0' || g_ascii_strcasecmp (coding, "identity") == 0)
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (encodings); i++)
    {
      if (g_ascii_strcasecmp (coding, encodings[i].coding) == 0
          && is_encoding_itself (i, name, self->version->content_type))
        return TRUE;
    }
  gan_error_set (error,
                 GAN_ERROR_INVALID_DATA,
                 "content-encoding",
                 "the server sent the file in an encoding that was not asked for");
  return FALSE;
}
