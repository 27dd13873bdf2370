/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-job-retry.h"
#include "gan-queue-private.h"

#define RELOAD_MILLISECONDS 200

/**
 * gan_queue_rows_init:
 * @self: a queue
 */
void
gan_queue_rows_init (GanQueue *self)
{
  self->jobs = g_sequence_new (g_object_unref);
  self->by_id = g_hash_table_new (g_str_hash, g_str_equal);
}

/**
 * gan_queue_rows_clear:
 * @self: a queue
 */
void
gan_queue_rows_clear (GanQueue *self)
{
  g_clear_pointer (&self->by_id, g_hash_table_unref);
  g_clear_pointer (&self->jobs, g_sequence_free);
}

static int
compare_numbers (gint64 a, gint64 b)
{
  return (a > b) - (a < b);
}

/* As the store orders them. */
static int
compare_jobs (gconstpointer a, gconstpointer b, gpointer data)
{
  GanJobRow *first = gan_job_get_row ((GanJob *) a);
  GanJobRow *second = gan_job_get_row ((GanJob *) b);
  int order = compare_numbers (gan_job_row_get_position (first), gan_job_row_get_position (second));

  if (order == 0)
    order = compare_numbers (gan_job_row_get_added_at (first), gan_job_row_get_added_at (second));
  if (order == 0)
    order = g_strcmp0 (gan_job_row_get_id (first), gan_job_row_get_id (second));
  return order;
}

static void
items_changed (GanQueue *self, GSequenceIter *iter, guint removed, guint added)
{
  g_list_model_items_changed (G_LIST_MODEL (self),
                              (guint) g_sequence_iter_get_position (iter),
                              removed,
                              added);
}

/* A job that is new in the list, at @before; nobody is told yet. */
static GanJob *
insert_new (GanQueue *self, GanJobRow *row, GSequenceIter *before)
{
  GanJob *job = gan_job_new (row);

  gan_job_set_iter (job, g_sequence_insert_before (before, job));
  g_hash_table_insert (self->by_id, (gpointer) gan_job_get_id (job), job);
  self->n_of_kind[gan_job_get_kind (job)]++;
  gan_queue_schedule_note (self, job);
  return job;
}

/**
 * gan_queue_rows_set:
 * @self: a queue
 * @job: a job of it
 * @row: what is stored of it now
 *
 * Takes no walk, however long the queue is.
 */
void
gan_queue_rows_set (GanQueue *self, GanJob *job, GanJobRow *row)
{
  GanJobKind kind = gan_job_get_kind (job);
  g_autoptr (GanJobRow) old = g_object_ref (gan_job_get_row (job));

  /* The key of the table is the id in the row. */
  g_hash_table_steal (self->by_id, gan_job_row_get_id (old));
  gan_job_set_row (job, row);
  g_hash_table_insert (self->by_id, (gpointer) gan_job_get_id (job), job);
  if (gan_job_get_row (job) == old)
    return;
  self->n_of_kind[kind]--;
  self->n_of_kind[gan_job_get_kind (job)]++;
  if (g_strcmp0 (gan_job_row_get_state (old), GAN_JOB_RETRYING) == 0
      && gan_job_is_in_state (job, GAN_JOB_WAITING))
    gan_queue_schedule_unhold (self, gan_job_get_host (job));
  gan_queue_schedule_note (self, job);
  gan_queue_changed (self);
}

/* Where a job with this row belongs; most go to the end. */
static GSequenceIter *
find_place (GanQueue *self, GanJobRow *row)
{
  g_autoptr (GanJob) probe = gan_job_new (row);
  GSequenceIter *end = g_sequence_get_end_iter (self->jobs);

  if (g_sequence_is_empty (self->jobs)
      || compare_jobs (g_sequence_get (g_sequence_iter_prev (end)), probe, NULL) < 0)
    return end;
  return g_sequence_search (self->jobs, probe, compare_jobs, NULL);
}

