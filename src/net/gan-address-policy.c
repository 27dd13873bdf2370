/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-address-policy.h"

#include <string.h>

#define IPV4_BYTES 4
#define IPV6_BYTES 16

typedef struct
{
  guint8 bytes[IPV6_BYTES];
  guint bits;
} Block;

/* RFC 6890 §2.2.2 with its updates, and multicast (RFC 5771). */
static const Block special_ipv4[] = {
  { { 0 }, 8 },             /* this host on this network */
  { { 10 }, 8 },            /* private use */
  { { 100, 64 }, 10 },      /* shared address space */
  { { 127 }, 8 },           /* loopback */
  { { 169, 254 }, 16 },     /* link local */
  { { 172, 16 }, 12 },      /* private use */
  { { 192, 0, 0 }, 24 },    /* IETF protocol assignments, DS-Lite */
  { { 192, 0, 2 }, 24 },    /* TEST-NET-1 */
  { { 192, 88, 99 }, 24 },  /* 6to4 relays */
  { { 192, 168 }, 16 },     /* private use */
  { { 198, 18 }, 15 },      /* benchmarking */
  { { 198, 51, 100 }, 24 }, /* TEST-NET-2 */
  { { 203, 0, 113 }, 24 },  /* TEST-NET-3 */
  { { 224 }, 4 },           /* multicast */
  { { 240 }, 4 },           /* reserved, and limited broadcast */
};

/* RFC 6890 §2.2.3 with its updates, as far as it lies within the global unicast space. */
static const Block special_ipv6[] = {
  { { 0x20, 0x01 }, 23 },             /* IETF protocol assignments: Teredo, benchmarking, ORCHID */
  { { 0x20, 0x01, 0x0d, 0xb8 }, 32 }, /* documentation */
  { { 0x20, 0x02 }, 16 },             /* 6to4 */
  { { 0x3f, 0xff }, 20 },             /* documentation */
};

static const Block global_unicast = { { 0x20 }, 3 };
static const Block mapped_ipv4 = { { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff }, 96 };
static const Block translated_ipv4 = { { 0, 0x64, 0xff, 0x9b }, 96 };

static gboolean
is_within (const guint8 *bytes, const Block *block)
{
  guint whole = block->bits / 8;
  guint rest = block->bits % 8;
  guint8 mask = (guint8) (0xff << (8 - rest));

  return memcmp (bytes, block->bytes, whole) == 0
         && (rest == 0 || ((bytes[whole] ^ block->bytes[whole]) & mask) == 0);
}

static gboolean
is_within_any (const guint8 *bytes, const Block *blocks, gsize n_blocks)
{
  for (gsize i = 0; i < n_blocks; i++)
    if (is_within (bytes, &blocks[i]))
      return TRUE;
  return FALSE;
}

static gboolean
is_public_ipv4 (const guint8 *bytes)
{
  return !is_within_any (bytes, special_ipv4, G_N_ELEMENTS (special_ipv4));
}

/* A mapped address is the IPv4 address it holds, and one behind a NAT64 leads there; all else that
 * is not global unicast is refused: loopback, local, multicast, the compatible and the locally
 * translated form (64:ff9b:1::/48), the discard prefix. 6to4 and Teredo, which embed an address
 * too, are refused as a whole: nobody serves media there. */
static gboolean
is_public_ipv6 (const guint8 *bytes)
{
  if (is_within (bytes, &mapped_ipv4) || is_within (bytes, &translated_ipv4))
    return is_public_ipv4 (bytes + IPV6_BYTES - IPV4_BYTES);
  return is_within (bytes, &global_unicast)
         && !is_within_any (bytes, special_ipv6, G_N_ELEMENTS (special_ipv6));
}

/**
 * gan_address_policy_allows:
 * @policy: a policy
 * @address: an address that was resolved, or stood in a URL
 *
 * Judges the address itself, so that no spelling of a host name matters. %GAN_ADDRESS_PUBLIC leaves
 * out the special-purpose addresses of RFC 6890 and what embeds one.
 *
 * Returns: whether a connection may go there
 */
gboolean
gan_address_policy_allows (GanAddressPolicy policy, GInetAddress *address)
{
  const guint8 *bytes = NULL;

  g_return_val_if_fail (G_IS_INET_ADDRESS (address), FALSE);

  if (policy == GAN_ADDRESS_ANY)
    return TRUE;
  bytes = g_inet_address_to_bytes (address);
  if (g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV4)
    return is_public_ipv4 (bytes);
  return is_public_ipv6 (bytes);
}
