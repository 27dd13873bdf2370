/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Transformers from the strings that sites write to the values that people and programs use. All
 * are independent of the locale, take UTF-8 or repair it, and answer GAN_UNKNOWN, GAN_UNKNOWN_TIME
 * or NULL for what makes no sense. */
#pragma once

#include "gan-unknown.h"

#include <glib.h>

G_BEGIN_DECLS

gint64 gan_text_to_int (const char *text);
double gan_text_to_duration (const char *text);
gint64 gan_text_to_time (const char *text);
gboolean gan_text_to_size (const char *text, gint64 *bytes);

char *gan_text_from_time (gint64 unix_seconds) G_GNUC_WARN_UNUSED_RESULT;
char *gan_text_from_duration (double seconds) G_GNUC_WARN_UNUSED_RESULT;
char *gan_text_from_size (gint64 bytes) G_GNUC_WARN_UNUSED_RESULT;

GStrv gan_text_to_hashtags (const char *text) G_GNUC_WARN_UNUSED_RESULT;
GStrv gan_text_to_mentions (const char *text) G_GNUC_WARN_UNUSED_RESULT;

char *gan_text_sanitize (const char *text, gsize max_bytes) G_GNUC_WARN_UNUSED_RESULT;
char *gan_text_first_line (const char *text, gsize max_chars) G_GNUC_WARN_UNUSED_RESULT;
char *gan_text_html_unescape (const char *text) G_GNUC_WARN_UNUSED_RESULT;
char *gan_text_for_terminal (const char *text) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
