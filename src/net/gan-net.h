/* SPDX-License-Identifier: GPL-3.0-or-later */
/* net: HTTP, and nothing of any site. */
#pragma once

#include "gan-http.h"
#include "gan-recorder.h"
#include "gan-replay-transport.h"
#include "gan-reply.h"
#include "gan-request.h"
#include "gan-response.h"
#include "gan-soup-transport.h"
#include "gan-transport.h"

G_BEGIN_DECLS

void gan_net_init (void);

G_END_DECLS
