/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-remote.h"

#include "gan-error.h"
#include "gan-file-name.h"
#include "gan-unknown.h"

/* A start may be repeated without Range, a continuation without If-Range. */
#define MOST_QUESTIONS 3

/* Headers by which a plan would change what is asked for. */
static const char *const own_headers[] = { "Range", "If-Range", "Accept-Encoding", "Host" };

static gboolean
is_own_header (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (own_headers); i++)
    {
      if (g_ascii_strcasecmp (name, own_headers[i]) == 0)
        return TRUE;
    }
  return FALSE;
}

/* One try: how often a transfer asks is its own matter. */
static GanRequest *
make_request (GanRemote *self)
{
  const GanTrack *track = gan_plan_get_track (self->plan, 0);
  g_autoptr (GanRequest) request = gan_request_new ("GET", track->url);
  GHashTableIter iter;
  gpointer name = NULL;
  gpointer value = NULL;

  gan_request_set_purpose (request, GAN_REQUEST_MEDIA);
  gan_request_set_address_policy (request, self->policy);
  gan_request_set_max_tries (request, 1);
  if (gan_plan_get_platform (self->plan) != NULL)
    gan_request_set_site (request, gan_plan_get_platform (self->plan));
  g_hash_table_iter_init (&iter, track->headers);
  while (g_hash_table_iter_next (&iter, &name, &value))
    {
      if (!is_own_header (name))
        gan_request_set_header (request, name, value);
    }
  return g_steal_pointer (&request);
}

static void
set_range (GanRemote *self, GanRequest *request, gint64 first)
{
  gint64 cap = gan_plan_get_track (self->plan, 0)->range_cap;

  gan_request_set_range (request,
                         first,
                         cap > 0 && first <= G_MAXINT64 - cap ? first + cap - 1 : GAN_UNKNOWN);
}

/* What makes the server send the whole file if it is another one (RFC 9110 §13.1.5): a strong ETag,
 * else the date. */
static const char *
get_guard (const GanVersion *known)
{
  if (known == NULL)
    return NULL;
  return gan_version_has_strong_etag (known) ? known->etag : known->last_modified;
}

static GanAnswer *
ask_once (GanRemote *self, const GanQuestion *question, GCancellable *cancellable, GError **error)
{
  g_autoptr (GanRequest) request = make_request (self);
  g_autoptr (GanResponse) response = NULL;

  if (!question->plain)
    set_range (self, request, question->first);
  if (question->guarded)
    gan_request_set_header (request, "If-Range", get_guard (question->known));
  response = gan_http_open (self->http, request, cancellable, error);
  return response != NULL ? gan_answer_new (response) : NULL;
}

/**
 * gan_remote_ask:
 * @self: a remote file
 * @known: (nullable): the version that bytes are here of, or NULL at the start
 * @first: first byte to ask for; 0 at the start
 * @cancellable: (nullable): stops it
 * @error: return location
 *
 * Asks for the bytes from @first on. A start asks for "bytes=0-", because an answer to that often
 * names the total where a plain one does not; a server that does not like it is asked plainly. A
 * continuation is guarded by If-Range, and repeated without it when the answer leaves a doubt.
 *
 * Fails like gan_http_open(). A status that is an error is an answer.
 *
 * Returns: (transfer full): the answer with its verdict, or NULL
 */
GanAnswer *
gan_remote_ask (GanRemote *self,
                const GanVersion *known,
                gint64 first,
                GCancellable *cancellable,
                GError **error)
{
  g_autofree char *doubtful = NULL;
  GanQuestion question = { .known = known, .first = first };

  g_return_val_if_fail (self != NULL && (known != NULL || first == 0), NULL);

  question.media = !gan_plan_is_plain_file (self->plan);
  question.plain = self->plain && known == NULL;
  question.guarded = get_guard (known) != NULL;
  for (guint i = 1;; i++)
    {
      g_autoptr (GanAnswer) answer = ask_once (self, &question, cancellable, error);

      if (answer == NULL)
        return NULL;
      gan_answer_judge (answer, &question);
      if (i == MOST_QUESTIONS
          || (answer->verdict != GAN_VERDICT_ASK_PLAIN && answer->verdict != GAN_VERDICT_ASK_AGAIN))
        return g_steal_pointer (&answer);
      if (answer->verdict == GAN_VERDICT_ASK_PLAIN)
        self->plain = question.plain = TRUE;
      question.again = answer->verdict == GAN_VERDICT_ASK_AGAIN;
      question.guarded = FALSE;
      g_free (doubtful);
      question.doubtful = doubtful = g_strdup (answer->version->etag);
    }
}

/**
 * gan_remote_ask_beyond:
 * @self: a remote file
 * @first: a first byte
 * @cancellable: (nullable): stops it
 * @error: return location
 *
 * Asks whether there are bytes from @first on, without a judgement: for a body whose end proves
 * nothing.
 *
 * Returns: (transfer full): the answer, or NULL
 */
GanAnswer *
gan_remote_ask_beyond (GanRemote *self, gint64 first, GCancellable *cancellable, GError **error)
{
  const GanQuestion question = { .first = first };

  g_return_val_if_fail (self != NULL && first >= 0, NULL);

  return ask_once (self, &question, cancellable, error);
}

/**
 * gan_remote_dup_name:
 * @self: a remote file
 * @answer: an answer with its body
 *
 * Returns: (transfer full): the name that the server gives a plain file, made safe
 */
char *
gan_remote_dup_name (GanRemote *self, const GanAnswer *answer)
{
  g_autofree char *basename = NULL;

  g_return_val_if_fail (self != NULL && answer != NULL, NULL);

  basename = gan_url_dup_basename (gan_response_get_url (answer->response));
  if (basename == NULL || *basename == '\0')
    {
      g_free (basename);
      basename = gan_url_dup_basename (gan_plan_get_track (self->plan, 0)->url);
    }
  return gan_file_name_for_plain_file (
      gan_response_get_header (answer->response, "Content-Disposition"),
      basename,
      answer->version->content_type);
}
