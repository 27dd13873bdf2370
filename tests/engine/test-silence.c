/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Servers that say little or nothing. */
#include "config.h"

#include "gan-error.h"
#include "gan-limits.h"
#include "gan-test-file.h"
#include "gan-test-transfer.h"

#define SIZE 1048576

/* A byte for every second of the transfer's clock, which this turns itself. fast: bytes before. */
static void
serve_drip (GanTestExchange *exchange, gpointer user_data)
{
  GanTestTransfer *self = user_data;
  const char *bytes = NULL;
  g_auto (GanTestFile) file = { NULL };
  gint64 first = 0;
  gint64 last = 0;
  gint64 fast = 0;

  gan_test_file_init (&file, exchange);
  gan_test_file_resolve_range (&file, exchange, &first, &last);
  fast = gan_test_exchange_get_nth (exchange) == 0
             ? gan_test_exchange_get_number (exchange, "fast", 0)
             : 0;
  gan_test_exchange_printf (exchange,
                            "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes %" G_GINT64_FORMAT
                            "-%" G_GINT64_FORMAT "/%d\r\nContent-Length: %" G_GINT64_FORMAT
                            "\r\n\r\n",
                            first,
                            last,
                            SIZE,
                            last - first + 1);
  bytes = g_bytes_get_data (file.bytes, NULL);
  gan_test_exchange_write (exchange, bytes + first, (gsize) fast);
  for (gint64 at = first + fast; at <= last; at++)
    {
      gan_fake_clock_advance (GAN_FAKE_CLOCK (self->clock), G_USEC_PER_SEC);
      if (!gan_test_exchange_write (exchange, bytes + at, 1)
          || gan_test_exchange_wait_gone (exchange, 1))
        return;
    }
}

/* S37: twice too slow, on two connections, and it is over; what came is kept. */
static void
test_drip (GanTestTransfer *self, gconstpointer data)
{
  gan_test_server_add (self->server, "dripping", serve_drip, self);
  gan_test_transfer_assert_fails (self,
                                  "/dripping/a.bin?fast=300000",
                                  GAN_ERROR_TIMEOUT,
                                  "low-speed");
  g_assert_cmpuint (gan_test_server_count (self->server, NULL), ==, 2);
  g_assert_cmpint (gan_test_transfer_get_have (self, "a.bin"), >=, 300000);
}

/* A rate that the user chose is no fault of the server. */
static void
test_own_rate (GanTestTransfer *self, gconstpointer data)
{
  self->options.limit_rate = 10;
  gan_test_transfer_assert_fetched (self,
                                    "/file/a.bin?size=1000",
                                    "a.bin",
                                    1000,
                                    1,
                                    GAN_VERIFIED_LENGTH);
  g_assert_cmpint (gan_fake_clock_get_waited (GAN_FAKE_CLOCK (self->clock)),
                   >=,
                   95 * G_USEC_PER_SEC);
}

typedef struct
{
  GanTransferResult *result;
  GError *error;
  gint64 seconds;
  gint64 began;
  gboolean done;
} Outcome;

static void
done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Outcome *outcome = user_data;

  outcome->result = gan_transfer_run_finish (result, &outcome->error);
  outcome->seconds = (g_get_monotonic_time () - outcome->began) / G_USEC_PER_SEC;
  outcome->done = TRUE;
}

static void
begin (GanTestTransfer *self, GanPool *pool, const char *target, Outcome *outcome)
{
  g_autoptr (GanPlan) plan = gan_test_transfer_make_plan (self, target);

  outcome->began = g_get_monotonic_time ();
  gan_transfer_run_async (self->http, plan, &self->options, pool, NULL, done_cb, outcome);
}

/* S38: half a body and silence is worth another connection; so is no head, but only one. The
 * system's clock, because it is the sockets that wait. */
static void
test_silence (GanTestTransfer *self, gconstpointer data)
{
  g_autoptr (GanPool) pool = gan_pool_new ("test", 2);
  Outcome body = { NULL };
  Outcome head = { NULL };

  self->options.progress = NULL;
  begin (self, pool, "/stall_body/a.bin", &body);
  begin (self, pool, "/stall_head/b.bin", &head);
  while (!body.done || !head.done)
    g_main_context_iteration (NULL, TRUE);

  g_assert_no_error (body.error);
  gan_test_transfer_assert_bytes (self, "a.bin", SIZE, 1);
  g_assert_cmpint (body.seconds, >=, GAN_LIMIT_IO_SECONDS - 1);
  g_assert_cmpint (body.seconds, <=, GAN_LIMIT_IO_SECONDS + 15);

  g_assert_error (head.error, GAN_ERROR, GAN_ERROR_TIMEOUT);
  g_assert_cmpint (head.seconds, <=, GAN_LIMIT_IO_SECONDS + GAN_LIMIT_RETRY_SECONDS + 15);
  gan_test_transfer_assert_names (self, "a.bin");
  gan_transfer_result_free (body.result);
  g_error_free (head.error);
}

/* Pausing does not wait for the server. */
static gboolean
cancel_cb (gpointer user_data)
{
  g_cancellable_cancel (user_data);
  return G_SOURCE_REMOVE;
}

static void
test_cancel (GanTestTransfer *self, gconstpointer data)
{
  const char *const targets[]
      = { "/stall_head/a.bin", "/stall_body/a.bin", "/status/a.bin?status=500" };
  g_autoptr (GanPool) pool = gan_pool_new ("test", 1);

  for (guint i = 0; i < G_N_ELEMENTS (targets); i++)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_autoptr (GanPlan) plan = gan_test_transfer_make_plan (self, targets[i]);
      Outcome outcome = { NULL };

      outcome.began = g_get_monotonic_time ();
      gan_transfer_run_async (self->http,
                              plan,
                              &self->options,
                              pool,
                              cancellable,
                              done_cb,
                              &outcome);
      g_assert_true (gan_test_server_wait_count (self->server, NULL, i + 1, 10000));
      g_timeout_add (300, cancel_cb, cancellable);
      while (!outcome.done)
        g_main_context_iteration (NULL, TRUE);
      g_assert_error (outcome.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_assert_cmpint (outcome.seconds, <=, 5);
      g_error_free (outcome.error);
    }
}

/* Told at most four times a second, and once at the end; the state file is renewed every second. */
static void
test_told (GanTestTransfer *self, gconstpointer data)
{
  gint64 began = g_get_monotonic_time ();
  gint64 milliseconds = 0;

  gan_test_transfer_assert_fetched (self,
                                    "/file/a.bin?rate=600000",
                                    "a.bin",
                                    SIZE,
                                    1,
                                    GAN_VERIFIED_LENGTH);
  milliseconds = (g_get_monotonic_time () - began) / 1000;
  g_assert_cmpint (self->n_told, <=, milliseconds / 250 + 2);
  g_assert_cmpint (self->n_told, >=, 4);
  g_assert_false (self->went_back);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  GAN_TEST_ADD ("/silence/S37-drip", test_drip);
  GAN_TEST_ADD ("/silence/own-rate", test_own_rate);
  GAN_TEST_ADD_TIMED ("/silence/S38-silence", test_silence);
  GAN_TEST_ADD_TIMED ("/silence/cancel", test_cancel);
  GAN_TEST_ADD_TIMED ("/silence/told", test_told);
  return g_test_run ();
}
