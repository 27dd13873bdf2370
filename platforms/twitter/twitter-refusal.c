/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "twitter-refusal.h"

#include <string.h>

/* How long to leave X alone when it does not say. */
#define PAUSE_SECONDS 300

typedef struct
{
  const char *words; /* in lower case; found anywhere in what X says */
  GanErrorCode code;
  const char *reason;
} Refusal;

static const Refusal tombstones[] = {
  { "suspended", GAN_ERROR_NOT_FOUND, "suspended" },
  { "deleted", GAN_ERROR_NOT_FOUND, "removed" },
  { "no longer exists", GAN_ERROR_NOT_FOUND, "removed" },
  { "limits who can view", GAN_ERROR_PRIVATE, NULL },
  { "age-restricted", GAN_ERROR_AGE_RESTRICTED, NULL },
  { "withheld in", GAN_ERROR_GEO_BLOCKED, NULL },
};

static const Refusal reasons[] = {
  { "suspended", GAN_ERROR_NOT_FOUND, "suspended" },
  { "deactivated", GAN_ERROR_NOT_FOUND, "removed" },
  { "protected", GAN_ERROR_PRIVATE, NULL },
  { "nsfw", GAN_ERROR_AGE_RESTRICTED, NULL },
};

static const Refusal messages[] = {
  { "not authorized", GAN_ERROR_PRIVATE, NULL },
  { "no status found", GAN_ERROR_NOT_FOUND, "removed" },
  { "rate limit", GAN_ERROR_RATE_LIMITED, NULL },
  { "guest token", GAN_ERROR_BOT_CHECK, "guest-refused" },
};

static const Refusal *
find_refusal (const Refusal *table, gsize n_rows, const char *text)
{
  g_autofree char *lower = text != NULL ? g_ascii_strdown (text, -1) : NULL;

  for (gsize i = 0; lower != NULL && i < n_rows; i++)
    {
      if (strstr (lower, table[i].words) != NULL)
        return &table[i];
    }
  return NULL;
}

/* Words that nobody has met yet still say that X shows no post. */
static void
refuse (const Refusal *refusal, GError **error)
{
  if (refusal != NULL)
    gan_error_set (error,
                   refusal->code,
                   refusal->reason,
                   "X says of this post: %s",
                   refusal->words);
  else
    gan_error_set (error, GAN_ERROR_NOT_FOUND, "unavailable", "X does not show this post");
}

/**
 * gan_twitter_refusal_set_changed:
 * @error: return location
 * @path: where something is missing, or not what it was
 *
 * Sets %GAN_ERROR_SITE_CHANGED.
 */
void
gan_twitter_refusal_set_changed (GError **error, const char *path)
{
  gan_error_set (error, GAN_ERROR_SITE_CHANGED, "missing-field", "%s is missing", path);
  if (error != NULL)
    gan_error_set_field (*error, path);
}

/**
 * gan_twitter_refusal_set_rate_limited:
 * @error: return location
 * @seconds: how long to wait
 *
 * Sets %GAN_ERROR_RATE_LIMITED.
 */
void
gan_twitter_refusal_set_rate_limited (GError **error, gint64 seconds)
{
  gan_error_set (error, GAN_ERROR_RATE_LIMITED, NULL, "X answers no more questions for a while");
  if (error != NULL)
    gan_error_set_retry_after (*error, seconds);
}

/**
 * gan_twitter_refusal_from_tombstone:
 * @result: a TweetTombstone
 * @error: return location
 *
 * Sets the error that its text stands for.
 */
void
gan_twitter_refusal_from_tombstone (JsonNode *result, GError **error)
{
  const char *text = gan_json_get_string (result, "tombstone.text.text");

  refuse (find_refusal (tombstones, G_N_ELEMENTS (tombstones), text), error);
}

/**
 * gan_twitter_refusal_from_unavailable:
 * @result: a TweetUnavailable
 * @error: return location
 *
 * Sets the error that its reason stands for.
 */
