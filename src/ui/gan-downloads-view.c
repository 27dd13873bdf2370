/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-downloads-view.h"

#include "gan-downloads-view-private.h"
#include "gan-job-widget.h"

#include <glib/gi18n.h>

/* A list view makes its first two hundred rows at once. A long queue would hold up the window for
 * that long: it is given a screenful, then some more at each frame. */
#define FIRST_ROWS 20
#define MORE_ROWS 8
#define MOST_ROWS 300

enum
{
  PROP_SESSION = 1,
  PROP_NARROW,
  PROP_READY,
  N_PROPERTIES,
};

enum
{
  SIGNAL_TOAST,
  N_SIGNALS,
};

static GParamSpec *properties[N_PROPERTIES];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (GanDownloadsView, gan_downloads_view, GTK_TYPE_WIDGET)

/**
 * gan_downloads_view_get_queue:
 * @self: the page
 *
 * Returns: (transfer none) (nullable): the session's queue
 */
GanQueue *
gan_downloads_view_get_queue (GanDownloadsView *self)
{
  return self->session != NULL ? gan_session_get_queue (self->session) : NULL;
}

/* Rows */

static void
show_menu (GanDownloadsView *self, GtkWidget *row, double x, double y)
{
  GdkRectangle place = { 0, 0, 1, 1 };
  double view_x = 0;
  double view_y = 0;

  gan_downloads_view_update_actions (self);
  gtk_widget_translate_coordinates (row, GTK_WIDGET (self), x, y, &view_x, &view_y);
  place.x = (int) view_x;
  place.y = (int) view_y;
  if (self->popover == NULL)
    {
      self->popover = gtk_popover_menu_new_from_model (self->menu);
      gtk_popover_set_has_arrow (GTK_POPOVER (self->popover), FALSE);
      gtk_widget_set_halign (self->popover, GTK_ALIGN_START);
      gtk_widget_set_parent (self->popover, GTK_WIDGET (self));
    }
  gtk_popover_set_pointing_to (GTK_POPOVER (self->popover), &place);
  gtk_popover_popup (GTK_POPOVER (self->popover));
}

static GanDownloadsView *
find_view (GtkWidget *row)
{
  return GAN_DOWNLOADS_VIEW (gtk_widget_get_ancestor (row, GAN_TYPE_DOWNLOADS_VIEW));
}

/* The menu is about what is selected: the row itself, if it was not among that. */
static void
menu_at_row (GtkListItem *list_item, double x, double y)
{
  GtkWidget *row = gtk_list_item_get_child (list_item);
  GanDownloadsView *self = find_view (row);
  guint position = gtk_list_item_get_position (list_item);

  if (self == NULL || position == GTK_INVALID_LIST_POSITION)
    return;
  if (!gtk_list_item_get_selected (list_item))
    gtk_selection_model_select_item (GTK_SELECTION_MODEL (self->selection), position, TRUE);
  show_menu (self, row, x, y);
}

static void
pressed_cb (GtkGestureClick *gesture, int n_press, double x, double y, gpointer user_data)
{
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  menu_at_row (user_data, x, y);
}

static void
long_pressed_cb (GtkGestureLongPress *gesture, double x, double y, gpointer user_data)
{
  menu_at_row (user_data, x, y);
}

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, gpointer user_data)
{
  GtkWidget *row = gan_job_widget_new ();
  GtkGesture *click = gtk_gesture_click_new ();
  GtkGesture *press = gtk_gesture_long_press_new ();

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_SECONDARY);
  g_signal_connect_object (click, "pressed", G_CALLBACK (pressed_cb), list_item, 0);
  gtk_widget_add_controller (row, GTK_EVENT_CONTROLLER (click));
  gtk_gesture_single_set_touch_only (GTK_GESTURE_SINGLE (press), TRUE);
  g_signal_connect_object (press, "pressed", G_CALLBACK (long_pressed_cb), list_item, 0);
  gtk_widget_add_controller (row, GTK_EVENT_CONTROLLER (press));
  gtk_list_item_set_child (list_item, row);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, gpointer user_data)
{
  GanDownloadsView *self = user_data;
  GanJobWidget *row = GAN_JOB_WIDGET (gtk_list_item_get_child (list_item));

  gan_job_widget_set_narrow (row, self->narrow);
  gan_job_widget_set_item (row,
                           gtk_list_item_get_item (list_item),
                           self->session != NULL ? gan_session_get_thumbnails (self->session)
                                                 : NULL);
}

