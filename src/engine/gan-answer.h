/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a server's answer to a request for bytes means for the bytes that are here already: judged
 * from its head alone. Private to engine. */
#pragma once

#include "gan-response.h"
#include "gan-version.h"

G_BEGIN_DECLS

typedef enum
{
  GAN_VERDICT_PART,      /* bytes of the same version, from the first one asked for */
  GAN_VERDICT_WHOLE,     /* the whole file, of which nothing is here */
  GAN_VERDICT_END,       /* there are no bytes beyond those that are here */
  GAN_VERDICT_ASK_PLAIN, /* this server may answer when no range is asked for */
  GAN_VERDICT_ASK_AGAIN, /* in doubt: once more, without If-Range */
  GAN_VERDICT_CHANGED,   /* another version */
  GAN_VERDICT_NO_RANGES, /* the whole file, though a range was asked for */
  GAN_VERDICT_BAD_RANGE, /* not the range that was asked for */
  GAN_VERDICT_WEB_PAGE,  /* a page instead of the file: a sign-in or an error */
  GAN_VERDICT_REFUSED,   /* a status that is an error */
} GanVerdict;

/* What was asked. */
typedef struct
{
  const GanVersion *known; /* NULL: nothing is here */
  gint64 first;            /* first byte asked for */
  gboolean plain;          /* without Range */
  gboolean guarded;        /* with If-Range */
  gboolean again;          /* after an answer that left a doubt */
  const char *doubtful;    /* the ETag of that answer, or NULL */
  gboolean media;          /* a web page is never what is wanted */
} GanQuestion;

typedef struct
{
  GanResponse *response;
  guint status;
  GanFraming framing;
  gint64 content_length;
  gboolean is_multipart;
  gboolean has_range; /* Content-Range, of which first and last are GAN_UNKNOWN in a 416 */
  gint64 first;
  gint64 last;
  gint64 total;
  GanVersion *version;
  gboolean etag_is_random; /* differs in every answer, and says nothing */
  GanVerdict verdict;
} GanAnswer;

GanAnswer *gan_answer_new (GanResponse *response) G_GNUC_WARN_UNUSED_RESULT;
void gan_answer_free (GanAnswer *self);
GanVerdict gan_answer_judge (GanAnswer *self, const GanQuestion *question);
gboolean gan_answer_begins_at_zero (const GanAnswer *self);
gint64 gan_answer_get_end (const GanAnswer *self);
gboolean gan_answer_check_encoding (const GanAnswer *self, const char *name, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanAnswer, gan_answer_free)

G_END_DECLS
