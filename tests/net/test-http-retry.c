/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is tried again, how often and how late, over a transport that answers by a script and a
 * clock that is turned by the waits. */
#include "config.h"

#include "gan-http.h"

#include "gan-error.h"
#include "gan-limits.h"
#include "gan-response-private.h"

#include <string.h>

/* One answer. status 0: the error instead. */
typedef struct
{
  guint status;
  const char *retry_after;
  GanErrorCode error;
  const char *broken_body; /* reason of an error that its body ends with */
} Step;

#define TEST_TYPE_SCRIPT (test_script_get_type ())
G_DECLARE_FINAL_TYPE (TestScript, test_script, TEST, SCRIPT, GObject)

struct _TestScript
{
  GObject parent_instance;

  const Step *steps;
  guint n_steps;
  guint n_sent;
};

static void test_script_transport_init (GanTransportInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TestScript,
                               test_script,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (GAN_TYPE_TRANSPORT,
                                                      test_script_transport_init))

static gssize
break_body (gpointer data, void *buffer, gsize size, GCancellable *cancellable, GError **error)
{
  gan_error_set (error, GAN_ERROR_TRUNCATED, data, "the body ended too soon");
  return -1;
}

static void
finish_body (gpointer data, gboolean whole)
{
}

/* The last step goes on for ever. */
static GanResponse *
test_script_send (GanTransport *transport,
                  GanRequest *request,
                  GCancellable *cancellable,
                  GError **error)
{
  TestScript *self = TEST_SCRIPT (transport);
  const Step *step = &self->steps[MIN (self->n_sent, self->n_steps - 1)];
  g_autoptr (GanHeaders) headers = gan_headers_new ();
  g_autoptr (GBytes) body = g_bytes_new_static ("body", 4);
  GanResponseHead head = { 0 };
  GanResponseBody broken = { break_body, finish_body, (gpointer) step->broken_body };

  self->n_sent++;
  if (step->status == 0)
    {
      gan_error_set (error, step->error, "script", "as the script says");
      return NULL;
    }
  if (step->retry_after != NULL)
    gan_headers_append (headers, "Retry-After", step->retry_after);
  head.url = gan_request_get_url (request);
  head.status = step->status;
  head.headers = headers;
  head.framing = GAN_FRAMING_LENGTH;
  head.content_length = 4;
  return step->broken_body != NULL ? gan_response_new (&head, &broken)
                                   : gan_response_new_from_bytes (&head, body);
}

static gboolean
test_script_is_live (GanTransport *transport)
{
  return TRUE;
}

static void
test_script_transport_init (GanTransportInterface *iface)
{
  iface->send = test_script_send;
  iface->is_live = test_script_is_live;
}

static void
test_script_class_init (TestScriptClass *klass)
{
}

static void
test_script_init (TestScript *self)
{
}

typedef struct
{
  TestScript *script;
  GanFakeClock *clock;
  GanHttp *http;
  GanRequest *request;
  GanReply *reply;
  GError *error;
} Fixture;

static void
fixture_init (Fixture *self, const char *method, const Step *steps, guint n_steps)
{
  g_autoptr (GanUrl) url = gan_url_parse ("https://example.org/a", NULL);

  self->script = g_object_new (TEST_TYPE_SCRIPT, NULL);
  self->script->steps = steps;
  self->script->n_steps = n_steps;
  self->clock = gan_fake_clock_new (1700000000);
  self->http = gan_http_new (GAN_TRANSPORT (self->script), GAN_CLOCK (self->clock));
  self->request = gan_request_new (method, url);
}

static void
fixture_clear (Fixture *self)
{
  g_clear_object (&self->reply);
  g_clear_error (&self->error);
  g_assert_finalize_object (self->request);
  g_assert_finalize_object (self->http);
  g_assert_finalize_object (self->script);
  g_assert_finalize_object (self->clock);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, fixture_clear)

static void
fetch (Fixture *self)
{
  self->reply = gan_http_fetch (self->http, self->request, NULL, &self->error);
}

static double
get_waited (Fixture *self)
{
  return (double) gan_fake_clock_get_waited (self->clock) / G_USEC_PER_SEC;
}

/* Waits of our own vary by a fifth. */
static void
assert_waited (Fixture *self, double seconds)
{
  g_assert_cmpfloat (get_waited (self), >=, 0.8 * seconds);
  g_assert_cmpfloat (get_waited (self), <=, 1.2 * seconds);
}

static void
assert_outcome (Fixture *self, guint status, guint n_sent)
{
  g_assert_no_error (self->error);
  g_assert_cmpuint (gan_reply_get_status (self->reply), ==, status);
  g_assert_cmpuint (self->script->n_sent, ==, n_sent);
}

