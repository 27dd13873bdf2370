/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-error.h"

#include "gan-limits.h"
#include "gan-redact.h"

/* Waits before another attempt, in seconds. */
#define LINEAR_STEP 1
#define LINEAR_MAX 5
#define EXPONENTIAL_FIRST 2
#define EXPONENTIAL_MAX 60

typedef struct
{
  char *platform;
  char *url;
  guint http_status;
  gint64 retry_after;
  char *reason;
  char *field;
  char *cause;
} GanErrorPrivate;

static void
gan_error_private_init (GanErrorPrivate *priv)
{
  priv->retry_after = GAN_UNKNOWN;
}

static void
gan_error_private_copy (const GanErrorPrivate *from, GanErrorPrivate *to)
{
  to->platform = g_strdup (from->platform);
  to->url = g_strdup (from->url);
  to->http_status = from->http_status;
  to->retry_after = from->retry_after;
  to->reason = g_strdup (from->reason);
  to->field = g_strdup (from->field);
  to->cause = g_strdup (from->cause);
}

static void
gan_error_private_clear (GanErrorPrivate *priv)
{
  g_free (priv->platform);
  g_free (priv->url);
  g_free (priv->reason);
  g_free (priv->field);
  g_free (priv->cause);
}

G_DEFINE_EXTENDED_ERROR (GanError, gan_error)

static const char *const code_names[] = {
  [GAN_ERROR_UNSUPPORTED_URL] = "unsupported-url",
  [GAN_ERROR_NOT_FOUND] = "not-found",
  [GAN_ERROR_PRIVATE] = "private",
  [GAN_ERROR_LOGIN_REQUIRED] = "login-required",
  [GAN_ERROR_AGE_RESTRICTED] = "age-restricted",
  [GAN_ERROR_GEO_BLOCKED] = "geo-blocked",
  [GAN_ERROR_DRM] = "drm",
  [GAN_ERROR_PAID] = "paid",
  [GAN_ERROR_UPCOMING] = "upcoming",
  [GAN_ERROR_RATE_LIMITED] = "rate-limited",
  [GAN_ERROR_BOT_CHECK] = "bot-check",
  [GAN_ERROR_NETWORK] = "network",
  [GAN_ERROR_TLS] = "tls",
  [GAN_ERROR_HTTP_STATUS] = "http-status",
  [GAN_ERROR_SITE_CHANGED] = "site-changed",
  [GAN_ERROR_TRUNCATED] = "truncated",
  [GAN_ERROR_CHANGED_ON_SERVER] = "changed-on-server",
  [GAN_ERROR_NO_SPACE] = "no-space",
  [GAN_ERROR_TOO_LARGE] = "too-large",
  [GAN_ERROR_NOT_ALLOWED] = "not-allowed",
  [GAN_ERROR_INVALID_DATA] = "invalid-data",
  [GAN_ERROR_TIMEOUT] = "timeout",
  [GAN_ERROR_DISK] = "disk",
  [GAN_ERROR_INTERNAL] = "internal",
};

G_STATIC_ASSERT (G_N_ELEMENTS (code_names) == GAN_ERROR_LAST + 1);

/* The detail of @error, or NULL where it is of another domain. */
static GanErrorPrivate *
get_detail (const GError *error)
{
  return error != NULL && error->domain == GAN_ERROR ? gan_error_get_private (error) : NULL;
}

static void
replace_string (char **place, const char *value)
{
  g_free (*place);
  *place = g_strdup (value);
}

static GError *
new_error (GanErrorCode code, const char *reason, const char *message)
{
  g_autofree char *redacted = gan_redact_text (message);
  g_autofree char *valid = g_utf8_make_valid (redacted, -1);
  GError *error = g_error_new_literal (GAN_ERROR, (int) code, valid);

  replace_string (&gan_error_get_private (error)->reason, reason);
  return error;
}

/**
 * gan_error_code_to_string:
 * @code: a code
 *
 * Returns: (transfer none): its name as in contracts.md, such as "not-found"
 */
const char *
gan_error_code_to_string (GanErrorCode code)
{
  g_return_val_if_fail ((guint) code < G_N_ELEMENTS (code_names), "internal");

  return code_names[code];
}

