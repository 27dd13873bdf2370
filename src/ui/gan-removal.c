/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-removal.h"

#include "gan-job-words.h"

#include <glib/gi18n.h>

/* Longer titles leave no room for the button. */
#define TITLE_CHARS 40

struct _GanRemoval
{
  GObject parent_instance;

  GanQueue *queue;
  GHashTable *ids;    /* set of char * */
  GPtrArray *running; /* of char *, those that go on if it is undone; NULL at its end */
  guint n_ended;      /* had failed or been cancelled before */
  char *title;        /* of the first */
  AdwToast *toast;    /* borrowed while it is shown */
  gboolean settled;
};

enum
{
  SIGNAL_SETTLED,
  SIGNAL_FAILED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (GanRemoval, gan_removal, G_TYPE_OBJECT)

static void
gan_removal_finalize (GObject *object)
{
  GanRemoval *self = GAN_REMOVAL (object);

  g_object_unref (self->queue);
  g_hash_table_unref (self->ids);
  g_ptr_array_unref (self->running);
  g_free (self->title);
  G_OBJECT_CLASS (gan_removal_parent_class)->finalize (object);
}

static void
gan_removal_class_init (GanRemovalClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = gan_removal_finalize;

  signals[SIGNAL_SETTLED] = g_signal_new ("settled",
                                          G_TYPE_FROM_CLASS (klass),
                                          G_SIGNAL_RUN_LAST,
                                          0,
                                          NULL,
                                          NULL,
                                          NULL,
                                          G_TYPE_NONE,
                                          0);
  signals[SIGNAL_FAILED] = g_signal_new ("failed",
                                         G_TYPE_FROM_CLASS (klass),
                                         G_SIGNAL_RUN_LAST,
                                         0,
                                         NULL,
                                         NULL,
                                         NULL,
                                         G_TYPE_NONE,
                                         1,
                                         G_TYPE_ERROR);
}

static void
gan_removal_init (GanRemoval *self)
{
  self->ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->running = g_ptr_array_new_with_free_func (g_free);
}

static gboolean
has_ended (GanJob *job)
{
  const char *state = gan_job_get_state (job);

  return g_strcmp0 (state, GAN_JOB_FAILED) == 0 || g_strcmp0 (state, GAN_JOB_CANCELLED) == 0;
}

static void
wanted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GanRemoval) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!gan_queue_want_finish (GAN_QUEUE (source), result, &error))
    g_signal_emit (self, signals[SIGNAL_FAILED], 0, error);
}

static void
removed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GanRemoval) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!gan_queue_remove_finish (GAN_QUEUE (source), result, &error))
    g_signal_emit (self, signals[SIGNAL_FAILED], 0, error);
}

static void
want_running (GanRemoval *self, const char *wanted)
{
  if (self->running->len > 1)
    gan_queue_want_async (self->queue,
                          (const char *const *) self->running->pdata,
                          wanted,
                          NULL,
                          wanted_cb,
                          g_object_ref (self));
}

/**
 * gan_removal_new:
 * @queue: whose jobs
 * @jobs: (element-type GanJob): at least one
 *
 * Holds the jobs; they are still rows of the queue.
 *
 * Returns: (transfer full): what can be undone or committed, once
 */
GanRemoval *
gan_removal_new (GanQueue *queue, GPtrArray *jobs)
{
  GanRemoval *self = NULL;

  g_return_val_if_fail (GAN_IS_QUEUE (queue), NULL);
  g_return_val_if_fail (jobs != NULL && jobs->len > 0, NULL);

  self = g_object_new (GAN_TYPE_REMOVAL, NULL);
  self->queue = g_object_ref (queue);
  self->title = gan_job_words_dup_title (gan_job_get_row (g_ptr_array_index (jobs, 0)));
  for (guint i = 0; i < jobs->len; i++)
    {
      GanJob *job = g_ptr_array_index (jobs, i);
      const char *wanted = gan_job_row_get_wanted (gan_job_get_row (job));

      g_hash_table_add (self->ids, g_strdup (gan_job_get_id (job)));
      if (has_ended (job))
        self->n_ended++;
      else if (g_strcmp0 (wanted, GAN_JOB_WANT_RUN) == 0)
        g_ptr_array_add (self->running, g_strdup (gan_job_get_id (job)));
    }
  g_ptr_array_add (self->running, NULL);
  want_running (self, GAN_JOB_WANT_PAUSE);
  return self;
}

