/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The actions, also from outside over D-Bus (contracts.md §4). */
#include "config.h"

#include "gan-application-private.h"

#include "gan-error-words.h"
#include "gan-preferences-window.h"

#include <glib/gi18n.h>
#include <string.h>

/**
 * gan_application_postponed_free:
 * @postponed: (transfer full): an action that waited
 */
void
gan_application_postponed_free (GanApplicationPostponed *postponed)
{
  g_free (postponed->action);
  g_clear_pointer (&postponed->parameter, g_variant_unref);
  g_free (postponed);
}

/* Whether @action can be done now; otherwise it is done when the session is
 * open. */
static gboolean
is_open (GanApplication *self, GSimpleAction *action, GVariant *parameter)
{
  GanApplicationPostponed *postponed = NULL;

  if (self->state == GAN_APPLICATION_OPEN)
    return TRUE;
  if (self->is_quitting)
    return FALSE;
  gan_application_present (self);
  postponed = g_new0 (GanApplicationPostponed, 1);
  postponed->action = g_strdup (g_action_get_name (G_ACTION (action)));
  postponed->parameter = parameter != NULL ? g_variant_ref (parameter) : NULL;
  g_queue_push_tail (&self->postponed, postponed);
  return FALSE;
}

/**
 * gan_application_run_postponed:
 * @self: the program, whose session is open now
 */
void
gan_application_run_postponed (GanApplication *self)
{
  GanApplicationPostponed *postponed = NULL;

  while ((postponed = g_queue_pop_head (&self->postponed)) != NULL)
    {
      g_action_group_activate_action (G_ACTION_GROUP (self),
                                      postponed->action,
                                      postponed->parameter);
      gan_application_postponed_free (postponed);
    }
}

static void
report (GanApplication *self, const GError *error)
{
  const char *reason = NULL;
  GanErrorCode code = gan_error_words_get_code (error, &reason);
  g_autofree char *title = gan_error_words_dup_title (code, reason);

  if (self->window != NULL)
    gan_window_toast (self->window, title);
}

static void
wanted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GanApplication) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!gan_queue_want_finish (GAN_QUEUE (source), result, &error))
    report (self, error);
}

static void
removed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GanApplication) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!gan_queue_remove_finish (GAN_QUEUE (source), result, &error))
    report (self, error);
}

/* One job */

static void
want_one (GanApplication *self, GVariant *parameter, const char *wanted)
{
  GanQueue *queue = gan_session_get_queue (self->session);
  const char *ids[] = { g_variant_get_string (parameter, NULL), NULL };

  if (gan_queue_find (queue, ids[0]) != NULL)
    gan_queue_want_async (queue, ids, wanted, NULL, wanted_cb, g_object_ref (self));
}

static void
pause_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  if (is_open (user_data, action, parameter))
    want_one (user_data, parameter, GAN_JOB_WANT_PAUSE);
}

static void
run_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  if (is_open (user_data, action, parameter))
    want_one (user_data, parameter, GAN_JOB_WANT_RUN);
}

static void
cancel_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  if (is_open (user_data, action, parameter))
    want_one (user_data, parameter, GAN_JOB_WANT_CANCEL);
}

static void
remove_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GanApplication *self = user_data;
  const char *ids[] = { g_variant_get_string (parameter, NULL), NULL };
  GanQueue *queue = NULL;

  if (!is_open (self, action, parameter))
    return;
  queue = gan_session_get_queue (self->session);
  if (gan_queue_find (queue, ids[0]) != NULL)
    gan_queue_remove_async (queue, ids, NULL, removed_cb, g_object_ref (self));
}

static void
open_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GanApplication *self = user_data;

  if (!is_open (self, action, parameter))
    return;
  if (!gan_window_open_job (gan_application_present (self), g_variant_get_string (parameter, NULL)))
    gan_window_toast (self->window, _ ("That download has not finished"));
}

/* All jobs */

static gboolean
is_in (const char *state, const char *const *states)
{
  return state != NULL && g_strv_contains (states, state);
}

/* Those in one of @states: what has failed is not resumed, and not paused
 * either. */
static void
want_all (GanApplication *self, const char *const *states, const char *wanted)
{
  GListModel *queue = G_LIST_MODEL (gan_session_get_queue (self->session));
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  guint n = g_list_model_get_n_items (queue);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GanJob) job = g_list_model_get_item (queue, i);

      if (is_in (gan_job_get_state (job), states))
        g_ptr_array_add (ids, g_strdup (gan_job_get_id (job)));
    }
  if (ids->len == 0)
    return;
  g_ptr_array_add (ids, NULL);
  gan_queue_want_async (GAN_QUEUE (queue),
                        (const char *const *) ids->pdata,
                        wanted,
                        NULL,
                        wanted_cb,
                        g_object_ref (self));
}

static void
pause_all_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  static const char *const states[] = { GAN_JOB_WAITING,  GAN_JOB_RESOLVING, GAN_JOB_RUNNING,
                                        GAN_JOB_RETRYING, GAN_JOB_VERIFYING, NULL };

  if (is_open (user_data, action, parameter))
    want_all (user_data, states, GAN_JOB_WANT_PAUSE);
}

