/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tokens, places and hosts that want to be left alone. */
#include "config.h"

#include "gan-rate-limiter.h"

#include "gan-error.h"
#include "gan-limits.h"

#define SECOND ((gint64) G_USEC_PER_SEC)

typedef struct
{
  GanFakeClock *clock;
  GanRateLimiter *limiter;
} Fixture;

static void
fixture_init (Fixture *self, const char *site, guint per_minute, guint per_hour, guint parallel)
{
  GanRateLimits limits = { per_minute, per_hour, parallel };

  self->clock = gan_fake_clock_new (1700000000);
  self->limiter = gan_rate_limiter_new (GAN_CLOCK (self->clock));
  gan_rate_limiter_set (self->limiter, site, &limits);
}

static void
fixture_clear (Fixture *self)
{
  gan_rate_limiter_free (self->limiter);
  g_assert_finalize_object (self->clock);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, fixture_clear)

static GanRequest *
make_request (const char *site, const char *text)
{
  g_autoptr (GanUrl) url = gan_url_parse (text, NULL);
  GanRequest *request = gan_request_new ("GET", url);

  gan_request_set_site (request, site);
  return request;
}

/* Takes a token, and gives the seconds that were waited for it. */
static double
take (Fixture *self, const char *site, const char *url)
{
  g_autoptr (GanRequest) request = make_request (site, url);
  g_autoptr (GError) error = NULL;
  gint64 before = gan_fake_clock_get_waited (self->clock);

  gan_rate_limiter_take (self->limiter, request, NULL, &error);
  g_assert_no_error (error);
  return (double) (gan_fake_clock_get_waited (self->clock) - before) / SECOND;
}

static void
test_per_minute (void)
{
  g_auto (Fixture) self = { 0 };

  fixture_init (&self, "site", 2, 0, 0);
  g_assert_cmpfloat (take (&self, "site", "https://a.example.org/"), ==, 0);
  gan_fake_clock_advance (self.clock, 20 * SECOND);
  g_assert_cmpfloat (take (&self, "site", "https://b.example.org/"), ==, 0);
  g_assert_cmpfloat (take (&self, "site", "https://a.example.org/"), ==, 40);
  g_assert_cmpfloat (take (&self, "site", "https://a.example.org/"), ==, 20);
  gan_fake_clock_advance (self.clock, 60 * SECOND);
  g_assert_cmpfloat (take (&self, "site", "https://a.example.org/"), ==, 0);
}

/* No window of a minute sees more than the limit, wherever it begins. */
static void
test_every_window (void)
{
  g_auto (Fixture) self = { 0 };
  gint64 times[40] = { 0 };

  fixture_init (&self, "site", 7, 0, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (times); i++)
    {
      gan_fake_clock_advance (self.clock, (gint64) (i * i % 11) * SECOND);
      take (&self, "site", "https://example.org/");
      times[i] = gan_clock_get_monotonic (GAN_CLOCK (self.clock));
    }
  for (gsize i = 7; i < G_N_ELEMENTS (times); i++)
    g_assert_cmpint (times[i] - times[i - 7], >=, 60 * SECOND);
}

static void
test_per_hour (void)
{
  g_auto (Fixture) self = { 0 };

  fixture_init (&self, "site", 2, 3, 0);
  take (&self, "site", "https://example.org/");
  take (&self, "site", "https://example.org/");
  g_assert_cmpfloat (take (&self, "site", "https://example.org/"), ==, 60);
  g_assert_cmpfloat (take (&self, "site", "https://example.org/"), ==, 3540);
}

static void
test_sites_are_apart (void)
{
  g_auto (Fixture) self = { 0 };

  fixture_init (&self, "site", 1, 0, 0);
  take (&self, "site", "https://example.org/");
  g_assert_cmpfloat (take (&self, "other", "https://example.org/"), ==, 0);
  g_assert_cmpfloat (take (&self, "other", "https://example.org/"), ==, 0);
  g_assert_cmpfloat (take (&self, NULL, "https://example.org/"), ==, 0);
  g_assert_cmpfloat (take (&self, "site", "https://example.org/"), ==, 60);
}

/* Requests of no site are counted for each host. */
static void
test_hosts_without_site (void)
{
  g_auto (Fixture) self = { 0 };

  fixture_init (&self, "", 1, 0, 0);
  g_assert_cmpfloat (take (&self, NULL, "https://a.example.org/"), ==, 0);
  g_assert_cmpfloat (take (&self, NULL, "https://b.example.org/"), ==, 0);
  g_assert_cmpfloat (take (&self, "", "https://b.example.org/"), ==, 60);
}

