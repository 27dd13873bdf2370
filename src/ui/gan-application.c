/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-application.h"

#include "gan-application-private.h"
#include "gan-error-words.h"
#include "gan-job-words.h"
#include "gan-platform-table.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <stdio.h>

/* When the first frame does not come, because nobody sees the window, work
 * begins all the same. */
#define FIRST_FRAME_PATIENCE_MS 1000

G_DEFINE_FINAL_TYPE (GanApplication, gan_application, ADW_TYPE_APPLICATION)

/* The session */

static void
show_color_scheme (GanSettings *settings)
{
  static const struct
  {
    const char *name;
    AdwColorScheme scheme;
  } schemes[] = {
    { "light", ADW_COLOR_SCHEME_FORCE_LIGHT },
    { "dark", ADW_COLOR_SCHEME_FORCE_DARK },
  };
  const char *name = gan_settings_get_color_scheme (settings);
  AdwColorScheme scheme = ADW_COLOR_SCHEME_DEFAULT;

  for (gsize i = 0; i < G_N_ELEMENTS (schemes); i++)
    {
      if (g_strcmp0 (name, schemes[i].name) == 0)
        scheme = schemes[i].scheme;
    }
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), scheme);
}

static gboolean
is_to_be_told (GanApplication *self)
{
  return self->window != NULL && !gtk_window_is_active (GTK_WINDOW (self->window))
         && gan_settings_get_notify (gan_session_get_settings (self->session));
}

static void
job_finished_cb (GanApplication *self, GanJob *job)
{
  g_autofree char *title = NULL;

  if (!is_to_be_told (self))
    return;
  title = gan_job_words_dup_title (gan_job_get_row (job));
  gan_notifier_tell_finished (self->notifier, gan_job_get_id (job), title);
}

static void
job_failed_cb (GanApplication *self, GanJob *job)
{
  static const GanJobNumbers none = { GAN_UNKNOWN, GAN_UNKNOWN, GAN_UNKNOWN, GAN_UNKNOWN };
  g_autofree char *title = NULL;
  g_autofree char *why = NULL;

  if (!is_to_be_told (self))
    return;
  title = gan_job_words_dup_title (gan_job_get_row (job));
  why = gan_job_words_dup_status (gan_job_get_row (job), &none, 0);
  gan_notifier_tell_failed (self->notifier, title, why);
}

static void
end (GanApplication *self)
{
  self->state = GAN_APPLICATION_ENDED;
  if (self->window != NULL)
    gtk_window_destroy (GTK_WINDOW (self->window));
  g_application_quit (G_APPLICATION (self));
}

static void
closed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GanApplication) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!gan_session_close_finish (GAN_SESSION (source), result, &error))
    g_info ("the session did not close in good order: %s", error->message);
  if (self->state == GAN_APPLICATION_CLOSING)
    end (self);
}

static void
close_session (GanApplication *self)
{
  self->state = GAN_APPLICATION_CLOSING;
  gan_session_close_async (self->session, closed_cb, g_object_ref (self));
}

static void
show_session (GanApplication *self, GanDatabaseCondition condition)
{
  if (self->window != NULL)
    gan_window_show_condition (self->window, condition);
  gan_application_run_postponed (self);
}

/* Who quits while it was being opened has waited for this: what is half open cannot be closed. */
static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GanApplication) self = user_data;
  g_autoptr (GError) error = NULL;
  GanDatabaseCondition condition = GAN_DATABASE_FINE;

  if (gan_session_open_finish (GAN_SESSION (source), result, &condition, &error))
    {
      self->state = GAN_APPLICATION_OPEN;
      if (self->is_quitting)
        close_session (self);
      else
        show_session (self, condition);
      return;
    }
  self->state = GAN_APPLICATION_FAILED;
  if (self->is_quitting)
    {
      end (self);
      return;
    }
  g_info ("the session could not be opened: %s", error->message);
  if (self->window != NULL)
    gan_window_show_failure (self->window, error);
}

/* Reads configuration, settings and rules; a few milliseconds.
 * Returns: whether there is a session now */
