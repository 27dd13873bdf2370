/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-cookie.h"

#include "gan-http-date.h"
#include "gan-limits.h"

#include <libsoup/soup.h>
#include <string.h>

#define MAX_ATTRIBUTE_BYTES 1024

/* What the attributes said, before it is known whether they may. */
typedef struct
{
  char *domain;
  char *path;
  gint64 expires;
  gboolean has_max_age;
  gboolean secure;
} Attributes;

static void
attributes_clear (Attributes *self)
{
  g_free (self->domain);
  g_free (self->path);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Attributes, attributes_clear)

/**
 * gan_cookie_free:
 * @self: (transfer full): a cookie
 */
void
gan_cookie_free (GanCookie *self)
{
  g_free (self->name);
  g_free (self->value);
  g_free (self->domain);
  g_free (self->path);
  g_free (self);
}

static gboolean
domain_matches (const char *host, const char *domain)
{
  gsize host_length = strlen (host);
  gsize domain_length = strlen (domain);

  if (host_length <= domain_length)
    return g_str_equal (host, domain);
  return g_str_has_suffix (host, domain) && host[host_length - domain_length - 1] == '.'
         && !g_hostname_is_ip_address (host);
}

static gboolean
path_matches (const char *path, const char *prefix)
{
  gsize length = strlen (prefix);

  if (!g_str_has_prefix (path, prefix))
    return FALSE;
  return path[length] == '\0' || prefix[length - 1] == '/' || path[length] == '/';
}

static char *
dup_default_path (GanUrl *url)
{
  const char *path = gan_url_get_path (url);
  const char *last = strrchr (path, '/');

  if (*path != '/' || last == path)
    return g_strdup ("/");
  return g_strndup (path, (gsize) (last - path));
}

static char *
dup_trimmed (const char *text, gsize length)
{
  return g_strstrip (g_strndup (text, length));
}

static void
read_max_age (Attributes *attributes, const char *value, gint64 now)
{
  gint64 seconds = 0;
  const char *digits = *value == '-' ? value + 1 : value;

  if (*digits == '\0' || strspn (digits, "0123456789") != strlen (digits))
    return;
  attributes->has_max_age = TRUE;
  if (*value == '-')
    attributes->expires = 0;
  else if (!g_ascii_string_to_signed (value, 10, 0, G_MAXINT32, &seconds, NULL))
    attributes->expires = now + G_MAXINT32;
  else
    attributes->expires = seconds == 0 ? 0 : now + seconds;
}

static void
read_expires (Attributes *attributes, const char *value)
{
  gint64 expires = 0;

  if (!attributes->has_max_age && gan_http_date_parse (value, &expires))
    attributes->expires = expires;
}

static void
read_domain (Attributes *attributes, const char *value)
{
  if (*value == '.')
    value++;
  g_clear_pointer (&attributes->domain, g_free);
  if (*value != '\0')
    attributes->domain = g_ascii_strdown (value, -1);
}

static void
read_path (Attributes *attributes, const char *value)
{
  g_clear_pointer (&attributes->path, g_free);
  if (*value == '/')
    attributes->path = g_strdup (value);
}

static void
read_attribute (Attributes *attributes, const char *text, gsize length, gint64 now)
{
  const char *equals = memchr (text, '=', length);
  gsize name_length = equals != NULL ? (gsize) (equals - text) : length;
  g_autofree char *name = dup_trimmed (text, name_length);
  g_autofree char *value
      = equals != NULL ? dup_trimmed (equals + 1, length - name_length - 1) : g_strdup ("");

  if (strlen (value) > MAX_ATTRIBUTE_BYTES)
    return;
  if (g_ascii_strcasecmp (name, "Secure") == 0)
    attributes->secure = TRUE;
  else if (g_ascii_strcasecmp (name, "Max-Age") == 0)
    read_max_age (attributes, value, now);
  else if (g_ascii_strcasecmp (name, "Expires") == 0)
    read_expires (attributes, value);
  else if (g_ascii_strcasecmp (name, "Domain") == 0)
    read_domain (attributes, value);
  else if (g_ascii_strcasecmp (name, "Path") == 0)
    read_path (attributes, value);
}

static void
read_attributes (Attributes *attributes, const char *text, gint64 now)
{
  while (*text == ';')
    {
      gsize length = 0;

      text++;
      length = strcspn (text, ";");
      read_attribute (attributes, text, length, now);
      text += length;
    }
}

