/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-download.h"

#include "gan-error.h"
#include "gan-limits.h"

/* What became of one file, kept until its turn has come. */
typedef struct
{
  GanLibraryRow *row;
  GanTransferResult *result;
  GError *error;
} Outcome;

/* One link on its way. */
typedef struct
{
  struct _Many *many;
  guint index;
  gboolean is_over;
  gboolean has_failed;
  GError *error;
  GanMedia *media;     /* what it leads to, once that is known */
  GPtrArray *outcomes; /* of Outcome, not told yet */
  gint64 before;       /* bytes of its files that are finished */
  gint64 downloaded;   /* of the file that is on its way, like total and speed */
  gint64 total;
  gint64 speed;
} Link;

typedef struct _Many
{
  GanApp *app;
  const char *const *texts;
  const GanDownloadOptions *options;
  const GanDownloadListener *listener;
  GCancellable *cancellable;

  GMutex mutex; /* for what follows, and held while the listener is told */
  Link *links;
  guint n_links;
  guint n_begun;
  guint turn; /* the link whose files are told as they come */
} Many;

static void
outcome_free (gpointer data)
{
  Outcome *self = data;

  g_clear_object (&self->row);
  gan_transfer_result_free (self->result);
  g_clear_error (&self->error);
  g_free (self);
}

static Outcome *
outcome_new (GanLibraryRow *row, const GanTransferResult *result, const GError *error)
{
  Outcome *self = g_new0 (Outcome, 1);

  g_set_object (&self->row, row);
  if (result != NULL)
    {
      self->result = g_new0 (GanTransferResult, 1);
      *self->result = *result;
      self->result->file = g_strdup (result->file);
      self->result->format_id = g_strdup (result->format_id);
    }
  self->error = error != NULL ? g_error_copy (error) : NULL;
  return self;
}

static gint64
add_known (gint64 sum, gint64 more)
{
  return sum == GAN_UNKNOWN || more == GAN_UNKNOWN ? GAN_UNKNOWN : sum + more;
}

/* What follows is called with the mutex held, up to the callbacks. */
static void
tell_totals (Many *self)
{
  GanDownloadTotals totals = { .n_links = self->n_links };

  if (self->listener == NULL || self->listener->totals == NULL)
    return;
  for (guint i = 0; i < self->n_begun; i++)
    {
      const Link *link = &self->links[i];

      totals.n_done += link->is_over && !link->has_failed;
      totals.n_failed += link->has_failed;
      totals.downloaded += link->before + link->downloaded;
      totals.total = add_known (totals.total, add_known (link->total, link->before));
      totals.speed += MAX (link->speed, 0);
    }
  self->listener->totals (&totals, self->listener->user_data);
}

static void
tell_file (Many *self,
           guint index,
           GanLibraryRow *row,
           const GanTransferResult *result,
           const GError *error)
{
  if (self->listener != NULL && self->listener->finished != NULL)
    self->listener->finished (index, row, result, error, self->listener->user_data);
}

static void
tell_kept (Many *self, Link *link)
{
  for (guint i = 0; i < link->outcomes->len; i++)
    {
      const Outcome *outcome = g_ptr_array_index (link->outcomes, i);

      tell_file (self, link->index, outcome->row, outcome->result, outcome->error);
    }
  g_ptr_array_set_size (link->outcomes, 0);
}

static void
end_link (Many *self, Link *link, GError *error)
{
  link->is_over = TRUE;
  link->has_failed = error != NULL;
  link->error = error;
  link->speed = 0;
  while (self->turn < self->n_begun && self->links[self->turn].is_over)
    {
      self->turn++;
      if (self->turn < self->n_begun)
        tell_kept (self, &self->links[self->turn]);
    }
  tell_totals (self);
}

static void
progress_cb (const GanProgress *progress, gpointer user_data)
{
  Link *link = user_data;
  Many *self = link->many;

  g_mutex_lock (&self->mutex);
  link->downloaded = progress->downloaded;
  link->total = progress->total;
  link->speed = progress->speed;
  if (self->listener != NULL && self->listener->progress != NULL)
    self->listener->progress (link->index, progress, self->listener->user_data);
  tell_totals (self);
  g_mutex_unlock (&self->mutex);
}

static void
resolved_cb (GanMedia *media, gpointer user_data)
{
  Link *link = user_data;

  g_set_object (&link->media, media);
}

