/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-redirect.h"

#include "gan-error.h"
#include "gan-limits.h"
#include "gan-redact.h"

#include <string.h>

/* What a request says about the answer it wants, not about who asks: all that may follow to another
 * origin. */
static const char *const portable_headers[] = {
  "Accept", "Accept-Encoding", "Accept-Language", "Content-Type", "If-Range", "Range", "User-Agent",
};

static void
refuse (GError **error, GanErrorCode code, const char *reason, GanUrl *from, const char *message)
{
  g_autoptr (GError) problem = gan_error_new (code, reason, "%s", message);

  gan_error_set_url (problem, gan_url_get_string (from));
  g_propagate_error (error, g_steal_pointer (&problem));
}

/* "//" after a scheme or at the start begins an authority; '@' in it ends a userinfo. */
static gboolean
has_userinfo (const char *location)
{
  const char *authority = location + strcspn (location, "/\\?#");
  gsize length = 0;

  if (authority != location && authority[-1] != ':')
    return FALSE;
  if (strchr ("/\\", authority[0]) == NULL || authority[0] == '\0' || authority[1] == '\0'
      || strchr ("/\\", authority[1]) == NULL)
    return FALSE;
  authority += 2;
  length = strcspn (authority, "/\\?#");
  return memchr (authority, '@', length) != NULL;
}

static GanUrl *
resolve (GanUrl *from, const char *location, GError **error)
{
  g_autoptr (GanUrl) target = NULL;

  if (strnlen (location, GAN_LIMIT_URL_BYTES + 1) > GAN_LIMIT_URL_BYTES)
    {
      refuse (error, GAN_ERROR_UNSUPPORTED_URL, "redirect", from, "a redirect's URL is too long");
      return NULL;
    }
  if (has_userinfo (location))
    {
      refuse (error, GAN_ERROR_UNSUPPORTED_URL, "redirect", from, "a redirect names a user");
      return NULL;
    }
  target = gan_url_resolve (from, location, NULL);
  if (target == NULL)
    refuse (error, GAN_ERROR_UNSUPPORTED_URL, "redirect", from, "a redirect leads to no web page");
  return g_steal_pointer (&target);
}

/* Where nothing sensible is named, following it tells what is wrong. */
static gboolean
is_wanted (GanRequest *request, GanResponse *response, const char *location)
{
  g_autoptr (GanUrl) target = resolve (gan_response_get_url (response), location, NULL);

  return target == NULL || gan_request_may_follow (request, target);
}

/**
 * gan_redirect_applies:
 * @request: what was asked
 * @response: what came
 *
 * Returns: whether @response asks to be followed and @request wants that (RFC 9110 §15.4)
 */
gboolean
gan_redirect_applies (GanRequest *request, GanResponse *response)
{
  const char *location = gan_response_get_header (response, "Location");

  if (gan_request_get_redirect_mode (request) == GAN_REDIRECT_NEVER)
    return FALSE;
  switch (gan_response_get_status (response))
    {
    case 301:
    case 302:
    case 303:
    case 307:
    case 308:
      return location != NULL && *location != '\0' && is_wanted (request, response, location);
    default:
      return FALSE;
    }
}

static gboolean
is_listed_host (GanRequest *request, GanUrl *target)
{
  const char *const *hosts = gan_request_get_redirect_hosts (request);

  for (gsize i = 0; hosts != NULL && hosts[i] != NULL; i++)
    if (gan_url_host_is (target, hosts[i]))
      return TRUE;
  return g_str_equal (gan_url_get_host (gan_request_get_url (request)), gan_url_get_host (target));
}

static gboolean
has_secret_header (GanRequest *request)
{
  GHashTableIter iter;
  gpointer name = NULL;

  g_hash_table_iter_init (&iter, gan_request_get_headers (request));
  while (g_hash_table_iter_next (&iter, &name, NULL))
    if (gan_redact_is_secret_header (name))
      return TRUE;
  return FALSE;
}

static gboolean
check_target (GanRequest *request, GanUrl *target, gboolean sent_cookies, GError **error)
{
  GanUrl *from = gan_request_get_url (request);

  if (gan_request_get_redirect_mode (request) == GAN_REDIRECT_SAME_SITE
      && !is_listed_host (request, target))
    {
      refuse (error,
              GAN_ERROR_UNSUPPORTED_URL,
              "wrong-host",
              from,
              "a redirect leads away from the site");
      return FALSE;
    }
  if (!gan_url_is_https (from) || gan_url_is_https (target))
    return TRUE;
  if (sent_cookies || has_secret_header (request))
    {
      refuse (error,
              GAN_ERROR_NOT_ALLOWED,
              "insecure-redirect",
              from,
              "a redirect from https to http was not followed with credentials");
      return FALSE;
    }
  g_info ("redirect from https to http: %s", gan_url_get_host (target));
  return TRUE;
}

/* 303 always, and 301 and 302 after a POST as every browser does, ask for the answer by GET. */
static gboolean
becomes_get (const char *method, guint status)
{
  if (g_str_equal (method, "GET") || g_str_equal (method, "HEAD"))
    return FALSE;
  return status == 303 || ((status == 301 || status == 302) && g_str_equal (method, "POST"));
}

static gboolean
is_portable (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (portable_headers); i++)
    if (g_ascii_strcasecmp (name, portable_headers[i]) == 0)
      return TRUE;
  return FALSE;
}

static void
drop_headers (GanRequest *request)
{
  g_autoptr (GList) names = g_hash_table_get_keys (gan_request_get_headers (request));

  for (GList *l = names; l != NULL; l = l->next)
    if (!is_portable (l->data))
      gan_request_set_header (request, l->data, NULL);
}

/**
 * gan_redirect_follow:
 * @request: what was asked; its headers are the asker's, without cookies of the jar
 * @response: an answer that gan_redirect_applies() to
 * @sent_cookies: whether cookies of the jar went with @request
 * @error: return location
 *
 * The next request. To another origin goes no header but those that describe the wanted answer:
 * no credentials, no Cookie, no Referer, no token of a site. Cookies of the jar are recomputed by
 * whoever sends the next request.
 *
 * Fails with %GAN_ERROR_UNSUPPORTED_URL, reason "redirect" (not http or https, a user name in it,
 * no URL at all) or "wrong-host" (%GAN_REDIRECT_SAME_SITE); with %GAN_ERROR_NOT_ALLOWED, reason
 * "insecure-redirect", from https to http with credentials.
 *
 * Returns: (transfer full): the next request, or NULL
 */
GanRequest *
gan_redirect_follow (GanRequest *request,
                     GanResponse *response,
                     gboolean sent_cookies,
                     GError **error)
{
  GanUrl *from = gan_request_get_url (request);
  guint status = gan_response_get_status (response);
  g_autoptr (GanUrl) target = NULL;
  g_autoptr (GanRequest) next = NULL;

  target = resolve (from, gan_response_get_header (response, "Location"), error);
  if (target == NULL || !check_target (request, target, sent_cookies, error))
    return NULL;

  next = gan_request_copy (request, target);
  if (becomes_get (gan_request_get_method (request), status))
    {
      gan_request_set_method (next, "GET");
      gan_request_set_body (next, NULL, NULL);
    }
  if (!gan_url_same_origin (from, target))
    drop_headers (next);
  return g_steal_pointer (&next);
}
