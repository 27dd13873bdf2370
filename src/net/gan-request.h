/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One HTTP request as its asker describes it. Built by one thread, then handed to GanHttp and not
 * changed any more. */
#pragma once

#include "gan-url.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* METADATA: pages, JSON, playlists; text encodings welcome, sizes capped. MEDIA: bytes as they are,
 * identity only. */
typedef enum
{
  GAN_REQUEST_METADATA,
  GAN_REQUEST_MEDIA,
} GanRequestPurpose;

/* Where a connection may go. PUBLIC leaves out every special-purpose address (RFC 6890) and what
 * embeds one. */
typedef enum
{
  GAN_ADDRESS_ANY,
  GAN_ADDRESS_PUBLIC,
} GanAddressPolicy;

typedef enum
{
  GAN_REDIRECT_FOLLOW,    /* by hand, up to GAN_LIMIT_REDIRECTS */
  GAN_REDIRECT_SAME_SITE, /* only to hosts given by gan_request_set_redirect_hosts() */
  GAN_REDIRECT_NEVER,     /* the 3xx is the answer */
} GanRedirectMode;

/* Whether a redirect is followed to @target; called in the thread that asks. */
typedef gboolean (*GanRedirectFilter) (GanUrl *target, gpointer user_data);

#define GAN_TYPE_REQUEST (gan_request_get_type ())
G_DECLARE_FINAL_TYPE (GanRequest, gan_request, GAN, REQUEST, GObject)

GanRequest *gan_request_new (const char *method, GanUrl *url) G_GNUC_WARN_UNUSED_RESULT;
GanRequest *gan_request_copy (GanRequest *self, GanUrl *url) G_GNUC_WARN_UNUSED_RESULT;

void gan_request_set_method (GanRequest *self, const char *method);
void gan_request_set_purpose (GanRequest *self, GanRequestPurpose purpose);
void gan_request_set_header (GanRequest *self, const char *name, const char *value);
void gan_request_set_body (GanRequest *self, const char *content_type, GBytes *body);
void gan_request_set_range (GanRequest *self, gint64 first, gint64 last);
void gan_request_set_site (GanRequest *self, const char *site);
void gan_request_set_address_policy (GanRequest *self, GanAddressPolicy policy);
void gan_request_set_redirect_mode (GanRequest *self, GanRedirectMode mode);
void gan_request_set_redirect_hosts (GanRequest *self, const char *const *hosts);
void
gan_request_set_redirect_filter (GanRequest *self, GanRedirectFilter filter, gpointer user_data);
void gan_request_set_max_bytes (GanRequest *self, gsize max_bytes);
void gan_request_set_cache_seconds (GanRequest *self, guint seconds);
void gan_request_set_repeatable (GanRequest *self, gboolean repeatable);
void gan_request_set_max_tries (GanRequest *self, guint tries);

const char *gan_request_get_method (GanRequest *self);
GanUrl *gan_request_get_url (GanRequest *self);
GanRequestPurpose gan_request_get_purpose (GanRequest *self);
GHashTable *gan_request_get_headers (GanRequest *self);
const char *gan_request_get_header (GanRequest *self, const char *name);
GBytes *gan_request_get_body (GanRequest *self);
const char *gan_request_get_site (GanRequest *self);
GanAddressPolicy gan_request_get_address_policy (GanRequest *self);
GanRedirectMode gan_request_get_redirect_mode (GanRequest *self);
const char *const *gan_request_get_redirect_hosts (GanRequest *self);
GanRedirectFilter gan_request_get_redirect_filter (GanRequest *self, gpointer *user_data);
gboolean gan_request_may_follow (GanRequest *self, GanUrl *target);
gsize gan_request_get_max_bytes (GanRequest *self);
guint gan_request_get_cache_seconds (GanRequest *self);
gboolean gan_request_is_repeatable (GanRequest *self);
guint gan_request_get_max_tries (GanRequest *self);
gboolean gan_request_check (GanRequest *self, GError **error);

G_END_DECLS
