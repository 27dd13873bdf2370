/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A job that has left the queue for the library while the window was open: its last row, and the
 * files that it became. */
#pragma once

#include "gan-job-row.h"
#include "gan-library-row.h"

G_BEGIN_DECLS

#define GAN_TYPE_FINISHED (gan_finished_get_type ())
G_DECLARE_FINAL_TYPE (GanFinished, gan_finished, GAN, FINISHED, GObject)

GanFinished *gan_finished_new (GanJobRow *row, GPtrArray *files) G_GNUC_WARN_UNUSED_RESULT;
GanJobRow *gan_finished_get_row (GanFinished *self);
const char *gan_finished_get_id (GanFinished *self);
const char *gan_finished_get_file (GanFinished *self);
gint64 gan_finished_get_size (GanFinished *self);

G_END_DECLS
