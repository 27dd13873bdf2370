/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The database, and what the user has to be told of it. */
#pragma once

#include "gan-cli.h"

G_BEGIN_DECLS

void gan_cli_store_tell (GanDatabaseCondition condition);
gboolean gan_cli_store_open (GanApp *app, GError **error);

G_END_DECLS
