/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "gan-test-registry.h"

#define N_LINKS 40

/* How many calls of the site run at a time. With `wanted` above 0 a call waits until so many do,
 * and the one that makes the number full gives others a moment to be too many. */
static struct
{
  GMutex mutex;
  GCond cond;
  guint running;
  guint most;
  guint wanted;
} crowd;

#define MOMENT (100 * G_TIME_SPAN_MILLISECOND)

/* What a batch handed out. */
typedef struct
{
  gint inside; /* atomic */
  guint n;
  guint n_errors;
  guint stop_after; /* 0: never */
  guint seen[N_LINKS];
  GCancellable *cancellable;
} Results;

static void
enter_crowd (void)
{
  gint64 deadline = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;

  g_mutex_lock (&crowd.mutex);
  crowd.running++;
  if (crowd.wanted > 0 && crowd.most < crowd.wanted && crowd.running == crowd.wanted)
    {
      gint64 end = g_get_monotonic_time () + MOMENT;

      while (crowd.running == crowd.wanted && g_cond_wait_until (&crowd.cond, &crowd.mutex, end))
        continue;
    }
  crowd.most = MAX (crowd.most, crowd.running);
  g_cond_broadcast (&crowd.cond);
  while (crowd.most < crowd.wanted)
    g_assert_true (g_cond_wait_until (&crowd.cond, &crowd.mutex, deadline));
  g_mutex_unlock (&crowd.mutex);
}

static void
leave_crowd (void)
{
  g_mutex_lock (&crowd.mutex);
  crowd.running--;
  g_mutex_unlock (&crowd.mutex);
}

static GanMedia *
info_in_crowd (GanVisit *visit, GanMatch *match, GError **error)
{
  enter_crowd ();
  leave_crowd ();
  if (g_cancellable_set_error_if_cancelled (gan_visit_get_cancellable (visit), error))
    return NULL;
  if (g_str_has_suffix (gan_match_get_id (match), "3"))
    {
      gan_error_set (error, GAN_ERROR_PRIVATE, NULL, "no");
      return NULL;
    }
  return gan_test_platform_new_media (match);
}

static gboolean
take (guint index, GanMedia *media, const GError *error, gpointer data)
{
  Results *results = data;

  g_assert_cmpint (g_atomic_int_add (&results->inside, 1), ==, 0);
  g_assert_true ((media == NULL) == (error != NULL));
  g_assert_cmpuint (index, <, N_LINKS);
  results->seen[index]++;
  results->n++;
  results->n_errors += error != NULL;
  if (results->cancellable != NULL)
    g_cancellable_cancel (results->cancellable);
  g_assert_cmpint (g_atomic_int_add (&results->inside, -1), ==, 1);
  return results->n != results->stop_after;
}

static GPtrArray *
make_links (void)
{
  GPtrArray *links = g_ptr_array_new_with_free_func ((GDestroyNotify) gan_url_unref);

  for (guint i = 0; i < N_LINKS; i++)
    {
      g_autofree char *text = g_strdup_printf ("https://mock.example/post/%u", i);

      g_ptr_array_add (links, gan_test_registry_parse (text));
    }
  return links;
}

static GanTestRegistry *
new_registry (guint max_threads, guint wanted)
{
  static const GanTestPlatformFuncs mock = { .get_info = info_in_crowd };
  GanRegistryOptions options = { .max_threads = max_threads };
  GanTestRegistry *test = gan_test_registry_new (NULL, &options);

  gan_test_platform_set ("mock", &mock);
  g_mutex_lock (&crowd.mutex);
  crowd.running = 0;
  crowd.most = 0;
  crowd.wanted = wanted;
  g_mutex_unlock (&crowd.mutex);
  return test;
}

