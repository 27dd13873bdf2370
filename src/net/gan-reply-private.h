/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How GanHttp makes a reply. Private to net and its tests. */
#pragma once

#include "gan-reply.h"
#include "gan-response.h"

G_BEGIN_DECLS

GanReply *gan_reply_new (GanResponse *response, GBytes *bytes) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
