/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which recorded exchange answers a request (contracts.md §2). Private to net. */
#pragma once

#include "gan-har.h"
#include "gan-request.h"

G_BEGIN_DECLS

typedef struct _GanHarQuestion GanHarQuestion;

GanHarQuestion *gan_har_question_new (GanRequest *request) G_GNUC_WARN_UNUSED_RESULT;
void gan_har_question_free (GanHarQuestion *self);
gboolean gan_har_question_matches (GanHarQuestion *self, const GanHarEntry *entry);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanHarQuestion, gan_har_question_free)

G_END_DECLS