/* As many at a time as allowed, never more, and each link once. */
static void
test_parallel (void)
{
  static const struct
  {
    guint max_threads;
    guint parallel;
    guint expected;
  } cases[] = { { 6, 3, 3 }, { 6, 0, 6 }, { 2, 9, 2 }, { 0, 0, 4 }, { 6, 1, 1 } };
  g_autoptr (GPtrArray) links = make_links ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GanTestRegistry) test = new_registry (cases[i].max_threads, cases[i].expected);
      g_autoptr (GError) error = NULL;
      Results results = { 0 };

      g_assert_true (gan_batch_resolve (test->registry,
                                        links,
                                        cases[i].parallel,
                                        take,
                                        &results,
                                        NULL,
                                        &error));
      g_assert_no_error (error);
      g_assert_cmpuint (crowd.most, ==, cases[i].expected);
      g_assert_cmpuint (results.n, ==, N_LINKS);
      g_assert_cmpuint (results.n_errors, ==, 4);
      for (guint k = 0; k < N_LINKS; k++)
        g_assert_cmpuint (results.seen[k], ==, 1);
    }
}

static void
test_stop (void)
{
  g_autoptr (GPtrArray) links = make_links ();
  g_autoptr (GanTestRegistry) test = new_registry (4, 0);
  g_autoptr (GError) error = NULL;
  Results results = { .stop_after = 5 };

  g_assert_true (gan_batch_resolve (test->registry, links, 4, take, &results, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (results.n, ==, 5);
  g_assert_cmpuint (gan_test_platform_count ("mock"), <=, 5 + 3);
}

static void
test_cancel (void)
{
  g_autoptr (GPtrArray) links = make_links ();
  g_autoptr (GanTestRegistry) test = new_registry (4, 0);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  Results results = { .cancellable = cancellable };

  g_assert_false (
      gan_batch_resolve (test->registry, links, 4, take, &results, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (results.n, ==, 1);
}

static void
test_cancelled_before (void)
{
  g_autoptr (GPtrArray) links = make_links ();
  g_autoptr (GanTestRegistry) test = new_registry (4, 0);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  Results results = { 0 };

  g_cancellable_cancel (cancellable);
  g_assert_false (
      gan_batch_resolve (test->registry, links, 4, take, &results, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (results.n, ==, 0);
  g_assert_cmpuint (gan_test_platform_count ("mock"), ==, 0);
}

static void
test_empty (void)
{
  g_autoptr (GPtrArray) links = g_ptr_array_new ();
  g_autoptr (GanTestRegistry) test = new_registry (4, 0);
  Results results = { 0 };

  g_assert_true (gan_batch_resolve (test->registry, links, 4, take, &results, NULL, NULL));
  g_assert_cmpuint (results.n, ==, 0);
}

static guint n_pages;

static GanPage *
make_page (guint n_media, const char *next)
{
  GanPage *page = gan_page_new ();

  for (guint i = 0; i < n_media; i++)
    {
      g_autoptr (GanMedia) media = gan_media_new ();

      gan_page_append (page, media);
    }
  gan_page_set_next_cursor (page, next);
  return page;
}

/* Three pages of ten, each with the cursor of the next. */
static GanPage *
list_three (GanVisit *visit, GanMatch *match, const char *cursor, guint limit, GError **error)
{
  static const char *const cursors[] = { NULL, "p2", "p3", NULL };

  g_assert_cmpuint (n_pages, <, 3);
  g_assert_cmpstr (cursor, ==, cursors[n_pages]);
  n_pages++;
  return make_page (10, cursors[n_pages]);
}

static GanPage *
list_same (GanVisit *visit, GanMatch *match, const char *cursor, guint limit, GError **error)
{
  n_pages++;
  return make_page (10, "again");
}

static GanPage *
list_empty (GanVisit *visit, GanMatch *match, const char *cursor, guint limit, GError **error)
{
  g_autofree char *next = g_strdup_printf ("%u", ++n_pages);

  return make_page (0, next);
}

static GanPage *
list_endless (GanVisit *visit, GanMatch *match, const char *cursor, guint limit, GError **error)
{
  g_autofree char *next = g_strdup_printf ("%u", ++n_pages);

  return make_page (100, next);
}

static GanPage *
list_broken (GanVisit *visit, GanMatch *match, const char *cursor, guint limit, GError **error)
{
  if (n_pages++ == 0)
    return make_page (10, "p2");
  gan_error_set (error, GAN_ERROR_RATE_LIMITED, NULL, "slow down");
  return NULL;
}

static gboolean
count (guint index, GanMedia *media, const GError *error, gpointer data)
{
  guint *n = data;

  g_assert_cmpuint (index, ==, *n);
  g_assert_true (GAN_IS_MEDIA (media));
  g_assert_no_error (error);
  ++*n;
  return TRUE;
}

static guint
run_list (const GanTestPlatformFuncs *funcs, guint limit, GError **error)
{
  g_autoptr (GanTestRegistry) test = gan_test_registry_new (NULL, NULL);
  g_autoptr (GanUrl) url = gan_test_registry_parse ("https://mock.example/@ann");
  guint n = 0;

  n_pages = 0;
  gan_test_platform_set ("mock", funcs);
  g_assert_true (gan_batch_list (test->registry, url, limit, count, &n, NULL, error)
                 == (error == NULL || *error == NULL));
  return n;
}

static void
test_list (void)
{
  static const GanTestPlatformFuncs three = { .list = list_three };
  static const GanTestPlatformFuncs same = { .list = list_same };
  static const GanTestPlatformFuncs empty = { .list = list_empty };
  static const GanTestPlatformFuncs endless = { .list = list_endless };
  static const GanTestPlatformFuncs broken = { .list = list_broken };
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (run_list (&three, 0, NULL), ==, 30);
  g_assert_cmpuint (n_pages, ==, 3);
  g_assert_cmpuint (run_list (&three, 15, NULL), ==, 15);
  g_assert_cmpuint (n_pages, ==, 2);
  g_assert_cmpuint (run_list (&three, 10, NULL), ==, 10);
  g_assert_cmpuint (n_pages, ==, 1);
  g_assert_cmpuint (run_list (&same, 0, NULL), ==, 20);
  g_assert_cmpuint (run_list (&empty, 0, NULL), ==, 0);
  g_assert_cmpuint (n_pages, ==, 2);
  g_assert_cmpuint (run_list (&endless, 0, NULL), ==, GAN_LIMIT_LIST_ENTRIES);
  g_assert_cmpuint (run_list (&broken, 0, &error), ==, 10);
  g_assert_true (gan_error_matches (error, GAN_ERROR_RATE_LIMITED));
}

static gboolean
stop_at_seven (guint index, GanMedia *media, const GError *error, gpointer data)
{
  guint *n = data;

  return ++*n != 7;
}

static void
test_list_stop (void)
{
  static const GanTestPlatformFuncs three = { .list = list_three };
  g_autoptr (GanTestRegistry) test = gan_test_registry_new (NULL, NULL);
  g_autoptr (GanUrl) url = gan_test_registry_parse ("https://mock.example/@ann");
  guint n = 0;

  n_pages = 0;
  gan_test_platform_set ("mock", &three);
  g_assert_true (gan_batch_list (test->registry, url, 0, stop_at_seven, &n, NULL, NULL));
  g_assert_cmpuint (n, ==, 7);
  g_assert_cmpuint (n_pages, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/batch/parallel", test_parallel);
  g_test_add_func ("/batch/stop", test_stop);
  g_test_add_func ("/batch/cancel", test_cancel);
  g_test_add_func ("/batch/cancelled-before", test_cancelled_before);
  g_test_add_func ("/batch/empty", test_empty);
  g_test_add_func ("/batch/list", test_list);
  g_test_add_func ("/batch/list-stop", test_list_stop);
  return g_test_run ();
}
