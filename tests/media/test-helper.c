/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The life of the helper: started, fed, crashed, stopped, replaced. */
#include "gan-error.h"
#include "gan-limits.h"
#include "gan-media-helper-private.h"
#include "gan-test-fixture.h"
#include "gan-test-media.h"
#include "gan-test-run.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#define SHORT (500 * G_TIME_SPAN_MILLISECOND)
#define CHILD "helper "
#define LONG (60 * G_TIME_SPAN_SECOND)

/* Calls that have ended by themselves. */
static int n_ended;

/* A call in another thread. */
typedef struct
{
  GanMediaHelper *helper;
  GCancellable *cancellable;
  GanPicture *picture;
  GError *error;
} Call;

static gpointer
decode (gpointer data)
{
  Call *call = data;
  g_autoptr (GBytes) file = gan_test_media_load ("color.png");

  call->picture
      = gan_media_helper_decode_image (call->helper, file, 320, call->cancellable, &call->error);
  return NULL;
}

static void
call_clear (Call *call)
{
  g_clear_pointer (&call->picture, gan_picture_free);
  g_clear_object (&call->cancellable);
  g_clear_error (&call->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Call, call_clear)

/* The helper after one picture, stopped. */
static GPid
warm_up_and_stop (GanMediaHelper *helper)
{
  GPid child = 0;

  gan_test_media_assert_works (helper);
  child = gan_test_media_find_child ();
  g_assert_cmpint (child, >, 0);
  g_assert_cmpint (kill (child, SIGSTOP), ==, 0);
  return child;
}

static void
test_crash (void)
{
  g_autoptr (GanMediaHelper) helper = gan_test_media_new_helper ();
  g_auto (Call) call = { helper, NULL, NULL, NULL };
  GPid child = warm_up_and_stop (helper);
  GThread *thread = g_thread_new ("call", decode, &call);

  gan_test_media_wait_request (child);
  g_assert_cmpint (kill (child, SIGSEGV), ==, 0);
  g_assert_cmpint (kill (child, SIGCONT), ==, 0);
  g_thread_join (thread);
  g_assert_error (call.error, GAN_ERROR, GAN_ERROR_INVALID_DATA);
  g_assert_cmpstr (gan_error_get_reason (call.error), ==, "helper-died");
  gan_test_media_assert_works (helper);
  gan_test_media_wait_gone (child);
}

static void
test_hang (void)
{
  g_autoptr (GanMediaHelper) helper = gan_test_media_new_helper ();
  g_auto (Call) call = { helper, NULL, NULL, NULL };
  GPid child = 0;

  gan_media_helper_set_time_limits (helper, LONG, LONG);
  child = warm_up_and_stop (helper);
  gan_media_helper_set_time_limits (helper, SHORT, SHORT);
  decode (&call);
  g_assert_error (call.error, GAN_ERROR, GAN_ERROR_TIMEOUT);
  g_assert_cmpstr (gan_error_get_reason (call.error), ==, "helper-slow");
  gan_test_media_wait_gone (child);
  gan_media_helper_set_time_limits (helper, LONG, LONG);
  gan_test_media_assert_works (helper);
}

static void
test_cancel (void)
{
  g_autoptr (GanMediaHelper) helper = gan_test_media_new_helper ();
  g_auto (Call) call = { helper, g_cancellable_new (), NULL, NULL };
  GPid child = 0;
  GThread *thread = NULL;

  gan_media_helper_set_time_limits (helper, LONG, LONG);
  child = warm_up_and_stop (helper);
  thread = g_thread_new ("call", decode, &call);
  gan_test_media_wait_request (child);
  g_cancellable_cancel (call.cancellable);
  g_thread_join (thread);
  g_assert_error (call.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  gan_test_media_wait_gone (child);
  gan_test_media_assert_works (helper);
}

/* Also while it waits for its turn. */
static void
test_cancel_waiting (void)
{
  enum
  {
    N_CALLS = 4
  };
  g_autoptr (GanMediaHelper) helper = gan_test_media_new_helper ();
  Call calls[N_CALLS] = { 0 };
  GThread *threads[N_CALLS] = { NULL };
  GPid child = 0;

  gan_media_helper_set_time_limits (helper, LONG, LONG);
  child = warm_up_and_stop (helper);
  for (guint i = 0; i < N_CALLS; i++)
    {
      calls[i].helper = helper;
      calls[i].cancellable = g_cancellable_new ();
      threads[i] = g_thread_new ("call", decode, &calls[i]);
    }
  gan_test_media_wait_request (child);
  for (guint i = 0; i < N_CALLS; i++)
    g_cancellable_cancel (calls[i].cancellable);
  for (guint i = 0; i < N_CALLS; i++)
    {
      g_thread_join (threads[i]);
      if (calls[i].picture == NULL)
        g_assert_error (calls[i].error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      call_clear (&calls[i]);
    }
  gan_test_media_assert_works (helper);
}

/* What is asked for beyond all measure is refused at once, and harms none of the others. */
static gpointer
decode_and_count (gpointer data)
{
  Call *call = data;

  decode (call);
  g_atomic_int_inc (&n_ended);
  return NULL;
}

static void
test_too_many (void)
{
  enum
  {
    N_CALLS = GAN_LIMIT_HELPER_CALLS + 6
  };
  g_autoptr (GanTestFolder) folder = gan_test_folder_new ();
  g_autofree char *path = gan_test_folder_dup_path (folder, "silent");
  g_autofree char *program = gan_test_program_dup_path ("tests/media/bad-helper");
  g_autoptr (GanMediaHelper) helper = gan_media_helper_new (path);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  gint64 deadline = g_get_monotonic_time () + 30 * G_TIME_SPAN_SECOND;
  Call calls[N_CALLS] = { 0 };
  GThread *threads[N_CALLS] = { NULL };
  guint n_busy = 0;

  g_assert_cmpint (symlink (program, path), ==, 0);
  gan_media_helper_set_time_limits (helper, LONG, LONG);
  for (guint i = 0; i < N_CALLS; i++)
    {
      calls[i].helper = helper;
      calls[i].cancellable = g_object_ref (cancellable);
      threads[i] = g_thread_new ("call", decode_and_count, &calls[i]);
    }
  while (g_atomic_int_get (&n_ended) < N_CALLS - GAN_LIMIT_HELPER_CALLS)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_thread_yield ();
    }
  g_cancellable_cancel (cancellable);
  for (guint i = 0; i < N_CALLS; i++)
    {
      g_thread_join (threads[i]);
      if (gan_error_is_cancelled (calls[i].error))
        continue;
      g_assert_error (calls[i].error, GAN_ERROR, GAN_ERROR_INTERNAL);
      g_assert_cmpstr (gan_error_get_reason (calls[i].error), ==, "helper-busy");
      n_busy += 1;
    }
  g_assert_cmpuint (n_busy, ==, N_CALLS - GAN_LIMIT_HELPER_CALLS);
  for (guint i = 0; i < N_CALLS; i++)
    call_clear (&calls[i]);
}

/* Nobody reads while it is idle that it was killed; the next call does not notice either. */
static void
test_killed_at_rest (void)
{
  g_autoptr (GanMediaHelper) helper = gan_test_media_new_helper ();
  GPid child = 0;

  gan_test_media_assert_works (helper);
  child = gan_test_media_find_child ();
  g_assert_cmpint (kill (child, SIGKILL), ==, 0);
  gan_test_media_wait_gone (child);
  gan_test_media_assert_works (helper);
}

static void
test_threads (void)
{
  enum
  {
    N_CALLS = 12
  };
  g_autoptr (GanMediaHelper) helper = gan_test_media_new_helper ();
  Call calls[N_CALLS] = { 0 };
  GThread *threads[N_CALLS] = { NULL };

  for (guint i = 0; i < N_CALLS; i++)
    {
      calls[i].helper = helper;
      threads[i] = g_thread_new ("call", decode, &calls[i]);
    }
  for (guint i = 0; i < N_CALLS; i++)
    {
      g_thread_join (threads[i]);
      g_assert_no_error (calls[i].error);
      g_assert_cmpint (calls[i].picture->width, ==, 320);
      call_clear (&calls[i]);
    }
}

static void
test_missing (void)
{
  g_autoptr (GanTestFolder) folder = gan_test_folder_new ();
  g_autofree char *path = gan_test_folder_dup_path (folder, "gannet-media");
  g_autofree char *program = gan_test_program_dup_path ("src/media/gannet-media");
  g_autoptr (GanMediaHelper) helper = gan_media_helper_new (path);
  g_auto (Call) call = { helper, NULL, NULL, NULL };
  gint64 start = g_get_monotonic_time ();

  decode (&call);
  g_assert_error (call.error, GAN_ERROR, GAN_ERROR_INTERNAL);
  g_assert_cmpstr (gan_error_get_reason (call.error), ==, "helper-missing");
  g_clear_error (&call.error);

  /* It is there now, but that is not looked for with every picture of a list. */
  g_assert_cmpint (symlink (program, path), ==, 0);
  decode (&call);
  if (g_get_monotonic_time () - start < G_TIME_SPAN_SECOND)
    g_assert_error (call.error, GAN_ERROR, GAN_ERROR_INTERNAL);
  while (call.picture == NULL)
    {
      g_assert_cmpint (g_get_monotonic_time () - start, <, 30 * G_TIME_SPAN_SECOND);
      g_clear_error (&call.error);
      decode (&call);
    }
}

/* A helper that was taken over harms the one call that took it over. */
static void
test_bad (gconstpointer data)
{
  const char *const *way = data;
  g_autoptr (GanTestFolder) folder = gan_test_folder_new ();
  g_autofree char *path = gan_test_folder_dup_path (folder, way[0]);
  g_autofree char *program = gan_test_program_dup_path ("tests/media/bad-helper");
  g_autoptr (GanMediaHelper) helper = gan_media_helper_new (path);
  g_auto (Call) call = { helper, NULL, NULL, NULL };

  g_assert_cmpint (symlink (program, path), ==, 0);
  gan_media_helper_set_time_limits (helper, LONG, LONG);
  decode (&call);
  if (way[1] == NULL)
    {
      g_assert_no_error (call.error);
      return;
    }
  g_assert_nonnull (call.error);
  g_assert_cmpuint (call.error->domain, ==, GAN_ERROR);
  g_assert_cmpstr (gan_error_code_to_string ((GanErrorCode) call.error->code), ==, way[1]);
  g_assert_cmpstr (gan_error_get_reason (call.error), ==, way[2]);
}

/* One that has said its last word is not asked again: every answer of these is their first. */
static void
test_last (void)
{
  g_autoptr (GanTestFolder) folder = gan_test_folder_new ();
  g_autofree char *path = gan_test_folder_dup_path (folder, "last");
  g_autofree char *program = gan_test_program_dup_path ("tests/media/bad-helper");
  g_autoptr (GanMediaHelper) helper = gan_media_helper_new (path);

  g_assert_cmpint (symlink (program, path), ==, 0);
  for (guint i = 0; i < 3; i++)
    {
      g_auto (Call) call = { helper, NULL, NULL, NULL };

      decode (&call);
      g_assert_no_error (call.error);
    }
}

/* However a call ends, nothing stays open. */
static void
test_descriptors (void)
{
  static const char *const ways[] = { "crash", "garbage", "huge", "chatty", "stillborn", "last" };
  g_autoptr (GanTestFolder) folder = gan_test_folder_new ();
  g_autofree char *program = gan_test_program_dup_path ("tests/media/bad-helper");
  gint64 deadline = g_get_monotonic_time () + 30 * G_TIME_SPAN_SECOND;
  guint before = 0;

  for (guint i = 0; i < 3 * G_N_ELEMENTS (ways); i++)
    {
      const char *way = ways[i % G_N_ELEMENTS (ways)];
      g_autofree char *path = gan_test_folder_dup_path (folder, way);
      GanMediaHelper *helper = gan_media_helper_new (path);
      g_auto (Call) call = { helper, NULL, NULL, NULL };

      /* GLib opens some of its own with the first child. */
      if (i == G_N_ELEMENTS (ways))
        before = gan_test_count_descriptors ();
      if (i < G_N_ELEMENTS (ways))
        g_assert_cmpint (symlink (program, path), ==, 0);
      decode (&call);
      gan_media_helper_free (helper);
    }
  /* One by which GLib waits for a child may be among those before; it goes with the child. */
  while (gan_test_count_descriptors () > before)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_thread_yield ();
    }
}

static void
assert_is_link (GPid process, const char *number, const char *prefix)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/fd/%s", process, number);
  g_autofree char *target = g_file_read_link (path, NULL);

  g_assert_nonnull (target);
  g_assert_true (g_str_has_prefix (target, prefix));
}