static void
unbind_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, gpointer user_data)
{
  gan_job_widget_set_item (GAN_JOB_WIDGET (gtk_list_item_get_child (list_item)), NULL, NULL);
}

static void
set_narrow (GanDownloadsView *self, gboolean narrow)
{
  if (self->narrow == narrow)
    return;
  self->narrow = narrow;
  for (GtkWidget *item = gtk_widget_get_first_child (GTK_WIDGET (self->list)); item != NULL;
       item = gtk_widget_get_next_sibling (item))
    {
      GtkWidget *row = gtk_widget_get_first_child (item);

      if (GAN_IS_JOB_WIDGET (row))
        gan_job_widget_set_narrow (GAN_JOB_WIDGET (row), narrow);
    }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NARROW]);
}

/* Keys */

static GtkWidget *
find_focused_row (GanDownloadsView *self)
{
  GtkWidget *item = gtk_widget_get_focus_child (GTK_WIDGET (self->list));

  return item != NULL ? gtk_widget_get_first_child (item) : NULL;
}

static gboolean
menu_key_cb (GtkWidget *widget, GVariant *arguments, gpointer user_data)
{
  GanDownloadsView *self = find_view (widget);
  GtkWidget *row = find_focused_row (self);

  if (row == NULL)
    return FALSE;
  show_menu (self, row, gtk_widget_get_width (row) / 2.0, gtk_widget_get_height (row) / 2.0);
  return TRUE;
}

static void
add_keys (GanDownloadsView *self)
{
  GtkEventController *keys = gtk_shortcut_controller_new ();
  GtkShortcutController *controller = GTK_SHORTCUT_CONTROLLER (keys);

  gtk_shortcut_controller_add_shortcut (
      controller,
      gtk_shortcut_new (gtk_shortcut_trigger_parse_string ("Delete|KP_Delete"),
                        gtk_named_action_new ("downloads.selected-remove")));
  gtk_shortcut_controller_add_shortcut (
      controller,
      gtk_shortcut_new (gtk_shortcut_trigger_parse_string ("<Control>c"),
                        gtk_named_action_new ("downloads.selected-copy")));
  gtk_shortcut_controller_add_shortcut (
      controller,
      gtk_shortcut_new (gtk_shortcut_trigger_parse_string ("Menu|<Shift>F10"),
                        gtk_callback_action_new (menu_key_cb, NULL, NULL)));
  gtk_widget_add_controller (GTK_WIDGET (self->list), keys);
}

/* What stands above the list */

/* @words: (transfer full) */
static void
add_count (GString *line, guint n, char *words)
{
  g_autofree char *owned = words;

  if (n == 0)
    return;
  if (line->len > 0)
    g_string_append (line, "\xc2\xa0· ");
  g_string_append (line, owned);
}

static char *
dup_counts (const GanQueueTotals *totals, guint n_finished)
{
  GString *line = g_string_new (NULL);
  guint n = totals->n_active;

  add_count (line, n, g_strdup_printf (ngettext ("%u active", "%u active", n), n));
  n = totals->n_waiting;
  add_count (line, n, g_strdup_printf (ngettext ("%u waiting", "%u waiting", n), n));
  n = totals->n_paused;
  add_count (line, n, g_strdup_printf (ngettext ("%u paused", "%u paused", n), n));
  n = totals->n_failed;
  add_count (line, n, g_strdup_printf (ngettext ("%u failed", "%u failed", n), n));
  n = n_finished;
  add_count (line, n, g_strdup_printf (ngettext ("%u finished", "%u finished", n), n));
  return g_string_free (line, FALSE);
}

static char *
dup_speed (const GanQueueTotals *totals)
{
  g_autofree char *speed = NULL;
  g_autofree char *downloaded = NULL;
  g_autofree char *total = NULL;

  if (totals->n_active == 0)
    return g_strdup (totals->n_waiting + totals->n_paused + totals->n_failed > 0
                         ? _ ("Nothing is downloading")
                         : _ ("All done"));
  speed = gan_job_words_dup_speed (totals->speed);
  if (totals->total <= 0 || totals->downloaded < 0)
    return g_steal_pointer (&speed);
  downloaded = g_format_size ((guint64) totals->downloaded);
  total = g_format_size ((guint64) totals->total);
  /* Translators: speed, then how much is here of how much there is */
  return g_strdup_printf (_ ("%s · %s of %s"), speed, downloaded, total);
}

