/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A file as HTTP shows it, and its serving with ranges. A scenario takes the file that the query
 * describes, spoils one thing, and serves it.
 *
 * Parameters of the query: size and seed (of gan_test_body()), text (the body itself), type, etag
 * and lm (a value, or "none"), cd (the whole Content-Disposition), ms (wait before the head), rate
 * (bytes a second), cut (bytes of the body after which the connection ends) for the first `cuts`
 * requests (1), reset (the cut is a RST), auto (every request but the first sees the next
 * phase). */
#pragma once

#include "gan-test-exchange.h"

G_BEGIN_DECLS

typedef struct
{
  GBytes *bytes;
  guint32 seed;
  char *etag;          /* NULL: none */
  char *last_modified; /* NULL: none */
  const char *type;    /* NULL: none */
  const char *disposition;
  const char *coding; /* Content-Encoding */
  gboolean no_ranges;
  gboolean ignore_if_range;
  gboolean cut_resets;
  gint64 cut;  /* -1: never */
  gint64 rate; /* bytes a second, 0: as fast as they go */
  gint64 fast; /* bytes before the rate holds */
} GanTestFile;

void gan_test_file_init (GanTestFile *self, GanTestExchange *exchange);
void gan_test_file_clear (GanTestFile *self);
void gan_test_file_set_version (GanTestFile *self, GanTestExchange *exchange, int version);
int gan_test_file_get_phase (GanTestExchange *exchange);
gint64 gan_test_file_get_size (GanTestFile *self);
char *gan_test_file_dup_headers (GanTestFile *self);
gboolean gan_test_file_resolve_range (GanTestFile *self,
                                      GanTestExchange *exchange,
                                      gint64 *first,
                                      gint64 *last);
void
gan_test_file_send_bytes (GanTestFile *self, GanTestExchange *exchange, gint64 first, gint64 last);
void gan_test_file_serve (GanTestFile *self, GanTestExchange *exchange);
gboolean gan_test_file_is_resumed (GanTestExchange *exchange);
char *gan_test_http_date (GDateTime *date);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GanTestFile, gan_test_file_clear)

G_END_DECLS
