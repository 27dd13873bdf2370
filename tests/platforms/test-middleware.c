/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "gan-test-registry.h"

#include <string.h>

/* A middleware that writes down what it sees. */
#define TYPE_WITNESS (witness_get_type ())
G_DECLARE_FINAL_TYPE (Witness, witness, TEST, WITNESS, GObject)

struct _Witness
{
  GObject parent_instance;

  const char *name;
  GString *out;
};

static void
witness_before (GanMiddleware *middleware, const GanCall *call)
{
  Witness *self = TEST_WITNESS (middleware);

  g_assert_null (call->error);
  g_assert_cmpint (call->microseconds, ==, 0);
  g_string_append_printf (self->out,
                          "%s>%s.%s(%s) ",
                          self->name,
                          call->platform,
                          call->verb,
                          call->subject);
}

static void
witness_after (GanMiddleware *middleware, const GanCall *call)
{
  Witness *self = TEST_WITNESS (middleware);

  g_string_append_printf (self->out,
                          "%s<%s:%s ",
                          self->name,
                          call->verb,
                          call->error == NULL ? "ok" : "error");
}

static void
middleware_init (GanMiddlewareInterface *iface)
{
  iface->before = witness_before;
  iface->after = witness_after;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (Witness,
                               witness,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (GAN_TYPE_MIDDLEWARE, middleware_init))

static void
witness_class_init (WitnessClass *klass)
{
}

static void
witness_init (Witness *self)
{
}

static Witness *
add_witness (GanTestRegistry *test, const char *name, GString *out)
{
  Witness *witness = g_object_new (TYPE_WITNESS, NULL);

  witness->name = name;
  witness->out = out;
  gan_registry_add_middleware (test->registry, GAN_MIDDLEWARE (witness));
  return witness;
}

static void
test_order (void)
{
  g_autoptr (GanTestRegistry) test = gan_test_registry_new (NULL, NULL);
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (Witness) first = add_witness (test, "1", out);
  g_autoptr (Witness) second = add_witness (test, "2", out);
  g_autoptr (GanMedia) media
      = gan_test_registry_resolve (test, "https://mock.example/post/1", NULL);
  g_autoptr (GanChoice) none = gan_choice_new_from_format_id ("none");

  g_assert_cmpstr (out->str,
                   ==,
                   "1>mock.get_info(https://mock.example/post/1) "
                   "2>mock.get_info(https://mock.example/post/1) 2<get_info:ok 1<get_info:ok ");
  g_string_truncate (out, 0);
  g_assert_null (gan_registry_prepare (test->registry, media, none, NULL, NULL));
  g_assert_nonnull (strstr (out->str, "1>mock.prepare("));
  g_assert_nonnull (strstr (out->str, "2<prepare:error 1<prepare:error"));
}

static void
test_every_verb (void)
{
  static const char *const redirect[] = { "Location: https://mock.example/post/1", NULL };
  g_autoptr (GanTestHar) har = gan_test_har_new ();
  g_autoptr (GanTestRegistry) test = NULL;
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (Witness) witness = NULL;
  g_autoptr (GanUrl) user = gan_test_registry_parse ("https://mock.example/@ann");
  g_autoptr (GanMedia) media = NULL;

  gan_test_har_add (har, "GET", "https://mk.example/a", 301, redirect, "");
  test = gan_test_registry_new (har, NULL);
  witness = add_witness (test, "", out);
  media = gan_test_registry_resolve (test, "https://mk.example/a?api_key=s3cr3t", NULL);
  g_assert_null (media);
  g_assert_cmpstr (out->str, !=, "");
  g_assert_null (strstr (out->str, "s3cr3t"));
  g_string_truncate (out, 0);
  media = gan_test_registry_resolve (test, "https://mk.example/a", NULL);
  g_assert_cmpstr (out->str,
                   ==,
                   ">mock.follow(https://mk.example/a) <follow:ok "
                   ">mock.get_info(https://mock.example/post/1) <get_info:ok ");
  g_string_truncate (out, 0);
  g_assert_null (gan_registry_list (test->registry, user, NULL, 5, NULL, NULL));
  g_assert_null (gan_registry_search (test->registry, "mock", "cats", user, NULL, 5, NULL, NULL));
  g_assert_cmpstr (out->str,
                   ==,
                   ">mock.list(https://mock.example/@ann) <list:error "
                   ">mock.search(cats) <search:error ");
}

static GanMedia *
info_by_id (GanVisit *visit, GanMatch *match, GError **error)
{
  GanClock *clock = gan_http_get_clock (gan_visit_get_http (visit));

  gan_fake_clock_advance (GAN_FAKE_CLOCK (clock), 1500);
  if (g_str_equal (gan_match_get_id (match), "1"))
    return gan_test_platform_new_media (match);
  if (g_str_equal (gan_match_get_id (match), "2"))
    gan_error_set (error, GAN_ERROR_PRIVATE, NULL, "no");
  else
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");
  return NULL;
}

/* Somebody who cancels is no failure of the site. */
static void
test_metrics (void)
{
  static const GanTestPlatformFuncs mock = { .get_info = info_by_id };
  g_autoptr (GanTestRegistry) test = gan_test_registry_new (NULL, NULL);
  g_autoptr (GanMetricsMiddleware) metrics = gan_metrics_middleware_new ();
  GanCallCounters counters = { 9, 9, 9 };

  gan_test_platform_set ("mock", &mock);
  gan_registry_add_middleware (test->registry, GAN_MIDDLEWARE (metrics));
  g_assert_false (gan_metrics_middleware_get (metrics, "mock", &counters));
  g_assert_cmpuint (counters.calls, ==, 0);
  for (guint i = 1; i <= 3; i++)
    {
      g_autofree char *url = g_strdup_printf ("https://mock.example/post/%u", i);
      g_autoptr (GanMedia) media = gan_test_registry_resolve (test, url, NULL);

      g_assert_true ((media != NULL) == (i == 1));
    }
  g_assert_true (gan_metrics_middleware_get (metrics, "mock", &counters));
  g_assert_cmpuint (counters.calls, ==, 3);
  g_assert_cmpuint (counters.failures, ==, 1);
  g_assert_cmpint (counters.microseconds, ==, 4500);
  g_assert_false (gan_metrics_middleware_get (metrics, "other", &counters));
}

static GLogWriterOutput
catch_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer data)
{
  GString *out = data;

  for (gsize i = 0; i < n_fields; i++)
    {
      if (g_str_equal (fields[i].key, "MESSAGE"))
        g_string_append_printf (out, "%s\n", (const char *) fields[i].value);
    }
  return G_LOG_WRITER_HANDLED;
}

static void
test_log (void)
{
  g_autoptr (GString) out = g_string_new (NULL);

  if (g_test_subprocess ())
    {
      g_autoptr (GanTestRegistry) test = gan_test_registry_new (NULL, NULL);
      g_autoptr (GanMiddleware) log = gan_log_middleware_new ();
      g_autoptr (GanMedia) media = NULL;

      g_log_set_default_handler (g_log_default_handler, NULL);
      g_log_set_writer_func (catch_log, out, NULL);
      gan_registry_add_middleware (test->registry, log);
      media = gan_test_registry_resolve (test, "https://mock.example/post/1?token=s3cr3t", NULL);
      g_assert_nonnull (media);
      g_assert_nonnull (strstr (out->str, "mock get_info https://mock.example/post/1"));
      g_assert_nonnull (strstr (out->str, ": done after 0.000 s"));
      g_assert_null (strstr (out->str, "s3cr3t"));
      return;
    }
  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/middleware/order", test_order);
  g_test_add_func ("/middleware/every-verb", test_every_verb);
  g_test_add_func ("/middleware/metrics", test_metrics);
  g_test_add_func ("/middleware/log", test_log);
  return g_test_run ();
}
