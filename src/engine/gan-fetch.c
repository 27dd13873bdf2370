/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-fetch.h"

#include "gan-error.h"
#include "gan-file-name.h"
#include "gan-limits.h"
#include "gan-media-type.h"
#include "gan-unknown.h"
#include "gan-verify.h"

/* How much may come before the free space is looked at again. */
#define SPACE_CHECK_BYTES (GAN_LIMIT_RESERVE_BYTES / 4)

/* An attempt that brought so much is no reason to wait before the next. */
#define GOOD_ATTEMPT_BYTES GAN_LIMIT_OVERLAP_BYTES

/* Why a file is begun again; each of them counts once. */
enum
{
  RESTART_CHANGED = 1 << 0,
  RESTART_OVERLAP = 1 << 1,
  RESTART_NO_RANGES = 1 << 2,
  RESTART_BAD_RANGE = 1 << 3,
};

static GanStateFile *
get_state (GanFetch *self)
{
  return self->target->state;
}

static gint64
get_have (GanFetch *self)
{
  return get_state (self) != NULL ? gan_version_get_have (get_state (self)->version) : 0;
}

static gboolean
is_whole (GanFetch *self)
{
  GanStateFile *state = get_state (self);

  return self->has_ended
         || (state != NULL
             && (state->complete
                 || gan_version_get_have (state->version) == state->version->length));
}

static gboolean
check_size (GanFetch *self, gint64 size, GError **error)
{
  gint64 most = self->options->max_bytes;

  if (most == 0 || size <= most)
    return TRUE;
  gan_error_set (error,
                 GAN_ERROR_TOO_LARGE,
                 NULL,
                 "the file is larger than %" G_GINT64_FORMAT " bytes",
                 most);
  return FALSE;
}

/* A file whose length nobody announced stops at the reserve; so does any other when somebody else
 * fills the disk. */
static gboolean
check_reserve (GanFetch *self, gint64 have, GError **error)
{
  if (have - self->checked_at < SPACE_CHECK_BYTES)
    return TRUE;
  self->checked_at = have;
  return gan_folder_check_space (self->target->folder, 0, have, error);
}

/* After every piece that was written. */
static gboolean
wrote_cb (gint64 have, gpointer user_data, GError **error)
{
  GanFetch *self = user_data;

  gan_version_set_have (get_state (self)->version, have);
  self->is_refreshed = FALSE;
  gan_reporter_tell (&self->reporter, GAN_TRANSFER_RUNNING);
  if (!check_size (self, have, error) || !check_reserve (self, have, error))
    return FALSE;
  return !gan_checkpoint_is_due (&self->checkpoint)
         || gan_checkpoint_save (&self->checkpoint, error);
}

/* What can be refused before a byte of the body is read. */
static gboolean
check_answer (GanFetch *self, const GanAnswer *answer, const char *name, GError **error)
{
  gint64 length = answer->version->length;

  if (!gan_answer_check_encoding (answer, name, error))
    return FALSE;
  if (length == GAN_UNKNOWN)
    return gan_folder_check_space (self->target->folder, 0, 0, error);
  return check_size (self, length, error)
         && gan_folder_check_space (self->target->folder,
                                    length - MIN (get_have (self), length),
                                    length,
                                    error);
}

static char *
dup_name (GanFetch *self, const GanAnswer *answer)
{
  GanPlan *plan = self->plan;
  const char *ext = gan_plan_get_ext (plan);

  if (get_state (self) != NULL)
    return g_strdup (get_state (self)->file);
  if (self->options->name != NULL)
    return g_strdup (self->options->name);
  if (gan_plan_is_plain_file (plan))
    return gan_remote_dup_name (&self->remote, answer);
  if (ext == NULL && answer->version->content_type != NULL)
    ext = gan_media_type_get_extension (answer->version->content_type);
  return gan_file_name_for_media (gan_plan_get_title (plan), gan_plan_get_id (plan), ext);
}

/* The first good answer: now the name is known, and what version it is. The state file is on disk
 * before the first byte of the body is read. */
