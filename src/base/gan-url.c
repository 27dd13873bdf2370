/* SPDX-License-Identifier: GPL-3.0-or-later */
/* RFC 3986, http and https only. GUri is not used for taking apart: it decodes the host before one
 * can look at it ("a%0d%0aX:1" becomes two lines) and takes a port 0. Here every byte is looked at
 * once, and what leaves is plain ASCII that any parser reads the same way. */
#include "config.h"

#include "gan-url.h"

#include "gan-error.h"
#include "gan-host.h"
#include "gan-limits.h"
#include "gan-percent.h"

#include <string.h>

struct _GanUrl
{
  char *string; /* without the fragment */
  char *host;
  char *origin;
  char *path;
  char *query;
  char *fragment;
  guint port;
  gboolean is_https;
};

/* A reference taken apart; nothing in it is terminated. Absent parts are NULL, the path is not. */
typedef struct
{
  const char *text;
  gsize length;
} Span;

typedef struct
{
  Span scheme;
  Span authority;
  Span path;
  Span query;
  Span fragment;
} Parts;

G_DEFINE_BOXED_TYPE (GanUrl, gan_url, gan_url_ref, gan_url_unref)

static void
clear (gpointer data)
{
  GanUrl *self = data;

  g_free (self->string);
  g_free (self->host);
  g_free (self->origin);
  g_free (self->path);
  g_free (self->query);
  g_free (self->fragment);
}

static gpointer
refuse (GError **error, const char *reason, const char *message, const char *text)
{
  gan_error_set (error, GAN_ERROR_UNSUPPORTED_URL, reason, "%s", message);
  if (error != NULL && strlen (text) <= GAN_LIMIT_URL_BYTES)
    gan_error_set_url (*error, text);
  return NULL;
}

/* How much of @text is a scheme, the colon not counted; 0 where none begins it. */
static gsize
measure_scheme (const char *text)
{
  gsize n = 0;

  if (!g_ascii_isalpha (text[0]))
    return 0;
  while (g_ascii_isalnum (text[n]) || text[n] == '+' || text[n] == '-' || text[n] == '.')
    n++;
  return text[n] == ':' ? n : 0;
}

static const char *
take (const char *text, const char *end_at, Span *span)
{
  span->text = text;
  span->length = strcspn (text, end_at);
  return text + span->length;
}

/* RFC 3986, appendix B. */
static Parts
split (const char *text)
{
  Parts parts = { 0 };
  gsize scheme = measure_scheme (text);

  if (scheme > 0)
    {
      parts.scheme = (Span){ text, scheme };
      text += scheme + 1;
    }
  if (text[0] == '/' && text[1] == '/')
    text = take (text + 2, "/?#", &parts.authority);
  text = take (text, "?#", &parts.path);
  if (*text == '?')
    text = take (text + 1, "#", &parts.query);
  if (*text == '#')
    take (text + 1, "", &parts.fragment);
  return parts;
}

/* Length, UTF-8, control characters: what no URL may have, wherever it comes from. */
static gboolean
check_text (const char *text, gboolean allow_space, GError **error)
{
  gsize length = strnlen (text, GAN_LIMIT_URL_BYTES + 1);
  gboolean is_ascii = TRUE;

  if (length > GAN_LIMIT_URL_BYTES)
    {
      refuse (error, "too-long", "The URL is too long", text);
      return FALSE;
    }
  for (gsize i = 0; i < length; i++)
    {
      guchar c = (guchar) text[i];

      if (c < ' ' || c == 0x7f || (c == ' ' && !allow_space))
        {
          refuse (error, "control-character", "The URL has a control character or a space", text);
          return FALSE;
        }
      is_ascii = is_ascii && c < 0x80;
    }
  if (!is_ascii && !g_utf8_validate_len (text, length, NULL))
    {
      refuse (error, "encoding", "The URL is not UTF-8", text);
      return FALSE;
    }
  return TRUE;
}

/* Percent-encodes what may not stand in a path, query or fragment, and a '%' that encodes nothing.
 * What is encoded already stays as it is: signatures are made over those very bytes. */
static void
append_encoded (GString *out, const char *text, gsize length)
{
  static const char allowed[] = "!$&'()*+,-./:;=?@[]_~";
  static const char digits[] = "0123456789ABCDEF";

  for (gsize i = 0; i < length; i++)
    {
      guchar c = (guchar) text[i];
      gboolean is_plain = g_ascii_isalnum (c) || (c != '\0' && strchr (allowed, c) != NULL);

      if (c == '%')
        is_plain
            = length - i > 2 && g_ascii_isxdigit (text[i + 1]) && g_ascii_isxdigit (text[i + 2]);
      if (is_plain)
        g_string_append_c (out, (char) c);
      else
        {
          g_string_append_c (out, '%');
          g_string_append_c (out, digits[c >> 4]);
          g_string_append_c (out, digits[c & 15]);
        }
    }
}

