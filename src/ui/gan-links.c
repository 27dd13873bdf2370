/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-links.h"

#include "gan-error.h"
#include "gan-limits.h"
#include "gan-url.h"

#include <string.h>

struct _GanLinks
{
  GPtrArray *links; /* of char *, always with a NULL at the end */
  GHashTable *seen; /* borrows from links */
  guint n_refused;
  guint n_repeated;
  gboolean truncated;
};

/* What leads to no file on the web, however it is written. */
static const char *const refused_schemes[]
    = { "javascript:", "vbscript:", "data:",   "file:",   "blob:",
        "about:",      "mailto:",   "magnet:", "chrome:", "resource:" };

/**
 * gan_links_new:
 *
 * Returns: (transfer full): no links yet
 */
GanLinks *
gan_links_new (void)
{
  GanLinks *self = g_new0 (GanLinks, 1);

  self->links = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (self->links, NULL);
  self->seen = g_hash_table_new (g_str_hash, g_str_equal);
  return self;
}

/**
 * gan_links_free:
 * @self: (transfer full) (nullable): links
 */
void
gan_links_free (GanLinks *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->seen);
  g_ptr_array_unref (self->links);
  g_free (self);
}

/* @link: (transfer full) */
static void
take (GanLinks *self, char *link)
{
  g_autofree char *owned = link;

  if (g_hash_table_contains (self->seen, owned))
    self->n_repeated++;
  else if (gan_links_get_n (self) >= GAN_LIMIT_INPUT_URLS)
    self->truncated = TRUE;
  else
    {
      g_hash_table_add (self->seen, owned);
      self->links->pdata[self->links->len - 1] = g_steal_pointer (&owned);
      g_ptr_array_add (self->links, NULL);
    }
}

/* Userinfo is gone, the host is in punycode: what is shown is where it leads. */
static char *
dup_whole (GanUrl *url)
{
  const char *fragment = gan_url_get_fragment (url);

  return g_strconcat (gan_url_get_string (url), fragment != NULL ? "#" : NULL, fragment, NULL);
}

static gboolean
has_refused_scheme (const char *text)
{
  for (gsize i = 0; i < G_N_ELEMENTS (refused_schemes); i++)
    {
      if (g_ascii_strncasecmp (text, refused_schemes[i], strlen (refused_schemes[i])) == 0)
        return TRUE;
    }
  return FALSE;
}

/**
 * gan_links_add:
 * @self: links
 * @link: what somebody calls a link: a host without a scheme reads as https
 *
 * Takes the link, or counts it as refused or repeated.
 */
void
gan_links_add (GanLinks *self, const char *link)
{
  g_autoptr (GanUrl) url = NULL;

  g_return_if_fail (self != NULL);
  g_return_if_fail (link != NULL);

  url = gan_url_parse_input (link, NULL);
  if (url != NULL)
    take (self, dup_whole (url));
  else
    self->n_refused++;
}

/* The first "http://" or "https://" in @token, or NULL. */
static const char *
find_web_scheme (const char *token)
{
  for (const char *at = strchr (token, ':'); at != NULL; at = strchr (at + 1, ':'))
    {
      if (!g_str_has_prefix (at, "://"))
        continue;
      if (at - token >= 5 && g_ascii_strncasecmp (at - 5, "https", 5) == 0)
        return at - 5;
      if (at - token >= 4 && g_ascii_strncasecmp (at - 4, "http", 4) == 0)
        return at - 4;
    }
  return NULL;
}

static int
count_open (const char *text, char open, char close)
{
  int n = 0;

  for (; *text != '\0'; text++)
    n += (*text == open) - (*text == close);
  return n;
}

/* Sentences put things around a link that do not belong to it: "(see https://a.example/b)." A
 * bracket at the end belongs to the link if it was opened there. */
static void
trim_end (char *link)
{
  gsize length = strcspn (link, "<>\"`");
  int round = 0;
  int square = 0;

  link[length] = '\0';
  round = count_open (link, '(', ')');
  square = count_open (link, '[', ']');
  while (length > 0)
    {
      char last = link[length - 1];

      if (last == ')' && round < 0)
        round++;
      else if (last == ']' && square < 0)
        square++;
      else if (strchr (".,;:!?'*", last) == NULL)
        return;
      link[--length] = '\0';
    }
}

/* A word among others: only what says of itself that it is a link counts. */
static void
add_word (GanLinks *self, const char *word)
{
  const char *start = NULL;
  g_autofree char *link = NULL;

  while (*word != '\0' && strchr ("<([{\"'`*", *word) != NULL)
    word++;
  start = find_web_scheme (word);
  if (has_refused_scheme (word) || (start == NULL && strstr (word, "://") != NULL))
    {
      self->n_refused++;
      return;
    }
  if (start == NULL && g_ascii_strncasecmp (word, "www.", 4) == 0)
    start = word;
  if (start == NULL)
    return;
  link = g_strdup (start);
  trim_end (link);
  gan_links_add (self, link);
}

