/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Everything here works on raw bytes and never fails: what is to be shown may be half a URL, no
 * UTF-8, or made to look like something else. When in doubt a value is taken out. */
#include "config.h"

#include "gan-redact.h"

#include "gan-percent.h"

#include <stdlib.h>
#include <string.h>

/* A URL may carry another one, percent-encoded, in its query. */
#define MAX_NESTING 3

/* Telegram: 123456789:35 characters. Somewhat less counts as well. */
#define BOT_ID_DIGITS 6
#define BOT_SECRET_CHARS 30

#define HASH_CHARS 16

#define SPACES " \t\r\n\v\f"
#define TEXT_DELIMITERS SPACES "\"'`<>"

/* As normalize_key() leaves them, sorted for bsearch(). */
static const char *const secret_keys[] = {
  "apikey",
  "appkey",
  "auth",
  "authkey",
  "authorization",
  "awsaccess_key_id",
  "code",
  "code_verifier",
  "cookie",
  "credential",
  "credentials",
  "csrf",
  "expire",
  "expires",
  "hdnea",
  "hdntl",
  "hdnts",
  "hmac",
  "jsessionid",
  "jwt",
  "key",
  "key_pair_id",
  "lsig",
  "nc_ohc",
  "oe",
  "oh",
  "otp",
  "pass",
  "passcode",
  "passphrase",
  "passwd",
  "password",
  "phpsessid",
  "policy",
  "pot",
  "pwd",
  "secret",
  "session",
  "session_id",
  "sessionid",
  "sid",
  "sig",
  "sign",
  "signature",
  "ticket",
  "token",
  "verify_fp",
  "verifyfp",
  "visitor_data",
  "visitordata",
  "x_bogus",
  "x_expires",
  "xsrf",
};

static const char *const secret_key_prefixes[] = { "oauth_", "x_amz_", "x_goog_", "x_oss_" };

static const char *const secret_key_suffixes[] = {
  "_auth",  "_credential", "_csrf",      "_key",      "_pass",     "_pwd",
  "_sid",   "_sig",        "apikey",     "hmac",      "passwd",    "password",
  "secret", "session",     "session_id", "sessionid", "signature", "token",
};

/* Lower case, sorted. */
static const char *const secret_headers[] = {
  "authentication-info",       "authorization",       "cookie",     "cookie2",
  "proxy-authentication-info", "proxy-authorization", "set-cookie", "set-cookie2",
  "x-client-transaction-id",   "x-goog-visitor-id",
};

static const char *const secret_header_suffixes[] = {
  "-auth",    "-authorization", "-cookie", "-credential", "-csrf",  "-jwt",     "-key",  "-secret",
  "-session", "-session-id",    "-sid",    "-signature",  "apikey", "password", "token",
};

/* A segment of a path that says that the next one is a secret, as in the manifests of googlevideo:
 * /expire/…/sig/…/ */
static const char *const secret_segments[] = { "lsig", "pot", "sig", "signature" };

typedef enum
{
  BY_WORD,
  BY_HASH,
} Replacement;

static int
compare_names (const void *name, const void *member)
{
  return strcmp (name, *(const char *const *) member);
}

static gboolean
is_listed (const char *name, const char *const *names, gsize n)
{
  return bsearch (name, names, n, sizeof *names, compare_names) != NULL;
}

static gboolean
has_suffix_of (const char *name, const char *const *suffixes, gsize n)
{
  for (gsize i = 0; i < n; i++)
    if (g_str_has_suffix (name, suffixes[i]))
      return TRUE;
  return FALSE;
}

static gboolean
has_prefix_of (const char *name, const char *const *prefixes, gsize n)
{
  for (gsize i = 0; i < n; i++)
    if (g_str_has_prefix (name, prefixes[i]))
      return TRUE;
  return FALSE;
}

static void
append_replacement (GString *out, const char *value, gsize length, Replacement how)
{
  g_autofree char *hash = NULL;

  if (how == BY_WORD)
    {
      g_string_append (out, GAN_REDACTED);
      return;
    }
  hash = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) value, length);
  g_string_append_len (out, hash, HASH_CHARS);
}

/* How long the bot token is that begins at @text, or 0. The colon may be percent-encoded, even
 * twice. */
