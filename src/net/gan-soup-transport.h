/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The transport that goes out: libsoup, one leased session per connection (design.md §3, §6). */
#pragma once

#include "gan-clock.h"
#include "gan-transport.h"

G_BEGIN_DECLS

typedef struct
{
  const char *const *connect_to; /* "HOST:PORT:HOST2:PORT2", NULL-terminated, or NULL */
  const char *proxy;             /* proxy URL, or NULL for none */
  const char *ca_file;           /* PEM file that replaces the system's authorities, or NULL */
  const char *slots_path;        /* file of the connection slots shared by all processes, or NULL */
  guint max_connections;         /* 0: GAN_LIMIT_CONNECTIONS */
  guint max_connections_per_host; /* 0: GAN_LIMIT_CONNECTIONS_PER_HOST */
  GanClock *clock;                /* NULL: the system's */
  guint connect_seconds;          /* 0: GAN_LIMIT_CONNECT_SECONDS */
  guint io_seconds;               /* without a byte; 0: GAN_LIMIT_IO_SECONDS */
} GanSoupTransportOptions;

#define GAN_TYPE_SOUP_TRANSPORT (gan_soup_transport_get_type ())
G_DECLARE_FINAL_TYPE (GanSoupTransport, gan_soup_transport, GAN, SOUP_TRANSPORT, GObject)

GanTransport *gan_soup_transport_new (const GanSoupTransportOptions *options,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
guint gan_soup_transport_get_n_idle (GanSoupTransport *self);
guint gan_soup_transport_get_n_leased (GanSoupTransport *self);

G_END_DECLS
