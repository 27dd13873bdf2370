/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-thumbnails.h"

#include "gan-error.h"
#include "gan-limits.h"
#include "gan-picture-memory.h"
#include "gan-pool.h"
#include "gan-thumbnail-cache.h"
#include "gan-thumbnails-private.h"

#include <string.h>

#define READ_THREADS 1
#define FETCH_THREADS 4
#define DECODE_THREADS 2
/* How long a failure is believed. */
#define FAILURE_TIME (60 * G_TIME_SPAN_SECOND)

struct _GanThumbnails
{
  GObject parent_instance;

  GanApp *app;
  GanThumbnailCache *cache; /* NULL: there is no folder for one */
  GanPictureMemory *memory;
  GHashTable *flights; /* key → Flight, those that somebody waits for */
  GanPool *read_pool;
  GanPool *fetch_pool;
  GanPool *decode_pool;
};

G_DEFINE_FINAL_TYPE (GanThumbnails, gan_thumbnails, G_TYPE_OBJECT)

/* What is done once for all who ask for the same: looked up on disk, fetched, decoded, one after
 * the other in the threads of three pools. Belongs to the main context; while a step is under way,
 * its thread reads all but the waiters. */
typedef struct
{
  GanThumbnails *self;
  char *key;
  char *url;
  int max_size;
  GBytes *file;
  GCancellable *cancellable;
  GPtrArray *waiters; /* of Waiter; empty: given up */
} Flight;

/* Somebody who asked. */
typedef struct
{
  GTask *task;
  Flight *flight; /* NULL once it has been answered */
  gulong handler;
} Waiter;

static void fetch_step (Flight *flight);
static void decode_step (Flight *flight);

static void
flight_free (Flight *flight)
{
  g_ptr_array_unref (flight->waiters);
  g_object_unref (flight->cancellable);
  g_clear_pointer (&flight->file, g_bytes_unref);
  g_free (flight->url);
  g_free (flight->key);
  g_object_unref (flight->self);
  g_free (flight);
}

static void
waiter_clear (gpointer data)
{
  Waiter *waiter = data;

  g_object_unref (waiter->task);
}

static void
waiter_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, waiter_clear);
}

/* Once nobody waits for it, the next who asks begins anew. */
static void
give_up (Flight *flight)
{
  g_hash_table_remove (flight->self->flights, flight->key);
  g_cancellable_cancel (flight->cancellable);
}

static gboolean
leave_cb (gpointer data)
{
  Waiter *waiter = data;
  Flight *flight = waiter->flight;

  if (flight == NULL)
    return G_SOURCE_REMOVE;
  waiter->flight = NULL;
  g_cancellable_disconnect (g_task_get_cancellable (waiter->task), waiter->handler);
  g_task_return_error_if_cancelled (waiter->task);
  g_ptr_array_remove_fast (flight->waiters, waiter);
  if (flight->waiters->len == 0)
    give_up (flight);
  return G_SOURCE_REMOVE;
}

/* In whatever thread cancels; the rest is done on the main context. */
static void
cancelled_cb (GCancellable *cancellable, Waiter *waiter)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, leave_cb, g_atomic_rc_box_acquire (waiter), waiter_unref);
  g_source_attach (source, g_task_get_context (waiter->task));
}

static void
join (Flight *flight, GTask *task)
{
  GCancellable *cancellable = g_task_get_cancellable (task);
  Waiter *waiter = g_atomic_rc_box_new0 (Waiter);

  waiter->task = g_object_ref (task);
  waiter->flight = flight;
  g_ptr_array_add (flight->waiters, waiter);
  if (cancellable != NULL)
    waiter->handler = g_cancellable_connect (cancellable,
                                             G_CALLBACK (cancelled_cb),
                                             g_atomic_rc_box_acquire (waiter),
                                             waiter_unref);
}

static void
answer (Waiter *waiter, const GanPicture *picture, const GError *error)
{
  g_cancellable_disconnect (g_task_get_cancellable (waiter->task), waiter->handler);
  waiter->flight = NULL;
  if (picture != NULL)
    g_task_return_pointer (waiter->task,
                           gan_picture_memory_copy (picture),
                           (GDestroyNotify) gan_picture_free);
  else
    g_task_return_error (waiter->task, g_error_copy (error));
}

/* Everybody who waits is answered, and the answer kept. Nobody waits for one that was given up. */
static void
land (Flight *flight, const GanPicture *picture, const GError *error)
{
  GanThumbnails *self = flight->self;

  if (flight->waiters->len > 0)
    {
      g_hash_table_remove (self->flights, flight->key);
      if (picture != NULL)
        gan_picture_memory_add (self->memory, flight->key, picture);
      else if (!gan_error_is_cancelled (error))
        gan_picture_memory_add_failure (self->memory,
                                        flight->key,
                                        error,
                                        gan_clock_get_monotonic (gan_clock_get_system ())
                                            + FAILURE_TIME);
    }
  for (guint i = 0; i < flight->waiters->len; i++)
    answer (g_ptr_array_index (flight->waiters, i), picture, error);
  flight_free (flight);
}

