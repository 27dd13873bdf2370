/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Requests as they come in: a line of JSON with up to two descriptors. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define GAN_REQUEST_DESCRIPTORS 2

typedef struct
{
  JsonNode *json;
  int descriptors[GAN_REQUEST_DESCRIPTORS]; /* -1 where there is none */
} GanRequestLine;

gboolean gan_request_line_receive (GanRequestLine *self, int socket);
void gan_request_line_clear (GanRequestLine *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GanRequestLine, gan_request_line_clear)

G_END_DECLS