static char *
dup_encoded (Span span)
{
  GString *out = NULL;

  if (span.text == NULL)
    return NULL;
  out = g_string_sized_new (span.length + 1);
  append_encoded (out, span.text, span.length);
  return g_string_free (out, FALSE);
}

/* How many dots a segment consists of, 1 or 2, plain or as %2e; 0 for any other segment. */
static guint
count_dots (const char *segment, gsize length)
{
  guint dots = 0;
  gsize i = 0;

  while (i < length)
    {
      if (segment[i] == '.')
        i++;
      else if (length - i > 2 && segment[i] == '%' && segment[i + 1] == '2'
               && (segment[i + 2] | 0x20) == 'e')
        i += 3;
      else
        return 0;
      dots++;
    }
  return dots <= 2 ? dots : 0;
}

/* RFC 3986 §5.2.4: resolves "." and ".." of an encoded path that begins with '/'. */
static char *
remove_dot_segments (const char *path)
{
  GString *out = g_string_sized_new (strlen (path) + 1);

  while (*path == '/')
    {
      gsize length = strcspn (path + 1, "/");
      guint dots = count_dots (path + 1, length);

      if (dots == 0)
        g_string_append_len (out, path, (gssize) length + 1);
      if (dots == 2 && out->len > 0)
        g_string_truncate (out, (gsize) (strrchr (out->str, '/') - out->str));
      path += length + 1;
      if (dots != 0 && *path == '\0')
        g_string_append_c (out, '/');
    }
  return g_string_free (out, FALSE);
}

/* @port: (out): 0 where none is given */
static gboolean
parse_port (const char *text, gsize length, guint *port)
{
  guint value = 0;

  *port = 0;
  if (length == 0)
    return TRUE;
  for (gsize i = 0; i < length; i++)
    {
      if (!g_ascii_isdigit (text[i]))
        return FALSE;
      value = value * 10 + (guint) g_ascii_digit_value (text[i]);
      if (value > G_MAXUINT16)
        return FALSE;
    }
  *port = value;
  return value > 0;
}

/* userinfo@host:port, of which the userinfo is dropped. */
static gboolean
set_authority (GanUrl *self, Span authority, GError **error)
{
  const char *end = authority.text + authority.length;
  const char *at = memrchr (authority.text, '@', authority.length);
  const char *host = at != NULL ? at + 1 : authority.text;
  const char *bracket = memchr (host, ']', (gsize) (end - host));
  const char *colon = memchr (bracket != NULL ? bracket : host,
                              ':',
                              (gsize) (end - (bracket != NULL ? bracket : host)));
  guint default_port = self->is_https ? 443 : 80;
  gboolean is_ipv6;
  guint port = 0;

  /* "good.example\\@evil.example": parsers do not agree on where this leads. */
  if (memchr (authority.text, '\\', authority.length) != NULL
      || memchr (authority.text, ' ', authority.length) != NULL)
    {
      gan_error_set (error, GAN_ERROR_UNSUPPORTED_URL, "host", "The host of the URL is not valid");
      return FALSE;
    }
  if (colon != NULL && !parse_port (colon + 1, (gsize) (end - colon - 1), &port))
    {
      gan_error_set (error, GAN_ERROR_UNSUPPORTED_URL, "port", "The port of the URL is not valid");
      return FALSE;
    }
  self->host = gan_host_normalize (host, (colon != NULL ? colon : end) - host, error);
  if (self->host == NULL)
    return FALSE;
  self->port = port != 0 ? port : default_port;
  is_ipv6 = strchr (self->host, ':') != NULL;
  if (self->port == default_port)
    self->origin = g_strconcat (gan_url_get_scheme (self),
                                is_ipv6 ? "://[" : "://",
                                self->host,
                                is_ipv6 ? "]" : NULL,
                                NULL);
  else
    self->origin = g_strdup_printf (is_ipv6 ? "%s://[%s]:%u" : "%s://%s:%u",
                                    gan_url_get_scheme (self),
                                    self->host,
                                    self->port);
  return TRUE;
}

static GanUrl *
new_url (void)
{
  return g_atomic_rc_box_new0 (GanUrl);
}