/**
 * gan_error_code_from_string:
 * @name: (nullable): the name of a code
 * @code: (out): the code
 *
 * Returns: whether there is such a code; @code is untouched if not
 */
gboolean
gan_error_code_from_string (const char *name, GanErrorCode *code)
{
  g_return_val_if_fail (code != NULL, FALSE);

  for (guint i = 0; i < G_N_ELEMENTS (code_names); i++)
    if (g_strcmp0 (name, code_names[i]) == 0)
      {
        *code = (GanErrorCode) i;
        return TRUE;
      }
  return FALSE;
}

/**
 * gan_error_set:
 * @error: (out) (optional): where the error goes
 * @code: what went wrong
 * @reason: (nullable): a short hyphenated word that tells apart cases of one code, such as
 *   "removed", "suspended", "blocked", "no-media", "app-only", "not-recorded"
 * @format: printf() format of the message, in English, for logs; secrets are taken out of it
 * @...: its arguments
 */
void
gan_error_set (GError **error, GanErrorCode code, const char *reason, const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list args;

  g_return_if_fail (error == NULL || *error == NULL);

  if (error == NULL)
    return;
  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  *error = new_error (code, reason, message);
}

/**
 * gan_error_new:
 * @code: what went wrong
 * @reason: (nullable): as in gan_error_set()
 * @format: as in gan_error_set()
 * @...: its arguments
 *
 * Returns: (transfer full): a new error
 */
GError *
gan_error_new (GanErrorCode code, const char *reason, const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  return new_error (code, reason, message);
}

/**
 * gan_error_set_cause:
 * @error: (out) (optional): where the new error goes
 * @code: what went wrong, as seen from this layer
 * @reason: (nullable): as in gan_error_set(); %NULL keeps the one that @cause has
 * @cause: (transfer full): the error of a layer or library below
 *
 * Makes an error out of another one. Its message is that of @cause, which also becomes the cause;
 * the detail of a %GAN_ERROR is kept. %G_IO_ERROR_CANCELLED passes through unchanged: cancelling is
 * not a failure of any layer.
 */
void
gan_error_set_cause (GError **error, GanErrorCode code, const char *reason, GError *cause)
{
  g_autoptr (GError) owned = cause;
  GanErrorPrivate *detail;
  GanErrorPrivate *below;

  g_return_if_fail (error == NULL || *error == NULL);
  g_return_if_fail (cause != NULL);

  if (error == NULL)
    return;
  if (gan_error_is_cancelled (owned))
    {
      *error = g_steal_pointer (&owned);
      return;
    }
  *error = new_error (code, reason, owned->message);
  detail = gan_error_get_private (*error);
  replace_string (&detail->cause, (*error)->message);
  below = get_detail (owned);
  if (below == NULL)
    return;
  detail->platform = g_steal_pointer (&below->platform);
  detail->url = g_steal_pointer (&below->url);
  detail->field = g_steal_pointer (&below->field);
  detail->http_status = below->http_status;
  detail->retry_after = below->retry_after;
  if (detail->reason == NULL)
    detail->reason = g_steal_pointer (&below->reason);
}

/**
 * gan_error_matches:
 * @error: (nullable): an error
 * @code: a code
 *
 * Returns: whether @error is of %GAN_ERROR and has @code
 */
gboolean
gan_error_matches (const GError *error, GanErrorCode code)
{
  return g_error_matches (error, GAN_ERROR, (int) code);
}

/**
 * gan_error_is_cancelled:
 * @error: (nullable): an error
 *
 * Returns: whether somebody cancelled, so that nothing went wrong
 */
