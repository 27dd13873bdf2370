/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The running program: it opens and ends without a warning and lets go of all it made, has the
 * actions that scripts rely on, and takes links from where they come, but not from an entry. */
#include "config.h"

#include "gan-add-window.h"
#include "gan-application-private.h"
#include "gan-test-ui.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>

#define POLL_MS 5
#define LIMIT_MS 20000
/* What GTK adds on each side where there is no compositor. */
#define SHADOW 5

/* A step of a test is asked again and again until it says that it is done. */
typedef gboolean (*Step) (GanApplication *application);

typedef struct
{
  GanApplication *application;
  const Step *steps;
  guint n_polls;
} Script;

static gboolean
poll_cb (gpointer user_data)
{
  Script *script = user_data;

  g_assert_cmpuint (script->n_polls++ * POLL_MS, <, LIMIT_MS);
  if (script->application->state < GAN_APPLICATION_OPEN)
    return G_SOURCE_CONTINUE;
  while (*script->steps != NULL)
    {
      if (!(*script->steps) (script->application))
        return G_SOURCE_CONTINUE;
      script->steps++;
    }
  g_action_group_activate_action (G_ACTION_GROUP (script->application), "quit", NULL);
  return G_SOURCE_REMOVE;
}

/* Runs the program with @arguments until its session is open and all steps are done, then quits. */
static void
run (const Step *steps, const char *argument)
{
  GanApplication *application = gan_application_new (GAN_APP_ID);
  char *argv[] = { (char *) "gannet", (char *) argument, NULL };
  Script script = { .application = application, .steps = steps };

  g_application_set_flags (G_APPLICATION (application),
                           g_application_get_flags (G_APPLICATION (application))
                               | G_APPLICATION_NON_UNIQUE);
  g_timeout_add (POLL_MS, poll_cb, &script);
  g_assert_cmpint (g_application_run (G_APPLICATION (application), argument != NULL ? 2 : 1, argv),
                   ==,
                   0);
  g_assert_null (*script.steps);
  g_assert_finalize_object (application);
}

static gboolean
quit_early_cb (gpointer user_data)
{
  Script *script = user_data;

  g_assert_cmpuint (script->n_polls++, <, LIMIT_MS);
  if (script->application->state == GAN_APPLICATION_OPENING)
    g_action_group_activate_action (G_ACTION_GROUP (script->application), "quit", NULL);
  return script->application->state < GAN_APPLICATION_OPENING;
}

static gboolean
late_cb (gpointer user_data)
{
  g_assert_not_reached ();
}

/* Who quits before all is there does not wait for ever. */
static void
test_quit_early (void)
{
  char *argv[] = { (char *) "gannet", NULL };

  for (guint i = 0; i < 5; i++)
    {
      GanApplication *application = gan_application_new (GAN_APP_ID);
      Script script = { .application = application };
      guint late = g_timeout_add (LIMIT_MS, late_cb, NULL);

      g_application_set_flags (G_APPLICATION (application),
                               g_application_get_flags (G_APPLICATION (application))
                                   | G_APPLICATION_NON_UNIQUE);
      g_timeout_add (1, quit_early_cb, &script);
      g_assert_cmpint (g_application_run (G_APPLICATION (application), 1, argv), ==, 0);
      g_source_remove (late);
      g_assert_finalize_object (application);
    }
}

static gboolean
window_is_there (GanApplication *application)
{
  return application->window != NULL && gtk_widget_get_mapped (GTK_WIDGET (application->window));
}

static gboolean
is_narrow (GanApplication *application)
{
  GtkWidget *title
      = gan_test_ui_find (GTK_WIDGET (application->window), ADW_TYPE_VIEW_SWITCHER_TITLE, NULL);

  gtk_window_set_default_size (GTK_WINDOW (application->window), 400, 640);
  return adw_view_switcher_title_get_title_visible (ADW_VIEW_SWITCHER_TITLE (title));
}

/* It fits a phone, whatever page it shows. */
static gboolean
fits_phone (GanApplication *application)
{
  static const char *const pages[] = { "library", "downloads" };

  for (gsize i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      int minimum = 0;

      gan_window_show_page (application->window, pages[i]);
      gtk_widget_measure (GTK_WIDGET (application->window),
                          GTK_ORIENTATION_HORIZONTAL,
                          -1,
                          &minimum,
                          NULL,
                          NULL,
                          NULL);
      g_assert_cmpint (minimum, <=, 360 + 2 * SHADOW);
    }
  return TRUE;
}

static void
test_open (void)
{
  static const Step steps[] = { window_is_there, is_narrow, fits_phone, NULL };

  run (steps, NULL);
  run (steps, NULL);
}

