/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Metadata answers remembered for a while, in memory only, bounded in number and bytes. Private to
 * net. */
#pragma once

#include "gan-reply.h"

G_BEGIN_DECLS

typedef struct _GanReplyCache GanReplyCache;

GanReplyCache *gan_reply_cache_new (guint max_entries, gsize max_bytes) G_GNUC_WARN_UNUSED_RESULT;
void gan_reply_cache_free (GanReplyCache *self);

GanReply *gan_reply_cache_lookup (GanReplyCache *self,
                                  const char *key,
                                  gint64 not_before) G_GNUC_WARN_UNUSED_RESULT;
void gan_reply_cache_store (GanReplyCache *self, const char *key, GanReply *reply, gint64 now);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanReplyCache, gan_reply_cache_free)

G_END_DECLS
