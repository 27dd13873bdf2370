/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-batch.h"

#include "gan-limits.h"

typedef struct
{
  GanRegistry *registry;
  GPtrArray *urls;
  GanBatchFunc func;
  gpointer user_data;
  GCancellable *cancellable; /* the batch's own: the caller's ends it, and so does the func */

  GMutex mutex; /* guards next, and that func is called once at a time */
  guint next;
} Batch;

static gboolean
take_next (Batch *batch, guint *index)
{
  g_mutex_lock (&batch->mutex);
  *index = batch->next;
  if (*index < batch->urls->len && !g_cancellable_is_cancelled (batch->cancellable))
    batch->next++;
  else
    *index = batch->urls->len;
  g_mutex_unlock (&batch->mutex);
  return *index < batch->urls->len;
}

static void
hand_out (Batch *batch, guint index, GanMedia *media, const GError *error)
{
  g_mutex_lock (&batch->mutex);
  if (!g_cancellable_is_cancelled (batch->cancellable)
      && !batch->func (index, media, error, batch->user_data))
    g_cancellable_cancel (batch->cancellable);
  g_mutex_unlock (&batch->mutex);
}

static gpointer
resolve_thread (gpointer data)
{
  Batch *batch = data;
  guint index;

  while (take_next (batch, &index))
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GanMedia) media = gan_registry_resolve (batch->registry,
                                                         g_ptr_array_index (batch->urls, index),
                                                         batch->cancellable,
                                                         &error);

      hand_out (batch, index, media, error);
    }
  return NULL;
}

static void
cancel_batch (GCancellable *cancellable, gpointer batch_cancellable)
{
  g_cancellable_cancel (batch_cancellable);
}

/**
 * gan_batch_resolve:
 * @registry: a registry
 * @urls: (element-type GanUrl): links
 * @parallel: how many at a time, at most what the registry allows; 0 for just that
 * @func: called from a worker thread, once at a time, with each result as it is there
 * @user_data: for @func
 * @cancellable: (nullable): to end it early
 * @error: return location for an error
 *
 * Resolves many links. A link that fails is a result as any other. When @func returns %FALSE, what
 * runs is cancelled, and it is not called again. Blocks until all threads have ended.
 *
 * Returns: %FALSE with %G_IO_ERROR_CANCELLED when @cancellable ended it
 */
gboolean
gan_batch_resolve (GanRegistry *registry,
                   GPtrArray *urls,
                   guint parallel,
                   GanBatchFunc func,
                   gpointer user_data,
                   GCancellable *cancellable,
                   GError **error)
{
  g_autoptr (GCancellable) own = g_cancellable_new ();
  g_autoptr (GPtrArray) threads = g_ptr_array_new ();
  Batch batch = { registry, urls, func, user_data, own };
  gulong id = 0;

  g_return_val_if_fail (GAN_IS_REGISTRY (registry), FALSE);
  g_return_val_if_fail (urls != NULL && func != NULL, FALSE);

  if (parallel == 0 || parallel > gan_registry_get_max_threads (registry))
    parallel = gan_registry_get_max_threads (registry);
  g_mutex_init (&batch.mutex);
  if (cancellable != NULL)
    id = g_cancellable_connect (cancellable, G_CALLBACK (cancel_batch), own, NULL);
  for (guint i = 0; i < MIN (parallel, urls->len); i++)
    g_ptr_array_add (threads, g_thread_new ("batch", resolve_thread, &batch));
  for (guint i = 0; i < threads->len; i++)
    g_thread_join (g_ptr_array_index (threads, i));
  g_cancellable_disconnect (cancellable, id);
  g_mutex_clear (&batch.mutex);
  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}

/* Hands out a page, as far as the limit goes. FALSE: enough. */
static gboolean
hand_out_page (GanPage *page, guint limit, guint *count, GanBatchFunc func, gpointer user_data)
{
  for (guint i = 0; i < gan_page_get_n_media (page); i++)
    {
      if (*count == limit)
        return FALSE;
      if (!func ((*count)++, gan_page_get_media (page, i), NULL, user_data))
        return FALSE;
    }
  return *count < limit;
}

/**
 * gan_batch_list:
 * @registry: a registry
 * @url: a link to a playlist, channel, user or tag
 * @limit: how many are wanted, at most %GAN_LIMIT_LIST_ENTRIES; 0 for just that
 * @func: called in this thread with one medium after the other, as soon as its page is there
 * @user_data: for @func
 * @cancellable: (nullable): to end it early
 * @error: return location for an error
 *
 * Lists page after page until there is no more, the limit is reached or @func returns %FALSE. A
 * site that sends the same page again, or two empty ones in a row, is at its end. Blocks.
 *
 * Returns: whether all went well; what was handed out before an error counts all the same
 */
gboolean
gan_batch_list (GanRegistry *registry,
                GanUrl *url,
                guint limit,
                GanBatchFunc func,
                gpointer user_data,
                GCancellable *cancellable,
                GError **error)
{
  g_autofree char *cursor = NULL;
  guint empty = 0;
  guint count = 0;

  g_return_val_if_fail (GAN_IS_REGISTRY (registry), FALSE);
  g_return_val_if_fail (url != NULL && func != NULL, FALSE);

  if (limit == 0 || limit > GAN_LIMIT_LIST_ENTRIES)
    limit = GAN_LIMIT_LIST_ENTRIES;
  while (empty < 2)
    {
      g_autoptr (GanPage) page
          = gan_registry_list (registry, url, cursor, limit - count, cancellable, error);
      const char *next;

      if (page == NULL)
        return FALSE;
      empty = gan_page_get_n_media (page) == 0 ? empty + 1 : 0;
      next = gan_page_get_next_cursor (page);
      if (!hand_out_page (page, limit, &count, func, user_data) || next == NULL
          || g_strcmp0 (next, cursor) == 0)
        break;
      g_free (cursor);
      cursor = g_strdup (next);
    }
  return TRUE;
}
