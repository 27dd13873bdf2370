/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A transport around another that writes what passed as a HAR, secrets left out by allow-lists
 * (contracts.md §2). */
#pragma once

#include "gan-transport.h"

G_BEGIN_DECLS

#define GAN_TYPE_RECORDER (gan_recorder_get_type ())
G_DECLARE_FINAL_TYPE (GanRecorder, gan_recorder, GAN, RECORDER, GObject)

GanRecorder *gan_recorder_new (GanTransport *inner) G_GNUC_WARN_UNUSED_RESULT;
void gan_recorder_allow (GanRecorder *self,
                         const char *site,
                         const char *const *query_keys,
                         const char *const *json_fields);
gboolean gan_recorder_write (GanRecorder *self, const char *path, GError **error);

G_END_DECLS
