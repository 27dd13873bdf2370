/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An answer whose head has come and whose body is read by blocking calls from one thread. Closing
 * it half-read drops the connection; read to its end, the connection goes back to the pool. */
#pragma once

#include "gan-request.h"

G_BEGIN_DECLS

/* How the server said where the body ends (contracts.md §5). */
typedef enum
{
  GAN_FRAMING_LENGTH,
  GAN_FRAMING_CHUNKED,
  GAN_FRAMING_CLOSE,
  GAN_FRAMING_NONE, /* no body: 204, 304, HEAD */
} GanFraming;

#define GAN_TYPE_RESPONSE (gan_response_get_type ())
G_DECLARE_FINAL_TYPE (GanResponse, gan_response, GAN, RESPONSE, GObject)

guint gan_response_get_status (GanResponse *self);
GanUrl *gan_response_get_url (GanResponse *self);
const char *gan_response_get_header (GanResponse *self, const char *name);
const char *const *gan_response_get_header_names (GanResponse *self);
GStrv gan_response_dup_header_values (GanResponse *self,
                                      const char *name) G_GNUC_WARN_UNUSED_RESULT;
const char *gan_response_get_content_type (GanResponse *self);
GanFraming gan_response_get_framing (GanResponse *self);
gint64 gan_response_get_content_length (GanResponse *self);
gboolean
gan_response_get_content_range (GanResponse *self, gint64 *first, gint64 *last, gint64 *total);
guint64 gan_response_get_connection_id (GanResponse *self);
gint64 gan_response_get_retry_after (GanResponse *self);

gssize gan_response_read (GanResponse *self,
                          void *buffer,
                          gsize size,
                          GCancellable *cancellable,
                          GError **error);
GBytes *gan_response_read_all (GanResponse *self,
                               gsize max_bytes,
                               GCancellable *cancellable,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean gan_response_is_proven_whole (GanResponse *self);
gboolean gan_response_check_status (GanResponse *self, GError **error);
void gan_response_close (GanResponse *self);

G_END_DECLS
