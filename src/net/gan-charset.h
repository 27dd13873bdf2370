/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the bytes of a page to UTF-8. Private to net. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *gan_charset_from_content_type (const char *content_type) G_GNUC_WARN_UNUSED_RESULT;
GString *
gan_charset_to_utf8 (const char *data, gsize length, const char *charset) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
