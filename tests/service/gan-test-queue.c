/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-test-queue.h"

#include "gan-error.h"
#include "gan-test-file.h"
#include "gan-test-platform.h"

#include <string.h>

/* Whether the site can be reached: atomic. */
static gint is_down;

static GanMedia *
make_film (const char *address)
{
  g_autoptr (GanUrl) url = gan_url_parse (address, NULL);
  g_autofree char *title = gan_url_dup_basename (url);
  g_autoptr (GanMedia) media = gan_media_new ();
  g_autoptr (GanFormat) format = gan_format_new ("web", gan_url_get_string (url));

  *strchrnul (title, '.') = '\0';
  gan_media_set_url (media, gan_url_get_string (url));
  gan_media_set_title (media, title);
  gan_media_set_creator (media, "A studio");
  gan_media_set_duration (media, 12);
  gan_media_set_content_type (media, "video");
  gan_format_set_ext (format, "mp4");
  gan_media_append_formats (media, format);
  return g_steal_pointer (&media);
}

/* A film is called by the last part of its address, up to the dot. A second film of the post is at
 * the path that the query "and" names. */
static GanMedia *
show_film (GanVisit *visit, GanMatch *match, GError **error)
{
  GanUrl *url = gan_match_get_url (match);
  g_autofree char *second = gan_url_dup_query_value (url, "and");
  g_autofree char *address = NULL;
  g_autoptr (GanMedia) post = NULL;
  g_autoptr (GanMedia) film = NULL;
  g_autoptr (GanMedia) other = NULL;

  if (g_atomic_int_get (&is_down))
    {
      gan_error_set (error, GAN_ERROR_NETWORK, NULL, "the network is unreachable");
      return NULL;
    }
  film = make_film (gan_url_get_string (url));
  if (second == NULL)
    return g_steal_pointer (&film);
  address = g_strdup_printf ("%s%s", gan_url_get_origin (url), second);
  other = make_film (address);
  post = gan_media_new ();
  gan_media_set_url (post, gan_url_get_string (url));
  gan_media_set_title (post, "A post");
  gan_media_append_items (post, film);
  gan_media_append_items (post, other);
  return g_steal_pointer (&post);
}

static const GanTestPlatformFuncs showing = { .get_info = show_film };

void
gan_test_queue_set_down (gboolean down)
{
  g_atomic_int_set (&is_down, down);
}

GanApp *
gan_test_queue_new_app (const char *data)
{
  g_autofree char *slots = g_build_filename (data, "run", "slots", NULL);
  const GanConfig config = { .data_dir = (char *) data, .slots_path = slots };
  g_autoptr (GError) error = NULL;
  GanApp *app = NULL;

  gan_test_platform_reset ();
  gan_test_platform_set ("generic", &showing);
  app = gan_app_new (&config, gan_test_platform_table, gan_test_platform_table_size, &error);
  g_assert_no_error (error);
  return app;
}

static void
hold (GanTestExchange *exchange, gpointer user_data)
{
  GanTestQueue *self = user_data;
  gint64 end = g_get_monotonic_time () + GAN_TEST_PATIENCE * G_GINT64_CONSTANT (1000);
  g_auto (GanTestFile) file = { NULL };

  g_mutex_lock (&self->mutex);
  self->n_held++;
  self->n_most_held = MAX (self->n_most_held, self->n_held);
  while (!self->is_released && g_cond_wait_until (&self->cond, &self->mutex, end))
    continue;
  self->n_held--;
  g_mutex_unlock (&self->mutex);
  gan_test_file_init (&file, exchange);
  gan_test_file_serve (&file, exchange);
}

guint
gan_test_queue_get_most_held (GanTestQueue *self)
{
  guint n = 0;

  g_mutex_lock (&self->mutex);
  n = self->n_most_held;
  g_mutex_unlock (&self->mutex);
  return n;
}

void
gan_test_queue_release (GanTestQueue *self)
{
  g_mutex_lock (&self->mutex);
  self->is_released = TRUE;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->mutex);
}