static void
assert_failure (Fixture *self, GanErrorCode code, guint n_sent)
{
  g_assert_null (self->reply);
  g_assert_error (self->error, GAN_ERROR, (int) code);
  g_assert_cmpuint (self->script->n_sent, ==, n_sent);
}

static void
test_network_is_linear (void)
{
  g_auto (Fixture) self = { 0 };
  const Step steps[]
      = { { .error = GAN_ERROR_NETWORK }, { .error = GAN_ERROR_TIMEOUT }, { .status = 200 } };

  fixture_init (&self, "GET", steps, 3);
  fetch (&self);
  assert_outcome (&self, 200, 3);
  assert_waited (&self, 1 + 2);
}

static void
test_tries_are_counted (void)
{
  g_auto (Fixture) self = { 0 };
  const Step steps[] = { { .error = GAN_ERROR_NETWORK } };
  GanHttpCounters counters = { 0 };

  fixture_init (&self, "GET", steps, 1);
  gan_http_set_retry_budget (self.http, 3);
  fetch (&self);
  assert_failure (&self, GAN_ERROR_NETWORK, 3);
  assert_waited (&self, 1 + 2);
  g_assert_true (gan_http_get_counters (self.http, "example.org", &counters));
  g_assert_cmpuint (counters.requests, ==, 3);
  g_assert_cmpuint (counters.retries, ==, 2);
  g_assert_cmpuint (counters.errors, ==, 3);
}

static void
test_tries_of_the_request (void)
{
  g_auto (Fixture) self = { 0 };
  const Step steps[] = { { .error = GAN_ERROR_NETWORK } };

  fixture_init (&self, "GET", steps, 1);
  gan_request_set_max_tries (self.request, 1);
  fetch (&self);
  assert_failure (&self, GAN_ERROR_NETWORK, 1);
  g_assert_cmpfloat (get_waited (&self), ==, 0);
}

/* However many tries are allowed, they end within the time that retries have. */
static void
test_time_is_bounded (void)
{
  g_auto (Fixture) self = { 0 };
  const Step steps[] = { { .error = GAN_ERROR_NETWORK } };

  fixture_init (&self, "GET", steps, 1);
  gan_http_set_retry_budget (self.http, 1000);
  fetch (&self);
  g_assert_error (self.error, GAN_ERROR, GAN_ERROR_NETWORK);
  g_assert_cmpfloat (get_waited (&self), <, GAN_LIMIT_RETRY_SECONDS);
  g_assert_cmpfloat (get_waited (&self), >, GAN_LIMIT_RETRY_SECONDS / 2);
}

static void
test_never_again (void)
{
  static const GanErrorCode codes[] = { GAN_ERROR_TLS,
                                        GAN_ERROR_INVALID_DATA,
                                        GAN_ERROR_NOT_ALLOWED,
                                        GAN_ERROR_TOO_LARGE,
                                        GAN_ERROR_UNSUPPORTED_URL };

  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      g_auto (Fixture) self = { 0 };
      const Step steps[] = { { .error = codes[i] } };

      fixture_init (&self, "GET", steps, 1);
      fetch (&self);
      assert_failure (&self, codes[i], 1);
    }
}

static void
test_server_error (void)
{
  g_auto (Fixture) self = { 0 };
  const Step steps[] = { { .status = 500 }, { .status = 502 }, { .status = 200 } };

  fixture_init (&self, "GET", steps, 3);
  fetch (&self);
  assert_outcome (&self, 200, 3);
  assert_waited (&self, 1 + 2);
}

/* In the end the status is the asker's business. */
static void
test_server_error_stays (void)
{
  g_auto (Fixture) self = { 0 };
  const Step steps[] = { { .status = 500 } };

  fixture_init (&self, "GET", steps, 1);
  fetch (&self);
  assert_outcome (&self, 500, 4);
}

static void
test_client_error_is_an_answer (void)
{
  static const guint statuses[] = { 400, 401, 403, 404, 410, 451 };

  for (gsize i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      g_auto (Fixture) self = { 0 };
      const Step steps[] = { { .status = statuses[i] } };

      fixture_init (&self, "GET", steps, 1);
      fetch (&self);
      assert_outcome (&self, statuses[i], 1);
      g_assert_cmpfloat (get_waited (&self), ==, 0);
    }
}

static void
test_rate_limit_is_exponential (void)
{
  g_auto (Fixture) self = { 0 };
  const Step steps[] = { { .status = 429 }, { .status = 429 }, { .status = 200 } };

  fixture_init (&self, "GET", steps, 3);
  fetch (&self);
  assert_outcome (&self, 200, 3);
  assert_waited (&self, 2 + 4);
}

static void
test_retry_after_is_honoured (void)
{
  static const guint statuses[] = { 429, 503 };

  for (gsize i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      g_auto (Fixture) self = { 0 };
      const Step steps[] = { { .status = statuses[i], .retry_after = "60" }, { .status = 200 } };

      fixture_init (&self, "GET", steps, 2);
      fetch (&self);
      assert_outcome (&self, 200, 2);
      g_assert_cmpfloat (get_waited (&self), ==, 60);
    }
}