static void
join (GanUrl *self)
{
  self->string
      = g_strconcat (self->origin, self->path, self->query != NULL ? "?" : NULL, self->query, NULL);
}

/* Encoding makes a URL longer; what leaves here must be accepted when it comes back.
 * @self: (transfer full) */
static GanUrl *
finish (GanUrl *self, GError **error)
{
  g_autoptr (GanUrl) owned = self;

  join (owned);
  if (strlen (owned->string) > GAN_LIMIT_URL_BYTES)
    return refuse (error, "too-long", "The URL is too long", owned->string);
  return g_steal_pointer (&owned);
}

/* @text was checked by check_text(). */
static GanUrl *
parse_checked (const char *text, GError **error)
{
  g_autoptr (GanUrl) self = new_url ();
  g_autofree char *path = NULL;
  Parts parts = split (text);

  self->is_https
      = parts.scheme.length == 5 && g_ascii_strncasecmp (parts.scheme.text, "https", 5) == 0;
  if (!self->is_https
      && !(parts.scheme.length == 4 && g_ascii_strncasecmp (parts.scheme.text, "http", 4) == 0))
    return refuse (error, "scheme", "Only http and https are supported", text);
  if (parts.authority.text == NULL)
    return refuse (error, "host", "The URL has no host", text);
  if (!set_authority (self, parts.authority, error))
    {
      if (error != NULL)
        gan_error_set_url (*error, text);
      return NULL;
    }
  path = dup_encoded (parts.path);
  self->path = path[0] == '/' ? remove_dot_segments (path) : g_strdup ("/");
  self->query = dup_encoded (parts.query);
  self->fragment = dup_encoded (parts.fragment);
  return finish (g_steal_pointer (&self), error);
}

/**
 * gan_url_parse:
 * @text: an absolute URL
 * @error: return location for an error
 *
 * Takes http and https only, without spaces and control characters, up to %GAN_LIMIT_URL_BYTES.
 * Scheme and host become lower case, the host punycode (gan_host_normalize()); userinfo and the
 * default port are dropped, "." and ".." resolved, and what may not stand in a URL is
 * percent-encoded.
 *
 * Returns: (transfer full) (nullable): the URL, or %NULL with %GAN_ERROR_UNSUPPORTED_URL
 */
GanUrl *
gan_url_parse (const char *text, GError **error)
{
  g_return_val_if_fail (text != NULL, NULL);

  if (!check_text (text, FALSE, error))
    return NULL;
  return parse_checked (text, error);
}

static gboolean
is_invisible (gunichar c)
{
  return g_unichar_isspace (c) || (c >= 0x200b && c <= 0x200f) || c == 0x2060 || c == 0xfeff;
}

/* Without what surrounds a pasted link: blanks, also of zero width, and the byte order mark. What
 * is no UTF-8 is returned as it is and refused later. */
static char *
dup_trimmed (const char *text)
{
  const char *end = text + strnlen (text, 2 * GAN_LIMIT_URL_BYTES);

  if (!g_utf8_validate_len (text, (gsize) (end - text), NULL))
    return g_strndup (text, (gsize) (end - text));
  while (text < end && is_invisible (g_utf8_get_char (text)))
    text = g_utf8_next_char (text);
  while (text < end && is_invisible (g_utf8_get_char (g_utf8_prev_char (end))))
    end = g_utf8_prev_char (end);
  return g_strndup (text, (gsize) (end - text));
}

/* What people write without a scheme: "example.org/a", "localhost:8080", "//example.org", but not
 * "readme", "mailto:joe@example.org" or "javascript:1". */
static GanUrl *
parse_without_scheme (const char *text, GError **error)
{
  const char *bare = g_str_has_prefix (text, "//") ? text + 2 : text;
  gsize length = strcspn (bare, "/?#");
  const char *colon = bare[0] != '[' ? memchr (bare, ':', length) : NULL;
  g_autofree char *absolute = g_strconcat ("https://", bare, NULL);
  g_autoptr (GanUrl) self = NULL;

  if (memchr (bare, '@', length) != NULL && bare == text)
    return refuse (error, "host", "This is not a link", text);
  if (colon != NULL && !g_ascii_isdigit (colon[1]) && bare == text)
    return refuse (error, "scheme", "Only http and https are supported", text);
  self = parse_checked (absolute, error);
  if (self != NULL && strpbrk (self->host, ".:") == NULL && colon == NULL
      && strcmp (self->host, "localhost") != 0)
    return refuse (error, "host", "This is not a link", text);
  return g_steal_pointer (&self);
}

