/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One error domain for the whole program; the codes are named by what the user does next. */
#pragma once

#include "gan-unknown.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define GAN_ERROR (gan_error_quark ())

typedef enum
{
  GAN_ERROR_UNSUPPORTED_URL,
  GAN_ERROR_NOT_FOUND,
  GAN_ERROR_PRIVATE,
  GAN_ERROR_LOGIN_REQUIRED,
  GAN_ERROR_AGE_RESTRICTED,
  GAN_ERROR_GEO_BLOCKED,
  GAN_ERROR_DRM,
  GAN_ERROR_PAID,
  GAN_ERROR_UPCOMING,
  GAN_ERROR_RATE_LIMITED,
  GAN_ERROR_BOT_CHECK,
  GAN_ERROR_NETWORK,
  GAN_ERROR_TLS,
  GAN_ERROR_HTTP_STATUS,
  GAN_ERROR_SITE_CHANGED,
  GAN_ERROR_TRUNCATED,
  GAN_ERROR_CHANGED_ON_SERVER,
  GAN_ERROR_NO_SPACE,
  GAN_ERROR_TOO_LARGE,
  GAN_ERROR_NOT_ALLOWED,
  GAN_ERROR_INVALID_DATA,
  GAN_ERROR_TIMEOUT,
  GAN_ERROR_DISK,
  GAN_ERROR_INTERNAL,
} GanErrorCode;

#define GAN_ERROR_LAST GAN_ERROR_INTERNAL

/* What one does about an error: see gan_error_get_retry(). */
typedef enum
{
  GAN_RETRY_NEVER,       /* the same request would fail the same way */
  GAN_RETRY_NEXT_ROUTE,  /* the site may have another way to the same thing */
  GAN_RETRY_LINEAR,      /* network, timeout, 5xx: a few times, short waits that grow evenly */
  GAN_RETRY_EXPONENTIAL, /* rate limit: growing waits, Retry-After honoured */
} GanRetry;

GQuark gan_error_quark (void);

const char *gan_error_code_to_string (GanErrorCode code);
gboolean gan_error_code_from_string (const char *name, GanErrorCode *code);

void gan_error_set (GError **error, GanErrorCode code, const char *reason, const char *format, ...)
    G_GNUC_PRINTF (4, 5);
GError *gan_error_new (GanErrorCode code, const char *reason, const char *format, ...)
    G_GNUC_PRINTF (3, 4) G_GNUC_WARN_UNUSED_RESULT;
void gan_error_set_cause (GError **error, GanErrorCode code, const char *reason, GError *cause);

gboolean gan_error_matches (const GError *error, GanErrorCode code);
gboolean gan_error_is_cancelled (const GError *error);

const char *gan_error_get_platform (const GError *error);
const char *gan_error_get_url (const GError *error);
guint gan_error_get_http_status (const GError *error);
gint64 gan_error_get_retry_after (const GError *error);
const char *gan_error_get_reason (const GError *error);
const char *gan_error_get_field (const GError *error);
const char *gan_error_get_cause (const GError *error);

void gan_error_set_platform (GError *error, const char *platform);
void gan_error_set_url (GError *error, const char *url);
void gan_error_set_http_status (GError *error, guint status);
void gan_error_set_retry_after (GError *error, gint64 seconds);
void gan_error_set_field (GError *error, const char *path);

GanRetry gan_error_get_retry (const GError *error);
gint64 gan_error_get_retry_delay (const GError *error, guint attempt);

G_END_DECLS
