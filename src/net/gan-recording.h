/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One exchange as it was seen, and its entry in a HAR. Private to net. */
#pragma once

#include "gan-response.h"
#include "gan-scrubber.h"

G_BEGIN_DECLS

typedef struct _GanRecording GanRecording;

GanRecording *gan_recording_new (GanRequest *request) G_GNUC_WARN_UNUSED_RESULT;
void gan_recording_free (GanRecording *self);

void gan_recording_set_error (GanRecording *self, const GError *error);
void gan_recording_set_head (GanRecording *self, GanResponse *response);
void gan_recording_set_body (GanRecording *self, GBytes *body);

gboolean gan_recording_wants_body (GanRequest *request, GanResponse *response);
char *gan_recording_to_json (GanRecording *self,
                             GanScrubber *scrubber,
                             gboolean with_body) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanRecording, gan_recording_free)

G_END_DECLS