/**
 * gan_url_parse_input:
 * @text: what a person typed or pasted
 * @error: return location for an error
 *
 * As gan_url_parse(), but blanks around it are dropped, spaces in path and query encoded, and a
 * host without a scheme, or with "//" only, reads as https.
 *
 * Returns: (transfer full) (nullable): the URL, or %NULL with %GAN_ERROR_UNSUPPORTED_URL
 */
GanUrl *
gan_url_parse_input (const char *text, GError **error)
{
  g_autofree char *trimmed = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  trimmed = dup_trimmed (text);
  if (!check_text (trimmed, TRUE, error))
    return NULL;
  if (g_str_has_prefix (trimmed + measure_scheme (trimmed), "://"))
    return parse_checked (trimmed, error);
  return parse_without_scheme (trimmed, error);
}

/* RFC 3986 §5.2.3. */
static char *
merge_paths (const char *base, Span reference)
{
  GString *merged = g_string_new_len (base, strrchr (base, '/') + 1 - base);

  append_encoded (merged, reference.text, reference.length);
  return g_string_free (merged, FALSE);
}

static GanUrl *
resolve_relative (GanUrl *base, const Parts *parts, GError **error)
{
  g_autoptr (GanUrl) self = new_url ();
  g_autofree char *path = NULL;

  self->is_https = base->is_https;
  self->port = base->port;
  self->host = g_strdup (base->host);
  self->origin = g_strdup (base->origin);
  if (parts->path.length == 0)
    self->path = g_strdup (base->path);
  else
    {
      path = parts->path.text[0] == '/' ? dup_encoded (parts->path)
                                        : merge_paths (base->path, parts->path);
      self->path = remove_dot_segments (path);
    }
  if (parts->path.length == 0 && parts->query.text == NULL)
    self->query = g_strdup (base->query);
  else
    self->query = dup_encoded (parts->query);
  self->fragment = dup_encoded (parts->fragment);
  return finish (g_steal_pointer (&self), error);
}

/**
 * gan_url_resolve:
 * @base: the URL that @reference was found at
 * @reference: a URL, absolute or not, of a Location header or a page
 * @error: return location for an error
 *
 * RFC 3986 §5.2. Blanks around the reference are dropped, spaces in it encoded; a backslash is no
 * slash.
 *
 * Returns: (transfer full) (nullable): the URL, or %NULL with %GAN_ERROR_UNSUPPORTED_URL
 */
GanUrl *
gan_url_resolve (GanUrl *base, const char *reference, GError **error)
{
  g_autofree char *trimmed = NULL;
  g_autofree char *absolute = NULL;
  Parts parts;

  g_return_val_if_fail (base != NULL, NULL);
  g_return_val_if_fail (reference != NULL, NULL);

  trimmed = dup_trimmed (reference);
  if (!check_text (trimmed, TRUE, error))
    return NULL;
  parts = split (trimmed);
  if (parts.scheme.text != NULL)
    return parse_checked (trimmed, error);
  if (parts.authority.text == NULL)
    return resolve_relative (base, &parts, error);
  absolute = g_strconcat (gan_url_get_scheme (base), ":", trimmed, NULL);
  return parse_checked (absolute, error);
}

/**
 * gan_url_with_query:
 * @self: a URL
 * @query: (nullable): a query without the '?'; what may not stand there is percent-encoded
 *
 * The same URL with another query, or none. It may be longer than %GAN_LIMIT_URL_BYTES, which is a
 * limit for what others write.
 *
 * Returns: (transfer full): a new URL
 */
GanUrl *
gan_url_with_query (GanUrl *self, const char *query)
{
  GanUrl *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = new_url ();
  copy->is_https = self->is_https;
  copy->port = self->port;
  copy->host = g_strdup (self->host);
  copy->origin = g_strdup (self->origin);
  copy->path = g_strdup (self->path);
  copy->query = dup_encoded ((Span){ query, query != NULL ? strlen (query) : 0 });
  copy->fragment = g_strdup (self->fragment);
  join (copy);
  return copy;
}

/**
 * gan_url_ref:
 * @self: a URL
 *
 * Returns: (transfer full): @self
 */
GanUrl *
gan_url_ref (GanUrl *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

/**
 * gan_url_unref:
 * @self: (transfer full): a URL
 */
void
gan_url_unref (GanUrl *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, clear);
}

/**
 * gan_url_get_string:
 * @self: a URL
 *
 * Returns: (transfer none): the whole URL without its fragment, which no server is told
 */
