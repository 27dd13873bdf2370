/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The transport that answers from HAR files alone (contracts.md §2). */
#pragma once

#include "gan-transport.h"

G_BEGIN_DECLS

#define GAN_TYPE_REPLAY_TRANSPORT (gan_replay_transport_get_type ())
G_DECLARE_FINAL_TYPE (GanReplayTransport, gan_replay_transport, GAN, REPLAY_TRANSPORT, GObject)

GanReplayTransport *gan_replay_transport_new (void) G_GNUC_WARN_UNUSED_RESULT;
gboolean gan_replay_transport_add_file (GanReplayTransport *self, const char *path, GError **error);
gboolean gan_replay_transport_add_data (GanReplayTransport *self, GBytes *har, GError **error);
guint gan_replay_transport_get_n_entries (GanReplayTransport *self);
guint gan_replay_transport_get_n_unused (GanReplayTransport *self);
GStrv gan_replay_transport_dup_missed (GanReplayTransport *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
