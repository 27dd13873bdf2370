/* SPDX-License-Identifier: GPL-3.0-or-later */
/* That ThreadSanitizer stays silent where GLib orders our accesses, and speaks where nothing does.
 * Each case runs in a process of its own, so that its report can be counted. */
#include "config.h"

#include "gan-test-run.h"

#include <string.h>

#define ROUNDS 2000

static GMutex mutex;
static GCond cond;
static GRWLock rw_lock;
static GRecMutex rec_mutex;
static GAsyncQueue *queue;
static int shared_number;
static gsize once_location;
static int *once_value;

static gpointer
count_plain (gpointer data)
{
  int i;

  for (i = 0; i < ROUNDS; i++)
    shared_number++;
  return NULL;
}

static gpointer
count_locked (gpointer data)
{
  int i;

  for (i = 0; i < ROUNDS; i++)
    {
      g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&mutex);

      shared_number++;
    }
  return NULL;
}

/* Every second round goes around the lock. */
static gpointer
count_beside_lock (gpointer data)
{
  int i;

  for (i = 0; i < ROUNDS; i++)
    {
      if (i % 2 == 0)
        g_mutex_lock (&mutex);
      shared_number++;
      if (i % 2 == 0)
        g_mutex_unlock (&mutex);
    }
  return NULL;
}

static gpointer
count_recursive (gpointer data)
{
  int i;

  for (i = 0; i < ROUNDS; i++)
    {
      g_rec_mutex_lock (&rec_mutex);
      g_rec_mutex_lock (&rec_mutex);
      shared_number++;
      g_rec_mutex_unlock (&rec_mutex);
      g_rec_mutex_unlock (&rec_mutex);
    }
  return NULL;
}

static gpointer
count_rw (gpointer data)
{
  int i, sum = 0;

  for (i = 0; i < ROUNDS; i++)
    {
      g_rw_lock_writer_lock (&rw_lock);
      shared_number++;
      g_rw_lock_writer_unlock (&rw_lock);
      g_rw_lock_reader_lock (&rw_lock);
      sum += shared_number;
      g_rw_lock_reader_unlock (&rw_lock);
    }
  return GINT_TO_POINTER (sum & 1);
}

/* Writes under a lock that others hold for reading. */
static gpointer
count_under_read_lock (gpointer data)
{
  int i;

  for (i = 0; i < ROUNDS; i++)
    {
      g_rw_lock_reader_lock (&rw_lock);
      shared_number++;
      g_rw_lock_reader_unlock (&rw_lock);
    }
  return NULL;
}

static gpointer
take_turns (gpointer data)
{
  int parity = GPOINTER_TO_INT (data), i;

  for (i = 0; i < 50; i++)
    {
      g_mutex_lock (&mutex);
      while (shared_number % 2 != parity)
        g_cond_wait (&cond, &mutex);
      shared_number++;
      g_cond_broadcast (&cond);
      g_mutex_unlock (&mutex);
    }
  return NULL;
}

static gpointer
hand_over (gpointer data)
{
  int i;

  for (i = 0; i < ROUNDS; i++)
    if (GPOINTER_TO_INT (data) == 0)
      {
        int *number = g_new (int, 1);

        *number = i;
        g_async_queue_push (queue, number);
      }
    else
      {
        int *number = g_async_queue_pop (queue);

        g_assert_cmpint ((*number)++, ==, i);
        g_free (number);
      }
  return NULL;
}

static gpointer
make_once (gpointer data)
{
  if (g_once_init_enter (&once_location))
    {
      once_value = g_new0 (int, 1);
      *once_value = 7;
      g_once_init_leave (&once_location, 1);
    }
  g_assert_cmpint (*once_value, ==, 7);
  return NULL;
}

typedef struct
{
  gatomicrefcount count;
  int number[2];
} Counted;

static gpointer
drop_reference (gpointer data)
{
  static gsize next;
  Counted *counted = data;

  counted->number[g_atomic_pointer_add (&next, 1) % 2] = 1;
  if (g_atomic_ref_count_dec (&counted->count))
    {
      g_assert_cmpint (counted->number[0] + counted->number[1], ==, 2);
      counted->number[0] = 0;
      counted->number[1] = 0;
    }
  return NULL;
}