/* Waits that the server asked for are not bounded by the time of our own. */
static void
test_retry_after_again_and_again (void)
{
  g_auto (Fixture) self = { 0 };
  const Step steps[] = { { .status = 429, .retry_after = "50" } };

  fixture_init (&self, "GET", steps, 1);
  fetch (&self);
  assert_outcome (&self, 429, 4);
  g_assert_cmpfloat (get_waited (&self), ==, 150);
}

static void
test_retry_after_forms (void)
{
  static const struct
  {
    const char *value;
    gint64 expected;
    guint n_sent;
  } forms[] = {
    { "61", 61, 1 },
    { "3601", 3600, 1 },
    { "1000000000", 3600, 1 },
    { "99999999999999999999999", 3600, 1 },
    { "-5", -1, 4 },
    { "soon", -1, 4 },
    { "", -1, 4 },
    { "Sat, 01 Jan 2000 00:00:00 GMT", 0, 4 },
    { "Sat, 01 Jan 2099 00:00:00 GMT", 3600, 1 },
    { "0", 0, 4 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      g_auto (Fixture) self = { 0 };
      const Step steps[] = { { .status = 429, .retry_after = forms[i].value } };
      g_autoptr (GError) error = NULL;

      g_test_message ("Retry-After: %s", forms[i].value);
      fixture_init (&self, "GET", steps, 1);
      fetch (&self);
      assert_outcome (&self, 429, forms[i].n_sent);
      g_assert_false (gan_reply_check_status (self.reply, &error));
      g_assert_error (error, GAN_ERROR, GAN_ERROR_RATE_LIMITED);
      g_assert_cmpint (gan_error_get_retry_after (error), ==, forms[i].expected);
    }
}

/* A host that asked for longer than one waits is left alone, by others too. */
static void
test_retry_after_is_shared (void)
{
  g_auto (Fixture) self = { 0 };
  const Step steps[] = { { .status = 429, .retry_after = "100" }, { .status = 200 } };
  g_autoptr (GanReply) second = NULL;

  fixture_init (&self, "GET", steps, 2);
  fetch (&self);
  assert_outcome (&self, 429, 1);
  gan_request_set_site (self.request, "another");
  second = gan_http_fetch (self.http, self.request, NULL, &self.error);
  g_assert_null (second);
  g_assert_error (self.error, GAN_ERROR, GAN_ERROR_RATE_LIMITED);
  g_assert_cmpint (gan_error_get_retry_after (self.error), ==, 100);
  g_assert_cmpuint (self.script->n_sent, ==, 1);

  g_clear_error (&self.error);
  gan_fake_clock_advance (self.clock, 70 * G_USEC_PER_SEC);
  second = gan_http_fetch (self.http, self.request, NULL, &self.error);
  g_assert_no_error (self.error);
  g_assert_cmpfloat (get_waited (&self), ==, 30);
}

static void
test_post_is_not_repeated (void)
{
  g_auto (Fixture) self = { 0 };
  const Step steps[] = { { .error = GAN_ERROR_NETWORK }, { .status = 200 } };

  fixture_init (&self, "POST", steps, 2);
  fetch (&self);
  assert_failure (&self, GAN_ERROR_NETWORK, 1);
}

static void
test_post_is_repeated_when_marked (void)
{
  g_auto (Fixture) self = { 0 };
  const Step steps[] = { { .error = GAN_ERROR_NETWORK }, { .status = 200 } };

  fixture_init (&self, "POST", steps, 2);
  gan_request_set_repeatable (self.request, TRUE);
  fetch (&self);
  assert_outcome (&self, 200, 2);
}

static void
test_broken_body_is_fetched_again (void)
{
  g_auto (Fixture) self = { 0 };
  const Step steps[] = { { .status = 200, .broken_body = "cut" }, { .status = 200 } };

  fixture_init (&self, "GET", steps, 2);
  fetch (&self);
  assert_outcome (&self, 200, 2);
  g_assert_cmpstr (gan_reply_get_text (self.reply, NULL), ==, "body");
}

/* Who reads a stream resumes it, nobody else. */
static void
test_stream_is_opened_again_until_its_head (void)
{
  g_auto (Fixture) self = { 0 };
  const Step steps[] = { { .error = GAN_ERROR_NETWORK },
                         { .status = 500 },
                         { .status = 200, .broken_body = "cut" },
                         { .status = 200 } };
  g_autoptr (GanResponse) response = NULL;
  char buffer[10] = { 0 };

  fixture_init (&self, "GET", steps, 4);
  response = gan_http_open (self.http, self.request, NULL, &self.error);
  g_assert_no_error (self.error);
  g_assert_cmpint (gan_response_read (response, buffer, sizeof buffer, NULL, &self.error), ==, -1);
  g_assert_error (self.error, GAN_ERROR, GAN_ERROR_TRUNCATED);
  g_assert_cmpuint (self.script->n_sent, ==, 3);
}

static void
test_cancelled_is_not_repeated (void)
{
  g_auto (Fixture) self = { 0 };
  const Step steps[] = { { .status = 200 } };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  fixture_init (&self, "GET", steps, 1);
  g_cancellable_cancel (cancellable);
  self.reply = gan_http_fetch (self.http, self.request, cancellable, &self.error);
  g_assert_error (self.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (self.script->n_sent, ==, 0);
}

static void
test_remembered (void)
{
  g_auto (Fixture) self = { 0 };
  const Step steps[] = { { .status = 200 } };
  GanHttpCounters counters = { 0 };

  fixture_init (&self, "GET", steps, 1);
  gan_request_set_cache_seconds (self.request, 60);
  for (guint i = 0; i < 3; i++)
    {
      g_clear_object (&self.reply);
      fetch (&self);
      assert_outcome (&self, 200, 1);
    }
  gan_http_get_counters (self.http, NULL, &counters);
  g_assert_cmpuint (counters.requests, ==, 1);
  g_assert_cmpuint (counters.cache_hits, ==, 2);
  g_assert_cmpuint (counters.bytes, ==, 4);

  gan_fake_clock_advance (self.clock, 60 * G_USEC_PER_SEC);
  g_clear_object (&self.reply);
  fetch (&self);
  assert_outcome (&self, 200, 2);
}

/* What makes an answer another one makes a key another one. */
static void
test_remembered_apart (void)
{
  g_auto (Fixture) self = { 0 };
  const Step steps[] = { { .status = 200 } };

  fixture_init (&self, "GET", steps, 1);
  gan_request_set_cache_seconds (self.request, 60);
  fetch (&self);
  gan_request_set_header (self.request, "X-Account", "1");
  g_clear_object (&self.reply);
  fetch (&self);
  assert_outcome (&self, 200, 2);
  gan_request_set_site (self.request, "site");
  g_clear_object (&self.reply);
  fetch (&self);
  assert_outcome (&self, 200, 3);
  gan_request_set_address_policy (self.request, GAN_ADDRESS_PUBLIC);
  g_clear_object (&self.reply);
  fetch (&self);
  assert_outcome (&self, 200, 4);
  g_clear_object (&self.reply);
  fetch (&self);
  assert_outcome (&self, 200, 4);
}

static void
test_failures_are_not_remembered (void)
{
  g_auto (Fixture) self = { 0 };
  const Step steps[] = { { .status = 404 }, { .status = 200 } };

  fixture_init (&self, "GET", steps, 2);
  gan_request_set_cache_seconds (self.request, 60);
  fetch (&self);
  assert_outcome (&self, 404, 1);
  g_clear_object (&self.reply);
  fetch (&self);
  assert_outcome (&self, 200, 2);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/http/retry/network", test_network_is_linear);
  g_test_add_func ("/http/retry/tries", test_tries_are_counted);
  g_test_add_func ("/http/retry/tries-of-the-request", test_tries_of_the_request);
  g_test_add_func ("/http/retry/time-is-bounded", test_time_is_bounded);
  g_test_add_func ("/http/retry/never", test_never_again);
  g_test_add_func ("/http/retry/server-error", test_server_error);
  g_test_add_func ("/http/retry/server-error-stays", test_server_error_stays);
  g_test_add_func ("/http/retry/client-error", test_client_error_is_an_answer);
  g_test_add_func ("/http/retry/rate-limit", test_rate_limit_is_exponential);
  g_test_add_func ("/http/retry/retry-after", test_retry_after_is_honoured);
  g_test_add_func ("/http/retry/retry-after/again", test_retry_after_again_and_again);
  g_test_add_func ("/http/retry/retry-after/forms", test_retry_after_forms);
  g_test_add_func ("/http/retry/retry-after/shared", test_retry_after_is_shared);
  g_test_add_func ("/http/retry/post", test_post_is_not_repeated);
  g_test_add_func ("/http/retry/post-marked", test_post_is_repeated_when_marked);
  g_test_add_func ("/http/retry/broken-body", test_broken_body_is_fetched_again);
  g_test_add_func ("/http/retry/stream", test_stream_is_opened_again_until_its_head);
  g_test_add_func ("/http/retry/cancelled", test_cancelled_is_not_repeated);
  g_test_add_func ("/http/cache/remembered", test_remembered);
  g_test_add_func ("/http/cache/apart", test_remembered_apart);
  g_test_add_func ("/http/cache/failures", test_failures_are_not_remembered);
  return g_test_run ();
}
