/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where log messages of all layers go: to stderr, from a level on, with secrets taken out. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void gan_log_init (GLogLevelFlags level);
void gan_log_set_level (GLogLevelFlags level);

G_END_DECLS
