/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tells ThreadSanitizer what GLib's locks, queues and counters order.
 *
 * GLib comes without instrumentation and builds its locks on futexes, so ThreadSanitizer sees
 * neither its accesses nor what orders ours. In a build with b_sanitize=thread every test program
 * links this file: functions of the same names as GLib's, found first by the program and by GIO and
 * libsoup alike, that call GLib's own and say before and after what happened. What the libraries do
 * among themselves is left out by gan-tsan.supp; our own code gets no suppression. A lock taken
 * without these functions, or a race beside a lock, is still reported: test-tsan.c proves it.
 *
 * The file itself is compiled without instrumentation. */
#include "config.h"

#include <dlfcn.h>
#include <gio/gio.h>
#include <sanitizer/tsan_interface.h>

#undef g_once
#undef g_once_init_enter
#undef g_once_init_leave

/* The name that the linker knows a function of ours by. */
#define INSTEAD_OF(name) __asm__(#name)

/* GLib's function behind ours. */
#define REAL(name)                                                                                 \
  ({                                                                                               \
    static typeof (&name) real_##name;                                                             \
    if (G_UNLIKELY (real_##name == NULL))                                                          \
      real_##name = (typeof (&name)) dlsym (RTLD_NEXT, #name);                                     \
    real_##name;                                                                                   \
  })

/* Locks. All may lie in memory that was zeroed and never initialised by a call. */

#define LOCK_FLAGS __tsan_mutex_linker_init

#define DEFINE_LOCK(name, type, flags)                                                             \
  void gan_tsan_##name (type *lock) INSTEAD_OF (name);                                             \
  void gan_tsan_##name (type *lock)                                                                \
  {                                                                                                \
    __tsan_mutex_pre_lock (lock, LOCK_FLAGS | (flags));                                            \
    REAL (name) (lock);                                                                            \
    __tsan_mutex_post_lock (lock, LOCK_FLAGS | (flags), 0);                                        \
  }

#define DEFINE_TRY_LOCK(name, type, flags)                                                         \
  gboolean gan_tsan_##name (type *lock) INSTEAD_OF (name);                                         \
  gboolean gan_tsan_##name (type *lock)                                                            \
  {                                                                                                \
    gboolean locked;                                                                               \
                                                                                                   \
    __tsan_mutex_pre_lock (lock, LOCK_FLAGS | __tsan_mutex_try_lock | (flags));                    \
    locked = REAL (name) (lock);                                                                   \
    __tsan_mutex_post_lock (lock,                                                                  \
                            LOCK_FLAGS | __tsan_mutex_try_lock | (flags)                           \
                                | (locked ? 0 : __tsan_mutex_try_lock_failed),                     \
                            0);                                                                    \
    return locked;                                                                                 \
  }

#define DEFINE_UNLOCK(name, type, flags)                                                           \
  void gan_tsan_##name (type *lock) INSTEAD_OF (name);                                             \
  void gan_tsan_##name (type *lock)                                                                \
  {                                                                                                \
    __tsan_mutex_pre_unlock (lock, LOCK_FLAGS | (flags));                                          \
    REAL (name) (lock);                                                                            \
    __tsan_mutex_post_unlock (lock, LOCK_FLAGS | (flags));                                         \
  }

#define DEFINE_CLEAR(name, type)                                                                   \
  void gan_tsan_##name (type *lock) INSTEAD_OF (name);                                             \
  void gan_tsan_##name (type *lock)                                                                \
  {                                                                                                \
    __tsan_mutex_destroy (lock, LOCK_FLAGS);                                                       \
    REAL (name) (lock);                                                                            \
  }

#define RECURSIVE (__tsan_mutex_write_reentrant)
#define READ (__tsan_mutex_read_lock)

DEFINE_LOCK (g_mutex_lock, GMutex, 0)
DEFINE_TRY_LOCK (g_mutex_trylock, GMutex, 0)
DEFINE_UNLOCK (g_mutex_unlock, GMutex, 0)
DEFINE_CLEAR (g_mutex_clear, GMutex)

DEFINE_LOCK (g_rec_mutex_lock, GRecMutex, RECURSIVE)
DEFINE_TRY_LOCK (g_rec_mutex_trylock, GRecMutex, RECURSIVE)
DEFINE_CLEAR (g_rec_mutex_clear, GRecMutex)

/* Classes are made under a recursive lock of GObject, but found without it. */
static char classes;

void gan_tsan_g_rec_mutex_unlock (GRecMutex *lock) INSTEAD_OF (g_rec_mutex_unlock);

void
gan_tsan_g_rec_mutex_unlock (GRecMutex *lock)
{
  __tsan_release (&classes);
  __tsan_mutex_pre_unlock (lock, LOCK_FLAGS | RECURSIVE);
  REAL (g_rec_mutex_unlock) (lock);
  __tsan_mutex_post_unlock (lock, LOCK_FLAGS | RECURSIVE);
}

gpointer gan_tsan_g_type_class_ref (GType type) INSTEAD_OF (g_type_class_ref);

gpointer
gan_tsan_g_type_class_ref (GType type)
{
  gpointer class = REAL (g_type_class_ref) (type);

  __tsan_acquire (&classes);
  return class;
}

gpointer gan_tsan_g_object_new (GType type, const char *first_property, ...)
    INSTEAD_OF (g_object_new);

gpointer
gan_tsan_g_object_new (GType type, const char *first_property, ...)
{
  GObject *object;
  va_list arguments;

  gan_tsan_g_type_class_ref (type);
  va_start (arguments, first_property);
  object = REAL (g_object_new_valist) (type, first_property, arguments);
  va_end (arguments);
  return object;
}

GObject *gan_tsan_g_object_new_with_properties (GType type,
                                                guint n_properties,
                                                const char *names[],
                                                const GValue values[])
    INSTEAD_OF (g_object_new_with_properties);

GObject *
gan_tsan_g_object_new_with_properties (GType type,
                                       guint n_properties,
                                       const char *names[],
                                       const GValue values[])
{
  gan_tsan_g_type_class_ref (type);
  return REAL (g_object_new_with_properties) (type, n_properties, names, values);
}

DEFINE_LOCK (g_rw_lock_writer_lock, GRWLock, 0)
DEFINE_TRY_LOCK (g_rw_lock_writer_trylock, GRWLock, 0)
DEFINE_UNLOCK (g_rw_lock_writer_unlock, GRWLock, 0)
DEFINE_LOCK (g_rw_lock_reader_lock, GRWLock, READ)
DEFINE_TRY_LOCK (g_rw_lock_reader_trylock, GRWLock, READ)
DEFINE_UNLOCK (g_rw_lock_reader_unlock, GRWLock, READ)
DEFINE_CLEAR (g_rw_lock_clear, GRWLock)

/* A wait gives the lock away and takes it again, inside GLib. */
void gan_tsan_g_cond_wait (GCond *cond, GMutex *mutex) INSTEAD_OF (g_cond_wait);

void
gan_tsan_g_cond_wait (GCond *cond, GMutex *mutex)
{
  __tsan_mutex_pre_unlock (mutex, LOCK_FLAGS);
  __tsan_mutex_post_unlock (mutex, LOCK_FLAGS);
  REAL (g_cond_wait) (cond, mutex);
  __tsan_mutex_pre_lock (mutex, LOCK_FLAGS);
  __tsan_mutex_post_lock (mutex, LOCK_FLAGS, 0);
}

gboolean gan_tsan_g_cond_wait_until (GCond *cond, GMutex *mutex, gint64 end_time)
    INSTEAD_OF (g_cond_wait_until);

gboolean
gan_tsan_g_cond_wait_until (GCond *cond, GMutex *mutex, gint64 end_time)
{
  gboolean signalled;

  __tsan_mutex_pre_unlock (mutex, LOCK_FLAGS);
  __tsan_mutex_post_unlock (mutex, LOCK_FLAGS);
  signalled = REAL (g_cond_wait_until) (cond, mutex, end_time);
  __tsan_mutex_pre_lock (mutex, LOCK_FLAGS);
  __tsan_mutex_post_lock (mutex, LOCK_FLAGS, 0);
  return signalled;
}

/* What is made once. The check before the call is an atomic load in our own code, which acquires by
 * the same address. */

gboolean gan_tsan_g_once_init_enter (volatile void *location) INSTEAD_OF (g_once_init_enter);

gboolean
gan_tsan_g_once_init_enter (volatile void *location)
{
  gboolean first = REAL (g_once_init_enter) (location);

  __tsan_acquire ((void *) location);
  return first;
}

void gan_tsan_g_once_init_leave (volatile void *location, gsize result)
    INSTEAD_OF (g_once_init_leave);

void
gan_tsan_g_once_init_leave (volatile void *location, gsize result)
{
  __tsan_release ((void *) location);
  REAL (g_once_init_leave) (location, result);
}

gpointer gan_tsan_g_once_impl (GOnce *once, GThreadFunc func, gpointer arg)
    INSTEAD_OF (g_once_impl);

gpointer
gan_tsan_g_once_impl (GOnce *once, GThreadFunc func, gpointer arg)
{
  gpointer result;

  __tsan_release (once);
  result = REAL (g_once_impl) (once, func, arg);
  __tsan_acquire (once);
  return result;
}

/* Reference counts: what was done with a reference comes before the end of the last one. */

#define DEFINE_UNREF(name, type)                                                                   \
  void gan_tsan_##name (type *object) INSTEAD_OF (name);                                           \
  void gan_tsan_##name (type *object)                                                              \
  {                                                                                                \
    if (object != NULL)                                                                            \
      {                                                                                            \
        __tsan_release ((void *) object);                                                          \
        __tsan_acquire ((void *) object);                                                          \
      }                                                                                            \
    REAL (name) (object);                                                                          \
  }

DEFINE_UNREF (g_object_unref, void)
DEFINE_UNREF (g_bytes_unref, GBytes)
DEFINE_UNREF (g_hash_table_unref, GHashTable)
DEFINE_UNREF (g_ptr_array_unref, GPtrArray)
DEFINE_UNREF (g_byte_array_unref, GByteArray)
DEFINE_UNREF (g_uri_unref, GUri)
DEFINE_UNREF (g_date_time_unref, GDateTime)
DEFINE_UNREF (g_source_unref, GSource)
DEFINE_UNREF (g_atomic_rc_box_release, void)

void gan_tsan_g_atomic_rc_box_release_full (gpointer mem_block, GDestroyNotify clear_func)
    INSTEAD_OF (g_atomic_rc_box_release_full);

void
gan_tsan_g_atomic_rc_box_release_full (gpointer mem_block, GDestroyNotify clear_func)
{
  __tsan_release (mem_block);
  __tsan_acquire (mem_block);
  REAL (g_atomic_rc_box_release_full) (mem_block, clear_func);
}

#undef g_atomic_ref_count_dec
gboolean gan_tsan_g_atomic_ref_count_dec (gatomicrefcount *count)
    INSTEAD_OF (g_atomic_ref_count_dec);

gboolean
gan_tsan_g_atomic_ref_count_dec (gatomicrefcount *count)
{
  gboolean last;

  __tsan_release (count);
  last = REAL (g_atomic_ref_count_dec) (count);
  if (last)
    __tsan_acquire (count);
  return last;
}

/* Queues: by the queue, for what is in it need not be an address. */

void gan_tsan_g_async_queue_push (GAsyncQueue *queue, gpointer data)
    INSTEAD_OF (g_async_queue_push);

void
gan_tsan_g_async_queue_push (GAsyncQueue *queue, gpointer data)
{
  __tsan_release (queue);
  REAL (g_async_queue_push) (queue, data);
}

#define DEFINE_POP(name)                                                                           \
  gpointer gan_tsan_##name (GAsyncQueue *queue) INSTEAD_OF (name);                                 \
  gpointer gan_tsan_##name (GAsyncQueue *queue)                                                    \
  {                                                                                                \
    gpointer data = REAL (name) (queue);                                                           \
                                                                                                   \
    __tsan_acquire (queue);                                                                        \
    return data;                                                                                   \
  }

DEFINE_POP (g_async_queue_pop)
DEFINE_POP (g_async_queue_try_pop)

gpointer gan_tsan_g_async_queue_timeout_pop (GAsyncQueue *queue, guint64 timeout)
    INSTEAD_OF (g_async_queue_timeout_pop);

gpointer
gan_tsan_g_async_queue_timeout_pop (GAsyncQueue *queue, guint64 timeout)
{
  gpointer data = REAL (g_async_queue_timeout_pop) (queue, timeout);

  __tsan_acquire (queue);
  return data;
}

/* Calls that another thread makes later: in a pool, in a main loop. */

typedef struct
{
  GFunc pool_func;
  GSourceFunc source_func;
  gpointer data;
  GDestroyNotify notify;
} Call;

static void
run_in_pool (gpointer data, gpointer user_data)
{
  Call *call = user_data;

  __tsan_acquire (call);
  call->pool_func (data, call->data);
  __tsan_release (call);
}

/* The call lives as long as the program: nothing tells when a pool has ended. */
GThreadPool *gan_tsan_g_thread_pool_new (GFunc func,
                                         gpointer user_data,
                                         int max_threads,
                                         gboolean exclusive,
                                         GError **error) INSTEAD_OF (g_thread_pool_new);

GThreadPool *
gan_tsan_g_thread_pool_new (GFunc func,
                            gpointer user_data,
                            int max_threads,
                            gboolean exclusive,
                            GError **error)
{
  Call *call = g_new0 (Call, 1);

  call->pool_func = func;
  call->data = user_data;
  return REAL (g_thread_pool_new) (run_in_pool, call, max_threads, exclusive, error);
}

gboolean gan_tsan_g_thread_pool_push (GThreadPool *pool, gpointer data, GError **error)
    INSTEAD_OF (g_thread_pool_push);

gboolean
gan_tsan_g_thread_pool_push (GThreadPool *pool, gpointer data, GError **error)
{
  if (pool->func == run_in_pool)
    __tsan_release (pool->user_data);
  return REAL (g_thread_pool_push) (pool, data, error);
}

void gan_tsan_g_thread_pool_free (GThreadPool *pool, gboolean immediate, gboolean wait)
    INSTEAD_OF (g_thread_pool_free);

void
gan_tsan_g_thread_pool_free (GThreadPool *pool, gboolean immediate, gboolean wait)
{
  gpointer call = pool->func == run_in_pool ? pool->user_data : NULL;

  REAL (g_thread_pool_free) (pool, immediate, wait);
  if (call != NULL && wait)
    __tsan_acquire (call);
}

static gboolean
run_in_loop (gpointer data)
{
  Call *call = data;

  __tsan_acquire (call);
  return call->source_func (call->data);
}

static void
free_call (gpointer data)
{
  Call *call = data;

  __tsan_acquire (call);
  if (call->notify != NULL)
    call->notify (call->data);
  g_free (call);
}

static Call *
new_call (GSourceFunc func, gpointer data, GDestroyNotify notify)
{
  Call *call = g_new0 (Call, 1);

  call->source_func = func;
  call->data = data;
  call->notify = notify;
  __tsan_release (call);
  return call;
}

/* Other kinds of sources give their callbacks other arguments. */
void gan_tsan_g_source_set_callback (GSource *source,
                                     GSourceFunc func,
                                     gpointer data,
                                     GDestroyNotify notify) INSTEAD_OF (g_source_set_callback);

void
gan_tsan_g_source_set_callback (GSource *source,
                                GSourceFunc func,
                                gpointer data,
                                GDestroyNotify notify)
{
  if (func != NULL
      && (source->source_funcs == &g_idle_funcs || source->source_funcs == &g_timeout_funcs))
    REAL (g_source_set_callback) (source, run_in_loop, new_call (func, data, notify), free_call);
  else
    REAL (g_source_set_callback) (source, func, data, notify);
}

guint gan_tsan_g_idle_add (GSourceFunc function, gpointer data) INSTEAD_OF (g_idle_add);

guint
gan_tsan_g_idle_add (GSourceFunc function, gpointer data)
{
  return REAL (g_idle_add_full) (G_PRIORITY_DEFAULT_IDLE,
                                 run_in_loop,
                                 new_call (function, data, NULL),
                                 free_call);
}

guint
gan_tsan_g_idle_add_full (int priority, GSourceFunc function, gpointer data, GDestroyNotify notify)
    INSTEAD_OF (g_idle_add_full);

guint
gan_tsan_g_idle_add_full (int priority, GSourceFunc function, gpointer data, GDestroyNotify notify)
{
  return REAL (
      g_idle_add_full) (priority, run_in_loop, new_call (function, data, notify), free_call);
}

/* Results of tasks, and cancelling. */

#define DEFINE_RETURN(name, type)                                                                  \
  void gan_tsan_##name (GTask *task, type result) INSTEAD_OF (name);                               \
  void gan_tsan_##name (GTask *task, type result)                                                  \
  {                                                                                                \
    __tsan_release (task);                                                                         \
    REAL (name) (task, result);                                                                    \
  }

#define DEFINE_PROPAGATE(name, type)                                                               \
  type gan_tsan_##name (GTask *task, GError **error) INSTEAD_OF (name);                            \
  type gan_tsan_##name (GTask *task, GError **error)                                               \
  {                                                                                                \
    __tsan_acquire (task);                                                                         \
    return REAL (name) (task, error);                                                              \
  }

DEFINE_RETURN (g_task_return_boolean, gboolean)
DEFINE_RETURN (g_task_return_int, gssize)
DEFINE_RETURN (g_task_return_error, GError *)
DEFINE_PROPAGATE (g_task_propagate_boolean, gboolean)
DEFINE_PROPAGATE (g_task_propagate_int, gssize)
DEFINE_PROPAGATE (g_task_propagate_pointer, gpointer)

void gan_tsan_g_task_return_pointer (GTask *task, gpointer result, GDestroyNotify result_destroy)
    INSTEAD_OF (g_task_return_pointer);

void
gan_tsan_g_task_return_pointer (GTask *task, gpointer result, GDestroyNotify result_destroy)
{
  __tsan_release (task);
  REAL (g_task_return_pointer) (task, result, result_destroy);
}

void gan_tsan_g_cancellable_cancel (GCancellable *cancellable) INSTEAD_OF (g_cancellable_cancel);

void
gan_tsan_g_cancellable_cancel (GCancellable *cancellable)
{
  if (cancellable != NULL)
    __tsan_release (cancellable);
  REAL (g_cancellable_cancel) (cancellable);
}

gboolean gan_tsan_g_cancellable_is_cancelled (GCancellable *cancellable)
    INSTEAD_OF (g_cancellable_is_cancelled);

gboolean
gan_tsan_g_cancellable_is_cancelled (GCancellable *cancellable)
{
  gboolean cancelled = REAL (g_cancellable_is_cancelled) (cancellable);

  if (cancelled)
    __tsan_acquire (cancellable);
  return cancelled;
}