/**
 * gan_queue_rows_add:
 * @self: a queue
 * @rows: (element-type GanJobRow): rows that were stored
 *
 * Adds their jobs; those that are at the end are told as one.
 */
void
gan_queue_rows_add (GanQueue *self, GPtrArray *rows)
{
  GSequenceIter *first = NULL;
  guint n_at_end = 0;

  for (guint i = 0; i < rows->len; i++)
    {
      GanJobRow *row = g_ptr_array_index (rows, i);
      GanJob *job = g_hash_table_lookup (self->by_id, gan_job_row_get_id (row));
      GSequenceIter *place = NULL;

      if (job != NULL)
        {
          gan_queue_rows_set (self, job, row);
          continue;
        }
      place = find_place (self, row);
      job = insert_new (self, row, place);
      if (n_at_end > 0 || g_sequence_iter_is_end (place))
        {
          n_at_end++;
          first = first != NULL ? first : gan_job_get_iter (job);
        }
      else
        {
          items_changed (self, gan_job_get_iter (job), 0, 1);
        }
    }
  if (n_at_end > 0)
    items_changed (self, first, 0, n_at_end);
  gan_queue_changed (self);
}

/* Out of the list, not out of the world. */
static void
take_out (GanQueue *self, GanJob *job)
{
  GSequenceIter *iter = gan_job_get_iter (job);
  guint position = (guint) g_sequence_iter_get_position (iter);

  g_object_ref (job);
  g_sequence_remove (iter);
  gan_job_set_iter (job, NULL);
  g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);
}

/**
 * gan_queue_rows_remove:
 * @self: a queue
 * @job: a job of it, whose row is gone
 */
void
gan_queue_rows_remove (GanQueue *self, GanJob *job)
{
  g_hash_table_remove (self->by_id, gan_job_get_id (job));
  self->n_of_kind[gan_job_get_kind (job)]--;
  take_out (self, job);
  gan_queue_changed (self);
  g_object_unref (job);
}

/* Those that are not in @ids any more. Whoever took them out has removed their files too, but for
 * those that are written to. */
static void
remove_gone (GanQueue *self, GHashTable *ids)
{
  g_autoptr (GPtrArray) gone = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  gpointer id = NULL;
  gpointer job = NULL;

  g_hash_table_iter_init (&iter, self->by_id);
  while (g_hash_table_iter_next (&iter, &id, &job))
    {
      if (!g_hash_table_contains (ids, id))
        g_ptr_array_add (gone, g_object_ref (job));
    }
  for (guint i = 0; i < gone->len; i++)
    {
      gan_queue_rows_remove (self, gone->pdata[i]);
      if (gan_job_get_run (gone->pdata[i]) != NULL)
        gan_queue_runs_forget (self, gone->pdata[i]);
    }
}

/* Those that stand side by side in @rows from @from on and are new; told as one. Returns how many.
 */
static guint
insert_run (GanQueue *self, GPtrArray *rows, guint from, GSequenceIter *before)
{
  guint n = 0;

  while (from + n < rows->len
         && !g_hash_table_contains (self->by_id, gan_job_row_get_id (rows->pdata[from + n])))
    {
      insert_new (self, rows->pdata[from + n], before);
      n++;
    }
  g_list_model_items_changed (G_LIST_MODEL (self), from, 0, n);
  return n;
}

/* The job that is to stand at @iter stands elsewhere, or was taken out before. */
static void
put_back (GanQueue *self, GanJob *job, GSequenceIter *iter)
{
  g_autoptr (GanJob) owned = NULL;

  if (gan_job_get_iter (job) != NULL)
    take_out (self, job);
  owned = job;
  gan_job_set_iter (job, g_sequence_insert_before (iter, g_object_ref (job)));
  items_changed (self, gan_job_get_iter (job), 0, 1);
}

/* Goes along list and rows side by side; what is where it should be is not touched. One that was
 * moved towards the end is taken out where it stood, and put back when the walk comes to its new
 * place, so that those between stay where they are. */
