/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The queue of one process: from a row to a file, and what users do meanwhile. */
#include "config.h"

#include "gan-test-queue.h"

#include "gan-error.h"

typedef struct
{
  GanTestQueue base;
  GPtrArray *files; /* told by "job-finished" */
  guint n_failed;
} Fixture;

static void
finished_cb (GanQueue *queue, GanJob *job, GPtrArray *files, gpointer user_data)
{
  Fixture *self = user_data;

  for (guint i = 0; i < files->len; i++)
    g_ptr_array_add (self->files, g_object_ref (files->pdata[i]));
}

static void
failed_cb (GanQueue *queue, GanJob *job, gpointer user_data)
{
  ((Fixture *) user_data)->n_failed++;
}

static void
open_queue (Fixture *self)
{
  gan_test_queue_open (&self->base);
  g_signal_connect (self->base.queue, "job-finished", G_CALLBACK (finished_cb), self);
  g_signal_connect (self->base.queue, "job-failed", G_CALLBACK (failed_cb), self);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  gan_test_queue_set_up (&self->base, data);
  self->files = g_ptr_array_new_with_free_func (g_object_unref);
  open_queue (self);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  gan_test_queue_tear_down (&self->base, data);
  g_ptr_array_unref (self->files);
}

static void
test_one (Fixture *self, gconstpointer data)
{
  g_autoptr (GanJob) job = gan_test_queue_add (&self->base, "/file/a.mp4?size=100000&seed=3");
  GanLibraryRow *row = NULL;

  g_assert_true (gan_queue_is_owner (self->base.queue));
  gan_test_queue_wait_idle (&self->base);
  gan_test_queue_wait_length (&self->base, 0);
  gan_test_queue_close (&self->base);
  gan_test_queue_assert_films (&self->base, "a.mp4");
  gan_test_queue_assert_film (&self->base, "a.mp4", 100000, 3);
  g_assert_cmpuint (self->files->len, ==, 1);
  row = self->files->pdata[0];
  g_assert_cmpstr (gan_library_row_get_title (row), ==, "a");
  g_assert_cmpint (gan_library_row_get_size (row), ==, 100000);
}

static gboolean
has_bytes (gpointer data)
{
  return gan_job_get_downloaded (data) > 50000;
}

static void
wait_bytes (GanJob *job)
{
  g_assert_true (gan_test_queue_wait (has_bytes, job, GAN_TEST_PATIENCE));
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

static void
reopen (Fixture *self)
{
  gan_test_queue_close (&self->base);
  open_queue (self);
}

/* The part file stays, also over a restart, and is gone on with. */
static void
test_pause (Fixture *self, gconstpointer data)
{
  g_autoptr (GanJob) job = gan_test_queue_add (&self->base, SLOW);
  g_autofree char *id = g_strdup (gan_job_get_id (job));

  wait_bytes (job);
  gan_test_queue_want (&self->base, job, GAN_JOB_WANT_PAUSE);
  gan_test_queue_wait_state (job, GAN_JOB_PAUSED);
  gan_test_queue_assert_films (&self->base, "slow.mp4.part slow.mp4.part.json");
  g_assert_cmpint (gan_job_row_get_downloaded (gan_job_get_row (job)), >, 50000);
  g_assert_cmpint (gan_job_row_get_total (gan_job_get_row (job)), ==, 2000000);
  gan_test_queue_wait_idle (&self->base);
  g_clear_object (&job);
  reopen (self);
  job = g_object_ref (gan_queue_find (self->base.queue, id));
  g_assert_cmpstr (gan_job_get_state (job), ==, GAN_JOB_PAUSED);
  gan_test_queue_want (&self->base, job, GAN_JOB_WANT_RUN);
  gan_test_queue_wait_length (&self->base, 0);
  g_assert_true (is_resumed (self->base.server));
  gan_test_queue_close (&self->base);
  gan_test_queue_assert_films (&self->base, "slow.mp4");
  gan_test_queue_assert_film (&self->base, "slow.mp4", 2000000, 5);
}

/* Quitting says "waiting", and the next start goes on by itself. */
static void
test_quit (Fixture *self, gconstpointer data)
{
  g_autoptr (GanJob) job = gan_test_queue_add (&self->base, SLOW);
  g_autofree char *id = g_strdup (gan_job_get_id (job));
  g_autoptr (GPtrArray) rows = NULL;
  gint64 began = 0;

  wait_bytes (job);
  g_clear_object (&job);
  began = g_get_monotonic_time ();
  gan_test_queue_close (&self->base);
  g_assert_cmpint (g_get_monotonic_time () - began, <, 2 * G_USEC_PER_SEC);
  rows = gan_store_load_jobs_sync (gan_app_get_store (self->base.app), NULL);
  g_assert_cmpuint (rows->len, ==, 1);
  g_assert_cmpstr (gan_job_row_get_state (rows->pdata[0]), ==, GAN_JOB_WAITING);
  g_assert_cmpstr (gan_job_row_get_wanted (rows->pdata[0]), ==, GAN_JOB_WANT_RUN);
  open_queue (self);
  gan_test_queue_wait_length (&self->base, 0);
  g_assert_true (is_resumed (self->base.server));
  gan_test_queue_close (&self->base);
  gan_test_queue_assert_films (&self->base, "slow.mp4");
  gan_test_queue_assert_film (&self->base, "slow.mp4", 2000000, 5);
}

/* While it runs, while it is paused, and after a restart, when nobody remembers a plan. */
static void
test_cancel (Fixture *self, gconstpointer data)
{
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (GanJob) job = gan_test_queue_add (&self->base, SLOW);
      g_autofree char *id = g_strdup (gan_job_get_id (job));

      wait_bytes (job);
      if (i > 0)
        {
          gan_test_queue_want (&self->base, job, GAN_JOB_WANT_PAUSE);
          gan_test_queue_wait_state (job, GAN_JOB_PAUSED);
          gan_test_queue_wait_idle (&self->base);
        }
      if (i > 1)
        {
          g_clear_object (&job);
          reopen (self);
          job = g_object_ref (gan_queue_find (self->base.queue, id));
        }
      gan_test_queue_want (&self->base, job, GAN_JOB_WANT_CANCEL);
      gan_test_queue_wait_state (job, GAN_JOB_CANCELLED);
      gan_test_queue_wait_idle (&self->base);
      gan_test_queue_assert_films (&self->base, "");
      gan_test_queue_remove (&self->base, job);
    }
}

static void
test_remove (Fixture *self, gconstpointer data)
{
  g_autoptr (GanJob) running = gan_test_queue_add (&self->base, SLOW);
  g_autoptr (GanJob) paused = gan_test_queue_add (&self->base, SLOW "&two");

  wait_bytes (running);
  wait_bytes (paused);
  gan_test_queue_want (&self->base, paused, GAN_JOB_WANT_PAUSE);
  gan_test_queue_wait_state (paused, GAN_JOB_PAUSED);
  gan_test_queue_remove (&self->base, running);
  gan_test_queue_remove (&self->base, paused);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (self->base.queue)), ==, 0);
  gan_test_queue_close (&self->base);
  gan_test_queue_assert_films (&self->base, "");
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("/queue/one", test_one);
  ADD ("/queue/pause", test_pause);
  ADD ("/queue/K19-quit", test_quit);
  ADD ("/queue/cancel", test_cancel);
  ADD ("/queue/remove", test_remove);
  return g_test_run ();
}
