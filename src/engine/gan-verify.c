/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-verify.h"

#include "gan-error.h"

typedef enum
{
  SAYS_NOTHING,
  SAYS_WHOLE,
  SAYS_MORE,
} Word;

/* What the server says about the bytes behind the last one. */
static Word
get_word (const GanAnswer *beyond, gint64 have)
{
  if (beyond->status == 416 && beyond->has_range)
    return beyond->total == have ? SAYS_WHOLE : SAYS_MORE;
  if (beyond->status == 206 && beyond->has_range && beyond->first == have)
    return SAYS_MORE;
  if (beyond->status == 200 && beyond->framing == GAN_FRAMING_LENGTH)
    return beyond->content_length == have ? SAYS_WHOLE : SAYS_MORE;
  return SAYS_NOTHING;
}

/* What the file says of itself, if it is of a kind that does. Nothing follows from a helper that
 * is missing, or that the file killed. */
static gboolean
ask_container (GanMediaHelper *media,
               GanPartFile *part,
               Word *word,
               GCancellable *cancellable,
               GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (GanProbe) probe = NULL;

  *word = SAYS_NOTHING;
  if (media == NULL)
    return TRUE;
  probe
      = gan_media_helper_probe (media, gan_part_file_get_descriptor (part), cancellable, &problem);
  if (probe != NULL && probe->complete)
    *word = SAYS_WHOLE;
  else if (probe != NULL && probe->truncated)
    *word = SAYS_MORE;
  else if (problem != NULL && gan_error_is_cancelled (problem))
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }
  else if (problem != NULL)
    g_info ("the container is not checked: %s", problem->message);
  return TRUE;
}

/**
 * gan_verify_end:
 * @remote: the remote file
 * @answer: the answer whose body has ended, by chunks or by a closing connection
 * @have: bytes that are here
 * @part: where they are
 * @media: (nullable): reads containers
 * @verified: (out): how well the file is known to be whole
 * @cancellable: (nullable): stops it
 * @error: return location
 *
 * Asks for the bytes behind the last one. A 416 that names the size settles it, and so does a
 * length. Where the server says neither, the container does if it is of a kind that knows its end;
 * and where that does not, a chunked body was whole if its connection outlived it: one that was cut
 * is gone. A body that ends with its connection is taken as it is.
 *
 * Fails with %GAN_ERROR_TRUNCATED where bytes are missing, and like gan_http_open().
 *
 * Returns: whether the file is whole as far as can be known
 */
gboolean
gan_verify_end (GanRemote *remote,
                const GanAnswer *answer,
                gint64 have,
                GanPartFile *part,
                GanMediaHelper *media,
                GanVerified *verified,
                GCancellable *cancellable,
                GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (GanAnswer) beyond = NULL;
  Word word = SAYS_NOTHING;
  gboolean proven = FALSE;

  g_return_val_if_fail (remote != NULL && answer != NULL && verified != NULL, FALSE);

  proven = gan_response_is_proven_whole (answer->response);
  beyond = gan_remote_ask_beyond (remote, have, cancellable, &problem);
  if (beyond == NULL && (!proven || gan_error_is_cancelled (problem)))
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }
  if (beyond != NULL)
    word = get_word (beyond, have);
  *verified = word == SAYS_WHOLE ? GAN_VERIFIED_LENGTH : GAN_VERIFIED_NONE;
  if (word == SAYS_NOTHING)
    {
      if (!ask_container (media, part, &word, cancellable, error))
        return FALSE;
      if (word == SAYS_WHOLE)
        *verified = GAN_VERIFIED_CONTAINER;
      /* The server has said that there is no more, so the file is broken there. */
      else if (proven)
        word = SAYS_NOTHING;
    }
  if (word == SAYS_WHOLE
      || (word == SAYS_NOTHING && (proven || answer->framing == GAN_FRAMING_CLOSE)))
    return TRUE;
  gan_error_set (error, GAN_ERROR_TRUNCATED, NULL, "the connection ended before the file did");
  return FALSE;
}

/**
 * gan_verify_container:
 * @part: the bytes that are here
 * @media: (nullable): reads containers
 * @whole: (out): whether they are of a kind that knows its end, and reach it
 * @cancellable: (nullable): stops it
 * @error: return location
 *
 * Fails with %G_IO_ERROR_CANCELLED only.
 *
 * Returns: FALSE if it was cancelled
 */
gboolean
gan_verify_container (GanPartFile *part,
                      GanMediaHelper *media,
                      gboolean *whole,
                      GCancellable *cancellable,
                      GError **error)
{
  Word word = SAYS_NOTHING;

  g_return_val_if_fail (part != NULL && whole != NULL, FALSE);

  if (!ask_container (media, part, &word, cancellable, error))
    return FALSE;
  *whole = word == SAYS_WHOLE;
  return TRUE;
}
