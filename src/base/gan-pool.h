/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A bounded pool of threads for blocking work. GTask delivers results, this runs them (design.md
 * §3). */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _GanPool GanPool;

GanPool *gan_pool_new (const char *name, guint max_threads) G_GNUC_WARN_UNUSED_RESULT;
void gan_pool_free (GanPool *self);

void gan_pool_run (GanPool *self, GTask *task, GTaskThreadFunc func);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanPool, gan_pool_free)

G_END_DECLS
