/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the interface does around a site: errors made ours, results completed, async pairs. */
#include "gan-test-registry.h"

#include <string.h>

/* A site that waits until the test lets it go, or until it is cancelled. */
static struct
{
  GMutex mutex;
  GCond cond;
  gboolean open;
  guint n_waiting;
} gate;

static GanMatch *
new_match (const char *text)
{
  g_autoptr (GanUrl) url = gan_test_registry_parse (text);

  return gan_match_new ("mock", GAN_KIND_POST, "1", url);
}

static GanMedia *
info_foreign_error (GanVisit *visit, GanMatch *match, GError **error)
{
  g_set_error_literal (error, G_FILE_ERROR, G_FILE_ERROR_IO, "oh");
  return NULL;
}

static GanMedia *
info_no_error (GanVisit *visit, GanMatch *match, GError **error)
{
  return NULL;
}

static GanMedia *
info_cancelled (GanVisit *visit, GanMatch *match, GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "stop");
  return NULL;
}

static GanMedia *
info_private (GanVisit *visit, GanMatch *match, GError **error)
{
  gan_error_set (error, GAN_ERROR_PRIVATE, "followers", "no");
  gan_error_set_url (*error, "https://mock.example/own");
  return NULL;
}

static void
test_errors (void)
{
  static const struct
  {
    GanTestPlatformFuncs funcs;
    GanErrorCode code;
    const char *reason;
    const char *url;
  } cases[] = {
    { { .get_info = info_foreign_error }, GAN_ERROR_INTERNAL, "handler", "https://mock.example/a" },
    { { .get_info = info_no_error }, GAN_ERROR_INTERNAL, "handler", "https://mock.example/a" },
    { { .get_info = info_private }, GAN_ERROR_PRIVATE, "followers", "https://mock.example/own" },
  };
  static const GanTestPlatformFuncs cancelled = { .get_info = info_cancelled };
  g_autoptr (GanTestRegistry) test = gan_test_registry_new (NULL, NULL);
  GanPlatformHandler *mock = gan_registry_get_handler (test->registry, "mock");
  g_autoptr (GanVisit) visit = gan_test_registry_visit (test, "mock", NULL);
  g_autoptr (GanMatch) match = new_match ("https://mock.example/a");
  g_autoptr (GError) stop = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      gan_test_platform_set ("mock", &cases[i].funcs);
      g_assert_null (gan_platform_handler_get_info (mock, visit, match, &error));
      g_assert_true (gan_error_matches (error, cases[i].code));
      g_assert_cmpstr (gan_error_get_reason (error), ==, cases[i].reason);
      g_assert_cmpstr (gan_error_get_platform (error), ==, "mock");
      g_assert_cmpstr (gan_error_get_url (error), ==, cases[i].url);
      g_assert_null (gan_platform_handler_get_info (mock, visit, match, NULL));
    }
  gan_test_platform_set ("mock", &cancelled);
  g_assert_null (gan_platform_handler_get_info (mock, visit, match, &stop));
  g_assert_error (stop, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpstr (stop->message, ==, "stop");
}

/* An abstract site with no vfunc of its own. */
static void
test_defaults (void)
{
  g_autoptr (GanTestRegistry) test = gan_test_registry_new (NULL, NULL);
  GanPlatform *mock = GAN_PLATFORM (gan_registry_get_handler (test->registry, "mock"));
  g_autoptr (GTypeClass) klass = g_type_class_ref (GAN_TYPE_PLATFORM);
  GanPlatformClass *base = (GanPlatformClass *) klass;
  g_autoptr (GanVisit) visit = gan_test_registry_visit (test, "mock", NULL);
  g_autoptr (GanMatch) match = new_match ("https://mock.example/a");
  g_autoptr (GanUrl) url = gan_test_registry_parse ("https://mock.example/post/3");
  g_autoptr (GanMatch) found = base->match (mock, gan_visit_get_rules (visit), url);
  g_autoptr (GError) info = NULL;
  g_autoptr (GError) list = NULL;
  g_autoptr (GError) search = NULL;

  g_assert_true (G_TYPE_IS_ABSTRACT (GAN_TYPE_PLATFORM));
  g_assert_cmpstr (gan_match_get_id (found), ==, "3");
  g_assert_null (base->get_info (mock, visit, match, &info));
  g_assert_true (gan_error_matches (info, GAN_ERROR_UNSUPPORTED_URL));
  g_assert_null (base->list (mock, visit, match, NULL, 1, &list));
  g_assert_true (gan_error_matches (list, GAN_ERROR_UNSUPPORTED_URL));
  g_assert_null (base->search (mock, visit, "x", NULL, 1, NULL, &search));
  g_assert_true (gan_error_matches (search, GAN_ERROR_UNSUPPORTED_URL));
}

static void
open_gate (GCancellable *cancellable, gpointer data)
{
  g_mutex_lock (&gate.mutex);
  gate.open = TRUE;
  g_cond_broadcast (&gate.cond);
  g_mutex_unlock (&gate.mutex);
}

static void
close_gate (void)
{
  g_mutex_lock (&gate.mutex);
  gate.open = FALSE;
  gate.n_waiting = 0;
  g_mutex_unlock (&gate.mutex);
}

static void
wait_in_gate (GCancellable *cancellable)
{
  gulong id = 0;

  if (cancellable != NULL)
    id = g_cancellable_connect (cancellable, G_CALLBACK (open_gate), NULL, NULL);
  g_mutex_lock (&gate.mutex);
  gate.n_waiting++;
  g_cond_broadcast (&gate.cond);
  while (!gate.open)
    g_cond_wait (&gate.cond, &gate.mutex);
  g_mutex_unlock (&gate.mutex);
  g_cancellable_disconnect (cancellable, id);
}