static gboolean
begin (GanFetch *self, GanAnswer *answer, GError **error)
{
  g_autofree char *name = dup_name (self, answer);
  GanStateFile *state = NULL;

  if (!check_answer (self, answer, name, error))
    return FALSE;
  if (get_state (self) == NULL
      && !gan_target_claim (self->target, self->plan, self->options->name, name, error))
    return FALSE;
  state = get_state (self);
  gan_version_free (state->version);
  state->version = g_steal_pointer (&answer->version);
  answer->version = gan_version_new ();
  answer->version->length = state->version->length;
  gan_version_set_have (state->version, 0);
  self->checked_at = 0;
  return gan_part_file_truncate (self->target->part, 0, error)
         && gan_checkpoint_save (&self->checkpoint, error);
}

static gboolean
set_restarted_in_vain (guint reason, GError **error)
{
  if (reason == RESTART_NO_RANGES)
    gan_error_set (error,
                   GAN_ERROR_TRUNCATED,
                   "no-ranges",
                   "the connection was cut again, and the server cannot go on from there");
  else if (reason == RESTART_BAD_RANGE)
    gan_error_set (error,
                   GAN_ERROR_INVALID_DATA,
                   "range",
                   "the server does not send the bytes that it was asked for");
  else
    gan_error_set (error,
                   GAN_ERROR_CHANGED_ON_SERVER,
                   NULL,
                   "the file changes on the server while it is fetched");
  return FALSE;
}

/* Where exactly chunks were cut cannot be told: libsoup 3.2 takes a cut between two of them for the
 * end, newer ones fail. */
static gboolean
is_cut_in_chunks (const GanAnswer *answer, const GError *problem)
{
  return answer->framing == GAN_FRAMING_CHUNKED
         && g_error_matches (problem, GAN_ERROR, GAN_ERROR_TRUNCATED)
         && g_strcmp0 (gan_error_get_reason (problem), "cut") == 0;
}

static GanPumpResult
pump (GanFetch *self, GanAnswer *answer, GError **error)
{
  g_autoptr (GError) problem = NULL;
  GanPumpResult result = GAN_PUMP_FAILED;
  gboolean is_length_known = gan_answer_get_end (answer) != GAN_UNKNOWN;
  GanVerified verified = GAN_VERIFIED_NONE;

  result = gan_pump_run (&self->pump,
                         answer,
                         self->target->part,
                         get_have (self),
                         self->cancellable,
                         &problem);
  self->is_cut = !is_length_known && is_cut_in_chunks (answer, problem);
  if (problem != NULL)
    g_propagate_error (error, g_steal_pointer (&problem));
  if (result != GAN_PUMP_ENDED || is_length_known)
    return result;
  if (!gan_verify_end (&self->remote,
                       answer,
                       get_have (self),
                       self->target->part,
                       self->options->media,
                       &verified,
                       self->cancellable,
                       error))
    return GAN_PUMP_FAILED;
  self->has_ended = TRUE;
  get_state (self)->verified = verified;
  return GAN_PUMP_ENDED;
}

/* Takes bytes from where we are; is_going_on tells the next attempt that it need not compare. */
static gboolean
take (GanFetch *self, GanAnswer *answer, gboolean *differs, GError **error)
{
  gint64 had = get_have (self);
  GanPumpResult result = pump (self, answer, error);

  *differs = result == GAN_PUMP_MISMATCH;
  self->is_going_on = result == GAN_PUMP_ENDED;
  if (result != GAN_PUMP_ENDED || get_have (self) > had || is_whole (self))
    return result != GAN_PUMP_FAILED;
  self->is_going_on = FALSE;
  gan_error_set (error, GAN_ERROR_TRUNCATED, NULL, "the answer held no new byte");
  return FALSE;
}

/* Without a length in common, nothing that is missing would speak against it. */
static gboolean
is_kept_aside (const GanStateFile *state, const GanVersion *version)
{
  return state->aside != NULL && version->length != GAN_UNKNOWN
         && state->aside->length == version->length
         && gan_version_compare (state->aside, version) == GAN_VERSION_SAME;
}

