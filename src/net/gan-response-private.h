/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a transport makes a response. Private to net and its tests. */
#pragma once

#include "gan-headers.h"
#include "gan-response.h"

G_BEGIN_DECLS

/* What is known when the head has come. All of it is copied or referenced. */
typedef struct
{
  GanUrl *url;
  guint status;
  GanHeaders *headers;
  GanFraming framing;
  gint64 content_length; /* bytes that read() will give, or -1 */
  guint64 connection_id; /* 0: no connection of its own */
  gsize max_bytes;       /* largest body, 0: no limit */
} GanResponseHead;

/* Where the body comes from. read() works like g_input_stream_read(), with errors that may leave
 * net. finish() is called exactly once: with TRUE when read() gave 0, with FALSE after an error or
 * when the response is closed before its end; it frees @data. is_proven() may be NULL; it is asked
 * when read() gave 0 for a chunked body: whether that was certainly the end. */
typedef struct
{
  gssize (
      *read) (gpointer data, void *buffer, gsize size, GCancellable *cancellable, GError **error);
  void (*finish) (gpointer data, gboolean whole);
  gpointer data;
  gboolean (*is_proven) (gpointer data);
} GanResponseBody;

GanResponse *gan_response_new (const GanResponseHead *head,
                               const GanResponseBody *body) G_GNUC_WARN_UNUSED_RESULT;
GanResponse *gan_response_new_from_bytes (const GanResponseHead *head,
                                          GBytes *bytes) G_GNUC_WARN_UNUSED_RESULT;
GanHeaders *gan_response_get_headers (GanResponse *self);
void gan_response_get_head (GanResponse *self, GanResponseHead *head);
gboolean gan_response_check_head (guint status, GanHeaders *headers, GanUrl *url, GError **error);

G_END_DECLS