void
gan_test_queue_set_up (GanTestQueue *self, gconstpointer data)
{
  self->files = g_ptr_array_new_with_free_func (g_object_unref);
  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  self->folder = gan_test_folder_new ();
  self->server = gan_test_server_new (FALSE);
  gan_test_server_add (self->server, "hold", hold, self);
  self->data = gan_test_folder_dup_path (self->folder, "data");
  self->films = gan_test_folder_dup_path (self->folder, "films");
  g_assert_cmpint (g_mkdir_with_parents (self->films, 0755), ==, 0);
  self->app = gan_test_queue_new_app (self->data);
}

void
gan_test_queue_set_up_open (GanTestQueue *self, gconstpointer data)
{
  gan_test_queue_set_up (self, data);
  gan_test_queue_open (self);
}

void
gan_test_queue_tear_down (GanTestQueue *self, gconstpointer data)
{
  gan_test_queue_release (self);
  gan_test_queue_set_down (FALSE);
  if (self->queue != NULL)
    gan_test_queue_close (self);
  g_clear_pointer (&self->app, gan_app_free);
  g_assert_finalize_object (g_steal_pointer (&self->server));
  g_clear_pointer (&self->folder, gan_test_folder_free);
  g_free (self->data);
  g_free (self->films);
  g_ptr_array_unref (self->files);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->cond);
}

static void
store_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **place = user_data;

  *place = g_object_ref (result);
}

static gboolean
has_result (gpointer data)
{
  GAsyncResult **place = data;

  return *place != NULL;
}

static void
wait_result (GAsyncResult **result)
{
  g_assert_true (gan_test_queue_wait (has_result, result, GAN_TEST_PATIENCE));
}

static void
finished_cb (GanQueue *queue, GanJob *job, GPtrArray *files, gpointer user_data)
{
  GanTestQueue *self = user_data;

  for (guint i = 0; i < files->len; i++)
    g_ptr_array_add (self->files, g_object_ref (files->pdata[i]));
}

static void
failed_cb (GanQueue *queue, GanJob *job, gpointer user_data)
{
  ((GanTestQueue *) user_data)->n_failed++;
}

void
gan_test_queue_open (GanTestQueue *self)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  self->queue = gan_queue_new (self->app, &self->options);
  g_signal_connect (self->queue, "job-finished", G_CALLBACK (finished_cb), self);
  g_signal_connect (self->queue, "job-failed", G_CALLBACK (failed_cb), self);
  gan_queue_open_async (self->queue, NULL, store_result, &result);
  wait_result (&result);
  gan_queue_open_finish (self->queue, result, &error);
  g_assert_no_error (error);
}

/* Nothing of it is left. */
void
gan_test_queue_close (GanTestQueue *self)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  gan_queue_close_async (self->queue, store_result, &result);
  wait_result (&result);
  gan_queue_close_finish (self->queue, result, &error);
  g_assert_no_error (error);
  g_clear_object (&result);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_assert_finalize_object (g_steal_pointer (&self->queue));
}

/* As a program that is ended and started again. */
void
gan_test_queue_reopen (GanTestQueue *self)
{
  gan_test_queue_close (self);
  gan_app_free (self->app);
  self->app = gan_test_queue_new_app (self->data);
  gan_test_queue_open (self);
}

char *
gan_test_queue_dup_link (GanTestQueue *self, const char *target)
{
  return gan_test_server_dup_url (self->server, target);
}

GanJobRow *
gan_test_queue_new_row (GanTestQueue *self, const char *target)
{
  g_autofree char *link
      = *target == '/' ? gan_test_queue_dup_link (self, target) : g_strdup (target);
  GanJobRow *row = gan_job_row_new (link);

  gan_job_row_set_folder (row, self->films);
  gan_job_row_set_wish (row, "best");
  return row;
}

