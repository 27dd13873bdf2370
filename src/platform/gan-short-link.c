/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-short-link.h"

#include "gan-error.h"
#include "gan-html.h"

#include <string.h>

/* More of a page is not read: what sends on stands at its top. */
#define MAX_PAGE_BYTES (64 * 1024)

/* What follows "url=" in the content of <meta http-equiv=refresh>, such as "0;URL=https://…"
 * (WHATWG HTML, "shared declarative refresh steps"). */
static char *
read_refresh (const char *content)
{
  const char *text = content + strspn (content, "0123456789. \t");

  text += strspn (text, ";, \t");
  if (g_ascii_strncasecmp (text, "url", strlen ("url")) != 0)
    return NULL;
  text += strlen ("url");
  text += strspn (text, " \t");
  if (*text != '=')
    return NULL;
  text++;
  text += strspn (text, " \t'\"");
  return g_strndup (text, strcspn (text, "'\""));
}

static char *
dup_refresh (GanResponse *response, GCancellable *cancellable)
{
  g_autoptr (GBytes) bytes = gan_response_read_all (response, MAX_PAGE_BYTES, cancellable, NULL);
  g_autoptr (GanHtml) page = NULL;
  g_autoptr (GPtrArray) metas = NULL;

  if (bytes != NULL)
    page = gan_html_parse_bytes (bytes, gan_response_get_content_type (response), NULL);
  if (page == NULL)
    return NULL;
  metas = gan_html_find_all (page, NULL, "meta[http-equiv]");
  for (guint i = 0; i < metas->len; i++)
    {
      GanHtmlNode *meta = g_ptr_array_index (metas, i);
      g_autofree char *name = gan_html_dup_attribute (meta, "http-equiv");
      g_autofree char *content = gan_html_dup_attribute (meta, "content");

      if (content != NULL && g_ascii_strcasecmp (name, "refresh") == 0)
        return read_refresh (content);
    }
  return NULL;
}

/* The canonical form is asked, https also where somebody wrote http. */
static GanUrl *
dup_question (GanMatch *match)
{
  const char *canonical = gan_match_get_canonical (match);
  GanUrl *url = canonical != NULL ? gan_url_parse (canonical, NULL) : NULL;

  return url != NULL ? url : gan_url_ref (gan_match_get_url (match));
}

/**
 * gan_short_link_follow:
 * @visit: a visit of the site that the short link belongs to
 * @match: the short link
 * @error: return location for an error
 *
 * Asks once, as a program and not as a browser: many sites give browsers a page with a script
 * instead of a redirect. Takes the redirect or, of a page, its declared refresh; does not follow
 * what they name.
 *
 * Returns: (transfer full): where the link leads; or %NULL with an error of gan_visit_open(), with
 *   the error that the answer's status stands for, or with %GAN_ERROR_SITE_CHANGED, field
 *   "location"
 */
GanUrl *
gan_short_link_follow (GanVisit *visit, GanMatch *match, GError **error)
{
  g_autoptr (GanUrl) url = dup_question (match);
  g_autoptr (GanRequest) request = gan_visit_request_url (visit, "GET", url);
  g_autoptr (GanResponse) response = NULL;
  g_autoptr (GanUrl) target = NULL;
  g_autofree char *location = NULL;

  gan_request_set_redirect_mode (request, GAN_REDIRECT_NEVER);
  gan_request_set_header (request, "User-Agent", NULL);
  response = gan_visit_open (visit, request, error);
  if (response == NULL)
    return NULL;
  if (gan_response_get_status (response) >= 400)
    {
      gan_response_check_status (response, error);
      gan_response_close (response);
      return NULL;
    }
  location = g_strdup (gan_response_get_header (response, "Location"));
  if (location == NULL)
    location = dup_refresh (response, gan_visit_get_cancellable (visit));
  gan_response_close (response);
  if (g_cancellable_set_error_if_cancelled (gan_visit_get_cancellable (visit), error))
    return NULL;
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
