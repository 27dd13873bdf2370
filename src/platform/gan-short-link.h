/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a short link leads, by one request. */
#pragma once

#include "gan-visit.h"

G_BEGIN_DECLS

GanUrl *
gan_short_link_follow (GanVisit *visit, GanMatch *match, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
