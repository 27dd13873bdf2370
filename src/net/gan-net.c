/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-net.h"

#include <malloc.h>
#include <signal.h>

/* Sixteen threads with TLS take a fifth less memory so. */
#define MAX_ARENAS 2

/**
 * gan_net_init:
 *
 * Sets up the process: HTTP/1.1 only, few malloc arenas, no death by SIGPIPE. To be called first
 * thing in main(), before any other thread runs: it changes the environment.
 */
void
gan_net_init (void)
{
  g_setenv ("SOUP_FORCE_HTTP1", "1", TRUE);
  mallopt (M_ARENA_MAX, MAX_ARENAS);
  signal (SIGPIPE, SIG_IGN);
}
