/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-downloads-view-private.h"

#include "gan-error-words.h"
#include "gan-open.h"

#include <string.h>

/* What is selected, by what can be done with it. */
typedef struct
{
  GPtrArray *jobs;     /* of GanJob */
  GPtrArray *finished; /* of GanFinished */
} Selected;

static void
selected_clear (Selected *selected)
{
  g_ptr_array_unref (selected->jobs);
  g_ptr_array_unref (selected->finished);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Selected, selected_clear)

static Selected
find_selected (GanDownloadsView *self)
{
  Selected selected = {
    .jobs = g_ptr_array_new_with_free_func (g_object_unref),
    .finished = g_ptr_array_new_with_free_func (g_object_unref),
  };
  g_autoptr (GtkBitset) bits
      = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));
  GtkBitsetIter iter;
  guint position = 0;

  for (gboolean more = gtk_bitset_iter_init_first (&iter, bits, &position); more;
       more = gtk_bitset_iter_next (&iter, &position))
    {
      gpointer item = g_list_model_get_item (G_LIST_MODEL (self->selection), position);

      if (item != NULL)
        g_ptr_array_add (GAN_IS_JOB (item) ? selected.jobs : selected.finished, item);
    }
  return selected;
}

/* Which wish a job can be given next. */
static gboolean
can_want (GanJob *job, const char *action)
{
  const char *state = gan_job_get_state (job);
  gboolean ended
      = g_strcmp0 (state, GAN_JOB_FAILED) == 0 || g_strcmp0 (state, GAN_JOB_CANCELLED) == 0;
  gboolean paused = g_strcmp0 (state, GAN_JOB_PAUSED) == 0;

  if (g_str_equal (action, "pause"))
    return !ended && !paused;
  if (g_str_equal (action, "resume"))
    return paused;
  if (g_str_equal (action, "retry"))
    return ended || g_strcmp0 (state, GAN_JOB_RETRYING) == 0;
  return !ended && !gan_job_is_active (job);
}

/* Ids of those that @action makes sense for, NULL at the end. */
static GPtrArray *
list_ids (GPtrArray *jobs, const char *action)
{
  GPtrArray *ids = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < jobs->len; i++)
    {
      if (can_want (g_ptr_array_index (jobs, i), action))
        g_ptr_array_add (ids, g_strdup (gan_job_get_id (g_ptr_array_index (jobs, i))));
    }
  g_ptr_array_add (ids, NULL);
  return ids;
}

/**
 * gan_downloads_view_report:
 * @self: the page
 * @error: why something could not be done
 */
void
gan_downloads_view_report (GanDownloadsView *self, const GError *error)
{
  const char *reason = NULL;
  GanErrorCode code = gan_error_words_get_code (error, &reason);
  g_autofree char *title = gan_error_words_dup_title (code, reason);
  g_autofree char *markup = g_markup_escape_text (title, -1);
  g_autoptr (AdwToast) toast = adw_toast_new (markup);

  g_signal_emit_by_name (self, "toast", toast);
}

static void
wanted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GanDownloadsView) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!gan_queue_want_finish (GAN_QUEUE (source), result, &error))
    gan_downloads_view_report (self, error);
}

static void
moved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GanDownloadsView) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!gan_queue_move_finish (GAN_QUEUE (source), result, &error))
    gan_downloads_view_report (self, error);
}

static void
want (GanDownloadsView *self, GPtrArray *jobs, const char *action)
{
  g_autoptr (GPtrArray) ids = list_ids (jobs, action);

  if (ids->len > 1)
    gan_queue_want_async (gan_downloads_view_get_queue (self),
                          (const char *const *) ids->pdata,
                          g_str_equal (action, "pause") ? GAN_JOB_WANT_PAUSE : GAN_JOB_WANT_RUN,
                          NULL,
                          wanted_cb,
                          g_object_ref (self));
}

static void
want_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  GanDownloadsView *self = GAN_DOWNLOADS_VIEW (widget);
  g_auto (Selected) selected = find_selected (self);

  want (self, selected.jobs, strrchr (name, '-') + 1);
}

/* The selected jobs come first, in the order they have. */
static void
first_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  GanDownloadsView *self = GAN_DOWNLOADS_VIEW (widget);
  GanQueue *queue = gan_downloads_view_get_queue (self);
  g_auto (Selected) selected = find_selected (self);
  g_autoptr (GanJob) first = g_list_model_get_item (G_LIST_MODEL (queue), 0);

  for (guint i = 0; first != NULL && i < selected.jobs->len; i++)
    {
      GanJob *job = g_ptr_array_index (selected.jobs, i);

      if (job == first && i + 1 < selected.jobs->len)
        g_set_object (&first, g_ptr_array_index (selected.jobs, i + 1));
      else if (job != first)
        gan_queue_move_async (queue,
                              gan_job_get_id (job),
                              gan_job_get_id (first),
                              NULL,
                              moved_cb,
                              g_object_ref (self));
    }
}

static void
open_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_auto (Selected) selected = find_selected (GAN_DOWNLOADS_VIEW (widget));

  for (guint i = 0; i < selected.finished->len; i++)
    {
      const char *file = gan_finished_get_file (g_ptr_array_index (selected.finished, i));

      if (g_str_has_suffix (name, "folder"))
        gan_open_folder_of (widget, file);
      else
        gan_open_file (widget, file);
    }
}