/* Begins again, with @answer where it serves for that. */
static gboolean
restart (GanFetch *self, guint reason, GanAnswer *answer, GError **error)
{
  GanStateFile *state = get_state (self);
  gboolean differs = FALSE;

  self->is_going_on = FALSE;
  if ((self->restarts & reason) != 0)
    return set_restarted_in_vain (reason, error);
  self->restarts |= reason;
  g_debug ("begins again (%u): %s", reason, state->file);
  if (answer != NULL && is_kept_aside (state, answer->version))
    return gan_target_go_back (self->target, error);
  if (!gan_target_restart (self->target, error))
    return FALSE;
  if (answer == NULL || !gan_answer_begins_at_zero (answer))
    return TRUE;
  return begin (self, answer, error) && take (self, answer, &differs, error);
}

static gboolean
go_on (GanFetch *self, GanAnswer *answer, GError **error)
{
  GanVersion *version = get_state (self)->version;
  gboolean differs = FALSE;

  if (!check_answer (self, answer, get_state (self)->file, error))
    return FALSE;
  if (answer->etag_is_random)
    g_clear_pointer (&version->etag, g_free);
  else
    gan_version_learn (version, answer->version);
  if (!gan_part_file_truncate (self->target->part, get_have (self), error)
      || !take (self, answer, &differs, error))
    return FALSE;
  return !differs || restart (self, RESTART_OVERLAP, NULL, error);
}

static gboolean
take_end (GanFetch *self, const GanAnswer *answer)
{
  self->has_ended = TRUE;
  get_state (self)->verified = answer->has_range ? GAN_VERIFIED_LENGTH : GAN_VERIFIED_NONE;
  return TRUE;
}

/* The server cannot go on from a cut, so nobody but the container knows whether anything is missing
 * behind it. */
static gboolean
begin_or_end (GanFetch *self, GanAnswer *answer, GError **error)
{
  gboolean whole = FALSE;

  if (self->is_cut && answer->version->length == GAN_UNKNOWN)
    {
      if (!gan_part_file_truncate (self->target->part, get_have (self), error)
          || !gan_verify_container (self->target->part,
                                    self->options->media,
                                    &whole,
                                    self->cancellable,
                                    error))
        return FALSE;
    }
  if (!whole)
    return restart (self, RESTART_NO_RANGES, answer, error);
  self->has_ended = TRUE;
  get_state (self)->verified = GAN_VERIFIED_CONTAINER;
  return TRUE;
}

static gboolean
set_refused (GanFetch *self, const GanAnswer *answer, GError **error)
{
  GError *problem = NULL;

  if (gan_response_check_status (answer->response, &problem))
    problem = gan_error_new (GAN_ERROR_INVALID_DATA,
                             "status",
                             "the server answered %u to a request for a file",
                             answer->status);
  g_propagate_error (error, problem);
  return FALSE;
}

static gboolean
set_web_page (GanFetch *self, GError **error)
{
  if (get_have (self) > 0)
    gan_error_set (error,
                   GAN_ERROR_NETWORK,
                   "portal",
                   "a web page came instead of the file: the network may want a sign-in");
  else
    gan_error_set (error,
                   GAN_ERROR_INVALID_DATA,
                   "web-page",
                   "a web page came instead of the file");
  return FALSE;
}

static gboolean
act (GanFetch *self, GanAnswer *answer, gboolean is_first, GError **error)
{
  gboolean differs = FALSE;

  switch (answer->verdict)
    {
    case GAN_VERDICT_PART:
    case GAN_VERDICT_WHOLE:
      if (!is_first)
        return go_on (self, answer, error);
      return begin (self, answer, error) && take (self, answer, &differs, error);
    case GAN_VERDICT_END:
      return take_end (self, answer);
    case GAN_VERDICT_CHANGED:
      return restart (self, RESTART_CHANGED, answer, error);
    case GAN_VERDICT_NO_RANGES:
      return begin_or_end (self, answer, error);
    case GAN_VERDICT_BAD_RANGE:
      return is_first ? set_restarted_in_vain (RESTART_BAD_RANGE, error)
                      : restart (self, RESTART_BAD_RANGE, NULL, error);
    case GAN_VERDICT_WEB_PAGE:
      return set_web_page (self, error);
    case GAN_VERDICT_REFUSED:
    case GAN_VERDICT_ASK_PLAIN:
    case GAN_VERDICT_ASK_AGAIN:
    default:
      return set_refused (self, answer, error);
    }
}