static void
put_in_order (GanQueue *self, GPtrArray *rows)
{
  GSequenceIter *iter = g_sequence_get_begin_iter (self->jobs);
  guint i = 0;

  while (i < rows->len)
    {
      GanJob *wanted = g_hash_table_lookup (self->by_id, gan_job_row_get_id (rows->pdata[i]));
      GanJob *here = g_sequence_iter_is_end (iter) ? NULL : g_sequence_get (iter);
      GSequenceIter *next = here != NULL ? g_sequence_iter_next (iter) : iter;

      if (wanted == NULL)
        {
          i += insert_run (self, rows, i, iter);
          continue;
        }
      if (wanted == here)
        {
          iter = next;
        }
      else if (here != NULL && gan_job_get_iter (wanted) == next)
        {
          take_out (self, here);
          iter = g_sequence_iter_next (next);
        }
      else
        {
          put_back (self, wanted, iter);
        }
      i++;
    }
}

/**
 * gan_queue_rows_replace:
 * @self: a queue
 * @rows: (element-type GanJobRow): all rows, in their order
 *
 * Makes the list what @rows says. Jobs stay the objects that they are, and what did not change is
 * not told.
 */
void
gan_queue_rows_replace (GanQueue *self, GPtrArray *rows)
{
  g_autoptr (GHashTable) ids = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < rows->len; i++)
    g_hash_table_add (ids, (gpointer) gan_job_row_get_id (rows->pdata[i]));
  remove_gone (self, ids);
  for (guint i = 0; i < rows->len; i++)
    {
      GanJob *job = g_hash_table_lookup (self->by_id, gan_job_row_get_id (rows->pdata[i]));

      if (job != NULL)
        gan_queue_rows_set (self, job, rows->pdata[i]);
    }
  put_in_order (self, rows);
  gan_queue_changed (self);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GanQueue) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = gan_store_load_jobs_finish (GAN_STORE (source), result, &error);

  self->is_loading = FALSE;
  self->loaded_at = g_get_monotonic_time ();
  if (rows != NULL)
    gan_queue_rows_replace (self, rows);
  else
    g_info ("cannot load the queue: %s", error->message);
  gan_queue_loaded (self, error);
  if (self->is_load_due && !self->is_closed)
    gan_queue_rows_reload (self);
  gan_queue_end_pending (self);
}

/**
 * gan_queue_rows_reload:
 * @self: a queue
 *
 * Loads all rows anew, once for all who ask while it is done.
 */
void
gan_queue_rows_reload (GanQueue *self)
{
  self->is_load_due = self->is_loading;
  if (self->is_loading)
    return;
  self->is_loading = TRUE;
  gan_queue_begin_pending (self);
  gan_store_load_jobs_async (self->store, NULL, loaded_cb, g_object_ref (self));
}

static gboolean
reload_cb (gpointer data)
{
  GanQueue *self = data;

  self->reload_timer = 0;
  gan_queue_rows_reload (self);
  return G_SOURCE_REMOVE;
}

/**
 * gan_queue_rows_reload_due:
 * @self: a queue that is about to be given back
 *
 * Loads all rows anew at once, if that was to be done soon.
 */
void
gan_queue_rows_reload_due (GanQueue *self)
{
  if (self->reload_timer == 0)
    return;
  g_clear_handle_id (&self->reload_timer, g_source_remove);
  gan_queue_rows_reload (self);
}

/**
 * gan_queue_rows_reload_soon:
 * @self: a queue whose rows were changed by others
 *
 * Loads all rows anew: at once, but not again and again where others change one row after another.
 */
void
gan_queue_rows_reload_soon (GanQueue *self)
{
  gint64 since = (g_get_monotonic_time () - self->loaded_at) / 1000;

  if (since >= RELOAD_MILLISECONDS)
    gan_queue_rows_reload (self);
  else if (self->reload_timer == 0)
    self->reload_timer = g_timeout_add ((guint) (RELOAD_MILLISECONDS - since), reload_cb, self);
}
