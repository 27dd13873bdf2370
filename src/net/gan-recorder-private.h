/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What only tests of the recorder turn. Private to net and its tests. */
#pragma once

#include "gan-recorder.h"

G_BEGIN_DECLS

void gan_recorder_set_max_bytes (GanRecorder *self, gsize max_bytes);

G_END_DECLS