/* One attempt. */
static gboolean
attempt (GanFetch *self, GError **error)
{
  g_autoptr (GanAnswer) answer = NULL;
  gint64 have = get_have (self);
  gint64 overlap = self->is_going_on ? 0 : MIN (have, GAN_LIMIT_OVERLAP_BYTES);
  gboolean is_first = have == 0;

  answer = gan_remote_ask (&self->remote,
                           is_first ? NULL : get_state (self)->version,
                           have - overlap,
                           self->cancellable,
                           error);
  return answer != NULL && act (self, answer, is_first, error);
}

static gboolean
set_format_gone (GError **error)
{
  gan_error_set (error,
                 GAN_ERROR_CHANGED_ON_SERVER,
                 "format-gone",
                 "the format that was chosen is no longer on offer");
  return FALSE;
}

/* Asks the site for fresh addresses of the same format. */
static gboolean
refresh (GanFetch *self, GError **error)
{
  g_autoptr (GanPlan) plan = NULL;
  g_autofree char *wanted = gan_plan_dup_format_id (self->plan);
  g_autofree char *format_id = NULL;

  self->is_refreshed = TRUE;
  self->is_going_on = FALSE;
  plan = self->options->refresh (self->options->refresh_data, self->cancellable, error);
  if (plan == NULL)
    return FALSE;
  format_id = gan_plan_dup_format_id (plan);
  if (gan_plan_get_n_tracks (plan) != 1 || g_strcmp0 (format_id, wanted) != 0)
    return set_format_gone (error);
  gan_plan_unref (self->remote.plan);
  self->remote.plan = g_steal_pointer (&plan);
  self->remote.plain = FALSE;
  return TRUE;
}

static gboolean
is_refused_address (const GError *failure)
{
  guint status = gan_error_get_http_status (failure);

  return status == 401 || status == 403 || status == 404 || status == 410;
}

static gboolean
is_past_expiry (GanFetch *self)
{
  gint64 expires_at = gan_plan_get_track (self->remote.plan, 0)->expires_at;

  return expires_at != 0 && gan_clock_get_wall (self->clock) >= expires_at;
}

/* Final: nothing that this transfer does can help. */
static gboolean
give_up (GanFetch *self, GError *failure, GError **error)
{
  g_autoptr (GError) owned = failure;
  guint status = gan_error_get_http_status (owned);
  int code = owned->code;

  if ((status == 403 || status == 410) && get_have (self) > 0)
    gan_error_set_cause (error, code, "expired", g_steal_pointer (&owned));
  else if ((self->restarts & (RESTART_CHANGED | RESTART_OVERLAP)) != 0
           && get_state (self)->aside != NULL && gan_error_get_retry (owned) != GAN_RETRY_NEVER)
    gan_error_set_cause (error, GAN_ERROR_CHANGED_ON_SERVER, NULL, g_steal_pointer (&owned));
  else
    g_propagate_error (error, g_steal_pointer (&owned));
  return FALSE;
}

static gboolean
wait_for_retry (GanFetch *self, gint64 delay, GError **error)
{
  gboolean waited = TRUE;

  gan_reporter_tell (&self->reporter, GAN_TRANSFER_RETRYING);
  if (delay > 0)
    waited = gan_clock_wait (self->clock, delay, self->cancellable, error);
  gan_pump_begin_watch (&self->pump);
  return waited;
}

