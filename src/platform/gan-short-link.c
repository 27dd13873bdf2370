/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-short-link.h"

#include "gan-error.h"

/**
 * gan_short_link_follow:
 * @visit: a visit of the site that the short link belongs to
 * @match: the short link
 * @error: return location for an error
 *
 * Asks once, as a program and not as a browser: browsers get a page with a script instead of a
 * redirect. Does not follow what the answer names.
 *
 * Returns: (transfer full): where the link leads; or %NULL with an error of gan_visit_open(), with
 *   the error that the answer's status stands for, or with %GAN_ERROR_SITE_CHANGED, field
 *   "location"
 */
GanUrl *
gan_short_link_follow (GanVisit *visit, GanMatch *match, GError **error)
{
  GanUrl *url = gan_match_get_url (match);
  g_autoptr (GanRequest) request = gan_visit_request_url (visit, "GET", url);
  g_autoptr (GanResponse) response = NULL;
  g_autoptr (GanUrl) target = NULL;
  const char *location;

  gan_request_set_redirect_mode (request, GAN_REDIRECT_NEVER);
  gan_request_set_header (request, "User-Agent", NULL);
  response = gan_visit_open (visit, request, error);
  if (response == NULL)
    return NULL;
  gan_response_close (response);
  if (gan_response_get_status (response) >= 400)
    {
      gan_response_check_status (response, error);
      return NULL;
    }
  location = gan_response_get_header (response, "Location");
  if (location != NULL)
    target = gan_url_resolve (url, location, NULL);
  if (target == NULL)
    {
      gan_error_set (error, GAN_ERROR_SITE_CHANGED, "short-link", "the short link leads nowhere");
      if (error != NULL)
        gan_error_set_field (*error, "location");
      return NULL;
    }
  return g_steal_pointer (&target);
}
