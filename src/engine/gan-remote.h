/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The remote file of a plan: asks for its bytes from an offset on, as often as it takes to be sure
 * what the answer means. Private to engine. */
#pragma once

#include "gan-answer.h"
#include "gan-http.h"
#include "gan-plan.h"

G_BEGIN_DECLS

typedef struct
{
  GanHttp *http;
  GanPlan *plan; /* whose first track it is */
  GanAddressPolicy policy;
  gboolean plain; /* the server answers only when no range is asked for */
} GanRemote;

GanAnswer *gan_remote_ask (GanRemote *self,
                           const GanVersion *known,
                           gint64 first,
                           GCancellable *cancellable,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
GanAnswer *gan_remote_ask_beyond (GanRemote *self,
                                  gint64 first,
                                  GCancellable *cancellable,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
char *gan_remote_dup_name (GanRemote *self, const GanAnswer *answer) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