/* Decides what a failure means, and waits as long as it is worth. @brought: new bytes. */
static gboolean
recover (GanFetch *self, GError *failure, gint64 brought, gint64 lasted, GError **error)
{
  g_autoptr (GError) owned = failure;
  gint64 delay = 0;

  self->is_going_on = FALSE;
  if (self->options->refresh != NULL && !self->is_refreshed && is_refused_address (owned))
    return refresh (self, error);
  if (gan_error_get_retry_delay (owned, 0) == GAN_UNKNOWN
      || g_strcmp0 (gan_error_get_reason (owned), "portal") == 0
      || g_strcmp0 (gan_error_get_reason (owned), "no-ranges") == 0 || self->pump.slow_times > 1)
    return give_up (self, g_steal_pointer (&owned), error);
  if (brought > 0)
    gan_retry_budget_reset (&self->budget);
  if (brought < GOOD_ATTEMPT_BYTES)
    delay = gan_retry_budget_get_delay (&self->budget, owned, brought > 0 ? 0 : lasted);
  if (delay == GAN_UNKNOWN)
    return give_up (self, g_steal_pointer (&owned), error);
  g_debug ("tries again after %" G_GINT64_FORMAT " ms: %s", delay / 1000, owned->message);
  return wait_for_retry (self, delay, error);
}

/**
 * gan_fetch_init:
 * @self: a fetch
 * @http: the network
 * @plan: a plan of one track
 * @options: what the caller wants; must outlive it
 * @target: the files, found or not yet claimed; must outlive it
 * @cancellable: (nullable): stops it
 */
void
gan_fetch_init (GanFetch *self,
                GanHttp *http,
                GanPlan *plan,
                const GanTransferOptions *options,
                GanTarget *target,
                GCancellable *cancellable)
{
  g_return_if_fail (self != NULL && GAN_IS_HTTP (http) && plan != NULL && options != NULL);
  g_return_if_fail (target != NULL);

  self->options = options;
  self->target = target;
  self->cancellable = cancellable;
  self->clock = gan_http_get_clock (http);
  self->plan = gan_plan_ref (plan);
  self->remote.http = http;
  self->remote.plan = gan_plan_ref (plan);
  self->remote.policy = options->policy;
  gan_checkpoint_init (&self->checkpoint, target, self->clock);
  gan_pump_init (&self->pump, self->clock, options->limit_rate, options->throttle);
  self->pump.wrote = wrote_cb;
  self->pump.user_data = self;
  gan_retry_budget_init (&self->budget, self->clock);
  self->reporter.func = options->progress;
  self->reporter.user_data = options->user_data;
  self->reporter.clock = self->clock;
  self->reporter.told_at = GAN_UNKNOWN;
  self->reporter.target = target;
  self->reporter.speed = &self->pump.speed;
}

/**
 * gan_fetch_clear:
 * @self: a fetch
 *
 * Frees what it holds.
 */
void
gan_fetch_clear (GanFetch *self)
{
  g_clear_pointer (&self->remote.plan, gan_plan_unref);
  g_clear_pointer (&self->plan, gan_plan_unref);
  gan_pump_clear (&self->pump);
}

static gboolean
fetch_all (GanFetch *self, GError **error)
{
  while (!is_whole (self))
    {
      g_autoptr (GError) failure = NULL;
      gint64 began = gan_clock_get_monotonic (self->clock);
      gint64 had = get_have (self);

      if (self->options->refresh != NULL && !self->is_refreshed && is_past_expiry (self)
          && !refresh (self, error))
        return FALSE;
      if (!attempt (self, &failure)
          && !recover (self,
                       g_steal_pointer (&failure),
                       get_have (self) - had,
                       gan_clock_get_monotonic (self->clock) - began,
                       error))
        return FALSE;
    }
  return TRUE;
}

/**
 * gan_fetch_run:
 * @self: a fetch
 * @error: return location
 *
 * Fetches until all bytes are there. The caller finishes (see gan_finish_run()). However it ends,
 * what is on disk is consistent, and a later run goes on from there.
 *
 * Fails with %G_IO_ERROR_CANCELLED and any #GanErrorCode that a network, a server or a disk can be
 * the cause of.
 *
 * Returns: whether all bytes are in the part file
 */
gboolean
gan_fetch_run (GanFetch *self, GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  gan_reporter_tell (&self->reporter, GAN_TRANSFER_WAITING);
  if (!fetch_all (self, error))
    {
      gan_checkpoint_leave (&self->checkpoint);
      return FALSE;
    }
  if (!self->has_ended && !get_state (self)->complete)
    get_state (self)->verified = GAN_VERIFIED_LENGTH;
  return TRUE;
}