static gboolean
has_actions (GanApplication *application)
{
  static const struct
  {
    const char *name;
    const char *type;
  } actions[] = {
    { "add-links", "as" },   { "download-links", "as" }, { "pause-all", NULL },
    { "resume-all", NULL },  { "show-downloads", NULL }, { "show-library", NULL },
    { "preferences", NULL }, { "quit", NULL },           { "job-pause", "s" },
    { "job-resume", "s" },   { "job-cancel", "s" },      { "job-retry", "s" },
    { "job-remove", "s" },   { "job-open", "s" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      const GVariantType *type = NULL;
      gboolean enabled = FALSE;

      g_assert_true (g_action_group_query_action (G_ACTION_GROUP (application),
                                                  actions[i].name,
                                                  &enabled,
                                                  &type,
                                                  NULL,
                                                  NULL,
                                                  NULL));
      g_assert_true (enabled);
      if (actions[i].type == NULL)
        g_assert_null (type);
      else
        g_assert_true (g_variant_type_equal (type, G_VARIANT_TYPE (actions[i].type)));
    }
  return TRUE;
}

/* A job that does not exist is nobody's; nothing happens, and nothing is warned of. */
static gboolean
names_no_job (GanApplication *application)
{
  static const char *const names[]
      = { "job-pause", "job-resume", "job-cancel", "job-retry", "job-remove", "job-open" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    g_action_group_activate_action (G_ACTION_GROUP (application),
                                    names[i],
                                    g_variant_new_string ("no such job"));
  g_action_group_activate_action (G_ACTION_GROUP (application), "pause-all", NULL);
  g_action_group_activate_action (G_ACTION_GROUP (application), "resume-all", NULL);
  return TRUE;
}

static GtkWindow *
find_window (GType type)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);

      if (g_type_is_a (G_OBJECT_TYPE (window), type) && gtk_widget_get_mapped (GTK_WIDGET (window)))
        return window;
    }
  return NULL;
}

static gboolean
shows_library (GanApplication *application)
{
  AdwViewStack *stack = ADW_VIEW_STACK (
      gan_test_ui_find (GTK_WIDGET (application->window), ADW_TYPE_VIEW_STACK, NULL));

  g_action_group_activate_action (G_ACTION_GROUP (application), "show-library", NULL);
  g_assert_cmpstr (adw_view_stack_get_visible_child_name (stack), ==, "library");
  g_action_group_activate_action (G_ACTION_GROUP (application), "show-downloads", NULL);
  g_assert_cmpstr (adw_view_stack_get_visible_child_name (stack), ==, "downloads");
  return TRUE;
}

static void
test_actions (void)
{
  static const Step steps[] = { window_is_there, has_actions, names_no_job, shows_library, NULL };

  run (steps, NULL);
}

static gboolean
add_window_is_there (GanApplication *application)
{
  return find_window (GAN_TYPE_ADD_WINDOW) != NULL;
}

/* `gannet URL` is add-links. */
static void
test_argument (void)
{
  static const Step steps[] = { window_is_there, add_window_is_there, NULL };

  run (steps, "http://127.0.0.1:1/clip.mp4");
}

/* Keys come from outside, as a person's do. */
static void
press (const char *keys)
{
  const char *argv[] = { "xdotool", "key", keys, NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process = g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_NONE, &error);

  g_assert_no_error (error);
}

static gboolean
is_focused (GanApplication *application)
{
  static const char *const argv[]
      = { "xdotool", "search", "--onlyvisible", "--name", "^Gannet$", "windowfocus", NULL };
  static gboolean asked = FALSE;
  g_autoptr (GError) error = NULL;

  if (gtk_window_is_active (GTK_WINDOW (application->window)))
    return TRUE;
  if (!asked)
    g_object_unref (g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_NONE, &error));
  g_assert_no_error (error);
  asked = TRUE;
  return FALSE;
}

static gboolean
copy_link (GanApplication *application)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (application->window)),
                          "http://127.0.0.1:1/clip.mp4");
  return TRUE;
}

static gboolean
press_paste (GanApplication *application)
{
  press ("ctrl+v");
  return TRUE;
}

static gboolean
close_add_window (GanApplication *application)
{
  gtk_window_destroy (find_window (GAN_TYPE_ADD_WINDOW));
  return TRUE;
}

static GtkEditable *
find_search (GanApplication *application)
{
  return gan_test_ui_find (application->window, GTK_TYPE_SEARCH_ENTRY, NULL);
}

static gboolean
focus_search (GanApplication *application)
{
  GtkWidget *search = GTK_WIDGET (find_search (application));

  gan_window_show_page (application->window, "library");
  gtk_widget_activate_action (GTK_WIDGET (application->window), "win.search", NULL);
  if (search == NULL || !gtk_widget_get_mapped (search))
    return FALSE;
  gtk_widget_grab_focus (search);
  return is_focused (application);
}

static gboolean
entry_has_link (GanApplication *application)
{
  return strcmp (gtk_editable_get_text (find_search (application)), "http://127.0.0.1:1/clip.mp4")
         == 0;
}

static gboolean
no_add_window (GanApplication *application)
{
  g_assert_null (find_window (GAN_TYPE_ADD_WINDOW));
  return TRUE;
}

