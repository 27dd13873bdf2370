/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Connection slots: over threads, over processes, and after a kill -9. */
#include "config.h"

#include "gan-slots.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define HOST "video.example.org"
#define LIMIT 3

/* Counters that several processes share. */
typedef struct
{
  int held;
  int peak;
  int total;
} Shared;

static char *
make_path (void)
{
  g_autofree char *folder = g_dir_make_tmp ("gan-slots-XXXXXX", NULL);

  g_assert_nonnull (folder);
  return g_build_filename (folder, "slots", NULL);
}

static void
remove_path (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);

  g_unlink (path);
  g_rmdir (folder);
}

static GanSlots *
make_slots (const char *path, guint max_in_all, guint max_per_host)
{
  g_autoptr (GError) error = NULL;
  GanSlots *slots = gan_slots_new (path, max_in_all, max_per_host, &error);

  g_assert_no_error (error);
  return slots;
}

static GanSlot *
acquire (GanSlots *slots, const char *host)
{
  g_autoptr (GError) error = NULL;
  GanSlot *slot = gan_slots_acquire (slots, host, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (slot);
  return slot;
}

typedef struct
{
  GanSlots *slots;
  Shared *shared;
  int n_rounds;
  int hold_milliseconds;
} Work;

static gpointer
work_thread (gpointer data)
{
  Work *work = data;

  for (int i = 0; i < work->n_rounds; i++)
    {
      g_autoptr (GanSlot) slot = acquire (work->slots, HOST);
      int held = g_atomic_int_add (&work->shared->held, 1) + 1;
      int peak = g_atomic_int_get (&work->shared->peak);

      while (held > peak && !g_atomic_int_compare_and_exchange (&work->shared->peak, peak, held))
        peak = g_atomic_int_get (&work->shared->peak);
      g_poll (NULL, 0, work->hold_milliseconds);
      g_atomic_int_add (&work->shared->held, -1);
      g_atomic_int_inc (&work->shared->total);
    }
  return NULL;
}

static void
work_in_threads (Work *work)
{
  GThread *threads[8];

  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("slots", work_thread, work);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

static Shared *
make_shared (void)
{
  Shared *shared
      = mmap (NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

  g_assert_true (shared != MAP_FAILED);
  return shared;
}

static void
test_threads (void)
{
  Shared shared = { 0 };
  g_autoptr (GanSlots) slots = make_slots (NULL, 100, LIMIT);
  Work work = { slots, &shared, 20, 1 };

  work_in_threads (&work);
  g_assert_cmpint (shared.total, ==, 160);
  g_assert_cmpint (shared.peak, <=, LIMIT);
  g_assert_cmpuint (gan_slots_get_n_held (slots), ==, 0);
}

static void
test_in_all (void)
{
  Shared shared = { 0 };
  g_autoptr (GanSlots) slots = make_slots (NULL, 2, 100);
  Work work = { slots, &shared, 20, 1 };

  work_in_threads (&work);
  g_assert_cmpint (shared.total, ==, 160);
  g_assert_cmpint (shared.peak, <=, 2);
}

/* Hosts do not stand in each other's way, and a host that is full does not stop the next in line.
 */
static void
test_hosts (void)
{
  g_autoptr (GanSlots) slots = make_slots (NULL, 100, 1);
  g_autoptr (GanSlot) first = acquire (slots, "a.example");
  g_autoptr (GanSlot) second = acquire (slots, "b.example");
  g_autoptr (GanSlot) third = acquire (slots, "c.example");

  g_assert_cmpuint (gan_slots_get_n_held (slots), ==, 3);
}

typedef struct
{
  GanSlots *slots;
  GCancellable *cancellable;
  GError *error;
  GanSlot *slot;
} Attempt;

static gpointer
attempt_thread (gpointer data)
{
  Attempt *attempt = data;

  attempt->slot = gan_slots_acquire (attempt->slots, HOST, attempt->cancellable, &attempt->error);
  return NULL;
}

static void
check_cancel (GanSlots *slots)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Attempt attempt = { slots, cancellable, NULL, NULL };
  GThread *thread = g_thread_new ("waits", attempt_thread, &attempt);
  gint64 start = 0;

  while (gan_slots_get_n_waiting (slots) == 0)
    g_thread_yield ();
  start = g_get_monotonic_time ();
  g_cancellable_cancel (cancellable);
  g_thread_join (thread);
  g_assert_null (attempt.slot);
  g_assert_error (attempt.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (g_get_monotonic_time () - start, <, G_USEC_PER_SEC);
  g_error_free (attempt.error);
}

static void
test_cancel (void)
{
  g_autoptr (GanSlots) slots = make_slots (NULL, 100, 1);
  g_autoptr (GanSlot) slot = acquire (slots, HOST);

  check_cancel (slots);
  g_assert_cmpuint (gan_slots_get_n_held (slots), ==, 1);
}

static void
test_cancel_over_processes (void)
{
  g_autofree char *path = make_path ();
  g_autoptr (GanSlots) others = make_slots (path, 100, 1);
  g_autoptr (GanSlots) slots = make_slots (path, 100, 1);
  g_autoptr (GanSlot) slot = acquire (others, HOST);

  check_cancel (slots);
  g_assert_cmpuint (gan_slots_get_n_held (slots), ==, 0);
  remove_path (path);
}

static void
test_already_cancelled (void)
{
  g_autoptr (GanSlots) slots = make_slots (NULL, 100, 1);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (gan_slots_acquire (slots, HOST, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* Children leave by _exit(): they share nothing with the harness but the counters. */
static void
test_processes (void)
{
  g_autofree char *path = make_path ();
  Shared *shared = make_shared ();
  pid_t children[3];

  for (gsize i = 0; i < G_N_ELEMENTS (children); i++)
    if ((children[i] = fork ()) == 0)
      {
        g_autoptr (GanSlots) slots = make_slots (path, 100, LIMIT);
        Work work = { slots, shared, 4, 1 };

        work_in_threads (&work);
        _exit (gan_slots_get_n_held (slots) == 0 ? 0 : 1);
      }
  for (gsize i = 0; i < G_N_ELEMENTS (children); i++)
    {
      int status = 0;

      g_assert_cmpint (waitpid (children[i], &status, 0), ==, children[i]);
      g_assert_cmpint (status, ==, 0);
    }
  g_test_message ("%d holds, at most %d at once", shared->total, shared->peak);
  g_assert_cmpint (shared->total, ==, 3 * 8 * 4);
  g_assert_cmpint (shared->peak, <=, LIMIT);
  g_assert_cmpint (shared->peak, >=, 2);
  munmap (shared, sizeof *shared);
  remove_path (path);
}

static void
test_kill (void)
{
  g_autofree char *path = make_path ();
  g_autoptr (GanSlots) slots = make_slots (path, 100, LIMIT);
  g_autoptr (GanSlot) slot = NULL;
  int ready[2];
  char byte = 0;
  pid_t child = 0;

  g_assert_cmpint (pipe (ready), ==, 0);
  if ((child = fork ()) == 0)
    {
      GanSlots *own = make_slots (path, 100, LIMIT);

      for (int i = 0; i < LIMIT; i++)
        g_assert_nonnull (acquire (own, HOST));
      if (write (ready[1], "r", 1) == 1)
        pause ();
      _exit (1);
    }
  g_assert_cmpint (read (ready[0], &byte, 1), ==, 1);
  check_cancel (slots);

  kill (child, SIGKILL);
  waitpid (child, NULL, 0);
  slot = acquire (slots, HOST);
  close (ready[0]);
  close (ready[1]);
  remove_path (path);
}

/* A process that always has work for a host, and hands its slots on at once, lets another one in
 * within reasonable time. */
static void
test_courtesy (void)
{
  g_autofree char *path = make_path ();
  Shared *shared = make_shared ();
  g_autoptr (GanSlots) slots = NULL;
  pid_t child = 0;

  if ((child = fork ()) == 0)
    {
      g_autoptr (GanSlots) own = make_slots (path, 100, 1);
      Work work = { own, shared, G_MAXINT, 20 };

      work_thread (&work);
      _exit (1);
    }
  while (g_atomic_int_get (&shared->total) < 1)
    g_thread_yield ();
  slots = make_slots (path, 100, 1);
  for (int i = 0; i < 5; i++)
    {
      gint64 start = g_get_monotonic_time ();

      gan_slot_release (acquire (slots, HOST));
      g_assert_cmpint (g_get_monotonic_time () - start, <, 5 * G_USEC_PER_SEC);
    }
  kill (child, SIGKILL);
  waitpid (child, NULL, 0);
  munmap (shared, sizeof *shared);
  remove_path (path);
}

static void
test_file (void)
{
  g_autofree char *path = make_path ();
  g_autofree char *nowhere = g_strconcat (path, "/none", NULL);
  g_autoptr (GanSlots) slots = make_slots (path, 100, LIMIT);
  g_autoptr (GError) error = NULL;
  GStatBuf status;

  g_assert_cmpint (g_stat (path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
  g_assert_null (gan_slots_new (nowhere, 100, LIMIT, &error));
  g_assert_nonnull (error);
  remove_path (path);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/slots/threads", test_threads);
  g_test_add_func ("/slots/in-all", test_in_all);
  g_test_add_func ("/slots/hosts", test_hosts);
  g_test_add_func ("/slots/cancel", test_cancel);
  g_test_add_func ("/slots/cancel-over-processes", test_cancel_over_processes);
  g_test_add_func ("/slots/already-cancelled", test_already_cancelled);
  g_test_add_func ("/slots/processes", test_processes);
  g_test_add_func ("/slots/kill", test_kill);
  g_test_add_func ("/slots/courtesy", test_courtesy);
  g_test_add_func ("/slots/file", test_file);
  return g_test_run ();
}