/* A step's task has no source object: its last reference may go in a thread of the pool, which
 * cannot free its own pool. */
static void
run_step (Flight *flight, GanPool *pool, GTaskThreadFunc func, GAsyncReadyCallback callback)
{
  g_autoptr (GTask) task = g_task_new (NULL, flight->cancellable, callback, flight);

  g_task_set_task_data (task, flight, NULL);
  gan_pool_run (pool, task, func);
}

static void
read_in_pool (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  Flight *flight = task_data;

  g_task_return_pointer (task,
                         gan_thumbnail_cache_load (flight->self->cache, flight->key),
                         (GDestroyNotify) gan_picture_free);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Flight *flight = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GanPicture) picture = g_task_propagate_pointer (G_TASK (result), &error);

  if (picture == NULL && error == NULL)
    fetch_step (flight);
  else
    land (flight, picture, error);
}

static GanRequest *
make_request (const char *text, GError **error)
{
  g_autoptr (GanUrl) url = gan_url_parse (text, error);
  GanRequest *request = NULL;

  if (url == NULL)
    return NULL;
  if (!gan_url_is_https (url) && g_strcmp0 (gan_url_get_scheme (url), "http") != 0)
    {
      gan_error_set (error, GAN_ERROR_NOT_ALLOWED, "scheme", "thumbnails come by HTTP only");
      return NULL;
    }
  request = gan_request_new ("GET", url);
  gan_request_set_purpose (request, GAN_REQUEST_MEDIA);
  /* What gannet-media decodes: some servers have AVIF as well. */
  gan_request_set_header (request, "Accept", "image/webp,image/png,image/jpeg,image/gif");
  gan_request_set_max_bytes (request, GAN_LIMIT_PICTURE_BYTES);
  gan_request_set_address_policy (request, GAN_ADDRESS_ANY);
  return request;
}

static void
fetch_in_pool (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  const Flight *flight = task_data;
  GError *error = NULL;
  g_autoptr (GanRequest) request = make_request (flight->url, &error);
  g_autoptr (GanReply) reply
      = request != NULL
            ? gan_http_fetch (gan_app_get_http (flight->self->app), request, cancellable, &error)
            : NULL;

  if (reply != NULL && gan_reply_check_status (reply, &error))
    g_task_return_pointer (task,
                           g_bytes_ref (gan_reply_get_bytes (reply)),
                           (GDestroyNotify) g_bytes_unref);
  else
    g_task_return_error (task, error);
}

static void
fetched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Flight *flight = user_data;
  g_autoptr (GError) error = NULL;

  flight->file = g_task_propagate_pointer (G_TASK (result), &error);
  if (flight->file != NULL)
    decode_step (flight);
  else
    land (flight, NULL, error);
}

static void
fetch_step (Flight *flight)
{
  run_step (flight, flight->self->fetch_pool, fetch_in_pool, fetched_cb);
}

/* Without room on disk a thumbnail is shown all the same. */
static void
store (const Flight *flight, const GanPicture *picture)
{
  g_autoptr (GError) problem = NULL;

  if (flight->self->cache == NULL)
    return;
  if (!gan_thumbnail_cache_store (flight->self->cache, flight->key, picture, &problem))
    g_info ("a thumbnail is not kept: %s", problem->message);
}

static void
decode_in_pool (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  const Flight *flight = task_data;
  GanMediaHelper *helper = gan_app_get_media (flight->self->app);
  GError *error = NULL;
  GanPicture *picture = NULL;

  if (helper == NULL)
    gan_error_set (&error, GAN_ERROR_INTERNAL, "helper-missing", "there is no gannet-media");
  else
    picture = gan_media_helper_decode_image (helper,
                                             flight->file,
                                             flight->max_size,
                                             cancellable,
                                             &error);
  if (picture == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  store (flight, picture);
  g_task_return_pointer (task, picture, (GDestroyNotify) gan_picture_free);
}

static void
decoded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Flight *flight = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GanPicture) picture = g_task_propagate_pointer (G_TASK (result), &error);

  land (flight, picture, error);
}

static void
decode_step (Flight *flight)
{
  run_step (flight, flight->self->decode_pool, decode_in_pool, decoded_cb);
}

static Flight *
start_flight (GanThumbnails *self, const char *key, const char *url, int max_size)
{
  Flight *flight = g_new0 (Flight, 1);

  flight->self = g_object_ref (self);
  flight->key = g_strdup (key);
  flight->url = g_strdup (url);
  flight->max_size = max_size;
  flight->cancellable = g_cancellable_new ();
  flight->waiters = g_ptr_array_new_with_free_func (waiter_unref);
  g_hash_table_insert (self->flights, flight->key, flight);
  if (self->cache != NULL)
    run_step (flight, self->read_pool, read_in_pool, read_cb);
  else
    fetch_step (flight);
  return flight;
}