static gsize
measure_bot_token (const char *text)
{
  static const char *const colons[] = { ":", "%3a", "%253a" };
  gsize digits = strspn (text, "0123456789");

  if (digits < BOT_ID_DIGITS)
    return 0;
  for (guint i = 0; i < G_N_ELEMENTS (colons); i++)
    {
      gsize colon = strlen (colons[i]);
      gsize secret = 0;

      if (g_ascii_strncasecmp (text + digits, colons[i], colon) != 0)
        continue;
      while (g_ascii_isalnum (text[digits + colon + secret]) || text[digits + colon + secret] == '-'
             || text[digits + colon + secret] == '_')
        secret++;
      if (secret >= BOT_SECRET_CHARS)
        return digits + colon + secret;
    }
  return 0;
}

static char *
replace_bot_tokens (const char *text, Replacement how)
{
  GString *out = g_string_new (NULL);

  while (*text != '\0')
    {
      gsize digits = strspn (text, "0123456789");
      gsize token = digits > 0 ? measure_bot_token (text) : 0;
      gsize plain = MAX (digits, 1);

      if (token > 0)
        append_replacement (out, text, token, how);
      else
        g_string_append_len (out, text, plain);
      text += token > 0 ? token : plain;
    }
  return g_string_free (out, FALSE);
}

/* Lower case with single underscores between words, so that X-Amz-Signature, accessToken and
 * data[token] are found in one table. */
static char *
normalize_key (const char *key, gsize length)
{
  GString *out = g_string_sized_new (length + 8);

  for (gsize i = 0; i < length; i++)
    {
      gboolean begins_word = i > 0 && g_ascii_isupper (key[i]) && g_ascii_islower (key[i - 1]);

      if ((begins_word || !g_ascii_isalnum (key[i])) && out->len > 0
          && out->str[out->len - 1] != '_')
        g_string_append_c (out, '_');
      if (g_ascii_isalnum (key[i]))
        g_string_append_c (out, g_ascii_tolower (key[i]));
    }
  if (out->len > 0 && out->str[out->len - 1] == '_')
    g_string_truncate (out, out->len - 1);
  return g_string_free (out, FALSE);
}

static gboolean
is_secret_key (const char *key, gsize length)
{
  g_autofree char *decoded = gan_percent_decode_form (key, (gssize) length);
  g_autofree char *name = normalize_key (decoded, strlen (decoded));

  return is_listed (name, secret_keys, G_N_ELEMENTS (secret_keys))
         || has_prefix_of (name, secret_key_prefixes, G_N_ELEMENTS (secret_key_prefixes))
         || has_suffix_of (name, secret_key_suffixes, G_N_ELEMENTS (secret_key_suffixes));
}

static gboolean
is_secret_header (const char *name, gsize length)
{
  g_autofree char *lower = g_ascii_strdown (name, (gssize) length);

  return is_listed (lower, secret_headers, G_N_ELEMENTS (secret_headers))
         || has_suffix_of (lower, secret_header_suffixes, G_N_ELEMENTS (secret_header_suffixes));
}

/* The end of what stands before a host: behind the last '@' of the authority that begins at @text,
 * or @text where it has none. */
static const char *
skip_userinfo (const char *text)
{
  const char *end = text + strcspn (text, "/?#\\" TEXT_DELIMITERS);
  const char *at = memrchr (text, '@', (gsize) (end - text));

  return at != NULL ? at + 1 : text;
}

/* @bare: @url may also begin with an authority, as people type it. Browsers take any run of slashes
 * and backslashes for the "//" before an authority. */
static char *
drop_userinfo (const char *url, gboolean bare)
{
  GString *out = g_string_new (NULL);

  if (bare)
    url = skip_userinfo (url);
  if (url[0] == '/' && url[1] == '/')
    {
      g_string_append (out, "//");
      url = skip_userinfo (url + 2);
    }
  while (*url != '\0')
    {
      gsize plain = strcspn (url, ":");
      gsize slashes;

      if (url[plain] == ':')
        plain++;
      slashes = plain > 0 && url[plain - 1] == ':' ? strspn (url + plain, "/\\") : 0;
      g_string_append_len (out, url, (gssize) (plain + slashes));
      url += plain + slashes;
      if (slashes > 0)
        url = skip_userinfo (url);
    }
  return g_string_free (out, FALSE);
}

