/* SPDX-License-Identifier: GPL-3.0-or-later */
/* RFC 1123 §2.1 names, RFC 3490 for other scripts, RFC 4291 §2.2 addresses. */
#include "config.h"

#include "gan-host.h"

#include "gan-error.h"

#include <arpa/inet.h>
#include <gio/gio.h>
#include <string.h>

#define MAX_NAME 253
#define MAX_LABEL 63
/* As much of another script as could still become a name; converting takes more than linear time.
 */
#define MAX_UNICODE 1024

static char *
refuse (GError **error)
{
  gan_error_set (error,
                 GAN_ERROR_UNSUPPORTED_URL,
                 "host",
                 "The host is not a valid name or address");
  return NULL;
}

/* [2001:DB8::0:1] becomes 2001:db8::1. A zone (%eth0) means nothing to others. */
static char *
normalize_ipv6 (const char *text, gsize length, GError **error)
{
  char literal[INET6_ADDRSTRLEN];
  struct in6_addr address;

  if (length < 2 || text[length - 1] != ']' || length - 2 >= sizeof literal)
    return refuse (error);
  memcpy (literal, text + 1, length - 2);
  literal[length - 2] = '\0';
  if (inet_pton (AF_INET6, literal, &address) != 1)
    return refuse (error);
  return g_strdup (inet_ntop (AF_INET6, &address, literal, sizeof literal));
}

/* Whether the C library would take the last label for a number: then the whole is an address in one
 * of its old forms (127.1, 0x7f000001), unless it is four plain decimals. */
static gboolean
ends_in_number (const char *name)
{
  const char *dot = strrchr (name, '.');
  const char *label = dot != NULL ? dot + 1 : name;

  if (label[0] == '0' && label[1] == 'x')
    return TRUE;
  return label[strspn (label, "0123456789")] == '\0';
}

static gboolean
are_labels_valid (const char *name)
{
  gsize length = 0;

  for (const char *p = name;; p++)
    {
      if (*p == '.' || *p == '\0')
        {
          if (length == 0 || length > MAX_LABEL)
            return FALSE;
          if (*p == '\0')
            return (gsize) (p - name) <= MAX_NAME;
          length = 0;
        }
      else if (g_ascii_islower (*p) || g_ascii_isdigit (*p) || *p == '-' || *p == '_')
        length++;
      else
        return FALSE;
    }
}

static char *
to_ascii (const char *text, gsize length)
{
  g_autofree char *copy = NULL;

  if (length > MAX_UNICODE || !g_utf8_validate_len (text, length, NULL))
    return NULL;
  copy = g_strndup (text, length);
  return g_hostname_to_ascii (copy);
}

/**
 * gan_host_normalize:
 * @text: a host as it stands in a URL; an IPv6 address in brackets
 * @length: bytes of it, or -1 up to the NUL
 * @error: return location for an error
 *
 * Lower case, punycode, without the dot of the root; IPv6 without brackets and in its shortest
 * form. Digits and dots of other scripts become plain ones before anything is checked, so that
 * `①②⑦.⓪.⓪.①` is 127.0.0.1. Anything but letters, digits, `-`, `_` and `.` is refused, with it all
 * percent-encoding, and so are addresses in other forms than four decimals.
 *
 * Returns: (transfer full) (nullable): the host, or %NULL with %GAN_ERROR_UNSUPPORTED_URL
 */
char *
gan_host_normalize (const char *text, gssize length, GError **error)
{
  gsize n;
  gboolean is_plain = TRUE;
  g_autofree char *ascii = NULL;
  g_autofree char *name = NULL;
  struct in_addr address;

  g_return_val_if_fail (text != NULL, NULL);

  n = length < 0 ? strlen (text) : (gsize) length;
  if (n > 0 && text[0] == '[')
    return normalize_ipv6 (text, n, error);
  for (gsize i = 0; i < n && is_plain; i++)
    is_plain = g_ascii_isprint (text[i]);
  if (!is_plain)
    {
      ascii = to_ascii (text, n);
      if (ascii == NULL)
        return refuse (error);
      text = ascii;
      n = strlen (ascii);
    }
  if (n > 1 && text[n - 1] == '.')
    n--;
  name = g_ascii_strdown (text, (gssize) n);
  if (!are_labels_valid (name))
    return refuse (error);
  if (ends_in_number (name) && inet_pton (AF_INET, name, &address) != 1)
    return refuse (error);
  return g_steal_pointer (&name);
}

/**
 * gan_host_is_within:
 * @host: a normalized host
 * @domain: a normalized name
 *
 * Returns: whether @host is @domain or a name below it
 */
gboolean
gan_host_is_within (const char *host, const char *domain)
{
  gsize host_length;
  gsize domain_length;

  g_return_val_if_fail (host != NULL && domain != NULL, FALSE);

  host_length = strlen (host);
  domain_length = strlen (domain);
  if (host_length < domain_length
      || memcmp (host + host_length - domain_length, domain, domain_length) != 0)
    return FALSE;
  return host_length == domain_length || host[host_length - domain_length - 1] == '.';
}
