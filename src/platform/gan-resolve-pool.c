/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-resolve-pool.h"

#include "gan-limits.h"

/**
 * gan_resolve_pool_get:
 *
 * One pool for the whole process, which is never freed: the last reference to a registry may be
 * given back by a thread of the pool, and a thread cannot wait for itself to end.
 *
 * Returns: (transfer none): the pool
 */
GanPool *
gan_resolve_pool_get (void)
{
  static GanPool *pool;

  if (g_once_init_enter (&pool))
    g_once_init_leave (&pool, gan_pool_new ("resolve", GAN_LIMIT_RESOLVE_THREADS));
  return pool;
}