/**
 * gan_removal_holds:
 * @self: a removal
 * @id: of a job
 *
 * Returns: whether that job is one of those removed
 */
gboolean
gan_removal_holds (GanRemoval *self, const char *id)
{
  g_return_val_if_fail (GAN_IS_REMOVAL (self), FALSE);

  return g_hash_table_contains (self->ids, id);
}

static char *
dup_words (GanRemoval *self)
{
  guint n = g_hash_table_size (self->ids);
  gboolean cancels = self->n_ended < n;
  g_autofree char *start
      = g_utf8_substring (self->title, 0, MIN (g_utf8_strlen (self->title, -1), TITLE_CHARS));
  g_autofree char *title = g_str_equal (start, self->title)
                               ? g_strdup (start)
                               : g_strconcat (g_strchomp (start), "…", NULL);

  if (n == 1)
    return g_strdup_printf (cancels ? _ ("“%s” cancelled") : _ ("“%s” removed"), title);
  if (cancels)
    return g_strdup_printf (ngettext ("%u download cancelled", "%u downloads cancelled", n), n);
  return g_strdup_printf (ngettext ("%u download removed", "%u downloads removed", n), n);
}

static void
undone_cb (AdwToast *toast, GanRemoval *self)
{
  gan_removal_undo (self);
}

static void
dismissed_cb (AdwToast *toast, GanRemoval *self)
{
  self->toast = NULL;
  gan_removal_commit (self);
}

/* The toast keeps the removal: whatever becomes of it is settled by the toast. */
static void
connect_toast (GanRemoval *self, AdwToast *toast, const char *signal, GCallback callback)
{
  g_signal_connect_data (toast,
                         signal,
                         callback,
                         g_object_ref (self),
                         (GClosureNotify) (void (*) (void)) g_object_unref,
                         0);
}

/**
 * gan_removal_make_toast:
 * @self: a removal, not settled yet; once
 *
 * Returns: (transfer full): says what was done and offers to undo it; when it goes, the removal is
 *   committed
 */
AdwToast *
gan_removal_make_toast (GanRemoval *self)
{
  g_autofree char *words = NULL;
  g_autofree char *markup = NULL;
  AdwToast *toast = NULL;

  g_return_val_if_fail (GAN_IS_REMOVAL (self), NULL);

  /* A toast reads its title as markup. */
  words = dup_words (self);
  markup = g_markup_escape_text (words, -1);
  toast = adw_toast_new (markup);
  adw_toast_set_button_label (toast, _ ("_Undo"));
  adw_toast_set_priority (toast, ADW_TOAST_PRIORITY_HIGH);
  connect_toast (self, toast, "button-clicked", G_CALLBACK (undone_cb));
  connect_toast (self, toast, "dismissed", G_CALLBACK (dismissed_cb));
  self->toast = toast;
  return toast;
}

static void
settle (GanRemoval *self)
{
  AdwToast *toast = self->toast;

  self->settled = TRUE;
  self->toast = NULL;
  g_signal_emit (self, signals[SIGNAL_SETTLED], 0);
  if (toast != NULL)
    adw_toast_dismiss (toast);
}

/**
 * gan_removal_undo:
 * @self: a removal
 *
 * Brings the jobs back; those that were running go on. Does nothing if it is settled.
 */
void
gan_removal_undo (GanRemoval *self)
{
  g_autoptr (GanRemoval) alive = g_object_ref (self);

  g_return_if_fail (GAN_IS_REMOVAL (self));

  if (self->settled)
    return;
  want_running (self, GAN_JOB_WANT_RUN);
  settle (alive);
}

/**
 * gan_removal_commit:
 * @self: a removal
 *
 * Takes the jobs off the queue for good, their part files with them. Does nothing if it is settled.
 */
void
gan_removal_commit (GanRemoval *self)
{
  g_autoptr (GanRemoval) alive = g_object_ref (self);
  g_autofree const char **ids = NULL;

  g_return_if_fail (GAN_IS_REMOVAL (self));

  if (self->settled)
    return;
  ids = (const char **) g_hash_table_get_keys_as_array (self->ids, NULL);
  gan_queue_remove_async (self->queue,
                          (const char *const *) ids,
                          NULL,
                          removed_cb,
                          g_object_ref (self));
  settle (alive);
}
