/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Percent-encoding of RFC 3986 §2.1 for bytes that others wrote: decoding never fails. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *gan_percent_decode (const char *text, gssize length) G_GNUC_WARN_UNUSED_RESULT;
char *gan_percent_decode_form (const char *text, gssize length) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
