/* SPDX-License-Identifier: GPL-3.0-or-later */
/* HAR 1.2 files read tolerantly: what cannot be used is left out, not the whole file. Private to
 * net. */
#pragma once

#include "gan-headers.h"
#include "gan-pairs.h"
#include "gan-url.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* One recorded exchange. Of the request body one of the three is set, or none. */
typedef struct
{
  char *method;
  GanUrl *url;
  GPtrArray *query;
  char *range;          /* or NULL */
  JsonNode *body_json;  /* a body of JSON */
  GPtrArray *body_form; /* a body of name=value pairs */
  char *body_text;      /* any other */

  guint status;        /* 0: there was no answer */
  GanHeaders *headers; /* without those of framing and encoding */
  GBytes *content;     /* NULL: the body was left out of the recording */
  gint64 content_size; /* bytes, or -1 */
} GanHarEntry;

GPtrArray *gan_har_new (void) G_GNUC_WARN_UNUSED_RESULT;
gboolean gan_har_read (GPtrArray *entries, GBytes *har, GError **error);

G_END_DECLS