static void
add_in_pool (gpointer data, gpointer user_data)
{
  int *number = data;

  *number += 1;
}

static void
run_pool (void)
{
  GThreadPool *pool = g_thread_pool_new (add_in_pool, NULL, 2, FALSE, NULL);
  int numbers[100] = { 0 };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      numbers[i] = i;
      g_thread_pool_push (pool, &numbers[i], NULL);
    }
  g_thread_pool_free (pool, FALSE, TRUE);
  for (i = 0; i < G_N_ELEMENTS (numbers); i++)
    g_assert_cmpint (numbers[i], ==, i + 1);
}

static void
run_pair (GThreadFunc func, gpointer first, gpointer second)
{
  GThread *a = g_thread_new ("a", func, first);
  GThread *b = g_thread_new ("b", func, second);

  g_thread_join (a);
  g_thread_join (b);
}

static int
run_case (const char *name)
{
  static Counted counted = { 2, { 0, 0 } };

  queue = g_async_queue_new ();
  if (g_str_equal (name, "plain"))
    run_pair (count_plain, NULL, NULL);
  else if (g_str_equal (name, "beside-lock"))
    run_pair (count_beside_lock, NULL, NULL);
  else if (g_str_equal (name, "read-lock"))
    run_pair (count_under_read_lock, NULL, NULL);
  else if (g_str_equal (name, "mutex"))
    run_pair (count_locked, NULL, NULL);
  else if (g_str_equal (name, "rec-mutex"))
    run_pair (count_recursive, NULL, NULL);
  else if (g_str_equal (name, "rw-lock"))
    run_pair (count_rw, NULL, NULL);
  else if (g_str_equal (name, "cond"))
    run_pair (take_turns, GINT_TO_POINTER (0), GINT_TO_POINTER (1));
  else if (g_str_equal (name, "queue"))
    run_pair (hand_over, GINT_TO_POINTER (0), GINT_TO_POINTER (1));
  else if (g_str_equal (name, "once"))
    run_pair (make_once, NULL, NULL);
  else if (g_str_equal (name, "ref-count"))
    run_pair (drop_reference, &counted, &counted);
  else if (g_str_equal (name, "pool"))
    run_pool ();
  else
    return 2;
  return 0;
}

static char *
report_of (const char *name)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  const char *const argv[] = { program, "--case", name, NULL };
  g_autoptr (GanTestRun) run = gan_test_run_sync (argv, NULL, NULL, NULL);

  g_assert_cmpint (gan_test_run_get_exit (run), !=, 2);
  return gan_test_run_dup_stderr (run);
}

static void
test_silent (gconstpointer name)
{
  g_autofree char *report = report_of (name);

  if (strstr (report, "ThreadSanitizer") != NULL)
    g_test_message ("%s", report);
  g_assert_null (strstr (report, "ThreadSanitizer"));
}

static void
test_reported (gconstpointer name)
{
  g_autofree char *report = report_of (name);

  g_assert_nonnull (strstr (report, "WARNING: ThreadSanitizer: data race"));
}

int
main (int argc, char *argv[])
{
  static const char *const silent[]
      = { "mutex", "rec-mutex", "rw-lock", "cond", "queue", "once", "ref-count", "pool" };
  static const char *const reported[] = { "plain", "beside-lock", "read-lock" };
  guint i;

  if (argc == 3 && g_str_equal (argv[1], "--case"))
    return run_case (argv[2]);
  g_test_init (&argc, &argv, NULL);
  for (i = 0; i < G_N_ELEMENTS (silent); i++)
    {
      g_autofree char *path = g_strdup_printf ("/tsan/silent/%s", silent[i]);

      g_test_add_data_func (path, silent[i], test_silent);
    }
  for (i = 0; i < G_N_ELEMENTS (reported); i++)
    {
      g_autofree char *path = g_strdup_printf ("/tsan/reported/%s", reported[i]);

      g_test_add_data_func (path, reported[i], test_reported);
    }
  return g_test_run ();
}