/* As another process does that has no queue open. */
void
gan_test_queue_store (GanTestQueue *self, const char *target)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) stored = NULL;
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (rows, gan_test_queue_new_row (self, target));
  stored = gan_store_add_jobs_sync (gan_app_get_store (self->app), rows, &error);
  g_assert_no_error (error);
}

GPtrArray *
gan_test_queue_add_rows (GanTestQueue *self, GPtrArray *rows, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  gan_queue_add_async (self->queue, rows, NULL, store_result, &result);
  wait_result (&result);
  return gan_queue_add_finish (self->queue, result, error);
}

static GanJob *
add_row (GanTestQueue *self, GanJobRow *owned)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) stored = NULL;
  g_autoptr (GError) error = NULL;
  GanJob *job = NULL;

  g_ptr_array_add (rows, owned);
  stored = gan_test_queue_add_rows (self, rows, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (stored->len, ==, 1);
  job = gan_queue_find (self->queue, gan_job_row_get_id (stored->pdata[0]));
  g_assert_nonnull (job);
  return g_object_ref (job);
}

/* @target: on the server, or a whole link. */
GanJob *
gan_test_queue_add (GanTestQueue *self, const char *target)
{
  return add_row (self, gan_test_queue_new_row (self, target));
}

/* Films PREFIX0.mp4, PREFIX1.mp4 … of 100 bytes. */
void
gan_test_queue_add_many (GanTestQueue *self, const char *prefix, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *target = g_strdup_printf ("%s%u.mp4?size=100", prefix, i);

      g_object_unref (gan_test_queue_add (self, target));
    }
}

gboolean
gan_test_queue_move (GanTestQueue *self, GanJob *job, GanJob *before, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  gan_queue_move_async (self->queue,
                        gan_job_get_id (job),
                        before != NULL ? gan_job_get_id (before) : NULL,
                        NULL,
                        store_result,
                        &result);
  wait_result (&result);
  return gan_queue_move_finish (self->queue, result, error);
}

void
gan_test_queue_set_limits (GanTestQueue *self,
                           guint max_jobs,
                           guint max_jobs_per_host,
                           gint64 limit_rate)
{
  self->options.max_jobs = max_jobs;
  self->options.max_jobs_per_host = max_jobs_per_host;
  self->options.limit_rate = limit_rate;
  gan_queue_set_limits (self->queue, &self->options);
}

static void
want (GanTestQueue *self, const char *const *ids, const char *wanted)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  gan_queue_want_async (self->queue, ids, wanted, NULL, store_result, &result);
  wait_result (&result);
  gan_queue_want_finish (self->queue, result, &error);
  g_assert_no_error (error);
}

void
gan_test_queue_want (GanTestQueue *self, GanJob *job, const char *wanted)
{
  const char *const ids[] = { gan_job_get_id (job), NULL };

  want (self, ids, wanted);
}

void
gan_test_queue_want_all (GanTestQueue *self, const char *wanted)
{
  want (self, NULL, wanted);
}

void
gan_test_queue_remove (GanTestQueue *self, GanJob *job)
{
  const char *const ids[] = { gan_job_get_id (job), NULL };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  gan_queue_remove_async (self->queue, ids, NULL, store_result, &result);
  wait_result (&result);
  gan_queue_remove_finish (self->queue, result, &error);
  g_assert_no_error (error);
}

