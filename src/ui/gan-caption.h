/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Foreign text and figures as they stand in a row: one line, bounded, literal. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *gan_caption_dup_line (const char *text) G_GNUC_WARN_UNUSED_RESULT;
char *gan_caption_dup_joined (const char *const *parts, gsize n_parts) G_GNUC_WARN_UNUSED_RESULT;
char *gan_caption_dup_date (gint64 unix_seconds) G_GNUC_WARN_UNUSED_RESULT;
char *gan_caption_dup_path (const char *path) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
