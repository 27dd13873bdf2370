/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which addresses a connection may go to. Private to net. */
#pragma once

#include "gan-request.h"

G_BEGIN_DECLS

gboolean gan_address_policy_allows (GanAddressPolicy policy, GInetAddress *address);

G_END_DECLS