/* A line that is one word may be a link without a scheme; what is none is no link, not a wrong one.
 */
static void
add_lone_word (GanLinks *self, const char *word)
{
  g_autoptr (GanUrl) url = NULL;
  g_autoptr (GError) error = NULL;

  if (has_refused_scheme (word) || strstr (word, "://") != NULL)
    {
      add_word (self, word);
      return;
    }
  url = gan_url_parse_input (word, &error);
  if (url != NULL)
    take (self, dup_whole (url));
  else if (g_strcmp0 (gan_error_get_reason (error), "scheme") == 0)
    self->n_refused++;
}

static void
add_text_line (GanLinks *self, char *line)
{
  char *word = g_strstrip (line);

  if (strpbrk (word, " \t\v\f") == NULL)
    {
      add_lone_word (self, word);
      return;
    }
  while (*word != '\0')
    {
      gsize length = strcspn (word, " \t\v\f");
      gboolean is_last = word[length] == '\0';

      word[length] = '\0';
      add_word (self, word);
      word += length + (is_last ? 0 : 1);
    }
}

static void
add_line (GanLinks *self, char *line, guint number, GanLinksFormat format)
{
  g_strstrip (line);
  if (*line == '\0')
    return;
  switch (format)
    {
    case GAN_LINKS_TEXT:
      add_text_line (self, line);
      break;
    case GAN_LINKS_URI_LIST:
      if (*line != '#')
        gan_links_add (self, line);
      break;
    case GAN_LINKS_MOZ_URL:
      if (number % 2 == 0)
        gan_links_add (self, line);
      break;
    case GAN_LINKS_NETSCAPE:
      if (number == 0)
        gan_links_add (self, line);
      break;
    default:
      g_return_if_reached ();
    }
}

/* As valid UTF-8. A NUL within is no end of UTF-8 text: it becomes U+FFFD. */
static char *
dup_utf8 (const char *data, gsize length, GanLinksFormat format)
{
  char *text = NULL;

  if (format == GAN_LINKS_MOZ_URL && memchr (data, '\0', length) != NULL)
    {
      gsize written = 0;

      text = g_convert (data, (gssize) (length & ~1UL), "UTF-8", "UTF-16LE", NULL, &written, NULL);
      length = written;
    }
  else
    text = g_utf8_make_valid (data, (gssize) length);
  return text;
}

/**
 * gan_links_add_data:
 * @self: links
 * @data: (array length=length): bytes as a clipboard or a drag offered them
 * @length: number of bytes; what is more than %GAN_LIMIT_INPUT_BYTES is left out
 * @format: what they are
 */
void
gan_links_add_data (GanLinks *self, const char *data, gsize length, GanLinksFormat format)
{
  g_autofree char *text = NULL;
  guint number = 0;
  char *line = NULL;

  g_return_if_fail (self != NULL);
  g_return_if_fail (data != NULL || length == 0);

  if (length > GAN_LIMIT_INPUT_BYTES)
    {
      self->truncated = TRUE;
      length = GAN_LIMIT_INPUT_BYTES;
    }
  if (length == 0)
    return;
  text = dup_utf8 (data, length, format);
  if (text == NULL)
    return;
  if (g_str_has_prefix (text, "\xef\xbb\xbf"))
    memset (text, ' ', 3);
  for (line = text; line != NULL; number++)
    {
      char *end = line + strcspn (line, "\r\n");
      char *next = *end == '\0' ? NULL : end + (end[0] == '\r' && end[1] == '\n' ? 2 : 1);

      *end = '\0';
      add_line (self, line, number, format);
      line = next;
    }
}

/**
 * gan_links_get:
 * @self: links
 *
 * Returns: (transfer none) (array zero-terminated=1): the links in the order given, each once
 */
const char *const *
gan_links_get (GanLinks *self)
{
  return (const char *const *) self->links->pdata;
}

/**
 * gan_links_get_n:
 * @self: links
 *
 * Returns: how many there are
 */
guint
gan_links_get_n (GanLinks *self)
{
  return self->links->len - 1;
}

/**
 * gan_links_get_n_refused:
 * @self: links
 *
 * Returns: how many were no link that can be fetched from the web
 */
guint
gan_links_get_n_refused (GanLinks *self)
{
  return self->n_refused;
}

/**
 * gan_links_get_n_repeated:
 * @self: links
 *
 * Returns: how many had been given before
 */
guint
gan_links_get_n_repeated (GanLinks *self)
{
  return self->n_repeated;
}

/**
 * gan_links_is_truncated:
 * @self: links
 *
 * Returns: whether there was more than %GAN_LIMIT_INPUT_BYTES or %GAN_LIMIT_INPUT_URLS
 */
gboolean
gan_links_is_truncated (GanLinks *self)
{
  return self->truncated;
}