void
gan_twitter_refusal_from_unavailable (JsonNode *result, GError **error)
{
  const char *text = gan_json_get_string (result, "reason");

  refuse (find_refusal (reasons, G_N_ELEMENTS (reasons), text), error);
}

/* Seconds from now to the moment that X names. */
static gint64
get_pause (GanVisit *visit, GanReply *reply)
{
  const char *text = gan_reply_get_header (reply, "x-rate-limit-reset");
  gint64 now = gan_visit_get_wall (visit);
  gint64 reset = 0;

  if (text != NULL && g_ascii_string_to_signed (text, 10, now, G_MAXINT64, &reset, NULL))
    return MIN (reset - now, GAN_LIMIT_RETRY_AFTER_SECONDS);
  return gan_reply_get_retry_after (reply) >= 0 ? gan_reply_get_retry_after (reply) : PAUSE_SECONDS;
}

static const Refusal *
find_message (JsonNode *root)
{
  g_autoptr (GPtrArray) texts = gan_json_find_all (root, "errors[*].message");
  const Refusal *refusal = NULL;

  for (guint i = 0; refusal == NULL && i < texts->len; i++)
    refusal = find_refusal (messages,
                            G_N_ELEMENTS (messages),
                            gan_json_get_string (g_ptr_array_index (texts, i), NULL));
  return refusal;
}

/* What a status, or the lack of JSON, says of the way that was taken. */
static void
refuse_by_status (GanVisit *visit, GanReply *reply, GError **error)
{
  g_autoptr (GError) cause = NULL;
  g_autoptr (JsonNode) root = NULL;

  switch (gan_reply_get_status (reply))
    {
    case 401:
    case 403:
      gan_error_set (error, GAN_ERROR_BOT_CHECK, "guest-refused", "X turns guests away");
      return;
    case 404:
    case 410:
      gan_error_set (error, GAN_ERROR_SITE_CHANGED, "query-id", "the query id is outdated");
      if (error != NULL)
        gan_error_set_field (*error, "constants.query_id");
      return;
    default:
      break;
    }
  if (!gan_reply_check_status (reply, error))
    return;
  root = gan_reply_parse_json (reply, &cause);
  if (g_strcmp0 (gan_error_get_reason (cause), "html") == 0)
    gan_twitter_refusal_set_rate_limited (error, PAUSE_SECONDS);
  else
    gan_twitter_refusal_set_changed (error, "data");
}

/**
 * gan_twitter_refusal_from_reply:
 * @visit: the visit
 * @reply: an answer without a post
 * @root: (nullable): its JSON, if it has some
 * @error: return location
 *
 * Sets what its words, its status or the lack of JSON say. A page in place of JSON is X asking to
 * slow down, a 404 an outdated query id.
 */
void
gan_twitter_refusal_from_reply (GanVisit *visit, GanReply *reply, JsonNode *root, GError **error)
{
  const Refusal *refusal = find_message (root);

  if (gan_reply_get_status (reply) == 429
      || (refusal != NULL && refusal->code == GAN_ERROR_RATE_LIMITED))
    gan_twitter_refusal_set_rate_limited (error, get_pause (visit, reply));
  else if (refusal != NULL)
    refuse (refusal, error);
  else if (gan_json_find (root, "errors") != NULL && gan_reply_get_status (reply) < 500)
    gan_twitter_refusal_set_changed (error, "data.tweetResult");
  else
    refuse_by_status (visit, reply, error);
}

/**
 * gan_twitter_refusal_is_of_post:
 * @error: how a route ended
 *
 * Returns: whether it is about the post, so that no other route would know better
 */
gboolean
gan_twitter_refusal_is_of_post (const GError *error)
{
  return gan_error_matches (error, GAN_ERROR_NOT_FOUND)
         || gan_error_matches (error, GAN_ERROR_PRIVATE)
         || gan_error_matches (error, GAN_ERROR_AGE_RESTRICTED)
         || gan_error_matches (error, GAN_ERROR_GEO_BLOCKED);
}