/* What comes first comes at once, what follows is faded to. */
static void
show_page (GanDownloadsView *self, guint n_items)
{
  const char *page = n_items > 0 ? "list" : "empty";
  gboolean is_first = g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "loading") == 0;

  if (self->ready)
    gtk_stack_set_visible_child_full (self->stack,
                                      page,
                                      is_first ? GTK_STACK_TRANSITION_TYPE_NONE
                                               : GTK_STACK_TRANSITION_TYPE_CROSSFADE);
}

static void
update_totals (GanDownloadsView *self)
{
  static const GanQueueTotals none = { .downloaded = GAN_UNKNOWN, .total = GAN_UNKNOWN };
  GanQueue *queue = gan_downloads_view_get_queue (self);
  const GanQueueTotals *totals = queue != NULL ? gan_queue_get_totals (queue) : &none;
  guint n_finished = g_list_model_get_n_items (G_LIST_MODEL (self->finished));
  guint n_queued = g_list_model_get_n_items (G_LIST_MODEL (self->waiting));
  const GanJobNumbers numbers = { .downloaded = totals->downloaded, .total = totals->total };
  double fraction = gan_job_words_get_fraction (&numbers);
  g_autofree char *counts = dup_counts (totals, n_finished);
  g_autofree char *speed = dup_speed (totals);
  gboolean goes_on = totals->n_active + totals->n_waiting > 0;

  gtk_label_set_text (self->counts, counts);
  gtk_label_set_text (self->speed, speed);
  gtk_widget_set_visible (self->clear, n_finished > 0);
  gtk_widget_set_visible (self->pause_all, goes_on);
  gtk_widget_set_visible (self->resume_all, !goes_on && totals->n_paused > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->progress), totals->n_active > 0 && fraction >= 0);
  gtk_progress_bar_set_fraction (self->progress, MAX (fraction, 0));
  show_page (self, n_queued + n_finished);
}

/* The queue */

static gboolean
grow_cb (GtkWidget *list, GdkFrameClock *clock, gpointer user_data)
{
  GanDownloadsView *self = user_data;
  guint size = gtk_slice_list_model_get_size (self->begun) + MORE_ROWS;
  gboolean is_enough = size > MOST_ROWS;

  gtk_slice_list_model_set_size (self->begun, is_enough ? G_MAXUINT : size);
  if (!is_enough && size < g_list_model_get_n_items (G_LIST_MODEL (self->all)))
    return G_SOURCE_CONTINUE;
  self->growing = 0;
  return G_SOURCE_REMOVE;
}

static void
items_changed_cb (GanDownloadsView *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->all));

  if (self->growing == 0 && gtk_slice_list_model_get_size (self->begun) < n)
    self->growing = gtk_widget_add_tick_callback (GTK_WIDGET (self->list), grow_cb, self, NULL);
  update_totals (self);
}

static gboolean
is_shown (gpointer item, gpointer user_data)
{
  GanDownloadsView *self = user_data;

  return self->removal == NULL || !gan_removal_holds (self->removal, gan_job_get_id (item));
}

static void
settled_cb (GanRemoval *removal, GanDownloadsView *self)
{
  if (self->removal != removal)
    return;
  g_clear_object (&self->removal);
  gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_LESS_STRICT);
}

/**
 * gan_downloads_view_remove:
 * @self: the page
 * @jobs: (element-type GanJob): at least one
 *
 * Takes jobs off the list, with a toast that offers to undo it. What could be undone before is now
 * done for good.
 */
void
gan_downloads_view_remove (GanDownloadsView *self, GPtrArray *jobs)
{
  g_autoptr (AdwToast) toast = NULL;

  g_return_if_fail (GAN_IS_DOWNLOADS_VIEW (self));

  gan_downloads_view_commit (self);
  self->removal = gan_removal_new (gan_downloads_view_get_queue (self), jobs);
  g_signal_connect_object (self->removal, "settled", G_CALLBACK (settled_cb), self, 0);
  g_signal_connect_object (self->removal,
                           "failed",
                           G_CALLBACK (gan_downloads_view_report),
                           self,
                           G_CONNECT_SWAPPED);
  gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_MORE_STRICT);
  toast = gan_removal_make_toast (self->removal);
  g_signal_emit (self, signals[SIGNAL_TOAST], 0, toast);
}

