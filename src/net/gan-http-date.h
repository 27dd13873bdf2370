/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dates of HTTP headers and cookies. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean gan_http_date_parse (const char *text, gint64 *unix_seconds);

G_END_DECLS
