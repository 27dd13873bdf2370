/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One line on a terminal that shows how a transfer goes, drawn over itself. */
#pragma once

#include "gan-transfer.h"

G_BEGIN_DECLS

gboolean gan_cli_progress_is_wanted (void);
void gan_cli_progress_draw (const GanProgress *progress);
void gan_cli_progress_clear (void);

G_END_DECLS
