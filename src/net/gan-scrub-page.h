/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Makes a recorded page harmless. Private to net. */
#pragma once

#include "gan-scrubber.h"

G_BEGIN_DECLS

char *gan_scrub_page (GanScrubber *scrubber,
                      const char *site,
                      const char *html) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
