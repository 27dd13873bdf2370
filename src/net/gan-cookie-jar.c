/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-cookie-jar.h"

#include "gan-cookie.h"
#include "gan-limits.h"

#include <string.h>

struct _GanCookieJar
{
  GanClock *clock;
  GMutex mutex;
  GHashTable *sites; /* site -> GPtrArray of GanCookie, oldest first */
  guint n_cookies;
};

static void
free_cookie (gpointer data)
{
  gan_cookie_free (data);
}

static void
free_cookies (gpointer data)
{
  g_ptr_array_unref (data);
}

/**
 * gan_cookie_jar_new:
 * @clock: what cookies expire by
 *
 * Returns: (transfer full): an empty jar
 */
GanCookieJar *
gan_cookie_jar_new (GanClock *clock)
{
  GanCookieJar *self = g_new0 (GanCookieJar, 1);

  self->clock = g_object_ref (clock);
  g_mutex_init (&self->mutex);
  self->sites = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_cookies);
  return self;
}

/**
 * gan_cookie_jar_free:
 * @self: (transfer full): a jar
 */
void
gan_cookie_jar_free (GanCookieJar *self)
{
  g_hash_table_unref (self->sites);
  g_mutex_clear (&self->mutex);
  g_object_unref (self->clock);
  g_free (self);
}

static void
remove_at (GanCookieJar *self, GPtrArray *cookies, guint index)
{
  g_ptr_array_remove_index (cookies, index);
  self->n_cookies--;
}

static void
remove_expired (GanCookieJar *self, GPtrArray *cookies, gint64 now)
{
  for (guint i = cookies->len; i-- > 0;)
    {
      const GanCookie *cookie = g_ptr_array_index (cookies, i);

      if (cookie->expires <= now)
        remove_at (self, cookies, i);
    }
}

static GPtrArray *
ensure_site (GanCookieJar *self, const char *site)
{
  GPtrArray *cookies = g_hash_table_lookup (self->sites, site);

  if (cookies == NULL)
    {
      cookies = g_ptr_array_new_with_free_func (free_cookie);
      g_hash_table_insert (self->sites, g_strdup (site), cookies);
    }
  return cookies;
}

static gboolean
may_overlay (GPtrArray *cookies, const GanCookie *cookie)
{
  for (guint i = 0; i < cookies->len; i++)
    if (gan_cookie_would_overlay (cookie, g_ptr_array_index (cookies, i)))
      return FALSE;
  return TRUE;
}

/* Takes out what the new one replaces, and the oldest of its domain where there are too many. */
static void
make_room (GanCookieJar *self, GPtrArray *cookies, const GanCookie *cookie)
{
  guint n_same = 0;

  for (guint i = cookies->len; i-- > 0;)
    {
      const GanCookie *old = g_ptr_array_index (cookies, i);

      if (!g_str_equal (old->domain, cookie->domain))
        continue;
      if (gan_cookie_replaces (cookie, old) || ++n_same >= GAN_LIMIT_COOKIES_PER_HOST)
        remove_at (self, cookies, i);
    }
  if (self->n_cookies >= GAN_LIMIT_COOKIES && cookies->len > 0)
    remove_at (self, cookies, 0);
}

/**
 * gan_cookie_jar_store:
 * @self: a jar
 * @site: the site whose visit it was, "" for none
 * @url: who sent the cookie
 * @set_cookie: the value of one Set-Cookie header
 *
 * Returns: whether the cookie was taken, or deleted one
 */
gboolean
gan_cookie_jar_store (GanCookieJar *self, const char *site, GanUrl *url, const char *set_cookie)
{
  gint64 now = gan_clock_get_wall (self->clock);
  g_autoptr (GanCookie) cookie = gan_cookie_parse (set_cookie, url, now);
  g_autoptr (GMutexLocker) locker = NULL;
  GPtrArray *cookies = NULL;

  if (cookie == NULL)
    return FALSE;
  locker = g_mutex_locker_new (&self->mutex);
  cookies = ensure_site (self, site);
  if (!gan_url_is_https (url) && !may_overlay (cookies, cookie))
    return FALSE;

  remove_expired (self, cookies, now);
  make_room (self, cookies, cookie);
  if (cookie->expires > now && self->n_cookies < GAN_LIMIT_COOKIES)
    {
      g_ptr_array_add (cookies, g_steal_pointer (&cookie));
      self->n_cookies++;
    }
  return TRUE;
}

/* Longer paths first; the sort is stable, so older ones first among equals. */
static int
compare_paths (gconstpointer a, gconstpointer b)
{
  const GanCookie *first = *(const GanCookie *const *) a;
  const GanCookie *second = *(const GanCookie *const *) b;
  gsize first_length = strlen (first->path);
  gsize second_length = strlen (second->path);

  return first_length == second_length ? 0 : (first_length < second_length ? 1 : -1);
}

/**
 * gan_cookie_jar_dup_header:
 * @self: a jar
 * @site: the site that asks, "" for none
 * @url: where the request goes
 *
 * Returns: (transfer full) (nullable): the value of Cookie, of at most GAN_LIMIT_HEADER_BYTES; NULL
 * if there is none to send
 */
char *
gan_cookie_jar_dup_header (GanCookieJar *self, const char *site, GanUrl *url)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  GPtrArray *cookies = g_hash_table_lookup (self->sites, site);
  g_autoptr (GPtrArray) matching = g_ptr_array_new ();
  g_autoptr (GString) header = g_string_new (NULL);

  if (cookies == NULL)
    return NULL;
  remove_expired (self, cookies, gan_clock_get_wall (self->clock));
  for (guint i = 0; i < cookies->len; i++)
    if (gan_cookie_matches (g_ptr_array_index (cookies, i), url))
      g_ptr_array_add (matching, g_ptr_array_index (cookies, i));
  g_ptr_array_sort (matching, compare_paths);

  for (guint i = 0; i < matching->len; i++)
    {
      const GanCookie *cookie = g_ptr_array_index (matching, i);
      gsize length = strlen (cookie->name) + strlen (cookie->value) + 3;

      if (header->len + length > GAN_LIMIT_HEADER_BYTES / 2)
        break;
      g_string_append_printf (header,
                              "%s%s=%s",
                              header->len > 0 ? "; " : "",
                              cookie->name,
                              cookie->value);
    }
  return header->len > 0 ? g_string_free (g_steal_pointer (&header), FALSE) : NULL;
}