static char *redact_pieces (const char *url, Replacement how, guint nesting);

/* A value may be a URL of its own, encoded once or more. */
static void
append_value (GString *out, const char *value, gsize length, Replacement how, guint nesting)
{
  g_autofree char *decoded = gan_percent_decode (value, (gssize) length);
  gboolean is_encoded = strlen (decoded) < length;
  g_autofree char *redacted = NULL;

  if (!is_encoded && memchr (value, '=', length) == NULL)
    {
      g_string_append_len (out, value, (gssize) length);
      return;
    }
  if (nesting == MAX_NESTING)
    {
      append_replacement (out, value, length, how);
      return;
    }
  redacted = redact_pieces (decoded, how, nesting + 1);
  if (strcmp (decoded, redacted) == 0)
    g_string_append_len (out, value, (gssize) length);
  else if (is_encoded)
    g_string_append_uri_escaped (out, redacted, NULL, FALSE);
  else
    g_string_append (out, redacted);
}

/* One "key=value" or one segment; the key may have a path and a '?' before it. */
static void
append_piece (GString *out, const char *piece, gsize length, Replacement how, guint nesting)
{
  const char *equals = memchr (piece, '=', length);
  const char *key = piece;
  gsize value;

  if (equals == NULL)
    {
      append_value (out, piece, length, how, nesting);
      return;
    }
  for (const char *p = piece; p < equals; p++)
    if (*p == '?' || *p == '/')
      key = p + 1;
  value = (gsize) (equals + 1 - piece);
  g_string_append_len (out, piece, (gssize) value);
  if (value == length)
    return;
  if (is_secret_key (key, (gsize) (equals - key)))
    append_replacement (out, equals + 1, length - value, how);
  else
    append_value (out, equals + 1, length - value, how, nesting);
}

/* Splits a path at "/;~&", a query and a fragment at "&" only: a signature there may hold any other
 * character. */
static char *
redact_pieces (const char *url, Replacement how, guint nesting)
{
  GString *out = g_string_new (NULL);
  g_autofree char *plain = drop_userinfo (url, FALSE);
  const char *separators = "/;~&?#";
  gboolean next_is_secret = FALSE;
  const char *p = plain;

  while (TRUE)
    {
      gsize length = strcspn (p, separators);
      g_autofree char *segment = g_strndup (p, length);

      if (next_is_secret && length > 0)
        append_replacement (out, p, length, how);
      else
        append_piece (out, p, length, how, nesting);
      p += length;
      if (*p == '\0')
        break;
      next_is_secret
          = *p == '/' && is_listed (segment, secret_segments, G_N_ELEMENTS (secret_segments));
      if (*p == '?' || *p == '#')
        separators = "&#";
      g_string_append_c (out, *p++);
    }
  return g_string_free (out, FALSE);
}

static char *
redact_url (const char *url, Replacement how)
{
  g_autofree char *plain = drop_userinfo (url, TRUE);
  g_autofree char *redacted = redact_pieces (plain, how, 0);

  return replace_bot_tokens (redacted, how);
}

/* The length of a value that belongs to the quoted name before @text, as in "token" : "value", or
 * 0.
 * @begin: (out): where the value begins */
static gsize
find_quoted_value (const char *text, gsize *begin)
{
  const char *p = text;
  char quote = *p;
  gsize length = 0;

  if (quote != '"' && quote != '\'')
    return 0;
  p++;
  p += strspn (p, SPACES);
  if (*p != ':' && *p != '=')
    return 0;
  p++;
  p += strspn (p, SPACES);
  if (*p != quote)
    return 0;
  p++;
  *begin = (gsize) (p - text);
  while (p[length] != '\0' && p[length] != quote)
    length += p[length] == '\\' && p[length + 1] != '\0' ? 2 : 1;
  return length;
}

/* How much of @text after a word of @length bytes is a secret because of that word, and where it
 * begins: the rest of the line of a header, the value of a quoted name, the word after "Bearer". */
