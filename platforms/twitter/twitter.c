/* SPDX-License-Identifier: GPL-3.0-or-later */
/* X, formerly Twitter: single posts, as X shows them to guests. A guest asks for a token, then asks
 * GraphQL for the post. Where that door stays shut, syndication still knows most of it. */
#include "config.h"

#include "gan-platform-sdk.h"
#include "twitter-post.h"
#include "twitter-refusal.h"
#include "twitter-syndication.h"

#include <string.h>

#define GUEST_TOKEN "guest"
#define GUEST_TOKEN_SECONDS 3600
#define MAX_TOKEN_BYTES 256

/* So close to the limit of a guest, it is time to be another one. */
#define FEW_QUESTIONS 10

/* A token of our own: until when GraphQL is to be left alone. */
#define PAUSE "graphql-pause"

/* A hostile answer cannot make the question grow without end. */
#define MAX_NEW_FEATURES 64

#define GAN_TYPE_TWITTER (gan_twitter_get_type ())
G_DECLARE_FINAL_TYPE (GanTwitter, gan_twitter, GAN, TWITTER, GanPlatform)

struct _GanTwitter
{
  GanPlatform parent_instance;
};

G_DEFINE_FINAL_TYPE (GanTwitter, gan_twitter, GAN_TYPE_PLATFORM)

/* --- A guest --- */

/* There is another route to what this one does not answer: its tries are better spent there. */
static GanRequest *
set_up (GanVisit *visit, GanRequest *request)
{
  const char *bearer = gan_rules_get_constant (gan_visit_get_rules (visit), "bearer");
  g_autofree char *authorization = g_strconcat ("Bearer ", bearer, NULL);

  gan_request_set_header (request, "Authorization", authorization);
  gan_request_set_header (request, "x-twitter-active-user", "yes");
  gan_request_set_header (request, "x-twitter-client-language", "en");
  gan_request_set_max_tries (request, 1);
  return request;
}