/**
 * gan_downloads_view_commit:
 * @self: the page
 */
void
gan_downloads_view_commit (GanDownloadsView *self)
{
  g_autoptr (GanRemoval) removal = NULL;

  g_return_if_fail (GAN_IS_DOWNLOADS_VIEW (self));

  removal = g_steal_pointer (&self->removal);
  if (removal != NULL)
    gan_removal_commit (removal);
}

static void
job_finished_cb (GanDownloadsView *self, GanJob *job, GPtrArray *files)
{
  g_autoptr (GanFinished) finished = NULL;

  if (files == NULL || files->len == 0)
    return;
  finished = gan_finished_new (gan_job_get_row (job), files);
  g_list_store_insert (self->finished, 0, finished);
}

static void
set_session (GanDownloadsView *self, GanSession *session)
{
  GanQueue *queue = NULL;

  if (self->session == session)
    return;
  queue = gan_downloads_view_get_queue (self);
  if (queue != NULL)
    {
      gan_downloads_view_commit (self);
      g_signal_handlers_disconnect_by_data (queue, self);
    }
  g_set_object (&self->session, session);
  queue = gan_downloads_view_get_queue (self);
  gtk_filter_list_model_set_model (self->waiting, G_LIST_MODEL (queue));
  if (queue != NULL)
    {
      g_signal_connect_swapped (queue, "totals-changed", G_CALLBACK (update_totals), self);
      g_signal_connect_swapped (queue, "job-finished", G_CALLBACK (job_finished_cb), self);
    }
  update_totals (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SESSION]);
}

static void
set_ready (GanDownloadsView *self, gboolean ready)
{
  if (self->ready == ready)
    return;
  self->ready = ready;
  update_totals (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_READY]);
}

/* The class */