/* Nothing of the environment that changes libraries, leads to a proxy or is secret; no descriptor
 * but those it is to have. */
static void
test_p07_environment (void)
{
  g_autoptr (GanMediaHelper) helper = gan_test_media_new_helper ();
  g_autofree char *environ_path = NULL;
  g_autofree char *environment = NULL;
  g_autofree char *folder_path = NULL;
  g_autoptr (GDir) folder = NULL;
  gsize length = 0;
  guint n_descriptors = 0;
  GPid child = 0;

  gan_test_media_assert_works (helper);
  child = gan_test_media_find_child ();
  environ_path = g_strdup_printf ("/proc/%d/environ", child);
  g_assert_true (g_file_get_contents (environ_path, &environment, &length, NULL));
  g_assert_cmpmem (environment, length, "LC_ALL=C", sizeof "LC_ALL=C");
  folder_path = g_strdup_printf ("/proc/%d/fd", child);
  folder = g_dir_open (folder_path, 0, NULL);
  g_assert_nonnull (folder);
  while (g_dir_read_name (folder) != NULL)
    n_descriptors += 1;
  g_assert_cmpuint (n_descriptors, ==, 4);
  assert_is_link (child, "0", "socket:");
  assert_is_link (child, "1", "socket:");
  assert_is_link (child, "2", "pipe:");
  assert_is_link (child, "3", "pipe:");
}

