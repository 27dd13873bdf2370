/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which addresses relay jobs may reach (RFC 6890), in every form that embeds another. */
#include "config.h"

#include "gan-address-policy.h"

typedef struct
{
  const char *address;
  gboolean is_public;
} Row;

static const Row rows[] = {
  { "8.8.8.8", TRUE },
  { "1.1.1.1", TRUE },
  { "93.184.216.34", TRUE },
  { "0.0.0.0", FALSE },
  { "0.255.255.255", FALSE },
  { "1.0.0.0", TRUE },
  { "9.255.255.255", TRUE },
  { "10.0.0.0", FALSE },
  { "10.255.255.255", FALSE },
  { "11.0.0.0", TRUE },
  { "100.63.255.255", TRUE },
  { "100.64.0.0", FALSE },
  { "100.127.255.255", FALSE },
  { "100.128.0.0", TRUE },
  { "126.255.255.255", TRUE },
  { "127.0.0.1", FALSE },
  { "127.255.255.255", FALSE },
  { "128.0.0.0", TRUE },
  { "169.253.255.255", TRUE },
  { "169.254.169.254", FALSE },
  { "169.255.0.0", TRUE },
  { "172.15.255.255", TRUE },
  { "172.16.0.0", FALSE },
  { "172.31.255.255", FALSE },
  { "172.32.0.0", TRUE },
  { "191.255.255.255", TRUE },
  { "192.0.0.8", FALSE },
  { "192.0.0.170", FALSE },
  { "192.0.1.0", TRUE },
  { "192.0.2.1", FALSE },
  { "192.0.3.0", TRUE },
  { "192.88.99.1", FALSE },
  { "192.88.100.1", TRUE },
  { "192.167.255.255", TRUE },
  { "192.168.0.0", FALSE },
  { "192.168.255.255", FALSE },
  { "192.169.0.0", TRUE },
  { "198.17.255.255", TRUE },
  { "198.18.0.0", FALSE },
  { "198.19.255.255", FALSE },
  { "198.20.0.0", TRUE },
  { "198.51.100.7", FALSE },
  { "198.51.101.0", TRUE },
  { "203.0.112.255", TRUE },
  { "203.0.113.1", FALSE },
  { "203.0.114.0", TRUE },
  { "223.255.255.255", TRUE },
  { "224.0.0.1", FALSE },
  { "239.255.255.255", FALSE },
  { "240.0.0.1", FALSE },
  { "255.255.255.255", FALSE },

  { "2606:4700:4700::1111", TRUE },
  { "2a00:1450:4001::200e", TRUE },
  { "2000::1", TRUE },
  { "1fff:ffff::1", FALSE },
  { "4000::1", FALSE },
  { "::", FALSE },
  { "::1", FALSE },
  { "::2", FALSE },
  /* mapped: the address it holds */
  { "::ffff:127.0.0.1", FALSE },
  { "::ffff:7f00:1", FALSE },
  { "::ffff:10.0.0.1", FALSE },
  { "::ffff:169.254.169.254", FALSE },
  { "::ffff:8.8.8.8", TRUE },
  { "::fffe:8.8.8.8", FALSE },
  /* compatible */
  { "::127.0.0.1", FALSE },
  { "::8.8.8.8", FALSE },
  /* NAT64: the address it leads to; the local prefix never */
  { "64:ff9b::127.0.0.1", FALSE },
  { "64:ff9b::10.1.2.3", FALSE },
  { "64:ff9b::8.8.8.8", TRUE },
  { "64:ff9b:1::8.8.8.8", FALSE },
  { "64:ff9b:1:ffff::1", FALSE },
  { "64:ff9b:0:1::8.8.8.8", FALSE },
  { "100::1", FALSE },
  { "2001::1", FALSE },
  { "2001:0:4136:e378:8000:63bf:3fff:fdd2", FALSE },
  { "2001:2::1", FALSE },
  { "2001:10::1", FALSE },
  { "2001:1ff:ffff::1", FALSE },
  { "2001:200::1", TRUE },
  { "2001:db7:ffff::1", TRUE },
  { "2001:db8::1", FALSE },
  { "2001:db8:ffff::1", FALSE },
  { "2001:db9::1", TRUE },
  { "2002:7f00:1::", FALSE },
  { "2002:808:808::1", FALSE },
  { "2003::1", TRUE },
  { "3ffe:ffff::1", TRUE },
  { "3fff::1", FALSE },
  { "3fff:fff:ffff::1", FALSE },
  { "3fff:1000::1", TRUE },
  { "5f00::1", FALSE },
  { "fc00::1", FALSE },
  { "fdff:ffff::1", FALSE },
  { "fe80::1", FALSE },
  { "febf::1", FALSE },
  { "fec0::1", FALSE },
  { "ff02::1", FALSE },
  { "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", FALSE },
};

static void
test_table (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GInetAddress) address = g_inet_address_new_from_string (rows[i].address);

      g_assert_nonnull (address);
      g_test_message ("%s", rows[i].address);
      g_assert_cmpint (gan_address_policy_allows (GAN_ADDRESS_PUBLIC, address),
                       ==,
                       rows[i].is_public);
      g_assert_true (gan_address_policy_allows (GAN_ADDRESS_ANY, address));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/address-policy/table", test_table);
  return g_test_run ();
}
