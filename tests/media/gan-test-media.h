/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The real helper and what it is fed with. */
#pragma once

#include "gan-media-helper.h"

G_BEGIN_DECLS

GanMediaHelper *gan_test_media_new_helper (void) G_GNUC_WARN_UNUSED_RESULT;
GBytes *gan_test_media_load (const char *name) G_GNUC_WARN_UNUSED_RESULT;
void gan_test_media_assert_works (GanMediaHelper *helper);

/* A child of this process that is still there, or 0. */
GPid gan_test_media_find_child (void);
/* Waits until bytes have come that the stopped child has not read. */
void gan_test_media_wait_request (GPid child);
void gan_test_media_wait_gone (GPid process);

G_END_DECLS