/* What the kernel says of the running helper. */
static void
test_locked_in (void)
{
  g_autoptr (GanMediaHelper) helper = gan_test_media_new_helper ();
  g_autofree char *path = NULL;
  g_autofree char *status = NULL;

  gan_test_media_assert_works (helper);
  path = g_strdup_printf ("/proc/%d/status", gan_test_media_find_child ());
  g_assert_true (g_file_get_contents (path, &status, NULL, NULL));
  g_assert_nonnull (strstr (status, "\nNoNewPrivs:\t1\n"));
  g_assert_nonnull (strstr (status, "\nSeccomp:\t2\n"));
  g_assert_nonnull (strstr (status, "\nThreads:\t1\n"));
}

/* The helper of a program that is killed goes with it, even while it cannot run. */
static void
test_parent_killed (void)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  const char *argv[] = { self, "--hold", NULL };
  g_autoptr (GanTestRun) run = gan_test_run_start (argv, NULL, NULL, NULL);
  g_autofree char *output = NULL;
  const char *line = NULL;
  GPid child = 0;

  g_assert_true (gan_test_run_wait_output (run, "ready\n", 30000));
  output = gan_test_run_dup_stdout (run);
  line = strstr (output, CHILD);
  g_assert_nonnull (line);
  child = (GPid) g_ascii_strtoull (line + strlen (CHILD), NULL, 10);
  g_assert_cmpint (child, >, 0);
  g_assert_cmpint (kill (child, SIGSTOP), ==, 0);
  gan_test_run_kill (run, SIGKILL);
  gan_test_media_wait_gone (child);
}

