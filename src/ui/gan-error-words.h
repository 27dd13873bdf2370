/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Errors in people's words: what happened, and what to do next. */
#pragma once

#include "gan-error.h"

G_BEGIN_DECLS

char *gan_error_words_dup_title (GanErrorCode code, const char *reason) G_GNUC_WARN_UNUSED_RESULT;
char *gan_error_words_dup_advice (GanErrorCode code, const char *reason) G_GNUC_WARN_UNUSED_RESULT;
GanErrorCode gan_error_words_get_code (const GError *error, const char **reason);

G_END_DECLS