static gsize
find_secret_after_word (const char *text, gsize length, gsize *begin)
{
  const char *colon = memchr (text, ':', length);
  gsize quoted;

  if (colon != NULL && is_secret_header (text, (gsize) (colon - text)))
    {
      *begin = (gsize) (colon + 1 - text);
      *begin += strspn (text + *begin, " \t");
      return strcspn (text + *begin, "\r\n");
    }
  if (length >= 6 && g_ascii_strncasecmp (text + length - 6, "bearer", 6) == 0)
    {
      *begin = length + strspn (text + length, SPACES);
      return strcspn (text + *begin, TEXT_DELIMITERS);
    }
  if (length >= 9 && g_ascii_strncasecmp (text, "bearer%20", 9) == 0)
    {
      *begin = 9;
      return length - 9;
    }
  if (is_secret_key (text, length) || is_secret_header (text, length))
    {
      quoted = find_quoted_value (text + length, begin);
      *begin += length;
      return quoted;
    }
  return 0;
}

/**
 * gan_redact_is_secret_key:
 * @key: a key of a query, a form or a JSON object; may be percent-encoded
 *
 * Returns: whether its value is, or may be, a secret: a password, a token, a signature or what
 *   belongs to one
 */
gboolean
gan_redact_is_secret_key (const char *key)
{
  g_return_val_if_fail (key != NULL, TRUE);

  return is_secret_key (key, strlen (key));
}

/**
 * gan_redact_is_secret_header:
 * @name: name of an HTTP header, in any case
 *
 * Returns: whether its value is, or may be, a secret
 */
gboolean
gan_redact_is_secret_header (const char *name)
{
  g_return_val_if_fail (name != NULL, TRUE);

  return is_secret_header (name, strlen (name));
}

/**
 * gan_redact_url:
 * @url: a URL, whole or not, valid or not
 *
 * Drops the userinfo and puts %GAN_REDACTED in the place of every secret in path, query and
 * fragment, also in a URL that stands in a value. The rest stays byte for byte.
 *
 * Returns: (transfer full): the URL as it may be shown
 */
char *
gan_redact_url (const char *url)
{
  g_return_val_if_fail (url != NULL, NULL);

  return redact_url (url, BY_WORD);
}

/**
 * gan_redact_url_hashed:
 * @url: a URL, whole or not, valid or not
 *
 * As gan_redact_url(), but each secret leaves the first 16 hex digits of its SHA-256, so that two
 * URLs can be compared without keeping either.
 *
 * Returns: (transfer full): the URL as it may be stored
 */
char *
gan_redact_url_hashed (const char *url)
{
  g_return_val_if_fail (url != NULL, NULL);

  return redact_url (url, BY_HASH);
}

/**
 * gan_redact_userinfo:
 * @url: a URL as somebody typed it, with or without a scheme
 *
 * Drops user name and password before the host, nothing else.
 *
 * Returns: (transfer full): the rest, byte for byte
 */
char *
gan_redact_userinfo (const char *url)
{
  g_return_val_if_fail (url != NULL, NULL);

  return drop_userinfo (url, TRUE);
}

/**
 * gan_redact_text:
 * @text: free text, such as a message of a library
 *
 * Takes secrets out of all that looks like a URL, a `key=value`, a header line, a quoted
 * `"key": "value"`, a bearer token or the token of a Telegram bot, raw or percent-encoded.
 *
 * Returns: (transfer full): the text as it may be shown
 */
char *
gan_redact_text (const char *text)
{
  GString *out = NULL;
  g_autofree char *redacted = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  out = g_string_new (NULL);
  while (*text != '\0')
    {
      gsize delimiters = strspn (text, TEXT_DELIMITERS);
      gsize length = strcspn (text + delimiters, TEXT_DELIMITERS);
      gsize begin = 0;
      gsize secret;

      g_string_append_len (out, text, (gssize) delimiters);
      text += delimiters;
      secret = find_secret_after_word (text, length, &begin);
      if (secret > 0)
        {
          g_string_append_len (out, text, (gssize) begin);
          g_string_append (out, GAN_REDACTED);
          text += begin + secret;
        }
      else
        {
          g_autofree char *word = g_strndup (text, length);
          g_autofree char *clean = redact_pieces (word, BY_WORD, 0);

          g_string_append (out, clean);
          text += length;
        }
    }
  redacted = g_string_free (out, FALSE);
  return replace_bot_tokens (redacted, BY_WORD);
}
