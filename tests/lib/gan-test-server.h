/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An HTTP/1.1 server that misbehaves on request: on loopback, in threads of its own, with or
 * without TLS.
 *
 * The first segment of a path names a scenario, the query its numbers:
 * /trunc_once/a.bin?size=1048576&seed=1. A scenario writes raw bytes to the socket, so that nothing
 * repairs what it breaks. Scenarios are listed in gan-test-scenarios.c. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* One request as the server saw it. */
typedef struct
{
  char *method;
  char *target;        /* path and query as sent */
  GHashTable *headers; /* lower-case names */
  GBytes *body;
  guint connection; /* 0, 1, … in order of accept */
} GanTestRequest;

typedef struct _GanTestExchange GanTestExchange;
typedef void (*GanTestHandler) (GanTestExchange *exchange, gpointer user_data);

/* What a client meets below HTTP. */
typedef enum
{
  GAN_TEST_TLS_NONE,
  GAN_TEST_TLS_VALID,       /* signed by the file of gan_test_server_get_ca_file() */
  GAN_TEST_TLS_EXPIRED,     /* the same authority, but out of date */
  GAN_TEST_TLS_NOT_YET,     /* the same authority, valid from 2048 on */
  GAN_TEST_TLS_WRONG_HOST,  /* the same authority, for a name that nobody asks for */
  GAN_TEST_TLS_SELF_SIGNED, /* signed by nobody but itself */
  GAN_TEST_TLS_OLD,         /* refuses every version of TLS that is offered */
  GAN_TEST_TLS_CUT,         /* hangs up in the middle of the handshake */
} GanTestTlsMode;

/* What happens to a connection before its first byte is read. */
typedef enum
{
  GAN_TEST_ACCEPT_SERVE,
  GAN_TEST_ACCEPT_RESET,  /* reset at once */
  GAN_TEST_ACCEPT_SILENT, /* never answered */
} GanTestAcceptMode;

#define GAN_TYPE_TEST_SERVER (gan_test_server_get_type ())
G_DECLARE_FINAL_TYPE (GanTestServer, gan_test_server, GAN, TEST_SERVER, GObject)

GanTestServer *gan_test_server_new (gboolean tls);
GanTestServer *gan_test_server_new_tls (GanTestTlsMode mode);
GanTestServer *gan_test_server_new_for_hosts (const char *const *hosts);
guint16 gan_test_server_get_port (GanTestServer *self);
const char *gan_test_server_get_ca_file (GanTestServer *self);
char *gan_test_server_dup_url (GanTestServer *self, const char *path_and_query);
void gan_test_server_set_accept_mode (GanTestServer *self, GanTestAcceptMode mode);

/* Scenarios of a test's own, beside the built-in ones; the handler runs in the connection's thread.
 */
void gan_test_server_add (GanTestServer *self,
                          const char *scenario,
                          GanTestHandler handler,
                          gpointer user_data);

/* A number that scenarios read: which version of a file is served ("changed"), how many requests
 * fail first. */
void gan_test_server_set_phase (GanTestServer *self, int phase);
int gan_test_server_get_phase (GanTestServer *self);

/* The log. scenario NULL: all. The caller owns the array. */
GPtrArray *gan_test_server_dup_requests (GanTestServer *self, const char *scenario);
guint gan_test_server_count (GanTestServer *self, const char *scenario);
guint gan_test_server_get_n_connections (GanTestServer *self);
guint gan_test_server_get_n_open (GanTestServer *self);
guint64 gan_test_server_get_body_bytes (GanTestServer *self);
void gan_test_server_set_keep_requests (GanTestServer *self, gboolean keep);
void gan_test_server_reset (GanTestServer *self);
gboolean gan_test_server_wait_count (GanTestServer *self,
                                     const char *scenario,
                                     guint count,
                                     guint milliseconds);

/* For handlers. What gan_test_exchange_write() sends counts as body, what the printf sends does
 * not. */
const GanTestRequest *gan_test_exchange_get_request (GanTestExchange *exchange);
GanTestServer *gan_test_exchange_get_server (GanTestExchange *exchange);
guint gan_test_exchange_get_nth (GanTestExchange *exchange);
guint gan_test_exchange_get_nth_on_connection (GanTestExchange *exchange);
gint64 gan_test_exchange_get_number (GanTestExchange *exchange, const char *key, gint64 fallback);
const char *
gan_test_exchange_get_text (GanTestExchange *exchange, const char *key, const char *fallback);
gboolean gan_test_exchange_get_range (GanTestExchange *exchange, gint64 *first, gint64 *last);
gboolean gan_test_exchange_write (GanTestExchange *exchange, const void *data, gsize length);
gboolean gan_test_exchange_printf (GanTestExchange *exchange, const char *format, ...)
    G_GNUC_PRINTF (2, 3);
void gan_test_exchange_close (GanTestExchange *exchange, gboolean reset);
void gan_test_exchange_cut (GanTestExchange *exchange);
void gan_test_exchange_end_output (GanTestExchange *exchange);
gboolean gan_test_exchange_wait_gone (GanTestExchange *exchange, guint milliseconds);

void gan_test_exchange_reply (GanTestExchange *exchange,
                              guint status,
                              const char *content_type,
                              const char *body);
void gan_test_exchange_serve_bytes (GanTestExchange *exchange, GBytes *body);

/* The bytes that a size and a seed stand for, the same on both sides of the wire. */
GBytes *gan_test_body (gsize size, guint32 seed);

G_END_DECLS
