/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The queue of one process: from a row to a file, and what users do meanwhile. */
#include "config.h"

#include "gan-test-queue.h"

#include "gan-error.h"
#include "gan-queue-private.h"
#include "gan-test-file.h"

static void
test_one (GanTestQueue *self, gconstpointer data)
{
  g_autoptr (GanJob) job = gan_test_queue_add (self, "/file/a.mp4?size=100000&seed=3");
  GanLibraryRow *row = NULL;

  g_assert_true (gan_queue_is_owner (self->queue));
  gan_test_queue_wait_idle (self);
  gan_test_queue_wait_length (self, 0);
  gan_test_queue_close (self);
  gan_test_queue_assert_films (self, "a.mp4");
  gan_test_queue_assert_film (self, "a.mp4", 100000, 3);
  g_assert_cmpuint (self->files->len, ==, 1);
  row = self->files->pdata[0];
  g_assert_cmpstr (gan_library_row_get_title (row), ==, "a");
  g_assert_cmpint (gan_library_row_get_size (row), ==, 100000);
}

/* Takes a few seconds when it is let go on. */
#define SLOW "/file/slow.mp4?size=2000000&seed=5&rate=400000"

static gboolean
is_resumed (GanTestServer *server)
{
  g_autoptr (GPtrArray) requests = gan_test_server_dup_requests (server, NULL);
  const GanTestRequest *last = requests->pdata[requests->len - 1];

  return g_hash_table_contains (last->headers, "range");
}

/* The part file stays, also over a restart, and is gone on with. */
static void
test_pause (GanTestQueue *self, gconstpointer data)
{
  g_autoptr (GanJob) job = gan_test_queue_add (self, SLOW);
  g_autofree char *id = g_strdup (gan_job_get_id (job));

  gan_test_queue_wait_bytes (job);
  gan_test_queue_want (self, job, GAN_JOB_WANT_PAUSE);
  gan_test_queue_wait_state (job, GAN_JOB_PAUSED);
  gan_test_queue_assert_films (self, "slow.mp4.part slow.mp4.part.json");
  g_assert_cmpint (gan_job_row_get_downloaded (gan_job_get_row (job)), >, 50000);
  g_assert_cmpint (gan_job_row_get_total (gan_job_get_row (job)), ==, 2000000);
  gan_test_queue_wait_idle (self);
  g_clear_object (&job);
  gan_test_queue_reopen (self);
  job = g_object_ref (gan_queue_find (self->queue, id));
  g_assert_cmpstr (gan_job_get_state (job), ==, GAN_JOB_PAUSED);
  gan_test_queue_want (self, job, GAN_JOB_WANT_RUN);
  gan_test_queue_wait_length (self, 0);
  g_assert_true (is_resumed (self->server));
  gan_test_queue_close (self);
  gan_test_queue_assert_films (self, "slow.mp4");
  gan_test_queue_assert_film (self, "slow.mp4", 2000000, 5);
}

/* Quitting says "waiting", and the next start goes on by itself. */
static void
test_quit (GanTestQueue *self, gconstpointer data)
{
  g_autoptr (GanJob) job = gan_test_queue_add (self, SLOW);
  g_autofree char *id = g_strdup (gan_job_get_id (job));
  g_autoptr (GPtrArray) rows = NULL;
  gint64 began = 0;

  gan_test_queue_wait_bytes (job);
  g_clear_object (&job);
  began = g_get_monotonic_time ();
  gan_test_queue_close (self);
  g_assert_cmpint (g_get_monotonic_time () - began, <, 2 * G_USEC_PER_SEC);
  rows = gan_store_load_jobs_sync (gan_app_get_store (self->app), NULL);
  g_assert_cmpuint (rows->len, ==, 1);
  g_assert_cmpstr (gan_job_row_get_state (rows->pdata[0]), ==, GAN_JOB_WAITING);
  g_assert_cmpstr (gan_job_row_get_wanted (rows->pdata[0]), ==, GAN_JOB_WANT_RUN);
  gan_test_queue_open (self);
  gan_test_queue_wait_length (self, 0);
  g_assert_true (is_resumed (self->server));
  gan_test_queue_close (self);
  gan_test_queue_assert_films (self, "slow.mp4");
  gan_test_queue_assert_film (self, "slow.mp4", 2000000, 5);
}

/* While it runs, while it is paused, and after a restart, when nobody remembers a plan. */
static void
test_cancel (GanTestQueue *self, gconstpointer data)
{
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (GanJob) job = gan_test_queue_add (self, SLOW);
      g_autofree char *id = g_strdup (gan_job_get_id (job));

      gan_test_queue_wait_bytes (job);
      if (i > 0)
        {
          gan_test_queue_want (self, job, GAN_JOB_WANT_PAUSE);
          gan_test_queue_wait_state (job, GAN_JOB_PAUSED);
          gan_test_queue_wait_idle (self);
        }
      if (i > 1)
        {
          g_clear_object (&job);
          gan_test_queue_reopen (self);
          job = g_object_ref (gan_queue_find (self->queue, id));
        }
      gan_test_queue_want (self, job, GAN_JOB_WANT_CANCEL);
      gan_test_queue_wait_state (job, GAN_JOB_CANCELLED);
      gan_test_queue_wait_idle (self);
      gan_test_queue_assert_films (self, "");
      gan_test_queue_remove (self, job);
    }
}

static void
test_remove (GanTestQueue *self, gconstpointer data)
{
  g_autoptr (GanJob) running = gan_test_queue_add (self, SLOW);
  g_autoptr (GanJob) paused = gan_test_queue_add (self, SLOW "&two");

  gan_test_queue_wait_bytes (running);
  gan_test_queue_wait_bytes (paused);
  gan_test_queue_want (self, paused, GAN_JOB_WANT_PAUSE);
  gan_test_queue_wait_state (paused, GAN_JOB_PAUSED);
  gan_test_queue_remove (self, running);
  gan_test_queue_remove (self, paused);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (self->queue)), ==, 0);
  gan_test_queue_close (self);
  gan_test_queue_assert_films (self, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  GAN_TEST_QUEUE_ADD ("/queue/one", test_one);
  GAN_TEST_QUEUE_ADD ("/queue/pause", test_pause);
  GAN_TEST_QUEUE_ADD ("/queue/K19-quit", test_quit);
  GAN_TEST_QUEUE_ADD ("/queue/cancel", test_cancel);
  GAN_TEST_QUEUE_ADD ("/queue/remove", test_remove);
  return g_test_run ();
}