/* A cookie for a whole public suffix (co.uk, github.io, any name without a dot) would go to
 * everybody there; a host that is one itself may have its own. */
static gboolean
settle_domain (GanCookie *self, const char *asked, GanUrl *url)
{
  const char *host = gan_url_get_host (url);

  self->domain = g_strdup (asked != NULL ? asked : host);
  self->host_only = TRUE;
  if (asked == NULL)
    return TRUE;
  if (!domain_matches (host, asked))
    return FALSE;
  if (g_hostname_is_ip_address (host))
    return TRUE;
  if (strchr (asked, '.') == NULL || soup_tld_domain_is_public_suffix (asked))
    return g_str_equal (host, asked);
  self->host_only = FALSE;
  return TRUE;
}

static gboolean
check_secure (const GanCookie *self, gboolean has_path, GanUrl *url)
{
  gboolean is_host = g_ascii_strncasecmp (self->name, "__Host-", 7) == 0;
  gboolean is_secure = g_ascii_strncasecmp (self->name, "__Secure-", 9) == 0;

  if (self->secure && !gan_url_is_https (url))
    return FALSE;
  if ((is_host || is_secure) && !self->secure)
    return FALSE;
  return !is_host || (self->host_only && has_path && g_str_equal (self->path, "/"));
}

static gboolean
read_pair (GanCookie *self, const char *text, gsize length)
{
  const char *equals = memchr (text, '=', length);

  if (equals == NULL)
    return FALSE;
  self->name = dup_trimmed (text, (gsize) (equals - text));
  self->value = dup_trimmed (equals + 1, length - (gsize) (equals - text) - 1);
  return *self->name != '\0'
         && strlen (self->name) + strlen (self->value) <= GAN_LIMIT_COOKIE_BYTES;
}

/**
 * gan_cookie_parse:
 * @set_cookie: the value of one Set-Cookie header, without control characters
 * @url: who sent it
 * @now: Unix seconds
 *
 * Reads it by RFC 6265 §5.2 and §5.3. A date of the past is kept: such a cookie deletes.
 *
 * Returns: (transfer full) (nullable): the cookie, or NULL if it is none, is too large, or asks for
 * what @url may not set
 */
GanCookie *
gan_cookie_parse (const char *set_cookie, GanUrl *url, gint64 now)
{
  g_autoptr (GanCookie) self = g_new0 (GanCookie, 1);
  g_auto (Attributes) attributes = { NULL, NULL, GAN_COOKIE_SESSION, FALSE, FALSE };
  gsize length = strcspn (set_cookie, ";");

  if (!read_pair (self, set_cookie, length))
    return NULL;
  read_attributes (&attributes, set_cookie + length, now);
  self->path = attributes.path != NULL ? g_strdup (attributes.path) : dup_default_path (url);
  self->expires = attributes.expires;
  self->secure = attributes.secure;
  if (!settle_domain (self, attributes.domain, url)
      || !check_secure (self, attributes.path != NULL, url))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * gan_cookie_matches:
 * @self: a cookie
 * @url: where a request goes
 *
 * Returns: whether the cookie goes along (RFC 6265 §5.4), its age left aside
 */
gboolean
gan_cookie_matches (const GanCookie *self, GanUrl *url)
{
  const char *host = gan_url_get_host (url);

  if (self->host_only ? !g_str_equal (host, self->domain) : !domain_matches (host, self->domain))
    return FALSE;
  return path_matches (gan_url_get_path (url), self->path)
         && (!self->secure || gan_url_is_https (url));
}

/**
 * gan_cookie_replaces:
 * @self: a cookie
 * @old: one that was there before
 *
 * Returns: whether both have the same name, domain and path
 */
gboolean
gan_cookie_replaces (const GanCookie *self, const GanCookie *old)
{
  return g_str_equal (self->name, old->name) && g_str_equal (self->domain, old->domain)
         && self->host_only == old->host_only && g_str_equal (self->path, old->path);
}

/**
 * gan_cookie_would_overlay:
 * @self: a cookie that came over http
 * @secure: one that was there before
 *
 * Returns: whether @self would hide @secure, a Secure cookie, from the site that set it
 */
gboolean
gan_cookie_would_overlay (const GanCookie *self, const GanCookie *secure)
{
  return secure->secure && g_str_equal (self->name, secure->name)
         && (domain_matches (self->domain, secure->domain)
             || domain_matches (secure->domain, self->domain))
         && path_matches (self->path, secure->path);
}
