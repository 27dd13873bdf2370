/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The file name in a Content-Disposition header (RFC 6266, RFC 8187). Private to engine. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *gan_content_disposition_dup_name (const char *header) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