gboolean
gan_error_is_cancelled (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/**
 * gan_error_get_platform:
 * @error: (nullable): an error
 *
 * Returns: (transfer none) (nullable): the id of the site that it is about
 */
const char *
gan_error_get_platform (const GError *error)
{
  const GanErrorPrivate *detail = get_detail (error);

  return detail != NULL ? detail->platform : NULL;
}

/**
 * gan_error_get_url:
 * @error: (nullable): an error
 *
 * Returns: (transfer none) (nullable): the URL that it is about, redacted
 */
const char *
gan_error_get_url (const GError *error)
{
  const GanErrorPrivate *detail = get_detail (error);

  return detail != NULL ? detail->url : NULL;
}

/**
 * gan_error_get_http_status:
 * @error: (nullable): an error
 *
 * Returns: the status that a server answered with, or 0
 */
guint
gan_error_get_http_status (const GError *error)
{
  const GanErrorPrivate *detail = get_detail (error);

  return detail != NULL ? detail->http_status : 0;
}

/**
 * gan_error_get_retry_after:
 * @error: (nullable): an error
 *
 * Returns: seconds after which the server wants to be asked again, or %GAN_UNKNOWN
 */
gint64
gan_error_get_retry_after (const GError *error)
{
  const GanErrorPrivate *detail = get_detail (error);

  return detail != NULL ? detail->retry_after : GAN_UNKNOWN;
}

/**
 * gan_error_get_reason:
 * @error: (nullable): an error
 *
 * Returns: (transfer none) (nullable): the word given to gan_error_set()
 */
const char *
gan_error_get_reason (const GError *error)
{
  const GanErrorPrivate *detail = get_detail (error);

  return detail != NULL ? detail->reason : NULL;
}

/**
 * gan_error_get_field:
 * @error: (nullable): an error
 *
 * Returns: (transfer none) (nullable): the path in a site's answer where something else was
 * expected
 */
const char *
gan_error_get_field (const GError *error)
{
  const GanErrorPrivate *detail = get_detail (error);

  return detail != NULL ? detail->field : NULL;
}

/**
 * gan_error_get_cause:
 * @error: (nullable): an error
 *
 * Returns: (transfer none) (nullable): the message of the error that was the cause of it
 */
const char *
gan_error_get_cause (const GError *error)
{
  const GanErrorPrivate *detail = get_detail (error);

  return detail != NULL ? detail->cause : NULL;
}

/**
 * gan_error_set_platform:
 * @error: an error; nothing happens to one that is not of %GAN_ERROR
 * @platform: (nullable): the id of a site
 */
void
gan_error_set_platform (GError *error, const char *platform)
{
  GanErrorPrivate *detail = get_detail (error);

  if (detail != NULL)
    replace_string (&detail->platform, platform);
}

/**
 * gan_error_set_url:
 * @error: an error; nothing happens to one that is not of %GAN_ERROR
 * @url: (nullable): a URL; only what gan_redact_url() leaves of it is kept
 */
void
gan_error_set_url (GError *error, const char *url)
{
  GanErrorPrivate *detail = get_detail (error);
  g_autofree char *redacted = NULL;

  if (detail == NULL)
    return;
  g_clear_pointer (&detail->url, g_free);
  if (url == NULL)
    return;
  redacted = gan_redact_url (url);
  detail->url = g_utf8_make_valid (redacted, -1);
}

/**
 * gan_error_set_http_status:
 * @error: an error; nothing happens to one that is not of %GAN_ERROR
 * @status: the status of an HTTP answer, or 0
 */
void
gan_error_set_http_status (GError *error, guint status)
{
  GanErrorPrivate *detail = get_detail (error);

  if (detail != NULL)
    detail->http_status = status;
}

/**
 * gan_error_set_retry_after:
 * @error: an error; nothing happens to one that is not of %GAN_ERROR
 * @seconds: what the server asked for; cut at %GAN_LIMIT_RETRY_AFTER_SECONDS, a negative number is
 *   %GAN_UNKNOWN
 */
void
gan_error_set_retry_after (GError *error, gint64 seconds)
{
  GanErrorPrivate *detail = get_detail (error);

  if (detail != NULL)
    detail->retry_after = seconds < 0 ? GAN_UNKNOWN : MIN (seconds, GAN_LIMIT_RETRY_AFTER_SECONDS);
}

/**
 * gan_error_set_field:
 * @error: an error; nothing happens to one that is not of %GAN_ERROR
 * @path: (nullable): a path in a site's answer, such as "data.tweet[0].id"
 */
void
gan_error_set_field (GError *error, const char *path)
{
  GanErrorPrivate *detail = get_detail (error);

  if (detail != NULL)
    replace_string (&detail->field, path);
}

static GanRetry
get_retry_of_status (guint status)
{
  return status >= 500 || status == 408 || status == 425 ? GAN_RETRY_LINEAR : GAN_RETRY_NEXT_ROUTE;
}

/**
 * gan_error_get_retry:
 * @error: (nullable): an error of any domain
 *
 * Says what is worth trying after @error. A request that was not recorded is never repeated, the
 * next route may have been.
 *
 * Returns: whether and how to try again; %GAN_RETRY_NEVER for an error of another domain
 */
GanRetry
gan_error_get_retry (const GError *error)
{
  if (get_detail (error) == NULL)
    return GAN_RETRY_NEVER;

  switch ((GanErrorCode) error->code)
    {
    case GAN_ERROR_RATE_LIMITED:
      return GAN_RETRY_EXPONENTIAL;
    case GAN_ERROR_NETWORK:
      return g_strcmp0 (gan_error_get_reason (error), "not-recorded") == 0 ? GAN_RETRY_NEXT_ROUTE
                                                                           : GAN_RETRY_LINEAR;
    case GAN_ERROR_TIMEOUT:
    case GAN_ERROR_TRUNCATED:
      return GAN_RETRY_LINEAR;
    case GAN_ERROR_HTTP_STATUS:
      return get_retry_of_status (gan_error_get_http_status (error));
    case GAN_ERROR_NOT_FOUND:
    case GAN_ERROR_PRIVATE:
    case GAN_ERROR_LOGIN_REQUIRED:
    case GAN_ERROR_AGE_RESTRICTED:
    case GAN_ERROR_GEO_BLOCKED:
    case GAN_ERROR_BOT_CHECK:
    case GAN_ERROR_TLS:
    case GAN_ERROR_SITE_CHANGED:
    case GAN_ERROR_INVALID_DATA:
      return GAN_RETRY_NEXT_ROUTE;
    case GAN_ERROR_UNSUPPORTED_URL:
    case GAN_ERROR_DRM:
    case GAN_ERROR_PAID:
    case GAN_ERROR_UPCOMING:
    case GAN_ERROR_CHANGED_ON_SERVER:
    case GAN_ERROR_NO_SPACE:
    case GAN_ERROR_TOO_LARGE:
    case GAN_ERROR_NOT_ALLOWED:
    case GAN_ERROR_DISK:
    case GAN_ERROR_INTERNAL:
    default:
      return GAN_RETRY_NEVER;
    }
}

/**
 * gan_error_get_retry_delay:
 * @error: (nullable): an error of any domain
 * @attempt: how many attempts were repeated before this one, from 0
 *
 * How long to wait before the same request is sent again. What the server asked for in Retry-After
 * is honoured, but at least a second; without it 1, 2, 3, 4, 5, 5 … s for %GAN_RETRY_LINEAR and
 * 2, 4, 8 … 60 s for %GAN_RETRY_EXPONENTIAL. The caller bounds the number of attempts and adds
 * jitter.
 *
 * Returns: microseconds, as gan_clock_wait() takes them, or %GAN_UNKNOWN where the same request is
 *   not to be sent again
 */
gint64
gan_error_get_retry_delay (const GError *error, guint attempt)
{
  GanRetry retry = gan_error_get_retry (error);
  gint64 seconds = gan_error_get_retry_after (error);

  if (retry != GAN_RETRY_LINEAR && retry != GAN_RETRY_EXPONENTIAL)
    return GAN_UNKNOWN;
  if (seconds != GAN_UNKNOWN)
    seconds = MAX (seconds, LINEAR_STEP);
  else if (retry == GAN_RETRY_LINEAR)
    seconds = MIN (LINEAR_STEP * ((gint64) attempt + 1), LINEAR_MAX);
  else
    seconds = MIN ((gint64) EXPONENTIAL_FIRST << MIN (attempt, 16), EXPONENTIAL_MAX);
  return seconds * G_USEC_PER_SEC;
}