/* The program of the test above: starts a helper, says which, and waits to be killed. */
static int
hold (void)
{
  g_autoptr (GanMediaHelper) helper = gan_test_media_new_helper ();

  gan_test_media_assert_works (helper);
  g_print (CHILD "%d\nready\n", gan_test_media_find_child ());
  pause ();
  return 0;
}

int
main (int argc, char **argv)
{
  static const char *const ways[][3] = {
    { "crash", "invalid-data", "helper-died" },    { "leave", "invalid-data", "helper-died" },
    { "garbage", "invalid-data", "helper-died" },  { "array", "invalid-data", "helper-died" },
    { "deep", "invalid-data", "helper-died" },     { "endless", "invalid-data", "helper-died" },
    { "wrong-id", "invalid-data", "helper-died" }, { "huge", "invalid-data", "helper" },
    { "negative", "invalid-data", "helper" },      { "no-size", "invalid-data", "helper" },
    { "odd-error", "invalid-data", "helper" },     { "chatty", NULL, NULL },
    { "stillborn", "internal", "helper-missing" },
  };

  g_test_init (&argc, &argv, NULL);
  if (argc > 1 && g_str_equal (argv[1], "--hold"))
    return hold ();
  g_test_add_func ("/helper/crash", test_crash);
  g_test_add_func ("/helper/hang", test_hang);
  g_test_add_func ("/helper/cancel", test_cancel);
  g_test_add_func ("/helper/cancel-waiting", test_cancel_waiting);
  g_test_add_func ("/helper/killed-at-rest", test_killed_at_rest);
  g_test_add_func ("/helper/threads", test_threads);
  g_test_add_func ("/helper/too-many", test_too_many);
  g_test_add_func ("/helper/missing", test_missing);
  for (gsize i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      g_autofree char *path = g_strconcat ("/helper/bad/", ways[i][0], NULL);

      g_test_add_data_func (path, ways[i], test_bad);
    }
  g_test_add_func ("/helper/last", test_last);
  g_test_add_func ("/helper/descriptors", test_descriptors);
  g_test_add_func ("/helper/P07-environment", test_p07_environment);
  g_test_add_func ("/helper/locked-in", test_locked_in);
  g_test_add_func ("/helper/parent-killed", test_parent_killed);
  return g_test_run ();
}