static gboolean
make_session (GanApplication *self, GError **error)
{
  GanQueue *queue = NULL;
  GanSettings *settings = NULL;

  if (self->config == NULL)
    self->config = gan_config_new (TRUE, error);
  if (self->config == NULL)
    return FALSE;
  gan_log_set_level (self->config->log_level);
  self->session = gan_session_new (self->config,
                                   GAN_OWNER_CLAIMS,
                                   gan_platform_table,
                                   gan_platform_table_size,
                                   error);
  if (self->session == NULL)
    return FALSE;
  queue = gan_session_get_queue (self->session);
  g_signal_connect_object (queue,
                           "job-finished",
                           G_CALLBACK (job_finished_cb),
                           self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (queue,
                           "job-failed",
                           G_CALLBACK (job_failed_cb),
                           self,
                           G_CONNECT_SWAPPED);
  settings = gan_session_get_settings (self->session);
  g_signal_connect (settings, "notify::color-scheme", G_CALLBACK (show_color_scheme), NULL);
  show_color_scheme (settings);
  return TRUE;
}

/**
 * gan_application_open_session:
 * @self: the program
 *
 * Opens the session, if it is not open or being opened; shows why, if that
 * cannot be done.
 */
void
gan_application_open_session (GanApplication *self)
{
  g_autoptr (GError) error = NULL;

  g_clear_handle_id (&self->first_frame, g_source_remove);
  if (self->state != GAN_APPLICATION_NEW && self->state != GAN_APPLICATION_FAILED)
    return;
  self->state = GAN_APPLICATION_FAILED;
  if (self->session == NULL && !make_session (self, &error))
    {
      if (self->window != NULL)
        gan_window_show_failure (self->window, error);
      return;
    }
  self->state = GAN_APPLICATION_OPENING;
  if (self->window != NULL)
    gan_window_set_session (self->window, self->session);
  gan_session_open_async (self->session, NULL, opened_cb, g_object_ref (self));
}

/* Quitting */

/**
 * gan_application_quit:
 * @self: the program
 *
 * Ends downloads in good order, then the program: part files stay, and what was going on goes on at
 * the next start. A second call does not wait for that.
 */
void
gan_application_quit (GanApplication *self)
{
  gboolean again = self->is_quitting;

  self->is_quitting = TRUE;
  g_clear_handle_id (&self->first_frame, g_source_remove);
  if (self->window != NULL && !again)
    {
      gan_window_prepare_to_close (self->window);
      gtk_widget_set_visible (GTK_WIDGET (self->window), FALSE);
    }
  if (self->state == GAN_APPLICATION_OPEN)
    close_session (self);
  else if (again || self->state != GAN_APPLICATION_OPENING)
    end (self);
}

static gboolean
signal_cb (gpointer user_data)
{
  gan_application_quit (user_data);
  return G_SOURCE_CONTINUE;
}

/* The window */

static gboolean
first_frame_cb (gpointer user_data)
{
  GanApplication *self = user_data;

  self->first_frame = 0;
  gan_application_open_session (self);
  return G_SOURCE_REMOVE;
}

static void
painted_cb (GdkFrameClock *clock, gpointer user_data)
{
  GanApplication *self = user_data;

  g_signal_handlers_disconnect_by_func (clock, painted_cb, self);
  g_clear_handle_id (&self->first_frame, g_source_remove);
  self->first_frame = g_idle_add (first_frame_cb, self);
}

static void
active_cb (GanApplication *self)
{
  if (gtk_window_is_active (GTK_WINDOW (self->window)))
    gan_notifier_withdraw (self->notifier);
}

/* What is slow waits until there is something to see. The settings are read before, and once more
 * by the session: nobody wants to see a window jump, or turn dark. */
static void
make_window (GanApplication *self)
{
  GdkFrameClock *clock = NULL;
  g_autoptr (GanSettings) settings = gan_settings_new ();

  show_color_scheme (settings);
  self->window = gan_window_new (GTK_APPLICATION (self));
  gan_window_restore_size (self->window, settings);
  g_object_add_weak_pointer (G_OBJECT (self->window), (gpointer *) &self->window);
  g_signal_connect_object (self->window,
                           "notify::is-active",
                           G_CALLBACK (active_cb),
                           self,
                           G_CONNECT_SWAPPED);
  if (self->session != NULL)
    {
      gan_window_set_session (self->window, self->session);
      return;
    }
  gtk_widget_realize (GTK_WIDGET (self->window));
  clock = gtk_widget_get_frame_clock (GTK_WIDGET (self->window));
  g_signal_connect_object (clock, "after-paint", G_CALLBACK (painted_cb), self, 0);
  self->first_frame = g_timeout_add (FIRST_FRAME_PATIENCE_MS, first_frame_cb, self);
}

/**
 * gan_application_present:
 * @self: the program
 *
 * Returns: (transfer none): its window, which is now to be seen
 */
GanWindow *
gan_application_present (GanApplication *self)
{
  if (self->window == NULL)
    make_window (self);
  gtk_window_present (GTK_WINDOW (self->window));
  return self->window;
}

static void
gan_application_activate (GApplication *application)
{
  GanApplication *self = GAN_APPLICATION (application);

  if (!self->is_quitting)
    gan_application_present (self);
}

static void
gan_application_open (GApplication *application, GFile **files, int n_files, const char *hint)
{
  GanApplication *self = GAN_APPLICATION (application);
  GanLinks *links = NULL;

  if (self->is_quitting)
    return;
  links = gan_links_new ();
  for (int i = 0; i < n_files; i++)
    {
      g_autofree char *uri = g_file_get_uri (files[i]);

      gan_links_add (links, uri);
    }
  gan_window_add_links (gan_application_present (self), links);
}

static int
gan_application_command_line (GApplication *application, GApplicationCommandLine *line)
{
  GanApplication *self = GAN_APPLICATION (application);
  GVariantDict *options = g_application_command_line_get_options_dict (line);
  g_autofree const char **arguments = NULL;
  GanLinks *links = NULL;

  if (self->is_quitting)
    return 0;
  gan_application_present (self);
  if (!g_variant_dict_lookup (options, G_OPTION_REMAINING, "^a&s", &arguments))
    return 0;
  links = gan_links_new ();
  for (gsize i = 0; arguments[i] != NULL; i++)
    gan_links_add (links, arguments[i]);
  gan_window_add_links (self->window, links);
  return 0;
}

static int
gan_application_handle_local_options (GApplication *application, GVariantDict *options)
{
  if (!g_variant_dict_contains (options, "version"))
    return -1;
  g_print ("gannet %s\n", GAN_VERSION);
  return 0;
}

static void
gan_application_startup (GApplication *application)
{
  GanApplication *self = GAN_APPLICATION (application);

  G_APPLICATION_CLASS (gan_application_parent_class)->startup (application);
  gtk_window_set_default_icon_name (GAN_APP_ID);
  self->notifier = gan_notifier_new (application);
  self->terminated = g_unix_signal_add (SIGTERM, signal_cb, self);
  self->interrupted = g_unix_signal_add (SIGINT, signal_cb, self);
  gan_application_add_actions (self);
}

static void
gan_application_shutdown (GApplication *application)
{
  GanApplication *self = GAN_APPLICATION (application);

  g_clear_handle_id (&self->first_frame, g_source_remove);
  g_clear_handle_id (&self->terminated, g_source_remove);
  g_clear_handle_id (&self->interrupted, g_source_remove);
  if (self->window != NULL)
    gtk_window_destroy (GTK_WINDOW (self->window));
  g_clear_object (&self->session);
  G_APPLICATION_CLASS (gan_application_parent_class)->shutdown (application);
}

static void
gan_application_finalize (GObject *object)
{
  GanApplication *self = GAN_APPLICATION (object);

  g_clear_weak_pointer (&self->window);
  g_clear_object (&self->session);
  g_clear_object (&self->notifier);
  g_clear_pointer (&self->config, gan_config_free);
  g_queue_clear_full (&self->postponed, (GDestroyNotify) gan_application_postponed_free);
  G_OBJECT_CLASS (gan_application_parent_class)->finalize (object);
}

static void
gan_application_class_init (GanApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = gan_application_finalize;
  application_class->startup = gan_application_startup;
  application_class->activate = gan_application_activate;
  application_class->open = gan_application_open;
  application_class->command_line = gan_application_command_line;
  application_class->handle_local_options = gan_application_handle_local_options;
  application_class->shutdown = gan_application_shutdown;
}

static void
gan_application_init (GanApplication *self)
{
  const GOptionEntry entries[] = {
    { "version", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Show the version and end"), NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, NULL, NULL, N_ ("[LINK…]") },
    { NULL },
  };

  g_queue_init (&self->postponed);
  g_application_add_main_option_entries (G_APPLICATION (self), entries);
}

/**
 * gan_application_new:
 * @id: the application id
 *
 * Returns: (transfer full): the program, not yet running
 */
GanApplication *
gan_application_new (const char *id)
{
  return g_object_new (GAN_TYPE_APPLICATION,
                       "application-id",
                       id,
                       "flags",
                       G_APPLICATION_HANDLES_COMMAND_LINE | G_APPLICATION_HANDLES_OPEN,
                       "resource-base-path",
                       GAN_RESOURCE_PATH,
                       NULL);
}