/* It goes into a header as it is. */
static gboolean
is_guest_token (const char *token)
{
  gsize length = token != NULL ? strlen (token) : 0;

  return length > 0 && length <= MAX_TOKEN_BYTES
         && strspn (token, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-_") == length;
}

static char *
ask_guest_token (GanVisit *visit, GError **error)
{
  g_autoptr (GanRequest) request = gan_visit_request (visit, "POST", "activate", error, NULL);
  g_autoptr (GanReply) reply = NULL;
  g_autoptr (JsonNode) root = NULL;
  const char *token = NULL;

  if (request != NULL)
    reply = gan_visit_fetch (visit, set_up (visit, request), error);
  if (reply == NULL)
    return NULL;
  if (gan_reply_get_status (reply) == 200)
    root = gan_reply_parse_json (reply, NULL);
  if (root == NULL)
    {
      gan_twitter_refusal_from_reply (visit, reply, NULL, error);
      return NULL;
    }
  token = gan_json_get_string (root, "guest_token");
  if (!is_guest_token (token))
    {
      gan_twitter_refusal_set_changed (error, "guest_token");
      return NULL;
    }
  gan_visit_store_token (visit, GUEST_TOKEN, token, GUEST_TOKEN_SECONDS);
  return g_strdup (token);
}

static char *
get_guest_token (GanVisit *visit, GError **error)
{
  char *token = gan_visit_dup_token (visit, GUEST_TOKEN);

  return token != NULL ? token : ask_guest_token (visit, error);
}

/* A token is worn out when X says so, or nearly does. */
static void
check_guest_token (GanVisit *visit, const char *token, GanReply *reply, gboolean refused)
{
  const char *left = gan_reply_get_header (reply, "x-rate-limit-remaining");
  guint64 n_left = G_MAXUINT64;

  if (left != NULL)
    g_ascii_string_to_unsigned (left, 10, 0, G_MAXUINT64, &n_left, NULL);
  if (refused || gan_reply_get_status (reply) == 429 || n_left < FEW_QUESTIONS)
    gan_visit_drop_token (visit, GUEST_TOKEN, token);
}

/* --- A question --- */

/* The JSON of the rules is shared by all threads: what is changed is a copy of it. */
static JsonNode *
dup_data (GanVisit *visit, const char *name)
{
  JsonNode *data = gan_rules_get_data (gan_visit_get_rules (visit), name);
  g_autofree char *text = gan_json_to_string (data, FALSE);
  JsonNode *copy = gan_json_parse (text, -1, GAN_LIMIT_JSON_BYTES, GAN_LIMIT_JSON_DEPTH, NULL);

  if (JSON_NODE_HOLDS_OBJECT (copy))
    return copy;
  json_node_unref (copy);
  return gan_json_parse ("{}", -1, GAN_LIMIT_JSON_BYTES, GAN_LIMIT_JSON_DEPTH, NULL);
}

static GanReply *
ask (GanVisit *visit, const char *id, const char *token, JsonNode *features, GError **error)
{
  g_autoptr (JsonNode) variables = dup_data (visit, "variables");
  g_autoptr (JsonNode) toggles = dup_data (visit, "field_toggles");
  g_autoptr (GanRequest) request = NULL;
  g_autofree char *variables_text = NULL;
  g_autofree char *toggles_text = gan_json_to_string (toggles, FALSE);
  g_autofree char *features_text = gan_json_to_string (features, FALSE);

  json_object_set_string_member (json_node_get_object (variables), "tweetId", id);
  variables_text = gan_json_to_string (variables, FALSE);
  request = gan_visit_request (visit,
                               "GET",
                               "graphql",
                               error,
                               "query_id",
                               gan_rules_get_constant (gan_visit_get_rules (visit), "query_id"),
                               "variables",
                               variables_text,
                               "features",
                               features_text,
                               "toggles",
                               toggles_text,
                               NULL);
  if (request == NULL)
    return NULL;
  gan_request_set_header (request, "x-guest-token", token);
  return gan_visit_fetch (visit, set_up (visit, request), error);
}

/* GraphQL may give a post and complain of parts of it: that is an answer. */
static gboolean
is_answer (GanReply *reply, JsonNode *root)
{
  if (gan_reply_get_status (reply) != 200 || gan_json_get_object (root, NULL) == NULL)
    return FALSE;
  return gan_json_get_object (root, "data.tweetResult.result") != NULL
         || gan_json_find (root, "errors") == NULL;
}

static gboolean
is_guest_refused (GanReply *reply, JsonNode *root)
{
  guint status = gan_reply_get_status (reply);
  g_autoptr (GPtrArray) errors = gan_json_find_all (root, "errors[*].message");

  for (guint i = 0; i < errors->len; i++)
    {
      const char *text = gan_json_get_string (g_ptr_array_index (errors, i), NULL);

      if (text != NULL && strstr (text, "guest token") != NULL)
        return TRUE;
    }
  return errors->len == 0 && (status == 401 || status == 403 || status == 404);
}

/* "The following features cannot be null: a, b": X has new switches, which are off for us. */
static gboolean
add_features (JsonNode *root, JsonNode *features)
{
  static const char complaint[] = "features cannot be null:";
  const char *text = gan_json_get_string (root, "errors[0].message");
  const char *names = text != NULL ? strstr (text, complaint) : NULL;
  g_auto (GStrv) words = NULL;

  if (names == NULL)
    return FALSE;
  words = g_strsplit_set (names + strlen (complaint), ", ", MAX_NEW_FEATURES);
  for (guint i = 0; words[i] != NULL; i++)
    {
      if (*words[i] != '\0'
          && strspn (words[i], "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen (words[i]))
        json_object_set_boolean_member (json_node_get_object (features), words[i], FALSE);
    }
  return TRUE;
}

/* A guest that is turned away comes back once as another one; a question that lacks something is
 * asked once more with it. */
static JsonNode *
ask_graphql (GanVisit *visit, const char *id, GError **error)
{
  g_autoptr (JsonNode) features = dup_data (visit, "features");
  gboolean may_renew = TRUE;
  gboolean may_complete = TRUE;

  while (TRUE)
    {
      g_autofree char *token = get_guest_token (visit, error);
      g_autoptr (GanReply) reply = token != NULL ? ask (visit, id, token, features, error) : NULL;
      g_autoptr (JsonNode) root = reply != NULL ? gan_reply_parse_json (reply, NULL) : NULL;
      gboolean is_refused = FALSE;

      if (reply == NULL)
        return NULL;
      is_refused = is_guest_refused (reply, root);
      check_guest_token (visit, token, reply, is_refused);
      if (is_answer (reply, root))
        return g_steal_pointer (&root);
      if (is_refused && may_renew)
        may_renew = FALSE;
      else if (may_complete && add_features (root, features))
        may_complete = FALSE;
      else
        {
          gan_twitter_refusal_from_reply (visit, reply, root, error);
          return NULL;
        }
    }
}

static gboolean
is_empty (JsonObject *object)
{
  return object != NULL && json_object_get_size (object) == 0;
}

static GanMedia *
read_answer (GanVisit *visit, JsonNode *root, GError **error)
{
  JsonNode *result = gan_json_find (root, "data.tweetResult.result");

  if (result != NULL && !JSON_NODE_HOLDS_NULL (result))
    return gan_twitter_post_read (visit, "graphql", result, error);
  if (gan_json_find (root, "data.tweetResult") != NULL
      || is_empty (gan_json_get_object (root, NULL))
      || is_empty (gan_json_get_object (root, "data")))
    gan_error_set (error, GAN_ERROR_NOT_FOUND, "removed", "X does not know this post");
  else
    gan_twitter_refusal_set_changed (error, "data.tweetResult");
  return NULL;
}

/* --- Both routes --- */

/* Whether GraphQL may be asked now. X named a time to wait for? Then the other route serves. */
static gboolean
check_pause (GanVisit *visit, GError **error)
{
  g_autofree char *text = gan_visit_dup_token (visit, PAUSE);
  gint64 now = gan_visit_get_wall (visit);
  gint64 until = now;

  if (text == NULL)
    return TRUE;
  g_ascii_string_to_signed (text, 10, now, G_MAXINT64, &until, NULL);
  gan_twitter_refusal_set_rate_limited (error, until - now);
  return FALSE;
}

static void
keep_pause (GanVisit *visit, const GError *problem)
{
  gint64 seconds = gan_error_get_retry_after (problem);
  g_autofree char *until = NULL;

  if (!gan_error_matches (problem, GAN_ERROR_RATE_LIMITED) || seconds <= 0)
    return;
  until = g_strdup_printf ("%" G_GINT64_FORMAT, gan_visit_get_wall (visit) + seconds);
  gan_visit_store_token (visit, PAUSE, until, (guint) seconds);
}

static gboolean
has_no_answer (const GError *error)
{
  return gan_error_matches (error, GAN_ERROR_NETWORK) || gan_error_matches (error, GAN_ERROR_TLS)
         || gan_error_matches (error, GAN_ERROR_TIMEOUT);
}

static GanMedia *
ask_syndication (GanVisit *visit, const char *id, GError *problem, GError **error)
{
  g_autoptr (GError) first = problem;
  g_autoptr (GError) second = NULL;
  GanMedia *post = NULL;

  gan_visit_log (visit, "GraphQL: %s; asking syndication", first->message);
  post = gan_twitter_syndication_ask (visit, id, &second);
  if (post != NULL)
    return post;
  /* What X said, and best of all what it said of the post, beats that it could not be asked. */
  if (gan_error_is_cancelled (second) || gan_twitter_refusal_is_of_post (second)
      || (has_no_answer (first) && !has_no_answer (second)))
    g_propagate_error (error, g_steal_pointer (&second));
  else
    g_propagate_error (error, g_steal_pointer (&first));
  return NULL;
}

static GanMedia *
get_post (GanVisit *visit, const char *id, GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (JsonNode) answer = NULL;
  GanMedia *post = NULL;

  if (check_pause (visit, &problem))
    answer = ask_graphql (visit, id, &problem);
  if (answer != NULL)
    post = read_answer (visit, answer, &problem);
  if (post != NULL)
    return post;
  if (gan_error_is_cancelled (problem) || gan_twitter_refusal_is_of_post (problem))
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return NULL;
    }
  keep_pause (visit, problem);
  return ask_syndication (visit, id, g_steal_pointer (&problem), error);
}

/* --- The verbs --- */

/* "twitter.com/#!/user/status/1" is how links were until 2012. */
static GanUrl *
dup_plain_url (GanUrl *url)
{
  const char *fragment = gan_url_get_fragment (url);
  g_autofree char *text = NULL;

  if (fragment == NULL || !g_str_has_prefix (fragment, "!/"))
    return gan_url_ref (url);
  fragment += strlen ("!/");
  text = g_strconcat (gan_url_get_origin (url), "/", fragment + strspn (fragment, "@"), NULL);
  return gan_url_parse (text, NULL);
}

static GanMatch *
gan_twitter_match (GanPlatform *platform, GanRules *rules, GanUrl *url)
{
  g_autoptr (GanUrl) plain = dup_plain_url (url);
  g_autoptr (GanMatch) match = plain != NULL ? gan_rules_match (rules, plain) : NULL;

  /* "/search" without a question is no user of that name. */
  if (match != NULL && g_strcmp0 (gan_match_get_capture (match, "user"), "search") == 0)
    return NULL;
  return g_steal_pointer (&match);
}

/* "…/status/1/photo/2" is the second of what is shown. */
static GanMedia *
pick_item (GanMedia *post, const char *number, GError **error)
{
  GPtrArray *items = gan_media_get_items (post);
  g_autofree char *end = g_strconcat ("/", number, NULL);

  for (guint i = 0; i < items->len; i++)
    {
      GanMedia *item = g_ptr_array_index (items, i);

      if (g_str_has_suffix (gan_media_get_url (item), end))
        return g_object_ref (item);
    }
  gan_error_set (error, GAN_ERROR_NOT_FOUND, "removed", "the post has no medium of that number");
  return NULL;
}

static GanMedia *
gan_twitter_get_info (GanPlatform *platform, GanVisit *visit, GanMatch *match, GError **error)
{
  const char *number = gan_match_get_capture (match, "number");
  g_autoptr (GanMedia) post = NULL;

  if (gan_match_get_kind (match) != GAN_KIND_POST)
    {
      gan_error_set (error,
                     GAN_ERROR_UNSUPPORTED_URL,
                     gan_match_get_kind (match) == GAN_KIND_LIVE ? "live" : "listing",
                     "of X, only single posts are supported");
      return NULL;
    }
  post = get_post (visit, gan_match_get_id (match), error);
  if (post == NULL || number == NULL || gan_media_get_items (post)->len == 0)
    return g_steal_pointer (&post);
  return pick_item (post, number, error);
}

static void
gan_twitter_class_init (GanTwitterClass *klass)
{
  GanPlatformClass *platform_class = GAN_PLATFORM_CLASS (klass);

  platform_class->match = gan_twitter_match;
  platform_class->get_info = gan_twitter_get_info;
}

static void
gan_twitter_init (GanTwitter *self)
{
}