static void
wait_for_waiters (guint n)
{
  gint64 deadline = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;

  g_mutex_lock (&gate.mutex);
  while (gate.n_waiting < n)
    g_assert_true (g_cond_wait_until (&gate.cond, &gate.mutex, deadline));
  g_mutex_unlock (&gate.mutex);
}

static GanMedia *
info_waiting (GanVisit *visit, GanMatch *match, GError **error)
{
  wait_in_gate (gan_visit_get_cancellable (visit));
  if (g_cancellable_set_error_if_cancelled (gan_visit_get_cancellable (visit), error))
    return NULL;
  return gan_test_platform_new_media (match);
}

static GanPage *
list_waiting (GanVisit *visit, GanMatch *match, const char *cursor, guint limit, GError **error)
{
  g_autoptr (GanPage) page = gan_page_new ();
  g_autofree char *next = g_strdup_printf ("%s+%u", cursor, limit);

  wait_in_gate (gan_visit_get_cancellable (visit));
  if (g_cancellable_set_error_if_cancelled (gan_visit_get_cancellable (visit), error))
    return NULL;
  gan_page_set_next_cursor (page, next);
  return g_steal_pointer (&page);
}

static const GanTestPlatformFuncs waiting = { .get_info = info_waiting, .list = list_waiting };

static void
take_result (GObject *source, GAsyncResult *result, gpointer data)
{
  GAsyncResult **place = data;

  *place = g_object_ref (result);
}

static GAsyncResult *
wait_result (GAsyncResult **place)
{
  while (*place == NULL)
    g_main_context_iteration (NULL, TRUE);
  return *place;
}

static void
test_get_info_async (void)
{
  g_autoptr (GanTestRegistry) test = gan_test_registry_new (NULL, NULL);
  GanPlatformHandler *mock = gan_registry_get_handler (test->registry, "mock");
  g_autoptr (GanVisit) visit = gan_test_registry_visit (test, "mock", NULL);
  g_autoptr (GanMatch) match = new_match ("https://mock.example/a");
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GanMedia) media = NULL;
  g_autoptr (GError) error = NULL;

  close_gate ();
  gan_test_platform_set ("mock", &waiting);
  gan_platform_handler_get_info_async (mock, visit, match, take_result, &result);
  wait_for_waiters (1);
  g_assert_null (result);
  open_gate (NULL, NULL);
  media = gan_platform_handler_get_info_finish (mock, wait_result (&result), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (gan_media_get_platform (media), ==, "mock");
}

static void
test_get_info_async_cancel (void)
{
  g_autoptr (GanTestRegistry) test = gan_test_registry_new (NULL, NULL);
  GanPlatformHandler *mock = gan_registry_get_handler (test->registry, "mock");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GanVisit) visit = gan_test_registry_visit (test, "mock", cancellable);
  g_autoptr (GanMatch) match = new_match ("https://mock.example/a");
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  close_gate ();
  gan_test_platform_set ("mock", &waiting);
  gan_platform_handler_get_info_async (mock, visit, match, take_result, &result);
  wait_for_waiters (1);
  g_cancellable_cancel (cancellable);
  g_assert_null (gan_platform_handler_get_info_finish (mock, wait_result (&result), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_list_async (void)
{
  g_autoptr (GanTestRegistry) test = gan_test_registry_new (NULL, NULL);
  GanPlatformHandler *mock = gan_registry_get_handler (test->registry, "mock");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GanVisit) visit = gan_test_registry_visit (test, "mock", cancellable);
  g_autoptr (GanMatch) match = new_match ("https://mock.example/@ann");
  g_autoptr (GAsyncResult) first = NULL;
  g_autoptr (GAsyncResult) second = NULL;
  g_autoptr (GanPage) page = NULL;
  g_autoptr (GError) error = NULL;

  close_gate ();
  gan_test_platform_set ("mock", &waiting);
  open_gate (NULL, NULL);
  gan_platform_handler_list_async (mock, visit, match, "c", 7, take_result, &first);
  page = gan_platform_handler_list_finish (mock, wait_result (&first), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (gan_page_get_next_cursor (page), ==, "c+7");
  close_gate ();
  gan_platform_handler_list_async (mock, visit, match, "c", 7, take_result, &second);
  wait_for_waiters (1);
  g_cancellable_cancel (cancellable);
  g_assert_null (gan_platform_handler_list_finish (mock, wait_result (&second), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_resolve_async (void)
{
  g_autoptr (GanTestRegistry) test = gan_test_registry_new (NULL, NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GanUrl) url = gan_test_registry_parse ("https://mock.example/post/1");
  g_autoptr (GAsyncResult) first = NULL;
  g_autoptr (GAsyncResult) second = NULL;
  g_autoptr (GanMedia) media = NULL;
  g_autoptr (GError) error = NULL;

  gan_registry_resolve_async (test->registry, url, NULL, take_result, &first);
  media = gan_registry_resolve_finish (test->registry, wait_result (&first), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (gan_media_get_platform_id (media), ==, "1");
  close_gate ();
  gan_test_platform_set ("mock", &waiting);
  gan_registry_resolve_async (test->registry, url, cancellable, take_result, &second);
  wait_for_waiters (1);
  g_cancellable_cancel (cancellable);
  g_assert_null (gan_registry_resolve_finish (test->registry, wait_result (&second), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/handler/errors", test_errors);
  g_test_add_func ("/handler/defaults", test_defaults);
  g_test_add_func ("/handler/get-info-async", test_get_info_async);
  g_test_add_func ("/handler/get-info-async-cancel", test_get_info_async_cancel);
  g_test_add_func ("/handler/list-async", test_list_async);
  g_test_add_func ("/handler/resolve-async", test_resolve_async);
  return g_test_run ();
}
