/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a caller will not have: what exceeds it is too-large before a byte of media is fetched. */
#pragma once

#include "gan-media.h"

G_BEGIN_DECLS

typedef struct
{
  gint64 max_bytes;    /* 0: any */
  double max_duration; /* seconds; 0: any */
  guint kinds;         /* bits 1 << GanKind; 0: any */
} GanConstraints;

gboolean gan_constraints_check_media (const GanConstraints *self, GanMedia *media, GError **error);
gboolean
gan_constraints_check_format (const GanConstraints *self, GanFormat *format, GError **error);

G_END_DECLS