static char *
make_key (const char *url, int max_size)
{
  g_autofree char *text = g_strdup_printf ("%d\n%s", max_size, url);

  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
}

/**
 * gan_thumbnails_load_async:
 * @self: the thumbnails
 * @url: where the picture is, http or https
 * @max_size: of the longer side in device pixels, at most %GAN_LIMIT_THUMBNAIL_SIZE
 * @cancellable: (nullable): the row that wanted it is gone
 * @callback: told when it is there
 * @user_data: for @callback
 *
 * Looks in memory, on disk, and in the network. Who asks for what another one waits for waits with
 * them; work for nobody ends. A failure is believed for a minute.
 */
void
gan_thumbnails_load_async (GanThumbnails *self,
                           const char *url,
                           int max_size,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autofree char *key = NULL;
  GanPicture *picture = NULL;
  GError *error = NULL;
  Flight *flight = NULL;

  g_return_if_fail (GAN_IS_THUMBNAILS (self) && url != NULL);
  g_return_if_fail (max_size > 0 && max_size <= GAN_LIMIT_THUMBNAIL_SIZE);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, gan_thumbnails_load_async);
  if (g_task_return_error_if_cancelled (task))
    return;
  key = make_key (url, max_size);
  if (gan_picture_memory_find (self->memory,
                               key,
                               gan_clock_get_monotonic (gan_clock_get_system ()),
                               &picture,
                               &error))
    {
      if (picture != NULL)
        g_task_return_pointer (task, picture, (GDestroyNotify) gan_picture_free);
      else
        g_task_return_error (task, error);
      return;
    }
  flight = g_hash_table_lookup (self->flights, key);
  if (flight == NULL)
    flight = start_flight (self, key, url, max_size);
  join (flight, task);
}

/**
 * gan_thumbnails_load_finish:
 * @self: the thumbnails
 * @result: what the callback was given
 * @error: what gan_http_fetch() and gan_media_helper_decode_image() fail with;
 *   %GAN_ERROR_NOT_ALLOWED for another scheme
 *
 * Returns: (transfer full): the picture
 */
GanPicture *
gan_thumbnails_load_finish (GanThumbnails *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
gan_thumbnails_finalize (GObject *object)
{
  GanThumbnails *self = GAN_THUMBNAILS (object);

  gan_pool_free (self->read_pool);
  gan_pool_free (self->fetch_pool);
  gan_pool_free (self->decode_pool);
  g_hash_table_unref (self->flights);
  gan_picture_memory_free (self->memory);
  gan_thumbnail_cache_free (self->cache);
  G_OBJECT_CLASS (gan_thumbnails_parent_class)->finalize (object);
}

static void
gan_thumbnails_class_init (GanThumbnailsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = gan_thumbnails_finalize;
}

static void
gan_thumbnails_init (GanThumbnails *self)
{
  self->memory = gan_picture_memory_new (GAN_LIMIT_THUMBNAIL_MEMORY_BYTES);
  self->flights = g_hash_table_new (g_str_hash, g_str_equal);
  self->read_pool = gan_pool_new ("thumb-read", READ_THREADS);
  self->fetch_pool = gan_pool_new ("thumb-fetch", FETCH_THREADS);
  self->decode_pool = gan_pool_new ("thumb-decode", DECODE_THREADS);
}

/**
 * gan_thumbnails_set_limits:
 * @self: thumbnails that nobody has asked for anything
 * @max_bytes: of the cache on disk
 * @max_files: likewise
 */
void
gan_thumbnails_set_limits (GanThumbnails *self, gint64 max_bytes, guint max_files)
{
  g_autofree char *folder = NULL;

  if (gan_app_get_cache_dir (self->app) == NULL)
    return;
  folder = g_build_filename (gan_app_get_cache_dir (self->app), "thumbnails", NULL);
  g_clear_pointer (&self->cache, gan_thumbnail_cache_free);
  self->cache = gan_thumbnail_cache_new (folder, max_bytes, max_files);
}

/**
 * gan_thumbnails_forget:
 * @self: the thumbnails
 */
void
gan_thumbnails_forget (GanThumbnails *self)
{
  gan_picture_memory_free (self->memory);
  self->memory = gan_picture_memory_new (GAN_LIMIT_THUMBNAIL_MEMORY_BYTES);
}

/**
 * gan_thumbnails_new:
 * @app: a running program's parts; outlive it
 *
 * Returns: (transfer full): the thumbnails, to be used on the main context
 */
GanThumbnails *
gan_thumbnails_new (GanApp *app)
{
  GanThumbnails *self = NULL;

  g_return_val_if_fail (app != NULL, NULL);

  self = g_object_new (GAN_TYPE_THUMBNAILS, NULL);
  self->app = app;
  gan_thumbnails_set_limits (self,
                             GAN_LIMIT_THUMBNAIL_CACHE_BYTES,
                             GAN_LIMIT_THUMBNAIL_CACHE_FILES);
  return self;
}