static void
add_link (GString *text, GanJobRow *row)
{
  const char *url = gan_job_row_get_url (row);

  if (url == NULL)
    return;
  if (text->len > 0)
    g_string_append_c (text, '\n');
  g_string_append (text, url);
}

static void
copy_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_auto (Selected) selected = find_selected (GAN_DOWNLOADS_VIEW (widget));
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < selected.jobs->len; i++)
    add_link (text, gan_job_get_row (g_ptr_array_index (selected.jobs, i)));
  for (guint i = 0; i < selected.finished->len; i++)
    add_link (text, gan_finished_get_row (g_ptr_array_index (selected.finished, i)));
  if (text->len > 0)
    gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text->str);
}

static void
forget_finished (GanDownloadsView *self, GanFinished *finished)
{
  guint position = 0;

  if (g_list_store_find (self->finished, finished, &position))
    g_list_store_remove (self->finished, position);
}

static void
remove_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  GanDownloadsView *self = GAN_DOWNLOADS_VIEW (widget);
  g_auto (Selected) selected = find_selected (self);

  for (guint i = 0; i < selected.finished->len; i++)
    forget_finished (self, g_ptr_array_index (selected.finished, i));
  if (selected.jobs->len > 0)
    gan_downloads_view_remove (self, selected.jobs);
}

static void
dismiss_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  GanDownloadsView *self = GAN_DOWNLOADS_VIEW (widget);
  GanJob *job = gan_queue_find (gan_downloads_view_get_queue (self),
                                g_variant_get_string (parameter, NULL));
  g_autoptr (GPtrArray) jobs = g_ptr_array_new_with_free_func (g_object_unref);

  if (job == NULL)
    return;
  g_ptr_array_add (jobs, g_object_ref (job));
  gan_downloads_view_remove (self, jobs);
}

static void
folder_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  GanFinished *finished = gan_downloads_view_find_finished (GAN_DOWNLOADS_VIEW (widget),
                                                            g_variant_get_string (parameter, NULL));

  if (finished != NULL)
    gan_open_folder_of (widget, gan_finished_get_file (finished));
}

static void
clear_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_list_store_remove_all (GAN_DOWNLOADS_VIEW (widget)->finished);
}

static const struct
{
  const char *name;
  const char *type;
  GtkWidgetActionActivateFunc activate;
} actions[] = {
  { "downloads.dismiss", "s", dismiss_action },
  { "downloads.folder", "s", folder_action },
  { "downloads.clear-finished", NULL, clear_action },
  { "downloads.selected-pause", NULL, want_action },
  { "downloads.selected-resume", NULL, want_action },
  { "downloads.selected-retry", NULL, want_action },
  { "downloads.selected-first", NULL, first_action },
  { "downloads.selected-open", NULL, open_action },
  { "downloads.selected-folder", NULL, open_action },
  { "downloads.selected-copy", NULL, copy_action },
  { "downloads.selected-remove", NULL, remove_action },
};

/**
 * gan_downloads_view_install_actions:
 * @klass: the class of the page
 */
void
gan_downloads_view_install_actions (GtkWidgetClass *klass)
{
  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (klass, actions[i].name, actions[i].type, actions[i].activate);
}

static gboolean
can_any (GPtrArray *jobs, const char *action)
{
  for (guint i = 0; i < jobs->len; i++)
    {
      if (can_want (g_ptr_array_index (jobs, i), action))
        return TRUE;
    }
  return FALSE;
}

/**
 * gan_downloads_view_update_actions:
 * @self: the page
 *
 * Enables what can be done with what is selected.
 */
void
gan_downloads_view_update_actions (GanDownloadsView *self)
{
  static const char *const wants[] = { "pause", "resume", "retry", "first" };
  GtkWidget *widget = GTK_WIDGET (self);
  g_auto (Selected) selected = find_selected (self);
  gboolean one_finished = selected.finished->len == 1 && selected.jobs->len == 0;
  gboolean any = selected.finished->len + selected.jobs->len > 0;

  for (gsize i = 0; i < G_N_ELEMENTS (wants); i++)
    {
      g_autofree char *name = g_strconcat ("downloads.selected-", wants[i], NULL);

      gtk_widget_action_set_enabled (widget, name, can_any (selected.jobs, wants[i]));
    }
  gtk_widget_action_set_enabled (widget, "downloads.selected-open", one_finished);
  gtk_widget_action_set_enabled (widget, "downloads.selected-folder", one_finished);
  gtk_widget_action_set_enabled (widget, "downloads.selected-copy", any);
  gtk_widget_action_set_enabled (widget, "downloads.selected-remove", any);
}

/**
 * gan_downloads_view_activate:
 * @self: the page
 * @position: of a row that was double-clicked, or Enter pressed on it
 *
 * Does what one would expect of that row: opens it, or lets it go on.
 */
void
gan_downloads_view_activate (GanDownloadsView *self, guint position)
{
  g_autoptr (GObject) item = g_list_model_get_item (G_LIST_MODEL (self->all), position);
  g_autoptr (GPtrArray) jobs = g_ptr_array_new_with_free_func (g_object_unref);

  if (item == NULL)
    return;
  if (GAN_IS_FINISHED (item))
    {
      gan_open_file (GTK_WIDGET (self), gan_finished_get_file (GAN_FINISHED (item)));
      return;
    }
  g_ptr_array_add (jobs, g_object_ref (item));
  want (self, jobs, can_want (GAN_JOB (item), "resume") ? "resume" : "retry");
}
