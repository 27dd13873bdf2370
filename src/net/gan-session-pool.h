/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Connections at rest and in use. One SoupSession is one connection, leased by one thread at a
 * time: a shared session crashes (design.md §3). Private to net. */
#pragma once

#include "gan-clock.h"
#include "gan-connect-to.h"
#include "gan-request.h"
#include "gan-slots.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* What all sessions of a pool have in common; the pool takes it over. */
typedef struct
{
  GanClock *clock;
  GanSlots *slots;
  GanSlots *handshakes;
  GanConnectTo *connect_to;
  GProxyResolver *proxy;      /* or NULL: direct */
  GTlsDatabase *tls_database; /* or NULL: the system's */
  guint max_in_all;
  guint max_per_host;
  guint io_seconds;
} GanSessionSettings;

typedef struct _GanSessionPool GanSessionPool;
typedef struct _GanLease GanLease;

GanSessionPool *gan_session_pool_new (const GanSessionSettings *settings) G_GNUC_WARN_UNUSED_RESULT;
void gan_session_pool_close (GanSessionPool *self);

GanLease *gan_session_pool_lease (GanSessionPool *self,
                                  GanRequest *request,
                                  GCancellable *cancellable,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
guint gan_session_pool_get_n_idle (GanSessionPool *self);
guint gan_session_pool_get_n_leased (GanSessionPool *self);
void gan_session_pool_forget_family (GanSessionPool *self, const char *host);
GanSlots *gan_session_pool_get_handshakes (GanSessionPool *self);

SoupSession *gan_lease_get_session (GanLease *lease);
guint64 gan_lease_get_id (GanLease *lease);
void gan_lease_set_stream (GanLease *lease, GIOStream *stream);
gboolean gan_lease_is_open (GanLease *lease);
void gan_lease_break (GanLease *lease);
void gan_lease_return (GanLease *lease, gboolean reusable);

G_END_DECLS