static void
gan_downloads_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  GanDownloadsView *self = GAN_DOWNLOADS_VIEW (object);

  switch (id)
    {
    case PROP_SESSION:
      g_value_set_object (value, self->session);
      break;
    case PROP_NARROW:
      g_value_set_boolean (value, self->narrow);
      break;
    case PROP_READY:
      g_value_set_boolean (value, self->ready);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
gan_downloads_view_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  GanDownloadsView *self = GAN_DOWNLOADS_VIEW (object);

  switch (id)
    {
    case PROP_SESSION:
      set_session (self, g_value_get_object (value));
      break;
    case PROP_NARROW:
      set_narrow (self, g_value_get_boolean (value));
      break;
    case PROP_READY:
      set_ready (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
gan_downloads_view_dispose (GObject *object)
{
  GanDownloadsView *self = GAN_DOWNLOADS_VIEW (object);
  GtkWidget *child = NULL;

  set_session (self, NULL);
  if (self->list != NULL)
    gtk_list_view_set_model (self->list, NULL);
  g_clear_pointer (&self->popover, gtk_widget_unparent);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  self->list = NULL;
  G_OBJECT_CLASS (gan_downloads_view_parent_class)->dispose (object);
}

static void
gan_downloads_view_finalize (GObject *object)
{
  GanDownloadsView *self = GAN_DOWNLOADS_VIEW (object);

  g_object_unref (self->selection);
  g_object_unref (self->begun);
  g_object_unref (self->all);
  g_object_unref (self->waiting);
  g_object_unref (self->filter);
  g_object_unref (self->finished);
  G_OBJECT_CLASS (gan_downloads_view_parent_class)->finalize (object);
}

static void
install_properties (GObjectClass *object_class)
{
  properties[PROP_SESSION]
      = g_param_spec_object ("session",
                             NULL,
                             NULL,
                             GAN_TYPE_SESSION,
                             G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_NARROW]
      = g_param_spec_boolean ("narrow",
                              NULL,
                              NULL,
                              FALSE,
                              G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_READY]
      = g_param_spec_boolean ("ready",
                              NULL,
                              NULL,
                              FALSE,
                              G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
gan_downloads_view_class_init (GanDownloadsViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = gan_downloads_view_get_property;
  object_class->set_property = gan_downloads_view_set_property;
  object_class->dispose = gan_downloads_view_dispose;
  object_class->finalize = gan_downloads_view_finalize;
  install_properties (object_class);
  signals[SIGNAL_TOAST] = g_signal_new ("toast",
                                        G_TYPE_FROM_CLASS (klass),
                                        G_SIGNAL_RUN_LAST,
                                        0,
                                        NULL,
                                        NULL,
                                        NULL,
                                        G_TYPE_NONE,
                                        1,
                                        ADW_TYPE_TOAST);

  gan_downloads_view_install_actions (widget_class);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               GAN_RESOURCE_PATH "/gan-downloads-view.ui");
  gtk_widget_class_bind_template_child (widget_class, GanDownloadsView, stack);
  gtk_widget_class_bind_template_child (widget_class, GanDownloadsView, counts);
  gtk_widget_class_bind_template_child (widget_class, GanDownloadsView, speed);
  gtk_widget_class_bind_template_child (widget_class, GanDownloadsView, clear);
  gtk_widget_class_bind_template_child (widget_class, GanDownloadsView, pause_all);
  gtk_widget_class_bind_template_child (widget_class, GanDownloadsView, resume_all);
  gtk_widget_class_bind_template_child (widget_class, GanDownloadsView, progress);
  gtk_widget_class_bind_template_child (widget_class, GanDownloadsView, list);
  gtk_widget_class_bind_template_child (widget_class, GanDownloadsView, menu);
}

/* queue → without what can be brought back → with what is finished → begun → selection → list */
static void
make_models (GanDownloadsView *self)
{
  g_autoptr (GListStore) both = g_list_store_new (G_TYPE_LIST_MODEL);

  self->filter = GTK_FILTER (gtk_custom_filter_new (is_shown, self, NULL));
  self->waiting = gtk_filter_list_model_new (NULL, g_object_ref (self->filter));
  self->finished = g_list_store_new (GAN_TYPE_FINISHED);
  g_list_store_append (both, self->waiting);
  g_list_store_append (both, self->finished);
  self->all = gtk_flatten_list_model_new (G_LIST_MODEL (g_steal_pointer (&both)));
  self->begun = gtk_slice_list_model_new (G_LIST_MODEL (g_object_ref (self->all)), 0, FIRST_ROWS);
  self->selection = gtk_multi_selection_new (G_LIST_MODEL (g_object_ref (self->begun)));
  g_signal_connect_object (self->all,
                           "items-changed",
                           G_CALLBACK (items_changed_cb),
                           self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->selection,
                           "selection-changed",
                           G_CALLBACK (gan_downloads_view_update_actions),
                           self,
                           G_CONNECT_SWAPPED);
}

static void
gan_downloads_view_init (GanDownloadsView *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  make_models (self);
  g_signal_connect_object (factory, "setup", G_CALLBACK (setup_cb), self, 0);
  g_signal_connect_object (factory, "bind", G_CALLBACK (bind_cb), self, 0);
  g_signal_connect_object (factory, "unbind", G_CALLBACK (unbind_cb), self, 0);
  gtk_list_view_set_factory (self->list, factory);
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (self->selection));
  g_signal_connect_object (self->list,
                           "activate",
                           G_CALLBACK (gan_downloads_view_activate),
                           self,
                           G_CONNECT_SWAPPED);
  add_keys (self);
  gan_downloads_view_update_actions (self);
  update_totals (self);
}

/**
 * gan_downloads_view_find_finished:
 * @self: the page
 * @id: of a job
 *
 * Returns: (transfer none) (nullable): that job, if it is shown as finished
 */
GanFinished *
gan_downloads_view_find_finished (GanDownloadsView *self, const char *id)
{
  guint n = 0;

  g_return_val_if_fail (GAN_IS_DOWNLOADS_VIEW (self), NULL);
  g_return_val_if_fail (id != NULL, NULL);

  n = g_list_model_get_n_items (G_LIST_MODEL (self->finished));
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GanFinished) finished = g_list_model_get_item (G_LIST_MODEL (self->finished), i);

      if (g_strcmp0 (gan_finished_get_id (finished), id) == 0)
        return finished;
    }
  return NULL;
}

/**
 * gan_downloads_view_get_model:
 * @self: the page
 *
 * Returns: (transfer none): what the list shows: #GanJob, then #GanFinished
 */
GListModel *
gan_downloads_view_get_model (GanDownloadsView *self)
{
  g_return_val_if_fail (GAN_IS_DOWNLOADS_VIEW (self), NULL);

  return G_LIST_MODEL (self->all);
}