const char *
gan_url_get_string (GanUrl *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->string;
}

/**
 * gan_url_get_scheme:
 * @self: a URL
 *
 * Returns: (transfer none): "http" or "https"
 */
const char *
gan_url_get_scheme (GanUrl *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->is_https ? "https" : "http";
}

/**
 * gan_url_get_host:
 * @self: a URL
 *
 * Returns: (transfer none): the host in lower case and punycode; an IPv6 address without brackets
 */
const char *
gan_url_get_host (GanUrl *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->host;
}

/**
 * gan_url_get_port:
 * @self: a URL
 *
 * Returns: the port to connect to, also where it is the default one
 */
guint
gan_url_get_port (GanUrl *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->port;
}

/**
 * gan_url_get_path:
 * @self: a URL
 *
 * Returns: (transfer none): the path, encoded; it begins with '/'
 */
const char *
gan_url_get_path (GanUrl *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->path;
}

/**
 * gan_url_get_query:
 * @self: a URL
 *
 * Returns: (transfer none) (nullable): the query, encoded, without the '?'
 */
const char *
gan_url_get_query (GanUrl *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->query;
}

/**
 * gan_url_get_fragment:
 * @self: a URL
 *
 * Returns: (transfer none) (nullable): the fragment, encoded, without the '#'
 */
const char *
gan_url_get_fragment (GanUrl *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->fragment;
}

/**
 * gan_url_get_origin:
 * @self: a URL
 *
 * Returns: (transfer none): scheme, host and port, the port only where it is not the default one
 */
const char *
gan_url_get_origin (GanUrl *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->origin;
}

/**
 * gan_url_is_https:
 * @self: a URL
 *
 * Returns: whether it is
 */
gboolean
gan_url_is_https (GanUrl *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->is_https;
}

/**
 * gan_url_host_is:
 * @self: a URL
 * @domain: a name in lower case and punycode
 *
 * Returns: whether the host is @domain or a name below it
 */
gboolean
gan_url_host_is (GanUrl *self, const char *domain)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return gan_host_is_within (self->host, domain);
}

/**
 * gan_url_equal:
 * @a: a URL
 * @b: another
 *
 * Returns: whether a server would get the same request; the fragments are not compared
 */
gboolean
gan_url_equal (GanUrl *a, GanUrl *b)
{
  g_return_val_if_fail (a != NULL && b != NULL, FALSE);

  return strcmp (a->string, b->string) == 0;
}

/**
 * gan_url_same_origin:
 * @a: a URL
 * @b: another
 *
 * Returns: whether scheme, host and port are the same
 */
gboolean
gan_url_same_origin (GanUrl *a, GanUrl *b)
{
  g_return_val_if_fail (a != NULL && b != NULL, FALSE);

  return strcmp (a->origin, b->origin) == 0;
}

/* What a server may have meant: decoded, and UTF-8 whatever it is. */
static char *
dup_valid (char *decoded)
{
  g_autofree char *owned = decoded;

  return g_utf8_make_valid (owned, -1);
}

/**
 * gan_url_dup_query_value:
 * @self: a URL
 * @key: a decoded key
 *
 * Returns: (transfer full) (nullable): the decoded value of the first @key, "" where it has none,
 *   UTF-8 with U+FFFD for what is not; %NULL where there is no such key
 */
char *
gan_url_dup_query_value (GanUrl *self, const char *key)
{
  const char *p;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (key != NULL, NULL);

  for (p = self->query; p != NULL; p = strchr (p, '&'))
    {
      gsize length;
      gsize name;
      g_autofree char *decoded = NULL;

      if (*p == '&')
        p++;
      length = strcspn (p, "&");
      name = strcspn (p, "=&");
      decoded = gan_percent_decode_form (p, (gssize) name);
      if (strcmp (decoded, key) != 0)
        continue;
      if (name == length)
        return g_strdup ("");
      return dup_valid (gan_percent_decode_form (p + name + 1, (gssize) (length - name - 1)));
    }
  return NULL;
}

/**
 * gan_url_dup_basename:
 * @self: a URL
 *
 * Returns: (transfer full) (nullable): the decoded last segment of the path, UTF-8 with U+FFFD for
 *   what is not; it may hold any character, '/' too. %NULL where the path ends in '/'
 */
char *
gan_url_dup_basename (GanUrl *self)
{
  const char *name;

  g_return_val_if_fail (self != NULL, NULL);

  name = strrchr (self->path, '/') + 1;
  return name[0] != '\0' ? dup_valid (gan_percent_decode (name, -1)) : NULL;
}
