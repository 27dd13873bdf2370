/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The head of an answer as libsoup read it, judged before a byte of the body counts. Private to
 * net. */
#pragma once

#include "gan-response-private.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

typedef struct
{
  GanHeaders *headers;
  GanFraming framing;
  gint64 length; /* with GAN_FRAMING_LENGTH */
  gboolean
      contradictory; /* Content-Length and Transfer-Encoding: the connection is not used again */
} GanSoupHead;

gboolean gan_soup_head_read (SoupMessage *message, GanSoupHead *head, GError **error);
void gan_soup_head_clear (GanSoupHead *head);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GanSoupHead, gan_soup_head_clear)

G_END_DECLS
