/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Foreign text as a label can bear it: literal, one line, of bounded length and height. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *gan_literal_dup (const char *text) G_GNUC_WARN_UNUSED_RESULT;
char *gan_literal_dup_isolated (const char *text) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
