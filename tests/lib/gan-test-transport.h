/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A transport around another that keeps what was asked. */
#pragma once

#include "gan-transport.h"

G_BEGIN_DECLS

#define GAN_TYPE_TEST_TRANSPORT (gan_test_transport_get_type ())
G_DECLARE_FINAL_TYPE (GanTestTransport, gan_test_transport, GAN, TEST_TRANSPORT, GObject)

GanTestTransport *gan_test_transport_new (GanTransport *inner, gboolean live);
GPtrArray *gan_test_transport_dup_requests (GanTestTransport *self);
GStrv gan_test_transport_dup_lines (GanTestTransport *self);

G_END_DECLS
