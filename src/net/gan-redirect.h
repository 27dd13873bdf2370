/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a redirect leads and what may go along. Private to net. */
#pragma once

#include "gan-request.h"
#include "gan-response.h"

G_BEGIN_DECLS

gboolean gan_redirect_applies (GanRequest *request, GanResponse *response);
GanRequest *gan_redirect_follow (GanRequest *request,
                                 GanResponse *response,
                                 gboolean sent_cookies,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
