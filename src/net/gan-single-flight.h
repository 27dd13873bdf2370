/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Equal questions at the same time are asked once. Private to net. */
#pragma once

#include "gan-reply.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _GanSingleFlight GanSingleFlight;

typedef GanReply *(*GanSingleFlightFunc) (gpointer data, GCancellable *cancellable, GError **error);

GanSingleFlight *gan_single_flight_new (void) G_GNUC_WARN_UNUSED_RESULT;
void gan_single_flight_free (GanSingleFlight *self);

GanReply *gan_single_flight_run (GanSingleFlight *self,
                                 const char *key,
                                 GanSingleFlightFunc func,
                                 gpointer data,
                                 gboolean *shared,
                                 GCancellable *cancellable,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
guint gan_single_flight_get_n_waiting (GanSingleFlight *self, const char *key);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanSingleFlight, gan_single_flight_free)

G_END_DECLS