static gboolean
tick_cb (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

/* A tick makes sure that conditions outside of the main context are looked at. */
gboolean
gan_test_queue_wait (GanTestCondition condition, gpointer data, guint milliseconds)
{
  gint64 end = g_get_monotonic_time () + milliseconds * (gint64) 1000;
  guint tick = g_timeout_add (10, tick_cb, NULL);
  gboolean holds = condition (data);

  while (!holds && g_get_monotonic_time () < end)
    {
      g_main_context_iteration (NULL, TRUE);
      holds = condition (data);
    }
  g_source_remove (tick);
  return holds;
}

typedef struct
{
  GanJob *job;
  const char *state;
} Wanted;

static gboolean
is_in_state (gpointer data)
{
  const Wanted *wanted = data;

  return g_strcmp0 (gan_job_get_state (wanted->job), wanted->state) == 0;
}

void
gan_test_queue_wait_state (GanJob *job, const char *state)
{
  Wanted wanted = { job, state };

  if (!gan_test_queue_wait (is_in_state, &wanted, GAN_TEST_PATIENCE))
    g_test_message ("%s, not %s: %s",
                    gan_job_get_state (job),
                    state,
                    gan_job_row_get_error_message (gan_job_get_row (job)));
  g_assert_cmpstr (gan_job_get_state (job), ==, state);
}

static gboolean
has_bytes (gpointer data)
{
  return gan_job_get_downloaded (data) > 50000;
}

void
gan_test_queue_wait_bytes (GanJob *job)
{
  g_assert_true (gan_test_queue_wait (has_bytes, job, GAN_TEST_PATIENCE));
}

typedef struct
{
  GanTestQueue *queue;
  guint n;
} Held;

static gboolean
are_held (gpointer data)
{
  const Held *held = data;
  gboolean holds = FALSE;

  g_mutex_lock (&held->queue->mutex);
  holds = held->queue->n_held >= held->n;
  g_mutex_unlock (&held->queue->mutex);
  return holds;
}

/* The server holds so many answers back. */
void
gan_test_queue_wait_held (GanTestQueue *self, guint n)
{
  Held held = { self, n };

  g_assert_true (gan_test_queue_wait (are_held, &held, GAN_TEST_PATIENCE));
}

gboolean
gan_test_queue_holds_more (GanTestQueue *self, guint n, guint milliseconds)
{
  Held held = { self, n + 1 };

  return gan_test_queue_wait (are_held, &held, milliseconds);
}

static gboolean
is_idle (gpointer data)
{
  gboolean idle = FALSE;

  g_object_get (data, "is-idle", &idle, NULL);
  return idle;
}

void
gan_test_queue_wait_idle (GanTestQueue *self)
{
  g_assert_true (gan_test_queue_wait (is_idle, self->queue, GAN_TEST_PATIENCE));
}

typedef struct
{
  GanQueue *queue;
  guint length;
} Length;

static gboolean
has_length (gpointer data)
{
  const Length *wanted = data;

  return g_list_model_get_n_items (G_LIST_MODEL (wanted->queue)) == wanted->length;
}

void
gan_test_queue_wait_length (GanTestQueue *self, guint length)
{
  Length wanted = { self->queue, length };

  gan_test_queue_wait (has_length, &wanted, GAN_TEST_PATIENCE);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (self->queue)), ==, length);
}

/* What the server was asked for, in this order: the names alone. */
char *
gan_test_queue_dup_asked (GanTestQueue *self)
{
  g_autoptr (GPtrArray) requests = gan_test_server_dup_requests (self->server, NULL);
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < requests->len; i++)
    {
      const GanTestRequest *request = requests->pdata[i];
      const char *name = strrchr (request->target, '/') + 1;

      g_string_append_len (names, name, strchrnul (name, '.') - name);
    }
  return g_string_free (g_steal_pointer (&names), FALSE);
}

/* All files that are in the folder, notes and parts among them, with a space between. */
void
gan_test_queue_assert_films (GanTestQueue *self, const char *names)
{
  GanTestFolder films = { self->films };
  g_auto (GStrv) found = gan_test_folder_list (&films);
  g_autofree char *joined = g_strjoinv (" ", found);

  g_assert_cmpstr (joined, ==, names);
}

void
gan_test_queue_assert_film (GanTestQueue *self, const char *name, gsize size, guint32 seed)
{
  g_autofree char *inside = g_build_filename ("films", name, NULL);
  g_autoptr (GBytes) wanted = gan_test_body (size, seed);
  g_autoptr (GBytes) bytes = gan_test_folder_load (self->folder, inside);

  g_assert_cmpuint (g_bytes_get_size (bytes), ==, size);
  g_assert_true (g_bytes_equal (bytes, wanted));
}