static void
finished_cb (GanMedia *item,
             const GanTransferResult *result,
             const GError *error,
             gpointer user_data)
{
  Link *link = user_data;
  Many *self = link->many;
  g_autoptr (GanLibraryRow) row = NULL;

  if (result != NULL)
    row = gan_download_make_row (self->texts[link->index], link->media, item, result);
  g_mutex_lock (&self->mutex);
  link->before += result != NULL ? result->size : link->downloaded;
  link->downloaded = 0;
  link->total = 0;
  link->speed = 0;
  if (link->index == self->turn)
    tell_file (self, link->index, row, result, error);
  else
    g_ptr_array_add (link->outcomes, outcome_new (row, result, error));
  g_mutex_unlock (&self->mutex);
}

static void
run_link (Many *self, Link *link)
{
  GanDownloadOptions options = *self->options;
  GError *error = NULL;
  g_autoptr (GanUrl) url = gan_url_parse_input (self->texts[link->index], &error);

  options.resolved = resolved_cb;
  options.progress = progress_cb;
  options.finished = finished_cb;
  options.user_data = link;
  if (url != NULL)
    gan_download_run (self->app, url, &options, self->cancellable, &error);
  else
    finished_cb (NULL, NULL, error, link);
  g_mutex_lock (&self->mutex);
  end_link (self, link, error);
  g_mutex_unlock (&self->mutex);
}

/* The next link that nobody has begun, or NULL. */
static Link *
begin_next (Many *self)
{
  Link *link = NULL;

  g_mutex_lock (&self->mutex);
  if (self->n_begun < self->n_links && !g_cancellable_is_cancelled (self->cancellable))
    {
      link = &self->links[self->n_begun];
      link->many = self;
      link->index = self->n_begun;
      link->outcomes = g_ptr_array_new_with_free_func (outcome_free);
      self->n_begun++;
    }
  g_mutex_unlock (&self->mutex);
  return link;
}

static void
run_links (Many *self)
{
  Link *link = NULL;

  while ((link = begin_next (self)) != NULL)
    run_link (self, link);
}

static void
run_in_pool (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  run_links (task_data);
  g_task_return_boolean (task, TRUE);
}

/* The calling thread is one of them. */
static void
run_at_once (Many *self, guint n_at_once)
{
  g_autoptr (GanPool) pool = n_at_once > 1 ? gan_pool_new ("downloads", n_at_once - 1) : NULL;

  for (guint i = 1; i < n_at_once; i++)
    {
      g_autoptr (GTask) task = g_task_new (NULL, NULL, NULL, NULL);

      g_task_set_source_tag (task, run_at_once);
      g_task_set_task_data (task, self, NULL);
      gan_pool_run (pool, task, run_in_pool);
    }
  run_links (self);
}

/* The first error in the order of the links. */
static gboolean
take_result (Many *self, GError **error)
{
  GError *first = NULL;

  for (guint i = 0; i < self->n_begun; i++)
    {
      Link *link = &self->links[i];

      if (first == NULL)
        first = g_steal_pointer (&link->error);
      g_clear_error (&link->error);
      g_clear_object (&link->media);
      g_ptr_array_unref (link->outcomes);
    }
  if (first == NULL && self->n_begun < self->n_links)
    g_cancellable_set_error_if_cancelled (self->cancellable, &first);
  if (first == NULL)
    return TRUE;
  g_propagate_error (error, first);
  return FALSE;
}

/**
 * gan_download_run_many:
 * @app: a running program's parts
 * @links: (array zero-terminated=1): links as somebody typed them
 * @n_at_once: how many are downloaded at the same time; 0: one after the other
 * @options: as for gan_download_run(), the same for every link; its functions are not called
 * @listener: (nullable): whom to tell
 * @cancellable: (nullable): ends it early; no further link is begun
 * @error: that of the first link that failed, in their order
 *
 * Downloads many links. All are tried even when one fails. Blocks.
 *
 * Returns: whether every file of every link is there
 */
gboolean
gan_download_run_many (GanApp *app,
                       const char *const *links,
                       guint n_at_once,
                       const GanDownloadOptions *options,
                       const GanDownloadListener *listener,
                       GCancellable *cancellable,
                       GError **error)
{
  Many self = {
    .app = app,
    .texts = links,
    .options = options,
    .listener = listener,
    .cancellable = cancellable,
  };
  gboolean ok = FALSE;

  g_return_val_if_fail (app != NULL && links != NULL && options != NULL, FALSE);

  self.n_links = g_strv_length ((char **) links);
  self.links = g_new0 (Link, self.n_links);
  g_mutex_init (&self.mutex);
  run_at_once (&self, CLAMP (n_at_once, 1, MIN (MAX (self.n_links, 1), GAN_LIMIT_CONNECTIONS)));
  ok = take_result (&self, error);
  g_mutex_clear (&self.mutex);
  g_free (self.links);
  return ok;
}