static void
test_media_is_not_counted (void)
{
  g_auto (Fixture) self = { 0 };
  g_autoptr (GanRequest) media = make_request ("site", "https://example.org/");

  fixture_init (&self, "site", 1, 0, 0);
  gan_request_set_purpose (media, GAN_REQUEST_MEDIA);
  for (guint i = 0; i < 5; i++)
    g_assert_true (gan_rate_limiter_take (self.limiter, media, NULL, NULL));
  g_assert_cmpfloat (take (&self, "site", "https://example.org/"), ==, 0);
  g_assert_cmpint (gan_fake_clock_get_waited (self.clock), ==, 0);
}

static void
test_same_limits_again (void)
{
  g_auto (Fixture) self = { 0 };
  GanRateLimits same = { 1, 0, 0 };
  GanRateLimits more = { 2, 0, 0 };

  fixture_init (&self, "site", 1, 0, 0);
  take (&self, "site", "https://example.org/");
  gan_rate_limiter_set (self.limiter, "site", &same);
  g_assert_cmpfloat (take (&self, "site", "https://example.org/"), ==, 60);
  gan_rate_limiter_set (self.limiter, "site", &more);
  g_assert_cmpfloat (take (&self, "site", "https://example.org/"), ==, 0);
}

static void
test_wait_is_cancelled (void)
{
  g_auto (Fixture) self = { 0 };
  g_autoptr (GanRequest) request = make_request ("site", "https://example.org/");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  fixture_init (&self, "site", 1, 0, 0);
  take (&self, "site", "https://example.org/");
  g_cancellable_cancel (cancellable);
  g_assert_false (gan_rate_limiter_take (self.limiter, request, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* Retry-After is for the host, whoever asks, media included. */
static void
test_hold (void)
{
  g_auto (Fixture) self = { 0 };
  g_autoptr (GanRequest) media = make_request ("other", "https://a.example.org/x");

  fixture_init (&self, "site", 0, 0, 0);
  gan_rate_limiter_hold (self.limiter, "a.example.org", 50, 429);
  gan_rate_limiter_hold (self.limiter, "a.example.org", 10, 429);
  g_assert_cmpfloat (take (&self, "site", "https://b.example.org/"), ==, 0);
  gan_fake_clock_advance (self.clock, 20 * SECOND);
  gan_request_set_purpose (media, GAN_REQUEST_MEDIA);
  g_assert_true (gan_rate_limiter_take (self.limiter, media, NULL, NULL));
  g_assert_cmpint (gan_fake_clock_get_waited (self.clock), ==, 30 * SECOND);
  g_assert_cmpfloat (take (&self, "site", "https://a.example.org/"), ==, 0);
}

static void
assert_held (Fixture *self, GanErrorCode code, guint status, gint64 seconds)
{
  g_autoptr (GanRequest) request = make_request ("site", "https://example.org/");
  g_autoptr (GError) error = NULL;

  g_assert_false (gan_rate_limiter_take (self->limiter, request, NULL, &error));
  g_assert_error (error, GAN_ERROR, (int) code);
  g_assert_cmpuint (gan_error_get_http_status (error), ==, status);
  g_assert_cmpint (gan_error_get_retry_after (error), ==, seconds);
}

static void
test_long_hold_is_an_error (void)
{
  g_auto (Fixture) self = { 0 };

  fixture_init (&self, "site", 0, 0, 0);
  gan_rate_limiter_hold (self.limiter, "example.org", 61, 503);
  assert_held (&self, GAN_ERROR_HTTP_STATUS, 503, 61);
  gan_rate_limiter_hold (self.limiter, "example.org", G_MAXINT64, 429);
  assert_held (&self, GAN_ERROR_RATE_LIMITED, 429, GAN_LIMIT_RETRY_AFTER_SECONDS);
  g_assert_cmpint (gan_fake_clock_get_waited (self.clock), ==, 0);
  gan_fake_clock_advance (self.clock, (GAN_LIMIT_RETRY_AFTER_SECONDS - 60) * SECOND);
  g_assert_cmpfloat (take (&self, "site", "https://example.org/"), ==, 60);
}

static void
test_many_hosts (void)
{
  g_auto (Fixture) self = { 0 };

  fixture_init (&self, "", 1, 0, 0);
  for (guint i = 0; i < 3 * GAN_LIMIT_HOSTS; i++)
    {
      g_autofree char *host = g_strdup_printf ("h%u.example.org", i);
      g_autofree char *url = g_strdup_printf ("https://h%u.example.org/", i);

      g_assert_cmpfloat (take (&self, NULL, url), ==, 0);
      gan_rate_limiter_hold (self.limiter, host, 1, 429);
      gan_fake_clock_advance (self.clock, SECOND);
    }
  gan_rate_limiter_hold (self.limiter, "last.example.org", 5, 429);
  g_assert_cmpfloat (take (&self, NULL, "https://last.example.org/"), ==, 5);
}

/* Threads in a site at the same time. */
typedef struct
{
  GanRateLimiter *limiter;
  int n_inside;
  int peak;
  int done;
} Crowd;

static gpointer
crowd_thread (gpointer data)
{
  Crowd *crowd = data;
  g_autoptr (GanRequest) request = make_request ("site", "https://example.org/");

  for (guint i = 0; i < 200; i++)
    {
      GanRateBucket *place = NULL;
      int n_inside = 0;

      g_assert_true (gan_rate_limiter_enter (crowd->limiter, request, &place, NULL, NULL));
      n_inside = g_atomic_int_add (&crowd->n_inside, 1) + 1;
      while (n_inside > g_atomic_int_get (&crowd->peak))
        g_atomic_int_set (&crowd->peak, n_inside);
      g_thread_yield ();
      g_atomic_int_add (&crowd->n_inside, -1);
      gan_rate_limiter_leave (crowd->limiter, place);
    }
  g_atomic_int_inc (&crowd->done);
  return NULL;
}

static void
test_parallel (void)
{
  g_auto (Fixture) self = { 0 };
  Crowd crowd = { 0 };
  GThread *threads[8] = { NULL };

  fixture_init (&self, "site", 0, 0, 3);
  crowd.limiter = self.limiter;
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("crowd", crowd_thread, &crowd);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  g_assert_cmpint (crowd.done, ==, 8);
  g_assert_cmpint (crowd.peak, <=, 3);
  g_assert_cmpint (crowd.peak, >=, 1);
}

typedef struct
{
  GanRateLimiter *limiter;
  GCancellable *cancellable;
  int started;
} Waiter;

static gpointer
waiter_thread (gpointer data)
{
  Waiter *waiter = data;
  g_autoptr (GanRequest) request = make_request ("site", "https://example.org/");
  g_autoptr (GError) error = NULL;
  GanRateBucket *place = NULL;

  g_atomic_int_set (&waiter->started, 1);
  g_assert_false (
      gan_rate_limiter_enter (waiter->limiter, request, &place, waiter->cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_null (place);
  return NULL;
}

static void
test_place_is_cancelled (void)
{
  g_auto (Fixture) self = { 0 };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GanRequest) request = make_request ("site", "https://example.org/");
  GanRateBucket *place = NULL;
  GanRateBucket *next = NULL;
  Waiter waiter = { NULL, cancellable, 0 };
  GThread *thread = NULL;

  fixture_init (&self, "site", 0, 0, 1);
  waiter.limiter = self.limiter;
  g_assert_true (gan_rate_limiter_enter (self.limiter, request, &place, NULL, NULL));
  thread = g_thread_new ("waiter", waiter_thread, &waiter);
  while (g_atomic_int_get (&waiter.started) == 0)
    g_thread_yield ();
  g_cancellable_cancel (cancellable);
  g_thread_join (thread);

  gan_rate_limiter_leave (self.limiter, place);
  g_assert_true (gan_rate_limiter_enter (self.limiter, request, &next, NULL, NULL));
  gan_rate_limiter_leave (self.limiter, next);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/rate-limiter/per-minute", test_per_minute);
  g_test_add_func ("/rate-limiter/every-window", test_every_window);
  g_test_add_func ("/rate-limiter/per-hour", test_per_hour);
  g_test_add_func ("/rate-limiter/sites-are-apart", test_sites_are_apart);
  g_test_add_func ("/rate-limiter/hosts-without-site", test_hosts_without_site);
  g_test_add_func ("/rate-limiter/media", test_media_is_not_counted);
  g_test_add_func ("/rate-limiter/same-limits-again", test_same_limits_again);
  g_test_add_func ("/rate-limiter/wait-is-cancelled", test_wait_is_cancelled);
  g_test_add_func ("/rate-limiter/hold", test_hold);
  g_test_add_func ("/rate-limiter/long-hold", test_long_hold_is_an_error);
  g_test_add_func ("/rate-limiter/many-hosts", test_many_hosts);
  g_test_add_func ("/rate-limiter/parallel", test_parallel);
  g_test_add_func ("/rate-limiter/place-is-cancelled", test_place_is_cancelled);
  return g_test_run ();
}