static void
resume_all_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  static const char *const states[] = { GAN_JOB_PAUSED, NULL };

  if (is_open (user_data, action, parameter))
    want_all (user_data, states, GAN_JOB_WANT_RUN);
}

/* Links */

static GanLinks *
make_links (GVariant *parameter)
{
  GanLinks *links = gan_links_new ();
  g_autofree const char **strings = g_variant_get_strv (parameter, NULL);

  for (gsize i = 0; strings[i] != NULL; i++)
    gan_links_add (links, strings[i]);
  return links;
}

static void
add_links_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GanApplication *self = user_data;

  if (!self->is_quitting)
    gan_window_add_links (gan_application_present (self), make_links (parameter));
}

static void
added_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GanApplication) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = gan_queue_add_finish (GAN_QUEUE (source), result, &error);
  g_autofree char *text = NULL;

  if (rows == NULL)
    {
      report (self, error);
      return;
    }
  text = g_strdup_printf (ngettext ("%u download added", "%u downloads added", rows->len),
                          rows->len);
  if (self->window != NULL)
    gan_window_toast (self->window, text);
}

static void
download_links_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GanApplication *self = user_data;
  GanSettings *settings = NULL;
  g_autoptr (GanLinks) links = NULL;
  g_autoptr (GPtrArray) rows = NULL;

  if (!is_open (self, action, parameter))
    return;
  settings = gan_session_get_settings (self->session);
  links = make_links (parameter);
  rows = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < gan_links_get_n (links); i++)
    {
      GanJobRow *row = gan_job_row_new (gan_links_get (links)[i]);

      gan_job_row_set_folder (row, gan_settings_get_download_folder (settings));
      gan_job_row_set_wish (row, gan_settings_get_wish (settings));
      g_ptr_array_add (rows, row);
    }
  if (rows->len > 0)
    gan_queue_add_async (gan_session_get_queue (self->session),
                         rows,
                         NULL,
                         added_cb,
                         g_object_ref (self));
}

/* The window */

static void
show_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  const char *page = g_action_get_name (G_ACTION (action)) + strlen ("show-");
  GanApplication *self = user_data;

  if (!self->is_quitting)
    gan_window_show_page (gan_application_present (self), page);
}

static void
preferences_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GanApplication *self = user_data;
  GtkWindow *preferences = NULL;

  if (!is_open (self, action, parameter))
    return;
  preferences = GTK_WINDOW (gan_preferences_window_new (self->session));
  gtk_window_set_transient_for (preferences, GTK_WINDOW (gan_application_present (self)));
  gtk_window_present (preferences);
}

/* GTK would make this window with the first one if the resource had the name that it knows. */
static void
shortcuts_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GanApplication *self = user_data;
  g_autoptr (GtkBuilder) builder = NULL;
  GtkWindow *shortcuts = NULL;

  if (self->is_quitting)
    return;
  builder = gtk_builder_new_from_resource (GAN_RESOURCE_PATH "/gan-shortcuts.ui");
  shortcuts = GTK_WINDOW (gtk_builder_get_object (builder, "help_overlay"));
  gtk_window_set_transient_for (shortcuts, GTK_WINDOW (gan_application_present (self)));
  gtk_window_present (shortcuts);
}

static void
about_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  adw_show_about_window (GTK_WINDOW (gan_application_present (user_data)),
                         "application-name",
                         "Gannet",
                         "application-icon",
                         GAN_APP_ID,
                         "version",
                         GAN_VERSION,
                         "comments",
                         _ ("Downloads videos, music and files from links"),
                         "license-type",
                         GTK_LICENSE_GPL_3_0,
                         NULL);
}

static void
quit_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  gan_application_quit (user_data);
}

static void
open_session_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  gan_application_open_session (user_data);
}

static const GActionEntry entries[] = {
  { "add-links", add_links_action, "as" },
  { "download-links", download_links_action, "as" },
  { "pause-all", pause_all_action },
  { "resume-all", resume_all_action },
  { "show-downloads", show_action },
  { "show-library", show_action },
  { "preferences", preferences_action },
  { "shortcuts", shortcuts_action },
  { "about", about_action },
  { "quit", quit_action },
  { "job-pause", pause_action, "s" },
  { "job-resume", run_action, "s" },
  { "job-retry", run_action, "s" },
  { "job-cancel", cancel_action, "s" },
  { "job-remove", remove_action, "s" },
  { "job-open", open_action, "s" },
  { "open-session", open_session_action },
};

static const struct
{
  const char *action;
  const char *accels[3];
} keys[] = {
  { "app.add-links(@as [])", { "<Control>n" } },
  { "app.show-downloads", { "<Alt>1" } },
  { "app.show-library", { "<Alt>2" } },
  { "app.preferences", { "<Control>comma" } },
  { "app.shortcuts", { "<Control>question", "<Control>F1" } },
  { "app.quit", { "<Control>q" } },
  { "win.search", { "<Control>f" } },
  { "window.close", { "<Control>w" } },
};

/**
 * gan_application_add_actions:
 * @self: the program
 */
void
gan_application_add_actions (GanApplication *self)
{
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (self),
                                           keys[i].action,
                                           (const char *const *) keys[i].accels);
}
