/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-pool.h"

#include <glib.h>
#include <pthread.h>

/* A gate that holds workers until the test opens it. */
typedef struct
{
  GMutex mutex;
  GCond cond;
  gboolean is_open;
  guint inside;
  guint most_inside;
  guint runs;
} Gate;

typedef struct
{
  guint cancelled;
  guint done;
  GThread *thread;
} Results;

static void
gate_init (Gate *gate)
{
  *gate = (Gate){ 0 };
  g_mutex_init (&gate->mutex);
  g_cond_init (&gate->cond);
}

static void
gate_clear (Gate *gate)
{
  g_mutex_clear (&gate->mutex);
  g_cond_clear (&gate->cond);
}

static void
gate_open (Gate *gate)
{
  g_mutex_lock (&gate->mutex);
  gate->is_open = TRUE;
  g_cond_broadcast (&gate->cond);
  g_mutex_unlock (&gate->mutex);
}

static void
gate_wait_inside (Gate *gate, guint n)
{
  g_mutex_lock (&gate->mutex);
  while (gate->inside < n)
    g_cond_wait (&gate->cond, &gate->mutex);
  g_mutex_unlock (&gate->mutex);
}

static void
pass_gate (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Gate *gate = data;

  g_mutex_lock (&gate->mutex);
  gate->runs++;
  gate->inside++;
  gate->most_inside = MAX (gate->most_inside, gate->inside);
  g_cond_broadcast (&gate->cond);
  while (!gate->is_open)
    g_cond_wait (&gate->cond, &gate->mutex);
  gate->inside--;
  g_mutex_unlock (&gate->mutex);
  g_task_return_int (task, 7);
}

static void
done_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Results *results = data;
  g_autoptr (GError) error = NULL;
  gssize value = g_task_propagate_int (G_TASK (result), &error);

  g_assert_true (g_thread_self () == results->thread);
  if (error == NULL)
    g_assert_cmpint (value, ==, 7);
  else
    {
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      results->cancelled++;
    }
  results->done++;
}

static void
start (GanPool *pool, Gate *gate, GCancellable *cancellable, Results *results)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, done_cb, results);

  g_task_set_task_data (task, gate, NULL);
  gan_pool_run (pool, task, pass_gate);
}

static void
iterate_until (guint *value, guint wanted)
{
  while (*value < wanted)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_bounded (void)
{
  g_autoptr (GanPool) pool = gan_pool_new ("gan-test", 3);
  Results results = { 0, 0, g_thread_self () };
  Gate gate;

  gate_init (&gate);
  for (guint i = 0; i < 20; i++)
    start (pool, &gate, NULL, &results);
  gate_wait_inside (&gate, 3);
  gate_open (&gate);
  iterate_until (&results.done, 20);
  g_assert_cmpuint (gate.runs, ==, 20);
  g_assert_cmpuint (gate.most_inside, ==, 3);
  g_assert_cmpuint (results.cancelled, ==, 0);
  g_clear_pointer (&pool, gan_pool_free);
  gate_clear (&gate);
}

/* All threads are busy; a queued task that is cancelled returns all the same, and never runs. */
static void
test_cancel_queued (void)
{
  g_autoptr (GanPool) pool = gan_pool_new ("gan-test", 1);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Results busy = { 0, 0, g_thread_self () };
  Results queued = { 0, 0, g_thread_self () };
  Gate gate;

  gate_init (&gate);
  start (pool, &gate, NULL, &busy);
  gate_wait_inside (&gate, 1);
  for (guint i = 0; i < 5; i++)
    start (pool, &gate, cancellable, &queued);
  g_cancellable_cancel (cancellable);
  start (pool, &gate, cancellable, &queued);
  g_assert_cmpuint (queued.done, ==, 0);
  iterate_until (&queued.done, 6);
  g_assert_cmpuint (queued.cancelled, ==, 6);
  g_assert_cmpuint (busy.done, ==, 0);
  gate_open (&gate);
  iterate_until (&busy.done, 1);
  g_clear_pointer (&pool, gan_pool_free);
  g_assert_cmpuint (gate.runs, ==, 1);
  g_assert_finalize_object (g_steal_pointer (&cancellable));
  gate_clear (&gate);
}

static void
return_name (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  char name[16];

  g_assert_cmpint (pthread_getname_np (pthread_self (), name, sizeof name), ==, 0);
  g_task_return_pointer (task, g_strdup (name), g_free);
}

static void
store_result_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static void
test_thread_name (void)
{
  g_autoptr (GanPool) pool = gan_pool_new ("gan-a-name-that-is-too-long", 1);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GTask) task = g_task_new (NULL, NULL, store_result_cb, &result);
  g_autofree char *name = NULL;

  gan_pool_run (pool, task, return_name);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  name = g_task_propagate_pointer (G_TASK (result), NULL);
  g_assert_cmpstr (name, ==, "gan-a-name-that");
}

/* Freeing runs what is queued; no task is left without a result. */
static void
test_free (void)
{
  GanPool *pool = gan_pool_new ("gan-test", 2);
  Results results = { 0, 0, g_thread_self () };
  Gate gate;

  gate_init (&gate);
  for (guint i = 0; i < 50; i++)
    start (pool, &gate, NULL, &results);
  gate_open (&gate);
  gan_pool_free (pool);
  g_assert_cmpuint (gate.runs, ==, 50);
  iterate_until (&results.done, 50);
  gate_clear (&gate);
}

static gpointer
cancel_all (gpointer data)
{
  GPtrArray *cancellables = data;

  for (guint i = 0; i < cancellables->len; i++)
    g_cancellable_cancel (g_ptr_array_index (cancellables, i));
  return NULL;
}

/* Cancelling races with starting and returning: every task returns exactly once. */
static void
test_cancel_race (void)
{
  g_autoptr (GanPool) pool = gan_pool_new ("gan-test", 4);
  g_autoptr (GPtrArray) cancellables = g_ptr_array_new_with_free_func (g_object_unref);
  Results results = { 0, 0, g_thread_self () };
  GThread *thread;
  Gate gate;

  gate_init (&gate);
  gate_open (&gate);
  for (guint i = 0; i < 2000; i++)
    g_ptr_array_add (cancellables, g_cancellable_new ());
  thread = g_thread_new ("cancel", cancel_all, cancellables);
  for (guint i = 0; i < 2000; i++)
    start (pool, &gate, g_ptr_array_index (cancellables, i), &results);
  g_thread_join (thread);
  iterate_until (&results.done, 2000);
  g_clear_pointer (&pool, gan_pool_free);
  g_assert_false (g_main_context_iteration (NULL, FALSE));
  g_assert_cmpuint (results.done, ==, 2000);
  g_assert_cmpuint (gate.runs, <=, 2000);
  g_assert_cmpuint (results.cancelled, >=, 2000 - gate.runs);
  gate_clear (&gate);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pool/bounded", test_bounded);
  g_test_add_func ("/pool/cancel-queued", test_cancel_queued);
  g_test_add_func ("/pool/thread-name", test_thread_name);
  g_test_add_func ("/pool/free", test_free);
  g_test_add_func ("/pool/cancel-race", test_cancel_race);
  return g_test_run ();
}