/* Ctrl+V adds, wherever the focus is; in an entry it is the entry's. */
static void
test_paste (void)
{
  static const Step steps[] = { window_is_there,     is_focused,       copy_link,    press_paste,
                                add_window_is_there, close_add_window, focus_search, press_paste,
                                entry_has_link,      no_add_window,    NULL };

  run (steps, NULL);
}

static gboolean
says_other_owner (GanApplication *application)
{
  GtkWidget *notice = gan_test_ui_get_child (GTK_WIDGET (application->window), "owner_notice");

  return gtk_widget_get_mapped (notice);
}

static int lock = -1;

static gboolean
let_lock_go (GanApplication *application)
{
  g_assert_false (gan_queue_is_owner (gan_session_get_queue (application->session)));
  g_close (lock, NULL);
  return TRUE;
}

static gboolean
is_owner (GanApplication *application)
{
  return gan_queue_is_owner (gan_session_get_queue (application->session))
         && !says_other_owner (application);
}

/* Somebody else holds the queue: said, and taken over when that ends. */
static void
test_owner (void)
{
  static const Step steps[] = { window_is_there, says_other_owner, let_lock_go, is_owner, NULL };
  g_autofree char *path = g_build_filename (g_get_user_data_dir (), "gannet", "queue.lock", NULL);

  lock = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  g_assert_cmpint (flock (lock, LOCK_EX), ==, 0);
  run (steps, NULL);
}

static GanTestServer *server;

static gboolean
download_slowly (GanApplication *application)
{
  g_autofree char *link
      = gan_test_server_dup_url (server, "/slow/long.mp4?size=50000000&seed=1&rate=300000");
  const char *const links[] = { link, NULL };

  g_action_group_activate_action (G_ACTION_GROUP (application),
                                  "download-links",
                                  g_variant_new_strv (links, -1));
  return TRUE;
}

/* How far the job was when the program was last told to end. */
static gint64 reached;

static gboolean
goes_on (GanApplication *application)
{
  GListModel *queue = G_LIST_MODEL (gan_session_get_queue (application->session));
  g_autoptr (GanJob) job = g_list_model_get_item (queue, 0);

  if (job == NULL || g_strcmp0 (gan_job_get_state (job), GAN_JOB_RUNNING) != 0
      || gan_job_get_downloaded (job) <= reached)
    return FALSE;
  reached = gan_job_get_downloaded (job);
  return TRUE;
}

static gboolean
close_window (GanApplication *application)
{
  gtk_window_close (GTK_WINDOW (application->window));
  return TRUE;
}

static gboolean
asks (GanApplication *application)
{
  return find_window (ADW_TYPE_MESSAGE_DIALOG) != NULL;
}

static gboolean
keep_downloading (GanApplication *application)
{
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (find_window (ADW_TYPE_MESSAGE_DIALOG)), "keep");
  g_assert_true (gtk_widget_get_mapped (GTK_WIDGET (application->window)));
  return TRUE;
}

static gboolean
cancel_all (GanApplication *application)
{
  GListModel *queue = G_LIST_MODEL (gan_session_get_queue (application->session));
  g_autoptr (GanJob) job = g_list_model_get_item (queue, 0);

  if (job != NULL)
    g_action_group_activate_action (G_ACTION_GROUP (application),
                                    "job-remove",
                                    g_variant_new_string (gan_job_get_id (job)));
  return job == NULL;
}

/* Quitting keeps what is there; the next start goes on from it. Closing the window asks. */
static void
test_quit (void)
{
  static const Step first[] = { window_is_there, download_slowly, goes_on, NULL };
  static const Step second[] = { window_is_there,  goes_on, close_window, asks,
                                 keep_downloading, goes_on, cancel_all,   NULL };

  server = gan_test_server_new (FALSE);
  run (first, NULL);
  g_assert_cmpint (reached, >, 0);
  run (second, NULL);
  g_assert_finalize_object (server);
}

/* What the program keeps and reads is in @folder. */
static void
use_folder (GanTestFolder *folder)
{
  static const char *const names[]
      = { "HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = gan_test_folder_dup_path (folder, names[i]);

      g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
      g_setenv (names[i], path, TRUE);
    }
}

int
main (int argc, char **argv)
{
  g_autoptr (GanTestFolder) folder = gan_test_folder_new ();

  use_folder (folder);
  gan_test_ui_init (&argc, &argv);
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", TRUE, NULL);
  g_test_add_func ("/window/open", test_open);
  g_test_add_func ("/window/actions", test_actions);
  g_test_add_func ("/window/argument", test_argument);
  g_test_add_func ("/window/H22-paste", test_paste);
  g_test_add_func ("/window/owner", test_owner);
  g_test_add_func ("/window/quit", test_quit);
  g_test_add_func ("/window/quit-early", test_quit_early);
  return g_test_run ();
}
