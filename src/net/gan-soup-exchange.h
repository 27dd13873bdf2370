/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One request and its answer over a leased connection, from the first signal to the last byte of
 * the body. Private to net. */
#pragma once

#include "gan-response.h"
#include "gan-session-pool.h"

G_BEGIN_DECLS

typedef struct _GanSoupExchange GanSoupExchange;

GanSoupExchange *gan_soup_exchange_new (GanSessionPool *pool,
                                        GanRequest *request,
                                        guint connect_seconds) G_GNUC_WARN_UNUSED_RESULT;
void gan_soup_exchange_free (GanSoupExchange *self);

GanResponse *gan_soup_exchange_run (GanSoupExchange *self,
                                    GCancellable *cancellable,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanSoupExchange, gan_soup_exchange_free)

G_END_DECLS
